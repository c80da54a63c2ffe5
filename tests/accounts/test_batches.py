"""A folder of cards with workers: every card gets what it gets alone, in the same order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.exchange.people import card

from tenprint.ledger import Ledger

Run = Callable[..., str]


def test_a_folder_with_workers_becomes_what_it_becomes_without(run: Run, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    for number, person in enumerate((1, 2, 1, 3), start=1):
        (cards / f"{number}.eft").write_bytes(card(person, f"NEW-000000{number}"))
    (cards / "5.eft").write_bytes(b"junk")
    (cards / ".hidden").write_bytes(b"junk")
    told = []
    for jobs in (1, 2):
        db = tmp_path / f"{jobs}.db"
        run("init", "--db", db, "--simulated-from", "2012-01-01")
        words = ("--db", db, "--at", "2012-11-05T10:00", "--json", "--jobs", jobs)
        told.append(json.loads(run("submit", cards, *words, code=2)))
        with Ledger.open(db) as ledger:
            told[-1].append([(e.kind, e.stream) for e in ledger.read()])
    assert told[0] == told[1]
    assert [row["accepted"] for row in told[0][:5]] == [True] * 4 + [False]
    assert told[0][2]["criminal"]["hit"]


def test_a_folder_without_cards_is_said(run: Run, tmp_path: Path) -> None:
    run("init", "--simulated-from", "2012-01-01")
    (tmp_path / "none").mkdir()
    run("submit", tmp_path / "none", code=2)
    assert "holds no file" in run.err
