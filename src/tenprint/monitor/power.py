"""The smallest effect that could have been seen, for every unit: what no flag does not rule out.

The p-value cut is the one that applied: the largest p that Benjamini-Hochberg flagged in this quarter, or, where it
flagged nothing, what the first flag would have needed. The critical count is exact, under both shapes that the test
uses; the chance to reach it under a shifted share is that of a beta law with the same mean and variance as the count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenprint.monitor.dispersion import narrowed
from tenprint.monitor.tails import Laws, cautious

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


def smallest_effect(cases: Whole, laws: Laws, free: Real, cut: float, power: float) -> Real:
    """(n,) smallest upward difference of the share that would have been flagged with the stated power.

    Args:
        cases: (n,) cases.
        laws: (n,) how the units' shares are drawn where nothing is wrong.
        free: (n,) degrees of freedom.
        cut: Largest two-sided p-value that is flagged.
        power: Such as 0.8.

    Returns:
        Differences, 0..1; not a number where even a share of one would have been missed.
    """
    critical = critical_count(cases, laws, free, cut)
    possible = critical <= cases
    n, y = np.maximum(cases, 1).astype(float), np.minimum(critical, cases) - 0.5
    low, high = laws.mean.copy(), np.full(len(cases), 1 - 1e-9)
    for _ in range(24):
        middle = (low + high) / 2
        weight = np.maximum(1 / (laws.spread + (1 - laws.spread) / n) - 1, 1e-6)
        reached = special.betaincc(middle * weight, (1 - middle) * weight, np.clip(y / n, 0, 1)) >= power
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(possible & (high < 1 - 1e-6), high - laws.mean, np.nan)


def critical_count(cases: Whole, laws: Laws, free: Real, cut: float) -> Whole:
    """(n,) smallest count above expectation that is flagged; one more than all cases where none is."""
    _, inside = cautious(cases, laws, narrowed(cut, free) / 2)
    return inside + 1
