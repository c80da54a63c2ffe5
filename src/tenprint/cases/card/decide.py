"""From a command to events: who may, then what may be.

    events = decide(case, command, actor=..., role=..., now=..., law=None, zone="America/Chicago")

The answer is a tuple of events, empty when nothing changes, or a ``Refusal``. Nothing here reads a clock or a file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from tenprint.cases.card import claim, decision, detainer, examination, outcome, paper, query, record, submission
from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event, IncidentOpened
from tenprint.cases.card.evolve import fold
from tenprint.cases.card.grounds import withdraw_if_gone
from tenprint.cases.card.roles import PERMITTED
from tenprint.cases.custody import correction, federal, hold, incidents, jail, joins, watch
from tenprint.cases.kernel.act import Act, Around, begin
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
    cmd.MakePaper: paper.make,
    cmd.HonorRequest: hold.honor,
    cmd.Decline: detainer.decline,
    cmd.Cancel: detainer.cancel,
    cmd.Reinstate: detainer.reinstate,
    cmd.RecordReleaseEligible: hold.release_eligible,
    cmd.BookPerson: jail.book,
    cmd.ConfirmPresence: jail.confirm,
    cmd.ReceivePerson: jail.receive,
    cmd.ReturnPerson: jail.back,
    cmd.OpenMatter: jail.open_matter,
    cmd.AssumeCustody: federal.assume,
    cmd.ReleasePerson: jail.release,
    cmd.JoinCustody: joins.join,
    cmd.KeepApart: joins.keep_apart,
    cmd.CorrectAct: correction.correct,
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

ON_THE_ROAD: tuple[type[Command], ...] = (
    cmd.AcceptSubmission,
    cmd.RejectSubmission,
    cmd.RecordCriminalSearch,
    cmd.RecordResponse,
    cmd.DecideGate,
    cmd.RecordImmigrationSearch,
    cmd.CloseSubmission,
    cmd.Examine,
    cmd.CorrectAct,
    cmd.CloseIncident,
)
"""Steps after which nothing is looked at: the card's own, and those that only take back or close."""

ASKS_THE_GROUND: tuple[type[Command], ...] = (cmd.RecordReleaseEligible, cmd.HonorRequest, cmd.Serve)
"""Acts with which a hold can begin: the law of the day is asked again."""


def decide(
    case: Case,
    command: Command,
    *,
    actor: str,
    role: str,
    now: datetime,
    law: Law | None = None,
    zone: str | None = None,
    around: Around | None = None,
) -> tuple[Event, ...]:
    """What happens when this is asked.

    Args:
        case: The case so far.
        command: What is asked.
        actor: Name of who asks.
        role: The role in which they ask; see ``roles.PERMITTED``.
        now: When the act happens, as stated, with an offset.
        law: The tables to ask; nothing for those that ship.
        zone: Time zone in which the date of the act is reckoned (the facility's); nothing for that of ``now``.
        around: What is known beside the case: other cards of the person, when it was told, who is registered.

    Raises:
        Refusal: when it may not happen; says why and what could be done.
    """
    act = begin(command, PERMITTED, actor=actor, role=role, now=now, law=law, zone=zone, around=around)
    events = _numbered(case, DECIDERS[type(command)](case, command, act))
    if isinstance(command, ON_THE_ROAD):
        return events
    known = fold(events, case)
    gone = withdraw_if_gone(known, act) if isinstance(command, ASKS_THE_GROUND) else ()
    return (*events, *gone, *incidents.due(fold(gone, known), act))


def _numbered(case: Case, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events, with incidents numbered in their order."""
    number, numbered = len(case.incidents), list(events)
    for place, event in enumerate(numbered):
        if isinstance(event, IncidentOpened):
            number += 1
            numbered[place] = msgspec.structs.replace(event, number=number)
    return tuple(numbered)
