"""What stands beside the flags of a county and flags nothing itself: complaints, claims, calls, populations.

Unknown is not none. Where the facts have no complaints at all, or a user's table does not name the county, the value is
nothing, and the source says why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts import Folder
from tenprint.figures import compute, find
from tenprint.monitor import benchmarks, tables
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
    """Calls for help, or whatever else a user supplies, at the counties that were flagged.

    Args:
        file: Columns ``jurisdiction``, ``quarter``, ``what``, ``value``, ``source``; see ``benchmarks.beside``.
        quarter: Such as ``2011Q2``.
        counties: FIPS codes; what the table does not say of a county is not known.

    Raises:
        TableError: when the table cannot be used.
    """
    found = benchmarks.beside(file, quarter)
    known = {(b.jurisdiction, b.what): b for b in found}
    series = dict.fromkeys(b.what for b in found) or {"calls for help": None}
    missing = f"{file.name} does not have it for {quarter}"
    return tuple(
        known.get((county, what), Beside(jurisdiction=county, what=what, value=None, source=missing))
        for county in counties
        for what in series
    )


def populations(file: Path, quarter: str, counties: Collection[str]) -> tuple[Population, ...]:
    """Estimates for some counties, of the year of the quarter or the nearest: residents or non-citizens, by its header.

    Raises:
        TableError: when it is neither, or a value is wrong.
    """
    read = benchmarks.residents if "STATE" in tables.header(file) else benchmarks.non_citizens
    nearest = benchmarks.in_year((p for p in read(file) if p.jurisdiction in counties), int(quarter[:4]))
    return tuple(nearest[key] for key in sorted(nearest))
