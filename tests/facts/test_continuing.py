"""Extraction that goes on where the last one ended gives the bytes of a fresh one."""

from __future__ import annotations

import random
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts.histories import TRAVIS, YAVAPAI, History, at

from tenprint.facts import FactsError, Folder, continuing, extract, rows
from tenprint.facts.keys import salt_of
from tenprint.ledger import Act, Ledger, NewEvent

SALT = b"a salt for tests"


class Kept:
    """A ledger of hand-made entries that counts how many are read."""

    origin, simulated, verifier = "county.test/simulated", True, "county.test+1+abc"

    def __init__(self, entries: list[SimpleNamespace]) -> None:
        self.entries = entries
        self.reads = 0

    def read(self, after: int = 0) -> Any:
        for entry in self.entries[after:]:
            self.reads += 1
            yield entry

    def size(self) -> int:
        return len(self.entries)

    def stream(self, name: str) -> list[Any]:
        return [entry for entry in self.entries if entry.stream == name]

    def checkpoint(self, *, keep: bool = True) -> str:
        return f"{self.origin}\n{self.size()}\n"


def files(folder: Folder) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(folder.path.iterdir())}


def story(seed: int, cases: int = 5, steps: int = 200) -> History:
    """A history in which everything that carries state from entry to entry happens, in any order."""
    chance, made, streams = random.Random(seed), History(), []
    people = [f"P{n}" for n in range(4)]
    for number in range(steps):
        day = f"2010-01-{1 + number % 28:02}"
        if not streams or (len(streams) < cases and chance.random() < 0.3):
            county = chance.choice([TRAVIS, YAVAPAI, "99999"])
            streams.append(made.card(f"T{len(streams)}", day, county, matched=chance.choice([None, *people])))
            continue
        card = chance.choice(streams)
        hold = {
            "release_eligible_at": f"{day}T08:00:00+00:00",
            "form": "I-247 (4/97)",
            "zone": "America/Chicago",
            "reason": "bond_posted",
            "document": "R1",
            "deadline": f"{day}T23:00:00+00:00",
        }
        kind, data = chance.choice([
            ("immigration.searched", {"hit": True, "identity": chance.choice(people)}),
            ("criminal.searched", {"hit": True, "identity": f"C{chance.randrange(3)}"}),
            ("status.determined", {"version": 1, "status": "NO_RECORD", "confidence": "low",
                                   "citizenship_indicator": False}),
            ("query.sent", {"origin": "BIOMETRIC", "sent_at": f"{day}T09:00:00+00:00"}),
            ("response.sent", {"response": "IAR", "relayed": True}),
            ("decision.recorded", {"version": 1, "choice": "DETAINER", "basis": ["a"]}),
            ("detainer.issued", {"supersedes": 1, "criteria": ["x", "y"]}),
            ("detainer.withdrawn", {"reason": "claim"}), ("detainer.reinstated", {}),
            ("hold.started", hold), ("hold.changed", {"started": hold, "why": "reinstated"}),
            ("hold.ended", {"how": "RELEASED", "ended_at": f"{day}T20:00:00+00:00"}),
            ("conviction.recorded", {"conviction": {"id": f"v{chance.randrange(3)}", "convicted_on": "2001-01-01",
                                                    "categories": chance.choice([None, [], ["theft"]])}}),
            ("conviction.struck", {"id": f"v{chance.randrange(3)}", "reason": "wrong person"}),
            ("outcome.recorded", {"outcome": "REMOVED", "on": day, "batch": chance.choice([None, "b"])}),
            ("cost.recorded", {"bed_hours": 1.25, "payer": "county"}),
            ("proceeding.step", {"step": "order", "on": day}),
            ("custody.assumed", {"at": f"{day}T10:00:00+00:00"}),
            ("custody.released", {"at": f"{day}T11:00:00+00:00", "custody": "ICE"}),
            ("charge.disposed", {"number": 1, "disposition": "dismissed", "on": day}),
            ("agency.registered", {"ori": "??99999", "county": TRAVIS, "zone": "America/Chicago"}),
        ])  # fmt: skip
        made.add("agency/x" if kind == "agency.registered" else card, kind, day, **data)
    return made


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(1, 250), min_size=1, max_size=3))
def test_going_on_gives_the_bytes_of_a_fresh_extraction(
    tmp_path_factory: pytest.TempPathFactory, seed: int, cuts: list[int]
) -> None:
    entries, out = story(seed).entries, tmp_path_factory.mktemp("x")
    for cut in sorted(min(c, len(entries)) for c in cuts):
        extract(Kept(entries[:cut]), out / "on", salt=SALT)
    ledger = Kept(entries)
    on, fresh = extract(ledger, out / "on", salt=SALT), extract(Kept(entries), out / "fresh", salt=SALT)
    assert files(on) == files(fresh)
    assert ledger.reads <= 2 * (len(entries) - min(max(cuts), len(entries)))
    assert on.check() == []


