"""Accuracy and speed beside nbis-py (MINDTCT with BOZORTH3) on the same pictures in the same run.

Accuracy: genuine are all pairs of a finger, impostor first impressions only (45 a set), because BOZORTH3 is slow. Its
scores above its range (4000) count as 0. Speed on two mixes, because BOZORTH3 takes ten times longer where fingers
agree: those pairs (mostly genuine), and pairs of different fingers of all sets. Short turns alternate between the
programs, their processor time (not the clock's) is taken and the median counts, so that what else the machine
does matters little.

Usage: python -m bench.finger_peers [--impressions 8]
nbis-py clashes with other packages named ``nbis``: install it in an environment of its own and add that to PYTHONPATH.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import combinations
from typing import Any

import numpy as np

from bench import _fingers
from tenprint.finger import evaluation
from tenprint.finger.evaluation import Impression
from tenprint.finger.matching import MATCHERS
from tenprint.finger.metrics import rates

Pair = tuple[int, int]
Compare = Callable[[int, int], float]
TURN = 200
"""Comparisons before it is another program's turn."""
IMPOSTORS = 1000
PEER = "nbis-py"


def nbis_minutiae(impressions: list[Impression]) -> list[Any]:
    """What nbis-py finds in every picture."""
    import nbis  # type: ignore[import-not-found]

    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=None
    )
    extractor = nbis.new_nbis_extractor(settings)
    return [extractor.extract_minutiae(one.path.read_bytes()) for one in impressions]


def side_by_side(systems: dict[str, Compare], pairs: list[Pair]) -> dict[str, tuple[np.ndarray, float]]:
    """Scores of the pairs and microseconds a comparison (median of turns), by system."""
    scores: dict[str, list[float]] = {label: [] for label in systems}
    taken: dict[str, list[float]] = {label: [] for label in systems}
    for begin in range(0, len(pairs), TURN):
        turn = pairs[begin : begin + TURN]
        for label, compare in systems.items():
            start = time.process_time()
            scores[label] += [compare(a, b) for a, b in turn]
            taken[label].append((time.process_time() - start) / len(turn) * 1e6)
    return {label: (np.array(scores[label]), float(np.median(taken[label]))) for label in systems}


def comparisons(impressions: list[Impression], options: argparse.Namespace) -> dict[str, Compare]:
    """What compares two of these impressions, by system; compiled before anything is timed."""
    templates = [one for one, _ in evaluation.templates_of(impressions, store=options.templates)]
    systems: dict[str, Compare] = {}
    for label, matcher in MATCHERS.items():
        fingers = [matcher.describe(one) for one in templates]
        matcher.compare(fingers[0], fingers[0])
        systems[label] = lambda a, b, m=matcher, f=fingers: m.compare(f[a], f[b])  # type: ignore[misc]
    if find_spec("nbis"):
        found = nbis_minutiae(impressions)
        systems[PEER] = lambda a, b: float(found[a].compare(found[b]))
    return systems


def protocol(impressions: list[Impression]) -> tuple[list[Pair], np.ndarray]:
    """Pairs of the FVC protocol in one set, and which of them are genuine."""
    first = min(one.impression for one in impressions)
    pairs, genuine = [], []
    for a, b in combinations(range(len(impressions)), 2):
        one, two = impressions[a], impressions[b]
        if one.finger == two.finger or one.impression == first == two.impression:
            pairs.append((a, b))
            genuine.append(one.finger == two.finger)
    return pairs, np.array(genuine)


def main() -> None:
    """One line a set and system, then the means and how many times faster we are on both mixes."""
    options = _fingers.parser(__doc__).parse_args()
    sets = _fingers.sets(options)
    every = [(name, one) for name, each in sets.items() for one in each]
    systems = comparisons([one for _, one in every], options)
    totals: dict[str, list[tuple[float, float]]] = {label: [] for label in systems}
    at = 0
    for name, impressions in sets.items():
        pairs, genuine = protocol(impressions)
        found = side_by_side(systems, [(a + at, b + at) for a, b in pairs])
        at += len(impressions)
        for label, (scores, taken) in found.items():
            valid = np.where(scores >= 4000, 0, scores) if label == PEER else scores
            totals[label].append((rates(valid[genuine], valid[~genuine]).eer, taken))
            print(f"{name:16} {label:10} EER {totals[label][-1][0]:5.2f} %  {taken:8.1f} us", flush=True)
    strangers = [
        (a, b)
        for a, b in combinations(range(len(every)), 2)
        if (every[a][0], every[a][1].finger) != (every[b][0], every[b][1].finger)
    ]
    chosen = np.random.default_rng(1).choice(len(strangers), min(IMPOSTORS, len(strangers)), replace=False)
    apart = side_by_side(systems, [strangers[k] for k in chosen])
    for label, rows in totals.items():
        eer, together = np.mean(rows, axis=0)
        line = f"mean             {label:10} EER {eer:5.2f} %  {together:8.1f} us, strangers {apart[label][1]:8.1f} us"
        if label != PEER and PEER in systems:
            ratios = np.mean([row[1] for row in totals[PEER]]) / together, apart[PEER][1] / apart[label][1]
            line += f"  nbis-py takes {ratios[0]:.0f} and {ratios[1]:.0f} times as long"
        print(line)
    if PEER not in systems:
        print("nbis-py is not installed (see the top of this file): only our own comparisons ran")


if __name__ == "__main__":
    main()
