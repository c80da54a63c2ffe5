"""What stands in the way of any request about a person, whatever the law permits: the defaults of liberty.

Asked before a decision, before a form goes out and before a withdrawn request is put back. Upheld claims and
protections travel with the person: those of other cards bar as well, each naming its card.
"""

from __future__ import annotations

from tenprint.cases.card.case import Case
from tenprint.cases.card.facts import CITIZENS, REMOVABLE, is_cleared
from tenprint.cases.card.statements import may_not_decide
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

UPHELD_BARS = frozenset({"CITIZEN", "WRONG_PERSON"})
"""Upheld claims after which nobody is asked for at all."""


def check_no_bar(case: Case, asked: str, act: Act) -> None:
    """Refuse a request while something bars it.

    Raises:
        Refusal: naming the first bar and what could be done.
    """
    _check_claims(case, asked)
    for other in (*act.around.custody, *act.around.elsewhere):
        _check_claims_elsewhere(other, asked)
    _check_determination(case, asked)
    whole = custody_at(case, act)
    if whole.presence and whole.here is None:
        left = whole.left_at
        raise Refusal(
            asked, f"the person left the jail at {left.isoformat() if left else ''}", "record steps and outcome only"
        )


def check_apart(case: Case, act: Act, asked: str) -> None:
    """Refuse a request by somebody who answered, cleared or stated what it would rest on.

    Raises:
        Refusal: then; somebody else decides.
    """
    parts = {
        "answered the query themselves": any(d.by == act.actor for d in case.determinations),
        "reviewed in this case": any(
            r.approved and r.reviewer == act.actor and r.what != "decision" for r in case.reviews
        ),
        "answered a claim in it": any(c.resolved is not None and c.resolved.by == act.actor for c in case.claims),
    }
    stated = may_not_decide(case, act.actor)
    done = [what for what, so in parts.items() if so] + ([f"stated {', '.join(stated)}"] if stated else [])
    if done:
        raise Refusal(
            asked, f"{act.actor} {' and '.join(done)}, and nobody decides on their own word", "ask another officer"
        )


def _check_claims(case: Case, asked: str) -> None:
    for claim in case.claims:
        made = claim.made
        if claim.is_open:
            raise Refusal(
                asked,
                f"claim {made.number} ({made.claim}) is open",
                f"resolve claim {made.number}, due {made.due.isoformat()}, owner {made.owner}",
            )
        if claim.resolved is not None and claim.resolved.upheld and made.claim in UPHELD_BARS:
            raise Refusal(asked, f"claim {made.number} ({made.claim}) was upheld", "NO_ACTION, with a reason")


def _check_claims_elsewhere(other: Case, asked: str) -> None:
    tcn = other.submission.tcn if other.submission else ""
    for claim in other.claims:
        upheld = claim.resolved is not None and claim.resolved.upheld and claim.made.claim == "CITIZEN"
        if upheld or (claim.is_open and claim.made.claim == "CITIZEN"):
            state = "was upheld" if upheld else "is open"
            raise Refusal(
                asked,
                f"claim {claim.made.number} (CITIZEN) of the same person {state} on card {tcn}",
                "NO_ACTION, with a reason",
                f"if it is another person: tenprint custody apart, with a second person, names {tcn}",
            )


def _check_determination(case: Case, asked: str) -> None:
    answer = case.determination
    if answer is None:
        raise Refusal(
            asked,
            "nobody has determined the person's status, and a match is not a status",
            "ask the center and wait for its answer",
            "NO_ACTION or NEEDS_MORE_FACTS, with a reason",
        )
    if answer.status in CITIZENS:
        raise Refusal(asked, f"answer {answer.version} says {answer.status}", "NO_ACTION, with a reason")
    if answer.citizenship_indicator and not is_cleared(case, answer.version):
        raise Refusal(
            asked,
            f"answer {answer.version} carries a citizenship indicator that no supervisor has cleared",
            "ask a supervisor to review it (Review citizenship)",
            "SUPERVISOR_REVIEW or NO_ACTION, with a reason",
        )
    if answer.status not in REMOVABLE and not is_agreed(case, answer.version):
        raise Refusal(
            asked,
            f"answer {answer.version} says {answer.status}, which is not removable",
            "NO_ACTION, with a reason",
            "a supervisor and a reviewer, both other people, give a written ground (Review status)",
        )


def is_agreed(case: Case, version: int) -> bool:
    """Whether a supervisor and a second person gave a written ground for a request despite that answer."""
    return any(r.what == "status" and r.approved and r.determination == version and r.second for r in case.reviews)
