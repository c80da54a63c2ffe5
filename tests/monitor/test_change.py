from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import special
from tests.monitor.simulated import LAST, QUARTERS, RULE, counties, history, shares, sizes, staggered

from tenprint.monitor import from_arrays, quarters
from tenprint.monitor.change import Changed, changes, interval
from tenprint.monitor.counts import Counts


def look(counts: Counts, active: dict[str, date], level: float = 0.05, **rule: int) -> list[Changed]:
    import msgspec

    changed = msgspec.structs.replace(RULE.change, **rule)
    return changes(counts, quarters.number(LAST), changed, active, smoothing=20.0, level=level)


def flat(before: tuple[int, int], after: tuple[int, int], peers: int = 20, drift: float = 0.0) -> Counts:
    """One county against peers, eight quarters before and four after, the same in each quarter."""
    cases = np.full((12, peers + 1), 100)
    found = np.full((12, peers + 1), 20.0)
    found[8:] += 100 * drift
    found[:8, 0], cases[:8, 0], found[8:, 0], cases[8:, 0] = *before, *after
    return from_arrays("low-level-bookings", QUARTERS, counties(peers + 1), found, cases)


def test_a_difference_in_differences_is_what_it_says() -> None:
    (group,) = look(flat((20, 100), (45, 100), drift=0.1), {"00000": date(2011, 1, 1)})
    assert group.at.tolist() == [0]
    assert group.difference[0] == pytest.approx(0.25 - 0.10, abs=0.002)
    low, high = interval(group)
    assert low[0] < 0.15 < high[0]
    assert group.before.cases[0] == 800
    assert group.after.cases[0] == 400


def test_the_quarter_of_activation_belongs_to_neither_side_unless_it_is_whole() -> None:
    (whole,) = look(flat((20, 100), (45, 100)), {"00000": date(2011, 1, 1)})
    (part,) = look(flat((20, 100), (45, 100)), {"00000": date(2011, 2, 15)})
    assert whole.after.cases[0] == 400
    assert part.after.cases[0] == 300
    assert whole.before.cases[0] == part.before.cases[0] == 800


def test_who_was_activated_just_now_or_long_ago_is_not_asked_about() -> None:
    counts = flat((20, 100), (45, 100))
    assert look(counts, {"00000": date(2011, 11, 1)}) == [], "in the quarter reviewed, not from its first day"
    assert look(counts, {"00000": date(2009, 2, 1)}) == [], "eleven quarters ago, the rule asks for eight"
    assert look(counts, {}) == []


def test_places_active_in_any_of_these_quarters_are_no_peers() -> None:
    active = {
        "00000": date(2011, 1, 1),
        "00001": date(2011, 12, 31),
        "00002": date(2012, 1, 1),
        "00003": date(2008, 1, 1),
    }
    (group,) = look(flat((20, 100), (20, 100)), active)
    assert group.peers[:5].tolist() == [False, False, True, False, True]


def test_too_few_cases_or_peers_are_said() -> None:
    (few,) = look(flat((2, 5), (3, 10)), {"00000": date(2011, 1, 1)})
    assert few.result.why_not[0] == "too few cases: 40 before and 40 after, the rule asks for 50 each"
    (alone,) = look(flat((20, 100), (20, 100), peers=5), {"00000": date(2011, 1, 1)})
    assert alone.result.why_not[0] == "fewer than 10 counties with cases were still inactive"
    assert np.isnan(alone.result.p[0])


def test_case_mix_that_changed_is_not_a_change() -> None:
    """After activation the county books more of a kind that goes so everywhere."""
    cases = np.full((12, 21, 2), 100)
    cases[:8, 0], cases[8:, 0] = (150, 50), (50, 150)
    found = cases * [0.1, 0.4]
    counts = from_arrays("low-level-bookings", QUARTERS, counties(21), found, cases, strata=["a", "b"])
    (group,) = look(counts, {"00000": date(2011, 1, 1)})
    raw = found[8:, 0].sum() / 800 - found[:8, 0].sum() / 1600
    assert raw == pytest.approx(0.15)
    assert group.difference[0] == pytest.approx(0.0, abs=0.003)
    assert group.result.p[0] > 0.5


@pytest.mark.parametrize("wobble", [0.0, 0.12])
def test_p_values_are_no_smaller_than_chance_whatever_quarters_do(wobble: float) -> None:
    """Counties differ, drift together, and wobble from quarter to quarter."""
    rng = np.random.default_rng(8)
    found = []
    for _ in range(9):
        cases = np.tile(sizes(rng, 150), (12, 1))
        logit = special.logit(shares(rng, 150, 0.2, 0.3)) + wobble * rng.normal(size=(12, 150))
        logit += 0.4 * np.arange(12)[:, None] / 12
        counts = from_arrays("m", QUARTERS, counties(150), rng.binomial(cases, special.expit(logit)), cases)
        found += [g.result.p[g.at] for g in look(counts, staggered(150), level=0.9)]
    p = np.concatenate(found)
    p = p[~np.isnan(p)]
    assert len(p) > 450
    for below in (0.05, 0.01):
        assert np.mean(p <= below) < below * 1.15 + 3 * np.sqrt(below / len(p))
    assert np.mean(p <= 0.05) > 0.008


def test_a_change_is_seen_and_only_where_it_is() -> None:
    counts = history(np.random.default_rng(9), 150, raised={3: (8, 0.15)})
    p = {}
    for group in look(counts, staggered(150)):
        p |= {int(i): group.result.p[i] for i in group.at}
    assert p[3] < 1e-5
    assert min(value for i, value in p.items() if i != 3 and not np.isnan(value)) > 1e-4
