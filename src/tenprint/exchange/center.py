"""The support center: people there answer status queries (IAQ) in their own name, with their sources (IAR)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection

from tenprint.cases import Case
from tenprint.cases.commands import Command, DetermineStatus, RecordResponse
from tenprint.cases.events import Event, QuerySent, ResponseSent, StatusDetermined
from tenprint.cases.facts import CITIZENS
from tenprint.exchange import answers, bureau, docket
from tenprint.exchange.cards import read_card
from tenprint.exchange.errors import ExchangeError
from tenprint.ledger import Act

if TYPE_CHECKING:
    from tenprint.exchange.exchange import Exchange


class OpenQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query that nobody has answered."""

    tcn: str
    agency: str
    origin: str
    identity: str | None
    sent_at: datetime | None


def queue(exchange: Exchange) -> list[OpenQuery]:
    """Queries without an answer, oldest first."""
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    found = [
        OpenQuery(
            tcn=case.submission.tcn,
            agency=case.submission.controlling_ori,
            origin=query.origin,
            identity=query.identity,
            sent_at=query.sent_at,
        )
        for case in (exchange.load(s).case for s in streams)
        if case.submission and case.determination is None and (query := _first(case))
    ]
    return sorted(found, key=lambda q: (q.sent_at is None, str(q.sent_at)))


def _first(case: Case) -> QuerySent | None:
    return case.queries[0] if case.queries else None


def answer(
    exchange: Exchange, tcn: str, command: DetermineStatus, act: Act, *, ori: str | None = None
) -> tuple[tuple[Event, ...], bureau.Answer]:
    """Answer a query: the determination and the IAR that tells it, in one transaction.

    Args:
        exchange: Where.
        tcn: The case.
        command: Status, confidence, sources.
        act: Who at the center, and when.
        ori: Submitting agency, when two used the same control number.

    Returns:
        What happened, and the IAR.

    Raises:
        Refusal: when the case refuses.
    """
    exchange.vouch(act)
    stream = exchange.stream_of(tcn, ori)
    made: list[bureau.Answer] = []

    def commands(case: Case) -> list[Command]:
        made[:] = [_iar(exchange, case, command, act)]
        with exchange.reading() as connection:
            card = case.submission
            relayed, note = answers.relay(connection, card.controlling_ori if card else "")
        told = made[0]
        sent = ResponseSent(
            response=told.kind, tcn=told.tcn, tcr=told.tcr, body=told.digest, relayed=relayed, note=note
        )
        return [command, RecordResponse(response=sent)]

    def keep(connection: Connection) -> None:
        bureau.keep_answer(connection, made[0])

    events = exchange.change(stream, commands, act, also=keep)
    return events, made[0]


def _iar(exchange: Exchange, case: Case, command: DetermineStatus, act: Act) -> bureau.Answer:
    if case.submission is None:
        raise ExchangeError("no card was accepted in this case: there is nobody to answer about")
    with exchange.reading() as connection:
        card = read_card(bureau.card_content(connection, case.submission.card))
    determined = StatusDetermined(
        version=len(case.determinations) + 1,
        status=command.status,
        confidence=command.confidence,
        sources=command.sources,
        citizenship_indicator=command.citizenship_indicator or command.status in CITIZENS,
    )
    return answers.status_response(card, determined, act.occurred_at)
