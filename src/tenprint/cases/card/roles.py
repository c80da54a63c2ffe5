"""Who may ask what of a case: one table, asked before every act.

A role permits acts; what the law of the day permits is asked after that. The administrator sets things up and hands
cards in, and never decides, determines or issues. ``system`` is the machinery of the road: it searches, relays and
watches, and decides nothing about a person.
"""

from __future__ import annotations

from tenprint.cases.card import commands as cmd
from tenprint.cases.kernel.roles import ROLES
from tenprint.cases.kernel.value import Command

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
    cmd.MakePaper: ("jail", "rights", "center", *_OFFICERS),
    cmd.Decline: ("jail",),
    cmd.HonorRequest: ("jail",),
    cmd.RecordReleaseEligible: ("jail",),
    cmd.BookPerson: ("jail", "booking"),
    cmd.ConfirmPresence: ("jail",),
    cmd.ReceivePerson: ("jail",),
    cmd.ReturnPerson: ("jail",),
    cmd.OpenMatter: ("jail",),
    cmd.JoinCustody: (*_ROAD, "jail", "supervisor"),
    cmd.KeepApart: ("jail", "examiner", "supervisor", "rights"),
    cmd.CorrectAct: ("booking", "bureau", "center", "office", "supervisor", "jail", "rights"),
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
