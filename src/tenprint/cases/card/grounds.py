"""The ground of a request, asked again: when a hold begins, and whenever facts, answers or the law change.

Where today's facts no longer permit the request it is withdrawn at once, as a claim of citizenship does. A request
whose own ground still stands (a final order, a conviction) survives the dismissal of a charge: the law of the day
says so.
"""

from __future__ import annotations

from tenprint.cases.card.bars import is_agreed
from tenprint.cases.card.case import Case, Detainer
from tenprint.cases.card.detainer import withdraw
from tenprint.cases.card.events import DecisionRecorded, Event
from tenprint.cases.card.facts import REMOVABLE
from tenprint.cases.card.lawful import find
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

LIFTS = ("NO_ACTION", "MONITOR")
"""Later decisions that end a request."""


def withdraw_if_gone(case: Case, act: Act) -> tuple[Event, ...]:
    """The withdrawal of a request that today's facts and law no longer carry; nothing while they do."""
    why = gone(case, act)
    return withdraw(case, None, why, act) if why else ()


def gone(case: Case, act: Act) -> str:
    """Why the ground of the request that stands is gone; empty while it stands, or when none does."""
    request = case.detainer
    if request is None:
        return ""
    answer, decision = case.determination, case.decision
    made = case.decisions[request.issued.decision - 1]
    if answer is not None and answer.status not in REMOVABLE and not is_agreed(case, answer.version):
        return f"answer {answer.version} of the center says {answer.status}"
    if decision is not None and decision.version > made.version and decision.choice in LIFTS:
        return f"decision {decision.version} is {decision.choice}"
    return "" if made.override else _no_longer_permitted(case, request, made, act)


def _no_longer_permitted(case: Case, request: Detainer, made: DecisionRecorded, act: Act) -> str:
    try:
        found = find(
            case, act, immigration_warrant=request.issued.warrant,
            probable_cause_bases=list(request.issued.probable_cause),
        )  # fmt: skip
    except Refusal:
        return ""  # the law of that day is not in the tables: nothing is known to have changed
    if found.allows(made.choice):
        return ""
    return f"{found.regime} permits {', '.join(found.permitted) or 'nothing'} on today's facts"
