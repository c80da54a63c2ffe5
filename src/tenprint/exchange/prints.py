"""Enrolled prints of one identification system: rows in the database are the truth, the gallery is a cache.

Both systems have one of these each, over tables of their own. A search reads; only `enrol` writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, String, Table, cast, delete, func, insert, select, update

from tenprint import finger
from tenprint.exchange import sequence
from tenprint.exchange.cards import Probe
from tenprint.ledger import Damaged, tables


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search gave."""

    hit: bool
    identity: str | None
    """The identity found; nothing unless the score reaches the threshold."""
    score: float | None
    """Best fused score; nothing when there was nobody or nothing to compare."""
    threshold: float
    fingers: int
    """Fingers that the best comparison used."""
    gallery: int
    """Ledger position that the searched gallery reflects."""
    close_call: bool
    """Below the threshold, but too rare among different people to be put aside unseen: for a human examiner."""
    candidate: str | None = None
    """Whom an examiner should compare in a close call. Not an identity found."""
    meaning: str = ""
    """How rare the score is among different people, in words."""
    compared: int = 0
    """People in the searched gallery."""
    sequence: tuple[str, ...] = ()
    """What is wrong with the order of the fingers, a sentence each."""


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """Where a card went."""

    identity: str
    encounter: int
    """1 for the first card of this identity."""
    new: bool
    """False when this very card was there already."""


def templates_hash(templates: Mapping[int, bytes]) -> str:
    """What the event of an enrolment says of its prints: SHA-256, hex, over position and template of every finger."""
    digest = hashlib.sha256(b"tenprint/templates/1")
    for position, template in sorted(templates.items()):
        digest.update(position.to_bytes(2, "big") + len(template).to_bytes(4, "big") + template)
    return digest.hexdigest()


