"""Masked binary cylinder codes: what a minutia's neighbourhood looks like, in seven 64-bit words.

R. Cappelli, M. Ferrara, D. Maltoni, "Minutia Cylinder-Code: A New Representation and Matching Technique for
Fingerprint Recognition", IEEE TPAMI 32(12), 2010, and "Fingerprint Indexing Based on Minutia Cylinder-Code", 33(5),
2011 (binary form). Around a minutia lies a disc of radius 70 pixels, turned with it, in 52 cells of 17.5 pixels; in
six sections of relative direction a cell's bit says that neighbours put enough mass there. A mask says which cells
lie on the finger at all (inside the convex hull of its minutiae, widened), so only what both fingers show is
compared.

The method is claimed by Italian patent application ITBO20090149A1 (IT1393022B1); see NOTICE. `tenprint.finger.edges`
stands beside it, outside of these claims.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.kernels import between, kernel, ones, vector_kernel

RADIUS = 70.0
SIDE = 8
SECTIONS = 6
SPREAD = 28.0 / 3.0
"""Standard deviation in pixels of a neighbour's mass."""
SPREAD_ANGLE = 2 * math.pi / 9
REACH = 28.0
"""Pixels beyond which a neighbour puts nothing into a cell."""
ENOUGH_MASS = 0.01
HULL_MARGIN = 50.0
LEAST_VALID = 0.75
"""Share of cells that must lie on the finger for a cylinder to be kept."""
LEAST_BITS = 4
LEAST_SHARED = 31
"""Cells that two cylinders must have in common: 0.6 of 52."""
WIDEST_TURN = math.pi / 2
"""Fingers are placed upright: directions that differ by more are not compared."""


def _cells() -> NDArray[np.float32]:
    step = 2 * RADIUS / SIDE
    line = (np.arange(1, SIDE + 1) - (SIDE + 1) / 2) * step
    x, y = np.meshgrid(line, line, indexing="ij")
    inside = x**2 + y**2 <= RADIUS**2
    return np.stack([x[inside], y[inside]], 1).astype(np.float32)


def _mass_by_distance() -> NDArray[np.float32]:
    squared = np.arange(int(REACH**2) + 1)
    return (np.exp(-squared / (2 * SPREAD**2)) / (SPREAD * math.sqrt(2 * math.pi))).astype(np.float32)


def _mass_by_angle() -> NDArray[np.float32]:
    """Share of a neighbour's mass in each section, by its relative direction in 256ths of a turn."""
    width = 2 * math.pi / SECTIONS
    table = np.zeros((256, SECTIONS))
    for a in range(256):
        for k in range(SECTIONS):
            x = -math.pi + (k + 0.5) * width - a * 2 * math.pi / 256
            x -= 2 * math.pi * math.floor((x + math.pi) / (2 * math.pi))
            scale = SPREAD_ANGLE * math.sqrt(2)
            table[a, k] = (math.erf((x + width / 2) / scale) - math.erf((x - width / 2) / scale)) / 2
    return table.astype(np.float32)


CELLS = _cells()
_MASS = _mass_by_distance()
_ANGLE = _mass_by_angle()


class Cylinders(msgspec.Struct, frozen=True, eq=False):
    """The cylinders of a finger's minutiae, in the order of `tenprint.finger.edges.Edges.points`.

    Attributes:
        bits: (n, 6) uint64: one word a section, bit c for cell c.
        valid: (n,) uint64: bit c says that cell c lies on the finger; 0 when too little lies around the minutia.
    """

    bits: NDArray[np.uint64]
    valid: NDArray[np.uint64]


def describe(points: NDArray[np.float32]) -> Cylinders:
    """The cylinders around these minutiae.

    Args:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up).
    """
    bits = np.zeros((len(points), SECTIONS), np.uint64)
    valid = np.zeros(len(points), np.uint64)
    if len(points) >= 3:
        kept = _describe(points, _hull(points), CELLS, _MASS, _ANGLE, bits, valid)
        bits[~kept], valid[~kept] = 0, 0
    return Cylinders(bits, valid)


@kernel
def _cross(points: np.ndarray, o: int, a: int, b: int) -> float:
    """Twice the signed area of the triangle o, a, b."""
    u, v = points[a] - points[o], points[b] - points[o]
    return float(u[0] * v[1] - u[1] * v[0])


@kernel
def _hull(points: np.ndarray) -> np.ndarray:
    """Corners of the convex hull, in order (Andrew's monotone chain)."""
    n = len(points)
    order = np.argsort(points[:, 0].astype(np.float64) * 1e5 + points[:, 1])
    hull = np.zeros(2 * n, np.int64)
    k = 0
    for r in range(n):
        while k >= 2 and _cross(points, hull[k - 2], hull[k - 1], order[r]) <= 0:
            k -= 1
        hull[k] = order[r]
        k += 1
    floor = k + 1
    for r in range(n - 2, -1, -1):
        while k >= floor and _cross(points, hull[k - 2], hull[k - 1], order[r]) <= 0:
            k -= 1
        hull[k] = order[r]
        k += 1
    return points[hull[: max(1, k - 1)], :2].copy()


@kernel
def _on_finger(x: float, y: float, hull: np.ndarray) -> bool:
    """Whether a place lies inside the hull or at most `HULL_MARGIN` outside."""
    inside = True
    nearest = 1e18
    for e in range(len(hull)):
        a, b = hull[e], hull[(e + 1) % len(hull)]
        dx, dy = b[0] - a[0], b[1] - a[1]
        if dx * (y - a[1]) - dy * (x - a[0]) < 0:
            inside = False
        length = dx * dx + dy * dy
        t = 0.0 if length == 0 else ((x - a[0]) * dx + (y - a[1]) * dy) / length
        t = min(1.0, max(0.0, t))
        nearest = min(nearest, (a[0] + t * dx - x) ** 2 + (a[1] + t * dy - y) ** 2)
    return inside or nearest <= HULL_MARGIN * HULL_MARGIN


