"""Events and commands of a jurisdiction in one plain sentence each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenprint.cases.card.words import named
from tenprint.cases.jurisdiction import commands as cmd
from tenprint.cases.jurisdiction import events as ev
from tenprint.cases.jurisdiction.events import JurisdictionEvent
from tenprint.cases.kernel.value import Command


def _vetted(e: ev.Vetted) -> str:
    found = "; ".join(f"{i.by}, {i.about} ({'open' if i.is_open else 'closed'})" for i in e.investigations)
    return f"Civil-rights investigations were looked for in {', '.join(e.sources)}: {found or 'none found'}."


def _activated(e: ev.Activated) -> str:
    despite = f", despite {'; '.join(e.despite)}, accepted by {e.approved_by}" if e.despite else ""
    return f"Forwarding is on since {e.on} ({e.authority}){despite}."


EVENTS: dict[type[JurisdictionEvent], Callable[[Any], str]] = {
    ev.Planned: lambda e: f"It is planned for {e.for_date} ({e.document}).",
    ev.AgreementSigned: lambda e: f"{e.state} signed an agreement on {e.on} ({e.document}).",
    ev.AgreementEnded: lambda e: f"The agreement of {e.state} ended on {e.on}: {e.by}.",
    ev.SurveyReturned: lambda e: f"The survey came back on {e.on}.",
    ev.BriefingHeld: lambda e: f"A briefing on {e.topic} was held on {e.on} for {e.present} people.",
    ev.TrainingCompleted: lambda e: f"{e.completed} of {e.of} finished the training on {e.topic} by {e.on}.",
    ev.ProcedureAdopted: lambda e: f"{e.ori} adopted the procedure on {e.on}.",
    ev.Vetted: _vetted,
    ev.InvestigationsAccepted: lambda e: f"{e.by} accepts activation despite {'; '.join(e.despite)}: {e.reason}.",
    ev.Scheduled: lambda e: (
        f"Activation is set for {e.for_date}" + (f", without {', '.join(e.without)}: {e.reason}." if e.without else ".")
    ),
    ev.Activated: _activated,
    ev.Deactivated: lambda e: f"Forwarding is off since {e.on}: {e.reason}.",
    ev.NonActivationRequested: lambda e: (
        f"Request {e.number}, by {e.by} in writing ({e.channel}): not to be activated. "
        f"Rule in force: {e.rule}; owed: {', '.join(d.replace('_', ' ').lower() for d in e.duties)}."
    ),
    ev.MeetingHeld: lambda e: f"A meeting on request {e.number} was held on {e.on} with {', '.join(e.present)}.",
    ev.RequestAnswered: lambda e: (
        f"Request {e.number} was answered under {e.rule}: {e.answer.replace('_', ' ').lower()}"
        + (f", {e.new_date}" if e.new_date else "")
        + f". Reason: {e.reason}."
    ),
}

ACTS: dict[type[Command], str] = {
    cmd.Plan: "puts it in the plan",
    cmd.SignAgreement: "records the agreement",
    cmd.EndAgreement: "records the end of the agreement",
    cmd.ReturnSurvey: "returns the survey",
    cmd.HoldBriefing: "holds a briefing",
    cmd.CompleteTraining: "records training",
    cmd.AdoptProcedure: "adopts the procedure",
    cmd.Vet: "looks for civil-rights investigations",
    cmd.AcceptInvestigations: "accepts what is open",
    cmd.Schedule: "sets the day",
    cmd.Activate: "switches forwarding on",
    cmd.Deactivate: "switches forwarding off",
    cmd.RequestNonActivation: "records a request not to be activated",
    cmd.HoldMeeting: "records the meeting",
    cmd.AnswerRequest: "answers the request",
}


def say(event: JurisdictionEvent) -> str:
    """One event in one sentence."""
    return EVENTS[type(event)](event)


def say_command(command: Command) -> str:
    """What is asked, in words."""
    given = named(command)
    return f"{ACTS[type(command)]}{': ' if given else ''}{given}"
