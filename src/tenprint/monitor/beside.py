"""What stands beside the flags of a county and flags nothing itself: complaints, claims, calls, populations.

Unknown is not none. Where the facts have no complaints at all, or a user's table does not name the county, the value is
nothing, and the source says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts import Folder
from tenprint.figures import compute, find
from tenprint.monitor import tables
from tenprint.monitor.review import Beside, Population

CLAIMS = {
    "VICTIM": "claims by victims", "WITNESS": "claims by witnesses", "CITIZEN": "claims of citizenship",
    "WRONG_PERSON": "claims of being another person",
}  # fmt: skip


def office(facts: Path, quarter: str, counties: Sequence[str], as_of: datetime, origin: str) -> tuple[Beside, ...]:
    """Complaints and claims of a quarter in some counties, as far as the facts of this origin have them.

    Args:
        facts: A folder of facts.
        quarter: Such as ``2011Q2``.
        counties: FIPS codes.
        as_of: What was known.
        origin: Of the review: two origins are never added up.
    """
    folder = Folder.open(facts)
    complaints = _figure("complaints", "complaint", folder, as_of, origin)
    claims = _figure("claims", "claim", folder, as_of, origin)
    found: list[Beside] = []
    for county in counties:
        found.append(_counted(complaints, "complaints received", quarter, county))
        found += [_counted(claims, what, quarter, county, kind) for kind, what in CLAIMS.items()]
    return tuple(found)


class _Rows(msgspec.Struct, frozen=True):
    """What could be counted: rows, or nothing when nobody knows; and where that is from."""

    rows: tuple[dict[str, Any], ...] | None
    source: str


def _figure(name: str, table: str, folder: Folder, as_of: datetime, origin: str) -> _Rows:
    """The rows of a figure.

    A ledger records every complaint and claim made at it, so none there is none. Facts from elsewhere that have no row
    at all never had such a table: nobody knows.
    """
    definition = find(name)
    if origin in folder.origins([table]):
        return _Rows(compute(definition, folder.path, as_of, origin=origin).rows, definition.id)
    if any("ledger" in (folder.source(kind) or {}) for kind in folder.kinds(origin)):
        return _Rows((), definition.id)
    return _Rows(None, f"the facts of origin {origin} have no {name}")


def _counted(figure: _Rows, what: str, quarter: str, county: str, kind: str = "") -> Beside:
    if figure.rows is None:
        return Beside(jurisdiction=county, what=what, value=None, source=figure.source)
    mine = [r for r in figure.rows if r["quarter"] == quarter and (not kind or r["claim"] == kind)]
    nowhere = sum(int(r["value"]) for r in mine if not r["jurisdiction"])
    more = f"; {nowhere} more have no known county" if nowhere else ""
    value = sum(int(r["value"]) for r in mine if r["jurisdiction"] == county)
    return Beside(jurisdiction=county, what=what, value=value, source=figure.source + more)


def calls(file: Path, quarter: str, counties: Sequence[str]) -> tuple[Beside, ...]:
    """Calls for help from a user's table.

    Args:
        file: Columns ``jurisdiction``, ``quarter``, ``calls`` and, where there are several series, ``what``.
        quarter: Such as ``2011Q2``.
        counties: FIPS codes; a county that the table does not name has no value.

    Raises:
        TableError: when the table cannot be read, or names a county, quarter and series twice.
    """
    number = tables.quarter_number(quarter)
    known: dict[tuple[str, str], int] = {}
    series: dict[str, None] = {}
    for row in tables.rows(file, ("jurisdiction", "quarter", "calls"), ("what",)):
        what = row.values.get("what", "").strip() or "911 calls"
        series.setdefault(what)
        if row.quarter("quarter") != number:
            continue
        key = row.county("jurisdiction"), what
        if key in known:
            raise row.wrong("jurisdiction", "each county once in a quarter", key[0])
        known[key] = row.whole("calls")
    missing = f"{file.name} does not have it"
    return tuple(
        Beside(
            jurisdiction=county, what=what, value=known.get((county, what)),
            source=file.name if (county, what) in known else missing,
        )
        for county in counties
        for what in series
    )  # fmt: skip


def populations(file: Path, quarter: str, counties: Iterable[str]) -> tuple[Population, ...]:
    """Estimates for some counties from one of two tables, told apart by their headers.

    Either non-citizens by county and year with a margin of error (``year, fips, noncit_pop, moe``: American Community
    Survey, five years, half of the 90 % interval), or all residents (``STATE, COUNTY, POPESTIMATE2011`` ...: population
    estimates of the Census Bureau, which come without a margin).

    Raises:
        TableError: when it is neither, or a value is no number.
    """
    year, wanted = int(quarter[:4]), set(counties)
    names = set(tables.header(file))
    if {"fips", "noncit_pop", "moe"} <= names:
        found = [
            Population(
                jurisdiction=row.county("fips"), what="non-citizens (American Community Survey, 5 years)", year=year,
                estimate=row.whole("noncit_pop"), margin=row.whole("moe") if row.has("moe") else None,
            )
            for row in tables.rows(file, ("year", "fips", "noncit_pop"), ("moe",))
            if row.whole("year") == year and row.county("fips") in wanted
        ]  # fmt: skip
    elif {"STATE", "COUNTY", f"POPESTIMATE{year}"} <= names:
        found = [
            Population(
                jurisdiction=row.text("STATE") + row.text("COUNTY"), what="residents (Census Bureau estimates)",
                year=year, estimate=row.whole(f"POPESTIMATE{year}"), margin=None,
            )
            for row in tables.rows(file, ("STATE", "COUNTY", f"POPESTIMATE{year}"))
            if row.text("STATE") + row.text("COUNTY") in wanted
        ]  # fmt: skip
    else:
        raise tables.TableError(
            f"{file}: expected the columns fips, year, noncit_pop, moe, or STATE, COUNTY, POPESTIMATE{year}; it has "
            f"{', '.join(sorted(names)) or 'nothing'}"
        )
    return tuple(sorted(found, key=lambda p: (p.jurisdiction, p.what)))
