"""What may be asked about a jurisdiction: one frozen struct per act."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tenprint.cases.jurisdiction.events import Answer, Investigation
from tenprint.cases.jurisdiction.place import Agreement
from tenprint.cases.kernel.value import Command


class Plan(Command, frozen=True):
    """Put the jurisdiction in the plan."""

    for_date: date
    document: str


class SignAgreement(Command, frozen=True):
    """Record a state's agreement, in the state's own stream."""

    state: str
    on: date
    document: str
    notice_days: int | None = None


class EndAgreement(Command, frozen=True):
    """Record the end of a state's agreement."""

    on: date
    by: str
    document: str


class ReturnSurvey(Command, frozen=True):
    """Record the survey."""

    on: date
    document: str
    booked_a_year: int | None = None


class HoldBriefing(Command, frozen=True):
    """Record a briefing."""

    on: date
    topic: str
    present: int
    document: str = ""


class CompleteTraining(Command, frozen=True):
    """Record who has finished a topic."""

    on: date
    topic: str
    completed: int
    of: int


class AdoptProcedure(Command, frozen=True):
    """Record that an agency adopted the procedure."""

    on: date
    ori: str
    document: str


class Vet(Command, frozen=True):
    """Record what was found about civil-rights investigations; an empty list says that somebody looked."""

    on: date
    investigations: tuple[Investigation, ...]
    sources: tuple[str, ...]


class AcceptInvestigations(Command, frozen=True):
    """Accept an activation despite the investigations that are open now."""

    reason: str


class Schedule(Command, frozen=True):
    """Set the day of activation."""

    for_date: date
    agreement: Agreement | None
    """The state's agreement as its own stream has it."""
    without: tuple[str, ...] = ()
    reason: str = ""


class Activate(Command, frozen=True):
    """Switch forwarding on."""

    agreement: Agreement | None


class Deactivate(Command, frozen=True):
    """Switch forwarding off."""

    reason: str
    document: str


class RequestNonActivation(Command, frozen=True):
    """Record the written request."""

    by: str
    channel: Literal["email", "letter", "fax"]
    document: str


class HoldMeeting(Command, frozen=True):
    """Record the meeting about a request."""

    number: int
    present: tuple[str, ...]
    document: str = ""


class AnswerRequest(Command, frozen=True):
    """Answer a request."""

    number: int
    answer: Answer
    reason: str
    new_date: date | None = None
