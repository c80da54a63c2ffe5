"""The hold clock against a minute counter that shares no code with it, and its edges one by one."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.minute_counter import MinuteCounter

from tenprint import law

CASES = int(os.environ.get("TENPRINT_CASES", "1500"))
"""`TENPRINT_CASES=100000` runs the long form."""

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "America/Adak",
    "America/Phoenix", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "America/Indiana/Indianapolis",
    "America/St_Johns", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu",
)  # fmt: skip
HOLDS = ("I-247 (4/97)", "I-247 (8/10)", "I-247 (6/11)", "I-247 (12/11)", "I-247 (12/12)", "I-247D", "I-247A")
YEARS = (2008, 2025)
local = datetime.fromisoformat
"""A local time: without an offset."""


@pytest.mark.parametrize("zone", ZONES)
def test_the_clock_agrees_with_counting_minutes(zone: str) -> None:
    counter = MinuteCounter(zone, *YEARS)
    dice = random.Random(f"minutes {zone}")
    first = local("2008-01-01T00:00")
    span = int((local("2025-12-31T00:00") - first) / timedelta(minutes=1))
    turns = _turns(zone)
    for _ in range(-(-CASES // len(ZONES))):
        form = dice.choice(HOLDS)
        released = first + timedelta(minutes=dice.randrange(span))
        if turns and dice.random() < 0.3:  # around a change of the clocks, where the readings differ
            released = dice.choice(turns) + timedelta(minutes=dice.randint(-4 * 1440, 180))
        found = law.hold_deadline(form, released, zone).deadline
        assert found is not None
        assert found.astimezone(UTC) == counter.deadline(form, released), f"{form} released {released} in {zone}"


def _turns(zone: str) -> list[datetime]:
    """Local times near which the zone changes its clocks."""
    tz, found = ZoneInfo(zone), []
    for number in range((date(YEARS[1], 12, 30) - date(YEARS[0], 1, 6)).days):
        here = local("2008-01-06T00:00") + timedelta(days=number)
        if here.replace(tzinfo=tz).utcoffset() != (here + timedelta(days=1)).replace(tzinfo=tz).utcoffset():
            found.append(here + timedelta(hours=2))
    return found


moments = st.datetimes(local("2008-10-01T00:00"), local("2030-01-01T00:00"))


@settings(deadline=None)
@given(moments, st.sampled_from(HOLDS), st.sampled_from(ZONES))
def test_a_hold_never_lasts_more_than_48_counted_hours(released: datetime, form: str, zone: str) -> None:
    result = law.hold_deadline(form, released, zone)
    assert result.deadline is not None
    assert result.deadline - result.released <= timedelta(hours=48) + timedelta(days=len(result.excluded)) + timedelta(
        hours=1
    )
    assert sum(step.minutes for step in result.steps) == pytest.approx(48 * 60)
    assert all(step.minutes == 0 for step in result.steps if step.why)
    if form in {"I-247D", "I-247A"}:
        assert result.deadline.astimezone(UTC) - result.released.astimezone(UTC) <= timedelta(hours=48)


@settings(deadline=None)
@given(moments, st.sampled_from(HOLDS), st.sampled_from(ZONES))
def test_the_exclusion_only_ever_lengthens_a_hold(released: datetime, form: str, zone: str) -> None:
    plain, excluding = law.hold_deadline("I-247A", released, zone), law.hold_deadline(form, released, zone)
    assert plain.deadline is not None
    assert excluding.deadline is not None
    assert plain.deadline <= excluding.deadline


@settings(deadline=None)
@given(moments, st.timedeltas(timedelta(0), timedelta(days=20)), st.sampled_from(HOLDS), st.sampled_from(ZONES))
def test_a_later_release_never_ends_earlier(released: datetime, later: timedelta, form: str, zone: str) -> None:
    start = released.replace(tzinfo=UTC)
    first, second = law.hold_deadline(form, start, zone), law.hold_deadline(form, start + later, zone)
    assert first.deadline is not None
    assert second.deadline is not None
    assert first.deadline <= second.deadline + timedelta(hours=1)  # the wall clock may repeat an hour


@settings(deadline=None)
@given(moments, st.sampled_from(HOLDS), st.sampled_from(ZONES))
def test_alarms_come_in_order_and_the_last_is_the_deadline(released: datetime, form: str, zone: str) -> None:
    result = law.hold_deadline(form, released, zone)
    times = [alarm.at for alarm in result.alarms]
    assert [alarm.hours for alarm in result.alarms] == [24, 36, 44, 48]
    assert times == sorted(times)
    assert times[-1] == result.deadline


@pytest.mark.parametrize("form", ["I-247N", "I-247X"])
def test_forms_without_a_hold_have_no_deadline(form: str) -> None:
    result = law.hold_deadline(form, local("2016-05-01T12:00"), "America/Chicago")
    assert result.deadline is None
    assert result.alarms == ()
    assert result.excluded == ()


def test_a_time_that_happens_twice_is_read_as_the_earlier() -> None:
    """Sun 2012-11-04 01:30 in Chicago comes at -05:00 and again at -06:00."""
    twice = law.hold_deadline("I-247A", local("2012-11-04T01:30"), "America/Chicago")
    assert twice.released.isoformat() == "2012-11-04T01:30:00-05:00"
    assert twice.deadline is not None
    assert twice.deadline.isoformat() == "2012-11-06T00:30:00-06:00"  # 48 elapsed hours, before the wall clock's 01:30
    stated = law.hold_deadline("I-247A", datetime.fromisoformat("2012-11-04T01:30:00-06:00"), "America/Chicago")
    assert stated.deadline is not None
    assert stated.deadline.isoformat() == "2012-11-06T01:30:00-06:00"


def test_a_time_that_never_happens_is_read_as_the_earlier() -> None:
    """Sun 2012-03-11 02:30 does not exist in Chicago; by the new clock it would have been 01:30 of the old one."""
    never = law.hold_deadline("I-247A", local("2012-03-11T02:30"), "America/Chicago")
    assert never.deadline is not None
    assert never.deadline.isoformat() == "2012-03-13T01:30:00-05:00"
    ends_never = law.hold_deadline("I-247A", local("2012-03-09T02:30"), "America/Chicago")
    assert ends_never.deadline is not None
    assert ends_never.deadline.isoformat() == "2012-03-11T01:30:00-06:00"


def test_clocks_that_go_back_do_not_lengthen_a_hold() -> None:
    back = law.hold_deadline("I-247A", local("2012-11-03T12:00"), "America/New_York")
    assert back.deadline is not None
    assert back.deadline.isoformat() == "2012-11-05T11:00:00-05:00"
    assert back.reading == "elapsed time"


def test_the_longest_hold_with_the_exclusion_is_five_days_and_the_rest_of_the_first() -> None:
    """A release on the first excluded day of a long weekend: three days stand still, two are counted."""
    longest = law.hold_deadline("I-247 (12/12)", local("2013-01-19T00:00"), "America/Chicago")
    assert longest.deadline is not None
    assert longest.deadline - longest.released == timedelta(hours=120)


def test_the_arithmetic_names_each_day() -> None:
    result = law.hold_deadline("I-247 (12/12)", local("2012-11-09T15:00"), "America/Chicago")
    assert [(str(s.day), s.why, s.minutes / 60, s.used / 60) for s in result.steps] == [
        ("2012-11-09", "", 9, 9),
        ("2012-11-10", "Saturday", 0, 9),
        ("2012-11-11", "Sunday", 0, 9),
        ("2012-11-12", "Veterans Day (observed)", 0, 9),
        ("2012-11-13", "", 24, 33),
        ("2012-11-14", "", 15, 48),
    ]
    assert "left out" in result.rule


def test_a_day_of_25_hours_counts_25() -> None:
    """Cairo, Thursday 2014-09-25: the clocks go back at midnight, on a day that counts under every form."""
    result = law.hold_deadline("I-247 (12/12)", local("2014-09-24T12:00"), "Africa/Cairo")
    assert result.reading == "elapsed time"
    assert [(str(s.day), s.why, s.minutes / 60, s.used / 60) for s in result.steps] == [
        ("2014-09-24", "", 12, 12),
        ("2014-09-25", "", 25, 37),
        ("2014-09-26", "", 11, 48),
    ]
    assert result.deadline is not None
    assert result.deadline.isoformat() == "2014-09-26T11:00:00+02:00"
    assert [alarm.at.isoformat()[:16] for alarm in result.alarms] == [
        "2014-09-25T12:00", "2014-09-25T23:00", "2014-09-26T07:00", "2014-09-26T11:00"
    ]  # fmt: skip


def test_the_rule_is_said_in_words() -> None:
    said = [
        law.hold_deadline(form, local("2013-01-02T12:00"), "UTC").rule for form in ("I-247 (12/12)", "I-247A", "I-247N")
    ]
    both = "the earlier of wall clock and elapsed time"
    assert said == [
        f"I-247 (12/12): 48 hours from release; Saturdays, Sundays and federal holidays are left out; {both}.",
        f"I-247A: 48 hours from release; no day is left out; {both}.",
        "I-247N asks for no hold: at release the person walks out.",
    ]


def test_unusable_input_is_refused_with_advice() -> None:
    with pytest.raises(law.LawError, match=r"did you mean 'I-247D'"):
        law.hold_deadline("I-247DD", local("2012-01-01T00:00"), "America/Chicago")
    with pytest.raises(law.LawError, match="IANA time zone such as America/Chicago"):
        law.hold_deadline("I-247A", local("2012-01-01T00:00"), "Chicago time")
    with pytest.raises(law.LawError, match="from 1986 on"):
        law.hold_deadline("I-247 (4/97)", local("1985-07-03T00:00"), "America/Chicago")


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2008-10-01", ("I-247 (4/97)",)),
        ("2010-08-01", ("I-247 (4/97)",)),
        ("2010-08-02", ("I-247 (8/10)",)),
        ("2011-07-01", ("I-247 (6/11)",)),
        ("2011-12-28", ("I-247 (6/11)",)),
        ("2011-12-29", ("I-247 (12/11)",)),
        ("2012-12-20", ("I-247 (12/11)",)),
        ("2012-12-21", ("I-247 (12/12)",)),
        ("2014-11-20", ("I-247 (12/12)",)),
        ("2015-07-02", ("I-247D", "I-247N", "I-247X")),
        ("2017-04-01", ("I-247D", "I-247N", "I-247X")),
        ("2017-04-02", ("I-247A",)),
    ],
)
def test_forms_of_a_day(day: str, names: tuple[str, ...]) -> None:
    assert law.forms(date.fromisoformat(day)) == names


@pytest.mark.parametrize(
    ("naive", "instant"),
    [
        ("2012-11-04T01:30", "2012-11-04T06:30+00:00"),  # happens twice: the first time, in summer time
        ("2012-03-11T02:30", "2012-03-11T07:30+00:00"),  # never happens: read with the offset that comes after
    ],
)
def test_a_wall_time_that_happens_twice_or_never_is_read_as_the_earlier_instant(naive: str, instant: str) -> None:
    released = law.hold_deadline("I-247A", local(naive), "America/Chicago").released
    assert released.astimezone(UTC) == datetime.fromisoformat(instant)
