"""Python and DuckDB give the same answer for the same facts, unknown ones included, under every regime.

`TENPRINT_CASES=200000` runs the long form; continuous integration runs fewer cases.
"""

from __future__ import annotations

import os
from datetime import date

import duckdb
import pytest
from tests.law.generated import People, table_of

from tenprint import law
from tenprint.law import sql
from tenprint.law.evaluate import answer
from tenprint.law.truth import Scope

CASES = int(os.environ.get("TENPRINT_CASES", "400"))
CHUNK = 20_000
LAW = law.load()
SPANS = [(question, start) for question in LAW.questions for start, *_ in LAW.spans(question)]


@pytest.fixture(scope="module")
def differences() -> dict[tuple[str, date], list[str]]:
    """Under the law of each span of days: people for whom the two engines differ."""
    found: dict[tuple[str, date], list[str]] = {span: [] for span in SPANS}
    for first in range(0, CASES, CHUNK):
        crowd = People(LAW.vocabulary, seed=first, stated=0.1)
        people = [crowd.person() for _ in range(min(CHUNK, CASES - first))]
        scopes = [Scope(LAW.vocabulary, {k: v for k, v in p.items() if v is not None}) for p in people]
        with duckdb.connect() as db:
            db.register("arrived", table_of(people, LAW.vocabulary))
            db.execute("CREATE TABLE people AS SELECT * FROM arrived")
            columns = sql.columns_of(db, "people")
            for question, on in SPANS:
                query = sql.select(question, "people", columns, on=on, keep=["n"])
                for row in db.sql(query).fetchall():
                    mine = _python(question, on, scopes[row[0]])
                    theirs = (row[1], tuple(row[2]), tuple(row[3])) if len(row) == 4 else (row[1], row[2])
                    if mine != theirs:
                        found[question, on].append(f"{people[row[0]]}: Python {mine}, DuckDB {theirs}")
    return found


def _python(question: str, on: date, scope: Scope) -> tuple[object, ...]:
    base, overlays = LAW.in_force(question, on)
    result = answer(LAW.questions[question], base, overlays, scope)
    return (base.id, result.result) if LAW.questions[question].classes else (base.id, result.permitted, result.duties)


@pytest.mark.parametrize(("question", "on"), SPANS, ids=str)
def test_both_engines_agree(question: str, on: date, differences: dict[tuple[str, date], list[str]]) -> None:
    assert differences[question, on] == []


def test_the_generated_people_reach_every_answer() -> None:
    """Otherwise agreement would say little: each act is both permitted and not, and each class is reached."""
    crowd = People(LAW.vocabulary, seed=1)
    scopes = [Scope(LAW.vocabulary, {k: v for k, v in crowd.person().items() if v is not None}) for _ in range(600)]
    misdemeanor = {"grade": "misdemeanor", "categories": frozenset({"theft"}), "aggravated_felony": False}
    harmless = dict.fromkeys(["national_security", "gang", "gang_conviction", "apprehended_entering"], False)
    rare = {**harmless, "convictions": [{**misdemeanor, "incident": incident} for incident in "ABC"]}
    scopes.append(Scope(LAW.vocabulary, rare))
    acts, classes = set(), set()
    for question, on in SPANS:
        for scope in scopes:
            seen = _python(question, on, scope)
            acts |= set(seen[1]) if isinstance(seen[1], tuple) else set()
            classes |= {seen[1]} if isinstance(seen[1], str) else set()
    assert acts == {act for q in LAW.questions.values() for act in q.acts}
    assert classes == {name for q in LAW.questions.values() for name in q.classes}


def test_every_row_under_the_law_of_its_own_day() -> None:
    crowd = People(LAW.vocabulary, seed=7)
    people = [crowd.person() for _ in range(60)]
    days = [date(2008 + i % 17, 1 + i % 12, 1 + i % 28) for i in range(len(people))]
    days = [max(day, date(2008, 10, 1)) for day in days]
    table = table_of(people, LAW.vocabulary)
    with duckdb.connect() as db:
        db.register("people", table.append_column("on_day", [days]))
        query = sql.select_by_day("detainer", "people", sql.columns_of(db, "people"), keep=["n"])
        rows = db.sql(query).fetchall()
    assert sorted(row[0] for row in rows) == list(range(len(people)))
    for n, regime, permitted, duties in rows:
        expected = law.evaluate("detainer", people[n], on=days[n])
        assert (regime, tuple(permitted), tuple(duties)) == (expected.regime, expected.permitted, expected.duties)


def test_a_table_without_columns_knows_nothing() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE TABLE nobody AS SELECT 1 AS n")
        query = sql.select("detainer", "nobody", sql.columns_of(db, "nobody"), on=date(2013, 1, 1))
        assert db.sql(query).fetchall() == [("DET-2012", ["NO_ACTION", "NEEDS_MORE_FACTS"], [])]
