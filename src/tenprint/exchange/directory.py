"""Who takes part: agencies and principals, as events on the ledger and as tables for reading.

Streams: `agency/<ORI>` and `principal/<name>`. The first administrator is named when the exchange is made; everybody
else is registered by an administrator.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import msgspec
from sqlalchemy import Connection, Table, delete, func, insert, select

from tenprint.cases.card.commands import Registration
from tenprint.exchange import activation
from tenprint.exchange.errors import ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.registry import Agency, county, reference_agency
from tenprint.exchange.schema import ACTIVATION, AGENCY, PRINCIPAL
from tenprint.ledger import Entry

SYSTEM = "exchange"
"""The name under which the machinery itself acts: searches, relays, watches. It decides nothing about a person."""


class Principal(msgspec.Struct, frozen=True):
    """A named person or desk that may act."""

    name: str
    roles: tuple[str, ...]
    agency: str


class Directory:
    """Projection of agencies and principals."""

    name = "exchange-directory"
    tables: tuple[Table, ...] = (AGENCY, PRINCIPAL, ACTIVATION)
    revision = 2

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the tables."""
        if entry.kind == "agency.registered":
            ori = str(entry.data["ori"])
            connection.execute(delete(AGENCY).where(AGENCY.c.ori == ori))
            connection.execute(insert(AGENCY).values(ori=ori, data=msgspec.json.encode(entry.data)))
        elif entry.kind == "principal.registered":
            place = connection.execute(select(func.count()).select_from(PRINCIPAL)).scalar_one()
            row = {k: entry.data[k] for k in ("name", "role", "agency")}
            connection.execute(insert(PRINCIPAL).values(place=place, **row))
        elif entry.stream.startswith(activation.STREAM):
            activation.apply(connection, entry)


def principal(connection: Connection, name: str) -> Principal:
    """The registered principal of that name.

    Raises:
        NotAllowedError: when nobody of that name is registered.
    """
    rows = connection.execute(select(PRINCIPAL).where(PRINCIPAL.c.name == name).order_by(PRINCIPAL.c.place)).all()
    if not rows:
        raise NotAllowedError(
            f"{name!r} is not registered here. An administrator can do it: "
            f"tenprint principal add --name {name} --role R --agency O --as ADMINISTRATOR"
        )
    return Principal(name, tuple(r.role for r in rows), rows[0].agency)


def principals(connection: Connection) -> list[Principal]:
    """Everybody who is registered, in the order of registration."""
    names = connection.execute(select(PRINCIPAL.c.name).order_by(PRINCIPAL.c.place)).scalars()
    return [principal(connection, name) for name in dict.fromkeys(names)]


def find_agency(connection: Connection, ori: str) -> Agency | None:
    """The agency of an ORI: as registered on the ledger, else of the reference table, else nothing."""
    row = connection.execute(select(AGENCY.c.data).where(AGENCY.c.ori == ori)).scalar_one_or_none()
    if row is not None:
        return msgspec.json.decode(row, type=Agency)
    return reference_agency(ori)


def agency(connection: Connection, ori: str) -> Agency:
    """The agency of an ORI.

    Raises:
        UnknownError: when it is in no registry.
    """
    found = find_agency(connection, ori)
    if found is None:
        raise UnknownError(
            f"agency {ori!r} is in no registry. Register it with its county: "
            f"tenprint agency add --ori {ori} --county FIPS --zone ZONE"
        )
    return found


def registration(connection: Connection, found: Agency, on: date, agreement: str = "") -> Registration:
    """What a case needs to know of an agency on a day.

    Args:
        connection: For reading.
        found: The agency.
        on: Local date.
        agreement: What the ledger has of its state's agreement.
    """
    state = activation.on_day(connection, found.county, on)
    ends = [day for day in (state.inactive_from, found.inactive_from) if day is not None]
    return Registration(
        ori=found.ori,
        county=found.county,
        active_since=state.active_since,
        registered_from=found.registered_from,
        registered_to=found.registered_to,
        inactive_from=min(ends) if ends else None,
        activation=state.source,
        agreement=agreement,
    )


def relay(connection: Connection, controlling_ori: str) -> tuple[bool, str]:
    """Whether the bureau can pass a second answer on to a booking agency, and a note when it cannot."""
    found = find_agency(connection, controlling_ori)
    if found is None:
        return False, f"{controlling_ori or 'no agency'} is in no registry: kept at the bureau, not relayed"
    if not found.second_response:
        return False, f"{found.ori} cannot receive a second answer: kept at the bureau, not relayed"
    return True, ""


def agencies(connection: Connection) -> list[Agency]:
    """Agencies registered on the ledger."""
    rows = connection.execute(select(AGENCY.c.data).order_by(AGENCY.c.ori)).scalars()
    return [msgspec.json.decode(row, type=Agency) for row in rows]


def check_agency(stated: Agency) -> None:
    """Refuse an agency that could not be used.

    Raises:
        UnknownError: when its county is not in the reference table.
        ExchangeError: when its ORI is not 9 letters and digits (EBTS 2.073), or its zone is not an IANA zone.
    """
    if not re.fullmatch(r"[A-Z0-9]{9}", stated.ori):
        raise ExchangeError(f"expected an ORI of 9 capital letters and digits such as TXSYN4530; got {stated.ori!r}")
    county(stated.county)
    if stated.zone not in available_timezones():
        raise ExchangeError(f"expected a time zone such as America/Chicago; got {stated.zone!r}")


def agency_data(found: Agency) -> dict[str, Any]:
    """An agency as the data of its event."""
    data: dict[str, Any] = msgspec.to_builtins(found)
    return data
