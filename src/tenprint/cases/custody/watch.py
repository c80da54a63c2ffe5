"""The watch: what time alone has done to a case. Whoever runs it, as often as they like, the result is the same.

It warns of limits before they come, withdraws a request whose ground is gone, and opens incidents for what is owed and
late. It closes nothing and decides nothing.
"""

from __future__ import annotations

from datetime import timedelta

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.evolve import fold
from tenprint.cases.card.grounds import withdraw_if_gone
from tenprint.cases.card.values import Event, IncidentKind
from tenprint.cases.custody import dues, incidents
from tenprint.cases.kernel.act import Act


def tick(case: Case, command: cmd.Tick, act: Act) -> tuple[Event, ...]:
    """Everything that is due at the moment of the act and was not recorded yet."""
    events: list[Event] = []

    def add(more: tuple[Event, ...]) -> None:
        nonlocal case
        events.extend(more)
        case = fold(more, case)

    add(withdraw_if_gone(case, act))
    add(dues.warnings(case, act))
    add(incidents.due(case, act))
    for owed in dues.owed(case, act, _targets(command)):
        if owed.incident and act.now > owed.due:
            add(incidents.open_once(case, INCIDENT_OF[owed.incident], owed.about, owed.what, owed.due))
    return tuple(events)


INCIDENT_OF: dict[str, IncidentKind] = {
    "claim-overdue": "claim-overdue",
    "answer-overdue": "answer-overdue",
    "decision-overdue": "decision-overdue",
}
"""Dues that become incidents when they do not come."""


def _targets(command: cmd.Tick) -> dues.Targets:
    return dues.Targets(
        answer=None if command.answer_hours is None else timedelta(hours=command.answer_hours),
        decision=None if command.decision_hours is None else timedelta(hours=command.decision_hours),
    )
