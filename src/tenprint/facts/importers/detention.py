"""Import kind ``ice-detention-statistics``: the official detention workbooks, as published cells.

Sheets, headers and footnotes are found by their text. "EID as of" and "IIDS Run Date" become columns; the footnote that
defines a label stays with its cells; sub-rows name the row that holds them; every sum of the sheet is recomputed.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts.errors import FactsError
from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.importers import cells, grid
from tenprint.facts.importers.footnotes import Drawn, Footnotes
from tenprint.facts.importers.report import Report

KIND = "ice-detention-statistics"
ORIGIN = "published:ice-detention-statistics"
TOTAL = "Total"
TOTALS = {"total", "fy overall", "grand total", "fy total"}
MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
FISCAL = re.compile(r"FY\s*(\d{4}|\d{2})", re.IGNORECASE)
FIRST_FISCAL_MONTH = 10


class Nested(msgspec.Struct, frozen=True):
    """One label column that holds two labels: a group, and the rows below it."""

    header: str
    group: str
    outer: str
    inner: str


class Spec(msgspec.Struct, frozen=True):
    """What the registry knows of one table."""

    series: str
    title: str
    unit: str
    columns: str
    additive: bool
    footnote: str
    rows: tuple[tuple[str, str], ...] = ()
    nested: Nested | None = None
    skip: str = ""
    sub_of: tuple[tuple[str, str, str], ...] = ()
    definition: str = ""
    snapshot: bool = False


def registry() -> tuple[Spec, ...]:
    """The tables that are known."""
    source = resources.files("tenprint.facts.importers").joinpath("registry/detention.toml")
    return msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8"))["table"], tuple[Spec, ...])


def import_files(files: list[Path], folder: Folder, report: Report) -> None:
    """Import workbooks; each is one vintage of every table in it."""
    rows: list[dict[str, Any]] = []
    sources = []
    for file in files:
        try:
            found = _workbook(file, report)
        except FactsError as wrong:
            report.add("refused", "not-a-workbook", file.name, str(wrong))
            continue
        if found:
            rows += found
            report.files.append(file.name)
            sources.append({"name": file.name, "sha256": file_hash(file)})
    if rows:
        report.rows[cells.TABLE] = cells.write(folder, KIND, rows, {"origin": ORIGIN, "files": sources})


def _workbook(file: Path, report: Report) -> list[dict[str, Any]]:
    sheets = grid.sheets(file)
    footnotes = Footnotes(sheets)
    rows: list[dict[str, Any]] = []
    known = set()
    for spec in registry():
        places = [(name, r, c) for name, g in sheets.items() for r, c, _ in grid.titles(g, spec.title)]
        tables = [b for name, r, c in places if (b := grid.block(name, sheets[name], r, c))]
        if not tables:
            report.add(
                "drift", "table-missing", file.name, f"no table titled like {spec.title!r} (series {spec.series})"
            )
            continue
        known |= {(b.sheet, b.row) for b in tables}
        rows += _table(file, spec, tables[0], footnotes, report)
    if not rows:
        report.add(
            "refused", "unknown-release", file.name, f"none of the known tables in its sheets: {', '.join(sheets)}"
        )
        return []
    _unknown_tables(file, sheets, known, report)
    read = {sheet for sheet, _ in known} | {footnotes.sheet}
    unread = [name.strip() for name in sheets if name not in read]
    report.add("note", "sheet-not-read", file.name, ", ".join(unread), len(unread))
    return rows


def _unknown_tables(file: Path, sheets: Mapping[str, grid.Grid], known: set[tuple[str, int]], report: Report) -> None:
    for name in {sheet for sheet, _ in known}:
        for r, c, title in grid.titles(sheets[name], r"^(ICE|Aliens|Average)\b.{25,}"):
            if (name, r) not in known and grid.block(name, sheets[name], r, c):
                report.add("note", "table-not-imported", f"{file.name} {name.strip()}!{grid.reference(c, r)}", title)


def _table(file: Path, spec: Spec, block: grid.Block, footnotes: Footnotes, report: Report) -> list[dict[str, Any]]:
    where = f"{file.name} {block.sheet.strip()}!{grid.reference(block.columns[0][0], block.row)}"
    drawn = footnotes.drawn(spec.footnote)
    if drawn is None:
        report.add(
            "drift", "no-date", where, f"no footnote says 'IIDS Run Date ...; EID as of ...' for {spec.footnote!r}"
        )
        return []
    year = FISCAL.search(block.title) or FISCAL.search(block.sheet)
    if year is None:
        report.add("drift", "no-fiscal-year", where, f"neither {block.title!r} nor its sheet names a fiscal year")
        return []
    table = _Table(
        file, spec, block, drawn, 2000 + int(year[1]) % 100, footnotes.definition(spec.footnote, spec.definition)
    )
    missing = table.missing()
    if missing:
        headers = ", ".join(name for _, name in block.columns)
        report.add("drift", "header-missing", where, f"expected a column {', '.join(missing)}; got {headers}")
        return []
    rows = table.cells()
    _check_sums(spec, rows, where, report)
    return rows


class _Table:
    """One table of one workbook, being read."""

    def __init__(
        self, file: Path, spec: Spec, block: grid.Block, drawn: Drawn, fiscal_year: int, definition: str
    ) -> None:  # fmt: skip
        self.file, self.spec, self.block, self.drawn = file, spec, block, drawn
        self.fiscal_year, self.definition = fiscal_year, definition
        headers = [spec.nested.header] if spec.nested else [header for _, header in spec.rows]
        by_text = {name.lower(): i for i, (_, name) in enumerate(block.columns)}
        self.label_columns = [by_text.get(h.lower()) for h in headers]
        self.headers = headers

    def missing(self) -> list[str]:
        """Label columns that the table should have and has not."""
        return [h for h, i in zip(self.headers, self.label_columns, strict=True) if i is None]

    def cells(self) -> list[dict[str, Any]]:
        """Every cell with a number, months that had not begun left out."""
        made = []
        labels: dict[str, str] = {}
        for row, values in self.block.body:
            labels = self._labels(values, labels)
            for i, (column, header) in enumerate(self.block.columns):
                if i in self.label_columns or not isinstance(values[i], int | float):
                    continue
                if self.spec.skip and re.fullmatch(self.spec.skip, header, re.IGNORECASE):
                    continue
                cell = self._cell(dict(labels), header, values[i], grid.reference(column, row))
                if cell is not None:
                    made.append(cell)
        return made

    def _labels(self, values: tuple[Any, ...], before: dict[str, str]) -> dict[str, str]:
        texts = [grid.text(values[i]) for i in self.label_columns if i is not None]
        nested = self.spec.nested
        if nested is not None:
            if texts[0].lower().endswith(nested.group.lower()):
                outer = texts[0][: -len(nested.group)].strip() or TOTAL
                return {nested.outer: outer, nested.inner: TOTAL}
            return {nested.outer: before.get(nested.outer, TOTAL), nested.inner: texts[0]}
        names = [name for name, _ in self.spec.rows]
        found = dict(zip(names, texts, strict=True))
        if not texts[0]:
            found[names[0]] = before.get(names[0], "")
        return {name: _total(value) or TOTAL for name, value in found.items()}

    def _cell(self, labels: dict[str, str], header: str, value: float, address: str) -> dict[str, Any] | None:
        spec, drawn = self.spec, self.drawn
        since, until = date(self.fiscal_year - 1, FIRST_FISCAL_MONTH, 1), date(self.fiscal_year, FIRST_FISCAL_MONTH, 1)
        if spec.columns == "month" and header[:3].lower() in MONTHS and header.lower() not in TOTALS:
            month = MONTHS[header[:3].lower()]
            since = date(self.fiscal_year - (month >= FIRST_FISCAL_MONTH), month, 1)
            until = date(since.year + (month == 12), month % 12 + 1, 1)
            if since > drawn.data_as_of:
                return None
            labels["month"] = f"{since:%Y-%m}"
        elif spec.columns != "to_date":
            labels[spec.columns] = _total(header)
        labels[cells.SCOPE] = f"FY{self.fiscal_year}"
        holder = next((to for name, like, to in spec.sub_of if re.fullmatch(like, labels[name], re.IGNORECASE)), None)
        if spec.snapshot:
            since = drawn.data_as_of
        return cells.cell(
            series=spec.series, labels=labels, value=value, unit=spec.unit, measure=self.block.title,
            drawn=drawn.run_on, since=since, origin=ORIGIN, release=self.file.name,
            source=f"{self.file.name} {self.block.sheet.strip()}!{address}",
            total=any(v == TOTAL for v in labels.values()), sub_of=holder, period_from=since,
            period_to=None if spec.snapshot else until, closed=until <= drawn.data_as_of, data_as_of=drawn.data_as_of,
            run_on=drawn.run_on, published_on=_published_on(self.file.name), definition=self.definition,
        )  # fmt: skip


def _check_sums(spec: Spec, rows: list[dict[str, Any]], where: str, report: Report) -> None:
    """Recompute every total of the table from its cells; sub-rows are not added a second time."""
    if not spec.additive:
        return
    by_labels = {tuple(sorted(dict(r["labels"]).items())): r for r in rows}
    names = sorted({n for key in by_labels for n, _ in key} - {cells.SCOPE})
    for name in names:
        parts: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for key, row in by_labels.items():
            labels = dict(key)
            held = row["sub_of"] is not None and any(n == name for n, _, _ in spec.sub_of)
            if labels[name] != TOTAL and not held:
                parts[tuple(sorted((labels | {name: TOTAL}).items()))] += row["value"]
        for key, expected in parts.items():
            stated = by_labels.get(key)
            if stated is None:
                continue
            report.checks += 1
            if stated["value"] != expected:
                at = stated["source"].rsplit("!", 1)[-1]
                report.add(
                    "drift",
                    "sum",
                    f"{where} {at}",
                    f"stated {stated['value']:f}, its parts over {name} add up to {expected:f}",
                )


def _total(label: str) -> str:
    return TOTAL if label.lower() in TOTALS else label


def _published_on(name: str) -> date | None:
    # Only where the file's own name says it: eight digits, month first.
    found = re.search(r"(?<!\d)(\d{2})(\d{2})(20\d{2})(?!\d)", name)
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
