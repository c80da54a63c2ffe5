"""Make the sixty master fingers of ``tenprint.finger.synthetic``: two sheets and a table of their patterns.

    python tools/synthetic_masters.py            # grow all of them again (about two minutes)
    python tools/synthetic_masters.py --check    # grow all of them and compare with what is in the package

Each finger starts as a flow (where its cores and deltas are, after Sherlock and Monro's zero-pole model, with the arch
of the fingertip added) and a map of ridge periods; ridges then grow out of noise. Pattern classes have, rounded, the
shares that are commonly quoted after Wilson, Candela and Watson (1993): arches 6.6 %, loops 65.5 %, whorls of all kinds
27.9 %.
Loops are all made to open to the left; the person they are given to turns them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tenprint.finger.synthetic import growth, masters, noise

PATTERNS = {
    "arch": 3,
    "tented arch": 3,
    "loop": 36,
    "whorl": 10,
    "central pocket": 4,
    "double loop": 4,
}
LEG = 110.0
"""How far from its core a loop keeps its shape: pixels."""
PARALLEL = {"tented arch": 0.3, "loop": 0.75, "whorl": 0.35, "central pocket": 0.2, "double loop": 0.6}
"""How parallel the legs are: 0 a fan, 1 side by side."""
SEED = 2008


def flow(pattern: str, rng: np.random.Generator) -> noise.Field:
    """The ridge direction of every pixel: (h, w) float64 in radians, against the clock from the x axis."""
    height, width = masters.SHAPE
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    centre_x, centre_y = width / 2 + rng.normal(0, 8), height * 0.44 + rng.normal(0, 10)
    side = np.clip((x - centre_x) / (width * 0.5), -1.2, 1.2)
    tip = np.clip((centre_y + 40 - y) / (height * 0.5), 0, 1)
    crease = np.clip((y - centre_y - 110) / 120, 0, 1)
    calm = 0.5 if pattern == "arch" else 1.0  # without a core, a strong turn would make a delta of its own
    uneven = 0.14 * calm * noise.smooth(rng, masters.SHAPE, 55) + 0.1 * calm * noise.smooth(rng, masters.SHAPE, 120)
    uneven += rng.normal(0, 0.06) + rng.uniform(0.0, 0.3) * calm * crease * side
    if pattern == "arch":
        rise = np.clip((0.95 - y / height) / 0.55, 0, 1) ** 1.3  # flat at the crease, arched from the middle upwards
        slope = rng.uniform(0.75, 1.0) * rise * np.sin(side * np.pi / 2.4)
        peak = rng.uniform(0.25, 0.55) * np.exp(-(((y - centre_y - 30) / 80) ** 2))
        return uneven - np.arctan(slope + peak * side * 3.2 * np.exp(-((side * 2.2) ** 2)))
    cores, deltas = singularities(pattern, centre_x, centre_y, rng)
    angle = uneven - rng.uniform(0.45, 0.65) * tip * np.sin(side * np.pi / 2.4)
    for px, py in deltas:
        angle -= 0.5 * np.arctan2(py - y, x - px)
    for k, (px, py) in enumerate(cores):
        toward = np.arctan2(py - y, x - px)
        opening = sum(np.arctan2(qy - py, px - qx) for j, (qx, qy) in enumerate(cores) if j != k)
        opening -= sum(np.arctan2(qy - py, px - qx) for qx, qy in deltas)
        # a zero opens like a fan; the legs of a real loop run side by side (Vizcaya and Gerhardt 1996)
        near = np.exp(-np.hypot(x - px, y - py) / LEG)
        angle += 0.5 * toward - 0.5 * PARALLEL[pattern] * near * np.sin(toward - opening)
    return angle


def singularities(
    pattern: str, x: float, y: float, rng: np.random.Generator
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Where the cores and the deltas are, in pixels."""
    down = y + rng.uniform(95, 125)
    if pattern == "tented arch":
        return [(x, y)], [(x + rng.normal(0, 4), y + rng.uniform(55, 85))]
    if pattern == "loop":
        return [(x, y)], [(x + rng.uniform(75, 105), down)]
    left, right = (x - rng.uniform(80, 108), down), (x + rng.uniform(80, 108), y + rng.uniform(95, 125))
    if pattern == "central pocket":
        return [(x, y), (x + rng.normal(0, 3), y + rng.uniform(14, 24))], [(x - rng.uniform(55, 75), down - 25), right]
    if pattern == "double loop":
        apart = rng.uniform(16, 26)
        return [(x - apart, y - 4), (x + apart, y + rng.uniform(38, 52))], [left, right]
    return [(x, y - rng.uniform(0, 8)), (x + rng.normal(0, 5), y + rng.uniform(30, 58))], [left, right]


def master(number: int, pattern: str) -> tuple[np.ndarray, np.ndarray]:
    """One finger: ridges (416, 320) bool and flow (52, 40, 3) uint8."""
    rng = noise.generator(SEED, number)
    angle = flow(pattern, rng)
    down = np.linspace(0, 1, masters.SHAPE[0])[:, None]
    period = rng.uniform(8.1, 9.3) + 1.0 * down + 0.55 * noise.smooth(rng, masters.SHAPE, 60)
    start = np.round(np.clip(rng.standard_normal(masters.SHAPE) * 18, -127, 127)).astype(np.int8)
    turned = np.cos(2 * angle), np.sin(2 * angle)
    ridges = growth.grow(start, growth.orientations(*turned), growth.periods(period), steps=60) > 0
    middle = slice(masters.FLOW_STEP // 2, None, masters.FLOW_STEP)
    channels = [np.round(127.5 + 127.5 * part[middle, middle]) for part in turned]
    channels.append(np.round(16 * np.clip(period, growth.PERIODS[0], growth.PERIODS[-1])[middle, middle]))
    return ridges, np.stack(channels, axis=-1).astype(np.uint8)


def sheet(cells: list[np.ndarray]) -> np.ndarray:
    """The cells in rows of ten."""
    rows = [np.hstack(cells[k : k + masters.COLUMNS]) for k in range(0, len(cells), masters.COLUMNS)]
    return np.vstack(rows)


def main() -> int:
    """Grow the masters; write them or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the sheets in the package, write nothing")
    arguments = parser.parse_args()
    folder = Path(masters.__file__).parent
    patterns = [name for name, count in PATTERNS.items() for _ in range(count)]
    grown = []
    for number, pattern in enumerate(patterns):
        grown.append(master(number, pattern))
        print(f"\r{number + 1} of {len(patterns)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    ridges, flows = sheet([r for r, _ in grown]), sheet([f for _, f in grown])
    if arguments.check:
        same = np.array_equal(ridges, np.asarray(Image.open(folder / "ridges.png")))
        same = same and np.array_equal(flows, np.asarray(Image.open(folder / "flow.png")))
        print("the sheets are what this program makes" if same else "the sheets differ from what this program makes")
        return 0 if same else 1
    Image.fromarray(ridges).save(folder / "ridges.png", optimize=True)
    Image.fromarray(flows).save(folder / "flow.png", optimize=True)
    (folder / "patterns.json").write_text(json.dumps(patterns, indent=0) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
