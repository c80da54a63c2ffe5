"""Backup while others write, restore to either database, never over anything, verified both times."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import text

from tenprint.ledger import AlreadyExists, Damaged, Ledger, LedgerError, NewEvent, NotALedger


def test_a_backup_is_the_whole_ledger_in_one_file(ledger, act, tmp_path):
    ledger.append("s", [NewEvent("k", {"n": n}, {"w": "é"}, "person") for n in range(5)], act, expected_version=0)
    with ledger.transaction() as tx:
        tx.connection.execute(text("CREATE TABLE upper (name TEXT PRIMARY KEY, size BIGINT, body TEXT)"))
        tx.connection.execute(text("INSERT INTO upper VALUES ('card', 5000000000, NULL)"))
    kept = ledger.checkpoint()
    ledger.backup(tmp_path / "copy.db")
    assert {f.name for f in tmp_path.glob("*copy*")} == {"copy.db"}
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    with Ledger.restore(tmp_path / "copy.db", tmp_path / "back.db") as back:
        assert list(back.read()) == list(ledger.read())
        assert back.verify([kept]) == []
        assert back.checkpoint() == kept
        with back.engine.connect() as connection:
            assert connection.execute(text("SELECT * FROM upper")).all() == [("card", 5000000000, None)]
        back.append("s", [NewEvent("k", {})], act, expected_version=5)
        assert back.verify([kept]) == []


def test_a_backup_moves_a_ledger_between_databases(small, postgres, tmp_path, act):
    import psycopg

    with psycopg.connect(postgres("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE moved")
    kept = small.checkpoint()
    small.backup(tmp_path / "copy.db")
    with Ledger.restore(tmp_path / "copy.db", postgres("moved")) as moved:
        assert list(moved.read()) == list(small.read())
        moved.append("case/new", [NewEvent("k", {})], act, expected_version=0)
        assert moved.verify([kept]) == []
        moved.backup(tmp_path / "again.db")
    with pytest.raises(AlreadyExists):
        Ledger.restore(tmp_path / "copy.db", postgres("moved"))
    with Ledger.restore(tmp_path / "again.db", tmp_path / "home.db") as home:
        assert home.size() == small.size() + 1
        assert home.verify([kept]) == []


def test_a_backup_taken_while_others_write_is_consistent(ledger, db, act, tmp_path):
    stop, failures = threading.Event(), []

    def write() -> None:
        with Ledger.open(db) as own:
            version = 0
            while not stop.is_set():
                try:
                    own.append("busy", [NewEvent("k", {"v": version})] * 3, act, expected_version=version)
                except Exception as wrong:  # noqa: BLE001 - reported by the test
                    failures.append(wrong)
                    return
                version += 3

    writer = threading.Thread(target=write)
    writer.start()
    sizes = []
    for turn in range(4):
        ledger.backup(tmp_path / f"copy{turn}.db")
        with Ledger.open(tmp_path / f"copy{turn}.db") as copy:
            sizes.append(copy.size())
            assert (copy.size() - 1) % 3 == 0
    stop.set()
    writer.join()
    assert failures == []
    assert sizes == sorted(sizes)


def test_nothing_is_overwritten(small, tmp_path):
    small.backup(tmp_path / "copy.db")
    with pytest.raises(AlreadyExists):
        small.backup(tmp_path / "copy.db")
    with pytest.raises(AlreadyExists):
        Ledger.restore(tmp_path / "copy.db", tmp_path / "small.db")
    with pytest.raises(LedgerError, match="folder"):
        small.backup(tmp_path / "no" / "copy.db")
    with pytest.raises(NotALedger, match="no such file"):
        Ledger.restore(tmp_path / "absent.db", tmp_path / "new.db")
    (tmp_path / "letter").write_text("Dear Sheriff")
    with pytest.raises(LedgerError):
        Ledger.restore(tmp_path / "letter", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()
    assert not list(tmp_path.glob(".*partial*"))


def test_a_damaged_ledger_is_neither_backed_up_nor_restored_as_if_it_were_sound(small, tmp_path):
    small.backup(tmp_path / "good.db")
    for file in ("small.db", "good.db"):
        with closing(sqlite3.connect(tmp_path / file)) as raw, raw:
            raw.execute("UPDATE ledger_entry SET actor = 'x' WHERE seq = 4")
    with pytest.raises(Damaged, match="entry 4"):
        small.backup(tmp_path / "copy.db")
    with pytest.raises(Damaged, match="entry 4"):
        Ledger.restore(tmp_path / "good.db", tmp_path / "new.db")
    assert not (tmp_path / "copy.db").exists()
    assert not (tmp_path / "new.db").exists()
