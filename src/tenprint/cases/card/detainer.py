"""The request to the jail: Form I-247 and its family, from issue to its end (8 CFR 287.7).

A form follows from a recorded decision of an officer and goes out only if that version could be issued on the day. It
is a request; a jail that declines is in a normal state. Form I-247A takes effect when the person is served.
"""

from __future__ import annotations

from tenprint import law as rules
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import paper
from tenprint.cases.card.bars import check_no_bar
from tenprint.cases.card.case import Case, Detainer
from tenprint.cases.card.events import (
    DecisionRecorded,
    DetainerAcknowledged,
    DetainerCancelled,
    DetainerDeclined,
    DetainerIssued,
    DetainerReinstated,
    DetainerServed,
    DetainerWithdrawn,
    Event,
    RequestEndTold,
    Warrant,
)
from tenprint.cases.card.lawful import REQUESTS, Finding, find, forms_for, kind_of
from tenprint.cases.custody import hold
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.custody.moments import counts_from, is_told_late
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.second import check_second


def standing(case: Case, asked: str) -> Detainer:
    """The request that stands.

    Raises:
        Refusal: when none does.
    """
    if case.detainer is None:
        state = (
            f"the last one is {case.detainers[-1].state.lower().replace('_', ' ')}"
            if case.detainers
            else "none was issued"
        )
        raise Refusal(asked, f"no request stands: {state}", "nothing: the jail is asked for nothing")
    return case.detainer


def issue(case: Case, command: cmd.IssueDetainer, act: Act) -> tuple[Event, ...]:
    """Send the form that the latest decision calls for."""
    asked = f"issue {command.form}"
    decision = _decision_for(case, command, asked)
    check_no_bar(case, asked, act)
    if decision.decided_at is not None and act.now < decision.decided_at:
        raise Refusal(
            asked, f"it is dated before its decision ({decision.decided_at.isoformat()})", "state when it went out"
        )
    _check_form(command, decision, act, asked)
    earlier = case.detainer
    if earlier is not None and command.supersedes != earlier.number:
        raise Refusal(
            asked,
            f"request {earlier.number} ({earlier.form}) stands",
            f"supersede it (supersedes {earlier.number})",
            "cancel it first",
        )
    found = find(case, act, immigration_warrant=command.warrant, probable_cause_bases=list(command.probable_cause))
    if not decision.override and not found.allows(decision.choice):
        raise Refusal(
            asked,
            f"decision {decision.version} was made under {decision.regime}; today {found.regime} permits "
            f"{', '.join(found.permitted) or 'nothing'}",
            "decide again",
        )
    _check_seen(decision, found, asked)
    facility = _facility(case, command, act, asked)
    _check_issued_again(case, decision, asked)
    issued = DetainerIssued(
        form=command.form,
        recipient_ori=facility,
        zone=act.zone or command.zone,
        criteria=command.criteria or tuple(b for b in decision.basis if is_box(b, rules.form(command.form))),
        probable_cause=command.probable_cause,
        warrant=command.warrant,
        warrant_record=_warrant(case, command, act),
        decision=decision.version,
        number=len(case.detainers) + 1,
        supersedes=command.supersedes if earlier else None,
        resume_custody=command.resume_custody,
        issued_at=act.now,
    )
    hold.check_time_left(case, issued.form, issued.zone, act, asked)
    return (issued,)


def _facility(case: Case, command: cmd.IssueDetainer, act: Act, asked: str) -> str:
    """The facility that the request goes to: where the person is."""
    card = case.submission
    booked = card.controlling_ori if card else ""
    here = custody_at(case, act).here
    where = here.facility if here is not None else booked
    if command.recipient_ori and command.recipient_ori != where:
        raise Refusal(
            asked,
            f"the person is at {where}, and it would go to {command.recipient_ori}",
            "send it to where the person is (leave --recipient out)",
        )
    return where


def _check_issued_again(case: Case, decision: DecisionRecorded, asked: str) -> None:
    """After a decline a request goes out again only with a reviewer's approval, and starts nothing."""
    declined = [d for d in case.detainers if d.state == "DECLINED"]
    if declined and decision.reviewer is None:
        raise Refusal(
            asked,
            f"the jail declined request {declined[-1].number} ({declined[-1].reason}), and it is issued again",
            f"ask a supervisor to approve it (Review decision, choice {decision.choice}), and decide again",
            "NO_ACTION, with a reason",
        )


