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

from tenprint.finger.kernels import between, kernel, lowest, vector_kernel

STARTS = 4
"""Motions that each descriptor proposes."""
FINISHED = 3
"""Of the motions, so many of the best go on to the elastic stage."""
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
FARTHEST = 3.5
"""Of `NEAR`: farther no minutia is pulled by those that match and then matches: 1.5, and 1 more each round."""


@vector_kernel
def fit(a: np.ndarray, b: np.ndarray, weight: np.ndarray, seed: int, motion: np.ndarray) -> None:
    """Fill (5,) float32: turn, centre in a (x, y), centre in b (x, y): the least-squares motion of weighted pairs.

    Args:
        a: (3, k) minutiae of the first finger.
        b: (3, k) minutiae of the second, pair by pair.
        weight: (k,) of the pairs.
        seed: the pair from which places are counted, so that sums stay small.
        motion: filled.
    """
    x, y, u, v = a[0, seed], a[1, seed], b[0, seed], b[1, seed]
    total, to_x, to_y, to_u, to_v = np.float32(0), np.float32(0), np.float32(0), np.float32(0), np.float32(0)
    along, across = np.float32(0), np.float32(0)
    for k in range(len(weight)):
        w, ax, ay, bx, by = weight[k], a[0, k] - x, a[1, k] - y, b[0, k] - u, b[1, k] - v
        total += w
        to_x += w * ax
        to_y += w * ay
        to_u += w * bx
        to_v += w * by
        along += w * (ax * bx + ay * by)
        across += w * (ay * bx - ax * by)
    along -= (to_x * to_u + to_y * to_v) / total
    across -= (to_y * to_u - to_x * to_v) / total
    motion[0] = math.atan2(across, along)
    motion[1], motion[2], motion[3], motion[4] = x + to_x / total, y + to_y / total, u + to_u / total, v + to_v / total


@kernel
def moved(a: np.ndarray, motion: np.ndarray) -> np.ndarray:
    """(2, n) float32: the places of a's minutiae in b's picture."""
    c, s = np.float32(math.cos(motion[0])), np.float32(math.sin(motion[0]))
    place = np.empty((2, len(a)), np.float32)
    for i in range(len(a)):
        dx, dy = a[i, 0] - motion[1], a[i, 1] - motion[2]
        place[0, i] = motion[3] + c * dx + s * dy
        place[1, i] = motion[4] - s * dx + c * dy
    return place


@vector_kernel
def _squared(x: np.float32, y: np.float32, places: np.ndarray, squared: np.ndarray) -> np.float32:
    """Fill squared distances (m,) from a place to others (2, m); returns the least."""
    least = np.float32(1e9)
    for j in range(places.shape[1]):
        dx, dy = places[0, j] - x, places[1, j] - y
        squared[j] = dx * dx + dy * dy
        least = min(least, squared[j])
    return least


@kernel
def within_reach(place: np.ndarray, a: np.ndarray, b: np.ndarray, turn: np.float32) -> tuple[np.ndarray, np.ndarray]:
    """Which minutiae can match at all, however the skin stretches: (k, 2) int32 rows of a and b; (k,) squared turns.

    Args:
        place: (2, n) where a's minutiae lie in b's picture before any stretching.
        a: (n, 3) minutiae.
        b: (3, m) minutiae.
        turn: radians from a's directions to b's.

    Returns:
        the pairs; the squares of their remaining differences of direction, in parts of what is allowed.
    """
    rows, columns = len(a), b.shape[1]
    pairs, turns = np.empty((rows * columns, 2), np.int32), np.empty(rows * columns, np.float32)
    squared = np.empty(columns, np.float32)
    n = 0
    reach, scale = np.float32((FARTHEST * NEAR) ** 2), np.float32(1) / (TURN * TURN)
    for i in range(rows):
        if _squared(place[0, i], place[1, i], b, squared) >= reach:
            continue
        direction = a[i, 2] + turn
        for j in range(columns):
            if squared[j] < reach:
                angle = between(direction, b[2, j])
                if abs(angle) < TURN:
                    pairs[n, 0], pairs[n, 1], turns[n] = i, j, angle * angle * scale
                    n += 1
    return pairs[:n], turns[:n]


