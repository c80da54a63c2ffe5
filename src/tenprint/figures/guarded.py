"""Figures of profile ``guarded`` as they may be seen, and what an inspector can hold them against."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tenprint.facts import Folder
from tenprint.facts.folder import MANIFEST
from tenprint.figures import disclosure
from tenprint.figures.compute import cell_columns, choose_origin, limits_of
from tenprint.figures.definitions import Definition, find
from tenprint.figures.errors import FiguresError
from tenprint.figures.publisher import Publisher
from tenprint.figures.vintage import Vintage, moment_of
from tenprint.proof import receipts


def facts_commitment(folder: Folder, publisher: Publisher) -> str:
    """What a guarded receipt says about the facts: a salted hash of their manifest."""
    return receipts.digest(bytes.fromhex(publisher.commitment) + (folder.path / MANIFEST).read_bytes())


def guarded_rows(
    folder: Folder, definition: Definition, origin: str, moment: datetime, publisher: Publisher
) -> tuple[list[dict[str, Any]], disclosure.Utility]:
    """The protected cells and totals of a figure, and what protection cost."""
    if origin.startswith("published"):
        raise FiguresError(f"{definition.name}: numbers that others published are public already; use profile open")
    with Vintage(folder, origin, definition.tables, limits_of(definition)) as vintage:
        vintage.at(moment, moment)
        names = tuple(n for n in cell_columns(vintage.connection, definition) if n in definition.cells)
        found, cost = disclosure.guard(vintage.connection, definition, names, bytes.fromhex(publisher.perturbation))
    return disclosure.rows(names, found), cost


def guarded_difference(
    name: str, facts: Path, start: str | date | datetime, end: str | date | datetime, publisher: Publisher,
    origin: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A guarded figure on two dates: what was published then and now, and nothing that was not.

    A difference is taken between protected values only. It has no parts: a part of few cases would tell them apart.
    """
    definition, folder = find(name), Folder.open(facts)
    source = choose_origin(folder, definition, origin)
    known, later = moment_of(start), moment_of(end)
    before, after = (guarded_rows(folder, definition, source, m, publisher)[0] for m in (known, later))
    sides = [{tuple(r[c] for c in definition.cells): r for r in rows} for rows in (before, after)]
    rows = []
    for key in sorted({*sides[0], *sides[1]}, key=lambda k: tuple(map(str, k))):
        values = [side.get(key, {}).get("value") for side in sides]
        change = values[1] - values[0] if values[0] is not None and values[1] is not None else None
        why = next((r["suppressed"] for side in sides if (r := side.get(key, {})).get("suppressed")), "")
        told: dict[str, Any] = {"from": values[0], "to": values[1], "change": change, "suppressed": why, "parts": {}}
        rows.append(dict(zip(definition.cells, key, strict=True)) | told)
    return {
        "definition": definition.id, "title": definition.title, "unit": definition.unit, "origin": source,
        "from_as_of": known, "to_as_of": later, "profile": "guarded", "rows": rows, "parts": {},
    }  # fmt: skip
