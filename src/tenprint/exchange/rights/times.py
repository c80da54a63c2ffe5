"""How long the office really takes: the days of each step over all complaints, waiting ones included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from statistics import median

import msgspec

from tenprint.cases.complaint import Clock


class StepTimes(msgspec.Struct, frozen=True):
    """One step over all complaints."""

    step: str
    done: int
    waiting: int
    waived: int
    """Ended by the closing of the complaint, not done."""
    late: int
    """Done late, or waiting past the due moment."""
    median_days: float | None
    """Of those done."""
    longest_days: float | None
    """Of those done or waiting."""


def summarize(clocks: Iterable[Clock], now: datetime) -> list[StepTimes]:
    """The steps in the order in which they first appear.

    Args:
        clocks: Of all complaints.
        now: Moment up to which what waits is counted.
    """
    steps: dict[str, list[Clock]] = {}
    for clock in clocks:
        steps.setdefault(clock.step.split()[0], []).append(clock)
    return [_one(step, found, now) for step, found in steps.items()]


def _one(step: str, clocks: list[Clock], now: datetime) -> StepTimes:
    done = [c.days(now) for c in clocks if c.done is not None and not c.waived]
    counted = [c for c in clocks if not c.waived]
    return StepTimes(
        step=step,
        done=len(done),
        waiting=sum(c.done is None for c in clocks),
        waived=len(clocks) - len(counted),
        late=sum(c.is_late(now) for c in counted),
        median_days=round(median(done), 1) if done else None,
        longest_days=round(max(c.days(now) for c in counted), 1) if counted else None,
    )