@kernel
def _neighbours(points: np.ndarray, i: int, place: np.ndarray, turn: np.ndarray) -> int:
    """Fill place (n, 2) and turn (256ths) of the neighbours of minutia i, in its frame; returns their number."""
    c, s = math.cos(points[i, 2]), math.sin(points[i, 2])
    far = (RADIUS + REACH) ** 2
    k = 0
    for t in range(len(points)):
        dx, dy = points[t, 0] - points[i, 0], points[t, 1] - points[i, 1]
        if t != i and dx * dx + dy * dy < far:
            place[k, 0] = c * dx - s * dy
            place[k, 1] = -(s * dx + c * dy)
            turn[k] = np.int64(np.floor((points[i, 2] - points[t, 2]) * 256 / (2 * math.pi) + 0.5)) & 255
            k += 1
    return k


@kernel
def _describe(  # noqa: PLR0917
    points: np.ndarray,
    hull: np.ndarray,
    cells: np.ndarray,
    mass: np.ndarray,
    by_angle: np.ndarray,
    bits: np.ndarray,
    valid: np.ndarray,
) -> np.ndarray:
    """Fill bits (n, 6) and valid (n,); returns (n,) whether the cylinder is kept."""
    n = len(points)
    place, turn = np.empty((n, 2), np.float32), np.empty(n, np.int64)
    total = np.zeros(SECTIONS, np.float32)
    keep = np.zeros(n, np.bool_)
    for i in range(n):
        c, s = math.cos(points[i, 2]), math.sin(points[i, 2])
        near = _neighbours(points, i, place, turn)
        cells_on, bits_on = 0, 0
        for q in range(len(cells)):
            x = points[i, 0] + c * cells[q, 0] - s * cells[q, 1]
            y = points[i, 1] - (s * cells[q, 0] + c * cells[q, 1])
            if not _on_finger(x, y, hull):
                continue
            bit = np.uint64(1) << np.uint64(q)
            valid[i] |= bit
            cells_on += 1
            total[:] = 0
            for t in range(near):
                dx, dy = place[t, 0] - cells[q, 0], place[t, 1] - cells[q, 1]
                squared = dx * dx + dy * dy
                if squared <= REACH * REACH:
                    for k in range(SECTIONS):
                        total[k] += mass[int(squared)] * by_angle[turn[t], k]
            for k in range(SECTIONS):
                if total[k] >= np.float32(ENOUGH_MASS):
                    bits[i, k] |= bit
                    bits_on += 1
        keep[i] = bits_on >= LEAST_BITS and near >= 2 and cells_on >= LEAST_VALID * len(cells)
    return keep


@vector_kernel
def similarities(  # noqa: PLR0917
    a: np.ndarray, a_bits: np.ndarray, a_valid: np.ndarray, b: np.ndarray, b_bits: np.ndarray, b_valid: np.ndarray
) -> np.ndarray:
    """(len(a), len(b)) float32 local similarities, 0..1; 0 where directions or masks forbid a comparison.

    1 - |u xor v| / (|u| + |v|) with Euclidean lengths of the bits that both masks allow.
    """
    result = np.zeros((len(a), len(b)), np.float32)
    v, directions = b_bits.T.copy(), b[:, 2].copy()  # side by side, so that the compiler compares several at once
    for i in range(len(a)):
        u0, u1, u2, u3, u4, u5 = a_bits[i, 0], a_bits[i, 1], a_bits[i, 2], a_bits[i, 3], a_bits[i, 4], a_bits[i, 5]
        on_a, direction = a_valid[i], a[i, 2]
        if on_a == 0:
            continue
        for j in range(len(b)):
            on_b = b_valid[j]
            v0, v1, v2, v3, v4, v5 = v[0, j], v[1, j], v[2, j], v[3, j], v[4, j], v[5, j]
            # bits exist only where the own mask allows, so the other's mask is enough
            p = (
                ones(u0 & on_b)
                + ones(u1 & on_b)
                + ones(u2 & on_b)
                + ones(u3 & on_b)
                + ones(u4 & on_b)
                + ones(u5 & on_b)
            )
            q = (
                ones(v0 & on_a)
                + ones(v1 & on_a)
                + ones(v2 & on_a)
                + ones(v3 & on_a)
                + ones(v4 & on_a)
                + ones(v5 & on_a)
            )
            differ = (
                ones((u0 & on_b) ^ (v0 & on_a))
                + ones((u1 & on_b) ^ (v1 & on_a))
                + ones((u2 & on_b) ^ (v2 & on_a))
                + ones((u3 & on_b) ^ (v3 & on_a))
                + ones((u4 & on_b) ^ (v4 & on_a))
                + ones((u5 & on_b) ^ (v5 & on_a))
            )
            in_a, in_b = np.float32(np.int32(p)), np.float32(np.int32(q))
            lengths = np.sqrt(in_a) + np.sqrt(in_b)
            value = np.float32(1) - np.sqrt(np.float32(np.int32(differ))) / max(lengths, np.float32(1))
            turn = abs(between(direction, directions[j]))
            far = (turn >= np.float32(WIDEST_TURN)) | (ones(on_a & on_b) < np.uint64(LEAST_SHARED)) | (p + q == 0)
            result[i, j] = np.float32(0) if far else value
    return result
