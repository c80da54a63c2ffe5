"""Corrections: every act can be taken back by a later one with a second person, and both stay on the ledger.

What was taken back never reaches the fold: state, timelines, dues and figures are those of what stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import ActCorrected, Event
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.second import check_second

NEVER = frozenset(
    {
        "submission.accepted", "submission.rejected", "submission.closed", "criminal.searched", "immigration.searched",
        "gate.decided", "response.sent", "incident.opened", "due.warned", "act.corrected", "reevaluation.due",
    }
)  # fmt: skip
"""Kinds that are no statement of a person: what they rest on is corrected instead."""

_OF_THE_RIGHTS_OFFICE = frozenset({"rights"})


def standing(events: Sequence[tuple[int, Event]]) -> Iterable[Event]:
    """The events that no later correction takes back, in order; given with their places in the stream."""
    gone: set[int] = set()
    for place, event in reversed(events):
        if isinstance(event, ActCorrected) and place not in gone:
            gone |= set(event.acts)
    return (event for place, event in events if place not in gone)


def correct(_case: Case, command: cmd.CorrectAct, act: Act) -> tuple[Event, ...]:
    """Take an act back: with a reason, a second person, and by the office that made it or one that reviews it."""
    asked = f"correct {command.kind}"
    if command.kind in NEVER:
        raise Refusal(asked, "it is no statement of a person", "correct the act that it follows from")
    if not command.reason.strip():
        raise Refusal(asked, "a correction needs its reason", "say what was wrong")
    mine = {command.made_as, "supervisor", "rights"} if command.made_as not in _OF_THE_RIGHTS_OFFICE else {"rights"}
    if command.kind == "claim.resolved":
        mine = {command.made_as}
    if act.role not in mine:
        raise Refusal(asked, f"{act.actor} acts as {act.role}", f"ask somebody who is {' or '.join(sorted(mine))}")
    check_second(act, command.second, ("jail", "supervisor", "rights", "bureau", "center"), asked)
    if command.second == command.made_by:
        raise Refusal(asked, f"{command.second} made the act that is corrected", "name somebody else with --second")
    return (
        ActCorrected(
            acts=command.acts, what=command.kind, reason=command.reason, by=act.actor, second=command.second
        ),
    )  # fmt: skip
