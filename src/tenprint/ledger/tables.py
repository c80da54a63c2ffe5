"""The ledger's own tables, the same on SQLite and PostgreSQL.

``ledger_entry`` is the truth; ``ledger_node`` holds the complete Merkle subtrees above the leaves, so that proofs and
the next root need no rehashing; ``ledger_key`` is the only table from which anything is ever deleted.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

FORMAT = "1"
metadata = MetaData()

_Int = Integer().with_variant(BigInteger(), "postgresql")

entry = Table(
    "ledger_entry",
    metadata,
    Column("seq", _Int, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", _Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("commitment", LargeBinary),
    Column("subject", Text),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("occurred_at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("idempotency_key", Text),
    Column("leaf", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    UniqueConstraint("stream", "version", name="ledger_entry_stream"),
)
_present = entry.c.idempotency_key.is_not(None)
Index("ledger_entry_idempotency", entry.c.idempotency_key, sqlite_where=_present, postgresql_where=_present)
_sealed = entry.c.sealed.is_not(None)
Index("ledger_entry_sealed", entry.c.subject, sqlite_where=_sealed, postgresql_where=_sealed)

node = Table(
    "ledger_node",
    metadata,
    Column("level", _Int, primary_key=True, autoincrement=False),
    Column("position", _Int, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

key = Table(
    "ledger_key", metadata, Column("subject", Text, primary_key=True), Column("key", LargeBinary, nullable=False)
)

checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", _Int, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

projection = Table(
    "ledger_projection",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", _Int, nullable=False),
    Column("seq", _Int, nullable=False),
)

ABOUT = ("format", "origin", "simulated_from", "signing_key")
about = Table("ledger_about", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""``format``, ``origin``, ``simulated_from`` (empty: real), ``signing_key`` (hex seed); the first event repeats what
of it is public."""
