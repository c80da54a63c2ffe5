"""Proceedings, how it ended, and what it cost.

A later statement of the outcome supersedes an earlier one. Charges dropped in exchange for departure are recorded so.
"""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import (
    CostRecorded,
    CustodyAssumed,
    CustodyReleased,
    Event,
    OutcomeRecorded,
    ProceedingStep,
)
from tenprint.cases.card.evolve import evolve
from tenprint.cases.card.facts import CITIZENS
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.custody.wrongly import citizen_taken
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def step(case: Case, command: cmd.RecordStep, act: Act) -> tuple[Event, ...]:
    """Record a step; a hearing may be scheduled ahead, everything else has happened."""
    asked = f"record {command.step}"
    accepted(case, asked)
    if command.on > act.today and command.step != "hearing_scheduled":
        raise Refusal(asked, "it lies in the future", "record it when it has happened")
    return (ProceedingStep(step=command.step, on=command.on, note=command.note),)


def outcome(case: Case, command: cmd.RecordOutcome, act: Act) -> tuple[Event, ...]:
    """Record how it ended, with its true basis."""
    asked = f"record {command.outcome}"
    accepted(case, asked)
    if not command.basis.strip():
        raise Refusal(
            asked,
            "an outcome needs its true basis (final order, stipulated order, voluntary departure ...)",
            "name the basis",
        )
    if command.on > act.today:
        raise Refusal(asked, "it lies in the future", "record it when it has happened")
    if command.batch is not None and not command.reviewer:
        raise Refusal(asked, f"batch {command.batch} has no reviewer", "name the reviewer of the batch")
    if command.batch is None:
        _check_fits(case, command, act, asked)
    dropped = any(c.disposition == "dismissed_for_departure" for c in case.charges)
    recorded = OutcomeRecorded(
        outcome=command.outcome,
        on=command.on,
        basis=command.basis,
        note=command.note,
        charges_dropped_for_departure=command.charges_dropped_for_departure or dropped,
        batch=command.batch,
        stated_at=act.now,
        reviewer=command.reviewer,
    )
    return (recorded, *_against_protection(evolve(case, recorded), recorded, act))


LEAVES = ("REMOVED", "RETURNED")
"""Outcomes that a person can have only out of federal custody."""


def _check_fits(case: Case, command: cmd.RecordOutcome, act: Act, asked: str) -> None:
    """Refuse an outcome that the record of the case cannot have.

    Raises:
        Refusal: naming what it does not fit.
    """
    card, cards = case.submission, (case, *act.around.custody)
    arrested = card.date_of_arrest if card else None
    if arrested is not None and command.on < arrested:
        raise Refusal(asked, f"the person was arrested on {arrested.isoformat()}, after it", "state the true day")
    where = [w for c in cards for w in c.whereabouts]
    died = [w.at for w in where if isinstance(w, CustodyReleased) and w.how == "DIED"]
    if died:
        raise Refusal(
            asked, f"the person died on {died[0].date().isoformat()}", "nothing more is recorded as an outcome"
        )
    taken = [w.at for w in where if isinstance(w, CustodyAssumed)]
    zone = ZoneInfo(act.zone or "UTC")
    if command.outcome in LEAVES and (not taken or min(taken).astimezone(zone).date() > command.on):
        raise Refusal(
            asked,
            "no federal custody of the person is recorded by that day",
            "record federal custody first (jail custody)",
        )
    last = case.outcome
    if last is None or last.outcome == command.outcome:
        return
    gone = last.outcome in LEAVES and command.outcome != "CITIZEN"
    if gone or command.on <= last.on:
        raise Refusal(
            asked,
            f"{last.outcome} on {last.on.isoformat()} is recorded, and both cannot be true",
            "correct that act first (tenprint correct TCN --act NUMBER --second NAME)",
        )


def _against_protection(case: Case, made: OutcomeRecorded, act: Act) -> tuple[Event, ...]:
    """A removal of somebody who was found to be a citizen, or another person, is an incident of its own."""
    upheld = [
        c for c in case.claims if c.resolved and c.resolved.upheld and c.made.claim in {"CITIZEN", "WRONG_PERSON"}
    ]
    answered = case.determination is not None and case.determination.status in CITIZENS
    if made.outcome not in LEAVES or not (upheld or answered):
        return ()
    return citizen_taken(case, "found to be a citizen, or another person, before it", act)


def cost(case: Case, command: cmd.RecordCost, act: Act) -> tuple[Event, ...]:
    """Record bed-hours past release and who paid."""
    asked = "record a cost"
    accepted(case, asked)
    if not math.isfinite(command.bed_hours) or command.bed_hours < 0:
        raise Refusal(
            asked, f"bed-hours are hours, zero or more, and {command.bed_hours} came", "give the hours past release"
        )
    if not command.payer.strip():
        raise Refusal(asked, "nobody is named as payer", "name who paid, such as the county")
    holds = len(custody_at(case, act).holds)
    if command.hold is not None and not 1 <= command.hold <= holds:
        raise Refusal(asked, f"the case has {holds} hold(s)", "name one of them, or none")
    return (
        CostRecorded(
            bed_hours=command.bed_hours,
            payer=command.payer,
            amount_cents=command.amount_cents,
            stated_at=act.now,
            hold=command.hold,
        ),
    )
