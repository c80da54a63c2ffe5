"""The clocks of a flag: what is owed until when, and how many days it really took. Derived, never a timer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tenprint.cases.complaint.clocks import Clock
from tenprint.cases.finding import events as ev
from tenprint.cases.finding.events import FindingEvent

__all__ = ["Clock", "clocks"]


def clocks(history: Iterable[tuple[datetime, FindingEvent]]) -> tuple[Clock, ...]:
    """The clocks of a flag, oldest first.

    Args:
        history: Its events in order, each with the moment at which it happened.
    """
    made: dict[str, Clock] = {}
    turn = 1
    for when, event in history:
        turn += isinstance(event, ev.Reopened)
        for step, clock in made.items():
            if clock.done is None and _ends(event, step):
                waived = isinstance(event, ev.ClosedWithoutFinding)
                made[step] = Clock(step=step, since=clock.since, due=clock.due, done=when, waived=waived)
            elif clock.waived and step.startswith("referral") and isinstance(event, ev.Reopened):
                made[step] = Clock(step=step, since=clock.since, due=clock.due)
        started = _starts(event, turn)
        if started is not None:
            step, due = started
            made.setdefault(step, Clock(step=step, since=when, due=due))
    return tuple(made.values())


def _starts(event: FindingEvent, turn: int) -> tuple[str, datetime] | None:
    match event:
        case ev.Opened() | ev.Reopened():
            return f"finding {turn}", event.due
        case ev.Written():
            return f"closing {turn}", event.due
        case ev.Referred():
            return f"referral {event.number}", event.due
    return None


def _ends(event: FindingEvent, step: str) -> bool:
    """Whether an event ends what is owed in a step."""
    match event:
        case ev.Written():
            return step.startswith("finding")
        case ev.ReferralAcknowledged():
            return step == f"referral {event.number}"
        case ev.Closed() | ev.ClosedWithoutFinding():
            return True
    return False
