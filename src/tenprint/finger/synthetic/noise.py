"""Chance that is the same everywhere: seeded generators and smooth random fields in double precision."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float64]
"""(h, w) float64."""


def generator(*key: int) -> np.random.Generator:
    """A generator of its own for each key of non-negative integers (PCG64 through a SeedSequence)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def smooth(rng: np.random.Generator, shape: tuple[int, int], spacing: float) -> Field:
    """A random field without preferred places: mean 0, variance 1, smooth over about one spacing.

    Args:
        rng: where the numbers come from.
        shape: height and width in pixels.
        spacing: distance of the knots in pixels; a cubic B-spline runs between them.
    """
    rows, columns = _spline(shape[0], spacing), _spline(shape[1], spacing)
    knots = rng.standard_normal((rows.first[-1] + 4, columns.first[-1] + 4))
    tall = sum(weight[:, None] * knots[rows.first + k] for k, weight in enumerate(rows.weights))
    field: Field = sum(tall[:, columns.first + k] * weight for k, weight in enumerate(columns.weights))
    return field


class Spline(NamedTuple):
    """A uniform cubic B-spline along one side of an image."""

    first: npt.NDArray[np.intp]
    """(length,) first of the four knots that reach each pixel."""
    weights: npt.NDArray[np.float64]
    """(4, length) their weights, scaled so that white noise keeps variance 1."""


@functools.lru_cache(maxsize=64)
def _spline(length: int, spacing: float) -> Spline:
    position = np.arange(length) / spacing
    first = np.floor(position).astype(np.intp)
    t = position - first
    weights = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3])
    return Spline(first, weights / np.sqrt((weights**2).sum(axis=0)))


def sample(image: npt.NDArray[np.float64], y: Field, x: Field) -> Field:
    """Values of an image between its pixels, linear; outside of it the border goes on.

    Args:
        image: (h, w) float64.
        y: rows, any shape, counted from the centre of the first pixel.
        x: columns, the same shape.
    """
    height, width = image.shape
    y, x = np.clip(y, 0, height - 1.001), np.clip(x, 0, width - 1.001)
    top, left = y.astype(np.intp), x.astype(np.intp)
    down, right = y - top, x - left
    flat = image.ravel()
    corner = top * width + left
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + width] * (1 - right) + flat[corner + width + 1] * right
    between: Field = upper * (1 - down) + lower * down
    return between


def soften(image: Field, times: int = 1) -> Field:
    """The image through the binomial filter 1-2-1 in both directions, some times."""
    for _ in range(times):
        rows = np.pad(image, ((1, 1), (0, 0)), mode="edge")
        image = (rows[:-2] + 2 * rows[1:-1] + rows[2:]) / 4
        columns = np.pad(image, ((0, 0), (1, 1)), mode="edge")
        image = (columns[:, :-2] + 2 * columns[:, 1:-1] + columns[:, 2:]) / 4
    return image
