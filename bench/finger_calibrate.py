"""Calibrate scores against impostors (``src/tenprint/finger/data/calibration.json``), and test it on sensors left out.

Every comparison of two different fingers on one sensor: the FVC sets, and the sensors of ``$TENPRINT_DATA/fingers``.
Two folders of the latter hold the same people. One pair of identities of the FVC sets that scores as one finger
(FVC2002 DB3_B 108, FVC2004 DB3_B 102) are two sets, so that they never meet here.

Rarity: the score from which on the rate at *every* sensor is at most half of what is stated, so the worst sensor known
with a margin of two for sensors that are not. Several fingers: single scores of one sensor are convolved as if `n`
fingers were `EFFECTIVE[n]`, because those of one hand are not independent: real hands in ``fingers`` are counted beside
it. Intervals: bootstrap over fingers.

Left out: each sensor in turn, with the table made from the others. A cell is measurable when at least three comparisons
would reach it at the stated rate.

Thresholds: `ABOVE` the highest impostor of any sensor for one finger; for several the larger of what rarity gives and
what no pair of strangers on any sensor has come near. The id counts up whenever a figure changes, because scores then
mean something else.

Usage: python -m bench.finger_calibrate [--impressions 8] [--write]
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import _fingers
from tenprint.finger import FingerError, evaluation, gallery, matching

OUTPUT = Path(__file__).parents[1] / "src/tenprint/finger/data/calibration.json"
STEP, LONGEST = 0.005, 12.0
ONE_IN = [2, 5, 10, 20, 50, 100, 200, 500, 1000]
MARGIN = 2.0
"""A sensor that nobody has measured may be so much worse than the worst that was."""
EFFECTIVE = {1: 1, 2: 1, 3: 2, 4: 2, 5: 2, 6: 3, 7: 3, 8: 3, 9: 4, 10: 4}
"""So many independent fingers do `n` fingers of a hand count as."""
DECADE = 1.0
"""One finger: the score at which impostors are ten times rarer lies so much higher, at the rarest that was measured."""
ABOVE = 1.08
THRESHOLDS = {2: 2.7, 3: 2.2, 4: 1.9, 5: 1.7, 6: 1.55, 7: 1.45, 8: 1.35, 9: 1.3, 10: 1.2}
"""No pair of strangers came near them: two or more fingers of 780 pairs of people on other sensors, and all here."""
LEAST_SEEN = 3
MOST_STATED = 10_000
"""No sensor has comparisons enough for a rarer one."""
Scores = NDArray[np.float64]
Sensor = tuple[Scores, NDArray[np.int64], list[str]]
"""Scores (k,) of different fingers, the two fingers of each (k, 2), and the fingers' names."""


def survival(counts: Scores, fingers: int = 1) -> Scores:
    """P(mean of `fingers` independent scores >= k * STEP), from a histogram of single ones."""
    size = len(counts) * fingers
    power = np.fft.irfft(np.fft.rfft(counts / counts.sum(), size) ** fingers, size)
    return np.asarray(np.clip(np.cumsum(np.clip(power, 0, None)[::-1])[::-1], 0, 1)[::fingers])


def histogram(scores: Scores, weights: Scores | None = None) -> Scores:
    """Counts by steps of the score."""
    bins = np.minimum((scores / STEP).astype(int), int(LONGEST / STEP) - 1)
    return np.bincount(bins, weights, int(LONGEST / STEP)).astype(float)


def read(options: object) -> tuple[dict[str, Sensor], dict[str, dict[tuple[int, int], dict[int, matching.Finger]]]]:
    """Impostor scores of each sensor; and described fingers of whole hands: sensor, (person, session), finger."""
    roots = [options.data, options.data.parent / "fingers"]  # type: ignore[attr-defined]
    sensors: dict[str, Sensor] = {}
    hands: dict[str, dict[tuple[int, int], dict[int, matching.Finger]]] = {}
    for root in roots:
        try:
            found = evaluation.find_sets(root)
        except FingerError:
            print(f"not there: {root}")
            continue
        for name, each in found.items():
            few = [one for one in each if one.impression <= options.impressions]  # type: ignore[attr-defined]
            own = [matching.DEFAULT.describe(t) for t, _ in evaluation.templates_of(few, store=options.templates)]  # type: ignore[attr-defined]
            pairs = evaluation.pairs_of(few)
            number = np.array([one.finger for one in few])
            names = sorted(set(number.tolist()))
            different = pairs[number[pairs[:, 0]] != number[pairs[:, 1]]]
            scores = np.array([matching.DEFAULT.compare(own[i], own[j]) for i, j in different.tolist()])
            sensors[name] = (scores, np.searchsorted(names, number[different]), [str(n) for n in names])
            if "neurotechnology" in name:
                sessions = hands.setdefault(name, {})
                for one, finger in zip(few, own, strict=True):
                    sessions.setdefault((one.finger // 100, one.impression), {})[one.finger % 100] = finger
    return sensors, hands


def table(sensors: dict[str, Sensor], fingers: int, repeats: int = 100) -> list[tuple[float, int, int, int]]:
    """Rows of score, one in N, and by the interval's end and the middle sensor."""
    generator = np.random.default_rng(1)
    curves, uppers = [], []
    for scores, who, names in sensors.values():
        curves.append(survival(histogram(scores), fingers))
        drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), repeats).astype(float)
        boot = [survival(histogram(scores, one[who[:, 0]] * one[who[:, 1]]), fingers) for one in drawn]
        uppers.append(np.percentile(boot, 95, axis=0))
    worst, upper, middle = np.max(curves, axis=0), np.max(uppers, axis=0), np.median(curves, axis=0)
    rows = []
    for one_in in ONE_IN:
        at = int(np.argmax(worst * MARGIN <= 1 / one_in))
        low, high = max(1, int(1 / max(MARGIN * upper[at], 1e-9))), int(1 / max(middle[at], 1 / MOST_STATED))
        rows.append((round(at * STEP, 3), one_in, min(low, one_in), max(high, one_in)))
    return rows


