from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.facts.histories import History, at, write

from tenprint.facts import TABLES, FactsError, Folder, extract
from tenprint.facts.folder import file_hash
from tenprint.ledger import Act, Ledger, NewEvent


def rows(folder: Folder, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    files = [str(folder.path / p.file) for p in folder.parts(table)]
    order = "ORDER BY recorded_at, key" if files else ""
    with duckdb.connect() as db:
        found = db.sql(f"SET TimeZone='UTC'; SELECT {columns} FROM read_parquet({files}) {order}").to_arrow_table()
    return list(zip(*(c.to_pylist() for c in found.columns), strict=True))


def test_every_row_has_two_clocks_an_origin_and_a_source(tmp_path: Path) -> None:
    history = History()
    history.removed(history.card("T1", "2010-01-05", matched="P1"), "2010-03-01")
    folder = write(history, tmp_path / "facts")
    for part in folder.manifest.parts:
        table = pq.read_table(tmp_path / "facts" / part.file)
        assert table.schema.names == TABLES[part.table].schema.names
        for name in ("key", "origin", "valid_from", "recorded_at", "change", "source"):
            assert table.column(name).null_count == 0, (part.table, name)
        assert table.num_rows == part.rows


def test_a_late_conviction_keeps_both_times(tmp_path: Path) -> None:
    history = History()
    history.convicted(history.card("T1", "2010-01-05"), "a", "2009-01-01", "2010-06-20")
    folder = write(history, tmp_path / "facts")
    assert rows(folder, "conviction", "valid_from::varchar, recorded_at::varchar, superseded_at, change, source") == [
        ("2009-01-01 00:00:00+00", "2010-06-20 12:00:00+00", None, "late", "ledger 5")
    ]


def test_a_corrected_outcome_supersedes_and_nothing_is_deleted(tmp_path: Path) -> None:
    history = History()
    card = history.card("T1", "2010-01-05", matched="P1")
    history.removed(card, "2010-03-01")
    history.removed(card, "2010-03-02", "2010-06-01", outcome="RETURNED", batch="audit")
    folder = write(history, tmp_path / "facts")
    first, second = rows(folder, "outcome", "key, outcome, superseded_at::varchar, change, change_end")
    assert first == (second[0], "REMOVED", "2010-06-01 12:00:00+00", "late", "correction")
    assert second[1:] == ("RETURNED", None, "correction", None)


def test_a_struck_conviction_ends_without_a_successor(tmp_path: Path) -> None:
    history = History()
    card = history.card("T1", "2010-01-05")
    history.convicted(card, "a", "2009-01-01", "2010-02-01")
    history.convicted(card, "b", "2009-01-01", "2010-02-01")
    history.struck(card, "a", "2010-03-01", "wrong person")
    history.struck(card, "b", "2010-04-01", "duplicate of another record")
    folder = write(history, tmp_path / "facts")
    assert rows(folder, "conviction", "superseded_at::varchar, change_end") == [
        ("2010-03-01 12:00:00+00", "correction"),
        ("2010-04-01 12:00:00+00", "deduplication"),
    ]


def test_two_cases_of_one_identity_become_one_person(tmp_path: Path) -> None:
    history = History()
    history.card("T1", "2010-01-05", matched="P1")
    history.card("T2", "2010-02-05", matched="P1")
    history.card("T3", "2010-03-05", matched="P2")
    folder = write(history, tmp_path / "facts")
    people = rows(folder, "submission", "case_id, person_id, superseded_at IS NULL")
    last = {case: person for case, person, lives in people if lives}
    assert len(last) == 3
    assert len(set(last.values())) == 2


def test_two_identities_found_to_be_one_are_a_deduplication(tmp_path: Path) -> None:
    history = History()
    history.card("T1", "2010-01-05", matched="P1")
    stream = history.card("T2", "2010-02-05")
    history.add(stream, "criminal.searched", "2010-02-06", hit=True, identity="C1")
    history.card("T3", "2010-03-05", matched="P9")
    history.add(stream, "immigration.searched", "2010-04-06", hit=True, identity="P1")
    folder = write(history, tmp_path / "facts")
    merged = [r for r in rows(folder, "submission", "case_id, person_id, change, superseded_at IS NULL") if r[3]]
    assert len({person for _, person, _, _ in merged}) == 2
    assert [change for _, _, change, _ in merged].count("deduplication") == 1


def test_keys_of_two_extractions_cannot_be_joined(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path / "x.db", origin="county.test", simulated_from=at("2010-01-01"))
    history = History()
    history.removed(history.card("T1", "2010-01-05", matched="P1"), "2010-03-01")
    append(ledger, history)
    one, two = extract(ledger, tmp_path / "one"), extract(ledger, tmp_path / "two")
    assert {r[0] for r in rows(one, "submission", "case_id")}.isdisjoint(
        r[0] for r in rows(two, "submission", "case_id")
    )
    assert "T1" not in {r[0] for r in rows(one, "submission", "case_id")}


def append(ledger: Ledger, history: History) -> None:
    versions: dict[str, int] = {}
    for e in history.entries:
        act = Act("tester", "auditor", "test", "test", e.occurred_at)
        ledger.append(e.stream, [NewEvent(e.kind, dict(e.data))], act, expected_version=versions.get(e.stream, 0))
        versions[e.stream] = versions.get(e.stream, 0) + 1


def test_a_real_ledger_gives_the_same_facts_as_its_entries(tmp_path: Path) -> None:
    history = History()
    card = history.card("T1", "2010-01-05", matched="P1")
    history.removed(card, "2010-03-01")
    history.convicted(card, "a", "2009-01-01", "2010-06-20")
    ledger = Ledger.create(tmp_path / "x.db", origin="county.test", simulated_from=at("2010-01-01"))
    append(ledger, history)
    folder = extract(ledger, tmp_path / "facts", salt=b"test")
    assert folder.origins(["submission"]) == ("simulated-ledger",)
    source = folder.source("ledger")
    assert source is not None
    assert source["through"] == ledger.size()
    assert source["checkpoint"].startswith("county.test/simulated\n")
    plain = write(history, tmp_path / "plain")
    for table in ("submission", "conviction", "outcome", "match"):
        columns = "* EXCLUDE (source, recorded_at, superseded_at)"
        assert rows(folder, table, columns) == rows(plain, table, columns)
    assert folder.check() == []


def test_one_changed_byte_of_a_part_is_found(tmp_path: Path) -> None:
    history = History()
    history.card("T1", "2010-01-05")
    folder = write(history, tmp_path / "facts")
    file = tmp_path / "facts" / folder.parts("submission")[0].file
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert folder.check() == [
        f"{file.name}: expected sha256 {folder.parts('submission')[0].sha256}, got {file_hash(file)}"
    ]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FactsError, match="not a folder of facts"):
        Folder.create(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_categories_that_nobody_stated_are_not_an_empty_list(tmp_path: Path) -> None:
    history = History()
    card = history.card("T1", "2010-01-05")
    for number, stated in enumerate([None, [], ["drug"]], 2):
        history.add(card, "charge.stated", "2010-01-06", charge={"number": number, "categories": stated})
        history.convicted(card, f"c{number}", "2009-01-01", "2010-01-07", categories=stated)
    folder = write(history, tmp_path / "facts")
    assert rows(folder, "conviction", "categories") == [(None,), ([],), (["drug"],)]
    assert rows(folder, "charge", "categories") == [(None,), (None,), ([],), (["drug"],)]
