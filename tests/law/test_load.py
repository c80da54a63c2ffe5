"""What is wrong with a body of law is found when it is loaded, in words that a lawyer understands."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from tenprint import law
from tenprint.law.places import read_rows
from tenprint.law.vocabulary import TABLES

INVENTED = """
id = "DET-2031"
question = "detainer"
kind = "base"
title = "An invented regime"
signed = 2031-04-30
in_force_from = 2031-05-01
authority = "Invented for this test"
source = ["GENERAL"]
standing = "unverified"
says = "A detainer only for people convicted of a felony."
always = ["NO_ACTION"]
standard = "in_custody and probable_cause"

[[rule]]
code = "a"
says = "Convicted of a felony."
when = "felony_conviction"
permits = ["DETAINER"]
"""


ORDER, BASE, SIGNED = 'when = "final_order"', 'kind = "base"', 'code = "h"'
"""Lines of DET-2012.toml that the tests below spoil."""


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the shipped tables, to be changed."""
    shutil.copytree(TABLES, tmp_path / "tables")
    return tmp_path / "tables"


def change(tables: Path, regime: str, old: str, new: str) -> None:
    path = tables / "regimes" / f"{regime}.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def faults(tables: Path) -> str:
    with pytest.raises(law.TablesError) as refused:
        law.load(tables)
    number = len(refused.value.faults)
    assert str(refused.value).startswith(f"the law tables have {number} fault{'s' if number > 1 else ''}:\n- ")
    return str(refused.value)


def test_the_shipped_tables_are_sound() -> None:
    tables = law.load()
    assert len(tables.regimes) == len(list((TABLES / "regimes").glob("*.toml"))) >= 34
    assert law.load() is tables
    assert law.load(TABLES).regimes == tables.regimes


def test_adding_a_regime_takes_one_file(tables: Path) -> None:
    """The invented regime starts in 2031; the one before it ends there. Nothing else is touched."""
    (tables / "regimes" / "DET-2031.toml").write_text(INVENTED)
    change(tables, "DET-2025", "in_force_from = 2025-01-20\n", "in_force_from = 2025-01-20\nin_force_to = 2031-05-01\n")
    change(
        tables, "DET-2025b", "in_force_from = 2025-01-29\n", "in_force_from = 2025-01-29\nin_force_to = 2031-05-01\n"
    )
    change(
        tables, "DET-2017D", "in_force_from = 2017-04-02\n", "in_force_from = 2017-04-02\nin_force_to = 2031-05-01\n"
    )
    mine = law.load(tables)
    facts = {"in_custody": True, "probable_cause_bases": ["final_order"], "convictions": [{"grade": "felony"}]}
    answer = law.evaluate("detainer", facts, on=date(2031, 5, 1), law=mine)
    assert (answer.regime, answer.permitted) == ("DET-2031", ("NO_ACTION", "DETAINER"))
    none = law.evaluate("detainer", {**facts, "convictions": []}, on=date(2031, 5, 1), law=mine)
    assert none.permitted == ("NO_ACTION",)
    assert "DET-2031" in {row.regime for row in law.history(facts, law=mine)}
    for start, *_ in law.load().spans("detainer"):  # the future does not change the past
        assert (
            law.evaluate("detainer", facts, on=start, law=mine).trace == law.evaluate("detainer", facts, on=start).trace
        )


def test_an_overlay_is_one_new_file_and_no_change_at_all(tables: Path) -> None:
    overlay = INVENTED.replace('kind = "base"', 'kind = "overlay"\nover = ["DET-2025"]').replace(
        "DET-2031", "DET-2031x"
    )
    overlay = re.sub(r"(always|standard) = .*\n", "", overlay).replace('permits = ["DETAINER"]', 'flag = "felony"')
    (tables / "regimes" / "DET-2031x.toml").write_text(overlay)
    facts = {"convictions": [{"grade": "felony"}]}
    mine = law.load(tables)
    assert law.evaluate("detainer", facts, on=date(2031, 5, 1), law=mine).flags == ("felony",)
    assert law.evaluate("detainer", facts, on=date(2031, 4, 30), law=mine).flags == ()


def test_a_gap_names_its_days_and_neighbours(tables: Path) -> None:
    change(tables, "DET-2010", "in_force_to = 2012-12-21", "in_force_to = 2012-12-01")
    change(tables, "DET-2012T", "in_force_to = 2012-12-21", "in_force_to = 2012-12-01")
    change(tables, "PD-3", "in_force_to = 2012-12-21", "in_force_to = 2012-12-01")
    text = faults(tables)
    assert "detainer: no rule from 2012-12-01 to 2012-12-21, between DET-2010 and DET-2012" in text
    assert "no_rule = true" in text


