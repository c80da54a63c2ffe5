"""How good is the comparison on a set of real fingers: the FVC protocol over folders of pictures.

A set is a folder of pictures named ``<finger>_<impression>.<png, tif, ...>``. Genuine: all pairs of impressions of one
finger. Impostor: all pairs of impressions of different fingers (or first impressions only).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import mindtct, rejection
from tenprint.finger.errors import FingerError
from tenprint.finger.images import Gray, read_image
from tenprint.finger.matching import DEFAULT, LEAST_MINUTIAE, Matcher
from tenprint.finger.metrics import Scores, Trial, curve, interval
from tenprint.finger.minutiae import extract
from tenprint.finger.pictures import Color
from tenprint.finger.rejection import Rejection
from tenprint.finger.template import Template

NAME = re.compile(r"(?P<finger>\d+)_(?P<impression>\d+)\.(png|tif|tiff|bmp|jpg|jpeg|wsq)", re.IGNORECASE)
Impostors = Literal["all", "first"]
Extraction = Literal["leader", "mindtct"]
EXTRACTORS: dict[Extraction, Callable[[Gray, float], Template]] = {"leader": extract, "mindtct": mindtct.extract}
"""What finds minutiae: the network, or NIST's program where nbis-py is installed."""


class Impression(msgspec.Struct, frozen=True):
    """One picture of a set."""

    path: Path
    finger: int
    impression: int


class Outcome(msgspec.Struct, frozen=True, eq=False):
    """What one set gave.

    Attributes:
        trial: the scores.
        failures: files from which no usable template came (fewer than `LEAST_MINUTIAE`); their comparisons count with
            score 0.
        extract_ms: mean milliseconds of an extraction, templates read from a store left out.
        match_us: mean microseconds of a comparison of fingers already described.
        hardest: the genuine pairs of lowest score: score, file, file.
        quality: (g,) of each genuine comparison, the lower one of its two templates.
        doubtful: impostor pairs that match beyond doubt, so that a label is more likely wrong: score, file, file.
    """

    trial: Trial
    failures: tuple[str, ...]
    extract_ms: float
    match_us: float
    hardest: tuple[tuple[float, str, str], ...]
    quality: Scores
    doubtful: tuple[tuple[float, str, str], ...] = ()


BEYOND_DOUBT = 8.0
"""Far above every impostor score of the calibration: two names, one finger."""


def find_sets(folder: Path) -> dict[str, list[Impression]]:
    """Sets at or below a folder, by their path relative to it (its own name when it is a set itself).

    Raises:
        FingerError: when there is none.
    """
    found: dict[str, list[Impression]] = {}
    for path in sorted(folder.rglob("*")):
        named = NAME.fullmatch(path.name)
        if named:
            relative = path.parent.relative_to(folder).as_posix()
            one = Impression(path, int(named["finger"]), int(named["impression"]))
            found.setdefault(folder.resolve().name if relative == "." else relative, []).append(one)
    if not found:
        raise FingerError(
            f"{folder}: expected pictures named <finger>_<impression>.png (such as 101_1.png), found none"
        )
    return {name: sorted(each, key=lambda one: (one.finger, one.impression)) for name, each in found.items()}


def templates_of(
    impressions: list[Impression],
    advance: Callable[[], object] = lambda: None,
    store: Path | None = None,
    extractor: Extraction = "leader",
) -> Iterator[tuple[Template, float | None]]:
    """Template of every picture and the seconds it took; None when it came from the store.

    Args:
        impressions: the pictures.
        advance: called after each.
        store: folder that keeps templates between runs.
        extractor: what finds the minutiae, from `EXTRACTORS`.
    """
    extract, end = EXTRACTORS[extractor], "tpft" if extractor == "leader" else f"{extractor}.tpft"
    for one in impressions:
        kept = store / f"{one.path.resolve().as_posix().strip('/').replace('/', '__')}.{end}" if store else None
        if kept and kept.exists():
            yield Template.from_bytes(kept.read_bytes()), None
        else:
            pixels, ppi = read_image(one.path)
            begin = time.perf_counter()
            template = extract(pixels, ppi)
            taken = time.perf_counter() - begin
            if kept:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(template.to_bytes())
            yield template, taken
        advance()