class Prints:
    """The prints of one system.

    Args:
        prints: Its table of templates.
        enrolments: Its table of cards taken in.
        prefix: First letter of its identity numbers.
    """

    def __init__(self, prints: Table, enrolments: Table, prefix: str) -> None:
        self._prints = prints
        self._enrolments = enrolments
        self._prefix = prefix
        self._gallery = finger.Gallery()
        self._reflects = 0
        self._rows = 0
        self._people: set[str] = set()

    def position(self, connection: Connection) -> int:
        """Ledger position of the latest enrolment."""
        latest: int | None = connection.execute(select(func.max(self._enrolments.c.seq))).scalar_one()
        return latest or 0

    def existing(self, connection: Connection, card: str) -> Enrolled | None:
        """Where this card went earlier, if it did."""
        row = connection.execute(select(self._enrolments).where(self._enrolments.c.card == card)).one_or_none()
        return None if row is None else Enrolled(identity=row.identity, encounter=row.encounter, new=False)

    def place(self, connection: Connection, templates: Mapping[int, finger.Template]) -> Enrolled:
        """The identity and encounter number that a new card gets: of the person it matches, else a new person."""
        found = self.search(connection, Probe(templates))
        return self.next_place(connection, found.identity if found.hit else None)

    def next_place(self, connection: Connection, identity: str | None) -> Enrolled:
        """The next encounter of an identity; of a new person when none is given."""
        column = self._enrolments.c
        if identity is not None:
            count = connection.execute(
                select(func.max(column.encounter)).where(column.identity == identity)
            ).scalar_one()
            return Enrolled(identity=identity, encounter=(count or 0) + 1, new=True)
        people = connection.execute(select(func.count(column.identity.distinct()))).scalar_one()
        return Enrolled(identity=f"{self._prefix}{people + 1:08d}", encounter=1, new=True)

    def write(
        self, connection: Connection, card: str, enrolled: Enrolled, templates: Mapping[int, finger.Template], seq: int
    ) -> None:
        """Store the prints of an enrolment whose event has ledger position ``seq``."""
        at = {"identity": enrolled.identity, "encounter": enrolled.encounter, "seq": seq}
        connection.execute(insert(self._enrolments).values(card=card, **at))
        connection.execute(
            insert(self._prints), [{"position": p, "template": t.to_bytes(), **at} for p, t in templates.items()]
        )

    @property
    def tables(self) -> tuple[str, str]:
        """Names of its tables."""
        return self._prints.name, self._enrolments.name

    def remove(self, connection: Connection, identity: str) -> int:
        """Delete all prints of an identity, and say how many; every gallery starts over at its next search.

        The rows of its enrolments stay without the card, so that no later person gets its number.
        """
        gone = connection.execute(delete(self._prints).where(self._prints.c.identity == identity)).rowcount
        column = self._enrolments.c
        blank = "expunged/" + cast(column.seq, String)
        connection.execute(update(self._enrolments).where(column.identity == identity).values(card=blank))
        return gone

    def remove_card(self, connection: Connection, card: str) -> int:
        """Delete the prints that one card brought, and say how many; the identity stays for its other cards."""
        found = self.existing(connection, card)
        if found is None:
            return 0
        here = (self._prints.c.identity == found.identity) & (self._prints.c.encounter == found.encounter)
        gone = connection.execute(delete(self._prints).where(here)).rowcount
        column = self._enrolments.c
        blank = "expunged/" + cast(column.seq, String)
        connection.execute(update(self._enrolments).where(column.card == card).values(card=blank))
        return gone

    def search(self, connection: Connection, probe: Probe) -> Found:
        """Look for the person of these prints among all enrolled. Nothing is written, here or in the database."""
        self._catch_up(connection)
        people, order = len(self._people), probe.order
        found = (
            sequence.read(self._gallery, probe.templates, people)
            if probe.templates and self._rows
            else sequence.Reading(None, hit=False)
        )
        best = found.best
        if best is None:
            alone = max(1, len(probe.templates))
            return Found(
                hit=False,
                identity=None,
                score=None,
                threshold=finger.threshold(alone, max(1, people)),
                fingers=len(probe.templates),
                gallery=self._reflects,
                close_call=False,
                compared=people,
                sequence=order,
            )
        fused = len(best.fingers)
        threshold = finger.threshold(fused, people)
        close = not found.hit and (best.score >= finger.examine_from(fused, people) or bool(found.findings))
        identity = best.person.partition("/")[0]
        return Found(
            hit=found.hit,
            identity=identity if found.hit else None,
            score=best.score,
            threshold=threshold,
            fingers=fused,
            gallery=self._reflects,
            close_call=close,
            candidate=identity if close else None,
            meaning=finger.meaning(best.score, fused).text,
            compared=people,
            sequence=(*order, *found.findings),
        )

    def everybody(self, connection: Connection) -> Iterator[tuple[str, int, int, finger.Template]]:
        """Identity, encounter, position and template of every finger that is enrolled, oldest first.

        Raises:
            Damaged: when prints are not those that were enrolled.
        """
        table = self._prints.c
        query = select(table.identity, table.encounter, table.position, table.template, table.seq)
        rows = connection.execute(query.order_by(table.seq, table.position)).all()
        _check_bound(connection, rows)
        for row in rows:
            yield row.identity, row.encounter, row.position, finger.Template.from_bytes(row.template)

    def _catch_up(self, connection: Connection) -> None:
        """Bring the gallery to the state of the table: add what came, start over when something went."""
        table = self._prints
        rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
        newer = connection.execute(
            select(table.c.identity, table.c.encounter, table.c.position, table.c.template, table.c.seq)
            .where(table.c.seq > self._reflects)
            .order_by(table.c.seq, table.c.position)
        ).all()
        if self._reflects and self._rows + len(newer) != rows:
            self._gallery, self._reflects, self._rows, self._people = finger.Gallery(), 0, 0, set()
            self._catch_up(connection)
            return
        _check_bound(connection, newer)
        for row in newer:
            template = finger.Template.from_bytes(row.template)
            self._gallery.add(f"{row.identity}/{row.encounter}", row.position, template)
            self._people.add(row.identity)
        self._rows += len(newer)
        self._reflects = self.position(connection)


def _check_bound(connection: Connection, rows: Sequence[Any]) -> None:
    """Hold prints against the events that enrolled them, before anybody is searched among them.

    Raises:
        Damaged: when they are of somebody else, or are not those that were enrolled.
    """
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.seq, []).append(row)
    seqs = sorted(groups)
    for start in range(0, len(seqs), 500):
        query = select(tables.entry.c.seq, tables.entry.c.data).where(tables.entry.c.seq.in_(seqs[start : start + 500]))
        said = {seq: json.loads(data) for seq, data in connection.execute(query)}
        for seq in seqs[start : start + 500]:
            told, found = said.get(seq, {}), groups[seq]
            people = {(r.identity, r.encounter) for r in found}
            whole = told.get("templates") in {None, templates_hash({r.position: r.template for r in found})}
            if people != {(told.get("identity"), told.get("encounter"))} or not whole:
                who = ", ".join(sorted({r.identity for r in found}))
                raise Damaged(
                    f"prints of {who} are not those that entry {seq} enrolled. Run `tenprint ledger verify`; nobody is "
                    "searched among prints that were changed."
                )
