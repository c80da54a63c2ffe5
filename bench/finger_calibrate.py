"""Calibrate scores against impostors (``src/tenprint/finger/data/calibration.json``).

Every comparison of two different fingers of the FVC sets, within and across sets. One pair of identities that scores as
one finger (FVC2002 DB3_B 108, FVC2004 DB3_B 102) is left out. For several fused fingers single scores are convolved:
that assumes that impostor scores of different fingers of a hand are independent. Intervals: bootstrap over fingers.

Thresholds: of one finger `ABOVE` times the highest impostor score; of n fingers that over the root of n, rounded up.
Were fingers independent, a mean of n would shrink faster: the rest is for hands whose fingers look alike by chance
together, which these sets cannot show. The id counts up whenever a figure changes, because scores then mean
something else.

Usage: python -m bench.finger_calibrate [--impressions 8] [--write]
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import _fingers
from tenprint.finger import matching

OUTPUT = Path(__file__).parents[1] / "src/tenprint/finger/data/calibration.json"
TWINS = ("fvc2002__DB3_B__108", "fvc2004__DB3_B__102")
STEP = 0.005
LONGEST = 12.0
ONE_IN = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000]
LEAST_SEEN = 3
"""A rate seen fewer times than this is not known."""


ABOVE = 1.6
ROUNDED = 0.05


def thresholds(highest: float) -> dict[str, float]:
    """Least score for a match by number of fingers, from the highest impostor score of single fingers."""
    return {str(n): round(math.ceil(ABOVE * highest / math.sqrt(n) / ROUNDED) * ROUNDED, 2) for n in range(1, 11)}


def survival(histogram: np.ndarray, fingers: int) -> np.ndarray:
    """P(mean of `fingers` independent scores >= k * STEP), by convolution of the histogram with itself."""
    size = len(histogram) * fingers
    power = np.fft.irfft(np.fft.rfft(histogram, size) ** fingers, size)
    tail = np.clip(np.cumsum(np.clip(power, 0, None)[::-1])[::-1], 0, 1)
    return tail[::fingers]


def main() -> None:
    """Compare, report, write."""
    parser = _fingers.parser(__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {OUTPUT.name}")
    options = parser.parse_args()
    _fingers.may_write(options)
    every = _fingers.templates(options)
    fingers = [matching.DEFAULT.describe(template) for _, _, template in every]
    owner = [TWINS[0] if one == TWINS[1] else one for _, one, _ in every]
    names = sorted(set(owner))
    who = np.array([names.index(one) for one in owner])
    first, second = np.triu_indices(len(every), 1)
    different = who[first] != who[second]
    pairs = np.column_stack([first, second])[different]
    scores = np.array([matching.DEFAULT.compare(fingers[i], fingers[j]) for i, j in pairs.tolist()])
    people = who[pairs]
    print(f"{len(scores)} impostor comparisons of {len(names)} fingers")
    print(
        "quantiles 50, 90, 99, 99.9, 99.99 %:",
        np.percentile(scores, [50, 90, 99, 99.9, 99.99]).round(3),
        "highest",
        np.sort(scores)[-8:].round(2),
    )
    bins = np.minimum((scores / STEP).astype(int), int(LONGEST / STEP) - 1)

    def histogram(weights: np.ndarray) -> np.ndarray:
        counts = np.bincount(bins, weights, int(LONGEST / STEP))
        return counts / counts.sum()

    generator = np.random.default_rng(1)
    boot = []
    for _ in range(200):
        drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names))).astype(float)
        boot.append(histogram(drawn[people[:, 0]] * drawn[people[:, 1]]))
    plain = histogram(np.ones(len(scores)))
    tables = {}
    for n in range(1, 11):
        known = survival(plain, n)
        spread = np.array([survival(one, n) for one in boot])
        rows = []
        for one_in in ONE_IN:
            if one_in > len(scores) / LEAST_SEEN and n == 1:
                break
            at = int(np.argmax(known <= 1 / one_in))
            low, high = np.percentile(spread[:, at], [5, 95])
            rows.append([round(at * STEP, 3), one_in, round(1 / max(high, 1e-9)), round(1 / max(low, 1e-9))])
        tables[str(n)] = rows
        print(n, [(row[0], row[1], row[2]) for row in rows[4:]])
    highest = round(float(scores.max()), 3)
    print("thresholds", thresholds(highest))
    if options.write:
        old = json.loads(OUTPUT.read_text())
        new = {
            "id": old["id"],
            "made": datetime.now(UTC).date().isoformat(),
            "descriptor": matching.DEFAULT.name,
            "impostor_comparisons": len(scores),
            "fingers": len(names),
            "highest_impostor": highest,
            "thresholds": thresholds(highest),
            "rarity": tables,
        }
        if new != old | {"made": new["made"]}:
            number = int(old["id"].rpartition("-")[2]) + 1
            new["id"] = f"fvc-b-{new['made']}/{new['descriptor']}-{number}"
        OUTPUT.write_text(json.dumps(new, indent=1) + "\n")


if __name__ == "__main__":
    main()
