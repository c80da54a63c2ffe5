"""Error rates of a comparison, by the protocol of the Fingerprint Verification Competitions (FVC), with intervals.

D. Maio, D. Maltoni, R. Cappelli, J. L. Wayman, A. K. Jain, "FVC2000: Fingerprint Verification Competition", IEEE TPAMI
24(3), 2002. A comparison matches when its score is at least the threshold.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

ROUNDING = 1e-12
"""Rates are sums of weights: equal ones may differ in the last digits."""


class Rates(msgspec.Struct, frozen=True):
    """Error rates in percent.

    Attributes:
        eer: equal error rate.
        fmr100: false non-match rate where at most 1 in 100 impostors match.
        fmr1000: the same at 1 in 1000.
        zero_fmr: the same where no impostor matches.
    """

    eer: float
    fmr100: float
    fmr1000: float
    zero_fmr: float


class Curve(msgspec.Struct, frozen=True, eq=False):
    """False match and non-match rates (0..1) by rising threshold.

    Attributes:
        threshold: (n,) every score once, then infinity.
        fmr: (n,) share of impostors at or above the threshold.
        fnmr: (n,) share of genuine comparisons below it.
    """

    threshold: Scores
    fmr: Scores
    fnmr: Scores


def curve(
    genuine: Scores,
    impostor: Scores,
    genuine_weights: Scores | None = None,
    impostor_weights: Scores | None = None,
) -> Curve:
    """Both error rates at every threshold.

    Args:
        genuine: (g,) scores of the same finger.
        impostor: (i,) scores of different fingers.
        genuine_weights: (g,) how often each counts; once when not given.
        impostor_weights: (i,) the same.
    """
    threshold = np.unique(np.concatenate([genuine, impostor, [np.inf]]))

    def below(scores: Scores, weights: Scores | None) -> Scores:
        order = np.argsort(scores)
        each = np.ones(len(scores)) if weights is None else weights[order]
        total = np.concatenate([[0.0], np.cumsum(each)])
        return np.asarray(total[np.searchsorted(scores[order], threshold, "left")] / max(total[-1], 1e-300))

    return Curve(threshold, 1 - below(impostor, impostor_weights), below(genuine, genuine_weights))


def rates_of(known: Curve) -> Rates:
    """The four figures of the protocol."""

    def at(most: float) -> float:
        return float(known.fnmr[known.fmr <= most + ROUNDING].min() * 100)

    return Rates(_equal(known) * 100, at(0.01), at(0.001), at(0.0))


def _equal(known: Curve) -> float:
    """The equal error rate: the middle of the narrower interval where the two curves cross."""
    crossing = int(np.argmax(known.fnmr >= known.fmr - ROUNDING))
    after = float(known.fmr[crossing] + known.fnmr[crossing])
    if crossing == 0 or abs(known.fmr[crossing] - known.fnmr[crossing]) <= ROUNDING:
        return after / 2
    before = float(known.fmr[crossing - 1] + known.fnmr[crossing - 1])
    return min(before, after) / 2


def rates(genuine: Scores, impostor: Scores) -> Rates:
    """The four figures from scores."""
    return rates_of(curve(genuine, impostor))


def threshold_at(impostor: Scores, fmr: float) -> float:
    """The lowest threshold at which at most this share of impostors match; just above the highest of the others.

    Args:
        impostor: (i,) scores of different fingers, at least one.
        fmr: 0..1, below 1.
    """
    ordered = np.sort(impostor)[::-1]
    return float(np.nextafter(ordered[int(fmr * len(ordered) + ROUNDING)], np.inf))


class Trial(msgspec.Struct, frozen=True, eq=False):
    """Scores of one set with the fingers they came from, for resampling.

    Attributes:
        genuine: (g,) scores.
        genuine_finger: (g,) index of the finger.
        impostor: (i,) scores.
        impostor_fingers: (i, 2) indexes of both fingers.
        fingers: how many there are.
    """

    genuine: Scores
    genuine_finger: NDArray[np.int64]
    impostor: Scores
    impostor_fingers: NDArray[np.int64]
    fingers: int

    def rates(self) -> Rates:
        """The four figures."""
        return rates(self.genuine, self.impostor)

    def resampled(self, generator: np.random.Generator) -> Rates:
        """The four figures with fingers drawn with replacement: impressions of a finger are not independent."""
        pairs = np.zeros(1)
        while not pairs.any():  # a draw of one finger alone has no impostors: drawn again
            drawn = generator.multinomial(self.fingers, np.full(self.fingers, 1 / self.fingers)).astype(float)
            pairs = drawn[self.impostor_fingers[:, 0]] * drawn[self.impostor_fingers[:, 1]]
        return rates_of(curve(self.genuine, self.impostor, drawn[self.genuine_finger], pairs))


def interval(trials: list[Trial], *, resamples: int = 500, level: float = 0.9, seed: int = 1) -> tuple[float, float]:
    """Bootstrap interval over fingers of the mean equal error rate of several sets, in percent."""
    generator = np.random.default_rng(seed)
    means = [np.mean([trial.resampled(generator).eer for trial in trials]) for _ in range(resamples)]
    low, high = np.percentile(means, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)
