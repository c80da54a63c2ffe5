"""Counts of one metric: what every test of the monitor starts from, whether they come from facts or are simulated.

A count is one row: in one quarter, of one booking agency (or one county as a whole), among the cases of one stratum,
``numerator`` of ``denominator`` cases have what the metric looks for. Strata are kinds of cases (age band, class of
charge), never race or ethnicity. Rows of one cell add up; cells without cases need no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.monitor import quarters as quarter_numbers
from tenprint.monitor.errors import MonitorError
from tenprint.monitor.review import Unit

Whole = NDArray[np.int64]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of counts as columns of equal length, and the lists that three of the columns point into."""

    metric: str
    units: tuple[Unit, ...]
    """Booking agencies (``ori`` given), or counties as wholes (``ori`` empty); agencies add up to their counties."""
    strata: tuple[str, ...]
    quarter: Whole
    """(rows,): number of the calendar quarter, see ``monitor.quarters``: year * 4 + 0..3."""
    unit: Whole
    """(rows,): index into ``units``."""
    stratum: Whole
    """(rows,): index into ``strata``."""
    numerator: Whole
    """(rows,): cases that have what the metric looks for; 0 to denominator."""
    denominator: Whole
    """(rows,): cases."""
    definition: str = ""
    """``name@hash`` of the definition that was computed."""
    title: str = ""
    population: str = ""
    receipt: dict[str, Any] = {}

    def window(self, first: int, last: int, *, by_agency: bool = False) -> Window:
        """Add up the quarters ``first`` to ``last`` (numbers, both included) by county, or by booking agency."""
        chosen = (self.quarter >= first) & (self.quarter <= last)
        units, place = self.units, np.arange(len(self.units))
        if not by_agency:
            units, place = _counties(self.units)
        shape = (len(units), len(self.strata))
        cell = place[self.unit[chosen]] * shape[1] + self.stratum[chosen]
        numerator, denominator = (
            np.bincount(cell, weights=column[chosen], minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape)
            for column in (self.numerator, self.denominator)
        )
        return Window(units=units, numerator=numerator, denominator=denominator)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of some quarters added up: one row a unit, one column a stratum."""

    units: tuple[Unit, ...]
    numerator: Whole
    """(units, strata)."""
    denominator: Whole
    """(units, strata)."""

    @property
    def cases(self) -> Whole:
        """(units,): cases of each unit."""
        return np.asarray(self.denominator.sum(axis=1))

    @property
    def found(self) -> Whole:
        """(units,): cases that have what the metric looks for."""
        return np.asarray(self.numerator.sum(axis=1))


def from_rows(metric: str, rows: Iterable[Mapping[str, Any]], **described: Any) -> Counts:
    """Counts from the rows of a computed figure.

    Args:
        metric: Name of the metric.
        rows: Rows with ``quarter`` (``2011Q2``), ``jurisdiction``, ``numerator``, ``denominator`` and, where the
            definition has them, ``state``, ``county``, ``ori``, ``stratum``. Rows without a jurisdiction belong to
            nobody and are left out.
        described: ``definition``, ``title``, ``population``, ``receipt``.
    """
    places: dict[tuple[str, str], int] = {}
    units: list[Unit] = []
    strata: dict[str, int] = {}
    columns: list[tuple[int, int, int, int, int]] = []
    for row in rows:
        if not row.get("jurisdiction") or not row.get("quarter"):
            continue
        key = (row["jurisdiction"], row.get("ori") or "")
        if key not in places:
            places[key] = len(units)
            units.append(Unit(key[0], row.get("state") or "", row.get("county") or "", key[1]))
        columns.append((
            quarter_numbers.number(row["quarter"]), places[key],
            strata.setdefault(row.get("stratum") or "all", len(strata)), int(row["numerator"]), int(row["denominator"]),
        ))  # fmt: skip
    table = np.array(columns, dtype=np.int64).reshape(-1, 5)
    return _checked(Counts(
        metric=metric, units=tuple(units), strata=tuple(strata) or ("all",), quarter=table[:, 0], unit=table[:, 1],
        stratum=table[:, 2], numerator=table[:, 3], denominator=table[:, 4], **described,
    ))  # fmt: skip


def from_arrays(
    metric: str, quarters: Sequence[str], units: Sequence[Unit], numerator: NDArray[Any], denominator: NDArray[Any],
    *, strata: Sequence[str] = ("all",), **described: Any,
) -> Counts:  # fmt: skip
    """Counts from full arrays, as a simulation has them.

    Args:
        metric: Name of the metric.
        quarters: Such as ``2011Q2``.
        units: Counties, or booking agencies.
        numerator: (quarters, units) or (quarters, units, strata), whole numbers.
        denominator: Of the same shape.
        strata: Names of the strata.
        described: ``definition``, ``title``, ``population``, ``receipt``.

    Raises:
        MonitorError: when shapes differ, or a numerator is larger than its denominator.
    """
    shape = (len(quarters), len(units), len(strata))
    if np.size(numerator) != np.prod(shape) or np.size(denominator) != np.prod(shape):
        raise MonitorError(
            f"{metric}: expected arrays of shape {shape}, got {np.shape(numerator)} and {np.shape(denominator)}"
        )
    numbers = np.array([quarter_numbers.number(q) for q in quarters], dtype=np.int64)
    at = np.indices(shape).reshape(3, -1).astype(np.int64)
    return _checked(Counts(
        metric=metric, units=tuple(units), strata=tuple(strata), quarter=numbers[at[0]], unit=at[1], stratum=at[2],
        numerator=np.asarray(numerator, np.int64).ravel(), denominator=np.asarray(denominator, np.int64).ravel(),
        **described,
    ))  # fmt: skip


def _checked(counts: Counts) -> Counts:
    if np.any((counts.numerator < 0) | (counts.numerator > counts.denominator)):
        raise MonitorError(f"{counts.metric}: expected numerators from 0 to their denominators")
    return counts


def _counties(units: Sequence[Unit]) -> tuple[tuple[Unit, ...], Whole]:
    """The counties of some units, and which county each unit belongs to."""
    found: dict[str, int] = {}
    names: list[Unit] = []
    place = np.empty(len(units), dtype=np.int64)
    for i, unit in enumerate(units):
        if unit.jurisdiction not in found:
            found[unit.jurisdiction] = len(names)
            names.append(msgspec.structs.replace(unit, ori=""))
        place[i] = found[unit.jurisdiction]
    return tuple(names), place
