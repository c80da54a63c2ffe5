"""False discoveries: few among the flags, over counties, agencies, metrics, tests and quarters together.

**Within a quarter.** All p-values of a quarter, over units, metrics and tests, go through one Benjamini-Hochberg (1995)
procedure at the quarter's share of the level. It holds under independence and positive dependence (Benjamini and
Yekutieli 2001). Metrics of one county are dependent in ways that nobody knows beforehand, and two-sided tests are not
covered by the proof; that the rate stays below the level is measured by the planted-bias study, not assumed. The
procedure of Benjamini and Yekutieli would hold under any dependence and cost a factor of about nine in p among 5,000
tests.

**Over quarters.** Let V_t of R_t flags of quarter t be false, V and R their sums. Where R_t > 0, V/R is at most the sum
of V_t/R_t, since R >= R_t for each t: V/R = sum V_t/R <= sum V_t/max(R_t, 1). Expectations add up whatever the
dependence between quarters, so the false discovery rate of the whole is at most the sum of the levels of its quarters.
The rule spreads its level in equal shares over a span of quarters that is registered beforehand; so the same county may
be tested, and flagged, in each quarter, and overlapping windows do no harm. The price is power, and it is printed.

**Which units are tested** is decided without looking at the counts that are tested: by numbers of cases, and by whether
even the most extreme count could be told from chance at the quarter's level (Tarone 1990). Such units cost others no
power, and say why they were not tested.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

Real = NDArray[np.float64]


class Discoveries(msgspec.Struct, frozen=True, kw_only=True):
    """What remains of the p-values of a quarter."""

    q: Real
    """(n,) adjusted p-values: flagged are those at or below the level; not a number where nothing was tested."""
    flagged: NDArray[np.bool_]
    """(n,)."""
    tests: int
    """How many were made."""
    cut: float
    """Largest p-value that is flagged; where there is no flag, what the first would have needed."""


def discoveries(p: Real, level: float) -> Discoveries:
    """Benjamini-Hochberg over the p-values that are numbers.

    Args:
        p: (n,) p-values; not a number where a unit was not tested.
        level: False discovery rate of the quarter.
    """
    made = ~np.isnan(p)
    tests = int(made.sum())
    q = np.full(len(p), np.nan)
    if tests:
        q[made] = stats.false_discovery_control(p[made], method="bh")
    flagged = np.zeros(len(p), dtype=bool)
    flagged[made] = q[made] <= level
    return Discoveries(q=q, flagged=flagged, tests=tests, cut=level * max(int(flagged.sum()), 1) / max(tests, 1))
