"""Who acts, in which role, when, and under which law: what comes beside every command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.roles import check_role
from tenprint.cases.kernel.value import Command

if TYPE_CHECKING:
    from tenprint.law import Law


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What an act knows beside its case. The exchange gathers it; a decider never looks anything up."""

    custody: tuple[Any, ...] = ()
    """The other cards of the same custody, as cases."""
    elsewhere: tuple[Any, ...] = ()
    """Cards of the same person in other custodies, as cases."""
    known_at: datetime | None = None
    """A real ledger's clock; in a simulated one, the newest act on the same person."""
    norm_minutes: int = 0
    """Minutes that the facility publishes for releasing somebody."""
    roles: Mapping[str, tuple[str, ...]] = {}
    """Roles of the people who are registered."""
    recorded_by: frozenset[str] = frozenset()
    """Who recorded acts of a facility in this custody."""


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
    around: Around = Around()
    """What is known beside the case itself."""

    @property
    def known_at(self) -> datetime:
        """When it was told: not before it happened."""
        return max(self.now, self.around.known_at or self.now)

    def roles_of(self, name: str) -> tuple[str, ...]:
        """Roles of somebody who is named in the act."""
        return self.around.roles.get(name, ())

    @property
    def today(self) -> date:
        """The local date of the act: the law of that day applies."""
        return (self.now.astimezone(ZoneInfo(self.zone)) if self.zone else self.now).date()


def begin(
    command: Command,
    table: Mapping[type[Command], tuple[str, ...]],
    *,
    actor: str,
    role: str,
    now: datetime,
    law: Law | None = None,
    zone: str | None = None,
    around: Around | None = None,
) -> Act:
    """The act of somebody who may ask this, at a moment that can be told.

    Args:
        command: What is asked.
        table: Which roles may, of the family that the command belongs to.
        actor: Who asks.
        role: In which role.
        now: When, with an offset.
        law: The tables to ask; nothing for those that ship.
        zone: Time zone in which the date of the act is reckoned.
        around: What is known beside the case.

    Raises:
        Refusal: when the role may not, nobody is named, or the moment has no offset.
    """
    if now.tzinfo is None:
        raise Refusal(
            type(command).__name__, "the moment of the act has no offset", "give the time with its offset from UTC"
        )
    check_role(command, actor, role, table)
    return Act(actor=actor, role=role, now=now, law=law, zone=zone, around=around or Around())
