"""A card with what is known around it: the other cards of its custody and person, who acted, when things were told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from tenprint.cases import Case, fold
from tenprint.cases.card.commands import JoinCustody
from tenprint.cases.custody.correction import standing
from tenprint.cases.custody.joins import why_joined
from tenprint.cases.custody.view import Custody, custody_of
from tenprint.cases.kernel.act import Around
from tenprint.exchange import directory, people
from tenprint.exchange.codec import CASES
from tenprint.ledger import Entry, Ledger


def case_of(entries: Iterable[Entry]) -> Case:
    """The case that the entries of its stream tell of, without what was corrected."""
    return fold(standing([(e.version, CASES.from_ledger(e)) for e in entries if e.kind in CASES.kinds]))


def earlier_custody(
    ledger: Ledger, reading: Callable[[], AbstractContextManager[Connection]], stream: str
) -> JoinCustody | None:
    """What joins a card to an earlier custody of the same person; nothing when it is one of its own."""
    with reading() as connection:
        mine = Surroundings(ledger, connection, stream)
        if mine.case.joined is not None or len(mine.streams) > 1:
            return None
        apart = {k.custody for k in mine.case.kept_apart}
        roots = dict.fromkeys(people.root(connection, s) for s in people.same_person(connection, stream))
        shared = set(people.identities(connection, stream))
        for first in roots:
            if first == stream or first in apart:
                continue
            theirs = Surroundings(ledger, connection, first)
            why = why_joined(theirs.whole, mine.case, theirs.zone)
            if not why:
                continue
            same = sorted(shared & {i for s in theirs.streams for i in people.identities(connection, s)})
            card = theirs.case.submission
            return JoinCustody(
                custody=first,
                tcn=card.tcn if card else "",
                why=f"the same person ({', '.join(same)}), {WHY[why]}",
                reason=why,
            )
    return None


WHY = {
    "present": "in custody when this card came",
    "booked-again": "booked again without an offense after the leaving",
}


class Surroundings:
    """A card with everything around it, read once.

    Attributes:
        streams: Of the cards of its custody, the first card first.
        case: The card itself.
        others: The other cards of its custody.
        version: Of the card's stream.
        whole: The custody over its cards, with the norm of its facility.
        facility: ORI of where the person is, or was last; of the booking agency when nobody was anywhere.
        zone: Time zone there; nothing when it is in no registry.
        around: What an act knows beside its case.
    """

    def __init__(self, ledger: Ledger, connection: Connection, stream: str) -> None:
        self.streams = people.custody(connection, stream)
        entries = {s: ledger.stream(s) for s in dict.fromkeys((*self.streams, stream))}
        self.case = case_of(entries[stream])
        self.others = tuple(case_of(entries[s]) for s in self.streams if s != stream)
        self.version = len(entries[stream])
        whole = custody_of((self.case, *self.others))
        self.facility = _facility(self.case, whole)
        agency = directory.find_agency(connection, self.facility)
        norm = agency.release_minutes if agency else 0
        self.whole = custody_of((self.case, *self.others), norm_minutes=norm) if norm else whole
        self.zone = agency.zone if agency else None
        away = [s for s in people.same_person(connection, stream) if s not in entries]
        acts = (e for rows in entries.values() for e in rows if e.role != "system")  # a look ahead tells nothing late
        newest = max((e.occurred_at for e in acts), default=None)
        self.around = Around(
            custody=self.others,
            elsewhere=tuple(case_of(ledger.stream(s)) for s in away),
            known_at=newest if ledger.simulated else ledger.now(),
            norm_minutes=norm,
            roles=directory.roles(connection),
            recorded_by=frozenset(e.actor for rows in entries.values() for e in rows if e.role == "jail"),
        )


def _facility(case: Case, whole: Custody) -> str:
    if whole.presence:
        return whole.presence[-1].facility
    card = case.submission or case.rejection
    return card.controlling_ori if card else ""
