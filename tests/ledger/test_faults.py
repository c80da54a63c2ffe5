"""Faults on purpose: a full disk, a connection that is cut, a lock that is never given back, a fork."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from tenprint.ledger import Busy, Ledger, NewEvent, NotStored, database


def test_a_full_disk_stores_nothing_and_says_so(small, act):
    with small.engine.connect() as connection:  # the pool hands the same connection out again
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
    before = list(small.read())
    with pytest.raises(NotStored, match="full"):
        small.append("big", [NewEvent("k", {"text": "x" * 100_000})], act, expected_version=0)
    assert list(small.read()) == before
    assert small.verify() == []
    with small.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    small.append("big", [NewEvent("k", {"text": "x" * 100_000})], act, expected_version=0)
    assert small.verify() == []


def test_a_cut_connection_stores_nothing_and_the_next_append_works(postgres, act):
    import psycopg

    with psycopg.connect(postgres("postgres"), autocommit=True) as server:
        server.execute("CREATE DATABASE cut")
        with Ledger.create(postgres("cut"), origin="x.example") as ledger:

            def cut() -> None:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'")

            with pytest.raises(NotStored), ledger.transaction() as tx:  # noqa: PT012 - the block is what is cut
                tx.append("s", [NewEvent("k", {})], act, expected_version=0)
                cut()
                tx.append("s", [NewEvent("k", {})], act, expected_version=1)
            cut()
            assert ledger.append("s", [NewEvent("k", {})], act, expected_version=0)[0].seq == 2
            assert ledger.verify() == []


def test_a_writer_that_never_ends_is_reported(small, act, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "WAIT", 0.05)
    with closing(sqlite3.connect(tmp_path / "small.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Ledger.open(tmp_path / "small.db") as ledger:
            assert ledger.size() == 12  # readers never wait
            with pytest.raises(Busy, match="another writer"):
                ledger.append("s", [NewEvent("k", {})], act, expected_version=0)
        other.execute("ROLLBACK")
    small.append("s", [NewEvent("k", {})], act, expected_version=0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork: not checked on this system")
def test_a_forked_child_uses_its_own_connections(small, act):
    child = os.fork()
    if child == 0:
        try:
            small.append("child", [NewEvent("k", {})] * 5, act, expected_version=0)
            os._exit(0)
        finally:
            os._exit(1)
    small.append("parent", [NewEvent("k", {})] * 5, act, expected_version=0)
    assert os.waitpid(child, 0)[1] == 0
    assert small.version("child") == small.version("parent") == 5
    assert small.verify() == []
