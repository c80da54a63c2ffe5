"""What is left of a limit over stretches of time, against counting one minute after the other."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.law.minute_counter import EPOCH, WITH_EXCLUSION, excluded_days

from tenprint import law
from tenprint.law.clock import hold_deadline

ZONE = "America/Chicago"
FIRST = datetime(2013, 1, 7, 6, tzinfo=UTC)
DAY = 24 * 60


def counted(form: str, spans: list[tuple[datetime, datetime | None]]) -> datetime:
    """The minute at which 48 counted hours, or the hours of an uninterrupted hold, are used up."""
    marked, zone, step = excluded_days(2012, 2014), ZoneInfo(ZONE), timedelta(minutes=1)
    deadline = hold_deadline(form, spans[0][0], ZONE).deadline
    assert deadline is not None
    whole = (deadline - spans[0][0]) // step
    elapsed = used = 0
    for start, end in spans:
        at = start
        while end is None or at < end:
            if elapsed >= whole or used >= 48 * 60:
                return at
            number = (at.astimezone(zone).date() - EPOCH).days
            used += not (form in WITH_EXCLUSION and marked[number])
            elapsed += 1
            at += step
    raise AssertionError("the last stretch is open")


@pytest.mark.parametrize("form", ["I-247 (12/12)", "I-247A"])
def test_what_is_left_resumes_and_never_starts_again(form: str) -> None:
    dice = random.Random(form)
    for _ in range(60):
        number = dice.choice([1, 2, 3, 4])
        moments = sorted(dice.sample(range(12 * DAY), 2 * number - 1))
        times = [FIRST + timedelta(minutes=m) for m in moments]
        spans: list[tuple[datetime, datetime | None]] = [
            *zip(times[:-1:2], times[1::2], strict=True), (times[-1], None)
        ]  # fmt: skip
        expected = counted(form, spans)
        ends = [end for _, end in spans if end is not None]
        found = law.allowance_end(form, spans, ZONE)
        assert found is not None
        if any(end == found for end in ends):  # used up as a stretch ends: the next one adds nothing
            assert expected >= found
            continue
        assert found == expected, (form, spans)