@kernel
def match(  # noqa: PLR0917
    place: np.ndarray,
    b: np.ndarray,
    pairs: np.ndarray,
    turns: np.ndarray,
    near: float | np.float32,
    mate: np.ndarray,
    miss: np.ndarray,
) -> int:
    """One-to-one pairs of minutiae that lie together, nearest first; returns their number.

    Args:
        place: (2, n) where a's minutiae lie in b's picture.
        b: (3, m) minutiae.
        pairs: (k, 2) that can match, from `within_reach`.
        turns: (k,) theirs.
        near: pixels within which they may match.
        mate: (n,) filled with the index in b, or -1.
        miss: (n,) filled with the squared miss in parts of what is allowed, 0..2.
    """
    chosen, value = np.empty(len(pairs), np.int64), np.empty(len(pairs), np.float32)
    n = 0
    scale = np.float32(1) / np.float32(near * near)
    for k in range(len(pairs)):
        i, j = pairs[k, 0], pairs[k, 1]
        dx, dy = b[0, j] - place[0, i], b[1, j] - place[1, i]
        off = (dx * dx + dy * dy) * scale
        if off < 1:
            chosen[n], value[n] = k, off + turns[k]
            n += 1
    taken = np.zeros(b.shape[1], np.bool_)
    mate[:] = -1
    count = 0
    for r in lowest(value[:n], n):
        i, j = pairs[chosen[r], 0], pairs[chosen[r], 1]
        if mate[i] < 0 and not taken[j]:
            mate[i], miss[i] = j, value[r]
            taken[j] = True
            count += 1
    return count


@kernel
def stretched(place: np.ndarray, a: np.ndarray, b: np.ndarray, mate: np.ndarray) -> np.ndarray:
    """(2, n) float32: the places after each minutia followed its matched neighbours, itself left out."""
    matched = np.flatnonzero(mate >= 0)
    known = np.empty((4, len(matched)), np.float32)
    for r in range(len(matched)):
        i, j = matched[r], mate[matched[r]]
        known[0, r], known[1, r] = a[i, 0], a[i, 1]
        known[2, r], known[3, r] = b[0, j] - place[0, i], b[1, j] - place[1, i]
    result = place.copy()
    for i in range(len(a)):
        x, y, total = _pulled(a[i, 0], a[i, 1], known)
        if mate[i] >= 0:  # itself: nearness 1
            x -= b[0, mate[i]] - place[0, i]
            y -= b[1, mate[i]] - place[1, i]
            total -= np.float32(1)
        result[0, i] += x / (total + RIGID)
        result[1, i] += y / (total + RIGID)
    return result


@vector_kernel
def _pulled(x: np.float32, y: np.float32, known: np.ndarray) -> tuple[np.float32, np.float32, np.float32]:
    """What matched minutiae (4, k: place, miss) still miss, weighted by nearness to a place, and the sum of weights."""
    narrow = np.float32(1 / (8 * SKIN * SKIN))
    total, right, down = np.float32(0), np.float32(0), np.float32(0)
    for r in range(known.shape[1]):
        dx, dy = known[0, r] - x, known[1, r] - y
        # like a bell of standard deviation SKIN that ends at 2.8 SKIN
        weight = max(np.float32(1) - (dx * dx + dy * dy) * narrow, np.float32(0))
        weight *= weight
        weight *= weight
        right += weight * known[2, r]
        down += weight * known[3, r]
        total += weight
    return right, down, total


@kernel
def overlap(place: np.ndarray, a_quality: np.ndarray, b: np.ndarray, b_quality: np.ndarray) -> float:
    """Sum of qualities, mean of both fingers, of the minutiae that lie where both fingers are seen."""
    total = np.float32(0)
    far = OVERLAP * OVERLAP
    squared = np.empty(max(len(a_quality), len(b_quality)), np.float32)
    for i in range(len(a_quality)):
        if _squared(place[0, i], place[1, i], b, squared) < far:
            total += a_quality[i]
    for j in range(len(b_quality)):
        if _squared(b[0, j], b[1, j], place, squared) < far:
            total += b_quality[j]
    return 0.5 * float(total)


