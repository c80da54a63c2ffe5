"""Who reads waits for nobody and stops nobody: no lock of writers, one view of the database, read-only files."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.custody.county import County, founded

from tenprint.exchange import Exchange, audit
from tenprint.ledger import Act, NewEvent

READERS = (
    "status READER0001",
    "custody show READER0001 --at 2013-02-06T10:00",
    "case show READER0001",
    "holds",
    "owed --role jail",
    "outbox",
    "ledger verify",
    "ledger show --limit 5",
    "ledger prove 3",
    "account list",
    "figures compute submissions --facts county.db --as-of 2013-12-31",
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    with pytest.MonkeyPatch.context() as patch:
        founded(folder, patch)
        county = County(folder, patch)
        county.person(1, "READER0001", "2013-02-01")
        county.detainer("READER0001", "2013-02-01")
        county.bond("READER0001", "2013-02-05T10:00")
    return folder


@pytest.fixture
def county(base: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr("tenprint.ledger.database.WAIT", 1)
    return County(base, monkeypatch)


@pytest.fixture
def held(base: Path) -> Iterator[None]:
    """Another process holds the lock of writers."""
    with closing(sqlite3.connect(base / "county.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("line", READERS)
def test_t12_a_reader_needs_no_lock_of_writers(county: County, held: None, line: str) -> None:
    assert "another writer" not in county.run(line, 0)


def test_t12_a_writer_is_still_told_that_another_one_is_at_work(county: County, held: None) -> None:
    assert "another writer has held the ledger" in county.run(
        "jail release READER0001 --as jane --at 2013-02-06T10:00", 2
    )


@pytest.mark.parametrize("line", READERS)
def test_t12_a_file_that_may_only_be_read_can_be_read_and_audited(
    county: County, base: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    before = (base / "county.db").read_bytes()
    access = os.access
    monkeypatch.setattr("tenprint.ledger.database.os.access", lambda path, mode: mode != os.W_OK and access(path, mode))
    county.run(line)
    assert (base / "county.db").read_bytes() == before
    assert "cannot be written" in county.run("jail release READER0001 --as jane --at 2013-02-06T10:00", 2)


def test_t12_an_audit_sees_one_moment_whatever_is_written_meanwhile(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act between the entries and the tables is in both or in neither, and waits for nothing."""
    with Exchange.open(base / "county.db") as exchange:
        first = next(exchange.ledger.read())
        act = Act("ada", "administrator", "test", "test", first.occurred_at)

        def write() -> None:
            exchange.ledger.append("test/meanwhile", [NewEvent("test.noted", {})], act, expected_version=0)

        done = []
        schema = audit._schema

        def while_it_runs(*given: object) -> object:
            found = list(schema(*given))
            writer = threading.Thread(target=lambda: done.append(write()))
            writer.start()
            writer.join(20)
            assert done, "an audit stops no booking"
            return iter(found)

        monkeypatch.setattr(audit, "_schema", while_it_runs)
        assert audit.audit(exchange.ledger)[0] == []
        assert exchange.ledger.verify() == []
