"""What is true in a world: where somebody was, minute by minute, and what allowed it. Knows nothing of the program.

Times are minutes since midnight UTC of a first day. A minute is the half-open stretch up to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")
LIMIT = 48 * 60
FREE = {
    date(2013, 1, 21), date(2013, 2, 18), date(2013, 5, 27), date(2013, 7, 4), date(2013, 9, 2), date(2013, 10, 14),
    date(2013, 11, 11), date(2013, 11, 28),
}  # fmt: skip
"""Federal holidays of 2013 (U.S. Office of Personnel Management)."""


@dataclass
class Request:
    """A request to hold."""

    issued: int
    needs_service: bool = False
    served: int | None = None
    honored: int | None = None
    ended: int | None = None

    def allows(self, minute: int) -> bool:
        """Whether somebody may be held on it, as far as its limit is not used up."""
        if self.honored is None or minute < self.honored or (self.ended is not None and minute >= self.ended):
            return False
        return minute >= self.issued and not (self.needs_service and (self.served is None or minute < self.served))


@dataclass
class Life:
    """One person in the jails of a world.

    Attributes:
        present: Stretches in a jail, from, until (nothing: nobody recorded a leaving).
        matters: Criminal matters, from, until.
        without_days: Whether the form leaves out Saturdays, Sundays and holidays.
    """

    first: datetime
    without_days: bool
    present: list[tuple[int, int | None]] = field(default_factory=list)
    matters: list[tuple[int, int | None]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def without_authority(self, until: int) -> list[tuple[int, int]]:
        """Stretches in a jail that nothing allowed, up to a moment, counted one minute after the other."""
        found: list[tuple[int, int]] = []
        counted = elapsed = 0
        whole: int | None = None
        for minute in range(self.present[0][0], until):
            if not _covers(self.present, minute) or _covers(self.matters, minute):
                continue
            whole = self._uninterrupted(minute) if whole is None else whole
            left = counted < LIMIT and elapsed < whole
            if not (left and any(r.allows(minute) for r in self.requests)):
                if found and found[-1][1] == minute:
                    found[-1] = (found[-1][0], minute + 1)
                else:
                    found.append((minute, minute + 1))
            elapsed += 1
            counted += self._counts(minute)
        return found

    def limit(self, released: int) -> int:
        """The minute at which the limit after a release moment is used up, when nothing interrupts it."""
        return released + self._uninterrupted(released)

    def _uninterrupted(self, released: int) -> int:
        counted, minute = 0, released
        while counted < LIMIT:
            counted += self._counts(minute)
            minute += 1
        return minute - released

    def _counts(self, minute: int) -> bool:
        if not self.without_days:
            return True
        day = (self.first + timedelta(minutes=minute)).astimezone(ZONE).date()
        return day.weekday() < 5 and day not in FREE

    def when(self, minute: int) -> str:
        """A minute as somebody in the county writes it, with its offset."""
        return (self.first + timedelta(minutes=minute)).astimezone(ZONE).isoformat(timespec="minutes")


def midnight(day: date) -> datetime:
    """The first moment of a world."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _covers(stretches: list[tuple[int, int | None]], minute: int) -> bool:
    return any(start <= minute and (end is None or minute < end) for start, end in stretches)
