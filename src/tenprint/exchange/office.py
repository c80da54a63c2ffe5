"""The field office: what the law of a day permits about one person, for the officer who chooses."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tenprint import law
from tenprint.cases.card.bars import check_no_bar
from tenprint.cases.card.decision import PD_REVIEW
from tenprint.cases.card.lawful import REQUESTS, Finding, find, forms_for
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.exchange.core import Core
from tenprint.exchange.examiner import scores


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer sees before choosing."""

    tcn: str
    on: str
    finding: Finding
    forms: dict[str, tuple[str, ...]]
    """Forms that could be issued that day, by choice."""
    bars: str
    """What stands in the way of any request, such as an open claim; empty when nothing does."""
    weigh: str = ""
    """Factors that the discretion memo of the day asks to weigh, in the words of the table; empty when none does."""
    scores: tuple[str, ...] = ()
    """What the scores of the searches mean, and what examiners concluded, a sentence each."""


def consider(exchange: Core, tcn: str, at: datetime, *, ori: str | None = None) -> Desk:
    """What the law of the day of ``at`` permits in a case. Changes nothing.

    Raises:
        UnknownError: when there is no such case.
    """
    around = exchange.surroundings(exchange.stream_of(tcn, ori))
    case = around.case
    act = Act(actor="reader", role="auditor", now=at, law=None, zone=around.zone, around=around.around)
    found = find(case, act)
    bars = ""
    try:
        check_no_bar(case, "a request to the jail", act)
    except Refusal as refusal:
        bars = str(refusal)
    forms: dict[str, tuple[str, ...]] = {choice: forms_for(choice, act.today) for choice in REQUESTS}
    return Desk(
        tcn=tcn,
        on=act.today.isoformat(),
        finding=found,
        forms=forms,
        bars=bars,
        weigh=_weigh(found),
        scores=scores(case),
    )


def _weigh(found: Finding) -> str:
    if PD_REVIEW not in found.flags:
        return ""
    regimes = [law.load().regime(name) for name in found.overlays]
    asking = [regime for regime in regimes if any(rule.flag == PD_REVIEW for rule in regime.rules)]
    return "; ".join(f"{r.title}: {r.says.partition(': ')[2] or r.says}" for r in asking)
