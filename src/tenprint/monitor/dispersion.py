"""How much more units differ than chance, measured so that the outliers looked for do not hide themselves.

Spiegelhalter (2005) winsorises z-scores before he takes their mean square. We do the same in the form of Huber's
Proposal 2 (1964): the dispersion is the value at which the squares of the standardised deviations, clipped at 1.64 (a
twentieth of each tail), have the mean that they have where nobody is an outlier; so clipping does not make it too
small. The multiplicative factor (one variance factor for all) is reported; limits and tests use the additive form,
which lets large units differ by more standard errors than small ones: an intraclass correlation, as the beta-binomial
has it. How uncertain it is goes into every limit and p-value: with few places to learn from, less can be said.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from tenprint.monitor.tails import Laws

Real = NDArray[np.float64]
Whole = NDArray[np.int64]

TAIL = 0.05
"""Of deviations that are clipped on each side: more would waste what honest units tell, less let outliers hide."""
CLIP = float(stats.norm.isf(TAIL))
_INSIDE = 1 - 2 * TAIL - 2 * CLIP * float(stats.norm.pdf(CLIP))
_FOURTH = 3 * _INSIDE - 2 * CLIP**3 * float(stats.norm.pdf(CLIP))
CLIPPED = _INSIDE + 2 * TAIL * CLIP**2
"""Mean square of a standard normal deviation clipped at ``CLIP``."""
_ERROR = math.sqrt(_FOURTH + 2 * TAIL * CLIP**4 - CLIPPED**2) / _INSIDE
"""Standard error of the variance estimate of one unit, through clipping (1.41 without)."""
_EVEN = (np.arange(50) + 0.5) / 50
LARGEST = 0.5
ENOUGH = 4
"""Cases expected on either side below which a unit's logit tells nothing."""
FEW = 10
"""Units below which the deviation of logits is taken over from the intraclass correlation."""


class Dispersion(msgspec.Struct, frozen=True, kw_only=True):
    """Differences between units beyond chance."""

    spread: float
    """Intraclass correlation, 0 or more."""
    error: float
    """Its standard error; infinite when no unit tells anything."""
    factor: float
    """Variance factor over chance, 1 or more."""
    shift: float = 0.0
    """Logits of units' shares lie around that of the expected share and this; 0 where units do not differ."""
    deviation: float = 0.0
    """With this standard deviation."""


def dispersion(found: Whole, cases: Whole, mean: Real, known: Real) -> Dispersion:
    """Estimate the dispersion from all units.

    Args:
        found: (n,) counts.
        cases: (n,) out of how many.
        mean: (n,) expected shares.
        known: (n,) intraclass correlation that is accounted for already, such as the standard's own uncertainty.
    """
    spread, error = spread_between(found, cases, mean, known)
    telling = _telling(cases, mean, 1)
    square = _squares(found, cases, mean)[telling]
    factor = _root(lambda x: float(np.sum(np.minimum(square / (1 + x), CLIP**2) - CLIPPED)), 1e6)
    shift, deviation = _of_logits(found, cases, mean, spread)
    return Dispersion(spread=spread, error=error, factor=1 + factor, shift=shift, deviation=deviation)


def spread_between(found: Whole, cases: Whole, mean: Real, known: Real) -> tuple[float, float]:
    """The intraclass correlation and its standard error; see ``dispersion``."""
    telling = _telling(cases, mean, 1)
    if not telling.any():
        return 0.0, math.inf
    size, known = cases[telling] - 1.0, known[telling]
    square, share = _squares(found, cases, mean)[telling], mean[telling]
    spread = 0.0
    for _ in range(3):  # the weights depend on what is estimated
        weight = size / (1 + size * (known + spread))
        typical = float(np.average(known + spread + (1 - known - spread) / (size + 1), weights=weight))
        expected = clipped_mean(float(np.average(share, weights=weight)), typical)

        def excess(x: float, weight: Real = weight, expected: float = expected) -> float:
            clipped = np.minimum(square / (1 + size * (known + x)), CLIP**2)
            return float(weight @ (clipped - expected))

        before, spread = spread, _root(excess, LARGEST)
        if abs(spread - before) <= 0.01 * spread:
            break
    weight = size / (1 + size * (known + spread))
    return spread, _ERROR / math.sqrt(float(weight @ weight))


