"""Who is it: people with up to ten fingers, searched by some of theirs.

A gallery is a cache of templates that live elsewhere; it can be filled again at any time and then gives the same
answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.calibration import threshold
from tenprint.finger.cylinders import SECTIONS, Cylinders
from tenprint.finger.errors import GalleryUnusable
from tenprint.finger.matching import described, scores
from tenprint.finger.template import Template

POSITIONS = range(1, 11)
"""Friction ridge positions of ANSI/NIST-ITL: 1 right thumb to 5 right little, 6 left thumb to 10 left little."""


class Candidate(msgspec.Struct, frozen=True):
    """A person who may be the one searched for.

    Attributes:
        person: as given to `Gallery.add`.
        score: fused: the mean over the fingers that both have; compare it with ``threshold(len(fingers))``.
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
        people = [Candidate(name, float(np.mean(list(each.values()))), each) for name, each in found.items()]
        people.sort(key=lambda one: (-one.score / threshold(len(one.fingers)), one.person))
        return people[:limit]


class _Shelf:
    """All impressions of one finger position, in arrays that grow by doubling."""

    def __init__(self) -> None:
        self._points: NDArray[np.float32] = np.empty((0, 3), np.float32)
        self._bits: NDArray[np.uint64] = np.empty((0, SECTIONS), np.uint64)
        self._valid: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._begin: list[int] = []
        self._end: list[int] = []
        self._person: list[str] = []

    @property
    def _used(self) -> int:
        return self._end[-1] if self._end else 0

    def add(self, person: str, finger: Cylinders) -> None:
        """Append one impression."""
        begin, end = self._used, self._used + len(finger)
        if end > len(self._valid):
            self._resize(max(1024, 2 * end))
        self._points[begin:end] = finger.points
        self._bits[begin:end] = finger.bits
        self._valid[begin:end] = finger.valid
        self._begin.append(begin)
        self._end.append(end)
        self._person.append(person)

    def remove(self, person: str) -> None:
        """Close the gaps that a person's impressions leave; zeros overwrite what is behind the end."""
        if person not in self._person:
            return
        keep = [k for k, name in enumerate(self._person) if name != person]
        rows = np.concatenate(
            [np.arange(self._begin[k], self._end[k]) for k in keep] or [np.zeros(0, np.int64)]
        ).astype(int)
        used = self._used
        lengths = [self._end[k] - self._begin[k] for k in keep]
        for array in (self._points, self._bits, self._valid):
            array[: len(rows)] = array[rows]
            array[len(rows) : used] = 0
        self._end = np.cumsum(lengths, dtype=int).tolist()
        self._begin = [end - length for end, length in zip(self._end, lengths, strict=True)]
        self._person = [self._person[k] for k in keep]

    def search(self, probe: Cylinders) -> dict[str, float]:
        """Best score of each person who has this finger."""
        if not self._person:
            return {}
        begin, end = np.array(self._begin), np.array(self._end)
        values = scores(probe.points, probe.bits, probe.valid, self._points, self._bits, self._valid, begin, end)
        best: dict[str, float] = {}
        for person, value in zip(self._person, values.tolist(), strict=True):
            best[person] = max(value, best.get(person, 0.0))
        return best

    def _resize(self, rows: int) -> None:
        used = self._used
        for name in ("_points", "_bits", "_valid"):
            old = getattr(self, name)
            new = np.zeros((rows, *old.shape[1:]), old.dtype)
            new[:used] = old[:used]
            setattr(self, name, new)