def _warrant(case: Case, command: cmd.IssueDetainer, act: Act) -> Warrant | None:
    """The warrant as a record. One that is named by its form alone is the officer's own of this act."""
    if command.warrant is None:
        return None
    if command.warrant_record is not None:
        return command.warrant_record
    tcn = case.submission.tcn if case.submission else ""
    number = f"{command.warrant}/{tcn}/{len(case.detainers) + 1}"
    return Warrant(form=command.warrant, number=number, issuer=act.actor, issued_on=act.today)


def _decision_for(case: Case, command: cmd.IssueDetainer, asked: str) -> DecisionRecorded:
    decision = case.decision
    if decision is None or decision.choice not in REQUESTS:
        raise Refusal(asked, "no recorded decision asks for it", "an officer decides first, with a reason")
    if decision.choice != kind_of(command.form):
        raise Refusal(
            asked, f"decision {decision.version} is {decision.choice}", f"a form that carries out {decision.choice}"
        )
    if any(d.issued.decision == decision.version for d in case.detainers):
        raise Refusal(asked, f"decision {decision.version} was already carried out", "decide again")
    return decision


def _check_seen(decision: DecisionRecorded, found: Finding, asked: str) -> None:
    """A supervisor must have seen what stands on the day of the form, not only on that of the decision."""
    needed = found.needs_reviewer or bool(set(decision.basis) & set(found.reviewed))
    unseen = sorted(set(found.flags) - set(decision.flags))
    if needed and (decision.reviewer is None or unseen):
        what = f" ({', '.join(unseen)})" if unseen else ""
        raise Refusal(
            asked,
            f"a supervisor must know what stands today{what}, and decision {decision.version} was made without",
            "ask a supervisor to review the choice, and decide again",
            "NO_ACTION, with a reason",
        )


def _check_form(command: cmd.IssueDetainer, decision: DecisionRecorded, act: Act, asked: str) -> None:
    possible = forms_for(decision.choice, act.today)
    if command.form not in possible:
        instead = possible or ("no form of this kind could be issued on that day; NO_ACTION or MONITOR",)
        raise Refusal(asked, f"it could not be issued on {act.today.isoformat()}", *instead)
    form = rules.form(command.form)
    wrong = [box for box in command.criteria if form.criteria and not is_box(box, form)]
    if wrong:
        raise Refusal(asked, f"the form has no box {', '.join(wrong)}", f"boxes {', '.join(form.criteria)}")
    if form.probable_cause and not command.probable_cause:
        raise Refusal(
            asked, "the form needs at least one box of probable cause", "name the probable cause", "NO_ACTION"
        )
    unknown = [b for b in command.probable_cause if b not in PROBABLE_CAUSE]
    if unknown:
        raise Refusal(asked, f"{', '.join(unknown)} is no basis of probable cause", *PROBABLE_CAUSE)
    if form.warrant and command.warrant is None:
        raise Refusal(asked, "the form goes with a warrant, and none came", "attach Form I-200 or I-205", "NO_ACTION")


def is_box(code: str, form: rules.Form) -> bool:
    """Whether a form has a box for a rule: its own, or that of its letter (c3 is ticked at c)."""
    return bool({code, code.rstrip("0123456789")} & set(form.criteria))


PROBABLE_CAUSE = ("final_order", "pending_proceedings", "biometric_and_records", "statements_or_evidence")
"""Boxes of Forms I-247D and I-247A. That an investigation was begun, or a foreign birthplace, is not among them."""


def acknowledge(case: Case, command: cmd.Acknowledge, act: Act) -> tuple[Event, ...]:
    """The jail has the form, or knows of the end of a request that it was not told of."""
    told = tuple(
        RequestEndTold(request=d.number, at=act.now)
        for d in case.detainers
        if d.ended_at is not None and d.told_at is None
    )
    if case.detainer is None and told:
        return told
    if standing(case, "acknowledge").acknowledged:
        return told
    _check_after_issue(case, act, "acknowledge")
    return (DetainerAcknowledged(note=command.note), *told)


def _check_after_issue(case: Case, act: Act, asked: str) -> None:
    issued = case.detainer.issued.issued_at if case.detainer else None
    if issued is not None and act.now < issued:
        raise Refusal(asked, f"it is dated before the request ({issued.isoformat()})", "state when it happened")


