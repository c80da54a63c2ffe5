from __future__ import annotations

import numpy as np
import pytest
from tests.monitor.simulated import shares, sizes, window

from tenprint.monitor.counts import Window
from tenprint.monitor.dispersion import dispersion, laws, widened
from tenprint.monitor.funnel import funnel, limits
from tenprint.monitor.mix import standard


def look(one: Window, level: float = 0.05, **changed: object):
    return funnel(one, **{"minimum": 20, "peers": 10, "smoothing": 20.0, "level": level} | changed)


# -- case mix ----------------------------------------------------------------------------------------------------------


def test_a_unit_is_compared_with_the_same_kinds_of_cases() -> None:
    cases = np.array([[900, 100]] * 30 + [[100, 900]])
    found = (cases * [0.1, 0.5]).astype(int)
    expected = standard(window(found, cases), smoothing=0, spread=0.0)
    assert expected.share == pytest.approx(found.sum(axis=1) / cases.sum(axis=1), abs=2e-3)
    assert found[-1].sum() / 1000 == pytest.approx(0.46), "raw, the last looks three times as high as the others"


def test_a_unit_never_sets_its_own_standard() -> None:
    cases = np.array([[50_000]] + [[200]] * 20)
    found = np.array([[40_000]] + [[20]] * 20)
    before = standard(window(found, cases), smoothing=20, spread=0.0)
    found[0] = 1_000
    after = standard(window(found, cases), smoothing=20, spread=0.0)
    assert before.share[0] == after.share[0] == pytest.approx(0.1, abs=1e-3)
    assert before.share[1] > 0.7, "without discount the largest county would be the standard of all others"


def test_a_large_county_does_not_set_the_standard_of_all_where_counties_differ() -> None:
    cases = np.array([[50_000]] + [[200]] * 20)
    found = np.array([[40_000]] + [[20]] * 20)
    assert standard(window(found, cases), smoothing=20, spread=0.02).share[1] == pytest.approx(0.13, abs=0.02)


def test_a_thin_stratum_is_moved_to_the_overall_share() -> None:
    cases = np.array([[1000, 0]] * 20 + [[1000, 2]])
    found = np.array([[100, 0]] * 20 + [[100, 2]])
    expected = standard(window(found, cases), smoothing=20, spread=0.0)
    assert expected.share[-1] == pytest.approx(0.1, abs=1e-3), "nobody else has such cases"
    assert expected.rests_on[-1] > expected.rests_on[0] * 0.5


def test_what_one_case_says_of_a_kind_is_not_believed() -> None:
    cases = np.array([[1000, 0]] * 20 + [[1000, 1], [0, 50]])
    found = np.array([[100, 0]] * 20 + [[100, 1], [0, 5]])
    assert standard(window(found, cases), smoothing=20, spread=0.0).share[-1] == pytest.approx(0.14, abs=0.02)
    assert standard(window(found, cases), smoothing=0, spread=0.0).share[-1] > 0.9


# -- overdispersion ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "spread"), [(0.2, 0.0), (0.2, 0.01), (0.05, 0.02)])
def test_the_spread_between_units_is_found_and_outliers_hardly_move_it(share: float, spread: float) -> None:
    rng = np.random.default_rng(5)
    plain, soiled = [], []
    for _ in range(40):
        cases = sizes(rng, 300)
        weight = 1 / spread - 1 if spread else 1e9
        found = rng.binomial(cases, rng.beta(share * weight, (1 - share) * weight, 300))
        mean, known = np.full(300, share), np.zeros(300)
        plain.append(dispersion(found, cases, mean, known).spread)
        found[:15] = cases[:15]
        soiled.append(dispersion(found, cases, mean, known).spread)
    assert np.mean(plain) == pytest.approx(spread, rel=0.12, abs=2e-4)
    assert np.mean(soiled) < spread * 1.5 + 4e-4, "one in twenty at a share of one"


