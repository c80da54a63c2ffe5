"""What is known of one complaint: the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Literal

import msgspec

from tenprint.cases.complaint import events as ev
from tenprint.cases.complaint.events import ComplaintEvent
from tenprint.cases.kernel.fold import fold_with, unknown, with_changes
from tenprint.cases.kernel.value import Value

Stage = Literal[
    "EMPTY", "RECEIVED", "ACKNOWLEDGED", "TRIAGED", "INVESTIGATING", "FINDING", "RECOMMENDATION", "COMPONENT_RESPONSE",
    "CLOSED", "REOPENED",
]  # fmt: skip


class Referral(Value, frozen=True):
    """What was sent to another office."""

    sent: ev.Referred
    acknowledged: ev.ReferralAcknowledged | None = None


class Recommendation(Value, frozen=True):
    """A recommendation with the component's answer."""

    made: ev.Recommended
    response: ev.Responded | None = None


class Complaint(Value, frozen=True):
    """One complaint. Texts are empty when their key is gone or the reader did not open them."""

    received: ev.ComplaintReceived | None = None
    stage: Stage = "EMPTY"
    named: ev.ComplainantNamed | None = None
    files: tuple[ev.Attached, ...] = ()
    messages: tuple[ev.Written, ...] = ()
    triage: ev.Triaged | None = None
    referrals: tuple[Referral, ...] = ()
    investigation: ev.InvestigationOpened | None = None
    findings: tuple[ev.Found, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    consequences: tuple[ev.ConsequenceRecorded, ...] = ()
    links: tuple[ev.CaseLinked, ...] = ()
    closed: ev.Closed | None = None
    reopened: tuple[ev.Reopened, ...] = ()
    is_acknowledged: bool = False
    accesses: int = 0

    @property
    def is_open(self) -> bool:
        """Whether something is still owed to the filer."""
        return self.received is not None and self.closed is None

    @property
    def watched(self) -> tuple[ev.CaseLinked, ...]:
        """Cases whose subject filed this complaint, while it is open."""
        return tuple(link for link in self.links if link.is_subject) if self.is_open else ()

    @property
    def unanswered(self) -> tuple[ev.Written, ...]:
        """The filer's messages after the office's last one."""
        last = max((i for i, m in enumerate(self.messages) if m.writer == "office"), default=-1)
        return tuple(m for m in self.messages[last + 1 :] if m.writer == "complainant")

    @property
    def without_consequence(self) -> tuple[ev.Found, ...]:
        """Substantiated findings of which nobody has said what followed."""
        said = {c.finding for c in self.consequences}
        return tuple(f for f in self.findings if f.result == "SUBSTANTIATED" and f.number not in said)


def fold(events: Iterable[ComplaintEvent], complaint: Complaint | None = None) -> Complaint:
    """The complaint after these events."""
    return fold_with(evolve, events, complaint or Complaint())


def evolve(complaint: Complaint, event: ComplaintEvent) -> Complaint:
    """The complaint after one more event."""
    return _apply(event, complaint)


@singledispatch
def _apply(event: ComplaintEvent, _complaint: Complaint) -> Complaint:
    unknown(event, "cases/complaint/complaint.py")


@_apply.register
def _(event: ev.ComplaintReceived, complaint: Complaint) -> Complaint:
    return with_changes(complaint, received=event, stage="RECEIVED")


@_apply.register
def _(event: ev.ComplainantNamed, complaint: Complaint) -> Complaint:
    return with_changes(complaint, named=event)


@_apply.register
def _(event: ev.Attached, complaint: Complaint) -> Complaint:
    return with_changes(complaint, files=(*complaint.files, event))


@_apply.register
def _(event: ev.Written, complaint: Complaint) -> Complaint:
    return with_changes(complaint, messages=(*complaint.messages, event))


@_apply.register
def _(_event: ev.Acknowledged, complaint: Complaint) -> Complaint:
    stage = "ACKNOWLEDGED" if complaint.stage == "RECEIVED" else complaint.stage
    return with_changes(complaint, is_acknowledged=True, stage=stage)


@_apply.register
def _(event: ev.Triaged, complaint: Complaint) -> Complaint:
    return with_changes(complaint, triage=event, stage="TRIAGED", investigation=None)


@_apply.register
def _(event: ev.Referred, complaint: Complaint) -> Complaint:
    return with_changes(complaint, referrals=(*complaint.referrals, Referral(sent=event)))


@_apply.register
def _(event: ev.ReferralAcknowledged, complaint: Complaint) -> Complaint:
    changed = tuple(
        msgspec.structs.replace(r, acknowledged=event) if r.sent.number == event.number else r
        for r in complaint.referrals
    )
    return with_changes(complaint, referrals=changed)


@_apply.register
def _(event: ev.InvestigationOpened, complaint: Complaint) -> Complaint:
    return with_changes(complaint, investigation=event, stage="INVESTIGATING")


@_apply.register
def _(event: ev.Found, complaint: Complaint) -> Complaint:
    return with_changes(complaint, findings=(*complaint.findings, event), stage="FINDING")


@_apply.register
def _(event: ev.Recommended, complaint: Complaint) -> Complaint:
    made = (*complaint.recommendations, Recommendation(made=event))
    return with_changes(complaint, recommendations=made, stage="RECOMMENDATION")


@_apply.register
def _(event: ev.Responded, complaint: Complaint) -> Complaint:
    changed = tuple(
        msgspec.structs.replace(r, response=event) if r.made.number == event.number else r
        for r in complaint.recommendations
    )
    waiting = any(r.response is None for r in changed)
    return with_changes(complaint, recommendations=changed, stage="RECOMMENDATION" if waiting else "COMPONENT_RESPONSE")


@_apply.register
def _(event: ev.ConsequenceRecorded, complaint: Complaint) -> Complaint:
    return with_changes(complaint, consequences=(*complaint.consequences, event))


@_apply.register
def _(event: ev.CaseLinked, complaint: Complaint) -> Complaint:
    return with_changes(complaint, links=(*complaint.links, event))


@_apply.register
def _(_event: ev.WatchSet, complaint: Complaint) -> Complaint:
    return complaint


@_apply.register
def _(_event: ev.WatchEnded, complaint: Complaint) -> Complaint:
    return complaint


@_apply.register
def _(_event: ev.Accessed, complaint: Complaint) -> Complaint:
    return with_changes(complaint, accesses=complaint.accesses + 1)


@_apply.register
def _(event: ev.Closed, complaint: Complaint) -> Complaint:
    return with_changes(complaint, closed=event, stage="CLOSED")


@_apply.register
def _(event: ev.Reopened, complaint: Complaint) -> Complaint:
    return with_changes(
        complaint, closed=None, reopened=(*complaint.reopened, event), stage="REOPENED", investigation=None
    )
