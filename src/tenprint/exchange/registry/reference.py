"""The reference table `counties.csv`: every activated county, its clock, its activation date, its synthetic agency."""

from __future__ import annotations

import csv
import functools
import hashlib
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

import msgspec

from tenprint.exchange.errors import UnknownError


class County(msgspec.Struct, frozen=True):
    """One row of the reference table."""

    fips: str
    state: str
    name: str
    zone: str
    activation_date: date
    ori: str


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """A booking agency (CRI) as the exchange knows it."""

    ori: str
    county: str
    """Five-digit FIPS code."""
    zone: str
    """IANA time zone of its facility."""
    name: str = ""
    second_response: bool = True
    """Whether it can receive the second answer (IDR, IAR); where not, that is recorded with the answer."""
    registered_from: date | None = None
    registered_to: date | None = None
    inactive_from: date | None = None
    """First day on which the activation of its county was withdrawn for it."""
    release_minutes: int = 0
    """Minutes that the facility publishes for releasing somebody; 0: it publishes none."""
    release_source: str = ""
    """Where that norm is published."""
    source: str = "reference"

    @property
    def active_since(self) -> date:
        """Activation date of the county."""
        return county(self.county).activation_date

    @property
    def clock(self) -> ZoneInfo:
        """The zone as a `tzinfo`."""
        return ZoneInfo(self.zone)


@functools.cache
def reference_digest() -> str:
    """SHA-256 of the reference table, hex."""
    return hashlib.sha256(_table().read_bytes()).hexdigest()


def _table() -> Traversable:
    return resources.files("tenprint.exchange.registry").joinpath("counties.csv")


@functools.cache
def county_by_fips() -> dict[str, County]:
    """All counties of the reference table, by FIPS code."""
    with _table().open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        return {
            r["fips"]: County(
                r["fips"], r["state"], r["county"], r["zone"], date.fromisoformat(r["activation_date"]), r["ori"]
            )
            for r in rows
        }


def county(fips: str) -> County:
    """The county of a FIPS code.

    Raises:
        UnknownError: when the table has no such county.
    """
    found = county_by_fips().get(fips)
    if found is None:
        raise UnknownError(
            f"expected a five-digit county code (FIPS) such as 48453 for Travis County, TX; got {fips!r}"
        )
    return found


@functools.cache
def _by_ori() -> dict[str, County]:
    return {c.ori: c for c in county_by_fips().values()}


def reference_agency(ori: str) -> Agency | None:
    """The synthetic agency of the reference table with this ORI; nothing when there is none."""
    found = _by_ori().get(ori)
    if found is None:
        return None
    return Agency(ori=ori, county=found.fips, zone=found.zone, name=f"{found.name}, {found.state} (synthetic)")
