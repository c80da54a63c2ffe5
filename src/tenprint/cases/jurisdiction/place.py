"""What is known of one jurisdiction: the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import singledispatch
from typing import Any, Literal

import msgspec

from tenprint.cases.jurisdiction import events as ev
from tenprint.cases.jurisdiction.events import JurisdictionEvent
from tenprint.cases.kernel.fold import fold_with, unknown, with_changes
from tenprint.cases.kernel.value import Value

Stage = Literal["UNPLANNED", "PLANNED", "SCHEDULED", "ACTIVE", "INACTIVE", "REMOVED_FROM_PLAN"]


class Agreement(Value, frozen=True):
    """A state's agreement with the federal agency."""

    state: str
    signed: date
    ended: date | None = None
    notice_days: int | None = None

    def covers(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.signed <= on and (self.ended is None or on < self.ended)


class Request(Value, frozen=True):
    """A written request not to be activated, and what came of it."""

    made: ev.NonActivationRequested
    meeting: ev.MeetingHeld | None = None
    answered: ev.RequestAnswered | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return self.answered is None


class Place(Value, frozen=True):
    """One jurisdiction, or one state with its agreement."""

    planned: ev.Planned | None = None
    agreement: Agreement | None = None
    surveys: tuple[ev.SurveyReturned, ...] = ()
    briefings: tuple[ev.BriefingHeld, ...] = ()
    trainings: tuple[ev.TrainingCompleted, ...] = ()
    procedures: tuple[ev.ProcedureAdopted, ...] = ()
    vetted: ev.Vetted | None = None
    accepted: ev.InvestigationsAccepted | None = None
    scheduled: ev.Scheduled | None = None
    activated: ev.Activated | None = None
    deactivated: ev.Deactivated | None = None
    requests: tuple[Request, ...] = ()
    is_removed: bool = False

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self.activated is not None:
            return "INACTIVE" if self.deactivated is not None else "ACTIVE"
        if self.is_removed:
            return "REMOVED_FROM_PLAN"
        if self.scheduled is not None:
            return "SCHEDULED"
        return "PLANNED" if self.planned is not None else "UNPLANNED"

    @property
    def steps_missing(self) -> tuple[str, ...]:
        """Steps before a schedule that nobody has recorded."""
        steps = {"survey": self.surveys, "briefing": self.briefings, "training": self.trainings}
        return tuple(name for name, done in steps.items() if not done)

    @property
    def open_requests(self) -> tuple[Request, ...]:
        """Requests without an answer."""
        return tuple(r for r in self.requests if r.is_open)

    @property
    def open_investigations(self) -> tuple[str, ...]:
        """Open civil-rights investigations as last looked up."""
        if self.vetted is None:
            return ()
        return tuple(f"{i.by}: {i.about}" for i in self.vetted.investigations if i.is_open)


def fold(events: Iterable[JurisdictionEvent], place: Place | None = None) -> Place:
    """The jurisdiction after these events."""
    return fold_with(evolve, events, place or Place())


def evolve(place: Place, event: JurisdictionEvent) -> Place:
    """The jurisdiction after one more event."""
    return _apply(event, place)


@singledispatch
def _apply(event: JurisdictionEvent, _place: Place) -> Place:
    unknown(event, "cases/jurisdiction/place.py")


@_apply.register
def _(event: ev.Planned, place: Place) -> Place:
    return with_changes(place, planned=event, is_removed=False)


@_apply.register
def _(event: ev.AgreementSigned, place: Place) -> Place:
    return with_changes(place, agreement=Agreement(state=event.state, signed=event.on, notice_days=event.notice_days))


@_apply.register
def _(event: ev.AgreementEnded, place: Place) -> Place:
    if place.agreement is None:
        return place
    return with_changes(place, agreement=msgspec.structs.replace(place.agreement, ended=event.on))


@_apply.register
def _(event: ev.SurveyReturned, place: Place) -> Place:
    return with_changes(place, surveys=(*place.surveys, event))


@_apply.register
def _(event: ev.BriefingHeld, place: Place) -> Place:
    return with_changes(place, briefings=(*place.briefings, event))


@_apply.register
def _(event: ev.TrainingCompleted, place: Place) -> Place:
    return with_changes(place, trainings=(*place.trainings, event))


@_apply.register
def _(event: ev.ProcedureAdopted, place: Place) -> Place:
    return with_changes(place, procedures=(*place.procedures, event))


@_apply.register
def _(event: ev.Vetted, place: Place) -> Place:
    return with_changes(place, vetted=event)


@_apply.register
def _(event: ev.InvestigationsAccepted, place: Place) -> Place:
    return with_changes(place, accepted=event)


@_apply.register
def _(event: ev.Scheduled, place: Place) -> Place:
    return with_changes(place, scheduled=event)


@_apply.register
def _(event: ev.Activated, place: Place) -> Place:
    return with_changes(place, activated=event, deactivated=None)


@_apply.register
def _(event: ev.Deactivated, place: Place) -> Place:
    return with_changes(place, deactivated=event)


@_apply.register
def _(event: ev.NonActivationRequested, place: Place) -> Place:
    return with_changes(place, requests=(*place.requests, Request(made=event)))


def _request(place: Place, number: int, **changes: Any) -> Place:
    changed = tuple(msgspec.structs.replace(r, **changes) if r.made.number == number else r for r in place.requests)
    return with_changes(place, requests=changed)


@_apply.register
def _(event: ev.MeetingHeld, place: Place) -> Place:
    return _request(place, event.number, meeting=event)


@_apply.register
def _(event: ev.RequestAnswered, place: Place) -> Place:
    place = _request(place, event.number, answered=event)
    if event.answer == "REMOVED_FROM_PLAN":
        return with_changes(place, planned=None, scheduled=None, is_removed=True)
    if event.answer == "DATE_ADJUSTED" and event.new_date is not None and place.scheduled is not None:
        return with_changes(place, scheduled=msgspec.structs.replace(place.scheduled, for_date=event.new_date))
    return place
