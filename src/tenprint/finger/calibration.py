"""What a score means: how rarely two different fingers score this high, and from where on a match may be claimed.

The calibration (``data/calibration.json``, made by ``bench/finger_calibrate.py``) rests on comparisons of different
fingers of several sensors. A sensor that nobody has measured may be worse than those that were: what is stated is the
rate at the *worst* sensor known, doubled. With each sensor left out in turn, and the rest stated, no sensor measured
was more frequent than that beyond its interval (docs/explanation/fingers.md). Fingers of one hand are not independent:
ten count as four. Beyond the rarest rate that the worst sensor shows three times nothing is known, and nothing is said
but "fewer than"; no tail is fitted and called a rarity.

Thresholds lie above every impostor seen, because a false match is somebody's liberty, and grow with the number of
people that are compared. Between the rarest known impostor score and the threshold lies what only a human examiner may
judge.
"""

from __future__ import annotations

import math
from importlib.resources import files
from itertools import pairwise

import msgspec
import numpy as np

from tenprint.finger.errors import FingerError


class Sensor(msgspec.Struct, frozen=True):
    """One sensor of the calibration.

    Attributes:
        name: of its set.
        comparisons: of different fingers on it.
        fingers: how many different ones.
        highest: the highest score of two different fingers.
    """

    name: str
    comparisons: int
    fingers: int
    highest: float


class Calibration(msgspec.Struct, frozen=True):
    """What impostor scores were measured, and the thresholds that follow.

    Attributes:
        id: names this calibration; stored with every match.
        made: date.
        descriptor: the comparison it belongs to.
        impostor_comparisons: how many comparisons of different fingers it rests on.
        fingers: how many different fingers they came from.
        highest_impostor: the highest score of them.
        sensors: where they came from.
        thresholds: least score for a match between two people, by the number of fused fingers.
        decade: what a threshold grows by for ten times as many people, by the number of fused fingers.
        rarity: by the number of fused fingers, rows of score, "one in N" at the worst sensor (doubled), and the same by
        the upper end of that sensor's 90 % interval and at the middle sensor.
    """

    id: str
    made: str
    descriptor: str
    impostor_comparisons: int
    fingers: int
    highest_impostor: float
    sensors: list[Sensor]
    thresholds: dict[int, float]
    decade: dict[int, float]
    rarity: dict[int, list[tuple[float, int, int, int]]]


CURRENT = msgspec.json.decode(files("tenprint.finger").joinpath("data/calibration.json").read_bytes(), type=Calibration)
CALIBRATION = CURRENT.id
"""Names the calibration in use; stored with every match."""
HIGHEST_THRESHOLD = 6.0
"""No threshold is higher: several fingers are each counted up to this score."""


class Meaning(msgspec.Struct, frozen=True):
    """How rare a score is among different fingers.

    Attributes:
        one_in: at most about one in so many impostor comparisons scores this high, at the worst sensor known.
        low: by the upper end of that sensor's 90 % interval over fingers.
        high: at the middle sensor.
        beyond_data: the score is higher than what the calibration knows; it is rarer than one in ``one_in``, and how
            much rarer is unknown.
        text: the same in words, for people who decide.
        calibration: id.
    """

    one_in: int
    low: int
    high: int
    beyond_data: bool
    text: str
    calibration: str


def _checked(n_fingers: int, compared: int = 1) -> int:
    if n_fingers not in CURRENT.thresholds:
        raise FingerError(f"expected 1 to 10 fingers, got {n_fingers!r}")
    if compared < 1:
        raise FingerError(f"expected at least 1 person compared, got {compared!r}")
    return n_fingers


def threshold(n_fingers: int, compared: int = 1) -> float:
    """The least fused score of ``n_fingers`` fingers from which on a match may be claimed.

    Args:
        n_fingers: how many fingers were fused.
        compared: how many people the search compared; every one gives chance another go.

    Raises:
        FingerError: when the number of fingers is not 1 to 10, or fewer than one person was compared.
    """
    n = _checked(n_fingers, compared)
    grown = CURRENT.thresholds[n] + CURRENT.decade[n] * math.log10(compared)
    return min(round(grown, 3), HIGHEST_THRESHOLD)


def examine_from(n_fingers: int, compared: int = 1) -> float:
    """The least score below the threshold that a human examiner should see.

    For two people: rarer than one in a thousand by chance. Many people compared give chance as many goes, so the best
    score of a large gallery has to be rarer by their number; how rare that is lies beyond the data, and the score grows
    with the number of people as thresholds do.

    Args:
        n_fingers: how many fingers were fused.
        compared: how many people the search compared.

    Raises:
        FingerError: when the number of fingers is not 1 to 10, or fewer than one person was compared.
    """
    n = _checked(n_fingers, compared)
    grown = CURRENT.rarity[n][-1][0] + CURRENT.decade[n] * math.log10(compared)
    return min(round(grown, 3), threshold(n, compared))


def meaning(score: float, n_fingers: int = 1) -> Meaning:
    """How rare a fused score is among people who are not the same.

    Args:
        score: from `tenprint.finger.compare` or a `Candidate`.
        n_fingers: how many fingers were fused.

    Raises:
        FingerError: when the number is not 1 to 10.
    """
    rows = CURRENT.rarity[_checked(n_fingers)]
    basis = f"{CURRENT.impostor_comparisons} comparisons of {CURRENT.fingers} fingers on {len(CURRENT.sensors)} sensors"
    what = (
        "comparisons of different fingers"
        if n_fingers == 1
        else f"comparisons of {n_fingers} fingers of different people"
    )
    if score < rows[0][0]:
        text = f"ordinary: most {what} score like this"
        return Meaning(1, 1, 1, beyond_data=False, text=text, calibration=CALIBRATION)
    if score >= rows[-1][0]:
        _, one_in, low, high = rows[-1]
        text = f"fewer than one in {one_in:,} {what} scored this high; how much fewer is not known ({basis})"
        return Meaning(one_in, low, high, beyond_data=True, text=text, calibration=CALIBRATION)
    below, above = next((a, b) for a, b in pairwise(rows) if a[0] <= score < b[0])
    share = (score - below[0]) / (above[0] - below[0])
    one_in, low, high = (int(np.exp(np.interp(share, [0, 1], np.log([below[k], above[k]])))) or 1 for k in (1, 2, 3))
    text = (
        f"at most about one in {one_in:,} {what} scores this high, on the worst sensor known "
        f"(one in {high:,} on the middle one; {basis})"
    )
    return Meaning(one_in, low, high, beyond_data=False, text=text, calibration=CALIBRATION)
