"""Galleries of growing size: hit rates, time and bytes, for cards of 1, 2, 4 and 10 fingers.

Who is enrolled and who searches is said in `bench._crowd`: real mates, real strangers in the mirror, a synthetic crowd.
Impostor scores of real and synthetic fingers are printed side by side; where synthetic ones are lower, hit rates are
an upper bound. Every search is written down at once (``--results``), and a run goes on where the last one stopped, as
long as scores mean the same (the calibration is part of the file's name).

Rank one: the mate comes first. FNIR: the mate does not come first or stays below the threshold. The threshold of FPIR
0.1 % is an order statistic of the searches without a mate: just above the one that may be exceeded. Intervals are 90 %,
the wider of Wilson's over searches and of the bootstrap over people.

Usage: python -m bench.gallery [SIZES ...] [--impressions 8] [--strangers 1000] [--workers 2]
RESULTS.md: python -m bench.gallery 1000 10000 100000 --impressions 8 --strangers 1000 --workers 2
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from bench import _crowd, _fingers
from bench._crowd import Real
from tenprint.finger import CALIBRATION, Gallery, compare, threshold
from tenprint.finger.matching import described
from tenprint.finger.metrics import threshold_at
from tenprint.finger.template import Template

CARDS = (1, 2, 4, 10)
FPIR = 0.001
Z = 1.645


def measure(work: tuple[argparse.Namespace, Real, int, int]) -> None:
    """Enrol a crowd and the real people, search, and write every search down."""
    options, real, size, fingers = work
    path = _file(options, size, fingers)
    known = {(row["kind"], row["n"]) for row in _rows(path)}
    searches = [one for one in _searches(options, real, fingers) if one[:2] not in known]
    if not searches:
        return
    pool = _crowd.crowd(max(options.sizes), options.results)
    gallery, people = Gallery(), size // fingers
    gallery.add("nobody", 1, pool[0])  # compiled before the clock runs
    gallery.search({1: pool[0]})
    gallery.remove("nobody")
    begin = time.process_time()
    for n in range(people):
        for position in range(1, fingers + 1):
            gallery.add(f"synthetic-{n}", position, pool[n * fingers + position - 1])
    enrolled = (time.process_time() - begin) / (people * fingers)
    each = gallery.bytes_used / (people * fingers)
    for n in range(len(real)):
        for position, template in _crowd.person(real, n, fingers, 0).items():
            gallery.add(f"real-{n}", position, template)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"kind": "gallery", "n": 0, "enrol": enrolled, "bytes": each, "people": people}) + "\n")
        for done, (kind, n, who, card) in enumerate(searches):
            begin, wall = time.process_time(), time.perf_counter()
            found = gallery.search(card)
            row = {"kind": kind, "n": n, "who": who, "cpu": time.process_time() - begin}
            row |= {"wall": time.perf_counter() - wall, "top": found[0].score if found else 0.0}
            if kind == "mate":
                place = next((k for k, one in enumerate(found) if one.person == who), None)
                row |= {
                    "rank": 0 if place is None else place + 1,
                    "score": 0.0 if place is None else found[place].score,
                }
            out.write(json.dumps(row) + "\n")
            out.flush()
            if done % 100 == 0:
                print(f"  {size} fingers, {fingers} a card: {done} of {len(searches)} searches", flush=True)


def _searches(options: argparse.Namespace, real: Real, fingers: int) -> Iterator[tuple[str, int, str, _crowd.Card]]:
    """Kind, number, who it is (or how a stranger was made) and card of every search."""
    later = range(1, min(map(len, real.values())))
    for k, (session, n) in enumerate((session, n) for session in later for n in range(len(real))):
        yield "mate", k, f"real-{n}", _crowd.person(real, n, fingers, session)
    for k, (made, card) in enumerate(_crowd.strangers(real, fingers, options.strangers)):
        yield "stranger", k, made, card


def _real(options: argparse.Namespace) -> Real:
    real: Real = {}
    for _, owner, template in _fingers.templates(options):
        if owner != _crowd.TWIN:
            real.setdefault(owner, []).append(template)
    return real


def _file(options: argparse.Namespace, size: int, fingers: int) -> Path:
    name = f"{CALIBRATION}-{options.impressions}-{size}-{fingers}.jsonl"
    return Path(options.results) / name.replace("/", "_").replace(" ", "_")


def _rows(path: Path) -> list[dict[str, Any]]:
    """What is written down; a last line cut by a stop is left out."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


