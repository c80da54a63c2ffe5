"""Names of codes: finger and palm positions (FGP), impressions (IMP). ANSI/NIST-ITL 1-2011 tables 7 and 8."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def codes(name: str) -> dict[int, str]:
    """Names by code of the list ``position`` or ``impression``."""
    text = resources.files("tenprint.itl").joinpath("tables/codes.csv").read_text("utf-8")
    return {int(row["code"]): row["name"] for row in csv.DictReader(text.splitlines()) if row["list"] == name}


def position_name(code: int | None) -> str:
    """Words for a position code; empty when there is none."""
    return "" if code is None else codes("position").get(code, f"position {code}")


def impression_name(code: int | None) -> str:
    """Words for an impression code; empty when there is none."""
    return "" if code is None else codes("impression").get(code, f"impression {code}")
