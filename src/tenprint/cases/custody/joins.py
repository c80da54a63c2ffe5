"""One person, many cards: a further card of somebody in custody joins it, or is kept apart by two named people.

A join is an act like any other: a false match is undone by a correction, and both timelines are computed anew.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.events import CustodyJoined, CustodyKeptApart
from tenprint.cases.custody.view import Custody
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.second import check_second


def why_joined(earlier: Custody, card: Case, zone: str | None) -> Literal["", "present", "booked-again"]:
    """Whether a card belongs to an earlier custody: ``present``, ``booked-again``, or empty when it is a new one.

    A new custody needs an offense dated after the leaving; any other booking of somebody who left resumes the old
    allowance.

    Args:
        earlier: The custody of the same person.
        card: The case of the new card.
        zone: Time zone of the facility, in which days are reckoned.
    """
    taken = card.submission.taken_at if card.submission else None
    if taken is None or not earlier.presence:
        return ""
    if any(p.covers(taken) for p in earlier.presence):
        return "present"
    if taken < earlier.presence[0].start:
        return ""
    before = [p for p in earlier.presence if p.end is not None and p.end <= taken]
    if not before or before[-1].end is None or before[-1].how in {"CUSTODY_ASSUMED", "DIED"}:
        return ""
    left = before[-1].end.astimezone(ZoneInfo(zone or "UTC")).date()
    return "" if _offense_after(card, left) else "booked-again"


def _offense_after(card: Case, left: date) -> bool:
    """Whether a charge of the card is of an offense after the day of leaving; of no known day, that of the arrest."""
    submission = card.submission
    arrested = submission.date_of_arrest if submission else None
    days = [c.offense_date or arrested for c in card.charges] or [arrested]
    return any(day is not None and day > left for day in days)


def join(case: Case, command: cmd.JoinCustody, act: Act) -> tuple[Event, ...]:
    """The card belongs to the custody of an earlier one."""
    accepted(case, "join the custody")
    if case.joined is not None or any(k.custody == command.custody for k in case.kept_apart):
        return ()
    return (
        CustodyJoined(
            custody=command.custody, tcn=command.tcn, why=command.why, reason=command.reason, by=act.actor
        ),
    )  # fmt: skip


def keep_apart(case: Case, command: cmd.KeepApart, act: Act) -> tuple[Event, ...]:
    """Two cards are not one custody."""
    asked = "keep the cards apart"
    accepted(case, asked)
    if not command.reason.strip():
        raise Refusal(asked, "it needs a reason", "say what shows that they are two people, or two custodies")
    check_second(act, command.second, ("jail", "examiner", "supervisor", "rights"), asked)
    if any(k.custody == command.custody for k in case.kept_apart):
        return ()
    return (CustodyKeptApart(custody=command.custody, reason=command.reason, by=act.actor, second=command.second),)
