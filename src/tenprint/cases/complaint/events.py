"""What can happen to a complaint (6 U.S.C. 345; 42 U.S.C. 2000ee-1; life cycle and clocks are this program's choice).

Who did it is the ledger's. What the filer wrote, and who the filer is, are sealed: each under a key of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from tenprint.cases.kernel.value import Event

Channel = Literal["web", "paper", "hotline", "letter", "in_person"]
Against = Literal["federal_officer", "state_officer", "local_officer", "jail", "other", "unknown"]
"""Whose act it is about; of state and local officers the Department of Justice is told."""
Topic = Literal[
    "profiling", "unlawful_hold", "citizenship", "victim_or_witness", "wrong_person", "conditions", "no_interpreter",
    "not_told", "retaliation", "other",
]  # fmt: skip
Route = Literal["RETAINED", "INSPECTOR_GENERAL", "JUSTICE", "COMPONENT", "DUPLICATE", "OUT_OF_SCOPE"]
Result = Literal["SUBSTANTIATED", "NOT_SUBSTANTIATED", "INCONCLUSIVE"]
Answer = Literal["CONCUR", "PARTIAL", "NON_CONCUR"]
Writer = Literal["complainant", "office"]


class ComplaintEvent(Event, frozen=True):
    """Something that happened to one complaint."""

    OF: ClassVar[Literal["complaint", "complainant"]] = "complaint"
    """Whose key seals them."""


class ComplaintReceived(ComplaintEvent, frozen=True, tag="complaint.received"):
    """A complaint came in. The filer holds words; the ledger holds only what a slow hash makes of them."""

    SEALED: ClassVar[tuple[str, ...]] = ("text", "place")

    number: str
    channel: Channel
    language: str
    against: Against
    topics: tuple[Topic, ...]
    receipt: str
    """Slow hash of the receipt's words, hexadecimal; empty when the filer took none."""
    has_identity: bool
    received_at: datetime
    acknowledge_due: datetime
    triage_due: datetime
    paper: str = ""
    """Code of the paper form."""
    text: str = ""
    place: str = ""
    """Where it happened, as the filer put it."""


class ComplainantNamed(ComplaintEvent, frozen=True, tag="complainant.named"):
    """Who the filer is, closed for the rights office's key; sealed again under a key of the filer's own."""

    SEALED: ClassVar[tuple[str, ...]] = ("box",)
    OF: ClassVar[Literal["complaint", "complainant"]] = "complainant"

    key: str
    """Which key of the office opens it."""
    box: str = ""


class Attached(ComplaintEvent, frozen=True, tag="complaint.attached"):
    """A file came with it, without its metadata; stored encrypted under a key that is sealed here."""

    SEALED: ClassVar[tuple[str, ...]] = ("name", "secret")

    number: int
    digest: str
    """SHA-256 of the stored, encrypted bytes."""
    media: str
    size: int
    name: str = ""
    secret: str = ""


class Written(ComplaintEvent, frozen=True, tag="complaint.message"):
    """A message, either way."""

    SEALED: ClassVar[tuple[str, ...]] = ("text",)

    number: int
    writer: Writer
    due: datetime | None = None
    """When the office owes an answer; nothing for its own messages."""
    text: str = ""


class Acknowledged(ComplaintEvent, frozen=True, tag="complaint.acknowledged"):
    """A named person of the rights office has read it."""


class Triaged(ComplaintEvent, frozen=True, tag="complaint.triaged"):
    """Where it goes, and why."""

    SEALED: ClassVar[tuple[str, ...]] = ("reason",)

    route: Route
    reason: str = ""
    county: str = ""
    """Five-digit FIPS code of where it happened; empty when it is not known."""
    happened_on: date | None = None
    duplicate_of: str = ""
    finding_due: datetime | None = None


class Referred(ComplaintEvent, frozen=True, tag="complaint.referred"):
    """It was sent on, or another office was told. The filer's identity goes along only with the filer's consent."""

    SEALED: ClassVar[tuple[str, ...]] = ("why",)

    number: int
    to: str
    for_action: bool
    """False: a notice of what this office investigates."""
    due: datetime
    why: str = ""


class ReferralAcknowledged(ComplaintEvent, frozen=True, tag="complaint.referral_acknowledged"):
    """The other office says that it has it."""

    number: int
    document: str


class InvestigationOpened(ComplaintEvent, frozen=True, tag="complaint.investigating"):
    """Somebody looks into it."""

    investigator: str


class Found(ComplaintEvent, frozen=True, tag="complaint.finding"):
    """What was found, in writing, and on which evidence."""

    SEALED: ClassVar[tuple[str, ...]] = ("finding", "evidence")

    number: int
    result: Result
    finding: str = ""
    evidence: tuple[str, ...] = ()


class Recommended(ComplaintEvent, frozen=True, tag="complaint.recommendation"):
    """What a component should change."""

    number: int
    to: str
    text: str
    due: datetime


class Responded(ComplaintEvent, frozen=True, tag="complaint.response"):
    """What the component says to it."""

    number: int
    answer: Answer
    reason: str
    by: str


class ConsequenceRecorded(ComplaintEvent, frozen=True, tag="complaint.consequence"):
    """What followed for whoever was responsible; that nothing did is recorded too."""

    finding: int
    what: str
    """``none`` when nothing followed."""
    reason: str


class CaseLinked(ComplaintEvent, frozen=True, tag="complaint.linked"):
    """The card's case that it is about."""

    tcn: str
    ori: str
    is_subject: bool


class WatchSet(ComplaintEvent, frozen=True, tag="complaint.watch_set"):
    """From now on acts against the subject of that case need a supervisor who knows of the complaint."""

    tcn: str
    ori: str


class WatchEnded(ComplaintEvent, frozen=True, tag="complaint.watch_ended"):
    """Acts against the subject are no longer watched, because the complaint is closed."""

    tcn: str
    ori: str


class Accessed(ComplaintEvent, frozen=True, tag="complaint.accessed"):
    """Somebody looked at what is sealed. Who, in which role and when is on the entry."""

    what: Literal["complaint", "identity", "attachment"]
    purpose: str
    attachment: int | None = None


class Closed(ComplaintEvent, frozen=True, tag="complaint.closed"):
    """It is over; the summary names nobody and may be published."""

    reason: str
    summary: str
    days: int
    """Whole days since it came in."""


class Reopened(ComplaintEvent, frozen=True, tag="complaint.reopened"):
    """It is taken up again."""

    reason: str
    asked_by: Writer
    finding_due: datetime


def event_types() -> tuple[type[ComplaintEvent], ...]:
    """Every kind of event of a complaint, in the order of this file."""
    return tuple(
        v
        for v in globals().values()
        if isinstance(v, type) and issubclass(v, ComplaintEvent) and v is not ComplaintEvent
    )
