"""Where an agency books: county and state, from the reference table and from agencies registered on the ledger."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import msgspec

from tenprint.facts.versions import Versions

EPOCH = datetime(2008, 10, 27, tzinfo=UTC)
"""First activation of the program: since when the reference table holds."""


class County(msgspec.Struct, frozen=True):
    """One row of the reference table: a county, its clock, its activation, its synthetic agency."""

    fips: str
    state: str
    name: str
    zone: str
    activation_date: date
    ori: str


@functools.cache
def reference() -> dict[str, County]:
    """The reference table of counties by FIPS code (read as a file: facts need nothing else of the exchange)."""
    table = resources.files("tenprint").joinpath("exchange/registry/counties.csv")
    with table.open(encoding="utf-8") as lines:
        return {
            r["fips"]: County(
                r["fips"], r["state"], r["county"], r["zone"], date.fromisoformat(r["activation_date"]), r["ori"]
            )
            for r in csv.DictReader(lines)
        }


class Place(msgspec.Struct, frozen=True):
    """A county, in the columns that tables of facts carry."""

    jurisdiction: str | None = None
    state: str | None = None
    county: str | None = None

    def columns(self) -> dict[str, Any]:
        """The three columns."""
        return {"jurisdiction": self.jurisdiction, "state": self.state, "county": self.county}


class Places:
    """Counties by FIPS code and by ORI."""

    def __init__(self, counties: Mapping[str, County] | None = None) -> None:
        self._counties = reference() if counties is None else counties
        self._agencies = {c.ori: c.fips for c in self._counties.values()}

    def county(self, fips: str) -> Place:
        """The county of a FIPS code; an unknown code stands without a name."""
        found = self._counties.get(fips)
        return Place(fips, found.state, found.name) if found else Place(fips)

    def of(self, ori: str) -> Place:
        """The county that an agency books for; nothing when the agency is unknown."""
        fips = self._agencies.get(ori)
        return Place() if fips is None else self.county(fips)

    def register(self, data: Mapping[str, Any]) -> Place | None:
        """Take in an agency registered on the ledger; nothing when it names no county."""
        fips = data.get("county")
        if not fips:
            return None
        self._agencies[str(data["ori"])] = str(fips)
        return self.county(str(fips))

    def put_reference(self, versions: Versions, recorded_at: datetime) -> None:
        """Write the tables of reference: places, their agencies, their activation."""
        for c in self._counties.values():
            place = Place(c.fips, c.state, c.name).columns()
            active = datetime(c.activation_date.year, c.activation_date.month, c.activation_date.day, tzinfo=UTC)
            common: dict[str, Any] = {"recorded_at": recorded_at, "source": "reference table of counties"}
            versions.put("jurisdiction", c.fips, place | {"zone": c.zone}, valid_from=EPOCH, **common)
            versions.put(
                "agency", f"agency/{c.ori}", place | {"ori": c.ori, "zone": c.zone}, valid_from=EPOCH, **common
            )
            versions.put("activation", c.fips, place | {"active_on": c.activation_date}, valid_from=active, **common)
