"""Rows of law that a county added, as they stand on the ledger: each marked, each with the day of its being known."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import Connection

from tenprint import law
from tenprint.ledger import reading

STREAM = "law/local"
ADDED = "law.rows_added"


def marked(row: law.HoldRow, today: date) -> law.HoldRow:
    """A row as added on a day: not ours, and known from that day where it names none.

    Raises:
        LawError: when it has no place, or claims to have been known later.
    """
    if row.kind == "nation":
        raise law.LawError(f"{row.id}: a county's own row has a place; kind = 'nation' has none")
    if row.known_on is not None and row.known_on > today:
        raise law.LawError(f"{row.id}: known_on {row.known_on} lies after the day on which it is added, {today}")
    return msgspec.structs.replace(row, known_on=row.known_on or today, ours=False)


def rows_on(connection: Connection) -> tuple[law.HoldRow, ...]:
    """Every row that was added, oldest first.

    Args:
        connection: For reading.
    """
    rows: list[law.HoldRow] = []
    for entry in reading.stream(connection, STREAM):
        known = date.fromisoformat(entry.data["known_on"])
        rows += [marked(row, known) for row in law.rows_of(entry.data["text"])]
    return tuple(rows)
