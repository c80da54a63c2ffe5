"""Skin and its ridges: where a picture shows some, how far apart they are, and how many fingers that makes.

All of it is local: windows of the picture in which one spatial frequency stands out are skin; the frequency is the
ridge period. Adults have 6.4 to 12.1 pixels at 500 ppi on all sensors seen (docs/explanation/fingers.md).
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.images import PPI, Gray

WINDOW, STEP = 64, 32
"""Side and distance of the windows, in pixels."""
SHORTEST, LONGEST = 3.2, 26.0
"""Periods looked for, in pixels: 500 ppi taken for 180 to 1400."""
STANDS_OUT = 0.3
"""Share of the power of a window, within those periods, that lies around its peak; noise has 0.1, ridges 0.4 to 0.9."""
LEAST_CONTRAST = 6.0
"""Standard deviation of gray levels in a window that may be skin."""
WHITER = 1.5
"""Power is weighed by this power of the frequency: pictures have more of the low ones, ridges or not."""
USUAL_PERIOD = 8.7
"""Pixels at 500 ppi, median of adults."""
POSSIBLE_PERIOD = (6.4, 12.9)
"""Beyond this a resolution contradicts the ridges: 742 prints of seven sensors have at least 6.46, and with low
frequencies weighed down at most 12.1."""
NOMINAL_PPI = (300.0, 1000.0, 1400.0)
"""What devices make that is not 500, and far enough apart to be told by ridges, which vary by a sixth."""
LEAST_WINDOWS = 4
CELL = 8
"""Pixels at 500 ppi of a cell of the map of skin."""
RIDGED = (0.22, 0.4)
"""Share of the power of a small window in four cells of the ridges' frequencies: from the first on it may show ridges,
where it touches a window that has the second; letters and strokes have less."""


class Ridges(msgspec.Struct, frozen=True):
    """What the windows of a picture show.

    Attributes:
        period: median ridge period in pixels of the picture; nothing when fewer than four windows show ridges.
        white: the same with low frequencies weighed down, which broken and dry ridges would be taken for.
        windows: how many show ridges.
    """

    period: float | None
    white: float | None
    windows: int


@lru_cache(maxsize=1)
def _rings() -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Frequency of each cell of a transformed window, those within reach, and the window function."""
    down, across = np.fft.fftfreq(WINDOW), np.fft.rfftfreq(WINDOW)
    frequency = np.hypot(down[:, None], across[None, :])
    bell = np.hanning(WINDOW)
    return frequency, (frequency >= 1 / LONGEST) & (frequency <= 1 / SHORTEST), np.outer(bell, bell)


