"""From local similarities to one score: which pairs of minutiae belong together, how well they agree.

Local greedy similarity picks the pairs; relaxation lets pairs support each other when distance, difference of
directions and direction of the line between them agree in both fingers (Cappelli, Ferrara, Maltoni, IEEE TPAMI
32(12), 2010, section 4).
"""

from __future__ import annotations

import numpy as np

from tenprint.finger.kernels import ascending, between, kernel

ROUNDS = 5
KEEP = np.float32(0.5)
"""Share of a pair's own value that a round of relaxation keeps."""
FARTHEST = np.float32(15.0)
"""Pixels by which two distances may differ at all; skin stretches."""
MOST_TURN = np.float32(0.7)


@kernel
def best_pairs(similarity: np.ndarray) -> np.ndarray:
    """(k, 2) int32: greedy one-to-one pairs of highest similarity, at most min(shape); best first.

    Only the roughly 4 min(shape) highest values are looked at; a histogram finds where they begin.
    """
    rows, columns = similarity.shape
    most = min(rows, columns)
    histogram = np.zeros(128, np.int32)
    flat = similarity.ravel()
    for k in range(len(flat)):
        histogram[int(max(np.float32(0), flat[k]) * np.float32(127))] += 1
    total, level = 0, 127
    while level > 12 and total < 4 * most:
        total += histogram[level]
        level -= 1
    least = np.float32(level + 1) / np.float32(127)
    value, index = np.empty(total + 8, np.float32), np.empty(total + 8, np.int32)
    n = 0
    for k in range(len(flat)):
        if flat[k] >= least and n < len(value):
            value[n], index[n] = -flat[k], k
            n += 1
    order = ascending(value[:n])
    used_row, used_column = np.zeros(rows, np.bool_), np.zeros(columns, np.bool_)
    pairs = np.empty((most, 2), np.int32)
    found = 0
    for r in range(n):
        i, j = index[order[r]] // columns, index[order[r]] % columns
        if used_row[i] or used_column[j]:
            continue
        used_row[i] = used_column[j] = True
        pairs[found, 0], pairs[found, 1] = i, j
        found += 1
        if found == most:
            break
    return pairs[:found]


@kernel
def support(a: np.ndarray, b: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """(k, k) float32, 0..1: how well two pairs agree: logistic in the three differences of the relaxation."""
    n = len(pairs)
    result = np.zeros((n, n), np.float32)
    for t in range(n):
        p, q = a[pairs[t, 0]], b[pairs[t, 1]]
        cos_a, sin_a, cos_b, sin_b = np.cos(p[2]), np.sin(p[2]), np.cos(q[2]), np.sin(q[2])
        for k in range(t + 1, n):
            r, s = a[pairs[k, 0]], b[pairs[k, 1]]
            ax, ay, bx, by = r[0] - p[0], r[1] - p[1], s[0] - q[0], s[1] - q[1]
            far_a, far_b = np.sqrt(ax * ax + ay * ay), np.sqrt(bx * bx + by * by)
            stretch = abs(far_a - far_b)
            turn = abs(between(r[2] - p[2], s[2] - q[2]))
            if stretch > FARTHEST or turn > MOST_TURN:
                continue
            # the line between the minutiae, seen from the first of each pair
            ua, va = cos_a * ax - sin_a * ay, -(sin_a * ax + cos_a * ay)
            ub, vb = cos_b * bx - sin_b * by, -(sin_b * bx + cos_b * by)
            size = far_a * far_b + np.float32(1e-3)
            line = abs(ua * vb - va * ub) / size
            if (ua * ub + va * vb) / size < np.float32(0.6):
                continue
            value = 1 / (
                (1 + np.exp(np.float32(1.6) * (stretch - np.float32(5))))
                * (1 + np.exp(np.float32(30) * (turn - np.float32(0.2618))))
                * (1 + np.exp(np.float32(30) * (line - np.float32(0.26))))
            )
            result[t, k] = result[k, t] = value
    return result


@kernel
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


@kernel
def consolidated(
    a: np.ndarray, b: np.ndarray, similarity: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """What local similarity and relaxation say of two fingers.

    Args:
        a: (n, 3) float32 points of the first finger.
        b: (m, 3) float32 points of the second.
        similarity: (n, m) float32, 0..1.

    Returns:
        mean value, 0..1, over the 4 to 12 pairs that kept most of their value; pairs (k, 2) int32; their support (k,
        k); their values after relaxation (k,).
    """
    pairs = best_pairs(similarity)
    n = len(pairs)
    own = np.empty(n, np.float32)
    for t in range(n):
        own[t] = similarity[pairs[t, 0], pairs[t, 1]]
    agreement = support(a, b, pairs)
    value = relaxed(own, agreement)
    loss = np.empty(n, np.float32)
    for t in range(n):
        loss[t] = -value[t] / max(own[t], np.float32(1e-6))
    order = ascending(loss)
    wanted = 4 + round(8 / (1 + np.exp(-0.4 * (min(len(a), len(b)) - 20))))
    total = 0.0
    for t in range(min(wanted, n)):
        total += value[order[t]]
    return float(total / wanted), pairs, agreement, value
