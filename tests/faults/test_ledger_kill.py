"""kill -9 at random points of append: nothing acknowledged is lost, nothing half written is read.

A warm process forks writers. Each writer reports every append on a pipe after it returned, and is killed at a random
moment: four of five after their first append (the statements are compiled, the file is warm), one of five while it
still opens the ledger. The parent then opens it and compares.
"""

from __future__ import annotations

import os
import random
import signal
import struct
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, update

from tenprint.ledger import Act, Ledger, NewEvent

KILLS = 200
BATCH = 3
ACT = Act("a", "r", "p", "x", datetime(2012, 1, 1, tzinfo=UTC))
table = Table("counted", MetaData(), Column("id", Integer, primary_key=True), Column("events", Integer))


class Counted:
    """A projection that must never disagree with the events."""

    name = "counted"
    tables = (table,)

    def apply(self, connection, entry) -> None:
        if not connection.execute(update(table).values(events=table.c.events + 1)).rowcount:
            connection.execute(insert(table).values(id=1, events=1))


def _write_until_killed(db: str, report: int) -> None:
    ledger = Ledger.open(db)
    ledger.register(Counted())
    version = ledger.version("s")
    while True:
        events = [NewEvent("k", {"version": version, "of": n}, {"n": n}, f"person-{version % 5}") for n in range(BATCH)]
        ledger.append("s", events, ACT, expected_version=version, idempotency_key=f"append-{version}")
        version += BATCH
        os.write(report, struct.pack("<q", version))


def _fork_writer(db: str) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _write_until_killed(db, writing)
        finally:
            os._exit(9)
    os.close(writing)
    return child, reading


def _acknowledged(told: bytes, reading: int) -> int | None:
    with os.fdopen(reading, "rb") as pipe:
        told += pipe.read()
    whole = len(told) - len(told) % 8
    return struct.unpack("<q", told[whole - 8 : whole])[0] if whole else None


@pytest.fixture
def folder(tmp_path):
    """A folder in memory where there is one: a killed process loses no page either way, and 200 kills go faster."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="tenprint-", dir=memory) as made:
        yield Path(made)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork: not checked on this system")
def test_nothing_acknowledged_is_lost_and_nothing_half_written_is_read(folder):
    db = str(folder / "x.db")
    Ledger.create(db, origin="x.example").close()
    chance = random.Random(1789)
    committed, kept, acknowledged = 0, [], 0
    for turn in range(KILLS):
        child, reading = _fork_writer(db)
        first = os.read(reading, 8) if turn % 5 else b""
        time.sleep(chance.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the writer stopped by itself"
        told = _acknowledged(first, reading)
        with Ledger.open(db) as ledger:
            version = ledger.version("s")
            assert version % BATCH == 0, "half an append is on the ledger"
            assert version >= committed
            assert told is None or version in (told, told + BATCH), "an acknowledged append was lost"
            acknowledged += 0 if told is None else (told - committed) // BATCH
            committed = version
            if turn % 20 == 19:
                ledger.register(Counted())
                assert ledger.verify(kept) == []
                kept.append(ledger.checkpoint())
                with ledger.engine.connect() as connection:
                    assert connection.scalar(select(table.c.events)) == ledger.size()
    with Ledger.open(db) as ledger:
        versions = [entry.data["version"] + entry.data["of"] for entry in ledger.stream("s")]
        assert versions == list(range(committed))
        assert ledger.verify(kept) == []
    assert acknowledged > KILLS / 2, "the writers were killed before they could write: this shows nothing"
    print(f"{KILLS} kills, {acknowledged} appends acknowledged, {committed // BATCH} on the ledger")