@kernel
def starts(a: np.ndarray, b: np.ndarray, support: np.ndarray, value: np.ndarray, motions: np.ndarray) -> int:
    """The motions that the pairs of highest value and those that support them ask for; returns how many.

    Args:
        a: (3, k) minutiae of the first finger.
        b: (3, k) minutiae of the second, pair by pair.
        support: (k, k).
        value: (k,) after relaxation.
        motions: (most, 5) float32, filled as `fit` says.
    """
    seeds = lowest(-value, len(motions))
    for r in range(len(seeds)):
        seed = seeds[r]
        weight = support[seed] * value
        weight[seed] = max(value[seed], np.float32(1e-6))
        fit(a, b, weight, seed, motions[r])
        weight[seed] = 0
        if weight.max() < np.float32(1e-3):  # nobody supports it: its own directions are all there is
            motions[r, 0] = between(b[2, seed], a[2, seed])
    return len(seeds)


@kernel
def overlay(a: np.ndarray, b: np.ndarray, motions: np.ndarray, strength: np.ndarray) -> None:
    """Fill how much lies together under each motion as it is, each minutia of a counting up to 1.

    Args:
        a: (n, 3) minutiae of the first finger.
        b: (3, m) minutiae of the second.
        motions: (k, 5).
        strength: (k or more,) float32, filled.
    """
    for k in range(len(motions)):
        place = moved(a, motions[k])
        strength[k] = 0
        for i in range(len(a)):
            strength[k] += _beside(place[0, i], place[1, i], a[i, 2] + motions[k, 0], b)


@vector_kernel
def _beside(x: np.float32, y: np.float32, direction: np.float32, b: np.ndarray) -> np.float32:
    """1 for a minutia of b at the very place and direction, 0 when none is near."""
    scale, scale_turn = np.float32(1 / (2.25 * NEAR * NEAR)), np.float32(1 / (TURN * TURN))
    best = np.float32(1)
    for j in range(b.shape[1]):
        dx, dy, turn = b[0, j] - x, b[1, j] - y, between(b[2, j], direction)
        best = min(best, (dx * dx + dy * dy) * scale + turn * turn * scale_turn)
    return np.float32(1) - best


@kernel
def agreement(  # noqa: PLR0917
    a: np.ndarray,
    a_quality: np.ndarray,
    b: np.ndarray,
    b_quality: np.ndarray,
    motions: np.ndarray,
    mate: np.ndarray,
) -> tuple[float, float]:
    """Matched and comparable quality of the best way to lay a over b, as skin stretches.

    Args:
        a: (n, 3) minutiae of the first finger.
        a_quality: (n,).
        b: (3, m) minutiae of the second.
        b_quality: (m,).
        motions: (k, 5) from where to begin.
        mate: (n,) int64, filled with the index in b of each matched minutia, else -1.

    Returns:
        sum of qualities of matched minutiae, less for those that match badly; mean sum where both fingers are seen.
    """
    best, matched, comparable = -1.0, 0.0, 0.0
    mates, miss = np.empty(len(a), np.int64), np.empty(len(a), np.float32)
    mate[:] = -1
    for k in range(len(motions)):
        place = moved(a, motions[k])
        laid = place
        pairs, turns = within_reach(place, a, b, motions[k, 0])
        if match(place, b, pairs, turns, 1.5 * NEAR, mates, miss) < 3:
            continue
        for _ in range(ROUNDS):
            laid = stretched(place, a, b, mates)
            match(laid, b, pairs, turns, NEAR, mates, miss)
        total = 0.0
        for i in range(len(a)):
            if mates[i] >= 0:
                total += math.sqrt(a_quality[i] * b_quality[mates[i]]) * (1 - 0.5 * miss[i])
        common = overlap(laid, a_quality, b, b_quality)
        if total * total / (common + 4) > best:
            best, matched, comparable = total * total / (common + 4), total, common
            mate[:] = mates
    return matched, comparable
