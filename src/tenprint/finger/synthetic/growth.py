"""Ridges grow out of noise: the same small oriented filter, over and over, until every pixel agrees with its flow.

The method is the iterative local Gabor filtering of SFinGe (Cappelli, Maio, Maltoni, Handbook of Fingerprint
Recognition, chapter 6). All arithmetic is on integers: a finger is the same on every machine and for any number of
threads.
"""

from __future__ import annotations

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Ridges = npt.NDArray[np.int8]
"""(h, w) int8: 127 on top of a ridge, -127 at the bottom of a valley."""

ORIENTATIONS = 64
"""Steps of the ridge direction in half a turn."""

PERIODS = (7.4, 8.0, 8.6, 9.2, 9.9, 10.6)
"""Distances from ridge to ridge in pixels at 500 ppi; adults have about 0.45 mm, that is 9 pixels."""

_UNIT = 1 << 14
_GAIN = 6


@functools.lru_cache(maxsize=4)
def bank(scale: int = 1) -> npt.NDArray[np.int16]:
    """The filters, one for each period and orientation.

    Args:
        scale: 1 for images of 500 ppi, 2 for images of 250 ppi.

    Returns:
        (len(PERIODS), ORIENTATIONS, n, n) int16; the magnitudes of each filter add up to 2**14.
    """
    radius = 10 // scale
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float64)
    filters = np.zeros((len(PERIODS), ORIENTATIONS, 2 * radius + 1, 2 * radius + 1))
    for p, period in enumerate(np.asarray(PERIODS) / scale):
        for o in range(ORIENTATIONS):
            angle = np.pi * o / ORIENTATIONS
            across = x * np.sin(angle) + y * np.cos(angle)  # y points down, angles turn against the clock
            envelope = np.exp(-(x * x + y * y) / (2 * (period * 0.42) ** 2))
            wave = envelope * np.cos(2 * np.pi * across / period)
            wave -= envelope * (wave.sum() / envelope.sum())  # an even brightness has no answer
            filters[p, o] = wave / np.abs(wave).sum()
    return np.round(filters * _UNIT).astype(np.int16)


def orientations(cosine: npt.NDArray[np.float64], sine: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Steps of the ridge direction from the cosine and sine of twice its angle."""
    steps = np.round(np.arctan2(sine, cosine) / (2 * np.pi) * ORIENTATIONS).astype(np.int64)
    return (steps % ORIENTATIONS).astype(np.uint8)


def periods(pixels: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Nearest entries of ``PERIODS`` for ridge distances in pixels at 500 ppi."""
    borders = (np.asarray(PERIODS)[1:] + np.asarray(PERIODS)[:-1]) / 2
    return np.searchsorted(borders, pixels).astype(np.uint8)


def grow(
    ridges: Ridges,
    orientation: npt.NDArray[np.uint8],
    period: npt.NDArray[np.uint8],
    *,
    steps: int,
    scale: int = 1,
) -> Ridges:
    """The ridges after some steps of growth along the flow.

    Args:
        ridges: (h, w) int8, what is there already: noise, seeds, or ridges that were cut.
        orientation: (h, w) uint8, ridge direction in steps of half a turn / 64, against the clock from the x axis.
        period: (h, w) uint8, index into ``PERIODS``.
        steps: how often the filter is applied; 60 from noise, about a dozen to heal a cut.
        scale: 1 at 500 ppi, 2 at 250 ppi.
    """
    filters = bank(scale)
    radius = filters.shape[-1] // 2
    board = np.pad(ridges, radius, mode="edge").astype(np.int16)
    other = board.copy()
    for _ in range(steps):
        _step(board, other, orientation, period, filters)
        board, other = other, board
    height, width = ridges.shape
    return board[radius : radius + height, radius : radius + width].astype(np.int8)


@numba.njit(cache=True, nogil=True)
def _step(board: Any, out: Any, orientation: Any, period: Any, filters: Any) -> None:
    height, width = orientation.shape
    size = filters.shape[-1]
    radius = size // 2
    for y in range(height):
        for x in range(width):
            taps = filters[period[y, x], orientation[y, x]]
            total = np.int32(0)
            for dy in range(size):
                for dx in range(size):
                    total += np.int32(taps[dy, dx]) * np.int32(board[y + dy, x + dx])
            value = (total * _GAIN) >> 14
            out[y + radius, x + radius] = min(127, max(-127, value))
