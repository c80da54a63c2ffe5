"""A juvenile adjudication is nowhere counted as a conviction (finding L15)."""

from __future__ import annotations

from datetime import date

import pytest

from tenprint import law
from tenprint.law.facts import read_facts

WORDS = law.vocabulary()
DERIVED = sorted(
    name for name, fact in WORDS.facts.items() if fact.rule is not None and "conviction" in (fact.derive or "")
)
WORST = {
    "grade": "felony", "ncic": "1201", "max_sentence_days": 3650, "sentence_days": 400, "aggravated_felony": True,
    "categories": list(next(f for f in WORDS.records["conviction"].fields.values() if f.name == "categories").values),
}  # fmt: skip
ADJUDICATED = [
    {**WORST, "id": f"{grade}-{i}", "grade": grade, "incident": str(i), "juvenile": True}
    for i in range(4)
    for grade in ("felony", "misdemeanor")
]


@pytest.mark.parametrize("name", DERIVED)
def test_l15_no_derived_fact_takes_an_adjudication_for_a_conviction(name: str) -> None:
    with_them = read_facts({"charges": [], "convictions": ADJUDICATED}, WORDS)
    without = read_facts({"charges": [], "convictions": []}, WORDS)
    assert with_them.value(name) is without.value(name)


@pytest.mark.parametrize(
    ("on", "category", "more"),
    [
        (date(2025, 2, 5), "shoplifting", {"inadmissible": True}),
        (date(2013, 2, 1), "illegal_entry", {"final_order": False, "reentry_after_removal": False}),
    ],
)
def test_l15_an_adjudication_is_no_ground_of_a_detainer(on: date, category: str, more: dict[str, object]) -> None:
    record = {"id": "j", "grade": "misdemeanor", "categories": [category], "juvenile": True}
    facts = {
        "in_custody": True, "arrested_by_lea": True, "reason_to_believe": True, "charges": [], "age": 30,
        "immigration_fraud": False, "convictions": [record], **more,
    }  # fmt: skip
    answer = law.evaluate("detainer", facts, on=on)
    assert "DETAINER" not in answer.duties
    assert "d" not in answer.bases.get("DETAINER", ())
    assert "DETAINER" not in answer.permitted
