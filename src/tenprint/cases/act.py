"""Who acts, in which role, when, and under which law: what comes beside every command."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

if TYPE_CHECKING:
    from tenprint.law import Law


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one act."""

    actor: str
    role: str
    now: datetime
    """When it happened, as the actor states; it has an offset."""
    law: Law | None
    """The tables to ask; nothing for those that ship with the program."""
    zone: str | None = None
    """Time zone in which the date of the act is reckoned; nothing: that of ``now``."""

    @property
    def today(self) -> date:
        """The local date of the act: the law of that day applies."""
        return (self.now.astimezone(ZoneInfo(self.zone)) if self.zone else self.now).date()
