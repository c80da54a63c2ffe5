"""The language of the rules: what parses to what, and what three-valued logic makes of it."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from tenprint.law import ConditionError, vocabulary
from tenprint.law.conditions import And, AtLeast, Compare, Constant, Else, Includes, Is, Not, Or, parse
from tenprint.law.truth import Scope, conjunction, disjunction, truth, unknowns

NO = False


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", Is("a")),
        ("not a and b", And((Not(Is("a")), Is("b")))),
        ("a or b and c", Or((Is("a"), And((Is("b"), Is("c")))))),
        ("(a or b) and c", And((Or((Is("a"), Is("b"))), Is("c")))),
        ("a else b or c", Else(Is("a"), Or((Is("b"), Is("c"))))),
        ("age >= 16", Compare("age", ">=", 16)),
        ("age is not 16", Compare("age", "!=", 16)),
        ("ncic is \"0399\"", Compare("ncic", "=", "0399")),
        ("on < 2014-01-01", Compare("on", "<", date(2014, 1, 1))),
        ("warrant is I-200", Compare("warrant", "=", "I-200")),
        ("juvenile is false", Compare("juvenile", "=", NO)),
        ("kinds includes dui", Includes("kinds", ("dui",))),
        ("kinds includes any of (dui, theft)", Includes("kinds", ("dui", "theft"))),
        ("any charge where (a)", AtLeast(1, "charges", Is("a"))),
        ("no charge where (a)", Not(AtLeast(1, "charges", Is("a")))),
        ("every charge where (a)", Not(AtLeast(1, "charges", Not(Is("a"))))),
        ("at least 3 convictions where (a)", AtLeast(3, "convictions", Is("a"))),
        ("at least 3 convictions in separate incidents where (a)", AtLeast(3, "convictions", Is("a"), separate=True)),
        ("true", Constant(value=True)),
        ("not false", Not(Constant(value=False))),
    ],
)  # fmt: skip
def test_a_condition_parses(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected the name of a fact, got the end of the condition"),
        ("a b", "expected the end of the condition, 'and', 'or' or 'else', got 'b' at character 3"),
        ("a and", "got the end of the condition"),
        ("(a", r"expected '\)'"),
        ("a & b", "cannot read '& b' at character 2"),
        ("any charge (a)", r"expected 'where \('"),
        ("at least charges where (a)", "expected a number of records, got 'charges'"),
        ("age >", "expected a value"),
        ("on < 2014-02-30", "is not a day of the calendar"),
        ("not or a", "expected the name of a fact, got 'or'"),
    ],
)
def test_a_condition_that_cannot_be_read_says_where(text: str, message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        parse(text)


THREE = (True, False, None)


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_kleene_tables(a: bool | None, b: bool | None) -> None:
    """Unknown stays unknown unless every way of filling it in gives the same answer."""
    for join, plain in ((conjunction, lambda x, y: x and y), (disjunction, lambda x, y: x or y)):
        filled = {
            plain(x, y)
            for x in ([a] if a is not None else [True, False])
            for y in ([b] if b is not None else [True, False])
        }
        assert join([a, b]) == (filled.pop() if len(filled) == 1 else None)


def ask(text: str, **facts: object) -> bool | None:
    return truth(parse(text), Scope(vocabulary(), facts))


def test_records_are_counted_with_what_is_unknown_about_them() -> None:
    felonies = "at least 2 convictions where (grade is felony)"
    assert ask(felonies) is None
    assert ask(felonies, convictions=[]) is False
    assert ask(felonies, convictions=[{"grade": "felony"}, {}]) is None
    assert ask(felonies, convictions=[{"grade": "felony"}, {"grade": "misdemeanor"}]) is False
    assert ask(felonies, convictions=[{"grade": "felony"}, {"grade": "felony"}, {}]) is True
    assert ask("every charge where (grade is felony)", charges=[]) is True
    assert ask("every charge where (grade is felony)", charges=[{"grade": "felony"}, {}]) is None
    assert ask("no charge where (grade is felony)", charges=[{"grade": "misdemeanor"}]) is True


def test_incidents_are_counted_once_and_an_unnamed_one_may_be_any() -> None:
    three = "at least 3 convictions in separate incidents where (grade is felony)"

    def felonies(*incidents: str | None) -> bool | None:
        return ask(three, convictions=[{"grade": "felony", "incident": i} for i in incidents])

    assert felonies("A", "B", "C") is True
    assert felonies("A", "A", "B") is False
    assert felonies("A", "B", None) is None
    assert felonies("A", "A", None) is False
    assert felonies(None, None, None) is None
    assert ask("at least 1 convictions in separate incidents where (true)", convictions=[{}]) is True


def test_the_right_side_of_else_counts_only_when_the_left_is_unknown() -> None:
    assert ask("victim else witness", victim=False, witness=True) is False
    assert ask("victim else witness", witness=True) is True
    assert ask("victim else witness") is None


def test_a_derived_fact_follows_from_its_sources_and_a_stated_one_wins() -> None:
    assert ask("juvenile", age=17) is True
    assert ask("juvenile", age=17, treat_as_adult=True) is False
    assert ask("juvenile", age=18) is False
    assert ask("juvenile") is None
    assert ask("juvenile", juvenile=True) is True


def test_what_is_missing_is_named_by_its_source() -> None:
    def missing(text: str, **facts: object) -> set[str]:
        return unknowns(parse(text), Scope(vocabulary(), facts))

    assert missing("victim or witness", victim=True) == set()
    assert missing("victim or witness", victim=False) == {"witness"}
    assert missing("juvenile") == {"age"}
    assert missing("felony_conviction") == {"convictions"}
    assert missing("felony_conviction", convictions=[{"juvenile": False}]) == {"convictions.grade"}
    assert missing(
        "three_misdemeanors_separate", convictions=[{"grade": "misdemeanor", "categories": ["theft"]}] * 3
    ) == {"convictions.incident"}
    assert missing("any conviction where (over_a_year)", convictions=[{}]) == {
        "convictions.max_sentence_days",
        "convictions.grade",
    }
