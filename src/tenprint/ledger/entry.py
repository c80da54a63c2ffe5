"""An event as the ledger holds it, and a place where it does not verify."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One event on the ledger."""

    seq: int
    """Place on the ledger, from 1; its Merkle leaf stands at ``seq - 1``."""
    stream: str
    version: int
    """Place in its stream, from 1."""
    kind: str
    data: dict[str, Any]
    sealed: dict[str, Any] | None
    """Opened personal fields; ``{}`` when there were none, ``None`` when their key is destroyed."""
    subject: str | None
    actor: str
    role: str
    purpose: str
    authority: str
    occurred_at: datetime
    """When it happened, as stated (UTC)."""
    recorded_at: datetime
    """When the ledger took it in (UTC); never runs backwards."""
    idempotency_key: str | None
    leaf: bytes
    """RFC 6962 leaf hash, 32 bytes."""


class Problem(msgspec.Struct, frozen=True):
    """Something that does not verify."""

    seq: int | None
    """First entry concerned; ``None`` when it concerns no single entry."""
    what: str
    """One of ``entry``, ``missing``, ``order``, ``sealed``, ``tree``, ``checkpoint``, ``identity``, ``projection`` and
    ``storage``."""
    message: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.message}" if self.seq is not None else self.message
