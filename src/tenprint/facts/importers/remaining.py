"""Numbers of a workbook in tables that no registry knows: read by shape, named by the words of sheet and table.

With them nothing of a workbook is lost in silence: every number of every sheet is a cell of the facts, or is counted
with the reason why it is none.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tenprint.facts.importers import cells, grid
from tenprint.facts.importers.footnotes import Drawn
from tenprint.facts.importers.report import Report
from tenprint.facts.importers.shapes import FISCAL_WORD, Number, Shape, is_number, shapes

TOTAL = "Total"
FIRST_FISCAL_MONTH = 10
FISCAL = re.compile(r"FY\)?\s*(\d{4}|\d{2})(?!\d)", re.IGNORECASE)
MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
YEARLY = 6
"""So many columns named after months make a table of the months of a fiscal year."""
UNITS = (
    (re.compile(r"percent|%|rate\b", re.IGNORECASE), "share"),
    (re.compile(r"\b(ALOS|ALIP|ICLOS)\b|length (of stay|in program)|\bdays\b", re.IGNORECASE), "days"),
    (re.compile(r"\bADP\b|daily population|^(level [a-d]|(fe)?male (non-)?crim|.*threat level.*|mandatory)$",
                re.IGNORECASE), "people, daily average"),
    (re.compile(r"cost|amount", re.IGNORECASE), "dollars"),
    (re.compile(r"guaranteed minimum", re.IGNORECASE), "beds"),
)  # fmt: skip
"""Words of a header, or of a title, that say the unit; a number of another table is as published."""


@dataclass(frozen=True)
class Release:
    """What is known of the workbook that is read.

    Attributes:
        file: Its path.
        drawn: Dates for a sheet, from the section of the footnotes that speaks of it, or those of the workbook.
        published_on: Where the name of the file says it.
        origin: Origin of the rows.
    """

    file: Path
    drawn: Mapping[str, Drawn]
    published_on: date | None
    origin: str


def read(
    release: Release, sheets: Mapping[str, grid.Grid], taken: Mapping[str, Mapping[tuple[int, int], str]],
    known: Mapping[str, int], report: Report,
) -> list[dict[str, Any]]:  # fmt: skip
    """Every number that no known table took.

    Args:
        release: The workbook.
        sheets: Its sheets.
        taken: By sheet, places of known tables: with an empty text what is no number or was read, else the reason why
            a number was not.
        known: By sheet, how many numbers known tables gave.
        report: Gets the count of numbers read and not read for each sheet.
    """
    rows = []
    for name, sheet in sheets.items():
        of_sheet = taken.get(name, {})
        left: dict[str, list[str]] = defaultdict(list)
        for (r, c), why in of_sheet.items():
            left[why] += [grid.reference(c, r)] if why else []
        found = shapes(name, sheet, frozenset(of_sheet))
        seen = set(of_sheet)
        made = 0
        for series, shape in series_of(name, found):
            for number in shape.numbers:
                rows.append(_row(release, name, series, shape, number))
                made += 1
            seen |= {(n.row, n.column) for n in shape.numbers}
            for r, c, why in shape.left:
                left[why].append(grid.reference(c, r))
                seen.add((r, c))
        numbers = [(r, c) for r, row in enumerate(sheet) for c, v in enumerate(row) if is_number(v)]
        left["in no table"] += [grid.reference(c, r) for r, c in numbers if (r, c) not in seen]
        _told(release.file, name, len(numbers), known.get(name, 0) + made, left, report)
    return rows


def _told(
    file: Path, sheet: str, numbers: int, given: int, left: Mapping[str, list[str]], report: Report
) -> None:  # fmt: skip
    where = f"{file.name} {sheet.strip()}"
    unread = sum(map(len, left.values()))
    report.add("note", "cells-read", where, f"{given} of {numbers} numbers are cells of the facts", given)
    reasons = "; ".join(
        f"{len(places)} {why} ({', '.join(places[:3])}{' ...' if len(places) > 3 else ''})"
        for why, places in sorted(left.items())
        if places
    )
    report.add("note", "cells-unread", where, f"{unread} of {numbers} numbers: {reasons}", unread)
    lost = abs(numbers - given - unread)
    report.add("drift", "cells-lost", where, f"{numbers} numbers; {given} read and {unread} not do not add up", lost)


def series_of(sheet: str, found: tuple[Shape, ...]) -> Iterator[tuple[str, Shape]]:
    """Series by the words of sheet and title, the fiscal year left out; a table of the same words keeps its number."""
    kind = _slug(sheet)
    seen: Counter[str] = Counter()
    for shape in found:
        title = _slug(shape.title)
        name = kind if title in {"", kind} or (len(found) == 1 and kind == "facilities") else f"{kind}/{title}"
        seen[name] += 1
        yield (name if seen[name] == 1 else f"{name}/{seen[name]}"), shape


def _slug(words: str) -> str:
    plain = re.sub(r"\bas of\b.*|\bthru \w+", "", FISCAL_WORD.sub(" ", words), flags=re.IGNORECASE)
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _row(release: Release, sheet: str, series: str, shape: Shape, number: Number) -> dict[str, Any]:
    drawn = release.drawn[sheet]
    year = fiscal_year(shape.title, sheet) or drawn.data_as_of.year + (drawn.data_as_of.month >= FIRST_FISCAL_MONTH)
    since, until = date(year - 1, FIRST_FISCAL_MONTH, 1), date(year, FIRST_FISCAL_MONTH, 1)
    labels = {name: TOTAL if value.lower() in {"total", "grand total"} else value for name, value in number.labels}
    month = MONTHS.get(number.header[:3].lower())
    if month and sum(n.header[:3].lower() in MONTHS for n in shape.numbers) >= YEARLY:
        since = date(year - (month >= FIRST_FISCAL_MONTH), month, 1)
        until = date(since.year + (month == 12), month % 12 + 1, 1)
        labels["month"] = f"{since:%Y-%m}"
    else:
        labels["column"] = TOTAL if number.header.lower() in {"total", "fy overall"} else number.header
    labels[cells.SCOPE] = f"FY{year}"
    return cells.cell(
        series=series, labels=labels, value=number.value, unit=unit_of(number.header, shape.title), measure=shape.title,
        drawn=drawn.run_on, since=since, origin=release.origin, release=release.file.name,
        source=f"{release.file.name} {sheet.strip()}!{grid.reference(number.column, number.row)}",
        total=TOTAL in labels.values(), sub_of=None, period_from=since, period_to=until,
        closed=until <= drawn.data_as_of, data_as_of=drawn.data_as_of, run_on=drawn.run_on,
        published_on=release.published_on, definition="",
    )  # fmt: skip


def fiscal_year(*texts: str) -> int | None:
    """The last fiscal year that the first text names which names one."""
    found = next((years[-1] for t in texts if (years := FISCAL.findall(t))), None)
    return 2000 + int(found) % 100 if found else None


def unit_of(header: str, title: str) -> str:
    """The unit that the words over a number say."""
    return next((unit for words in (header, title) for like, unit in UNITS if like.search(words)), "as published")
