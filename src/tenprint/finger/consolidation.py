"""From local similarities to one score: which pairs of minutiae belong together, how well they agree.

Local greedy similarity picks the pairs; relaxation lets pairs support each other when distance, difference of
directions and direction of the line between them agree in both fingers (Cappelli, Ferrara, Maltoni, IEEE TPAMI
32(12), 2010, section 4).
"""

from __future__ import annotations

import math

import numpy as np

from tenprint.finger.kernels import between, kernel, lowest, vector_kernel

ROUNDS = 5
KEEP = np.float32(0.5)
"""Share of a pair's own value that a round of relaxation keeps."""
STRETCH = (np.float32(2.5), np.float32(7.5))
"""Pixels by which two distances differ: up to the first they agree, from the second on they do not; skin stretches."""
TURN = (np.float32(0.13), np.float32(0.39))
"""The same for radians between differences of directions, and between directions of the line."""
LEVELS = 256
LEAST = 26
"""Of so many levels of local similarity, those that are looked at."""


@kernel
def best_pairs(similarity: np.ndarray) -> np.ndarray:
    """(k, 2) int32: greedy one-to-one pairs of highest similarity, at most min(shape); best first.

    Only the roughly 4 min(shape) highest values are looked at, sorted by level with a histogram.
    """
    rows, columns = similarity.shape
    most = min(rows, columns)
    level = _levels(similarity.ravel())
    histogram = np.zeros((4, LEVELS), np.int32)
    for k in range(len(level)):
        histogram[k & 3, level[k]] += 1  # four, because equal levels in a row would wait for each other
    total, least = 0, LEVELS
    begin = np.empty(LEVELS, np.int32)
    while least > LEAST and total < 4 * most:
        least -= 1
        begin[least] = total
        total += histogram[0, least] + histogram[1, least] + histogram[2, least] + histogram[3, least]
    high = np.empty(total + 1, np.int32)
    n = 0
    for k in range(len(level)):
        high[n] = k
        n += level[k] >= least
    order = np.empty(total, np.int32)
    for r in range(total):
        k = high[r]
        order[begin[level[k]]] = k
        begin[level[k]] += 1
    used_row, used_column = np.zeros(rows, np.bool_), np.zeros(columns, np.bool_)
    pairs = np.empty((most, 2), np.int32)
    found = 0
    for r in range(total):
        i = order[r] // columns
        j = order[r] - i * columns
        if used_row[i] or used_column[j]:
            continue
        used_row[i] = used_column[j] = True
        pairs[found, 0], pairs[found, 1] = i, j
        found += 1
        if found == most:
            break
    return pairs[:found]


@vector_kernel
def _levels(values: np.ndarray) -> np.ndarray:
    """(n,) uint8 for (n,) float32, 0..1."""
    level = np.empty(len(values), np.uint8)
    for k in range(len(values)):
        level[k] = np.uint8(np.int32(values[k] * np.float32(LEVELS - 1)))
    return level


@vector_kernel
def _agree(difference: np.float32, both: tuple[np.float32, np.float32]) -> np.float32:
    """1 up to the first of both ends, 0 from the second on, smooth between."""
    share = min(max((both[1] - difference) / (both[1] - both[0]), np.float32(0)), np.float32(1))
    return share * share * (np.float32(3) - share - share)


@vector_kernel
def support(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(k, k) float32, 0..1: how well pairs agree: in distance, in difference of directions, in the line between them.

    Args:
        a: (3, k) float32: the minutiae of the first finger, pair by pair.
        b: (3, k): those of the second.
    """
    n = a.shape[1]
    result = np.empty((n, n), np.float32)
    for t in range(n):
        x, y, u, v = a[0, t], a[1, t], b[0, t], b[1, t]
        twist = b[2, t] - a[2, t]
        cos, sin = np.float32(np.cos(twist)), np.float32(np.sin(twist))
        for k in range(n):
            ax, ay, bx, by = a[0, k] - x, a[1, k] - y, b[0, k] - u, b[1, k] - v
            far_a, far_b = np.sqrt(ax * ax + ay * ay), np.sqrt(bx * bx + by * by)
            turn = abs(between(b[2, k] - a[2, k], twist))
            # the line between the minutiae, turned as the first pair says, beside the line in the other finger
            cx, cy = cos * ax + sin * ay, cos * ay - sin * ax
            size = far_a * far_b + np.float32(1e-3)
            across, along = abs(cx * by - cy * bx) / size, cx * bx + cy * by
            value = _agree(abs(far_a - far_b), STRETCH) * _agree(turn, TURN) * _agree(across, TURN)
            result[t, k] = value if along > 0 else np.float32(0)
        result[t, t] = 0
    return result


@vector_kernel
def relaxed(own: np.ndarray, agreement: np.ndarray) -> np.ndarray:
    """(k,) float32: the pairs' similarities after `ROUNDS` rounds of mutual support."""
    n = len(own)
    value, new = own.copy(), np.empty(n, np.float32)
    share = (np.float32(1) - KEEP) / np.float32(max(1, n - 1))
    for _ in range(ROUNDS):
        for t in range(n):
            total = np.float32(0)
            for k in range(n):
                total += agreement[t, k] * value[k]
            new[t] = KEEP * value[t] + share * total
        value[:] = new
    return value


@vector_kernel
def _most(agreement: np.ndarray) -> np.float32:
    """The highest sum of a row."""
    most = np.float32(0)
    for t in range(len(agreement)):
        total = np.float32(0)
        for k in range(len(agreement)):
            total += agreement[t, k]
        most = max(most, total)
    return most


@kernel
def consolidated(
    a: np.ndarray, b: np.ndarray, similarity: np.ndarray
) -> tuple[float, float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What local similarity and relaxation say of two fingers.

    Args:
        a: (n, 3) float32 points of the first finger.
        b: (m, 3) float32 points of the second.
        similarity: (n, m) float32, 0..1.

    Returns:
        mean value, 0..1, over the 4 to 12 pairs that kept most of their value; the most support that any pair has;
        the minutiae of the pairs (3, k) in the first finger and in the second; their support (k, k); their values
        after relaxation (k,).
    """
    pairs = best_pairs(similarity)
    n = len(pairs)
    own, of_a, of_b = np.empty(n, np.float32), np.empty((3, n), np.float32), np.empty((3, n), np.float32)
    for t in range(n):
        i, j = pairs[t, 0], pairs[t, 1]
        own[t] = similarity[i, j]
        for c in range(3):
            of_a[c, t], of_b[c, t] = a[i, c], b[j, c]
    agreement = support(of_a, of_b)
    value = relaxed(own, agreement)
    wanted = 4 + round(8 / (1 + math.exp(-0.4 * (min(len(a), len(b)) - 20))))
    total = 0.0
    for t in lowest(-value / own, wanted):
        total += value[t]
    return float(total / wanted), float(_most(agreement)), of_a, of_b, agreement, value
