"""Comparing two fingers: local similarity, consolidation, alignment, and what the three together weigh.

Two descriptors give local similarities: edges between minutiae (`tenprint.finger.edges`) and masked cylinder codes
(`tenprint.finger.cylinders`); consolidation and alignment are the same for both. Logistic regression weighs the
evidence: its coefficients (``data/weights.json``) are fitted by ``bench/finger_fit.py`` with whole sets of fingers
left out in turn. The default comparison is the mean of both; each can be used alone.
"""

from __future__ import annotations

import math
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import alignment, consolidation, cylinders, edges
from tenprint.finger.cylinders import Cylinders
from tenprint.finger.edges import Edges
from tenprint.finger.kernels import kernel
from tenprint.finger.template import Template

LEAST_MINUTIAE = 4
"""With fewer there is nothing to compare."""
EVIDENCE = 5
"""Relaxed similarity (x 10) and its logarithm; matched share; matched strength (/ 5) and its root."""

_WEIGHTS = msgspec.json.decode(
    files("tenprint.finger").joinpath("data/weights.json").read_bytes(), type=dict[str, list[float]]
)
WEIGHTS = np.array([_WEIGHTS["edges"], _WEIGHTS["cylinders"]])
"""(2, 6): coefficients of the evidence, then the constant, for edges and for cylinders."""


class Use(IntEnum):
    """Which descriptors a comparison uses."""

    EDGES = 1
    CYLINDERS = 2
    BOTH = 3


class Finger(msgspec.Struct, frozen=True, eq=False):
    """A described finger: all that a comparison needs.

    Attributes:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up); best quality first.
        quality: (n,) float32, 0..1.
        lengths: (n, 10) float32, see `tenprint.finger.edges`.
        angles: (n, 10, 2) int16.
        count: (n,) int32.
        bins: (n, 10) uint8.
        net: (n, 4) uint64.
        bits: (n, 6) uint64, see `tenprint.finger.cylinders`.
        valid: (n,) uint64.
    """

    points: NDArray[np.float32]
    quality: NDArray[np.float32]
    lengths: NDArray[np.float32]
    angles: NDArray[np.int16]
    count: NDArray[np.int32]
    bins: NDArray[np.uint8]
    net: NDArray[np.uint64]
    bits: NDArray[np.uint64]
    valid: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.points)


def joined(lines: Edges, cells: Cylinders) -> Finger:
    """A finger from both of its descriptions."""
    return Finger(
        points=lines.points,
        quality=lines.quality,
        lengths=lines.lengths,
        angles=lines.angles,
        count=lines.count,
        bins=lines.bins,
        net=lines.net,
        bits=cells.bits,
        valid=cells.valid,
    )


class Matcher(Protocol):
    """A way to compare fingers: first describe each, then compare descriptions."""

    @property
    def name(self) -> str:
        """What people call it; stored with scores."""

    def describe(self, template: Template) -> Finger:
        """What is worth computing once a finger."""

    def compare(self, a: Finger, b: Finger) -> float:
        """How alike two described fingers are; higher is more alike."""


class EvidenceMatcher:
    """The comparison of this module, with one descriptor or both."""

    def __init__(self, name: str, use: Use) -> None:
        self.name, self._use = name, use

    def describe(self, template: Template) -> Finger:
        """Edges and cylinders of a template's best minutiae."""
        lines = edges.describe(template)
        cells = cylinders.describe(lines.points)
        return joined(lines, cells)

    def compare(self, a: Finger, b: Finger) -> float:
        """0 (nothing in common) upwards; about decades of evidence for one finger."""
        if len(a) < LEAST_MINUTIAE or len(b) < LEAST_MINUTIAE:
            return 0.0
        each: tuple[Any, ...] = (*_arrays(a), *_arrays(b), WEIGHTS, int(self._use))
        return float(score(*each))


MATCHERS: dict[str, Matcher] = {
    "fused": EvidenceMatcher("fused", Use.BOTH),
    "edges": EvidenceMatcher("edges", Use.EDGES),
    "cylinders": EvidenceMatcher("cylinders", Use.CYLINDERS),
}
"""Every comparison by name; the first is the default."""
DEFAULT = MATCHERS["fused"]


@lru_cache(maxsize=512)
def described(template: Template) -> Finger:
    """The default description of a template; remembered for the templates used last."""
    return DEFAULT.describe(template)


