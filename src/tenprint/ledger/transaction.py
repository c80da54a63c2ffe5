"""One transaction of the ledger: appends, expunging, and reads that see what was just appended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tenprint.ledger import projections, proving, reading, sealing, tables
from tenprint.ledger.errors import AlreadyDone, Damaged, InvalidEvent, KeyReused, LedgerError, VersionConflict
from tenprint.ledger.values import EXPUNGED, Act, Entry, NewEvent, Projection, moment, stamp, text
from tenprint.proof.merkle import Frontier, leaf_hash
from tenprint.proof.verify import leaf_input

_entry, _key = tables.entry, tables.key


class Clock(Protocol):
    """Who says when something is recorded."""

    def clock(self, last: datetime | None, occurred_at: datetime | None = None) -> datetime:
        """The record clock after an entry recorded at ``last``."""
        ...

    def check_times(self, last: datetime | None, occurred_at: datetime, kinds: Sequence[str]) -> None:
        """Refuse an act of the future, and writing after a jump that nobody accepted."""
        ...


class Edge(NamedTuple):
    """The right edge of the tree as the last transaction left it, and the leaf that it ends with."""

    frontier: Frontier
    leaf: bytes | None


class Transaction:
    """Appends of one database transaction; ``connection`` is for the tables of upper rooms."""

    def __init__(
        self, clock: Clock, connection: Connection, projected: Sequence[Projection], known: Edge | None = None
    ) -> None:
        self.connection = connection
        self._clock, self._projections = clock, projected
        newest = select(_entry.c.seq, _entry.c.leaf, _entry.c.recorded_at).order_by(_entry.c.seq.desc()).limit(1)
        head = connection.execute(newest).first()
        self._leaf: bytes | None = None if head is None else head.leaf
        self._recorded = None if head is None else moment(head.recorded_at)
        if known is not None and head is not None and (known.frontier.size, known.leaf) == (head.seq, head.leaf):
            self._frontier = known.frontier.copy()
        else:
            self._frontier = proving.frontier(connection)
        self._began_at = self._frontier.size
        self.expunged = False

    @property
    def size(self) -> int:
        """How many entries the ledger has, those of this transaction included."""
        return self._frontier.size

    @property
    def edge(self) -> Edge:
        """Where this transaction leaves the tree."""
        return Edge(self._frontier, self._leaf)

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
        self._clock.check_times(self._recorded, act.occurred_at, [event.kind for event in events])
        self._recorded = self._clock.clock(self._recorded, act.occurred_at)
        common = _common(stream, act, self._recorded, idempotency_key)
        keys = self._keys(events, stream)
        rows, entries, nodes = [], [], []
        for version, event in enumerate(events, start=actual + 1):
            row, entry = _row(self._frontier.size + 1, version, event, common, keys)
            nodes += self._frontier.append(entry.leaf)
            rows.append(row)
            entries.append(entry)
        self._store(rows, nodes)
        self._leaf = entries[-1].leaf
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

    def _keys(self, events: Sequence[NewEvent], stream: str) -> dict[str, bytes]:
        """Keys of the subjects whose fields these events seal; new subjects get new ones."""
        subjects = set()
        for event in events:
            if not event.sealed:
                continue
            if event.subject is None:
                where = f"stream {stream!r}: event {event.kind!r}"
                raise InvalidEvent(f"{where}: sealed fields need a subject whose key seals them")
            subjects.add(text(event.subject, "event: subject"))
        if not subjects:
            return {}
        known = self.connection.execute(select(_key).where(_key.c.subject.in_(subjects)))
        keys = {row.subject: row.key for row in known}
        new = {subject: sealing.new_key() for subject in sorted(subjects - keys.keys())}
        if new:
            self.connection.execute(insert(_key), [{"subject": subject, "key": key} for subject, key in new.items()])
        return keys | new


def _common(stream: str, act: Act, recorded: datetime, idempotency_key: str | None) -> dict[str, Any]:
    """Columns that all events of one append share."""
    return {
        "stream": stream,
        "actor": act.actor,
        "role": act.role,
        "purpose": act.purpose,
        "authority": act.authority,
        "occurred_at": stamp(act.occurred_at),
        "recorded_at": stamp(recorded),
        "idempotency_key": idempotency_key,
    }


def _row(
    seq: int, version: int, event: NewEvent, common: dict[str, Any], keys: dict[str, bytes]
) -> tuple[dict[str, Any], Entry]:
    """What is stored of one event, and the entry that readers get."""
    where = f"stream {common['stream']!r}: event {event.kind!r}"
    data = sealing.to_json(event.data, where)
    sealed = committed = None
    opened: dict[str, Any] = {}
    if event.sealed and event.subject is not None:
        personal = sealing.to_json(event.sealed, f"{where}: sealed fields")
        sealed, committed = sealing.seal(keys[event.subject], sealing.place(common["stream"], version), personal)
        opened = _object(personal, f"{where}: sealed fields")
    row = {
        **common,
        "seq": seq,
        "version": version,
        "kind": text(event.kind, "event: kind"),
        "data": data.decode(),
        "commitment": committed,
        "subject": None if event.subject is None else text(event.subject, f"{where}: subject"),
    }
    leaf = leaf_hash(leaf_input(row))
    entry = Entry(
        seq, row["stream"], version, event.kind, _object(data, where), opened, event.subject,
        row["actor"], row["role"], row["purpose"], row["authority"],
        moment(row["occurred_at"]), moment(row["recorded_at"]), row["idempotency_key"], leaf,
    )  # fmt: skip
    return {**row, "leaf": leaf, "sealed": sealed}, entry


def _object(data: bytes, where: str) -> dict[str, Any]:
    try:
        return sealing.loads(data)
    except msgspec.DecodeError as wrong:
        raise InvalidEvent(f"{where}: expected an object with text keys: {wrong}") from None
