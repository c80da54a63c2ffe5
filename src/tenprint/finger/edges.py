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

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.kernels import between, kernel
from tenprint.finger.template import Template

NEIGHBOURS = 10
REACH = 130.0
"""Pixels beyond which a minutia is no neighbour."""
SLACK = np.float32(4.0)
STRETCH = np.float32(0.08)
"""Two lengths may differ by SLACK pixels and STRETCH of the length."""
SLACK_LINE = np.float32(0.4)
"""Radians by which the directions of two edges, seen from their minutiae, may differ."""
SLACK_ANGLE = np.float32(0.5)
"""Radians by which the angles at the far ends may differ."""
WIDEST_TURN = math.pi / 2
MOST_MINUTIAE = 120


class Edges(msgspec.Struct, frozen=True, eq=False):
    """The minutiae of one finger with their edges.

    Attributes:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up).
        quality: (n,) float32, 0..1.
        edges: (n, 10, 3) float32: length in pixels, direction of the line and angle of the far end, both in radians and
            relative to the minutia; shortest first.
        count: (n,) int32: how many edges there are.
    """

    points: NDArray[np.float32]
    quality: NDArray[np.float32]
    edges: NDArray[np.float32]
    count: NDArray[np.int32]


def describe(template: Template) -> Edges:
    """The edges of a finger's best minutiae."""
    points = np.ascontiguousarray(template.minutiae[:MOST_MINUTIAE, :3])
    quality = np.ascontiguousarray(template.minutiae[:MOST_MINUTIAE, 3])
    edges = np.zeros((len(points), NEIGHBOURS, 3), np.float32)
    count = np.zeros(len(points), np.int32)
    _describe(points, edges, count)
    return Edges(points, quality, edges, count)


@kernel
def _describe(points: np.ndarray, edges: np.ndarray, count: np.ndarray) -> None:
    n = len(points)
    squared = np.empty(n, np.float32)
    for i in range(n):
        for j in range(n):
            squared[j] = (points[i, 0] - points[j, 0]) ** 2 + (points[i, 1] - points[j, 1]) ** 2
        squared[i] = np.inf
        order = np.argsort(squared, kind="mergesort")
        c, s = math.cos(points[i, 2]), math.sin(points[i, 2])
        for r in range(min(NEIGHBOURS, n - 1)):
            j = order[r]
            if squared[j] > REACH * REACH:
                break
            dx, dy = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
            edges[i, r, 0] = math.sqrt(squared[j])
            edges[i, r, 1] = math.atan2(-(s * dx + c * dy), c * dx - s * dy)
            edges[i, r, 2] = between(points[j, 2], points[i, 2])
            count[i] += 1


@kernel
def similarities(  # noqa: PLR0917
    a: np.ndarray, a_edges: np.ndarray, a_count: np.ndarray, b: np.ndarray, b_edges: np.ndarray, b_count: np.ndarray
) -> np.ndarray:
    """(len(a), len(b)) float32 local similarities, 0..1: how many edges of both can be paired, at least two."""
    result = np.zeros((len(a), len(b)), np.float32)
    used = np.zeros(NEIGHBOURS, np.int64)
    stamp = 0
    for i in range(len(a)):
        for j in range(len(b)):
            if abs(between(a[i, 2], b[j, 2])) >= WIDEST_TURN:
                continue
            total, hits, first = np.float32(0), 0, 0
            stamp += 1
            for p in range(a_count[i]):
                length = a_edges[i, p, 0]
                slack = SLACK + STRETCH * length
                while first < b_count[j] and b_edges[j, first, 0] < length - slack:
                    first += 1
                best, chosen = np.float32(0), -1
                for q in range(first, b_count[j]):
                    off = abs(b_edges[j, q, 0] - length)
                    if off > slack:
                        break
                    line = abs(between(a_edges[i, p, 1], b_edges[j, q, 1]))
                    if line >= SLACK_LINE or used[q] == stamp:
                        continue
                    turn = abs(between(a_edges[i, p, 2], b_edges[j, q, 2]))
                    if turn >= SLACK_ANGLE:
                        continue
                    half = np.float32(0.5)
                    value = (1 - half * off / slack) * (1 - half * line / SLACK_LINE) * (1 - half * turn / SLACK_ANGLE)
                    if value > best:
                        best, chosen = value, q
                if chosen >= 0:
                    used[chosen] = stamp
                    total += best
                    hits += 1
            if hits >= 2:
                result[i, j] = total / (np.float32(0.5) * (a_count[i] + b_count[j]) + 1)
    return result
