"""I13: a server by itself: exactly one of several does the background work; it says how it fares, and names nobody."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from tests.exchange.people import AGENCY, card, extract

from tenprint.accounts import machines
from tenprint.cases.card.commands import AcceptSubmission, RecordReleaseEligible
from tenprint.doors.api import door_app
from tenprint.doors.keeper import Keeper, Work
from tenprint.doors.leases import Leases
from tenprint.doors.running import Running
from tenprint.exchange import Exchange, audit, views
from tenprint.ledger import LedgerError

TCN = "NEW-0000001"
NOON = datetime(2012, 11, 5, 18, tzinfo=UTC)


class Clock:
    """Seconds since 1970, as a test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_of_two_servers_one_has_a_lease_and_the_other_takes_over_when_it_dies(exchange: Exchange) -> None:
    clock = Clock()
    one, two = Leases(exchange.ledger, clock), Leases(exchange.ledger, clock)
    assert one.take("watch", 60)
    assert not two.take("watch", 60)
    assert two.take("outbox", 60)
    clock.now += 59
    assert one.take("watch", 60)
    clock.now += 59
    assert not two.take("watch", 60)
    clock.now += 2
    assert two.take("watch", 60)
    assert not one.take("watch", 60)
    two.give_back()
    assert one.take("watch", 60)
    assert not audit.audit(exchange.ledger)[0]


def test_each_piece_of_work_is_done_by_exactly_one_of_three_servers(exchange: Exchange) -> None:
    clock, done = Clock(), []
    keepers = [
        Keeper(exchange, (Work("watch", 60, lambda _, n=n: done.append((n, clock.now))),), clock) for n in range(3)
    ]
    for _ in range(600):
        clock.now += 1
        for keeper in keepers if clock.now < 1300 else keepers[1:]:  # the first one dies
            keeper.round()
    moments = [at for _, at in done]
    assert len(moments) == len(set(moments)), "never two at once"
    assert {n for n, at in done if at > 1420} <= {1, 2}
    assert max(b - a for a, b in itertools.pairwise(moments)) <= 180, "the others took over"
    assert not keepers[1].late()
    assert keepers[0].late() == ["watch"]


def test_the_watch_of_a_server_opens_what_nobody_saw(exchange: Exchange, tmp_path: Path) -> None:
    exchange.submit(card(1, TCN), exchange.act("ben", AcceptSubmission, NOON), tmp_path / "out")
    at = NOON + timedelta(days=1)
    free = RecordReleaseEligible(at=at, reason="bond_posted", document="receipt 1")
    exchange.do(TCN, free, exchange.act("jane", RecordReleaseEligible, at))
    exchange.add_principal("later", "jail", AGENCY, exchange.act("ada", "register", NOON + timedelta(days=3)))
    assert not exchange.case(TCN).open_incidents
    keeper = Keeper(exchange)
    keeper.round()
    assert exchange.case(TCN).open_incidents
    assert [s.failures for s in keeper.standing.values()] == [0, 0, 0]
    assert {s.name for s in keeper.standing.values() if s.succeeded} == {"outbox", "watch", "resume"}
    size = exchange.ledger.size()
    Keeper(exchange).round()
    assert exchange.ledger.size() == size


def test_a_failing_round_is_counted_by_its_kind_tried_again_and_late_in_the_end(exchange: Exchange) -> None:
    clock = Clock()

    def fails(_: Exchange) -> None:
        raise LedgerError("SAMPLE,PAT cannot be written")

    keeper = Keeper(exchange, (Work("watch", 60, fails),), clock)
    for _ in range(4):
        clock.now += 61
        keeper.round()
    stands = keeper.standing["watch"]
    assert (stands.failures, stands.trouble) == (4, "LedgerError")
    client = TestClient(Running(exchange, keeper, {"/": PlainTextResponse("x")}))
    assert (client.get("/health").status_code, client.get("/health").text) == (503, "late: watch\n")
    assert "SAMPLE" not in client.get("/metrics").text