def test_the_law_of_logits_is_found() -> None:
    rng = np.random.default_rng(7)
    cases, found = np.full(2000, 4000), np.zeros(2000, np.int64)
    found[:] = rng.binomial(cases, shares(rng, 2000, 0.05, 0.6))
    differ = dispersion(found, cases, np.full(2000, 0.06), np.zeros(2000))
    assert differ.deviation == pytest.approx(0.6, rel=0.05)
    assert differ.shift == pytest.approx(np.log(0.05 / 0.95) - np.log(0.06 / 0.94), abs=0.04)
    drawn = laws(np.full(1, 0.06), differ, np.zeros(1))
    assert drawn.middle[0] == pytest.approx(np.log(0.05 / 0.95), abs=0.04)


def test_without_units_that_tell_anything_nothing_is_certain() -> None:
    none = dispersion(np.array([0, 1]), np.array([1, 2]), np.array([0.1, 0.1]), np.zeros(2))
    assert none.spread == 0
    assert none.error == np.inf
    assert widened(np.array([1e-9]), np.array([0.5]))[0] > 0.01, "a variance that nobody knows tells nothing"


@pytest.mark.parametrize("between", [0.0, 0.15, 0.5])
@pytest.mark.parametrize("share", [0.04, 0.3])
def test_wide_limits_cover_at_the_stated_rate_and_p_values_are_no_smaller_than_chance(
    share: float, between: float
) -> None:
    rng = np.random.default_rng(6)
    inside_95, inside_998, plain_95, p = [], [], [], []
    for _ in range(15):
        cases = sizes(rng, 200)
        found = rng.binomial(cases, shares(rng, 200, share, between))
        result = look(window(found, cases), level=0.9)
        for into, inside, wide in ((inside_95, 0.95, True), (inside_998, 0.998, True), (plain_95, 0.95, False)):
            low, high = limits(result, inside, wide=wide)
            into.append((found >= low) & (found <= high))
        p.append(result.p)
    values = np.concatenate(p)
    values = values[~np.isnan(values)]
    assert np.mean(inside_95) > 0.945
    assert np.mean(inside_998) > 0.9975
    for below in (0.05, 0.01, 0.001):
        assert np.mean(values <= below) < below * 1.15 + 3 * np.sqrt(below / len(values))
    assert np.mean(values <= 0.05) > 0.008, "and not so large that nothing is ever found"
    if between == 0.5 and share == 0.3:
        assert np.mean(plain_95) < 0.8, "plain limits call a fifth of honest places outliers"


# -- small, empty, odd ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "cases", "why"),
    [
        ([[5]], [[100]], "nobody else has cases"),
        ([[5], [5]], [[100], [100]], "too few other places"),
        ([[1]] * 12, [[10]] * 12, "the rule asks for 20"),
        ([[0]] * 12, [[0]] * 12, "no cases"),
    ],
)
def test_who_cannot_be_tested_is_told_why(found: list[list[int]], cases: list[list[int]], why: str) -> None:
    result = look(window(np.array(found), np.array(cases)))
    assert np.isnan(result.p).all()
    assert all(why in reason for reason in result.why_not)


def test_a_quarter_without_units_is_no_fault() -> None:
    result = look(Window(units=(), numerator=np.empty((0, 1), np.int64), denominator=np.empty((0, 1), np.int64)))
    assert len(result.p) == 0


def test_where_nothing_was_ever_found_nothing_is_unusual() -> None:
    result = look(window(np.zeros((30, 1)), np.full((30, 1), 500)))
    tested = ~np.isnan(result.p)
    assert np.all(result.p[tested] > 0.5)


def test_one_place_with_what_nobody_else_has_is_seen() -> None:
    found = np.zeros((40, 1))
    found[3] = 60
    assert look(window(found, np.full((40, 1), 200))).p[3] < 2e-4


def test_units_that_could_never_reach_the_level_are_left_out_without_looking_at_their_counts() -> None:
    cases = np.concatenate([np.full((40, 1), 2000), np.full((1, 1), 20)])
    for few in (0, 20):
        found = np.concatenate([np.full((40, 1), 1000), [[few]]])
        result = look(window(found, cases), level=1e-7)
        assert "could not be told from chance" in result.why_not[-1]
        assert np.isnan(result.p[-1])