def pairs_of(impressions: list[Impression], impostors: Impostors = "all") -> NDArray[np.int64]:
    """(k, 2): the comparisons of the protocol, as places in the list.

    Raises:
        FingerError: when the set has no two impressions of a finger or no two fingers.
    """
    owner = np.array([one.finger for one in impressions])
    lowest: dict[int, int] = {}
    for one in impressions:
        lowest[one.finger] = min(one.impression, lowest.get(one.finger, one.impression))
    first = np.array([one.impression == lowest[one.finger] for one in impressions])
    pairs = np.array(list(combinations(range(len(impressions)), 2)), np.int64).reshape(-1, 2)
    same = owner[pairs[:, 0]] == owner[pairs[:, 1]]
    if same.all() or not same.any():
        raise FingerError("expected at least two fingers, and two impressions of one, in a set")
    return np.asarray(pairs[same | (impostors == "all") | first[pairs].all(axis=1)])


def run(
    impressions: list[Impression],
    templates: list[tuple[Template, float | None]],
    matcher: Matcher = DEFAULT,
    *,
    impostors: Impostors = "all",
) -> Outcome:
    """Compare everything in a set with one matcher.

    Raises:
        FingerError: when the set has no two impressions of a finger or no two fingers.
    """
    pairs = pairs_of(impressions, impostors)
    described = [matcher.describe(template) for template, _ in templates]
    matcher.compare(described[0], described[0])  # compiled before the clock runs
    begin = time.perf_counter()
    scores = np.array([matcher.compare(described[a], described[b]) for a, b in pairs.tolist()])
    taken = time.perf_counter() - begin
    seconds = [each for _, each in templates if each is not None]
    made = outcome(
        impressions,
        pairs,
        scores,
        failures=[len(template) < LEAST_MINUTIAE for template, _ in templates],
        quality=np.array([template.quality for template, _ in templates]),
        extract_ms=float(np.mean(seconds) * 1000) if seconds else float("nan"),
        match_us=taken / len(pairs) * 1e6,
    )
    number = np.array([one.finger for one in impressions])
    different = number[pairs[:, 0]] != number[pairs[:, 1]]
    names = [one.path.name for one in impressions]
    return msgspec.structs.replace(made, doubtful=_doubtful(scores[different], pairs[different], names))


def outcome(
    impressions: list[Impression],
    pairs: NDArray[np.int64],
    scores: Scores,
    *,
    failures: list[bool],
    quality: Scores,
    extract_ms: float,
    match_us: float,
) -> Outcome:
    """What scores of a set say.

    Args:
        impressions: the pictures.
        pairs: (k, 2) places in the list, from `pairs_of`.
        scores: (k,) of any program; higher is more alike.
        failures: of each picture, whether nothing usable came from it.
        quality: (n,) of each picture.
        extract_ms: milliseconds of an extraction.
        match_us: microseconds of a comparison.
    """
    fingers = {number: k for k, number in enumerate(sorted({one.finger for one in impressions}))}
    owner = np.array([fingers[one.finger] for one in impressions])
    same = owner[pairs[:, 0]] == owner[pairs[:, 1]]
    trial = Trial(scores[same], owner[pairs[same, 0]], scores[~same], owner[pairs[~same]], len(fingers))
    names = [one.path.name for one in impressions]
    lowest = np.argsort(trial.genuine, kind="stable")[:5]
    return Outcome(
        trial,
        tuple(name for name, failed in zip(names, failures, strict=True) if failed),
        extract_ms,
        match_us,
        tuple((float(trial.genuine[k]), *(names[n] for n in pairs[same][k])) for k in lowest),
        quality[pairs[same]].min(axis=1),
    )


