"""Role, page, act, place and purpose: one table, and no by default."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Literal

import msgspec
from sqlalchemy import Connection

from tenprint.exchange import NotAllowedError, directory, standing
from tenprint.exchange.core import Core
from tenprint.exchange.directory import Principal
from tenprint.ledger import Act


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of ``policy.toml``."""

    role: str
    page: str
    acts: tuple[str, ...]
    place: Literal["county", "area", "own", "anywhere"]
    purpose: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it."""

    rows: tuple[Row, ...]


@functools.cache
def table() -> Table:
    """The table as shipped."""
    text = resources.files("tenprint.desk.service").joinpath("policy.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Table)


def row_for(who: Principal, page: str, act: str) -> Row | None:
    """The row that lets a person do an act on a page; nothing when none does."""
    return next((r for r in table().rows if r.role in who.roles and r.page == page and act in r.acts), None)


Reaches = Callable[[str, str], bool]
"""Whether somebody may see a card: ORI of where its person is, and of the bureau that sent it."""


def sees(exchange: Core, who: Principal, row: Row) -> Reaches:
    """Which cards a row reaches.

    Args:
        exchange: Where.
        who: The reader.
        row: The row under which they read.
    """

    @functools.cache
    def is_near(facility: str) -> bool:
        act = act_of(exchange, who, row)
        try:
            with exchange.reading() as connection:
                if row.place == "county" and not _is_known(connection, who, facility):
                    return False
                standing.check_place(connection, facility, act)
        except NotAllowedError:
            return False
        return True

    def reaches(facility: str, sent_by: str) -> bool:
        if row.place == "anywhere":
            return True
        return bool(who.agency) and sent_by == who.agency if row.place == "own" else is_near(facility)

    return reaches


def act_of(exchange: Core, who: Principal, row: Row) -> Act:
    """The circumstances of a look: role and purpose of the row, now."""
    return Act(who.name, row.role, row.purpose, "policy of the desks", exchange.ledger.now())


def _is_known(connection: Connection, who: Principal, facility: str) -> bool:
    """Both places in a registry: where either is not, nobody can say that it is the same county."""
    return all(directory.find_agency(connection, ori) is not None for ori in (who.agency, facility))
