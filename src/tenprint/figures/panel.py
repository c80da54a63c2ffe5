"""Figures as a panel: a row for each county and month, with the day of activation and the months since.

What a month adds is what the figure says at the end of the month less what it said at the end of the one before, on the
clock of what had happened, as known at one date: so the months of a count add up to the figure itself. Shares and means
come from the numerators and denominators that the month added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts import Folder
from tenprint.figures.compute import (
    PUBLISHED,
    PUBLISHED_ORIGIN,
    Cell,
    cell_columns,
    cells,
    choose_origin,
    limits_of,
    number,
)
from tenprint.figures.definitions import Definition, find
from tenprint.figures.errors import FiguresError
from tenprint.figures.vintage import Vintage, moment_of

PLACE = "jurisdiction"
MOST_MONTHS = 600
PERIODS = {"month": 1, "quarter": 3}


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A panel.

    Attributes:
        columns: Of the rows, in order.
        rows: By county and period; what is not known is nothing, zero is 0.
        definitions: ``name@hash`` of each figure.
        as_of: What was known.
        origin: Of the facts.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    definitions: tuple[str, ...]
    as_of: datetime
    origin: str


def panel(
    names: Sequence[str], facts: Path, as_of: str | date | datetime, *, origin: str | None = None,
    population: Mapping[str, int] | None = None, period: str = "month",
) -> Panel:  # fmt: skip
    """Make a panel of one or several figures.

    Args:
        names: Definitions that give the code of a county.
        facts: A folder of facts.
        as_of: What was known, and up to when months are given; a bare date is the end of that day in UTC.
        origin: Which origin to count, where the facts have several.
        population: People by county code, where somebody gives them.
        period: ``month`` or ``quarter``.

    Returns:
        Columns ``jurisdiction, state, county, month`` (or ``quarter``), ``active_on``, ``event_time`` (whole months, or
        quarters, since that of the activation; nothing where there never was one), ``population``, and ``value``, or a
        column for each figure. Zero stands where it is known: the place was active and the facts cover the period.

    Raises:
        FiguresError: for an unknown definition or period, one without a county, or published numbers.
    """
    if period not in PERIODS:
        raise FiguresError(f"period: expected {' or '.join(PERIODS)}, got {period!r}")
    known, folder = moment_of(as_of), Folder.open(facts)
    chosen = [find(name) for name in names]
    for definition in chosen:
        if PUBLISHED in definition.counted:
            raise FiguresError(f"{definition.name}: numbers that others published have the months of their own tables")
    origins = {choose_origin(folder, d, origin) for d in chosen}
    source = next(iter(origins))
    if len(origins) > 1 or source.startswith(PUBLISHED_ORIGIN):
        raise FiguresError(f"a panel has one origin of facts of its own; got {', '.join(sorted(origins))}: --origin")
    places, first = _places(folder, source, known)
    periods = list(_periods(first, known, PERIODS[period])) if first else []
    counted = [_added(d, folder, source, known, periods) for d in chosen]
    value_names = ["value"] if len(chosen) == 1 else [d.name for d in chosen]
    rows = []
    for code, place in sorted(places.items()):
        active = place["active_on"]
        for start, _ in periods:
            row: dict[str, Any] = {
                PLACE: code, "state": place["state"], "county": place["county"],
                period: _name(start, period), "active_on": active and f"{active:%Y-%m-%d}",
                "event_time": None if active is None else _months(active, start) // PERIODS[period],
                "population": (population or {}).get(code),
            }  # fmt: skip
            is_zero = active is not None and _months(active, start) >= 0
            for definition, name, found in zip(chosen, value_names, counted, strict=True):
                row[name] = _value(definition, found.get((code, start)), zero=is_zero)
            rows.append(row)
    columns = (PLACE, "state", "county", period, "active_on", "event_time", "population", *value_names)
    return Panel(
        columns=columns, rows=tuple(rows), definitions=tuple(d.id for d in chosen), as_of=known, origin=source
    )  # fmt: skip


def _places(folder: Folder, origin: str, known: datetime) -> tuple[dict[str, dict[str, Any]], date | None]:
    """Every county of the facts with its day of activation, and the first day of which a booking tells."""
    with Vintage(folder, origin, ["jurisdiction", "activation", "submission"]) as vintage:
        vintage.at(known, known)
        db = vintage.connection
        listed = db.execute(
            "SELECT jurisdiction, min(state), min(county) FROM jurisdiction WHERE jurisdiction IS NOT NULL GROUP BY 1"
        ).fetchall()
        active = db.execute("SELECT jurisdiction, min(active_on) FROM activation GROUP BY 1").fetchall()
        used = db.execute(
            "SELECT jurisdiction, min(state), min(county), min(valid_from)::date FROM submission "
            "WHERE jurisdiction IS NOT NULL GROUP BY 1"
        ).fetchall()
    days = dict(active)
    places = {c: {"state": s, "county": n, "active_on": days.get(c)} for c, s, n in listed}
    for code, state, county, _ in used:
        places.setdefault(code, {"state": state, "county": county, "active_on": days.get(code)})
    return places, min((day for *_, day in used), default=None)


def _periods(first: date, known: datetime, months: int) -> Iterator[tuple[date, datetime]]:
    """First day and last moment of every period from the first day on, up to what was known; the last may be cut."""
    start = date(first.year, (first.month - 1) // months * months + 1, 1)
    for _ in range(MOST_MONTHS):
        if datetime(start.year, start.month, 1, tzinfo=UTC) > known:
            return
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        after = date(year, month + 1, 1)
        yield start, min(datetime(after.year, after.month, 1, tzinfo=UTC) - timedelta(microseconds=1), known)
        start = after
    raise FiguresError(f"a panel has at most {MOST_MONTHS} periods; the facts begin on {first}")


def _added(
    definition: Definition, folder: Folder, origin: str, known: datetime, periods: Sequence[tuple[date, datetime]]
) -> dict[tuple[str, date], Cell]:
    """What each period added to the figure of each county."""
    found: dict[tuple[str, date], Cell] = {}
    before: dict[str, Cell] = {}
    with Vintage(folder, origin, definition.tables, limits_of(definition)) as vintage:
        vintage.at(known, known)
        cell_columns(vintage.connection, definition, PLACE)
        for start, end in periods:
            vintage.at(known, end)
            now = {c.names[0]: c for c in cells(vintage.connection, definition, (PLACE,)) if c.names[0] is not None}
            for code in now.keys() | before.keys():
                found[code, start] = _less(now.get(code), before.get(code))
            before = now
    return found


def _less(now: Cell | None, before: Cell | None) -> Cell:
    zero = Cell((), Fraction(0), Fraction(0))
    now, before = now or zero, before or zero
    return Cell((), now.numerator - before.numerator, (now.denominator or 0) - (before.denominator or 0))


def _value(definition: Definition, cell: Cell | None, *, zero: bool) -> Any:
    """A value; a share or mean of nothing is not known, and neither is a zero of a place that was not active."""
    if definition.kind != "count":
        return number(cell.value(definition.kind)) if cell is not None and cell.denominator else None
    if cell is None or cell.numerator == 0:
        return 0 if zero else None
    return number(cell.numerator)


def _months(since: date, day: date) -> int:
    return (day.year - since.year) * 12 + day.month - since.month


def _name(start: date, period: str) -> str:
    return f"{start:%Y-%m}" if period == "month" else f"{start.year}Q{(start.month - 1) // 3 + 1}"
