"""Comparing two fingers: local similarity, consolidation, alignment, and what the three together weigh.

Two descriptors give local similarities: edges between minutiae (`tenprint.finger.edges`) and masked cylinder codes
(`tenprint.finger.cylinders`); consolidation and alignment are the same for both. The default is both; each can be used
alone. A comparison has three stages: what relaxation leaves of the edges; how much lies together under the motions
that they propose; and last the cylinders, and both fingers laid together as skin stretches. After each, logistic
regression weighs what is known so far; where that is hopeless, it is the answer. So most comparisons of different
fingers end early, and a score is on one scale wherever it ended: log-odds of the evidence seen. The coefficients
(``data/weights.json``) are fitted by ``bench/finger_fit.py`` with whole sets of fingers left out in turn.
"""

from __future__ import annotations

import math
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import alignment, consolidation, cylinders, edges
from tenprint.finger.cylinders import Cylinders
from tenprint.finger.edges import Edges
from tenprint.finger.kernels import kernel, lowest
from tenprint.finger.template import Template
from tenprint.finger.turning import turned

LEAST_MINUTIAE = 4
"""With fewer there is nothing to compare."""
EVIDENCE = 10
"""Relaxed similarity (x 10) and its logarithm, most support (/ 10); root of what lies together under one motion; the
first three of the second descriptor; as skin stretches matched share, strength (/ 5) and its root."""
STAGES = (3, 4, 10)
"""How much of the evidence is known after relaxation, after laying one over the other, at the end."""


SCANT, SCANT_MOST = 10, 2.5
"""A print with fewer minutiae than ``SCANT`` scores at most so much, below every threshold of one finger: a handful of
minutiae that agree is no match by itself."""
UPSIDE_DOWN = 2.0
"""From here on a print is believed to be upside down, when the straight comparison found nothing."""


class Use(IntEnum):
    """Which descriptors a comparison uses."""

    EDGES = 1
    CYLINDERS = 2
    BOTH = 3


HOPELESS = {Use.EDGES: -2.75, Use.CYLINDERS: -2.75, Use.BOTH: -2.5}
"""Log-odds, genuine to impostor, below which a stage is the last one; as a score 0.03. Higher ones save
time and, on hard fingers (other minutiae, partial areas), cost accuracy: docs/explanation/fingers.md."""
_WEIGHTS = msgspec.json.decode(
    files("tenprint.finger").joinpath("data/weights.json").read_bytes(), type=dict[str, list[list[float]]]
)
WEIGHTS = np.array([_WEIGHTS[use.name.lower()] for use in Use])
"""(3 uses, 3 stages, 11): coefficients of the evidence, then the constant."""


class Finger(msgspec.Struct, frozen=True, eq=False):
    """A described finger: all that a comparison needs.

    Attributes:
        points: (n, 3) float32: x, y in pixels at 500 ppi (y down), angle in radians (y up); best quality first.
        quality: (n,) float32, 0..1.
        codes: uint8, see `tenprint.finger.edges`.
        begin: (257,) uint8.
        bits: (n, 6) uint64, see `tenprint.finger.cylinders`.
        valid: (n,) uint64.
    """

    points: NDArray[np.float32]
    quality: NDArray[np.float32]
    codes: NDArray[np.uint8]
    begin: NDArray[np.uint8]
    bits: NDArray[np.uint64]
    valid: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.points)


