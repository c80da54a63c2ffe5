"""Trends before joining: is there any, when many small groups could each have one by chance?

One statistic, the largest effect of an event time before joining in standard errors, against random signs of the
clusters with the null imposed (a wild bootstrap: A. C. Cameron, J. B. Gelbach, D. L. Miller, Review of Economics and
Statistics 90(3), 2008). It rejects about as often as it says from 50 places on; the Wald test over every group and
period, which other programs print, rejects noise every time where groups are a few places each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

LEAST_TESTED = 5
"""Places of an event time that is tested; fewer would make it a test of single places."""


def largest(  # noqa: PLR0917
    after: Sequence[int],
    effects: Sequence[float],
    places: Sequence[int],
    sums: np.ndarray,
    rng: np.random.Generator,
    draws: int,
) -> tuple[float | None, tuple[str, ...]]:
    """How often random signs of clusters give an effect before joining as large as the largest one found.

    Args:
        after: Event times; negative ones are before joining.
        effects: Of each event time.
        places: Of each event time.
        sums: ``(clusters, event times)`` what each cluster adds to the effect; columns sum to the effects.
        rng: Of the signs.
        draws: How many.

    Returns:
        The share, and why nothing or not everything was tested.
    """
    before = [n for n, time in enumerate(after) if time < 0]
    tested = [n for n in before if places[n] >= LEAST_TESTED]
    if not before:
        return None, ("no test of earlier trends: no place has two periods before joining",)
    if not tested:
        return None, (f"no test of earlier trends: no event time before joining has {LEAST_TESTED} places or more",)
    mine, found_effects = sums[:, tested], np.asarray(effects)[tested]
    error = np.sqrt((mine**2).sum(axis=0))
    varies = error > 0
    if not varies.any():
        return None, ("no test of earlier trends: nothing varies before joining",)
    found = float(np.abs(found_effects[varies] / error[varies]).max())
    signs = rng.choice((-1.0, 1.0), (draws, len(mine)))
    chance = np.abs(signs @ mine[:, varies] / error[varies]).max(axis=1)
    few = len(before) - len(tested)
    left = (f"test of earlier trends: {few} event times with fewer than {LEAST_TESTED} places left out",) if few else ()
    return float((1 + (chance >= found - 1e-12).sum()) / (1 + draws)), left


def wald(values: np.ndarray, sums: np.ndarray) -> float | None:
    """Wald test that all values are zero; nothing when there are more of them than independent clusters.

    Args:
        values: ``(k,)`` effects.
        sums: ``(clusters, k)`` influence.
    """
    covariance = sums.T @ sums
    rank = int(np.linalg.matrix_rank(covariance))
    if rank < len(values):
        return None
    return float(stats.chi2.sf(values @ np.linalg.solve(covariance, values), rank))
