"""All impressions of one finger position in arrays that may be mapped files, and the first stage of a search.

The first stage compares bits only: each minutia of the gallery takes its most similar minutia of the probe, by
exclusive or and population count, and the ten best of these make the score. It is coarse and quick; what it brings
forward is compared in full. Measured design: ``docs/explanation/fingers.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenprint.finger import edges
from tenprint.finger.cylinders import SECTIONS, Cylinders
from tenprint.finger.kernels import ones, vector_kernel
from tenprint.finger.matching import Finger, joined

BEST = 10
"""Minutiae that count in the first stage."""
WIDEST = 48
"""Directions that differ by more 256ths of a turn are not compared."""
MOST_PROBE = 64
"""Minutiae of the probe in the first stage, best quality first."""
LEVELS = 64

COLUMNS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "points": (np.float32, (3,)),
    "quality": (np.float32, ()),
    "bits": (np.uint64, (SECTIONS,)),
    "valid": (np.uint64, ()),
    "length": (np.float32, ()),
    "angle": (np.uint8, ()),
}
"""What is kept of a minutia: 77 bytes. Edges are computed again when a finger is compared in full."""


def _coarse(finger: Finger) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Euclidean length of a minutia's bits, and its direction in 256ths of a turn."""
    length = np.sqrt(np.bitwise_count(finger.bits).sum(1)).astype(np.float32)
    angle = np.floor(finger.points[:, 2] * (256 / (2 * np.pi)) + 0.5).astype(np.int64) & 255
    return length, angle.astype(np.uint8)


class Shelf:
    """Impressions in slots; a slot belongs to a person, and is cleared and later closed when that person is removed."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._columns = {name: self._array(name, 0) for name in COLUMNS}
        self._begin = np.zeros(0, np.int64)
        self._end = np.zeros(0, np.int64)
        self.owner = np.zeros(0, np.int64)
        self.slots = 0
        self._used = 0

    def __len__(self) -> int:
        """Slots in use."""
        return int((self.owner[: self.slots] >= 0).sum())

    @property
    def bytes_used(self) -> int:
        """Bytes of all impressions."""
        row = sum(int(np.dtype(kind).itemsize) * int(np.prod(shape)) for kind, shape in COLUMNS.values())
        return int(row * self._used + 24 * self.slots)

    def _array(self, name: str, rows: int) -> NDArray[Any]:
        kind, shape = COLUMNS[name]
        if self._folder is None or rows == 0:
            return np.zeros((rows, *shape), kind)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{name}.{rows}"
        return np.memmap(path, kind, "w+", shape=(rows, *shape))

    def add(self, owner: int, finger: Finger) -> None:
        """Append one impression."""
        begin, end = self._used, self._used + len(finger)
        if end > len(self._columns["valid"]):
            self._grow(max(4096, 2 * end))
        if self.slots == len(self.owner):
            more = max(64, len(self.owner))
            self._begin, self._end = (np.concatenate([a, np.zeros(more, np.int64)]) for a in (self._begin, self._end))
            self.owner = np.concatenate([self.owner, np.full(more, -1)])
        length, angle = _coarse(finger)
        rows = {
            "points": finger.points,
            "quality": finger.quality,
            "bits": finger.bits,
            "valid": finger.valid,
            "length": length,
            "angle": angle,
        }
        for name, values in rows.items():
            self._columns[name][begin:end] = values
        self._begin[self.slots], self._end[self.slots], self.owner[self.slots] = begin, end, owner
        self.slots += 1
        self._used = end

    def _grow(self, rows: int) -> None:
        for name, old in self._columns.items():
            new = self._array(name, rows)
            new[: self._used] = old[: self._used]
            self._drop(old)
            self._columns[name] = new

    def _drop(self, old: NDArray[Any]) -> None:
        """Remove the file behind an array that is no longer used."""
        name = getattr(old, "filename", None)
        if name is not None:
            Path(name).unlink(missing_ok=True)

    def remove(self, owner: int) -> None:
        """Clear a person's slots; when half of all are empty, close the gaps."""
        for slot in np.flatnonzero(self.owner[: self.slots] == owner).tolist():
            for values in self._columns.values():
                values[self._begin[slot] : self._end[slot]] = 0
            self._end[slot] = self._begin[slot]
            self.owner[slot] = -1
        if self.slots > 64 and 2 * len(self) < self.slots:
            self._close()

    def _close(self) -> None:
        keep = np.flatnonzero(self.owner[: self.slots] >= 0)
        rows = np.concatenate([np.arange(self._begin[k], self._end[k]) for k in keep] or [np.zeros(0, np.int64)])
        for values in self._columns.values():
            values[: len(rows)] = values[rows]
            values[len(rows) : self._used] = 0
        lengths = self._end[keep] - self._begin[keep]
        self._end[: len(keep)] = np.cumsum(lengths)
        self._begin[: len(keep)] = self._end[: len(keep)] - lengths
        self.owner[: len(keep)] = self.owner[keep]
        self.owner[len(keep) :] = -1
        self.slots, self._used = len(keep), len(rows)

    def finger(self, slot: int) -> Finger:
        """A stored impression, ready to be compared in full."""
        rows = slice(self._begin[slot], self._end[slot])
        points, quality = (np.ascontiguousarray(self._columns[name][rows]) for name in ("points", "quality"))
        lines = edges.between_minutiae(points, quality)
        bits, valid = (np.ascontiguousarray(self._columns[name][rows]) for name in ("bits", "valid"))
        return joined(lines, Cylinders(bits, valid))

    def coarse(self, probe: Finger) -> NDArray[np.float32]:
        """(slots,) float32, 0..1: the first stage's score of every slot; empty slots have 0."""
        used = np.flatnonzero(probe.valid)[:MOST_PROBE]
        length, angle = _coarse(probe)
        used = used[np.argsort(angle[used], kind="stable")]
        # three turns of the probe's minutiae by direction: those within reach of a direction are one run of them
        directions = np.concatenate([angle[used].astype(np.int64) + turn for turn in (-256, 0, 256)])
        turns = np.arange(256)
        first = np.searchsorted(directions, turns - WIDEST, "right")
        last = np.searchsorted(directions, turns + WIDEST, "left")
        bits = np.ascontiguousarray(np.tile(probe.bits[used].T, 3))
        out = np.zeros(self.slots, np.float32)
        g_bits, g_length, g_angle = (self._columns[name] for name in ("bits", "length", "angle"))
        begin, end = self._begin[: self.slots], self._end[: self.slots]
        first_stage(bits, np.tile(length[used], 3), first, last, g_bits, g_length, g_angle, begin, end, out)
        return out


