"""Several fingers in one picture: where each is, and which hand and finger it is by its place.

A slap shows four fingers side by side, sometimes with their middle joints below, writing beside them or a finger
missing; two thumbs stand beside each other. The fingertip is the topmost part of each column of skin; what lies below a
joint is left out. One finger in two pieces (a crease, a scar) stays one: pieces above each other belong together, and
pieces beside each other are two fingers only where a gap of white lies between them.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import images, ridges
from tenprint.finger.errors import ImageUnusable
from tenprint.finger.images import PPI, Gray
from tenprint.finger.ridges import CELL

RIGHT_FOUR, LEFT_FOUR, TWO_THUMBS = 13, 14, 15
"""Friction ridge positions of slaps (ANSI/NIST-ITL 1-2011, table 8)."""
POSITIONS = {RIGHT_FOUR: (2, 3, 4, 5), LEFT_FOUR: (10, 9, 8, 7), TWO_THUMBS: (6, 1)}
"""Fingers of a slap from left to right, as the picture shows them."""

LEAST_SIDE = 100
"""Pixels at 500 ppi (5 mm) below which a piece is no finger."""
TALLEST = 520
"""Pixels at 500 ppi (26 mm) of a fingertip: what lies further below the tip is behind the joint."""
LOWER = 150
"""Pixels at 500 ppi (8 mm) by which the little finger's tip lies below the index finger's, to tell a hand by it."""
NARROWEST = {4: 1000, 2: 600}
"""Pixels at 500 ppi that a picture of so many fingers has at least (the slaps of a card have 1,600 and 1,000)."""
WIDEST = 330
"""Pixels at 500 ppi (17 mm) of a finger of a slap: a wider piece may be several that touch."""
MARGIN = 12
ALSO_ONE = 0.33
"""Share of the largest piece's area from which on another one is a finger and no speck, where one is expected."""


class Segment(msgspec.Struct, frozen=True):
    """One finger of a picture.

    Attributes:
        position: friction ridge position 1 to 10; nothing where the place does not tell it.
        box: left, top, right, bottom in pixels of the picture, right and bottom excluded.
    """

    position: int | None
    box: tuple[int, int, int, int]


def fingers(pixels: Gray, ppi: float = PPI, count: int | None = None) -> list[tuple[int, int, int, int]]:
    """The fingertips of a picture, from left to right.

    Args:
        pixels: (h, w) uint8, fingertips up.
        ppi: resolution, 200 to 2100.
        count: how many it shows, where that is known: the strongest so many are taken.

    Returns:
        Boxes in pixels of the picture: left, top, right, bottom (right and bottom excluded).

    Raises:
        ImageUnusable: when it is no gray picture at a plausible resolution.
    """
    checked = images.checked(pixels, ppi)
    scale = ppi / PPI
    if min(checked.shape) < LEAST_SIDE * scale:
        return []
    picture = images.to_500_ppi(checked, ppi)
    boxes = _tips(ridges.textured(picture), count)
    if count is not None and (count == 1 or not _complete(boxes, count)):
        boxes = _tips(ridges.ridged(picture), count)
    height, width = checked.shape
    return [
        (
            max(0, round((left * CELL - MARGIN) * scale)),
            max(0, round((top * CELL - MARGIN) * scale)),
            min(width, round((right * CELL + MARGIN) * scale)),
            min(height, round((bottom * CELL + MARGIN) * scale)),
        )
        for left, top, right, bottom in boxes
    ]


def segment(pixels: Gray, ppi: float = PPI, slap: int | None = None, missing: Collection[int] = ()) -> list[Segment]:
    """The fingers of a slap with their positions.

    Args:
        pixels: (h, w) uint8, fingertips up.
        ppi: resolution, 200 to 2100.
        slap: 13 (right four), 14 (left four) or 15 (thumbs); told by the lengths of the outer fingers when not given.
        missing: positions that the slap cannot show, 1 to 10: amputated or bandaged.

    Returns:
        Fingers from left to right. Where fingers are missing or more were found than a hand has, the place does not
        tell which, and positions are left open.

    Raises:
        ImageUnusable: when ``slap`` is another number, or the picture is no gray one at a plausible resolution.
    """
    if slap is not None and slap not in POSITIONS:
        raise ImageUnusable(f"slap: expected 13 (right four), 14 (left four) or 15 (thumbs), got {slap!r}")
    named = tuple(p for p in POSITIONS.get(slap or 0, ()) if p not in missing)
    boxes = fingers(pixels, ppi, len(named) or None) if slap is not None else _unstated(pixels, ppi)
    if slap is None:
        named = POSITIONS.get(_kind(boxes, ppi / PPI) or 0, ())
    sure = len(named) == len(boxes)
    return [Segment(named[k] if sure else None, box) for k, box in enumerate(boxes)]


def _unstated(pixels: Gray, ppi: float) -> list[tuple[int, int, int, int]]:
    """Fingers of a picture of which nobody says what it shows: four or two where it is wide enough, else one."""
    width = pixels.shape[1] * PPI / ppi
    for count, least in NARROWEST.items():
        if width >= least and len(boxes := fingers(pixels, ppi, count)) == count:
            return boxes
    return fingers(pixels, ppi, 1) or fingers(pixels, ppi)


