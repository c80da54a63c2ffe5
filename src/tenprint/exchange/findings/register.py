"""Flags, reviews and rules as tables that follow the ledger: what has to be found by its name."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, Row, String, Table, Text, insert, select, update

from tenprint.ledger import Entry

METADATA = MetaData()

CASE = Table(
    "finding_case",
    METADATA,
    Column("number", String(16), primary_key=True),
    Column("flag", Text, nullable=False, unique=True),
    Column("quarter", String(6), nullable=False, index=True),
    Column("open", Boolean, nullable=False),
)

REVIEW = Table(
    "finding_review",
    METADATA,
    Column("seq", Integer, primary_key=True, comment="ledger position of its record"),
    Column("review", String(80), nullable=False, unique=True),
    Column("quarter", String(6), nullable=False),
)

RULE = Table(
    "finding_rule",
    METADATA,
    Column("rule", String(120), primary_key=True, comment="name@hash"),
    Column("seq", Integer, nullable=False),
)

_OPEN = {"finding.closed": False, "finding.closed_without_finding": False, "finding.reopened": True}


class Register:
    """Projection of flags, reviews and rules."""

    name = "finding-register"
    tables: tuple[Table, ...] = (CASE, REVIEW, RULE)

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the tables."""
        data = entry.data
        if entry.kind == "finding.opened":
            flag = data["flag"]
            row = {"number": data["number"], "flag": flag["id"], "quarter": flag["quarter"], "open": True}
            connection.execute(insert(CASE).values(**row))
        elif entry.kind in _OPEN:
            here = CASE.c.number == entry.stream.removeprefix("finding/")
            connection.execute(update(CASE).where(here).values(open=_OPEN[entry.kind]))
        elif entry.kind == "quarter.reviewed":
            row = {"seq": entry.seq, "review": data["review"], "quarter": data["quarter"]}
            connection.execute(insert(REVIEW).values(**row))
        elif entry.kind == "rule.registered":
            connection.execute(insert(RULE).values(rule=data["rule"], seq=entry.seq))


def of_flag(connection: Connection, flag: str) -> str | None:
    """The number of the case of a flag."""
    return connection.execute(select(CASE.c.number).where(CASE.c.flag == flag)).scalars().first()


def rows(connection: Connection, *, only_open: bool = False) -> list[Row[tuple[str, str, str, bool]]]:
    """Every case, by number."""
    query = select(CASE).order_by(CASE.c.number)
    return list(connection.execute(query.where(CASE.c.open) if only_open else query).all())


def reviews(connection: Connection) -> list[str]:
    """Streams of every review recorded, oldest first."""
    return [f"review/{r}" for r in connection.execute(select(REVIEW.c.review).order_by(REVIEW.c.seq)).scalars()]


def rules(connection: Connection) -> list[str]:
    """Ids of every rule registered, oldest first."""
    return list(connection.execute(select(RULE.c.rule).order_by(RULE.c.seq)).scalars())


def next_number(connection: Connection, quarter: str) -> str:
    """The next free number of a quarter's flags, such as ``2011Q2-001``."""
    known = connection.execute(select(CASE.c.number).where(CASE.c.quarter == quarter)).scalars()
    last = max((int(number.rpartition("-")[2]) for number in known), default=0)
    return f"{quarter}-{last + 1:03d}"
