"""Exact tails of a count: chance within a unit, and variation between units beyond chance.

A unit of n cases whose own share is drawn around ``mean`` with intraclass correlation ``spread`` has a count with
variance n * mean * (1 - mean) * (1 + (n - 1) * spread). Which shape the draws have, nobody knows, and far out it
matters: a beta law (giving the beta-binomial) and a normal law of the logit are both computed, each fitted on its own,
and the larger tail, the wider limit, is used. Counts of all units are laid out behind each other, so that a quarter of
a country takes one pass.

Sums of binomials of strata with different shares vary less than one binomial with their mean share (Hoeffding 1956), so
limits and tails err to the cautious side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
LEAST = 1e-12
"""Means are kept this far from 0 and 1."""
BINOMIAL = 1e-7
"""Spreads below this change no probability that matters: the distribution is the binomial."""
CENTRAL = 0.05
"""Above this the shape of the law makes no difference to any flag."""
FAR = 9.0
"""Standard deviations of the logit that the quadrature spans."""
NODES_OF_LIMITS = 120
"""Of the quadrature where limits are sought: a hundredth of a count does not matter there."""
PASS = 2_000_000
"""Counts that are laid out at a time."""


class Laws(NamedTuple):
    """How the shares of units are drawn, in two shapes."""

    mean: Real
    """(n,) expected shares, 0..1."""
    spread: Real
    """(n,) beta: intraclass correlations around them, 0 or more and below 1."""
    middle: Real
    """(n,) normal on the logit: medians."""
    deviation: Real
    """(n,) normal on the logit: standard deviations."""

    def of(self, at: Whole | NDArray[np.bool_]) -> Laws:
        """The laws of some units."""
        return Laws(*(column[at] for column in self))


class Tails(NamedTuple):
    """Probabilities of a count as low, and as high, as observed: both include it."""

    low: Real
    high: Real


def tails(found: Whole, cases: Whole, mean: Real, spread: Real) -> Tails:
    """Both tails of each unit's count.

    Args:
        found: (n,) counts.
        cases: (n,) out of how many.
        mean: (n,) expected shares, 0..1.
        spread: (n,) intraclass correlations, 0 or more and below 1.
    """
    low, high = np.ones(len(cases)), np.ones(len(cases))
    for part in _passes(cases):
        start, k, chance = _laid_out(cases[part], mean[part], spread[part])
        seen = np.repeat(found[part], cases[part] + 1)
        low[part] = np.add.reduceat(np.where(k <= seen, chance, 0.0), start)
        high[part] = np.add.reduceat(np.where(k >= seen, chance, 0.0), start)
    return Tails(np.minimum(low, 1.0), np.minimum(high, 1.0))


def two_sided(found: Whole, cases: Whole, laws: Laws) -> Real:
    """(n,) twice the smaller tail, at most one: conservative where counts are few, never less than it says."""
    both = tails(found, cases, laws.mean, laws.spread)
    p = np.minimum(1.0, 2 * np.minimum(both.low, both.high))
    far = np.flatnonzero((p < CENTRAL) & (laws.spread >= BINOMIAL))
    if len(far):
        up = both.high[far] < both.low[far]
        p[far] = np.maximum(p[far], np.minimum(1.0, 2 * logit_normal_tail(found[far], cases[far], laws.of(far), up)))
    return np.asarray(p)


def most_extreme(cases: Whole, mean: Real, spread: Real) -> Real:
    """(n,) probability of no case at all or of all cases, whichever is smaller: the smallest tail that is possible."""
    mean = np.clip(mean, LEAST, 1 - LEAST)
    weight = 1 / np.maximum(spread, BINOMIAL) - 1
    a, b = mean * weight, (1 - mean) * weight
    whole = special.betaln(a, b)
    return np.asarray(np.exp(np.minimum(special.betaln(a, b + cases), special.betaln(a + cases, b)) - whole))


def logit_normal_tail(found: Whole, cases: Whole, laws: Laws, up: NDArray[np.bool_], *, nodes: int = 300) -> Real:
    """One tail of each unit where the logits of units' shares are normal.

    Args:
        found: (n,) counts.
        cases: (n,) out of how many.
        laws: (n,) units.
        up: (n,) whether counts as high, or as low, are asked for; both include the count itself.
        nodes: Of the quadrature over units' shares.
    """
    # The lower tail of what was found is the upper tail of what was not.
    y, n = np.where(up, found, cases - found).astype(float), cases.astype(float)
    middle = np.where(up, laws.middle, -laws.middle)
    # Equal steps are as good as any rule under a law that has died out at both ends.
    at = np.linspace(-FAR, FAR, nodes)
    weight = np.exp(-(at**2) / 2)
    weight /= weight.sum()
    share = special.expit(middle[:, None] + laws.deviation[:, None] * at)
    least = np.maximum(y, 1)[:, None]
    tail = special.betainc(least, n[:, None] - least + 1, share) @ weight
    return np.where(y > 0, np.minimum(tail, 1.0), 1.0)


def quantiles(cases: Whole, mean: Real, spread: Real, low: Real, high: Real) -> tuple[Whole, Whole]:
    """Exact limits of the beta-binomial: outside of them, below and above, lies at most the stated probability each.

    Args:
        cases: (n,) cases.
        mean: (n,) expected shares.
        spread: (n,) intraclass correlations.
        low: (n,) probability below the lower limit, at most.
        high: (n,) probability above the upper limit, at most.

    Returns:
        (n,) smallest and largest count inside.
    """
    lower, upper = np.zeros(len(cases), np.int64), np.array(cases, np.int64)
    for part in _passes(cases):
        start, _, chance = _laid_out(cases[part], mean[part], spread[part])
        below, above = _running(chance, start, cases[part])
        each = np.repeat(low[part], cases[part] + 1)
        lower[part] = np.add.reduceat(below <= each, start)
        each = np.repeat(high[part], cases[part] + 1)
        upper[part] = cases[part] - np.add.reduceat(above <= each, start)
    return np.minimum(lower, cases), np.maximum(upper, 0)


def cautious(cases: Whole, laws: Laws, outside: Real) -> tuple[Whole, Whole]:
    """Limits under both shapes, the wider ones.

    Args:
        cases: (n,) cases.
        laws: (n,) how shares are drawn.
        outside: (n,) probability beyond each limit, at most.

    Returns:
        (n,) smallest and largest count inside.
    """
    low, high = quantiles(cases, laws.mean, laws.spread, outside, outside)
    turned = laws._replace(mean=1 - laws.mean, middle=-laws.middle)
    return cases - _reach(cases - low, cases, turned, outside), _reach(high, cases, laws, outside)


def _reach(inside: Whole, cases: Whole, laws: Laws, outside: Real) -> Whole:
    """(n,) the largest count that the logit-normal shape still has inside, where it goes beyond ``inside``."""
    low, high = inside.copy(), np.minimum(inside + 1, cases)
    drawn = laws.spread >= BINOMIAL

    def is_inside(at: Whole, count: Whole) -> NDArray[np.bool_]:
        """Whether a count belongs inside: the tail above the count before it is larger than what may lie outside."""
        up = np.ones(len(at), dtype=bool)
        return logit_normal_tail(count, cases[at], laws.of(at), up, nodes=NODES_OF_LIMITS) > outside[at]

    at, step = np.flatnonzero(drawn & (low < cases)), 1
    while len(at):  # strides that double until one lies outside
        count = np.minimum(inside[at] + step, cases[at])
        more = is_inside(at, count)
        high[at[~more]] = count[~more]
        low[at[more]] = count[more]
        high[at[more]] = cases[at[more]]
        at, step = at[more & (count < cases[at])], step * 2
    at = np.flatnonzero(drawn & (high - low > 1))
    while len(at):
        middle = (low[at] + high[at]) // 2
        more = is_inside(at, middle)
        low[at[more]], high[at[~more]] = middle[more], middle[~more]
        at = at[high[at] - low[at] > 1]
    last = np.flatnonzero(drawn & (high == cases) & (low == cases - 1))
    if len(last):
        low[last[is_inside(last, cases[last])]] += 1
    return low


def _laid_out(cases: Whole, mean: Real, spread: Real) -> tuple[Whole, Whole, Real]:
    """Where each unit begins, the counts 0 to cases of every unit behind each other, and their probabilities.

    The probability of a count over that of the count before is a plain ratio, so one logarithm a count is enough.
    """
    size = cases + 1
    start = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
    k = np.arange(int(size.sum()), dtype=np.int64) - np.repeat(start, size)
    rest = np.repeat(cases, size) - k
    mean = np.clip(mean, LEAST, 1 - LEAST)
    binomial = spread < BINOMIAL
    weight = 1 / np.where(binomial, 0.5, spread) - 1
    a, b = mean * weight, (1 - mean) * weight
    none = np.where(binomial, cases * np.log1p(-mean), special.betaln(a, b + cases) - special.betaln(a, b))
    # With no spread the odds of one more are the same at each count.
    step = np.where(binomial, 0.0, 1.0)
    top, bottom = np.where(binomial, mean, a), np.where(binomial, 1 - mean, b)
    moving, top, bottom = (np.repeat(x, size) for x in (step, top, bottom))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (rest + 1) / k * (top + moving * (k - 1)) / (bottom + moving * rest)
    ratio[start] = 1.0
    logs = np.cumsum(np.log(ratio))
    return start, k, np.exp(logs + np.repeat(none - logs[start], size))


def _running(chance: Real, start: Whole, cases: Whole) -> tuple[Real, Real]:
    """Probability up to each count, and from each count on: summed from the small end, unit by unit."""
    below, above = np.empty_like(chance), np.empty_like(chance)
    for first, n in zip(start.tolist(), cases.tolist(), strict=True):
        one = chance[first : first + n + 1]
        below[first : first + n + 1] = np.cumsum(one)
        above[first : first + n + 1] = np.cumsum(one[::-1])[::-1]
    return below, above


def _passes(cases: Whole) -> list[slice]:
    """Units in runs of at most ``PASS`` counts."""
    ends = np.cumsum(cases + 1)
    parts, first = [], 0
    while first < len(cases):
        done = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + PASS, side="right")))
        parts.append(slice(first, last))
        first = last
    return parts
