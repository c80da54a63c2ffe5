"""Versions of definitions: what supersedes what, and two series that are told apart."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.facts.histories import History, write

from tenprint.figures import FiguresError, all_definitions, compute, difference, find, series
from tenprint.figures.compute import cell_columns
from tenprint.figures.definitions import parse, superseded, versions
from tenprint.figures.series import HAPPENED
from tenprint.figures.vintage import Vintage, moment_of
from tenprint.proof import receipts


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    made = History()
    for name, on in (("T1", "2010-06-29"), ("T2", "2010-06-30"), ("T3", "2010-10-01")):
        card = made.card(name, "2010-01-05", matched=name)
        made.convicted(card, "a", "2005-01-01", "2010-01-20", categories=["robbery"])
        made.removed(card, on)
    write(made, tmp_path / "facts")
    return tmp_path / "facts"


def test_what_is_superseded_is_the_hash_of_a_file_that_exists() -> None:
    used = {earlier.id for d in all_definitions().values() for earlier in versions(d)[:-1]}
    names = {d.name for d in superseded().values()}
    assert used <= set(superseded()), "what is superseded is kept"
    assert names <= set(all_definitions()), "every file in superseded/ is an earlier version of a definition"
    assert used, "one definition at least has changed"
    for d in all_definitions().values():
        assert all(v.name == d.name and v.cells == d.cells and v.kind == d.kind for v in versions(d))


def test_one_changed_byte_of_the_earlier_file_breaks_the_chain() -> None:
    newest = find("removals")
    wrong = msgspec.structs.replace(newest, supersedes="removals@0123456789abcdef")
    with pytest.raises(FiguresError, match="no file has that hash"):
        versions(wrong)
    since = versions(newest)[0].in_force
    with pytest.raises(FiguresError, match="in force since"):
        versions(msgspec.structs.replace(newest, in_force=since))


@pytest.mark.parametrize("line", ["in_force = 2010-06-30\n", 'supersedes = "removals@d46d6ad30e57b3d4"\n'])
def test_a_version_says_what_it_supersedes_since_when_and_what_changed(line: str) -> None:
    content = find("removals").content.decode()
    if line.startswith("supersedes"):
        content = content.replace(find("removals").supersedes, "the one before")
    else:
        assert line in content
        content = content.replace(line, "")
    with pytest.raises(FiguresError, match="expected supersedes = "):
        parse("removals", content.encode())


def test_every_version_of_a_chain_says_on_which_day_things_happened(facts: Path) -> None:
    from tenprint.facts import Folder

    for newest in all_definitions().values():
        for d in versions(newest) if newest.supersedes else ():
            with Vintage(Folder.open(facts), "simulated-ledger", d.tables) as vintage:
                vintage.at(moment_of("2010-12-31"), moment_of("2010-12-31"))
                assert cell_columns(vintage.connection, d, HAPPENED), "the day is one of its columns"


def test_an_earlier_version_is_found_computed_and_compared_by_its_id(facts: Path) -> None:
    old, new = versions(find("removals"))
    assert find(old.id) == old
    assert [r["level"] for r in compute(old.id, facts, "2010-07-31").rows] == ["1"]
    assert [r["level"] for r in compute("removals", facts, "2010-07-31").rows] == ["2"]
    change = difference(old.id, facts, "2010-07-31", "2010-07-31", to_name=new.id)
    assert {part for row in change.rows for part in row.parts} == {"definition"}


def test_periods_are_cut_where_the_definition_changed(facts: Path) -> None:
    old, new = (d.id for d in versions(find("removals")))
    both = series("removals", facts, "2010-12-31", period="month")
    found = [
        (
            r["in_force"],
            r["period"],
            r["level"],
            r["forward"]["value"],
            r["forward"]["definition"],
            r["restated"]["value"],
        )
        for r in both.rows
    ]
    assert found == [
        ("2008-10-01", "2010-06", "1", 1, old, 0),
        ("2008-10-01", "2010-06", "2", 0, old, 1),
        ("2010-06-30", "2010-06", "2", 1, new, 1),
        ("2010-06-30", "2010-10", "2", 1, new, 1),
    ]
    assert both.receipt["receipt"]["result_hash"] == receipts.digest(receipts.canonical_json(list(both.rows)))
    assert both.receipt["receipt"]["parameters"]["versions"] == f"{old} {new}"


def test_what_has_no_second_series_is_told(facts: Path) -> None:
    with pytest.raises(FiguresError, match="has one version"):
        series("matches", facts, "2010-12-31")
    with pytest.raises(FiguresError, match="expected month, year, fiscal-year"):
        series("removals", facts, "2010-12-31", period="week")
