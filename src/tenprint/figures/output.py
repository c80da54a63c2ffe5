"""A figure as a table for other programs: CSV for a spreadsheet, Parquet for an analysis.

Every row says which definition, dates and receipt it comes from, so that a row that is cut out and sent on still does.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tenprint.figures.compute import Figure
from tenprint.figures.panel import Panel

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to a spreadsheet; it gets an apostrophe before it."""


def rows_of(figure: Figure) -> list[dict[str, Any]]:
    """The rows of a figure, each with its unit, definition, dates, origin and receipt."""
    said = {
        "unit": figure.unit, "definition": figure.definition, "as_of": f"{figure.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "valid": f"{figure.valid:%Y-%m-%dT%H:%M:%SZ}", "origin": figure.origin, "receipt": figure.receipt["hash"],
    }  # fmt: skip
    return [row | said for row in figure.rows]


def as_csv(figure: Figure) -> str:
    """CSV (RFC 4180, UTF-8) with a header line; what is not known is empty, zero is 0."""
    written = io.StringIO()
    rows = rows_of(figure)
    names = list(rows[0]) if rows else ["value", "unit", "definition", "as_of", "valid", "origin", "receipt"]
    table = csv.DictWriter(written, names, lineterminator="\r\n")
    table.writeheader()
    table.writerows({name: plain(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


def plain(value: Any) -> Any:
    """A value as a spreadsheet may read it: no text of somebody else's becomes a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def to_parquet(figure: Figure, path: Path) -> None:
    """Write Parquet: numbers are reals, the rest is text; the same columns as the CSV, and the facts of the figure."""
    rows = rows_of(figure)
    names = list(rows[0]) if rows else ["value"]
    real = {"value", "numerator", "denominator"}
    columns = {
        name: pa.array(
            [_as(row[name], real=name in real) for row in rows], type=pa.float64() if name in real else pa.string()
        )
        for name in names
    }
    kept = {"title": figure.title, "definition": figure.definition, "receipt": figure.receipt["hash"]}
    table = pa.table(columns).replace_schema_metadata({f"tenprint.{k}": v for k, v in kept.items()})
    pq.write_table(table, path)


def _as(value: Any, *, real: bool) -> Any:
    if value is None:
        return None
    return float(value) if real else str(value)


def panel_csv(panel: Panel) -> str:
    """A panel as CSV; which definitions, date and origin stands in the last three columns of every row."""
    written = io.StringIO()
    said = _of_panel(panel)
    table = csv.DictWriter(written, [*panel.columns, *said], lineterminator="\r\n")
    table.writeheader()
    table.writerows({name: plain(value) for name, value in (row | said).items()} for row in panel.rows)
    return written.getvalue()


def panel_parquet(panel: Panel, path: Path) -> None:
    """A panel as Parquet: values and population are reals, months since activation whole numbers, the rest text."""
    kinds = {"event_time": pa.int64(), "population": pa.int64()}
    values = panel.columns[panel.columns.index("population") + 1 :]
    kinds |= dict.fromkeys(values, pa.float64())
    columns = {
        name: pa.array([None if (v := row[name]) is None else float(v) if name in values else v for row in panel.rows],
                       type=kinds.get(name, pa.string()))
        for name in panel.columns
    }  # fmt: skip
    pq.write_table(
        pa.table(columns).replace_schema_metadata({f"tenprint.{k}": v for k, v in _of_panel(panel).items()}), path
    )


def _of_panel(panel: Panel) -> dict[str, str]:
    return {
        "definitions": " ".join(panel.definitions),
        "as_of": f"{panel.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "origin": panel.origin,
    }
