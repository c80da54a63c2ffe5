"""Answers of the law: what may be relied on, in which order things win, and what a trace holds."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.generated import People

from tenprint import law
from tenprint.law.vocabulary import TABLES

LAW = law.load()
DAYS = {question: [start for start, *_ in LAW.spans(question)] for question in LAW.questions}
WHEN_KNOWN = {
    "victim", "witness", "plaintiff", "citizenship_indicator", "citizenship_evidence", "age", "juvenile",
    "in_proceedings",
}  # fmt: skip
ARRESTED: dict[str, Any] = {"in_custody": True, "arrested_by_lea": True, "reason_to_believe": True}


def known(person: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in person.items() if value is not None}


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(q, d) for q, days in DAYS.items() for d in days]))
def test_learning_more_never_takes_back_a_decided_answer(seed: int, asked: tuple[str, date]) -> None:
    """A duty, a permission or a class that holds with some facts unknown holds however they are filled in.

    Left out: facts of which a rule says itself that it does not apply while they are unknown, such as `victim`, and
    those that an answer names as not asked.
    """
    question, on = asked
    full = known(People(LAW.vocabulary, seed).person())
    dice = random.Random(seed)
    part = {
        name: value
        for name, value in full.items()
        if LAW.vocabulary.facts[name].default is not None or name in WHEN_KNOWN or dice.random() < 0.7
    }
    before, after = law.evaluate(question, part, on=on), law.evaluate(question, full, on=on)
    while more := {name: full[name] for name in before.not_asked if name in full and name not in part}:
        part |= more  # the answer itself says that it did not ask for these
        before = law.evaluate(question, part, on=on)
    weak = {"NEEDS_MORE_FACTS", "NO_ACTION"}
    assert set(before.permitted) - weak <= set(after.permitted)
    assert set(before.duties) <= set(after.duties)
    if "NEEDS_MORE_FACTS" not in before.permitted and question != "level":
        assert set(after.permitted) == set(before.permitted)
    if before.result not in {None, "UNK"}:
        assert set(before.results) <= set(after.results)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(q, d) for q in ("detainer", "opt_out") for d in DAYS[q]]))
def test_asking_for_more_facts_always_names_them(seed: int, asked: tuple[str, date]) -> None:
    answer = law.evaluate(asked[0], known(People(LAW.vocabulary, seed).person()), on=asked[1])
    assert ("NEEDS_MORE_FACTS" in answer.permitted) == bool(answer.missing)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DAYS["detainer"]))
def test_no_hold_while_citizenship_is_indicated(seed: int, on: date) -> None:
    person = known(People(LAW.vocabulary, seed).person()) | {"citizenship_indicator": True}
    answer = law.evaluate("detainer", person, on=on, controls=True)
    assert not {"DETAINER", "NOTIFY_REQUEST", "TRANSFER_REQUEST"} & {*answer.permitted, *answer.duties}
    assert "SUPERVISOR_REVIEW" in answer.permitted


@settings(deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from([d for d in DAYS["detainer"] if date(2011, 6, 17) <= d < date(2025, 1, 31)])
)
def test_a_victim_is_left_alone_unless_someone_states_why_not(seed: int, on: date) -> None:
    person = known(People(LAW.vocabulary, seed).person()) | {"victim": True, "adverse_factors": []}
    person["exceptional_circumstances"] = False
    answer = law.evaluate("detainer", person, on=on)
    assert not {"DETAINER", "NOTIFY_REQUEST", "TRANSFER_REQUEST"} & ({*answer.permitted} - {*answer.duties})


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DAYS["level"]))
def test_code_0399_is_never_level_3(seed: int, on: date) -> None:
    crowd = People(LAW.vocabulary, seed)
    convictions = [{**known(c), "ncic": "0399"} for c in crowd.person()["convictions"] or [{}]]
    assert law.evaluate("level", {"convictions": convictions}, on=on).result != "L3"


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DAYS["level"]))
def test_charges_never_change_a_level(seed: int, on: date) -> None:
    person = known(People(LAW.vocabulary, seed).person())
    without = {name: value for name, value in person.items() if name != "charges"}
    assert law.evaluate("level", person, on=on).result == law.evaluate("level", without, on=on).result


def test_law_that_was_not_known_yet_does_not_count(tmp_path: Path) -> None:
    """A memo signed on 1 March that says it holds from 1 February: a decision of 10 February did not know it."""
    shutil.copytree(TABLES, tmp_path / "tables")
    memo = (TABLES / "regimes" / "DET-2012T.toml").read_text().replace("DET-2012T", "DET-RETRO")
    memo = memo.replace("signed = 2012-04-27", "signed = 2012-03-01").replace(
        "in_force_from = 2012-04-27", "in_force_from = 2012-02-01"
    )
    (tmp_path / "tables" / "regimes" / "DET-RETRO.toml").write_text(memo)
    tables = law.load(tmp_path / "tables")
    none = dict.fromkeys(
        ["reentry_after_removal", "immigration_fraud", "national_security", "gang", "final_order"], False
    )
    facts = {**ARRESTED, **none, "charges": [{"categories": ["minor_traffic"]}], "convictions": []}
    on = date(2012, 2, 10)
    then = law.evaluate("detainer", facts, on=on, known_on=on, law=tables)
    later = law.evaluate("detainer", facts, on=on, known_on=date(2012, 3, 1), law=tables)
    assert "DETAINER" in then.permitted
    assert "DETAINER" not in later.permitted
    assert "DET-RETRO" in later.overlays
    assert "DET-RETRO" not in then.overlays


def test_a_successor_that_was_not_known_yet_leaves_the_old_regime_in_force() -> None:
    """On 25 November 2014 somebody who knew only law up to 19 November still works under the list of 2012."""
    on = date(2014, 11, 25)
    assert law.evaluate("detainer", {}, on=on, known_on=date(2014, 11, 19)).regime == "DET-2012"
    assert law.evaluate("detainer", {}, on=on, known_on=date(2014, 11, 20)).regime == "DET-2014"
    assert law.evaluate("detainer", {}, on=on).regime == "DET-2014"
    unaware = law.load().in_force("detainer", on, date(2014, 11, 19))[1]
    assert "PD-1" in {o.id for o in unaware}


def test_the_trace_holds_each_rule_with_inputs_source_and_standing() -> None:
    facts = {**ARRESTED, "charges": [{"grade": "felony"}], "convictions": [], "significant_risk": True}
    answer = law.evaluate("detainer", facts, on=date(2013, 2, 1))
    assert [line["rule"] for line in answer.trace if line["regime"] == "DET-2012"] == [
        "a", "b", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "d", "e", "f", "g", "h"
    ]  # fmt: skip
    first = answer.trace[0]
    assert (
        first["condition"]
        == "(in_custody and arrested_by_lea and suspected_removable) and (felony_conviction or felony_charge)"
    )
    assert first["holds"] is True
    assert first["follows"] is True
    assert first["effect"] == "permits DETAINER"
    assert first["source"] == ["DG12", "DG12b"]
    assert first["standing"] == "secondary"
    assert first["facts"]["felony_charge"] == {"value": True, "from": {"charges": "1 of 1 records meet the condition"}}
    assert first["facts"]["felony_conviction"] == {
        "value": False,
        "from": {"convictions": "0 of 0 records meet the condition"},
    }
    order = next(line for line in answer.trace if line["rule"] == "f")
    assert (order["holds"], order["follows"]) == ("unknown", "unknown")
    assert order["missing"] == ["final_order"]
    default = next(line for line in answer.trace if line["regime"] == "PD-2" and line["rule"] == "default")
    assert default["unless"].startswith("adverse_factors includes")
    assert "known to be a victim" in default["because"]
    assert default["holds"] == "unknown"
    assert default["follows"] is False
    assert default["facts"] == {
        "victim": "unknown",
        "witness": "unknown",
        "plaintiff": "unknown",
        "adverse_factors": [],
    }
    review = next(line for line in answer.trace if line["regime"] == "PD-1")
    assert (review["condition"], review["facts"]) == ("true", {})
    assert "because" not in review
    assert {"citizenship_indicator", "plaintiff", "victim", "witness"} <= set(answer.not_asked)
    assert not {"final_order", "immigration_fraud"} & set(answer.not_asked)


def test_a_sign_off_is_needed_only_when_no_other_rule_permits() -> None:
    risk = {**ARRESTED, "significant_risk": True, "charges": [], "convictions": []}
    alone = law.evaluate("detainer", risk, on=date(2013, 2, 1), controls=True)
    also = law.evaluate("detainer", {**risk, "charges": [{"grade": "felony"}]}, on=date(2013, 2, 1), controls=True)
    assert (alone.needs_reviewer, also.needs_reviewer) == (True, False)
    assert alone.bases["DETAINER"] == ("h",)
    assert also.bases["DETAINER"] == ("a", "h")
    assert also.needs_reason == ("h",)


def test_the_standing_is_the_weakest_of_what_the_answer_rests_on() -> None:
    clean = {**ARRESTED, "charges": [], "convictions": [], "probable_cause_bases": ["final_order"]}
    assert law.evaluate("detainer", clean, on=date(2015, 2, 1)).standing == "secondary"
    young = law.evaluate("detainer", {**clean, "age": 17}, on=date(2015, 2, 1), controls=True)
    assert young.standing == "unverified"
    assert "E1" in young.sources


def test_where_the_question_had_no_rule_the_trace_says_why() -> None:
    answer = law.evaluate("priority", {}, on=date(2021, 1, 25))
    assert (answer.result, answer.results, answer.permitted) == (None, (), ())
    assert answer.trace[0]["rule"] is None
    assert "revoked" in answer.trace[0]["says"]


def test_history_has_one_row_a_regime_from_2008_to_2025() -> None:
    rows = law.history({**ARRESTED, "charges": [{"grade": "felony"}], "convictions": []})
    about_people = [r.id for r in LAW.regimes if r.question != "opt_out" and r.kind != "control"]
    assert sorted(row.regime for row in rows) == sorted(about_people)
    assert {row.on.year for row in rows} >= {2008, 2010, 2012, 2014, 2017, 2021, 2025}
    for row in rows:
        assert row.evaluation.trace
        assert row.evaluation.standing in {"primary", "secondary", "unverified"}
        assert row.regime in {row.evaluation.regime, *row.evaluation.overlays}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"final_orders": True}, r"nobody knows a fact called 'final_orders' \(did you mean 'final_order'\?\)"),
        ({"final_order": "yes"}, "'final_order': expected true or false .leave it out when unknown., got 'yes'"),
        ({"age": "old"}, "'age': expected a whole number, got 'old'"),
        ({"age": True}, "'age': expected a whole number"),
        ({"entered_on": "2012-13-01"}, "'entered_on': expected a date such as 2012-12-21"),
        ({"entered_on": 5}, "'entered_on': expected a date"),
        ({"immigration_warrant": "I-999"}, "expected one of none, I-200, I-205, got 'I-999'"),
        ({"adverse_factors": ["rude"]}, "'adverse_factors': 'rude' is no value of it"),
        ({"adverse_factors": "rude"}, "expected a list of values"),
        ({"convictions": {}}, "expected a list of records"),
        ({"convictions": [5]}, r"'convictions\[0\]': expected a record, got 5"),
        ({"convictions": [{"grade": "petty"}]}, r"'convictions\[0\].grade': expected one of felony, misdemeanor"),
        ({"convictions": [{"sentence": 3}]}, r"nobody knows a fact called 'convictions\[0\].sentence'"),
        ({"significant_risk_reason": 5}, "expected text, got 5"),
        ({"juvenile": True, "age": 30}, "'juvenile' is stated as true, but the other facts say false"),
    ],
)
def test_facts_that_cannot_be_used_are_refused(facts: dict[str, Any], message: str) -> None:
    with pytest.raises(law.FactsError, match=message):
        law.evaluate("detainer", facts, on=date(2013, 1, 1))


def test_facts_come_in_many_shapes() -> None:
    """Dates as text, date or time; sets as any list; None as unknown; a stated fact that agrees with the records."""
    from datetime import UTC, datetime

    shapes = ["2020-11-02", date(2020, 11, 2), datetime(2020, 11, 2, 5, tzinfo=UTC)]
    answers = {
        law.evaluate("priority", {"entered_on": shape, "national_security": None}, on=date(2021, 3, 1)).results
        for shape in shapes
    }
    assert answers == {("BS",)}
    young = law.evaluate("detainer", {"juvenile": True, "age": 17}, on=date(2021, 3, 1), controls=True)
    assert young.flags[0] == "juvenile"


@pytest.mark.parametrize("day", ["2011-08-04", "2011-08-05"])
def test_the_opt_out_rule_needs_a_letter(day: str) -> None:
    answer = law.evaluate("opt_out", {"written_request": False}, on=date.fromisoformat(day))
    assert (answer.permitted, answer.duties) == ((), ())


def test_what_is_missing_is_only_what_could_change_the_answer() -> None:
    """The policy for victims has decided the choice; only the statute's duty is open, and it hangs on one fact."""
    facts = {"in_custody": True, "victim": True, "charges": [{"categories": ["theft"]}]}
    answer = law.evaluate("detainer", facts, on=date(2025, 1, 30))
    assert answer.missing == ("inadmissible",)
    assert answer.permitted == ("NO_ACTION", "NEEDS_MORE_FACTS")


