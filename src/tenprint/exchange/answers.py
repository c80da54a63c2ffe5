"""Answers to a card: SRE, ERRT, IDR and IAR (EBTS 9.1; program.md 1.3), each with the card's control number as TCR.

Control numbers of answers follow from what they answer, so that an answer made again after a crash is the same answer.
Wording claims no more than is known: a match is an earlier encounter, no match is the absence of a digitized record.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

import msgspec

from tenprint.cases.card.events import CriminalSearched, ImmigrationSearched, ResponseKind, StatusDetermined
from tenprint.exchange.cards import Card
from tenprint.itl import build

SECOND: frozenset[str] = frozenset({"IDR", "IAR"})
"""Kinds that come as the second answer, which some agencies cannot receive."""

NO_RECORD = (
    "NO DIGITIZED RECORD FOUND",
    "This says nothing about citizenship or status: many people have no digitized record.",
)
MATCH = (
    "A DIGITIZED RECORD OF AN EARLIER ENCOUNTER WAS FOUND",
    "This is not a finding about citizenship or status. The support center has been asked; its answer follows.",
)
NOT_A_DETAINER = "This answer is not a detainer and asks nobody to hold anybody."


class Answer(msgspec.Struct, frozen=True):
    """A stored answer."""

    kind: ResponseKind
    tcn: str
    tcr: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hex."""
        return hashlib.sha256(self.content).hexdigest()


def results(card: Card, found: CriminalSearched, at: datetime, history: tuple[str, ...] = ()) -> Answer:
    """The SRE: identified or not identified (2.059 SRF), and the rap sheet as text (2.075 ERS)."""
    tcn = control_number("SRE", card)
    known = {"2.014": found.identity} if found.identity else {}
    told = (*(f"SEQUENCE: {line}" for line in found.sequence), *(f"IMAGE: {line}" for line in found.images))
    text = (*told, *history)
    known |= {"2.075": "\n".join(text)} if text else {}
    built = build.results(card.transaction, identified=found.hit, tcn=tcn, when=at, fields=known)
    return Answer("SRE", tcn, card.tcn, built.to_bytes())


def error(card: Card, messages: tuple[str, ...], at: datetime) -> Answer:
    """The ERRT: what stands against the card (2.060 MSG)."""
    tcn = control_number("ERRT", card)
    built = build.error(card.transaction, messages, tcn=tcn, when=at)
    return Answer("ERRT", tcn, card.tcn, built.to_bytes())


def data_response(card: Card, found: ImmigrationSearched, at: datetime, encounters: tuple[str, ...] = ()) -> Answer:
    """The IDR: an earlier encounter or none, and of what kind the encounters were."""
    text = (*MATCH, f"Record: {found.identity}", *encounters) if found.hit else NO_RECORD
    return second("IDR", card, (*text, *(f"Sequence: {line}" for line in found.sequence)), at)


def status_response(card: Card, status: StatusDetermined, at: datetime) -> Answer:
    """The IAR: what a person at the center found, with sources, and that it is not a detainer."""
    words = status.status.replace("_", " ")
    text = [f"STATUS: {words} (confidence {status.confidence}, version {status.version})"]
    text += [
        f"Source: {s.name}, reliability {s.reliability}"
        + (" (no record there; absence is not evidence)" if s.absence else "")
        for s in status.sources
    ]
    if status.citizenship_indicator:
        text.append("There are indications that this person is a citizen of the United States.")
    return second("IAR", card, (*text, NOT_A_DETAINER), at, version=status.version)


def second(kind: Literal["IDR", "IAR"], card: Card, text: tuple[str, ...], at: datetime, version: int = 1) -> Answer:
    """An answer of the immigration branch."""
    tcn = control_number(kind, card, version)
    built = build.immigration_response(card.transaction, kind=kind, text=text, tcn=tcn, when=at)
    return Answer(kind, tcn, card.tcn, built.to_bytes())


def control_number(kind: str, card: Card, version: int = 1) -> str:
    """The control number of an answer (10 to 40 characters)."""
    digest = hashlib.sha256(f"{kind}/{version}/{card.submitting_ori}/{card.tcn}/{card.digest}".encode()).hexdigest()
    return f"{kind}{digest[:24].upper()}"
