"""Close calls that wait for an examiner, as a table that follows the ledger."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert

from tenprint.cases.card.examination import SYSTEMS
from tenprint.exchange.schema import CLOSE_CALL
from tenprint.ledger import Entry

_SEARCHES = {f"{system}.searched": system for system in SYSTEMS}


class CloseCalls:
    """Projection of close calls that wait."""

    name = "exchange-close-calls"
    tables: tuple[Table, ...] = (CLOSE_CALL,)
    revision = 1

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the table."""
        column = CLOSE_CALL.c
        if entry.kind in _SEARCHES and entry.data.get("close_call") and not entry.data["hit"]:
            row = {"stream": entry.stream, "system": _SEARCHES[entry.kind], "seq": entry.seq}
            connection.execute(insert(CLOSE_CALL).values(**row))
        elif entry.kind == "print.examined" and entry.data["settles"]:
            here = (column.stream == entry.stream, column.system == entry.data["system"])
            connection.execute(delete(CLOSE_CALL).where(*here))
