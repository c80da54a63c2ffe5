"""Sheets of a workbook as grids of cells, and the tables in them: found by their titles, wherever they stand."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts.errors import FactsError

LONGEST = 120
"""Seconds that reading a workbook may take."""
NOT_A_WORKBOOK = 3
_Cell = str | float | int | bool | None | list[str]
_MOMENTS: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}

Grid = Sequence[Sequence[Any]]
MAX_HEADER_GAP = 3
MAX_LABEL = 90
"""Longer texts under a table are footnotes, not labels."""


class Block(msgspec.Struct, frozen=True):
    """One table of a sheet: where its title, header and body are."""

    sheet: str
    title: str
    row: int
    """Row of the title, from 0."""
    header_row: int
    columns: tuple[tuple[int, str], ...]
    """Column and text of every header cell."""
    body: tuple[tuple[int, tuple[Any, ...]], ...]
    """Row number, and the values under ``columns``."""


def sheets(path: Path) -> dict[str, Grid]:
    """All sheets of a workbook (xlsx, xls, xlsb, ods), by name, read in a process with bounds (``reader.py``).

    Raises:
        FactsError: when it is not a workbook, asks for too much, or the package that reads them is not installed.
    """
    if importlib.util.find_spec("python_calamine") is None:
        raise FactsError("workbooks need the package python-calamine: pip install 'tenprint[workbooks]'")
    command = [sys.executable, "-I", str(Path(__file__).with_name("reader.py")), str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603 - our own file
    except subprocess.TimeoutExpired:
        raise FactsError(f"{path}: a workbook that takes more than {LONGEST} seconds to read is not taken") from None
    if done.returncode == NOT_A_WORKBOOK:
        told = done.stderr.decode(errors="replace").strip()
        raise FactsError(f"{path}: expected a workbook (xlsx, xls, ods) of a usual size: {told}")
    if done.returncode:
        raise FactsError(f"{path}: expected a workbook of a usual size; this one asks for too much memory or time")
    found = msgspec.msgpack.decode(done.stdout, type=dict[str, list[list[_Cell]]])
    return {name: [[_value(v) for v in row] for row in rows] for name, rows in found.items()}


def _value(cell: _Cell) -> Any:
    """A cell as it was before ``reader.py`` wrote it."""
    if not isinstance(cell, list):
        return cell
    kind, written = cell
    return timedelta(seconds=float(written)) if kind == "timedelta" else _MOMENTS[kind].fromisoformat(written)


def text(value: Any) -> str:
    """A cell as text without surrounding or doubled blanks."""
    return re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""


def titles(grid: Grid, pattern: str) -> Iterator[tuple[int, int, str]]:
    """Cells whose text matches: row, column, text."""
    wanted = re.compile(pattern, re.IGNORECASE)
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if wanted.search(text(value)):
                yield r, c, text(value)


def block(sheet: str, grid: Grid, row: int, column: int) -> Block | None:
    """The table under a title; nothing when no header with a body follows.

    The table reaches to the right as far as the next title in the title's row, and down to the first empty row.
    """
    width = max(map(len, grid))
    end = next((c for c in range(column + 1, width) if text(_at(grid, row, c))), width)
    for header_row in range(row + 1, min(row + 1 + MAX_HEADER_GAP, len(grid))):
        columns = tuple(
            (c, text(_at(grid, header_row, c))) for c in range(column, end) if text(_at(grid, header_row, c))
        )
        if len(columns) == 1 and columns[0][0] > column and text(_at(grid, header_row + 1, column)):
            columns = ((column, ""), *columns)  # nothing stands over the labels
        if len(columns) >= 2:
            break
    else:
        return None
    body = []
    for r in range(header_row + 1, len(grid)):
        values = tuple(_at(grid, r, c) for c, _ in columns)
        if all(v is None or v == "" for v in values) or any(len(text(v)) > MAX_LABEL for v in values):
            break
        body.append((r, values))
    if not any(isinstance(v, int | float) for _, values in body for v in values):
        return None
    return Block(sheet, text(_at(grid, row, column)), row, header_row, columns, tuple(body)) if body else None


def reference(column: int, row: int) -> str:
    """A cell's address as spreadsheets write it (A1)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _at(grid: Grid, row: int, column: int) -> Any:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None
