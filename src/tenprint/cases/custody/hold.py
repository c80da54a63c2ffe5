"""The release moment, the jail's own act of honoring, and the limit that the requests share (8 CFR 287.7(d)).

A request is a request: nobody is held on it before the jail honors it, naming the authority that it relies on. A hold
then runs from the release moment, its limit is computed from there, and nothing pauses, restarts or extends it. Nothing
is written when a limit passes.
"""

from __future__ import annotations

from datetime import datetime

from tenprint import law as rules
from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case, Detainer
from tenprint.cases.card.lawful import asks_for_hold, deadline
from tenprint.cases.card.submission import accepted
from tenprint.cases.card.values import Event
from tenprint.cases.custody import events as ev
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.custody.moments import check_moment, check_not_before_arrest, counts_from
from tenprint.cases.custody.requests import requests_of, shared_deadline
from tenprint.cases.custody.view import Custody, Hold
from tenprint.cases.custody.whereabouts import bookings
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def is_effective(request: Detainer) -> bool:
    """Whether a request that stands asks for a hold and is in force: Form I-247A only once the person is served."""
    return asks_for_hold(request.form) and (
        not rules.form(request.form).effective_when_served or request.served_at is not None
    )


def limit(case: Case, form: str, zone: str, act: Act) -> datetime | None:
    """The moment at which a hold under this form would have to end; nothing before there is a release moment.

    The earliest of the limits of this form and of every request that was honored in the same custody.
    """
    whole = custody_at(case, act)
    if not whole.clock:
        return None
    spans = [(s.start, s.end) for s in whole.clock]
    honored = [r for c in (case, *act.around.custody) for r in requests_of(c) if r.starts is not None]
    ends = [rules.allowance_end(form, spans, zone), shared_deadline(honored, spans)]
    return min((e for e in ends if e is not None), default=None)


def check_time_left(case: Case, form: str, zone: str, act: Act, asked: str) -> None:
    """Refuse a request to hold when the limit since the release moment is used up: a new form restarts nothing.

    Raises:
        Refusal: naming the limit.
    """
    end = limit(case, form, zone, act) if asks_for_hold(form) else None
    if end is not None and act.now >= end:
        raise Refusal(
            asked, f"the limit since the release moment ended at {end.isoformat()}", "record that the person left"
        )


def honor(case: Case, command: cmd.HonorRequest, act: Act) -> tuple[Event, ...]:
    """The jail honors the request that stands, and names the authority that it relies on."""
    asked = "honor the request"
    accepted(case, asked)
    request = case.detainer
    if request is None:
        raise Refusal(asked, "no request stands", "nothing: nobody may be held on one")
    if not command.under.strip():
        raise Refusal(asked, "it does not say under which authority", "name it: --under 'county order 12'")
    if any(h.request == request.number for h in case.honors):
        return ()
    if not asks_for_hold(request.form):
        raise Refusal(asked, f"{request.form} asks for no hold", "nobody may be held on it")
    if request.issued.issued_at is not None and act.now < request.issued.issued_at:
        raise Refusal(
            asked,
            f"it is dated before the request ({request.issued.issued_at.isoformat()})",
            "state when it was honored",
        )
    check_time_left(case, request.form, request.issued.zone, act, asked)
    return (
        ev.RequestHonored(
            request=request.number,
            under=command.under,
            at=act.now,
            counts_from=counts_from(act.now, act),
            answer=command.answer,
        ),
        *_against_law(case, command, request, act),
    )


def _against_law(case: Case, command: cmd.HonorRequest, request: Detainer, act: Act) -> tuple[Event, ...]:
    """The incident of an honor that the law of the place forbids: it is recorded, and gives no authority."""
    if command.answer != "MAY_NOT_HOLD":
        return ()
    about = f"request {request.number}"
    detail = f"{about} ({request.form}) honored under {command.under}; the law of the place and day says MAY_NOT_HOLD"
    return open_once(case, "honored-against-law", about, detail, act.now)


def release_eligible(case: Case, command: cmd.RecordReleaseEligible, act: Act) -> tuple[Event, ...]:
    """Record the documented end of a criminal matter: the person would have left then, if it was the last one."""
    asked = "record the release moment"
    accepted(case, asked)
    if not command.document.strip():
        raise Refusal(asked, "a clock needs the document that shows the moment", "name the jail's paper")
    check_moment(command.at, act, asked)
    check_not_before_arrest(case, command.at, act, asked)
    _check_matter(case, command, asked)
    known = _known(case, command.matter, act)
    if known is not None and not command.corrects:
        if command.at == known:
            return ()
        if command.at > known:
            raise Refusal(
                asked,
                f"the moment was recorded as {known.isoformat()}, and a clock never restarts",
                "correct it (the earlier of the two moments counts)",
            )
        raise Refusal(asked, f"the moment was recorded as {known.isoformat()}", "correct it: --corrects")
    return (
        ev.ReleaseEligible(
            at=command.at, reason=command.reason, document=command.document, corrects=command.corrects,
            matter=command.matter, told_at=act.known_at,
        ),
    )  # fmt: skip


def _check_matter(case: Case, command: cmd.RecordReleaseEligible, asked: str) -> None:
    if command.matter == 1:
        return
    matter = next((m for m in case.matters if m.number == command.matter), None)
    if matter is None:
        numbers = ", ".join(str(m.number) for m in case.matters) or "none beside the booking (1)"
        raise Refusal(asked, f"there is no matter {command.matter}", f"matters of this case: {numbers}")
    if command.at < matter.at:
        raise Refusal(asked, f"it lies before the matter began ({matter.at.isoformat()})", "state when it ended")


def _known(case: Case, matter: int, act: Act) -> datetime | None:
    """The earliest documented end of a matter, on any card of the same booking."""
    cards = [case]
    if matter == 1:
        together = bookings((case, *act.around.custody), custody_at(case, act).presence)
        cards = next((group for group in together if case in group), cards)
    moments = [m.at for c in cards for m in c.moments if m.matter == matter]
    if matter == 1 and case.all_disposed_at is not None:
        moments.append(case.all_disposed_at)
    return min(moments, default=None)


def alarms(hold: Hold, at: datetime, raised: tuple[int, ...]) -> tuple[tuple[int, datetime], ...]:
    """Marks of a clock (hours used, moment) that are reached and were not raised yet."""
    computed = deadline(hold.form, hold.released_at, hold.zone)
    return tuple((a.hours, a.at) for a in computed.alarms if a.at <= min(at, hold.deadline) and a.hours not in raised)


def held_under(whole: Custody, at: datetime) -> Hold | None:
    """The hold that runs at a moment."""
    hold = whole.hold_at(at)
    return hold if hold is not None and hold.is_running(at) else None
