"""Eight worked deadlines: the moment of would-be release, the form, the end of the hold (8 CFR 287.7(d))."""

from __future__ import annotations

from datetime import datetime

import pytest

from tenprint import law

EXCLUDING = ("I-247 (4/97)", "I-247 (8/10)", "I-247 (6/11)", "I-247 (12/11)", "I-247 (12/12)")
PLAIN = ("I-247D", "I-247A")

WORKED = [
    # released (local),   with exclusion,      plain 48 hours
    ("2012-11-09T15:00", "2012-11-14T15:00", "2012-11-11T15:00"),  # Veterans Day observed on Monday
    ("2011-12-29T10:30", "2012-01-03T10:30", "2011-12-31T10:30"),  # New Year observed on Monday
    ("2010-11-24T23:30", "2010-11-29T23:30", "2010-11-26T23:30"),  # Thanksgiving
    ("2009-07-01T08:00", "2009-07-06T08:00", "2009-07-03T08:00"),  # Independence Day observed on Friday
    ("2013-01-17T16:00", "2013-01-22T16:00", "2013-01-19T16:00"),  # Martin Luther King, Jr.
    ("2021-06-17T12:00", "2021-06-22T12:00", "2021-06-19T12:00"),  # the first Juneteenth, observed on Friday
    ("2012-06-02T09:00", "2012-06-06T00:00", "2012-06-04T09:00"),  # released on a Saturday
    ("2012-03-09T22:00", "2012-03-13T22:00", "2012-03-11T22:00"),  # clocks go forward: the wall clock ends first
]


@pytest.mark.parametrize("zone", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"])
@pytest.mark.parametrize(("released", "excluding", "plain"), WORKED)
def test_given_a_release_then_the_hold_ends(released: str, excluding: str, plain: str, zone: str) -> None:
    for forms, expected in ((EXCLUDING, excluding), (PLAIN, plain)):
        for form in forms:
            result = law.hold_deadline(form, datetime.fromisoformat(released), zone)
            assert result.deadline is not None
            assert result.deadline.replace(tzinfo=None) == datetime.fromisoformat(expected), form


def test_when_the_clocks_go_forward_the_wall_clock_ends_the_plain_hold_after_47_hours() -> None:
    result = law.hold_deadline("I-247A", datetime.fromisoformat("2012-03-09T22:00"), "America/Chicago")
    assert result.reading == "wall clock"
    assert result.deadline is not None
    assert (result.deadline - result.released).total_seconds() == 48 * 3600  # by the wall
    assert result.deadline.timestamp() - result.released.timestamp() == 47 * 3600