def _telling(cases: Whole, mean: Real, least: float) -> NDArray[np.bool_]:
    """(n,) units of whose cases at least so many are expected on either side."""
    wanted = cases * mean
    return np.asarray((wanted >= least) & (cases - wanted >= least) & (cases > 1))


def _squares(found: Whole, cases: Whole, mean: Real) -> Real:
    """(n,) squared deviations over the variance of chance."""
    chance = np.maximum(cases * mean * (1 - mean), 1e-12)
    return np.asarray((found - cases * mean) ** 2 / chance)


def clipped_mean(share: float, ratio: float) -> float:
    """Mean square of a clipped standardised deviation under a beta law: skewed laws lose more by clipping.

    Args:
        share: Mean of the law, 0..1.
        ratio: Its variance over that of a single case.
    """
    weight = 1 / min(max(ratio, 1e-6), 0.99) - 1
    at = special.betaincinv(share * weight, (1 - share) * weight, _EVEN)
    square = (at - share) ** 2
    return float(np.mean(np.minimum(square / np.mean(square), CLIP**2)))


def _of_logits(found: Whole, cases: Whole, mean: Real, spread: float) -> tuple[float, float]:
    """Median and robust deviation of units' logits around their expected ones, chance taken off.

    Measured where counts are large enough for a logit; else taken over from the intraclass correlation.
    """
    telling = _telling(cases, mean, ENOUGH)
    if spread == 0:
        return 0.0, 0.0
    share = float(np.average(mean, weights=cases))
    plain = math.sqrt(spread / (share * (1 - share)))
    if int(telling.sum()) < FEW:
        return 0.0, plain
    y, n, mean = found[telling], cases[telling], mean[telling]
    away = np.log((y + 0.5) / (n - y + 0.5)) - np.log(mean / (1 - mean))
    chance = 1 / (n * mean * (1 - mean))
    shift, extra = 0.0, plain**2
    for _ in range(3):
        weight = 1 / (chance + extra)
        order = np.argsort(away)
        rising = np.cumsum(weight[order])
        shift = float(away[order][np.searchsorted(rising, rising[-1] / 2)])
        square = (away - shift) ** 2

        def excess(x: float, square: Real = square, weight: Real = weight) -> float:
            return float(weight @ (np.minimum(square / (chance + x), CLIP**2) - CLIPPED))

        extra = _root(excess, 100.0)
    return shift, math.sqrt(extra)


def laws(mean: Real, differ: Dispersion, unsure: Real) -> Laws:
    """How units' shares are drawn, in both shapes.

    Args:
        mean: (n,) expected shares.
        differ: How much units differ.
        unsure: (n,) what is not known of the expected share itself, as an intraclass correlation.
    """
    mean = np.clip(mean, 1e-9, 1 - 1e-9)
    return Laws(
        mean=mean, spread=np.minimum(differ.spread + unsure, 0.99), middle=np.log(mean / (1 - mean)) + differ.shift,
        deviation=np.sqrt(differ.deviation**2 + unsure / (mean * (1 - mean))),
    )  # fmt: skip


def freedom(cases: Whole, spread: Real, error: float) -> Real:
    """(n,) degrees of freedom of each unit's variance (Satterthwaite): few where it rests on an uncertain spread.

    Args:
        cases: (n,) cases.
        spread: (n,) intraclass correlation of the unit, all parts together.
        error: Standard error of the estimated part.
    """
    size = np.maximum(cases - 1.0, 0.0)
    unsure = size * min(error, 1e6) / (1 + size * spread)
    return np.asarray(np.clip(2 / np.maximum(unsure, 1e-4) ** 2, 0.5, 1e7))


def widened(p: Real, free: Real) -> Real:
    """Two-sided p-values that allow for an estimated variance: the same deviation under a t law."""
    return np.asarray(2 * stats.t.sf(stats.norm.isf(np.maximum(p, 1e-300) / 2), free))


def narrowed(p: float, free: Real) -> Real:
    """The inverse: which p-value before widening gives ``p`` (two-sided) after it."""
    return np.asarray(2 * stats.norm.sf(stats.t.isf(p / 2, free)))


def _root(falls: Callable[[float], float], largest: float) -> float:
    """Where a falling function crosses zero, between 0 and ``largest``."""
    if falls(0.0) <= 0:
        return 0.0
    if falls(largest) > 0:
        return largest
    return float(optimize.brentq(falls, 0.0, largest, xtol=1e-7, rtol=1e-4))
