"""What is checked at the end: the searches, the ledger, the watch, the figure."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import msgspec

from tenprint import facts, figures
from tenprint.cases import Case
from tenprint.cases.card.events import CriminalSearched, ImmigrationSearched
from tenprint.cli.demonstration.play import Play
from tenprint.cli.demonstration.script import FigureOn
from tenprint.figures import Figure
from tenprint.proof import notes

FACTS = "facts"


class Recognition(msgspec.Struct, frozen=True):
    """Searches held against who the people really are."""

    right: int
    wrong: tuple[str, ...]
    lowest_mate: float
    highest_stranger: float
    thresholds: tuple[float, ...]
    """Those that were used, by the number of fingers that could be compared."""


class Moved(msgspec.Struct, frozen=True):
    """A figure on two as-of dates."""

    asked: FigureOn
    title: str
    before: Figure
    after: Figure
    parts: Mapping[str, Fraction | int]
    again: bool
    """Whether a second extraction of the ledger gave the same numbers."""

    def cell(self, figure: Figure) -> dict[str, object]:
        """The county's row."""
        return next(row for row in figure.rows if row["county"] == self.asked.county)


class Checks(msgspec.Struct, frozen=True):
    """Everything that was checked."""

    entries: int
    root: str
    problems: tuple[str, ...]
    recognition: Recognition
    silent: tuple[str, ...]
    """Holds past their deadline without an incident, in any round of the watch."""
    rounds: int
    moved: Moved

    @property
    def good(self) -> bool:
        """Whether everything is as it should be."""
        return not (self.problems or self.recognition.wrong or self.silent) and self.moved.again


def check(played: Play) -> Checks:
    """Check what was played; the facts stay in the folder."""
    ledger = played.exchange.ledger
    moved = _moved(played)
    checkpoint = notes.open_note(ledger.checkpoint(), [ledger.verifier])
    return Checks(
        entries=checkpoint.size,
        root=checkpoint.root.hex(),
        problems=tuple(str(p) for p in ledger.verify()),
        recognition=_recognition(played),
        silent=tuple(tcn for watch in played.watches for tcn in watch.silent),
        rounds=len(played.watches),
        moved=moved,
    )


def _recognition(played: Play) -> Recognition:
    wrong: list[str] = []
    mates: list[float] = []
    strangers: list[float] = [0.0]
    thresholds: list[float] = []
    right = 0
    for card in played.bookings:
        case = played.exchange.case(card.tcn)
        for system, search in _searches(case):
            expected = dict(card.enrolled).get(system)
            thresholds.append(search.threshold)
            (mates if expected else strangers).append(search.score or 0.0)
            if search.identity == expected:
                right += 1
            else:
                wrong.append(f"{card.tcn}, {system}: expected {expected or 'nobody'}, found {search.identity}")
    return Recognition(right, tuple(wrong), min(mates), max(strangers), tuple(sorted(set(thresholds))))


def _searches(case: Case) -> list[tuple[str, CriminalSearched | ImmigrationSearched]]:
    both = (("criminal", case.criminal), ("immigration", case.immigration))
    return [(system, search) for system, search in both if search is not None]


def _moved(played: Play) -> Moved:
    asked = played.script.figure
    folder = played.folder / FACTS
    facts.extract(played.exchange.ledger, folder)
    before, after = (figures.compute(asked.name, folder, day) for day in (asked.before, asked.after))
    difference = figures.difference(asked.name, folder, asked.before, asked.after)
    row = next(r for r in difference.rows if r.names["county"] == asked.county)
    with tempfile.TemporaryDirectory(prefix="tenprint-again-") as second:
        facts.extract(played.exchange.ledger, Path(second) / FACTS)
        repeated = [figures.compute(asked.name, Path(second) / FACTS, day) for day in (asked.before, asked.after)]
    again = [f.rows for f in repeated] == [before.rows, after.rows]
    return Moved(asked, before.title, before, after, row.parts, again)
