"""Agencies: which county an ORI books for, on which clock, and since when that county is active.

Agencies registered on the ledger come first; behind them stands the reference table, one synthetic agency per county.
"""

from __future__ import annotations

from tenprint.exchange.registry.reference import (
    Agency,
    County,
    county,
    county_by_fips,
    reference_agency,
    reference_digest,
)

__all__ = ["Agency", "County", "county", "county_by_fips", "reference_agency", "reference_digest"]
