"""What is left of a hold's limit when the person was away or held for something else in between.

8 CFR 287.7(d) gives one period after one release moment. It is counted twice over all the time that a hold could
have run: as elapsed time (the deadline of the first stretch, moved by the time away) and as counted time (excluded
days stand still in every stretch). The earlier end wins, and nothing starts it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tenprint.law.clock import counted_deadline, counted_time, hold_deadline

Span = tuple[datetime, datetime | None]
"""A stretch of time in which the clock runs: from, until (nothing: it still runs)."""


def allowance_end(form_name: str, spans: Sequence[Span], zone: str) -> datetime | None:
    """The moment at which the limit of a form is used up, over stretches of time.

    Args:
        form_name: Name of a form version such as ``I-247 (12/12)``.
        spans: Half-open, in order, apart; the first begins with the release moment. The last one is looked at as if it
            went on.
        zone: IANA time zone of the facility.

    Returns:
        With the facility's offset; nothing when the form asks for no hold, or no clock has started.

    Raises:
        LawError: for an unknown form or zone.
    """
    if not spans:
        return None
    first = hold_deadline(form_name, spans[0][0], zone).deadline
    if first is None:
        return None
    whole = first - spans[0][0]
    elapsed, counted = timedelta(), timedelta()
    for start, end in spans:
        left = whole - elapsed
        ends = min(start + left, counted_deadline(form_name, start, zone, counted))
        if end is None or ends <= end or (start, end) == spans[-1]:
            return max(ends, start).astimezone(first.tzinfo)
        elapsed += end - start
        counted += counted_time(form_name, start, end, zone)
    raise AssertionError("unreachable")
