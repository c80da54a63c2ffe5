"""The support center: status queries (IAQ) that wait, and people's answers to them, in their own name (IAR)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from tenprint.cases import Case
from tenprint.cases.card.commands import DetermineStatus, RecordResponse
from tenprint.cases.card.events import Event, ResponseSent, StatusDetermined, SubmissionAccepted
from tenprint.cases.card.facts import CITIZENS
from tenprint.cases.kernel.value import Command
from tenprint.exchange import answers, archive, directory, docket, examiner, outbox
from tenprint.exchange.cards import Card, read_card, remembered
from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError
from tenprint.ledger import Act


class OpenQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query that nobody has answered."""

    tcn: str
    agency: str
    origin: str
    identity: str | None
    sent_at: datetime | None
    """When it was asked, on the clock of the booking agency."""
    scores: tuple[str, ...] = ()
    """What the scores of the searches mean, a sentence each. A score says nothing about status."""


def queue(exchange: Core) -> list[OpenQuery]:
    """Queries without an answer, oldest first."""
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    found = [
        OpenQuery(
            tcn=case.submission.tcn,
            agency=case.submission.controlling_ori,
            origin=case.queries[0].origin,
            identity=case.queries[0].identity,
            sent_at=sent.astimezone(ZoneInfo(exchange.zone(case) or "UTC"))
            if (sent := case.queries[0].sent_at)
            else None,
            scores=examiner.scores(case),
        )
        for case in (exchange.load(stream).case for stream in streams)
        if case.submission and case.queries and case.determination is None
    ]
    return sorted(found, key=lambda q: (q.sent_at is None, q.sent_at))


def answer(
    exchange: Core, tcn: str, command: DetermineStatus, act: Act, *, ori: str | None = None, folder: Path | None = None
) -> tuple[tuple[Event, ...], answers.Answer]:
    """Answer a query: the determination and the IAR that tells it, in one transaction.

    Args:
        exchange: Where.
        tcn: The case.
        command: Status, confidence, sources.
        act: Who at the center, and when.
        ori: Submitting agency, when two used the same control number.
        folder: Where the IAR goes; it leaves by the outbox.

    Returns:
        What happened, and the IAR.

    Raises:
        Refusal: when the case refuses.
    """
    exchange.vouch(act)
    stream = exchange.stream_of(tcn, ori)
    made: list[answers.Answer] = []

    def commands(case: Case) -> list[Command]:
        made[:] = [_iar(exchange, case, command, act)]
        with exchange.reading() as connection:
            card = case.submission
            relayed, note = directory.relay(connection, card.controlling_ori if card else "")
        told = made[0]
        sent = ResponseSent(
            response=told.kind, tcn=told.tcn, tcr=told.tcr, body=told.digest, relayed=relayed, note=note
        )
        return [command, RecordResponse(response=sent)]

    def keep(connection: Connection) -> None:
        archive.keep_answer(connection, made[0])
        if folder is not None:
            outbox.address(connection, stream, folder, "IAR")
        card = exchange.load(stream).case.submission
        if card is not None and not card.retain and not examiner.waits(exchange.load(stream).case):
            archive.drop_card(connection, card.card)

    events = exchange.change(stream, commands, act, also=keep)
    outbox.deliver(exchange, stream)
    return events, made[0]


def _card(exchange: Core, taken: SubmissionAccepted) -> Card:
    """The card that an answer refers to: as it came, or what the case remembers of it when RET=N let the bytes go.

    Raises:
        ExchangeError: when it was expunged.
    """
    with exchange.reading() as connection:
        if archive.has_card(connection, taken.card):
            return read_card(archive.card_content(connection, taken.card))
    if taken.personal is None:
        raise ExchangeError(f"{taken.tcn} was expunged: there is nobody left to answer about")
    return remembered(taken)


def _iar(exchange: Core, case: Case, command: DetermineStatus, act: Act) -> answers.Answer:
    if case.submission is None:
        raise ExchangeError("no card was accepted in this case: there is nobody to answer about")
    card = _card(exchange, case.submission)
    determined = StatusDetermined(
        version=len(case.determinations) + 1,
        status=command.status,
        confidence=command.confidence,
        sources=command.sources,
        citizenship_indicator=command.citizenship_indicator or command.status in CITIZENS,
    )
    return answers.status_response(card, determined, act.occurred_at)
