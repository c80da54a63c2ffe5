"""The sheet of footnotes: which day the data ran to, on which day they were drawn, and what a label means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from tenprint.facts.importers.grid import Grid, text

RUN = re.compile(r"IIDS Run Date\W*(\d{1,2}/\d{1,2}/\d{2,4})", re.IGNORECASE)
AS_OF = re.compile(r"EID as of\W*(\d{1,2}/\d{1,2}/\d{2,4})", re.IGNORECASE)


class Drawn(NamedTuple):
    """Day on which the data were drawn, and day up to which they ran."""

    run_on: date
    data_as_of: date


class Footnotes:
    """Footnotes by section.

    Args:
        sheets: All sheets of the workbook; the one that says so in its name or its text is read.
    """

    def __init__(self, sheets: Mapping[str, Grid]) -> None:
        self.sheet, grid = _find(sheets)
        self.sections: list[tuple[str, list[str]]] = []
        for row in grid:
            cells = [text(c) for c in row]
            first = next((i for i, c in enumerate(cells) if c), None)
            if first is None:
                continue
            if first == 0:
                self.sections.append((cells[0], []))
            if self.sections:
                self.sections[-1][1].extend(c for c in cells[1:] if c)

    def section(self, pattern: str) -> list[str]:
        """Footnotes of all sections whose heading matches."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return [note for heading, notes in self.sections if wanted.search(heading) for note in notes]

    def drawn(self, section: str) -> Drawn | None:
        """The dates that a section states."""
        for note in self.section(section):
            run, as_of = RUN.search(note), AS_OF.search(note)
            if run and as_of:
                return Drawn(_day(run[1]), _day(as_of[1]))
        return None

    def definition(self, section: str, pattern: str) -> str:
        """The footnote that defines a label; one of another section says from where."""
        if not pattern:
            return ""
        wanted = re.compile(pattern, re.IGNORECASE)
        for note in self.section(section):
            if wanted.search(note):
                return note
        for heading, notes in self.sections:
            for note in notes:
                if wanted.search(note):
                    return f"[of the section {heading!r}; this table's own section defines nothing] {note}"
        return ""


def _find(sheets: Mapping[str, Grid]) -> tuple[str, Grid]:
    for name, grid in sheets.items():
        if "footnote" in name.lower():
            return name, grid
    for name, grid in sheets.items():
        if any(RUN.search(text(c)) for row in grid for c in row):
            return name, grid
    return "", []


def _day(written: str) -> date:
    month, day, year = written.split("/")
    return datetime(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).date()  # noqa: DTZ001
