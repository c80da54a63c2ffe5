"""Laying one finger over the other, with skin that stretches, and counting what agrees.

Pairs found by local similarity and their mutual support give a few places to start from. From each, a rigid motion is
fitted to the pairs that support it (A. K. Jain, L. Hong, R. Bolle, "On-line Fingerprint Verification", IEEE TPAMI
19(4), 1997, is the idea of alignment by minutiae); then every minutia is moved by what its matched neighbours still
miss, weighted by nearness, and matched again: a smooth local deformation, as A. M. Bazen and S. H. Gerez,
"Fingerprint Matching by Thin-Plate Spline Modelling of Elastic Deformations", Pattern Recognition 36(8), 2003, model
it.
"""

from __future__ import annotations

import math

import numpy as np

from tenprint.finger.kernels import ascending, between, kernel

STARTS = 4
FINISHED = 2
"""Of the starts, so many of the best go on to the elastic stage."""
NEAR = np.float32(15.0)
"""Pixels within which two minutiae may match after the elastic stage; half as much again before."""
TURN = np.float32(0.7)
"""Radians by which directions of matched minutiae may differ."""
SKIN = np.float32(40.0)
"""Pixels over which neighbouring skin moves together (standard deviation)."""
RIGID = np.float32(0.15)
"""Weight of not moving at all in the elastic stage."""
OVERLAP = np.float32(45.0)
"""A minutia lies where both fingers are seen when the other finger has one within so many pixels."""
ROUNDS = 2


