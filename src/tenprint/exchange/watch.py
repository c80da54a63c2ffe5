"""The watch: looks at every case in which somebody owes something, so that nothing is past its deadline in silence.

Custodies first; then flags of the quarterly review, of which somebody owes a written finding.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.card.commands import Tick
from tenprint.cases.card.events import DueWarned, IncidentOpened
from tenprint.exchange import docket, findings
from tenprint.exchange.core import Core


class WatchReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one round saw."""

    at: datetime
    cases: int
    holds: int
    """People held under a request with authority."""
    notices: int
    """Warnings sent in this round: six hours and one hour before a limit, and when it passed."""
    zones: tuple[str, ...] = ()
    """Time zones of the facilities whose cases are open."""
    opened: tuple[str, ...]
    """Incidents opened in this round."""
    open: tuple[str, ...]
    """Incidents that nobody has closed."""
    silent: tuple[str, ...]
    """People present without authority and without an open incident: always empty, or the watch has failed."""
    flags: int = 0
    """Flags of the quarterly review in which something is owed."""
    flags_noted: tuple[str, ...] = ()
    """Deadlines of flags that were noted as passed in this round."""
    flags_late: tuple[str, ...] = ()
    """What is owed about a flag and past its deadline."""
    flags_silent: tuple[str, ...] = ()
    """The same, not noted on the ledger: always empty, or the watch has failed."""


def look(exchange: Core, at: datetime | None = None) -> WatchReport:
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
    zones: set[str] = set()
    holds = notices = 0
    for stream in streams:
        events = exchange.change(stream, lambda _: [Tick()], act)
        around = exchange.surroundings(stream)
        case, whole = around.case, around.whole
        tcn = case.submission.tcn if case.submission else stream
        zone = around.zone or "UTC"
        zones.add(zone)
        opened += [_line(tcn, e, zone) for e in events if isinstance(e, IncidentOpened)]
        notices += sum(isinstance(e, DueWarned) for e in events)
        still += [_line(tcn, i.opened, zone) for i in case.open_incidents]
        hold = whole.hold_at(now)
        holds += hold is not None and hold.is_running(now) and hold.tcn == tcn
        gap = whole.gap_at(now)
        told = any(c.open_incidents for c in (case, *around.others))
        if gap is not None and gap.start < now and not told:
            silent.append(tcn)
    late = findings.look(exchange, now)
    return WatchReport(
        at=now,
        cases=len(streams),
        holds=holds,
        notices=notices,
        zones=tuple(sorted(zones)),
        opened=tuple(opened),
        open=tuple(still),
        silent=tuple(silent),
        flags=late.cases,
        flags_noted=late.noted,
        flags_late=late.late,
        flags_silent=late.silent,
    )


def _line(tcn: str, opened: IncidentOpened, zone: str) -> str:
    """One incident in words, with its moment in UTC and on the clock of the facility."""
    since = ""
    if opened.since is not None:
        local = opened.since.astimezone(ZoneInfo(zone))
        since = f"; since {opened.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {local:%a %H:%M %Z} there"
    return f"{tcn}: incident {opened.number}: {opened.what}: {opened.detail}{since}"
