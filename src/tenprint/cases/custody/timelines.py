"""Two timelines and one subtraction: where a person was, what allowed it, and the minutes that nothing allowed.

Pure interval arithmetic on half-open stretches of time. It knows no card, no form and no clock: whoever asks gives the
moment up to which an open stretch is looked at. ``watch``, incidents, ``holds``, facts, figures and costs all read
``without_authority``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from tenprint.cases.kernel.value import Value

Ground = Literal["criminal", "hold", "federal"]
"""What allowed a person to be kept: a criminal matter, a hold that a jail honors, federal custody in that building."""

Cause = Literal[
    "release-processing",
    "no-request",
    "no-hold-form",
    "not-served",
    "not-honored",
    "past-deadline",
    "request-ended",
    "withdrawn",
    "not-passed-on",
    "barred-by-law",
    "no-federal-authority",
]
"""Why nothing allowed it. ``release-processing``: up to a facility's published norm after a release moment, never
authority; ``not-passed-on``: the request was withdrawn and the jail had not been told."""


class Stretch(Value, frozen=True):
    """A half-open stretch of time."""

    start: datetime
    end: datetime | None = None
    """Nothing: it has not ended."""

    def until(self, moment: datetime) -> datetime:
        """Where it ends, looked at from a moment."""
        return moment if self.end is None else min(self.end, moment)

    def covers(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.start <= moment and (self.end is None or moment < self.end)

    def minutes(self, moment: datetime) -> int:
        """Whole minutes of it up to a moment."""
        return max(self.until(moment) - self.start, timedelta()) // timedelta(minutes=1)


class Presence(Stretch, frozen=True, kw_only=True):
    """A stretch in one facility."""

    facility: str
    """ORI of the facility that answers for the person."""
    confirmed_to: datetime
    """The last word: until here somebody said that the person was there."""
    how: str = ""
    """How it ended: RELEASED, TRANSFERRED, CUSTODY_ASSUMED ...; empty while it goes on."""


class Authority(Stretch, frozen=True, kw_only=True):
    """A stretch for which something allowed the person to be kept."""

    ground: Ground
    why: str
    """The matter, the request or the determination, in words."""
    document: str = ""
    limit: datetime | None = None
    """The moment at which it ends by itself; nothing for a criminal matter."""
    request: int | None = None
    """Number of the request that is honored."""
    tcn: str = ""
    """Card of the case that it comes from."""


class Gap(Stretch, frozen=True, kw_only=True):
    """A stretch of presence without authority."""

    cause: Cause
    facility: str
    owes: str
    """Who owed what would have ended it: ``jail`` or ``office``."""
    confirmed_to: datetime
    """Minutes before it are confirmed; those after it run on the last word."""


def union(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same time in stretches that neither touch nor overlap, in order. Empty ones are left out."""
    merged: list[Stretch] = []
    for s in sorted(stretches, key=lambda s: s.start):
        if s.end is not None and s.end <= s.start:
            continue
        last = merged[-1] if merged else None
        if last is not None and (last.end is None or s.start <= last.end):
            end = None if last.end is None or s.end is None else max(last.end, s.end)
            merged[-1] = Stretch(start=last.start, end=end)
        else:
            merged.append(Stretch(start=s.start, end=s.end))
    return tuple(merged)


def subtract(of: Stretch, what: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The parts of a stretch that none of the others covers, in order."""
    left, start = [], of.start
    for s in union(what):
        if s.end is not None and s.end <= start:
            continue
        if of.end is not None and s.start >= of.end:
            break
        if s.start > start:
            left.append(Stretch(start=start, end=s.start))
        if s.end is None:
            return tuple(left)
        start = s.end
    if of.end is None or start < of.end:
        left.append(Stretch(start=start, end=of.end))
    return tuple(left)


def common(a: Stretch, b: Stretch) -> Stretch | None:
    """The time in both; nothing when there is none."""
    start = max(a.start, b.start)
    ends = [e for e in (a.end, b.end) if e is not None]
    end = min(ends) if ends else None
    return None if end is not None and end <= start else Stretch(start=start, end=end)


def split(of: Stretch, at: Iterable[datetime]) -> tuple[Stretch, ...]:
    """A stretch cut at moments inside of it, in order."""
    cuts = sorted({m for m in at if m > of.start and (of.end is None or m < of.end)})
    starts, ends = [of.start, *cuts], [*cuts, of.end]
    return tuple(Stretch(start=s, end=e) for s, e in zip(starts, ends, strict=True))


def without_authority(
    presence: Iterable[Presence], authority: Sequence[Authority]
) -> tuple[tuple[Presence, Stretch], ...]:
    """Presence minus authority: every stretch that nothing allowed, with the presence that it is a part of."""
    return tuple((p, s) for p in presence for s in subtract(p, authority))
