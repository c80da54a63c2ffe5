"""What may happen to a jurisdiction.

History: until 4 August 2011 a state agreement preceded activation and a written request could change the plan; from
5 August 2011 no agreement was needed and a request was only answered. This program adds what critics asked for: nobody
is activated before somebody has looked for open civil-rights investigations of the local agencies, and an activation
despite one names who accepted it and why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenprint.cases.card.gate import AGREEMENTS_ENDED, authority_of_forward
from tenprint.cases.jurisdiction import commands as cmd
from tenprint.cases.jurisdiction import events as ev
from tenprint.cases.jurisdiction.events import JurisdictionEvent
from tenprint.cases.jurisdiction.options import ask
from tenprint.cases.jurisdiction.place import Agreement, Place, Request
from tenprint.cases.jurisdiction.roles import PERMITTED
from tenprint.cases.kernel.act import Act, begin
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.value import Command

if TYPE_CHECKING:
    from tenprint.law import Law

Events = tuple[JurisdictionEvent, ...]

VETTING_HOLDS = timedelta(days=180)
"""How long a look for open investigations counts: this program's own choice."""


def decide(
    place: Place,
    command: Command,
    *,
    actor: str,
    role: str,
    now: datetime,
    law: Law | None = None,
    zone: str | None = None,
) -> Events:
    """What happens when this is asked of a jurisdiction; the arguments are those of ``cases.decide``.

    Raises:
        Refusal: when it may not happen; says why and what could be done.
    """
    act = begin(command, PERMITTED, actor=actor, role=role, now=now, law=law, zone=zone)
    return DECIDERS[type(command)](place, command, act)


def _document(text: str, asked: str) -> None:
    if not text.strip():
        raise Refusal(asked, "every step has its document, and none came", "name the document")


def plan(place: Place, command: cmd.Plan, _act: Act) -> Events:
    """Put it in the plan, or move its date there."""
    _document(command.document, "plan")
    if place.stage == "ACTIVE":
        raise Refusal("plan", "it is active already", "nothing more is needed")
    return (ev.Planned(for_date=command.for_date, document=command.document),)


def sign(place: Place, command: cmd.SignAgreement, act: Act) -> Events:
    """Record a state's agreement."""
    asked = f"record the agreement of {command.state}"
    _document(command.document, asked)
    if command.on >= AGREEMENTS_ENDED:
        raise Refusal(asked, "all agreements ended on 2011-08-05 and none was needed after", "go on without one")
    if place.agreement is not None and place.agreement.covers(command.on):
        raise Refusal(asked, f"one is in force since {place.agreement.signed}", "end it first")
    _happened(command.on, act, asked)
    return (
        ev.AgreementSigned(
            state=command.state, on=command.on, document=command.document, notice_days=command.notice_days
        ),
    )


def end_agreement(place: Place, command: cmd.EndAgreement, _act: Act) -> Events:
    """Record its end."""
    asked = "end the agreement"
    _document(command.document, asked)
    if place.agreement is None or not place.agreement.covers(command.on):
        raise Refusal(asked, f"none is in force on {command.on}", "nothing is needed")
    return (ev.AgreementEnded(state=place.agreement.state, on=command.on, by=command.by, document=command.document),)


def _happened(on: date, act: Act, asked: str) -> None:
    if on > act.today:
        raise Refusal(asked, "it lies in the future", "record it when it has happened")


def survey(_place: Place, command: cmd.ReturnSurvey, act: Act) -> Events:
    """Record the survey."""
    _document(command.document, "record the survey")
    _happened(command.on, act, "record the survey")
    return (ev.SurveyReturned(on=command.on, document=command.document, booked_a_year=command.booked_a_year),)


def briefing(_place: Place, command: cmd.HoldBriefing, act: Act) -> Events:
    """Record a briefing."""
    _happened(command.on, act, "record the briefing")
    return (ev.BriefingHeld(on=command.on, topic=command.topic, present=command.present, document=command.document),)


