"""The closed vocabulary of what can happen on the road of one card.

Every event states a fact in the past tense. Who did it, in which role, for which purpose and when are the ledger's
(two clocks); an event holds only what happened. Fields named in ``SEALED`` are personal: the exchange hands them to the
ledger to be encrypted under the key of the case's subject. Race and ethnicity have no place here.

Names follow the glossary of the field: EBTS for transactions, 8 CFR 287.7 and Form I-247 for detainers.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from tenprint.cases.card.events_of_person import (
    ChargeDisposed,
    ChargeStated,
    ClaimMade,
    ClaimResolved,
    ConvictionRecorded,
    ConvictionStruck,
    CostRecorded,
    FactStated,
    OutcomeRecorded,
    PaperMade,
    PrintExamined,
    ProceedingStep,
)
from tenprint.cases.card.values import (
    Charge,
    Choice,
    ClaimKind,
    Conviction,
    EligibleReason,
    Event,
    Examined,
    GateReason,
    HoldEnd,
    ImmigrationStatus,
    IncidentKind,
    Origin,
    OutcomeKind,
    Personal,
    ResponseKind,
    ReviewSubject,
    Source,
    System,
    Value,
)
from tenprint.cases.custody.earlier import (
    HoldAlarm,
    HoldChanged,
    HoldEnded,
    HoldStarted,
    ReleaseNoticeSent,
)
from tenprint.cases.custody.events import (
    ActCorrected,
    CustodyAssumed,
    CustodyJoined,
    CustodyKeptApart,
    CustodyReleased,
    DueWarned,
    MatterOpened,
    PersonBooked,
    PersonReceived,
    PersonReturned,
    PresenceConfirmed,
    ReleaseEligible,
    RequestEndTold,
    RequestHonored,
    Warrant,
)

__all__ = [
    "ActCorrected",
    "Charge",
    "ChargeDisposed",
    "ChargeStated",
    "Choice",
    "ClaimKind",
    "ClaimMade",
    "ClaimResolved",
    "Conviction",
    "ConvictionRecorded",
    "ConvictionStruck",
    "CostRecorded",
    "CustodyAssumed",
    "CustodyJoined",
    "CustodyKeptApart",
    "CustodyReleased",
    "DueWarned",
    "EligibleReason",
    "Event",
    "Examined",
    "FactStated",
    "GateReason",
    "HoldAlarm",
    "HoldChanged",
    "HoldEnd",
    "HoldEnded",
    "HoldStarted",
    "ImmigrationStatus",
    "IncidentKind",
    "MatterOpened",
    "Origin",
    "OutcomeKind",
    "OutcomeRecorded",
    "PaperMade",
    "PersonBooked",
    "PersonReceived",
    "PersonReturned",
    "Personal",
    "PresenceConfirmed",
    "PrintExamined",
    "ProceedingStep",
    "ReleaseEligible",
    "ReleaseNoticeSent",
    "RequestEndTold",
    "RequestHonored",
    "ResponseKind",
    "ReviewSubject",
    "Source",
    "System",
    "Value",
    "Warrant",
]
# what is defined beside this file is part of this vocabulary: other rooms find it here


# -- the card ------------------------------------------------------------------------------------------------------


class SubmissionAccepted(Event, frozen=True, tag="submission.accepted"):
    """A card is durably taken in; an answer is owed from now on."""

    SEALED: ClassVar[tuple[str, ...]] = ("personal",)
    tcn: str
    submitting_ori: str
    controlling_ori: str
    tot: str
    card: str
    """SHA-256 of the bytes received, hex."""
    retain: bool
    date_of_arrest: date | None
    date_printed: date | None = None
    agency_case: str = ""
    age_at_arrest: int | None = None
    treat_as_adult: bool = False
    charges: tuple[Charge, ...] = ()
    fingers: tuple[int, ...] = ()
    """Finger positions (EBTS FGP) with an image."""
    personal: Personal | None = None
    taken_at: datetime | None = None
    """When it was handed in; nothing in ledgers of earlier releases."""


class SubmissionRejected(Event, frozen=True, tag="submission.rejected"):
    """A card whose fields breach its transaction's rules: answered with an ERRT."""

    tcn: str
    submitting_ori: str
    controlling_ori: str
    tot: str
    card: str
    messages: tuple[str, ...]


