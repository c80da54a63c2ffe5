"""The query to the support center and its answer (IAQ and IAR).

Only a BIOMETRIC query follows from a match; the others are typed by somebody, who says why. An answer is a person's,
names its sources and how far each can be relied on, and never overwrites an earlier answer.
"""

from __future__ import annotations

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.detainer import withdraw
from tenprint.cases.card.events import DetainerWithdrawn, Event, QuerySent, StatusDetermined
from tenprint.cases.card.evolve import evolve
from tenprint.cases.card.facts import CITIZENS, REMOVABLE
from tenprint.cases.card.record import reevaluate
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.moments import check_not_before_arrest
from tenprint.cases.custody.wrongly import citizen_taken
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def send(case: Case, command: cmd.SendQuery, act: Act) -> tuple[Event, ...]:
    """Ask the center."""
    asked = f"send a {command.origin} query"
    accepted(case, asked)
    if command.origin == "BIOMETRIC":
        if case.immigration is None or not case.immigration.hit:
            raise Refusal(
                asked,
                "a biometric query follows from a match, and there is none",
                "answer no match: no digitized record found",
            )
        if any(q.origin == "BIOMETRIC" for q in case.queries):
            return ()
    elif not command.basis.strip():
        raise Refusal(asked, "a query that no match caused needs its reason in words", "ask again with a basis")
    elif act.role == "system":
        raise Refusal(asked, "the machinery asks only after a match", "let a named person ask")
    identity = command.identity or (case.immigration.identity if case.immigration else None)
    return (
        QuerySent(
            origin=command.origin, offense=command.offense, identity=identity, basis=command.basis, sent_at=act.now
        ),
    )


def determine(case: Case, command: cmd.DetermineStatus, act: Act) -> tuple[Event, ...]:
    """Answer a query. A citizenship indicator stops the way to a request, and withdraws one that stands, at once."""
    asked = f"determine the status {command.status}"
    if not case.queries:
        raise Refusal(asked, "nobody asked the center about this person", "send a query first (IAQ)")
    if not command.sources:
        raise Refusal(asked, "an answer needs its sources", "name every record that was looked at, the empty ones too")
    if command.status in REMOVABLE and all(s.absence for s in command.sources):
        raise Refusal(
            asked,
            "every source is a record that was not found, and the absence of a record is not evidence",
            "answer UNDETERMINED or NO_RECORD",
            "name a record that shows the status",
        )
    indicator = command.citizenship_indicator or command.status in CITIZENS
    determined = StatusDetermined(
        version=len(case.determinations) + 1,
        status=command.status,
        confidence=command.confidence,
        sources=command.sources,
        citizenship_indicator=indicator,
        note=command.note,
        determined_at=act.now,
        by=act.actor,
    )
    _check_order(case, act, asked)
    look_again = reevaluate(case, determined, f"answer {determined.version} of the center: {determined.status}", act)
    if not indicator:
        return (determined, *look_again)
    why = f"citizenship indicator in answer {determined.version}"
    known = evolve(case, determined)
    taken = citizen_taken(known, f"answer {determined.version} says {determined.status}", act)
    gone = () if any(isinstance(e, DetainerWithdrawn) for e in look_again) else withdraw(case, None, why, act)
    return (determined, *gone, *taken, *look_again)


def _check_order(case: Case, act: Act, asked: str) -> None:
    """An answer cannot be dated before what was asked, which would reach for the law of an earlier day."""
    asked_at = [q.sent_at for q in case.queries if q.sent_at is not None]
    if asked_at and act.now < min(asked_at):
        raise Refusal(
            asked,
            f"it is dated before what it rests on, the query of {min(asked_at).isoformat()}",
            "state when it was given",
        )
    check_not_before_arrest(case, act.now, act, asked)