def training(_place: Place, command: cmd.CompleteTraining, act: Act) -> Events:
    """Record a topic's completions."""
    _happened(command.on, act, "record the training")
    if not 0 <= command.completed <= command.of:
        raise Refusal(
            "record the training",
            f"{command.completed} of {command.of} cannot be",
            "give completions out of those concerned",
        )
    return (ev.TrainingCompleted(on=command.on, topic=command.topic, completed=command.completed, of=command.of),)


def procedure(_place: Place, command: cmd.AdoptProcedure, act: Act) -> Events:
    """Record the adoption of the procedure."""
    _document(command.document, "record the procedure")
    _happened(command.on, act, "record the procedure")
    return (ev.ProcedureAdopted(on=command.on, ori=command.ori, document=command.document),)


def vet(_place: Place, command: cmd.Vet, act: Act) -> Events:
    """Record what was found about open investigations."""
    _happened(command.on, act, "record the vetting")
    if not command.sources:
        raise Refusal(
            "record the vetting", "nobody can tell where it was looked", "name the sources that were searched"
        )
    return (ev.Vetted(on=command.on, investigations=command.investigations, sources=command.sources),)


def accept(place: Place, command: cmd.AcceptInvestigations, act: Act) -> Events:
    """Accept what is open, by name and with a reason."""
    asked = "accept an activation despite investigations"
    if not place.open_investigations:
        raise Refusal(asked, "none is open as last looked up", "activate without it")
    if not command.reason.strip():
        raise Refusal(asked, "it needs a reason", "accept again with a reason")
    return (
        ev.InvestigationsAccepted(on=act.today, by=act.actor, despite=place.open_investigations, reason=command.reason),
    )


def schedule(place: Place, command: cmd.Schedule, act: Act) -> Events:
    """Set a day, after the steps or with the reason why without them."""
    asked = f"schedule {command.for_date}"
    if place.planned is None:
        raise Refusal(asked, f"it is {place.stage.lower().replace('_', ' ')}", "plan it first")
    _no_open_request(place, asked)
    _agreement(command.agreement, act, asked)
    missing = tuple(step for step in place.steps_missing if step not in command.without)
    if missing:
        raise Refusal(
            asked, f"nobody recorded {', '.join(missing)}", "record the steps", "name them in without, with a reason"
        )
    if command.without and not command.reason.strip():
        raise Refusal(asked, "steps are left out without a reason", "give the reason")
    return (ev.Scheduled(for_date=command.for_date, without=command.without, reason=command.reason),)


def _agreement(agreement: Agreement | None, act: Act, asked: str) -> None:
    if act.today < AGREEMENTS_ENDED and (agreement is None or not agreement.covers(act.today)):
        raise Refusal(
            asked,
            "its state has no agreement in force, and until 2011-08-04 one was needed",
            "record the agreement first",
        )


def _no_open_request(place: Place, asked: str) -> None:
    if place.open_requests:
        made = place.open_requests[0].made
        raise Refusal(
            asked,
            f"request {made.number} of {made.on} not to be activated is not answered",
            f"answer request {made.number}",
        )


def activate(place: Place, command: cmd.Activate, act: Act) -> Events:
    """Switch forwarding on, after a look for open investigations."""
    asked = "activate"
    if place.stage == "ACTIVE":
        return ()
    if place.scheduled is None:
        raise Refusal(asked, "no day is set", "schedule it first")
    if act.today < place.scheduled.for_date:
        raise Refusal(asked, f"it is set for {place.scheduled.for_date}", "wait for the day, or schedule another")
    _no_open_request(place, asked)
    _agreement(command.agreement, act, asked)
    if place.vetted is None or place.vetted.on < act.today - VETTING_HOLDS:
        raise Refusal(
            asked,
            f"nobody looked for open civil-rights investigations in the last {VETTING_HOLDS.days} days",
            "have the rights office look (Vet)",
        )
    open_now = place.open_investigations
    accepted = place.accepted
    if open_now and (accepted is None or not set(open_now) <= set(accepted.despite) or accepted.by == act.actor):
        raise Refusal(
            asked,
            f"an investigation is open: {'; '.join(open_now)}",
            "wait for its end",
            "have the rights office accept it by name (AcceptInvestigations)",
        )
    return (
        ev.Activated(
            on=act.today,
            authority=authority_of_forward(act.today),
            despite=open_now,
            approved_by=accepted.by if open_now and accepted else None,
        ),
    )


