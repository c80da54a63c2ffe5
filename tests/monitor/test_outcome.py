"""The outcome test: hit rates, differences within units, and tables that are refused."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.monitor.methods import LABELS, run, written

from tenprint.cli.common import Refused
from tenprint.monitor.outcome import Cell, Counts, hit_rate, newcombe, outcome_test, read
from tenprint.monitor.tables import TableError

HEAD = "unit,group,cases,acted_on,confirmed"
THREE = (HEAD, "A,x,1000,100,40", "A,y,500,50,10", "B,x,1000,80,32", "B,y,400,60,18", "C,x,900,90,36", "C,y,300,30,6")


def test_intervals_are_those_of_the_textbooks() -> None:
    rate = hit_rate("x", 263, 81)  # Newcombe (1998), Statistics in Medicine 17: 857-872, Table I, exact
    assert rate.interval_95 is not None
    assert (round(rate.interval_95.low, 4), round(rate.interval_95.high, 4)) == (0.2527, 0.3676)
    apart = newcombe(
        (56, 70), (48, 80)
    )  # Newcombe (1998), Statistics in Medicine 17: 873-890, Table II, method 10, (a)
    assert (round(apart.low, 4), round(apart.high, 4)) == (0.0524, 0.3339)


def test_a_difference_between_units_is_not_a_difference_within_them() -> None:
    cells = [Cell("city", "x", None, 1000, 500), Cell("city", "y", None, 100, 50)]
    cells += [Cell("road", "x", None, 100, 10), Cell("road", "y", None, 1000, 100)]
    found = outcome_test(Counts(LABELS, tuple(cells))).differences[0]
    assert found.crude == pytest.approx(-0.327, abs=0.001)
    assert found.pooled == pytest.approx(0.0, abs=1e-12)
    assert (found.group, found.against, found.units, found.lower_in) == ("y", "x", 2, 0)


def many(rng: np.random.Generator, units: int, spread: float) -> Counts:
    """Units with different rates, one group much smaller; the groups differ between units only by ``spread``."""
    cells = []
    for number, rate in enumerate(rng.beta(8, 32, units)):
        large, small = int(rng.integers(20, 400)), int(rng.integers(3, 40))
        other = float(np.clip(rate + rng.normal(0, spread), 0, 1))
        cells.append(Cell(str(number), "x", None, large, int(rng.binomial(large, rate))))
        cells.append(Cell(str(number), "y", None, small, int(rng.binomial(small, other))))
    return Counts(LABELS, tuple(cells))


def test_a_small_group_gets_no_difference_from_its_size() -> None:
    rng = np.random.default_rng(1)
    found = [outcome_test(many(rng, 60, 0.0)).differences[0] for _ in range(100)]
    pooled = np.array([d.pooled for d in found])
    assert abs(pooled.mean()) < 3 * pooled.std() / 10
    held = [d.pooled_95.low <= 0 <= d.pooled_95.high for d in found if d.pooled_95]
    assert np.mean(held) >= 0.89
    assert np.mean([d.heterogeneity_p < 0.05 for d in found if d.heterogeneity_p is not None]) <= 0.13


def test_units_that_differ_beyond_chance_are_seen_to() -> None:
    found = outcome_test(many(np.random.default_rng(2), 200, 0.15)).differences[0]
    assert found.heterogeneity_p is not None
    assert found.heterogeneity_p < 0.001
    assert found.between == pytest.approx(0.15, abs=0.05)


def test_nobody_acted_upon_is_no_rate_and_not_zero() -> None:
    found = outcome_test(Counts(LABELS, (Cell("A", "x", 10, 5, 2), Cell("A", "y", 10, 0, 0))))
    assert found.rates[1].rate is None
    assert found.differences == ()
    with pytest.raises(TableError, match="nobody in it was acted upon"):
        outcome_test(Counts(LABELS, (Cell("A", "x", 10, 5, 2), Cell("A", "y", 10, 0, 0))), "y")


def test_a_table_without_a_source_of_labels_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", *THREE)
    with pytest.raises(TableError, match="never inferred"):
        read(file, "  ")
    with pytest.raises(Refused, match="never inferred"):
        run("outcome", file, "--labels-from", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A,x,10,5,6", "line 2, confirmed: expected at most the 5 acted upon, got '6'"),
        ("A,x,10,11,6", "line 2, acted_on: expected at most the 10 cases, got '11'"),
        ("A,x,ten,5,1", "line 2, cases: expected a number, got 'ten'"),
        ("A,x,10,2.5,1", "line 2, acted_on: expected a whole number, 0 or more, got '2.5'"),
        ("A,,10,5,1", "line 2, group: expected a value, got ''"),
        ("A,x,10,5", "line 2: expected 5 values"),
        ("A,x,10,5,1\nA,x,10,5,1", "line 3, unit: expected each unit and group once"),
        ("A,x,10,5,1", "expected two groups or more, got x"),
    ],
)
def test_a_wrong_table_is_told_where_and_what(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(TableError, match=says):
        read(written(tmp_path / "t.csv", HEAD, line), LABELS)


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", "place,group,acted_on,confirmed", "A,x,5,1", "A,y,5,2")
    with pytest.raises(Refused, match=r"no column unit\. It has: place, group") as refused:
        run("outcome", file, "--labels-from", LABELS)
    assert refused.value.code == 2
    assert "y less x: +20.0 points over" in run("outcome", file, "--labels-from", LABELS, "--column", "unit=place")


def test_the_command_says_the_same_in_words_and_as_data(tmp_path: Path) -> None:
    file = written(tmp_path / "t.csv", *THREE)
    told = run("outcome", file, "--labels-from", LABELS)
    assert LABELS in told
    assert "a sign of a lower bar, not proof" in told
    assert "y less x: -15.7 points over all (-24.4 to -6.1); -16.2 points within units (-31.6 to -0.8)" in told
    assert not re.search(r"[+-][\d.]+ ?%", told), "differences of shares are points"
    assert "CSV: unit, group, acted_on, confirmed. A column cases is not needed." in " ".join(
        run("outcome", "--help").split()
    )
    data = json.loads(run("outcome", file, "--labels-from", LABELS, "--json"))
    assert data["rates"][0] | {"interval_95": 0} == {
        "group": "x", "acted_on": 270, "confirmed": 108, "rate": 0.4, "interval_95": 0,
    }  # fmt: skip
    assert data["by_unit"]["C"][1]["rate"] == 0.2
    assert data["labels_from"] == LABELS


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tenprint.monitor.outcome", raising=False)
    monkeypatch.setitem(sys.modules, "statsmodels.stats.proportion", None)
    with pytest.raises(Refused, match=r"pip install tenprint\[statistics\]"):
        run("outcome", written(tmp_path / "t.csv", *THREE), "--labels-from", LABELS)


def test_published_hit_rates_are_reproduced(data: Path) -> None:
    folder = data / "oracles" / "policing"
    with (folder / "fig4b_threshold_test.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 1130
    for row in rows:
        assert hit_rate("", int(row["num_searches"]), int(row["num_hits"])).rate == pytest.approx(
            float(row["hit_rate"]), abs=1e-15
        )
    columns = {"unit": "location", "group": "driver_race", "acted_on": "n_searches", "confirmed": "n_hits"}
    found = outcome_test(read(folder / "fig4a_hit_rate_county.csv", "drivers, as officers recorded them", columns))
    assert [(r.confirmed, r.acted_on) for r in found.rates] == [(59457, 214438), (29444, 103018), (21768, 96575)]
    assert [d.units for d in found.differences] == [234, 234]
