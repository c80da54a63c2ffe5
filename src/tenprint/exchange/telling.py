"""What happened, in a sentence each: for the desk that has just acted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenprint.cases.card import events as ev
from tenprint.cases.card.words import STANDS, say


def tell(event: ev.Event, zone: str | None = None) -> str:
    """One sentence about an event.

    Args:
        event: What happened.
        zone: Time zone in which moments are told; UTC when not given.
    """
    words = _SENTENCES.get(type(event))
    if words is None:
        return say(event)
    return words(event, lambda moment: f"{moment.astimezone(ZoneInfo(zone or 'UTC')):%a %Y-%m-%d %H:%M %Z}")


Clock = Callable[[datetime], str]


def _low(code: str) -> str:
    return code.replace("_", " ").lower()


def _score(e: ev.CriminalSearched | ev.ImmigrationSearched) -> str:
    close = "; a close call, for an examiner" if e.close_call and not e.hit else ""
    return f"{close} ({e.meaning})" if e.meaning else close


_SENTENCES: dict[type[ev.Event], Callable[[Any, Clock], str]] = {
    ev.SubmissionAccepted: lambda e, _: f"The card was accepted ({e.tot}, {len(e.fingers)} images).",
    ev.SubmissionRejected: lambda e, _: f"The card was rejected: {'; '.join(e.messages)}",
    ev.CriminalSearched: lambda e, _: f"Criminal search: {e.identity or 'no record found'}{_score(e)}.",
    ev.GateDecided: lambda e, _: (
        f"The prints, which belong to {e.print_owner or 'nobody named'}, go to the immigration system under: "
        f"{e.authority}{f' (source: {e.authority_source}, {e.authority_standing})' if e.authority_source else ''}"
        f"{f'; {e.agreement}' if e.agreement else ''}"
        + (f"; open investigations: {', '.join(e.investigations)}" if e.investigations else "")
        + "."
        if e.forwarded
        else f"The prints do not go to the immigration system: {e.reason}."
    ),
    ev.ImmigrationSearched: lambda e, _: f"Immigration search: {e.identity or 'no digitized record found'}{_score(e)}.",
    ev.PrintExamined: lambda e, _: (
        f"The {e.system} close call was examined by {e.examiner}: {_low(e.conclusion)}; {STANDS[e.standing]}."
    ),
    ev.SubmissionClosed: lambda e, _: f"Nothing more is owed on the road: {e.why}.",
    ev.ResponseSent: lambda e, _: f"{e.response} {e.tcn}" + ("" if e.relayed else f" (not relayed: {e.note})"),
    ev.QuerySent: lambda e, _: f"The center was asked (IAQ, {e.origin}).",
    ev.StatusDetermined: lambda e, _: f"Status, version {e.version}: {_low(e.status)}, confidence {e.confidence}.",
    ev.ReviewRecorded: lambda e, _: f"Review of the {e.what}: {'approved' if e.approved else 'not approved'}.",
    ev.DecisionRecorded: lambda e, _: (
        f"Decision {e.version} under {e.regime} ({e.standing}): {_low(e.choice)}."
        + (" AN OVERRIDE." if e.override else "")
    ),
    ev.ReevaluationDue: lambda e, _: (
        f"The office should look again: {e.because}; permitted now: {', '.join(e.permitted)}."
    ),
    ev.DetainerIssued: lambda e, _: f"Form {e.form} was sent to {e.recipient_ori}: a request, not an order.",
    ev.DetainerAcknowledged: lambda _e, _: "The jail has the form.",
    ev.DetainerServed: lambda e, t: f"The person was given a copy ({e.language}) at {t(e.served_at)}.",
    ev.PaperMade: lambda e, _: f"Paper {e.number} was printed: {e.what} ({e.language}), copy {e.copy}.",
    ev.DetainerDeclined: lambda e, _: f"The jail declined: {e.reason}.",
    ev.DetainerCancelled: lambda e, _: f"The request was cancelled: {e.reason}.",
    ev.DetainerWithdrawn: lambda e, _: f"The request was withdrawn at once: {e.reason}.",
    ev.DetainerReinstated: lambda _e, _: "The request was put back, under the original deadline.",
    ev.ReleaseEligible: lambda e, t: f"Would be released from {t(e.at)} ({_low(e.reason)}, {e.document}).",
    ev.HoldStarted: lambda e, t: (
        f"A hold runs under {e.form}; it ends by itself at {t(e.deadline)}."
        if e.deadline
        else f"No limit under {e.form}."
    ),
    ev.HoldChanged: lambda e, t: (
        f"The hold goes on ({e.why}) under {e.started.form}; "
        + (f"it ends by itself at {t(e.started.deadline)}, never later." if e.started.deadline else "no limit.")
    ),
    ev.RequestHonored: lambda e, t: (
        f"The jail honors request {e.request} under {e.under}, from {t(e.counts_from)}; "
        f"the law of the place says {e.answer}."
    ),
    ev.DueWarned: lambda e, t: (
        f"The {e.owner} was warned {'an hour' if e.hours == 1 else f'{e.hours} hours'} before {t(e.moment)}: {e.due}."
        if e.hours
        else f"The limit of {t(e.moment)} passed and the {e.owner} was told: {e.due}."
    ),
    ev.HoldAlarm: lambda e, t: f"{e.hours} hours of the hold are used up ({t(e.due)}).",
    ev.HoldEnded: lambda e, t: f"The hold ended at {t(e.ended_at)}: {_low(e.how)}.",
    ev.ReleaseNoticeSent: lambda e, t: f"Release notice: the authority to hold ended at {t(e.deadline)}.",
    ev.IncidentOpened: lambda e, _: f"INCIDENT {e.number} opened ({e.what}): {e.detail}.",
    ev.IncidentClosed: lambda e, _: f"Incident {e.number} closed: {e.reason}.",
    ev.ClaimMade: lambda e, t: f"Claim {e.number} ({_low(e.claim)}): {e.owner} owes an answer by {t(e.due)}.",
    ev.ClaimResolved: lambda e, _: f"Claim {e.number} was {'upheld' if e.upheld else 'not upheld'}: {e.reason}.",
    ev.FactStated: lambda e, _: f"{e.name} = {e.value} ({e.source}).",
    ev.ChargeStated: lambda e, _: f"Charge {e.charge.number}: {e.charge.literal}.",
    ev.ChargeDisposed: lambda e, _: f"Charge {e.number}: {_low(e.disposition)} on {e.on}.",
    ev.ConvictionRecorded: lambda e, _: f"Conviction {e.conviction.id} of {e.conviction.convicted_on} is known.",
    ev.ConvictionStruck: lambda e, _: f"Conviction {e.id} was struck: {e.reason}.",
    ev.CustodyAssumed: lambda e, t: f"Federal officers took custody at {t(e.at)}.",
    ev.CustodyReleased: lambda e, t: f"Left {'federal' if e.custody == 'ICE' else 'local'} custody at {t(e.at)}.",
    ev.ProceedingStep: lambda e, _: f"{_low(e.step)} on {e.on}.",
    ev.OutcomeRecorded: lambda e, _: f"Outcome: {_low(e.outcome)} on {e.on}, basis: {e.basis}.",
    ev.CostRecorded: lambda e, _: f"{e.bed_hours:g} bed-hours, paid by {e.payer}.",
}
