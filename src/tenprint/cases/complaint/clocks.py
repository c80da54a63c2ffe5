"""The clocks of a complaint: what is owed until when, and how many days it really took. Derived, never a timer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tenprint.cases.complaint import events as ev
from tenprint.cases.complaint.events import ComplaintEvent
from tenprint.cases.kernel.value import Value


class Clock(Value, frozen=True):
    """One thing that is or was owed."""

    step: str
    since: datetime
    due: datetime
    done: datetime | None = None
    waived: bool = False
    """It ended because the complaint was closed, not because it was done."""

    def days(self, now: datetime) -> float:
        """Days it took, or has taken until now."""
        return ((self.done or now) - self.since).total_seconds() / 86400

    def is_late(self, now: datetime) -> bool:
        """Whether it was, or is, past its due moment."""
        return (self.done or now) > self.due


def clocks(history: Iterable[tuple[datetime, ComplaintEvent]]) -> tuple[Clock, ...]:
    """The clocks of a complaint, oldest first.

    Args:
        history: Its events in order, each with the moment at which it happened.
    """
    made: dict[str, Clock] = {}
    for when, event in history:
        for step, due in _starts(event):
            made.setdefault(step, Clock(step=step, since=when, due=due))
        for step in _ends(event, made):
            clock = made.get(step)
            if clock is not None and clock.done is None:
                made[step] = Clock(step=step, since=clock.since, due=clock.due, done=when)
        if isinstance(event, ev.Closed):
            for step, clock in made.items():
                if clock.done is None:
                    made[step] = Clock(step=step, since=clock.since, due=clock.due, done=when, waived=True)
    return tuple(made.values())


def _starts(event: ComplaintEvent) -> list[tuple[str, datetime]]:
    started: list[tuple[str, datetime | None]] = []
    match event:
        case ev.ComplaintReceived():
            started = [("acknowledge", event.acknowledge_due), ("triage", event.triage_due)]
        case ev.Triaged():
            started = [("finding", event.finding_due)]
        case ev.Reopened():
            started = [(f"finding after reopening, due {event.finding_due:%Y-%m-%d}", event.finding_due)]
        case ev.Referred(for_action=True):
            started = [(f"referral {event.number}", event.due)]
        case ev.Recommended():
            started = [(f"response {event.number}", event.due)]
        case ev.Written():
            started = [(f"reply {event.number}", event.due)]
    return [(step, due) for step, due in started if due is not None]


def _ends(event: ComplaintEvent, made: dict[str, Clock]) -> list[str]:
    ended: list[str] = []
    match event:
        case ev.Acknowledged():
            ended = ["acknowledge"]
        case ev.Triaged():
            ended = ["triage"]
        case ev.Found():
            ended = [step for step in made if step.startswith("finding")]
        case ev.ReferralAcknowledged():
            ended = [f"referral {event.number}"]
        case ev.Responded():
            ended = [f"response {event.number}"]
        case ev.Written(writer="office"):
            ended = ["acknowledge", *(step for step in made if step.startswith("reply"))]
    return ended
