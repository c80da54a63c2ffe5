"""The handbook promises what holds (finding L24)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tenprint import law
from tenprint.cases.card.detainer import PROBABLE_CAUSE

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbook"


def slug(name: str) -> str:
    return "form-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") + ".md"


def test_l24_a_form_page_names_its_boxes_of_probable_cause_where_it_has_them() -> None:
    for form in law.all_forms():
        page = (HANDBOOK / "law" / slug(form.name)).read_text("utf-8")
        said = re.search(r"\*\*Boxes of probable cause\*\* \| (.*?) \|", page)
        assert said is not None, form.name
        assert said.group(1) == (", ".join(PROBABLE_CAUSE) if form.probable_cause else "none"), form.name


def test_l24_prevented_alone_is_said_of_nothing_that_has_a_way_round() -> None:
    lines = (HANDBOOK / "failure-modes.md").read_text("utf-8").splitlines()
    rows = {r.split("|")[1].strip(): r for r in lines if r.startswith("| F")}
    for name in ("F3", "F11", "F12", "F14", "F15", "F17"):
        assert rows[name].split("|")[3].strip() == "prevented and revealed", name


def test_t26_a_fact_by_another_name_is_answered_with_the_words_that_are_known() -> None:
    with pytest.raises(law.LawError, match=r"'us_citizen' \(did you mean one of .*citizen"):
        law.evaluate("detainer", {"us_citizen": True}, on=date(2012, 11, 5))
