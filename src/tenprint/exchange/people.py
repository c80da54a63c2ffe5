"""Which cards are of one person, and which of them are one custody: tables that follow the ledger.

A person is known by the identities that the two systems answered (UCN, FIN) and by the jail's booking number. That two
cards share one says that they are of one person; that they are one custody is an act, recorded and correctable.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, delete, insert, select

from tenprint.exchange.schema import CUSTODY, IDENTITY
from tenprint.ledger import Entry

_SEARCHES = {"criminal.searched": "criminal", "immigration.searched": "immigration"}
KEPT = "booking.kept"
"""Kind of the event that says under which criminal identity a booking was kept."""


class People:
    """Projection of identities and custodies."""

    name = "exchange-people"
    tables: tuple[Table, ...] = (IDENTITY, CUSTODY)
    revision = 1

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the tables."""
        if entry.kind in _SEARCHES and entry.data.get("hit") and entry.data.get("identity"):
            _known(connection, f"{_SEARCHES[entry.kind]}/{entry.data['identity']}", entry.stream)
        elif entry.kind == KEPT:
            _known(connection, f"criminal/{entry.data['identity']}", str(entry.data["case"]))
        elif entry.kind == "person.booked" and entry.data.get("booking_number"):
            _known(connection, f"booking/{entry.data['facility']}/{entry.data['booking_number']}", entry.stream)
        elif entry.kind == "custody.joined":
            row = {"stream": entry.stream, "root": entry.data["custody"], "seq": entry.seq}
            connection.execute(delete(CUSTODY).where(CUSTODY.c.stream == entry.stream))
            connection.execute(insert(CUSTODY).values(**row))
        elif entry.kind == "custody.kept_apart" or (
            entry.kind == "act.corrected" and entry.data["what"] == "custody.joined"
        ):
            connection.execute(delete(CUSTODY).where(CUSTODY.c.stream == entry.stream))


def _known(connection: Connection, identity: str, stream: str) -> None:
    row = {"identity": identity, "stream": stream}
    if not connection.execute(select(IDENTITY).filter_by(**row)).first():
        connection.execute(insert(IDENTITY).values(**row))


def root(connection: Connection, stream: str) -> str:
    """The first card of the custody that a card belongs to; its own stream when it joined none."""
    found = connection.execute(select(CUSTODY.c.root).where(CUSTODY.c.stream == stream)).scalar_one_or_none()
    return found or stream


def custody(connection: Connection, stream: str) -> tuple[str, ...]:
    """Streams of all cards of one custody, the first card first."""
    first = root(connection, stream)
    joined = connection.execute(select(CUSTODY.c.stream).where(CUSTODY.c.root == first).order_by(CUSTODY.c.seq))
    return (first, *joined.scalars())


def identities(connection: Connection, stream: str) -> tuple[str, ...]:
    """Identities of the person of a card, such as ``criminal/C00000001``."""
    query = select(IDENTITY.c.identity).where(IDENTITY.c.stream == stream).order_by(IDENTITY.c.identity)
    return tuple(connection.execute(query).scalars())


def cards(connection: Connection, names: Iterable[str]) -> tuple[str, ...]:
    """Streams of the cards that have one of these identities."""
    query = select(IDENTITY.c.stream).where(IDENTITY.c.identity.in_(list(names))).distinct().order_by(IDENTITY.c.stream)
    return tuple(connection.execute(query).scalars())


def same_person(connection: Connection, stream: str) -> tuple[str, ...]:
    """Streams of other cards of the same person, as far as the systems know."""
    return tuple(s for s in cards(connection, identities(connection, stream)) if s != stream)


def find(connection: Connection, text: str) -> tuple[str, ...]:
    """Streams of the cards of a person by UCN, FIN or booking number."""
    query = select(IDENTITY.c.stream).where(
        (IDENTITY.c.identity == f"criminal/{text}")
        | (IDENTITY.c.identity == f"immigration/{text}")
        | IDENTITY.c.identity.like(f"booking/%/{text}")
    )
    return tuple(sorted(set(connection.execute(query).scalars())))
