"""What is owed in a case: an act, by whom, until when, and what follows when it does not come.

One docket for every role is made of it, the oldest first. The due times are this program's own choice where no
source is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tenprint.cases.card.case import Case
from tenprint.cases.card.lawful import asks_for_hold
from tenprint.cases.card.values import Event
from tenprint.cases.custody.events import DueWarned
from tenprint.cases.custody.view import Custody
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.due import Due
from tenprint.cases.kernel.value import Value

WARN_HOURS = (6, 1)
"""Hours before a limit at which its owner is warned."""

ABOVE = {"jail": "supervisor", "office": "supervisor", "center": "supervisor", "supervisor": "rights"}
"""Who hears of a warning that its owner did not."""

COPY = timedelta(hours=24)
ACKNOWLEDGE = timedelta(hours=24)
INCIDENT = timedelta(hours=72)


class Targets(Value, frozen=True):
    """Targets of an exchange for answers and decisions; nothing where it has set none."""

    answer: timedelta | None = None
    decision: timedelta | None = None


def owed(case: Case, act: Act, targets: Targets | None = None) -> tuple[Due, ...]:
    """Everything owed in a case at the moment of the act, the earliest due first."""
    whole = custody_at(case, act)
    found = [
        *_release(case, whole, act),
        *_requests(case, whole),
        *_people(case, act, targets or Targets()),
        *_open_incidents(case),
    ]
    return tuple(sorted(found, key=lambda d: (d.due, d.about)))


def _tcn(case: Case) -> str:
    return case.submission.tcn if case.submission else ""


def _release(case: Case, whole: Custody, act: Act) -> Iterator[Due]:
    """A person who could leave is owed the door: at the limit of a hold, at once without one."""
    released = whole.released_at(act.now)
    if released is None:
        if case.all_disposed_at is not None and not case.moments and whole.here is not None:
            released = case.all_disposed_at
        else:
            return
    hold = whole.hold_at(act.now)
    due = hold.deadline if hold is not None else released
    yield Due(
        tcn=_tcn(case), about="release", act=f"tenprint jail release {_tcn(case)}", owner="jail",
        since=released, due=due, what="the person is let go, or federal officers come",
        consequence="every minute after it is without authority",
    )  # fmt: skip


def _requests(case: Case, whole: Custody) -> Iterator[Due]:
    request, tcn = case.detainer, _tcn(case)
    ended = [d for d in case.detainers if d.ended_at is not None and d.told_at is None and asks_for_hold(d.form)]
    if whole.here is None:
        return
    for gone in ended:
        if gone.ended_at is not None:
            yield Due(
                tcn=tcn, about=f"end of request {gone.number}", act=f"tenprint jail acknowledge {tcn}", owner="jail",
                since=gone.ended_at, due=gone.ended_at,
                what=f"request {gone.number} is {gone.state.lower()}: the jail knows",
                consequence="nobody may be held on it, whoever knows",
            )  # fmt: skip
    if request is None or request.issued.issued_at is None:
        return
    issued = request.issued.issued_at
    if not request.acknowledged:
        yield Due(
            tcn=tcn, about=f"acknowledgment of request {request.number}", act=f"tenprint jail acknowledge {tcn}",
            owner="jail", since=issued, due=issued + ACKNOWLEDGE, what=f"{request.form} is acknowledged",
            consequence="the office does not know that it arrived",
        )  # fmt: skip
    if request.served_at is None:
        yield Due(
            tcn=tcn, about=f"copy of request {request.number}", act=f"tenprint jail serve {tcn} --language L",
            owner="jail", since=issued, due=issued + COPY, what=f"the person is given a copy of {request.form}",
            consequence="a hold without a copy is an incident; Form I-247A is not in force",
        )  # fmt: skip
    if asks_for_hold(request.form) and not any(h.request == request.number for h in case.honors):
        yield Due(
            tcn=tcn, about=f"answer to request {request.number}",
            act=f"tenprint jail honor {tcn} --under AUTHORITY, or jail decline", owner="jail", since=issued,
            due=issued + ACKNOWLEDGE, what="the jail honors the request or declines it",
            consequence="without it nobody is held",
        )  # fmt: skip


def _people(case: Case, act: Act, targets: Targets) -> Iterator[Due]:
    tcn = _tcn(case)
    for claim in case.open_claims:
        made = claim.made
        yield Due(
            tcn=tcn, about=f"claim {made.number}", act=f"tenprint claim {tcn} --resolve {made.number}",
            owner="supervisor", since=made.due, due=made.due, what=f"{made.claim}: {made.owner} owes an answer",
            consequence="an incident; the request stays withdrawn", incident="claim-overdue",
        )  # fmt: skip
    sent = case.queries[0].sent_at if case.queries and not case.determinations else None
    if sent is not None:
        due = sent + (targets.answer or timedelta(0))
        yield Due(
            tcn=tcn, about="query 1", act=f"tenprint center answer {tcn}", owner="center", since=sent, due=due,
            what=f"the center owes an answer since {due.isoformat()}", consequence="nothing is decided on a match",
            incident="answer-overdue" if targets.answer is not None else None,
        )  # fmt: skip
    answer = case.determinations[0] if case.determinations else None
    if answer is not None and answer.determined_at is not None and not case.decisions and case.left_at is None:
        due = answer.determined_at + (targets.decision or timedelta(0))
        yield Due(
            tcn=tcn, about="answer 1", act=f"tenprint office decide {tcn}", owner="office", since=answer.determined_at,
            due=due, what="nobody decided, and not to act is a decision too", consequence="nobody is asked to hold",
            incident="decision-overdue" if targets.decision is not None else None,
        )  # fmt: skip
    looks = [r for r in case.reevaluations if case.decision is not None and r.decision == case.decision.version]
    if looks and case.left_at is None:
        at = looks[-1].due_at or act.now
        yield Due(
            tcn=tcn, about=f"decision {looks[-1].decision} again", act=f"tenprint office decide {tcn}", owner="office",
            since=at, due=at, what=looks[-1].because, consequence="the request may have lost its ground",
        )  # fmt: skip


def _open_incidents(case: Case) -> Iterator[Due]:
    tcn = _tcn(case)
    for incident in case.open_incidents:
        opened = incident.opened
        yield Due(
            tcn=tcn, about=f"incident {opened.number}", owner="supervisor", since=opened.since,
            act=f"tenprint case close-incident {tcn} {opened.number} --reason R", due=opened.since + INCIDENT,
            what=f"{opened.what}: {opened.detail}", consequence="it stays open and published",
        )  # fmt: skip


def warnings(case: Case, act: Act) -> tuple[Event, ...]:
    """Warnings due six hours and one hour before the limit of a hold, and to the next above when it passed."""
    hold = custody_at(case, act).hold_at(act.now)
    if hold is None or hold.end is not None or hold.tcn != _tcn(case):
        return ()
    told = {w.hours for w in case.warnings if w.moment == hold.deadline}
    reached = [h for h in WARN_HOURS if act.now >= hold.deadline - timedelta(hours=h)]
    events = [DueWarned(due="release", owner="jail", moment=hold.deadline, hours=h) for h in reached if h not in told]
    if hold.is_over(act.now) and 0 not in told:
        events.append(DueWarned(due="release", owner=ABOVE["jail"], moment=hold.deadline, hours=0))
    return tuple(events)
