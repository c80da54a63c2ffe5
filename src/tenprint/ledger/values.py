"""What goes onto the ledger and what comes back from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

import msgspec
from sqlalchemy import Connection, Table

from tenprint.ledger.entry import Entry, Problem
from tenprint.ledger.errors import Damaged, InvalidEvent

__all__ = ["CREATED", "EXPUNGED", "Act", "Entry", "NewEvent", "Problem", "Projection", "moment", "stamp", "text"]

CREATED = "ledger.created"
"""Kind of the first event of every ledger."""
CLOCK_ACCEPTED = "clock.accepted"
"""Kind of the event with which an administrator says that the machine's clock is right after a jump."""
EXPUNGED = "ledger.expunged"
"""Kind of the event that says a subject's key was destroyed; ``data["subject"]`` names the subject."""


class Act(msgspec.Struct, frozen=True):
    """Who did it, in which role, for which purpose, by which authority, and when it happened.

    Raises:
        InvalidEvent: when a part is empty or the time has no zone.
    """

    actor: str
    role: str
    purpose: str
    authority: str
    occurred_at: datetime
    """Stated by the actor; the ledger's own clock is another one."""

    def __post_init__(self) -> None:
        for name in ("actor", "role", "purpose", "authority"):
            text(getattr(self, name), f"act: {name}")
        if self.occurred_at.tzinfo is None:
            raise InvalidEvent(
                f"act: occurred_at: expected a time with a time zone, got {self.occurred_at.isoformat()}"
            )


class NewEvent(msgspec.Struct, frozen=True):
    """Something to append.

    Args:
        kind: what happened, as the vocabulary of the caller names it.
        data: JSON-like; dates and times are written in ISO 8601.
        sealed: personal fields, encrypted under the key of ``subject``; the leaf holds a salted commitment.
        subject: whose key seals; also kept when nothing is sealed.
    """

    kind: str
    data: dict[str, Any]
    sealed: dict[str, Any] = {}
    subject: str | None = None


@runtime_checkable
class Projection(Protocol):
    """Tables for reading that follow from the events alone.

    ``apply`` runs inside the transaction that appends, and again, entry by entry, when everything is rebuilt from zero.
    A destroyed key makes ``entry.sealed`` ``None`` on a rebuild: a projection that keeps sealed fields must erase them
    when it meets an entry of kind ``ledger.expunged``. An attribute ``revision`` (default 1) that changes asks for a
    rebuild.
    """

    name: str
    tables: tuple[Table, ...]

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Bring the tables up to date with one entry."""
        ...


def text(value: object, what: str, *, empty: bool = False) -> str:
    """The value, when it is text that both databases can keep.

    Raises:
        InvalidEvent: when it is not text, is empty, or holds NUL or a lone surrogate.
    """
    if not isinstance(value, str) or not (value or empty):
        raise InvalidEvent(f"{what}: expected text, got {value!r}")
    if "\x00" in value or not _is_encodable(value):
        raise InvalidEvent(f"{what}: expected text without NUL and surrogates, got {value!r}")
    return value


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def stamp(moment: datetime) -> str:
    """A moment as stored: UTC, microseconds, sortable as text.

    >>> stamp(datetime(2012, 11, 9, 15, 0, tzinfo=UTC))
    '2012-11-09T15:00:00.000000Z'

    Raises:
        InvalidEvent: when it cannot be told in UTC within the years 1 to 9999.
    """
    if moment.tzinfo is None:
        raise InvalidEvent(f"expected a time with a time zone, got {moment.isoformat()}")
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)
    except (OverflowError, ValueError):
        raise InvalidEvent(f"expected a moment between the years 1 and 9999 in UTC, got {moment.isoformat()}") from None


def moment(stored: str) -> datetime:
    """The moment that a stored text names.

    Raises:
        Damaged: when it names none.
    """
    try:
        return datetime.fromisoformat(stored)
    except (ValueError, TypeError):
        raise Damaged(f"expected a stored moment, got {stored!r}. Run `tenprint ledger verify`.") from None
