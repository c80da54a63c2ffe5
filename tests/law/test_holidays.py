"""Federal holidays against the package `holidays`, and the edges of the rules."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from tenprint import law


@pytest.mark.parametrize("year", range(1990, 2051))
def test_observed_holidays_agree_with_another_implementation(year: int) -> None:
    theirs = holidays.country_holidays("US", years=[year, year + 1], observed=True)
    working = {day for day in theirs if day.year == year and day.isoweekday() <= 5}
    assert set(law.federal_holidays(year)) == working


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2010-12-31", "New Year's Day (observed)"),
        ("2021-12-31", "New Year's Day (observed)"),
        ("2010-12-24", "Christmas Day (observed)"),
        ("2012-11-12", "Veterans Day (observed)"),
        ("2012-05-28", "Memorial Day"),
        ("2021-06-18", "Juneteenth National Independence Day (observed)"),
        ("2013-01-21", "Birthday of Martin Luther King, Jr."),
    ],
)
def test_a_holiday_has_its_name(day: str, name: str) -> None:
    when = date.fromisoformat(day)
    assert law.federal_holidays(when.year)[when] == name


def test_the_table_starts_in_1986_and_its_days_are_in_order() -> None:
    days = list(law.federal_holidays(1986))
    assert days == sorted(days)
    assert len(days) == 10
    with pytest.raises(law.LawError, match="from 1986 on, got 1985"):
        law.federal_holidays(1985)


@pytest.mark.parametrize("day", ["2020-06-19", "2012-12-24", "2013-01-20", "2009-01-20"])
def test_days_that_are_not_in_the_statute_are_not_excluded(day: str) -> None:
    when = date.fromisoformat(day)
    assert when not in law.federal_holidays(when.year)
