"""Galleries of growing size: hit rates, time and bytes, for cards of 1, 2, 4 and 10 fingers.

Probes and their mates are REAL fingers (FVC sets, given as templates); searches without a mate are REAL fingers in
the mirror; everybody else in the gallery is SYNTHETIC: random minutiae along the flow of loops, whorls and arches.
Impostor scores of real and synthetic fingers are printed side by side; where synthetic ones are lower, hit rates are
an upper bound. People of several fingers are made of different real fingers, which come from different sensors and
are independent, unlike those of one hand.

Usage: python -m bench.gallery [SIZES ...] [--impressions 8] [--searches 60]     (default 300 1000; 100000 takes long)
"""

from __future__ import annotations

import time

import numpy as np

from bench import _fingers
from tenprint.finger import Gallery, compare
from tenprint.finger.gallery import fused
from tenprint.finger.template import Template

TWIN = "fvc2004__DB3_B__102"
CARDS = (1, 2, 4, 10)


def composed(generator: np.random.Generator) -> Template:
    """A finger that nobody has: random places in an ellipse, directions along the flow of loop, whorl or arch."""
    count = int(np.clip(generator.normal(45, 13), 15, 90))
    wide, high = generator.uniform(90, 150), generator.uniform(110, 190)
    points: list[complex] = []
    for _ in range(5000):
        at = complex(generator.uniform(-wide, wide), generator.uniform(-high, high))
        if (at.real / wide) ** 2 + (at.imag / high) ** 2 <= 1 and all(abs(at - one) > 8 for one in points):
            points.append(at)
        if len(points) == count:
            break
    place = np.array(points)
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


def mirrored(one: Template) -> Template:
    """A real finger in the mirror: nobody in the gallery has it, and it is as hard as real ones."""
    rows = one.minutiae.astype(float).copy()
    rows[:, 0] = one.width - rows[:, 0]
    rows[:, 2] = (np.pi - rows[:, 2]) % (2 * np.pi)
    return Template.make(rows, one.kinds, width=one.width, height=one.height)


def interval(hits: int, tries: int) -> str:
    """Share with its 90 % Wilson interval, in percent."""
    if not tries:
        return "-"
    p, z = hits / tries, 1.645
    middle = (p + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z * np.sqrt(p * (1 - p) / tries + z * z / (4 * tries * tries)) / (1 + z * z / tries)
    return f"{100 * p:.1f} % ({100 * max(0, middle - half):.1f} to {100 * min(1, middle + half):.1f})"


def measure(
    real: dict[str, list[Template]], pool: list[Template], size: int, fingers: int, searches: int
) -> tuple[float, float]:
    """Print one row; returns seconds a search and bytes a finger."""
    generator = np.random.default_rng(size + fingers)
    gallery, names = Gallery(), sorted(real)
    taken = min(map(len, real.values()))
    people = max(1, size // fingers)
    begin = time.perf_counter()
    for n in range(people):
        for position in range(1, fingers + 1):
            gallery.add(f"synthetic-{n}", position, pool[(n * fingers + position * 7919) % len(pool)])
    enrolled = (time.perf_counter() - begin) / (people * fingers)
    chosen = [list(generator.choice(len(names), fingers, replace=False)) for _ in range(searches)]
    for n, each in enumerate(chosen):
        for position, k in enumerate(each, 1):
            gallery.add(f"real-{n}", position, real[names[k]][0])
    one = {1: pool[0]}
    gallery.search(one)
    mates, strangers, times, first = [], [], [], 0
    for n, each in enumerate(chosen):
        session = int(generator.integers(1, taken))
        probe = {position: real[names[k]][session] for position, k in enumerate(each, 1)}
        begin = time.perf_counter()
        found = gallery.search(probe)
        times.append(time.perf_counter() - begin)
        own = [(c.person == f"real-{n}") or all(chosen[int(c.person[5:])][p - 1] == each[p - 1] for p in c.fingers)
               if c.person.startswith("real") else False for c in found]  # fmt: skip
        first += bool(own and own[0])
        mates.append(max((c.score for c, mine in zip(found, own, strict=True) if mine), default=0.0))
    for _ in range(searches):
        others = generator.choice(len(names), fingers, replace=False)
        session = int(generator.integers(0, taken))
        probe = {p: mirrored(real[names[k]][session]) for p, k in enumerate(others, 1)}
        found = gallery.search(probe, limit=1)
        strangers.append(found[0].score if found else 0.0)
    least = max(strangers)
    missed = sum(score <= least for score in mates)
    seconds, each_bytes = float(np.median(times)), gallery.bytes_used / (people * fingers)
    print(
        f"{people * fingers:7} fingers, {fingers:2} a card ({people} people): rank one {interval(first, searches)}, "
        f"FNIR above every unmated search {interval(missed, searches)} (threshold {least:.2f}, {searches} unmated), "
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
    parser = _fingers.parser(__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[300, 1000], help="fingers in the gallery")
    parser.add_argument("--searches", type=int, default=12, help="with a mate, and as many without; RESULTS.md: 60")
    options = parser.parse_args()
    sizes = options.sizes
    real: dict[str, list[Template]] = {}
    for _, owner, template in _fingers.templates(options):
        if owner != TWIN:
            real.setdefault(owner, []).append(template)
    generator = np.random.default_rng(1)
    pool = [composed(generator) for _ in range(max(sizes))]
    firsts = [each[0] for each in real.values()]
    theirs = [compare(a, b) for a in firsts for b in firsts if a is not b]
    made = [compare(a, b) for a in firsts for b in pool[:40]]
    marks = (50, 90, 99)
    known, new = (np.percentile(scores, marks).round(3) for scores in (theirs, made))
    print(f"impostor scores at {marks} %: real {known}, synthetic {new}")
    print(f"a person's score is the mean of fingers counted up to 6, such as {fused({1: 9.0, 2: 1.0})} of 9 and 1")
    kernel_speed(pool)
    for fingers in CARDS:
        rows = [measure(real, pool, size, fingers, options.searches) for size in sizes]
        if len(rows) > 1:
            growth = np.log(rows[-1][0] / rows[0][0]) / np.log(sizes[-1] / sizes[0])
            space = 1 + np.log(rows[-1][1] / rows[0][1]) / np.log(sizes[-1] / sizes[0])
            print(f"  growth exponents with {fingers} finger(s): time {growth:.2f}, bytes {space:.2f}")


if __name__ == "__main__":
    main()
