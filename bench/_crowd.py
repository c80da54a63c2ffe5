"""Who is in the galleries of `bench.gallery`, and who searches them.

Mates are REAL fingers: person n holds fingers n, n + 1, ... of all sets in a row, so a card mostly comes from one
sensor, and no position of the gallery holds a finger twice. Searches without a mate are REAL fingers in the mirror:
nobody has them, and they are as hard as real ones. Where one finger makes a card and all mirrored impressions are used
up, two of them are JOINED along a random line. Everybody else is SYNTHETIC: random minutiae along the flow of loops,
whorls and arches.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from tenprint.finger.template import Template

TWIN = "fvc2004__DB3_B__102"
"""By score the same finger as fvc2002__DB3_B__108, which stands for both."""

Real = dict[str, list[Template]]
Card = dict[int, Template]


def composed(generator: np.random.Generator) -> Template:
    """A finger that nobody has: random places in an ellipse, directions along the flow of loop, whorl or arch."""
    count = int(np.clip(generator.normal(45, 13), 15, 90))
    wide, high = generator.uniform(90, 150), generator.uniform(110, 190)
    place = _places(generator, count, wide, high)
    core = complex(generator.normal(0, 12), generator.normal(-15, 12))
    kind = generator.choice(["loop", "whorl", "arch"], p=[0.655, 0.279, 0.066])
    poles = (
        [core] if kind == "loop" else [core, core + complex(0, generator.uniform(15, 50))] if kind == "whorl" else []
    )
    deltas = [complex(side * generator.uniform(60, 120), generator.uniform(60, 130)) for side in (-1, 1)][: len(poles)]
    if generator.random() < 0.5:
        deltas = [complex(-one.real, one.imag) for one in deltas]
    # y is down in pictures; the flow is computed with y up
    flow = sum((np.angle(np.conj(place - one)) for one in poles), np.zeros(len(place)))
    flow = (flow - sum((np.angle(np.conj(place - one)) for one in deltas), np.zeros(len(place)))) / 2
    if kind == "arch":
        flow = 0.6 * np.sin(place.real / wide * np.pi / 2) * np.exp(-(((place.imag - 20) / 90) ** 2))
    angle = flow + generator.integers(0, 2, len(place)) * np.pi + generator.normal(0, 0.12, len(place))
    rows = np.column_stack(
        [place.real + 250, place.imag + 250, angle % (2 * np.pi), generator.uniform(0.4, 1, len(place))]
    )
    return Template.make(rows, generator.integers(1, 3, len(place)), width=500, height=500)


def _places(generator: np.random.Generator, count: int, wide: float, high: float) -> np.ndarray:
    """Places in an ellipse, at least eight pixels apart."""
    tried = generator.uniform(-1, 1, (12 * count, 2)) * (wide, high)
    tried = tried[((tried / (wide, high)) ** 2).sum(1) <= 1]
    chosen = np.zeros((0, 2))
    for one in tried:
        if not len(chosen) or (((chosen - one) ** 2).sum(1) > 64).all():
            chosen = np.vstack([chosen, one])
        if len(chosen) == count:
            break
    return np.asarray(chosen[:, 0] + 1j * chosen[:, 1])


def crowd(count: int, folder: Path) -> list[Template]:
    """So many synthetic fingers, always the same; kept in a file between runs."""
    path = folder / f"synthetic-{count}.templates"
    if path.exists():
        data, at, made = path.read_bytes(), 0, []
        while at < len(data):
            (length,) = struct.unpack_from(">I", data, at)
            made.append(Template.from_bytes(data[at + 4 : at + 4 + length]))
            at += 4 + length
        return made
    generator = np.random.default_rng(1)
    made = [composed(generator) for _ in range(count)]
    folder.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".new").write_bytes(b"".join(struct.pack(">I", len(b)) + b for b in (t.to_bytes() for t in made)))
    path.with_suffix(".new").rename(path)
    return made


def mirrored(one: Template) -> Template:
    """A finger in the mirror."""
    rows = one.minutiae.astype(float).copy()
    rows[:, 0] = one.width - rows[:, 0]
    rows[:, 2] = (np.pi - rows[:, 2]) % (2 * np.pi)
    return Template.make(rows, one.kinds, width=one.width, height=one.height)


def joined(one: Template, two: Template, generator: np.random.Generator) -> Template:
    """One side of a finger and the other side of another one, middle upon middle, parted by a random line."""
    turn = generator.uniform(0, 2 * np.pi)
    parts, kinds = [], []
    for side, each in ((1, one), (-1, two)):
        rows = each.minutiae.astype(float).copy()
        rows[:, :2] -= rows[:, :2].mean(0)
        keep = side * (rows[:, 0] * np.cos(turn) + rows[:, 1] * np.sin(turn)) >= 0
        parts.append(rows[keep])
        kinds.append(each.kinds[keep])
    rows = np.concatenate(parts)
    rows[:, :2] += 400
    return Template.make(rows, np.concatenate(kinds), width=800, height=800)


def person(real: Real, n: int, fingers: int, session: int) -> Card:
    """The card of real person n: their fingers, all from one session (0 is the enrolled one)."""
    names = sorted(real)
    return {position: real[names[(n + position - 1) % len(names)]][session] for position in range(1, fingers + 1)}


def strangers(real: Real, fingers: int, count: int) -> list[tuple[str, Card]]:
    """Cards whose person is in no gallery, each with the word for how it was made."""
    generator, names = np.random.default_rng(7), sorted(real)
    if fingers > 1:
        cards = []
        for _ in range(count):
            chosen = generator.choice(len(names), fingers, replace=False)
            views = [real[names[k]] for k in chosen]
            cards.append(
                ("mirrored", {p: mirrored(each[generator.integers(len(each))]) for p, each in enumerate(views, 1)})
            )
        return cards
    every = [mirrored(one) for name in names for one in real[name]]
    cards = [("mirrored", {1: every[k]}) for k in generator.permutation(len(every))[:count]]
    while len(cards) < count:
        one, two = generator.choice(len(names), 2, replace=False)
        views = [mirrored(real[names[k]][generator.integers(len(real[names[k]]))]) for k in (one, two)]
        cards.append(("joined", {1: joined(views[0], views[1], generator)}))
    return cards
