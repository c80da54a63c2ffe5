"""Late facts and corrections: what becomes known after the print, whenever it does.

A statement never overwrites another; the one made last counts, in whatever order they were recorded. Where a late fact
changes what the law permits, the office is told to look again, and nothing happens by itself.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from tenprint import law as rules
from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import (
    ChargeDisposed,
    ChargeStated,
    ConvictionRecorded,
    ConvictionStruck,
    Event,
    FactStated,
    ReevaluationDue,
)
from tenprint.cases.card.evolve import evolve
from tenprint.cases.card.grounds import withdraw_if_gone
from tenprint.cases.card.lawful import find
from tenprint.cases.card.statements import check_stated
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

RECORDS = ("charges", "convictions")
"""Facts that have commands of their own."""
RETALIATION_WATCH = "retaliation_watch"
"""The fact that makes a request about a person need a supervisor (law overlay RETALIATION); the only one that the road
states by itself, when a card of somebody arrives whose complaint is open."""


def state_fact(case: Case, command: cmd.StateFact, act: Act) -> tuple[Event, ...]:
    """State a fact of the vocabulary."""
    asked = f"state {command.name}"
    accepted(case, asked)
    if act.role == "system" and command.name != RETALIATION_WATCH:
        raise Refusal(asked, "the machinery states no facts about a person", "a named person states it")
    _check_value(command, asked)
    check_stated(case, command, act, asked)
    if not command.source.strip():
        raise Refusal(asked, "a fact needs its source", "state it again and say where it is known from")
    _check_batch(command.batch, command.reviewer, asked)
    stated = FactStated(
        name=command.name,
        value=command.value,
        source=command.source,
        corrects=command.corrects,
        batch=command.batch,
        stated_at=act.now,
        reviewer=command.reviewer,
        by=act.actor,
        document=command.document,
        second=command.second or None,
    )
    return (stated, *reevaluate(case, stated, f"{command.name} was stated", act))


def _check_value(command: cmd.StateFact, asked: str) -> None:
    facts = rules.vocabulary().facts
    if command.name not in facts:
        near = get_close_matches(command.name, facts, n=3)
        raise Refusal(
            asked,
            "the vocabulary has no such fact",
            *(near or ("a fact of the vocabulary (law/tables/vocabulary.toml)",)),
        )
    fact = facts[command.name]
    if fact.type == "records":
        raise Refusal(asked, "it is a list of records", "state the charge or the conviction itself")
    problem = _problem(fact.type, fact.values, command.value)
    if problem:
        raise Refusal(
            asked,
            f"it is a {fact.type}, and {problem}",
            f"a {fact.type}" + (f": {', '.join(fact.values)}" if fact.values else ""),
        )


def _problem(kind: str, values: tuple[str, ...], value: Any) -> str:
    """What is wrong with a value for a fact of that type; nothing when it fits or is unknown."""
    fits = {
        "boolean": isinstance(value, bool),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "set": isinstance(value, tuple) and all(not values or v in values for v in value),
        "choice": value in values,
        "text": isinstance(value, str),
        "date": isinstance(value, str) and _is_date(value),
    }
    return "" if value is None or fits[kind] else f"{value!r} came"


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _check_batch(batch: str | None, reviewer: str | None, asked: str) -> None:
    if batch is not None and not reviewer:
        raise Refusal(asked, f"batch {batch} has no reviewer", "name the reviewer of the batch")


def state_charge(case: Case, command: cmd.StateCharge, act: Act) -> tuple[Event, ...]:
    """State what is known about a charge beyond the card."""
    asked = f"state charge {command.charge.number}"
    accepted(case, asked)
    _check_categories(command.charge.categories, asked)
    stated = ChargeStated(charge=command.charge, source=command.source, batch=command.batch, stated_at=act.now)
    return (stated, *reevaluate(case, stated, f"charge {command.charge.number} was stated", act))


def dispose(case: Case, command: cmd.DisposeCharge, act: Act) -> tuple[Event, ...]:
    """Record what became of a charge; a charge that nobody stated yet may come later."""
    accepted(case, f"dispose charge {command.number}")
    if command.on > act.today:
        raise Refusal(
            f"dispose charge {command.number}", "the day lies in the future", "record it when it has happened"
        )
    disposed = ChargeDisposed(
        number=command.number,
        disposition=command.disposition,
        on=command.on,
        batch=command.batch,
        stated_at=act.now,
        at=min(act.now, _end_of(command.on, act)),
    )
    return (disposed, *reevaluate(case, disposed, f"charge {command.number}: {command.disposition}", act))


def _end_of(day: date, act: Act) -> datetime:
    """The end of a local day at the facility."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(act.zone or "UTC"))


def convict(case: Case, command: cmd.RecordConviction, act: Act) -> tuple[Event, ...]:
    """Record a conviction that became known."""
    conviction = command.conviction
    asked = f"record conviction {conviction.id}"
    accepted(case, asked)
    _check_categories(conviction.categories, asked)
    _check_batch(command.batch, command.reviewer, asked)
    if conviction.convicted_on > act.today:
        raise Refusal(asked, "it lies in the future", "record it when it has happened; charged is not convicted")
    recorded = ConvictionRecorded(
        conviction=conviction, batch=command.batch, stated_at=act.now, reviewer=command.reviewer
    )
    return (recorded, *reevaluate(case, recorded, f"conviction {conviction.id} became known", act))


def strike(case: Case, command: cmd.StrikeConviction, act: Act) -> tuple[Event, ...]:
    """Take a conviction back. It may be one that is recorded later: corrections can overtake what they correct."""
    asked = f"strike conviction {command.id}"
    accepted(case, asked)
    if not command.reason.strip():
        raise Refusal(asked, "a correction needs its reason", "say why it was wrong")
    _check_batch(command.batch, command.reviewer, asked)
    struck = ConvictionStruck(
        id=command.id, reason=command.reason, batch=command.batch, stated_at=act.now, reviewer=command.reviewer
    )
    return (struck, *reevaluate(case, struck, f"conviction {command.id} was struck", act))


def _check_categories(categories: tuple[str, ...] | None, asked: str) -> None:
    known = rules.vocabulary().records["charge"].fields["categories"].values
    wrong = [c for c in categories or () if c not in known]
    if wrong:
        raise Refusal(asked, f"no category is called {', '.join(wrong)}", *known)


def reevaluate(case: Case, event: Event, because: str, act: Act) -> tuple[Event, ...]:
    """What a late fact does: a request whose ground is gone is withdrawn; else the office is told to look again.

    Only while the person is still in the jail: after that proceedings and outcome are recorded.
    """
    case = evolve(case, event)
    if case.decision is None or not custody_at(case, act).here:
        return ()
    gone = withdraw_if_gone(case, act)
    if gone:
        return gone
    now = find(case, act)
    seen = (
        case.reevaluations[-1]
        if case.reevaluations and case.reevaluations[-1].decision == case.decision.version
        else case.decision
    )
    if set(now.permitted) == set(seen.permitted):
        return ()
    return (
        ReevaluationDue(
            decision=case.decision.version, because=because, permitted=now.permitted, regime=now.regime, due_at=act.now
        ),
    )
