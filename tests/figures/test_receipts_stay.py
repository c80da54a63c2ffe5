"""A receipt that somebody cited stays true: a later workbook or event changes nothing that was known before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.test_figures_commands import run
from tests.facts.histories import TRAVIS, YAVAPAI, History, write

VINTAGES = ("FY26_detentionStats02022026.xlsx", "FY26_detentionStats_02122026.xlsx")


def computed(name: str, facts: Path, as_of: str) -> Any:
    done = run("figures", "compute", name, "--facts", str(facts), "--as-of", as_of, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_t10_g14_a_later_workbook_leaves_a_cited_receipt_as_it_is(data: Path, tmp_path: Path) -> None:
    files = [str(data / "vintages" / name) for name in VINTAGES]
    for folder, given in (("one", files[:1]), ("both", files)):
        assert (
            run("facts", "import", "ice-detention-statistics", *given, "--out", str(tmp_path / folder)).returncode == 0
        )
    one, both = (computed("final-book-outs", tmp_path / f, "2026-01-31") for f in ("one", "both"))
    assert one["receipt"]["hash"] == both["receipt"]["hash"]
    assert one["rows"] == both["rows"]
    assert [s.split()[0] for s in both["sources"]] == [VINTAGES[0]]
    later = computed("final-book-outs", tmp_path / "both", "2026-02-28")
    assert later["receipt"]["hash"] != one["receipt"]["hash"]
    assert [s.split()[0] for s in later["sources"]] == [VINTAGES[1]]


def history(cards: int = 6) -> History:
    made = History()
    for i in range(cards):
        card = made.card(f"T{i}", "2010-01-05", (TRAVIS, YAVAPAI)[i % 2], matched=f"P{i % 4}")
        made.removed(card, "2010-03-01")
        made.convicted(card, f"c{i}", "2005-01-01", "2010-04-01")
    return made


def test_t10_a_later_event_and_other_keys_leave_a_receipt_as_it_is(tmp_path: Path) -> None:
    write(history(), tmp_path / "before")
    more = history()
    more.struck("T0", "c0", "2010-09-01", "wrong person")
    late = more.card("T9", "2010-10-05", TRAVIS, matched="P9")
    more.removed(late, "2010-11-01")
    write(more, tmp_path / "after", salt=b"drawn anew")
    for name in ("removals", "noncriminal-removal-share", "submissions"):
        before, after = (computed(name, tmp_path / f, "2010-06-30") for f in ("before", "after"))
        assert before["rows"], name
        assert before["receipt"]["hash"] == after["receipt"]["hash"], name
    changed = [
        computed("noncriminal-removal-share", tmp_path / f, "2010-12-31")["receipt"] for f in ("before", "after")
    ]
    assert changed[0]["receipt"]["facts_hash"] != changed[1]["receipt"]["facts_hash"]


def test_t10_other_facts_have_another_hash_although_the_numbers_are_the_same(tmp_path: Path) -> None:
    """Who belongs to whom is in the hash too: one conviction moved from one person's case to another's."""
    write(history(), tmp_path / "one")
    moved = History()
    for i in range(6):
        card = moved.card(f"T{i}", "2010-01-05", (TRAVIS, YAVAPAI)[i % 2], matched=f"P{i % 4}")
        moved.removed(card, "2010-03-01")
    for i in range(6):
        moved.convicted("T1" if i == 0 else f"T{i}", f"c{i}", "2005-01-01", "2010-04-01")
    write(moved, tmp_path / "other")
    one, other = (computed("noncriminal-removal-share", tmp_path / f, "2010-06-30") for f in ("one", "other"))
    assert one["receipt"]["receipt"]["facts_hash"] != other["receipt"]["receipt"]["facts_hash"]


def test_t10_a_publication_with_its_own_keys_has_the_receipt_that_anybody_computes(tmp_path: Path) -> None:
    write(history(), tmp_path / "facts")
    given = ("--facts", str(tmp_path / "facts"), "--as-of", "2010-06-30", "--definition", "removals")
    assert run("figures", "publish", *given, "--out", str(tmp_path / "out")).returncode == 0
    published = json.loads(next((tmp_path / "out" / "receipts").glob("*.json")).read_bytes())
    assert published["hash"] == computed("removals", tmp_path / "facts", "2010-06-30")["receipt"]["hash"]
