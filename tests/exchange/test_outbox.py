"""Answers leave by the outbox: whole or not at all, acknowledged, retried, listed; after a crash every one arrives."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.custody.county import County, founded
from tests.exchange.people import AGENCY, NOON, card, extract

from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Exchange, outbox
from tenprint.exchange.results import result_of

KILLS = int(os.environ.get("TENPRINT_KILLS", "12"))


def recorded(exchange: Exchange) -> dict[str, bytes]:
    """Every answer that the ledger says was sent, by the name that its file should have."""
    found = {}
    for stream in sorted({e.stream for e in exchange.ledger.read() if e.kind == "response.sent"}):
        told = result_of(exchange.load(stream).case)
        found |= {outbox.file_name(told.tcn, a.kind, a.tcn): exchange.answer(a.digest) for a in told.answers}
    return found


def there(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir()} if folder.exists() else {}


def test_t09_after_kill_9_at_any_point_every_answer_reaches_its_folder_exactly_as_recorded(tmp_path: Path) -> None:
    db, folder = str(tmp_path / "x.db"), tmp_path / "answers"
    cards = [card(n % 12 + 1, f"OUT-{n:07d}", fingers=(1, 2)) for n in range(24 * KILLS)]
    with Exchange.create(db, "ada", simulated_from=datetime(2012, 1, 1, tzinfo=UTC), extract=extract) as exchange:
        exchange.add_principal("ben", "booking", AGENCY, exchange.act("ada", "register"))
        for person in (3, 6, 9, 12):
            exchange.enrol("immigration", card(person, f"OLD-{person:06d}"), exchange.act("ada", "enrol"))
        exchange.submit(cards[0], exchange.act("ben", AcceptSubmission, NOON), folder)
        began = time.monotonic()
        exchange.submit(cards[1], exchange.act("ben", AcceptSubmission, NOON), folder)
        span = min(0.5, 3 * (time.monotonic() - began))
    dice, late = random.Random(9), 0
    for turn in range(4 * KILLS):
        if late and turn >= KILLS:  # a slow machine is killed before it did anything: then more turns
            break
        child = os.fork()
        if child == 0:
            try:
                with Exchange.open(db, extract=extract) as exchange:
                    act = exchange.act("ben", AcceptSubmission, NOON)
                    for content in cards[6 * turn : 6 * turn + 6]:
                        exchange.submit(content, act, folder)
            finally:
                os._exit(0)
        time.sleep(dice.uniform(0, span))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with Exchange.open(db, extract=extract) as exchange:
            late += recorded(exchange) != there(folder)
            exchange.resume()
            assert recorded(exchange) == there(folder), f"after kill {turn}"
            assert outbox.due(exchange) == []
    assert late, "no kill left an answer on its way: the test sees nothing"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    founded(tmp_path, monkeypatch)
    return County(tmp_path, monkeypatch)


def test_t09_what_cannot_be_written_is_listed_and_tried_again(county: County, tmp_path: Path) -> None:
    blocked = tmp_path / "answers"
    blocked.write_text("a file where a folder should be")
    file = county.card(1, "OUTBOX0001", "2013-02-01")
    county.run(f"submit {file} --as ben --at 2013-02-01T10:00 --answers {blocked}")
    listed = json.loads(county.run("outbox --json", 1))
    assert {(a["tcn"], a["kind"]) for a in listed} >= {("OUTBOX0001", "SRE")}
    assert all("cannot be written into" in a["trouble"] and a["attempts"] == 1 for a in listed)
    county.run("resume", 1)
    assert {a["attempts"] for a in json.loads(county.run("outbox --json", 1))} == {2}
    blocked.unlink()
    county.run("resume")
    assert "every answer that has an address has arrived" in county.run("outbox")
    assert {f.name for f in blocked.iterdir()} == {outbox.file_name("OUTBOX0001", a["kind"], "") for a in listed}, (
        "the answers, and nothing half written"
    )
    assert {f.stat().st_mode & 0o777 for f in blocked.iterdir()} == {0o600}


def test_t09_the_same_card_again_brings_its_answers_to_another_folder(county: County, tmp_path: Path) -> None:
    file = county.card(1, "OUTBOX0002", "2013-02-01")
    county.run(f"submit {file} --as ben --at 2013-02-01T10:00")
    assert "every answer" in county.run("outbox"), "without a folder nothing is owed to one"
    for name in ("one", "two"):
        county.run(f"submit {file} --as ben --at 2013-02-01T11:00 --answers {tmp_path / name}")
    assert there(tmp_path / "one") == there(tmp_path / "two") != {}


def test_t09_the_answer_of_the_center_leaves_by_the_outbox_too(county: County, tmp_path: Path) -> None:
    county.run(f"submit {county.card(1, 'OUTBOX0003', '2013-02-01')} --as ben --at 2013-02-01T10:00")
    line = "center answer OUTBOX0003 --status NO_RECORD --confidence low --source 'index:high:none' --as lea"
    blocked = tmp_path / "iar"
    blocked.write_text("in the way")
    county.run(f"{line} --at 2013-02-01T11:00 --answers {blocked}")
    assert [a["kind"] for a in json.loads(county.run("outbox --json", 1))] == ["IAR"]
    blocked.unlink()
    county.run("resume")
    assert [f.name.split(".")[1] for f in blocked.iterdir()] == ["IAR"]
