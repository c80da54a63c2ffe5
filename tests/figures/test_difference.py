"""Laws of a difference: its parts add up, whatever happened in whatever order."""

from __future__ import annotations

import os
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.facts.histories import TRAVIS, YAVAPAI, History, write

from tenprint.figures import FiguresError, compute, difference
from tenprint.figures.difference import Difference, to_plain

SHARE = "noncriminal-removal-share"
LONG = bool(os.environ.get("TENPRINT_LONG"))
EXAMPLES = 500 if LONG else 25


def parts(found: Difference) -> dict[str, int]:
    assert found.total is not None
    return {p: int(n) for p, (n, _) in found.total.counts.items()}


def county(tmp_path: Path) -> Path:
    history = History()
    cards = [history.card(f"T{i}", "2010-01-05", matched=f"P{i}") for i in range(6)]
    for card in cards[:5]:
        history.removed(card, "2010-03-01")
    history.convicted(cards[0], "a", "2005-01-01", "2010-03-02")
    history.convicted(cards[3], "d", "2005-01-01", "2010-03-10")
    history.convicted(cards[1], "b", "2005-01-01", "2010-05-20", batch="audit-2010-05")
    history.convicted(cards[2], "c", "2005-01-01", "2010-06-20")
    history.struck(cards[3], "d", "2010-06-21", "duplicate of a record of another person")
    history.removed(cards[5], "2010-06-01")
    write(history, tmp_path / "facts")
    return tmp_path / "facts"


def test_each_kind_of_change_is_its_own_part(tmp_path: Path) -> None:
    facts = county(tmp_path)
    found = difference(SHARE, facts, "2010-04-30", "2010-07-31")
    assert found.rows[0].names["county"] == "Travis County"
    assert parts(found) == {"late-arrival": -1, "correction": -1, "deduplication": 1, "scope": 1}
    assert found.rows[0].before == 100 * Fraction(3, 5)
    assert found.rows[0].after == 100 * Fraction(3, 6)
    assert sum(found.rows[0].parts.values()) == found.rows[0].after - found.rows[0].before


def test_a_removal_that_happened_before_but_was_recorded_after_is_late(tmp_path: Path) -> None:
    history = History()
    card = history.card("T1", "2010-01-05", matched="P1")
    history.removed(card, "2010-03-01", recorded="2010-06-01")
    write(history, tmp_path / "facts")
    found = difference("removals", tmp_path / "facts", "2010-04-30", "2010-07-31")
    assert found.total is not None
    assert found.total.parts == {"late-arrival": 1}


def test_the_definition_is_a_part_of_its_own(tmp_path: Path) -> None:
    facts = county(tmp_path)
    other = tmp_path / "returns-left-out.sql"
    text = (Path(__file__).parents[2] / "src/tenprint/figures/definitions/noncriminal-removal-share.sql").read_text()
    other.write_text(text.replace("cast(not exists", "cast(false and not exists"))
    found = difference(SHARE, facts, "2010-07-31", "2010-07-31", to_name=str(other))
    assert parts(found) == {"definition": -3}
    assert found.to_definition.startswith("returns-left-out@")


def test_definitions_of_other_cells_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(FiguresError, match="cannot be compared"):
        difference(SHARE, county(tmp_path), "2010-04-30", "2010-07-31", to_name="matches-per-submission")


def test_dates_do_not_run_backwards(tmp_path: Path) -> None:
    with pytest.raises(FiguresError, match="not after the second"):
        difference(SHARE, county(tmp_path), "2010-07-31", "2010-04-30")


DAYS = st.dates(min_value=__import__("datetime").date(2010, 1, 1), max_value=__import__("datetime").date(2010, 12, 28))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Cards in two counties and anything that can become known about them afterwards, in any order."""
    history = History()
    cases = draw(st.integers(1, 6))
    todo = []
    for i in range(cases):
        day = draw(DAYS)
        todo.append(
            (day, "card", i, draw(st.sampled_from([TRAVIS, YAVAPAI])), draw(st.sampled_from([None, "P1", "P2", "P3"])))
        )
        for _ in range(draw(st.integers(0, 5))):
            what = draw(
                st.sampled_from(["removed", "returned", "corrected", "convicted", "audited", "struck", "duplicate"])
            )
            known = max(draw(DAYS), day)
            todo.append((known, what, i, draw(DAYS), draw(st.integers(0, 2))))
    streams: dict[int, str] = {}
    for known, what, i, third, fourth in sorted(todo, key=lambda t: (t[0], t[1] != "card")):
        on, stated = str(known), str(third)
        if what == "card":
            streams[i] = history.card(f"T{i}", on, third, matched=fourth)
        elif what in {"removed", "returned"}:
            history.removed(streams[i], min(stated, on), on, outcome=what.upper())
        elif what == "corrected":
            history.removed(streams[i], min(stated, on), on, outcome="RETURNED", batch="b1")
        elif what in {"convicted", "audited"}:
            history.convicted(
                streams[i], f"c{fourth}", f"2009{stated[4:]}", on, batch="b1" if what == "audited" else None
            )
        else:
            history.struck(streams[i], f"c{fourth}", on, "duplicate" if what == "duplicate" else "wrong person")
    return history


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(histories(), DAYS, DAYS, st.sampled_from([SHARE, "removals", "people-matched", "matches-per-submission"]))
def test_the_parts_add_up_and_nothing_is_left_over(history: History, one: object, two: object, name: str) -> None:
    start, end = sorted((str(one), str(two)))
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / "facts"
        write(history, facts)
        found = difference(name, facts, start, end)
        first, last = compute(name, facts, start), compute(name, facts, end)
    rows = [*found.rows, *([found.total] if found.total else [])]
    for row in rows:
        assert "cannot-be-told" not in row.parts
        assert (row.before or 0) + sum(row.parts.values()) == (row.after or 0)
    for figure, side in ((first, "from"), (last, "to")):
        names = [*found.rows[0].names] if found.rows else []
        published = {tuple(r[n] for n in names): r["value"] for r in figure.rows}
        told = {tuple(r[n] for n in names): r[side] for r in to_plain(found)["rows"]}
        assert {k: v for k, v in told.items() if v} == {k: v for k, v in published.items() if v}
