"""``tenprint law`` as a stranger types it: what it prints, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tenprint.cli.common import Refused
from tenprint.cli.law import app

FACTS = {
    "in_custody": True,
    "arrested_by_lea": True,
    "reason_to_believe": True,
    "charges": [{"number": 1, "literal": "SHOPLIFTING", "grade": "misdemeanor", "categories": ["shoplifting"]}],
    "convictions": [],
    "victim": True,
}


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS))
    return str(path)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, Refused):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def data(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_evaluate_prints_the_contract(facts: str) -> None:
    answer = data("evaluate", facts, "--on", "2012-12-22")
    assert {"regime", "permitted", "duties", "missing", "standing", "trace"} <= set(answer)
    assert (answer["regime"], answer["permitted"], answer["standing"]) == ("DET-2012", ["NO_ACTION"], "secondary")
    assert answer["also"]["level"]["result"] == "NC"
    assert answer["also"]["priority"]["regime"] == "PRI-2010"


def test_the_same_facts_meet_different_law(facts: str) -> None:
    assert "DETAINER" in data("evaluate", facts, "--on", "2010-07-01")["permitted"]
    assert data("evaluate", facts, "--on", "2013-02-01")["permitted"] == ["NO_ACTION"]


def test_evaluate_in_words(facts: str) -> None:
    text = run("evaluate", facts, "--on", "2012-12-22")
    assert "permitted: NO_ACTION" in text
    assert "flags: pd_review_required, victim_witness_plaintiff" in text
    assert "standing: secondary" in text
    assert "A known victim, witness or plaintiff" in text


def test_evaluate_names_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "little.json"
    path.write_text('{"in_custody": true}')
    assert "missing: probable_cause_bases, reason_to_believe" in run("evaluate", str(path), "--on", "2009-01-01")


def test_evaluate_other_questions_and_what_was_known(facts: str) -> None:
    assert data("evaluate", facts, "--on", "2013-01-01", "--question", "level")["result"] == "NC"
    late = data("evaluate", facts, "--on", "2014-11-25", "--known-on", "2014-11-19")
    assert (late["regime"], late["known_on"]) == ("DET-2012", "2014-11-19")


def test_a_duty_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "duty.json"
    path.write_text(json.dumps({"in_custody": True, "inadmissible": True, "charges": [{"categories": ["theft"]}]}))
    text = run("evaluate", str(path), "--on", "2025-02-01")
    assert "required by statute: DETAINER" in text


def test_history_has_one_row_a_regime(facts: str) -> None:
    rows = data("history", facts)
    assert {"DET-2008", "DET-2012T", "DET-2025b", "LVL-2010", "PRI-2021a", "PD-2"} <= {row["regime"] for row in rows}
    assert all(row["trace"] and row["standing"] for row in rows)
    assert "DET-2012T" in run("history", facts)


def test_the_law_of_a_day() -> None:
    day = data("on", "2012-12-21")
    assert day["questions"]["detainer"]["base"]["id"] == "DET-2012"
    assert day["forms"] == ["I-247 (12/12)"]
    text = run("on", "2012-12-21")
    assert "DET-2012" in text
    assert "secondary; DG12, DG12b" in text


def test_deadline_prints_the_contract() -> None:
    hold = data("deadline", "--form", "I-247 (12/12)", "--released", "2012-11-09T15:00", "--zone", "America/Chicago")
    assert hold["deadline"] == "2012-11-14T15:00:00-06:00"
    assert hold["form"] == "I-247 (12/12)"
    assert hold["excluded"] == ["2012-11-10", "2012-11-11", "2012-11-12"]
    none = data("deadline", "--form", "I-247N", "--released", "2016-11-09T15:00", "--zone", "America/Chicago")
    assert (none["deadline"], none["excluded"]) == (None, [])


def test_deadline_shows_its_arithmetic() -> None:
    text = run("deadline", "--form", "I-247 (12/12)", "--released", "2012-11-09T15:00", "--zone", "America/Chicago")
    assert "Veterans Day (observed)" in text
    assert "44 h used at Wed 2012-11-14 11:00 CST" in text
    assert "deadline: Wed 2012-11-14T15:00:00-06:00 (both)" in text


def test_an_offset_is_understood() -> None:
    hold = data("deadline", "--form", "I-247A", "--released", "2012-11-09T21:00Z", "--zone", "America/Chicago")
    assert hold["deadline"] == "2012-11-11T15:00:00-06:00"


def test_facts_are_listed() -> None:
    assert "reason_to_believe" in {fact["name"] for fact in data("facts")["facts"]}
    assert "citizenship_indicator  boolean" in run("facts")


def hold(form: str = "I-247A", released: str = "2012-11-09T15:00", zone: str = "UTC") -> list[str]:
    return ["deadline", "--form", form, "--released", released, "--zone", zone]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["on", "21.12.2012"], "DATE: expected a date such as 2012-12-21, got '21.12.2012'"),
        (["on", "1999-01-01"], "the tables start on 2008-10-01"),
        (hold(form="I-247Z"), "there is no form 'I-247Z'"),
        (hold(released="2012-11-09"), "the hour matters for the clock"),
        (hold(released="Friday T"), "the hour matters for the clock"),
        (hold(zone="Mars"), "expected an IANA time zone"),
        (["evaluate", "/nowhere.json", "--on", "2012-01-01"], "cannot be read"),
    ],
)
def test_unusable_input_is_refused(arguments: list[str], message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        run(*arguments)
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("content", "message"), [("{", "not JSON"), ("[]", "expected an object of facts"), ('{"x": 1}', "nobody knows")]
)
def test_unusable_facts_are_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(content)
    with pytest.raises(Refused, match=message):
        run("evaluate", str(path), "--on", "2012-01-01")
