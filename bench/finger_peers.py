"""Accuracy beside nbis-py (MINDTCT with BOZORTH3) on the same pictures in the same run.

Genuine: all pairs of a finger; impostor: first impressions only (45 a set), because BOZORTH3 is slow. Its scores above
its range (4000) count as 0.

Usage: python -m bench.finger_peers [--impressions 8]
nbis-py clashes with other packages named ``nbis``: install it in an environment of its own and add that to PYTHONPATH.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from itertools import combinations

import numpy as np

from bench import _fingers
from tenprint.finger import evaluation
from tenprint.finger.evaluation import Impression
from tenprint.finger.matching import MATCHERS
from tenprint.finger.metrics import rates


def nbis_scores(impressions: list[Impression], pairs: list[tuple[int, int]]) -> tuple[np.ndarray, float]:
    """Scores of the pairs and microseconds a comparison."""
    import nbis  # type: ignore[import-not-found]

    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=None
    )
    extractor = nbis.new_nbis_extractor(settings)
    found = [extractor.extract_minutiae(one.path.read_bytes()) for one in impressions]
    begin = time.perf_counter()
    scores = np.array([float(found[a].compare(found[b])) for a, b in pairs])
    return np.where(scores >= 4000, 0, scores), (time.perf_counter() - begin) / len(pairs) * 1e6


def main() -> None:
    """One line a set and system, then the means."""
    options = _fingers.parser(__doc__).parse_args()
    totals: dict[str, list[tuple[float, float]]] = {}
    for name, impressions in _fingers.sets(options).items():
        every = list(combinations(range(len(impressions)), 2))
        first = min(one.impression for one in impressions)
        same = [impressions[a].finger == impressions[b].finger for a, b in every]
        begins = [impressions[a].impression == first == impressions[b].impression for a, b in every]
        pairs = [pair for pair, one, two in zip(every, same, begins, strict=True) if one or two]
        genuine = np.array([impressions[a].finger == impressions[b].finger for a, b in pairs])
        found = {}
        templates = [one for one, _ in evaluation.templates_of(impressions, store=options.templates)]
        for label, matcher in MATCHERS.items():
            fingers = [matcher.describe(one) for one in templates]
            matcher.compare(fingers[0], fingers[1])
            begin = time.perf_counter()
            scores = np.array([matcher.compare(fingers[a], fingers[b]) for a, b in pairs])
            found[label] = scores, (time.perf_counter() - begin) / len(pairs) * 1e6
        if find_spec("nbis"):
            found["nbis-py"] = nbis_scores(impressions, pairs)
        for label, (scores, taken) in found.items():
            eer = rates(scores[genuine], scores[~genuine]).eer
            totals.setdefault(label, []).append((eer, taken))
            print(f"{name:16} {label:10} EER {eer:5.2f} %  {taken:8.1f} us a comparison", flush=True)
    for label, rows in totals.items():
        eer, taken = np.mean(rows, axis=0)
        print(f"mean             {label:10} EER {eer:5.2f} %  {taken:8.1f} us a comparison")
    if not find_spec("nbis"):
        print("nbis-py is not installed (see the top of this file): only our own comparisons ran")


if __name__ == "__main__":
    main()
