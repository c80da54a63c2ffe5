"""Rows to entries: the whole ledger in order, one stream, one idempotency key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from tenprint.ledger import sealing, tables
from tenprint.ledger.errors import Damaged
from tenprint.ledger.values import Entry, moment, stamp

_entry = tables.entry
_ALL = select(_entry, tables.key.c.key).outerjoin(tables.key, tables.key.c.subject == _entry.c.subject)


def after(connection: Connection, seq: int, limit: int | None, until: datetime | None = None) -> list[Entry]:
    """Entries beyond a place, in order; with ``until`` only those recorded at or before it."""
    query = _ALL.where(_entry.c.seq > seq).order_by(_entry.c.seq).limit(limit)
    if until is not None:
        query = query.where(_entry.c.recorded_at <= stamp(until))
    return _entries(connection, query)


def stream(connection: Connection, name: str) -> list[Entry]:
    """Entries of one stream, in order."""
    return _entries(connection, _ALL.where(_entry.c.stream == name).order_by(_entry.c.version))


def streams(connection: Connection, prefix: str) -> list[str]:
    """Names of the streams that begin so, in order."""
    named = select(_entry.c.stream).where(_entry.c.stream.startswith(prefix, autoescape=True)).distinct()
    return sorted(connection.scalars(named))


def version(connection: Connection, name: str) -> int:
    """How many entries a stream has; 0 when there is no such stream."""
    newest = connection.scalar(select(func.max(_entry.c.version)).where(_entry.c.stream == name))
    return int(newest or 0)


def by_key(connection: Connection, idempotency_key: str) -> list[Entry]:
    """Entries appended under an idempotency key, in order."""
    return _entries(connection, _ALL.where(_entry.c.idempotency_key == idempotency_key).order_by(_entry.c.seq))


def _entries(connection: Connection, query: Select[Any]) -> list[Entry]:
    return [_to_entry(row) for row in connection.execute(query)]


def _to_entry(row: Row[Any]) -> Entry:
    try:
        return Entry(
            row.seq, row.stream, row.version, row.kind, sealing.loads(row.data), _open(row), row.subject,
            row.actor, row.role, row.purpose, row.authority,
            moment(row.occurred_at), moment(row.recorded_at), row.idempotency_key, row.leaf,
        )  # fmt: skip
    except (ValueError, TypeError, sealing.Unreadable) as wrong:
        raise Damaged(f"entry {row.seq} cannot be read: {wrong}. Run `tenprint ledger verify`.") from wrong


def _open(row: Row[Any]) -> dict[str, Any] | None:
    if row.commitment is None:
        return {}
    if row.sealed is None or row.key is None:
        return None
    _, text = sealing.unseal(row.key, sealing.place(row.stream, row.version), row.sealed, row.commitment)
    return sealing.loads(text)
