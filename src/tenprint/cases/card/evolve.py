"""How each event changes a case.

``evolve`` never refuses: what the ledger holds has happened. Late facts and corrections are kept as sets of statements,
each with the moment at which it was made, so that the state does not depend on the order in which they were recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any, TypeVar

import msgspec

from tenprint.cases.card import events as ev
from tenprint.cases.card.case import Case, Claim, Detainer, DetainerState, Incident
from tenprint.cases.card.events import Event
from tenprint.cases.custody.timelines import Stretch
from tenprint.cases.kernel.fold import fold_with, unknown, with_changes

T = TypeVar("T", bound=Event)

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


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
    place = bisect_left(items, _made(item), key=_made)
    if place < len(items) and _made(items[place]) == _made(item):
        return items
    return (*items[:place], item, *items[place:])


def _made(statement: Event) -> tuple[datetime, bytes]:
    return (getattr(statement, "stated_at", None) or _LONG_AGO, msgspec.json.encode(statement))


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
        case = _detainer(case, event.supersedes, state="SUPERSEDED", ended_at=event.issued_at, told_at=event.issued_at)
    return with_changes(case, detainers=(*case.detainers, Detainer(number=event.number, issued=event)))


@_apply.register
def _(event: ev.DetainerAcknowledged, case: Case) -> Case:  # noqa: ARG001
    return _detainer(case, _latest(case), acknowledged=True)


@_apply.register
def _(event: ev.DetainerServed, case: Case) -> Case:
    counts = event.counts_from or event.served_at
    return _detainer(
        case, _latest(case), served_at=event.served_at, language=event.language, counts_from=counts, paper=event.paper,
        handed_by=event.by,
    )  # fmt: skip


@_apply.register
def _(event: ev.PaperMade, case: Case) -> Case:
    return with_changes(case, papers=(*case.papers, event))


def _ended(case: Case, state: DetainerState, at: datetime | None, *, told: bool, **more: Any) -> Case:
    return _detainer(case, _latest(case), state=state, ended_at=at, told_at=at if told else None, **more)


@_apply.register
def _(event: ev.DetainerDeclined, case: Case) -> Case:
    return _ended(case, "DECLINED", event.at, told=True, reason=event.reason)


@_apply.register
def _(event: ev.DetainerCancelled, case: Case) -> Case:
    return _ended(case, "CANCELLED", event.at, told=False, reason=event.reason)


@_apply.register
def _(event: ev.DetainerWithdrawn, case: Case) -> Case:
    return _ended(case, "WITHDRAWN", event.at, told=event.told, reason=event.reason, withdrawn_for=event.claim)


@_apply.register
def _(event: ev.DetainerReinstated, case: Case) -> Case:
    number = _latest(case)
    back = next((d for d in case.detainers if d.number == number), None)
    pauses = back.pauses if back else ()
    if back is not None and back.ended_at is not None:
        pauses = (*pauses, Stretch(start=back.ended_at, end=event.at or back.ended_at))
    return _detainer(
        case, number, state="ISSUED", reason="", withdrawn_for=None, ended_at=None, told_at=None, pauses=pauses
    )


@_apply.register
def _(event: ev.RequestHonored, case: Case) -> Case:
    return with_changes(case, honors=(*case.honors, event))


@_apply.register
def _(event: ev.RequestEndTold, case: Case) -> Case:
    return _detainer(case, event.request, told_at=event.at)


# -- custody -----------------------------------------------------------------------------------------------------------


@_apply.register
def _(event: ev.ReleaseEligible, case: Case) -> Case:
    if event.told_at is None and case.matters:  # an earlier release ended its latest matter without a number
        event = msgspec.structs.replace(event, matter=case.matters[-1].number)
    return with_changes(case, moments=(*case.moments, event))


@_apply.register
def _(event: ev.MatterOpened, case: Case) -> Case:
    return with_changes(case, matters=(*case.matters, event))


def _whereabouts(event: Any, case: Case) -> Case:
    return with_changes(case, whereabouts=(*case.whereabouts, event))


for _where in (ev.PersonBooked, ev.PresenceConfirmed, ev.PersonReceived, ev.PersonReturned):
    _apply.register(_where, _whereabouts)


@_apply.register
def _(event: ev.CustodyAssumed, case: Case) -> Case:
    if case.detainer is not None:
        case = _used_up(case, "CUSTODY_ASSUMED", event.at)
    return _whereabouts(event, case)


@_apply.register
def _(event: ev.CustodyReleased, case: Case) -> Case:
    leaves = event.custody == "LOCAL" and event.how not in _COMES_BACK
    if leaves and case.detainer is not None:
        case = _used_up(case, "ENDED", event.at)
    return _whereabouts(event, case)


def _used_up(case: Case, state: str, at: datetime) -> Case:
    """The request that stands ends as the person leaves or is taken: it allows nothing that comes after."""
    assert case.detainer is not None  # noqa: S101 - said by the caller
    return _detainer(case, case.detainer.number, state=state, ended_at=at, told_at=at)


_COMES_BACK = frozenset({"TRANSFERRED", "TEMPORARY", "ESCAPED", "RELEASED_IN_ERROR", "NEW_CRIMINAL_HOLD"})
"""Ways of leaving after which a request that stands goes on to stand."""


@_apply.register
def _(event: ev.CustodyJoined, case: Case) -> Case:
    return with_changes(case, joined=event)


@_apply.register
def _(event: ev.CustodyKeptApart, case: Case) -> Case:
    joined = None if case.joined is not None and case.joined.custody == event.custody else case.joined
    return with_changes(case, joined=joined, kept_apart=(*case.kept_apart, event))


@_apply.register
def _(event: ev.ActCorrected, case: Case) -> Case:  # noqa: ARG001 - what it takes back never reaches this fold
    return case


@_apply.register
def _(event: ev.DueWarned, case: Case) -> Case:
    return with_changes(case, warnings=(*case.warnings, event))


@_apply.register
def _(event: ev.IncidentOpened, case: Case) -> Case:
    return with_changes(case, incidents=(*case.incidents, Incident(opened=event)))


@_apply.register
def _(event: ev.IncidentClosed, case: Case) -> Case:
    changed = tuple(
        msgspec.structs.replace(i, closed=event) if i.opened.number == event.number else i for i in case.incidents
    )
    return with_changes(case, incidents=changed)


# -- holds of earlier releases -----------------------------------------------------------------------------------------


@_apply.register
def _(event: ev.HoldStarted, case: Case) -> Case:
    if any(h.request == event.detainer for h in case.honors):
        return case
    honored = ev.RequestHonored(
        request=event.detainer,
        under="a hold recorded by an earlier release",
        at=event.release_eligible_at,
        counts_from=event.release_eligible_at,
    )
    return with_changes(case, honors=(*case.honors, honored))


@_apply.register
def _(event: ev.HoldChanged, case: Case) -> Case:
    return evolve(case, event.started)


@_apply.register
def _(event: ev.HoldEnded, case: Case) -> Case:
    if event.how == "NEW_CRIMINAL_HOLD":
        number = max((m.number for m in case.matters), default=1) + 1
        matter = ev.MatterOpened(
            number=number,
            what="new_charge",
            charge="",
            agency="",
            document=event.document,
            at=event.ended_at,
            second="",
        )
        return with_changes(case, matters=(*case.matters, matter))
    ended = case.detainers[-1] if case.detainers else None
    if (
        ended is not None
        and ended.ended_at is None
        and event.how in {"CANCELLED", "WITHDRAWN", "DECLINED", "SUPERSEDED"}
    ):
        return _detainer(case, ended.number, ended_at=event.ended_at, told_at=event.ended_at)
    return case


@_apply.register
def _(event: ev.ReleaseNoticeSent, case: Case) -> Case:  # noqa: ARG001 - the limit says it by itself
    return case


@_apply.register
def _(event: ev.HoldAlarm, case: Case) -> Case:  # noqa: ARG001
    return case


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
