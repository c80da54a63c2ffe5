"""The register: every complaint with its open facts, receipts and paper forms, as tables that follow the ledger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Row, String, Table, insert, select, update

from tenprint.exchange.schema import SUBMISSION
from tenprint.ledger import Entry

METADATA = MetaData()

COMPLAINT = Table(
    "rights_complaint",
    METADATA,
    Column("number", String(12), primary_key=True),
    Column("receipt", String(64), nullable=False, index=True, comment="slow hash of the words; empty: none"),
    Column("stage", String(20), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("against", String(20), nullable=False),
    Column("topics", String(200), nullable=False),
    Column("county", String(5), nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("closed_at", String(40), nullable=False),
)

FORM = Table(
    "rights_form",
    METADATA,
    Column("code", String(12), primary_key=True),
    Column("receipt", String(64), nullable=False),
    Column("language", String(3), nullable=False),
    Column("used", String(12), nullable=False, comment="number of the complaint that came on it"),
)

WATCH = Table(
    "rights_watch",
    METADATA,
    Column("number", String(12), primary_key=True),
    Column("tcn", String(40), primary_key=True),
    Column("ori", String(9), primary_key=True),
)

FILES = MetaData()
FILE = Table(
    "rights_file",
    FILES,
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the encrypted bytes"),
    Column("content", LargeBinary, nullable=False),
)
"""Encrypted files by hash: a store, not a projection."""

_STAGES = {
    "complaint.acknowledged": "ACKNOWLEDGED",
    "complaint.triaged": "TRIAGED",
    "complaint.investigating": "INVESTIGATING",
    "complaint.finding": "FINDING",
    "complaint.recommendation": "RECOMMENDATION",
    "complaint.response": "COMPONENT_RESPONSE",
    "complaint.closed": "CLOSED",
    "complaint.reopened": "REOPENED",
}


class Register:
    """Projection of complaints."""

    name = "rights-register"
    tables: tuple[Table, ...] = (COMPLAINT, FORM, WATCH)

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the tables."""
        number = entry.stream.removeprefix("complaint/")
        here = COMPLAINT.c.number == number
        if entry.kind == "complaint.received":
            _received(connection, entry, number)
        elif entry.kind == "complaint.form_printed":
            row = {name: entry.data[name] for name in ("code", "receipt", "language")}
            connection.execute(insert(FORM).values(used="", **row))
        elif entry.kind == "complaint.watch_set":
            connection.execute(insert(WATCH).values(number=number, tcn=entry.data["tcn"], ori=entry.data["ori"]))
        elif entry.kind == "complaint.watch_ended":
            mine = (WATCH.c.number == number) & (WATCH.c.tcn == entry.data["tcn"])
            connection.execute(WATCH.delete().where(mine))
        if entry.kind in _STAGES:
            changes: dict[str, Any] = {"stage": _STAGES[entry.kind]}
            if entry.kind == "complaint.triaged":
                changes["county"] = entry.data["county"]
            if entry.kind in {"complaint.closed", "complaint.reopened"}:
                changes["closed_at"] = entry.occurred_at.isoformat() if entry.kind == "complaint.closed" else ""
            connection.execute(update(COMPLAINT).where(here).values(**changes))


def _received(connection: Connection, entry: Entry, number: str) -> None:
    data = entry.data
    connection.execute(
        insert(COMPLAINT).values(
            number=number,
            receipt=data["receipt"],
            stage="RECEIVED",
            channel=data["channel"],
            against=data["against"],
            topics=" ".join(data["topics"]),
            county="",
            received_at=data["received_at"],
            closed_at="",
        )
    )
    if data["paper"]:
        connection.execute(update(FORM).where(FORM.c.code == data["paper"]).values(used=number))


def by_receipt(connection: Connection, receipt: str) -> str | None:
    """The number of the complaint with this receipt."""
    if not receipt:
        return None
    return connection.execute(select(COMPLAINT.c.number).where(COMPLAINT.c.receipt == receipt)).scalars().first()


def rows(connection: Connection, *, only_open: bool = False) -> list[Row[Any]]:
    """Every complaint's open facts, oldest first."""
    query = select(COMPLAINT).order_by(COMPLAINT.c.number)
    return list(connection.execute(query.where(COMPLAINT.c.closed_at == "") if only_open else query).all())


def form(connection: Connection, code: str) -> Row[Any] | None:
    """A printed form."""
    return connection.execute(select(FORM).where(FORM.c.code == code)).first()


def watching(connection: Connection, tcn: str, ori: str) -> list[str]:
    """Numbers of the open complaints for whose sake a case is watched."""
    query = select(WATCH.c.number).where(WATCH.c.tcn == tcn, WATCH.c.ori == ori)
    return list(connection.execute(query).scalars())


def watches(connection: Connection) -> list[tuple[str, str, str]]:
    """Every watch: complaint, control number, submitting agency."""
    return [(row.number, row.tcn, row.ori) for row in connection.execute(select(WATCH)).all()]


def cards(connection: Connection) -> list[str]:
    """Streams of every card that was accepted."""
    return list(connection.execute(select(SUBMISSION.c.stream).where(SUBMISSION.c.accepted)).scalars())


def next_number(connection: Connection, year: int) -> str:
    """The next free number of a year."""
    query = select(COMPLAINT.c.number).where(COMPLAINT.c.number.like(f"{year}-%"))
    last = max((int(n[5:]) for n in connection.execute(query).scalars()), default=0)
    return f"{year}-{last + 1:05d}"
