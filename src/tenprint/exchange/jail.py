"""The jail: who is there past a release moment, until when, and on what."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases import Case
from tenprint.cases.card.commands import Decline
from tenprint.cases.card.lawful import asks_for_hold
from tenprint.cases.custody.view import Custody
from tenprint.exchange import directory, docket
from tenprint.exchange.core import Core
from tenprint.ledger import Act, NewEvent


class HoldRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is in a facility past a release moment."""

    tcn: str
    agency: str
    """Facility that answers for the person."""
    form: str
    """Form of the hold; empty when nobody may hold them."""
    since: datetime
    """When the person would have walked out, on the clock of the facility."""
    deadline: datetime | None
    """End of authority; nothing when there is none."""
    zone: str
    document: str
    overdue: bool
    """Present past authority."""
    cause: str
    """Why nothing allows it; empty while a hold runs."""
    minutes_without: int
    """Minutes without authority so far."""
    incident: bool
    """Whether an incident is open."""
    incidents: tuple[int, ...] = ()
    """Numbers of the open incidents."""


def holds(exchange: Core) -> list[HoldRow]:
    """Everybody who is in a facility past a release moment; those whose authority ends first stand first."""
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    now = exchange.ledger.now()
    rows = []
    for stream in streams:
        around = exchange.surroundings(stream)
        if around.case.joined is None and (row := hold_row(around.case, around.whole, now)) is not None:
            rows.append(row)
    return sorted(rows, key=lambda r: (r.deadline or r.since, r.tcn))


def hold_row(case: Case, whole: Custody, now: datetime, zone: str = "UTC") -> HoldRow | None:
    """The row of a person who is past a release moment; nothing for everybody else.

    Args:
        case: The card.
        whole: Its custody.
        now: Moment against which authority counts.
        zone: Clock of the facility, where no hold names it.
    """
    released, card = whole.released_at(now), case.submission
    if released is None or card is None or whole.here is None:
        return None
    hold, gap = whole.hold_at(now), whole.gap_at(now)
    clock = ZoneInfo(hold.zone if hold else (case.detainers[-1].issued.zone if case.detainers else zone))
    moments = [m for m in case.moments if m.at == whole.clock[0].start]
    return HoldRow(
        tcn=card.tcn,
        agency=whole.here.facility,
        form=hold.form if hold else "",
        since=released.astimezone(clock),
        deadline=hold.deadline.astimezone(clock) if hold else None,
        zone=clock.key,
        document=moments[0].document if moments else "",
        overdue=gap is not None,
        cause=gap.cause if gap else "",
        minutes_without=whole.minutes_without(now),
        incident=bool(case.open_incidents),
        incidents=tuple(i.opened.number for i in case.open_incidents),
    )


def say_hold(case: Case, whole: Custody, now: datetime) -> str:
    """When a hold ends; or why a person who could leave is free to leave now; nothing when the person has left."""
    gap, hold = whole.gap_at(now), whole.hold_at(now)
    if hold is not None and hold.is_running(now):
        zone = ZoneInfo(hold.zone)
        return (
            f"Held under {hold.form}; the hold ends by itself at {hold.deadline.astimezone(zone):%a %Y-%m-%d %H:%M %Z}."
        )
    if whole.released_at(now) is None or gap is None or gap.cause == "past-deadline":
        return ""
    asked = case.detainer
    why = "No request to hold stands"
    if asked is not None and not asks_for_hold(asked.form):
        why = f"Form {asked.form} asks for no hold"
    elif asked is not None and gap.cause == "not-served":
        why = f"{asked.form} is not in force before the person is served"
    elif asked is not None and gap.cause == "barred-by-law":
        why = f"The law of this place and day forbids holding on {asked.form} (tenprint law may-hold)"
    elif asked is not None:
        why = f"{asked.form} is a request that this jail has not honored (tenprint jail honor)"
    return f"{why}: the person is free to leave now, and nobody may be held on it."


def record_standing_decline(exchange: Core, decline: directory.StandingDecline, act: Act) -> None:
    """Record that a facility declines every request; each new one is answered with it at once.

    Raises:
        NotAllowedError: when the actor is not of that facility's county.
    """
    exchange.vouch(act)
    exchange.agency(decline.ori)
    stream = f"agency/{decline.ori}"
    with exchange.ledger.transaction() as tx:
        data = msgspec.to_builtins(decline)
        tx.append(stream, [NewEvent(directory.DECLINES, data)], act, expected_version=tx.version(stream))


def answer_with_standing_decline(exchange: Core, stream: str, at: datetime) -> None:
    """Decline a request that just went out, where its facility has said so once for all."""
    case = exchange.load(stream).case
    request = case.detainer
    if request is None or request.issued.issued_at != at:
        return
    with exchange.reading() as connection:
        day = at.astimezone(ZoneInfo(request.issued.zone or "UTC")).date()
        found = directory.standing_decline(connection, request.issued.recipient_ori, day)
    if found is None:
        return
    rule = exchange.machine(Decline, at)
    act = Act(found.by, "jail", rule.purpose, rule.authority, at)
    reason = f"standing decline since {found.since.isoformat()}: {found.reason} ({found.document})"
    exchange.change(stream, lambda _: [Decline(reason=reason)], act)
