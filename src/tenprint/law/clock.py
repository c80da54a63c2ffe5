"""The clock of a hold: a pure function of release, form, time zone and holidays.

8 CFR 287.7(d): custody "for a period not to exceed 48 hours, excluding Saturdays, Sundays, and holidays". The
regulation does not say how to count. Here the hours are counted twice, by the clock on the facility's wall and by
elapsed time, and the earlier deadline wins; an ambiguous or missing local time is read the way that ends the hold
earlier. On an excluded day the clock stands still; a release on such a day starts it at the first moment of the next
day that counts. Nothing pauses it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tenprint.law.errors import LawError
from tenprint.law.forms import Form, form
from tenprint.law.holidays import federal_holidays

ALARM_HOURS = (24, 36, 44, 48)
_DAY = timedelta(days=1)


class ExcludedDay(msgspec.Struct, frozen=True):
    """A calendar day on which the clock stood still."""

    day: date
    why: str


class Alarm(msgspec.Struct, frozen=True):
    """A moment at which that many hours are used."""

    hours: int
    at: datetime


class Step(msgspec.Struct, frozen=True):
    """What one calendar day added to the clock, in the reading that won."""

    day: date
    why: str
    """Why the day is excluded; empty when it counts."""
    minutes: float
    used: float
    """Minutes used at the end of the step."""


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """When a hold under a form ends at the latest."""

    deadline: datetime | None
    """With the facility's offset; None: the form asks for no hold."""
    form: str
    zone: str
    released: datetime
    """The moment of would-be release, in the reading that won."""
    excluded: tuple[str, ...]
    """Days on which the clock stood still, ISO 8601."""
    excluded_days: tuple[ExcludedDay, ...]
    alarms: tuple[Alarm, ...]
    reading: str
    """Which way of counting ended first: `wall clock`, `elapsed time`, `both`, or `no hold`."""
    steps: tuple[Step, ...]
    rule: str


def hold_deadline(form_name: str, released: datetime, zone: str) -> Deadline:
    """When a hold under this form ends at the latest.

    Args:
        form_name: name of a form version such as `I-247 (12/12)`.
        released: the moment at which the person would otherwise walk out. Without an offset it is the facility's local
            time; if that time happened twice or never, the reading with the earlier deadline counts.
        zone: IANA time zone of the facility.

    Raises:
        LawError: for an unknown form or zone, or a year before the holiday table.
    """
    version = form(form_name)
    local = _zone(zone)
    starts = _readings(released, local)
    if version.hold_hours is None:
        return Deadline(
            deadline=None, form=version.name, zone=zone, released=starts[0], excluded=(), excluded_days=(), alarms=(),
            reading="no hold", steps=(), rule=f"{version.name} asks for no hold: at release the person walks out.",
        )  # fmt: skip
    limit = timedelta(hours=version.hold_hours)
    runs = [
        run
        for start in starts
        for run in (_by_wall(start, local, version, limit), _by_elapsed(start, local, version, limit))
    ]
    end = min(run.end for run in runs)
    won = [run for run in runs if run.end == end]
    names = {run.reading for run in won}
    steps = won[0].steps
    days = tuple(ExcludedDay(step.day, step.why) for step in steps if step.why)
    return Deadline(
        deadline=end.astimezone(local),
        form=version.name,
        zone=zone,
        released=won[0].start.astimezone(local),
        excluded=tuple(day.day.isoformat() for day in days),
        excluded_days=days,
        alarms=tuple(
            Alarm(h, _earliest(starts, local, version, timedelta(hours=h)).astimezone(local))
            for h in ALARM_HOURS
            if h <= version.hold_hours
        ),
        reading=names.pop() if len(names) == 1 else "both",
        steps=steps,
        rule=_rule(version),
    )


def counted_deadline(form_name: str, start: datetime, zone: str, used: timedelta = timedelta()) -> datetime:
    """When the hours of a form are used up that start to count at a moment, after some were used before.

    Args:
        form_name: a form that asks for a hold.
        start: moment with an offset.
        zone: IANA time zone of the facility.
        used: counted time used before.
    """
    version, local, at = form(form_name), _zone(zone), start.astimezone(UTC)
    left = max(timedelta(hours=version.hold_hours or 0) - used, timedelta())
    if not left:
        return start
    return min(_by_wall(at, local, version, left).end, _by_elapsed(at, local, version, left).end)


