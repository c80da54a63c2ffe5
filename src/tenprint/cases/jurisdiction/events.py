"""What can happen to a jurisdiction. Every step has a day and a document; who did it is the ledger's."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tenprint.cases.kernel.value import Event, Value

Answer = Literal["DATE_ADJUSTED", "REMOVED_FROM_PLAN", "ACTIVATION_STANDS"]


class Investigation(Value, frozen=True):
    """An investigation of, or suit against, a local agency about civil rights."""

    by: str
    about: str
    opened_on: date
    is_open: bool
    source: str


class JurisdictionEvent(Event, frozen=True):
    """Something that happened to one jurisdiction."""


class Planned(JurisdictionEvent, frozen=True, tag="jurisdiction.planned"):
    """The deployment plan names the jurisdiction."""

    for_date: date
    document: str


class AgreementSigned(JurisdictionEvent, frozen=True, tag="agreement.signed"):
    """The state's identification bureau and the federal agency signed."""

    state: str
    on: date
    document: str
    notice_days: int | None = None
    """Days after notice at which either party may end it; nothing when the text is not known."""


class AgreementEnded(JurisdictionEvent, frozen=True, tag="agreement.ended"):
    """The agreement ended: by one party's notice, or all of them by the letter of 5 August 2011."""

    state: str
    on: date
    by: str
    document: str


class SurveyReturned(JurisdictionEvent, frozen=True, tag="survey.returned"):
    """The local assessment came back (ICE form 70-004, OMB 1653-0040)."""

    on: date
    document: str
    booked_a_year: int | None = None


class BriefingHeld(JurisdictionEvent, frozen=True, tag="briefing.held"):
    """Local agencies were told what the program is."""

    on: date
    topic: str
    present: int
    document: str = ""


class TrainingCompleted(JurisdictionEvent, frozen=True, tag="training.completed"):
    """How many of the officers concerned have finished a topic."""

    on: date
    topic: str
    completed: int
    of: int


class ProcedureAdopted(JurisdictionEvent, frozen=True, tag="procedure.adopted"):
    """A local agency adopted the standard operating procedure."""

    on: date
    ori: str
    document: str


class Vetted(JurisdictionEvent, frozen=True, tag="jurisdiction.vetted"):
    """Somebody looked for open civil-rights investigations of the local agencies, and says what was found."""

    on: date
    investigations: tuple[Investigation, ...]
    sources: tuple[str, ...]


class InvestigationsAccepted(JurisdictionEvent, frozen=True, tag="jurisdiction.accepted"):
    """Somebody of the rights office accepts, by name and with a reason, an activation despite what is open."""

    on: date
    by: str
    despite: tuple[str, ...]
    reason: str


class Scheduled(JurisdictionEvent, frozen=True, tag="activation.scheduled"):
    """A day is set."""

    for_date: date
    without: tuple[str, ...] = ()
    """Steps that were not taken, named with the reason."""
    reason: str = ""


class Activated(JurisdictionEvent, frozen=True, tag="activation.done"):
    """From this day on prints of the jurisdiction are forwarded."""

    on: date
    authority: str
    despite: tuple[str, ...] = ()
    """Open investigations at that time, by name."""
    approved_by: str | None = None


class Deactivated(JurisdictionEvent, frozen=True, tag="activation.ended"):
    """From this day on prints are no longer forwarded."""

    on: date
    reason: str
    document: str


class NonActivationRequested(JurisdictionEvent, frozen=True, tag="request.made"):
    """The jurisdiction says in writing that it does not want to be activated."""

    number: int
    on: date
    by: str
    channel: Literal["email", "letter", "fax"]
    document: str
    rule: str
    """Regime in force on that day; the letter is kept with it."""
    permitted: tuple[str, ...]
    duties: tuple[str, ...]


class MeetingHeld(JurisdictionEvent, frozen=True, tag="request.meeting"):
    """Federal partners, jurisdiction and state met about the request."""

    number: int
    on: date
    present: tuple[str, ...]
    document: str = ""


class RequestAnswered(JurisdictionEvent, frozen=True, tag="request.answered"):
    """The request was answered, under a named rule."""

    number: int
    on: date
    answer: Answer
    reason: str
    rule: str
    new_date: date | None = None


def event_types() -> tuple[type[JurisdictionEvent], ...]:
    """Every kind of event of a jurisdiction, in the order of this file."""
    return tuple(
        v
        for v in globals().values()
        if isinstance(v, type) and issubclass(v, JurisdictionEvent) and v is not JurisdictionEvent
    )
