"""The watch over flags: what is past its deadline is noted on the ledger, so that none is past due in silence."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding.events import DeadlinePassed
from tenprint.exchange.core import Core
from tenprint.exchange.findings.desk import Findings


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """What one round saw."""

    cases: int
    """Flags in which something is owed."""
    noted: tuple[str, ...]
    """What was noted in this round as past due."""
    late: tuple[str, ...]
    """Everything that is owed and past due."""
    silent: tuple[str, ...]
    """What is past due and not noted: always empty, or the watch has failed."""


def look(exchange: Core, now: datetime) -> Late:
    """One round over all flags in which something is owed.

    Args:
        exchange: Where.
        now: Moment to look at.
    """
    desk = Findings(exchange)
    numbers = desk.numbers(only_open=True)
    noted: list[str] = []
    late: list[str] = []
    silent: list[str] = []
    for number in numbers:
        made = desk.do(number, cmd.LookAtClock(), None, now)
        noted += [_line(number, e.step, e.due) for e in made if isinstance(e, DeadlinePassed)]
        case = desk.load(number)
        late += [_line(number, step, due) for step, due in case.past_due(now)]
        silent += [_line(number, step, due) for step, due in case.silent(now)]
    return Late(cases=len(numbers), noted=tuple(noted), late=tuple(late), silent=tuple(silent))


def _line(number: str, step: str, due: datetime) -> str:
    return f"flag {number}: past due: {step} was due by {due:%Y-%m-%d %H:%M} UTC"