def serve(case: Case, command: cmd.Serve, act: Act) -> tuple[Event, ...]:
    """The person was given a copy, in a language that whoever handed it over names.

    A form that takes effect when served is in force from then. A service told on a later day needs the paper and a
    second person, and is in force from its telling.
    """
    asked = "record the service"
    request = standing(case, asked)
    if request.served_at is not None:
        return ()
    if command.language not in LANGUAGES:
        raise Refusal(asked, f"{command.language!r} is no language of the copy", ", ".join(LANGUAGES))
    if command.served_at > act.now:
        raise Refusal(asked, "the service lies in the future", "record it when it has happened")
    if request.issued.issued_at is not None and command.served_at < request.issued.issued_at:
        raise Refusal(
            asked, "the service lies before the issue of the form", "record the moment at which it was served"
        )
    handed = paper.named(case, command.paper, request.number, asked) if command.paper else None
    if is_told_late(command.served_at, act):
        late = f"{asked} of an earlier day"
        if not command.document.strip():
            raise Refusal(late, "it needs the signed copy", "record it again with --document")
        check_second(act, command.second, ("jail", "supervisor", "rights"), late)
    return (
        DetainerServed(
            language=command.language,
            served_at=command.served_at,
            counts_from=counts_from(command.served_at, act),
            document=command.document,
            second=command.second or None,
            paper=handed.number if handed else None,
            by=act.actor if handed else "",
        ),
        *_without_paper(case, request, command),
    )


def _without_paper(case: Case, request: Detainer, command: cmd.Serve) -> tuple[Event, ...]:
    """The incident of a service before anything about this request was printed, where papers of the case are printed.

    A case of which no paper was ever printed here is silent: its copies came from elsewhere, and nobody can tell.
    """
    printed = [p for p in case.papers if p.request == request.number]
    if not case.papers or any(p.made_at is not None and p.made_at <= command.served_at for p in printed):
        return ()
    about = f"request {request.number}"
    detail = f"{about} ({request.form}) is recorded as served, and no paper about it was printed before"
    return open_once(case, "served-without-paper", about, detail, command.served_at)


LANGUAGES = (
    "English", "Spanish", "French", "Portuguese", "Chinese", "Vietnamese", "Haitian Creole", "Russian", "Arabic",
    "Somali", "interpreted", "not stated",
)  # fmt: skip
"""Languages of the copy: of the form's own notice and of this program's notices; or read out; or nobody said."""


def decline(case: Case, command: cmd.Decline, act: Act) -> tuple[Event, ...]:
    """The jail does not honor the request."""
    standing(case, "decline")
    _check_after_issue(case, act, "decline")
    return (DetainerDeclined(reason=command.reason, at=act.now),)


def cancel(case: Case, command: cmd.Cancel, act: Act) -> tuple[Event, ...]:
    """The office lifts the request."""
    standing(case, "cancel")
    _check_after_issue(case, act, "cancel")
    if not command.reason.strip():
        raise Refusal("cancel", "the reason for the lift is mandatory", "cancel again with a reason")
    return (DetainerCancelled(reason=command.reason, at=act.now),)


def withdraw(case: Case, claim: int | None, reason: str, act: Act) -> tuple[Event, ...]:
    """End the request, and with it every authority to hold, at once; nothing when none stands."""
    if case.detainer is None:
        return ()
    return (DetainerWithdrawn(claim=claim, reason=reason, at=act.now, told=act.role == "jail"),)


def reinstate(case: Case, command: cmd.Reinstate, act: Act) -> tuple[Event, ...]:
    """Put a withdrawn request back under its original deadline, if there is time left and the law still permits it."""
    asked = "reinstate the request"
    last = case.detainers[-1] if case.detainers else None
    if last is None or last.state != "WITHDRAWN" or last.withdrawn_for != command.claim:
        raise Refusal(asked, "no request was withdrawn for that", "decide anew")
    check_no_bar(case, asked, act)
    decision = case.decisions[last.issued.decision - 1]
    if act.actor == decision.officer:
        raise Refusal(asked, f"{act.actor} made the decision that it goes back to", "ask another supervisor")
    found = find(case, act, immigration_warrant=last.issued.warrant)
    if not decision.override and not found.allows(decision.choice):
        raise Refusal(asked, f"{found.regime} permits {', '.join(found.permitted) or 'nothing'} today", "decide anew")
    hold.check_time_left(case, last.form, last.issued.zone, act, asked)
    return (DetainerReinstated(claim=command.claim, reviewer=act.actor, at=act.now),)
