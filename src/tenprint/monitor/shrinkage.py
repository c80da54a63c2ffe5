"""Shrunken rates and the ranks that they leave open: what a unit's share probably is, given how much units differ.

Empirical Bayes with a beta prior around the overall share, whose intraclass correlation is the one measured between
units (Efron and Morris 1975; Marshall 1991 for counts). Ranks of raw rates put the smallest places at both ends; the
posterior ranks (Goldstein and Spiegelhalter 1996) say how little a rank means.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
SEED = 20080
"""Ranks are drawn with one seed: the same counts give the same report."""
FLOOR = 1e-6
"""Least spread of the prior: where units do not differ, all rates are one and ranks are anybody's."""


class Shrunken(msgspec.Struct, frozen=True, kw_only=True):
    """Posterior of each unit's adjusted share."""

    rate: Real
    """(n,) mean."""
    low: Real
    """(n,) 5 % quantile."""
    high: Real
    """(n,) 95 % quantile."""
    rank_low: Whole
    """(n,) highest rank (1: highest share) that it may have, at 90 %."""
    rank_high: Whole
    """(n,) lowest."""


def shrunken(adjusted: Real, cases: Whole, share: float, spread: float, draws: int = 1000) -> Shrunken:
    """Posterior means, 90 % intervals and rank intervals.

    Args:
        adjusted: (n,) shares adjusted for case mix, 0..1.
        cases: (n,) cases, 1 or more.
        share: Overall share: the middle of the prior.
        spread: Intraclass correlation between units.
        draws: Of ranks; fewer where there are many units.
    """
    weight = 1 / min(max(spread, FLOOR), 0.99) - 1
    share = min(max(share, 1e-9), 1 - 1e-9)
    found = np.clip(adjusted, 0, 1) * cases
    a, b = share * weight + found, (1 - share) * weight + cases - found
    low, high = special.betaincinv(a, b, 0.05), special.betaincinv(a, b, 0.95)
    times = max(200, min(draws, 4_000_000 // max(len(cases), 1)))
    drawn = np.random.default_rng(SEED).beta(a[:, None], b[:, None], size=(len(cases), times))
    ranks = 1 + np.argsort(np.argsort(-drawn, axis=0), axis=0)
    bounds = np.quantile(ranks, [0.05, 0.95], axis=1, method="inverted_cdf").astype(np.int64)
    return Shrunken(rate=a / (a + b), low=low, high=high, rank_low=bounds[0], rank_high=bounds[1])
