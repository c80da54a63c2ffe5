"""The immigration identification system: earlier encounters, searched only for cards that pass the gate.

Prints come in by `enrol` alone. A search that finds nobody leaves nothing here; a card sent with RET=N leaves nothing
here whatever it finds; a match of a card with RET=Y leaves date, agency and control number, never prints.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, insert, select

from tenprint.cases.card.events import SubmissionAccepted
from tenprint.exchange.prints import Found, Prints
from tenprint.exchange.schema import ENCOUNTER, enrolment_table, print_table

STREAM = "immigration"
PRINT = print_table(STREAM)
ENROLMENT = enrolment_table(STREAM)


def open_prints() -> Prints:
    """The prints of this system. Identity numbers (FIN) begin with N."""
    return Prints(PRINT, ENROLMENT, "N")


def leave_encounter(connection: Connection, found: Found, submission: SubmissionAccepted, on: date) -> bool:
    """Leave what may stay of a search.

    Args:
        connection: Inside the transaction that records the search.
        found: What the search gave.
        submission: The card that was searched.
        on: Local date of the search.

    Returns:
        Whether something was left.
    """
    if not found.hit or not submission.retain:
        return False
    key = {"identity": found.identity, "agency": submission.controlling_ori, "tcn": submission.tcn}
    if not connection.execute(select(ENCOUNTER).filter_by(**key)).first():
        connection.execute(insert(ENCOUNTER).values(on=on, **key))
    return True


def forget_encounter(connection: Connection, agency: str, tcn: str) -> int:
    """Delete what a match of one card left, and say how many rows that were."""
    of_card = (ENCOUNTER.c.agency == agency) & (ENCOUNTER.c.tcn == tcn)
    return connection.execute(delete(ENCOUNTER).where(of_card)).rowcount


def forget_identity(connection: Connection, identity: str) -> int:
    """Delete what matches left under one identity, and say how many rows that were."""
    return connection.execute(delete(ENCOUNTER).where(ENCOUNTER.c.identity == identity)).rowcount
