"""Projections: tables for reading, written in the same transaction as the events and rebuilt from zero at will."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, create_engine, delete, insert, inspect, select, update
from sqlalchemy.pool import StaticPool

from tenprint.ledger import reading, tables
from tenprint.ledger.errors import Damaged
from tenprint.ledger.values import Entry, Problem, Projection

_CHUNK = 1000
_state = tables.projection


def position(connection: Connection, name: str) -> tuple[int, int] | None:
    """Revision of a projection and the last entry it reflects; ``None`` when it was never built."""
    row = connection.execute(select(_state.c.revision, _state.c.seq).where(_state.c.name == name)).first()
    return None if row is None else (row.revision, row.seq)


def catch_up(connection: Connection, projections: Sequence[Projection], head: int) -> None:
    """Bring every projection to the head: a new or revised one from zero, a late one from where it stopped."""
    for projection in projections:
        known = position(connection, projection.name)
        if known == (revision(projection), head):
            continue
        if known is not None and known[1] > head:
            raise Damaged(
                f"projection {projection.name!r} reflects entry {known[1]}, the ledger ends at {head}: a tail was cut "
                f"off. Run `tenprint ledger verify` and restore a backup."
            )
        if known is None or known[0] != revision(projection):
            rebuild(connection, projection)
            continue
        for entry in entries(connection, known[1]):
            projection.apply(connection, entry)
        advance(connection, [projection], head)


def rebuild(connection: Connection, projection: Projection) -> None:
    """Empty a projection's tables and apply every entry again."""
    for table in reversed(projection.tables):
        connection.execute(delete(table))
    seq = 0
    for entry in entries(connection, 0):
        projection.apply(connection, entry)
        seq = entry.seq
    connection.execute(delete(_state).where(_state.c.name == projection.name))
    connection.execute(insert(_state).values(name=projection.name, revision=revision(projection), seq=seq))


def advance(connection: Connection, projections: Sequence[Projection], head: int) -> None:
    """Say that these projections reflect everything up to ``head``."""
    names = [projection.name for projection in projections]
    connection.execute(update(_state).where(_state.c.name.in_(names)).values(seq=head))


def is_current(connection: Connection, projection: Projection, head: int) -> bool:
    """Whether a projection's tables are there and reflect everything up to ``head``."""
    if position(connection, projection.name) != (revision(projection), head):
        return False
    there = set(inspect(connection).get_table_names())
    return all(table.name in there for table in projection.tables)


def differences(connection: Connection, projected: Sequence[Projection]) -> list[Problem]:
    """Where the live tables differ from what the entries give, made anew in memory: nothing is locked or changed here.

    Args:
        connection: One view of entries and tables.
        projected: In the order in which they take an entry.
    """
    memory = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with memory.begin() as anew:
            for metadata in {table.metadata for projection in projected for table in projection.tables}:
                metadata.create_all(anew)
            for entry in entries(connection, 0):
                for projection in projected:
                    projection.apply(anew, entry)
            return [
                _difference(projection, table, _rows(connection, table), _rows(anew, table))
                for projection in projected
                for table in projection.tables
                if _digest(connection, table) != _digest(anew, table)
            ]
    finally:
        memory.dispose()


def revision(projection: Projection) -> int:
    """The revision of a projection's code."""
    return int(getattr(projection, "revision", 1))


def _difference(projection: Projection, table: Table, live: set[str], should: set[str]) -> Problem:
    extra, absent = sorted(live - should), sorted(should - live)
    sample = "; ".join([*(f"has {row}" for row in extra[:2]), *(f"lacks {row}" for row in absent[:2])])
    return Problem(
        None,
        "projection",
        f"projection {projection.name!r}: table {table.name} differs from its events: {len(extra)} rows too many or "
        f"changed, {len(absent)} missing ({sample}). Rebuild it once the entries verify.",
    )


def entries(connection: Connection, seq: int) -> Iterator[Entry]:
    """Entries beyond ``seq`` on one view of the database, in order."""
    while chunk := reading.after(connection, seq, _CHUNK):
        yield from chunk
        seq = chunk[-1].seq


def _digest(connection: Connection, table: Table) -> tuple[int, int]:
    """Rows of a table as a multiset: their number and the sum of their hashes, whatever their order."""
    count = total = 0
    for row in connection.execute(select(table)):
        count += 1
        total += int.from_bytes(hashlib.sha256(_text(row).encode()).digest(), "big")
    return count, total % 2**256


def _rows(connection: Connection, table: Table) -> set[str]:
    return {_text(row) for row in connection.execute(select(table))}


def _text(row: Any) -> str:
    return repr(tuple(row))