def test_a_question_must_be_answered_from_its_first_day_to_today(tables: Path) -> None:
    change(tables, "LVL-2008", "in_force_from = 2008-10-01", "in_force_from = 2008-11-01")
    change(tables, "LVL-2014", "in_force_from = 2014-11-20", "in_force_from = 2014-11-20\nin_force_to = 2020-01-01")
    text = faults(tables)
    assert "level: no rule from 2008-10-01 to 2008-11-01, before LVL-2008" in text
    assert "level: no rule from 2020-01-01 on, after LVL-2014" in text


def test_two_base_regimes_at_once_are_an_undeclared_overlap(tables: Path) -> None:
    change(tables, "DET-2010", "in_force_to = 2012-12-21", "in_force_to = 2013-06-01")
    text = faults(tables)
    assert "DET-2010 and DET-2012 are both in force from 2012-12-21 to 2013-06-01" in text
    assert 'declare DET-2012 an overlay with kind = "overlay" and over = ["DET-2010"]' in text


def test_an_overlay_outside_its_bases_is_an_undeclared_overlap(tables: Path) -> None:
    change(tables, "DET-2012T", "in_force_to = 2012-12-21", "in_force_to = 2013-06-01")
    text = faults(tables)
    assert "DET-2012T: an undeclared overlap: it is in force from 2012-04-27 to 2013-06-01" in text
    assert "lie only over DET-2010 (2010-08-02 to 2012-12-21)" in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source = ["DG12", "DG12b"]\n', "", "DET-2012.toml: a source is missing; add the line 'source = ...'"),
        ('source = ["DG12", "DG12b"]', "source = []", "DET-2012.toml: a source is missing"),
        ('source = ["DG12", "DG12b"]', 'source = ["DG21"]', "DET-2012: the source 'DG21' is not in sources.toml"),
        ("in_force_from = 2012-12-21\n", "", "DET-2012.toml: the day from which it is in force is missing"),
        ('standing = "secondary"', 'standing = "certain"', "DET-2012.toml: Invalid enum value 'certain'"),
        (ORDER, 'when = "final_orders"', "nobody knows a fact called 'final_orders' (did you mean 'final_order'?)"),
        (ORDER, 'when = "final_order and"', "expected the name of a fact, got the end of the condition"),
        (ORDER, 'when = "age"', "'age' is a number, so it needs a comparison"),
        (ORDER, 'when = "age is adult"', "'age' is a number and cannot be compared with 'adult'"),
        (ORDER, 'when = "victim > false"', "'victim' is a boolean: it can only be compared with 'is' and 'is not'"),
        (ORDER, 'when = "immigration_warrant is I-201"', "'I-201' is no value of 'immigration_warrant'"),
        (ORDER, 'when = "adverse_factors includes rude"', "'rude' is no value of 'adverse_factors'"),
        (ORDER, 'when = "age includes rude"', "'age' is a number, not a set"),
        (ORDER, 'when = "any charge where (any charge where (true))"', "records within records are not possible"),
        ('permits = ["DETAINER"]', 'permits = ["DETAIN"]', "permits: 'DETAIN' is not one of NO_ACTION"),
        ('permits = ["DETAINER"]', "", "DET-2012, rule 'a': nothing follows from it"),
        ('code = "b"', 'code = "a"', "DET-2012: two rules are called 'a'"),
        ('question = "detainer"', 'question = "parole"', "DET-2012: nobody asks 'parole'"),
        ("in_force_to = 2014-11-20", "in_force_to = 2012-12-21", "it ends on 2012-12-21, not after it starts"),
        (BASE, f'{BASE}\nover = ["DET-2010"]', "a base regime lies over nothing"),
        (BASE, 'kind = "overlay"', "an overlay must declare what it lies over"),
        (BASE, 'kind = "overlay"\nover = ["DET-2011"]', "there is no base regime 'DET-2011' to lie over"),
        (BASE, 'kind = "overlay"\nover = ["PRI-2010"]', "there is no base regime 'PRI-2010' to lie over"),
        (BASE, 'kind = "overlay"\nover = ["PD-3"]', "there is no base regime 'PD-3' to lie over"),
        ('title = "', "title = ", "DET-2012.toml: not a TOML file"),
        (SIGNED, f'{SIGNED}\nif_unknown = "does not apply"', "say why with 'because = ...'"),
        (SIGNED, f'{SIGNED}\nunless = "victim"', "'unless' belongs to a rule that withholds"),
        (SIGNED, f"{SIGNED}\ncolor = 1", "contains unknown field `color`"),
        ('always = ["NO_ACTION"]', 'always = ["NOTHING"]', "DET-2012: always: 'NOTHING' is not one of"),
        ('always = ["NO_ACTION"]', 'always = ["NO_ACTION"]\nno_rule = true', "it says no_rule and has rules"),
    ],
)
def test_a_fault_is_explained(tables: Path, old: str, new: str, message: str) -> None:
    change(tables, "DET-2012", old, new)
    assert message in faults(tables)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('gives = "L1"', 'gives = "L9"', "LVL-2010, rule '1': it gives 'L9', which has no place in 'ranks'"),
        ('otherwise = "UNK"', "", "LVL-2010: 'otherwise' must name the class when no rule holds"),
        ('[["L1"]', '[["LX"]', "LVL-2010: ranks: 'LX' is not one of L1, L2, L3, NC, UNK"),
        ("not juvenile and over_a_year", "not juvenile and over_a_week", "'over_a_week' (did you mean 'over_a_year'?)"),
        (
            "convictions where",
            "sentences where",
            "there are no records called 'sentences'; there are charges, convictions",
        ),
    ],
)
def test_a_fault_of_a_level_is_explained(tables: Path, old: str, new: str, message: str) -> None:
    change(tables, "LVL-2010", old, new)
    assert message in faults(tables)


