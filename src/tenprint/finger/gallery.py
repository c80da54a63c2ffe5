"""Who is it: people with up to ten fingers, searched by some of theirs.

A gallery is a cache of templates that live elsewhere; it can be filled again at any time and then gives the same
answers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger import codes
from tenprint.finger.calibration import threshold
from tenprint.finger.errors import GalleryUnusable
from tenprint.finger.matching import MATCHERS, Finger
from tenprint.finger.shelf import Shelf
from tenprint.finger.template import Template

POSITIONS = range(1, 11)
"""Friction ridge positions of ANSI/NIST-ITL: 1 right thumb to 5 right little, 6 left thumb to 10 left little."""

Descriptor = Literal["fused", "edges"]
"""What a gallery compares by; both are in `tenprint.finger.matching.MATCHERS`."""
EXACT = 300
"""Galleries of so many people are searched without a first stage."""
RERANKED = 200
"""In larger ones so many fingers are compared in full."""
FIRST_FINGERS = 3
"""The first stage looks at so many fingers of the probe, those of best quality: the others add little but time."""
MOST_PER_FINGER = 6.0
"""What one finger can add: from four fingers on, no single finger makes a match."""


def fused(scores: Mapping[int, float]) -> float:
    """One score of several fingers: their mean, each counted up to `MOST_PER_FINGER`."""
    return float(np.mean([min(score, MOST_PER_FINGER) for score in scores.values()]))


class Candidate(msgspec.Struct, frozen=True):
    """A person who may be the one searched for.

    Attributes:
        person: as given to `Gallery.add`.
        score: fused: the mean over the fingers that both have, each counted up to `MOST_PER_FINGER`; compare it with
            ``threshold(len(fingers))``.
        fingers: score of each finger used, by position.
    """

    person: str
    score: float
    fingers: dict[int, float]


class Gallery:
    """People with up to ten fingers and any number of impressions of each.

    Up to `EXACT` people are all compared in full. In larger galleries a first stage on bits (`tenprint.finger.shelf`)
    brings forward the people to compare; votes of all fingers are joined before that choice.

    Args:
        folder: where to keep the arrays as mapped files; in memory when not given. The files are a cache of this object
            and mean nothing after it.
        descriptor: ``edges`` does without cylinder codes, in the first stage as well; thresholds were measured with
            ``fused``.
    """

    def __init__(self, folder: Path | None = None, descriptor: Descriptor = "fused") -> None:
        matcher = MATCHERS[descriptor]
        self._describe = codes.described if descriptor == "edges" else matcher.describe
        self._compare = matcher.compare
        self._shelves = {p: Shelf(folder / f"position-{p}" if folder else None) for p in POSITIONS}
        self._number: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._next = 0

    def __len__(self) -> int:
        """Number of people."""
        return len(self._number)

    def __contains__(self, person: object) -> bool:
        return person in self._number

    @property
    def bytes_used(self) -> int:
        """Bytes of all impressions."""
        return sum(shelf.bytes_used for shelf in self._shelves.values())

    def add(self, person: str, position: int, template: Template) -> None:
        """Add an impression of a person's finger; earlier impressions of it stay.

        Args:
            person: any name of the person, the same for all of their fingers.
            position: 1 (right thumb) to 10 (left little finger).
            template: of the impression.

        Raises:
            GalleryUnusable: when there is no such position.
        """
        if position not in POSITIONS:
            raise GalleryUnusable(
                f"position: expected 1 to 10, got {position!r}; map plain thumbs 11 to 1 and 12 to 6 first"
            )
        number = self._number.get(person)
        if number is None:
            number = self._number[person] = self._next
            self._names[number] = person
            self._next += 1
        self._shelves[position].add(number, self._describe(template))

    def remove(self, person: str) -> None:
        """Remove all fingers of a person; nothing of them stays in memory or in mapped files.

        Raises:
            GalleryUnusable: when the person is not here.
        """
        number = self._number.pop(person, None)
        if number is None:
            raise GalleryUnusable(f"{person!r} is not in this gallery")
        del self._names[number]
        for shelf in self._shelves.values():
            shelf.remove(number)

    def search(self, probe: Mapping[int, Template], limit: int = 20) -> list[Candidate]:
        """The people most alike, best first: ranked by score over the threshold for their number of fingers.

        Args:
            probe: templates by position, 1..10; positions that a person does not have are left out of that person's
                score.
            limit: most candidates to return.

        Raises:
            GalleryUnusable: when a position is not 1 to 10.
        """
        strange = [position for position in probe if position not in POSITIONS]
        if strange:
            raise GalleryUnusable(f"positions: expected 1 to 10, got {strange}")
        fingers = {position: self._describe(template) for position, template in sorted(probe.items())}
        wanted = np.ones(self._next, bool)
        if len(self) > EXACT:
            best = sorted(fingers, key=lambda position: (-probe[position].quality, position))[:FIRST_FINGERS]
            few = {position: fingers[position] for position in best if len(self._shelves[position])} or fingers
            wanted[:] = False
            wanted[self._brought_forward(few, max(limit, RERANKED // max(1, len(fingers))))] = True
        found: dict[int, dict[int, float]] = {}
        for position, finger in fingers.items():
            shelf = self._shelves[position]
            owner = shelf.owner[: shelf.slots]
            for slot in np.flatnonzero(wanted[owner] & (owner >= 0)).tolist():
                each = found.setdefault(int(owner[slot]), {})
                each[position] = max(each.get(position, 0.0), self._compare(finger, shelf.finger(slot)))
        people = [Candidate(self._names[number], fused(each), each) for number, each in found.items()]
        people.sort(key=lambda one: (-one.score / threshold(len(one.fingers)), one.person))
        return people[:limit]

    def fit(self, person: str, position: int, template: Template) -> float:
        """How alike a print is to one finger of a person here, of whichever of its impressions is most alike.

        Args:
            person: as given to `add`; 0.0 when nobody of that name or no such finger is here.
            position: of that person's finger, 1 to 10; the print may come from any box of a card.
            template: of the print.
        """
        shelf, finger = self._shelves[position], self._describe(template)
        slots = np.flatnonzero(shelf.owner[: shelf.slots] == self._number.get(person, -2))
        return max((self._compare(finger, shelf.finger(slot)) for slot in slots.tolist()), default=0.0)

    def _brought_forward(self, fingers: Mapping[int, Finger], count: int) -> NDArray[np.int64]:
        """Numbers of the people with the best joined votes: standard scores added, over the root of their number."""
        votes, seen = np.zeros(self._next), np.zeros(self._next)
        with ThreadPoolExecutor(min(len(fingers), os.cpu_count() or 1)) as pool:
            coarse = list(pool.map(lambda position: self._shelves[position].coarse(fingers[position]), fingers))
        for position, all_scores in zip(fingers, coarse, strict=True):
            shelf = self._shelves[position]
            owner = shelf.owner[: shelf.slots]
            there = owner >= 0
            if not there.any():
                continue
            score = all_scores[there].astype(np.float64)
            best = np.full(self._next, -np.inf)
            np.maximum.at(best, owner[there], (score - score.mean()) / max(float(score.std()), 1e-6))
            have = np.isfinite(best)
            votes[have] += best[have]
            seen += have
        joined = np.where(seen > 0, votes / np.sqrt(np.maximum(seen, 1)), -np.inf)
        order = np.argsort(-joined, kind="stable")[:count]
        return order[seen[order] > 0]
