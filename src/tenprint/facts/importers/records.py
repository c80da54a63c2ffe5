"""Released files of records about people: which generation of columns a file has, and its rows, cell by cell.

Sheets and headers are found by their text. What differs from the registry is reported, never repaired and never
guessed:
a column that is new or gone, a header that moved, a redaction spelled anew, a date written as text.
"""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from tenprint.facts.importers import grid
from tenprint.facts.importers.report import Report

SEARCHED_ROWS = 40
ENOUGH = 0.5
"""Share of a release's columns that a sheet must have to be read as that release."""
ALIKE = 0.6
REDACTION = re.compile(r"(?=.*b)(?=.*[67])[\s,;:/()\[\]bBcCeEfF67.\-]{4,40}\Z")
"""The general shape of a redaction under exemptions (b)(6) and (b)(7)(C)."""
TEXT_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d-%b-%Y", "%Y%m%d")
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
"""Serial day numbers of spreadsheets between 1954 and 2064."""


class Release(msgspec.Struct, frozen=True):
    """One generation of columns."""

    id: str
    about: str
    source: str
    standing: str
    header_row: int
    columns: tuple[tuple[str, ...], ...]

    def types(self) -> dict[str, str]:
        """Types by normalized header."""
        return {norm(c[0]): c[1] for c in self.columns}

    def places(self) -> dict[str, str]:
        """Places in the facts by normalized header."""
        return {norm(c[0]): c[2] for c in self.columns if len(c) > 2}

    def header(self, normalized: str) -> str:
        """The header as the registry writes it."""
        return next(c[0] for c in self.columns if norm(c[0]) == normalized)


class Registry(msgspec.Struct, frozen=True):
    """All generations of one kind of record."""

    redactions: tuple[str, ...]
    never: tuple[str, ...]
    release: tuple[Release, ...]
    values: dict[str, tuple[str, ...]] = {}

    @classmethod
    def load(cls, kind: str) -> Registry:
        """The registry of an import kind."""
        source = resources.files("tenprint.facts.importers").joinpath(f"registry/{kind}.toml")
        return msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), cls)


class Record(msgspec.Struct, frozen=True):
    """One row of a released file: typed values by normalized header, redactions and blanks left out."""

    file: str
    sheet: str
    row: int
    values: dict[str, Any]
    rest: dict[str, str]
    """Columns that the release does not know, and dates that could not be read, as text."""


def norm(header: str) -> str:
    """A header without case, underscores and doubled blanks."""
    return re.sub(r"[\s_]+", " ", header).strip().lower()


class Sheet(msgspec.Struct):
    """A sheet with its header found and its release recognized."""

    file: str
    name: str
    release: Release
    header_row: int
    headers: list[str]
    grid: Sequence[Sequence[Any]]
    types: dict[str, str] = {}
    places: dict[str, str] = {}
    names: dict[str, str] = {}
    """Headers as the registry writes them, by normalized header."""

    def __post_init__(self) -> None:
        self.types, self.places = self.release.types(), self.release.places()
        self.names = {norm(c[0]): c[0] for c in self.release.columns}


def sheets(path: Path, registry: Registry, report: Report) -> list[Sheet]:
    """The sheets of a file that hold records; what differs from the release goes into the report."""
    found = []
    for name, rows in _grids(path).items():
        header = _header(rows, registry)
        if header is None:
            report.add(
                "note", "sheet-not-read", f"{path.name} {name}", "no row looks like the header of a known release"
            )
            continue
        row, release = header
        sheet = Sheet(path.name, name, release, row, [grid.text(c) or str(c or "") for c in rows[row]], rows)
        _drift(sheet, registry, report, text_file=path.suffix.lower() in {".csv", ".parquet"})
        found.append(sheet)
    if not found:
        _refuse(path, registry, report)
    return found


def records(sheet: Sheet, registry: Registry, report: Report) -> Iterator[Record]:
    """The rows of a sheet, in order; rows without any value are skipped."""
    types = sheet.types
    allowed = {norm(name): frozenset(values) for name, values in registry.values.items()}
    never = {norm(n) for n in registry.never}
    columns = [(i, norm(h), h) for i, h in enumerate(sheet.headers) if h and norm(h) not in never]
    reading = _Reading(registry, is_text=not sheet.name)
    for number, row in enumerate(sheet.grid[sheet.header_row + 1 :], sheet.header_row + 2):
        values: dict[str, Any] = {}
        rest: dict[str, str] = {}
        for i, name, header in columns:
            value = row[i] if i < len(row) else None
            if value is None or value == "" or reading.redacted(value, header):
                continue
            if name not in types:
                rest[header] = str(value)
            elif types[name] == "day":
                moment = reading.day(value, header, number)
                if moment is None:
                    rest[header] = str(value)
                else:
                    values.setdefault(name, moment)
            else:
                if name in allowed and str(value) not in allowed[name]:
                    reading.unknown[header, str(value)] += 1
                values.setdefault(name, value)
        if values or rest:
            yield Record(sheet.file, sheet.name, number, values, rest)
    reading.tell(f"{sheet.file} {sheet.name}".strip(), report)


