"""The values of a case: closed lists of words, and what a card, a charge, a conviction and a source are.

Names follow the glossary of the field: EBTS for transactions, 8 CFR 287.7 and Form I-247 for detainers. Race and
ethnicity have no place here.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from tenprint.cases.kernel.value import Event, Value

__all__ = ["Event", "Value"]
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
    "CUSTODY_ASSUMED", "RELEASED", "EXPIRED", "CANCELLED", "WITHDRAWN", "DECLINED", "SUPERSEDED", "NEW_CRIMINAL_HOLD",
    "TRANSFERRED", "DIED", "COURT_ORDER",
]  # fmt: skip

IncidentKind = Literal[
    "held-past-deadline",
    "held-without-request",
    "custody-despite-claim",
    "not-served",
    "served-without-paper",
    "claim-overdue",
    "answer-overdue",
    "decision-overdue",
    "custody-without-authority",
    "citizen-in-custody",
    "died-in-custody",
    "escaped",
    "released-in-error",
    "honored-against-law",
    "outcome-against-record",
]
"""A promise broken or in doubt. ``held-without-request``: the person could have walked out, no request to hold was in
force, and nobody recorded that the person left. ``custody-despite-claim``: federal officers took somebody whose claim
was open or upheld. ``custody-without-authority``: on no determination, or without the warrant that the day asks for.
``citizen-in-custody``: somebody in federal custody or removed is found to be a citizen, or the wrong person."""

Examined = Literal["EXCLUSION", "INCONCLUSIVE", "IDENTIFICATION"]
"""What an examiner concludes from two prints side by side."""

Standing = Literal["OPEN", "PENDING_VERIFICATION", "EXCLUSION", "INCONCLUSIVE", "IDENTIFICATION", "DISAGREEMENT"]
"""Where a close call stands: nobody has looked; one examiner identified and a second has to verify; what was concluded;
or examiners who do not agree, which no majority turns into an identification."""

ReviewSubject = Literal["citizenship", "decision", "status"]

EligibleReason = Literal[
    "bond_posted", "charges_dropped", "sentence_served", "acquitted", "recognizance", "court_order", "other"
]
"""Why nothing but a detainer could keep the person in the jail from that moment."""

OutcomeKind = Literal["REMOVED", "RETURNED", "NOTICE_TO_APPEAR", "RELIEF", "CITIZEN", "TERMINATED", "RELEASED"]


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
    categories: tuple[str, ...] | None = None
    """Terms of the law vocabulary such as ``minor_traffic``, ``dui``, ``violence``; stated by a person, never guessed.
    Empty: somebody looked and none applies. Nothing: nobody has looked."""
    disposition: Literal["pending", "not_filed", "dismissed", "acquitted", "convicted", "dismissed_for_departure"] = (
        "pending"
    )
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
    categories: tuple[str, ...] | None = None
    incident: str | None = None
    juvenile: bool = False
    charge: int | None = None
    """Number of this booking's charge, when the conviction disposes of it."""
    source: str = ""


class Source(Value, frozen=True):
    """A record somebody looked at, and how far it can be relied on."""

    name: str
    reliability: Literal["high", "medium", "low", "unknown"]
    note: str = ""
    absence: bool = False
    """True when the finding is that no record was found: the absence of a record is not evidence."""
