"""The laws of the ledger under any order of appends, refusals, expungings, checkpoints and reopenings."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tenprint.ledger import EXPUNGED, Act, AlreadyDone, KeyReused, Ledger, NewEvent, VersionConflict, sealing
from tenprint.proof import merkle, verify

START = datetime(2010, 1, 1, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(words, values, max_size=3)
streams = st.sampled_from(["case/1", "case/2", "agency/ß"])
subjects = st.sampled_from(["person-1", "person-2"])


class Appending(RuleBasedStateMachine):
    """A ledger beside a list of what it should hold."""

    @initialize()
    def create(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.db = Path(self.folder.name) / "x.db"
        self.ledger = Ledger.create(self.db, origin="x.example", simulated_from=START)
        self.model: list[list] = []  # stream, kind, data, sealed, subject
        self.keys: dict[str, tuple[str, int, int]] = {}
        self.kept: list[str] = []
        self.living: set[str] = set()
        self.clock = START

    def version(self, stream: str) -> int:
        return sum(1 for row in self.model if row[0] == stream)

    @rule(
        stream=streams,
        events=st.lists(st.tuples(objects, objects, subjects), min_size=1, max_size=4),
        days=st.integers(-5, 5),
        slip=st.sampled_from([0, 0, 0, 1, -1]),
        key=st.none() | st.sampled_from(["k1", "k2", "k3"]),
    )
    def append(self, stream, events, days, slip, key) -> None:
        act = Act("a", "r", "p", "x", self.clock + timedelta(days=days))
        new = [NewEvent("seen", data, sealed, subject) for data, sealed, subject in events]
        before = len(self.model)
        try:
            done = self.ledger.append(
                stream, new, act, expected_version=self.version(stream) + slip, idempotency_key=key
            )
        except AlreadyDone as repeated:
            owner, first, last = self.keys[key]
            assert owner == stream
            assert [e.seq - 2 for e in repeated.entries] == list(range(first, last))  # noqa: PT017
            return
        except KeyReused:
            assert self.keys[key][0] != stream
            return
        except VersionConflict as conflict:
            assert slip != 0
            assert conflict.actual == self.version(stream)  # noqa: PT017
            return
        assert slip == 0
        assert key is None or key not in self.keys
        self.model += [[stream, "seen", data, sealed, subject] for data, sealed, subject in events]
        self.living |= {subject for _, sealed, subject in events if sealed}
        if key is not None:
            self.keys[key] = (stream, before, len(self.model))
        self.clock = max(self.clock, act.occurred_at)
        assert all(entry.recorded_at == self.clock for entry in done)

    @rule(subject=subjects)
    def expunge(self, subject) -> None:
        if subject not in self.living:
            return
        self.ledger.expunge(subject, Act("a", "r", "p", "x", self.clock))
        for row in self.model:
            if row[4] == subject and row[3]:
                row[3] = None
        self.model.append([f"expunged/{subject}", EXPUNGED, {"subject": subject}, {}, subject])
        self.living.discard(subject)

    @rule()
    def keep_a_checkpoint(self) -> None:
        self.kept.append(self.ledger.checkpoint())

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.ledger = Ledger.open(self.db)

    @rule(at=st.integers(0, 1000))
    def prove(self, at) -> None:
        seq = at % self.ledger.size() + 1
        assert verify.check_proof(self.ledger.prove(seq), [self.ledger.verifier])
        for note in self.kept:
            assert verify.check_consistency(self.ledger.prove_consistency(note), [self.ledger.verifier])

    @invariant()
    def holds_exactly_what_was_acknowledged(self) -> None:
        entries = list(self.ledger.read())[1:]
        assert [[e.stream, e.kind, e.data, e.sealed, e.subject] for e in entries] == self.model
        assert [e.seq for e in entries] == list(range(2, len(self.model) + 2))
        leaves = [e.leaf for e in self.ledger.read()]
        state = verify.parse_checkpoint(verify.parse_note(self.ledger.checkpoint()).text)
        assert (state.size, state.root) == (len(leaves), merkle.root(leaves))

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            assert self.ledger.verify(self.kept) == []
            self.ledger.close()
            self.folder.cleanup()


Appending.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
test_appending = Appending.TestCase


@given(fields=objects, place=words)
@settings(deadline=None)
def test_what_is_sealed_opens_only_under_its_key_at_its_place(fields, place):
    key = sealing.new_key()
    sealed, committed = sealing.seal(key, place, sealing.to_json(fields, "fields"))
    _, text = sealing.unseal(key, place, sealed, committed)
    assert sealing.loads(text) == sealing.loads(sealing.to_json(fields, "fields"))
    for other in ((sealing.new_key(), place, sealed, committed), (key, place + "x", sealed, committed),
                  (key, place, sealed[:-1], committed), (key, place, sealed, bytes(32))):  # fmt: skip
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(*other)
    again, other_commitment = sealing.seal(key, place, sealing.to_json(fields, "fields"))
    assert again != sealed
    assert other_commitment != committed  # the same words twice cannot be told to be the same


@given(values)
def test_json_keeps_every_value(value):
    assert sealing.loads(sealing.to_json({"v": value}, "x")) == {"v": value}
