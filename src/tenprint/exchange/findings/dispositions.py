"""What became of every flag ever raised: endings, times, and loudly those that are late or ended without a finding.

A later act takes nothing away: how a flag was closed once stays published after it was taken up again.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Literal

import msgspec

from tenprint.cases.finding import Clock, OutlierReview
from tenprint.cases.finding.events import Closed, ClosedWithoutFinding, FindingEvent, Flag, Reopened, Written
from tenprint.exchange.core import Core
from tenprint.exchange.findings import rules
from tenprint.exchange.findings.desk import FLAGS, Findings, ReviewRecord
from tenprint.exchange.rights.times import StepTimes, summarize
from tenprint.ledger import Entry

Ending = Literal["open", "overdue", "closed", "closed_without_finding"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is or was owed, with the time it really took."""

    step: str
    due: datetime
    done: datetime | None
    """Nothing while it is owed, and when it never was done."""
    given_up: datetime | None
    """When it ended undone."""
    days: float
    """Until it was done or given up, or until now."""
    late: bool
    waived: bool
    """It ended because the case was closed without it."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A referral."""

    to: str
    sent_for: str
    acknowledged: str
    """Document that says so; empty: nobody has said that it has arrived."""


class Wrote(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it was written. A later one corrects it; both stay."""

    number: int
    at: datetime
    role: str
    """In which role somebody wrote it."""
    result: str
    text: str
    correction: str
    """What was wrong with the one before."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """One time that it was closed; it stays, also when the flag was taken up again."""

    at: datetime
    role: str
    without_finding: bool
    reason: str
    reopened_at: datetime | None = None
    reopened_by: str = ""
    """In which role somebody took it up again."""
    reopening_reason: str = ""


class Disposition(msgspec.Struct, frozen=True, kw_only=True):
    """One flag and what became of it. Names places and offices, and no person."""

    number: str
    flag: Flag
    raised: int
    """How many reviews raised it."""
    ending: Ending
    stage: str
    opened_at: datetime
    result: str
    """What was found; empty: nobody has written it."""
    findings: tuple[Wrote, ...]
    """Every finding, the one that counts last."""
    decision: str
    decision_reason: str
    referrals: tuple[Sent, ...]
    summary: str
    closed_at: datetime | None
    closing_reason: str
    """Of a flag that is closed now."""
    closings: tuple[Ended, ...]
    """Every time that it was closed."""
    corrections: int
    """Findings, decisions and summaries that a later one replaced."""
    reopened: int
    missed: tuple[str, ...]
    """Deadlines that passed, also when it was done later."""
    steps: tuple[Step, ...]


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the public may read about flags."""

    at: datetime
    ledger: str
    simulated: bool
    checkpoint: str
    rules: tuple[dict[str, str], ...]
    reviews: tuple[ReviewRecord, ...]
    not_reviewed: tuple[str, ...]
    """Quarters since the first one reviewed that had ended a quarter ago, and of which no review is recorded."""
    endings: dict[str, int]
    closed_without_finding: tuple[str, ...]
    """Flags that were ever closed so, also those that were taken up again."""
    overdue: tuple[str, ...]
    late: tuple[str, ...]
    """Flags of which a deadline passed at some time."""
    times: tuple[StepTimes, ...]
    flags: tuple[Disposition, ...]


def publication(exchange: Core, at: datetime | None = None) -> Publication:
    """Every flag ever raised with what became of it.

    Args:
        exchange: Where.
        at: Up to when what waits is counted; the ledger's clock when not given.
    """
    now = at or exchange.ledger.now()
    desk = Findings(exchange)
    flags = tuple(disposition(desk, number, now) for number in desk.numbers())
    clocks = [clock for number in desk.numbers() for clock in desk.clocks(number)]
    reviews = tuple(desk.reviews())
    return Publication(
        at=now.astimezone(UTC),
        ledger=exchange.ledger.origin,
        simulated=exchange.ledger.simulated,
        checkpoint=exchange.ledger.checkpoint(),
        rules=tuple(
            {"rule": r.rule, "sha256": r.sha256, "registered_at": r.registered_at.isoformat()}
            for r in rules.all_registered(exchange)
        ),
        reviews=reviews,
        not_reviewed=_gaps({r.quarter for r in reviews}, now),
        endings=dict(sorted(Counter(f.ending for f in flags).items())),
        closed_without_finding=tuple(f.number for f in flags if any(c.without_finding for c in f.closings)),
        overdue=tuple(f.number for f in flags if f.ending == "overdue"),
        late=tuple(f.number for f in flags if f.missed),
        times=tuple(summarize(clocks, now)),
        flags=flags,
    )


def _gaps(reviewed: set[str], now: datetime) -> tuple[str, ...]:
    """Quarters that nobody reviewed: reviews that cease are as loud as flags that are put away."""
    numbers = {int(q[:4]) * 4 + int(q[5]) - 1 for q in reviewed}
    current = now.year * 4 + (now.month - 1) // 3
    missing = sorted(set(range(min(numbers, default=current), current - 1)) - numbers)
    return tuple(f"{n // 4}Q{n % 4 + 1}" for n in missing)


def disposition(desk: Findings, number: str, now: datetime) -> Disposition:
    """What became of one flag."""
    entries = desk.entries(number)
    case, clocks = desk.load(number), desk.clocks(number)
    if case.opened is None:
        raise AssertionError(f"{number}: a case without its first event")
    history = [(e, FLAGS.from_ledger(e)) for e in entries]
    closings = _closings(history)
    noted = [p.step for p in case.passed] + [step for step, _ in case.past_due(now)]
    return Disposition(
        number=number,
        flag=case.opened.flag,
        raised=1 + len(case.raised_again),
        ending=_ending(case, now),
        stage=case.stage,
        opened_at=case.opened.opened_at,
        result=case.finding.result if case.finding else "",
        findings=tuple(
            Wrote(number=w.number, at=e.occurred_at, role=e.role, result=w.result, text=w.text, correction=w.correction)
            for e, w in history
            if isinstance(w, Written)
        ),
        decision=case.decision.choice if case.decision else "",
        decision_reason=case.decision.reason if case.decision else "",
        referrals=tuple(
            Sent(to=r.sent.to, sent_for=r.sent.why, acknowledged=r.acknowledged.document if r.acknowledged else "")
            for r in case.referrals
        ),
        summary=case.summaries[-1].text if case.summaries and not case.summary_owed else "",
        closed_at=closings[-1].at if case.closed else None,
        closing_reason=case.closed.reason if case.closed else "",
        closings=closings,
        corrections=case.corrections,
        reopened=len(case.reopened),
        missed=tuple(dict.fromkeys(noted)),
        steps=tuple(_step(clock, now) for clock in clocks),
    )


def _closings(history: list[tuple[Entry, FindingEvent]]) -> tuple[Ended, ...]:
    found: list[Ended] = []
    for entry, event in history:
        match event:
            case Closed() | ClosedWithoutFinding():
                without = isinstance(event, ClosedWithoutFinding)
                found.append(Ended(at=entry.occurred_at, role=entry.role, without_finding=without, reason=event.reason))
            case Reopened():
                found[-1] = msgspec.structs.replace(
                    found[-1], reopened_at=entry.occurred_at, reopened_by=entry.role, reopening_reason=event.reason
                )
    return tuple(found)


def _ending(case: OutlierReview, now: datetime) -> Ending:
    if isinstance(case.closed, ClosedWithoutFinding):
        return "closed_without_finding"
    if case.closed is not None:
        return "closed"
    return "overdue" if case.past_due(now) else "open"


def _step(clock: Clock, now: datetime) -> Step:
    return Step(
        step=clock.step, due=clock.due, done=None if clock.waived else clock.done,
        given_up=clock.done if clock.waived else None, days=round(clock.days(now), 1), late=clock.is_late(now),
        waived=clock.waived,
    )  # fmt: skip
