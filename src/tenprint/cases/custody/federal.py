"""Who holds the person: federal custody, release, and the other ways in which a hold ends (8 CFR 287.7(d))."""

from __future__ import annotations

from datetime import datetime

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import CustodyAssumed, CustodyReleased, Event, HoldEnded
from tenprint.cases.card.evolve import fold
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody import hold
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

NEEDS_DOCUMENT = ("NEW_CRIMINAL_HOLD", "TRANSFERRED", "COURT_ORDER")


def assume(case: Case, command: cmd.AssumeCustody, act: Act) -> tuple[Event, ...]:
    """Federal officers took the person: recorded even where it should not have been, and then as an incident too."""
    asked = "record federal custody"
    _check_moment(case, command.at, act, asked)
    if case.left_at is not None:
        raise Refusal(
            asked, f"the person left the jail at {case.left_at.isoformat()}", "record proceedings and outcome"
        )
    passed = hold.settle(case, command.at)
    now = fold(passed, case)
    ended = hold.end(now, "CUSTODY_ASSUMED", command.at)
    return (*passed, *ended, CustodyAssumed(at=command.at), *_despite_claim(now, command))


def _despite_claim(case: Case, command: cmd.AssumeCustody) -> tuple[Event, ...]:
    for claim in case.claims:
        if claim.is_open or (claim.resolved is not None and claim.resolved.upheld and claim.made.claim == "CITIZEN"):
            about = f"claim {claim.made.number}"
            detail = f"federal custody although claim {claim.made.number} ({claim.made.claim}) was open or upheld"
            return open_once(case, "custody-despite-claim", about, detail, command.at)
    return ()


def release(case: Case, command: cmd.ReleasePerson, act: Act) -> tuple[Event, ...]:
    """The person left the custody named, or another matter ended the hold."""
    asked = f"record {command.how.lower().replace('_', ' ')}"
    _check_moment(case, command.at, act, asked)
    if command.how in NEEDS_DOCUMENT and not command.document.strip():
        raise Refusal(asked, "it needs the paper that shows it", "record it again with the document")
    if command.custody == "ICE":
        return _release_from_federal(case, command, asked)
    if case.left_at is not None:
        raise Refusal(asked, f"the person left the jail at {case.left_at.isoformat()}", "nothing more is needed")
    passed = hold.settle(case, command.at)
    now = fold(passed, case)
    if command.how == "NEW_CRIMINAL_HOLD":
        if now.eligible is None:
            raise Refusal(asked, "the person is held for a criminal matter already", "nothing is needed")
        return (*passed, HoldEnded(how="NEW_CRIMINAL_HOLD", ended_at=command.at, document=command.document))
    ended = hold.end(now, command.how, command.at, command.document)
    return (*passed, *ended, CustodyReleased(at=command.at, custody="LOCAL", how=command.how))


def _release_from_federal(case: Case, command: cmd.ReleasePerson, asked: str) -> tuple[Event, ...]:
    if not any(isinstance(e, CustodyAssumed) for e in case.custody):
        raise Refusal(asked, "no federal custody is recorded", "record the release from the jail (custody LOCAL)")
    return (CustodyReleased(at=command.at, custody="ICE", how=command.how),)


def _check_moment(case: Case, at: datetime, act: Act, asked: str) -> None:
    accepted(case, asked)
    if at > act.now:
        raise Refusal(asked, "the moment lies in the future", "record it when it has happened")
