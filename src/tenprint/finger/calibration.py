"""From which score on a match may be claimed, and what that rests on.

Thresholds come from comparisons of different fingers (``data/calibration.json`` says how many and how). They are set
well above the highest impostor score seen, because a false match is somebody's liberty.
"""

from __future__ import annotations

from importlib.resources import files

import msgspec

from tenprint.finger.errors import FingerError


class Calibration(msgspec.Struct, frozen=True):
    """What impostor scores were measured, and the thresholds that follow.

    Attributes:
        id: names this calibration; stored with every match.
        descriptor: the comparison it belongs to.
        impostor_comparisons: how many comparisons of different fingers it rests on.
        fingers: how many different fingers they came from.
        thresholds: least score by the number of fused fingers.
    """

    id: str
    descriptor: str
    impostor_comparisons: int
    fingers: int
    thresholds: dict[int, float]


_CURRENT = msgspec.json.decode(
    files("tenprint.finger").joinpath("data/calibration.json").read_bytes(), type=Calibration
)
CALIBRATION = _CURRENT.id
"""Names the calibration in use; stored with every match."""


def threshold(n_fingers: int) -> float:
    """The least fused score of ``n_fingers`` fingers from which on a match may be claimed.

    Raises:
        FingerError: when the number is not 1 to 10.
    """
    if n_fingers not in _CURRENT.thresholds:
        raise FingerError(f"expected 1 to 10 fingers, got {n_fingers!r}")
    return _CURRENT.thresholds[n_fingers]
