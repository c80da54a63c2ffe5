"""I13: a watched folder: cards in, answers out, and nothing lost or doubled whatever stops it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from tests.exchange.people import address, card, extract

from tenprint import finger
from tenprint.cli import app as commands
from tenprint.doors import folders, sweep
from tenprint.exchange import Exchange
from tenprint.ledger import LedgerError


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    there = tmp_path / "in"
    there.mkdir()
    return there


def put(folder: Path, name: str, content: bytes, age: float = 60) -> Path:
    file = folder / name
    file.write_bytes(content)
    os.utime(file, (time.time() - age,) * 2)
    return file


def names(folder: Path) -> list[str]:
    return sorted(f.name for f in folder.iterdir()) if folder.is_dir() else []


def test_cards_leave_for_taken_or_refused_and_answers_arrive(exchange: Exchange, inbox: Path, tmp_path: Path) -> None:
    out, who = tmp_path / "out", exchange.person("scan")
    put(inbox, "a.eft", card(1, "NEW-0000001"))
    put(inbox, "b.eft", card(2, "NEW-0000002", NAM=None))
    put(inbox, "c.eft", b"junk")
    put(inbox, "d.eft", card(3, "NEW-0000003", CRI="CASYN0730"))
    for waits in ("e.part", ".hidden"):
        put(inbox, waits, card(4, "NEW-0000004"))
    put(inbox, "f.eft", card(4, "NEW-0000004"), age=0)
    done = {t.file: (t.accepted, bool(t.refused)) for t in sweep(exchange, inbox, who, out)}
    assert done == {"a.eft": (True, False), "b.eft": (False, False), "c.eft": (False, True), "d.eft": (False, True)}
    assert names(inbox) == [".hidden", "e.part", "f.eft", "refused", "taken"]
    assert names(inbox / "taken") == ["a.eft", "b.eft"]
    assert names(inbox / "refused") == ["c.eft", "c.eft.why.txt", "d.eft", "d.eft.why.txt"]
    assert "not of" in (inbox / "refused" / "d.eft.why.txt").read_text()
    assert {"NEW-0000001.SRE.eft", "NEW-0000001.IDR.eft", "NEW-0000002.ERRT.eft"} <= set(names(out))


def test_a_stop_between_taking_in_and_moving_loses_and_doubles_nothing(
    exchange: Exchange, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, out = exchange.person("scan"), tmp_path / "out"
    put(inbox, "a.eft", card(1, "NEW-0000001"))
    with monkeypatch.context() as broken:
        broken.setattr(folders, "_move", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            sweep(exchange, inbox, who, out)
    assert names(inbox) == ["a.eft"]
    size = exchange.ledger.size()
    (again,) = sweep(exchange, inbox, who, out)
    assert again.accepted
    assert exchange.ledger.size() == size
    assert names(inbox) == ["taken"]
    put(inbox, "a.eft", card(1, "NEW-0000001"))
    sweep(exchange, inbox, who, out)
    assert names(inbox / "taken") == ["a.1.eft", "a.eft"]
    assert exchange.ledger.size() == size


def test_a_file_stays_where_nothing_can_be_recorded(exchange: Exchange, inbox: Path) -> None:
    put(inbox, "a.eft", card(1, "NEW-0000001"))
    with exchange.ledger.engine.begin() as connection:
        made = "CREATE TRIGGER full BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE(FAIL, 'full'); END"
        connection.exec_driver_sql(made)
    with pytest.raises(LedgerError):
        sweep(exchange, inbox, exchange.person("scan"))
    assert names(inbox) == ["a.eft"]


def test_the_command_carries_a_card_in_by_its_key(
    exchange: Exchange, keys: dict[str, str], inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(finger, "extract", extract)
    db, file = address(exchange), tmp_path / "scan.key"
    exchange.close()

    def call(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tenprint", "door", *words, "--db", db])
        try:
            commands.main()
        except SystemExit as stop:
            return int(stop.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    put(inbox, "a.eft", card(1, "NEW-0000001"))
    file.write_text("scan.wrong\n")
    assert call("folder", str(inbox), "--key-file", str(file))[0] == 2
    assert call("folder", str(inbox))[0] == 2
    assert call("folder", str(tmp_path / "none"), "--as", "scan")[0] == 2
    assert names(inbox) == ["a.eft"]
    file.write_text(keys["scan"] + "\n")
    words = ("folder", str(inbox), "--key-file", str(file), "--answers", str(tmp_path / "out"))
    code, told = call(*words, "--json")
    assert (code, json.loads(told)["tcn"]) == (0, "NEW-0000001")
    assert "NEW-0000001.SRE.eft" in names(tmp_path / "out")
    put(inbox, "b.eft", b"junk")
    assert call(*words)[0] == 1
    code, told = call("key", "scan", "--as", "ada")
    file.write_text(told.split("once: ")[1].split()[0])
    assert call(*words)[0] == 0
    assert call("end", "scan", "--reason", "sold", "--as", "ada")[0] == 0
    assert call(*words)[0] == 2
    assert "scan: key ended" in call("list")[1]
