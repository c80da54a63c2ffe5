"""T28: the agency that hands a card in holds a signed proof of it, and shows with it that its tail was cut."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from tests.exchange.people import card
from typer.testing import CliRunner

import tenprint.proof.verify
from tenprint.cli.card import app as card_app
from tenprint.cli.exchange import app
from tenprint.cli.ledger import app as ledger_app
from tenprint.cli.receipt import app as receipt_app


def run(command, *arguments: object) -> str:
    done = CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code in {0, 1}, done.output
    return done.stdout


def checked(document: Path, key: str) -> subprocess.CompletedProcess[str]:
    """What the program of one file says that an agency runs without the exchange."""
    command = [sys.executable, tenprint.proof.verify.__file__, str(document), "--key", key]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_t28_a_receipt_comes_with_the_first_answer_and_is_checked_without_the_exchange(tmp_path: Path) -> None:
    db, answers, receipts = tmp_path / "x.db", tmp_path / "answers", tmp_path / "receipts"
    run(app, "init", "--db", db, "--as", "ada", "--names-unchecked")
    content = card(1, "NEW-0000001", tot="XXX")  # refused at the door: no finger is looked at, and a receipt is due too
    (tmp_path / "card.eft").write_bytes(content)
    run(app, "submit", tmp_path / "card.eft", "--db", db, "--as", "ada", "--answers", answers, "--receipts", receipts)
    assert [path.name for path in answers.iterdir()] == ["NEW-0000001.ERRT.eft"]
    (kept,) = receipts.iterdir()
    assert kept.name == "NEW-0000001.receipt.json"
    assert kept.stat().st_mode & 0o077 == 0
    key = run(ledger_app, "key", "--db", db).strip().splitlines()[-1]
    said = checked(kept, key)
    assert said.returncode == 0, said.stderr
    assert f"refuses, the card whose bytes have SHA-256 {hashlib.sha256(content).hexdigest()}" in said.stdout
    again = run(receipt_app, "NEW-0000001", "--db", db, "--ori", "TXSIB0000")
    assert json.loads(again)["entry"] == json.loads(kept.read_text())["entry"]
    document = json.loads(kept.read_text())
    document["entry"]["data"] = document["entry"]["data"].replace(hashlib.sha256(content).hexdigest(), "0" * 64)
    kept.write_text(json.dumps(document))
    assert checked(kept, key).returncode == 1


def test_t14_a_receipt_and_the_parts_of_a_file_of_cards_are_their_owners_alone(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    run(app, "init", "--db", db, "--as", "ada", "--names-unchecked")
    one, two = (card(n, f"NEW-000000{n}", tot="XXX") for n in (1, 2))
    (tmp_path / "both.eft").write_bytes(one + two)
    run(card_app, "split", tmp_path / "both.eft", "--out", tmp_path / "parts")
    parts = sorted((tmp_path / "parts").iterdir())
    assert [part.read_bytes() for part in parts] == [one, two]
    run(card_app, "join", *parts, "--out", tmp_path / "joined.eft")
    run(app, "submit", parts[0], "--db", db, "--as", "ada")
    run(receipt_app, "NEW-0000001", "--db", db, "--ori", "TXSIB0000", "--out", tmp_path / "r.json")
    for file in (*parts, tmp_path / "joined.eft", tmp_path / "r.json"):
        assert file.stat().st_mode & 0o077 == 0, file.name
