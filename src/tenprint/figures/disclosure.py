"""Disclosure control for profile ``guarded``: nobody can be told apart in a cell, a total, or a change of either.

Threshold with complementary suppression over the totals; cell-key perturbation (Fraser and Wooton 2005; used by the
Australian and British statistical offices) with persistent record keys; rounding. The noise of a cell follows from the
records in it and a secret, so the same records carry the same noise in every vintage and table, and asking again
does not wear it off. Each cell that is touched says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import duckdb
import msgspec

from tenprint.figures.definitions import Definition
from tenprint.figures.vintage import quoted

THRESHOLD, MARGIN = 10, 16
"""Cells of fewer records are suppressed (the federal practice for small cells is 11 or 10), and larger ones too below a
threshold of their own, one of the ``MARGIN`` numbers from there on, which follows from the records in them: where every
cell had the same one, whoever knows nine people would read the tenth from its appearing."""
BASE = 5
"""Published counts are multiples of this."""
KEYS = 256
NOISE: tuple[tuple[int, int], ...] = (
    (-4, 28), (-3, 56), (-2, 84), (-1, 113), (0, 143), (1, 172), (2, 200), (3, 228), (4, 256)
)  # fmt: skip
"""Perturbation by cell key: the first entry whose bound lies above the key. Symmetric, and flat: a person who came and
one who went move a cell two steps apart, which has to be little against the noise."""
DOMINANCE = Fraction(1, 2)
"""A mean is suppressed when one record makes more than this share of it."""

Reason = Literal["small", "complementary", "small-remainder", "dominated", ""]
Key = tuple[Any, ...]


class Counted(msgspec.Struct, frozen=True):
    """What is known of one cell or total before protection."""

    records: int
    cell_key: int
    hits: int
    """Records that count in the numerator."""
    hit_key: int
    numerator: Fraction
    denominator: Fraction
    largest: Fraction
    gate: int = 0
    """Which of the `MARGIN` thresholds the cell has."""

    @property
    def amounts(self) -> bool:
        """Whether the numerator adds up more than ones, so that a record weighs more than a person."""
        return self.numerator != self.hits


class Guarded(msgspec.Struct, frozen=True):
    """One protected cell or total: a value, or the reason why there is none."""

    names: Key
    value: int | float | None
    suppressed: Reason
    level: int
    """How many names it has: all for a cell, fewer for a total."""


class Utility(msgspec.Struct, frozen=True):
    """What protection cost."""

    cells: int
    suppressed: int
    records: int
    records_suppressed: int
    mean_absolute_error: float | None
    """Of the cells that are published, in the figure's unit."""


def guard(
    db: duckdb.DuckDBPyConnection, definition: Definition, names: Sequence[str], secret: bytes
) -> tuple[list[Guarded], Utility]:  # fmt: skip
    """Protect a figure: its cells, and the totals of every leading group of names.

    Args:
        db: Tables of facts at one setting of both clocks.
        definition: What is counted.
        names: Columns that name a cell, from the widest to the narrowest.
        secret: Of the publisher; the same for every vintage and table that can be compared.
    """
    counted = {level: _counted(db, definition, names[:level], secret) for level in range(len(names) + 1)}
    why = _suppress(definition, counted)
    found = [
        Guarded(key, None if why[level][key] else _protected(definition.kind, c), why[level][key], level)
        for level, cells in counted.items()
        for key, c in sorted(cells.items(), key=lambda kc: tuple(map(str, kc[0])))
    ]
    return found, _utility(definition.kind, counted[len(names)], [g for g in found if g.level == len(names)])


def noise(records: int, cell_key: int) -> int:
    """The perturbation of a count of records with that cell key; an empty cell stays empty."""
    if records == 0:
        return 0
    return next(shift for shift, bound in NOISE if cell_key < bound)


