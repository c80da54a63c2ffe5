"""``tenprint ledger`` as a stranger types it: exit codes, messages, files."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenprint.cli.common import Refused
from tenprint.cli.ledger import app
from tenprint.proof import verify as verify_module

VERIFY = Path(verify_module.__file__)


@pytest.fixture
def run(small, tmp_path):
    """Run a command on the small ledger; returns (exit code, what was printed)."""
    small.close()

    def command(*arguments: object, db: Path = tmp_path / "small.db") -> tuple[int, str]:
        result = CliRunner().invoke(app, [*map(str, arguments), "--db", str(db)])
        if isinstance(result.exception, Refused):
            return result.exception.code, str(result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout

    return command


def test_proofs_made_by_the_command_are_checked_by_the_lone_file(run, tmp_path):
    for name, arguments in {"early.checkpoint": ("checkpoint",), "6.json": ("prove", 6, "--disclose"),
                            "since.json": ("consistency", tmp_path / "early.checkpoint")}.items():  # fmt: skip
        assert run(*arguments, "--out", tmp_path / name)[0] == 0
    code, key = run("key")
    assert code == 0
    files = [tmp_path / name for name in ("early.checkpoint", "6.json", "since.json")]
    lone = [sys.executable, "-I", VERIFY, *files, "--key", key.strip()]
    done = subprocess.run(lone, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "entry 6 is in the checkpoint of county.example.org/simulated at 12 entries, signed by" in done.stdout
    assert "disclosed fields are those the entry commits to" in done.stdout
    (tmp_path / "6.json").write_text((tmp_path / "6.json").read_text().replace("w2", "w3"))
    done = subprocess.run(lone, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert "DOES NOT HOLD: sealed fields" in done.stderr


def test_verify_exits_1_and_names_the_entry(run, tmp_path):
    code, text = run("verify")
    assert code == 0
    assert text.startswith("12 entries verify. Projections recomputed: none.")
    with closing(sqlite3.connect(tmp_path / "small.db")) as raw, raw:
        raw.execute("UPDATE ledger_entry SET purpose = 'other' WHERE seq = 5")
    code, text = run("verify")
    assert code == 1
    assert text.startswith("entry 5: ")
    code, text = run("verify", "--json")
    assert code == 1
    assert json.loads(text)["problems"][0]["seq"] == 5


def test_verify_against_a_kept_checkpoint(run, tmp_path):
    kept = tmp_path / "kept"
    run("checkpoint", "--out", kept)
    assert run("verify", "--checkpoint", kept)[0] == 0
    with closing(sqlite3.connect(tmp_path / "small.db")) as raw, raw:
        raw.execute("DELETE FROM ledger_checkpoint")
        raw.execute("DELETE FROM ledger_entry WHERE seq = 12")
        raw.execute("DELETE FROM ledger_node WHERE ((position + 1) << level) > 11")
    assert run("verify")[0] == 0
    code, text = run("verify", "--checkpoint", kept)
    assert code == 1
    assert text.startswith("entry 12: is missing")


def test_backup_and_restore(run, tmp_path):
    assert run("backup", tmp_path / "b.db")[0] == 0
    code, text = run("backup", tmp_path / "b.db")
    assert code == 2
    assert "already exists" in text
    assert run("restore", tmp_path / "b.db", db=tmp_path / "again.db")[0] == 0
    assert run("verify", db=tmp_path / "again.db")[0] == 0
    assert run("restore", tmp_path / "b.db", db=tmp_path / "again.db")[0] == 2


def test_show_never_shows_what_is_sealed(run):
    code, text = run("show", 2, "--json")
    entry = json.loads(text)["entries"][0]
    assert (code, entry["seq"], entry["kind"], entry["sealed"]) == (0, 2, "a.opened", "sealed")
    assert "One Person" not in text
    assert "One Person" not in run("show", "--stream", "case/A")[1]
    assert len(json.loads(run("show", "--limit", 3, "--json")[1])["entries"]) == 3


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("prove", 99), "from 1 to 12"),
        (("show", 99), "entries 1 to 12"),
        (("show", "--stream", "nope"), "nope"),
        (("verify", "--checkpoint", "/no/such"), "no such file"),
        (("restore", "/no/such"), "no such file"),
    ],
)
def test_unusable_input_exits_2_with_a_sentence(run, arguments, word):
    code, text = run(*arguments)
    assert code == 2
    assert word in text


def test_what_is_no_ledger_is_said(run, tmp_path):
    (tmp_path / "letter").write_text("Dear Sheriff")
    for command in (("verify",), ("checkpoint",), ("prove", 1), ("backup", tmp_path / "x"), ("show",)):
        assert run(*command, db=tmp_path / "letter")[0] == 2
        assert run(*command, db=tmp_path / "absent")[0] == 2
    code, _ = run("consistency", tmp_path / "letter")
    assert code == 2


def test_a_damaged_file_is_a_finding_or_a_refusal_and_never_a_crash(run, tmp_path):
    with closing(sqlite3.connect(tmp_path / "small.db")) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    sound = (tmp_path / "small.db").read_bytes()
    codes = set()
    for page in range(len(sound) // 4096):
        broken = bytearray(sound)
        broken[page * 4096 + 3700 : page * 4096 + 4000] = b"\xa5" * 300
        for command in (("verify",), ("show",), ("checkpoint",), ("prove", 3), ("backup", tmp_path / f"copy{page}.db")):
            for rest in tmp_path.glob("broken.db*"):
                rest.unlink()
            (tmp_path / "broken.db").write_bytes(broken)
            codes.add(run(*command, db=tmp_path / "broken.db")[0])
    assert codes <= {0, 1, 2}
    assert 1 in codes
