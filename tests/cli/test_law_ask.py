"""Facts are asked one by one in words; no internal name has to be known (finding L26)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tenprint import law
from tenprint.cli.law import app


def asked(answers: list[str], *more: str, on: str = "2013-02-01") -> str:
    told = CliRunner().invoke(app, ["ask", "--on", on, *more], input="\n".join([*answers, *[""] * 40]) + "\n")
    assert told.exit_code == 0, told.output
    return told.output


def test_l26_a_first_drunk_driving_charge_in_words(tmp_path: Path) -> None:
    """in custody, arrested, reason to believe, one charge (a misdemeanor that involves dui), no conviction."""
    fields = [
        f.name for f in law.vocabulary().records["charge"].fields.values() if f.rule is None and f.name != "number"
    ]
    words = {"literal": "DRIVING", "grade": "misdemeanor", "categories": "dui", "disposition": "pending"}
    saved = tmp_path / "facts.json"
    text = asked(["yes", "y", "yes", "1", *[words.get(f, "") for f in fields], "0"], "--save", str(saved))
    facts: dict[str, Any] = json.loads(saved.read_text())
    assert facts["charges"][0]["categories"] == ["dui"]
    assert facts["convictions"] == []
    assert "The answer: no action, detainer" in text
    assert "us_citizen" not in text
    for name in ("in_custody", "arrested_by_lea", "reason_to_believe", "probable_cause_bases"):
        assert name not in text


def test_l26_nothing_known_is_few_lines_in_words() -> None:
    text = asked([], on="2009-03-01")
    last = text[text.index("The answer") :]
    assert "needs more facts" in last
    assert "Still unknown: An authorized officer has reason to believe" in last
    assert len(last.strip().splitlines()) < 12


def test_l26_an_answer_that_cannot_be_read_is_asked_again() -> None:
    text = asked(["perhaps", "yes", "yes", "yes", "none of them", "0", "0"], on="2009-03-01")
    assert "expected yes or no, got 'perhaps'" in text
    assert "expected a number, got 'none of them'" in text
    assert "The answer: no action, detainer" in text


def test_l26_missing_facts_come_with_their_meaning(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text("{}")
    text = CliRunner().invoke(app, ["evaluate", str(path), "--on", "2009-03-01"]).output
    assert "in_custody: The person is in the custody of a local, state or federal law enforcement agency." in text
    petty = [{"grade": "misdemeanor", "categories": []}] * 3
    arrested = {"in_custody": True, "arrested_by_lea": True, "reason_to_believe": True, "charges": []}
    settled = dict.fromkeys(["final_order", "reentry_after_removal", "immigration_fraud"], False)
    path.write_text(json.dumps({**arrested, **settled, "convictions": petty}))
    text = CliRunner().invoke(app, ["evaluate", str(path), "--on", "2013-02-01"]).output
    assert "convictions.relatively_minor: A relatively minor misdemeanor" in text
