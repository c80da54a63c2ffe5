"""Somebody says: I am a citizen, a victim, a witness, the wrong person.

The request to hold is withdrawn in the same moment, whoever makes the claim and at whatever point; then the claim has
an owner, a due time and an answer by a named person who did not make the decision. The due times are this program's own
choice: the directives of 2009 and 2015 set due times that were not read.
"""

from __future__ import annotations

from datetime import timedelta

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.detainer import withdraw
from tenprint.cases.card.events import ClaimKind, ClaimMade, ClaimResolved, Event
from tenprint.cases.card.evolve import evolve
from tenprint.cases.card.record import reevaluate
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.wrongly import citizen_taken
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

ROUTES: dict[ClaimKind, tuple[str, timedelta]] = {
    "CITIZEN": ("field office supervisor", timedelta(hours=24)),
    "VICTIM": ("field office supervisor", timedelta(hours=72)),
    "WITNESS": ("field office supervisor", timedelta(hours=72)),
    "WRONG_PERSON": ("support center examiner", timedelta(hours=24)),
}
"""Who answers, and by when after the claim."""


def make(case: Case, command: cmd.MakeClaim, act: Act) -> tuple[Event, ...]:
    """Take the claim in and withdraw the request to hold at once."""
    asked = f"claim {command.claim}"
    accepted(case, asked)
    if not command.channel.strip():
        raise Refusal(
            asked,
            "the channel is missing: how the claim came (in person, hotline, letter, counsel)",
            "name the channel",
        )
    owner, time = ROUTES[command.claim]
    number = len(case.claims) + 1
    made = ClaimMade(
        number=number,
        claim=command.claim,
        channel=command.channel,
        due=command.due or act.now + time,
        owner=command.owner or owner,
        statement=command.statement,
    )
    return (made, *withdraw(case, number, f"claim {number}: {command.claim}", act))


def resolve(case: Case, command: cmd.ResolveClaim, act: Act) -> tuple[Event, ...]:
    """Answer a claim; a request that it withdrew comes back only by a supervisor's own act."""
    asked = f"resolve claim {command.number}"
    claim = next((c for c in case.claims if c.made.number == command.number), None)
    if claim is None:
        raise Refusal(
            asked,
            "there is no such claim",
            "claims of this case: " + (", ".join(str(c.made.number) for c in case.claims) or "none"),
        )
    if claim.resolved is not None:
        raise Refusal(asked, f"{claim.resolved.by} answered it", "a new claim, if something new is known")
    if not command.reason.strip():
        raise Refusal(asked, "an answer needs a reason", "answer again with a reason")
    if act.actor in {d.officer for d in case.decisions}:
        raise Refusal(
            asked,
            f"{act.actor} decided in this case, and a claim is answered by somebody else",
            "ask another supervisor or the rights office",
        )
    resolved = ClaimResolved(
        number=command.number, upheld=command.upheld, reason=command.reason, by=act.actor, role=act.role
    )
    wrongly = citizen_taken(evolve(case, resolved), f"claim {command.number} was upheld", act) if command.upheld else ()
    return (resolved, *wrongly, *reevaluate(case, resolved, f"claim {command.number} was answered", act))
