"""What can happen to the person of a case: prints examined, claims, late facts, custody, outcome, cost.

Part of the vocabulary in ``events``, and found there by other rooms.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from tenprint.cases.card.values import (
    Charge,
    ClaimKind,
    Conviction,
    Event,
    Examined,
    OutcomeKind,
    Standing,
    System,
)


class PrintExamined(Event, frozen=True, tag="print.examined"):
    """An examiner compared the prints of a close call with its candidate and concluded, by name. Nothing follows."""

    system: System
    conclusion: Examined
    reason: str
    examiner: str
    candidate: str | None
    """Whose prints were compared; nothing where the search did not keep it."""
    standing: Standing
    """Where the close call stands with this conclusion."""
    settles: bool
    """Whether no examiner is waited for any more."""


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
    by: str = ""
    role: str = ""
    """In which role: an upheld claim is changed by that office alone."""


class FactStated(Event, frozen=True, tag="fact.stated"):
    """A fact of the law vocabulary, learned after the print; a later statement of the same name supersedes."""

    name: str
    value: bool | int | str | tuple[str, ...] | None
    """As the vocabulary types it; a date is ISO 8601 text, a set is a list of its terms, nothing means unknown."""
    source: str
    corrects: bool = False
    batch: str | None = None
    stated_at: datetime | None = None
    """When it was said. Of two statements of one fact the later one counts, in whatever order they were recorded."""
    reviewer: str | None = None
    by: str = ""
    """Who stated it, kept here too because some facts are not stated by whoever decides."""
    document: str = ""
    second: str | None = None


class ChargeStated(Event, tag="charge.stated", frozen=True):
    """What is known about an arrest charge beyond the card: code, grade, categories; or a charge the card lacked."""

    charge: Charge
    source: str
    batch: str | None = None
    stated_at: datetime | None = None


class ChargeDisposed(Event, frozen=True, tag="charge.disposed"):
    """What became of an arrest charge."""

    number: int
    disposition: Literal["not_filed", "dismissed", "acquitted", "convicted", "dismissed_for_departure"]
    on: date
    batch: str | None = None
    stated_at: datetime | None = None
    at: datetime | None = None
    """The moment that counts: of the statement, or the end of its day at the facility when it was stated later."""


class ConvictionRecorded(Event, frozen=True, tag="conviction.recorded"):
    """A conviction became known (late by nature)."""

    conviction: Conviction
    batch: str | None = None
    stated_at: datetime | None = None
    reviewer: str | None = None


class ConvictionStruck(Event, frozen=True, tag="conviction.struck"):
    """A conviction recorded earlier was wrong (wrong person, vacated, duplicate)."""

    id: str
    reason: str
    batch: str | None = None
    stated_at: datetime | None = None
    reviewer: str | None = None


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
    """The true basis, such as ``final order`` or ``stipulated order``; for a return, under which provision."""
    note: str = ""
    charges_dropped_for_departure: bool = False
    batch: str | None = None
    stated_at: datetime | None = None
    reviewer: str | None = None


class CostRecorded(Event, frozen=True, tag="cost.recorded"):
    """Bed-hours past release and who paid."""

    bed_hours: float
    payer: str
    amount_cents: int | None = None
    stated_at: datetime | None = None
    hold: int | None = None
    """Position of the hold in the case (1 is the first)."""


class PaperMade(Event, frozen=True, tag="paper.made"):
    """A paper about this case was printed: what can be handed over, and be found again by its code."""

    number: int
    what: str
    """Kind of paper, such as ``notice``."""
    language: str
    """Code of the language, such as ``es``."""
    copy: int
    """1 for the first copy of these words."""
    content: str
    """SHA-256 of the words, hex."""
    file: str
    """SHA-256 of the PDF, hex."""
    request: int | None = None
    """The request that it is about."""
    made_at: datetime | None = None

    @property
    def code(self) -> str:
        """What the square on the paper says, after the control number."""
        return f"{self.number}.{self.copy}.{self.language}.{self.content[:16]}"
