"""The hold: time past the moment at which the person would have left, and its end (8 CFR 287.7(d)).

It starts only with a recorded moment, reason and document, and only under a request that is in force. Its deadline is
computed from that moment and the form, is never moved back, never paused, never restarted; at the deadline the hold is
over by itself, and whoever looks first records it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from tenprint import law as rules
from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case, Detainer, Hold
from tenprint.cases.card.events import (
    Event,
    HoldChanged,
    HoldEnd,
    HoldEnded,
    HoldStarted,
    IncidentOpened,
    ReleaseEligible,
    ReleaseNoticeSent,
)
from tenprint.cases.card.evolve import evolve, fold
from tenprint.cases.card.lawful import asks_for_hold, deadline
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def is_effective(request: Detainer) -> bool:
    """Whether a request that stands asks for a hold and is in force: Form I-247A only once the person is served."""
    return asks_for_hold(request.form) and (
        not rules.form(request.form).effective_when_served or request.served_at is not None
    )


def in_force_since(request: Detainer, act: Act) -> datetime:
    """The moment from which an effective request asks for a hold."""
    needs_service = rules.form(request.form).effective_when_served
    return (request.served_at if needs_service else request.issued.issued_at) or act.now


def limit(case: Case, form: str, zone: str) -> datetime | None:
    """The moment at which a hold under this form would have to end; nothing before there is a release moment.

    The earliest of: this form's deadline, and the deadline of any hold since the same release moment.
    """
    if case.eligible is None:
        return None
    ends = [deadline(form, case.eligible.at, zone).deadline]
    ends += [h.started.deadline for h in case.holds if h.started.release_eligible_at >= case.eligible.at]
    return min((e for e in ends if e is not None), default=None)


def check_time_left(case: Case, form: str, zone: str, act: Act, asked: str) -> None:
    """Refuse a request to hold when the limit since the release moment is used up: a new form restarts nothing.

    Raises:
        Refusal: naming the limit.
    """
    if not asks_for_hold(form):
        return
    end = limit(case, form, zone)
    if end is not None and act.now >= end:
        raise Refusal(
            asked, f"the limit since the release moment ended at {end.isoformat()}", "record that the person left"
        )


def start_if_due(case: Case, act: Act) -> tuple[Event, ...]:
    """The start of a hold, if the person could leave, has not left, and a request to hold is in force."""
    request, eligible = case.detainer, case.eligible
    if request is None or eligible is None or case.left_at is not None or not is_effective(request):
        return ()
    running = case.hold
    if (
        running is not None
        and running.started.detainer == request.number
        and running.started.release_eligible_at <= eligible.at
    ):
        return ()
    computed = deadline(request.form, eligible.at, request.issued.zone)
    end = limit(case, request.form, request.issued.zone)
    if end is None or (running is None and in_force_since(request, act) >= end):
        return ()
    started = HoldStarted(
        release_eligible_at=eligible.at,
        reason=eligible.reason,
        document=eligible.document,
        form=request.form,
        zone=request.issued.zone,
        deadline=end,
        excluded=computed.excluded,
        detainer=request.number,
    )
    unserved = _unserved(case, request, eligible)
    if running is None:
        return (started, *unserved)
    why: Literal["correction", "superseded"] = (
        "correction" if running.started.detainer == request.number else "superseded"
    )
    return (HoldChanged(started=started, why=why), *unserved)


def resume(case: Case) -> tuple[Event, ...]:
    """The hold that a withdrawal ended, under its own deadline, when the request that it ran under is back."""
    last = case.holds[-1] if case.holds else None
    if last is None or last.ended is None or last.ended.how != "WITHDRAWN" or case.detainer is None:
        return ()
    if last.started.detainer != case.detainer.number:
        return ()
    return (HoldChanged(started=last.started, why="reinstated"),)


def _unserved(case: Case, request: Detainer, eligible: ReleaseEligible) -> tuple[IncidentOpened, ...]:
    if request.served_at is not None:
        return ()
    detail = f"held under request {request.number} ({request.form}) without having been given a copy"
    return open_once(case, "not-served", f"request {request.number}", detail, eligible.at)


def release_eligible(case: Case, command: cmd.RecordReleaseEligible, act: Act) -> tuple[Event, ...]:
    """Record the moment at which the person would have left; a hold starts from it if a request is in force."""
    asked = "record the release moment"
    accepted(case, asked)
    if not command.document.strip():
        raise Refusal(asked, "a clock needs the document that shows the moment", "name the jail's paper")
    if command.at > act.now:
        raise Refusal(asked, "the moment lies in the future", "record it when it has come")
    if case.eligible is not None and not command.corrects:
        if command.at == case.eligible.at:
            return ()
        raise Refusal(
            asked,
            f"the moment was recorded as {case.eligible.at.isoformat()}, and a clock never restarts",
            "correct it (the earlier of the two moments counts)",
        )
    moment = ReleaseEligible(at=command.at, reason=command.reason, document=command.document, corrects=command.corrects)
    started = (moment, *start_if_due(evolve(case, moment), act))
    passed = (*started, *settle(fold(started, case), act.now))
    return (*passed, *_late_correction(fold(passed, case), act))


def _late_correction(case: Case, act: Act) -> tuple[Event, ...]:
    """A moment corrected to an earlier one may show that a hold that is over lasted too long."""
    last = case.holds[-1] if case.holds else None
    if last is None or last.is_open or case.eligible is None:
        return ()
    end = limit(case, last.started.form, last.started.zone)
    held_to = case.left_at or act.now
    if end is None or held_to <= end:
        return ()
    return open_once(case, "held-past-deadline", f"hold {last.number}", "a corrected release moment shows it", end)


def end(case: Case, how: HoldEnd, at: datetime, document: str = "") -> tuple[Event, ...]:
    """The end of the hold that runs; or the true end of one that the watch ended because nobody had told it."""
    last = case.holds[-1] if case.holds else None
    if last is None or case.eligible is None:
        return ()
    told_late = last.ended is not None and last.ended.how == "EXPIRED" and at < last.ended.ended_at
    return (HoldEnded(how=how, ended_at=at, document=document),) if last.is_open or told_late else ()


def is_over(hold: Hold, at: datetime) -> bool:
    """Whether the limit of a running hold is reached."""
    return hold.started.deadline is not None and at >= hold.started.deadline


def settle(case: Case, at: datetime) -> tuple[Event, ...]:
    """What time has done to the hold by a moment and nobody has recorded: its end, the release notice, the incident.

    Idempotent: the incident is opened once, also when the notice was recorded and the incident was not.
    """
    events: list[Event] = []
    running = case.hold
    if running is not None and is_over(running, at) and running.started.deadline is not None:
        events += [
            HoldEnded(how="EXPIRED", ended_at=running.started.deadline),
            ReleaseNoticeSent(deadline=running.started.deadline),
        ]
        for event in events:
            case = evolve(case, event)
    return (*events, *_overstay(case, at))


def _overstay(case: Case, at: datetime) -> tuple[Event, ...]:
    last = case.holds[-1] if case.holds else None
    if last is None or last.ended is None or last.ended.how != "EXPIRED" or last.started.deadline is None:
        return ()
    if case.left_at is not None or at <= last.started.deadline or case.eligible is None:
        return ()
    detail = f"the limit under {last.started.form} is reached and nobody recorded that the person left"
    return open_once(case, "held-past-deadline", f"hold {last.number}", detail, last.started.deadline)


def alarms(case: Case, at: datetime) -> tuple[tuple[int, datetime], ...]:
    """Marks of the running clock (hours used, moment) that are reached and were not raised yet."""
    running = case.hold
    if running is None:
        return ()
    computed = deadline(running.started.form, running.started.release_eligible_at, running.started.zone)
    return tuple((a.hours, a.at) for a in computed.alarms if a.at <= at and a.hours not in running.alarms)


def bed_hours(hold: Hold, left_at: datetime | None) -> float | None:
    """Hours spent in the jail past the release moment; nothing while nobody knows when they ended."""
    until = left_at or (hold.ended.ended_at if hold.ended else None)
    if until is None:
        return None
    return max(until - hold.started.release_eligible_at, timedelta()) / timedelta(hours=1)
