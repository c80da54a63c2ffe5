"""Events of holds in ledgers made before holds were derived: read for ever, written no more.

A hold that began is read as the jail's honor of its request from the release moment on; its recorded end is not needed,
because limits and leavings say when it ended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tenprint.cases.card.values import HoldEnd
from tenprint.cases.kernel.value import Event


class HoldStarted(Event, frozen=True, tag="hold.started"):
    """The person would have walked out at this moment; the clock runs from here only."""

    release_eligible_at: datetime
    reason: str
    document: str
    form: str
    zone: str
    deadline: datetime | None
    excluded: tuple[str, ...] = ()
    detainer: int = 1


class HoldChanged(Event, tag="hold.changed", frozen=True):
    """The hold goes on: from an earlier moment, under another form, or because its request is back.

    Its deadline is never a later one.
    """

    started: HoldStarted
    """The hold as it now stands."""
    why: Literal["correction", "superseded", "reinstated"]


class HoldAlarm(Event, tag="hold.alarm", frozen=True):
    """An agreed share of the limit has been used up."""

    hours: int
    due: datetime


class HoldEnded(Event, frozen=True, tag="hold.ended"):
    """The hold is over."""

    how: HoldEnd
    ended_at: datetime
    document: str = ""
    """What shows it, where the hold ended by a new criminal matter, a court order or a transfer."""


class ReleaseNoticeSent(Event, frozen=True, tag="hold.release_notice"):
    """The limit was reached: the jail is told that its authority to hold is over."""

    deadline: datetime
