"""The docket: every submission with what is still owed in it, as a table that follows the ledger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, insert, or_, select, update

from tenprint.exchange.schema import SUBMISSION
from tenprint.ledger import Entry

_ADDS = {
    "claim.made": ("claims", 1),
    "claim.resolved": ("claims", -1),
    "incident.opened": ("incidents", 1),
    "incident.closed": ("incidents", -1),
}
_SETS = {
    "release.eligible": ("holds", 1),
    "charge.disposed": ("holds", 1),
    "person.returned": ("holds", 1),
    "query.sent": ("queries", 1),
    "decision.recorded": ("queries", 0),
    "detainer.issued": ("requests", 1),
    "submission.closed": ("road_open", False),
}
OWED = ("holds", "requests", "queries", "claims", "incidents")


class Docket:
    """Projection of submissions."""

    name = "exchange-docket"
    tables: tuple[Table, ...] = (SUBMISSION,)
    revision = 3

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the table."""
        column = SUBMISSION.c
        here = column.stream == entry.stream
        if entry.kind in {"submission.accepted", "submission.rejected"}:
            names = ("tcn", "submitting_ori", "controlling_ori", "card")
            row = {name: entry.data[name] for name in names}
            accepted = entry.kind == "submission.accepted"
            connection.execute(insert(SUBMISSION).values(stream=entry.stream, accepted=accepted, road_open=True, **row))
        elif entry.kind in _ADDS:
            name, step = _ADDS[entry.kind]
            connection.execute(update(SUBMISSION).where(here).values({name: column[name] + step}))
        elif entry.kind == "fact.stated" and entry.data["name"] == "age":
            connection.execute(update(SUBMISSION).where(here).values(road_open=True))  # the gate may open now
        elif (entry.kind == "custody.assumed" and not entry.data.get("stays")) or (
            entry.kind == "custody.released" and entry.data["custody"] == "LOCAL" and _is_gone(entry)
        ):
            connection.execute(update(SUBMISSION).where(here).values(holds=0, requests=0))
        elif entry.kind == "act.corrected":  # whatever it takes back: the next look says what is owed
            connection.execute(update(SUBMISSION).where(here).values(holds=1, requests=1, queries=1, road_open=True))
        elif entry.kind in _SETS:
            name, value = _SETS[entry.kind]
            connection.execute(update(SUBMISSION).where(here).values({name: value}))


def _is_gone(entry: Entry) -> bool:
    return entry.data.get("how") not in {"TRANSFERRED", "NEW_CRIMINAL_HOLD"} and not entry.data.get("guarded")


def unfinished(connection: Connection) -> list[str]:
    """Streams of submissions whose road has not ended, oldest first."""
    query = select(SUBMISSION.c.stream).where(SUBMISSION.c.road_open)
    return list(connection.execute(query).scalars())


def watched(connection: Connection) -> list[str]:
    """Streams of cases in which somebody owes something."""
    owed = or_(*(SUBMISSION.c[name] > 0 for name in OWED))
    return list(connection.execute(select(SUBMISSION.c.stream).where(owed)).scalars())


def by_tcn(connection: Connection, tcn: str) -> list[Row[Any]]:
    """Submissions with this control number; more than one when two bureaus use the same."""
    return list(connection.execute(select(SUBMISSION).where(SUBMISSION.c.tcn == tcn)).all())
