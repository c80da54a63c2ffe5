"""The jail: which holds run until when, and who may act upon a person held there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases import Case
from tenprint.cases.card.case import Hold
from tenprint.cases.card.lawful import asks_for_hold
from tenprint.exchange import docket
from tenprint.exchange.core import Core


class HoldRow(msgspec.Struct, frozen=True, kw_only=True):
    """One open hold."""

    tcn: str
    agency: str
    form: str
    since: datetime
    """When the person would have walked out, on the clock of the facility."""
    deadline: datetime | None
    zone: str
    document: str
    overdue: bool
    incident: bool
    """Whether an incident is open."""
    incidents: tuple[int, ...] = ()
    """Numbers of the open incidents."""


def holds(exchange: Core) -> list[HoldRow]:
    """Every open hold, and every one that ran out while nobody recorded that the person left; the earliest first."""
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    now = exchange.ledger.now()
    rows = [row for s in streams if (row := hold_row(exchange.load(s).case, now)) is not None]
    return sorted(rows, key=lambda r: (r.deadline is None, r.deadline or r.since))


def hold_row(case: Case, now: datetime) -> HoldRow | None:
    """The hold of a case that runs, or that ran out while nobody recorded that the person left.

    Args:
        case: The case.
        now: Moment against which a deadline counts as passed.
    """
    hold, taken = case.hold or _overstayed(case), case.submission
    if hold is None or taken is None:
        return None
    started = hold.started
    zone = ZoneInfo(started.zone)
    deadline = started.deadline
    return HoldRow(
        tcn=taken.tcn,
        agency=taken.controlling_ori,
        form=started.form,
        since=started.release_eligible_at.astimezone(zone),
        deadline=deadline.astimezone(zone) if deadline else None,
        zone=started.zone,
        document=started.document,
        overdue=deadline is not None and now >= deadline,
        incident=bool(case.open_incidents),
        incidents=tuple(i.opened.number for i in case.open_incidents),
    )


def _overstayed(case: Case) -> Hold | None:
    last = case.holds[-1] if case.holds else None
    ran_out = last is not None and last.ended is not None and last.ended.how == "EXPIRED" and case.left_at is None
    return last if ran_out else None


def nobody_may_hold(case: Case) -> str:
    """Why a person who could leave is free to leave now; nothing while a hold runs, ran out, or the person has left."""
    over = bool(case.holds) and case.holds[-1].ended is not None and case.holds[-1].ended.how == "EXPIRED"
    if case.eligible is None or case.left_at is not None or case.hold is not None or over:
        return ""
    asked = case.detainer
    why = "No request to hold stands"
    if asked is not None:
        why = (
            f"Form {asked.form} asks for no hold" if not asks_for_hold(asked.form) else f"{asked.form} is not in force"
        )
    return f"{why}: the person is free to leave now, and nobody may be held on it."
