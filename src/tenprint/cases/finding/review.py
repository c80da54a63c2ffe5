"""What is known of one flag: the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import singledispatch
from typing import Literal

import msgspec

from tenprint.cases.finding import events as ev
from tenprint.cases.finding.events import FindingEvent
from tenprint.cases.kernel.fold import fold_with, unknown, with_changes
from tenprint.cases.kernel.value import Value

Stage = Literal[
    "EMPTY", "OPEN", "IN_DEPTH_REVIEW", "FINDING", "DECIDED", "SUMMARIZED", "CLOSED", "CLOSED_WITHOUT_FINDING",
    "REOPENED",
]  # fmt: skip


class Referral(Value, frozen=True):
    """What was sent to another office."""

    sent: ev.Referred
    acknowledged: ev.ReferralAcknowledged | None = None


class OutlierReview(Value, frozen=True):
    """One flag of the quarterly review, and what became of it."""

    opened: ev.Opened | None = None
    stage: Stage = "EMPTY"
    owner: str = ""
    raised_again: tuple[ev.RaisedAgain, ...] = ()
    hypotheses: tuple[ev.HypothesisStated, ...] = ()
    evidence: tuple[ev.EvidenceAdded, ...] = ()
    withdrawn: tuple[ev.EvidenceWithdrawn, ...] = ()
    begun: ev.ReviewBegun | None = None
    """The in-depth review since the case was last opened."""
    findings: tuple[ev.Written, ...] = ()
    decisions: tuple[ev.Decided, ...] = ()
    referrals: tuple[Referral, ...] = ()
    summaries: tuple[ev.Summarized, ...] = ()
    passed: tuple[ev.DeadlinePassed, ...] = ()
    closed: ev.Closed | ev.ClosedWithoutFinding | None = None
    reopened: tuple[ev.Reopened, ...] = ()
    running: tuple[tuple[str, datetime], ...] = ()
    """What is owed: each step with its due moment."""
    finding_owed: bool = False
    """Nobody has written what was found since the case was last opened."""
    decision_owed: bool = False
    """Nobody has decided since the finding was last written."""
    summary_owed: bool = False
    """The public summary is missing, or older than finding or decision."""

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return self.opened is not None and self.closed is None

    @property
    def standing(self) -> tuple[int, ...]:
        """Numbers of the evidence that nobody has withdrawn."""
        gone = {w.number for w in self.withdrawn}
        return tuple(e.number for e in self.evidence if e.number not in gone)

    @property
    def round(self) -> int:
        """How many times it was taken up: 1, and one more for each reopening."""
        return 1 + len(self.reopened)

    @property
    def finding(self) -> ev.Written | None:
        """What was found, as last written."""
        return self.findings[-1] if self.findings else None

    @property
    def decision(self) -> ev.Decided | None:
        """What follows, as last decided."""
        return self.decisions[-1] if self.decisions else None

    @property
    def corrections(self) -> int:
        """Findings, decisions and summaries that say what was wrong with the one before."""
        written = [*(f.correction for f in self.findings), *(d.correction for d in self.decisions)]
        return sum(map(bool, (*written, *(s.correction for s in self.summaries))))

    def past_due(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What is owed and late at a moment."""
        return tuple((step, due) for step, due in self.running if now > due)

    def silent(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What is late and nobody has noted that it is."""
        noted = {(p.step, p.due) for p in self.passed}
        return tuple(late for late in self.past_due(now) if late not in noted)


def fold(events: Iterable[FindingEvent], review: OutlierReview | None = None) -> OutlierReview:
    """The case after these events."""
    return fold_with(evolve, events, review or OutlierReview())


def evolve(review: OutlierReview, event: FindingEvent) -> OutlierReview:
    """The case after one more event."""
    return _apply(event, review)


@singledispatch
def _apply(event: FindingEvent, _review: OutlierReview) -> OutlierReview:
    unknown(event, "cases/finding/review.py")


def _without(review: OutlierReview, *kinds: str) -> tuple[tuple[str, datetime], ...]:
    return tuple(owed for owed in review.running if owed[0].split()[0] not in kinds)


@_apply.register
def _(event: ev.Opened, review: OutlierReview) -> OutlierReview:
    running = (("finding 1", event.due),)
    return with_changes(
        review, opened=event, stage="OPEN", owner=event.owner, running=running, finding_owed=True, decision_owed=True,
        summary_owed=True,
    )  # fmt: skip


@_apply.register
def _(event: ev.RaisedAgain, review: OutlierReview) -> OutlierReview:
    return with_changes(review, raised_again=(*review.raised_again, event))


@_apply.register
def _(event: ev.Assigned, review: OutlierReview) -> OutlierReview:
    return with_changes(review, owner=event.owner)


@_apply.register
def _(event: ev.HypothesisStated, review: OutlierReview) -> OutlierReview:
    return with_changes(review, hypotheses=(*review.hypotheses, event))


@_apply.register
def _(event: ev.EvidenceAdded, review: OutlierReview) -> OutlierReview:
    return with_changes(review, evidence=(*review.evidence, event))


@_apply.register
def _(event: ev.EvidenceWithdrawn, review: OutlierReview) -> OutlierReview:
    return with_changes(review, withdrawn=(*review.withdrawn, event))


@_apply.register
def _(event: ev.ReviewBegun, review: OutlierReview) -> OutlierReview:
    return with_changes(review, begun=event, stage="IN_DEPTH_REVIEW")


@_apply.register
def _(event: ev.Written, review: OutlierReview) -> OutlierReview:
    running = _without(review, "finding")
    if not any(step.startswith("closing") for step, _ in running):
        running = (*running, (f"closing {review.round}", event.due))
    return with_changes(
        review, findings=(*review.findings, event), stage="FINDING", running=running, finding_owed=False,
        decision_owed=True, summary_owed=True,
    )  # fmt: skip


@_apply.register
def _(event: ev.Decided, review: OutlierReview) -> OutlierReview:
    decisions = (*review.decisions, event)
    return with_changes(review, decisions=decisions, stage="DECIDED", decision_owed=False, summary_owed=True)


@_apply.register
def _(event: ev.Referred, review: OutlierReview) -> OutlierReview:
    running = (*review.running, (f"referral {event.number}", event.due))
    return with_changes(review, referrals=(*review.referrals, Referral(sent=event)), running=running)


@_apply.register
def _(event: ev.ReferralAcknowledged, review: OutlierReview) -> OutlierReview:
    changed = tuple(
        msgspec.structs.replace(r, acknowledged=event) if r.sent.number == event.number else r for r in review.referrals
    )
    running = tuple(owed for owed in review.running if owed[0] != f"referral {event.number}")
    return with_changes(review, referrals=changed, running=running)


@_apply.register
def _(event: ev.Summarized, review: OutlierReview) -> OutlierReview:
    return with_changes(review, summaries=(*review.summaries, event), stage="SUMMARIZED", summary_owed=False)


@_apply.register
def _(event: ev.DeadlinePassed, review: OutlierReview) -> OutlierReview:
    return with_changes(review, passed=(*review.passed, event))


@_apply.register
def _(event: ev.Closed, review: OutlierReview) -> OutlierReview:
    return with_changes(review, closed=event, stage="CLOSED", running=())


@_apply.register
def _(event: ev.ClosedWithoutFinding, review: OutlierReview) -> OutlierReview:
    return with_changes(review, closed=event, stage="CLOSED_WITHOUT_FINDING", running=())


@_apply.register
def _(event: ev.Reopened, review: OutlierReview) -> OutlierReview:
    waiting = tuple((f"referral {r.sent.number}", r.sent.due) for r in review.referrals if r.acknowledged is None)
    return with_changes(
        review, closed=None, begun=None, stage="REOPENED", reopened=(*review.reopened, event),
        running=((f"finding {review.round + 1}", event.due), *waiting), finding_owed=True, decision_owed=True,
        summary_owed=True,
    )  # fmt: skip
