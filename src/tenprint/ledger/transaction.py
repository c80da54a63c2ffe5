"""One transaction of the ledger: appends, expunging, and reads that see what was just appended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tenprint.ledger import projections, proving, reading, sealing, tables
from tenprint.ledger.errors import AlreadyDone, Damaged, InvalidEvent, KeyReused, LedgerError, VersionConflict
from tenprint.ledger.values import EXPUNGED, Act, Entry, NewEvent, Projection, moment, stamp, text
from tenprint.proof.merkle import leaf_hash
from tenprint.proof.verify import leaf_input

_entry, _key = tables.entry, tables.key


class Clock(Protocol):
    """Who says when something is recorded."""

    def clock(self, last: datetime | None, occurred_at: datetime | None = None) -> datetime:
        """The record clock after an entry recorded at ``last``."""
        ...


class Transaction:
    """Appends of one database transaction; ``connection`` is for the tables of upper rooms."""

    def __init__(self, clock: Clock, connection: Connection, projected: Sequence[Projection]) -> None:
        self.connection = connection
        self._clock, self._projections = clock, projected
        self._frontier = proving.frontier(connection)
        newest = select(_entry.c.recorded_at).where(_entry.c.seq == self._frontier.size)
        stored = connection.scalar(newest)
        self._recorded = None if stored is None else moment(stored)
        self._began_at = self._frontier.size
        self.expunged = False

    @property
    def size(self) -> int:
        """How many entries the ledger has, those of this transaction included."""
        return self._frontier.size

    def now(self) -> datetime:
        """The record clock."""
        return self._clock.clock(self._recorded)

    def append(
        self,
        stream: str,
        events: Sequence[NewEvent],
        act: Act,
        *,
        expected_version: int,
        idempotency_key: str | None = None,
    ) -> list[Entry]:
        """Append events to a stream, all or none.

        Args:
            stream: name of the stream, made by its first event.
            events: at least one.
            act: who, in which role, why, by which authority, when.
            expected_version: how many entries the caller believes the stream has; 0 for a new one.
            idempotency_key: unique on the whole ledger; a second append under it changes nothing.

        Raises:
            AlreadyDone: when the key was used for this stream; carries the entries written then.
            KeyReused: when the key was used for another stream.
            VersionConflict: when the stream has another version.
            InvalidEvent: when something cannot be stored.
        """
        text(stream, "stream")
        if not events:
            raise InvalidEvent(f"stream {stream!r}: expected at least one event, got none")
        if idempotency_key is not None:
            self._refuse_repeat(text(idempotency_key, "idempotency key"), stream)
        actual = reading.version(self.connection, stream)
        if actual != expected_version:
            raise VersionConflict(stream, expected_version, actual)
        self._recorded = self._clock.clock(self._recorded, act.occurred_at)
        rows, entries, nodes = [], [], []
        for offset, event in enumerate(events, start=1):
            row, entry = self._row(stream, actual + offset, event, act, idempotency_key)
            nodes += self._frontier.append(entry.leaf)
            rows.append(row)
            entries.append(entry)
        self._store(rows, nodes)
        for projection in self._projections:
            for entry in entries:
                projection.apply(self.connection, entry)
        return entries

    def expunge(self, subject: str, act: Act) -> Entry:
        """Destroy the key of a subject and its sealed bytes, and record that it was done.

        What was sealed is gone from the live database; copies made earlier (backups) are the keeper's duty.

        Raises:
            LedgerError: when nothing is sealed under that subject.
        """
        known = self.connection.scalar(select(_key.c.subject).where(_key.c.subject == subject))
        if known is None:
            raise LedgerError(f"subject {subject!r}: expected a subject with sealed fields, found no key of that name")
        self.expunged = True
        self.connection.execute(delete(_key).where(_key.c.subject == subject))
        sealed = (_entry.c.subject == subject) & _entry.c.sealed.is_not(None)
        self.connection.execute(update(_entry).where(sealed).values(sealed=None))
        stream = f"expunged/{subject}"
        version = reading.version(self.connection, stream)
        event = NewEvent(EXPUNGED, {"subject": subject}, subject=subject)
        return self.append(stream, [event], act, expected_version=version)[0]

    def read(self, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Entries beyond ``after``, those of this transaction included."""
        return reading.after(self.connection, after, limit)

    def stream(self, name: str) -> list[Entry]:
        """Entries of one stream, those of this transaction included."""
        return reading.stream(self.connection, name)

    def version(self, name: str) -> int:
        """How many entries a stream has, those of this transaction included."""
        return reading.version(self.connection, name)

    def finish(self) -> None:
        """Note how far the projections are; called before the commit."""
        if self._projections and self.size != self._began_at:
            projections.advance(self.connection, self._projections, self.size)

    def _store(self, rows: list[dict[str, Any]], nodes: list[tuple[int, int, bytes]]) -> None:
        try:
            self.connection.execute(insert(_entry), rows)
            if nodes:
                named = [{"level": level, "position": at, "hash": value} for level, at, value in nodes]
                self.connection.execute(insert(tables.node), named)
        except IntegrityError as wrong:
            raise Damaged(
                f"the stored tree does not end at its last entry: {wrong.orig}. Run `tenprint ledger verify`."
            ) from wrong

    def _refuse_repeat(self, key: str, stream: str) -> None:
        done = reading.by_key(self.connection, key)
        if not done:
            return
        if done[0].stream != stream:
            raise KeyReused(
                f"idempotency key {key!r}: expected one of its own, it was used for stream {done[0].stream!r}"
            )
        raise AlreadyDone(key, done)

    def _row(
        self, stream: str, version: int, event: NewEvent, act: Act, idempotency_key: str | None
    ) -> tuple[dict[str, Any], Entry]:
        if self._recorded is None:
            raise InvalidEvent("the record clock stands still")
        where = f"stream {stream!r}: event {event.kind!r}"
        data = sealing.to_json(event.data, where)
        sealed, committed = self._seal(stream, version, event)
        row: dict[str, Any] = {
            "seq": self._frontier.size + 1,
            "stream": stream,
            "version": version,
            "kind": text(event.kind, "event: kind"),
            "data": data.decode(),
            "commitment": committed,
            "subject": None if event.subject is None else text(event.subject, f"{where}: subject"),
            "actor": act.actor,
            "role": act.role,
            "purpose": act.purpose,
            "authority": act.authority,
            "occurred_at": stamp(act.occurred_at),
            "recorded_at": stamp(self._recorded),
            "idempotency_key": idempotency_key,
        }
        leaf = leaf_hash(leaf_input(row))
        entry = Entry(
            row["seq"], stream, version, event.kind, _object(data, where), _sealed(event), event.subject,
            act.actor, act.role, act.purpose, act.authority,
            moment(row["occurred_at"]), moment(row["recorded_at"]), idempotency_key, leaf,
        )  # fmt: skip
        return {**row, "leaf": leaf, "sealed": sealed}, entry

    def _seal(self, stream: str, version: int, event: NewEvent) -> tuple[bytes | None, bytes | None]:
        if not event.sealed:
            return None, None
        if event.subject is None:
            raise InvalidEvent(
                f"stream {stream!r}: event {event.kind!r}: sealed fields need a subject whose key seals them"
            )
        key = self.connection.scalar(select(_key.c.key).where(_key.c.subject == event.subject))
        if key is None:
            key = sealing.new_key()
            self.connection.execute(insert(_key).values(subject=text(event.subject, "subject"), key=key))
        return sealing.seal(key, sealing.place(stream, version), event.sealed)


def _object(data: bytes, where: str) -> dict[str, Any]:
    try:
        return sealing.loads(data)
    except msgspec.DecodeError as wrong:
        raise InvalidEvent(f"{where}: expected an object with text keys: {wrong}") from None


def _sealed(event: NewEvent) -> dict[str, Any]:
    return sealing.loads(sealing.to_json(event.sealed, "sealed fields")) if event.sealed else {}
