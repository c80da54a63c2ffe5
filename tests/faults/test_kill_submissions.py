"""kill -9 at 200 random points of submissions: no accepted card is lost, done twice or left without its answer.

A warm process forks a desk that submits one card after another, its last unanswered one again, and is killed at a
random moment. The next desk finishes first what a crash left over, as the command `submit` does.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.exchange.people import AGENCY, NOON, card, extract

from tenprint import itl
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Exchange
from tenprint.exchange.schema import ENCOUNTER

KILLS = 200
PEOPLE = 24
ROAD = (
    "submission.accepted",
    "criminal.searched",
    "response.sent",
    "gate.decided",
    "immigration.searched",
    "response.sent",
)
ENDS = {True: ("query.sent", "submission.closed"), False: ("submission.closed",)}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a killed process loses no page either way, and 200 kills go faster."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="tenprint-", dir=memory) as made:
        yield Path(made)


def person(number: int) -> int:
    return number % PEOPLE + 1


def tcn(number: int) -> str:
    return f"KILL-{number:07d}"


@pytest.fixture(scope="module")
def cards() -> list[bytes]:
    """Cards of people of whom every third has an old immigration encounter and every fourth a criminal record."""
    return [card(person(n), tcn(n), fingers=(1, 2)) for n in range(PEOPLE * 40)]


def desk(db: str, cards: list[bytes], start: int, report: int) -> None:
    """Submit until killed; every card is reported when it was answered."""
    with Exchange.open(db, extract=extract) as exchange:
        exchange.resume()
        act = exchange.act("ben", AcceptSubmission, NOON)
        for number in range(start, len(cards)):
            result = exchange.submit(cards[number], act)
            assert result.accepted
            os.write(report, number.to_bytes(4, "little"))


def fork_desk(db: str, cards: list[bytes], start: int) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            desk(db, cards, start, writing)
        finally:
            os._exit(9)
    os.close(writing)
    return child, reading


def test_nothing_is_lost_and_nothing_is_done_twice(
    folder: Path, cards: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    db = str(folder / "x.db")
    founded = datetime(2012, 1, 1, tzinfo=UTC)
    with Exchange.create(db, "ada", simulated_from=founded, extract=extract) as exchange:
        exchange.add_principal("ben", "booking", AGENCY, exchange.act("ada", "register"))
        enrol = exchange.act("ada", "enrol")
        known = {
            "immigration": {p: exchange.enrol("immigration", card(p, f"OLD-I-{p:06d}"), enrol).identity
                            for p in range(1, PEOPLE + 1) if p % 3 == 0},
            "criminal": {p: exchange.enrol("criminal", card(p, f"OLD-C-{p:06d}"), enrol).identity
                         for p in range(1, PEOPLE + 1) if p % 4 == 0},
        }  # fmt: skip
        submit = exchange.act("ben", AcceptSubmission, NOON)
        exchange.submit(cards[0], submit)  # everything is warm now
        began = time.monotonic()
        exchange.submit(cards[1], submit)
        span = min(0.6, 3 * (time.monotonic() - began))
    randomly = random.Random(20121109)
    answered, next_card, left_at = {0, 1}, 2, Counter()
    for _ in range(KILLS):
        child, reading = fork_desk(db, cards, next_card)
        time.sleep(randomly.uniform(0.0, span))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        done = [int.from_bytes(told[i : i + 4], "little") for i in range(0, len(told) - len(told) % 4, 4)]
        answered.update(done)
        next_card = max(answered) + 1
        with Exchange.open(db, extract=extract) as exchange:
            entries = exchange.ledger.stream(f"case/TXSIB0000/{tcn(next_card)}")
        left_at[f"{len(entries)} {entries[-1].kind}" if entries else "0 nothing recorded"] += 1

    with Exchange.open(db, extract=extract) as exchange:
        exchange.resume()
        assert exchange.resume() == []
        assert exchange.ledger.verify() == []
        taken = {e.data["tcn"]: e for e in exchange.ledger.read() if e.kind == "submission.accepted"}
        assert {tcn(n) for n in answered} <= set(taken)
        matched = set()
        for number in range(len(taken)):
            p = person(number)
            case = exchange.case(tcn(number))
            kinds = tuple(e.kind for e in exchange.ledger.stream(exchange.stream_of(tcn(number))))
            again = ("custody.joined",) if number >= PEOPLE else ()  # the person is still there from an earlier card
            assert kinds == (*ROAD[:3], *again, *ROAD[3:], *ENDS[p % 3 == 0]), f"{tcn(number)}: {kinds}"
            assert case.criminal.identity == known["criminal"].get(p)
            with exchange.reading() as connection:
                known["criminal"].setdefault(p, exchange.criminal.existing(connection, case.submission.card).identity)
            assert case.immigration.identity == known["immigration"].get(p)
            assert [r.response for r in case.responses] == ["SRE", "IDR"]
            for response in case.responses:
                assert itl.read(exchange.answer(response.body)).get("1.010") == tcn(number)
            if p % 3 == 0:
                matched.add((known["immigration"][p], tcn(number)))
        with exchange.reading() as connection:
            encounters = [(r.identity, r.tcn) for r in connection.execute(select(ENCOUNTER))]
        assert len(encounters) == len(set(encounters))
        assert set(encounters) == matched
    assert len(left_at) >= 5, f"the kills hit too few different points: {left_at}"
    with capsys.disabled():
        print(
            f"\n{KILLS} kills, {len(taken)} cards accepted, {len(answered)} acknowledged; the card in hand was left at:"
        )
        for point, times in sorted(left_at.items()):
            print(f"  {times:4d}  after {point}")
