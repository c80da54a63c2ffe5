"""kill -9 at 200 random points of enrolments: what was acknowledged is found by a search, nothing half enrolled is.

A warm process forks a clerk who enrols one card after another, the last unanswered one again, and is killed at a
random moment. Every third card is a further encounter of somebody enrolled before.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from tests.exchange.people import AGENCY, BUREAU, FIELDS, NOON, raw_record

from tenprint.exchange import Exchange
from tenprint.exchange.cards import probe, read_card
from tenprint.exchange.criminal import ENROLMENT, PRINT
from tenprint.finger import Template
from tenprint.itl import build
from tenprint.itl.names import number

KILLS, DATABASES = 200, 4
CARDS = 400
FINGERS = (1, 2, 7)
"""Three rows of prints an enrolment: a part of them would show."""
AGAIN = 3
READY = b"ready"
AT_ONCE, MUTE = 0.1, 0.1
"""Shares of kills that do not wait until the clerk is ready, and that hit between a commit and its acknowledgement."""

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


def person(n: int) -> int:
    """Who is on card ``n``: somebody new, or the one of two cards before."""
    return n - 2 if n % AGAIN == AGAIN - 1 else n


def card(n: int) -> bytes:
    """Card ``n``: every image names its finger by four pixels."""
    records = []
    for idc, position in enumerate(FINGERS, start=1):
        pixels = np.full((8, 8), 128, np.uint8)
        pixels[0, :3] = (person(n) // 256, person(n) % 256, position)
        records.append((14, idc, raw_record(idc, position, pixels)))
    second = {number(2, name): value for name, value in {**FIELDS, "CRI": AGENCY}.items()}
    return build.compose({4: "CAR", 7: BUREAU, 8: BUREAU, 9: f"ENROL-{n:06d}"}, second, records, when=NOON).to_bytes()


def extract(pixels: NDArray[np.uint8], _ppi: float) -> Template:
    """The finger that the pixels name: always the same minutiae, alike to nobody else's."""
    generator = np.random.default_rng(pixels[0, :3].tolist())
    return Template.make(generator.uniform((20, 20, 0, 0.5), (280, 330, 6.28, 1), (24, 4)), width=300, height=350)


@pytest.fixture(scope="module")
def cards() -> list[bytes]:
    return [card(n) for n in range(CARDS)]


def clerk(db: str, cards: list[bytes], start: int, report: int, *, mute: bool) -> None:
    """Enrol until killed; every card is reported when it was acknowledged. A mute clerk dies just before that."""
    with Exchange.open(db, extract=extract) as exchange:
        act = exchange.act("ada", "enrol")
        with exchange.reading() as connection:  # the gallery is read now, so that kills hit enrolments, not this
            exchange.criminal.search(connection, probe(read_card(cards[0]), extract))
        os.write(report, READY)
        for n in range(start, len(cards)):
            result = exchange.enrol("criminal", cards[n], act)
            if mute:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(report, n.to_bytes(4, "little") + bytes([result.new]))


def fork_clerk(db: str, cards: list[bytes], start: int, *, mute: bool) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            clerk(db, cards, start, writing, mute=mute)
        finally:
            os._exit(9)
    os.close(writing)
    return child, reading


def stored(connection: Connection) -> tuple[dict[str, tuple[str, int]], dict[tuple[str, int], list[int]]]:
    """What the tables hold: identity and encounter by card, finger positions by identity and encounter."""
    taken = {r.card: (r.identity, r.encounter) for r in connection.execute(select(ENROLMENT))}
    prints: dict[tuple[str, int], list[int]] = {}
    for r in connection.execute(select(PRINT).order_by(PRINT.c.position)):
        prints.setdefault((r.identity, r.encounter), []).append(r.position)
    return taken, prints


def check(db: str, cards: list[bytes], acknowledged: set[int]) -> tuple[int, int]:
    """What the database holds after the kills against what was acknowledged: enrolled cards, and searches made."""
    with Exchange.open(db, extract=extract) as exchange, exchange.reading() as connection:
        assert exchange.ledger.verify() == []
        taken, prints = stored(connection)
        digests = [hashlib.sha256(each).hexdigest() for each in cards]
        enrolled = {n for n, digest in enumerate(digests) if digest in taken}
        assert enrolled == set(range(len(taken))), "a card that was never handed in, or one was passed over"
        assert acknowledged <= enrolled
        assert len(enrolled - acknowledged) <= 1, "at most the card in hand may wait for its acknowledgement"
        events = Counter(e.data["card"] for e in exchange.ledger.read() if e.kind == "identity.enrolled")
        assert events == Counter(taken.keys()), "an event without its prints, prints without an event, or done twice"
        assert prints == {where: sorted(FINGERS) for where in taken.values()}
        identities: dict[int, str] = {}
        for n in range(len(taken) + 2 * AGAIN):
            found = exchange.criminal.search(connection, probe(read_card(cards[n]), extract))
            known = any(person(n) == person(m) for m in enrolled)
            assert found.hit == known, f"card {n}: {found}"
            if n in enrolled:
                identity, encounter = taken[digests[n]]
                assert found.identity == identity == identities.setdefault(person(n), identity)
                assert encounter == 1 + (person(n) != n)
        assert len(set(identities.values())) == len(identities)
        return len(taken), len(taken) + 2 * AGAIN


def test_what_was_acknowledged_is_found_and_nothing_else(
    folder: Path, cards: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    randomly = random.Random(20090616)
    left_at: Counter[str] = Counter()
    sums = Counter[str]()
    for k in range(DATABASES):
        db = str(folder / f"{k}.db")
        with Exchange.create(db, "ada", names_unchecked=True, extract=extract) as exchange:
            act = exchange.act("ada", "enrol")
            for n in range(4):  # everything is warm at the last
                began = time.monotonic()
                exchange.enrol("criminal", cards[n], act)
            span = min(0.15, 3 * (time.monotonic() - began))
        acknowledged, again, following = set(range(4)), 0, 4
        for _ in range(KILLS // DATABASES):
            kind = randomly.random()
            child, reading = fork_clerk(db, cards, following, mute=kind > 1 - MUTE)
            told = b"" if kind < AT_ONCE else os.read(reading, len(READY))
            if kind <= 1 - MUTE:
                time.sleep(randomly.uniform(0.0, span))
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            with os.fdopen(reading, "rb") as pipe:
                told = (told + pipe.read()).removeprefix(READY)
            for at in range(0, len(told) // 5 * 5, 5):
                acknowledged.add(int.from_bytes(told[at : at + 4], "little"))
                again += not told[at + 4]
            following = max(acknowledged) + 1
            left_at["kills before an acknowledgement" if not told else "kills after some"] += 1
        total, searches = check(db, cards, acknowledged)
        figures = {"cards enrolled": total, "acknowledged": len(acknowledged), "acknowledged at the second try": again}
        sums.update({**figures, "left without acknowledgement": total - len(acknowledged), "searches": searches})
    assert sums["acknowledged at the second try"], "no kill hit between a commit and its acknowledgement"
    assert min(left_at.values()) >= 10, f"the kills hit too few different points: {left_at}"
    with capsys.disabled():
        counts = ", ".join(f"{count} {what}" for what, count in [*sums.items(), *left_at.items()])
        print(f"\n{KILLS} kills of enrolments: {counts}")
