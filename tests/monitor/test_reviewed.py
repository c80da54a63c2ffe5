from __future__ import annotations

from datetime import date

import msgspec
import numpy as np
import pytest
from tests.monitor.simulated import LAST, QUARTERS, RULE, counties, history, shares, sizes, staggered

from tenprint.monitor import Counts, MonitorError, Unit, from_arrays, reviewed
from tenprint.monitor.counts import from_rows

METRICS = [m.name for m in RULE.metric]


def world(seed: int, number: int = 120, raised: dict[int, tuple[int, float]] | None = None) -> list[Counts]:
    rng = np.random.default_rng(seed)
    return [history(rng, number, raised=raised if i == 0 else None, metric=m) for i, m in enumerate(METRICS)]


def test_where_nothing_is_wrong_there_is_no_flood() -> None:
    flagged = [len(reviewed(world(seed), LAST, RULE, staggered(120), detail=False).flags) for seed in range(12)]
    assert sum(flagged) <= 1, "a level of 0.4 % a quarter"


def test_a_planted_county_is_found_by_both_tests_and_nobody_else_is() -> None:
    found = reviewed(world(1, raised={4: (8, 0.35)}), LAST, RULE, staggered(120))
    assert sorted(f.id for f in found.flags) == [
        f"{LAST}/low-level-bookings/change/00004",
        f"{LAST}/low-level-bookings/funnel/00004",
    ]
    for flag in found.flags:
        assert flag.direction == "high"
        assert flag.q <= found.level
        assert "County 4, SY" in flag.statement
        assert "not a finding" in flag.statement
    (reading,) = (r for r in found.metrics[0].readings if r.flagged)
    assert reading.unit.jurisdiction == "00004"
    assert reading.p is not None
    assert reading.p <= found.cut
    assert reading.adjusted is not None
    assert reading.adjusted > reading.wide_998.high
    (change,) = (c for c in found.metrics[0].changes if c.flagged)
    assert change.difference == pytest.approx(0.35, abs=0.06)
    assert change.active_on == "2011-01-11"


def test_flags_are_the_same_without_detail() -> None:
    counts = world(1, raised={4: (8, 0.35)})
    plain = reviewed(counts, LAST, RULE, staggered(120), detail=False)
    whole = reviewed(counts, LAST, RULE, staggered(120))
    assert plain.flags == whole.flags
    assert plain.tests == whole.tests == sum(
        x.p is not None for m in whole.metrics for x in (*m.readings, *m.agencies, *m.changes)
    )  # fmt: skip
    assert plain.metrics == ()


def test_a_change_before_activation_or_a_county_always_high_is_no_change() -> None:
    found = reviewed(world(2, raised={4: (0, 0.3)}), LAST, RULE, staggered(120))
    assert {f.test for f in found.flags if f.unit.jurisdiction == "00004"} == {"funnel"}


def test_one_bad_agency_inside_of_a_good_county_is_found() -> None:
    rng = np.random.default_rng(3)
    units = [Unit(f"{i:05d}", "SY", f"County {i}", f"SY{i:03d}{k}") for i in range(80) for k in range(3)]
    units.append(Unit("00099", "SY", "County 99", "SY0990"))
    cases = np.full((12, len(units)), 300)
    truth = np.tile(np.append(np.repeat(shares(rng, 80, 0.2, 0.2), 3), 0.2), (12, 1))
    truth[:, 31] = 0.75
    counts = from_arrays("low-level-bookings", QUARTERS, units, rng.binomial(cases, truth), cases)
    found = reviewed([counts], LAST, RULE, {})
    assert f"{LAST}/low-level-bookings/funnel/00010/SY0101" in {f.id for f in found.flags}
    assert "Booking agency SY0101 (County 10, SY)" in next(f.statement for f in found.flags if f.unit.ori)
    metric = found.metrics[0]
    assert len(metric.readings) == 81
    assert len(metric.agencies) == 241
    only = next(a for a in metric.agencies if a.unit.ori == "SY0990")
    assert "see the county" in only.why_not
    assert only.p is None


