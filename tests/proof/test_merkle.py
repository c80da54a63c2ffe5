"""RFC 6962 trees: against the definitions of the RFC written out naively, and against another implementation."""

from __future__ import annotations

import hashlib

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenprint.proof import ProofError, merkle

sizes = st.integers(1, 130)


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % n) for n in range(count)]


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return merkle.node_hash(mth(d[:k]), mth(d[k:]))


def path(m: int, d: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], *, b: bool = True) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b=b), mth(d[k:])]
    return [*subproof(m - k, d[k:], b=False), mth(d[:k])]


@given(sizes, st.data())
@settings(deadline=None)
def test_proofs_are_those_of_the_definitions(count, data):
    d = leaves(count)
    index, old = data.draw(st.integers(0, count - 1)), data.draw(st.integers(1, count))
    assert merkle.root(d) == mth(d)
    assert merkle.inclusion_proof(d, index) == path(index, d)
    assert merkle.consistency_proof(d, old) == subproof(old, d)
    merkle.verify_inclusion(d[index], index, count, path(index, d), mth(d))
    merkle.verify_consistency(old, count, mth(d[:old]), mth(d), subproof(old, d))


def test_roots_are_those_of_another_implementation():
    other = pymerkle.InmemoryTree(algorithm="sha256")
    edge, entries = merkle.Frontier(), []
    assert merkle.root([]) == merkle.EMPTY == edge.root()
    for n in range(260):
        data = b"%d" % (n * n)
        other.append_entry(data)
        entries.append(merkle.leaf_hash(data))
        edge.append(entries[-1])
        assert edge.root() == other.get_root(n + 1)
    assert merkle.root(entries) == edge.root()


@given(st.integers(0, 200))
def test_a_frontier_finishes_every_complete_subtree_once(count):
    d, edge, finished = leaves(count), merkle.Frontier(), {}
    for leaf in d:
        for level, at, value in edge.append(leaf):
            assert (level, at) not in finished
            finished[level, at] = value
    assert finished == {
        (level, at): mth(d[at << level : (at + 1) << level]) for level in range(1, 8) for at in range(count >> level)
    }
    peaks = [(finished | {(0, n): leaf for n, leaf in enumerate(d)})[node] for node in merkle.cover(0, count)]
    again = merkle.Frontier(count, peaks)
    assert again.root() == mth(d)
    with pytest.raises(ValueError, match="peaks"):
        merkle.Frontier(count + 1 if (count + 1).bit_count() != len(peaks) else count + 2, peaks)


@given(sizes, st.data())
@settings(deadline=None)
def test_a_proof_holds_for_nothing_else(count, data):
    d = leaves(count)
    index = data.draw(st.integers(0, count - 1))
    proof, root = merkle.inclusion_proof(d, index), merkle.root(d)
    wrong = [
        (merkle.leaf_hash(b"forged"), index, count, proof, root),
        (d[index], index, count, [*proof, root], root),
        (d[index], index, count, proof, merkle.EMPTY),
        (d[index], index + count, count, proof, root),
        (d[index], -1, count, proof, root),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
        wrong += [(d[index], index, count, bent, root), (d[index], index, count, proof[:-1], root)]
    other = data.draw(st.integers(0, count - 1))
    if other != index:
        wrong.append((d[index], other, count, proof, root))
    for arguments in wrong:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(*arguments)


@given(sizes, st.data())
@settings(deadline=None)
def test_a_rewritten_past_is_never_consistent(count, data):
    d = leaves(count)
    old = data.draw(st.integers(1, count))
    at = data.draw(st.integers(0, old - 1))
    forged = [*d[:at], merkle.leaf_hash(b"forged"), *d[at + 1 :]]
    for proof in (merkle.consistency_proof(d, old), merkle.consistency_proof(forged, old)):
        with pytest.raises(ProofError):
            merkle.verify_consistency(old, count, merkle.root(d[:old]), merkle.root(forged), proof)


def test_edges_of_consistency():
    d = leaves(7)
    root = merkle.root(d)
    assert merkle.consistency_proof(d, 0) == merkle.consistency_proof(d, 7) == []
    merkle.verify_consistency(0, 7, merkle.EMPTY, root, [])
    merkle.verify_consistency(7, 7, root, root, [])
    for arguments in [
        (7, 7, merkle.EMPTY, root, []),
        (7, 7, root, root, [root]),
        (8, 7, root, root, []),
        (3, 7, merkle.root(d[:3]), root, []),
        (4, 7, merkle.root(d[:4]), root, []),
        (4, 7, merkle.root(d[:4]), root, [root, root, root]),
    ]:
        with pytest.raises(ProofError):
            merkle.verify_consistency(*arguments)
    for wrong in (lambda: merkle.inclusion_proof(d, 7), lambda: merkle.consistency_proof(d, 8),
                  lambda: merkle.consistency_proof(d, 2, 9), lambda: merkle.inclusion_proof([], 0)):  # fmt: skip
        with pytest.raises(IndexError):
            wrong()


def test_a_cover_is_of_complete_subtrees_in_order_and_the_fewest():
    for high in range(66):
        for low in range(high + 1):
            nodes = merkle.cover(low, high)
            spans = [(index << level, (index + 1) << level) for level, index in nodes]
            assert [start for start, _ in spans] == [low, *(end for _, end in spans)][: len(spans)]
            assert not spans or spans[-1][1] == high
            assert len(nodes) == _fewest(low, high)


def _fewest(low: int, high: int) -> int:
    """Aligned powers of two that tile a range, counted from both ends."""
    number = 0
    while low < high:
        number += low & 1
        number += high & 1
        low, high = (low + 1) >> 1, high >> 1
    return number
