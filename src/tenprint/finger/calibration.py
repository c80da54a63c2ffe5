"""What a score means: how rarely two different fingers score this high, and from where on a match may be claimed.

The calibration (``data/calibration.json``, made by ``bench/finger_calibrate.py``) rests on comparisons of different
fingers. It says nothing about rarer events than it could see: beyond the highest rate that was observed three times
the answer is "fewer than", never a number made up from a fitted tail. Thresholds lie well above every impostor seen,
because a false match is somebody's liberty; between the rarest known impostor score and the threshold lies what only
a human examiner may judge.
"""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import msgspec
import numpy as np

from tenprint.finger.errors import FingerError


class Calibration(msgspec.Struct, frozen=True):
    """What impostor scores were measured, and the thresholds that follow.

    Attributes:
        id: names this calibration; stored with every match.
        made: date.
        descriptor: the comparison it belongs to.
        impostor_comparisons: how many comparisons of different fingers it rests on.
        fingers: how many different fingers they came from.
        highest_impostor: the highest score of them.
        thresholds: least score for a match, by the number of fused fingers.
        rarity: by the number of fused fingers, rows of score, "one in N" and the ends of its 90 % interval over
        fingers.
    """

    id: str
    made: str
    descriptor: str
    impostor_comparisons: int
    fingers: int
    highest_impostor: float
    thresholds: dict[int, float]
    rarity: dict[int, list[tuple[float, int, int, int]]]


CURRENT = msgspec.json.decode(files("tenprint.finger").joinpath("data/calibration.json").read_bytes(), type=Calibration)
CALIBRATION = CURRENT.id
"""Names the calibration in use; stored with every match."""


class Meaning(msgspec.Struct, frozen=True):
    """How rare a score is among different fingers.

    Attributes:
        one_in: about one in so many impostor comparisons scores this high.
        low: end of the 90 % interval over fingers.
        high: the other end.
        beyond: the score is higher than what the calibration knows; it is rarer than one in ``one_in``.
        text: the same in words, for people who decide.
        calibration: id.
    """

    one_in: int
    low: int
    high: int
    beyond: bool
    text: str
    calibration: str


def _checked(n_fingers: int) -> int:
    if n_fingers not in CURRENT.thresholds:
        raise FingerError(f"expected 1 to 10 fingers, got {n_fingers!r}")
    return n_fingers


def threshold(n_fingers: int) -> float:
    """The least fused score of ``n_fingers`` fingers from which on a match may be claimed.

    Raises:
        FingerError: when the number is not 1 to 10.
    """
    return CURRENT.thresholds[_checked(n_fingers)]


def examine_from(n_fingers: int, compared: int = 1) -> float:
    """The least score below the threshold that a human examiner should see: rarer than one in a thousand by chance.

    Many people compared give chance as many goes, so that the best score of a large gallery has to be rarer by their
    number. Beyond the rarest rate that the calibration knows nothing more can be asked: that score it is then.

    Args:
        n_fingers: how many fingers were fused.
        compared: how many people the search compared.

    Raises:
        FingerError: when the number of fingers is not 1 to 10, or fewer than one person was compared.
    """
    if compared < 1:
        raise FingerError(f"expected at least 1 person compared, got {compared!r}")
    rows = CURRENT.rarity[_checked(n_fingers)]
    least = next((score for score, one_in, _, _ in rows if one_in >= 1000 * compared), rows[-1][0])
    return min(least, threshold(n_fingers))


def meaning(score: float, n_fingers: int = 1) -> Meaning:
    """How rare a fused score is among people who are not the same.

    Args:
        score: from `tenprint.finger.compare` or a `Candidate`.
        n_fingers: how many fingers were fused.

    Raises:
        FingerError: when the number is not 1 to 10.
    """
    rows = CURRENT.rarity[_checked(n_fingers)]
    basis = f"{CURRENT.impostor_comparisons} comparisons of {CURRENT.fingers} fingers"
    what = (
        "comparisons of different fingers"
        if n_fingers == 1
        else f"comparisons of {n_fingers} fingers of different people"
    )
    if score < rows[0][0]:
        return Meaning(1, 1, 1, beyond=False, text=f"ordinary: most {what} score like this", calibration=CALIBRATION)
    if score >= rows[-1][0]:
        _, one_in, low, high = rows[-1]
        text = f"fewer than one in {one_in:,} {what} scored this high; how much fewer is not known ({basis})"
        return Meaning(one_in, low, high, beyond=True, text=text, calibration=CALIBRATION)
    below, above = next((a, b) for a, b in pairwise(rows) if a[0] <= score < b[0])
    share = (score - below[0]) / (above[0] - below[0])
    one_in, low, high = (
        round(float(np.exp(np.interp(share, [0, 1], np.log([below[k], above[k]]))))) for k in (1, 2, 3)
    )
    text = f"about one in {one_in:,} {what} scores this high (90 % interval {low:,} to {high:,}; {basis})"
    return Meaning(one_in, low, high, beyond=False, text=text, calibration=CALIBRATION)
