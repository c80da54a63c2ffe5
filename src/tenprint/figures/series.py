"""A definition that changed, as two series side by side.

Forward-only: everything is counted under the definition that was in force on the day it happened; the series breaks.
Restated: everything is counted under the newest definition; the series has no break, and is not what was printed then.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts import Folder
from tenprint.figures.compute import (
    PUBLISHED_ORIGIN,
    Cell,
    cell_columns,
    cells,
    choose_origin,
    limits_of,
    number,
    receipt_for,
)
from tenprint.figures.definitions import Definition, find, versions
from tenprint.figures.errors import FiguresError
from tenprint.figures.known import known_facts
from tenprint.figures.vintage import Vintage, moment_of
from tenprint.proof import receipts

HAPPENED = "happened_on"
"""The column by which a SELECT says on which day a thing happened: which version was in force then."""
PERIODS = {
    "month": f"strftime({HAPPENED}, '%Y-%m')",
    "year": f"strftime({HAPPENED}, '%Y')",
    "fiscal-year": f"'FY' || (year({HAPPENED}) + cast(month({HAPPENED}) >= 10 as integer))",
}
"""Periods by which a series may be cut, beside the cells of the definition; a fiscal year is the federal one."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Both series of a figure at one setting of the clocks."""

    title: str
    unit: str
    as_of: datetime
    valid: datetime
    origin: str
    versions: tuple[dict[str, Any], ...]
    """Oldest first: ``definition`` (``name@hash``), ``in_force``, ``supersedes``, ``changed``."""
    rows: tuple[dict[str, Any], ...]
    """One for each cell and stretch of time under one version (``in_force``: its first day), with ``forward`` and
    ``restated``, each of them ``value`` and ``definition``."""
    receipt: dict[str, Any]


def series(
    name: str, facts: Path, as_of: str | date | datetime, valid: str | date | datetime | None = None, *,
    origin: str | None = None, period: str | None = None,
) -> Series:  # fmt: skip
    """Compute both series of a definition that superseded another.

    Args:
        name: A definition: its name.
        facts: A folder of facts.
        as_of: What was known; a bare date is the end of that day in UTC.
        valid: What had happened; by default the same moment.
        origin: Which origin to count, where the facts have several.
        period: Cut by ``month``, ``year`` or ``fiscal-year`` too.

    Raises:
        FiguresError: when the definition has one version only, counts what others published, or says no day.
    """
    if period is not None and period not in PERIODS:
        raise FiguresError(f"period: expected {', '.join(PERIODS)}, got {period!r}")
    chain, folder = versions(find(name.partition("@")[0])), Folder.open(facts)
    newest = chain[-1]
    if len(chain) == 1:
        raise FiguresError(f"{newest.id} has one version: both series are what figures compute gives")
    if any(d.cells != newest.cells for d in chain):
        raise FiguresError(f"{newest.name}: its versions have other cells, and cannot stand side by side")
    source = choose_origin(folder, newest, origin)
    if source.startswith(PUBLISHED_ORIGIN):
        raise FiguresError(f"{newest.name}: {source} are numbers that others published; nobody here can restate them")
    known, happened = moment_of(as_of), moment_of(as_of if valid is None else valid)
    counted = {d.id: _counted(d, chain, folder, source, known, happened, period) for d in chain}
    rows = _side_by_side(chain, counted, period)
    named = {"series": "forward and restated", "versions": " ".join(d.id for d in chain)}
    facts_then = known_facts(newest, folder, source, known).hash
    receipt = receipt_for(newest, facts_then, source, known, happened, receipts.canonical_json(rows), named)
    return Series(
        title=newest.title, unit=newest.unit, as_of=known, valid=happened, origin=source, rows=tuple(rows),
        versions=tuple(
            {"definition": d.id, "in_force": str(d.in_force or ""), "supersedes": d.supersedes, "changed": d.changed}
            for d in chain
        ),
        receipt=msgspec.to_builtins(receipts.issue(receipt)),
    )  # fmt: skip


def _counted(
    definition: Definition, chain: tuple[Definition, ...], folder: Folder, origin: str, known: datetime,
    happened: datetime, period: str | None,
) -> dict[tuple[Any, ...], Cell]:  # fmt: skip
    """Everything under one version, cut where versions change; keys are the stretch, the period, the cell."""
    stretch = "".join(
        f" WHEN {HAPPENED} >= DATE '{d.in_force}' THEN {i}" for i, d in reversed([*enumerate(chain)]) if i
    )
    more = f", {PERIODS[period]} AS period" if period else ""
    with Vintage(folder, origin, definition.tables, limits_of(definition)) as vintage:
        vintage.at(known, happened)
        names = cell_columns(vintage.connection, definition, HAPPENED)
        head = ("stretch", *(("period",) if period else ()), *(n for n in names if n in definition.cells))
        cut = f"SELECT *, CASE{stretch} ELSE 0 END AS stretch{more} FROM ({definition.sql}) AS dated"
        given = msgspec.structs.replace(definition, sql=cut)
        return {c.names: c for c in cells(vintage.connection, given, head)}


def _side_by_side(
    chain: tuple[Definition, ...], counted: dict[str, dict[tuple[Any, ...], Cell]], period: str | None
) -> list[dict[str, Any]]:
    newest, rows = chain[-1], []
    keys = {k for i, d in enumerate(chain) for k in counted[d.id] if d is newest or k[0] == i}
    for key in sorted(keys, key=lambda k: (k[0], *map(str, k[1:]))):
        then = chain[key[0]]
        row: dict[str, Any] = {"in_force": str(then.in_force or "")}
        row |= dict(zip([*(["period"] if period else []), *newest.cells], key[1:], strict=True))
        for which, version in (("forward", then), ("restated", newest)):
            row[which] = _number(counted[version.id].get(key), version)
        rows.append(row)
    return rows


def _number(cell: Cell | None, definition: Definition) -> dict[str, Any]:
    """A value with the version it was counted under; an empty cell counts nothing, and has no share."""
    if cell is None:
        return {"value": 0 if definition.kind == "count" else None, "definition": definition.id}
    of = (
        {}
        if cell.denominator is None
        else {"numerator": number(cell.numerator), "denominator": number(cell.denominator)}
    )
    return of | {"value": number(cell.value(definition.kind)), "definition": definition.id}
