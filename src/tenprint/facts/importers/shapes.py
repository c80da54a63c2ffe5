"""Tables of a sheet found by their shape: a title, headers above, labels beside, numbers between them.

Nothing is known of what a table says. Rows without any cell part bands, columns without any cell part the tables that
stand side by side in a band; what has no label column of its own belongs to the table on its left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from tenprint.facts.importers.grid import MAX_LABEL, Grid, text

MAX_TITLE_GAP = 3
"""Rows above a table in which its title is looked for."""
YEARS = range(1990, 2101)
FISCAL_WORD = re.compile(r"\b(EO)?FY\s*\d{2,4}( YTD)?\b:?|\bYTD\b", re.IGNORECASE)
IDENTIFIER = re.compile(r"zip( code)?|phone|.*\bid\b", re.IGNORECASE)
"""Headers of numbers that count nothing."""
PLACES = frozenset({"city", "state", "aor"})
"""Headers of labels that are kept although fewer would tell the rows apart: people ask by them."""


class Number(msgspec.Struct, frozen=True):
    """A number of a table, with the words that say what it is."""

    row: int
    column: int
    labels: tuple[tuple[str, str], ...]
    header: str
    value: float


class Shape(msgspec.Struct, frozen=True):
    """A table that was found.

    Attributes:
        title: The text above it; the name of the sheet where there is none.
        row: Row of the header, from 0.
        column: First column, from 0.
        numbers: In the order of rows and columns.
        left: Numbers of the table that are none of its values: place and reason.
    """

    title: str
    row: int
    column: int
    numbers: tuple[Number, ...]
    left: tuple[tuple[int, int, str], ...] = ()


def is_number(value: object) -> bool:
    """Whether a cell is stored as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shapes(sheet: str, grid: Grid, taken: frozenset[tuple[int, int]] = frozenset()) -> tuple[Shape, ...]:
    """Every table of a sheet, but for cells that are taken already.

    Args:
        sheet: Name of the sheet.
        grid: Its cells.
        taken: Row and column of cells that belong to tables that are known.
    """
    width = max(map(len, grid), default=0)
    cells = [[_cell(row, r, c, taken) for c in range(width)] for r, row in enumerate(grid)]
    found = []
    for first, last in _bands(cells):
        for columns in _segments(cells[first:last]):
            shape = _shape(sheet, grid, cells, range(first, last), columns)
            found += [shape] if shape else []
    return tuple(found)


def _cell(row: Sequence[Any], r: int, c: int, taken: frozenset[tuple[int, int]]) -> Any:
    """A cell of a table; texts that are too long for a label, and what is taken, are nothing."""
    value = row[c] if c < len(row) else None
    if (r, c) in taken or value is None or (isinstance(value, str) and not 0 < len(text(value)) <= MAX_LABEL):
        return None
    return text(value) if isinstance(value, str) else value


def _bands(cells: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int]]:
    start = None
    for r, row in enumerate([*cells, []]):
        filled = any(v is not None for v in row)
        if filled and start is None:
            start = r
        if not filled and start is not None:
            yield start, r
            start = None


def _segments(band: Sequence[Sequence[Any]]) -> list[list[int]]:
    """Columns of the tables that stand side by side."""
    groups: list[list[int]] = []
    for c in range(len(band[0])):
        if all(row[c] is None for row in band):
            continue
        if groups and groups[-1][-1] == c - 1:
            groups[-1].append(c)
        else:
            groups.append([c])
    body = [row for row in band if any(map(is_number, row))]
    merged: list[list[int]] = []
    for group in groups:
        labelled = any(isinstance(row[group[0]], str) for row in body)
        if merged and not labelled:
            merged[-1] += group
        else:
            merged.append(group)
    return merged


def _shape(sheet: str, grid: Grid, cells: Sequence[Sequence[Any]], rows: range, columns: list[int]) -> Shape | None:
    seen = [r for r in rows if any(cells[r][c] is not None for c in columns)]
    if not any(is_number(cells[r][c]) for r in seen for c in columns):
        return None
    heads, body = _parted(cells, seen, columns)
    if not heads:
        above = _above(cells, rows.start, columns)
        heads = [] if above is None else [above]
    measures = [c for c in columns if any(is_number(cells[r][c]) for r in body)]
    headers = _headers(cells, heads, columns, measures)
    identifiers = {c for c in measures if IDENTIFIER.fullmatch(headers[c])}
    valued = [c for c in measures if c not in identifiers]
    beside = [c for c in columns if c not in measures and any(isinstance(cells[r][c], str) for r in body)]
    before = [c for c in beside if not valued or c < valued[0]] or beside[:1]
    left = [(r, c, "header") for r in heads for c in columns if is_number(cells[r][c])]
    numbers = []
    for r, labels in _labelled(cells, body, before, headers, valued):
        for c in measures:
            if not is_number(cells[r][c]):
                continue
            if c in identifiers:
                left.append((r, c, "identifier"))
            elif not headers[c]:
                left.append((r, c, "no header above"))
            elif not labels:
                left.append((r, c, "no label beside"))
            else:
                numbers.append(Number(r, c, labels, headers[c], cells[r][c]))
    head = heads[0] if heads else body[0]
    return Shape(_title(sheet, grid, head, columns), head, columns[0], tuple(_distinct(numbers)), tuple(left))