def deactivate(place: Place, command: cmd.Deactivate, act: Act) -> Events:
    """Switch forwarding off."""
    _document(command.document, "deactivate")
    if place.stage != "ACTIVE":
        raise Refusal("deactivate", f"it is {place.stage.lower()}", "nothing is needed")
    return (ev.Deactivated(on=act.today, reason=command.reason, document=command.document),)


def request(place: Place, command: cmd.RequestNonActivation, act: Act) -> Events:
    """Record the written request with the rule in force: it is always recorded."""
    _document(command.document, "record the request")
    found = ask(act.today, act.law, meeting_held=False)
    return (
        ev.NonActivationRequested(
            number=len(place.requests) + 1,
            on=act.today,
            by=command.by,
            channel=command.channel,
            document=command.document,
            rule=found.regime,
            permitted=found.permitted,
            duties=found.duties,
        ),
    )


def _open(place: Place, number: int, asked: str) -> Request:
    found = next((r for r in place.requests if r.made.number == number), None)
    if found is None:
        raise Refusal(
            asked,
            f"there is no request {number}",
            f"requests: {', '.join(str(r.made.number) for r in place.requests) or 'none'}",
        )
    if found.answered is not None:
        raise Refusal(asked, f"it was answered on {found.answered.on}: {found.answered.answer}", "a new request")
    return found


def meeting(place: Place, command: cmd.HoldMeeting, act: Act) -> Events:
    """Record the meeting."""
    _open(place, command.number, "record the meeting")
    return (ev.MeetingHeld(number=command.number, on=act.today, present=command.present, document=command.document),)


NEEDED_ACT = {"REMOVED_FROM_PLAN": "REMOVE_FROM_PLAN", "DATE_ADJUSTED": "ADJUST_DATE"}


def answer(place: Place, command: cmd.AnswerRequest, act: Act) -> Events:
    """Answer within what the rule of the day permits."""
    asked = f"answer request {command.number} with {command.answer}"
    made = _open(place, command.number, asked)
    found = ask(act.today, act.law, meeting_held=made.meeting is not None)
    needed = NEEDED_ACT.get(command.answer)
    if needed is not None and needed not in {*found.permitted, *found.duties}:
        raise Refusal(
            asked,
            f"{found.regime} does not permit it on {act.today}"
            + ("" if made.meeting else "; no meeting has been held"),
            *(a for a in (*found.permitted, *found.duties)),
        )
    if command.answer == "DATE_ADJUSTED" and command.new_date is None:
        raise Refusal(asked, "the new date is missing", "name the new date")
    if not command.reason.strip():
        raise Refusal(asked, "an answer needs its reason", "answer again with a reason")
    return (
        ev.RequestAnswered(
            number=command.number,
            on=act.today,
            answer=command.answer,
            reason=command.reason,
            rule=found.regime,
            new_date=command.new_date,
        ),
    )


DECIDERS: dict[type[Command], Callable[[Place, Any, Act], Events]] = {
    cmd.Plan: plan,
    cmd.SignAgreement: sign,
    cmd.EndAgreement: end_agreement,
    cmd.ReturnSurvey: survey,
    cmd.HoldBriefing: briefing,
    cmd.CompleteTraining: training,
    cmd.AdoptProcedure: procedure,
    cmd.Vet: vet,
    cmd.AcceptInvestigations: accept,
    cmd.Schedule: schedule,
    cmd.Activate: activate,
    cmd.Deactivate: deactivate,
    cmd.RequestNonActivation: request,
    cmd.HoldMeeting: meeting,
    cmd.AnswerRequest: answer,
}
