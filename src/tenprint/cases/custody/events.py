"""What can happen to somebody's custody: whereabouts, matters, release moments, honors, joins and corrections.

Nothing here says that a limit passed or that authority ended by itself: both follow from what is recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from tenprint.cases.card.values import EligibleReason, Event, Value

Leaving = Literal[
    "RELEASED",
    "COURT_ORDER",
    "TRANSFERRED",
    "DIED",
    "ESCAPED",
    "RELEASED_IN_ERROR",
    "TEMPORARY",
    "NEW_CRIMINAL_HOLD",
]
"""How somebody left. TRANSFERRED: on the way, and the sender's until received; TEMPORARY: a furlough, a weekend
sentence, a hospital, with return; NEW_CRIMINAL_HOLD: no leaving, but a further matter that keeps the person."""

MatterKind = Literal["new_charge", "warrant", "court_order", "parole", "other_agency", "sentence"]


class Warrant(Value, frozen=True):
    """An administrative or judicial warrant as a record."""

    form: Literal["I-200", "I-205", "judicial"]
    number: str
    issuer: str
    issued_on: date | None = None


class PersonBooked(Event, frozen=True, tag="person.booked"):
    """The jail booked the person in: where presence begins, when the card came later."""

    at: datetime
    facility: str
    booking_number: str = ""


class PresenceConfirmed(Event, frozen=True, tag="presence.confirmed"):
    """Still there as of this moment."""

    at: datetime
    note: str = ""


class PersonReceived(Event, frozen=True, tag="person.received"):
    """A transfer arrived: from here on the receiving facility answers for the person."""

    at: datetime
    facility: str
    document: str = ""


class PersonReturned(Event, frozen=True, tag="person.returned"):
    """Back in a facility after a temporary leave, an escape or a release in error."""

    at: datetime
    facility: str
    document: str = ""


class CustodyAssumed(Event, frozen=True, tag="custody.assumed"):
    """Federal officers took the person into custody."""

    at: datetime
    determination: int | None = None
    """Version of the answer of the center that it rests on."""
    warrant: Warrant | None = None
    stays: bool = False
    """Federal custody in the same building: the ground changes, the presence goes on."""
    told_at: datetime | None = None


class CustodyReleased(Event, frozen=True, tag="custody.released"):
    """The person left the custody named."""

    at: datetime
    custody: Literal["LOCAL", "ICE"]
    how: str = "RELEASED"
    document: str = ""
    to: str = ""
    """ORI of the receiving facility of a transfer."""
    guarded: bool = False
    """Away under guard (a hospital): still the facility's presence."""
    second: str | None = None
    told_at: datetime | None = None
    """When it was recorded; nothing in ledgers of earlier releases."""


class MatterOpened(Event, frozen=True, tag="matter.opened"):
    """A further criminal matter keeps the person: charge, agency, court's document and a second person."""

    number: int
    """From 2; 1 is the booking itself."""
    what: MatterKind
    charge: str
    agency: str
    document: str
    at: datetime
    second: str
    told_at: datetime | None = None


class ReleaseEligible(Event, tag="release.eligible", frozen=True):
    """The documented end of a criminal matter: from here on nothing in it keeps the person."""

    at: datetime
    reason: EligibleReason
    document: str
    """What shows it: the jail's own paper, by number or name."""
    corrects: bool = False
    """The moment was recorded wrong. The earlier of the two moments counts: a clock is never extended."""
    matter: int = 1
    told_at: datetime | None = None


class RequestHonored(Event, frozen=True, tag="request.honored"):
    """The jail honors one request, and names the authority that it relies on: without it nobody is held."""

    request: int
    under: str
    at: datetime
    counts_from: datetime
    """From when it can be authority: the moment stated, or that of its recording when it was told late."""
    answer: str = "NOBODY_LOOKED"
    """What the law of the place and day says about holding; MAY_NOT_HOLD gives no authority."""


class RequestEndTold(Event, frozen=True, tag="request.end_told"):
    """The jail knows that a request has ended."""

    request: int
    at: datetime


class CustodyJoined(Event, frozen=True, tag="custody.joined"):
    """This card is of somebody who is in custody on an earlier card, or was booked again on the same offense."""

    custody: str
    """Stream of the first card of that custody."""
    tcn: str
    why: str
    reason: Literal["present", "booked-again"]
    by: str = ""


class CustodyKeptApart(Event, frozen=True, tag="custody.kept_apart"):
    """A named person, and a second, say that two cards are not one custody, with a reason."""

    custody: str
    reason: str
    by: str
    second: str


class ActCorrected(Event, frozen=True, tag="act.corrected"):
    """An earlier act is taken back by a later one: both stay on the ledger, and what follows is computed without it."""

    acts: tuple[int, ...]
    """Places in the stream of the case, from 1."""
    what: str
    """Kind of the act."""
    reason: str
    by: str
    second: str


class DueWarned(Event, frozen=True, tag="due.warned"):
    """Somebody was warned of what they owe before its moment, or the next above them was."""

    due: str
    owner: str
    moment: datetime
    hours: int
    """6 and 1 hours before; 0: nobody heard, and the next above was told."""
