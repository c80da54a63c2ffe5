"""Comparing two fingers: the protocol that descriptors share, and the default comparison."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from tenprint.finger import consolidation, cylinders
from tenprint.finger.cylinders import Cylinders
from tenprint.finger.kernels import kernel
from tenprint.finger.template import Template


class Matcher(Protocol):
    """A way to compare fingers: first describe each, then compare descriptions.

    Attributes:
        name: what people call it; stored with scores.
    """

    name: str

    def describe(self, template: Template) -> Any:
        """What is worth computing once a finger."""

    def compare(self, a: Any, b: Any) -> float:
        """How alike two described fingers are; higher is more alike, symmetric up to rounding."""


class CylinderMatcher:
    """Masked binary cylinder codes with relaxation: the default (docs/decisions)."""

    name = "cylinders"

    def describe(self, template: Template) -> Cylinders:
        """The cylinders of a template."""
        return cylinders.describe(template)

    def compare(self, a: Cylinders, b: Cylinders) -> float:
        """0 (nothing in common) to 1; impostors rarely pass 0.03."""
        return float(score(a.points, a.bits, a.valid, b.points, b.bits, b.valid))


DEFAULT = CylinderMatcher()


@lru_cache(maxsize=512)
def described(template: Template) -> Cylinders:
    """The default description of a template; remembered for the templates used last."""
    return DEFAULT.describe(template)


def compare(a: Template, b: Template) -> float:
    """How alike two fingers are: 0 (nothing in common) to 1; impostors rarely pass 0.03.

    `tenprint.finger.threshold` says from which score on a match may be claimed.
    """
    return DEFAULT.compare(described(a), described(b))


@kernel
def score(  # noqa: PLR0917
    a: np.ndarray, a_bits: np.ndarray, a_valid: np.ndarray, b: np.ndarray, b_bits: np.ndarray, b_valid: np.ndarray
) -> float:
    """Local similarities, then consolidation."""
    return consolidation.consolidated(a, b, cylinders.similarities(a, a_bits, a_valid, b, b_bits, b_valid))


@kernel
def scores(  # noqa: PLR0917
    a: np.ndarray,
    a_bits: np.ndarray,
    a_valid: np.ndarray,
    points: np.ndarray,
    bits: np.ndarray,
    valid: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
) -> np.ndarray:
    """(n,) float32: one finger against n fingers that lie one after the other; finger k is rows begin[k]..end[k]."""
    result = np.empty(len(begin), np.float32)
    for k in range(len(begin)):
        s, e = begin[k], end[k]
        result[k] = score(a, a_bits, a_valid, points[s:e], bits[s:e], valid[s:e])
    return result
