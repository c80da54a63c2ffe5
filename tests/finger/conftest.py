"""What the tests of this room share: real pictures where there are any, made-up templates where there are none."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenprint.finger import Template


@pytest.fixture(scope="session")
def fvc(data: Path) -> Path:
    """Folder of real fingers; skips where it is absent."""
    return data / "fvc"


@pytest.fixture(scope="session")
def more_fingers(data: Path) -> Path:
    """Folder of real fingers of more sensors, whole hands among them; skips where it is absent."""
    folder = data / "fingers"
    if not folder.exists():
        pytest.skip(f"no fingers at {folder}")
    return folder


@pytest.fixture(scope="session")
def card(data: Path) -> dict[int, bytes]:
    """WSQ pictures of a real ten-print card by finger position (Type-4 records: 18 bytes, then the picture)."""
    raw = (data / "itl" / "synthetic" / "synthetic_car_t4.eft").read_bytes()
    found, at = {}, raw.find(b"\xff\xa0\xff")
    while at > 0:
        (length,) = struct.unpack(">I", raw[at - 18 : at - 14])
        found[raw[at - 12]] = raw[at : at - 18 + length]
        at = raw.find(b"\xff\xa0\xff", at + 1)
    return found


def _scattered(seed: int, count: int = 40) -> Template:
    """Minutiae at random places, at least 12 pixels apart, with directions that vary slowly as on skin."""
    generator = np.random.default_rng(seed)
    tilt = generator.uniform(0, 2 * np.pi, 3)
    points: list[tuple[float, float]] = []
    while len(points) < count:
        x, y = generator.uniform(20, 300, 2)
        if all(np.hypot(x - u, y - v) > 12 for u, v in points):
            points.append((float(x), float(y)))
    at = np.array(points)
    flip = generator.integers(0, 2, count) * np.pi
    angle = np.sin(at[:, 0] / 90 + tilt[0]) + np.cos(at[:, 1] / 70 + tilt[1]) + tilt[2] + flip
    rows = np.column_stack([at, angle % (2 * np.pi), generator.uniform(0.5, 1, count)])
    return Template.make(rows, generator.integers(1, 3, count), width=320, height=320, quality=0.8)


def _again(template: Template, seed: int, turn: float = 0.2, shift: float = 15.0, lost: float = 0.15) -> Template:
    """Another impression: turned, moved, jittered, some minutiae lost."""
    generator = np.random.default_rng(seed)
    rows = template.minutiae.astype(float).copy()
    keep = generator.random(len(rows)) > lost
    c, s = np.cos(turn), np.sin(turn)
    x, y = rows[:, 0] - 160, rows[:, 1] - 160
    rows[:, 0] = c * x + s * y + 160 + shift + generator.normal(0, 1, len(rows))
    rows[:, 1] = -s * x + c * y + 160 + shift + generator.normal(0, 1, len(rows))
    rows[:, 2] = (rows[:, 2] + turn + generator.normal(0, 0.05, len(rows))) % (2 * np.pi)
    rows[:, :2] = np.clip(rows[:, :2], 0, 399)
    return Template.make(rows[keep], template.kinds[keep], width=400, height=400, quality=0.8)


@pytest.fixture(scope="session")
def scattered() -> Callable[..., Template]:
    """Makes a finger that does not exist, from a seed."""
    return _scattered


@pytest.fixture(scope="session")
def again() -> Callable[..., Template]:
    """Makes another impression of a template, from a seed."""
    return _again
