"""From a picture to minutiae, with LEADER (arXiv 2602.15493) in a graph of our own.

The network gives three maps; position is then smoothed, suppressed to local maxima and read off here in 32-bit
floats, as the published decoding does (pyfing 0.7.3), so a faster or coarser runtime cannot break the equality test
of the suppression.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import images, ridges, segmentation
from tenprint.finger.errors import ImageUnusable
from tenprint.finger.images import Gray
from tenprint.finger.runtime import network
from tenprint.finger.template import Extractor, Kind, Template

LEAST_QUALITY = 0.3
"""Minutiae below are left out. The comparison is robust to it from 0.3 to 0.6 (docs/explanation/fingers.md)."""
WEAKEST_QUALITY, ENOUGH = 0.2, 30
"""Where a print has fewer sure minutiae than ``ENOUGH``, the best of the weaker ones are taken until it has so many:
poor prints are lost by what they lack, good ones are harmed by more (docs/explanation/fingers.md)."""
ALIGN = 32
"""The network halves its picture five times."""
MARGIN = 192
"""Pixels kept around the foreground when a picture is cropped: the network sees that far."""
WORTH_CROPPING = 0.6
"""Pictures are cropped only to less than this share of their area: even with a margin of 128 pixels 3 minutiae in 1,000
changed, so that cropping has to save much."""
LEAST_SIDE = 24
"""Smaller pictures hold no two minutiae."""
MOST_NETWORK_PIXELS = 1_600_000
"""One finger at 500 ppi has at most about 800 x 1000 pixels (rolled, with margins)."""

_BLUR = cv2.getGaussianKernel(5, 0).astype(np.float32)
_NEIGHBOURHOOD = np.ones((7, 7), np.uint8)


def extract(pixels: Gray, ppi: float = images.PPI) -> Template:
    """The minutiae of one finger.

    A stated resolution that its ridges contradict is not believed: the usual one that they tell is taken instead, and
    `tenprint.finger.look` says so.

    Args:
        pixels: (h, w) uint8, dark ridges on light ground.
        ppi: resolution of the pixels, 200..2100.

    Returns:
        A template; it is empty when the picture shows no ridges.

    Raises:
        ImageUnusable: when pixels or resolution are of the wrong kind, the picture is larger than one finger, or shows
            several beside each other.
    """
    own = ridges.resolution(images.checked(pixels, ppi), ppi)
    if (count := segmentation.several(pixels, own)) > 1:
        raise ImageUnusable(
            f"expected one finger, the picture shows {count} beside each other; cut it with `tenprint finger segment`"
        )
    picture = images.to_500_ppi(pixels, own)
    height, width = picture.shape
    empty = np.zeros((0, 4), np.float32)
    if min(height, width) < LEAST_SIDE or max(height, width) > 8000:
        return Template.make(empty, width=min(width, 8191), height=min(height, 8191), extractor=Extractor.LEADER)
    box = images.foreground(picture)
    if box is None:
        return Template.make(empty, width=width, height=height, extractor=Extractor.LEADER)
    rows, kinds = locate(picture, box, least=WEAKEST_QUALITY)
    sure = int((rows[:, 3] >= LEAST_QUALITY).sum())
    taken = max(sure, min(ENOUGH, len(rows)))
    return Template.make(
        rows[:taken],
        kinds[:taken],
        width=width,
        height=height,
        quality=_quality(rows[:sure]),
        extractor=Extractor.LEADER,
    )


def _quality(rows: NDArray[np.float32]) -> float:
    """How much there is to compare: many sure minutiae are good. Grows to 1 at about forty sure ones."""
    return float(1 - np.exp(-rows[:, 3].sum() / 18))


def locate(
    picture: Gray, box: tuple[int, int, int, int] | None = None, *, least: float = LEAST_QUALITY
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Minutiae of a picture at 500 ppi.

    Args:
        picture: (h, w) uint8 at 500 ppi.
        box: the part to look at (left, top, right, bottom); the whole picture when not given.
        least: quality from which a minutia is kept.

    Returns:
        (n, 4) float32 (x, y, angle, quality) and (n,) `Kind`, best quality first.

    Raises:
        ImageUnusable: when the part is larger than one finger.
    """
    padded, offset = _pad(picture)
    rows_kept, columns_kept = window(padded.shape, offset, box)
    part = padded[rows_kept, columns_kept]
    if part.size > MOST_NETWORK_PIXELS:
        raise ImageUnusable(
            f"expected one finger, at most {MOST_NETWORK_PIXELS} pixels at 500 ppi, got {part.shape[1]} x "
            f"{part.shape[0]}; cut a picture of several fingers with `tenprint finger segment`"
        )
    position, direction, kind = network()(part[None, None].astype(np.float32))
    probability = cv2.sepFilter2D(_sigmoid(position[0, 0]), -1, _BLUR, _BLUR, borderType=cv2.BORDER_CONSTANT)
    peak = (probability == cv2.dilate(probability, _NEIGHBOURHOOD)) & (probability >= least)
    y, x = np.nonzero(peak)
    angle = np.arctan2(direction[0, 1, y, x], direction[0, 0, y, x]) % (2 * np.pi)
    rows = np.stack([x + columns_kept.start - offset[0], y + rows_kept.start - offset[1], angle, probability[y, x]], 1)
    kinds = np.where(kind[0, 0, y, x] >= 0, Kind.ENDING, Kind.BIFURCATION).astype(np.uint8)
    height, width = picture.shape
    inside = (rows[:, 0] >= 0) & (rows[:, 1] >= 0) & (rows[:, 0] < width) & (rows[:, 1] < height)
    order = np.flatnonzero(inside)[np.argsort(-rows[inside, 3], kind="stable")]
    return rows[order].astype(np.float32), kinds[order]


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)


def _pad(picture: Gray) -> tuple[Gray, tuple[int, int]]:
    """The picture centred on a multiple of 32 pixels, filled with its first pixel as published, and its offset."""
    height, width = picture.shape
    spare_x, spare_y = -width % ALIGN, -height % ALIGN
    left, top = spare_x // 2, spare_y // 2
    fill = float(picture[0, 0])
    padded = cv2.copyMakeBorder(picture, top, spare_y - top, left, spare_x - left, cv2.BORDER_CONSTANT, value=fill)
    return np.asarray(padded, np.uint8), (left, top)


def window(
    shape: tuple[int, ...], offset: tuple[int, int], box: tuple[int, int, int, int] | None
) -> tuple[slice, slice]:
    """The box and its margin on the network's own grid of 32 pixels, so that cropping does not shift any cell."""
    if box is None:
        return slice(0, shape[0]), slice(0, shape[1])
    left, top = (max(0, (box[i] + offset[i] - MARGIN) // ALIGN * ALIGN) for i in (0, 1))
    right, bottom = (min(shape[1 - i], -(-(box[i + 2] + offset[i] + MARGIN) // ALIGN) * ALIGN) for i in (0, 1))
    if (bottom - top) * (right - left) > WORTH_CROPPING * shape[0] * shape[1]:
        return slice(0, shape[0]), slice(0, shape[1])
    return slice(top, bottom), slice(left, right)
