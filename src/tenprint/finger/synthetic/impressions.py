"""How a finger leaves a picture: turned, pressed, stretched, partly, too dry, too wet, with scars and dirt."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from tenprint.finger.synthetic import growth, noise
from tenprint.finger.synthetic.masters import SHAPE

PAPER = 238.0
INK = 55.0


class Finger(msgspec.Struct, frozen=True):
    """A finger before it touches anything."""

    ridges: growth.Ridges
    """(208, 160) int8 at 250 ppi."""
    size: float
    """Size of the pad relative to a thumb."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """How finger and desk were on one day. Most values are standard deviations; an impression draws its own."""

    rotation: float = 7.0
    """Degrees."""
    shift: float = 8.0
    """Pixels by which the finger misses the middle of the picture."""
    distortion: float = 3.0
    """Pixels by which skin is pulled aside."""
    area: float = 1.0
    """Share of the pad that touches, in width and height (mean)."""
    offset: float = 8.0
    """Pixels between the middle of the pad and the middle of the part that touches."""
    pressure: float = 0.16
    """How much thicker (heavy, wet) or thinner (light, dry) ridges get; half a ridge is 1."""
    uneven: float = 0.12
    """The same from place to place within the picture."""
    breaks: float = 0.15
    """Share of dry gaps on the ridges, about (mean)."""
    scars: float = 0.6
    """Number of pale lines (mean)."""
    grain: float = 5.0
    """Noise in gray levels."""

    def plain(self) -> Condition:
        """The same day, the finger pressed and not rolled."""
        return msgspec.structs.replace(self, area=self.area * 0.82)


ROLLED = Condition()
"""A usual booking."""

CLEAN = Condition(
    rotation=2, shift=3, distortion=1, offset=3, pressure=0.05, uneven=0.05, breaks=0.03, scars=0, grain=3
)
"""A trained hand, a good sensor: for pictures and quick tests."""

HARD = Condition(
    rotation=12,
    shift=14,
    distortion=5,
    area=0.86,
    offset=18,
    pressure=0.26,
    uneven=0.2,
    breaks=0.25,
    scars=2,
    grain=8,
)
"""Everything that makes real sets hard, so that genuine and impostor scores overlap."""


def press(finger: Finger, condition: Condition, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """One picture of a finger.

    Returns:
        (416, 320) uint8 at 500 ppi, dark ridges on light ground.
    """
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float64)
    skin_y, skin_x = _pose(y, x, condition, rng)
    relief = noise.sample(noise.soften(finger.ridges / 127.0, 2), skin_y / 2 - 0.25, skin_x / 2 - 0.25)
    touch = _contact(skin_y, skin_x, finger.size, condition, rng)
    pressure = rng.normal(0, condition.pressure) + condition.uneven * noise.smooth(rng, SHAPE, 50)
    pressure += 0.1 * noise.smooth(rng, SHAPE, 3.0) - 1.3 * np.clip(1 - touch * 5, 0, 1)
    ink = 1 / (1 + np.exp(-7 * (1.15 * relief + pressure)))
    ink *= 1 - _gaps(condition, rng)
    for _ in range(rng.poisson(condition.scars)):
        ink *= 1 - _scar(y, x, rng)
    ink *= np.clip(touch * 12, 0, 1)
    gray = PAPER - (PAPER - INK) * noise.soften(ink) * rng.uniform(0.85, 1.0)
    gray += condition.grain * noise.soften(rng.standard_normal(SHAPE)) * 1.6
    return np.round(np.clip(gray, 0, 255)).astype(np.uint8)


def _pose(
    y: noise.Field, x: noise.Field, condition: Condition, rng: np.random.Generator
) -> tuple[noise.Field, noise.Field]:
    """Where on the skin each pixel of the picture lies: rows and columns in pixels at 500 ppi."""
    middle_y, middle_x = SHAPE[0] / 2, SHAPE[1] / 2
    angle = np.radians(rng.normal(0, condition.rotation))
    shift_y, shift_x = rng.normal(0, condition.shift, 2)
    away_y, away_x = y - middle_y - shift_y, x - middle_x - shift_x
    skin_y = np.cos(angle) * away_y + np.sin(angle) * away_x
    skin_x = np.cos(angle) * away_x - np.sin(angle) * away_y
    far = (skin_y**2 + skin_x**2) / 150.0**2  # the middle sticks, the rest is dragged (Cappelli, Maio and Maltoni 2001)
    pull_y, pull_x, twist = rng.normal(0, condition.distortion, 3)
    drag = far / (1 + far)
    warp_y = condition.distortion * noise.smooth(rng, SHAPE, 80) + drag * (pull_y + twist * skin_x / 75)
    warp_x = condition.distortion * noise.smooth(rng, SHAPE, 80) + drag * (pull_x - twist * skin_y / 75)
    return skin_y + middle_y + warp_y, skin_x + middle_x + warp_x


def _contact(
    skin_y: noise.Field, skin_x: noise.Field, size: float, condition: Condition, rng: np.random.Generator
) -> noise.Field:
    """Above 0 where skin touches, 1 in the middle; the edge is ragged."""
    high, wide = 0.46 * SHAPE[0] * size, 0.47 * SHAPE[1] * size
    middle_y = SHAPE[0] / 2 + rng.normal(0, condition.offset)
    middle_x = SHAPE[1] / 2 + rng.normal(0, condition.offset)
    area_y, area_x = condition.area * rng.uniform(0.92, 1.02, 2)
    round_ = ((skin_y - middle_y) / (high * area_y)) ** 2 + ((skin_x - middle_x) / (wide * area_x)) ** 2
    pad = ((skin_y - SHAPE[0] / 2) / high) ** 2 + ((skin_x - SHAPE[1] / 2) / wide) ** 2
    ragged = 0.09 * noise.smooth(rng, SHAPE, 14)
    touch: noise.Field = 1 - np.maximum(round_, pad) + ragged
    return touch


def _gaps(condition: Condition, rng: np.random.Generator) -> noise.Field:
    """1 in dry gaps, 0 elsewhere."""
    dryness = condition.breaks * np.exp(rng.normal(0, 0.5))
    field = noise.smooth(rng, SHAPE, 2.6) + 0.6 * noise.smooth(rng, SHAPE, 40)
    gaps: noise.Field = np.clip((field - 2.4 + 3.2 * dryness) * 2.5, 0, 1)
    return gaps


def _scar(y: noise.Field, x: noise.Field, rng: np.random.Generator) -> noise.Field:
    """1 along a pale line with soft edges, 0 elsewhere."""
    middle_y, middle_x = rng.uniform(0.2, 0.8) * SHAPE[0], rng.uniform(0.2, 0.8) * SHAPE[1]
    angle, length, width = rng.uniform(0, np.pi), rng.uniform(30, 120), rng.uniform(1.2, 3.0)
    along = (x - middle_x) * np.cos(angle) + (y - middle_y) * np.sin(angle)
    across = (y - middle_y) * np.cos(angle) - (x - middle_x) * np.sin(angle) + along**2 * rng.normal(0, 0.002)
    reach = np.clip((length / 2 - np.abs(along)) / 6, 0, 1)
    line: noise.Field = np.clip((width - np.abs(across)) / 1.2, 0, 1) * reach
    return line


def side_by_side(pictures: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.uint8]:
    """Several fingers in one picture as they lie on the plate, longer fingers higher."""
    height, width = SHAPE
    step, rise = width - 40, (34, 0, 14, 80)
    board = np.full((height + max(rise), step * len(pictures) + 40), round(PAPER), np.uint8)
    for k, picture in enumerate(pictures):
        lower = (rise if len(pictures) == 4 else (0, 0))[k]
        part = board[lower : lower + height, step * k : step * k + width]
        np.minimum(part, picture, out=part)
    return board
