from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.facts.histories import YAVAPAI, History, write

from tenprint.facts import CODES, TABLES, Folder
from tenprint.facts.completeness import completeness, validate


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = History()
    one = made.card("T1", "2010-01-05", matched="P1")
    two = made.card("T2", "2010-01-05", YAVAPAI)
    made.add(one, "detainer.issued", "2010-01-06", form="I-247 (4/97)")
    made.add(two, "detainer.issued", "2010-01-06", form="I-247 (4/97)")
    made.add(one, "detainer.served", "2010-01-07", language="es", served_at="2010-01-07T12:00:00+00:00")
    made.removed(one, "2010-03-01")
    written: Folder = write(made, tmp_path / "facts")
    return written


def test_gaps_are_told_by_place(folder: Folder) -> None:
    gaps = {(g.what, g.county): (g.missing, g.rows) for g in completeness(folder)}
    assert gaps["copy served", "Travis County"] == (0, 1)
    assert gaps["copy served", "Yavapai County"] == (1, 1)
    assert gaps["arrest charges", "Travis County"] == (0, 1)


def test_facts_of_a_ledger_break_no_law(folder: Folder) -> None:
    assert [b for b in validate(folder) if b.level == "hard"] == []
    assert {b.what for b in validate(folder)} <= {"recorded before it was valid"}


def test_two_living_versions_and_a_foreign_code_are_found(folder: Folder) -> None:
    part = folder.parts("outcome")[0]
    table = pq.read_table(folder.path / part.file)
    twice = pa.concat_tables([table, table])
    column = twice.schema.get_field_index("outcome")
    pq.write_table(
        twice.set_column(column, twice.schema.field(column), pa.array(["REMOVED", "VANISHED"])), folder.path / part.file
    )
    found = {(b.level, b.table, b.what) for b in validate(folder)}
    assert ("hard", "outcome", "two versions of one record are known at once") in found
    assert ("soft", "outcome", "outcome outside of its code list") in found


def test_the_tables_are_those_of_the_design_and_hold_no_race() -> None:
    named = "jurisdiction agency activation booking submission charge conviction match response evaluation decision detainer hold custody proceeding outcome claim complaint finding cost published_cell"  # noqa: E501
    assert set(named.split()) <= set(TABLES)
    columns = {c.name for t in TABLES.values() for c in t.columns}
    assert not {c for c in columns if "race" in c or "ethnic" in c}
    assert all(c.codes in CODES for t in TABLES.values() for c in t.columns if c.codes)
    assert all(c.about for t in TABLES.values() for c in t.columns)
