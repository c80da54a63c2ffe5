"""Who is it, and how often is the answer wrong: one-to-many search on sets of real fingers.

ISO/IEC 19795-1 terms. Closed set: every probe has a mate, the rate is the rank of the mate. Open set: some probes have
none; FPIR is the share of these that give a candidate above a threshold, FNIR the share of mated probes whose mate is
not the first candidate above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec
import numpy as np

from tenprint.finger.errors import FingerError
from tenprint.finger.evaluation import Impression
from tenprint.finger.gallery import Descriptor, Gallery
from tenprint.finger.template import Template


class Identification(msgspec.Struct, frozen=True):
    """What searching gave.

    Attributes:
        enrolled: people in the gallery.
        mated: searches whose person is in the gallery.
        unmated: searches whose person is not.
        rank_one: share of mated searches whose mate came first.
        fnir_at_fpir: rows of FPIR, the FNIR there, and the threshold.
        genuine_range: lowest and highest score of mates.
        impostor_highest: highest score of anybody else.
    """

    enrolled: int
    mated: int
    unmated: int
    rank_one: float
    fnir_at_fpir: list[tuple[float, float, float]]
    genuine_range: tuple[float, float]
    impostor_highest: float


KNOWN_AGAIN = {("fvc2004/DB3_B", 102): ("fvc2002/DB3_B", 108)}
"""Fingers that score as one although two sets hold them; the second stands for both when sets are searched together."""


def people(
    name: str, impressions: list[Impression], templates: list[Template], size: int
) -> dict[str, dict[int, dict[int, Template]]]:
    """Fingers of a set grouped into people: person -> session -> position -> template.

    Args:
        name: of the set.
        impressions: of it.
        templates: theirs, in the same order.
        size: fingers a person; the position of a finger is its place in its group, 1 to ``size``.

    Raises:
        FingerError: when the size is not 1 to 10.
    """
    if not 1 <= size <= 10:
        raise FingerError(f"fingers of a person: expected 1 to 10, got {size}")
    numbers = sorted({one.finger for one in impressions if (name, one.finger) not in KNOWN_AGAIN})
    whole = len(numbers) // size * size
    seat = {number: (k // size, k % size + 1) for k, number in enumerate(numbers[:whole])}
    found: dict[str, dict[int, dict[int, Template]]] = defaultdict(lambda: defaultdict(dict))
    for one, template in zip(impressions, templates, strict=True):
        if one.finger in seat:
            group, position = seat[one.finger]
            found[str(group)][one.impression][position] = template
    return {name: dict(sessions) for name, sessions in found.items()}


def run(
    everyone: Mapping[str, Mapping[int, Mapping[int, Template]]],
    left_out: float = 0.2,
    descriptor: Descriptor = "fused",
) -> Identification:
    """Enrol the first session of most people, search with all later sessions of everybody.

    Args:
        everyone: person -> session -> position -> template.
        left_out: share of people who are not enrolled (open set); 0 for a closed set.
        descriptor: of the gallery.

    Raises:
        FingerError: when there are fewer than two people.
    """
    names = sorted(everyone)
    if len(names) < 2:
        raise FingerError(f"expected at least two people, got {len(names)}")
    absent = set(names[:: max(1, round(1 / left_out))]) if left_out > 0 else set()
    gallery = Gallery(descriptor=descriptor)
    for name in names:
        if name not in absent:
            for position, template in everyone[name][min(everyone[name])].items():
                gallery.add(name, position, template)
    mates: list[tuple[float, float]] = []
    strangers: list[float] = []
    for name in names:
        for session in sorted(everyone[name])[1:]:
            found = gallery.search(everyone[name][session], limit=len(names))
            scores = {one.person: one.score for one in found}
            others = max((score for person, score in scores.items() if person != name), default=0.0)
            if name in absent:
                strangers.append(others)
            else:
                mates.append((scores.get(name, 0.0), others))
    own, other = (np.array(column) for column in zip(*mates, strict=True))
    rows = []
    for fpir in (0.1, 0.01, 0.001):
        if strangers:
            ordered = np.sort(strangers)[::-1]
            least = float(ordered[int(fpir * len(ordered))])
            rows.append((fpir, float(np.mean((own <= least) | (own <= other))), least))
    top = max([*strangers, float(other.max())])
    return Identification(
        len(gallery),
        len(own),
        len(strangers),
        float(np.mean(own > other)),
        rows,
        (float(own.min()), float(own.max())),
        top,
    )
