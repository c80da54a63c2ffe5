"""The release board of a facility's county: who may leave now, who is held until when, who is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.custody.events import PersonBooked
from tenprint.exchange import docket
from tenprint.exchange.core import Core
from tenprint.exchange.jail import hold_row, say_hold

FREE, HELD, ASKED = "free", "held", "asked"


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a facility about whom something stands."""

    tcn: str
    ori: str
    """Submitting agency."""
    facility: str
    name: str
    booking: str
    """The jail's booking number; empty when nobody has said it."""
    state: str
    """``free``: nothing allows to keep them; ``held``: until the deadline; ``asked``: a request, and no release yet."""
    since: datetime | None
    """Since when they could leave, on the clock of the facility."""
    deadline: datetime | None
    left: int | None
    """Minutes until the deadline."""
    why: str
    form: str
    answered: bool
    """Whether the request was honored."""
    served: bool


def board(exchange: Core, sees: Callable[[str], bool]) -> list[BoardRow]:
    """Everybody present about whom something stands; who may leave first, then the earliest deadline.

    Args:
        exchange: Where.
        sees: Whether the reader may see a facility's people.
    """
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    now, rows = exchange.ledger.now(), []
    for stream in streams:
        around = exchange.surroundings(stream)
        case, whole = around.case, around.whole
        taken = case.submission
        if taken is None or case.joined is not None or whole.here is None or not sees(whole.here.facility):
            continue
        row = hold_row(case, whole, now, around.zone or "UTC")
        request, clock = case.detainer, ZoneInfo(around.zone or "UTC")
        if row is None and request is None:
            continue
        deadline = row.deadline if row is not None and not row.overdue else None
        numbers = [w.booking_number for w in case.whereabouts if isinstance(w, PersonBooked) and w.booking_number]
        rows.append(
            BoardRow(
                tcn=taken.tcn,
                ori=taken.submitting_ori,
                facility=whole.here.facility,
                name=taken.personal.name if taken.personal else "expunged",
                booking=numbers[-1] if numbers else "",
                state=ASKED if row is None else FREE if deadline is None else HELD,
                since=row.since.astimezone(clock) if row is not None else None,
                deadline=deadline,
                left=int((deadline - now).total_seconds() // 60) if deadline else None,
                why=say_hold(case, whole, now) or (f"without authority: {row.cause}" if row is not None else ""),
                form=request.form if request is not None else "",
                answered=request is not None and any(h.request == request.number for h in case.honors),
                served=request is not None and request.served_at is not None,
            )
        )
    order = {FREE: 0, HELD: 1, ASKED: 2}
    return sorted(rows, key=lambda r: (order[r.state], r.deadline or r.since or now, r.tcn))
