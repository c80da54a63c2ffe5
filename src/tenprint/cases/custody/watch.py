"""The watch: what time alone has done to a case. Whoever runs it, as often as they like, the result is the same.

It raises the marks of a running clock, ends a hold at its deadline, sends the release notice, and opens incidents for
what is in doubt. It closes nothing and decides nothing.
"""

from __future__ import annotations

from datetime import timedelta

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event, HoldAlarm, IncidentOpened
from tenprint.cases.card.evolve import evolve, fold
from tenprint.cases.card.lawful import asks_for_hold
from tenprint.cases.custody import hold
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.kernel.act import Act


def tick(case: Case, command: cmd.Tick, act: Act) -> tuple[Event, ...]:
    """Everything that is due at the moment of the act and was not recorded yet."""
    marks = tuple(HoldAlarm(hours=hours, due=due) for hours, due in hold.alarms(case, act.now))
    events: list[Event] = [*marks, *hold.settle(fold(marks, case), act.now)]
    case = fold(events, case)
    for opened in (
        *_without_request(case, act),
        *_claims(case, act),
        *_answers(case, command, act),
        *_decisions(case, command, act),
    ):
        if not any(i.opened.what == opened.what and i.opened.about == opened.about for i in case.incidents):
            numbered = IncidentOpened(
                number=len(case.incidents) + 1,
                what=opened.what,
                detail=opened.detail,
                since=opened.since,
                about=opened.about,
            )
            events.append(numbered)
            case = evolve(case, numbered)
    return tuple(events)


def _without_request(case: Case, act: Act) -> tuple[IncidentOpened, ...]:
    """The person could leave, no request to hold is in force, and nobody recorded that they left."""
    eligible = case.eligible
    asked = [d for d in case.detainers if asks_for_hold(d.form)]
    if eligible is None or case.left_at is not None or case.hold is not None or not asked:
        return ()
    last = case.holds[-1] if case.holds else None
    ended = last.ended if last and last.started.release_eligible_at >= eligible.at else None
    if ended is not None and ended.how == "EXPIRED":
        return ()  # told by the incident held-past-deadline
    since = max(eligible.at, ended.ended_at) if ended else eligible.at
    if act.now <= since:
        return ()
    state = "not served" if asked[-1].is_open else asked[-1].state.lower()
    detail = f"request {asked[-1].number} ({state}) is not in force and nobody recorded that the person left"
    return open_once(case, "held-without-request", f"release of {eligible.at.isoformat()}", detail, since)


def _claims(case: Case, act: Act) -> tuple[IncidentOpened, ...]:
    return tuple(
        opened
        for claim in case.open_claims
        if act.now > claim.made.due
        for opened in open_once(
            case,
            "claim-overdue",
            f"claim {claim.made.number}",
            f"{claim.made.claim}: {claim.made.owner} owes an answer",
            claim.made.due,
        )
    )


def _answers(case: Case, command: cmd.Tick, act: Act) -> tuple[IncidentOpened, ...]:
    if command.answer_hours is None or not case.queries or case.determinations:
        return ()
    sent = case.queries[0].sent_at
    if sent is None or act.now <= sent + timedelta(hours=command.answer_hours):
        return ()
    due = sent + timedelta(hours=command.answer_hours)
    return open_once(case, "answer-overdue", "query 1", f"the center owes an answer since {due.isoformat()}", due)


def _decisions(case: Case, command: cmd.Tick, act: Act) -> tuple[IncidentOpened, ...]:
    answer = case.determinations[0] if case.determinations else None
    if command.decision_hours is None or answer is None or answer.determined_at is None or case.decisions:
        return ()
    due = answer.determined_at + timedelta(hours=command.decision_hours)
    if act.now <= due or case.left_at is not None:
        return ()
    return open_once(case, "decision-overdue", "answer 1", "nobody decided, and not to act is a decision too", due)
