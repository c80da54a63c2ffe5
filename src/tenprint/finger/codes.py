"""Edges as bits, for the first stage of a gallery that does without cylinder codes.

A minutia's edges (`tenprint.finger.edges`) fall into 384 bins: six lengths, eight directions of the line, eight angles
of the far end. Each edge sets the two nearest bins in every one of the three, so that a little stretch or turn moves it
by a part of its bits only. The layout is that of cylinder codes, six words a minutia, so the same first stage compares
them.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from tenprint.finger import edges
from tenprint.finger.cylinders import SECTIONS, Cylinders
from tenprint.finger.edges import Edges
from tenprint.finger.matching import Finger, joined
from tenprint.finger.template import Template

LENGTHS = (9.6, 21.0, 31.0, 42.0, 56.0, 80.0)
"""Middles of the six lengths, in pixels; about equally many edges are near each."""
CLEARLY = 0.15
"""An edge so near to one length (0) and not the next (1) sets one of them."""
DIRECTIONS = 8
TURN = 65536
LEAST_EDGES = 3


def described(template: Template) -> Finger:
    """A finger whose bits are codes of edges: for galleries and comparisons that use edges alone."""
    lines = edges.describe(template)
    bits, valid = codes(lines)
    return joined(lines, Cylinders(bits, valid))


def codes(lines: Edges) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Bits of every minutia, and which count.

    Returns:
        (n, 6) uint64, one word a length; (n,) uint64, all ones where there are `LEAST_EDGES`, else 0 and no bits.
    """
    bits = np.zeros((len(lines.points), SECTIONS), np.uint64)
    there = np.arange(lines.lengths.shape[1]) < lines.count[:, None]
    length = np.interp(lines.lengths, LENGTHS, np.arange(SECTIONS))
    turns = (lines.angles.astype(np.int64) & (TURN - 1)) * (DIRECTIONS / TURN) - 0.5
    row, edge = np.nonzero(there)
    for longer, line, far in product((0, 1), repeat=3):
        word = np.floor(length) + (longer * (length - np.floor(length) > CLEARLY))
        place = (np.floor(turns).astype(np.int64) + np.array([line, far])) % DIRECTIONS
        bin_ = (place[row, edge, 0] * DIRECTIONS + place[row, edge, 1]).astype(np.uint64)
        np.bitwise_or.at(bits, (row, word.astype(np.int64)[row, edge]), np.uint64(1) << bin_)
    enough = lines.count >= LEAST_EDGES
    bits[~enough] = 0
    return bits, np.where(enough, np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0))
