"""Promises broken or in doubt: opened once for one thing, closed by a named person who did not cause it, with a reason.

Presence without authority is an incident from its first minute, whoever acts or looks next.
"""

from __future__ import annotations

from datetime import datetime

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import IncidentClosed, IncidentOpened
from tenprint.cases.card.evolve import evolve
from tenprint.cases.card.values import Event, IncidentKind
from tenprint.cases.custody.timelines import Gap
from tenprint.cases.custody.view import Custody
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

ABOUT_A_PERSON_HELD: tuple[IncidentKind, ...] = ("held-past-deadline", "held-without-request")
CLOSE_ELSEWHERE: tuple[IncidentKind, ...] = (
    *ABOUT_A_PERSON_HELD, "not-served", "served-without-paper", "released-in-error", "died-in-custody",
    "honored-against-law",
)  # fmt: skip
"""Incidents that a facility causes: somebody who recorded none of its acts closes them."""

_SAYS: dict[str, str] = {
    "past-deadline": "the limit is reached and nobody recorded that the person left",
    "no-request": "nobody asked to hold the person, and nobody recorded that they left",
    "release-processing": "released, and still there; no request to hold",
    "no-hold-form": "the form asks for no hold, and nobody recorded that the person left",
    "not-served": "the request is not in force before the person is served, and nobody recorded that they left",
    "not-honored": "the jail has not honored the request, and nobody recorded that the person left",
    "request-ended": "the request has ended, and nobody recorded that the person left",
    "withdrawn": "the request was withdrawn, and nobody recorded that the person left",
    "not-passed-on": "the request was withdrawn, the jail was not told, and the person is still there",
    "barred-by-law": "the jail honors a request that the law of the place forbids to honor",
    "no-federal-authority": "federal custody without determination and warrant on record",
}


def open_once(case: Case, what: IncidentKind, about: str, detail: str, since: datetime) -> tuple[IncidentOpened, ...]:
    """An incident, unless one of the same kind about the same thing was ever opened."""
    if any(i.opened.what == what and i.opened.about == about for i in case.incidents):
        return ()
    return (IncidentOpened(number=len(case.incidents) + 1, what=what, detail=detail, since=since, about=about),)


def kind_of(gap: Gap) -> IncidentKind:
    """The incident that a stretch without authority is."""
    return "held-past-deadline" if gap.cause == "past-deadline" else "held-without-request"


def due(case: Case, act: Act) -> tuple[Event, ...]:
    """Incidents of the custody that exist by now and that nobody recorded."""
    now = max(act.now, act.known_at)
    whole = custody_at(case, act)
    events: list[Event] = []
    for gap in whole.gaps:
        if gap.start < now and not _is_told(case, gap, act):
            events += _add(case, gap, now)
            case = evolve(case, events[-1]) if events else case
    for opened in _unserved(case, whole, now):
        events.append(opened)
        case = evolve(case, opened)
    return tuple(events)


def _add(case: Case, gap: Gap, now: datetime) -> tuple[IncidentOpened, ...]:
    hours, minutes = divmod(gap.minutes(now), 60)
    detail = f"{_SAYS[gap.cause]} ({hours} h {minutes:02} min by {now.isoformat(timespec='minutes')})"
    about = f"{gap.cause} since {gap.start.isoformat()}"
    return open_once(case, kind_of(gap), about, detail, gap.start)


def _is_told(case: Case, gap: Gap, act: Act) -> bool:
    """Whether an incident of this or another card of the custody tells of a stretch already: it began inside of it."""
    return any(
        i.opened.what == kind_of(gap)
        and (i.opened.since == gap.start or gap.covers(i.opened.since))
        and (i.opened.about.partition(" since ")[0] in {gap.cause, i.opened.about})
        for c in (case, *act.around.custody)
        for i in c.incidents
    )


def _unserved(case: Case, whole: Custody, now: datetime) -> tuple[IncidentOpened, ...]:
    """Somebody is or was held under a request without having been given a copy."""
    tcn = case.submission.tcn if case.submission else ""
    opened: tuple[IncidentOpened, ...] = ()
    for hold in whole.holds:
        request = next((d for d in case.detainers if d.number == hold.request), None)
        if hold.tcn != tcn or request is None or hold.start >= now:
            continue
        if request.served_at is None:
            detail = f"held under request {request.number} ({request.form}) without having been given a copy"
            opened += open_once(case, "not-served", f"request {request.number}", detail, hold.start)
    return opened


def close(case: Case, command: cmd.CloseIncident, act: Act) -> tuple[Event, ...]:
    """Close an incident by name."""
    asked = f"close incident {command.number}"
    incident = next((i for i in case.incidents if i.opened.number == command.number), None)
    if incident is None:
        numbers = ", ".join(str(i.opened.number) for i in case.incidents) or "none"
        raise Refusal(asked, "there is no such incident", f"incidents of this case: {numbers}")
    if incident.closed is not None:
        raise Refusal(asked, f"it was closed by {incident.closed.by}", "nothing more is needed")
    if not says_something(command.reason):
        raise Refusal(asked, "an incident is closed with a reason that says what was found", "close it again with one")
    if incident.opened.what in ABOUT_A_PERSON_HELD and _still_lasts(case, incident.opened, act):
        raise Refusal(asked, "nobody has recorded that the person left", "record the release, then close it")
    if incident.opened.what in CLOSE_ELSEWHERE and act.actor in act.around.recorded_by:
        raise Refusal(
            asked,
            f"{act.actor} recorded acts of the facility in this custody, and nobody closes an incident they caused",
            "a supervisor, the rights office, or somebody of the jail who had no part in it",
        )
    return (IncidentClosed(number=command.number, reason=command.reason, by=act.actor),)


def _still_lasts(case: Case, opened: IncidentOpened, act: Act) -> bool:
    """Whether the stretch that an incident tells of goes on."""
    gap = custody_at(case, act).gap_at(act.now)
    return gap is not None and gap.end is None and kind_of(gap) == opened.what


def says_something(reason: str) -> bool:
    """Whether a reason is more than a mark: two words, or one that is long enough to be read."""
    words = [w for w in reason.split() if any(c.isalnum() for c in w)]
    return len(words) >= 2 or (bool(words) and len(words[0]) >= 8)
