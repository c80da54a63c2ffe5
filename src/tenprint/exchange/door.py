"""The law of a jail's door, asked when the jail honors a request: the answer is recorded with the act.

The exchange asks, and nobody types the answer in. MAY_NOT_HOLD stops no hand; it makes the honor an incident and no
authority.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from tenprint import law
from tenprint.cases.card.commands import HonorRequest
from tenprint.cases.card.facts import facts_of
from tenprint.cases.kernel.value import Command
from tenprint.exchange import directory, local_rows
from tenprint.exchange.custodies import Surroundings
from tenprint.ledger import Act


def answered(connection: Connection, known: Surroundings, command: Command, act: Act) -> Command:
    """The command with the answer of the law of the place and day, when it honors a request; else as it was.

    Args:
        connection: For reading.
        known: The case with its custody.
        command: What somebody does.
        act: Who and when.
    """
    if not isinstance(command, HonorRequest):
        return command
    return msgspec.structs.replace(command, answer=_ask(connection, known, act))


def _ask(connection: Connection, known: Surroundings, act: Act) -> str:
    agency = directory.find_agency(connection, known.facility)
    request = known.case.detainer
    if agency is None or request is None or not agency.county:
        return law.NOBODY_LOOKED
    on = act.occurred_at.astimezone(ZoneInfo(agency.zone)).date()
    others = (*known.around.custody, *known.around.elsewhere)
    try:
        place = law.place_of(agency.county, ori=agency.ori)
        facts = facts_of(known.case, on, others)
        rows = (*law.place_rows(), *local_rows.rows_on(connection))
        return law.may_hold(place, request.form, on=on, known_on=on, facts=facts, rows=rows).answer
    except law.LawError:
        return law.NOBODY_LOOKED