def test_bytes_do_not_depend_on_how_rows_were_batched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = story(7, cases=20, steps=300).entries
    whole = files(extract(Kept(entries), tmp_path / "whole", salt=SALT))
    monkeypatch.setattr(rows, "BATCH", 7)
    assert files(extract(Kept(entries), tmp_path / "small", salt=SALT)) == whole
    for cut in (100, 200, 300):
        last = extract(Kept(entries[:cut] if cut < 300 else entries), tmp_path / "on", salt=SALT)
    assert files(last) == whole


def test_a_real_ledger_goes_on(tmp_path: Path) -> None:
    made = History()
    card = made.card("T1", "2010-01-05", matched="P1")
    ledger = Ledger.create(tmp_path / "x.db", origin="county.test", simulated_from=at("2010-01-01"))
    versions: dict[str, int] = {}

    def append(start: int) -> None:
        for e in made.entries[start:]:
            act = Act("tester", "auditor", "test", "test", e.occurred_at)
            ledger.append(e.stream, [NewEvent(e.kind, dict(e.data))], act, expected_version=versions.get(e.stream, 0))
            versions[e.stream] = versions.get(e.stream, 0) + 1

    append(0)
    extract(ledger, tmp_path / "on", salt=SALT)
    known = len(made.entries)
    made.removed(card, "2010-03-01")
    made.card("T2", "2010-03-05", matched="P1")
    append(known)
    on, fresh = extract(ledger, tmp_path / "on", salt=SALT), extract(ledger, tmp_path / "fresh", salt=SALT)
    assert files(on) == files(fresh)


@pytest.mark.parametrize("what", ["salt", "program", "part", "people", "nothing"])
def test_where_going_on_would_not_be_exact_everything_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    entries, salt = story(3).entries, SALT
    folder = extract(Kept(entries[:40]), tmp_path / "on", salt=salt)
    if what == "salt":
        salt = b"another salt"
    elif what == "program":
        monkeypatch.setattr(continuing, "program", lambda: "another program")
    elif what in {"part", "people"}:
        file = folder.path / ("submission.ledger.parquet" if what == "part" else "people.ledger.msgpack")
        file.write_bytes(file.read_bytes()[:-1])
    ledger = Kept(entries)
    on, fresh = extract(ledger, tmp_path / "on", salt=salt), extract(Kept(entries), tmp_path / "fresh", salt=salt)
    assert files(on) == files(fresh)
    assert ledger.reads == (2 * (len(entries) - 40) if what == "nothing" else len(entries))


def test_a_folder_of_another_ledger_or_of_a_later_copy_is_refused(tmp_path: Path) -> None:
    entries = story(5).entries
    before = files(extract(Kept(entries), tmp_path / "facts"))
    other = Kept(entries)
    other.verifier = "county.test+2+def"
    with pytest.raises(FactsError, match=r"holds the facts of ledger county.test/simulated .*Name a new folder"):
        extract(other, tmp_path / "facts")
    with pytest.raises(FactsError, match="an older copy"):
        extract(Kept(entries[:20]), tmp_path / "facts")
    assert files(Folder.open(tmp_path / "facts")) == before


def test_without_a_salt_that_stays_nothing_is_kept_for_later(tmp_path: Path) -> None:
    folder = extract(Kept(story(5).entries), tmp_path / "facts")
    assert not list(folder.path.glob("people*"))
    extract(Kept(story(5).entries), tmp_path / "facts", salt=SALT)
    assert list(folder.path.glob("people*"))
    folder = extract(Kept(story(5).entries), tmp_path / "facts")
    assert not list(folder.path.glob("people*"))
    assert continuing.CONTINUE not in (folder.source("ledger") or {})


def test_a_salt_file_is_drawn_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret" / "salt"
    salt = salt_of(file, tmp_path / "facts")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (len(salt), salt_of(file)) == (32, salt)
    assert salt.hex() not in str(continuing.Keys(salt).fingerprint)
    with pytest.raises(FactsError, match="does not belong into"):
        salt_of(tmp_path / "facts" / "deep" / "salt", tmp_path / "facts")
    assert not (tmp_path / "facts").exists()
    file.chmod(0o644)
    with pytest.raises(FactsError, match="chmod 600"):
        salt_of(file)
    file.chmod(0o600)
    file.write_text("tea")
    with pytest.raises(FactsError, match="expected a salt of 64 hexadecimal digits"):
        salt_of(file)
