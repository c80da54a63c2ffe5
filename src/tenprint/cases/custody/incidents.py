"""Promises broken or in doubt: opened once for one thing, closed by a named person with a reason."""

from __future__ import annotations

from datetime import datetime

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event, IncidentClosed, IncidentKind, IncidentOpened
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

ABOUT_A_PERSON_HELD: tuple[IncidentKind, ...] = ("held-past-deadline", "held-without-request")


def open_once(case: Case, what: IncidentKind, about: str, detail: str, since: datetime) -> tuple[IncidentOpened, ...]:
    """An incident, unless one of the same kind about the same thing was ever opened."""
    if any(i.opened.what == what and i.opened.about == about for i in case.incidents):
        return ()
    return (IncidentOpened(number=len(case.incidents) + 1, what=what, detail=detail, since=since, about=about),)


def close(case: Case, command: cmd.CloseIncident, act: Act) -> tuple[Event, ...]:
    """Close an incident by name."""
    asked = f"close incident {command.number}"
    incident = next((i for i in case.incidents if i.opened.number == command.number), None)
    if incident is None:
        numbers = ", ".join(str(i.opened.number) for i in case.incidents) or "none"
        raise Refusal(asked, "there is no such incident", f"incidents of this case: {numbers}")
    if incident.closed is not None:
        raise Refusal(asked, f"it was closed by {incident.closed.by}", "nothing more is needed")
    if not command.reason.strip():
        raise Refusal(asked, "an incident is closed with a reason", "close it again with a reason")
    if incident.opened.what in ABOUT_A_PERSON_HELD and case.left_at is None:
        raise Refusal(asked, "nobody has recorded that the person left", "record the release, then close it")
    return (IncidentClosed(number=command.number, reason=command.reason, by=act.actor),)