def _parted(cells: Sequence[Sequence[Any]], rows: list[int], columns: list[int]) -> tuple[list[int], list[int]]:
    """Rows of the header and rows of the body. A row with nothing but a label opens a group of the body."""
    heads: list[int] = []
    start = len(rows)
    for at, r in enumerate(rows):
        values = [cells[r][c] for c in columns if cells[r][c] is not None]
        numbers = [v for v in values if is_number(v)]
        years = bool(numbers) and all(v in YEARS for v in numbers) and not heads
        if numbers and not years:
            start = at
            break
        if years or len(values) > 1 or (not isinstance(cells[r][columns[0]], str) and values):
            heads.append(r)
    groups = [r for r in rows[:start] if heads and r > heads[-1]]
    return heads, [*groups, *rows[start:]]


def _above(cells: Sequence[Sequence[Any]], row: int, columns: list[int]) -> int | None:
    for r in range(row - 1, max(row - 1 - MAX_TITLE_GAP, -1), -1):
        texts = [cells[r][c] for c in columns if isinstance(cells[r][c], str | date)]
        if len(texts) > 1:
            return r
    return None


def _headers(
    cells: Sequence[Sequence[Any]], heads: list[int], columns: list[int], measures: list[int]
) -> dict[int, str]:
    """The words above each column: the last row of the header, and those over it where it is not enough."""
    levels: list[dict[int, str]] = []
    for r in heads:
        held, level = "", {}
        for c in columns:
            held = _word(cells[r][c]) or (held if r != heads[-1] else "")
            level[c] = held
        levels.append(level)
    last = {c: levels[-1][c] if levels else "" for c in columns}
    often = Counter(last[c] for c in measures)
    return {
        c: " ".join(dict.fromkeys(w for level in levels if (w := level[c])))
        if c in measures and (often[last[c]] > 1 or not last[c])
        else last[c]
        for c in columns
    }


def _unfiscal(words: str) -> str:
    """Words without the fiscal year, so that they are the same in the next one."""
    return re.sub(r"\s+", " ", FISCAL_WORD.sub("", words)).strip(" :")


def _word(value: Any) -> str:
    if isinstance(value, str):
        return _unfiscal(value) or value.strip()
    if isinstance(value, date):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    return f"{value:g}" if is_number(value) else ""


def _labelled(
    cells: Sequence[Sequence[Any]], body: list[int], beside: list[int], headers: dict[int, str], valued: list[int]
) -> Iterator[tuple[int, tuple[tuple[str, str], ...]]]:
    """Rows with their labels: as many label columns as tell the rows apart, and the group that a row stands in."""
    texts = {r: [cells[r][c] if isinstance(cells[r][c], str) else "" for c in beside] for r in body}
    counted = [r for r in body if any(is_number(cells[r][c]) for c in valued)]
    for before, r in pairwise(counted):
        if texts[r] and not texts[r][0]:
            texts[r][0] = texts[before][0]
    order = sorted(range(len(beside)), key=lambda i: (i > 0 and headers[beside[i]].lower() not in PLACES, i))
    least = sum(i == 0 or headers[beside[i]].lower() in PLACES for i in order)
    enough = (
        n
        for n in range(least, len(order) + 1)
        if len({tuple(texts[r][i] for i in order[:n]) for r in counted}) == len(counted)
    )
    needed = sorted(order[: next(enough, least)])
    names = [_unfiscal(headers[c]).lower() or "label" for c in beside]
    often = Counter(tuple(texts[r][i] for i in needed) for r in counted)
    nested = 2 * sum(n for n in often.values() if n > 1) >= len(counted)
    group, opened = "", False
    for r in body:
        label = tuple(texts[r][i] for i in needed)
        if r not in counted:
            group, opened = next((t for t in texts[r] if t), group), True
            continue
        if nested and not opened and often[label] == 1:
            group = label[0] if label else ""
        inside = group and (opened or (nested and often[label] > 1))
        pairs = [("group", group)] if inside else []
        pairs += [(names[i], word or "Total") for i, word in zip(needed, label, strict=True)]
        yield r, tuple(dict(pairs).items()) if any(label) else ()


def _distinct(numbers: Iterable[Number]) -> Iterator[Number]:
    """The same, with the how-manieth of its like where words tell two numbers not apart."""
    seen: Counter[tuple[tuple[tuple[str, str], ...], str]] = Counter()
    for number in numbers:
        key = (number.labels, number.header)
        seen[key] += 1
        again = seen[key]
        more = (*number.labels, ("again", str(again))) if again > 1 else number.labels
        yield msgspec.structs.replace(number, labels=more)


def _title(sheet: str, grid: Grid, head: int, columns: list[int]) -> str:
    """The nearest text above the header that stands alone over the table."""
    for r in range(head - 1, max(head - 1 - MAX_TITLE_GAP, -1), -1):
        row = [grid[r][c].strip() for c in columns if c < len(grid[r]) and text(grid[r][c])]
        if len(row) == 1 and len(line := text(row[0].split("\n")[0])) <= 2 * MAX_LABEL:
            return line
        if row:
            break
    return sheet.strip()
