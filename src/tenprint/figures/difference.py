"""Why a figure changed between two dates, in parts that add up exactly.

Every case is walked through its own changes between the two as-of dates, one run of like changes after the other,
and what a run moves is attributed to its kind: late arrival, correction, deduplication. Then the end of the period
counted moves (scope), then the definition. Counts add up as they are. A share is taken apart in the same order:
each part is the difference between two shares that can each be computed, so the parts add up to the last digit.
What no change of a single case explains, and everything about numbers that others published, cannot be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts import Folder
from tenprint.figures.compute import (
    PUBLISHED_ORIGIN,
    Cell,
    Exact,
    cell_columns,
    cells,
    choose_origin,
    closed_cells,
    evaluate,
    limits_of,
    number,
)
from tenprint.figures.definitions import Definition, find
from tenprint.figures.errors import FiguresError
from tenprint.figures.vintage import Vintage, moment_of
from tenprint.figures.walk import KINDS, walk

PARTS = (*KINDS.values(), "scope", "definition", "cannot-be-told")
"""Parts in the order in which they are taken."""

Names = tuple[Any, ...]
Sums = tuple[Exact, Exact]
"""Numerator and denominator of a cell (the denominator of a count is 0)."""
World = Mapping[Names, Sums]
NONE: Sums = (Fraction(0), Fraction(0))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One cell on both dates, and the parts of its difference (parts of nothing are left out)."""

    names: dict[str, Any]
    before: Exact | None
    after: Exact | None
    parts: dict[str, Exact]
    counts: dict[str, tuple[Exact, Exact]] = {}
    """For shares and means: what each part adds to numerator and denominator."""


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """Published cells whose period had ended by the first date: nothing new could happen in them."""

    cells: int
    changed: int
    before: Exact
    after: Exact
    moved: dict[str, dict[str, Exact]]
    """By name of a label and label: how much its cells gained or lost together."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A figure on two dates, cell by cell and in total."""

    definition: str
    to_definition: str
    title: str
    kind: str
    unit: str
    from_as_of: datetime
    to_as_of: datetime
    from_valid: datetime
    to_valid: datetime
    origin: str
    rows: tuple[Row, ...]
    total: Row | None
    """All cells together; nothing for published shares, which have no denominators."""
    closed: Closed | None = None
    """For published counts whose periods are stated: what moved although the period was over."""


def difference(
    name: str, facts: Path, start: str | date | datetime, end: str | date | datetime, *, to_name: str | None = None,
    valid_start: str | date | datetime | None = None, valid_end: str | date | datetime | None = None,
    origin: str | None = None,
) -> Difference:  # fmt: skip
    """Compare a figure on two as-of dates.

    Args:
        name: A definition.
        facts: A folder of facts.
        start: Earlier as-of date.
        end: Later as-of date.
        to_name: Another definition at the end; the same by default.
        valid_start: What had happened by then, at the start; the as-of date by default.
        valid_end: The same at the end.
        origin: Which origin to count, where the facts have several.

    Raises:
        FiguresError: when the dates run backwards, the definitions have other cells, or there is nothing to count.
    """
    first, second, folder = find(name), find(to_name or name), Folder.open(facts)
    clocks = _Clocks(
        moment_of(start), moment_of(end),
        moment_of(start if valid_start is None else valid_start), moment_of(end if valid_end is None else valid_end),
    )  # fmt: skip
    if clocks.known > clocks.known_later:
        raise FiguresError(f"expected a first date that is not after the second, got {start} and {end}")
    if (first.cells, first.kind) != (second.cells, second.kind):
        raise FiguresError(
            f"{first.name} and {second.name} cannot be compared: cells {', '.join(first.cells)} ({first.kind}) against "
            f"{', '.join(second.cells)} ({second.kind})"
        )
    source = choose_origin(folder, first, origin)
    if source.startswith(PUBLISHED_ORIGIN):
        names, before, after, over = _published(folder, first, second, source, clocks)
        parts: dict[str, World] = {"cannot-be-told": _minus(after, before)}
        closed = _closed(names, before, after, over)
    else:
        names, before, after, parts = _explained(folder, first, second, source, clocks)
        closed = None
    return _assemble(first, second, source, clocks, names, before, after, parts, closed)


class _Clocks(msgspec.Struct, frozen=True):
    known: datetime
    known_later: datetime
    valid: datetime
    valid_later: datetime


def _published(
    folder: Folder, first: Definition, second: Definition, origin: str, clocks: _Clocks
) -> tuple[tuple[str, ...], World, World, set[Names]]:
    names, before = evaluate(first, folder, origin, clocks.known, clocks.valid)
    _, after = evaluate(second, folder, origin, clocks.known_later, clocks.valid_later)
    return names, _world(before), _world(after), closed_cells(folder, first, origin, clocks.known, clocks.valid)


def _closed(names: tuple[str, ...], before: World, after: World, over: set[Names]) -> Closed | None:
    if not over:
        return None
    change = {k: v for k, v in _minus(after, before).items() if k in over}
    moved: dict[str, dict[str, Exact]] = {n: defaultdict(int) for n in names}
    for key, (gain, _) in change.items():
        for name, label in zip(names, key, strict=True):
            moved[name][str(label)] += gain
    return Closed(
        cells=len(over), changed=len(change), before=_sum(before.get(k, NONE) for k in over)[0],
        after=_sum(after.get(k, NONE) for k in over)[0],
        moved={n: {label: gain for label, gain in labels.items() if gain} for n, labels in moved.items()},
    )  # fmt: skip


