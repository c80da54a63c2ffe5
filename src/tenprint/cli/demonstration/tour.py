"""A tour of the desks over the county of the demonstration: one more card, and who does what with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cli.demonstration import cards
from tenprint.cli.demonstration.script import Script, Step

FACILITY = "TXSYN4530"
PERSON = "Birch"
"""Had an earlier encounter; booked once more when everything else is over."""
FILE = "tour.eft"


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the tour."""

    who: str
    role: str
    page: str
    what: str


def compose(script: Script, folder: Path, at: datetime) -> Path:
    """The card of the tour, written into the demonstration's folder.

    Args:
        script: Who is there.
        folder: Where it is written.
        at: The arrest: where the ledger's clock stands, so that nothing has to be dated.
    """
    person = script.person(PERSON)
    fingers = next(s.fingers for s in person.steps if s.kind == "book")
    here = at.astimezone(ZoneInfo(script.zone))
    step = Step(PERSON, here, _desk(script, "booking"), "book", FACILITY, fingers, "DRIVING WITHOUT A LICENSE")
    file = folder / FILE
    file.write_bytes(cards.compose(step, person, 90, script))
    return file


def stops(script: Script, file: Path) -> list[Stop]:
    """Who signs in where, and does what: five minutes."""
    told = (
        ("booking", "booking", f"hand in {file}, and open what became of it"),
        ("center", "center", "open the query, and answer it with the record that you looked at"),
        ("office", "office", "open what is owed: the law of the day, what it permits and why; decide"),
        ("jail", "jail", "the release board: say that the person would walk out; who is free to go turns green"),
        ("supervisor", "supervisor", "what is owed by supervisors, and the incidents that are open"),
        ("bureau", "bureau", "your bureau's cards, their answers, and what was rejected"),
        ("auditor", "audit", "who looked at whom on this tour, for which purpose: open the card's trail"),
    )
    return [Stop(who=_desk(script, role), role=role, page=page, what=what) for role, page, what in told]


def _desk(script: Script, role: str) -> str:
    return next(d.name for d in script.desks if d.role == role and d.agency in {FACILITY, *_elsewhere(role, script)})


def _elsewhere(role: str, script: Script) -> set[str]:
    return set() if role in {"booking", "jail"} else {d.agency for d in script.desks if d.role == role}