def test_an_overlay_ends_on_its_day_and_not_before_its_end_was_known() -> None:
    def overlays(on: str, known_on: str | None = None) -> set[str]:
        known = None if known_on is None else date.fromisoformat(known_on)
        return {o.id for o in LAW.in_force("detainer", date.fromisoformat(on), known)[1]}

    assert "PD-4" not in overlays("2017-02-19")
    assert "PD-4" in overlays("2017-02-20") & overlays("2021-01-19")
    assert "PD-4" not in overlays("2021-01-20")
    assert "PD-4" not in overlays("2021-01-25", known_on="2021-01-20")
    assert "PD-4" in overlays("2021-01-25", known_on="2021-01-19")


def test_the_days_of_a_question_fall_into_spans() -> None:
    spans = [(str(start), str(end), base.id, overlays) for start, end, base, overlays in LAW.spans("level")]
    assert spans == [
        ("2008-10-01", "2010-06-30", "LVL-2008", ()),
        ("2010-06-30", "2014-11-20", "LVL-2010", ()),
        ("2014-11-20", "None", "LVL-2014", ()),
    ]
    acts = list(LAW.spans("detainer"))
    assert [span[1] for span in acts[:-1]] == [span[0] for span in acts[1:]]
    assert acts[0][0] == date(2008, 10, 1)
    assert acts[-1][1] is None
