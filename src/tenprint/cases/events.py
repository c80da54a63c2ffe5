"""The closed vocabulary of what can happen on the road of one card.

Every event states a fact in the past tense. Who did it, in which role, for which purpose and when are the ledger's
(two clocks); an event holds only what happened. Fields named in ``SEALED`` are personal: the exchange hands them to the
ledger to be encrypted under the key of the case's subject. Race and ethnicity have no place here.

Names follow the glossary of the field: EBTS for transactions, 8 CFR 287.7 and Form I-247 for detainers.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

import msgspec

Origin = Literal["BIOMETRIC", "BIOGRAPHIC", "CAP_INTERVIEW", "287G"]
"""How a query came about (IAQ). Only BIOMETRIC follows from a fingerprint match."""

System = Literal["criminal", "immigration"]

GateReason = Literal["inactive", "unknown-agency", "civil", "juvenile", "closed"]
"""Why prints were not searched in the immigration system."""

ResponseKind = Literal["SRE", "ERRT", "IDR", "IAR"]

ImmigrationStatus = Literal[
    "CITIZEN", "NATURALIZED", "LAWFUL_PERMANENT_RESIDENT", "LAWFULLY_PRESENT", "REMOVABLE_SUSPECTED",
    "REMOVABLE_FINAL_ORDER", "REMOVABLE_IN_PROCEEDINGS", "NO_RECORD", "UNDETERMINED",
]  # fmt: skip

Choice = Literal[
    "NO_ACTION",
    "MONITOR",
    "NOTIFY_REQUEST",
    "DETAINER",
    "TRANSFER_REQUEST",
    "NEEDS_MORE_FACTS",
    "SUPERVISOR_REVIEW",
]

ClaimKind = Literal["CITIZEN", "VICTIM", "WITNESS", "WRONG_PERSON"]

HoldEnd = Literal[
    "CUSTODY_ASSUMED", "RELEASED", "EXPIRED", "CANCELLED", "WITHDRAWN", "NEW_CRIMINAL_HOLD", "TRANSFERRED", "DIED",
    "COURT_ORDER",
]  # fmt: skip

OutcomeKind = Literal["REMOVED", "RETURNED", "NOTICE_TO_APPEAR", "RELIEF", "CITIZEN", "TERMINATED", "RELEASED"]


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value object: compared by content, never changed."""


class Personal(Value, frozen=True):
    """Who the card says the person is (synthetic). Sealed under the subject's key."""

    name: str
    date_of_birth: str
    """CCYYMMDD as on the card; 00000000 when unknown (EBTS 2.022)."""
    place_of_birth: str
    sex: str
    citizenship: tuple[str, ...] = ()


class Charge(Value, frozen=True):
    """One arrest charge: from the card's arrest segment (EBTS 2.047) or stated later."""

    number: int
    literal: str
    ncic: str = "0399"
    """NCIC uniform offense code; 0399 means no code is known, and is its own bucket, never a level."""
    offense_date: date | None = None
    grade: Literal["felony", "misdemeanor", "infraction"] | None = None
    max_sentence_days: int | None = None
    categories: tuple[str, ...] = ()
    """Terms of the law vocabulary such as ``minor_traffic``, ``dui``, ``violence``; stated, never guessed."""
    disposition: Literal["pending", "dismissed", "acquitted", "convicted", "dismissed_for_departure"] = "pending"
    disposed_on: date | None = None


class Conviction(Value, frozen=True):
    """One conviction, from this booking or before it. Charged and convicted are distinct facts."""

    id: str
    convicted_on: date
    ncic: str = "0399"
    grade: Literal["felony", "misdemeanor", "infraction"] | None = None
    max_sentence_days: int | None = None
    sentence_days: int | None = None
    aggravated_felony: bool | None = None
    """A term of federal law (INA 101(a)(43)); a person with legal training states it."""
    categories: tuple[str, ...] = ()
    incident: str | None = None
    juvenile: bool = False
    charge: int | None = None
    """Number of this booking's charge, when the conviction disposes of it."""
    source: str = ""


class Event(Value, frozen=True, tag_field="kind"):
    """Something that happened in one case."""

    SEALED: ClassVar[tuple[str, ...]] = ()


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


class GateDecided(Event, frozen=True, tag="gate.decided"):
    """Whether the same prints go to the immigration system, and why not."""

    forwarded: bool
    reason: GateReason | None
    county: str | None
    active_since: date | None
    on: date


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


# -- the query and its answer --------------------------------------------------------------------------------------


class QuerySent(Event, frozen=True, tag="query.sent"):
    """An Immigration Alien Query (IAQ) went to the support center."""

    origin: Origin
    offense: str = "0399"
    identity: str | None = None


class Source(Value, frozen=True):
    """A record somebody looked at, and how far it can be relied on."""

    name: str
    reliability: Literal["high", "medium", "low", "unknown"]
    note: str = ""
    absence: bool = False
    """True when the finding is that no record was found: the absence of a record is not evidence."""


