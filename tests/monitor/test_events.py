"""The event study: published effects, known effects, and panels that are refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from tests.monitor.methods import run, written

from tenprint.cli.common import Refused
from tenprint.monitor.events import Panel, event_study, read
from tenprint.monitor.tables import TableError, quarter_name, quarter_number, quarter_of

MPDTA = {
    (2004, 2004): (-0.010503, 0.023251), (2004, 2005): (-0.070423, 0.030985), (2004, 2006): (-0.137259, 0.036436),
    (2004, 2007): (-0.100811, 0.034359), (2006, 2004): (0.006520, 0.023327), (2006, 2005): (-0.002751, 0.019559),
    (2006, 2006): (-0.004595, 0.017755), (2006, 2007): (-0.041224, 0.020229), (2007, 2004): (0.030507, 0.015034),
    (2007, 2005): (-0.002726, 0.016396), (2007, 2006): (-0.031087, 0.017878), (2007, 2007): (-0.026054, 0.016655),
}  # fmt: skip
"""Effects and standard errors that csdid 0.4.3 gives (outcome regression, never treated, no bootstrap)."""

ADJUSTED = {-3: (0.02637, 0.01402), -2: (-0.00413, 0.01292), -1: (-0.02346, 0.01444), 0: (-0.02115, 0.01148),
            1: (-0.05336, 0.01629), 2: (-0.14108, 0.03484), 3: (-0.10754, 0.03274)}  # fmt: skip
"""By event time with log population as covariate, from the same."""


@pytest.fixture(scope="module")
def mpdta(data: Path) -> list[dict[str, str]]:
    with (data / "oracles" / "did" / "mpdta.csv").open() as stream:
        return list(csv.DictReader(stream))


def panel_of(rows: list[dict[str, str]], *covariates: str) -> Panel:
    return Panel(
        unit=[r["countyreal"] for r in rows],
        time=[int(r["year"]) for r in rows],
        outcome=[float(r["lemp"]) for r in rows],
        start=[int(r["first_treat"]) or None for r in rows],
        covariates={name: [float(r[name]) for r in rows] for name in covariates},
    )


def test_effects_and_errors_are_the_published_ones(mpdta: list[dict[str, str]]) -> None:
    found = event_study(panel_of(mpdta))
    assert {(e.start, e.time) for e in found.effects} == set(MPDTA)
    for effect in found.effects:
        assert (effect.effect, effect.error) == pytest.approx(MPDTA[effect.start, effect.time], abs=1e-6)
    assert found.overall == pytest.approx(-0.07724, abs=1e-5)
    assert found.overall_error == pytest.approx(0.01996, abs=1e-5)
    assert found.pre_trend_wald_p == pytest.approx(0.16812, abs=1e-5)
    assert (found.units, found.never) == (500, 309)


def test_effects_with_a_covariate_are_the_published_ones(mpdta: list[dict[str, str]]) -> None:
    found = event_study(panel_of(mpdta, "lpop"))
    assert {r.after: (round(r.effect, 5), round(r.error, 5)) for r in found.by_event_time} == ADJUSTED
    assert found.overall == pytest.approx(-0.08078, abs=1e-5)


def test_an_effect_is_the_plain_two_by_two(mpdta: list[dict[str, str]]) -> None:
    change: dict[str, list[float]] = {"2006": [], "0": []}
    by = {(r["countyreal"], r["year"]): float(r["lemp"]) for r in mpdta}
    for row in mpdta:
        if row["year"] == "2007" and row["first_treat"] in change:
            change[row["first_treat"]].append(by[row["countyreal"], "2007"] - by[row["countyreal"], "2005"])
    plain = np.mean(change["2006"]) - np.mean(change["0"])
    found = next(e for e in event_study(panel_of(mpdta)).effects if (e.start, e.time) == (2006, 2007))
    assert found.effect == pytest.approx(plain, abs=1e-12)


def made(effect: float, seed: int = 1, units: int = 120, *, trend: float = 0.0) -> Panel:
    """Places that join in periods 4, 6 or never; the effect grows by ``effect`` a period."""
    rng = np.random.default_rng(seed)
    rows = []
    for unit in range(units):
        start = (4, 6, None)[unit % 3]
        level = rng.normal()
        for time in range(10):
            value = level + 0.3 * time + rng.normal(0, 0.1) + (trend * time if start else 0.0)
            rows.append(
                (str(unit), time, value + (effect * (time - start + 1) if start and time >= start else 0.0), start)
            )
    unit_, time_, value_, start_ = zip(*rows, strict=True)
    return Panel(unit=unit_, time=time_, outcome=value_, start=start_)


@pytest.mark.parametrize("comparison", ["never", "not-yet"])
def test_a_known_effect_that_grows_is_found(comparison: str) -> None:
    found = {r.after: r for r in event_study(made(0.1), comparison=comparison).by_event_time}
    for after in range(4):
        assert found[after].uniform_95.low <= 0.1 * (after + 1) <= found[after].uniform_95.high
        assert found[after].effect == pytest.approx(0.1 * (after + 1), abs=0.06)
    assert found[0].uniform_95.high - found[0].uniform_95.low > found[0].interval_95.high - found[0].interval_95.low


def test_bands_hold_together_where_nothing_happened() -> None:
    held = [
        all(r.uniform_95.low <= 0 <= r.uniform_95.high for r in event_study(made(0.0, seed), draws=299).by_event_time)
        for seed in range(60)
    ]
    assert np.mean(held) >= 0.85


def test_before_joining_each_period_is_measured_from_the_one_before_it() -> None:
    rows = [(f"a{n}", t, float(t == 2), 4) for n in range(5) for t in range(6)]  # one period stands out, two before
    rows += [(f"c{n}", t, 0.0, None) for n in range(5) for t in range(6)]
    unit, time, value, start = zip(*rows, strict=True)
    found = event_study(Panel(unit=unit, time=time, outcome=value, start=start)).by_event_time
    assert {r.after: r.effect for r in found} == {-3: 0.0, -2: 1.0, -1: -1.0, 0: 0.0, 1: 0.0}


def test_another_trend_before_is_seen() -> None:
    straight, bent = event_study(made(0.0)).pre_trend_p, event_study(made(0.0, trend=0.1)).pre_trend_p
    assert straight is not None
    assert bent is not None
    assert straight > 0.01
    assert bent < 0.001


def test_places_of_one_state_are_not_independent() -> None:
    panel = made(0.1)
    states = {unit: str(int(unit) // 12) for unit in panel.unit}
    alone, together = event_study(panel), event_study(panel, clusters=states)
    assert [e.effect for e in alone.effects] == [e.effect for e in together.effects]
    assert [e.error for e in alone.effects] != [e.error for e in together.effects]


def test_few_states_are_warned_of_and_two_are_refused() -> None:
    panel = made(0.1)
    assert event_study(panel).warnings == ()
    assert event_study(panel, clusters={u: str(int(u) // 12) for u in panel.unit}).warnings == ()
    few = event_study(panel, clusters={u: str(int(u) // 40) for u in panel.unit})
    assert "errors rest on 3 states only, fewer than 10" in few.warnings[0]
    two = {u: str(int(u) // 60) for u in panel.unit}
    with pytest.raises(TableError, match=r"expected 3 states or more .* got 2: bring .* or leave out --by-state"):
        event_study(panel, clusters=two)
    with pytest.raises(TableError, match="got 2"):  # places of unknown state are no states
        event_study(panel, clusters={u: s for u, s in two.items() if int(u) < 110})
    some = event_study(panel, clusters={u: str(int(u) // 10) for u in panel.unit if int(u) < 110})
    assert some.warnings == ("10 places have no state in the activations and count as independent in the errors",)


def test_weights_weigh() -> None:
    rows = [("a", t, float(t == 1), 1) for t in (0, 1)] + [("b", t, 3.0 * (t == 1), 1) for t in (0, 1)]
    rows += [(f"c{n}", t, 0.0, None) for n in range(5) for t in (0, 1)]
    unit, time, value, start = zip(*rows, strict=True)
    weight = [3.0 if u == "b" else 1.0 for u in unit]
    found = event_study(Panel(unit=unit, time=time, outcome=value, start=start, weight=weight))
    assert found.effects[0].effect == pytest.approx(2.5)
    assert "only 2 places joined in period 1" in found.notes[0]


def test_too_few_places_to_compare_with_is_an_error() -> None:
    panel = made(0.1, units=12)
    with pytest.raises(
        TableError, match="expected 5 places or more that are not active by the end of the panel, got 4"
    ):
        event_study(panel)
    with pytest.raises(TableError, match="without a gap"):
        event_study(Panel(unit=["a", "a"], time=[1, 3], outcome=[0.0, 0.0], start=[None, None]))
    with pytest.raises(TableError, match="each period once"):
        event_study(Panel(unit=["a", "a", "a"], time=[1, 1, 2], outcome=[0.0] * 3, start=[None] * 3))
    with pytest.raises(TableError, match="one date of activation"):
        event_study(Panel(unit=["a", "a"], time=[1, 2], outcome=[0.0, 0.0], start=[None, 2]))


def test_quarters_count_on_over_the_year() -> None:
    assert quarter_number("2012Q1") - quarter_number("2011Q4") == 1
    assert quarter_name(quarter_number("2011Q4")) == "2011Q4"
    from datetime import date

    assert quarter_name(quarter_of(date(2013, 1, 22))) == "2013Q1"


def county_files(folder: Path) -> tuple[Path, Path]:
    """Twelve counties over six quarters, half of them active from 2010Q4 on; one has a quarter without bookings."""
    lines, calendar = ["unit,quarter,numerator,denominator"], ["fips,state,activation_date"]
    for number in range(14):
        county = f"{48001 + 2 * number:05d}"
        calendar.append(f"{county},TX,{'2010-11-15' if number < 7 else '2012-01-24'}")
        for quarter in range(6):
            share = 20 + number + quarter + (10 if number < 7 and quarter >= 3 else 0)
            lines.append(
                f"{county},{quarter_name(quarter_number('2010Q1') + quarter)},{share},{100 if number != 13 else 0}"
            )
    return written(folder / "panel.csv", *lines), written(folder / "days.csv", *calendar)


def test_the_command_warns_of_few_states_and_refuses_one(tmp_path: Path) -> None:
    panel, days = county_files(tmp_path)
    with pytest.raises(Refused, match="got 1: bring places of more states, or leave out --by-state"):
        run("events", panel, "--activations", days, "--by-state")
    head, *lines = days.read_text().splitlines()
    split = [line.replace("TX", "ABC"[number % 3]) for number, line in enumerate(lines)]
    split[-3] = split[-3].rpartition(",")[0] + ","  # no date: not active, and still of its state
    written(days, head, *split)
    text = run("events", panel, "--activations", days, "--by-state")
    assert "Warning: errors rest on 3 states only, fewer than 10: they are likely too small" in text
    told = json.loads(run("events", panel, "--activations", days, "--by-state", "--json"))
    assert [w.split(",")[0] for w in told["warnings"]] == ["errors rest on 3 states only"]


def test_the_command_reads_counts_and_days_of_activation(tmp_path: Path) -> None:
    panel, days = county_files(tmp_path)
    text = run("events", panel, "--activations", days)
    assert "13 places, 6 of them not active by the end; compared with places not active yet" in text
    assert "below 0, each from the quarter just before it" in text
    assert "compared with places not active by the end" in run(
        "events", panel, "--activations", days, "--comparison", "never"
    )
    assert "Left out: 1 (a period is missing)" in text
    told = json.loads(run("events", panel, "--activations", days, "--json"))
    assert {r["after"]: round(r["effect"], 9) for r in told["by_event_time"]} == {-2: 0, -1: 0, 0: 0.1, 1: 0.1, 2: 0.1}


def test_a_panel_carries_its_own_days_too(tmp_path: Path) -> None:
    file = written(tmp_path / "p.csv", "unit,quarter,outcome,active_on", "a,2010Q1,0.5,", "a,2010Q2,,")
    panel = read(file)
    assert list(panel.start) == [None, None]
    assert np.isnan(panel.outcome[1])
    with pytest.raises(TableError, match="no column active_on"):
        read(written(tmp_path / "q.csv", "unit,quarter,outcome", "a,2010Q1,0.5"))
    with pytest.raises(TableError, match="line 2, quarter: expected a quarter such as 2011Q2, got '2010-1'"):
        read(written(tmp_path / "r.csv", "unit,quarter,outcome,active_on", "a,2010-1,0.5,"))
    with pytest.raises(TableError, match="outcome, or numerator and denominator"):
        read(written(tmp_path / "s.csv", "unit,quarter,active_on", "a,2010Q1,"))
    with pytest.raises(Refused, match="expected --activations"):
        run("events", file, "--by-state")


def null_panel(units: int, periods: int, seed: int, trend: float = 0.0) -> Panel:
    """Shares of places of 150 to 500 that join at random, without an effect; with a trend before joining."""
    rng = np.random.default_rng(seed)
    rows = []
    for unit, level in enumerate(rng.beta(6, 14, units)):
        joins = int(rng.integers(2, periods + 3))
        start = joins if joins < periods else None
        for time in range(periods):
            below = int(rng.integers(150, 500))
            drift = trend * min(time - joins, 0) if start else 0.0
            rows.append((str(unit), time, rng.binomial(below, np.clip(level + drift, 0.01, 0.99)) / below, start))
    unit_, time_, value_, start_ = zip(*rows, strict=True)
    return Panel(unit=unit_, time=time_, outcome=value_, start=start_)


@pytest.mark.parametrize(("units", "periods"), [(60, 8), (60, 16), (150, 12)])
def test_g1_pure_noise_is_rejected_about_as_often_as_stated(units: int, periods: int) -> None:
    found = [
        event_study(null_panel(units, periods, seed), comparison="not-yet", draws=199).pre_trend_p for seed in range(60)
    ]
    assert None not in found
    assert sum(p <= 0.05 for p in found) <= 8  # of 60; 3 are expected, and more than 8 are seen once in 250
    assert 0.25 < np.mean(found) < 0.75


def test_g1_an_earlier_trend_is_still_found() -> None:
    found = [event_study(null_panel(150, 10, seed, trend=0.03), draws=199).pre_trend_p for seed in range(10)]
    assert sum(p <= 0.05 for p in found) >= 8


def test_g1_where_nothing_can_be_tested_the_warnings_say_why() -> None:
    rows = [(f"a{n}", t, float(n * t % 3), 1) for n in range(6) for t in range(4)]
    rows += [(f"c{n}", t, float(n * t % 2), None) for n in range(6) for t in range(4)]
    unit, time, value, start = zip(*rows, strict=True)
    found = event_study(Panel(unit=unit, time=time, outcome=value, start=start))
    assert found.pre_trend_p is None
    assert any("no test of earlier trends: no place has two periods before joining" in line for line in found.warnings)


def test_g20_the_period_of_joining_is_told_apart() -> None:
    found = event_study(made(0.1))
    later = [row.effect for row in found.by_event_time if row.after >= 1]
    assert found.after_first == pytest.approx(np.mean(later))
    assert found.after_first > found.overall
