"""Sealed fields: readable while their key lives, gone for good when it is destroyed, while every proof stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tenprint.ledger import EXPUNGED, Ledger, LedgerError, NewEvent, VersionConflict
from tenprint.proof import verify

SECRETS = """
SELECT k.key, e.sealed FROM ledger_key k JOIN ledger_entry e USING (subject)
WHERE subject = 'person-1' ORDER BY e.seq
"""


def _with_two_subjects(ledger, act) -> None:
    ledger.append("case/1", [NewEvent("seen", {"n": 1}, {"name": "Jane Sealed"}, "person-1")], act, expected_version=0)
    ledger.append("case/2", [NewEvent("seen", {"n": 2}, {"name": "Joe Other"}, "person-2")], act, expected_version=0)
    ledger.append("case/1", [NewEvent("again", {"n": 3}, {"name": "Jane Again"}, "person-1")], act, expected_version=1)


def test_sealed_fields_are_opened_for_readers(ledger, act):
    _with_two_subjects(ledger, act)
    assert [entry.sealed for entry in ledger.read()] == [
        {}, {"name": "Jane Sealed"}, {"name": "Joe Other"}, {"name": "Jane Again"},
    ]  # fmt: skip


def test_expunging_one_subject_leaves_proofs_and_the_others(ledger, act):
    _with_two_subjects(ledger, act)
    kept, proof = ledger.checkpoint(), ledger.prove(2)
    disclosed = ledger.prove(2, disclose=True)
    entry = ledger.expunge("person-1", act)
    assert (entry.kind, entry.data, entry.actor) == (EXPUNGED, {"subject": "person-1"}, "examiner.one")
    assert [e.sealed for e in ledger.read()] == [{}, None, {"name": "Joe Other"}, None, {}]
    assert ledger.verify([kept]) == []
    assert verify.check_proof(proof, [ledger.verifier])
    assert verify.check_proof(ledger.prove(2), [ledger.verifier])
    assert verify.check_proof(disclosed, [ledger.verifier])  # whoever was given the words can still prove them
    with pytest.raises(LedgerError, match="expunged"):
        ledger.prove(2, disclose=True)
    with pytest.raises(LedgerError, match="person-1"):
        ledger.expunge("person-1", act)
    with pytest.raises(LedgerError, match="nobody"):
        ledger.expunge("nobody", act)


def test_a_subject_can_be_sealed_again_under_a_new_key(ledger, act):
    _with_two_subjects(ledger, act)
    ledger.expunge("person-1", act)
    ledger.append("case/1", [NewEvent("new", {}, {"name": "Later"}, "person-1")], act, expected_version=2)
    assert [e.sealed for e in ledger.stream("case/1")] == [None, None, {"name": "Later"}]
    assert ledger.verify() == []
    ledger.expunge("person-1", act)
    assert [e.sealed for e in ledger.stream("case/1")] == [None, None, None]
    assert ledger.verify() == []


def test_an_expunging_that_is_rolled_back_destroys_nothing(ledger, act):
    _with_two_subjects(ledger, act)
    with pytest.raises(VersionConflict), ledger.transaction() as tx:  # noqa: PT012 - the block is what is undone
        tx.expunge("person-1", act)
        tx.append("case/1", [NewEvent("x", {})], act, expected_version=99)
    assert ledger.stream("case/1")[0].sealed == {"name": "Jane Sealed"}
    assert ledger.verify() == []


def test_names_are_never_in_the_files_and_a_destroyed_key_is_in_none_of_them(tmp_path, act):
    with Ledger.create(tmp_path / "x.db", origin="x.example") as ledger:
        _with_two_subjects(ledger, act)
        with ledger.engine.connect() as connection:
            key, sealed = connection.execute(text(SECRETS)).first()
        files = [tmp_path / "x.db", tmp_path / "x.db-wal"]

        def found(needle: bytes) -> bool:
            return any(needle in Path(file).read_bytes() for file in files if file.exists())

        assert not found(b"Jane Sealed")
        assert found(key)
        assert found(sealed)
        ledger.expunge("person-1", act)
        assert not found(key)
        assert not found(sealed)
        ledger.backup(tmp_path / "b.db")
        files.append(tmp_path / "b.db")
        assert not found(key)


def test_sealed_bytes_of_one_place_do_not_open_at_another(small):
    with small.engine.begin() as connection:
        for column in ("sealed", "commitment"):
            other = f"(SELECT {column} FROM ledger_entry WHERE seq = 5)"
            connection.execute(text(f"UPDATE ledger_entry SET {column} = {other} WHERE seq = 6"))
    assert small.verify()[0].seq == 6
