"""Faults of one line that once no test saw, each with the test that fails when it is put in (M5 to M7; T25 b, c).

M8 (T25 d: ``>=`` for ``>`` at the first moment) makes no difference any more: a run of changes that ends where it
starts adds nothing. Its test says what has to come either way.
"""

from __future__ import annotations

from pathlib import Path

from tests.facts.histories import TRAVIS, History, agency, write
from tests.figures.test_disclosure import protected, publisher
from tests.spec.figures.story import Story, history

from tenprint.figures import difference
from tenprint.figures.disclosure import MARGIN, THRESHOLD
from tenprint.figures.publisher import Publisher

__all__ = ["publisher"]


def test_m5_what_a_changed_reference_moves_is_scope_and_not_a_riddle(tmp_path: Path) -> None:
    lines = ["Ben card 2010-01-05 Travis match A2", "Ben hold 2010-01-20T10:00 until 2010-01-22T22:00 RELEASED"]
    made = history(Story("", ["Travis rate 2010-01-01 4800", *lines], []))
    made.add(
        f"jurisdiction/{TRAVIS}", "agency.bed_rate", "2010-06-01", ori=agency(TRAVIS), since="2010-01-01",
        cents_per_day=9600, source="budget as amended",
    )  # fmt: skip
    write(made, tmp_path / "facts")
    found = difference("jail-costs-dollars", tmp_path / "facts", "2010-04-30", "2010-07-31")
    assert found.total is not None
    assert found.total.parts == {"scope": 120}


def test_m6_all_but_one_of_thirty_is_published_by_no_share(tmp_path: Path, publisher: Publisher) -> None:
    made = History()
    for number in range(30):
        made.card(f"T{number}", "2010-01-05", TRAVIS, matched=f"P{number}" if number else None)
    write(made, tmp_path / "facts")
    rows = protected(tmp_path / "facts", "2010-12-31", publisher, "matches-per-submission")
    assert {(r["value"], r["suppressed"]) for r in rows.values()} == {(None, "small-remainder")}


def test_m7_one_record_makes_no_published_mean(tmp_path: Path, publisher: Publisher) -> None:
    few = range(THRESHOLD + MARGIN)  # with one more, as many as no threshold of a cell hides
    lines = [f"P{n} card 2010-01-05 Travis match A{n}" for n in (*few, 99)]
    lines += [f"P{n} hold 2010-01-20T10:00 until 2010-01-20T{11 + n % 12}:00 RELEASED" for n in few]
    lines += ["P99 hold 2010-01-20T10:00 until 2010-03-20T10:00 RELEASED"]
    write(history(Story("", lines, [])), tmp_path / "facts")
    rows = protected(tmp_path / "facts", "2010-12-31", publisher, "hold-hours")
    assert {(r["value"], r["suppressed"]) for r in rows.values()} == {(None, "dominated")}


def test_m8_what_was_known_at_that_very_moment_is_no_change_after_it(tmp_path: Path) -> None:
    made = History()
    made.removed(made.card("T1", "2010-01-05", matched="P1"), "2010-06-01")
    write(made, tmp_path / "facts")
    (moment,) = [e.recorded_at for e in made.entries if e.kind == "outcome.recorded"]
    found = difference("removals", tmp_path / "facts", moment, "2010-07-31")
    assert found.total is not None
    assert (found.total.before, found.total.after) == (1, 1)
    assert found.total.parts == {}
