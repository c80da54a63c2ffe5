"""From a command to events: who may, then what may be.

    events = decide(case, command, actor=..., role=..., now=..., law=None, zone="America/Chicago")

The answer is a tuple of events, empty when nothing changes, or a ``Refusal``. Nothing here reads a clock or a file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenprint.cases.card import claim, decision, detainer, examination, outcome, query, record, submission
from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event
from tenprint.cases.card.evolve import fold
from tenprint.cases.card.roles import PERMITTED
from tenprint.cases.custody import federal as custody
from tenprint.cases.custody import hold, incidents, watch
from tenprint.cases.kernel.act import Act, begin
from tenprint.cases.kernel.value import Command

if TYPE_CHECKING:
    from tenprint.law import Law

Decider = Callable[[Case, Any, Act], tuple[Event, ...]]

DECIDERS: dict[type[Command], Decider] = {
    cmd.AcceptSubmission: submission.accept,
    cmd.RejectSubmission: submission.reject,
    cmd.RecordCriminalSearch: submission.criminal_search,
    cmd.RecordResponse: submission.respond,
    cmd.DecideGate: submission.gate,
    cmd.RecordImmigrationSearch: submission.immigration_search,
    cmd.CloseSubmission: submission.close,
    cmd.Examine: examination.examine,
    cmd.SendQuery: query.send,
    cmd.DetermineStatus: query.determine,
    cmd.Review: decision.review,
    cmd.Decide: decision.decide_choice,
    cmd.IssueDetainer: detainer.issue,
    cmd.Acknowledge: detainer.acknowledge,
    cmd.Serve: detainer.serve,
    cmd.Decline: detainer.decline,
    cmd.Cancel: detainer.cancel,
    cmd.Reinstate: detainer.reinstate,
    cmd.RecordReleaseEligible: hold.release_eligible,
    cmd.AssumeCustody: custody.assume,
    cmd.ReleasePerson: custody.release,
    cmd.CloseIncident: incidents.close,
    cmd.Tick: watch.tick,
    cmd.MakeClaim: claim.make,
    cmd.ResolveClaim: claim.resolve,
    cmd.StateFact: record.state_fact,
    cmd.StateCharge: record.state_charge,
    cmd.DisposeCharge: record.dispose,
    cmd.RecordConviction: record.convict,
    cmd.StrikeConviction: record.strike,
    cmd.RecordStep: outcome.step,
    cmd.RecordOutcome: outcome.outcome,
    cmd.RecordCost: outcome.cost,
}

TIME_COMES_FIRST: tuple[type[Command], ...] = (
    cmd.DetermineStatus,
    cmd.Decide,
    cmd.IssueDetainer,
    cmd.Serve,
    cmd.Decline,
    cmd.Cancel,
    cmd.Reinstate,
    cmd.RecordReleaseEligible,
    cmd.MakeClaim,
)
"""Acts that touch the request: a limit reached before them is recorded before them, whether a watch ran or not."""


def decide(
    case: Case,
    command: Command,
    *,
    actor: str,
    role: str,
    now: datetime,
    law: Law | None = None,
    zone: str | None = None,
) -> tuple[Event, ...]:
    """What happens when this is asked.

    Args:
        case: The case so far.
        command: What is asked.
        actor: Name of who asks.
        role: The role in which they ask; see ``roles.PERMITTED``.
        now: When the act happens, as stated, with an offset.
        law: The tables to ask; nothing for those that ship.
        zone: Time zone in which the date of the act is reckoned (the agency's); nothing for that of ``now``.

    Raises:
        Refusal: when it may not happen; says why and what could be done.
    """
    act = begin(command, PERMITTED, actor=actor, role=role, now=now, law=law, zone=zone)
    passed = hold.settle(case, now) if isinstance(command, TIME_COMES_FIRST) else ()
    return (*passed, *DECIDERS[type(command)](fold(passed, case), command, act))
