"""The clocks of a complaint: what is owed until when, and how many days it really took. Derived, never a timer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tenprint.cases.complaint import events as ev
from tenprint.cases.complaint.events import ComplaintEvent
from tenprint.cases.events import Value


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
    match event:
        case ev.ComplaintReceived():
            return [("acknowledge", event.acknowledge_due), ("triage", event.triage_due)]
        case ev.Triaged(finding_due=datetime() as due):
            return [("finding", due)]
        case ev.Reopened():
            return [(f"finding after reopening on {event.finding_due:%Y-%m-%d}", event.finding_due)]
        case ev.Referred(for_action=True):
            return [(f"referral {event.number}", event.due)]
        case ev.Recommended():
            return [(f"response {event.number}", event.due)]
        case ev.Written(due=datetime() as due):
            return [(f"reply {event.number}", due)]
        case _:
            return []


def _ends(event: ComplaintEvent, made: dict[str, Clock]) -> list[str]:
    match event:
        case ev.Acknowledged():
            return ["acknowledge"]
        case ev.Triaged():
            return ["triage"]
        case ev.Found():
            return [step for step in made if step.startswith("finding")]
        case ev.ReferralAcknowledged():
            return [f"referral {event.number}"]
        case ev.Responded():
            return [f"response {event.number}"]
        case ev.Written(writer="office"):
            return [step for step in made if step.startswith("reply")]
        case _:
            return []
