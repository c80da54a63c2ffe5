"""Import kind ``ice-detention-statistics``: the official detention workbooks, as published cells.

Sheets, headers and footnotes are found by their text. "EID as of" and "IIDS Run Date" become columns; the footnote that
defines a label stays with its cells; sub-rows name the row that holds them; every sum of the sheet is recomputed.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts.errors import FactsError
from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.importers import cells, grid, remaining
from tenprint.facts.importers.footnotes import Drawn, Footnotes
from tenprint.facts.importers.remaining import FIRST_FISCAL_MONTH, MONTHS, TOTAL, fiscal_year
from tenprint.facts.importers.report import Report
from tenprint.facts.importers.shapes import FISCAL_WORD

KIND = "ice-detention-statistics"
ORIGIN = "published:ice-detention-statistics"
TOTALS = {"total", "fy overall", "grand total", "fy total"}


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
    fixed: dict[str, str] = {}


def registry(more: Path | None = None) -> tuple[Spec, ...]:
    """The tables that are known.

    Args:
        more: A file of the same form as ``registry/detention.toml``; its tables come first.

    Raises:
        FactsError: when that file is not such a registry.
    """
    source = resources.files("tenprint.facts.importers").joinpath("registry/detention.toml")
    shipped = msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8"))["table"], tuple[Spec, ...])
    if more is None:
        return shipped
    try:
        own = msgspec.convert(tomllib.loads(more.read_text(encoding="utf-8"))["table"], tuple[Spec, ...])
        for spec in own:
            re.compile(spec.title), re.compile(spec.footnote), re.compile(spec.definition)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, msgspec.ValidationError, re.error) as wrong:
        raise FactsError(f"{more}: expected tables as in registry/detention.toml: {wrong}") from None
    return (*own, *shipped)


def import_files(
    files: list[Path], folder: Folder, report: Report, *, as_of: date | None = None, more: Path | None = None
) -> None:
    """Import workbooks; each is one vintage of every table in it.

    Args:
        files: Workbooks.
        folder: Folder of facts.
        report: What was done.
        as_of: The day on which the data were drawn, where a workbook does not say it.
        more: A registry of one's own, see ``registry``.
    """
    specs = registry(more)
    rows: list[dict[str, Any]] = []
    sources = []
    for file in files:
        try:
            found = _workbook(file, specs, as_of, report)
        except FactsError as wrong:
            report.add("refused", "not-a-workbook", file.name, str(wrong))
            continue
        if found:
            rows += found
            report.files.append(file.name)
            sources.append({"name": file.name, "sha256": file_hash(file)})
    if rows:
        report.rows[cells.TABLE] = cells.write(folder, KIND, rows, {"origin": ORIGIN, "files": sources})


def _workbook(file: Path, specs: tuple[Spec, ...], as_of: date | None, report: Report) -> list[dict[str, Any]]:
    sheets = grid.sheets(file)
    footnotes = Footnotes(sheets)
    blocks: dict[tuple[str, int, int], tuple[Spec, grid.Block]] = {}
    for spec in specs:
        places = [(name, r, c) for name, g in sheets.items() for r, c, _ in grid.titles(g, spec.title)]
        tables = [((n, r, c), b) for n, r, c in places if (b := grid.block(n, sheets[n], r, c))]
        if tables and tables[0][0] not in blocks:
            blocks[tables[0][0]] = spec, tables[0][1]
    if not blocks and not any(SAID_BY in grid.text(c).lower() for g in sheets.values() for row in g for c in row):
        report.add("refused", "unknown-release", file.name, f"nothing of {SAID_BY} in its sheets: {', '.join(sheets)}")
        return []
    whole = _dated(file, footnotes, as_of, report)
    if whole is None:
        return []
    rows: list[dict[str, Any]] = []
    taken: dict[str, dict[tuple[int, int], str]] = {name: {} for name in sheets}
    known = dict.fromkeys(sheets, 0)
    for spec, block in blocks.values():
        found, places_of_it = _table(file, spec, block, footnotes, whole, report)
        rows += found
        known[block.sheet] += len(found)
        taken[block.sheet] |= places_of_it
    read = {spec.series for spec, _ in blocks.values()}
    for series in sorted({spec.series for spec in specs} - read):
        titles = " or ".join(repr(s.title) for s in specs if s.series == series)
        report.add("note", "table-missing", file.name, f"no table titled like {titles} (series {series})")
    drawn = {name: footnotes.drawn(_section(name)) or whole for name in sheets}
    release = remaining.Release(file, drawn, _published_on(file.name), ORIGIN)
    return rows + remaining.read(release, sheets, taken, known, report)


SAID_BY = "immigration and customs enforcement"
"""Words that every workbook of this kind has."""


def _section(sheet: str) -> str:
    """Where the footnotes speak of a sheet that no registry knows: by its first word."""
    words = [w for w in re.split(r"\W+", FISCAL_WORD.sub("", sheet)) if len(w) > 2]
    kinds = {"ATD": "Alternatives to Detention"}
    return kinds.get(words[0], re.escape(words[0])) if words else r"(?!)"


def _dated(file: Path, footnotes: Footnotes, as_of: date | None, report: Report) -> Drawn | None:
    """The day of a workbook, for tables whose own section states none."""
    if (found := footnotes.latest()) is not None:
        return found
    day = as_of or _published_on(file.name)
    if day is None:
        report.add(
            "refused", "no-date", file.name,
            "no footnote says on which day the data were drawn; say it: --as-of DATE",
        )  # fmt: skip
        return None
    said = "--as-of" if as_of else "the name of the file"
    report.add(
        "drift", "date-given", file.name, f"no footnote says on which day the data were drawn; {said} says {day}"
    )
    return Drawn(day, day)


def _table(
    file: Path, spec: Spec, block: grid.Block, footnotes: Footnotes, whole: Drawn, report: Report
) -> tuple[list[dict[str, Any]], dict[tuple[int, int], str]]:
    """The cells of a known table, and the places that it takes of its sheet; none when it is not as it is known."""
    where = f"{file.name} {block.sheet.strip()}!{grid.reference(block.columns[0][0], block.row)}"
    drawn = footnotes.drawn(spec.footnote)
    if drawn is None:
        drawn = whole
        report.add("drift", "date-of-another", where, f"no footnote dates {spec.footnote!r}; taken: {whole.run_on}")
    year = fiscal_year(block.title, block.sheet)
    if year is None:
        year = drawn.data_as_of.year + (drawn.data_as_of.month >= FIRST_FISCAL_MONTH)
        report.add("drift", "fiscal-year-of-date", where, f"neither title nor sheet names a fiscal year; taken: {year}")
    table = _Table(file, spec, block, drawn, year, footnotes.definition(spec.footnote, spec.definition))
    missing = table.missing()
    if missing:
        headers = ", ".join(name for _, name in block.columns)
        report.add("drift", "header-missing", where, f"expected a column {', '.join(missing)}; got {headers}")
        return [], {}
    rows = table.cells()
    _check_sums(spec, rows, where, report)
    return rows, table.taken


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
        if len(headers) == 1 and not block.columns[0][1]:  # nothing stands over the labels
            self.label_columns = [0]
        self.headers = headers
        self.taken = {(block.row, c): "" for c, _ in block.columns}
        self.taken |= {(r, c): "" for r in range(block.header_row, block.body[-1][0] + 1) for c, _ in block.columns}

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
                    self.taken[row, column] = "derived from other columns"
                    continue
                cell = self._cell(dict(labels), header, values[i], grid.reference(column, row))
                if cell is None:
                    self.taken[row, column] = "of a month that had not begun"
                else:
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
        labels |= {name: f"FY{self.fiscal_year}" if said == "FY" else said for name, said in spec.fixed.items()}
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
