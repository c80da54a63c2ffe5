"""Who may act upon a case by where they are: a jail holds its people, a booking desk its county, an office its area."""

from __future__ import annotations

from sqlalchemy import Connection

from tenprint.exchange import directory
from tenprint.exchange.errors import NotAllowedError
from tenprint.ledger import Act

LOCAL = ("jail", "booking")
"""Roles that act in their own county alone."""
FIELD = ("office", "supervisor")
"""Roles that act in the area of their field office."""
HEADQUARTERS = "ERO"
"""The office that covers every area."""


def check_place(connection: Connection, facility: str, act: Act) -> None:
    """Refuse an act in another county's jail, or outside of a field office's area.

    Args:
        connection: For reading.
        facility: ORI of where the person is, or was last.
        act: Who acts, in which role.

    Raises:
        NotAllowedError: then, naming both places.
    """
    if act.role in LOCAL:
        _check_local(connection, facility, act)
    elif act.role in FIELD:
        _check_area(connection, facility, act)


def _check_local(connection: Connection, facility: str, act: Act) -> None:
    own = directory.find_agency(connection, directory.principal(connection, act.actor).agency)
    theirs = directory.find_agency(connection, facility)
    if own is not None and theirs is not None and own.county != theirs.county:
        raise NotAllowedError(
            f"{act.actor} is of {own.ori} in county {own.county}; this person is held by {theirs.ori} in county "
            f"{theirs.county}. Somebody of that jail can do it."
        )


def _check_area(connection: Connection, facility: str, act: Act) -> None:
    office = directory.principal(connection, act.actor).agency
    theirs = directory.find_agency(connection, facility)
    if office == HEADQUARTERS or theirs is None:
        return
    covered = directory.area(connection, office)
    own = directory.find_agency(connection, office)
    if covered is None and own is not None:
        covered = frozenset({own.county})
    state = directory.state_of(theirs)
    if covered is None:
        raise NotAllowedError(
            f"{act.actor} is of {office or 'no office'}, whose area nobody has registered. An administrator can: "
            f"tenprint agency office {office or 'CODE'} --covers {state or theirs.county}"
        )
    if not covered & {state, theirs.county}:
        raise NotAllowedError(
            f"{act.actor} is of {office}, which covers {', '.join(sorted(covered))}; this person is in county "
            f"{theirs.county} ({state}). Somebody of the office of that area can do it."
        )
