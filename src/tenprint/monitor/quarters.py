"""Calendar quarters, written ``2011Q2``."""

from __future__ import annotations

import re
from datetime import date

from tenprint.monitor.errors import MonitorError

_WRITTEN = re.compile(r"(\d{4})Q([1-4])")


def number(quarter: str) -> int:
    """A quarter as a whole number: the next quarter has the next number.

    Raises:
        MonitorError: when the text is no quarter.
    """
    found = _WRITTEN.fullmatch(quarter)
    if found is None:
        raise MonitorError(f"expected a calendar quarter such as 2011Q2, got {quarter!r}")
    return int(found[1]) * 4 + int(found[2]) - 1


def written(which: int) -> str:
    """The quarter with a number."""
    return f"{which // 4}Q{which % 4 + 1}"


def of(day: date) -> int:
    """The number of the quarter that a day lies in."""
    return day.year * 4 + (day.month - 1) // 3


def first_day(which: int) -> date:
    """The first day of a quarter."""
    return date(which // 4, which % 4 * 3 + 1, 1)
