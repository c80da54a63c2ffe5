"""A county's own rows of tonight: added, signed, marked not ours, used by the question and by the jail's door."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.custody.county import County

ORDER = """
[[row]]
id = "TONIGHT-1"
kind = "county"
codes = ["48453"]
level = "federal court order"
title = "An order served tonight"
signed = 2013-01-16
in_force_from = 2013-01-16
hold = "MAY_NOT_HOLD"
says = "The sheriff holds nobody on a detainer."
source = "order of the court, docket 13-1"
pinpoint = "paragraph 2"
standing = "unverified"
"""
ASK = "law may-hold --county 48453 --form 'I-247 (12/12)'"
DAY = "2013-01-17"


@pytest.fixture
def added(county: County) -> County:
    Path("order.toml").write_text(ORDER)
    county.run(f"law add order.toml --as jane --at {DAY}T08:00")
    return county


def test_an_added_row_answers_and_is_marked_not_ours(added: County) -> None:
    told = added.read(f"{ASK} --on {DAY}", 0)
    assert told["answer"] == "MAY_NOT_HOLD"
    row = next(r for r in told["rows"] if r["id"] == "TONIGHT-1")
    assert row["ours"] is False
    assert told["standing"] == "unverified"
    assert "not ours" in added.run(f"{ASK} --on {DAY}")


def test_an_added_row_was_not_known_before_it_was_added(added: County) -> None:
    assert added.read(f"{ASK} --on 2013-01-16 --known-on 2013-01-16", 0)["answer"] == "NOBODY_LOOKED"
    assert added.read(f"{ASK} --on 2013-01-16 --known-on {DAY}", 0)["answer"] == "MAY_NOT_HOLD"
    assert added.read(f"{ASK} --on 2013-01-15", 0)["answer"] == "NOBODY_LOOKED"


def test_an_honor_against_an_added_row_is_an_incident_and_no_authority(added: County) -> None:
    added.person(1, "LOCAL00001", DAY)
    added.detainer("LOCAL00001", DAY)
    assert "honored-against-law" in added.incidents("LOCAL00001")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("", ""), "there is a row called TONIGHT-1 already"),
        (('"MAY_NOT_HOLD"', '"PERHAPS"'), "Invalid enum value"),
        (('kind = "county"', 'kind = "nation"'), "has a place"),
        (('standing = "unverified"', 'standing = "primary"'), "what was not read here is unverified"),
        (("signed = 2013-01-16", "known_on = 2014-01-01"), "lies after the day"),
        (("[[row]]", "[[rows]]"), "expected one [[row]]"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(added: County, change: tuple[str, str], why: str) -> None:
    text = ORDER if change == ("", "") else ORDER.replace("TONIGHT-1", "TONIGHT-2").replace(*change)
    Path("second.toml").write_text(text)
    added.refused(f"law add second.toml --as jane --at {DAY}T09:00", why)
    assert len(added.read(f"{ASK} --on {DAY}", 0)["rows"]) == 1 + len(
        [r for r in added.read(f"{ASK} --on {DAY}", 0)["rows"] if r["ours"]]
    )


def test_somebody_without_a_part_in_it_adds_no_law(added: County) -> None:
    Path("third.toml").write_text(ORDER.replace("TONIGHT-1", "TONIGHT-3"))
    added.run(f"law add third.toml --as oscar --at {DAY}T09:00", code=2)
    assert "TONIGHT-3" not in added.run(f"{ASK} --on {DAY}")
