"""Who is it: people with up to ten fingers, searched by some of theirs.

A gallery is a cache of templates that live elsewhere; it can be filled again at any time and then gives the same
answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from tenprint.finger.calibration import threshold
from tenprint.finger.errors import GalleryUnusable
from tenprint.finger.matching import DEFAULT, Finger, described
from tenprint.finger.template import Template

POSITIONS = range(1, 11)
"""Friction ridge positions of ANSI/NIST-ITL: 1 right thumb to 5 right little, 6 left thumb to 10 left little."""

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
    """People with up to ten fingers and any number of impressions of each."""

    def __init__(self) -> None:
        self._shelves = {position: _Shelf() for position in POSITIONS}
        self._people: dict[str, int] = {}

    def __len__(self) -> int:
        """Number of people."""
        return len(self._people)

    def __contains__(self, person: object) -> bool:
        return person in self._people

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
        self._people[person] = self._people.get(person, 0) + 1
        self._shelves[position].add(person, described(template))

    def remove(self, person: str) -> None:
        """Remove all fingers of a person; nothing of them stays in memory.

        Raises:
            GalleryUnusable: when the person is not here.
        """
        if self._people.pop(person, None) is None:
            raise GalleryUnusable(f"{person!r} is not in this gallery")
        for shelf in self._shelves.values():
            shelf.remove(person)

    def search(self, probe: Mapping[int, Template], limit: int = 20) -> list[Candidate]:
        """The people most alike, best first: ranked by score over the threshold for the number of fingers compared.

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
        found: dict[str, dict[int, float]] = {}
        for position, template in sorted(probe.items()):
            for person, value in self._shelves[position].search(described(template)).items():
                found.setdefault(person, {})[position] = value
        people = [Candidate(name, fused(each), each) for name, each in found.items()]
        people.sort(key=lambda one: (-one.score / threshold(len(one.fingers)), one.person))
        return people[:limit]


class _Shelf:
    """All impressions of one finger position."""

    def __init__(self) -> None:
        self._people: dict[str, list[Finger]] = {}

    def add(self, person: str, finger: Finger) -> None:
        """Append one impression."""
        self._people.setdefault(person, []).append(finger)

    def remove(self, person: str) -> None:
        """Drop a person's impressions."""
        self._people.pop(person, None)

    def search(self, probe: Finger) -> dict[str, float]:
        """Best score of each person who has this finger."""
        return {
            person: max(DEFAULT.compare(probe, finger) for finger in impressions)
            for person, impressions in self._people.items()
        }
