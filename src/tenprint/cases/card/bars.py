"""What stands in the way of any request about a person, whatever the law permits: the defaults of liberty.

Asked before a decision, before a form goes out and before a withdrawn request is put back.
"""

from __future__ import annotations

from tenprint.cases.card.case import Case
from tenprint.cases.card.facts import CITIZENS, is_cleared
from tenprint.cases.kernel.refusals import Refusal


def check_no_bar(case: Case, asked: str) -> None:
    """Refuse a request while something bars it.

    Raises:
        Refusal: naming the first bar and what could be done.
    """
    _check_claims(case, asked)
    _check_determination(case, asked)
    if case.left_at is not None:
        raise Refusal(asked, f"the person left the jail at {case.left_at.isoformat()}", "record steps and outcome only")


def _check_claims(case: Case, asked: str) -> None:
    for claim in case.claims:
        made = claim.made
        if claim.is_open:
            raise Refusal(
                asked,
                f"claim {made.number} ({made.claim}) is open",
                f"resolve claim {made.number}, due {made.due.isoformat()}, owner {made.owner}",
            )
        if claim.resolved is not None and claim.resolved.upheld and made.claim in {"CITIZEN", "WRONG_PERSON"}:
            raise Refusal(asked, f"claim {made.number} ({made.claim}) was upheld", "NO_ACTION, with a reason")


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
