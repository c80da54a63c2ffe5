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
from sqlalchemy import Connection, Table, delete, insert, select

from tenprint.cases.card.commands import Registration
from tenprint.exchange import activation
from tenprint.exchange.errors import ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.registry import Agency, county, county_by_fips, reference_agency
from tenprint.exchange.schema import ACTIVATION, AGENCY, OFFICE_AREA, PRINCIPAL, STANDING_DECLINE
from tenprint.ledger import Entry

SYSTEM = "exchange"
"""The name under which the machinery itself acts: searches, relays, watches. It decides nothing about a person."""


OFFICE = "office.registered"
"""Kind of the event that says which states and counties a field office covers."""
DECLINES = "agency.standing_decline"
"""Kind of the event that says that a facility declines every request, from a day on or until one."""


class StandingDecline(msgspec.Struct, frozen=True, kw_only=True):
    """A facility's decline of every request, recorded once and answering each at once."""

    ori: str
    reason: str
    document: str
    by: str
    since: date
    until: date | None = None
    """First day on which it no longer holds."""

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a local day."""
        return self.since <= day and (self.until is None or day < self.until)


class Principal(msgspec.Struct, frozen=True):
    """A named person or desk that may act."""

    name: str
    roles: tuple[str, ...]
    agency: str


class Directory:
    """Projection of agencies and principals."""

    name = "exchange-directory"
    tables: tuple[Table, ...] = (AGENCY, PRINCIPAL, ACTIVATION, OFFICE_AREA, STANDING_DECLINE)
    revision = 4

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the tables."""
        if entry.kind == "agency.registered":
            ori = str(entry.data["ori"])
            connection.execute(delete(AGENCY).where(AGENCY.c.ori == ori))
            connection.execute(insert(AGENCY).values(ori=ori, data=msgspec.json.encode(entry.data)))
        elif entry.kind == OFFICE:
            office = str(entry.data["office"])
            connection.execute(delete(OFFICE_AREA).where(OFFICE_AREA.c.office == office))
            rows = [{"office": office, "covers": place} for place in sorted(set(entry.data["covers"]))]
            connection.execute(insert(OFFICE_AREA), rows)
        elif entry.kind == DECLINES:
            ori = str(entry.data["ori"])
            connection.execute(delete(STANDING_DECLINE).where(STANDING_DECLINE.c.ori == ori))
            connection.execute(insert(STANDING_DECLINE).values(ori=ori, data=msgspec.json.encode(entry.data)))
        elif entry.kind == "principal.registered":
            place = entry.seq
            row = {k: entry.data[k] for k in ("name", "role", "agency")}
            connection.execute(insert(PRINCIPAL).values(place=place, **row))
        elif entry.kind == "principal.ended":
            gone = (PRINCIPAL.c.name == entry.data["name"]) & (PRINCIPAL.c.role == entry.data["role"])
            connection.execute(delete(PRINCIPAL).where(gone))
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


def roles(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Roles of everybody who is registered, by name."""
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(select(PRINCIPAL.c.name, PRINCIPAL.c.role).order_by(PRINCIPAL.c.place)):
        found[row.name] = (*found.get(row.name, ()), row.role)
    return found


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


def registration(
    connection: Connection, found: Agency, on: date, agreement: str = "", investigations: tuple[str, ...] = ()
) -> Registration:
    """What a case needs to know of an agency on a day.

    Args:
        connection: For reading.
        found: The agency.
        on: Local date.
        agreement: What the ledger has of its state's agreement.
        investigations: Open investigations of the county that nobody has decided upon.
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
        investigations=investigations,
    )


def area(connection: Connection, office: str) -> frozenset[str] | None:
    """States and counties that a field office covers; nothing when nobody registered it."""
    found = frozenset(connection.execute(select(OFFICE_AREA.c.covers).where(OFFICE_AREA.c.office == office)).scalars())
    return found or None


def state_of(found: Agency) -> str:
    """Postal code of the state of an agency's county."""
    known = county_by_fips().get(found.county)
    return known.state if known else ""


def standing_decline(connection: Connection, ori: str, on: date) -> StandingDecline | None:
    """A facility's standing decline on a day."""
    query = select(STANDING_DECLINE.c.data).where(STANDING_DECLINE.c.ori == ori)
    row = connection.execute(query).scalar_one_or_none()
    found = None if row is None else msgspec.json.decode(row, type=StandingDecline)
    return found if found is not None and found.holds_on(on) else None


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
