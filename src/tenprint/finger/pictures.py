"""Pictures for people: minutiae drawn over a finger, and the correspondences of two fingers side by side.

For the screen of an examiner. Pictures in documents show synthetic fingers only.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import images
from tenprint.finger.images import Gray
from tenprint.finger.template import Kind, Template

Color = NDArray[np.uint8]

SCALE = 2
"""Pictures are drawn at 1000 ppi, so that lines do not hide ridges."""
COLORS = {Kind.ENDING: (180, 60, 20), Kind.BIFURCATION: (20, 90, 200), Kind.OTHER: (110, 110, 110)}
"""Blue, green, red order; blue for endings, orange-red for bifurcations, also told apart by shape."""
TAIL = 9
GAP = 24
LINE, CHANCE = (60, 150, 30), (190, 190, 190)
"""Green where minutiae correspond; pale gray and broken where they lie together in fingers that do not match."""


def overlay(pixels: Gray | None, ppi: float, template: Template) -> Color:
    """The finger with its minutiae: a ring for an ending, a square for a bifurcation, a tail along the direction.

    Args:
        pixels: (h, w) uint8, as given to `tenprint.finger.extract`; nothing for minutiae of a record: a blank ground.
        ppi: their resolution.
        template: what was found.

    Returns:
        (2 h, 2 w, 3) uint8 at 1000 ppi, blue, green, red.
    """
    gray = (
        np.full((template.height, template.width), 255, np.uint8)
        if pixels is None
        else images.to_500_ppi(images.checked(pixels, ppi), ppi)
    )
    large = cv2.resize(gray, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    canvas = cv2.cvtColor(cv2.addWeighted(large, 0.6, np.full_like(large, 255), 0.4, 0), cv2.COLOR_GRAY2BGR)
    for (x, y, angle, quality), kind in zip(template.minutiae.tolist(), template.kinds.tolist(), strict=True):
        at, color = (round(x * SCALE), round(y * SCALE)), COLORS[Kind(kind)]
        width = 2 if quality >= 0.6 else 1
        if kind == Kind.BIFURCATION:
            cv2.rectangle(canvas, (at[0] - 5, at[1] - 5), (at[0] + 5, at[1] + 5), color, width, cv2.LINE_AA)
        else:
            cv2.circle(canvas, at, 6, color, width, cv2.LINE_AA)
        end = (round((x + TAIL * np.cos(angle)) * SCALE), round((y - TAIL * np.sin(angle)) * SCALE))
        cv2.line(canvas, at, end, color, width, cv2.LINE_AA)
    return np.asarray(canvas, np.uint8)


def side_by_side(  # noqa: PLR0917
    first: Color, second: Color, pairs: NDArray[np.int64], a: Template, b: Template, caption: str, *, match: bool
) -> Color:
    """Two overlays next to each other, lines between minutiae that lie together, a caption below.

    Args:
        first: overlay of the first finger.
        second: overlay of the second.
        pairs: (k, 2) rows of the templates, from `tenprint.finger.matching.correspondences`.
        a: template of the first.
        b: template of the second.
        caption: what the score means; wrapped.
        match: whether a match may be claimed; else the lines are pale and broken, so that nobody takes them for one.
    """
    width = first.shape[1] + GAP + second.shape[1]
    lines = _wrapped(caption, width)
    height = max(first.shape[0], second.shape[0])
    canvas = np.full((height + 12 + 26 * len(lines), width, 3), 255, np.uint8)
    canvas[: first.shape[0], : first.shape[1]] = first
    left = first.shape[1] + GAP
    canvas[: second.shape[0], left:] = second
    for i, j in pairs.tolist():
        begin = tuple(round(float(v) * SCALE) for v in a.minutiae[i, :2])
        end = (left + round(float(b.minutiae[j, 0]) * SCALE), round(float(b.minutiae[j, 1]) * SCALE))
        if match:
            cv2.line(canvas, begin, end, LINE, 1, cv2.LINE_AA)
            continue
        steps = np.linspace(begin, end, 41).round().astype(int).tolist()
        for start, stop in zip(steps[::4], steps[1::4], strict=False):
            cv2.line(canvas, start, stop, CHANCE, 1, cv2.LINE_AA)
    for k, text in enumerate(lines):
        place = (10, height + 26 * (k + 1))
        cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    return canvas


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that fit a picture so wide, about eleven pixels a letter."""
    import textwrap  # noqa: PLC0415

    return textwrap.wrap(text, max(20, width // 11))


def png(picture: Color) -> bytes:
    """The bytes of a PNG file."""
    _, data = cv2.imencode(".png", picture)
    return bytes(data.tobytes())
