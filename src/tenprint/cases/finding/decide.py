"""What may happen to a flag.

Somebody owns it from its first moment. What was found is written, after a hypothesis, evidence and a look beyond the
numbers; then somebody decides, and the public reads a summary. Without a written finding only a supervisor ends it,
with a reason, and that is published. A deadline that passes is noted by whatever is done next, and stays noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding import events as ev
from tenprint.cases.finding.events import FindingEvent, Office
from tenprint.cases.finding.review import OutlierReview
from tenprint.cases.finding.roles import PERMITTED
from tenprint.cases.finding.targets import Targets
from tenprint.cases.kernel.act import Act, begin
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.value import Command

Events = tuple[FindingEvent, ...]

LONGEST = 20_000
"""Characters of one text: about eight pages."""
OFFICES: dict[Office, str] = {
    "JUSTICE": "Department of Justice, Civil Rights Division",
    "INSPECTOR_GENERAL": "Department of Homeland Security, Office of Inspector General",
}
"""Offices that need no name; a component does."""
PERSON = re.compile(r"\bA[- ]?\d{8,9}\b|\b\d{3}-\d{2}-\d{4}\b")
"""An alien number or a social security number: what most surely names a person."""


def decide(
    review: OutlierReview, command: Command, *, actor: str, role: str, now: datetime, targets: Targets | None = None
) -> Events:
    """What one act does.

    Args:
        review: The case as it stands.
        command: What is asked.
        actor: Who asks.
        role: In which role.
        now: When; it has an offset.
        targets: How long steps may take from now on.

    Returns:
        What happens; nothing when it already stood so.

    Raises:
        Refusal: when it may not happen; says why and what could be done.
    """
    act = begin(command, PERMITTED, actor=actor, role=role, now=now)
    if review.opened is None and not isinstance(command, cmd.Open):
        raise Refusal(type(command).__name__, "there is no such case", "open one from a review")
    made = DECIDERS[type(command)](review, command, act, targets or Targets())
    return (*(ev.DeadlinePassed(step=step, due=due) for step, due in review.silent(now)), *made)


def _said(text: str, what: str, asked: str) -> str:
    said = text.strip()
    if not said:
        raise Refusal(asked, f"{what} is empty", f"write {what}")
    if len(said) > LONGEST:
        raise Refusal(asked, f"{what} has {len(said)} characters, and {LONGEST} is the most", "name a document instead")
    if PERSON.search(said):
        raise Refusal(asked, f"{what} holds a number of a person", "write about the place; count, and name nobody")
    return said


def _open(review: OutlierReview, asked: str) -> None:
    if not review.is_open:
        raise Refusal(asked, "it is closed", "reopen it with a reason")


def open_case(review: OutlierReview, command: cmd.Open, act: Act, targets: Targets) -> Events:
    """Once for each flag; another review that raises it again is noted in the same case."""
    asked = "open a case"
    if review.opened is None:
        owner = _said(command.owner, "the owner", asked)
        _said(command.flag.statement, "the flag's statement", asked)
        due = targets.due("finding", act.now)
        return (ev.Opened(number=command.number, flag=command.flag, owner=owner, opened_at=act.now, due=due),)
    if review.opened.flag.id != command.flag.id:
        raise Refusal(
            asked, f"{review.opened.number} is about {review.opened.flag.id}", "open it under a number of its own"
        )
    known = {review.opened.flag.review, *(again.flag.review for again in review.raised_again)}
    return () if command.flag.review in known else (ev.RaisedAgain(flag=command.flag),)


def assign(review: OutlierReview, command: cmd.Assign, _act: Act, _targets: Targets) -> Events:
    """The deadline does not move with the owner."""
    asked = "assign"
    _open(review, asked)
    owner = _said(command.owner, "the owner", asked)
    if owner == review.owner:
        return ()
    return (ev.Assigned(owner=owner, reason=_said(command.reason, "the reason", asked)),)


def hypothesis(review: OutlierReview, command: cmd.StateHypothesis, _act: Act, _targets: Targets) -> Events:
    """One that could be wrong."""
    asked = "state a hypothesis"
    _open(review, asked)
    return (
        ev.HypothesisStated(
            number=len(review.hypotheses) + 1,
            text=_said(command.text, "the hypothesis", asked),
            against=_said(command.against, "what would speak against it", asked),
        ),
    )


def add_evidence(review: OutlierReview, command: cmd.AddEvidence, _act: Act, _targets: Targets) -> Events:
    """With its source."""
    asked = "add evidence"
    _open(review, asked)
    known = {h.number for h in review.hypotheses}
    if command.hypothesis is not None and command.hypothesis not in known:
        numbers = ", ".join(map(str, sorted(known))) or "none"
        raise Refusal(asked, f"there is no hypothesis {command.hypothesis}", f"hypotheses: {numbers}")
    return (
        ev.EvidenceAdded(
            number=len(review.evidence) + 1,
            text=_said(command.text, "the evidence", asked),
            source=_said(command.source, "the source", asked),
            hypothesis=command.hypothesis,
        ),
    )


def withdraw_evidence(review: OutlierReview, command: cmd.WithdrawEvidence, _act: Act, _targets: Targets) -> Events:
    """It stays readable, and nothing new rests on it."""
    asked = f"withdraw evidence {command.number}"
    _open(review, asked)
    if command.number not in {e.number for e in review.evidence}:
        raise Refusal(asked, "there is no such evidence", f"evidence: {_numbers(review)}")
    if command.number not in review.standing:
        return ()
    return (ev.EvidenceWithdrawn(number=command.number, reason=_said(command.reason, "the reason", asked)),)


def _numbers(review: OutlierReview) -> str:
    return ", ".join(map(str, review.standing)) or "none"


def begin_review(review: OutlierReview, command: cmd.BeginReview, act: Act, _targets: Targets) -> Events:
    """Beyond the numbers: once each time the case is taken up."""
    asked = "begin the in-depth review"
    _open(review, asked)
    if not review.hypotheses:
        raise Refusal(asked, "nobody has said what might lie behind the flag", "state a hypothesis first")
    if review.begun is not None:
        return ()
    return (ev.ReviewBegun(reviewer=act.actor, plan=_said(command.plan, "the plan", asked)),)


def write_finding(review: OutlierReview, command: cmd.WriteFinding, act: Act, targets: Targets) -> Events:
    """On evidence that stands, after a look beyond the numbers; also ``UNEXPLAINED`` is a finding."""
    asked = f"find {command.result}"
    _open(review, asked)
    if review.begun is None:
        raise Refusal(asked, "nobody has looked into it beyond the numbers", "begin the in-depth review")
    rests = tuple(dict.fromkeys(command.evidence))
    if not rests or not set(rests) <= set(review.standing):
        raise Refusal(
            asked, "a finding rests on evidence that stands, and this names none or other",
            f"name evidence by number ({_numbers(review)}), or add some",
        )  # fmt: skip
    correction = command.correction.strip()
    if review.findings:
        correction = _said(correction, "what was wrong with the finding before", asked)
    return (
        ev.Written(
            number=len(review.findings) + 1, result=command.result, text=_said(command.text, "the finding", asked),
            evidence=rests, due=targets.due("closing", act.now), correction=correction,
        ),
    )  # fmt: skip


def _found(review: OutlierReview, asked: str) -> ev.Written:
    if review.finding is None or review.finding_owed:
        raise Refusal(asked, "nobody has written what was found", "write the finding; UNEXPLAINED is one")
    return review.finding


def make_decision(review: OutlierReview, command: cmd.Decide, act: Act, _targets: Targets) -> Events:
    """After the finding. That nothing follows from a practice that was found is a supervisor's to say."""
    asked = f"decide {command.choice}"
    _open(review, asked)
    finding = _found(review, asked)
    if finding.result == "PRACTICE_FOUND" and command.choice == "NO_ACTION" and act.role != "supervisor":
        raise Refusal(
            asked, "a practice was found, and that nothing follows is not for one person to say",
            "RETAINED or REFERRED", "ask a supervisor to decide NO_ACTION",
        )  # fmt: skip
    correction = command.correction.strip()
    if not review.decision_owed:
        correction = _said(correction, "what was wrong with the decision before", asked)
    return (
        ev.Decided(
            number=len(review.decisions) + 1, choice=command.choice,
            reason=_said(command.reason, "the reason", asked), correction=correction,
        ),
    )  # fmt: skip


