"""What is read of a ledger entry, and small readers of its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

Data = Mapping[str, Any]


class Entry(Protocol):
    """What is read of a ledger entry."""

    @property
    def seq(self) -> int:
        """Position on the ledger, from 1."""

    @property
    def stream(self) -> str:
        """Stream it belongs to."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def data(self) -> Data:
        """The event, without sealed fields."""

    @property
    def occurred_at(self) -> datetime:
        """When it happened, as stated by the actor."""

    @property
    def recorded_at(self) -> datetime:
        """When the ledger recorded it."""


def day(value: object) -> date | None:
    """A date of event data (ISO 8601 text or a date); nothing stays nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def moment(value: object) -> datetime | None:
    """A moment of event data in UTC; a bare date is its first moment there."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        d = day(value)
        return None if d is None else datetime(d.year, d.month, d.day, tzinfo=UTC)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def change_of(data: Data) -> str:
    """Why an event was recorded: a correction says so, or carries the id of its batch."""
    return "correction" if data.get("batch") or data.get("corrects") else "late"


def minutes(start: datetime | None, end: datetime | None) -> int | None:
    """Whole minutes between two moments, not below zero; nothing when one is not known."""
    if start is None or end is None:
        return None
    return max(0, int((end - start).total_seconds() // 60))


def exact(value: object) -> Decimal:
    """A stated quantity with six decimals."""
    return Decimal(str(value)).quantize(Decimal("0.000001"))