@vector_kernel
def first_stage(  # noqa: PLR0917
    bits: np.ndarray,
    lengths: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    g_bits: np.ndarray,
    g_length: np.ndarray,
    g_angle: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill `out` (n,) with the mean of the best local similarities of each finger.

    Probe bits are (6, m), sorted by direction; a minutia of direction d meets those from first[d] to last[d].
    """
    counts = np.zeros(LEVELS, np.int32)
    for f in range(len(begin)):
        counts[:] = 0
        for g in range(begin[f], end[f]):
            v0, v1, v2, v3, v4, v5 = g_bits[g, 0], g_bits[g, 1], g_bits[g, 2], g_bits[g, 3], g_bits[g, 4], g_bits[g, 5]
            own, turn = g_length[g], np.int32(g_angle[g])
            least = np.float32(1)
            for p in range(first[turn], last[turn]):
                differ = (
                    ones(bits[0, p] ^ v0)
                    + ones(bits[1, p] ^ v1)
                    + ones(bits[2, p] ^ v2)
                    + ones(bits[3, p] ^ v3)
                    + ones(bits[4, p] ^ v4)
                    + ones(bits[5, p] ^ v5)
                )
                # the square of the distance over the sum of lengths: one root a minutia instead of one a pair
                both = lengths[p] + own
                least = min(least, np.float32(np.int32(differ)) / (both * both))
            best = np.float32(1) - np.sqrt(least)
            counts[int(best * np.float32(LEVELS - 0.01))] += 1
        left, total = BEST, 0.0
        for level in range(LEVELS - 1, 0, -1):
            taken = min(left, counts[level])
            total += taken * level
            left -= taken
            if left == 0:
                break
        out[f] = total / ((LEVELS - 1) * BEST)