# -- what the searches say ---------------------------------------------------------------------------------------------


def interval(wrong: np.ndarray, owner: np.ndarray | None = None) -> tuple[float, float]:
    """90 % interval of a share: the outer ends of Wilson's and, where owners are given, of the bootstrap over them.

    Args:
        wrong: (n,) bool.
        owner: (n,) whose search it was; searches of one person are not independent.
    """
    tries, p = len(wrong), float(np.mean(wrong))
    middle = (p + Z * Z / (2 * tries)) / (1 + Z * Z / tries)
    half = Z * np.sqrt(p * (1 - p) / tries + Z * Z / (4 * tries * tries)) / (1 + Z * Z / tries)
    ends = [max(0.0, middle - half), min(1.0, middle + half)]
    if owner is not None:
        generator, (_, who) = np.random.default_rng(1), np.unique(owner, return_inverse=True)
        drawn = generator.multinomial(who.max() + 1, np.full(who.max() + 1, 1 / (who.max() + 1)), 1000)[:, who]
        means = (drawn * wrong).sum(1) / np.maximum(drawn.sum(1), 1)
        ends += np.percentile(means, [5, 95]).tolist()
    return float(min(ends)), float(max(ends))


def threshold_with_interval(strangers: np.ndarray, fpir: float) -> tuple[float, int, float, float]:
    """The threshold of a rate, how many strangers may exceed it, and the ends of its 90 % interval.

    The number of strangers above the true threshold is binomial; its 5 % and 95 % points, read off as order statistics,
    are the ends. The upper end is infinite where it would be above every stranger.
    """
    ordered, tries = np.sort(strangers)[::-1], len(strangers)
    chances = np.cumsum([_binomial(tries, k, fpir) for k in range(min(tries, 60))])
    fewest, most = int(np.searchsorted(chances, 0.05)), int(np.searchsorted(chances, 0.95))
    high = float(ordered[fewest - 1]) if fewest else float("inf")
    return threshold_at(strangers, fpir), int(fpir * tries), float(ordered[min(most, tries - 1)]), high


def _binomial(tries: int, k: int, p: float) -> float:
    steps = np.log(np.arange(tries - k + 1, tries + 1)).sum() - np.log(np.arange(1, k + 1)).sum()
    return float(np.exp(steps + k * np.log(p) + (tries - k) * np.log1p(-p)))


def percent(wrong: np.ndarray, owner: np.ndarray | None = None) -> str:
    """Share and its interval."""
    low, high = interval(wrong, owner)
    return f"{100 * np.mean(wrong):.2f} % ({100 * low:.2f} to {100 * high:.2f})"