class StatusDetermined(Event, frozen=True, tag="status.determined"):
    """A person at the center answered (IAR). Versioned: a later answer does not overwrite an earlier one."""

    version: int
    status: ImmigrationStatus
    confidence: Literal["high", "medium", "low"]
    sources: tuple[Source, ...]
    citizenship_indicator: bool
    note: str = ""


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
    decision: int = 1
    supersedes: str | None = None


class DetainerAcknowledged(Event, frozen=True, tag="detainer.acknowledged"):
    """The jail says it has the form."""

    note: str = ""


class DetainerServed(Event, frozen=True, tag="detainer.served"):
    """The person was given a copy, in a language stated."""

    language: str
    served_at: datetime


class DetainerDeclined(Event, frozen=True, tag="detainer.declined"):
    """The jail will not honor the request: a normal state."""

    reason: str


class DetainerCancelled(Event, frozen=True, tag="detainer.cancelled"):
    """The office lifted the detainer."""

    reason: str


class DetainerWithdrawn(Event, frozen=True, tag="detainer.withdrawn"):
    """A claim ended the hold request at once."""

    claim: int
    reason: str


class DetainerReinstated(Event, frozen=True, tag="detainer.reinstated"):
    """After a claim was resolved against the claimant; the original deadline stays."""

    claim: int
    reviewer: str


class HoldStarted(Event, frozen=True, tag="hold.started"):
    """The person would have walked out at this moment; the clock runs from here only."""

    release_eligible_at: datetime
    reason: str
    document: str
    form: str
    zone: str
    deadline: datetime | None
    excluded: tuple[str, ...] = ()


class HoldEnded(Event, frozen=True, tag="hold.ended"):
    """The hold is over."""

    how: HoldEnd
    ended_at: datetime


class ReleaseNoticeSent(Event, frozen=True, tag="hold.release_notice"):
    """The limit was reached: the jail is told that its authority to hold is over."""

    deadline: datetime


class IncidentOpened(Event, frozen=True, tag="incident.opened"):
    """A promise was broken or is in doubt; open until a named person closes it with a reason."""

    number: int
    what: Literal["held-past-deadline", "not-served", "claim-overdue", "answer-overdue"]
    detail: str
    since: datetime


class IncidentClosed(Event, frozen=True, tag="incident.closed"):
    """A named person closed an incident."""

    number: int
    reason: str


# -- the person ----------------------------------------------------------------------------------------------------


class ClaimMade(Event, frozen=True, tag="claim.made"):
    """Somebody says: I am a citizen, a victim, a witness, the wrong person."""

    SEALED: ClassVar[tuple[str, ...]] = ("statement",)
    number: int
    claim: ClaimKind
    channel: str
    due: datetime
    owner: str
    statement: str = ""


class ClaimResolved(Event, frozen=True, tag="claim.resolved"):
    """The claim was answered by a named person."""

    number: int
    upheld: bool
    reason: str


class FactStated(Event, frozen=True, tag="fact.stated"):
    """A fact of the law vocabulary, learned after the print; a later statement of the same name supersedes."""

    name: str
    value: bool | int | str | None
    source: str
    corrects: bool = False
    batch: str | None = None


class ChargeDisposed(Event, frozen=True, tag="charge.disposed"):
    """What became of an arrest charge."""

    number: int
    disposition: Literal["dismissed", "acquitted", "convicted", "dismissed_for_departure"]
    on: date


class ConvictionRecorded(Event, frozen=True, tag="conviction.recorded"):
    """A conviction became known (late by nature)."""

    conviction: Conviction
    batch: str | None = None


class ConvictionStruck(Event, frozen=True, tag="conviction.struck"):
    """A conviction recorded earlier was wrong (wrong person, vacated, duplicate)."""

    id: str
    reason: str
    batch: str | None = None


class CustodyAssumed(Event, frozen=True, tag="custody.assumed"):
    """Federal officers took the person into custody."""

    at: datetime


class CustodyReleased(Event, frozen=True, tag="custody.released"):
    """The person walked out of the custody named."""

    at: datetime
    custody: Literal["LOCAL", "ICE"]


class ProceedingStep(Event, frozen=True, tag="proceeding.step"):
    """A step between custody and outcome."""

    step: Literal["interview", "notice_to_appear", "hearing_scheduled", "counsel_entered", "order", "appeal"]
    on: date
    note: str = ""


class OutcomeRecorded(Event, frozen=True, tag="outcome.recorded"):
    """How it ended."""

    outcome: OutcomeKind
    on: date
    basis: str
    note: str = ""


class CostRecorded(Event, frozen=True, tag="cost.recorded"):
    """Bed-hours past release and who paid."""

    bed_hours: float
    payer: str
    amount_cents: int | None = None


class SubmissionClosed(Event, frozen=True, tag="submission.closed"):
    """Nothing more is owed on the road itself."""

    why: str


def event_types() -> tuple[type[Event], ...]:
    """Every kind of event of a case, in the order of this file."""
    return tuple(v for v in globals().values() if isinstance(v, type) and issubclass(v, Event) and v is not Event)
