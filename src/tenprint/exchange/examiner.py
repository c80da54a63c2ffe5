"""The examiner's queue: close calls of both systems that wait for a human comparison, and what examiners conclude.

Nothing here finds anybody: a conclusion stands beside the case, whatever it says.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from tenprint.cases import Case
from tenprint.cases.card.commands import Examine
from tenprint.cases.card.events import CriminalSearched, Event, ImmigrationSearched, System
from tenprint.cases.card.examination import close_calls
from tenprint.cases.card.values import Standing
from tenprint.cases.card.words import STANDS
from tenprint.exchange import archive
from tenprint.exchange.core import Core
from tenprint.exchange.schema import CLOSE_CALL
from tenprint.ledger import Act


class OpenCloseCall(msgspec.Struct, frozen=True, kw_only=True):
    """A close call that waits for an examiner. No match."""

    tcn: str
    agency: str
    system: System
    since: datetime
    """When the search was made, on the clock of the booking agency."""
    score: float | None
    threshold: float
    fingers: int
    compared: int
    """People in the searched gallery; 0 where it was not kept."""
    meaning: str
    """How rare the score is among different people, in words."""
    candidate: str | None
    """Whom to compare with."""
    standing: Standing
    examiners: tuple[str, ...]
    """Who has concluded already: the next one has to be somebody else."""
    images: bool
    """Whether the card is still here; without it nobody can compare."""


def queue(exchange: Core) -> list[OpenCloseCall]:
    """Close calls that wait for an examiner, oldest first."""
    column = CLOSE_CALL.c
    with exchange.reading() as connection:
        waiting = connection.execute(select(column.stream, column.system, column.seq).order_by(column.seq)).all()
    found = []
    for row in waiting:
        case = exchange.load(row.stream).case
        call = next(c for c in close_calls(case) if c.system == row.system)
        when = next(e.occurred_at for e in exchange.ledger.stream(row.stream) if e.seq == row.seq)
        card = case.submission
        with exchange.reading() as connection:
            here = card is not None and archive.has_card(connection, card.card)
        found.append(
            OpenCloseCall(
                tcn=card.tcn if card else "",
                agency=card.controlling_ori if card else "",
                system=call.system,
                since=when.astimezone(ZoneInfo(exchange.zone(case) or "UTC")),
                score=call.search.score,
                threshold=call.search.threshold,
                fingers=call.search.fingers,
                compared=call.search.compared,
                meaning=call.search.meaning,
                candidate=call.search.candidate,
                standing=call.standing,
                examiners=tuple(e.examiner for e in call.conclusions),
                images=here,
            )
        )
    return found


def conclude(exchange: Core, tcn: str, command: Examine, act: Act, *, ori: str | None = None) -> tuple[Event, ...]:
    """Record an examiner's conclusion. A card that was kept for the examiner alone (RET=N) goes with the last one.

    Raises:
        Refusal: when the case refuses.
        NotAllowedError: when the actor is not registered as an examiner.
        UnknownError: when there is no such submission.
    """
    exchange.vouch(act)
    stream = exchange.stream_of(tcn, ori)
    events = exchange.change(stream, lambda _: [command], act)
    case = exchange.load(stream).case
    card = case.submission
    unanswered = bool(case.queries) and case.determination is None
    if card is not None and not card.retain and case.closed is not None and not (waits(case) or unanswered):
        with exchange.ledger.transaction() as tx:
            archive.drop_card(tx.connection, card.card)
    return events


def waits(case: Case) -> bool:
    """Whether an examiner is waited for in a case: its card is needed until then."""
    return any(call.is_open for call in close_calls(case))


def scored(system: System, search: CriminalSearched | ImmigrationSearched | None) -> list[str]:
    """What the score of a search means, in a sentence; none where nothing was compared or the words were not kept."""
    if search is None or search.score is None or not search.meaning:
        return []
    fingers = "1 finger" if search.fingers == 1 else f"{search.fingers} fingers"
    return [f"Best score of the {system} search {search.score:.3f} with {fingers}: {search.meaning}."]


def scores(case: Case) -> tuple[str, ...]:
    """What the scores of a case mean, and what examiners concluded, a sentence each: for the center and the office."""
    said = [*scored("criminal", case.criminal), *scored("immigration", case.immigration)]
    for call in close_calls(case):
        whom = f" with {call.search.candidate}" if call.search.candidate else ""
        said.append(f"{call.system.capitalize()} search: a close call{whom}, no match; {STANDS[call.standing]}.")
    return tuple(said)
