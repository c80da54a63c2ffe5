"""In which role somebody acts, for which purpose and under which authority: asked before every act.

A role permits acts; what the law of the day permits is asked of the case itself, after this. Acts upon a case and
upon a jurisdiction: the tables in `tenprint.cases.card.roles` and `tenprint.cases.jurisdiction.roles`. Acts upon the
exchange, and purposes and authorities of all: `acts.toml`.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

import msgspec

from tenprint.cases.card.roles import PERMITTED as OF_A_CASE
from tenprint.cases.jurisdiction.roles import PERMITTED as OF_A_PLACE
from tenprint.cases.kernel.value import Command
from tenprint.exchange.errors import NotAllowedError

PERMITTED = {**OF_A_CASE, **OF_A_PLACE}
"""Roles that may, by command: upon a case, and upon a jurisdiction."""


class ActRule(msgspec.Struct, frozen=True):
    """One row of the table."""

    purpose: str
    authority: str
    roles: tuple[str, ...] = ()
    """Who may, for acts upon the exchange itself."""
    commands: tuple[str, ...] = ()
    """Commands of a case that fall under this act."""


class ActTable(msgspec.Struct, frozen=True):
    """The whole of `acts.toml`."""

    roles: dict[str, str]
    """Roles that people can have, with what each does."""
    acts: dict[str, ActRule]


@functools.cache
def table() -> ActTable:
    """The table as shipped."""
    text = resources.files("tenprint.exchange").joinpath("acts.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), ActTable)


@functools.cache
def rule_of(command: type[Command]) -> ActRule:
    """Purpose and authority of an act upon a case."""
    return next(rule for rule in table().acts.values() if command.__name__ in rule.commands)


def check_role(role: str) -> None:
    """Refuse a role that nobody can have.

    Raises:
        NotAllowedError: with the roles there are.
    """
    if role not in table().roles:
        raise NotAllowedError(f"expected one of the roles {', '.join(table().roles)}; got {role!r}")


def role_for(act: str | type[Command], held: tuple[str, ...], name: str) -> str:
    """The role in which somebody does an act: the first of the roles they hold that may.

    Args:
        act: An act upon the exchange such as ``enrol``, or a command of a case.
        held: Roles of the principal.
        name: Name of the principal, for the message.

    Raises:
        NotAllowedError: when none of the held roles may.
    """
    may = table().acts[act].roles if isinstance(act, str) else PERMITTED[act]
    for role in held:
        if role in may:
            return role
    people = [role for role in may if role in table().roles]
    what = act if isinstance(act, str) else act.__name__
    raise NotAllowedError(
        f"{name} is registered as {', '.join(held) or 'nobody'}; "
        f"{what} is for {' or '.join(people) or 'the machinery alone'}. "
        f"Act as somebody with that role, or let an administrator add one: "
        f"tenprint principal add --name N --role {people[0] if people else 'R'} --agency O"
    )