def score_at(rows: list[tuple[float, int, int, int]], one_in: int) -> float:
    """The score from which on a table states one in so many."""
    return next(row[0] for row in rows if row[1] == one_in)


def left_out(sensors: dict[str, Sensor]) -> None:
    """Each sensor against the table of the others."""
    print(
        "one finger, each sensor against the table of the others: stated, measured one in (comparisons that reach it)"
    )
    for name, (scores, who, names) in sensors.items():
        rows = table({other: each for other, each in sensors.items() if other != name}, 1, repeats=1)
        cells = []
        for one_in in (100, 1000):
            reached = scores >= score_at(rows, one_in)
            drawn = np.random.default_rng(2).multinomial(len(names), np.full(len(names), 1 / len(names)), 500)
            weights = drawn[:, who[:, 0]] * drawn[:, who[:, 1]]
            rates = (weights * reached).sum(1) / weights.sum(1)
            low, high = np.percentile(rates, [5, 95])
            if len(scores) / one_in < LEAST_SEEN:
                cells.append(f"1 in {one_in}: not measurable")
                continue
            verdict = "holds" if low <= 1 / one_in else "TOO STRONG"
            most = f"{1 / low:.0f}" if low > 0 else "more"
            measured = f"{len(scores) / reached.sum():.0f}" if reached.any() else f"more than {len(scores)}"
            cells.append(
                f"1 in {one_in}: {measured} ({reached.sum()}; {1 / high if high else 9e9:.0f} to {most}) {verdict}"
            )
        print(f"  {name}: " + "; ".join(cells))


def real_hands(hands: dict[str, dict[tuple[int, int], dict[int, matching.Finger]]], tables: dict[str, object]) -> None:
    """Fused scores of real hands of different people against the tables."""
    for name, sessions in hands.items():
        for n in (2, 4, 5, 10):
            fused: list[float] = []
            pairs = set()
            for (a, one), (b, two) in product(sessions.items(), repeat=2):
                shared = sorted(set(one) & set(two))
                if a[0] >= b[0] or len(shared) < n:
                    continue
                for begin in range(0, len(shared) - n + 1, n):
                    used = shared[begin : begin + n]
                    fused.append(gallery.fused({p: matching.DEFAULT.compare(one[p], two[p]) for p in used}))
                    pairs.add((a[0], b[0]))
            if not fused:
                continue
            rows = tables[str(n)]
            told = ", ".join(
                f"1 in {k}: {sum(s >= score_at(rows, k) for s in fused)}"
                for k in (10, 100, 1000)  # type: ignore[arg-type]
            )
            print(f"  {name}, {n} fingers, {len(fused)} comparisons of {len(pairs)} pairs of people: {told}; "
                  f"highest {max(fused):.3f}")  # fmt: skip


def main() -> None:
    """Compare, report, write."""
    parser = _fingers.parser(__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {OUTPUT.name}")
    options = parser.parse_args()
    _fingers.may_write(options)
    sensors, hands = read(options)
    total, fingers = sum(len(s) for s, _, _ in sensors.values()), sum(len(n) for _, _, n in sensors.values())
    highest = round(max(float(scores.max()) for scores, _, _ in sensors.values()), 3)
    print(f"{total} impostor comparisons of {fingers} fingers on {len(sensors)} sensors, highest {highest}")
    tables = {str(n): table(sensors, EFFECTIVE[n]) for n in range(1, 11)}
    for n, rows in tables.items():
        print(n, rows[4:])
    left_out(sensors)
    print("real hands of different people that reach what is stated:")
    real_hands(hands, tables)  # type: ignore[arg-type]
    thresholds = {1: math.ceil(ABOVE * highest * 20) / 20} | THRESHOLDS
    if not options.write:
        return
    old = json.loads(OUTPUT.read_text())
    new = {
        "id": old["id"],
        "made": datetime.now(UTC).date().isoformat(),
        "descriptor": matching.DEFAULT.name,
        "impostor_comparisons": total,
        "fingers": fingers,
        "highest_impostor": highest,
        "sensors": [
            {"name": name, "comparisons": len(s), "fingers": len(names), "highest": round(float(s.max()), 3)}
            for name, (s, _, names) in sensors.items()
        ],
        "thresholds": {str(n): value for n, value in thresholds.items()},
        "decade": {str(n): round(DECADE / EFFECTIVE[n], 3) for n in range(1, 11)},
        "rarity": tables,
    }
    if json.loads(json.dumps(new)) != old | {"made": new["made"]}:
        number = int(old["id"].rpartition("-")[2]) + 1
        new["id"] = f"sensors-{new['made']}/{new['descriptor']}-{number}"
    OUTPUT.write_text(json.dumps(new, indent=1) + "\n")


if __name__ == "__main__":
    main()
