"""The examples of `examples.toml`: given these facts, when the law of that day is asked, then this is the answer.

The same examples stand in the handbook, on the page of their regime.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tenprint import law

TABLE = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))
EXAMPLES: list[dict[str, Any]] = TABLE["example"]
EXPECTED = ("permitted", "duties", "missing", "flags", "result", "results", "needs_reason", "needs_reviewer")


def facts_of(example: dict[str, Any]) -> dict[str, Any]:
    facts = {**TABLE["base"][example["question"]], **example.get("given", {})}
    return {name: value for name, value in facts.items() if value != "unknown"}


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e['regime']}: {e['title']}" for e in EXAMPLES])
def test_the_law_answers_as_written(example: dict[str, Any]) -> None:
    answer = law.evaluate(example["question"], facts_of(example), on=example["on"], controls=example.get("controls"))
    assert example["regime"] in {answer.regime, *answer.overlays, *answer.controls}
    if example.get("no_rule"):
        assert (answer.result, answer.permitted) == (None, ())
    for name in EXPECTED:
        if name in example:
            wanted = tuple(example[name]) if isinstance(example[name], list) else example[name]
            assert getattr(answer, name) == wanted, name


@pytest.mark.parametrize("regime", [r.id for r in law.load().regimes])
def test_every_regime_has_an_example(regime: str) -> None:
    assert regime in {e["regime"] for e in EXAMPLES}


PAIRS = [
    ("2010-06-29", "2010-06-30", "level"),
    ("2011-06-16", "2011-06-17", "detainer"),
    ("2012-04-26", "2012-04-27", "detainer"),
    ("2012-12-20", "2012-12-21", "detainer"),
    ("2014-11-19", "2014-11-20", "detainer"),
    ("2015-01-04", "2015-01-05", "priority"),
    ("2017-01-24", "2017-01-25", "detainer"),
    ("2017-04-01", "2017-04-02", "detainer"),
    ("2021-01-19", "2021-01-20", "priority"),
    ("2021-01-20", "2021-02-01", "priority"),
    ("2025-01-19", "2025-01-20", "priority"),
]


@pytest.mark.parametrize(("before", "after", "question"), PAIRS)
def test_the_calendar_of_regimes(before: str, after: str, question: str) -> None:
    """Each pair of days has different law, and examples on both days."""
    from datetime import date

    days = date.fromisoformat(before), date.fromisoformat(after)
    laws = [law.load().in_force(question, day) for day in days]
    assert [r.id for r in (laws[0][0], *laws[0][1])] != [r.id for r in (laws[1][0], *laws[1][1])]
    written = {e["on"] for e in EXAMPLES if e["question"] == question}
    assert set(days) <= written