def summary(options: argparse.Namespace, size: int, fingers: int) -> tuple[str, float, float]:
    """One row of the table; milliseconds a search and bytes a finger."""
    rows = _rows(_file(options, size, fingers))
    about = next(row for row in rows if row["kind"] == "gallery")
    mates = [row for row in rows if row["kind"] == "mate"]
    strangers = np.array([row["top"] for row in rows if row["kind"] == "stranger"])
    owner = np.array([row["who"] for row in mates])
    first = np.array([row["rank"] == 1 for row in mates])
    score = np.array([row["score"] for row in mates])
    least, exceed, low, high = threshold_with_interval(strangers, FPIR)
    at_ends = [100 * float(np.mean(~first | (score < end))) for end in (low, high)]
    shipped = threshold(fingers)
    cpu = 1000 * float(np.median([row["cpu"] for row in rows if row["kind"] != "gallery"]))
    wall = 1000 * float(np.median([row["wall"] for row in rows if row["kind"] != "gallery"]))
    upper = "above all" if np.isinf(high) else f"{high:.2f}"
    widened = "" if np.isinf(high) else f"; {at_ends[0]:.2f} to {at_ends[1]:.2f} over the threshold's interval"
    cells = [
        f"{size:,}", f"{fingers} ({about['people']:,} people)", f"{len(mates)} / {len(strangers)}",
        percent(first, owner), f"{percent(~first | (score < least), owner)}{widened}",
        f"{least:.2f}, {exceed} above ({low:.2f} to {upper})",
        percent(~first | (score < shipped), owner), f"{shipped:.2f}: {percent(strangers >= shipped)}",
        f"{cpu:.1f} ({wall:.1f})", f"{1000 * about['enrol']:.2f}", f"{about['bytes']:.0f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |", cpu, about["bytes"]


HEAD = (
    "fingers", "a card", "mated / unmated searches", "rank one", "FNIR at FPIR 0.1 %", "its threshold",
    "FNIR at the shipped threshold", "shipped threshold: FPIR", "search, ms of one core (by the clock)",
    "enrolment, ms a finger", "bytes a finger",
)  # fmt: skip


def table(options: argparse.Namespace) -> str:
    """Every size with every card, and how time and bytes grow: slopes of a line through their logarithms."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    growth = []
    for fingers in CARDS:
        found = [summary(options, size, fingers) for size in options.sizes]
        lines += [row for row, _, _ in found]
        if len(found) > 1:
            size = np.log(options.sizes)
            time_ = np.polyfit(size, np.log([cpu for _, cpu, _ in found]), 1)[0]
            space = np.polyfit(size, size + np.log([each for _, _, each in found]), 1)[0]
            growth.append(f"growth with {fingers} finger(s) a card: time ~ size^{time_:.2f}, bytes ~ size^{space:.2f}")
    return "\n".join([*lines, "", *growth])


def realism(real: Real, pool: list[Template]) -> str:
    """Impostor scores of real fingers, and of real against synthetic ones."""
    firsts = [each[0] for each in real.values()]
    theirs = np.array([compare(a, b) for a, b in combinations(firsts, 2)])
    made = np.array([compare(a, b) for a in firsts for b in pool[:200]])
    marks = (50, 90, 99, 99.9)
    known, new = (np.percentile(scores, marks).round(3).tolist() for scores in (theirs, made))
    return (
        f"impostor scores at {marks} %: real {known} ({len(theirs)} comparisons), real against synthetic {new} "
        f"({len(made)}). Where synthetic ones are lower, hit rates are an upper bound"
    )


def kernel_speed(real: Real, pool: list[Template]) -> str:
    """Fingers and bit-vector pairs a second of the first stage, one core."""
    gallery = Gallery()
    chosen = pool[:4000]
    for n, one in enumerate(chosen):
        gallery.add(str(n), 1, one)
    shelf = gallery._shelves[1]  # noqa: SLF001
    times, pairs = [], []
    for each in real.values():
        probe = described(each[0])
        shelf.coarse(probe)
        begin = time.process_time()
        shelf.coarse(probe)
        times.append(time.process_time() - begin)
        pairs.append(min(64, int((probe.valid > 0).sum())) * shelf._used)  # noqa: SLF001
    cpu = float(np.median(times))
    nanoseconds = float(np.median(np.array(times) / np.maximum(pairs, 1))) * 1e9
    return (
        f"first stage: {len(chosen) / cpu:,.0f} fingers a second and core, {nanoseconds:.2f} ns a pair of bit vectors, "
        f"{1.6 * nanoseconds:.1f} us for 40 by 40 (pairs that point elsewhere are passed over and count)"
    )


def main() -> None:
    """Run what is not yet written down, then print the table."""
    parser = _fingers.parser(__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[300, 1000], help="fingers in the gallery")
    parser.add_argument("--strangers", type=int, default=40, help="searches without a mate; RESULTS.md: 1000")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--results", type=Path, default=_fingers.ROOT / "build" / "gallery", help="kept between runs")
    options = parser.parse_args()
    real = _real(options)  # ends here where there are no pictures; extracts once
    pool = _crowd.crowd(max(options.sizes), options.results)
    print(realism(real, pool))
    print(kernel_speed(real, pool), flush=True)
    work = [(options, real, size, fingers) for size in sorted(options.sizes, reverse=True) for fingers in CARDS]
    with multiprocessing.get_context("spawn").Pool(options.workers, maxtasksperchild=1) as workers:
        workers.map(measure, work, chunksize=1)
    print(table(options))


if __name__ == "__main__":
    main()
