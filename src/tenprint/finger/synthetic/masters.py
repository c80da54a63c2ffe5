"""The sixty master fingers, read from two sheets that ``tools/synthetic_masters.py`` made once.

``ridges.png`` holds the fingers in ten columns and six rows, one bit a pixel at 500 ppi. ``flow.png`` holds, for every
eighth pixel, the ridge direction (red and green: cosine and sine of twice its angle) and the ridge period (blue).
``patterns.json`` names the pattern class of each.
"""

from __future__ import annotations

import functools
import json
from importlib import resources

import numpy as np
import numpy.typing as npt
from PIL import Image

SHAPE = (416, 320)
"""Height and width of a master finger in pixels at 500 ppi: 21 by 16 mm."""

FLOW_STEP = 8
COLUMNS = 10


class Master:
    """One finger of the sheets: ridges, flow and pattern class. Its loops open to the left."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pattern = patterns()[number]
        self.ridges: npt.NDArray[np.bool_] = _cell(_sheet("ridges.png"), number).astype(np.bool_)
        """(416, 320) bool, true on ridges."""
        flow = _cell(_sheet("flow.png"), number).astype(np.float64)
        self.direction = (flow[..., 0] - 127.5) / 127.5, (flow[..., 1] - 127.5) / 127.5
        """Cosine and sine of twice the ridge angle, each (52, 40) float64."""
        self.period = flow[..., 2] / 16
        """(52, 40) float64, pixels at 500 ppi."""


@functools.cache
def master(number: int) -> Master:
    """The master finger of that number, 0 to 59."""
    return Master(number)


@functools.cache
def patterns() -> tuple[str, ...]:
    """Pattern class of every master finger."""
    return tuple(json.loads(resources.files(__package__).joinpath("patterns.json").read_text("utf-8")))


@functools.cache
def _sheet(name: str) -> npt.NDArray[np.generic]:
    with resources.files(__package__).joinpath(name).open("rb") as file, Image.open(file) as image:
        return np.asarray(image)


def _cell(sheet: npt.NDArray[np.generic], number: int) -> npt.NDArray[np.generic]:
    row, column = divmod(number, COLUMNS)
    height, width = sheet.shape[0] * COLUMNS // len(patterns()), sheet.shape[1] // COLUMNS
    return sheet[row * height : (row + 1) * height, column * width : (column + 1) * width]