@kernel
def fit(a: np.ndarray, b: np.ndarray, pairs: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(5,) float64: turn, centre in a (x, y), centre in b (x, y): the weighted least-squares motion of the pairs."""
    total = 0.0
    centre = np.zeros(4)
    for k in range(len(pairs)):
        p, q, w = a[pairs[k, 0]], b[pairs[k, 1]], weight[k]
        total += w
        centre[0] += w * p[0]
        centre[1] += w * p[1]
        centre[2] += w * q[0]
        centre[3] += w * q[1]
    for k in range(4):
        centre[k] /= total
    along, across = 0.0, 0.0
    for k in range(len(pairs)):
        p, q, w = a[pairs[k, 0]], b[pairs[k, 1]], weight[k]
        px, py, qx, qy = p[0] - centre[0], p[1] - centre[1], q[0] - centre[2], q[1] - centre[3]
        along += w * (px * qx + py * qy)
        across += w * (py * qx - px * qy)
    motion = np.empty(5)
    motion[0] = math.atan2(across, along)
    for k in range(4):
        motion[k + 1] = centre[k]
    return motion


@kernel
def moved(a: np.ndarray, motion: np.ndarray) -> np.ndarray:
    """(n, 2) float32: the places of a's minutiae in b's picture."""
    c, s = math.cos(motion[0]), math.sin(motion[0])
    place = np.empty((len(a), 2), np.float32)
    for i in range(len(a)):
        dx, dy = a[i, 0] - motion[1], a[i, 1] - motion[2]
        place[i, 0] = motion[3] + c * dx + s * dy
        place[i, 1] = motion[4] - s * dx + c * dy
    return place


@kernel
def match(  # noqa: PLR0917
    place: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    turn: float,
    near: float | np.float32,
    mate: np.ndarray,
    miss: np.ndarray,
) -> int:
    """One-to-one pairs of minutiae that lie together, nearest first; returns their number.

    Args:
        place: (n, 2) where a's minutiae lie in b's picture.
        a: (n, 3) minutiae.
        b: (m, 3) minutiae.
        turn: radians from a's directions to b's.
        near: pixels within which they may match.
        mate: (n,) filled with the index in b, or -1.
        miss: (n,) filled with the squared miss in parts of what is allowed, 0..2.
    """
    most = len(a) * len(b)
    first, second, value = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.float32)
    n = 0
    scale, scale_turn = np.float32(1 / (near * near)), np.float32(1 / (TURN * TURN))
    for i in range(len(a)):
        mate[i] = -1
        for j in range(len(b)):
            dx, dy = place[i, 0] - b[j, 0], place[i, 1] - b[j, 1]
            off = (dx * dx + dy * dy) * scale
            if off < 1:
                angle = between(a[i, 2] + np.float32(turn), b[j, 2])
                if abs(angle) < TURN:
                    first[n], second[n], value[n] = i, j, off + angle * angle * scale_turn
                    n += 1
    taken = np.zeros(len(b), np.bool_)
    count = 0
    for r in ascending(value[:n]):
        i, j = first[r], second[r]
        if mate[i] < 0 and not taken[j]:
            mate[i], miss[i] = j, value[r]
            taken[j] = True
            count += 1
    return count


@kernel
def stretched(place: np.ndarray, a: np.ndarray, b: np.ndarray, mate: np.ndarray) -> np.ndarray:
    """(n, 2) float32: the places after each minutia followed its matched neighbours, itself left out."""
    result = place.copy()
    narrow = np.float32(1 / (2 * SKIN * SKIN))
    far = np.float32((3 * SKIN) ** 2)
    for i in range(len(a)):
        total, x, y = RIGID, np.float32(0), np.float32(0)
        for r in range(len(a)):
            if mate[r] < 0 or r == i:
                continue
            squared = (a[i, 0] - a[r, 0]) ** 2 + (a[i, 1] - a[r, 1]) ** 2
            if squared > far:
                continue
            weight = np.exp(-squared * narrow)
            x += weight * (b[mate[r], 0] - place[r, 0])
            y += weight * (b[mate[r], 1] - place[r, 1])
            total += weight
        result[i, 0] += x / total
        result[i, 1] += y / total
    return result


@kernel
def overlap(place: np.ndarray, a_quality: np.ndarray, b: np.ndarray, b_quality: np.ndarray) -> float:
    """Sum of qualities, mean of both fingers, of the minutiae that lie where both fingers are seen."""
    in_a, in_b = 0.0, 0.0
    seen = np.zeros(len(b), np.bool_)
    for i in range(len(place)):
        found = False
        for j in range(len(b)):
            if (place[i, 0] - b[j, 0]) ** 2 + (place[i, 1] - b[j, 1]) ** 2 < OVERLAP * OVERLAP:
                found = True
                seen[j] = True
        if found:
            in_a += a_quality[i]
    for j in range(len(b)):
        if seen[j]:
            in_b += b_quality[j]
    return 0.5 * (in_a + in_b)


@kernel
def start(  # noqa: PLR0917
    a: np.ndarray, b: np.ndarray, pairs: np.ndarray, support: np.ndarray, value: np.ndarray, seed: int
) -> np.ndarray:
    """(5,) float64: the rigid motion that one pair and those that support it ask for."""
    weight = np.empty(len(pairs), np.float32)
    heavy = 0
    for k in range(len(pairs)):
        weight[k] = support[seed, k] * value[k] if k != seed else max(value[k], np.float32(1e-6))
        heavy += weight[k] > np.float32(1e-3)
    motion = fit(a, b, pairs, weight)
    if heavy < 2:
        motion[0] = between(b[pairs[seed, 1], 2], a[pairs[seed, 0], 2])
    return motion


@kernel
def agreement(  # noqa: PLR0917
    a: np.ndarray,
    a_quality: np.ndarray,
    b: np.ndarray,
    b_quality: np.ndarray,
    pairs: np.ndarray,
    support: np.ndarray,
    value: np.ndarray,
    mate: np.ndarray,
) -> tuple[float, float]:
    """Matched and comparable quality of the best way to lay a over b.

    Args:
        a: (n, 3) minutiae of the first finger.
        a_quality: (n,).
        b: (m, 3) minutiae of the second.
        b_quality: (m,).
        pairs: (k, 2) from `tenprint.finger.consolidation.best_pairs`.
        support: (k, k).
        value: (k,) after relaxation.
        mate: (n,) int64, filled with the index in b of each matched minutia, else -1.

    Returns:
        sum of qualities of matched minutiae, less for those that match badly; mean sum where both fingers are seen.
    """
    order = ascending(-value)
    starts = min(STARTS, len(pairs))
    motions, counts = np.empty((starts, 5)), np.zeros(starts, np.float32)
    mates, miss = np.empty(len(a), np.int64), np.empty(len(a), np.float32)
    for k in range(starts):
        motions[k] = start(a, b, pairs, support, value, order[k])
        counts[k] = match(moved(a, motions[k]), a, b, motions[k, 0], 1.5 * NEAR, mates, miss)
    best, matched, comparable = -1.0, 0.0, 0.0
    mate[:] = -1
    for k in ascending(-counts)[:FINISHED]:
        if counts[k] < 3:
            continue
        place = moved(a, motions[k])
        laid = place
        match(place, a, b, motions[k, 0], 1.5 * NEAR, mates, miss)
        for _ in range(ROUNDS):
            laid = stretched(place, a, b, mates)
            match(laid, a, b, motions[k, 0], NEAR, mates, miss)
        total = 0.0
        for i in range(len(a)):
            if mates[i] >= 0:
                total += math.sqrt(a_quality[i] * b_quality[mates[i]]) * (1 - 0.5 * miss[i])
        common = overlap(laid, a_quality, b, b_quality)
        if total * total / (common + 4) > best:
            best, matched, comparable = total * total / (common + 4), total, common
            mate[:] = mates
    return matched, comparable
