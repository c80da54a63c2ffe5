"""The sheet of footnotes: which day the data ran to, on which day they were drawn, and what a label means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from tenprint.facts.importers.grid import Grid, text

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DAY = rf"(\d{{1,2}}[/.]\d{{1,2}}[/.](?:20)?\d{{2}}|20\d{{2}}-\d{{2}}-\d{{2}}|{MONTH}\.? \d{{1,2}},? 20\d{{2}})"
RUN = re.compile(rf"\brun (?:date|as of|on)\W*{DAY}", re.IGNORECASE)
AS_OF = re.compile(rf"\bEID as of\W*{DAY}", re.IGNORECASE)
"""In all workbooks read so far: "IIDS Run Date", "IIDS v.1.34 run date", "IIDS v2.0 run date", once "run as of"."""


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
            if (found := _drawn(note)) is not None:
                return found
        return None

    def latest(self) -> Drawn | None:
        """The latest dates that any section states."""
        return max(filter(None, (_drawn(note) for _, notes in self.sections for note in notes)), default=None)

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
        if any(RUN.search(text(c)) or AS_OF.search(text(c)) for row in grid for c in row):
            return name, grid
    return "", []


def _drawn(note: str) -> Drawn | None:
    """The dates of one footnote; one that says only when the data were drawn ran up to that day."""
    run, as_of = RUN.search(note), AS_OF.search(note)
    if run is None and as_of is None:
        return None
    days = [_day(found[1]) for found in (run, as_of) if found]
    return Drawn(days[0], days[-1])


def _day(written: str) -> date:
    if written[0].isalpha():
        month, day, year = re.sub(r"[.,]", "", written).split()
        return datetime.strptime(f"{month[:3]} {day} {year}", "%b %d %Y").date()  # noqa: DTZ007 - a day has no zone
    if "-" in written:
        return date.fromisoformat(written)
    month, day, year = re.split(r"[/.]", written)
    return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
