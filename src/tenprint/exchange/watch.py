"""The watch: looks at every case in which somebody owes something, so that no hold is past its deadline in silence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from tenprint.cases.commands import Tick
from tenprint.cases.events import IncidentOpened
from tenprint.exchange import docket

if TYPE_CHECKING:
    from tenprint.exchange.exchange import Exchange


class WatchReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one round saw."""

    at: datetime
    cases: int
    holds: int
    notices: int
    """Release notices sent in this round."""
    opened: tuple[str, ...]
    """Incidents opened in this round."""
    open: tuple[str, ...]
    """Incidents that nobody has closed."""
    silent: tuple[str, ...]
    """Holds past their deadline without an open incident: always empty, or the watch has failed."""


def look(exchange: Exchange, at: datetime | None = None) -> WatchReport:
    """One round over all cases that are owed something.

    Args:
        exchange: Where.
        at: Moment to look at; the ledger's clock when not given.
    """
    now = at or exchange.ledger.now()
    act = exchange.machine(Tick, now)
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    opened: list[str] = []
    still: list[str] = []
    silent: list[str] = []
    holds = notices = 0
    for stream in streams:
        events = exchange.change(stream, lambda _: [Tick()], act)
        case = exchange.load(stream).case
        tcn = case.submission.tcn if case.submission else stream
        opened += [f"{tcn}: {e.what}: {e.detail}" for e in events if isinstance(e, IncidentOpened)]
        notices += sum(type(e).__name__ == "ReleaseNoticeSent" for e in events)
        still += [f"{tcn}: incident {i.opened.number}: {i.opened.what}: {i.opened.detail}" for i in case.open_incidents]
        hold = case.hold
        holds += hold is not None
        if hold and hold.started.deadline and now > hold.started.deadline and not case.open_incidents:
            silent.append(tcn)
    return WatchReport(
        at=now,
        cases=len(streams),
        holds=holds,
        notices=notices,
        opened=tuple(opened),
        open=tuple(still),
        silent=tuple(silent),
    )
