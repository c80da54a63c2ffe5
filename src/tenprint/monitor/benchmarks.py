"""What a figure is compared with, and how well that is known: populations with their margins, calls beside the flags.

The American Community Survey prints an estimate and half of its 90 % interval. For many counties that half is larger
than the number itself; a share over such a denominator says nothing, and is marked so instead of being hidden.

Source: U.S. Census Bureau, *Understanding and Using American Community Survey Data: What All Data Users Need to Know*
(2020), chapter 8, for the margin of a ratio and of a proportion.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tenprint.monitor.review import Beside, Population
from tenprint.monitor.tables import TableError, header, quarter_name, quarter_number, rows

NON_CITIZENS = "non-citizens (American Community Survey, 5 years)"
RESIDENTS = "residents (Census Bureau, population estimates)"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A count or an estimate over an estimate."""

    value: float
    margin: float
    """Half of the 90 % interval, as the Census Bureau prints it; of the estimates alone."""
    is_usable: bool
    """False when a margin is larger than what it belongs to."""


def non_citizens(file: Path) -> tuple[Population, ...]:
    """Non-citizens by county and year, from columns fips, year, noncit_pop, moe.

    Raises:
        TableError: when a column or value is wrong.
    """
    return tuple(
        Population(
            jurisdiction=row.county("fips"),
            what=NON_CITIZENS,
            year=row.whole("year"),
            estimate=row.whole("noncit_pop"),
            margin=_margin(row.number("moe")) if row.has("moe") and row.values["moe"] != "NA" else None,
        )
        for row in rows(file, ("fips", "year", "noncit_pop"), ("moe",))
        if row.values["noncit_pop"] not in {"", "NA"}
    )


def _margin(value: float) -> int | None:
    """The Bureau writes large negative numbers where it has no margin."""
    return round(value) if value >= 0 else None


def residents(file: Path) -> tuple[Population, ...]:
    """Residents by county and year, from the Bureau's county file: STATE, COUNTY and POPESTIMATE2010 and so on.

    Totals of states (COUNTY 000) are left out; the Bureau prints no margin for these estimates.

    Raises:
        TableError: when a column or value is wrong, or no column is an estimate of a year.
    """
    years = [name for name in header(file) if re.fullmatch(r"POPESTIMATE\d{4}", name)]
    if not years:
        raise TableError(f"{file}: expected columns such as POPESTIMATE2010")
    return tuple(
        Population(
            jurisdiction=row.text("STATE").zfill(2) + row.text("COUNTY").zfill(3),
            what=RESIDENTS,
            year=int(year[-4:]),
            estimate=row.whole(year),
            margin=None,
        )
        for row in rows(file, ("STATE", "COUNTY", *years))
        if int(row.text("COUNTY"))
        for year in years
    )


def in_year(populations: Iterable[Population], year: int) -> dict[tuple[str, str], Population]:
    """For each county and kind, the estimate of that year, or of the nearest (the earlier of two as near).

    A denominator of another year is better than none, and says its year.
    """
    found: dict[tuple[str, str], Population] = {}
    for one in populations:
        key = (one.jurisdiction, one.what)
        last = found.get(key)
        if last is None or (abs(one.year - year), one.year) < (abs(last.year - year), last.year):
            found[key] = one
    return found


def share(part: Population | int, whole: Population) -> Share | None:
    """A part over a whole, with the margin that the estimates bring in.

    Args:
        part: A count, which is exact, or an estimate; one of the same place that lies within the whole.
        whole: The denominator.

    Returns:
        Nothing when the whole is nobody.
    """
    if not whole.estimate:
        return None
    top, top_margin = (part, 0) if isinstance(part, int) else (part.estimate, part.margin or 0)
    bottom_margin = whole.margin or 0
    value = top / whole.estimate
    inside = top_margin**2 - value**2 * bottom_margin**2
    # A part of the whole moves with it; where that makes the root negative, and for counts, the Bureau takes the ratio.
    if isinstance(part, int) or inside < 0:
        inside = top_margin**2 + value**2 * bottom_margin**2
    usable = top_margin <= top and bottom_margin <= whole.estimate
    return Share(value=value, margin=math.sqrt(inside) / whole.estimate, is_usable=usable)


def is_usable(population: Population) -> bool:
    """Whether the margin is no larger than the estimate."""
    return population.margin is None or population.margin <= population.estimate


def beside(file: Path, quarter: str) -> tuple[Beside, ...]:
    """What a user lets stand beside the flags: columns jurisdiction, quarter, what, value, source.

    Such as calls to 911 by victims and witnesses, where a county supplies the series. An empty value is not known,
    which is not the same as none.

    Args:
        file: The table; ``what`` is in plain words: ``911 calls by victims``.
        quarter: The quarter reviewed: ``2011Q2``.

    Raises:
        TableError: when a column or value is wrong, a row has no source, or the same thing stands there twice.
    """
    wanted = quarter_number(quarter)
    found: dict[tuple[str, str], Beside] = {}
    for row in rows(file, ("jurisdiction", "quarter", "what", "value", "source")):
        key = (row.county("jurisdiction"), row.text("what"))
        value = row.whole("value") if row.has("value") else None
        source = row.text("source")
        if row.quarter("quarter") != wanted:
            continue
        if key in found:
            raise row.wrong("what", f"each thing once for a county in {quarter_name(wanted)}", key[1])
        found[key] = Beside(jurisdiction=key[0], what=key[1], value=value, source=source)
    return tuple(found.values())
