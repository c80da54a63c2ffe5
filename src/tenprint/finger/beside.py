"""Beside another program: its scores for the same pairs of the same pictures, in the same run.

nbis-py (MINDTCT with BOZORTH3) runs in a Python that has it, this one or another (`tenprint.finger.beside_nbis` says
why); nothing of it is imported here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from tenprint.finger import beside_nbis
from tenprint.finger.errors import FingerError
from tenprint.finger.evaluation import Impostors, Impression, Outcome, outcome, pairs_of
from tenprint.finger.matching import LEAST_MINUTIAE

NBIS = "nbis-py"
INSTALL = (
    "make an environment of its own for it (python3 -m venv beside; beside/bin/pip install nbis-py==0.1.3) "
    "and give that Python: --beside beside/bin/python"
)


def interpreter(beside: str) -> str:
    """The Python to run nbis-py with.

    Args:
        beside: ``nbis-py`` for this one, else the path of another.

    Raises:
        FingerError: when it is not there.
    """
    if beside == NBIS:
        try:
            version(NBIS)
        except PackageNotFoundError:
            raise FingerError(f"--beside {NBIS}: it is not installed here; {INSTALL}") from None
        return sys.executable
    if not Path(beside).is_file():
        raise FingerError(f"--beside: expected {NBIS} or the path of a Python that has it, got {beside!r}; {INSTALL}")
    return beside


def run(
    impressions: list[Impression],
    python: str,
    *,
    impostors: Impostors = "all",
    advance: Callable[[int], object] = lambda _: None,
) -> tuple[str, Outcome]:
    """MINDTCT and BOZORTH3 on a set.

    Args:
        impressions: the pictures.
        python: from `interpreter`.
        impostors: as in `tenprint.finger.evaluation.run`.
        advance: called with the number of pictures and pairs done since the last call.

    Returns:
        The program and its version, and what it gave; pictures in which it finds fewer than four minutiae are its
        failures. Scores are BOZORTH3's own, its quality is not asked for.

    Raises:
        FingerError: when the program cannot be run.
    """
    pairs = pairs_of(impressions, impostors)
    result = answer(python, [one.path for one in impressions], pairs.tolist(), advance)
    failures = [count < LEAST_MINUTIAE for count in result["counts"]]
    made = outcome(
        impressions,
        pairs,
        np.array(result["scores"]),
        failures=failures,
        quality=np.ones(len(impressions)),
        extract_ms=float(np.mean(result["extraction"]) * 1000),
        match_us=result["comparison"] / len(pairs) * 1e6,
    )
    return f"{NBIS} {result['version']} (MINDTCT, BOZORTH3)", made


def answer(
    python: str, pictures: list[Path], pairs: list[list[int]], advance: Callable[[int], object] = lambda _: None
) -> dict[str, Any]:
    """What the other program writes at its end.

    Returns:
        ``version``; ``scores`` of the pairs; ``counts`` of minutiae and seconds of ``extraction`` of each picture;
        seconds of ``comparison`` of all pairs together.

    Raises:
        FingerError: when the program cannot be run.
    """
    command = [python, str(Path(beside_nbis.__file__))]
    asked = json.dumps({"pictures": [str(one.resolve()) for one in pictures], "pairs": pairs})
    try:
        with subprocess.Popen(  # noqa: S603 - a Python that the user names
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as other:
            into, back, complaints = (cast("IO[str]", pipe) for pipe in (other.stdin, other.stdout, other.stderr))
            into.write(asked + "\n")
            into.close()
            for line in back:
                said = json.loads(line)
                if "result" in said:
                    return dict(said["result"])
                advance(said["done"])
            why = complaints.read().strip().splitlines()
    except (OSError, ValueError) as error:
        raise FingerError(f"--beside {python}: cannot be run ({error}); {INSTALL}") from error
    raise FingerError(f"--beside {python}: {why[-1] if why else 'it gave no answer'}; {INSTALL}")
