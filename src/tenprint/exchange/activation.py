"""Whether a county is active on a day: acts on this ledger first, by date, and behind them the reference table.

The table holds the published activation dates. A county that was put into the plan on this ledger before its published
date follows its own case from that day on: it is active when somebody activates it, and not before.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, insert, select

from tenprint.exchange.registry import county, county_by_fips
from tenprint.exchange.schema import ACTIVATION
from tenprint.ledger import Entry

STREAM = "jurisdiction/"
"""Streams of counties (`jurisdiction/48453`) and of states (`jurisdiction/TX`)."""

BY_TABLE = "reference table"


class Activation(msgspec.Struct, frozen=True, kw_only=True):
    """A county on a day."""

    active_since: date | None
    """First day of the activation that counts on this day, or the table's day to come; nothing when there is none."""
    inactive_from: date | None
    """First day on which it was switched off again."""
    source: str
    """The reference table, or the act on this ledger, with its position."""

    def is_active(self, on: date) -> bool:
        """Whether prints go on that day."""
        begun = self.active_since is not None and on >= self.active_since
        return begun and (self.inactive_from is None or on < self.inactive_from)


def apply(connection: Connection, entry: Entry) -> None:
    """Take one event of a jurisdiction into the table."""
    fips = entry.stream.removeprefix(STREAM)
    known = county_by_fips().get(fips)
    if known is None:
        return
    if entry.kind in {"activation.done", "activation.ended"}:
        on, active = date.fromisoformat(entry.data["on"]), entry.kind == "activation.done"
    elif entry.kind == "jurisdiction.planned" or _keeps_out(entry):
        on, active = entry.occurred_at.astimezone(ZoneInfo(known.zone)).date(), False
        if on >= known.activation_date:
            return
    else:
        return
    connection.execute(insert(ACTIVATION).values(seq=entry.seq, county=fips, on=on, active=active, act=entry.kind))


def _keeps_out(entry: Entry) -> bool:
    return entry.kind == "request.answered" and entry.data["answer"] == "REMOVED_FROM_PLAN"


def on_day(connection: Connection, fips: str, on: date) -> Activation:
    """What counts for a county on a day.

    Raises:
        UnknownError: when the reference table has no such county.
    """
    column = ACTIVATION.c
    query = select(ACTIVATION).where(column.county == fips, column.on <= on).order_by(column.on, column.seq)
    since: date | None = county(fips).activation_date
    until: date | None = None
    source = BY_TABLE
    for row in connection.execute(query):
        source = f"{row.act} of {row.on}, entry {row.seq} of this ledger"
        if row.active:
            since, until = row.on, None
        elif since is not None and since <= row.on:
            until = until or row.on
        else:
            since = None
    return Activation(active_since=since, inactive_from=until, source=source)