def _doubtful(scores: Scores, pairs: NDArray[np.int64], names: list[str]) -> tuple[tuple[float, str, str], ...]:
    """Pairs of different labels that match, highest first."""
    order = [k for k in np.argsort(-scores, kind="stable").tolist() if scores[k] >= BEYOND_DOUBT]
    return tuple((float(scores[k]), *(names[n] for n in pairs[k])) for k in order)


def rejection_of(outcomes: Iterable[Outcome]) -> Rejection:
    """Error against reject of several sets, pooled under one threshold."""
    together = list(outcomes)
    return rejection.curve(
        np.concatenate([one.trial.genuine for one in together]),
        np.concatenate([one.quality for one in together]),
        np.concatenate([one.trial.impostor for one in together]),
    )


def det(trials: list[Trial]) -> Color:
    """The DET plot of several sets, pooled: false non-match rate against false match rate, both logarithmic.

    Returns:
        (900, 900, 3) uint8.
    """
    import cv2  # noqa: PLC0415

    known = curve(np.concatenate([one.genuine for one in trials]), np.concatenate([one.impostor for one in trials]))
    size, edge, lowest = 900, 90, -4.0
    canvas = np.full((size, size, 3), 255, np.uint8)
    span = size - 2 * edge

    def place(fmr: float, fnmr: float) -> tuple[int, int]:
        x, y = (1 - max(lowest, np.log10(max(rate, 1e-9))) / lowest for rate in (fmr, fnmr))
        return edge + round(x * span), size - edge - round(y * span)

    for k in range(5):
        label = f"{100 * 10.0**-k:g} %"
        for begin, end, text in (
            (place(10.0**-k, 1e-4), place(10.0**-k, 1), place(10.0**-k, 1e-4)),
            (place(1e-4, 10.0**-k), place(1, 10.0**-k), place(1e-4, 10.0**-k)),
        ):
            cv2.line(canvas, begin, end, (215, 215, 215), 1)
            spot = (text[0] - 25, text[1] + 30) if begin[0] == end[0] else (8, text[1] + 6)
            cv2.putText(canvas, label, spot, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 60), 1, cv2.LINE_AA)
    points = np.array([place(x, y) for x, y in zip(known.fmr.tolist(), known.fnmr.tolist(), strict=True)], np.int32)
    cv2.polylines(canvas, [points], isClosed=False, color=(180, 60, 20), thickness=2, lineType=cv2.LINE_AA)
    title = "false non-match rate (up) against false match rate (right)"
    cv2.putText(canvas, title, (edge, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    return canvas


def report(outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """The figures of several sets as plain data: rates in percent, times in milliseconds and microseconds."""
    folders = {name: _row(outcome) for name, outcome in outcomes.items()}
    low, high = interval([outcome.trial for outcome in outcomes.values()])
    return {
        "folders": folders,
        "mean_eer": float(np.mean([row["eer"] for row in folders.values()])),
        "mean_eer_interval": [low, high],
        "interval": "90 %, bootstrap over fingers",
        "error_against_reject": rejection.plain(rejection_of(outcomes.values())),
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    rates = outcome.trial.rates()
    low, high = interval([outcome.trial])
    return {
        "eer": rates.eer,
        "eer_interval": [low, high],
        "fmr100": rates.fmr100,
        "fmr1000": rates.fmr1000,
        "zero_fmr": rates.zero_fmr,
        "genuine": len(outcome.trial.genuine),
        "impostor": len(outcome.trial.impostor),
        "failures": len(outcome.failures),
        "failed_files": list(outcome.failures),
        "error_against_reject": rejection.plain(rejection_of([outcome])),
        "extract_ms": outcome.extract_ms,
        "match_us": outcome.match_us,
        "genuine_range": [float(outcome.trial.genuine.min()), float(outcome.trial.genuine.max())],
        "impostor_range": [float(outcome.trial.impostor.min()), float(outcome.trial.impostor.max())],
        "doubtful": [{"score": score, "files": [a, b]} for score, a, b in outcome.doubtful],
        "hardest": [{"score": score, "files": [a, b]} for score, a, b in outcome.hardest],
    }
