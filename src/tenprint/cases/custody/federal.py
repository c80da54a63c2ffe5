"""Federal custody: officers took the person, at the jail's door or in the same building (8 CFR 287.7(d))."""

from __future__ import annotations

from tenprint import law as rules
from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.facts import REMOVABLE
from tenprint.cases.card.submission import accepted
from tenprint.cases.card.values import Event
from tenprint.cases.custody import events as ev
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.custody.moments import check_moment, check_not_before_arrest
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def assume(case: Case, command: cmd.AssumeCustody, act: Act) -> tuple[Event, ...]:
    """Federal officers took the person: recorded even where it should not have been, and then as an incident too."""
    asked = "record federal custody"
    accepted(case, asked)
    check_moment(command.at, act, asked)
    check_not_before_arrest(case, command.at, act, asked)
    whole = custody_at(case, act)
    if whole.here is None and whole.presence:
        left = whole.presence[-1].end
        raise Refusal(
            asked, f"the person left the jail at {left.isoformat() if left else ''}", "record proceedings and outcome"
        )
    answer = case.determination
    taken = ev.CustodyAssumed(
        at=command.at,
        determination=answer.version if answer is not None and answer.status in REMOVABLE else None,
        warrant=command.warrant or _warrant_of_request(case),
        stays=command.stays,
        told_at=act.known_at,
    )
    return (taken, *_without_authority(case, taken), *_despite_claim(case, command))


def _warrant_of_request(case: Case) -> ev.Warrant | None:
    """The warrant that came with the request that stands, as a record."""
    return case.detainer.issued.warrant_record if case.detainer is not None else None


def _without_authority(case: Case, taken: ev.CustodyAssumed) -> tuple[Event, ...]:
    """An incident, when nobody determined a status that could carry it, or what the day asks for is not on record."""
    wanting = []
    if taken.determination is None:
        wanting.append("no answer of the center says removable")
    if taken.warrant is None and _needs_warrant(case, stays=taken.stays):
        wanting.append("no warrant is on record")
    if not wanting:
        return ()
    detail = f"federal custody on nothing: {' and '.join(wanting)}"
    return open_once(case, "custody-without-authority", f"custody {taken.at.isoformat()}", detail, taken.at)


def _needs_warrant(case: Case, *, stays: bool) -> bool:
    """Whether a handover needs a warrant of its own: there is no request, or its form goes with one."""
    request = next((d for d in reversed(case.detainers) if d.is_open), None)
    return stays or request is None or rules.form(request.form).warrant


def _despite_claim(case: Case, command: cmd.AssumeCustody) -> tuple[Event, ...]:
    for claim in case.claims:
        upheld = (
            claim.resolved is not None and claim.resolved.upheld and claim.made.claim in {"CITIZEN", "WRONG_PERSON"}
        )
        if claim.is_open or upheld:
            about = f"claim {claim.made.number}"
            detail = f"federal custody although claim {claim.made.number} ({claim.made.claim}) was open or upheld"
            return open_once(case, "custody-despite-claim", about, detail, command.at)
    return ()