def ridges(pixels: Gray) -> Ridges:
    """The ridge period of a picture, about ten milliseconds a finger.

    Args:
        pixels: (h, w) uint8.
    """
    height, width = pixels.shape
    if height < WINDOW or width < WINDOW:
        return Ridges(None, None, 0)
    view = np.lib.stride_tricks.sliding_window_view(pixels, (WINDOW, WINDOW))[::STEP, ::STEP]
    blocks = view.reshape(-1, WINDOW, WINDOW)
    inside = blocks[:, 8:-8:4, 8:-8:4].reshape(len(blocks), -1).astype(np.float32).std(axis=1) > LEAST_CONTRAST
    blocks = blocks[inside].astype(np.float32)
    if not len(blocks):
        return Ridges(None, None, 0)
    blocks = blocks[:: max(1, len(blocks) // 256)]
    frequency, reach, bell = _rings()
    blocks -= blocks.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.rfft2(blocks * bell)) ** 2 * reach
    plain, white = _periods(power, frequency), _periods(power * frequency**WHITER, frequency)
    enough = min(len(plain), len(white)) >= LEAST_WINDOWS
    if not enough:
        return Ridges(None, None, max(len(plain), len(white)))
    return Ridges(float(np.median(plain)), float(np.median(white)), len(plain))


def _periods(power: NDArray[np.float64], frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """Period at the peak of each window of which the peak stands out."""
    flat = power.reshape(len(power), -1)
    row, column = np.divmod(flat.argmax(1), power.shape[2])
    ys = (row[:, None, None] + np.arange(-1, 2)[None, :, None]) % WINDOW
    xs = np.clip(column[:, None, None] + np.arange(-1, 2)[None, None, :], 0, power.shape[2] - 1)
    around = power[np.arange(len(power))[:, None, None], ys, xs]
    share = around.sum((1, 2)) / np.maximum(flat.sum(1), 1e-9)
    mean = (around * frequency[ys, xs]).sum((1, 2)) / np.maximum(around.sum((1, 2)), 1e-9)
    return np.asarray(1 / mean[share > STANDS_OUT])


def resolution(pixels: Gray, ppi: float) -> float:
    """The resolution that a picture has: the stated one, or where its ridges contradict that, the one they tell.

    Args:
        pixels: (h, w) uint8.
        ppi: stated, in pixels per inch.

    Returns:
        ``ppi``, or the nearest usual resolution that makes the ridges a possible finger.
    """
    seen = ridges(pixels)
    if seen.period is None or seen.white is None:
        return ppi
    fine, coarse = seen.period * PPI / ppi < POSSIBLE_PERIOD[0], seen.white * PPI / ppi > POSSIBLE_PERIOD[1]
    if not (fine or coarse):
        return ppi
    told = (seen.period if fine else seen.white) * PPI / USUAL_PERIOD
    return min(NOMINAL_PPI, key=lambda one: abs(np.log(one / told)))


def textured(pixels: Gray) -> NDArray[np.float32]:
    """Where a clean picture at 500 ppi shows something like skin: contrast at the scale of ridges, in about 5 ms.

    Args:
        pixels: (h, w) uint8 at 500 ppi.

    Returns:
        (h // CELL, w // CELL): local contrast in gray levels where it is a third of the picture's best, else 0.
    """
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    fine = small - cv2.GaussianBlur(small, (0, 0), 6)
    local = np.asarray(np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 6)), np.float32)
    size = (pixels.shape[1] // CELL, pixels.shape[0] // CELL)
    spread = np.asarray(cv2.resize(local, size, interpolation=cv2.INTER_AREA), np.float32)
    top = float(np.percentile(spread, 98))
    if top < LEAST_CONTRAST:
        return np.zeros(spread.shape, np.float32)
    return np.where(spread > max(0.35 * top, 4.0), spread, 0).astype(np.float32)


def ridged(pixels: Gray) -> NDArray[np.float32]:
    """Where a picture at 500 ppi shows ridges: not lines, letters, holes or shadows.

    Args:
        pixels: (h, w) uint8 at 500 ppi, at least `CELL` times five on a side.

    Returns:
        (h // CELL, w // CELL): local contrast in gray levels where windows around a cell are ridged, else 0.
    """
    side = 5 * CELL
    border = side // 2 - CELL // 2
    padded = cv2.copyMakeBorder(pixels, border, border, border, border, cv2.BORDER_REPLICATE)
    view = np.lib.stride_tricks.sliding_window_view(padded, (side, side))[::CELL, ::CELL]
    view = view[: pixels.shape[0] // CELL, : pixels.shape[1] // CELL]
    shape = view.shape[:2]
    contrast = view[:, :, ::3, ::3].reshape(*shape, -1).std(axis=2, dtype=np.float32)
    told = np.zeros(shape, np.float32)
    rows, columns = np.nonzero(contrast > LEAST_CONTRAST)
    down, across = np.fft.fftfreq(side), np.fft.rfftfreq(side)
    frequency = np.hypot(down[:, None], across[None, :]).ravel()
    bell = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    ridge = (frequency >= 1 / POSSIBLE_PERIOD[1]) & (frequency <= 1 / 5.0)
    all_ = frequency >= 0.8 / side
    for begin in range(0, len(rows), 4096):
        r, c = rows[begin : begin + 4096], columns[begin : begin + 4096]
        blocks = view[r, c].astype(np.float32)
        blocks -= blocks.mean(axis=(1, 2), keepdims=True)
        power = (np.abs(np.fft.rfft2(blocks * bell)) ** 2).reshape(len(r), -1)
        inside = power * ridge
        top = np.sort(inside, axis=1)[:, -4:].sum(1)
        share = top / np.maximum((power * all_).sum(1), 1e-9)
        told[r, c] = share
    weak = told > RIDGED[0]
    _, labels = cv2.connectedComponents(weak.astype(np.uint8), connectivity=4)
    sure = np.unique(labels[told > RIDGED[1]])
    return np.where(weak & np.isin(labels, sure[sure > 0]), contrast, 0).astype(np.float32)
