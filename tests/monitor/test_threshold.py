"""The threshold test: its integrals, published thresholds of one state, and tables that are refused."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats
from tests.monitor.methods import LABELS, run, written

from tenprint.cli.common import Refused
from tenprint.monitor.outcome import Cell, Counts
from tenprint.monitor.tables import TableError
from tenprint.monitor.threshold import _predicted, threshold_test
from tenprint.monitor.threshold_model import beta_tail, discriminant_tail


def test_the_tail_of_a_beta_distribution_is_scipys() -> None:
    rng = np.random.default_rng(0)
    scale, carries = np.exp(rng.normal(2, 0.8, 2000)), special.expit(rng.normal(-3.5, 0.5, 2000))
    a, b, logit = scale * carries, scale * (1 - carries), rng.normal(-2, 1, 2000)
    bar = special.expit(logit)
    tail, yes, no, density = (np.exp(np.asarray(x)) for x in beta_tail(logit, a, b))
    real = stats.beta.sf(bar, a, b)
    seen = real > 1e-6
    assert np.abs(tail / real - 1)[seen].max() < 5e-3
    assert np.quantile(np.abs(tail / real - 1)[seen], 0.95) < 1e-4
    mean = stats.beta.sf(bar, a + 1, b) / real * carries
    assert np.abs(yes - mean)[seen].max() < 2e-3
    assert yes + no == pytest.approx(np.ones(2000), abs=1e-9)
    assert density == pytest.approx(stats.beta.pdf(bar, a, b) * bar * (1 - bar), rel=1e-6)


def test_the_tail_of_a_discriminant_distribution_is_that_of_a_simulation() -> None:
    rng = np.random.default_rng(1)
    carries = rng.random(400_000) < 0.1
    signal = rng.normal(1.5 * carries, 1.0)
    odds = np.log(0.1 / 0.9) + 1.5 * signal - 1.5**2 / 2  # by Bayes
    above = odds > -1.0
    tail, yes, no, density = (float(np.exp(x[0])) for x in map(np.asarray, discriminant_tail(
        np.array([-1.0]), np.array([np.log(0.1 / 0.9)]), np.array([1.5])
    )))  # fmt: skip
    assert tail == pytest.approx(above.mean(), abs=0.002)
    assert yes == pytest.approx(carries[above].mean(), abs=0.01)
    assert yes + no == pytest.approx(1)
    assert density == pytest.approx((np.abs(odds + 1) < 0.05).mean() / 0.1, rel=0.05)


def test_a_model_that_cannot_have_made_the_data_is_told_apart() -> None:
    rng = np.random.default_rng(0)
    trials, rate = np.full(40, 500), np.full((200, 40), 0.2)
    error, p = _predicted(trials, rng.binomial(500, 0.2, 40), rate, rng)
    assert error < 0.03
    assert p > 0.01
    error, p = _predicted(trials, rng.binomial(500, 0.3, 40), rate, rng)
    assert error == pytest.approx(0.1, abs=0.02)
    assert p < 0.01


def test_tables_that_say_too_little_are_refused(tmp_path: Path) -> None:
    cells = tuple(Cell(str(n), g, 100, 10, 5) for n in range(4) for g in "xy")
    with pytest.raises(TableError, match="expected 5 units and 2 groups in which somebody was acted upon, got 4 and 2"):
        threshold_test(Counts(LABELS, cells))
    with pytest.raises(TableError, match="needs the column cases"):
        threshold_test(Counts(LABELS, (Cell("A", "x", None, 10, 5), Cell("A", "y", None, 10, 5))))
    nobody = tuple(Cell(str(n), g, 100, 10 if g == "x" else 0, 0) for n in range(6) for g in "xy")
    with pytest.raises(TableError, match="got 6 and 1"):
        threshold_test(Counts(LABELS, nobody))
    file = written(tmp_path / "t.csv", "unit,group,cases,acted_on,confirmed", "A,x,10,5,1", "A,y,10,5,1")
    with pytest.raises(Refused, match="never inferred"):
        run("threshold", file, "--labels-from", " ")
    with pytest.raises(Refused, match="expected 5 units"):
        run("threshold", file, "--labels-from", LABELS)


def test_published_thresholds_of_a_state_are_reproduced(data: Path) -> None:
    """Rhode Island alone, to be quick; `python -m bench.monitor_oracles` compares all states."""
    with (data / "oracles" / "policing" / "fig4b_threshold_test.csv").open() as stream:
        rows = [r for r in csv.DictReader(stream) if r["state"] == "RI"]
    cells = tuple(
        Cell(r["location_variable"], r["driver_race"], int(r["num_stops"]), int(r["num_searches"]), int(r["num_hits"]))
        for r in rows
    )
    found = threshold_test(Counts("drivers, as officers recorded them", cells), chains=2, warm_up=150, draws=150)
    published = {(r["location_variable"], r["driver_race"]): float(r["inferred_threshold"]) for r in rows}
    for bar in found.bars:
        assert bar.threshold == pytest.approx(published[bar.unit, bar.group], abs=0.01)
        assert bar.interval_95.low < published[bar.unit, bar.group] < bar.interval_95.high
    bars = {bar.group.split()[0]: bar.threshold for bar in found.overall}
    assert bars["Hispanic"] < bars["Black"] < bars["White"]
    assert all(contrast.lower > 0.5 for contrast in found.contrasts)
    assert found.diagnostics.largest_r_hat < 1.1
    assert found.diagnostics.acted_on_error < 0.005
    assert found.diagnostics.confirmed_error < 0.05
