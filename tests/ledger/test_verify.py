"""``verify`` names the first bad entry, whatever was done to the database behind the ledger's back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tenprint.ledger import Ledger, LedgerError, NewEvent, tables
from tenprint.proof import merkle, verify

COLUMNS = [column.name for column in tables.entry.columns]


def _other(value: object) -> object:
    """The same value with its first byte changed (something where there was nothing)."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return value + 100
    if isinstance(value, str):
        return chr(ord(value[0]) ^ 0x20) + value[1:]
    return bytes([value[0] ^ 1]) + value[1:]


@pytest.fixture
def behind(small, tmp_path):
    """The small ledger and a plain connection to its file."""
    with closing(sqlite3.connect(tmp_path / "small.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        yield small, raw


def test_a_sound_ledger_has_no_problem(behind):
    small, _ = behind
    kept = small.checkpoint()
    assert small.verify([kept]) == []


@pytest.mark.parametrize("column", COLUMNS)
def test_one_byte_of_any_column_of_any_entry_changed(behind, column):
    small, raw = behind
    for seq in range(1, 13):
        value = raw.execute(f"SELECT {column} FROM ledger_entry WHERE seq = ?", (seq,)).fetchone()[0]
        bad = _other(value)
        if value is None and column in ("commitment", "sealed"):
            bad = b"x" * 32
        raw.execute(f"UPDATE ledger_entry SET {column} = ? WHERE seq = ?", (bad, seq))
        problems = small.verify()
        assert problems, f"{column} of entry {seq} was changed unseen"
        assert problems[0].seq == seq, problems
        back = bad if column == "seq" else seq
        raw.execute(f"UPDATE ledger_entry SET {column} = ? WHERE seq = ?", (value, back))
    assert small.verify() == []


def test_every_byte_of_one_entry_with_sealed_fields(behind):
    small, raw = behind
    for column in COLUMNS:
        value = raw.execute(f"SELECT {column} FROM ledger_entry WHERE seq = 6").fetchone()[0]
        if value is None or isinstance(value, int):
            continue
        size = len(value.encode() if isinstance(value, str) else value)
        for at in range(size):
            raw.execute("BEGIN")
            as_stored = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
            changed = bytearray(value.encode() if isinstance(value, str) else value)
            changed[at] ^= 0x40
            raw.execute(f"UPDATE ledger_entry SET {column} = {as_stored} WHERE seq = 6", (bytes(changed),))
            raw.execute("COMMIT")
            problems = small.verify()
            assert problems, f"byte {at} of {column}"
            assert problems[0].seq == 6
        raw.execute(f"UPDATE ledger_entry SET {column} = ? WHERE seq = 6", (value,))


def test_text_turned_into_the_same_bytes_and_numbers_into_text(behind):
    small, raw = behind
    raw.execute("UPDATE ledger_entry SET data = CAST(data AS BLOB) WHERE seq = 4")
    assert small.verify()[0].seq == 4
    raw.execute("UPDATE ledger_entry SET leaf = 'short' WHERE seq = 3")
    assert small.verify()[0].seq == 3


def test_any_entry_removed(behind):
    small, raw = behind
    for seq in range(1, 13):
        row = raw.execute("SELECT * FROM ledger_entry WHERE seq = ?", (seq,)).fetchone()
        raw.execute("DELETE FROM ledger_entry WHERE seq = ?", (seq,))
        problems = small.verify()
        assert problems[0].seq == seq
        assert problems[0].what == "missing"
        raw.execute(f"INSERT INTO ledger_entry VALUES ({','.join('?' * len(row))})", row)
    raw.execute("DELETE FROM ledger_entry")
    assert small.verify()[0].seq == 1


def test_any_entry_removed_and_the_later_ones_moved_up(behind):
    small, raw = behind
    sound = raw.execute("SELECT * FROM ledger_entry").fetchall()
    for seq in range(1, 12):
        raw.execute("BEGIN")
        raw.execute("DELETE FROM ledger_entry WHERE seq = ?", (seq,))
        for later in range(seq + 1, 13):
            raw.execute("UPDATE ledger_entry SET seq = ? WHERE seq = ?", (later - 1, later))
        raw.execute("COMMIT")
        assert small.verify()[0].seq == seq
        raw.execute("DELETE FROM ledger_entry")
        raw.executemany(f"INSERT INTO ledger_entry VALUES ({','.join('?' * len(COLUMNS))})", sound)
    assert small.verify() == []


def test_any_two_neighbours_exchanged(behind):
    small, raw = behind
    for seq in range(1, 12):
        for turn in ("there", "back"):
            raw.execute("UPDATE ledger_entry SET seq = 99 WHERE seq = ?", (seq,))
            raw.execute("UPDATE ledger_entry SET seq = ? WHERE seq = ?", (seq, seq + 1))
            raw.execute("UPDATE ledger_entry SET seq = ? WHERE seq = 99", (seq + 1,))
            if turn == "there":
                assert small.verify()[0].seq == seq
    assert small.verify() == []


def _forge(raw: sqlite3.Connection, seq: int, *, nodes: bool) -> None:
    """Change an entry, compute its leaf again and, for the thorough, the tree above it."""
    raw.row_factory = sqlite3.Row
    row = dict(raw.execute("SELECT * FROM ledger_entry WHERE seq = ?", (seq,)).fetchone()) | {"actor": "somebody.else"}
    leaf = verify.leaf_hash(verify.leaf_input(row))
    raw.execute("UPDATE ledger_entry SET actor = 'somebody.else', leaf = ? WHERE seq = ?", (leaf, seq))
    if nodes:
        edge = merkle.Frontier()
        for stored in raw.execute("SELECT leaf FROM ledger_entry ORDER BY seq").fetchall():
            for level, at, value in edge.append(stored["leaf"]):
                raw.execute("UPDATE ledger_node SET hash = ? WHERE level = ? AND position = ?", (value, level, at))


def test_an_entry_forged_with_its_leaf_is_seen_in_the_tree(behind):
    small, raw = behind
    _forge(raw, 7, nodes=False)
    first = small.verify()[0]
    assert (first.seq, first.what) == (7, "tree")
    assert "up to entry 8" in first.message


def test_history_forged_whole_is_seen_by_checkpoints(behind, act):
    small, raw = behind
    early = small.checkpoint()
    small.append("case/D", [NewEvent("d", {})] * 3, act, expected_version=0)
    late = small.checkpoint()
    _forge(raw, 14, nodes=True)
    first = small.verify()[0]
    assert (first.seq, first.what) == (13, "checkpoint")  # 12 is still vouched for
    raw.execute("DELETE FROM ledger_checkpoint")
    assert small.verify() == []  # nothing inside can tell: that is what copies outside are for
    assert small.verify([early]) == []
    assert small.verify([early, late])[0].seq == 13


def test_a_tail_cut_off_without_a_trace_is_seen_by_a_kept_checkpoint(behind):
    small, raw = behind
    kept = small.checkpoint()
    raw.execute("DELETE FROM ledger_checkpoint")
    raw.execute("DELETE FROM ledger_entry WHERE seq > 9")
    raw.execute("DELETE FROM ledger_node WHERE ((position + 1) << level) > 9")
    assert small.verify() == []
    first = small.verify([kept])[0]
    assert (first.seq, first.what) == (10, "missing")
    assert "12 entries, the ledger only 9" in first.message


def test_a_tail_cut_off_carelessly_is_seen_in_the_stored_tree(behind):
    small, raw = behind
    raw.execute("DELETE FROM ledger_entry WHERE seq > 9")
    assert (small.verify()[0].seq, small.verify()[0].what) == (10, "missing")


def test_sealed_bytes_erased_without_an_expunging(behind):
    small, raw = behind
    raw.execute("UPDATE ledger_entry SET sealed = NULL WHERE seq = 8")
    raw.execute("UPDATE ledger_entry SET sealed = NULL WHERE seq = 6")
    assert (small.verify()[0].seq, small.verify()[0].what) == (6, "sealed")


@pytest.mark.parametrize("statement", ["DELETE FROM ledger_key", "UPDATE ledger_key SET key = zeroblob(32)"])
def test_keys_removed_or_replaced(behind, statement):
    small, raw = behind
    raw.execute(f"{statement} WHERE subject = 'person-2'")
    first = small.verify()[0]
    assert (first.what, first.seq) == ("sealed", 9)


def test_nodes_checkpoints_and_description_changed(behind):
    small, raw = behind
    small.checkpoint()
    raw.execute("UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 2 AND position = 1")
    assert (small.verify()[0].seq, small.verify()[0].what) == (5, "tree")
    raw.execute("DELETE FROM ledger_node WHERE level = 2 AND position = 1")
    assert (small.verify()[0].seq, small.verify()[0].what) == (5, "tree")
    raw.execute("UPDATE ledger_checkpoint SET note = replace(note, '12', '13')")
    assert "checkpoint" in {p.what for p in small.verify()}


def test_a_description_that_disagrees_with_the_first_event(small, tmp_path):
    with closing(sqlite3.connect(tmp_path / "small.db")) as raw:
        raw.execute("UPDATE ledger_about SET value = '' WHERE name = 'simulated_from'")
        raw.commit()
    with Ledger.open(tmp_path / "small.db") as pretends:
        first = pretends.verify()[0]
    assert (first.seq, first.what) == (1, "identity")
    assert "simulated" in first.message


def test_a_checkpoint_of_another_ledger_is_not_taken_for_ours(small, tmp_path):
    with Ledger.create(tmp_path / "other.db", origin="county.example.org") as other:
        problems = small.verify([other.checkpoint(), "not a note"])
    assert [p.what for p in problems] == ["checkpoint", "checkpoint"]


def test_bytes_flipped_anywhere_in_the_file_are_found_or_change_nothing(small, tmp_path):
    before = list(small.read())
    small.close()
    with closing(sqlite3.connect(tmp_path / "small.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA journal_mode=DELETE")
    sound = (tmp_path / "small.db").read_bytes()
    chance, found, harmless = random.Random(20101109), 0, 0
    for turn in range(250):
        flipped = bytearray(sound)
        flipped[chance.randrange(100, len(sound))] ^= 1 << chance.randrange(8)
        file = tmp_path / f"flipped{turn}.db"
        file.write_bytes(flipped)
        try:
            with Ledger.open(file) as ledger:
                assert isinstance(ledger.size() + len(ledger.built()), int)
                problems = ledger.verify()
                unchanged = not problems and list(ledger.read()) == before
        except LedgerError:
            problems, unchanged = ["cannot be opened"], False
        assert problems or unchanged, f"turn {turn}"
        found, harmless = found + bool(problems), harmless + unchanged
        for rest in tmp_path.glob(f"flipped{turn}.db*"):
            rest.unlink()
    print(f"{found} flips found, {harmless} changed nothing that is stored")
    assert found > 20


def test_a_file_cut_short(small, tmp_path):
    small.close()
    with closing(sqlite3.connect(tmp_path / "small.db")) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    file = Path(shutil.copy(tmp_path / "small.db", tmp_path / "short.db"))
    sound = file.read_bytes()
    for length in range(4096, len(sound), 4096):
        file.write_bytes(sound[:length])
        try:
            with Ledger.open(file) as ledger:
                assert ledger.verify()
        except LedgerError:
            pass


def test_changes_on_postgresql_and_sqlite_alike(ledger, act):
    ledger.append("s", [NewEvent("k", {"n": n}, {"w": n}, "person") for n in range(9)], act, expected_version=0)
    assert ledger.verify([ledger.checkpoint()]) == []
    for statement, seq, what in [
        ("UPDATE ledger_entry SET authority = authority || ' ' WHERE seq = 4", 4, "entry"),
        ("UPDATE ledger_entry SET recorded_at = '2000-01-01T00:00:00.000000Z' WHERE seq = 3", 3, "entry"),
        ("DELETE FROM ledger_entry WHERE seq = 2", 2, "missing"),
    ]:
        with ledger.engine.connect().execution_options(tenprint_writing=True) as connection, connection.begin():
            connection.execute(text(statement))
        first = ledger.verify()[0]
        assert (first.seq, first.what) == (seq, what)


@pytest.mark.parametrize("chunk", [1, 3, 5, 12])
def test_what_lies_beyond_the_first_chunk_is_read_too(behind, monkeypatch, chunk):
    small, raw = behind
    monkeypatch.setattr("tenprint.ledger.verification._CHUNK", chunk)
    assert small.verify() == []
    raw.execute("UPDATE ledger_entry SET data = replace(data, 'n', 'm') WHERE seq = 11")
    raw.execute("UPDATE ledger_entry SET kind = 'a.other' WHERE seq = 11")
    assert [p.seq for p in small.verify()][:1] == [11]


def test_after_a_bad_entry_nothing_that_follows_from_it_is_blamed(behind):
    small, raw = behind
    raw.execute("UPDATE ledger_entry SET kind = 'a.other' WHERE seq = 5")
    raw.execute("DELETE FROM ledger_node WHERE level = 0")
    assert {p.seq for p in small.verify()} <= {5, None}, "the tree is not judged by an entry that is known to be bad"
