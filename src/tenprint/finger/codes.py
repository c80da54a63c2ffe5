"""Edges as bits, for the first stage of a gallery that does without cylinder codes.

The edges of a minutia to its ten nearest neighbours (as in `tenprint.finger.edges`, see there for the prior art) fall
into 384 bins: six lengths, eight directions of the line, eight angles of the far end, both seen from the minutia. Each
edge sets the two nearest bins in every one of the three, so that a little stretch or turn moves it by a part of its
bits only. The layout is that of cylinder codes, six words a minutia, so the same first stage compares them.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from tenprint.finger import edges
from tenprint.finger.cylinders import SECTIONS, Cylinders
from tenprint.finger.matching import Finger, joined
from tenprint.finger.template import Template

NEIGHBOURS = 10
REACH = 130.0
"""Pixels beyond which a minutia is no neighbour."""
LENGTHS = (9.6, 21.0, 31.0, 42.0, 56.0, 80.0)
"""Middles of the six lengths, in pixels; about equally many edges are near each."""
CLEARLY = 0.15
"""An edge so near to one length (0) and not the next (1) sets one of them."""
DIRECTIONS = 8
LEAST_EDGES = 3


def described(template: Template) -> Finger:
    """A finger whose bits are codes of edges: for galleries and comparisons that use edges alone."""
    lines = edges.describe(template)
    bits, valid = codes(lines.points)
    return joined(lines, Cylinders(bits, valid))


def codes(points: NDArray[np.float32]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Bits of every minutia, and which count.

    Args:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up).

    Returns:
        (n, 6) uint64, one word a length; (n,) uint64, all ones where there are `LEAST_EDGES`, else 0 and no bits.
    """
    apart = points[None, :, :].astype(np.float64) - points[:, None, :]
    far = np.hypot(apart[:, :, 0], apart[:, :, 1])
    np.fill_diagonal(far, np.inf)
    nearest = np.argsort(far, axis=1, kind="stable")[:, :NEIGHBOURS]
    row, place = np.nonzero(np.take_along_axis(far, nearest, 1) <= REACH)
    other = nearest[row, place]
    length = np.interp(far[row, other], LENGTHS, np.arange(SECTIONS))
    line = np.arctan2(-apart[row, other, 1], apart[row, other, 0]) - points[row, 2]
    turns = np.stack([line, apart[row, other, 2]]) * (DIRECTIONS / (2 * np.pi)) - 0.5
    bits = np.zeros((len(points), SECTIONS), np.uint64)
    for longer, next_line, next_end in product((0, 1), repeat=3):
        word = (np.floor(length) + longer * (length - np.floor(length) > CLEARLY)).astype(np.int64)
        at = (np.floor(turns).astype(np.int64) + np.array([[next_line], [next_end]])) % DIRECTIONS
        np.bitwise_or.at(bits, (row, word), np.uint64(1) << (at[0] * DIRECTIONS + at[1]).astype(np.uint64))
    enough = np.bincount(row, minlength=len(points)) >= LEAST_EDGES
    bits[~enough] = 0
    return bits, np.where(enough, np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0))
