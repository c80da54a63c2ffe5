"""Galleries of growing size: hit rates, time and bytes, for cards of 1, 2, 4 and 10 fingers.

Probes and their mates are REAL fingers (FVC sets, given as templates); everybody else in the gallery is SYNTHETIC: two
real templates, mirrored, warped, cut along a random line and joined, with minutiae lost and jittered. Their impostor
scores are compared with real ones in the output; where they are lower, hit rates are an upper bound. People of several
fingers are made of different real fingers, which come from different sensors and are independent, unlike one hand's.

Usage: python bench/gallery.py TEMPLATES [SIZES ...]     (default 1000 10000; 100000 takes long)
TEMPLATES: a folder that ``tenprint finger evaluate DIR --templates TEMPLATES`` filled.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from tenprint.finger import Gallery, compare
from tenprint.finger.gallery import fused
from tenprint.finger.template import Template

TWIN = "fvc2004__DB3_B__102"
MATED, UNMATED = 60, 60
CARDS = (1, 2, 4, 10)


def composed(real: list[Template], generator: np.random.Generator) -> Template:
    """A finger that nobody has."""
    parts, kinds = [], []
    side, at = generator.uniform(0, 2 * np.pi), generator.normal(0, 25)
    for half in range(2):
        one = real[generator.integers(len(real))]
        rows = one.minutiae.astype(float).copy()
        rows[:, 0] = -(rows[:, 0] - rows[:, 0].mean())
        rows[:, 1] -= rows[:, 1].mean()
        rows[:, 2] = np.pi - rows[:, 2]
        turn = generator.uniform(-0.5, 0.5)
        c, s = np.cos(turn), np.sin(turn)
        rows[:, :2] = np.column_stack([c * rows[:, 0] + s * rows[:, 1], -s * rows[:, 0] + c * rows[:, 1]])
        rows[:, 2] += turn
        place = rows[:, :2].copy()
        for _ in range(3):
            a, b, phase = generator.uniform(0, 2 * np.pi, 3)
            wave = 2 * np.pi / generator.uniform(120, 260)
            push = generator.uniform(8, 16) * np.sin(wave * (place @ [np.cos(a), np.sin(a)]) + phase)
            rows[:, :2] += push[:, None] * [np.cos(b), np.sin(b)]
        rows[:, :2] += generator.normal(0, 2, (len(rows), 2))
        rows[:, 2] += generator.normal(0, 0.06, len(rows))
        keep = ((rows[:, :2] @ [np.cos(side), np.sin(side)] > at) == bool(half)) & (generator.random(len(rows)) > 0.12)
        parts.append(rows[keep])
        kinds.append(one.kinds[keep])
    rows = np.vstack(parts)
    rows[:, :2] = np.clip(rows[:, :2] + 300, 0, 8000)
    rows[:, 2] %= 2 * np.pi
    return Template.make(rows, np.concatenate(kinds), width=600, height=600)


def interval(hits: int, tries: int) -> str:
    """Share with its 90 % Wilson interval, in percent."""
    if not tries:
        return "-"
    p, z = hits / tries, 1.645
    middle = (p + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z * np.sqrt(p * (1 - p) / tries + z * z / (4 * tries * tries)) / (1 + z * z / tries)
    return f"{100 * p:.1f} % ({100 * max(0, middle - half):.1f} to {100 * min(1, middle + half):.1f})"


def measure(real: dict[str, list[Template]], pool: list[Template], size: int, fingers: int) -> tuple[float, float]:
    """Print one row; returns seconds a search and bytes a finger."""
    generator = np.random.default_rng(size + fingers)
    gallery, names = Gallery(), sorted(real)
    people = max(1, size // fingers)
    begin = time.perf_counter()
    for n in range(people):
        for position in range(1, fingers + 1):
            gallery.add(f"synthetic-{n}", position, pool[(n * fingers + position * 7919) % len(pool)])
    enrolled = (time.perf_counter() - begin) / (people * fingers)
    chosen = [list(generator.choice(len(names), fingers, replace=False)) for _ in range(MATED)]
    for n, each in enumerate(chosen):
        for position, k in enumerate(each, 1):
            gallery.add(f"real-{n}", position, real[names[k]][0])
    one = {1: pool[0]}
    gallery.search(one)
    mates, strangers, times, first = [], [], [], 0
    for n, each in enumerate(chosen):
        session = int(generator.integers(1, 8))
        probe = {position: real[names[k]][session] for position, k in enumerate(each, 1)}
        begin = time.perf_counter()
        found = gallery.search(probe)
        times.append(time.perf_counter() - begin)
        own = [(c.person == f"real-{n}") or all(chosen[int(c.person[5:])][p - 1] == each[p - 1] for p in c.fingers)
               if c.person.startswith("real") else False for c in found]  # fmt: skip
        first += bool(own and own[0])
        mates.append(max((c.score for c, mine in zip(found, own, strict=True) if mine), default=0.0))
    for _ in range(UNMATED):
        probe = {p: composed([t for name in names for t in real[name][:2]], generator) for p in range(1, fingers + 1)}
        found = gallery.search(probe, limit=1)
        strangers.append(found[0].score if found else 0.0)
    least = max(strangers)
    missed = sum(score <= least for score in mates)
    seconds, each_bytes = float(np.median(times)), gallery.bytes_used / (people * fingers)
    print(
        f"{people * fingers:7} fingers, {fingers:2} a card ({people} people): rank one {interval(first, MATED)}, "
        f"FNIR above every unmated search {interval(missed, MATED)} (threshold {least:.2f}, {UNMATED} unmated), "
        f"{1000 * seconds:.1f} ms a search, {1000 * enrolled:.2f} ms to enrol and {each_bytes:.0f} bytes a finger",
        flush=True,
    )
    return seconds, each_bytes


def kernel_speed(pool: list[Template]) -> None:
    """Fingers and bit-vector pairs a second of the first stage, one core."""
    gallery = Gallery()
    chosen = pool[:2000]
    for n, one in enumerate(chosen):
        gallery.add(str(n), 1, one)
    shelf = gallery._shelves[1]  # noqa: SLF001
    from tenprint.finger.matching import described

    probe = described(chosen[0])
    shelf.coarse(probe)
    begin = time.perf_counter()
    cpu = time.process_time()
    for _ in range(5):
        shelf.coarse(probe)
    taken, cpu = (time.perf_counter() - begin) / 5, (time.process_time() - cpu) / 5
    pairs = min(64, int((probe.valid > 0).sum())) * shelf._used  # noqa: SLF001
    print(
        f"first stage: {len(chosen) / cpu:.0f} fingers a second and core ({len(chosen) / taken:.0f} by the wall), "
        f"{1e9 * cpu / pairs:.2f} ns a pair of bit vectors, {1e6 * cpu / pairs * 1600:.1f} us for 40 by 40"
    )


def main() -> None:
    """Every size with every card."""
    paths = sorted(Path(sys.argv[1]).glob("*.tpft"))
    sizes = [int(one) for one in sys.argv[2:]] or [1000, 10_000]
    real: dict[str, list[Template]] = {}
    for path in paths:
        owner = "__".join(path.name.split("__")[-3:]).rsplit("_", 1)[0]
        if owner != TWIN:
            real.setdefault(owner, []).append(Template.from_bytes(path.read_bytes()))
    generator = np.random.default_rng(1)
    every = [one for each in real.values() for one in each]
    pool = [composed(every, generator) for _ in range(max(sizes))]
    firsts = [each[0] for each in real.values()]
    theirs = [compare(a, b) for a in firsts for b in firsts if a is not b]
    made = [compare(a, b) for a in firsts for b in pool[:40]]
    marks = (50, 90, 99)
    print(
        f"impostor scores at {marks} %: real {np.percentile(theirs, marks).round(3)}, synthetic {np.percentile(made, marks).round(3)}"
    )
    print(f"a person's score is the mean of fingers counted up to 6, such as {fused({1: 9.0, 2: 1.0})} of 9 and 1")
    kernel_speed(pool)
    for fingers in CARDS:
        rows = [measure(real, pool, size, fingers) for size in sizes]
        if len(rows) > 1:
            growth = np.log(rows[-1][0] / rows[0][0]) / np.log(sizes[-1] / sizes[0])
            space = 1 + np.log(rows[-1][1] / rows[0][1]) / np.log(sizes[-1] / sizes[0])
            print(f"  growth exponents with {fingers} finger(s): time {growth:.2f}, bytes {space:.2f}")


if __name__ == "__main__":
    main()