def rounded(value: int) -> int:
    """The nearest multiple of the base, not below zero."""
    return max(0, BASE * ((value + BASE // 2) // BASE))


def rows(names: Sequence[str], found: Sequence[Guarded]) -> list[dict[str, Any]]:
    """Protected cells and totals as rows of a figure; a name that is added up over reads ``(all)``."""
    return [
        {n: g.names[i] if i < g.level else "(all)" for i, n in enumerate(names)}
        | {"value": g.value, "suppressed": g.suppressed}
        for g in found
    ]


def _counted(
    db: duckdb.DuckDBPyConnection, definition: Definition, names: Sequence[str], secret: bytes
) -> dict[Key, Counted]:
    listed = "".join(f"{quoted(n)}, " for n in names)
    bottom = "denominator" if definition.kind != "count" else "0"
    # The record key is the leading byte of a keyed digest of the case: it does not depend on table, cell or vintage.
    digest = f"md5('{secret.hex()}' || coalesce(case_id, ''))"
    byte, other = (f"CAST('0x' || {digest}[{begin}:{begin + 1}] AS INTEGER)" for begin in (1, 3))
    query = f"""
        SELECT {listed}count(*), sum({byte}) % {KEYS}, count(*) FILTER (numerator <> 0),
               coalesce(sum({byte}) FILTER (numerator <> 0), 0) % {KEYS}, sum(numerator), sum({bottom}), max(numerator),
               sum({other}) % {MARGIN}
        FROM ({definition.sql}) AS counted {"GROUP BY " + listed.rstrip(", ") if names else ""}
    """
    wide = len(names)
    return {
        r[:wide]: Counted(
            r[wide], int(r[wide + 1] or 0), r[wide + 2], int(r[wide + 3] or 0), Fraction(r[wide + 4] or 0),
            Fraction(r[wide + 5] or 0), Fraction(r[wide + 6] or 0), int(r[wide + 7] or 0),
        )
        for r in db.execute(query).fetchall()
    }  # fmt: skip


def _suppress(definition: Definition, counted: Mapping[int, Mapping[Key, Counted]]) -> dict[int, dict[Key, Reason]]:
    why: dict[int, dict[Key, Reason]] = {
        level: {key: _primary(definition.kind, c) for key, c in cells.items()} for level, cells in counted.items()
    }
    changed = True
    while changed:
        changed = False
        for level in range(1, len(counted)):
            below: dict[Key, list[Key]] = defaultdict(list)
            for key in counted[level]:
                below[key[:-1]].append(key)
            for parent, keys in below.items():
                changed |= _complement(why, counted, level, parent, keys)
    return why


def _primary(kind: str, c: Counted) -> Reason:
    if c.records == 0:
        return ""
    if c.records < THRESHOLD + c.gate:
        return "small"
    if kind == "share" and (c.hits < THRESHOLD or c.records - c.hits < THRESHOLD):
        return "small-remainder"
    if (kind == "mean" or c.amounts) and c.numerator and c.largest / c.numerator > DOMINANCE:
        return "dominated"
    return ""


def _complement(
    why: dict[int, dict[Key, Reason]], counted: Mapping[int, Mapping[Key, Counted]], level: int, parent: Key, keys:
    list[Key]
) -> bool:  # fmt: skip
    """Keep parts and totals from giving each other away: suppress the next smallest part, or the total.

    A published total gives its one suppressed part away; a suppressed total is given away by parts that are all
    published.
    """
    hidden = [k for k in keys if why[level][k]]
    total_hidden = bool(why[level - 1][parent])
    if len(hidden) != (0 if total_hidden else 1):
        return False
    others = sorted(
        (k for k in keys if not why[level][k] and counted[level][k].records),
        key=lambda k: (counted[level][k].records, str(k)),
    )
    if others:
        why[level][others[0]] = "complementary"
    elif total_hidden:
        return False
    else:
        why[level - 1][parent] = "complementary"
    return True


def _protected(kind: str, c: Counted) -> int | float | None:
    if kind == "mean":
        return _two_digits(_amount(c) / c.denominator) if c.denominator else None
    if c.amounts:
        return _two_digits(_amount(c))
    if kind == "count":
        return rounded(int(c.numerator) + noise(c.records, c.cell_key))
    bottom = c.records + noise(c.records, c.cell_key)
    top = min(c.hits + noise(c.hits, c.hit_key), bottom)
    return rounded(round(Fraction(100 * max(top, 0), bottom))) if bottom else None


def _amount(c: Counted) -> Fraction:
    """A sum of amounts with noise in proportion to its largest part: each step of it is half of that."""
    return max(Fraction(0), c.numerator + noise(c.records, c.cell_key) * c.largest / 2)


def _two_digits(value: Fraction) -> float:
    return float(f"{float(value):.2g}")


def _utility(kind: str, counted: Mapping[Key, Counted], found: Sequence[Guarded]) -> Utility:
    errors = []
    for g in found:
        c = counted[g.names]
        true = (
            c.numerator
            if kind == "count"
            else (c.numerator / c.denominator * (100 if kind == "share" else 1) if c.denominator else None)
        )
        if g.value is not None and true is not None:
            errors.append(abs(Fraction(g.value) - true))
    hidden = [g for g in found if g.suppressed]
    return Utility(
        cells=len(found), suppressed=len(hidden), records=sum(c.records for c in counted.values()),
        records_suppressed=sum(counted[g.names].records for g in hidden),
        mean_absolute_error=float(sum(errors, Fraction(0)) / len(errors)) if errors else None,
    )  # fmt: skip
