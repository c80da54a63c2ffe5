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
from tenprint.monitor.tails import BINOMIAL, logit_normal_tail, quantiles

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


def smallest_effect(cases: Whole, mean: Real, spread: Real, free: Real, cut: float, power: float) -> Real:
    """(n,) smallest upward difference of the share that would have been flagged with the stated power.

    Args:
        cases: (n,) cases.
        mean: (n,) expected shares.
        spread: (n,) intraclass correlations around them.
        free: (n,) degrees of freedom.
        cut: Largest two-sided p-value that is flagged.
        power: Such as 0.8.

    Returns:
        Differences, 0..1; not a number where even a share of one would have been missed.
    """
    critical = critical_count(cases, mean, spread, free, cut)
    possible = critical <= cases
    n, y, spread = np.maximum(cases, 1).astype(float), np.minimum(critical, cases) - 0.5, np.minimum(spread, 0.99)
    low, high = mean.copy(), np.full(len(mean), 1 - 1e-9)
    for _ in range(40):
        middle = (low + high) / 2
        weight = 1 / (spread + (1 - spread) / n) - 1
        weight = np.maximum(weight, 1e-6)
        reached = special.betaincc(middle * weight, (1 - middle) * weight, np.clip(y / n, 0, 1)) >= power
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(possible & (high < 1 - 1e-6), high - mean, np.nan)


def critical_count(cases: Whole, mean: Real, spread: Real, free: Real, cut: float) -> Whole:
    """(n,) smallest count above expectation that is flagged; one more than all cases where none is."""
    tail = narrowed(cut, free) / 2
    _, inside = quantiles(cases, mean, spread, tail, tail)
    low, high = inside + 1, cases + 1
    low = np.minimum(low, high)
    while np.any(low < high):  # the logit-normal tail may ask for more
        open_ = np.flatnonzero(low < high)
        middle = (low[open_] + high[open_]) // 2
        reached = spread[open_] < BINOMIAL
        far = np.flatnonzero(~reached)
        at = open_[far]
        reached[far] = (
            logit_normal_tail(middle[far], cases[at], mean[at], spread[at], np.full(len(at), True), nodes=60)
            <= tail[at]
        )
        high[open_] = np.where(reached, middle, high[open_])
        low[open_] = np.where(reached, low[open_], middle + 1)
    return high