class ResponseSent(Event, frozen=True, tag="response.sent"):
    """An answer exists and was offered to the bureau, which relays it to the booking agency or cannot."""

    response: ResponseKind
    tcn: str
    tcr: str
    body: str
    """SHA-256 of the answer's bytes, hex."""
    relayed: bool
    note: str = ""


class CriminalSearched(Event, frozen=True, tag="criminal.searched"):
    """The criminal system answered the search of this card."""

    hit: bool
    identity: str | None
    score: float | None
    threshold: float
    fingers: int
    gallery: int
    """Ledger position that the searched gallery reflected."""
    calibration: str
    close_call: bool = False
    """Below the threshold and for a human examiner. In ledgers of before: near the threshold, on either side of it."""
    candidate: str | None = None
    """Whom the examiner of a close call should compare. Never a match."""
    meaning: str = ""
    """How rare the score is among different people, in words."""
    compared: int = 0
    """People in the searched gallery; 0 where it was not kept."""
    sequence: tuple[str, ...] = ()
    """What is wrong with the order of the fingers on the card, a sentence each; nothing for a card in order."""
    images: tuple[str, ...] = ()
    """Images of the card that could not be used or were taken otherwise than stated, a sentence each."""


class GateDecided(Event, frozen=True, tag="gate.decided"):
    """Whether the same prints go to the immigration system, and why not."""

    forwarded: bool
    reason: GateReason | None
    county: str | None
    active_since: date | None
    on: date
    missing: tuple[str, ...] = ()
    """What nobody knew, such as ``age_at_arrest``: missing is never "no"."""
    print_owner: str = ""
    """Whose prints these are: the bureau that submitted them (ORI), on behalf of the booking agency."""
    authority: str = ""
    """Under which authority they moved to the immigration system on that date."""
    authority_source: str = ""
    """Works that say so, as named in the list of sources."""
    authority_standing: str = ""
    """How well that is verified: primary, secondary, unverified."""
    agreement: str = ""
    """The state's agreement as this ledger has it; empty when none was recorded here or none was needed."""
    activation: str = ""
    """Where it is known from that the county was active or not: the reference table, or an act on this ledger."""
    policy: str = ""
    """What the program said on that date about a jurisdiction's choice."""
    investigations: tuple[str, ...] = ()
    """Open civil-rights investigations that the forward carries, because nobody has decided upon them."""


class ImmigrationSearched(Event, frozen=True, tag="immigration.searched"):
    """The immigration system answered. A match is an earlier encounter, not a status."""

    hit: bool
    identity: str | None
    score: float | None
    threshold: float
    fingers: int
    gallery: int
    calibration: str
    close_call: bool = False
    candidate: str | None = None
    meaning: str = ""
    compared: int = 0
    sequence: tuple[str, ...] = ()


# -- the query and its answer --------------------------------------------------------------------------------------


class QuerySent(Event, frozen=True, tag="query.sent"):
    """An Immigration Alien Query (IAQ) went to the support center."""

    origin: Origin
    offense: str = "0399"
    identity: str | None = None
    basis: str = ""
    """Why a person asked, where the query did not follow from a match (BIOGRAPHIC, CAP_INTERVIEW, 287G)."""
    sent_at: datetime | None = None


class StatusDetermined(Event, frozen=True, tag="status.determined"):
    """A person at the center answered (IAR). Versioned: a later answer does not overwrite an earlier one."""

    version: int
    status: ImmigrationStatus
    confidence: Literal["high", "medium", "low"]
    sources: tuple[Source, ...]
    citizenship_indicator: bool
    note: str = ""
    determined_at: datetime | None = None
    by: str = ""
    """Who answered, kept here too because nobody decides on their own answer."""


# -- the decision --------------------------------------------------------------------------------------------------


class DecisionRecorded(Event, frozen=True, tag="decision.recorded"):
    """A named officer chose; the law of that date is kept with the choice."""

    version: int
    choice: Choice
    permitted: tuple[str, ...]
    duties: tuple[str, ...]
    regime: str
    standing: str
    missing: tuple[str, ...]
    facts: dict[str, object]
    trace: tuple[dict[str, object], ...]
    reason: str
    basis: tuple[str, ...] = ()
    """Criteria relied on (letters of the regime's list)."""
    reviewer: str | None = None
    override: bool = False
    overlays: tuple[str, ...] = ()
    """Regimes that lay over the base regime on that day."""
    regime_hash: str = ""
    """SHA-256 of the base regime's file."""
    decided_at: datetime | None = None
    officer: str = ""
    """Who chose, kept here too because whoever answers a claim must be somebody else."""
    factors: tuple[str, ...] = ()
    """Discretion factors weighed (memo 10075.1), where the law of the day asks for them."""
    flags: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    """What the record itself shows to be weak, such as a match without any other source."""
    determination: int | None = None
    """Version of the answer of the center that the choice cites."""


