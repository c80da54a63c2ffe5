"""Federal rows that the field found wrong: each test asks at the command and reads the answer (findings L4 to L28)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tenprint.cli.law import app

CUSTODY: dict[str, Any] = {"in_custody": True, "arrested_by_lea": True, "reason_to_believe": True, "convictions": []}
LITTERING = {"number": 1, "literal": "LITTERING", "grade": "misdemeanor", "categories": []}
WARRANT = {"probable_cause": True, "immigration_warrant": "I-200"}
LOW: dict[str, Any] = {
    **CUSTODY, **WARRANT, "charges": [LITTERING], "national_security": False, "serious_public_safety_risk": False,
    "border_security_threat": False,
}  # fmt: skip
SETTLED = {"final_order": False, "reentry_after_removal": False, "immigration_fraud": False}
ROBBERY = {"id": "a", "grade": "felony", "ncic": "1201", "categories": ["robbery"]}


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    def asked(facts: dict[str, Any], on: str, *more: str) -> dict[str, Any]:
        path = tmp_path / "facts.json"
        path.write_text(json.dumps(facts))
        told = CliRunner().invoke(app, ["evaluate", str(path), "--on", on, "--json", *more])
        assert told.exit_code == 0, told.output
        found: dict[str, Any] = json.loads(told.output)
        return found

    return asked


@pytest.mark.parametrize(("on", "bound"), [("2022-06-15", True), ("2022-06-24", True), ("2022-06-25", False)])
def test_l04_a_stayed_order_does_not_bind(ask: Any, on: str, *, bound: bool) -> None:
    answer = ask(LOW, on)
    assert ("DETAINER" not in answer["permitted"]) is bound
    assert (answer["regime"] == "DET-2021b") is bound
    assert (answer["also"]["priority"]["regime"] == "PRI-2021b") is bound
    assert any("10 June 2022" in doubt for doubt in answer["doubts"]) is bound


@pytest.mark.parametrize(("on", "bound"), [("2023-06-23", False), ("2023-07-27", False), ("2023-07-28", True)])
def test_l05_a_memo_returns_when_the_agency_is_told(ask: Any, on: str, *, bound: bool) -> None:
    answer = ask(LOW, on)
    assert ("DETAINER" not in answer["permitted"]) is bound
    assert any("25 July" in doubt for doubt in answer["doubts"]) is not bound


@pytest.mark.parametrize(
    ("on", "fact", "permitted", "overlay"),
    [
        ("2021-08-09", "victim", False, "PD-2"),
        ("2022-02-05", "victim", False, "PD-2021"),
        ("2022-02-05", "victim_benefit", False, "PD-2021"),
        ("2022-02-05", "plaintiff", False, "PD-2021"),
        ("2025-01-30", "victim_benefit", False, "PD-2021"),
        ("2025-02-05", "victim", True, "PD-2025"),
    ],
)
def test_l06_the_protection_of_victims_grows_and_ends(
    ask: Any, on: str, fact: str, overlay: str, *, permitted: bool
) -> None:
    facts = {**LOW, fact: True, "serious_public_safety_risk": True, "inadmissible": False}
    answer = ask(facts, on)
    assert ("DETAINER" in answer["permitted"]) is permitted
    assert overlay in answer["overlays"]
    assert len({"PD-2", "PD-2021", "PD-2025"} & set(answer["overlays"])) == 1


def test_l06_from_2021_an_adverse_factor_is_not_enough(ask: Any) -> None:
    facts = {**LOW, "victim": True, "adverse_factors": ["serious_criminal_history"], "serious_public_safety_risk": True}
    assert "DETAINER" in ask(facts, "2021-08-09")["permitted"]
    assert "DETAINER" not in ask(facts, "2022-02-05")["permitted"]
    assert "DETAINER" in ask({**facts, "exceptional_circumstances": True}, "2022-02-05")["permitted"]


@pytest.mark.parametrize("on", ["2021-02-17", "2021-03-05"])
@pytest.mark.parametrize(
    "more",
    [
        {"gang": True, "age": 30},
        {"convictions": [{**ROBBERY, "aggravated_felony": True}], "released_from_custody_on": "2020-06-01"},
    ],
)
def test_l07_the_guidance_of_18_february_2021_controls(ask: Any, on: str, more: dict[str, Any]) -> None:
    facts = {**LOW, "serious_public_safety_risk": True, "entered_on": "2001-01-01", **more}
    expected = "PS" if on >= "2021-02-18" else "NONE"
    assert ask(facts, on, "--question", "priority")["result"] == expected


@pytest.mark.parametrize(
    ("on", "overlay", "doubt"),
    [
        ("2021-08-18", None, None),
        ("2021-08-20", "TX-2021", "Enjoined nationwide"),
        ("2021-08-26", None, "stayed"),
        ("2021-09-15", "TX-2021p", "except where officers"),
        ("2021-12-05", None, "30 November 2021"),
        ("2022-02-11", None, None),
    ],
)
def test_l08_injunction_and_stays_to_the_day(ask: Any, on: str, overlay: str | None, doubt: str | None) -> None:
    answer = ask({**LOW, "entered_on": "2001-01-01"}, on)
    assert {o for o in answer["overlays"] if o.startswith("TX-")} == ({overlay} if overlay else set())
    assert [doubt in d for d in answer["doubts"]] == [True] if doubt else answer["doubts"] == []
    if overlay == "TX-2021":
        assert answer["needs_reviewer"] is False


def test_l10_the_memo_of_2014_before_its_forms(ask: Any) -> None:
    between, after = ask(LOW, "2014-12-05"), ask(LOW, "2015-07-02")
    assert "form was issued only on 2 July 2015" in between["doubts"][0]
    assert after["doubts"] == []
    assert "in effect from 5 January 2015" in between["also"]["priority"]["doubts"][0]


def test_l11_the_forms_of_2015_after_their_program(ask: Any) -> None:
    facts = {**CUSTODY, "charges": [LITTERING], "convictions": [ROBBERY], "probable_cause": True}
    answer = ask(facts, "2017-02-10")
    assert "NOTIFY_REQUEST" in answer["permitted"]
    assert "2 April 2017" in answer["doubts"][0]
    assert answer["standing"] == "unverified"
    assert "NOTIFY_REQUEST" not in ask(facts, "2017-04-02")["permitted"]


def test_l12_form_days_without_a_source_say_so() -> None:
    from tenprint import law

    assert {law.form(name).standing for name in ("I-247 (8/10)", "I-247 (6/11)")} == {"unverified"}
    assert "no source" in law.form("I-247 (6/11)").doubt


@pytest.mark.parametrize(
    ("facts", "on"),
    [
        ({"citizenship_indicator": True}, "2009-03-01"),
        ({"age": 17}, "2009-03-01"),
        ({"retaliation_watch": True}, "2012-03-01"),
    ],
)
def test_l13_house_rules_are_no_law_of_earlier_days(ask: Any, facts: dict[str, Any], on: str) -> None:
    told = {**CUSTODY, "charges": [LITTERING], **facts}
    then, ours = ask(told, on), ask(told, on, "--controls")
    assert "DETAINER" in then["permitted"]
    assert (then["controls"], then["needs_reviewer"]) == ([], False)
    assert not {"CITIZEN", "JUVENILE", "RETALIATION", "SIGN-OFFS"} & set(then["overlays"])
    assert {"CITIZEN", "JUVENILE", "RETALIATION", "SIGN-OFFS"} <= set(ours["controls"])
    assert not set(ours["controls"]) & set(ours["overlays"])
    marked = {line["regime"] for line in ours["trace"] if "control" in line}
    assert {"CITIZEN", "JUVENILE", "RETALIATION"} <= marked


def test_l13_the_law_of_a_day_lists_no_control(ask: Any) -> None:
    for command in (["on", "2010-01-15", "--known-on", "2010-01-15"], ["on", "2010-01-15"]):
        told = CliRunner().invoke(app, command)
        assert "DET-2008" in told.output
        assert "control of this program" not in told.output
        assert "CITIZEN" not in told.output
    today = CliRunner().invoke(app, ["on", "2026-11-27"])
    assert "control of this program, no law" in today.output


def test_l13_signatures_are_the_programs_own(ask: Any) -> None:
    facts = {**CUSTODY, "charges": [], "significant_risk": True}
    then, ours = ask(facts, "2013-02-01"), ask(facts, "2013-02-01", "--controls")
    assert (then["needs_reason"], then["needs_reviewer"]) == ([], False)
    assert (ours["needs_reason"], ours["needs_reviewer"]) == (["h"], True)
    letter = next(line for line in ours["trace"] if line["rule"] == "h")
    assert letter["control"] == "SIGN-OFFS"


@pytest.mark.parametrize(
    ("on", "overlay"), [("2009-11-18", None), ("2009-11-19", "CIT-2009"), ("2015-11-10", "CIT-2015")]
)
def test_l14_citizenship_directives(ask: Any, on: str, overlay: str | None) -> None:
    claim = {**LOW, "citizenship_indicator": True, "special_circumstances": True}
    proof = {**claim, "citizenship_evidence": "indicates_citizen"}
    claimed, proven = ask(claim, on), ask(proof, on)
    assert {o for o in claimed["overlays"] if o.startswith("CIT-")} == ({overlay} if overlay else set())
    assert ("citizenship_to_be_examined" in claimed["flags"]) is (overlay is not None)
    assert ("DETAINER" in proven["permitted"]) is (overlay is None)


def test_l16_an_acquittal_is_no_duty(ask: Any) -> None:
    theft = {**LITTERING, "categories": ["shoplifting"]}
    known = {**CUSTODY, **WARRANT, "inadmissible": True, "charges": [theft]}
    assert ask(known, "2025-02-05")["duties"] == ["DETAINER"]
    for ended in ("acquitted", "dismissed", "not_filed", "dismissed_for_departure"):
        answer = ask({**known, "charges": [{**theft, "disposition": ended}]}, "2025-02-05")
        assert answer["duties"] == []
        assert "NO_ACTION" in answer["permitted"]
        assert any("silent about such a charge" in doubt for doubt in answer["doubts"])
    nobody = {**known, "probable_cause": False, "reason_to_believe": False}
    assert ask(nobody, "2025-02-05")["duties"] == []


def test_l16_the_terms_of_the_statute(ask: Any) -> None:
    known = {**CUSTODY, **WARRANT, "inadmissible": True, "charges": [LITTERING]}
    assert ask(known, "2025-02-05")["duties"] == []
    answer = ask({**known, "admits_listed_offense": True}, "2025-02-05")
    assert answer["duties"] == ["DETAINER"]
    duty = next(line for line in answer["trace"] if line["regime"] == "DET-2025b" and line["rule"] == "duty")
    assert (duty["source"], duty["standing"]) == (["LRA"], "primary")


def test_l17_petty_misdemeanors_alone(ask: Any) -> None:
    petty = [{"id": name, "grade": "misdemeanor", "ncic": "5311", "categories": []} for name in "abc"]
    facts = {**CUSTODY, "charges": [LITTERING], **SETTLED, "convictions": petty}
    open_question = ask(facts, "2013-02-01")
    assert "DETAINER" not in open_question["permitted"]
    assert open_question["missing"] == ["convictions.relatively_minor"]
    minor = {**facts, "convictions": [{**c, "relatively_minor": True} for c in petty]}
    assert ask(minor, "2013-02-01")["permitted"] == ["NO_ACTION"]
    assert "DETAINER" in ask({**minor, "misdemeanors_reflect_danger": True}, "2013-02-01")["permitted"]
    one_weighs = [{**petty[0], "categories": ["burglary"]}, *minor["convictions"][1:]]
    assert "DETAINER" in ask({**facts, "convictions": one_weighs}, "2013-02-01")["permitted"]


def test_l18_the_judgment_of_a_field_office_director(ask: Any) -> None:
    facts = {**CUSTODY, "charges": [LITTERING], "national_security": False, "gang": False}
    assert "NOTIFY_REQUEST" not in ask(facts, "2016-03-01")["permitted"]
    answer = ask({**facts, "director_finds_security_danger": True}, "2016-03-01")
    assert "NOTIFY_REQUEST" in answer["permitted"]
    assert answer["bases"]["NOTIFY_REQUEST"] == ["director"]


def test_l19_the_statutes_own_detainer(ask: Any) -> None:
    drugs = {**CUSTODY, "charges": [{**LITTERING, "categories": ["drug_possession"]}]}
    assert "ina_287d" in ask(drugs, "2009-03-01")["flags"]
    assert "ina_287d" not in ask({**CUSTODY, "charges": [LITTERING]}, "2009-03-01")["flags"]


@pytest.mark.parametrize(("on", "contested"), [("2009-03-01", True), ("2011-03-01", True), ("2018-03-01", False)])
def test_l20_no_probable_cause_was_contested(ask: Any, on: str, *, contested: bool) -> None:
    assert any("Morales v. Chadbourne" in doubt for doubt in ask(LOW, on)["doubts"]) is contested


def test_l21_regimes_that_were_missing(ask: Any) -> None:
    assert "pd_2014_discretion" in ask(LOW, "2016-03-01")["flags"]
    assert "pd_2014_discretion" not in ask(LOW, "2017-02-20")["flags"]
    assert any("287(g)" in doubt for doubt in ask(LOW, "2009-06-01")["doubts"])
    assert any("287(g)" in doubt for doubt in ask(LOW, "2025-06-01")["doubts"])
