"""C2: a machine clock that jumps is stopped before it poisons the record, until an administrator accepts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tenprint.cli import ledger as commands
from tenprint.cli import principal
from tenprint.cli.common import Refused
from tenprint.exchange import Exchange
from tenprint.ledger import ledger as clockwork

AHEAD = timedelta(days=30)


class _Ahead(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + AHEAD


@pytest.fixture
def db(tmp_path: Path) -> str:
    file = tmp_path / "county.db"
    with Exchange.create(file, "ada", origin="county.example", names_unchecked=True):
        pass
    return str(file)


def register(db: str, name: str) -> Result:
    words = ["add", "--name", name, "--role", "auditor", "--agency", "A", "--db", db, "--as", "ada"]
    return CliRunner().invoke(principal.app, words, catch_exceptions=True)


def test_c2_a_clock_that_jumps_writes_nothing_until_an_administrator_says_that_it_is_right(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert register(db, "bob").exit_code == 0
    with Exchange.open(db) as exchange:
        size = exchange.ledger.size()
    monkeypatch.setattr(clockwork, "datetime", _Ahead)
    stopped = register(db, "eve").exception
    assert isinstance(stopped, Refused)
    assert "tenprint ledger clock --accept --as NAME" in str(stopped)
    with Exchange.open(db) as exchange:
        assert exchange.ledger.size() == size
    accept = ["clock", "--accept", "--db", db]
    nobody = CliRunner().invoke(commands.app, [*accept, "--as", "bob"])
    assert nobody.exit_code != 0
    assert "administrator" in str(nobody.exception)
    told = CliRunner().invoke(commands.app, [*accept, "--as", "ada"])
    assert told.exit_code == 0, told.exception
    assert f"Accepted. The record stands at {datetime.now(UTC) + AHEAD:%Y-%m-%d}" in told.stdout
    assert register(db, "eve").exit_code == 0
    with Exchange.open(db) as exchange:
        accepted = [e for e in exchange.ledger.read() if e.kind == "clock.accepted"]
        assert [(e.actor, e.role) for e in accepted] == [("ada", "administrator")]
        assert exchange.ledger.verify() == []
