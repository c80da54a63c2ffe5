"""Minutia-pair edges: what a minutia's neighbours look like from it, each neighbour as a line with two angles.

Outside of the claims on cylinder codes: no cells, no cylinders. The construction is older: a minutia is described by
distance, direction and relative angle of its nearest neighbours (X. Jiang, W.-Y. Yau, "Fingerprint Minutiae Matching
Based on the Local and Global Structures", ICPR 2000; S. Chikkerur, A. N. Cartwright, V. Govindaraju, "K-plet and
Coupled BFS", ICB 2006), and edges of two fingers are paired under tolerances that grow with length (C. I. Watson et
al., "User's Guide to NIST Biometric Image Software", BOZORTH3, 2007). All three are invariant to moving and turning
the finger.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.kernels import ascending, between, inline, kernel
from tenprint.finger.template import Template

NEIGHBOURS = 10
REACH = 130.0
"""Pixels beyond which a minutia is no neighbour."""
RANGES = (24.0, 38.0, 56.0)
"""Lengths in pixels that part edges into four, about equally many."""
SLACK = np.float32(4.0)
STRETCH = np.float32(0.08)
"""Two lengths may differ by SLACK pixels and STRETCH of the length."""
UNITS = 65536 / (2 * math.pi)
"""Angles of edges are kept in 65536ths of a turn."""
SLACK_LINE = round(0.4 * UNITS)
"""0.4 radians, by which the directions of two edges, seen from their minutiae, may differ."""
SLACK_ANGLE = round(0.5 * UNITS)
"""0.5 radians, by which the angles at the far ends may differ."""
PER_LINE = np.float32(0.5 / SLACK_LINE)
PER_ANGLE = np.float32(0.5 / SLACK_ANGLE)
"""A pair of edges at the end of a tolerance counts half."""
WIDEST_TURN = math.pi / 2
MOST_MINUTIAE = 120


class Edges(msgspec.Struct, frozen=True, eq=False):
    """The minutiae of one finger with their edges.

    Attributes:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up).
        quality: (n,) float32, 0..1.
        lengths: (n, 10) float32: of the edges in pixels, shortest first.
        angles: (n, 10, 2) int16: direction of the line and angle of the far end, both relative to the minutia, in
            65536ths of a turn (differences wrap round by themselves).
        count: (n,) int32: how many edges there are.
        bins: (n, 10) uint8: a coarse place of each edge by length (2 bits), line and angle (3 bits each).
        net: (n, 4) uint64: bit k says that an edge in bin k of another finger may fit one here.
    """

    points: NDArray[np.float32]
    quality: NDArray[np.float32]
    lengths: NDArray[np.float32]
    angles: NDArray[np.int16]
    count: NDArray[np.int32]
    bins: NDArray[np.uint8]
    net: NDArray[np.uint64]


def describe(template: Template) -> Edges:
    """The edges of a finger's best minutiae."""
    best = template.minutiae[:MOST_MINUTIAE]
    return between_minutiae(np.ascontiguousarray(best[:, :3]), np.ascontiguousarray(best[:, 3]))


def between_minutiae(points: NDArray[np.float32], quality: NDArray[np.float32]) -> Edges:
    """The edges between these minutiae.

    Args:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up).
        quality: (n,) float32, 0..1.
    """
    lengths = np.zeros((len(points), NEIGHBOURS), np.float32)
    angles = np.zeros((len(points), NEIGHBOURS, 2), np.int16)
    count = np.zeros(len(points), np.int32)
    bins = np.zeros((len(points), NEIGHBOURS), np.uint8)
    net = np.zeros((len(points), 4), np.uint64)
    _describe(points, lengths, angles, count)
    _cast(lengths, angles, count, bins, net)
    return Edges(points, quality, lengths, angles, count, bins, net)


@kernel
def _describe(points: np.ndarray, lengths: np.ndarray, angles: np.ndarray, count: np.ndarray) -> None:
    n = len(points)
    squared = np.empty(n, np.float32)
    for i in range(n):
        for j in range(n):
            squared[j] = (points[i, 0] - points[j, 0]) ** 2 + (points[i, 1] - points[j, 1]) ** 2
        squared[i] = np.inf
        order = ascending(squared)
        c, s = math.cos(points[i, 2]), math.sin(points[i, 2])
        for r in range(min(NEIGHBOURS, n - 1)):
            j = order[r]
            if squared[j] > REACH * REACH:
                break
            dx, dy = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
            lengths[i, r] = math.sqrt(squared[j])
            angles[i, r, 0] = np.int64(math.atan2(-(s * dx + c * dy), c * dx - s * dy) * UNITS)
            angles[i, r, 1] = np.int64(between(points[j, 2], points[i, 2]) * UNITS)
            count[i] += 1


