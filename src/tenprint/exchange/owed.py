"""One docket for every role: what is owed in which case, the earliest due first."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.custody import dues
from tenprint.cases.jurisdiction.dues import owed_by_places
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.due import Due
from tenprint.exchange import docket, places
from tenprint.exchange.core import Core


class OwedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing owed."""

    tcn: str
    """Control number of the card; of a jurisdiction, its county."""
    agency: str
    about: str
    what: str
    act: str
    """The command that would discharge it."""
    owner: str
    since: datetime
    due: datetime
    """On the clock of the facility."""
    overdue: bool
    consequence: str


def owed(
    exchange: Core, role: str | None = None, at: datetime | None = None, *, stream: str | None = None
) -> list[OwedRow]:
    """What is owed, by everybody or by one role.

    Args:
        exchange: Where.
        role: Of whom; everybody's when not given.
        at: Moment to look at; the ledger's clock when not given.
        stream: In this case alone.
    """
    now = at or exchange.ledger.now()
    with exchange.reading() as connection:
        streams = docket.watched(connection) if stream is None else [stream]
    rows: list[OwedRow] = []
    for name in streams:
        around = exchange.surroundings(name)
        act = Act(actor="reader", role="auditor", now=now, law=None, around=around.around)
        clock = ZoneInfo(around.zone or "UTC")
        rows += [
            _row(due, around.facility, clock, now)
            for due in dues.owed(around.case, act)
            if role is None or due.owner == role
        ]
    for fips, place in places.touched(exchange) if stream is None else ():
        rows += [
            _row(due, fips, ZoneInfo(places.zone(fips)), now)
            for due in owed_by_places(fips, place, now)
            if role is None or due.owner == role
        ]
    return sorted(rows, key=lambda r: (r.due, r.tcn, r.about))


def _row(due: Due, agency: str, clock: ZoneInfo, now: datetime) -> OwedRow:
    return OwedRow(
        tcn=due.tcn,
        agency=agency,
        about=due.about,
        what=due.what,
        act=due.act,
        owner=due.owner,
        since=due.since.astimezone(clock),
        due=due.due.astimezone(clock),
        overdue=now > due.due,
        consequence=due.consequence,
    )
