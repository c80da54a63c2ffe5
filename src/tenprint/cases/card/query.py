"""The query to the support center and its answer (IAQ and IAR).

Only a BIOMETRIC query follows from a match; the others are typed by somebody, who says why. An answer is a person's,
names its sources and how far each can be relied on, and never overwrites an earlier answer.
"""

from __future__ import annotations

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.detainer import withdraw
from tenprint.cases.card.events import Event, QuerySent, StatusDetermined
from tenprint.cases.card.evolve import fold
from tenprint.cases.card.facts import CITIZENS, REMOVABLE
from tenprint.cases.card.gate import ADULT
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
    elif act.role == "system":
        raise Refusal(asked, "the machinery asks only after a match", "let a named person ask")
    else:
        _check_typed(case, command, asked)
    identity = command.identity or (case.immigration.identity if case.immigration else None)
    return (
        QuerySent(
            origin=command.origin, offense=command.offense, identity=identity, basis=command.basis, sent_at=act.now
        ),
    )


BASES: dict[str, tuple[str, ...]] = {
    "what the person said": ("statement", "interview"),
    "a paper that was shown": ("document", "passport", "card", "certificate"),
    "an earlier record": ("record", "order", "warrant", "file"),
    "another agency's notice": ("agency", "notice", "examiner", "examiners"),
}
"""What a query that no match caused may rest on, and the words that name it. Looks, speech and names are no basis."""


def _check_typed(case: Case, command: cmd.SendQuery, asked: str) -> None:
    """A query that no match caused: its basis is of the list, and nobody asks about a minor or round a closed gate."""
    words = {w.strip(".,;:()").lower() for w in command.basis.split()}
    if not any(words & set(named) for named in BASES.values()):
        came = f"{command.basis!r} came" if command.basis.strip() else "none came"
        raise Refusal(
            asked, f"a query that no match caused needs its reason in words, and {came}",
            *(f"{what} ({', '.join(named)})" for what, named in BASES.items()),
        )  # fmt: skip
    card, gate = case.submission, case.gate
    stated = case.facts["age"].value if "age" in case.facts else None
    age = stated if isinstance(stated, int) else card.age_at_arrest if card else None
    if isinstance(age, int) and age < ADULT and not (card is not None and card.treat_as_adult):
        raise Refusal(asked, f"the person is {age}: nobody asks about a minor", "nothing is asked")
    if gate is None or gate.forwarded or gate.reason is None:
        return
    if gate.reason in {"juvenile", "civil"} or command.origin == "BIOGRAPHIC":
        raise Refusal(
            asked, f"the gate kept this card back ({gate.reason}), and a query does not run round it",
            "an interview of the Criminal Alien Program or under 287(g) says so (CAP_INTERVIEW, 287G)",
        )  # fmt: skip


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
    because = f"answer {determined.version} of the center: {determined.status}"
    if not indicator:
        return (determined, *reevaluate(case, determined, because, act))
    gone = withdraw(case, None, f"citizenship indicator in answer {determined.version}", act)
    known = fold((determined, *gone), case)
    taken = citizen_taken(known, f"answer {determined.version} says {determined.status}", act)
    return (determined, *gone, *taken, *reevaluate(fold(gone, case), determined, because, act))


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