@kernel
def _by_length(length: float) -> int:
    """Which of four ranges of length, 0..3."""
    return int(length >= RANGES[0]) + int(length >= RANGES[1]) + int(length >= RANGES[2])


@kernel
def _cast(lengths: np.ndarray, angles: np.ndarray, count: np.ndarray, bins: np.ndarray, net: np.ndarray) -> None:
    """Fill bins and net; what a net holds is never less than what `similarities` would pair."""
    for i in range(len(count)):
        for p in range(count[i]):
            line, turn = (np.int64(angles[i, p, 0]) + 32768) >> 13, (np.int64(angles[i, p, 1]) + 32768) >> 13
            bins[i, p] = (_by_length(lengths[i, p]) << 6) | (line << 3) | turn
            # another edge fits when the lengths differ by less than SLACK + STRETCH of the other's
            shortest = _by_length((lengths[i, p] - SLACK) / (1 + STRETCH) - np.float32(0.01))
            longest = _by_length((lengths[i, p] + SLACK) / (1 - STRETCH) + np.float32(0.01))
            for n in range(shortest, longest + 1):
                first = (np.int64(angles[i, p, 0]) + 32768 - SLACK_LINE) >> 13
                last = (np.int64(angles[i, p, 0]) + 32768 + SLACK_LINE) >> 13
                for u in range(first, last + 1):
                    begin = (np.int64(angles[i, p, 1]) + 32768 - SLACK_ANGLE) >> 13
                    end = (np.int64(angles[i, p, 1]) + 32768 + SLACK_ANGLE) >> 13
                    for v in range(begin, end + 1):
                        net[i, n] |= np.uint64(1) << np.uint64(((u & 7) << 3) | (v & 7))


@inline
def apart(a: int, b: int) -> Any:
    """Absolute difference of two angles in 65536ths of a turn; the cast wraps round."""
    return abs(np.int32(np.int16(a - b)))


@kernel
def similarities(  # noqa: PLR0912, PLR0917 - one loop, so that the compiler keeps it in registers
    a: np.ndarray,
    a_lengths: np.ndarray,
    a_angles: np.ndarray,
    a_count: np.ndarray,
    a_bins: np.ndarray,
    b: np.ndarray,
    b_lengths: np.ndarray,
    b_angles: np.ndarray,
    b_count: np.ndarray,
    b_net: np.ndarray,
) -> np.ndarray:
    """(len(a), len(b)) float32 local similarities, 0..1: how many edges of both can be paired, at least two."""
    result = np.zeros((len(a), len(b)), np.float32)
    for i in range(len(a)):
        for j in range(len(b)):
            if abs(between(a[i, 2], b[j, 2])) >= WIDEST_TURN:
                continue
            total, hits, first, used = np.float32(0), 0, 0, 0
            for p in range(a_count[i]):
                if not (b_net[j, a_bins[i, p] >> 6] >> np.uint64(a_bins[i, p] & 63)) & np.uint64(1):
                    if hits == 0 and p >= 4:
                        break
                    continue
                length = a_lengths[i, p]
                slack = SLACK + STRETCH * length
                while first < b_count[j] and b_lengths[j, first] < length - slack:
                    first += 1
                best, chosen = np.float32(0), -1
                for q in range(first, b_count[j]):
                    off = abs(b_lengths[j, q] - length)
                    if off > slack:
                        break
                    line = apart(a_angles[i, p, 0], b_angles[j, q, 0])
                    turn = apart(a_angles[i, p, 1], b_angles[j, q, 1])
                    if line < SLACK_LINE and turn < SLACK_ANGLE and not (used >> q) & 1:
                        value = (1 - off / (2 * slack)) * (1 - line * PER_LINE) * (1 - turn * PER_ANGLE)
                        if value > best:
                            best, chosen = value, q
                if chosen >= 0:
                    used |= 1 << chosen
                    total += best
                    hits += 1
                elif hits == 0 and p >= 4:
                    break  # none of the five nearest fits: what follows would be chance
            if hits >= 2:
                result[i, j] = total / (np.float32(0.5) * (a_count[i] + b_count[j]) + 1)
    return result