def joined(lines: Edges, cells: Cylinders) -> Finger:
    """A finger from both of its descriptions."""
    return Finger(
        points=lines.points,
        quality=lines.quality,
        codes=lines.codes,
        begin=lines.begin,
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
        odds, _, _ = examined(*in_order(a, b), self._use)
        score = (max(odds, 0.0) + math.log1p(math.exp(-abs(odds)))) / math.log(10.0)
        return min(score, SCANT_MOST) if min(len(a), len(b)) < SCANT else score


def in_order(a: Finger, b: Finger) -> tuple[Finger, Finger]:
    """Two fingers in the order in which they are compared, whichever was named first: that of fewer minutiae leads.

    Minutiae of the one are laid on those of the other, and that is not the same both ways.
    """
    if len(a) != len(b):
        return (a, b) if len(a) < len(b) else (b, a)
    return (a, b) if a.points.tobytes() <= b.points.tobytes() else (b, a)


def examined(
    a: Finger, b: Finger, use: Use = Use.BOTH, hopeless: float | None = None
) -> tuple[float, NDArray[np.float64], NDArray[np.int64]]:
    """Compare two fingers of at least `LEAST_MINUTIAE` minutiae.

    Args:
        a: the first finger.
        b: the second.
        use: which descriptors.
        hopeless: log-odds below which a stage is the last; `HOPELESS` when not given.

    Returns:
        natural log-odds of genuine to impostor; the evidence (10,), 0 where no stage came to it; the minutia of b that
        each minutia of a (n,) was matched with, or -1.
    """
    least = HOPELESS[use] if hopeless is None else hopeless
    each: tuple[Any, ...] = (*_arrays(a), *_arrays(b), WEIGHTS[use - 1], least, int(use))
    return cast("tuple[float, NDArray[np.float64], NDArray[np.int64]]", _examine(*each))


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
    """How alike two fingers are: 0 (nothing in common) upwards, the same whichever is named first.

    `tenprint.finger.threshold` says from which score on a match may be claimed, `tenprint.finger.meaning` how rare a
    score is. Prints that have nothing in common as they are, and `UPSIDE_DOWN` when one is turned by 180 degrees, have
    the score of the turned one (`upside_down` says whether that is so).
    """
    straight = DEFAULT.compare(described(a), described(b))
    if straight >= UPSIDE_DOWN / 2:
        return straight
    over = _turned_score(a, b)
    return over if over >= UPSIDE_DOWN else straight


def upside_down(a: Template, b: Template) -> bool:
    """Whether two prints are alike only when one is turned by 180 degrees."""
    return DEFAULT.compare(described(a), described(b)) < UPSIDE_DOWN / 2 and _turned_score(a, b) >= UPSIDE_DOWN


def _turned_score(a: Template, b: Template) -> float:
    """The score with the one of fewer minutiae turned, whichever is named first."""
    leads = in_order(described(a), described(b))[0] is described(a)
    first, second = (a, b) if leads else (b, a)
    return DEFAULT.compare(described(turned(first)), described(second))


def correspondences(a: Template, b: Template) -> NDArray[np.int64]:
    """(k, 2): which minutiae were matched, as rows of the two templates."""
    if upside_down(a, b):
        a = turned(a)
    one, two = described(a), described(b)
    if len(one) < LEAST_MINUTIAE or len(two) < LEAST_MINUTIAE:
        return np.zeros((0, 2), np.int64)
    first, second = in_order(one, two)
    _, _, mate = examined(first, second, hopeless=-math.inf)
    found = np.column_stack([np.flatnonzero(mate >= 0), mate[mate >= 0]])
    return found if first is one else found[:, ::-1]


def _arrays(finger: Finger) -> tuple[Any, ...]:
    return (
        finger.points,
        finger.quality,
        finger.codes,
        finger.begin,
        finger.bits,
        finger.valid,
    )


@kernel
def _weighed(found: np.ndarray, weights: np.ndarray) -> float:
    """The evidence times its weights, and the constant."""
    total: float = weights[EVIDENCE]
    for k in range(EVIDENCE):
        total += found[k] * weights[k]
    return total


@kernel
def _examine(  # noqa: PLR0917
    a: np.ndarray,
    a_quality: np.ndarray,
    a_codes: np.ndarray,
    a_begin: np.ndarray,  # noqa: ARG001 - fingers are passed whole
    a_bits: np.ndarray,
    a_valid: np.ndarray,
    b: np.ndarray,
    b_quality: np.ndarray,
    b_codes: np.ndarray,
    b_begin: np.ndarray,
    b_bits: np.ndarray,
    b_valid: np.ndarray,
    weights: np.ndarray,
    hopeless: float,
    use: int,
) -> tuple[float, np.ndarray, np.ndarray]:
    """See `examined`; weights are (3 stages, 11)."""
    found, mate = np.zeros(EVIDENCE), np.full(len(a), -1)
    motions = np.empty((2 * alignment.STARTS, 5), np.float32)
    if use & 1:
        similarity = edges.similarities(a_codes, a, b_codes, b_begin)
    else:
        similarity = cylinders.similarities(a, a_bits, a_valid, b, b_bits, b_valid)
    relaxed, together, of_a, of_b, support, value = consolidation.consolidated(a, b, similarity)
    found[0], found[1], found[2] = relaxed * 10, math.log(relaxed + 0.004), together / 10
    odds = _weighed(found, weights[0])
    if odds < hopeless:
        return odds, found, mate
    columns = b.T.copy()
    n = alignment.starts(of_a, of_b, support, value, motions[: alignment.STARTS])
    strength = np.zeros(len(motions), np.float32)
    alignment.overlay(a, columns, motions[:n], strength)
    found[3] = math.sqrt(strength.max())
    odds = _weighed(found, weights[1])
    if odds < hopeless:
        return odds, found, mate
    if use == 3:
        similarity = cylinders.similarities(a, a_bits, a_valid, b, b_bits, b_valid)
        relaxed, together, of_a, of_b, support, value = consolidation.consolidated(a, b, similarity)
        found[4], found[5], found[6] = relaxed * 10, math.log(relaxed + 0.004), together / 10
        more = alignment.starts(of_a, of_b, support, value, motions[n : n + alignment.STARTS])
        alignment.overlay(a, columns, motions[n : n + more], strength[n:])
        n += more
    best = lowest(-strength[:n], alignment.FINISHED)
    matched, comparable = alignment.agreement(a, a_quality, columns, b_quality, motions[best], mate)
    strong = matched * matched / (comparable + 4)
    found[7], found[8], found[9] = matched / (comparable + 4), strong / 5, math.sqrt(strong)
    return _weighed(found, weights[2]), found, mate