class ReviewRecorded(Event, tag="review.recorded", frozen=True):
    """A supervisor other than the officer looked at something and said yes or no, by name."""

    number: int
    what: ReviewSubject
    reviewer: str
    approved: bool
    reason: str
    determination: int | None = None
    """The version whose citizenship indicator was reviewed."""
    choice: Choice | None = None
    """The choice that was approved or not, for a decision that needs a second person."""
    decision: int | None = None
    """Version of the decision that it is for: an approval is used once."""
    second: str | None = None
    """The other person, where two have to agree."""


class ReevaluationDue(Event, tag="reevaluation.due", frozen=True):
    """A late fact changed what the law permits: the office has to look again. Nothing is done by itself."""

    decision: int
    because: str
    permitted: tuple[str, ...]
    regime: str
    due_at: datetime | None = None
    """When the look is owed: at once."""


# -- the detainer --------------------------------------------------------------------------------------------------


class DetainerIssued(Event, frozen=True, tag="detainer.issued"):
    """Form I-247 of a stated version was sent to the jail. A request unless a regime says otherwise."""

    form: str
    recipient_ori: str
    zone: str
    """Time zone of the facility that would hold the person (IANA name)."""
    criteria: tuple[str, ...] = ()
    probable_cause: tuple[str, ...] = ()
    warrant: Literal["I-200", "I-205"] | None = None
    warrant_record: Warrant | None = None
    """The warrant as a record: number, issuer, day."""
    decision: int = 1
    number: int = 1
    supersedes: int | None = None
    """Number of the earlier form of this case that this one replaces."""
    resume_custody: bool = False
    issued_at: datetime | None = None


class DetainerAcknowledged(Event, frozen=True, tag="detainer.acknowledged"):
    """The jail says it has the form."""

    note: str = ""


class DetainerServed(Event, frozen=True, tag="detainer.served"):
    """The person was given a copy, in a language stated."""

    language: str
    served_at: datetime
    counts_from: datetime | None = None
    """From when a form that takes effect when served is in force: later than the service when it was told late."""
    document: str = ""
    second: str | None = None
    paper: int | None = None
    """Number of the paper that was handed over."""
    by: str = ""
    """Who handed it over, kept here too so that the paper is tied to a person."""


class DetainerDeclined(Event, frozen=True, tag="detainer.declined"):
    """The jail will not honor the request: a normal state."""

    reason: str
    at: datetime | None = None


class DetainerCancelled(Event, frozen=True, tag="detainer.cancelled"):
    """The office lifted the detainer."""

    reason: str
    at: datetime | None = None


class DetainerWithdrawn(Event, frozen=True, tag="detainer.withdrawn"):
    """A claim, or a citizenship indicator, ended the hold request at once."""

    claim: int | None
    """Number of the claim; nothing when a determination's citizenship indicator did it."""
    reason: str
    at: datetime | None = None
    told: bool = False
    """Whether the jail itself made it happen, and so knows."""


class DetainerReinstated(Event, frozen=True, tag="detainer.reinstated"):
    """After a claim was resolved against the claimant; the original deadline stays."""

    claim: int | None
    reviewer: str
    at: datetime | None = None


class IncidentOpened(Event, frozen=True, tag="incident.opened"):
    """A promise was broken or is in doubt; open until a named person closes it with a reason."""

    number: int
    what: IncidentKind
    detail: str
    since: datetime
    about: str = ""
    """What it is about, such as ``hold 1`` or ``claim 2``: one incident for one thing."""


class IncidentClosed(Event, frozen=True, tag="incident.closed"):
    """A named person closed an incident."""

    number: int
    reason: str
    by: str = ""


class SubmissionClosed(Event, frozen=True, tag="submission.closed"):
    """Nothing more is owed on the road itself."""

    why: str


def event_types() -> tuple[type[Event], ...]:
    """Every kind of event of a case, those of the person first."""
    return tuple(v for v in globals().values() if isinstance(v, type) and issubclass(v, Event) and v is not Event)