def counted_time(form_name: str, start: datetime, end: datetime, zone: str) -> timedelta:
    """The time between two moments that counts under a form: elapsed time without its excluded days."""
    version, local = form(form_name), _zone(zone)
    at, counted = start.astimezone(UTC), timedelta()
    while at < end:
        day, turn = at.astimezone(local).date(), min(_next_turn(at, local), end)
        counted += timedelta() if _why_excluded(day, version) else turn - at
        at = turn
    return counted


class _Run(msgspec.Struct, frozen=True):
    start: datetime
    end: datetime
    reading: str
    steps: tuple[Step, ...]


def _rule(version: Form) -> str:
    left_out = "Saturdays, Sundays and federal holidays are left out" if version.excludes else "no day is left out"
    hours = f"{version.hold_hours} hours from release"
    return f"{version.name}: {hours}; {left_out}; the earlier of wall clock and elapsed time."


def _zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise LawError(f"expected an IANA time zone such as America/Chicago, got {zone!r}") from None


def _readings(released: datetime, local: ZoneInfo) -> tuple[datetime, ...]:
    """Every instant (UTC) that the stated time can mean: one, or two around a change of the clocks."""
    if released.tzinfo is not None:
        return (released.astimezone(UTC),)
    return tuple(sorted({released.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1)}))


def _earliest(starts: tuple[datetime, ...], local: ZoneInfo, version: Form, limit: timedelta) -> datetime:
    return min(
        run.end
        for start in starts
        for run in (_by_wall(start, local, version, limit), _by_elapsed(start, local, version, limit))
    )


def _why_excluded(day: date, version: Form) -> str:
    weekday = day.strftime("%A")
    if weekday.lower() in version.excludes:
        return weekday
    return federal_holidays(day.year).get(day, "") if "federal holiday" in version.excludes else ""


def _by_wall(start: datetime, local: ZoneInfo, version: Form, limit: timedelta) -> _Run:
    """Count hours on the wall clock: every day that counts has 24 of them."""
    at, left, used, steps = start.astimezone(local).replace(tzinfo=None), limit, timedelta(), []
    while True:
        midnight = datetime.combine(at.date() + _DAY, time())
        why = _why_excluded(at.date(), version)
        counted = timedelta() if why else min(left, midnight - at)
        left, used = left - counted, used + counted
        steps.append(_step(at.date(), why, counted, used))
        if not left:
            break
        at = midnight
    return _Run(start, _earlier_reading(at + counted, local), "wall clock", tuple(steps))


def _by_elapsed(start: datetime, local: ZoneInfo, version: Form, limit: timedelta) -> _Run:
    """Count elapsed time: a day on which the clocks go forward has 23 hours."""
    at, left, used, steps = start, limit, timedelta(), []
    while True:
        day, turn = at.astimezone(local).date(), _next_turn(at, local)
        why = _why_excluded(day, version)
        counted = timedelta() if why else min(left, turn - at)
        left, used = left - counted, used + counted
        steps.append(_step(day, why, counted, used))
        if not left:
            break
        at = turn
    return _Run(start, at + counted, "elapsed time", _merged(steps))


def _step(day: date, why: str, counted: timedelta, used: timedelta) -> Step:
    return Step(day, why, counted.total_seconds() / 60, used.total_seconds() / 60)


def _merged(steps: list[Step]) -> tuple[Step, ...]:
    """Parts of one day on both sides of a change of the clocks become one step."""
    merged: list[Step] = []
    for step in steps:
        if merged and merged[-1].day == step.day:
            before = merged.pop()
            merged.append(Step(step.day, step.why, before.minutes + step.minutes, step.used))
        else:
            merged.append(step)
    return tuple(merged)


def _earlier_reading(naive: datetime, local: ZoneInfo) -> datetime:
    """The instant that a wall time means; the earlier one when it happens twice or never."""
    return min(naive.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1))


def _next_turn(at: datetime, local: ZoneInfo) -> datetime:
    """An instant up to which the day of `at` lasts, by the offset of `at`: its end, unless the clocks change before.

    Where they go back, an hour of the day is left, which the next turn counts. Where they go forward, the turn lies an
    hour past midnight; the wall clock, which then ends earlier, decides.
    """
    here = at.astimezone(local)
    midnight = datetime.combine(here.date() + _DAY, time())
    return at + (midnight - here.replace(tzinfo=None))
