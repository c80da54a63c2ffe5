"""MINDTCT and BOZORTH3 through nbis-py, run by an interpreter that has it; knows nothing of the rest of this package.

nbis-py installs a package named ``nbis``, as other packages do, so it lives in an environment of its own. This program
reads one line of JSON, ``{"pictures": [path, ...], "pairs": [[a, b], ...]}``, and writes lines of JSON: ``{"done": n}``
after every picture and every hundred pairs, ``{"result": {...}}`` at the end.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

OVERFLOW = 4000
"""BOZORTH3 returns this and more when its tables overflow: no score."""


def main() -> None:
    """Extract every picture, compare every pair."""
    from importlib.metadata import version  # noqa: PLC0415

    import nbis  # type: ignore[import-not-found]  # noqa: PLC0415

    asked = json.loads(sys.stdin.readline())
    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=None
    )
    extractor = nbis.new_nbis_extractor(settings)
    found, extraction = [], []
    for path in asked["pictures"]:
        data = Path(path).read_bytes()
        begin = time.perf_counter()
        found.append(extractor.extract_minutiae(data))
        extraction.append(time.perf_counter() - begin)
        _write({"done": 1})
    scores, comparison = [], 0.0
    for k, (a, b) in enumerate(asked["pairs"], 1):
        begin = time.perf_counter()
        score = float(found[a].compare(found[b]))
        comparison += time.perf_counter() - begin
        scores.append(0.0 if score >= OVERFLOW else score)
        if k % 100 == 0:
            _write({"done": 100})
    counts = [len(one.get()) for one in found]
    result = {"version": version("nbis-py"), "scores": scores, "counts": counts, "extraction": extraction}
    _write({"result": {**result, "comparison": comparison}})


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