def test_every_reading_says_what_could_have_been_seen_or_why_nothing_was_asked() -> None:
    found = reviewed(world(4), LAST, RULE, staggered(120))
    for metric in found.metrics:
        assert len(metric.readings) == 120
        for reading in metric.readings:
            assert (reading.p is None) == bool(reading.why_not)
            assert reading.limits_998.low <= reading.limits_95.low <= reading.limits_95.high <= reading.limits_998.high
            assert reading.wide_95.low <= reading.limits_95.low
            assert reading.limits_95.high <= reading.wide_95.high
            assert reading.shrunken_90 is not None
            assert reading.shrunken_90.low <= (reading.shrunken or 0) <= reading.shrunken_90.high
            if reading.smallest_effect is not None:
                assert 0 < reading.smallest_effect < 1
    assert found.metrics[0].overdispersion > 1.5
    assert found.metrics[0].between == pytest.approx(0.3 * 0.8, abs=0.1)
    changes = found.metrics[0].changes
    assert {c.unit.jurisdiction for c in changes} <= set(staggered(120))
    assert any(c.smallest_effect for c in changes)
    assert (
        msgspec.json.decode(msgspec.json.encode(found.metrics), type=tuple[type(found.metrics[0]), ...])
        == found.metrics
    )


def test_several_quarters_are_added_up_where_the_rule_says_so() -> None:
    counts = world(5)
    found = reviewed(counts, LAST, RULE, {})
    by_name = {m.name: m for m in found.metrics}
    one, four = by_name["low-level-bookings"].readings[0], by_name["detainers-given-match"].readings[0]
    assert (by_name["low-level-bookings"].quarters, by_name["detainers-given-match"].quarters) == (1, 4)
    rows = {c.metric: c.denominator.reshape(12, 120) for c in counts}
    assert one.denominator == rows["low-level-bookings"][-1, 0]
    assert four.denominator == rows["detainers-given-match"][-4:, 0].sum()


@pytest.mark.parametrize("number", [1, 2])
def test_one_county_or_two_are_never_compared(number: int) -> None:
    rng = np.random.default_rng(6)
    found = reviewed([history(rng, number)], LAST, RULE, {"00000": date(2011, 1, 1)})
    assert found.tests == 0
    assert found.flags == ()
    assert all(r.why_not for r in found.metrics[0].readings)


def test_nothing_counted_is_no_fault() -> None:
    nothing = from_rows("low-level-bookings", [])
    zero = from_arrays("incomplete-records", QUARTERS, counties(30), np.zeros((12, 30)), np.full((12, 30), 300))
    found = reviewed([nothing, zero], LAST, RULE, {"00000": date(2011, 1, 1)})
    assert found.flags == ()
    assert found.metrics[0].share is None
    assert found.metrics[0].readings == ()
    assert found.metrics[1].share == 0
    assert not any(r.flagged for r in found.metrics[1].readings)
    assert reviewed([], LAST, RULE, {}).tests == 0


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(MonitorError, match="numerators from 0"):
        from_arrays("m", QUARTERS[:1], counties(1), np.array([[2]]), np.array([[1]]))
    with pytest.raises(MonitorError, match="expected arrays of shape"):
        from_arrays("m", QUARTERS[:1], counties(2), np.array([[2]]), np.array([[3]]))


def test_later_quarters_are_not_looked_at() -> None:
    rng = np.random.default_rng(7)
    cases = np.tile(sizes(rng, 60), (12, 1))
    found = rng.binomial(cases, 0.2)
    later = found.copy()
    later[9:] = cases[9:]
    both = [from_arrays("low-level-bookings", QUARTERS, counties(60), f, cases) for f in (found, later)]
    first, second = (reviewed([c], QUARTERS[8], RULE, staggered(60)) for c in both)
    assert first == second
