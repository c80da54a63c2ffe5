"""The planted-bias study, small: no flood where nothing is wrong, what is planted is found, flags are judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench import _monitor_tables as tables
from bench.monitor import BEGINS, HORIZON, RULES, Planted, Run, Said, _judged, plan_of, study

from tenprint.monitor.review import Flag, Unit
from tenprint.monitor.rule import find_rule
from tenprint.nation import Nation, draw


@pytest.fixture(scope="module")
def quiet() -> list[Run]:
    return [study("nothing", seed, counties=50, quarters=1) for seed in range(20)]


@pytest.fixture(scope="module")
def victims() -> list[Run]:
    return [study("victims", seed, quarters=4) for seed in range(3)]


def by(runs: list[Run], rule: str) -> list[Said]:
    return [s for r in runs for s in r.said if s.rule == rule]


def test_where_nothing_is_wrong_nobody_is_flooded_but_by_the_usual_rules(quiet: list[Run]) -> None:
    assert sum(r.tests for r in quiet) > 3000
    assert len(by(quiet, "registered rule")) <= 1
    assert len(by(quiet, "two sigma")) > 100
    assert not any(s.right for r in quiet for s in r.said)


def test_what_is_planted_is_found_and_nearly_all_that_is_found_is_right(victims: list[Run]) -> None:
    said = by(victims, "registered rule")
    assert len(said) > 20
    assert sum(not s.right for s in said) <= 0.1 * len(said)
    large = [p for r in victims for p in r.planted if p.size >= 0.3 and p.bookings >= 75]
    small = [p for r in victims for p in r.planted if p.size <= 0.05]
    assert sum("registered rule" in p.first for p in large) > 0.5 * len(large) > 0
    assert sum("registered rule" in p.first for p in small) < 0.2 * len(small)


def test_a_study_is_the_same_from_the_same_seed() -> None:
    assert study("agency", 3, counties=40, quarters=1) == study("agency", 3, counties=40, quarters=1)


def flag(
    nation: Nation, agency: int, *, whole: bool, metric: str = "low-level-bookings", direction: Any = "high",
    test: Any = "funnel",
) -> Flag:  # fmt: skip
    a = nation.agencies[agency]
    return Flag(
        id="x", quarter="", metric=metric, test=test, direction=direction, observed=0.5, expected=0.3, q=0.001,
        statement="", unit=Unit(a.jurisdiction, a.state, a.county, "" if whole else a.ori),
    )  # fmt: skip


def test_a_flag_is_right_only_for_who_and_what_and_when_and_upwards() -> None:
    nation, rule = draw(plan_of("agency", 1)), find_rule()
    bad = int(np.flatnonzero(nation.wrong("low-level-bookings")[-1])[0])
    own = np.flatnonzero(nation.county == nation.county[bad]).tolist()
    beside = next(a for a in own if not nation.wrong("low-level-bookings")[-1, a])

    def right(quarter: int = BEGINS, **given: object) -> bool:
        return _judged(nation, rule, flag(nation, **({"agency": bad, "whole": False} | given)), quarter).right

    assert right()
    assert right(whole=True)
    assert not right(agency=beside)
    assert not right(direction="low")
    assert not right(metric="detainers-given-match")
    assert not right(quarter=BEGINS - 1)


def test_a_change_is_right_only_where_it_came_with_activation() -> None:
    nation, rule = draw(plan_of("change", 2)), find_rule()
    wrong = nation.wrong("low-level-bookings")
    last = nation.plan.quarters - 1
    changed = int(np.flatnonzero(wrong[last])[0])
    same = next(a for a, c in enumerate(nation.county) if nation.active_on[c] and nation.effect[c] is None)
    judged = [_judged(nation, rule, flag(nation, a, whole=True, test="change"), last).right for a in (changed, same)]
    assert judged == [True, False]


def made(rights: list[list[bool]]) -> list[Run]:
    return [
        Run("nothing", 1, 10, tuple(Said("registered rule", "funnel", "m", 0, 0, right) for right in run), ())
        for run in rights
    ]


def test_the_false_discovery_rate_is_a_mean_over_countries_with_an_exact_interval_where_it_can_be() -> None:
    mean, low, high = tables.false_share(made([[], [], [False], [False, False]]), "registered rule")
    assert mean == 0.5
    assert 0.06 < low < 0.07
    assert 0.93 < high < 0.94
    mean, low, high = tables.false_share(made([[True, True, True, False], []]), "registered rule")
    assert mean == 0.125
    assert low == 0.0
    assert high > 0.125
    assert tables.false_share(made([[]] * 200), "registered rule")[2] == pytest.approx(1 - 0.025 ** (1 / 200))


def test_tables_and_picture_say_what_was_run(quiet: list[Run], victims: list[Run], tmp_path: Path) -> None:
    others = [
        Run(scenario, 5, 10, (), (Planted(0.2, 100.0, BEGINS, {"registered rule": 1, "registered rule: change": 1}),
                                  Planted(0.2, 100.0, BEGINS, {})))
        for scenario in ("pretext", "agency", "change")
    ]  # fmt: skip
    runs, rule = [*quiet, *victims, *others], find_rule()
    (tmp_path / "docs" / "explanation").mkdir(parents=True)
    (tmp_path / "docs" / "pictures").mkdir()
    page = tmp_path / tables.PAGE
    page.write_text(f"Before\n{tables._BEGIN}\nold\n{tables._END}\nAfter\n")
    assert tables.write(runs, rule, tmp_path) == [page, tmp_path / tables.PICTURE]
    text = page.read_text()
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "old" not in text
    assert rule.id in text
    assert "50% of 2" in text
    for name in RULES:
        assert name in tables.text(runs, rule)
    assert (tmp_path / tables.PICTURE).read_text().startswith("<svg")
    assert tables.headline(runs, rule)["level"] == rule.level


def test_counties_whose_time_is_too_short_are_not_counted_as_missed(victims: list[Run]) -> None:
    assert all(p.since + HORIZON <= BEGINS + HORIZON + 1 for r in victims for p in r.planted)
    assert sum(len(r.planted) for r in victims) == 3 * 8
    assert not study("victims", 0, quarters=2).planted
