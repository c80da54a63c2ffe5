"""`tenprint complaint` as a stranger would type it, from filing to closing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tenprint.cli.app import app
from tenprint.cli.common import Refused
from tenprint.proof import verify


@pytest.fixture
def tenprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TENPRINT_DB", str(tmp_path / "x.db"))
    monkeypatch.delenv("TENPRINT_AS", raising=False)

    def run(*words: str, **more: Any) -> str:
        result = CliRunner().invoke(app, list(words), **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    run("init", "--as", "ada", "--simulated-from", "2012-11-05T08:00:00+00:00")
    run("principal", "add", "--name", "rita", "--role", "rights", "--agency", "CRCL", "--as", "ada")
    run("principal", "add", "--name", "oscar", "--role", "office", "--agency", "ERO", "--as", "ada")
    return run


def test_from_filing_to_closing(tenprint, tmp_path: Path) -> None:
    tenprint("complaint", "key", "--out", str(tmp_path / "rights.key"), "--as", "rita")
    assert (tmp_path / "rights.key").stat().st_mode & 0o077 == 0
    photo = tmp_path / "note.txt"
    photo.write_text("seen on the wall")
    filed = json.loads(
        tenprint(
            "complaint", "file", "--text", "-", "--against", "jail", "--topic", "unlawful_hold", "--name", "Pat Sample",
            "--attach", str(photo), "--language", "es", "--json", input="I was held after my bond.",
        )
    )  # fmt: skip
    number = filed["number"]
    assert number == "2012-00001"
    assert len(filed["receipt"].split()) == 8

    proof = tmp_path / "p.json"
    tenprint("complaint", "receipt", "--words", filed["receipt"], "--out", str(proof))
    assert verify.main([str(proof), "--key", tenprint("ledger", "key").strip()]) == 0
    proof.write_text(proof.read_text().replace("bond", "bail"))
    assert verify.main([str(proof), "--key", tenprint("ledger", "key").strip()]) == 1

    assert "I was held" not in tenprint("complaint", "show", number)
    assert "I was held" in tenprint("complaint", "show", number, "--purpose", "triage", "--as", "rita")
    who = tenprint(
        "complaint", "identity", number, "--key", str(tmp_path / "rights.key"), "--purpose", "to call", "--as", "rita"
    )
    assert json.loads(who)["name"] == "Pat Sample"
    out = tmp_path / "1.txt"
    tenprint("complaint", "attachment", number, "1", "--purpose", "evidence", "--out", str(out), "--as", "rita")
    assert out.read_text() == "seen on the wall"

    for words in (
        ["acknowledge", number],
        ["triage", number, "RETAINED", "--reason", "within scope", "--county", "48453"],
        ["referral", number, "1", "--document", "letter"],
        ["investigate", number],
        ["find", number, "SUBSTANTIATED", "--finding", "held 71 hours", "--evidence", "jail log"],
        ["recommend", number, "--to", "field office", "--text", "train clerks"],
        ["respond", number, "1", "PARTIAL", "--by", "director", "--reason", "as money allows"],
        ["consequence", number, "1", "none", "--reason", "the deputy has left"],
        ["reply", number, "--text", "You were held too long."],
        ["close", number, "--reason", "answered", "--summary", "A hold ran too long.", "--at", "2012-12-05"],
    ):
        assert tenprint("complaint", *words, "--as", "rita")
    rows = json.loads(tenprint("complaint", "list", "--json"))
    assert (rows[0]["stage"], rows[0]["county"]) == ("CLOSED", "48453")
    assert "receipt" not in rows[0]
    assert tenprint("complaint", "list", "--open").strip() == "No complaints."
    assert "Reopened" in tenprint("complaint", "reopen", number, "--reason", "a video was found", "--as", "rita")
    told = json.loads(tenprint("complaint", "show", number, "--json"))
    assert {c["step"] for c in told["clocks"]} >= {"acknowledge", "triage", "finding", "referral 1", "response 1"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "2012-00009"], "no complaint '2012-00009' is known here"),
        (["triage", "2012-00001", "RETAINED", "--reason", "x", "--as", "oscar"], "Triage is for rights"),
        (["file", "--text", " "], "the complaint is empty"),
        (["file", "--text", "x", "--topic", "weather"], "--topic: expected one of"),
        (["file", "--text", "x", "--language", "xx"], "expected one of the languages"),
        (["file", "--text", "x", "--name", "Pat"], "the rights office has no key yet"),
        (["receipt", "--words", "apple apple"], "no complaint has these words"),
        (["serve", "--staff", "rita", "--host", "0.0.0.0"], "this machine alone"),
        (["show", "2012-00001", "--purpose", "x"], "say who looks with --as"),
    ],
)
def test_what_cannot_be_is_said(tenprint, words: list[str], said: str) -> None:
    tenprint("complaint", "file", "--text", "first")
    with pytest.raises(Refused, match=said):
        tenprint("complaint", *words)


def test_forms_for_a_jail_print_without_the_pages(tenprint, tmp_path: Path) -> None:
    target = tmp_path / "forms.html"
    tenprint("complaint", "forms", "--count", "2", "--language", "ar", "--out", str(target))
    text = target.read_text("utf-8")
    assert text.count('class="sheet"') == 2
    assert 'dir="rtl"' in text
    assert "<link" not in text
    with pytest.raises(Refused, match="already exists"):
        tenprint("complaint", "forms", "--out", str(target))


def test_targets_are_shown_and_changed(tenprint) -> None:
    assert json.loads(tenprint("complaint", "targets", "--json"))["triage"] == 15
    tenprint("complaint", "targets", "--set", "triage=3", "--as", "rita")
    assert json.loads(tenprint("complaint", "targets", "--json"))["triage"] == 3
    with pytest.raises(Refused, match="triage=10; got 'triage=soon'"):
        tenprint("complaint", "targets", "--set", "triage=soon", "--as", "rita")
    with pytest.raises(Refused, match="is for rights"):
        tenprint("complaint", "targets", "--set", "triage=4", "--as", "oscar")


def test_t14_secret_words_and_texts_come_from_standard_input(tenprint) -> None:
    line = ("complaint", "file", "--text", "-", "--against", "jail", "--json")
    filed = json.loads(tenprint(*line, input="I was held after the bond was paid\n"))
    number = filed["number"]
    tenprint("complaint", "reply", number, "--text", "-", "--as", "rita", input="We have asked the jail.\n")
    said = tenprint("complaint", "receipt", "--words", "-", input=filed["receipt"] + "\n")
    assert "I was held after the bond was paid" in said
    assert "We have asked the jail." in tenprint("complaint", "show", number, "--purpose", "x", "--as", "rita")
