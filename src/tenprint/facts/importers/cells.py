"""Published cells: rows that state a number somebody else published, vintage after vintage.

Within a scope (a series, or one fiscal year of it) every vintage restates all cells, so a later vintage supersedes
all of an earlier one: a cell that is no longer there is no longer said. Why a cell changed is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tenprint.facts.folder import Folder
from tenprint.facts.schema import TABLES

TABLE = "published_cell"
SCOPE = "fiscal_year"
"""A label that narrows the scope in which vintages supersede each other."""


def midnight(day: date) -> datetime:
    """The first moment of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def exact(value: object) -> Decimal:
    """A published number with six decimals."""
    return Decimal(repr(value) if isinstance(value, float) else str(value)).quantize(Decimal("0.000001"))


def cell(
    *, series: str, labels: Mapping[str, str], value: object, unit: str, measure: str, drawn: date, since: date,
    origin: str, source: str, release: str, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """One cell of one vintage.

    Args:
        series: Which published table.
        labels: Names of row and column; with the series they say which cell this is.
        value: The number as published.
        unit: Its unit.
        measure: What it counts, in the words of the source.
        drawn: Day on which the data were drawn: from then on the number was known.
        since: First day that the number speaks of.
        origin: Origin of the row.
        source: File, sheet and cell.
        release: File.
        more: Further columns of the table.
    """
    key = "|".join(
        (series, *(f"{k}={v}" for k, v in sorted(labels.items())), *filter(None, [more.get("jurisdiction")]))
    )
    return {
        "key": key, "origin": origin, "valid_from": midnight(since), "recorded_at": midnight(drawn),
        "change": "unknown", "source": source, "series": series, "measure": measure, "unit": unit,
        "value": exact(value), "labels": list(labels.items()), "release": release, "total": False,
    } | more  # fmt: skip


def write(folder: Folder, kind: str, rows: Iterable[dict[str, Any]], source: Mapping[str, Any]) -> int:
    """Add vintages to those that the folder already has of this kind; a file imported again replaces itself.

    Returns:
        Rows of the kind after the import.
    """
    new = list(rows)
    releases = {r["release"] for r in new}
    kept = [
        r for p in folder.parts(TABLE) if p.kind == kind for r in _read(folder, p.file) if r["release"] not in releases
    ]
    table = pa.Table.from_pylist(_superseded([*kept, *new]), schema=TABLES[TABLE].schema)
    files = [f for f in (folder.source(kind) or {}).get("files", []) if f["name"] not in releases]
    folder.write(kind, {TABLE: table}, dict(source) | {"files": [*files, *source.get("files", [])]})
    return int(table.num_rows)


def _read(folder: Folder, file: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder.path / file).to_pylist()
    return rows


def _superseded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    scopes: dict[tuple[str, str | None], set[datetime]] = defaultdict(set)
    for row in rows:
        scopes[_scope(row)].add(row["recorded_at"])
    after: dict[tuple[str, str | None], dict[datetime, datetime | None]] = {}
    for scope, moments in scopes.items():
        ordered = sorted(moments)
        after[scope] = dict(pairwise(ordered)) | {ordered[-1]: None}
    done = []
    for row in sorted(rows, key=lambda r: (r["series"], r["recorded_at"], r["key"])):
        end = after[_scope(row)][row["recorded_at"]]
        done.append(row | {"superseded_at": end, "change_end": "unknown" if end else None})
    return done


def _scope(row: Mapping[str, Any]) -> tuple[str, str | None]:
    return row["series"], dict(row["labels"]).get(SCOPE)
