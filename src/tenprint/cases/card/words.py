"""Events and commands in one plain sentence each, for status pages, logs and the handbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev
from tenprint.cases.card.events import Event
from tenprint.cases.kernel.value import Command

Sentence = Callable[[Any], str]


def moment(at: datetime | date | None) -> str:
    """A moment as people write it, with its offset from UTC."""
    if at is None:
        return "no set time"
    if isinstance(at, datetime):
        offset = at.strftime("%z")
        return f"{at:%a %Y-%m-%d %H:%M} UTC{offset[:3]}:{offset[3:5]}" if offset else f"{at:%a %Y-%m-%d %H:%M}"
    return at.isoformat()


def _list(items: tuple[str, ...], nothing: str = "nothing") -> str:
    return ", ".join(items) or nothing


def _hours(number: int) -> str:
    return "an hour" if number == 1 else f"{number} hours"


def _search(system: str) -> Sentence:
    def say(e: Any) -> str:
        found = f"a match with {e.identity}" if e.hit else "no digitized record found"
        near = "near the threshold" if e.hit else "a close call, for an examiner"
        close = f"; {near}" if e.close_call else ""
        means = f" ({e.meaning})" if e.meaning else ""
        return f"The {system} system was searched with {e.fingers} fingers: {found}{close}{means}."

    return say


STANDS = {
    "OPEN": "no examiner has looked yet",
    "PENDING_VERIFICATION": "one examiner identified; a second has to verify before it is an identification",
    "EXCLUSION": "examined: another person",
    "INCONCLUSIVE": "examined: inconclusive",
    "IDENTIFICATION": "two examiners identified; no match follows from it",
    "DISAGREEMENT": "the examiners do not agree: no identification",
}
"""Where a close call stands, in words."""


def _examined(e: ev.PrintExamined) -> str:
    whom = f" beside those of {e.candidate}" if e.candidate else ""
    return (
        f"{e.examiner} examined the prints of the {e.system} search{whom}: {e.conclusion}. Reason: {e.reason}. "
        f"The close call stands so: {STANDS[e.standing]}."
    )


def _gate(e: ev.GateDecided) -> str:
    if e.forwarded:
        source = f"; source: {e.authority_source}, {e.authority_standing}" if e.authority_source else ""
        return f"The prints went on to the immigration system ({e.authority}{source}); they belong to {e.print_owner}."
    missing = f"; not known: {_list(e.missing)}" if e.missing else ""
    return f"The prints did not go on to the immigration system: {e.reason}{missing}."


def _decision(e: ev.DecisionRecorded) -> str:
    outside = " as an override" if e.override else ""
    second = f", approved by {e.reviewer}" if e.reviewer else ""
    duty = f"; a duty: {_list(e.duties)}" if e.duties else ""
    return (
        f"Decision {e.version}: {e.choice}{outside}{second}. {e.regime} permitted {_list(e.permitted)}{duty}. "
        f"Reason: {e.reason}."
    )


def _served_text(e: ev.DetainerServed) -> str:
    return f"The person was given a copy in {e.language} at {moment(e.served_at)}."


EVENTS: dict[type[Event], Sentence] = {
    ev.SubmissionAccepted: lambda e: f"Card {e.tcn} ({e.tot}) of {e.controlling_ori} was accepted.",
    ev.SubmissionRejected: lambda e: f"Card {e.tcn} ({e.tot}) was rejected: {_list(e.messages)}.",
    ev.ResponseSent: lambda e: (
        f"The answer {e.response} was sent; the bureau {'relayed' if e.relayed else 'did not relay'} it."
    ),
    ev.CriminalSearched: _search("criminal"),
    ev.GateDecided: _gate,
    ev.ImmigrationSearched: _search("immigration"),
    ev.PrintExamined: _examined,
    ev.QuerySent: lambda e: f"The support center was asked ({e.origin}).",
    ev.StatusDetermined: lambda e: (
        f"Answer {e.version} of the center: {e.status}, confidence {e.confidence}, "
        f"from {_list(tuple(s.name for s in e.sources))}"
        + ("; a citizenship indicator." if e.citizenship_indicator else ".")
    ),
    ev.DecisionRecorded: _decision,
    ev.ReviewRecorded: lambda e: (
        f"{e.reviewer} reviewed {e.what}{f' ({e.choice})' if e.choice else ''}: "
        f"{'approved' if e.approved else 'not approved'}. Reason: {e.reason}."
    ),
    ev.ReevaluationDue: lambda e: (
        f"The office has to look again at decision {e.decision}: {e.because}; "
        f"{e.regime} now permits {_list(e.permitted)}."
    ),
    ev.DetainerIssued: lambda e: (
        f"Request {e.number} ({e.form}) went to {e.recipient_ori}"
        + (f", in place of request {e.supersedes}." if e.supersedes else ".")
    ),
    ev.DetainerAcknowledged: lambda e: "The jail acknowledged the request.",  # noqa: ARG005
    ev.DetainerServed: _served_text,
    ev.PaperMade: lambda e: f"Paper {e.number} was printed: {e.what} ({e.language}), copy {e.copy}.",
    ev.DetainerDeclined: lambda e: f"The jail declined the request: {e.reason}.",
    ev.DetainerCancelled: lambda e: f"The office cancelled the request: {e.reason}.",
    ev.DetainerWithdrawn: lambda e: f"The request was withdrawn at once: {e.reason}.",
    ev.DetainerReinstated: lambda e: f"{e.reviewer} put the request back under its original deadline.",
    ev.ReleaseEligible: lambda e: (
        f"{'The person would have left' if e.matter == 1 else f'Matter {e.matter} ended'} at {moment(e.at)} "
        f"({e.reason}, {e.document})" + ("; a correction." if e.corrects else ".")
    ),
    ev.HoldStarted: lambda e: (
        f"A hold runs under {e.form} from {moment(e.release_eligible_at)} to {moment(e.deadline)} at the latest"
        + (f"; days left out: {_list(e.excluded)}." if e.excluded else ".")
    ),
    ev.HoldChanged: lambda e: (
        f"The hold goes on ({e.why}): from {moment(e.started.release_eligible_at)} under {e.started.form}, "
        f"to {moment(e.started.deadline)} at the latest."
    ),
    ev.HoldAlarm: lambda e: f"{e.hours} hours of the limit were used up at {moment(e.due)}.",
    ev.HoldEnded: lambda e: f"The hold ended at {moment(e.ended_at)}: {e.how}.",
    ev.ReleaseNoticeSent: lambda e: f"The jail was told that its authority to hold ended at {moment(e.deadline)}.",
    ev.IncidentOpened: lambda e: f"Incident {e.number} ({e.what}) is open since {moment(e.since)}: {e.detail}.",
    ev.IncidentClosed: lambda e: f"{e.by} closed incident {e.number}: {e.reason}.",
    ev.ClaimMade: lambda e: f"Claim {e.number}: {e.claim}, by {e.channel}; {e.owner} answers by {moment(e.due)}.",
    ev.ClaimResolved: lambda e: (
        f"{e.by} answered claim {e.number}: {'upheld' if e.upheld else 'not upheld'}. Reason: {e.reason}."
    ),
    ev.FactStated: lambda e: f"It was stated that {e.name} is {e.value} (source: {e.source}).",
    ev.ChargeStated: lambda e: f"Charge {e.charge.number} was stated: {e.charge.literal} (source: {e.source}).",
    ev.ChargeDisposed: lambda e: f"Charge {e.number} was disposed on {e.on}: {e.disposition}.",
    ev.ConvictionRecorded: lambda e: (
        f"Conviction {e.conviction.id} of {e.conviction.convicted_on} became known"
        + (f" (batch {e.batch})." if e.batch else ".")
    ),
    ev.ConvictionStruck: lambda e: f"Conviction {e.id} was struck: {e.reason}.",
    ev.PersonBooked: lambda e: (
        f"The person was booked in at {e.facility} at {moment(e.at)}"
        + (f", number {e.booking_number}." if e.booking_number else ".")
    ),
    ev.PresenceConfirmed: lambda e: f"The person was still there at {moment(e.at)}.",
    ev.PersonReceived: lambda e: f"{e.facility} received the person at {moment(e.at)}.",
    ev.PersonReturned: lambda e: f"The person was back at {e.facility} at {moment(e.at)} ({e.document}).",
    ev.MatterOpened: lambda e: (
        f"From {moment(e.at)} matter {e.number} keeps the person: {e.what}, {e.charge} ({e.agency}, {e.document}); "
        f"second person {e.second}."
    ),
    ev.RequestHonored: lambda e: (
        f"The jail honors request {e.request} under {e.under}, from {moment(e.counts_from)}; "
        f"the law of the place says {e.answer}."
    ),
    ev.RequestEndTold: lambda e: f"The jail knows since {moment(e.at)} that request {e.request} has ended.",
    ev.CustodyJoined: lambda e: f"This card belongs to the custody of card {e.tcn}: {e.why}.",
    ev.CustodyKeptApart: lambda e: f"{e.by} and {e.second} keep this card apart from another custody: {e.reason}.",
    ev.ActCorrected: lambda e: (
        f"{e.by} and {e.second} took back {_list(tuple(str(a) for a in e.acts))} ({e.what}): {e.reason}."
    ),
    ev.DueWarned: lambda e: (
        f"The {e.owner} was warned {_hours(e.hours)} before {moment(e.moment)}: {e.due}."
        if e.hours
        else f"The limit of {moment(e.moment)} passed and the {e.owner} was told: {e.due}."
    ),
    ev.CustodyAssumed: lambda e: (
        f"Federal officers took the person at {moment(e.at)}" + ("; they stay in the building." if e.stays else ".")
    ),
    ev.CustodyReleased: lambda e: f"The person left {e.custody} custody at {moment(e.at)}: {e.how}.",
    ev.ProceedingStep: lambda e: f"Proceedings: {e.step} on {e.on}.",
    ev.OutcomeRecorded: lambda e: (
        f"Outcome: {e.outcome} on {e.on}, basis {e.basis}"
        + ("; charges were dropped for departure." if e.charges_dropped_for_departure else ".")
    ),
    ev.CostRecorded: lambda e: f"{e.bed_hours:g} bed-hours past release, paid by {e.payer}.",
    ev.SubmissionClosed: lambda e: f"Nothing more is owed on the road: {e.why}.",
}


def say(event: Event) -> str:
    """One event in one sentence."""
    return EVENTS[type(event)](event)


def named(command: Command) -> str:
    """The fields of a command that were given, as ``name value``."""
    given = []
    for field in msgspec.structs.fields(command):
        value = getattr(command, field.name)
        if value != field.default and value not in ("", (), None):
            given.append(f"{field.name.replace('_', ' ')} {_value(value)}")
    return "; ".join(given)


def _value(value: Any) -> str:
    return next((write(value) for kind, write in _WRITERS if isinstance(value, kind)), str(value))


def _struct(value: msgspec.Struct) -> str:
    given = {name: v for name, v in msgspec.structs.asdict(value).items() if v not in (None, "", ())}
    return ", ".join(f"{name} {_value(v)}" for name, v in given.items())


def _card(card: ev.SubmissionAccepted | ev.SubmissionRejected) -> str:
    return f"{card.tcn} ({card.tot}) of {card.controlling_ori}, SHA-256 {card.card[:8]}"


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda v: "yes" if v else "no"),
    (datetime | date, moment),
    (ev.SubmissionAccepted | ev.SubmissionRejected, _card),
    (Event, lambda v: say(v).rstrip(".")),
    (ev.Source, lambda v: f"{v.name} ({v.reliability}{', no record found' if v.absence else ''})"),
    (tuple, lambda v: ", ".join(_value(item) for item in v)),
    (Command, lambda v: f"({named(v)})"),
    (msgspec.Struct, _struct),
)
"""How a value of a kind is written; the first that fits."""


ACTS: dict[type[Command], str] = {
    cmd.AcceptSubmission: "takes the card in",
    cmd.RejectSubmission: "rejects the card",
    cmd.RecordCriminalSearch: "hands in the criminal search",
    cmd.RecordResponse: "hands in an answer",
    cmd.DecideGate: "decides the gate",
    cmd.RecordImmigrationSearch: "hands in the immigration search",
    cmd.CloseSubmission: "closes the submission",
    cmd.Examine: "concludes from the prints of a close call",
    cmd.SendQuery: "asks the support center",
    cmd.DetermineStatus: "answers the query",
    cmd.Review: "reviews",
    cmd.Decide: "decides",
    cmd.IssueDetainer: "sends the form",
    cmd.Acknowledge: "acknowledges the request",
    cmd.MakePaper: "prints a paper",
    cmd.Serve: "records that the person was given a copy",
    cmd.Decline: "declines the request",
    cmd.Cancel: "cancels the request",
    cmd.Reinstate: "puts the request back",
    cmd.HonorRequest: "honors the request",
    cmd.RecordReleaseEligible: "records the release moment",
    cmd.BookPerson: "books the person in",
    cmd.ConfirmPresence: "confirms that the person is there",
    cmd.ReceivePerson: "receives the person",
    cmd.ReturnPerson: "records that the person is back",
    cmd.OpenMatter: "records a further criminal matter",
    cmd.JoinCustody: "joins the card to a custody",
    cmd.KeepApart: "keeps the card apart",
    cmd.CorrectAct: "takes an act back",
    cmd.AssumeCustody: "records federal custody",
    cmd.ReleasePerson: "records that the person left",
    cmd.CloseIncident: "closes an incident",
    cmd.Tick: "watches",
    cmd.MakeClaim: "takes a claim in",
    cmd.ResolveClaim: "answers a claim",
    cmd.StateFact: "states a fact",
    cmd.StateCharge: "states a charge",
    cmd.DisposeCharge: "records what became of a charge",
    cmd.RecordConviction: "records a conviction",
    cmd.StrikeConviction: "strikes a conviction",
    cmd.RecordStep: "records a step",
    cmd.RecordOutcome: "records the outcome",
    cmd.RecordCost: "records a cost",
}


def say_command(command: Command) -> str:
    """What is asked, in words: the act and the fields that were given."""
    given = named(command)
    return f"{ACTS[type(command)]}{': ' if given else ''}{given}"
