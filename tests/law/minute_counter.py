"""A second hold clock that shares no code with the first: it marks every minute of a span of years and counts them
one by one.

Holidays come from the package `holidays`, local time from `zoneinfo` read minute by minute. Slow to set up, then quick.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np

MINUTE = 60
DAY = 1440
ENOUGH = 48 * 60
EPOCH = date(1970, 1, 1)
WITH_EXCLUSION = {"I-247 (4/97)", "I-247 (8/10)", "I-247 (6/11)", "I-247 (12/11)", "I-247 (12/12)"}


@cache
def excluded_days(first_year: int, last_year: int) -> np.ndarray:
    """For every day since the epoch: does the clock stand still on it?"""
    last = (date(last_year + 1, 1, 10) - EPOCH).days
    marked = np.zeros(last, dtype=bool)
    federal = holidays.country_holidays("US", years=range(first_year - 1, last_year + 2), observed=True)
    for number in range((date(first_year, 1, 1) - EPOCH).days - 10, last):
        day = EPOCH + timedelta(days=number)
        marked[number] = day.isoweekday() in (6, 7) or day in federal
    return marked


class MinuteCounter:
    """Every minute of some years in one time zone."""

    def __init__(self, zone: str, first_year: int, last_year: int) -> None:
        self.zone = ZoneInfo(zone)
        self.marked = excluded_days(first_year, last_year)
        self.first = _minutes(datetime(first_year, 1, 1, tzinfo=UTC)) - 2 * DAY
        self.last = _minutes(datetime(last_year + 1, 1, 1, tzinfo=UTC)) + 8 * DAY
        self.offset = self._offsets()
        local = np.arange(self.first, self.last) + self.offset
        counts = ~self.marked[local // DAY]
        self.used = {True: np.concatenate([[0], np.cumsum(counts)]), False: np.arange(len(local) + 1)}
        naive = np.arange(self.first - DAY, self.last + DAY)
        self.naive_first = self.first - DAY
        self.naive_used = np.concatenate([[0], np.cumsum(~self.marked[naive // DAY])])

    def _offsets(self) -> np.ndarray:
        """Offset from UTC in minutes, for every minute."""
        hours = np.arange(self.first, self.last + 60, 60)
        at_hours = np.array([self._offset(int(m)) for m in hours])
        offsets = np.repeat(at_hours[:-1], 60)
        for i in np.nonzero(np.diff(at_hours))[0]:
            for k in range(60):
                offsets[i * 60 + k] = self._offset(int(hours[i]) + k)
        return offsets

    def _offset(self, minute: int) -> int:
        found = datetime.fromtimestamp(minute * MINUTE, self.zone).utcoffset()
        assert found is not None
        return round(found.total_seconds() / MINUTE)

    def instants(self, naive: int) -> list[int]:
        """Minutes (UTC) that a wall time can mean: those that show it, or, when none does, those of the offsets
        around it."""
        near = range(naive - DAY, naive + DAY, 30)
        offsets = {int(self.offset[m - self.first]) for m in near if self.first <= m < self.last}
        candidates = sorted({naive - offset for offset in offsets})
        shown = [m for m in candidates if m + int(self.offset[m - self.first]) == naive]
        if shown:
            return shown
        before, after = self.offset[candidates[0] - self.first - DAY], self.offset[candidates[-1] - self.first + DAY]
        return sorted({naive - int(before), naive - int(after)})

    def deadline(self, form: str, released: datetime) -> datetime:
        """The deadline as an aware UTC time.

        Args:
            form: a form that asks for a hold.
            released: naive local time, whole minutes.
        """
        excluding = form in WITH_EXCLUSION
        ends: list[int] = []
        for start in self.instants(_minutes(released.replace(tzinfo=UTC))):
            ends.append(self._elapsed(start, excluding))
            ends.append(min(self.instants(self._wall(start + int(self.offset[start - self.first]), excluding))))
        return datetime.fromtimestamp(min(ends) * MINUTE, UTC)

    def _elapsed(self, start: int, excluding: bool) -> int:
        used = self.used[excluding]
        return self.first + int(np.searchsorted(used, used[start - self.first] + ENOUGH))

    def _wall(self, naive: int, excluding: bool) -> int:
        if not excluding:
            return naive + ENOUGH
        used = self.naive_used
        return self.naive_first + int(np.searchsorted(used, used[naive - self.naive_first] + ENOUGH))


def _minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // MINUTE