class _Reading:
    """Notices of one sheet while its rows are read."""

    def __init__(self, registry: Registry, *, is_text: bool) -> None:
        self.known = frozenset(registry.redactions)
        self.is_text = is_text
        self.spellings: Counter[tuple[str, str]] = Counter()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.as_text: Counter[tuple[str, str]] = Counter()
        self.unreadable: dict[str, list[tuple[int, str]]] = {}

    def redacted(self, value: object, header: str) -> bool:
        if not isinstance(value, str):
            return False
        if value in self.known:
            return True
        if REDACTION.match(value):
            self.spellings[header, value] += 1
            return True
        return False

    def day(self, value: object, header: str, row: int) -> datetime | None:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall date, given a zone by the caller
        if isinstance(value, int | float) and FIRST_SERIAL < value < LAST_SERIAL:
            self.as_text[header, "a spreadsheet's serial number"] += 1
            return datetime(1899, 12, 30) + timedelta(days=float(value))  # noqa: DTZ001
        for pattern in TEXT_DATES:
            try:
                found = datetime.strptime(str(value).strip(), pattern)  # noqa: DTZ007
            except ValueError:
                continue
            if not (self.is_text and pattern == "%Y-%m-%d"):
                self.as_text[header, pattern] += 1
            return found
        self.unreadable.setdefault(header, []).append((row, str(value)))
        return None

    def tell(self, where: str, report: Report) -> None:
        for (header, spelling), n in self.spellings.items():
            report.add(
                "drift", "redaction-new", f"{where} column {header!r}", f"{spelling!r} is read as a redaction", n
            )
        for (header, pattern), n in self.as_text.items():
            report.add("drift", "date-as-text", f"{where} column {header!r}", f"dates written as {pattern}", n)
        for header, cases in self.unreadable.items():
            row, value = cases[0]
            report.add(
                "drift", "date-unreadable", f"{where} column {header!r}", f"first in row {row}: {value!r}", len(cases)
            )
        for (header, value), n in self.unknown.most_common(20):
            report.add("drift", "value-new", f"{where} column {header!r}", f"{value!r} is not in the list of values", n)


def _grids(path: Path) -> dict[str, Sequence[Sequence[Any]]]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return {"": list(csv.reader(lines))}
    if suffix == ".parquet":
        table = pq.read_table(path)
        columns = [c.to_pylist() for c in table.columns]
        return {"": [table.column_names, *(list(r) for r in zip(*columns, strict=True))]}
    return dict(grid.sheets(path))


def _header(rows: Sequence[Sequence[Any]], registry: Registry) -> tuple[int, Release] | None:
    best: tuple[float, int, Release] | None = None
    for number, row in enumerate(rows[:SEARCHED_ROWS]):
        names = {norm(c) for c in row if isinstance(c, str) and c}
        if len(names) < 3:
            continue
        for release in registry.release:
            known = release.types().keys()
            share = len(names & known) / len(known | names)
            enough = len(names & known) >= ENOUGH * min(len(known), len(names))
            if enough and (best is None or share > best[0]):
                best = (share, number, release)
    return None if best is None else best[1:]


def _drift(sheet: Sheet, registry: Registry, report: Report, *, text_file: bool) -> None:
    release, where = sheet.release, f"{sheet.file} {sheet.name}".strip()
    report.add("note", "release", where, f"read as {release.id} ({release.about}; {release.standing})")
    expected = 1 if text_file else release.header_row
    if sheet.header_row + 1 != expected:
        report.add(
            "drift",
            "header-moved",
            where,
            f"expected the header in row {expected}, found it in row {sheet.header_row + 1}",
        )
    here = {norm(h): h for h in sheet.headers if h}
    never = {norm(n) for n in registry.never}
    dropped = [h for n, h in here.items() if n in never]
    report.add("note", "column-never-imported", where, ", ".join(dropped), len(dropped))
    missing = [n for n in release.types() if n not in here]
    added = [n for n in here if n not in release.types() and n not in never]
    for name in list(missing):
        like = max(added, key=lambda other: _likeness(name, other), default="")
        if like and _likeness(name, like) >= ALIKE:
            missing.remove(name)
            added.remove(like)
            detail = f"expected {release.header(name)!r}, found {here[like]!r}: kept aside, not used in its place"
            report.add("drift", "column-renamed", where, detail)
    report.add("drift", "column-missing", where, ", ".join(release.header(n) for n in missing), len(missing))
    report.add("drift", "column-added", where, ", ".join(here[n] for n in added), len(added))


def _likeness(one: str, other: str) -> float:
    """How much two headers are alike: in their letters, or in their words in any order."""
    words, others = set(one.split()) - {"of", "the"}, set(other.split()) - {"of", "the"}
    return max(difflib.SequenceMatcher(None, one, other).ratio(), len(words & others) / len(words | others or {""}))


def _refuse(path: Path, registry: Registry, report: Report) -> None:
    names: set[str] = set()
    for rows in _grids(path).values():
        for row in rows[:SEARCHED_ROWS]:
            texts = {norm(c) for c in row if isinstance(c, str) and c}
            names = max(names, texts, key=len)
    closest = max(registry.release, key=lambda r: len(names & r.types().keys()))
    lacks = [c[0] for c in closest.columns if norm(c[0]) not in names]
    report.add(
        "refused", "unknown-release", path.name,
        f"closest is {closest.id}: {len(closest.columns) - len(lacks)} of its {len(closest.columns)} columns are here; "
        f"missing {', '.join(lacks[:8])}{' ...' if len(lacks) > 8 else ''}; "
        f"unknown {', '.join(sorted(names - closest.types().keys())[:8]) or 'none'}",
    )  # fmt: skip