def compare(a: Template, b: Template) -> float:
    """How alike two fingers are: 0 (nothing in common) upwards.

    `tenprint.finger.threshold` says from which score on a match may be claimed, `tenprint.finger.meaning` how rare a
    score is.
    """
    return DEFAULT.compare(described(a), described(b))


def correspondences(a: Template, b: Template) -> NDArray[np.int64]:
    """(k, 2): which minutiae were matched, as rows of the two templates."""
    one, two = described(a), described(b)
    if len(one) < LEAST_MINUTIAE or len(two) < LEAST_MINUTIAE:
        return np.zeros((0, 2), np.int64)
    mate = np.full(len(one), -1)
    similarity = edge_similarities(one, two)
    evidence(one.points, one.quality, two.points, two.quality, similarity, mate)
    return np.column_stack([np.flatnonzero(mate >= 0), mate[mate >= 0]])


def edge_similarities(a: Finger, b: Finger) -> NDArray[np.float32]:
    """(len(a), len(b)): the local similarities of `tenprint.finger.edges`."""
    similar = edges.similarities(
        a.points, a.lengths, a.angles, a.count, a.bins, b.points, b.lengths, b.angles, b.count, b.net
    )
    return np.asarray(similar, np.float32)


def _arrays(finger: Finger) -> tuple[Any, ...]:
    return (
        finger.points,
        finger.quality,
        finger.lengths,
        finger.angles,
        finger.count,
        finger.bins,
        finger.net,
        finger.bits,
        finger.valid,
    )


@kernel
def evidence(  # noqa: PLR0917
    a: np.ndarray, a_quality: np.ndarray, b: np.ndarray, b_quality: np.ndarray, similarity: np.ndarray, mate: np.ndarray
) -> np.ndarray:
    """(5,) float64: what one descriptor says; `mate` (n,) is filled with matched minutiae of b, or -1."""
    found = np.zeros(EVIDENCE)
    relaxed, pairs, support, value = consolidation.consolidated(a, b, similarity)
    matched, comparable = 0.0, 0.0
    if len(pairs):
        matched, comparable = alignment.agreement(a, a_quality, b, b_quality, pairs, support, value, mate)
    strength = matched * matched / (comparable + 4)
    found[0] = relaxed * 10
    found[1] = math.log(relaxed + 0.004)
    found[2] = matched / (comparable + 4)
    found[3] = strength / 5
    found[4] = math.sqrt(strength)
    return found


@kernel
def weighed(found: np.ndarray, weights: np.ndarray) -> float:
    """The evidence times its weights, and the constant."""
    total: float = weights[EVIDENCE]
    for k in range(EVIDENCE):
        total += found[k] * weights[k]
    return total


@kernel
def score(  # noqa: PLR0917
    a: np.ndarray,
    a_quality: np.ndarray,
    a_lengths: np.ndarray,
    a_angles: np.ndarray,
    a_count: np.ndarray,
    a_bins: np.ndarray,
    a_net: np.ndarray,  # noqa: ARG001 - fingers are passed whole
    a_bits: np.ndarray,
    a_valid: np.ndarray,
    b: np.ndarray,
    b_quality: np.ndarray,
    b_lengths: np.ndarray,
    b_angles: np.ndarray,
    b_count: np.ndarray,
    b_bins: np.ndarray,  # noqa: ARG001
    b_net: np.ndarray,
    b_bits: np.ndarray,
    b_valid: np.ndarray,
    weights: np.ndarray,
    use: int,
) -> float:
    """The weighed evidence of the descriptors in use, their mean, as log10(1 + e^x): always positive."""
    mate = np.empty(len(a), np.int64)
    total: float = 0.0
    parts = 0
    if use & 1:
        similarity = edges.similarities(a, a_lengths, a_angles, a_count, a_bins, b, b_lengths, b_angles, b_count, b_net)
        total += weighed(evidence(a, a_quality, b, b_quality, similarity, mate), weights[0])
        parts += 1
    if use & 2:
        similarity = cylinders.similarities(a, a_bits, a_valid, b, b_bits, b_valid)
        total += weighed(evidence(a, a_quality, b, b_quality, similarity, mate), weights[1])
        parts += 1
    x = total / parts
    decades: float = (max(x, 0.0) + math.log1p(math.exp(-abs(x)))) / math.log(10.0)
    return decades
