"""What an unknown workbook holds: its tables by shape, and for each an entry of a registry that a user can finish."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts.importers import grid
from tenprint.facts.importers.detention import registry
from tenprint.facts.importers.footnotes import Footnotes
from tenprint.facts.importers.remaining import MONTHS, YEARLY, series_of, unit_of
from tenprint.facts.importers.shapes import Shape, is_number, shapes


class Described(msgspec.Struct, frozen=True):
    """One table of a workbook.

    Attributes:
        sheet: Name of its sheet.
        title: The text above it.
        at: Address of its first header.
        numbers: How many it holds.
        labels: Names of its label columns.
        columns: Headers over its numbers, the first twelve.
        known: Series of the registry that it is; nothing: it is read by shape alone.
        series: What it is called when it is read by shape.
        entry: TOML of a registry for it, to be finished by hand.
    """

    sheet: str
    title: str
    at: str
    numbers: int
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    known: str
    series: str
    entry: str


class Description(msgspec.Struct, frozen=True):
    """A workbook: its tables, when it says that it was drawn, and numbers in no table."""

    file: str
    run_on: Any
    tables: tuple[Described, ...]
    outside: int


def describe(file: Path) -> Description:
    """Look at a workbook without importing it.

    Raises:
        FactsError: when it is no workbook.
    """
    sheets = grid.sheets(file)
    latest = Footnotes(sheets).latest()
    tables: list[Described] = []
    outside = 0
    for name, sheet in sheets.items():
        found = shapes(name, sheet)
        for series, shape in series_of(name, found):
            tables.append(_table(name, series, shape))
        inside = sum(len(s.numbers) + len(s.left) for s in found)
        outside += sum(is_number(v) for row in sheet for v in row) - inside
    return Description(file.name, latest.run_on if latest else None, tuple(tables), outside)


def _table(sheet: str, series: str, shape: Shape) -> Described:
    labels = tuple(dict.fromkeys(name for n in shape.numbers for name, _ in n.labels))
    headers = tuple(dict.fromkeys(n.header for n in shape.numbers))
    known = next((s.series for s in registry() if re.search(s.title, shape.title, re.IGNORECASE)), "")
    return Described(
        sheet.strip(), shape.title, grid.reference(shape.column, shape.row), len(shape.numbers), labels, headers[:12],
        known, series, _entry(series, shape, labels, headers),
    )  # fmt: skip


def _entry(series: str, shape: Shape, labels: tuple[str, ...], headers: tuple[str, ...]) -> str:
    monthly = sum(h[:3].lower() in MONTHS for h in headers) >= YEARLY
    rows = ", ".join(f'["{re.sub(r"[^a-z0-9]+", "_", name)}", "{name.title()}"]' for name in labels if name != "group")
    title = re.escape(re.sub(r":? ?(EO)?FY ?\d.*$", "", shape.title)).replace("\\ ", " ")
    unit = unit_of(headers[0] if headers else "", shape.title)
    return (
        f'[[table]]\nseries = "{series.rpartition("/")[2]}"\ntitle = {_quoted(title)}\nunit = "{unit}"\n'
        f'rows = [{rows}]\ncolumns = "{"month" if monthly else "column"}"\nadditive = false\nfootnote = "."\n'
    )


def _quoted(text: str) -> str:
    return f"'{text}'" if "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
