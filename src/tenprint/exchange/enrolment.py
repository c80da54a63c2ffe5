"""Enrolment: how prints get into an identification system. The only way in; a search never enrols."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from tenprint.cases.card.commands import RecordCriminalSearch
from tenprint.cases.card.events import System
from tenprint.exchange import people
from tenprint.exchange.cards import Card, Probe, probe, read_card
from tenprint.exchange.core import Core
from tenprint.exchange.errors import UnreadableCardError
from tenprint.exchange.prints import Enrolled, Prints, templates_hash
from tenprint.ledger import Act, NewEvent

Encountered = Literal[
    "benefit-applicant", "visa-applicant", "trusted-traveler", "border", "enforcement", "criminal", "watch-list"
]
"""What an earlier encounter was: most records are of people who asked for something (Privacy Impact Assessment of
IDENT, DHS/NPPD/USVISIT/PIA-002, 7 December 2012)."""


class Encounter(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an encounter beside its prints.

    Attributes:
        was: Its kind; nothing when the source does not say.
        flag: Words that the source put on it, for a person to read. Nothing in the program asks for them.
    """

    was: Encountered | None = None
    flag: str = ""


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a card that was handed in for enrolment."""

    system: System
    identity: str
    encounter: int
    new: bool
    """False when this very card was enrolled before."""
    fingers: tuple[int, ...]
    unusable: tuple[str, ...]
    """Images that could not be used, one line each."""


def enrol(exchange: Core, system: System, content: bytes, act: Act, encounter: Encounter | None = None) -> Enrolment:
    """Put the prints of a card into one system, as a new identity or as a further encounter of the one it matches.

    Args:
        exchange: Where.
        system: ``criminal`` or ``immigration``.
        content: Bytes of the card.
        act: Who, and when the earlier encounter was.
        encounter: What it was, and a flag of the source; nothing when nobody knows.

    Raises:
        UnreadableCardError: when the bytes are no transaction, or hold no usable finger.
    """
    card = read_card(content)
    prints: Prints = {"criminal": exchange.criminal, "immigration": exchange.immigration}[system]
    with exchange.reading() as connection:
        done = prints.existing(connection, card.digest)
    if done is not None:
        return _known(system, done)
    found = probe(card, exchange.extract)
    if not found.templates:
        why = "; ".join(found.unusable) or "it has no Type-4 or Type-14 record of one finger (FGP 1 to 12)"
        raise UnreadableCardError(f"no usable finger to enrol: {why}")
    if found.order:
        raise UnreadableCardError(f"not enrolled, fingers are not in their boxes: {'; '.join(found.order)}")
    with exchange.ledger.transaction() as tx:
        again = prints.existing(tx.connection, card.digest)
        if again is not None:
            return _known(system, again)
        enrolled: Enrolled = prints.place(tx.connection, found.templates)
        data: dict[str, Any] = {
            "system": system,
            "identity": enrolled.identity,
            "encounter": enrolled.encounter,
            "card": card.digest,
            "tot": card.tot,
            "agency": card.controlling_ori or card.submitting_ori,
            "fingers": sorted(found.templates),
            "templates": templates_hash({p: t.to_bytes() for p, t in found.templates.items()}),
        }
        if encounter is not None and encounter.was is not None:
            data["was"] = encounter.was
        if encounter is not None and encounter.flag.strip():
            data["flag"] = encounter.flag.strip()
        stream = f"{system}/{enrolled.identity}"
        event = NewEvent("identity.enrolled", data)
        entry = tx.append(stream, [event], act, expected_version=tx.version(stream))[-1]
        prints.write(tx.connection, card.digest, enrolled, found.templates, entry.seq)
    return Enrolment(
        system=system,
        identity=enrolled.identity,
        encounter=enrolled.encounter,
        new=True,
        fingers=tuple(sorted(found.templates)),
        unusable=found.unusable,
    )


def keep_booking(exchange: Core, stream: str, card: Card, prints: Probe, *, identity: str | None, at: datetime) -> str:
    """Keep the prints of a booking in the criminal system, as the agency asked (RET=Y).

    Args:
        exchange: Where.
        stream: Of the card's case.
        card: The card.
        prints: Its templates.
        identity: Whom the search found; nothing for a new person.
        at: When.

    Returns:
        The identity under which it is kept.
    """
    act = exchange.machine(RecordCriminalSearch, at)
    system = exchange.criminal
    with exchange.ledger.transaction() as tx:
        place = system.next_place(tx.connection, identity)
        data = {
            "system": "criminal", "identity": place.identity, "encounter": place.encounter, "card": card.digest,
            "tot": card.tot, "agency": card.controlling_ori or card.submitting_ori, "fingers": sorted(prints.templates),
            "templates": templates_hash({p: t.to_bytes() for p, t in prints.templates.items()}),
        }  # fmt: skip
        own = f"criminal/{place.identity}"
        kept = NewEvent(people.KEPT, {"case": stream, "identity": place.identity})
        events = [NewEvent("identity.enrolled", data), kept]
        entry = tx.append(own, events, act, expected_version=tx.version(own))[0]
        system.write(tx.connection, card.digest, place, prints.templates, entry.seq)
    return place.identity


def encounters(exchange: Core, system: System, identity: str) -> tuple[str, ...]:
    """Every encounter that was enrolled under an identity, in words for whoever reads an answer."""
    lines = []
    for entry in exchange.ledger.stream(f"{system}/{identity}"):
        if entry.kind == "identity.enrolled":
            was = str(entry.data.get("was", "kind not recorded")).replace("-", " ")
            lines.append(f"Encounter {entry.data['encounter']}: {was}, entered {entry.occurred_at:%Y-%m-%d}")
            if flag := entry.data.get("flag"):
                lines.append(f"  flag of its source, for a person to read: {flag}")
    return tuple(lines)


def _known(system: System, where: Enrolled) -> Enrolment:
    return Enrolment(
        system=system, identity=where.identity, encounter=where.encounter, new=False, fingers=(), unusable=()
    )
