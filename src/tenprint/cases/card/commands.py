"""What somebody may ask of a case: one frozen struct per act.

A command says what is wanted; ``decide`` answers with events or with a ``Refusal``. Who asks, in which role and when
come beside the command. Commands that only hand in a result of the road carry the event that it would become.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from tenprint.cases.card.events import (
    Charge,
    Choice,
    ClaimKind,
    Conviction,
    CriminalSearched,
    EligibleReason,
    Examined,
    ImmigrationSearched,
    ImmigrationStatus,
    Origin,
    OutcomeKind,
    ResponseSent,
    Source,
    SubmissionAccepted,
    SubmissionRejected,
    System,
)
from tenprint.cases.custody.events import Leaving, MatterKind, Warrant
from tenprint.cases.kernel.value import Command, Value


class Registration(Value, frozen=True):
    """What the registry knows of the booking agency (CRI) on the day the card came."""

    ori: str
    county: str
    """Five-digit FIPS code."""
    active_since: date | None
    """Activation of the county; nothing when it has no date."""
    registered_from: date | None = None
    registered_to: date | None = None
    """First day on which the agency was no longer registered."""
    inactive_from: date | None = None
    """First day on which the county's activation was withdrawn again."""
    activation: str = ""
    """Where that is known from: the reference table, or an act on this ledger."""
    agreement: str = ""
    """The state's agreement in force on the day, as this ledger has it."""
    investigations: tuple[str, ...] = ()
    """Open civil-rights investigations of the place that nobody has decided upon."""


# -- the card ----------------------------------------------------------------------------------------------------------


class AcceptSubmission(Command, frozen=True):
    """Take a card in. The same card again changes nothing."""

    submission: SubmissionAccepted


class RejectSubmission(Command, frozen=True):
    """Refuse a card whose fields breach its transaction's rules; an ERRT is owed."""

    rejection: SubmissionRejected


class RecordCriminalSearch(Command, frozen=True):
    """Hand in the answer of the criminal system."""

    result: CriminalSearched


class RecordResponse(Command, frozen=True):
    """Record that an answer (SRE, ERRT, IDR, IAR) was offered to the bureau."""

    response: ResponseSent


class DecideGate(Command, frozen=True):
    """Say whether the prints go on to the immigration system."""

    agency: Registration | None
    """Nothing when the CRI is in no registry."""
    on: date
    """Local date at the booking agency on which the card is being forwarded."""


class RecordImmigrationSearch(Command, frozen=True):
    """Hand in the answer of the immigration system."""

    result: ImmigrationSearched


class Examine(Command, frozen=True):
    """Conclude from the two prints of a close call, side by side."""

    system: System
    conclusion: Examined
    reason: str


class CloseSubmission(Command, frozen=True):
    """Nothing more is owed on the road; late facts are still welcome."""

    why: str


# -- query and determination -------------------------------------------------------------------------------------------


class SendQuery(Command, frozen=True):
    """Ask the support center (IAQ)."""

    origin: Origin
    offense: str = "0399"
    identity: str | None = None
    basis: str = ""


class DetermineStatus(Command, frozen=True):
    """Answer a query (IAR)."""

    status: ImmigrationStatus
    confidence: Literal["high", "medium", "low"]
    sources: tuple[Source, ...]
    citizenship_indicator: bool = False
    note: str = ""


# -- decision and request ----------------------------------------------------------------------------------------------


class IssueDetainer(Command, frozen=True):
    """Send a form of the I-247 family that follows from the latest decision."""

    form: str
    zone: str = ""
    """Time zone of the facility (IANA name); what the act knows of the facility stands before it."""
    recipient_ori: str = ""
    """The jail; the card's controlling agency when empty."""
    criteria: tuple[str, ...] = ()
    probable_cause: tuple[str, ...] = ()
    warrant: Literal["I-200", "I-205"] | None = None
    warrant_record: Warrant | None = None
    """Number, issuer and day of the warrant; the officer's own of the day when only its form is named."""
    supersedes: int | None = None
    resume_custody: bool = False


class Decide(Command, frozen=True):
    """Choose among what the law of the day permits, with a reason; the form may follow in the same act."""

    choice: Choice
    reason: str
    basis: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    override: bool = False
    """Go outside what is permitted, or leave a statutory duty undone: needs a supervisor's recorded approval."""
    detainer: IssueDetainer | None = None


class Review(Command, frozen=True):
    """A supervisor's look at a citizenship indicator, or approval of a choice that needs a second person."""

    what: Literal["citizenship", "decision", "status"]
    approved: bool
    reason: str
    choice: Choice | None = None
    second: str = ""
    """The reviewer beside the supervisor, where two have to agree."""


class Acknowledge(Command, frozen=True):
    """The jail has the form."""

    note: str = ""


class Serve(Command, frozen=True):
    """The person was given a copy."""

    language: str
    served_at: datetime
    document: str = ""
    second: str = ""
    paper: str = ""
    """Code of the paper that was handed over, as its square says."""


class MakePaper(Command, frozen=True):
    """A paper about this case is printed."""

    what: str
    language: str
    copy: int
    content: str
    file: str
    request: int | None = None


class Decline(Command, frozen=True):
    """The jail will not honor the request."""

    reason: str


class Cancel(Command, frozen=True):
    """The office lifts the request."""

    reason: str


