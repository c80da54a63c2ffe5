"""How each event changes a case.

``evolve`` never refuses: what the ledger holds has happened. Late facts and corrections are kept as sets of statements,
each with the moment at which it was made, so that the state does not depend on the order in which they were recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any, TypeVar

import msgspec

from tenprint.cases.card import events as ev
from tenprint.cases.card.case import Case, Claim, Detainer, DetainerState, Hold, Incident
from tenprint.cases.card.events import Event
from tenprint.cases.kernel.fold import fold_with, unknown, with_changes

T = TypeVar("T", bound=Event)

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_STATE_AFTER: dict[ev.HoldEnd, DetainerState] = {
    "CUSTODY_ASSUMED": "CUSTODY_ASSUMED",
    "EXPIRED": "EXPIRED",
    "RELEASED": "ENDED",
    "TRANSFERRED": "ENDED",
    "DIED": "ENDED",
    "COURT_ORDER": "ENDED",
}
"""Where the request stands after its hold ended so. Other ways of ending follow from an act on the request itself."""


def fold(events: Iterable[Event], case: Case | None = None) -> Case:
    """The case after these events."""
    return fold_with(evolve, events, case or Case())


def evolve(case: Case, event: Event) -> Case:
    """The case after one more event."""
    return _apply(event, case)


@singledispatch
def _apply(event: Event, _case: Case) -> Case:
    unknown(event, "cases/card/evolve.py")


def _add(items: tuple[T, ...], item: T) -> tuple[T, ...]:
    """The statements in the order in which they were made; equal moments by content, equal content once."""

    def key(statement: T) -> tuple[datetime, bytes]:
        made = getattr(statement, "stated_at", None)
        return (made or _LONG_AGO, msgspec.json.encode(statement))

    return tuple(sorted({key(i): i for i in (*items, item)}.values(), key=key))


# -- the card ----------------------------------------------------------------------------------------------------------


@_apply.register
def _(event: ev.SubmissionAccepted, case: Case) -> Case:
    return with_changes(case, submission=event)


@_apply.register
def _(event: ev.SubmissionRejected, case: Case) -> Case:
    return with_changes(case, rejection=event)


@_apply.register
def _(event: ev.ResponseSent, case: Case) -> Case:
    return with_changes(case, responses=(*case.responses, event))


@_apply.register
def _(event: ev.CriminalSearched, case: Case) -> Case:
    return with_changes(case, criminal=event)


@_apply.register
def _(event: ev.GateDecided, case: Case) -> Case:
    return with_changes(case, gate=event)


@_apply.register
def _(event: ev.ImmigrationSearched, case: Case) -> Case:
    return with_changes(case, immigration=event)


@_apply.register
def _(event: ev.PrintExamined, case: Case) -> Case:
    return with_changes(case, examinations=(*case.examinations, event))


@_apply.register
def _(event: ev.SubmissionClosed, case: Case) -> Case:
    return with_changes(case, closed=event)


# -- query, determination, decision ------------------------------------------------------------------------------------


@_apply.register
def _(event: ev.QuerySent, case: Case) -> Case:
    return with_changes(case, queries=(*case.queries, event))


@_apply.register
def _(event: ev.StatusDetermined, case: Case) -> Case:
    return with_changes(case, determinations=(*case.determinations, event))


@_apply.register
def _(event: ev.ReviewRecorded, case: Case) -> Case:
    return with_changes(case, reviews=(*case.reviews, event))


@_apply.register
def _(event: ev.DecisionRecorded, case: Case) -> Case:
    return with_changes(case, decisions=(*case.decisions, event))


@_apply.register
def _(event: ev.ReevaluationDue, case: Case) -> Case:
    return with_changes(case, reevaluations=(*case.reevaluations, event))


# -- the request -------------------------------------------------------------------------------------------------------


def _detainer(case: Case, number: int | None, **changes: Any) -> Case:
    changed = tuple(msgspec.structs.replace(d, **changes) if d.number == number else d for d in case.detainers)
    return with_changes(case, detainers=changed)


def _latest(case: Case) -> int | None:
    """The request an event without a number speaks of: the open one, else the last."""
    return case.detainer.number if case.detainer else (case.detainers[-1].number if case.detainers else None)


@_apply.register
def _(event: ev.DetainerIssued, case: Case) -> Case:
    if event.supersedes is not None:
        case = _detainer(case, event.supersedes, state="SUPERSEDED")
    return with_changes(case, detainers=(*case.detainers, Detainer(number=event.number, issued=event)))


@_apply.register
def _(event: ev.DetainerAcknowledged, case: Case) -> Case:  # noqa: ARG001
    return _detainer(case, _latest(case), acknowledged=True)


@_apply.register
def _(event: ev.DetainerServed, case: Case) -> Case:
    return _detainer(case, _latest(case), served_at=event.served_at, language=event.language)


@_apply.register
def _(event: ev.DetainerDeclined, case: Case) -> Case:
    return _detainer(case, _latest(case), state="DECLINED", reason=event.reason)


@_apply.register
def _(event: ev.DetainerCancelled, case: Case) -> Case:
    return _detainer(case, _latest(case), state="CANCELLED", reason=event.reason)


@_apply.register
def _(event: ev.DetainerWithdrawn, case: Case) -> Case:
    return _detainer(case, _latest(case), state="WITHDRAWN", reason=event.reason, withdrawn_for=event.claim)


@_apply.register
def _(event: ev.DetainerReinstated, case: Case) -> Case:  # noqa: ARG001
    return _detainer(case, _latest(case), state="ISSUED", reason="", withdrawn_for=None)


# -- the hold ----------------------------------------------------------------------------------------------------------


def _change_hold(case: Case, **changes: Any) -> Case:
    """Change the hold that runs, else the last one."""
    if not case.holds:
        return case
    number = (case.hold or case.holds[-1]).number
    changed = tuple(msgspec.structs.replace(h, **changes) if h.number == number else h for h in case.holds)
    return with_changes(case, holds=changed)


@_apply.register
def _(event: ev.ReleaseEligible, case: Case) -> Case:
    if event.corrects and case.eligible is not None and case.eligible.at <= event.at:
        return case
    return with_changes(case, eligible=event)


@_apply.register
def _(event: ev.HoldStarted, case: Case) -> Case:
    return with_changes(case, holds=(*case.holds, Hold(number=len(case.holds) + 1, started=event)))


@_apply.register
def _(event: ev.HoldChanged, case: Case) -> Case:
    return _change_hold(case, started=event.started, ended=None)


@_apply.register
def _(event: ev.HoldAlarm, case: Case) -> Case:
    if case.hold is None:
        return case
    return _change_hold(case, alarms=(*case.hold.alarms, event.hours))


@_apply.register
def _(event: ev.HoldEnded, case: Case) -> Case:
    number = (case.hold or case.holds[-1]).started.detainer if case.holds else _latest(case)
    case = _change_hold(case, ended=event)
    if event.how == "NEW_CRIMINAL_HOLD":  # the person stays, for another reason: a later release starts a new clock
        return with_changes(case, eligible=None)
    return _detainer(case, number, state=_STATE_AFTER[event.how]) if event.how in _STATE_AFTER else case


@_apply.register
def _(event: ev.ReleaseNoticeSent, case: Case) -> Case:
    return _change_hold(case, notice=event)


@_apply.register
def _(event: ev.IncidentOpened, case: Case) -> Case:
    return with_changes(case, incidents=(*case.incidents, Incident(opened=event)))


@_apply.register
def _(event: ev.IncidentClosed, case: Case) -> Case:
    changed = tuple(
        msgspec.structs.replace(i, closed=event) if i.opened.number == event.number else i for i in case.incidents
    )
    return with_changes(case, incidents=changed)


# -- the person --------------------------------------------------------------------------------------------------------


@_apply.register
def _(event: ev.ClaimMade, case: Case) -> Case:
    return with_changes(case, claims=(*case.claims, Claim(made=event)))


@_apply.register
def _(event: ev.ClaimResolved, case: Case) -> Case:
    changed = tuple(
        msgspec.structs.replace(c, resolved=event) if c.made.number == event.number else c for c in case.claims
    )
    return with_changes(case, claims=changed)


@_apply.register
def _(event: ev.CustodyAssumed, case: Case) -> Case:
    if case.detainer is not None:
        case = _detainer(case, case.detainer.number, state="CUSTODY_ASSUMED")
    return with_changes(case, custody=(*case.custody, event), left_at=case.left_at or event.at)


@_apply.register
def _(event: ev.CustodyReleased, case: Case) -> Case:
    if event.custody == "ICE":
        return with_changes(case, custody=(*case.custody, event))
    if case.detainer is not None:
        case = _detainer(case, case.detainer.number, state="ENDED")
    return with_changes(case, custody=(*case.custody, event), left_at=event.at)


# -- late facts, proceedings, outcome ----------------------------------------------------------------------------------


def _statement(field: str) -> Callable[[Any, Case], Case]:
    def apply(event: Any, case: Case) -> Case:
        return with_changes(case, **{field: _add(getattr(case, field), event)})

    return apply


for _kind, _field in (
    (ev.FactStated, "statements"),
    (ev.ChargeStated, "charge_statements"),
    (ev.ChargeDisposed, "dispositions"),
    (ev.ConvictionRecorded, "conviction_statements"),
    (ev.ConvictionStruck, "strikes"),
    (ev.ProceedingStep, "steps"),
    (ev.OutcomeRecorded, "outcomes"),
    (ev.CostRecorded, "costs"),
):
    _apply.register(_kind, _statement(_field))