def _kind(boxes: list[tuple[int, int, int, int]], scale: float) -> int | None:
    """Two are the thumbs. Four are the hand whose little finger, the one that ends much lower, lies outside.

    A hand that was laid on askew does not tell; then nothing is said.
    """
    if len(boxes) == 2:
        return TWO_THUMBS
    if len(boxes) != 4 or abs(boxes[0][1] - boxes[3][1]) < LOWER * scale:
        return None
    return RIGHT_FOUR if boxes[0][1] < boxes[3][1] else LEFT_FOUR


def several(pixels: Gray, ppi: float) -> int:
    """How many fingers with ridges stand beside each other in a picture that should show one.

    Args:
        pixels: (h, w) uint8.
        ppi: resolution, 200 to 2100.
    """
    boxes = fingers(pixels, ppi)
    if len(boxes) < 2:
        return len(boxes)
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in boxes]
    large = [box for box, area in zip(boxes, areas, strict=True) if area >= ALSO_ONE * max(areas)]
    return sum(ridges.ridges(pixels[top:bottom, left:right]).period is not None for left, top, right, bottom in large)


def _tips(skin: NDArray[np.float32], count: int | None) -> list[tuple[int, int, int, int]]:
    """Boxes of fingertips in cells, from left to right."""
    mask = cv2.morphologyEx((skin > 0).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    parts, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    least = LEAST_SIDE // CELL
    found: list[list[int]] = []
    for part in range(1, parts):
        left, top, width, height, area = (int(value) for value in stats[part])
        if width >= least // 2 and height >= least // 2 and area >= least * least // 4:
            piece = labels[top : top + height, left : left + width] == part
            touching = count != 2 and width > (WIDEST if count else 2 * WIDEST) // CELL
            found += _columns(piece, left, top) if touching else [[left, top, left + width, top + height]]
    found = [box for box in _joined(found) if box[2] - box[0] >= least * 3 // 4 and box[3] - box[1] >= least * 3 // 4]
    weight = [_weight(skin, box) * (0.5 if _below_another(box, found) else 1) for box in found]
    if not found:
        return []
    if count is None:
        chosen = [k for k, box in enumerate(found) if not _below_another(box, found)]
        chosen = [k for k in chosen if weight[k] >= 0.15 * max(weight)]
    else:
        chosen = sorted(range(len(found)), key=lambda k: -weight[k])[:count]
        chosen = [k for k in chosen if weight[k] >= 0.1 * max(weight)]
    kept = [found[k] for k in chosen]
    return sorted((b[0], b[1], b[2], min(b[3], b[1] + TALLEST // CELL)) for b in kept)


def _complete(boxes: list[tuple[int, int, int, int]], count: int) -> bool:
    """Whether a clean slap was cut into as many pieces as it has fingers, each of the size of one."""
    wide = [(right - left) * CELL for left, _, right, _ in boxes]
    tall = [(bottom - top) * CELL for _, top, _, bottom in boxes]
    sizes = all(120 <= w <= (700 if count == 2 else 420) for w in wide) and all(h >= 180 for h in tall)
    return len(boxes) == count and sizes


def _weight(skin: NDArray[np.float32], box: list[int]) -> float:
    """How much finger a box holds: its contrast, summed over its ridged cells down to the joint."""
    left, top, right, bottom = box
    return float(skin[top : min(bottom, top + TALLEST // CELL), left:right].sum())


def _columns(piece: NDArray[np.bool_], left: int, top: int) -> list[list[int]]:
    """One piece of skin as boxes; fingers that touch are cut at the deep valleys of their upper outline."""
    height, width = piece.shape
    outline = np.where(piece.any(0), piece.argmax(0), height).astype(np.float32)
    smooth = cv2.GaussianBlur(outline[None, :], (0, 0), 1.5)[0]
    reach, cuts = 48 // CELL, [0]
    for x in range(reach, width - reach):
        near = smooth[max(0, x - reach) : x + reach + 1]
        deep = smooth[x] - max(smooth[cuts[-1] : x].min(), smooth[x:].min()) > 60 // CELL
        if smooth[x] >= near.max() and deep and x - cuts[-1] >= LEAST_SIDE // CELL:
            cuts.append(x)
    cuts.append(width)
    boxes = []
    for begin, end in pairwise(cuts):
        part = piece[:, begin:end]
        rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
        if len(rows):
            near_, far = left + begin + int(columns[0]), left + begin + int(columns[-1]) + 1
            boxes.append([near_, top + int(rows[0]), far, top + int(rows[-1]) + 1])
    return boxes


def _joined(boxes: list[list[int]]) -> list[list[int]]:
    """Pieces of one finger become one: above each other with a crease between, or beside with hardly a gap."""
    boxes, changed = [list(box) for box in boxes], True
    while changed:
        changed = False
        for k, one in enumerate(boxes):
            for other in boxes[k + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                together = [min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])]
                shares = across > 0.6 * min(one[2] - one[0], other[2] - other[0])
                fits = together[3] - together[1] <= TALLEST // CELL and together[2] - together[0] <= 400 // CELL
                if fits and shares and down > -60 // CELL:
                    boxes[k] = together
                    boxes.remove(other)
                    changed = True
                    break
            if changed:
                break
    return boxes


def _below_another(box: list[int], boxes: list[list[int]]) -> bool:
    """Whether most of a piece lies below another one: the next joint of the same finger, or what is written there."""
    for other in boxes:
        across = min(box[2], other[2]) - max(box[0], other[0])
        if (
            other is not box
            and other[1] < box[1]
            and other[3] <= box[1] + 40 // CELL
            and across > 0.35 * (box[2] - box[0])
        ):
            return True
    return False