class Reinstate(Command, frozen=True):
    """A supervisor puts a withdrawn request back, under the original deadline."""

    claim: int | None = None


# -- custody -----------------------------------------------------------------------------------------------------------


class HonorRequest(Command, frozen=True):
    """The jail honors the request that stands, and names the authority that it relies on."""

    under: str
    answer: str = "NOBODY_LOOKED"
    """What the law of the place and day says; the exchange asks it."""


class RecordReleaseEligible(Command, frozen=True):
    """The documented end of a criminal matter: moment, reason, document."""

    at: datetime
    reason: EligibleReason
    document: str
    corrects: bool = False
    matter: int = 1


class BookPerson(Command, frozen=True):
    """The jail booked the person in."""

    at: datetime
    facility: str = ""
    booking_number: str = ""


class ConfirmPresence(Command, frozen=True):
    """Still there as of this moment."""

    at: datetime
    note: str = ""


class ReceivePerson(Command, frozen=True):
    """A transfer arrived."""

    at: datetime
    facility: str
    document: str = ""


class ReturnPerson(Command, frozen=True):
    """Back after a temporary leave, an escape or a release in error."""

    at: datetime
    document: str
    facility: str = ""


class OpenMatter(Command, frozen=True):
    """A further criminal matter keeps the person."""

    at: datetime
    what: MatterKind
    charge: str
    agency: str
    document: str
    second: str


class AssumeCustody(Command, frozen=True):
    """Federal officers took the person."""

    at: datetime
    warrant: Warrant | None = None
    stays: bool = False


class ReleasePerson(Command, frozen=True):
    """The person left the custody named, or a new criminal matter keeps them."""

    at: datetime
    custody: Literal["LOCAL", "ICE"] = "LOCAL"
    how: Leaving = "RELEASED"
    document: str = ""
    """Required for every way but a plain release."""
    to: str = ""
    """ORI of the facility that a transfer goes to."""
    guarded: bool = False
    charge: str = ""
    agency: str = ""
    second: str = ""


class JoinCustody(Command, frozen=True):
    """This card belongs to the custody of an earlier card."""

    custody: str
    tcn: str
    why: str
    reason: Literal["present", "booked-again"]


class KeepApart(Command, frozen=True):
    """Two cards are not one custody: a named person and a second say why."""

    custody: str
    reason: str
    second: str


class CorrectAct(Command, frozen=True):
    """Take an earlier act back, with a second person. The exchange says what and whose it was."""

    acts: tuple[int, ...]
    kind: str
    made_by: str
    made_as: str
    reason: str
    second: str


class CloseIncident(Command, frozen=True):
    """Close an incident by name, with a reason; one about a person still held only once it is known that they left."""

    number: int
    reason: str


class Tick(Command, frozen=True):
    """The watch looks at the case. ``now`` of the act is the moment it looks at."""

    answer_hours: float | None = None
    """Target for an answer of the center; nothing when the exchange has set none."""
    decision_hours: float | None = None
    """Target for a decision after the answer, the decision not to act included; nothing when none is set."""


# -- the person --------------------------------------------------------------------------------------------------------


class MakeClaim(Command, frozen=True):
    """Citizen, victim, witness, or the wrong person: the request to hold is withdrawn at once."""

    claim: ClaimKind
    channel: str
    statement: str = ""
    due: datetime | None = None
    owner: str = ""


class ResolveClaim(Command, frozen=True):
    """Answer a claim by name, with a reason."""

    number: int
    upheld: bool
    reason: str


class StateFact(Command, frozen=True):
    """State a fact of the law vocabulary, at any time after the print."""

    name: str
    value: bool | int | str | tuple[str, ...] | None
    source: str
    corrects: bool = False
    batch: str | None = None
    reviewer: str | None = None
    document: str = ""
    second: str = ""


class StateCharge(Command, frozen=True):
    """State what is known about a charge beyond the card."""

    charge: Charge
    source: str
    batch: str | None = None


class DisposeCharge(Command, frozen=True):
    """Record what became of a charge."""

    number: int
    disposition: Literal["not_filed", "dismissed", "acquitted", "convicted", "dismissed_for_departure"]
    on: date
    batch: str | None = None


class RecordConviction(Command, frozen=True):
    """Record a conviction that became known."""

    conviction: Conviction
    batch: str | None = None
    reviewer: str | None = None


class StrikeConviction(Command, frozen=True):
    """Take back a conviction that was wrong."""

    id: str
    reason: str
    batch: str | None = None
    reviewer: str | None = None


# -- proceedings, outcome, cost ----------------------------------------------------------------------------------------


class RecordStep(Command, frozen=True):
    """Record a step of the proceedings."""

    step: Literal["interview", "notice_to_appear", "hearing_scheduled", "counsel_entered", "order", "appeal"]
    on: date
    note: str = ""


class RecordOutcome(Command, frozen=True):
    """Record how it ended; a later statement supersedes an earlier one."""

    outcome: OutcomeKind
    on: date
    basis: str
    note: str = ""
    charges_dropped_for_departure: bool = False
    batch: str | None = None
    reviewer: str | None = None


class RecordCost(Command, frozen=True):
    """Record bed-hours past release and who paid."""

    bed_hours: float
    payer: str
    amount_cents: int | None = None
    hold: int | None = None
