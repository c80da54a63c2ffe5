"""Does the quality of a finger predict error: what remains when the comparisons of lowest quality are left out.

Error against reject (P. Grother, E. Tabassi, "Performance of biometric quality measures", IEEE TPAMI 29(4), 2007;
ISO/IEC 29794-1). A comparison is as good as the worse of its two fingers. The threshold is set once, on all
comparisons. Beside what quality gives stand the two ends: a quality that knows every error, and one that knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from tenprint.finger.metrics import Scores, threshold_at
from tenprint.finger.pictures import Color

SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
FMR = 0.001


class Point(msgspec.Struct, frozen=True):
    """What remains when a share of the genuine comparisons is left out.

    Attributes:
        left_out: share, 0..1, lowest quality first.
        errors: genuine comparisons below the threshold that remain.
        genuine: genuine comparisons that remain.
        fnmr: their ratio in percent.
        best_possible: the same in percent, had errors been left out first.
    """

    left_out: float
    errors: int
    genuine: int
    fnmr: float
    best_possible: float


class Rejection(msgspec.Struct, frozen=True):
    """The curve of some sets together.

    Attributes:
        fmr: share of impostors at or above the threshold, at most, in percent.
        threshold: of all of them.
        points: one a share.
    """

    fmr: float
    threshold: float
    points: tuple[Point, ...]


def curve(genuine: Scores, quality: Scores, impostor: Scores, shares: Sequence[float] = SHARES) -> Rejection:
    """Error against reject.

    Args:
        genuine: (g,) scores of the same finger.
        quality: (g,) of each of these comparisons, the lower one of its fingers.
        impostor: (i,) scores of different fingers; they set the threshold.
        shares: of genuine comparisons to leave out, each below 1.
    """
    least = threshold_at(impostor, FMR)
    wrong = (genuine < least)[np.argsort(quality, kind="stable")]
    points = []
    for share in shares:
        gone = round(share * len(wrong))
        remain, errors = len(wrong) - gone, int(wrong[gone:].sum())
        best = max(0, int(wrong.sum()) - gone)
        points.append(Point(share, errors, remain, 100 * errors / remain, 100 * best / remain))
    return Rejection(100 * FMR, least, tuple(points))


def plain(known: Rejection) -> dict[str, Any]:
    """The curve as plain data."""
    made: dict[str, Any] = msgspec.to_builtins(known)
    return made


def picture(known: Rejection) -> Color:
    """The curve: FNMR (up) against the share left out (right).

    The lower thin line is the best possible, the level one a quality that knows nothing.

    Returns:
        (600, 900, 3) uint8.
    """
    import cv2  # noqa: PLC0415

    wide, high, edge = 900, 600, 90
    canvas = np.full((high, wide, 3), 255, np.uint8)
    top = max(0.1, 1.2 * max(point.fnmr for point in known.points))
    last = max(known.points[-1].left_out, 0.01)

    def place(share: float, rate: float) -> tuple[int, int]:
        return edge + round(share / last * (wide - 2 * edge)), high - edge - round(rate / top * (high - 2 * edge))

    def write(text: str, at: tuple[int, int]) -> None:
        cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 60), 1, cv2.LINE_AA)

    for k in range(5):
        cv2.line(canvas, place(0, top * k / 4), place(last, top * k / 4), (215, 215, 215), 1)
        write(f"{top * k / 4:.2f} %", (8, place(0, top * k / 4)[1] + 5))
    for point in known.points:
        cv2.line(canvas, place(point.left_out, 0), place(point.left_out, top), (215, 215, 215), 1)
        write(f"{100 * point.left_out:g} %", (place(point.left_out, 0)[0] - 15, high - edge + 25))
        cv2.circle(canvas, place(point.left_out, point.fnmr), 5, (180, 60, 20), -1, cv2.LINE_AA)
    lines = [
        ([(one.left_out, one.fnmr) for one in known.points], (180, 60, 20), 2),
        ([(one.left_out, one.best_possible) for one in known.points], (90, 90, 90), 1),
        ([(0.0, known.points[0].fnmr), (last, known.points[0].fnmr)], (90, 90, 90), 1),
    ]
    for line, color, thick in lines:
        cv2.polylines(
            canvas, [np.array([place(*at) for at in line], np.int32)], isClosed=False, color=color, thickness=thick
        )
    write(f"FNMR at FMR {known.fmr:g} % (up) when the comparisons of lowest quality are left out (right)", (edge, 40))
    write("thin: a quality that knew every error, and one that knows nothing", (edge, 62))
    return canvas
