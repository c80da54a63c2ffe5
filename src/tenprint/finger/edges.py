"""Minutia-pair edges: what a minutia's neighbours look like from it, each neighbour as a line with two angles.

Outside of the claims on cylinder codes: no cells, no cylinders. The construction is older: a minutia is described by
distance, direction and relative angle of its nearest neighbours (X. Jiang, W.-Y. Yau, "Fingerprint Minutiae Matching
Based on the Local and Global Structures", ICPR 2000; S. Chikkerur, A. N. Cartwright, V. Govindaraju, "K-plet and
Coupled BFS", ICB 2006), and edges of two fingers are paired under tolerances that grow with length (C. I. Watson et
al., "User's Guide to NIST Biometric Image Software", BOZORTH3, 2007). All three are invariant to moving and turning
the finger.

An edge is three bytes, so that the compiler compares 32 edges at once: its length on a scale on which the tolerance is
the same everywhere, and its two angles in 256ths of a turn.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.kernels import kernel, lowest, vector_kernel
from tenprint.finger.template import Template

NEIGHBOURS = 10
REACH = 130.0
"""Pixels beyond which a minutia is no neighbour."""
SLACK = 4.0
STRETCH = 0.08
"""Two lengths may differ by about SLACK pixels and STRETCH of the length; that is `PER_SLACK` steps of their code."""
PER_SLACK = 11.0
NONE = 216
"""The code of a length that fits no edge: there is no such neighbour."""
LANES = 32
"""Minutiae that are compared at once."""
FARTHEST = 40
"""Two edges agree by what is left of so many steps, of length and of both angles together."""
MOST = 63
"""One difference never counts more, so that the sum of three stays a byte."""
WIDEST_TURN = 64
"""Fingers are placed upright: directions that differ by so many 256ths of a turn are not compared."""
MOST_MINUTIAE = 120
ROW = 2 * MOST_MINUTIAE + LANES + 16
"""A fixed length of rows lets the compiler see that they lie apart."""
EDGE = 3 * ROW
COUNTS = NEIGHBOURS * EDGE
MINUTIAE = COUNTS + ROW


class Edges(msgspec.Struct, frozen=True, eq=False):
    """The minutiae of one finger with their edges.

    Attributes:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up).
        quality: (n,) float32, 0..1.
        codes: (32 * 288,) uint8, rows of `ROW`: the minutiae by direction, twice in a row, so that those
            within reach of a direction are one run. Of each its ten edges, shortest first, three rows an edge: length
            on the scale of `length_code`, direction of the line and angle of the far end, both relative to the
            minutia, in 256ths of a turn (differences wrap round by themselves). Then how many edges there are, and
            which minutia it is.
        begin: (257,) uint8: how many minutiae have a direction below so many 256ths of a turn.
    """

    points: NDArray[np.float32]
    quality: NDArray[np.float32]
    codes: NDArray[np.uint8]
    begin: NDArray[np.uint8]


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
    codes = np.full(MINUTIAE + ROW, NONE, np.uint8)
    begin = np.zeros(257, np.uint8)
    _describe(points, codes, begin)
    return Edges(points, quality, codes, begin)


@kernel
def length_code(length: float) -> int:
    """A length in pixels on a scale of tolerances: 0 (no length) to 200 (`REACH`)."""
    return int(math.log(1 + length * (STRETCH / SLACK)) * (PER_SLACK / STRETCH) + 0.5)


@kernel
def turn_code(angle: float) -> int:
    """An angle in radians in 256ths of a turn."""
    return math.floor(angle * (256 / (2 * math.pi)) + 0.5) & 255


@kernel
def _describe(points: np.ndarray, codes: np.ndarray, begin: np.ndarray) -> None:
    """Fill codes and begin."""
    n = len(points)
    direction = np.empty(n, np.float32)
    for i in range(n):
        direction[i] = turn_code(points[i, 2])
        begin[int(direction[i]) + 1] += 1
    for t in range(256):
        begin[t + 1] += begin[t]
    nearest, far = np.empty(NEIGHBOURS, np.int64), np.empty(NEIGHBOURS, np.float32)
    for place, i in enumerate(lowest(direction, n)):
        k = _nearest(points, i, nearest, far)
        c, s = math.cos(points[i, 2]), math.sin(points[i, 2])
        for r in range(k):
            j = nearest[r]
            dx, dy = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
            at = r * EDGE + place
            codes[at] = length_code(math.sqrt(far[r]))
            codes[at + ROW] = turn_code(math.atan2(-(s * dx + c * dy), c * dx - s * dy))
            codes[at + 2 * ROW] = turn_code(points[j, 2] - points[i, 2])
        codes[COUNTS + place], codes[MINUTIAE + place] = k, i
        for row in range(0, len(codes), ROW):
            codes[row + place + n] = codes[row + place]


@kernel
def _nearest(points: np.ndarray, i: int, nearest: np.ndarray, far: np.ndarray) -> int:
    """Fill the nearest neighbours of minutia i and their squared distances; returns their number."""
    k = 0
    for j in range(len(points)):
        dx, dy = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
        squared = dx * dx + dy * dy
        if j == i or squared > REACH * REACH or (k == NEIGHBOURS and squared >= far[k - 1]):
            continue
        r = min(k, NEIGHBOURS - 1)
        while r > 0 and far[r - 1] > squared:
            nearest[r], far[r] = nearest[r - 1], far[r - 1]
            r -= 1
        nearest[r], far[r] = j, squared
        k = min(k + 1, NEIGHBOURS)
    return k


@vector_kernel
def _differ(  # noqa: PLR0917
    a_length: np.uint8, a_line: np.uint8, a_turn: np.uint8, b_length: np.uint8, b_line: np.uint8, b_turn: np.uint8
) -> np.uint8:
    """By how many steps two edges differ, in length and both angles together; bytes wrap round as angles do."""
    off, line, turn = np.uint8(a_length - b_length), np.uint8(a_line - b_line), np.uint8(a_turn - b_turn)
    off = min(off, np.uint8(-off), np.uint8(MOST))
    line = min(line, np.uint8(-line), np.uint8(MOST))
    turn = min(turn, np.uint8(-turn), np.uint8(MOST))
    return np.uint8(off + line + turn)


@vector_kernel
def similarities(a: np.ndarray, a_points: np.ndarray, b: np.ndarray, b_begin: np.ndarray) -> np.ndarray:
    """(n, m) float32 local similarities, 0..1: how well the edges of each minutia find one that agrees.

    Args:
        a: codes of the first finger.
        a_points: (n, 3) its minutiae.
        b: codes of the second.
        b_begin: (257,) where its directions begin.
    """
    m = int(np.int64(b_begin[256]))
    result = np.zeros((len(a_points), m), np.float32)
    total = np.empty(LANES, np.uint16)
    for i in range(len(a_points)):
        count, row = int(np.int64(a[COUNTS + i])), int(np.int64(a[MINUTIAE + i]))
        least_turn = (turn_code(a_points[row, 2]) - WIDEST_TURN + 1) & 255
        beyond = least_turn + 2 * WIDEST_TURN - 1
        begin = int(np.int64(b_begin[least_turn]))
        end = int(np.int64(b_begin[beyond & 255])) + (m if beyond > 255 else 0)
        for first in range(begin, end, LANES):
            total[:] = 0
            _add_up(a, i, count, b[first:], total)
            for j in range(first, min(first + LANES, end)):
                most = np.float32(0.5) * np.float32(count + np.int64(b[COUNTS + j])) + np.float32(1)
                result[row, b[MINUTIAE + j]] = np.float32(total[j - first]) / (most * np.float32(FARTHEST))
    return result


@vector_kernel
def _add_up(a: np.ndarray, i: int, count: int, b: np.ndarray, total: np.ndarray) -> None:
    """Fill total (32,) uint16: how well the edges of minutia i of a find one in each of b's first minutiae."""
    for p in range(count):
        length, line, turn = a[p * EDGE + i], a[p * EDGE + ROW + i], a[p * EDGE + 2 * ROW + i]
        for lane in range(LANES):
            least = np.uint8(FARTHEST)
            for q in range(NEIGHBOURS):  # unrolled by the compiler, so that the loop over lanes is one of vectors
                at = q * EDGE + lane
                least = min(least, _differ(length, line, turn, b[at], b[at + ROW], b[at + 2 * ROW]))
            total[lane] += np.uint16(np.uint8(np.uint8(FARTHEST) - least))
