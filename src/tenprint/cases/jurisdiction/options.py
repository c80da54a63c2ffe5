"""What a jurisdiction can do today: the rule of the day, and where its own case stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tenprint import law as rules
from tenprint.cases.jurisdiction.place import Agreement, Place, Stage
from tenprint.cases.kernel.value import Value

if TYPE_CHECKING:
    from tenprint.law import Law


class Options(Value, frozen=True):
    """The answer for one day."""

    on: date
    stage: Stage
    rule: str
    says: str
    standing: str
    sources: tuple[str, ...]
    can: tuple[str, ...]
    """What the jurisdiction itself can do, in plain sentences."""
    owed: tuple[str, ...]
    """What the federal agency owes it now."""
    cannot: tuple[str, ...]


def ask(on: date, law: Law | None, *, meeting_held: bool) -> rules.Evaluation:
    """The rule of the day about a written request."""
    return rules.evaluate("opt_out", {"written_request": True, "meeting_held": meeting_held}, on=on, law=law)


def options(place: Place, on: date, *, agreement: Agreement | None = None, law: Law | None = None) -> Options:
    """What the jurisdiction can do on a day, and what it cannot.

    Args:
        place: Its case.
        on: The day.
        agreement: The agreement of its state, if there is one.
        law: The tables to ask; nothing for those that ship.
    """
    request = place.open_requests[-1] if place.open_requests else None
    found = ask(on, law, meeting_held=request is not None and request.meeting is not None)
    can = [
        "decline any single request to hold a person (a detainer is a request)",
        "complain, and read every figure about itself",
    ]
    if place.stage != "ACTIVE" and request is None:
        can.append("say in writing that it does not want to be activated")
    if agreement is not None and agreement.covers(on) and agreement.notice_days is not None:
        can.append(f"ask its state to end the agreement, {agreement.notice_days} days after notice")
    cannot = []
    if "REMOVE_FROM_PLAN" not in ask(on, law, meeting_held=True).permitted:
        cannot.append("be removed from the plan by its own request")
    owed = []
    if request is not None:
        owed = [
            f"{duty.replace('_', ' ').lower()} on request {request.made.number}"
            for duty in found.duties
            if duty != "REQUEST_RECORDED"
        ]
        if not owed:
            owed = [f"answer on request {request.made.number}"]
    return Options(
        on=on,
        stage=place.stage,
        rule=found.regime,
        says=found.says,
        standing=found.standing,
        sources=found.sources,
        can=tuple(can),
        owed=tuple(owed),
        cannot=tuple(cannot),
    )
