"""Append: all or nothing, in order, under an expected version and an idempotency key. Run on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from tenprint.ledger import (
    Act,
    AlreadyDone,
    AlreadyExists,
    Busy,
    InvalidEvent,
    KeyReused,
    Ledger,
    LedgerError,
    NewEvent,
    NotALedger,
    VersionConflict,
)


def test_entries_come_back_as_they_were_appended(ledger, act):
    given = {
        "text": "ß\u2028 \U0001f600",
        "number": 7,
        "share": 0.1,
        "none": None,
        "list": [1, {"a": True}],
        "on": date(2012, 11, 9),
    }
    appended = ledger.append("case/1", [NewEvent("seen", given), NewEvent("kept", {})], act, expected_version=0)
    assert [entry.seq for entry in appended] == [2, 3]
    assert [entry.version for entry in appended] == [1, 2]
    assert appended[0].data == {**given, "on": "2012-11-09"}
    assert appended[0].occurred_at == act.occurred_at
    assert (appended[0].actor, appended[0].role, appended[0].purpose, appended[0].authority) == (
        "examiner.one", "examiner", "identify", "28 U.S.C. 534",
    )  # fmt: skip
    assert ledger.stream("case/1") == appended == list(ledger.read(after=1))
    assert ledger.version("case/1") == 2
    assert ledger.version("case/none") == 0
    assert ledger.verify() == []


def test_the_first_event_says_what_the_ledger_is(ledger):
    first = next(ledger.read())
    assert first.kind == "ledger.created"
    assert first.data["origin"] == "exchange.example.org"
    assert first.data["simulated"] is False
    assert first.data["key"] == str(ledger.verifier)


def test_a_wrong_version_is_refused_and_nothing_is_written(ledger, act):
    ledger.append("case/1", [NewEvent("a", {})], act, expected_version=0)
    with pytest.raises(VersionConflict, match="expected version 0, it is at 1") as refused:
        ledger.append("case/1", [NewEvent("b", {})], act, expected_version=0)
    assert (refused.value.expected, refused.value.actual) == (0, 1)
    with pytest.raises(VersionConflict):
        ledger.append("case/1", [NewEvent("b", {})], act, expected_version=2)
    assert ledger.size() == 2


def test_an_idempotency_key_appends_once_and_gives_the_first_entries_back(ledger, act):
    first = ledger.append(
        "case/1", [NewEvent("a", {}), NewEvent("b", {})], act, expected_version=0, idempotency_key="k"
    )
    with pytest.raises(AlreadyDone) as done:
        ledger.append("case/1", [NewEvent("a", {})], act, expected_version=0, idempotency_key="k")
    assert done.value.entries == first
    with pytest.raises(KeyReused, match="case/1"):
        ledger.append("case/2", [NewEvent("a", {})], act, expected_version=0, idempotency_key="k")
    assert ledger.size() == 3


def test_a_transaction_is_all_or_nothing_and_sees_itself(ledger, act):
    with pytest.raises(VersionConflict), ledger.transaction() as tx:  # noqa: PT012 - the block is what is undone
        tx.append("case/1", [NewEvent("a", {})], act, expected_version=0)
        assert tx.version("case/1") == 1
        assert [entry.kind for entry in tx.stream("case/1")] == ["a"]
        assert [entry.seq for entry in tx.read(after=1)] == [2]
        tx.append("case/2", [NewEvent("a", {})], act, expected_version=5)
    assert ledger.size() == 1
    with ledger.transaction() as tx:
        tx.append("case/1", [NewEvent("a", {})], act, expected_version=0)
        tx.append("case/2", [NewEvent("a", {})], act, expected_version=0)
        tx.connection.execute(text("CREATE TABLE upper (x INTEGER)"))
        tx.connection.execute(text("INSERT INTO upper VALUES (1)"))
    assert ledger.size() == 3
    assert ledger.verify() == []


def test_a_transaction_within_a_transaction_is_refused_at_once(ledger, act):
    with ledger.transaction(), pytest.raises(Busy, match=r"tx\.append"):
        ledger.append("case/1", [NewEvent("a", {})], act, expected_version=0)


@pytest.mark.parametrize(
    ("stream", "event"),
    [
        ("", NewEvent("a", {})),
        ("nul\x00", NewEvent("a", {})),
        ("case/1", NewEvent("", {})),
        ("case/1", NewEvent("a", {"x": float("nan")})),
        ("case/1", NewEvent("a", {"x": [None, float("inf")]})),
        ("case/1", NewEvent("a", {"x": object()})),
        ("case/1", NewEvent("a", {"x": "\ud800"})),
        ("case/1", NewEvent("a", {}, {"name": "somebody"})),
        ("case/1", NewEvent("a", {}, {"x": float("nan")}, "person")),
        ("case/1", NewEvent("a", {}, {}, "")),
        ("case/1", NewEvent("a", [1, 2])),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_kept_is_refused(ledger, act, stream, event):
    with pytest.raises(InvalidEvent):
        ledger.append(stream, [event], act, expected_version=0)
    with pytest.raises(InvalidEvent, match="at least one"):
        ledger.append("case/1", [], act, expected_version=0)
    assert ledger.size() == 1


def test_an_act_needs_all_its_parts():
    now = datetime(2012, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidEvent, match="purpose"):
        Act("a", "b", "", "d", now)
    with pytest.raises(InvalidEvent, match="time zone"):
        Act("a", "b", "c", "d", datetime(2012, 1, 1))  # noqa: DTZ001


def test_reading_by_place_limit_and_record_time(tmp_path):
    start = datetime(2010, 1, 1, tzinfo=UTC)
    with Ledger.create(tmp_path / "x.db", origin="x.example", simulated_from=start) as ledger:
        for day in range(1, 6):
            act = Act("a", "r", "p", "x", start + timedelta(days=day))
            ledger.append("s", [NewEvent("k", {"day": day})] * 500, act, expected_version=(day - 1) * 500)
        assert [e.seq for e in ledger.read(after=10, limit=3)] == [11, 12, 13]
        assert sum(1 for _ in ledger.read(limit=1700)) == 1700
        assert sum(1 for _ in ledger.read()) == 2501
        assert sum(1 for _ in ledger.read(until=start + timedelta(days=2))) == 1001
        in_washington = datetime(2010, 1, 2, 19, tzinfo=timezone(timedelta(hours=-5)))
        assert sum(1 for _ in ledger.read(until=in_washington)) == 1001
        with pytest.raises(InvalidEvent, match="time zone"):
            list(ledger.read(until=datetime(2010, 1, 1)))  # noqa: DTZ001
        assert list(ledger.read(limit=0)) == []


def test_two_writers_in_two_threads_lose_nothing(ledger, db, act):
    second = Ledger.open(db)
    errors: list[Exception] = []

    def write(own: Ledger, name: str) -> None:
        for version in range(25):
            while True:
                try:
                    shared = own.version("shared")
                    with own.transaction() as tx:
                        tx.append(name, [NewEvent("mine", {"v": version})], act, expected_version=version)
                        tx.append("shared", [NewEvent("ours", {"by": name})], act, expected_version=shared)
                    break
                except VersionConflict:
                    continue
                except Exception as wrong:  # noqa: BLE001 - reported by the test
                    errors.append(wrong)
                    return

    threads = [threading.Thread(target=write, args=pair) for pair in ((ledger, "one"), (second, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert errors == []
    assert ledger.version("one") == ledger.version("two") == 25
    assert ledger.version("shared") == 50
    assert [entry.seq for entry in ledger.read()] == list(range(1, 102))
    assert ledger.verify() == []


def test_nothing_is_ever_overwritten_or_opened_by_mistake(ledger, db, tmp_path):
    with pytest.raises(AlreadyExists):
        Ledger.create(db, origin="other.example")
    with pytest.raises(NotALedger, match="no such file"):
        Ledger.open(tmp_path / "absent.db")
    assert not (tmp_path / "absent.db").exists()
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sheriff, " * 500)
    with pytest.raises(NotALedger):
        Ledger.open(letter)
    with pytest.raises(AlreadyExists):
        Ledger.create(letter, origin="x.example")
    with pytest.raises(LedgerError, match="folder"):
        Ledger.create(tmp_path / "no" / "x.db", origin="x.example")
    for address in ("mysql://x/y", ":memory:", "sqlite://", "no-such-kind://x"):
        with pytest.raises(LedgerError):
            Ledger.create(address, origin="x.example")
    for origin in ("", "two words", "a+b", "x/simulated"):
        with pytest.raises(LedgerError):
            Ledger.create(tmp_path / "y.db", origin=origin)


def test_a_path_and_a_url_name_the_same_file(tmp_path, act):
    Ledger.create(f"sqlite:///{tmp_path / 'a.db'}", origin="x.example").close()
    with Ledger.open(tmp_path / "a.db") as ledger:
        assert ledger.origin == "x.example"
    assert (tmp_path / "a.db").stat().st_mode & 0o077 == 0  # it holds keys