def test_a_question_about_acts_can_ask_for_more_facts(tables: Path) -> None:
    path = tables / "questions.toml"
    path.write_text(path.read_text().replace(', "NEEDS_MORE_FACTS"]', "]"))
    assert "the question 'opt_out' has acts but no way to ask for more" in faults(tables)


def test_every_fault_is_reported_at_once(tables: Path) -> None:
    change(tables, "DET-2012", 'when = "final_order"', 'when = "final_orders"')
    change(tables, "PD-1", 'source = ["PD1", "SEED1"]\n', "")
    change(tables, "LVL-2010", 'gives = "L1"', 'gives = "L9"')
    text = faults(tables)
    assert text.startswith("the law tables have 3 faults:")


def test_a_file_twice_under_one_name(tables: Path) -> None:
    shutil.copy(tables / "regimes" / "PD-1.toml", tables / "regimes" / "PD-1b.toml")
    assert "two files say that they are PD-1" in faults(tables)


def test_changing_a_word_changes_the_hash(tables: Path) -> None:
    before = law.load().regime("DET-2012").digest
    change(tables, "DET-2012", "A prior felony conviction", "An earlier felony conviction")
    after = law.load(tables).regime("DET-2012").digest
    assert before != after
    assert law.evaluate("detainer", {}, on=date(2013, 1, 1)).regime_hash == before


def test_a_vocabulary_with_faults_is_refused(tables: Path) -> None:
    path = tables / "vocabulary.toml"
    text = path.read_text()
    path.write_text(text.replace('derive = "age < 18 and not treat_as_adult"', 'derive = "age < 18 and not adult"'))
    assert "the derivation of 'juvenile': nobody knows a fact called 'adult'" in faults(tables)


def test_days_before_the_tables_and_unknown_questions_are_refused() -> None:
    with pytest.raises(law.LawError, match="the tables start on 2008-10-01"):
        law.evaluate("detainer", {}, on=date(2008, 9, 30))
    with pytest.raises(law.LawError, match="expected a question of detainer, level, priority, opt_out, got 'bail'"):
        law.evaluate("bail", {}, on=date(2012, 9, 30))
    with pytest.raises(law.LawError, match="there is no regime 'DET-1999'"):
        law.load().regime("DET-1999")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('hold = "MAY_HOLD_IF"\n', "", "it says nothing of holding or notice"),
        (
            'conditions = ["an agreement',
            'conditions = []\nnotify_conditions = ["an agreement',
            "MAY_HOLD_IF without a condition",
        ),
        ('level = "county ordinance"', 'level = "county habit"', "there is no level 'county habit'"),
        (
            ', "a conviction of a listed serious or violent felony"]',
            ", 1]",
            "Expected `str`, got `int`",
        ),
        (
            "in_force_from = 2011-10-18",
            "in_force_from = 2011-10-18\nin_force_to = 2011-10-18",
            "it ends before it begins",
        ),
        ('standing = "unverified"', 'standing = "primary"', "what was not read here is unverified"),
        ('id = "SCLARA-2011"', 'id = "COOK-2011"', "two rows are called COOK-2011"),
    ],
)
def test_a_fault_of_a_row_of_a_place_is_explained(tables: Path, old: str, new: str, message: str) -> None:
    path = tables / "places" / "counties.toml"
    before, row, after = path.read_text().partition('[[row]]\nid = "SCLARA-2011"')
    assert old in row + after
    path.write_text(before + (row + after).replace(old, new, 1))
    with pytest.raises(law.TablesError) as refused:
        read_rows(tables / "places", law.load(tables).vocabulary)
    assert message in str(refused.value)


def test_a_regime_without_any_rule_says_so_or_is_a_fault(tables: Path) -> None:
    head, _, _ = INVENTED.partition("[[rule]]")
    (tables / "regimes" / "DET-2031.toml").write_text(head)
    assert "DET-2031: it has no rule; add [[rule]], or no_rule = true" in faults(tables)