def refer(review: OutlierReview, command: cmd.Refer, act: Act, targets: Targets) -> Events:
    """At any moment while it is open: another office need not wait for the finding. Each office once."""
    asked = f"refer to {command.office}"
    _open(review, asked)
    to = command.to.strip() or OFFICES.get(command.office, "")
    to = _said(to, "the component's name", asked)
    if to in {r.sent.to for r in review.referrals}:
        return ()
    return (
        ev.Referred(
            number=len(review.referrals) + 1, office=command.office, to=to,
            why=_said(command.why, "the reason", asked), due=targets.due("referral", act.now),
        ),
    )  # fmt: skip


def acknowledge_referral(
    review: OutlierReview, command: cmd.AcknowledgeReferral, _act: Act, _targets: Targets
) -> Events:
    """The other office has it."""
    asked = f"record the answer to referral {command.number}"
    found = next((r for r in review.referrals if r.sent.number == command.number), None)
    if found is None:
        known = ", ".join(str(r.sent.number) for r in review.referrals) or "none"
        raise Refusal(asked, "there is no such referral", f"referrals: {known}")
    if found.acknowledged is not None:
        return ()
    return (ev.ReferralAcknowledged(number=command.number, document=_said(command.document, "the document", asked)),)


def summarize(review: OutlierReview, command: cmd.Summarize, _act: Act, _targets: Targets) -> Events:
    """After the decision: the public reads what was found and what follows."""
    asked = "write the public summary"
    _open(review, asked)
    if review.decision_owed:
        raise Refusal(asked, "nobody has decided what follows", "decide: NO_ACTION, RETAINED or REFERRED")
    correction = command.correction.strip()
    if not review.summary_owed:
        correction = _said(correction, "what was wrong with the summary before", asked)
    return (ev.Summarized(text=_said(command.text, "the summary", asked), correction=correction),)