def test_metrics_and_the_log_count_and_name_nobody(exchange: Exchange) -> None:
    lines: list[str] = []
    key = machines.issue(exchange, "scan", exchange.act("ada", "register"))
    parts = {"/api/": door_app(exchange), "/": PlainTextResponse("desk")}
    client = TestClient(Running(exchange, Keeper(exchange), parts, lines.append))
    headers = {"Authorization": f"Bearer {key}"}
    assert client.post("/api/v1/cards", content=card(1, TCN), headers=headers).status_code == 201
    assert client.post("/api/v1/cards", content=card(2, "NEW-0000002", NAM=None), headers=headers).status_code == 422
    client.get(f"/api/v1/cards/TXSIB0000/{TCN}", headers=headers)
    client.get(f"/jail/TXSIB0000/{TCN}?name=SAMPLE")
    assert client.get("/health").text == "ok\n"
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    values = dict(re.findall(r"^(\w+(?:\{[^}]*\})?) (\S+)$", told.text, re.MULTILINE))
    assert values['tenprint_cards_total{accepted="true"}'] == "1"
    assert values['tenprint_cards_total{accepted="false"}'] == "1"
    assert values['tenprint_requests_total{part="/api/",status="201"}'] == "1"
    assert values["tenprint_looks_total"] == "1"
    assert values["tenprint_ledger_entries_total"] == str(exchange.ledger.size())
    log = [json.loads(line) for line in lines]
    assert {"at", "part", "method", "status", "ms"} == set().union(*log)
    for text in (told.text, "\n".join(lines)):
        for word in ("SAMPLE", TCN, "scan", "TXSIB", "jane", "127.0.0.1", "testclient"):
            assert word not in text
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert client.get("/metrics", headers={header: "10.0.0.1"}).status_code == 404
    assert TestClient(Running(exchange, None, parts), client=("10.0.0.1", 1)).get("/metrics").status_code == 404


def test_a_crash_of_ours_is_logged_by_its_kind_and_never_by_its_words(exchange: Exchange) -> None:
    lines: list[str] = []

    async def broken(*_: Any) -> None:
        raise ValueError("SAMPLE,PAT")

    answer = TestClient(Running(exchange, None, {"/": broken}, lines.append)).get("/jail")
    assert answer.status_code == 500
    assert "SAMPLE" not in answer.text + "".join(lines)
    assert json.loads(lines[0])["trouble"] == "ValueError"


@pytest.mark.skipif(os.name != "posix", reason="ends the process by a signal")
def test_serve_watches_by_itself_says_its_health_and_takes_a_card_of_a_machine(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    with Exchange.create(db, "ada", names_unchecked=True, extract=extract) as made:
        act = made.act("ada", "register")
        made.add_principal("scan", "booking", AGENCY, act)
        key = machines.issue(made, "scan", act)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    main = "from tenprint.cli.app import main; main()"
    words = [sys.executable, "-c", main, "serve", "--db", str(db), "--port", str(port), "--log"]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        root = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                assert urllib.request.urlopen(f"{root}/health", timeout=5).read() == b"ok\n"
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        ask = urllib.request.Request(f"{root}/api/v1/cards", data=card(1, TCN, NAM=None))
        ask.add_header("Authorization", f"Bearer {key}")
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(ask, timeout=60)
        assert told.value.code == 422
        metrics = ""
        for _ in range(100):
            metrics = urllib.request.urlopen(f"{root}/metrics", timeout=5).read().decode()
            if re.search(r'work_done_seconds\{work="watch"\} [1-9]', metrics):
                break
            time.sleep(0.1)
        assert re.search(r'work_done_seconds\{work="watch"\} [1-9]', metrics)
        assert 'tenprint_cards_total{accepted="false"} 1' in metrics
        assert b"Sign in" in urllib.request.urlopen(f"{root}/sign-in", timeout=5).read()
    finally:
        running.send_signal(signal.SIGINT)
        _, log = running.communicate(timeout=40)
    statuses = [json.loads(line)["status"] for line in log.splitlines() if line.startswith("{")]
    assert {200, 422} <= set(statuses)
    assert TCN not in log
    with Exchange.open(db) as made:
        assert views.status(made, TCN).result.accepted is False
        assert not audit.audit(made.ledger)[0]