def _explained(
    folder: Folder, first: Definition, second: Definition, origin: str, clocks: _Clocks
) -> tuple[tuple[str, ...], World, World, dict[str, World]]:
    with Vintage(folder, origin, dict.fromkeys((*first.tables, *second.tables)), limits_of(first, second)) as vintage:
        db = vintage.connection
        vintage.at(clocks.known, clocks.valid)
        names = cell_columns(db, first)
        before = _world(cells(db, first, names))
        parts = {
            part: _world(found)
            for part, found in walk(vintage, first, names, clocks.known, clocks.known_later, clocks.valid).items()
        }
        vintage.at(clocks.known_later, clocks.valid)
        vintage.at(clocks.known, clocks.valid, only=first.references)
        vintage.variables(clocks.known, clocks.valid)
        walked = _world(cells(db, first, names))
        parts["cannot-be-told"] = _minus(walked, _plus([before, *parts.values()]))
        vintage.at(clocks.known_later, clocks.valid_later)
        later = _world(cells(db, first, names))
        parts["scope"] = _minus(later, walked)
        after = later
        if second.hash != first.hash:
            after = _world(cells(db, second, names))
            parts["definition"] = _minus(after, later)
    return names, before, after, parts


def _assemble(
    first: Definition, second: Definition, origin: str, clocks: _Clocks, names: tuple[str, ...], before: World,
    after: World, parts: Mapping[str, World], closed: Closed | None,
) -> Difference:  # fmt: skip
    kind = first.kind
    bare = origin.startswith(PUBLISHED_ORIGIN) and not any(den for _, den in (*before.values(), *after.values()))
    # Published shares are numbers without anything to take apart: they are treated as they stand and have no total.
    kind_here = "count" if bare else kind
    keys = sorted({*before, *after}, key=lambda k: tuple(str(n) for n in k))
    rows = tuple(
        _row(kind_here, dict(zip(names, key, strict=True)), before.get(key), after.get(key),
             {p: w[key] for p, w in parts.items() if key in w})
        for key in keys
    )  # fmt: skip
    total = None
    if not bare or kind == "count":
        sums = {p: _sum(w.values()) for p, w in parts.items()}
        total = _row(kind_here, {}, _sum(before.values()), _sum(after.values()), sums)
    return Difference(
        definition=first.id, to_definition=second.id, title=first.title, kind=kind, unit=first.unit,
        from_as_of=clocks.known, to_as_of=clocks.known_later, from_valid=clocks.valid, to_valid=clocks.valid_later,
        origin=origin, rows=rows, total=total, closed=closed,
    )  # fmt: skip


def _row(kind: str, names: dict[str, Any], before: Sums | None, after: Sums | None, parts: Mapping[str, Sums]) -> Row:
    given = {p: parts[p] for p in PARTS if parts.get(p, NONE) != NONE}
    if kind == "count":
        return Row(
            names=names, before=before[0] if before else Fraction(0), after=after[0] if after else Fraction(0),
            parts={p: n for p, (n, _) in given.items()},
        )  # fmt: skip
    running, last, changes = before or NONE, _value(kind, before) or Fraction(0), {}
    for part, (n, d) in given.items():
        running = (running[0] + n, running[1] + d)
        now = _value(kind, running) or Fraction(0)
        changes[part], last = now - last, now
    return Row(names=names, before=_value(kind, before), after=_value(kind, after), parts=changes, counts=given)


def _value(kind: str, sums: Sums | None) -> Exact | None:
    return None if sums is None or sums[1] == 0 else Cell((), *sums).value(kind)


def _world(found: Iterable[Cell]) -> World:
    return {c.names: (c.numerator, c.denominator or Fraction(0)) for c in found}


def _sum(sums: Iterable[Sums]) -> Sums:
    listed = list(sums)
    return sum((n for n, _ in listed), Fraction(0)), sum((d for _, d in listed), Fraction(0))


def _plus(worlds: Iterable[World]) -> World:
    found: dict[Names, Sums] = {}
    for world in worlds:
        for key, value in world.items():
            found[key] = _sum([found.get(key, NONE), value])
    return found


def _minus(a: World, b: World) -> World:
    keys = {*a, *b}
    found = {k: (a.get(k, NONE)[0] - b.get(k, NONE)[0], a.get(k, NONE)[1] - b.get(k, NONE)[1]) for k in keys}
    return {k: v for k, v in found.items() if v != NONE}


def to_plain(found: Difference) -> dict[str, Any]:
    """A difference as JSON writes it; shares also carry their parts as exact fractions."""
    return {
        "definition": found.definition, "to_definition": found.to_definition, "title": found.title, "unit": found.unit,
        "from_as_of": found.from_as_of, "to_as_of": found.to_as_of, "from_valid": found.from_valid,
        "to_valid": found.to_valid, "origin": found.origin, "rows": [_plain_row(r) for r in found.rows],
        "total": None if found.total is None else _plain_row(found.total),
        "parts": {} if found.total is None else _plain_row(found.total)["parts"],
        "closed": None if found.closed is None else _plain_closed(found.closed),
    }  # fmt: skip


def _plain_closed(closed: Closed) -> dict[str, Any]:
    moved = {n: {label: number(c) for label, c in labels.items()} for n, labels in closed.moved.items()}
    return {
        "cells": closed.cells, "changed": closed.changed, "from": number(closed.before), "to": number(closed.after),
        "moved": moved,
    }  # fmt: skip


def _plain_row(row: Row) -> dict[str, Any]:
    plain_row = row.names | {
        "from": number(row.before), "to": number(row.after), "parts": {p: number(v) for p, v in row.parts.items()},
    }  # fmt: skip
    if row.counts:
        plain_row["exact"] = {p: str(v) for p, v in row.parts.items()}
        plain_row["counts"] = {
            p: {"numerator": number(n), "denominator": number(d)} for p, (n, d) in row.counts.items()
        }
    return plain_row
