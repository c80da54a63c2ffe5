"""What became of every flag ever raised: endings, times, and loudly those that are late or ended without a finding."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from tenprint.cases.finding import Clock, OutlierReview
from tenprint.cases.finding.events import ClosedWithoutFinding, Flag
from tenprint.exchange.findings import rules
from tenprint.exchange.findings.desk import Findings, ReviewRecord
from tenprint.exchange.rights.times import StepTimes, summarize

if TYPE_CHECKING:
    from tenprint.exchange.exchange import Exchange

Ending = Literal["open", "overdue", "closed", "closed_without_finding"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is or was owed, with the time it really took."""

    step: str
    due: datetime
    done: datetime | None
    days: float
    late: bool
    waived: bool
    """It ended because the case was closed without it."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A referral."""

    to: str
    sent_for: str
    acknowledged: str
    """Document that says so; empty: nobody has said that it has arrived."""


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
    decision: str
    decision_reason: str
    referrals: tuple[Sent, ...]
    summary: str
    closed_at: datetime | None
    closing_reason: str
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
    overdue: tuple[str, ...]
    late: tuple[str, ...]
    """Flags of which a deadline passed at some time."""
    times: tuple[StepTimes, ...]
    flags: tuple[Disposition, ...]


def publication(exchange: Exchange, at: datetime | None = None) -> Publication:
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
        closed_without_finding=tuple(f.number for f in flags if f.ending == "closed_without_finding"),
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
    ends = [e.occurred_at for e in entries if e.kind in {"finding.closed", "finding.closed_without_finding"}]
    noted = [p.step for p in case.passed] + [step for step, _ in case.past_due(now)]
    return Disposition(
        number=number,
        flag=case.opened.flag,
        raised=1 + len(case.raised_again),
        ending=_ending(case, now),
        stage=case.stage,
        opened_at=case.opened.opened_at,
        result=case.finding.result if case.finding else "",
        decision=case.decision.choice if case.decision else "",
        decision_reason=case.decision.reason if case.decision else "",
        referrals=tuple(
            Sent(to=r.sent.to, sent_for=r.sent.why, acknowledged=r.acknowledged.document if r.acknowledged else "")
            for r in case.referrals
        ),
        summary=case.summaries[-1].text if case.summaries and not case.summary_owed else "",
        closed_at=ends[-1] if case.closed else None,
        closing_reason=case.closed.reason if case.closed else "",
        corrections=case.corrections,
        reopened=len(case.reopened),
        missed=tuple(dict.fromkeys(noted)),
        steps=tuple(_step(clock, now) for clock in clocks),
    )


def _ending(case: OutlierReview, now: datetime) -> Ending:
    if isinstance(case.closed, ClosedWithoutFinding):
        return "closed_without_finding"
    if case.closed is not None:
        return "closed"
    return "overdue" if case.past_due(now) else "open"


def _step(clock: Clock, now: datetime) -> Step:
    return Step(
        step=clock.step, due=clock.due, done=clock.done, days=round(clock.days(now), 1), late=clock.is_late(now),
        waived=clock.waived,
    )  # fmt: skip
