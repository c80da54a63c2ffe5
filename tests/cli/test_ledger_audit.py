"""``ledger verify`` finds what somebody changed beside the ledger, and so does whatever reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.cli.test_exchange_commands import Run, county, run
from tests.exchange.people import card

__all__ = ["county", "run"]
AT = ("--as", "ben", "--at", "2012-11-05T10:00")


@pytest.fixture
def filled(county: Run, tmp_path: Path) -> Run:
    """Two people enrolled, one card that matched, one complaint."""
    (tmp_path / "other.an2").write_bytes(card(2, "OLD-0000002", fingers=(11, 12)))
    county("enrol", "--system", "immigration", tmp_path / "other.an2", "--at", "2012-01-03")
    county("submit", tmp_path / "known.eft", *AT)
    county("complaint", "file", "--text", "held after the bond was paid", "--against", "jail")
    county("ledger", "verify")
    return county


def change(tmp_path: Path, *statements: str) -> None:
    with sqlite3.connect(tmp_path / "x.db") as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def swap(table: str) -> Sequence[str]:
    pairs = (("N00000001", "T"), ("N00000002", "N00000001"), ("T", "N00000002"))
    return [f"update {table} set identity='{b}' where identity='{a}'" for a, b in pairs]


SWAPPED_TEMPLATES = (
    "create table t as select * from immigration_print",
    (
        "update immigration_print set template=(select o.template from t o where o.position=immigration_print.position "
        "and o.identity<>immigration_print.identity)"
    ),
    "drop table t",
)
CHANGES = {
    "prints of two people swapped": (swap("immigration_print"), "immigration_print|prints of immigration"),
    "templates of two people swapped": (SWAPPED_TEMPLATES, "another hash"),
    "enrolments swapped": (swap("immigration_enrolment"), "immigration_enrolment"),
    "everything swapped": ([*swap("immigration_print"), *swap("immigration_enrolment")], "enrolled no such person"),
    "a template changed": (["update immigration_print set template=x'00' where position=1"], "another hash"),
    "a person's prints deleted": (["delete from immigration_print where identity='N00000001'"], "expected fingers"),
    "one finger deleted": (["delete from immigration_print where position=6"], "expected fingers"),
    "prints that nobody enrolled": (
        [("insert into immigration_print select 'N99999999',1,position,template,seq from immigration_print "
         "where identity='N00000001'")], "enrolled no such person"),
    "card bytes replaced": (["update bureau_card set content=x'00'"], "bytes were changed"),
    "card bytes deleted": (["delete from bureau_card"], "bytes are missing"),
    "a card added": (
        ["insert into bureau_card values('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', x'00')"],
        "no event names it"),
    "answers replaced": (["update bureau_answer set content=x'00'"], "bytes were changed"),
    "answers renamed": (["update bureau_answer set tcr='SOMEBODY-ELSE'"], "its event says"),
    "answers deleted": (["delete from bureau_answer"], "bytes are missing"),
    "encounters deleted": (["delete from immigration_encounter"], "immigration_encounter"),
    "encounters moved": (["update immigration_encounter set \"on\"='2011-01-01'"], "the events say 2012-11-05"),
    "encounters given to another": (["update immigration_encounter set identity='N00000002'"], "no search left it"),
    "enrolments deleted": (["delete from immigration_enrolment"], "is missing"),
    "a complaint closed": (["update rights_complaint set stage='CLOSED'"], "rights-register"),
    "a complaint deleted": (["delete from rights_complaint"], "rights-register"),
    "people joined": (["insert into exchange_identity values('criminal/C00000009', 'case/x')"], "exchange-people"),
    "a trigger": (
        ["create trigger t after insert on ledger_entry begin delete from immigration_print; end"], "trigger 't'"),
    "a view": (["create view v as select * from bureau_card"], "view 'v'"),
    "a table": (["create table more (x)"], "table 'more'"),
    "a projection of nobody": (["insert into ledger_projection values('more', 1, 1)"], "projection 'more'"),
}  # fmt: skip


def test_t03_t04_every_change_beside_the_ledger_is_found_and_named(filled: Run, tmp_path: Path) -> None:
    whole = (tmp_path / "x.db").read_bytes()
    assert not (tmp_path / "x.db-wal").exists() or (tmp_path / "x.db-wal").stat().st_size == 0
    missed = []
    for kind, (statements, told) in CHANGES.items():
        change(tmp_path, *statements)
        try:
            said = " ".join(filled("ledger", "verify", code=1).split())
        except AssertionError as passed:
            said = str(passed)
        if not any(words in said for words in told.split("|")):
            missed.append(f"{kind}: {said[:300]}")
        for file in tmp_path.glob("x.db*"):
            file.unlink()
        (tmp_path / "x.db").write_bytes(whole)
    assert missed == []
    filled("ledger", "verify")


def test_t03_nobody_is_searched_among_prints_that_were_exchanged(filled: Run, tmp_path: Path) -> None:
    change(tmp_path, *swap("immigration_print"))
    (tmp_path / "again.eft").write_bytes(card(1, "NEW-0000009"))
    said = filled("submit", tmp_path / "again.eft", "--as", "ben", "--at", "2012-11-06T10:00") + filled.err
    assert "immigration: not finished yet" in said
    assert "immigration: match" not in said
    assert "are not those that entry" in " ".join(said.split())


def test_t04_a_backup_of_a_changed_database_is_refused_and_a_restored_one_is_checked(
    filled: Run, tmp_path: Path
) -> None:
    filled("ledger", "backup", tmp_path / "good.db")
    change(tmp_path, *swap("immigration_print"))
    filled("ledger", "backup", tmp_path / "bad.db", code=1)
    assert not (tmp_path / "bad.db").exists()
    with sqlite3.connect(tmp_path / "good.db") as db:
        db.execute("delete from bureau_answer")
    db.close()
    filled("ledger", "restore", tmp_path / "good.db", "--db", tmp_path / "again.db", code=1)
    assert not (tmp_path / "again.db").exists()


def test_t03_a_ledger_of_an_earlier_release_verifies_and_says_what_it_does_not_bind(
    county: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenprint.exchange import enrolment

    monkeypatch.setattr(enrolment, "templates_hash", lambda _: None)
    (tmp_path / "other.an2").write_bytes(card(2, "OLD-0000002", fingers=(11, 12)))
    county("enrol", "--system", "immigration", tmp_path / "other.an2", "--at", "2012-01-03")
    said = county("ledger", "verify")
    assert "1 enrolments of an earlier release bind no prints" in " ".join(said.split())


def test_t14_files_that_name_people_are_for_their_owner_only(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "again.eft").write_bytes(card(1, "NEW-0000009"))
    filled(
        "submit", tmp_path / "again.eft", "--as", "ben", "--at", "2012-11-06T10:00", "--answers", tmp_path / "answers"
    )
    filled("ledger", "prove", 3, "--out", tmp_path / "3.json")
    files = [*(tmp_path / "answers").iterdir(), tmp_path / "3.json"]
    assert len(files) >= 3
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}
