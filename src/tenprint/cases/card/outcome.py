"""Proceedings, how it ended, and what it cost.

A later statement of the outcome supersedes an earlier one. Charges dropped in exchange for departure are recorded so.
"""

from __future__ import annotations

import math

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import CostRecorded, Event, OutcomeRecorded, ProceedingStep
from tenprint.cases.card.submission import accepted
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
    dropped = any(c.disposition == "dismissed_for_departure" for c in case.charges)
    return (
        OutcomeRecorded(
            outcome=command.outcome,
            on=command.on,
            basis=command.basis,
            note=command.note,
            charges_dropped_for_departure=command.charges_dropped_for_departure or dropped,
            batch=command.batch,
            stated_at=act.now,
            reviewer=command.reviewer,
        ),
    )


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
    if command.hold is not None and not 1 <= command.hold <= len(case.holds):
        raise Refusal(asked, f"the case has {len(case.holds)} hold(s)", "name one of them, or none")
    return (
        CostRecorded(
            bed_hours=command.bed_hours,
            payer=command.payer,
            amount_cents=command.amount_cents,
            stated_at=act.now,
            hold=command.hold,
        ),
    )
