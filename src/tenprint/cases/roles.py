"""Who may ask what of a case: one table, asked before every act.

A role permits acts; what the law of the day permits is asked after that. The administrator sets things up and hands
cards in, and never decides, determines or issues. ``system`` is the machinery of the road: it searches, relays and
watches, and decides nothing about a person.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenprint.cases import commands as cmd
from tenprint.cases.commands import Command
from tenprint.cases.refusals import Refusal

ROLES = (
    "system",
    "booking",
    "bureau",
    "examiner",
    "center",
    "office",
    "supervisor",
    "jail",
    "rights",
    "auditor",
    "administrator",
)

_SUBMITTERS = ("booking", "bureau", "administrator")
_ROAD = ("system",)
_OFFICERS = ("office", "supervisor")
_WITNESSES = ("booking", "bureau", "center", "office", "supervisor", "jail", "rights")
_CORRECTORS = ("bureau", "center", "office", "supervisor", "rights")

PERMITTED: dict[type[Command], tuple[str, ...]] = {
    cmd.AcceptSubmission: (*_ROAD, *_SUBMITTERS),
    cmd.RejectSubmission: (*_ROAD, *_SUBMITTERS),
    cmd.RecordCriminalSearch: _ROAD,
    cmd.RecordResponse: (*_ROAD, "bureau", "center"),
    cmd.DecideGate: _ROAD,
    cmd.RecordImmigrationSearch: _ROAD,
    cmd.CloseSubmission: _ROAD,
    cmd.Examine: ("examiner",),
    cmd.SendQuery: (*_ROAD, "center", "office", "supervisor", "booking", "jail"),
    cmd.DetermineStatus: ("center",),
    cmd.Review: ("supervisor",),
    cmd.Decide: _OFFICERS,
    cmd.IssueDetainer: _OFFICERS,
    cmd.Cancel: _OFFICERS,
    cmd.Reinstate: ("supervisor",),
    cmd.Acknowledge: ("jail",),
    cmd.Serve: ("jail", *_OFFICERS),
    cmd.Decline: ("jail",),
    cmd.RecordReleaseEligible: ("jail",),
    cmd.AssumeCustody: ("jail", *_OFFICERS),
    cmd.ReleasePerson: ("jail", *_OFFICERS),
    cmd.CloseIncident: ("supervisor", "jail", "rights"),
    cmd.Tick: ROLES,
    cmd.MakeClaim: ("rights", "jail", "office", "supervisor", "center", "booking"),
    cmd.ResolveClaim: ("supervisor", "rights"),
    cmd.StateFact: (*_ROAD, *_WITNESSES),
    cmd.StateCharge: _WITNESSES,
    cmd.DisposeCharge: _WITNESSES,
    cmd.RecordConviction: _WITNESSES,
    cmd.StrikeConviction: _CORRECTORS,
    cmd.RecordStep: _OFFICERS,
    cmd.RecordOutcome: _OFFICERS,
    cmd.RecordCost: ("jail", "auditor"),
}


def check_role(
    command: Command, actor: str, role: str, table: Mapping[type[Command], tuple[str, ...]] = PERMITTED
) -> None:
    """Refuse an act that this role may not do, and any act without a named actor.

    Args:
        command: What is asked.
        actor: Name of who asks.
        role: The role in which they ask.
        table: Who may; the table of cases, or that of jurisdictions.

    Raises:
        Refusal: naming the roles that may.
    """
    asked = type(command).__name__
    may = table[type(command)]
    if not actor.strip():
        raise Refusal(asked, "every act needs a named actor, and none came", "act again with a name")
    if role not in may:
        names = " or ".join(may)
        raise Refusal(asked, f"{actor} acts as {role}, and this is for {names}", f"ask somebody who is {names}")
