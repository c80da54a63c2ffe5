"""What each desk lists, as values for its template, and whose cards a list shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

import msgspec
from sqlalchemy import select

from tenprint.accounts import Accounts
from tenprint.desk.service.policy import Reaches, Row
from tenprint.exchange import ExchangeError, board, center, directory, examiner, outbox, owed, reads, rights
from tenprint.exchange.core import Core
from tenprint.exchange.directory import Principal
from tenprint.exchange.rights import register
from tenprint.exchange.roles import table as acts
from tenprint.exchange.schema import SUBMISSION

OWNERS = {"office": "office", "supervisor": "supervisor"}
"""Whose dues a page lists."""
SHOWN = 50
"""Newest rows that a list shows."""
MONTH = "%Y-%m"


class Listed(msgspec.Struct, frozen=True):
    """A list."""

    values: dict[str, Any]
    streams: tuple[str, ...] = ()
    """Cards whose person it names."""


def of(exchange: Core, who: Principal, row: Row, reaches: Reaches) -> Listed:
    """What the page of a desk lists for a reader.

    Args:
        exchange: Where.
        who: The reader.
        row: The row of the policy under which they read.
        reaches: Which cards are theirs to see.
    """
    return _LISTS.get(row.page, _owed)(exchange, who, row, reaches)


def _jail(exchange: Core, _who: Principal, _row: Row, reaches: Reaches) -> Listed:
    rows = board.board(exchange, lambda facility: reaches(facility, ""))
    return Listed({"rows": rows}, tuple(f"case/{r.ori}/{r.tcn}" for r in rows))


def _center(exchange: Core, _who: Principal, _row: Row, reaches: Reaches) -> Listed:
    rows = [(q, ori_of(exchange, q.tcn)) for q in center.queue(exchange) if reaches(q.agency, "")]
    return Listed({"rows": rows})


def _owed(exchange: Core, _who: Principal, row: Row, reaches: Reaches) -> Listed:
    due = owed.owed(exchange, OWNERS[row.page])
    shown = [(d, ori_of(exchange, d.tcn)) for d in due if len(d.agency) == 9 and reaches(d.agency, "")]
    return Listed({"rows": shown})


def _booking(exchange: Core, _who: Principal, _row: Row, reaches: Reaches) -> Listed:
    return Listed({"rows": _cards(exchange, lambda r: reaches(r.controlling_ori, r.submitting_ori))[:SHOWN]})


def _bureau(exchange: Core, _who: Principal, _row: Row, reaches: Reaches) -> Listed:
    cards = _cards(exchange, lambda r: reaches(r.controlling_ori, r.submitting_ori))
    agencies: dict[str, list[int]] = {}
    for card in cards:
        tally = agencies.setdefault(card.controlling_ori, [0, 0])
        tally[0] += 1
        tally[1] += not card.accepted
    mine = {c.stream for c in cards}
    rows = []
    for card in cards[:SHOWN]:
        case = exchange.load(card.stream).case
        rows.append((card, [r.response for r in case.responses], case.rejection.messages if case.rejection else ()))
    late = [d for d in outbox.due(exchange) if d.stream in mine]
    return Listed({"rows": rows, "agencies": sorted(agencies.items()), "late": late})


def _examiner(exchange: Core, who: Principal, _row: Row, _reaches: Reaches) -> Listed:
    waiting = [c for c in examiner.queue(exchange) if c.images and who.name not in c.examiners]
    gone = sum(not c.images for c in examiner.queue(exchange))
    return Listed({"rows": [(c, ori_of(exchange, c.tcn)) for c in waiting], "gone": gone})


def _rights(exchange: Core, _who: Principal, _row: Row, _reaches: Reaches) -> Listed:
    claims = [(c, ori_of(exchange, c.tcn)) for c in rights.open_claims(exchange)]
    with exchange.reading() as connection:
        complaints = register.rows(connection, only_open=True)
    due = [(d, ori_of(exchange, d.tcn)) for d in owed.owed(exchange, "rights") if len(d.agency) == 9]
    return Listed({"rows": claims, "complaints": complaints, "due": due})


def _audit(exchange: Core, _who: Principal, _row: Row, _reaches: Reaches) -> Listed:
    now = exchange.ledger.now()
    begin = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Listed({
        "month": begin.strftime(MONTH),
        "counts": reads.counts(exchange, begin),
        "glasses": reads.glasses(exchange)[:SHOWN],
        "looks": reads.trail(exchange, most=SHOWN),
    })  # fmt: skip


def _administrator(exchange: Core, _who: Principal, _row: Row, _reaches: Reaches) -> Listed:
    with exchange.reading() as connection:
        people = directory.principals(connection)
    accounts = Accounts(exchange)
    rows = [(p, accounts.state(p.name)) for p in people]
    return Listed({"rows": rows, "roles": acts().roles})


_LISTS: dict[str, Callable[[Core, Principal, Row, Reaches], Listed]] = {
    "jail": _jail, "center": _center, "booking": _booking, "bureau": _bureau, "examiner": _examiner, "rights": _rights,
    "audit": _audit, "administrator": _administrator,
}  # fmt: skip


def _cards(exchange: Core, is_shown: Callable[[Any], bool]) -> Sequence[Any]:
    """Cards, the newest first."""
    column = SUBMISSION.c
    columns = (column.stream, column.tcn, column.submitting_ori, column.controlling_ori, column.accepted)
    with exchange.reading() as connection:
        found = connection.execute(select(*columns)).all()
    return [r for r in reversed(found) if is_shown(r)]


def ori_of(exchange: Core, tcn: str) -> str:
    """The bureau that sent a card; empty when two used the same number, or none did."""
    try:
        return exchange.stream_of(tcn).split("/")[1]
    except ExchangeError:
        return ""
