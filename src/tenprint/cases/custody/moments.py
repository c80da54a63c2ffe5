"""Times that can be believed: no act precedes what it rests on, none lies ahead, and what is told late is known to be.

Lateness is measured from the clock of a real ledger, and in a simulated one from the newest act on the same person.
"""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from tenprint.cases.card.case import Case
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def check_moment(at: datetime, act: Act, asked: str) -> None:
    """Refuse a moment that has not come.

    Raises:
        Refusal: then.
    """
    if at > act.now:
        raise Refusal(asked, "the moment lies in the future", "record it when it has happened")


def check_not_before_arrest(case: Case, at: datetime, act: Act, asked: str) -> None:
    """Refuse a moment on a day before that of the arrest.

    Raises:
        Refusal: then, naming the day.
    """
    arrested = case.submission.date_of_arrest if case.submission else None
    if arrested is not None and at < datetime.combine(arrested, time(), ZoneInfo(act.zone or "UTC")):
        raise Refusal(
            asked,
            f"it is dated before what it rests on, the arrest of {arrested.isoformat()}",
            "state when it happened",
        )


def is_told_late(at: datetime, act: Act) -> bool:
    """Whether a moment is told on a later local day than its own."""
    zone = ZoneInfo(act.zone or "UTC")
    return at.astimezone(zone).date() < act.known_at.astimezone(zone).date()


def counts_from(at: datetime, act: Act) -> datetime:
    """From when a statement that gives authority counts: its moment, or its telling when it was told late."""
    return act.known_at if is_told_late(at, act) else at
