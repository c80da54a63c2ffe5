"""``ledger verify``: read every byte of every entry again and say which one is the first that does not hold.

Entries against their leaves, leaves against the stored tree (RFC 6962), roots against signed checkpoints, sealed bytes
against commitments, projections against a rebuild. What only a checkpoint kept elsewhere can show, it shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DatabaseError

from tenprint.ledger import database, projections, sealing, tables
from tenprint.ledger.errors import Damaged
from tenprint.ledger.values import CREATED, EXPUNGED, Problem, Projection
from tenprint.proof.merkle import Frontier, leaf_hash
from tenprint.proof.notes import Checkpoint, FormatError, ProofError, Verifier, open_note
from tenprint.proof.verify import COLUMNS, leaf_input

_CHUNK = 1000
_STORED = (*COLUMNS, "leaf", "sealed")
_NUMBERS = {"seq", "version"}
_BYTES = {"commitment", "leaf", "sealed"}
_OPTIONAL = {"commitment", "subject", "idempotency_key", "sealed"}


class Stored(bytes):
    """Bytes of a text column; bytes of a binary column stay ``bytes``."""

    __slots__ = ()


Record = dict[str, Any]


def verify(
    engine: Engine,
    origin: str,
    verifier: Verifier,
    projected: Sequence[Projection],
    *,
    kept: Sequence[str] = (),
    advance: Callable[[int], object] | None = None,
) -> list[Problem]:
    """Every problem, the first bad entry first; see ``Ledger.verify``."""
    check = _Check(origin, verifier, advance or (lambda _: None))
    try:
        with database.reading(engine) as connection:
            check.run(connection, kept)
            if not check.problems:
                return _projected(connection, projected, check.frontier.size)
    except (Damaged, DatabaseError, sqlite3.DatabaseError) as wrong:
        check.add(None, "storage", f"after entry {check.frontier.size}: {_reason(wrong)}")
    return sorted(check.problems, key=lambda p: (p.seq is None, p.seq or 0))


def _projected(connection: Connection, projected: Sequence[Projection], head: int) -> list[Problem]:
    """What is wrong with the tables for reading, on the same view of the database as the entries."""
    try:
        return [*_late(connection, projected, head), *projections.differences(connection, projected)]
    except (Damaged, DatabaseError) as wrong:
        return [Problem(None, "projection", f"projections cannot be made anew: {_reason(wrong)}")]


class _Check:
    """One pass over a ledger."""

    def __init__(self, origin: str, verifier: Verifier, advance: Callable[[int], object]) -> None:
        self.origin, self.verifier, self.advance = origin, verifier, advance
        self.problems: list[Problem] = []
        self.frontier = Frontier()
        self.streams: dict[str, int] = {}
        self.recorded = b""
        self.keys: dict[str, bytes | None] = {}
        self.erased: dict[str, int] = {}
        self.nodes = 0
        self.tree: dict[tuple[int, int], bytes | None] = {}
        self.unsigned: list[Problem] = []
        self.held = 0

    def add(self, seq: int | None, what: str, message: str) -> None:
        self.problems.append(Problem(seq, what, message))

    def run(self, connection: Connection, kept: Sequence[str]) -> None:
        stored = list(connection.execute(select(tables.checkpoint).order_by(tables.checkpoint.c.size)))
        notes = [(row.note, f"stored checkpoint of size {row.size}") for row in stored]
        notes += [(note, "checkpoint kept elsewhere") for note in kept]
        awaited = self._open(notes)
        for chunk in self._chunks(connection):
            finished: dict[tuple[int, int], bytes] = {}
            for record in chunk:
                self._entry(connection, record)
                finished |= {(lv, at): h for lv, at, h in self.frontier.append(_leaf(record))}
                self._roots(awaited)
            self._tree(connection, finished)
            self.advance(len(chunk))
        self._ends(connection, awaited)

    # -- entries -------------------------------------------------------------------------------------------------------

    def _chunks(self, connection: Connection) -> Iterator[list[Record]]:
        limit, seq = _CHUNK, 0
        while True:
            try:
                chunk = _records(connection, seq, limit)
            except (DatabaseError, sqlite3.DatabaseError) as wrong:
                if limit == 1:
                    self.add(self.frontier.size + 1, "storage", f"cannot be read from the database: {_reason(wrong)}")
                    return
                limit = 1
                continue
            if not chunk:
                return
            yield chunk
            last = chunk[-1]["seq"]
            if not isinstance(last, int) or last <= seq:
                return
            seq = last

    def _sound(self) -> bool:
        """No entry was found bad so far; what follows a bad one is not judged by it."""
        return all(problem.seq is None for problem in self.problems)

    def _entry(self, connection: Connection, record: Record) -> None:
        expected = self.frontier.size + 1
        seq = record["seq"]
        if seq != expected and self._sound():
            self.add(expected, "missing", f"is missing: entry {seq} stands in its place. Something was removed.")
        wrong = _ill_typed(record)
        if wrong is None and leaf_hash(leaf_input(record)) != record["leaf"]:
            wrong = "does not hash to its leaf: it was changed, or moved, after it was recorded"
        if wrong is None and not _is_object(record["data"]):
            wrong = "column data: expected a JSON object"
        if wrong is not None:
            self.add(seq if isinstance(seq, int) else expected, "entry", wrong)
            return
        if self._sound():
            self._order(seq, record)
        self._sealed(connection, seq, record)
        if seq == 1:
            self._first(connection, record)

    def _order(self, seq: int, record: Record) -> None:
        stream = record["stream"].decode()
        version = self.streams.get(stream, 0) + 1
        if record["version"] != version:
            self.add(seq, "order", f"stream {stream!r}: expected version {version}, got {record['version']}")
        self.streams[stream] = record["version"]
        if record["recorded_at"] < self.recorded:
            self.add(seq, "order", "was recorded before the entry in front of it: that clock never runs backwards")
        self.recorded = record["recorded_at"]

    def _sealed(self, connection: Connection, seq: int, record: Record) -> None:
        subject = (record["subject"] or b"").decode()
        if record["kind"] == EXPUNGED.encode():
            self.erased.pop(subject, None)
        if record["commitment"] is None:
            if record["sealed"] is not None:
                self.add(seq, "sealed", "has sealed bytes although it commits to none")
            return
        if record["sealed"] is None:
            self.erased.setdefault(subject, seq)  # right only if an expunging of this subject follows
            return
        if subject not in self.keys:
            query = select(tables.key.c.key).where(tables.key.c.subject == subject)
            self.keys[subject] = connection.scalar(query)
        key = self.keys[subject]
        if key is None:
            self.add(seq, "sealed", f"has sealed bytes, but the key of subject {subject!r} is gone")
            return
        place = sealing.place(record["stream"].decode(), record["version"])
        try:
            sealing.unseal(key, place, record["sealed"], record["commitment"])
        except (sealing.Unreadable, ValueError, TypeError) as wrong:
            self.add(seq, "sealed", f"{wrong}: the bytes or the key were changed")

    def _first(self, connection: Connection, record: Record) -> None:
        about = {row.name: row.value for row in connection.execute(select(tables.about))}
        data = sealing.loads(record["data"])
        simulated = about.get("simulated_from") or None
        claims = {"origin": self.origin, "simulated": simulated is not None, "simulated_from": simulated,
                  "key": str(self.verifier), "format": about.get("format")}  # fmt: skip
        differing = [name for name, value in claims.items() if data.get(name) != value]
        if (data.get("names") == "unchecked") != self.origin.endswith("/names-unchecked"):
            differing.append("names")
        if record["kind"] != CREATED.encode() or differing:
            self.add(1, "identity", f"says another {', '.join(differing) or 'kind'} than the ledger's own description")

    # -- tree and checkpoints ------------------------------------------------------------------------------------------

    def _tree(self, connection: Connection, finished: dict[tuple[int, int], bytes]) -> None:
        node = tables.node
        self.nodes += len(finished)
        for level in sorted({level for level, _ in finished}):
            places = [at for lv, at in finished if lv == level]
            near = (node.c.level == level) & node.c.position.between(min(places), max(places))
            stored = {row.position: row.hash for row in connection.execute(select(node).where(near))}
            for at in places:
                if stored.get(at) != finished[level, at]:
                    self.tree[level, at] = stored.get(at)

    def _lowest(self) -> list[tuple[tuple[int, int], bytes | None]]:
        """Wrong nodes that have no wrong node below them: those above only repeat the finding."""
        return [
            (node, found)
            for node, found in self.tree.items()
            if not {(node[0] - 1, 2 * node[1]), (node[0] - 1, 2 * node[1] + 1)} & self.tree.keys()
        ]

    def _open(self, notes: Sequence[tuple[str, str]]) -> list[tuple[Checkpoint, str]]:
        awaited = []
        for note, name in notes:
            try:
                found = open_note(note, [self.verifier])
            except (FormatError, ProofError, TypeError) as wrong:
                self.add(None, "checkpoint", f"{name}: {wrong}")
                continue
            if found.origin != self.origin:
                self.add(None, "checkpoint", f"{name}: expected origin {self.origin!r}, got {found.origin!r}")
                continue
            awaited.append((found, name))
        return sorted(awaited, key=lambda pair: -pair[0].size)

    def _roots(self, awaited: list[tuple[Checkpoint, str]]) -> None:
        while awaited and awaited[-1][0].size == self.frontier.size:
            found, name = awaited.pop()
            if found.root == self.frontier.root():
                self.held = found.size
            elif not self.unsigned:
                self.unsigned.append(
                    Problem(
                        self.held + 1,
                        "checkpoint",
                        f"up to entry {found.size}: they lead to another root than the {name} signed: "
                        "at least one of them was replaced, removed or moved",
                    )
                )

    def _ends(self, connection: Connection, awaited: list[tuple[Checkpoint, str]]) -> None:
        size = self.frontier.size
        if size == 0 and self._sound():
            self.add(1, "missing", "is missing: every ledger begins with the event of its creation")
        stored = connection.scalar(select(func.count()).select_from(tables.node)) or 0
        if self._sound():
            for subject, seq in self.erased.items():
                reason = f"has lost its sealed bytes, and no expunging of subject {subject!r} is recorded after it"
                self.add(seq, "sealed", reason)
        if self._sound():
            self.problems += [_node_problem(*node, found) for node, found in self._lowest()] or self.unsigned
        for found, name in reversed(awaited):
            if found.size > size:
                reason = f"the {name} has {found.size} entries, the ledger only {size}"
                self.add(size + 1, "missing", f"is missing: {reason}. Its tail was cut off.")
                break
        if stored > self.nodes and self._sound():
            reason = f"the stored tree has {stored - self.nodes} nodes beyond entry {size}"
            self.add(size + 1, "missing", f"is missing: {reason}. A tail was cut off.")
        if connection.dialect.name == "sqlite":
            lines = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
            if lines != ["ok"]:
                self.add(None, "storage", f"the database file is damaged: {'; '.join(lines)}")


def _records(connection: Connection, after: int, limit: int) -> list[Record]:
    """Rows as bytes, whatever is stored in them: damage must be seen, not stumbled over."""
    if connection.dialect.name != "sqlite":
        columns = [tables.entry.c[name] for name in _STORED]
        query = select(*columns).where(tables.entry.c.seq > after).order_by(tables.entry.c.seq).limit(limit)
        rows = [tuple(row) for row in connection.execute(query)]
        return [
            {n: Stored(v.encode()) if isinstance(v, str) else v for n, v in zip(_STORED, row, strict=True)}
            for row in rows
        ]
    driver: Any = connection.connection.driver_connection
    usual, driver.text_factory = driver.text_factory, Stored
    try:
        query_text = f"SELECT {', '.join(_STORED)} FROM ledger_entry WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
        rows = driver.execute(query_text, (after, limit)).fetchall()
    finally:
        driver.text_factory = usual
    return [dict(zip(_STORED, row, strict=True)) for row in rows]


def _ill_typed(record: Record) -> str | None:
    for name, value in record.items():
        if value is None and name in _OPTIONAL:
            continue
        kind = int if name in _NUMBERS else bytes if name in _BYTES else Stored
        if type(value) is not kind:
            return f"column {name}: expected {_KINDS[kind]}, got {_KINDS.get(type(value), type(value).__name__)}"
        if isinstance(value, Stored) and not _is_utf8(value):
            return f"column {name}: its bytes are not text (UTF-8)"
    return None


def _is_object(data: bytes) -> bool:
    try:
        sealing.loads(data)
    except ValueError:
        return False
    return True


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


_KINDS: dict[type, str] = {int: "a number", bytes: "bytes", Stored: "text", type(None): "nothing"}


def _leaf(record: Record) -> bytes:
    return record["leaf"] if type(record["leaf"]) is bytes else b""


def _node_problem(level: int, at: int, stored: bytes | None) -> Problem:
    first, last = (at << level) + 1, (at + 1) << level
    state = "is missing" if stored is None else "differs from what they hash to"
    return Problem(
        first,
        "tree",
        f"up to entry {last}: the stored tree node above them {state}: "
        "one of them was replaced together with its leaf, or the node was changed",
    )


def _late(connection: Connection, projected: Sequence[Projection], head: int) -> list[Problem]:
    late = []
    for projection in projected:
        known = projections.position(connection, projection.name)
        if known is None or known[1] != head:
            reached = "nothing" if known is None else f"entry {known[1]}"
            late.append(
                Problem(None, "projection", f"projection {projection.name!r} reflects {reached}, expected entry {head}")
            )
    return late


def _reason(wrong: Exception) -> str:
    return str(getattr(wrong, "orig", None) or wrong)
