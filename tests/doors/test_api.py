"""I13: the HTTPS interface as a live-scan vendor's machine meets it: cards in, answers out, and what is refused."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient
from tests.exchange.people import card, extract

from tenprint import itl
from tenprint.accounts import AccountError, machines
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.doors import api
from tenprint.doors.api import door_app
from tenprint.exchange import Exchange, NotAllowedError, reads, views

TCN, ORI = "NEW-0000001", "TXSIB0000"
CARDS, THERE = "/api/v1/cards", f"/api/v1/cards/{ORI}/{TCN}"


class Machine:
    def __init__(self, app: Any, key: str = "") -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.client = TestClient(app, headers=headers, follow_redirects=False)

    def send(self, content: bytes, code: int) -> dict[str, Any]:
        answer = self.client.post(CARDS, content=content)
        assert answer.status_code == code, answer.text
        return answer.json()

    def get(self, path: str, code: int = 200) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == code, answer.text
        return answer


def test_a_card_goes_in_and_its_answers_come_out_and_again_is_the_same(
    exchange: Exchange, keys: dict[str, str]
) -> None:
    scan = Machine(door_app(exchange), keys["scan"])
    told = scan.send(card(1, TCN), 201)
    assert (told["tcn"], told["ori"], told["accepted"], told["resubmitted"]) == (TCN, ORI, True, False)
    size = exchange.ledger.size()
    again = scan.send(card(1, TCN), 200)
    assert again["resubmitted"]
    assert exchange.ledger.size() == size
    assert again["answers"] == told["answers"]
    shown = scan.get(told["status"]).json()
    assert {a["kind"] for a in shown["answers"]} >= {"SRE", "IDR"}
    for answer in shown["answers"]:
        got = scan.get(answer["address"])
        assert hashlib.sha256(got.content).hexdigest() == answer["sha256"]
        assert itl.read(got.content).get("1.004") == answer["kind"]
    (accepted,) = [line for line in views.history(exchange, TCN) if line.kind == "submission.accepted"]
    assert (accepted.actor, accepted.role) == ("scan", "booking")
    assert [(r.reader, r.page) for r in reads.trail(exchange, f"case/{ORI}/{TCN}")] == [("scan", "api")]


def test_a_rejected_card_says_why_and_has_its_errt(exchange: Exchange, keys: dict[str, str]) -> None:
    scan = Machine(door_app(exchange), keys["scan"])
    told = scan.send(card(1, TCN, NAM=None), 422)
    assert not told["accepted"]
    assert any("2.018" in line for line in told["messages"])
    assert [a["kind"] for a in told["answers"]] == ["ERRT"]
    other = scan.send(card(2, TCN), 422)
    assert any("used before" in line for line in other["messages"])


@pytest.mark.parametrize("content", [b"", b"junk", card(1, TCN)[:200], b"\x00" * 1000])
def test_what_is_no_card_is_refused_and_nothing_is_recorded(
    exchange: Exchange, keys: dict[str, str], content: bytes
) -> None:
    size = exchange.ledger.size()
    told = Machine(door_app(exchange), keys["scan"]).send(content, 400)
    assert told["detail"]
    assert exchange.ledger.size() == size


def test_without_a_key_that_counts_there_is_no_door(exchange: Exchange, keys: dict[str, str]) -> None:
    app, size = door_app(exchange), exchange.ledger.size()
    changed = keys["scan"][:-1] + ("a" if keys["scan"][-1] != "a" else "b")
    for key in ("", "scan.", "scan", ".", changed, keys["scan"].replace("scan", "bureau-tx"), "ada.x", "jane.x"):
        machine = Machine(app, key)
        machine.send(card(1, TCN), 401)
        assert machine.get(THERE, 401).headers["www-authenticate"] == "Bearer"
    basic = TestClient(app, headers={"Authorization": f"Basic {keys['scan']}"})
    assert basic.post(CARDS, content=card(1, TCN)).status_code == 401
    assert exchange.ledger.size() == size
    act = exchange.act("ada", "register") if exchange.ledger.names != "checked" else None
    renewed = machines.issue(exchange, "scan", act)
    Machine(app, keys["scan"]).send(card(1, TCN), 401)
    Machine(app, renewed).send(card(1, TCN), 201)
    machines.end(exchange, "scan", "sold", act)
    Machine(app, renewed).get(THERE, 401)
    exchange.end_role("bureau-tx", "bureau", "closed", act)
    Machine(app, keys["bureau-tx"]).get(THERE, 401)


def test_a_machine_hands_in_and_asks_for_cards_of_its_own_place_alone(exchange: Exchange, keys: dict[str, str]) -> None:
    app, size = door_app(exchange), exchange.ledger.size()
    for name in ("scan-ca", "bureau-ca"):
        told = Machine(app, keys[name]).send(card(1, TCN), 403)
        assert "not of" in told["detail"]
    assert exchange.ledger.size() == size
    bureau = Machine(app, keys["bureau-tx"])
    told = bureau.send(card(1, TCN), 201)
    unknown = Machine(app, keys["scan-ca"]).get("/api/v1/cards/TXSIB0000/NEW-7777777", 404).json()
    for name in ("scan-ca", "bureau-ca"):
        other = Machine(app, keys[name])
        assert other.get(THERE, 404).json() == unknown
        assert other.get(told["answers"][0]["address"], 404).json() == unknown
    Machine(app, keys["scan"]).get(THERE)
    bureau.get(f"{THERE}/answers/{'0' * 64}", 404)


def test_a_key_makes_nobody_who_decides(exchange: Exchange) -> None:
    act = exchange.act("ada", "register")
    for name in ("oscar", "jane", "ada", "nobody"):
        with pytest.raises(AccountError):
            machines.issue(exchange, name, act)
    exchange.add_principal("two", "booking", "TXSYN4530", act)
    key = machines.issue(exchange, "two", act)
    exchange.add_principal("two", "office", "ERO", act)
    assert machines.holder(exchange.ledger, key) is None


def test_who_has_to_wait_is_told_so_and_no_card_is_lost(
    exchange: Exchange, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    going, go, slow = threading.Semaphore(0), threading.Event(), exchange.submit

    def held(*words: Any, **more: Any) -> Any:
        going.release()
        assert go.wait(30)
        return slow(*words, **more)

    monkeypatch.setattr(exchange, "submit", held)
    monkeypatch.setattr(api, "AT_ONCE", 2)
    monkeypatch.setattr(api, "WAITING", 0)
    app, said = door_app(exchange), []
    threads = []
    for n in (1, 2):
        content = card(n, f"NEW-000000{n}")
        ask = threading.Thread(target=lambda c=content: said.append(Machine(app, keys["scan"]).send(c, 201)))
        ask.start()
        threads.append(ask)
    for _ in threads:
        assert going.acquire(timeout=30)
    third = card(3, "NEW-0000003")
    answer = Machine(app, keys["scan"]).client.post(CARDS, content=third)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "not taken in" in answer.json()["detail"]
    go.set()
    for thread in threads:
        thread.join(60)
    assert len(said) == 2
    Machine(app, keys["scan"]).send(third, 201)


def test_a_card_that_is_too_large_is_refused_before_it_has_come(
    exchange: Exchange, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "MOST", 1000)
    Machine(door_app(exchange), keys["scan"]).send(b"x" * 1001, 413)


def test_a_card_that_does_not_arrive_in_time_is_refused_and_nothing_taken_in(
    exchange: Exchange, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "ARRIVES", 0.2)
    size, came = exchange.ledger.size(), iter([card(1, TCN)[:500]])

    async def receive() -> dict[str, Any]:
        part = next(came, None)
        if part is None:
            await anyio.sleep(30)
        return {"type": "http.request", "body": part, "more_body": True}

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    key = f"Bearer {keys['scan']}".encode()
    scope = {"type": "http", "method": "POST", "path": CARDS, "raw_path": CARDS.encode(), "query_string": b"",
             "headers": [(b"authorization", key)], "client": ("10.0.0.1", 1), "root_path": ""}  # fmt: skip
    anyio.run(door_app(exchange), scope, receive, send)
    assert sent[0]["status"] == 408
    assert exchange.ledger.size() == size


def test_on_a_ledger_that_believes_no_name_a_key_is_who_acts(tmp_path: Path) -> None:
    with Exchange.create(tmp_path / "y.db", "ada", extract=extract) as made:
        made.present = lambda name: True
        act = made.act("ada", "register")
        made.add_principal("scan", "booking", "TXSYN4530", act)
        key = machines.issue(made, "scan", act)
        app = door_app(made)
        now = datetime.now(UTC)
        Machine(app, key).send(card(1, TCN), 201)
        with pytest.raises(NotAllowedError):
            made.submit(card(2, "NEW-0000002"), made.act("scan", AcceptSubmission, now))


def test_schemathesis_finds_nothing(exchange: Exchange, keys: dict[str, str]) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    app = door_app(exchange)
    Machine(app, keys["scan"]).send(card(1, TCN), 201)
    document = Machine(app).get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    assert len(document["paths"]) == 3
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=25, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            nonlocal tried
            tried += 1
            for key in (keys["scan"], "nobody.key"):
                # that bytes are a card cannot be said in a schema: junk is rightly a 400
                case.call_and_validate(
                    headers={"Authorization": f"Bearer {key}"}, excluded_checks=[positive_data_acceptance]
                )

        one()
    assert tried >= 30
