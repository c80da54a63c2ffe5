"""Federal holidays by year, computed from the rules of 5 U.S.C. 6103 (`tables/holidays.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from tenprint.law.errors import LawError
from tenprint.law.vocabulary import TABLES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY, _SUNDAY = 5, 6


@cache
def federal_holidays(year: int) -> Mapping[date, str]:
    """Days of a calendar year on which a federal holiday is observed, with its name.

    A holiday on a Saturday is observed on the Friday before (New Year's Day of 2011 on 31 December 2010), one on a
    Sunday on the Monday after.

    Raises:
        LawError: before 1986, where the table does not hold.
    """
    table = _table()
    if year < table["first_year"]:
        raise LawError(f"federal holidays are known from {table['first_year']} on, got {year}; use a later date")
    days: dict[date, str] = {}
    for named in (year, year + 1):
        for rule in table["holiday"]:
            if named < rule.get("from_year", 0):
                continue
            legal = _legal_day(rule, named)
            observed = _observed(legal)
            if observed.year == year:
                days[observed] = rule["name"] if observed == legal else f"{rule['name']} (observed)"
    return MappingProxyType(dict(sorted(days.items())))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((TABLES / "holidays.toml").read_text(encoding="utf-8"))


def _legal_day(rule: Mapping[str, Any], year: int) -> date:
    month = rule["month"]
    if "day" in rule:
        return date(year, month, rule["day"])
    weekday = WEEKDAYS.index(rule["weekday"])
    if rule["which"] > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (rule["which"] - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _observed(day: date) -> date:
    if day.weekday() == _SATURDAY:
        return day - timedelta(days=1)
    if day.weekday() == _SUNDAY:
        return day + timedelta(days=1)
    return day
