"""What is owed about a place: a decision on open civil-rights investigations, an answer to a request to stay out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenprint.cases.jurisdiction.place import Place
from tenprint.cases.kernel.due import Due

DECIDE = timedelta(days=7)
"""Time for a decision on an investigation of an active place: this program's own choice."""
ANSWER = timedelta(days=30)
"""Time for an answer to a request not to be activated: this program's own choice."""


def undecided(place: Place) -> tuple[str, ...]:
    """Open investigations of an active place that nobody has accepted by name, and that did not end its activation."""
    if place.stage != "ACTIVE":
        return ()
    accepted = set(place.accepted.despite) if place.accepted is not None else set()
    return tuple(i for i in place.open_investigations if i not in accepted)


def owed_by_places(fips: str, place: Place, now: datetime, zone: str = "UTC") -> tuple[Due, ...]:
    """Everything owed about one place, the earliest due first."""
    found = []
    open_ones = undecided(place)
    if open_ones and place.vetted is not None:
        since = _start(place.vetted.on, zone)
        found.append(
            Due(
                tcn=fips, about="investigation", owner="rights", since=since, due=since + DECIDE,
                act=f"tenprint jurisdiction accept-investigations {fips} --reason R, or jurisdiction deactivate {fips}",
                what=f"decide by name whether prints go on despite {'; '.join(open_ones)}",
                consequence="every forward meanwhile carries it",
            )
        )  # fmt: skip
    for request in place.open_requests:
        since = _start(request.made.on, zone)
        found.append(
            Due(
                tcn=fips, about=f"request {request.made.number}", owner="supervisor", since=since, due=since + ANSWER,
                act=f"tenprint jurisdiction answer {fips} {request.made.number}",
                what="answer the request not to be activated", consequence="it stands unanswered and is counted",
            )
        )  # fmt: skip
    return tuple(d for d in sorted(found, key=lambda d: d.due) if d.since <= now)


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
