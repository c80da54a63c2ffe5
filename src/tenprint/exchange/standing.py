"""Who may act upon a case by where they are: a jail acts upon the people it holds."""

from __future__ import annotations

from sqlalchemy import Connection

from tenprint.cases import Case
from tenprint.exchange import directory
from tenprint.exchange.errors import NotAllowedError
from tenprint.ledger import Act


def check_place(connection: Connection, case: Case, act: Act) -> None:
    """A jail acts upon the people it holds: somebody of a registered agency of another county may not.

    Raises:
        NotAllowedError: then, naming both places.
    """
    if act.role != "jail":
        return
    held_at = case.detainers[-1].issued.recipient_ori if case.detainers else ""
    booked_at = case.submission.controlling_ori if case.submission else ""
    own = directory.find_agency(connection, directory.principal(connection, act.actor).agency)
    theirs = directory.find_agency(connection, held_at or booked_at)
    if own is not None and theirs is not None and own.county != theirs.county:
        raise NotAllowedError(
            f"{act.actor} is of {own.ori} in county {own.county}; this person is held by {theirs.ori} in county "
            f"{theirs.county}. Somebody of that jail can do it."
        )
