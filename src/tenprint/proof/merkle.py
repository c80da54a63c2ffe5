"""RFC 6962 section 2.1: Merkle trees over leaf hashes, grown one leaf at a time, with inclusion and consistency proofs.

A tree is addressed by its complete subtrees: node ``(level, index)`` covers leaves ``index * 2**level`` up to the next.
Whoever can answer for those nodes (a list, a database) can prove anything in a logarithm of steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from tenprint.proof.verify import leaf_hash, node_hash, root_from_inclusion, verify_consistency, verify_inclusion

__all__ = [
    "EMPTY", "Frontier", "consistency_proof", "consistency_ranges", "cover", "fold", "inclusion_proof",
    "inclusion_ranges", "leaf_hash", "node_hash", "root", "root_from_inclusion", "verify_consistency",
    "verify_inclusion",
]  # fmt: skip

EMPTY = hashlib.sha256().digest()
"""Root of the tree without leaves (RFC 6962 section 2.1)."""

Node = tuple[int, int]
"""Level (0: leaves) and index of a complete subtree."""


class Frontier:
    """The right edge of a growing tree: roots of its complete subtrees, largest first.

    Appending costs at most a logarithm of hashes and one on average; nothing is hashed twice.

    Args:
        size: leaves so far.
        peaks: hashes of ``cover(0, size)``, in that order.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if len(peaks) != size.bit_count():
            raise ValueError(f"frontier of {size} leaves: expected {size.bit_count()} peaks, got {len(peaks)}")
        self.size = size
        self._peaks = list(peaks)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; returns the complete subtrees above it that this leaf finished: (level, index, hash)."""
        finished = []
        node, index, level = leaf, self.size, 0
        while index & 1:
            node = node_hash(self._peaks.pop(), node)
            index, level = index >> 1, level + 1
            finished.append((level, index, node))
        self._peaks.append(node)
        self.size += 1
        return finished

    def root(self) -> bytes:
        """Root over all leaves so far."""
        return fold(self._peaks)

    def copy(self) -> Frontier:
        """An independent frontier at the same place."""
        return Frontier(self.size, self._peaks)


def cover(low: int, high: int) -> list[Node]:
    """Complete subtrees that make up leaves ``low`` (inclusive) to ``high`` (exclusive), left to right.

    >>> cover(0, 7)
    [(2, 0), (1, 2), (0, 6)]
    """
    nodes = []
    while low < high:
        level = (high - low).bit_length() - 1
        if low:
            level = min(level, (low & -low).bit_length() - 1)
        nodes.append((level, low >> level))
        low += 1 << level
    return nodes


def fold(peaks: Sequence[bytes]) -> bytes:
    """Root over neighbouring subtrees, largest first."""
    if not peaks:
        return EMPTY
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Ranges of leaves whose roots form the audit path of a leaf, lowest first (RFC 6962 section 2.1.1).

    Raises:
        IndexError: when there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"inclusion proof: expected an index from 0 to {size - 1}, got {index}")
    low, high, ranges = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """Ranges of leaves whose roots prove that the first ``old`` of ``new`` are unchanged (RFC 6962 section 2.1.2).

    Raises:
        IndexError: when ``old`` is not between 0 and ``new``.
    """
    if not 0 <= old <= new:
        raise IndexError(f"consistency proof: expected an old size from 0 to {new}, got {old}")
    if old in (0, new):
        return []
    low, high, ranges, whole = 0, new, [], True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, whole = middle, False
    return [*([] if whole else [(low, high)]), *reversed(ranges)]


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes.

    Args:
        leaves: leaf hashes of 32 bytes (``leaf_hash`` of each entry), in order.
    """
    return _tree(leaves).range(0, len(leaves))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of a leaf in the tree over all leaf hashes given.

    Raises:
        IndexError: when there is no such leaf.
    """
    ranges = inclusion_ranges(index, len(leaves))
    tree = _tree(leaves)
    return [tree.range(low, high) for low, high in ranges]


def consistency_proof(leaves: Sequence[bytes], m: int, n: int | None = None) -> list[bytes]:
    """Proof that the tree of the first ``m`` leaves is a prefix of the tree of the first ``n`` (default: all).

    Raises:
        IndexError: when not ``0 <= m <= n <= len(leaves)``.
    """
    size = len(leaves) if n is None else n
    if size > len(leaves):
        raise IndexError(f"consistency proof: expected at most {len(leaves)} leaves, got {size}")
    ranges = consistency_ranges(m, size)
    tree = _tree(leaves)
    return [tree.range(low, high) for low, high in ranges]


class _tree:  # noqa: N801 - a private helper that reads as a function
    """Every complete subtree of a list of leaf hashes, level by level."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.levels: list[Sequence[bytes]] = [leaves]
        sha, level = hashlib.sha256, leaves
        while len(level) > 1:
            pairs = zip(level[0::2], level[1::2], strict=False)
            level = [sha(b"\x01" + left + right).digest() for left, right in pairs]
            self.levels.append(level)

    def range(self, low: int, high: int) -> bytes:
        return fold([self.levels[level][index] for level, index in cover(low, high)])


def _split(size: int) -> int:
    """Largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


Lookup = Callable[[Sequence[Node]], dict[Node, bytes]]
"""Answers for complete subtrees, all asked for at once."""


def roots(ranges: Sequence[tuple[int, int]], lookup: Lookup) -> list[bytes]:
    """Roots of ranges of leaves, from complete subtrees that somebody stores."""
    covers = [cover(low, high) for low, high in ranges]
    known = lookup([node for nodes in covers for node in nodes])
    return [fold([known[node] for node in nodes]) for nodes in covers]