def close(review: OutlierReview, command: cmd.Close, act: Act, _targets: Targets) -> Events:
    """When nothing is left unsaid."""
    asked = "close"
    _open(review, asked)
    _check_done(review, asked)
    return (ev.Closed(reason=_said(command.reason, "the reason", asked), days=_days(review, act)),)


def _check_done(review: OutlierReview, asked: str) -> None:
    if review.finding is None or review.finding_owed:
        raise Refusal(
            asked, "a flag is not closed before somebody has written what was found",
            "write the finding; UNEXPLAINED is one", "a supervisor can close it without one, and that is published",
        )  # fmt: skip
    if review.decision_owed:
        raise Refusal(asked, "nobody has decided what follows", "decide: NO_ACTION, RETAINED or REFERRED")
    if review.decision and review.decision.choice == "REFERRED" and not review.referrals:
        raise Refusal(asked, "it was decided to refer it, and nobody has", "refer it to an office")
    waiting = [r.sent.number for r in review.referrals if r.acknowledged is None]
    if waiting:
        raise Refusal(asked, f"nobody has said that referral {waiting[0]} has arrived", "record its acknowledgment")
    if review.summary_owed:
        raise Refusal(asked, "the public has nothing to read", "write the public summary")


def _days(review: OutlierReview, act: Act) -> int:
    """Whole days since it was opened."""
    return max(0, (act.now - review.opened.opened_at).days) if review.opened else 0


def close_without_finding(
    review: OutlierReview, command: cmd.CloseWithoutFinding, act: Act, _targets: Targets
) -> Events:
    """A failed control, which is recorded as one."""
    asked = "close without a finding"
    _open(review, asked)
    if not review.finding_owed:
        raise Refusal(asked, "what was found is written", "close it in the ordinary way")
    reason = _said(command.reason, "the reason", asked)
    return (ev.ClosedWithoutFinding(reason=reason, days=_days(review, act)),)


def reopen(review: OutlierReview, command: cmd.Reopen, act: Act, targets: Targets) -> Events:
    """A finding is owed anew."""
    asked = "reopen"
    if review.is_open:
        raise Refusal(asked, "it is open", "go on with it")
    return (ev.Reopened(reason=_said(command.reason, "the reason", asked), due=targets.due("finding", act.now)),)


def look_at_clock(_review: OutlierReview, _command: cmd.LookAtClock, _act: Act, _targets: Targets) -> Events:
    """Nothing but the deadlines that have passed, which every act notes."""
    return ()


DECIDERS: dict[type[Command], Callable[[OutlierReview, Any, Act, Targets], Events]] = {
    cmd.Open: open_case,
    cmd.Assign: assign,
    cmd.StateHypothesis: hypothesis,
    cmd.AddEvidence: add_evidence,
    cmd.WithdrawEvidence: withdraw_evidence,
    cmd.BeginReview: begin_review,
    cmd.WriteFinding: write_finding,
    cmd.Decide: make_decision,
    cmd.Refer: refer,
    cmd.AcknowledgeReferral: acknowledge_referral,
    cmd.Summarize: summarize,
    cmd.Close: close,
    cmd.CloseWithoutFinding: close_without_finding,
    cmd.Reopen: reopen,
    cmd.LookAtClock: look_at_clock,
}
