"""Events and acts of a flag as plain sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding import events as ev
from tenprint.cases.finding.events import FindingEvent, Flag
from tenprint.cases.kernel.value import Command


def plain(word: str) -> str:
    """A word of a closed list as people write it."""
    return word.lower().replace("_", " ")


def place(flag: Flag) -> str:
    """Where it is."""
    county = flag.county or flag.jurisdiction
    where = f"{county}, {flag.state}" if flag.state else county
    return f"agency {flag.ori} in {where}" if flag.ori else where


def _opened(e: ev.Opened) -> str:
    return (
        f"Flag {e.flag.id} is case {e.number}: {e.flag.statement} {e.owner} owns it; "
        f"a written finding is due by {e.due:%Y-%m-%d}."
    )


def _corrects(correction: str) -> str:
    return f" It corrects the one before: {correction}" if correction else ""


def _evidence(e: ev.EvidenceAdded) -> str:
    speaks = f", on hypothesis {e.hypothesis}" if e.hypothesis else ""
    return f"Evidence {e.number}{speaks} ({e.source}): {e.text}"


def _written(e: ev.Written) -> str:
    rests = ", ".join(map(str, e.evidence))
    return (
        f"Finding {e.number}, {plain(e.result)}, on evidence {rests}: {e.text}{_corrects(e.correction)} "
        f"Decision and public summary are due by {e.due:%Y-%m-%d}."
    )


def _decided(e: ev.Decided) -> str:
    return f"Decision {e.number}: {plain(e.choice)}. {e.reason}{_corrects(e.correction)}"


def _referred(e: ev.Referred) -> str:
    return f"Referral {e.number} went to {e.to}: {e.why} Its acknowledgment is due by {e.due:%Y-%m-%d}."


EVENTS: dict[type[FindingEvent], Callable[[Any], str]] = {
    ev.Opened: _opened,
    ev.RaisedAgain: lambda e: f"Another review raised the same flag: {e.flag.statement}",
    ev.Assigned: lambda e: f"{e.owner} owns it from now on: {e.reason}",
    ev.HypothesisStated: lambda e: f"Hypothesis {e.number}: {e.text} Against it would speak: {e.against}",
    ev.EvidenceAdded: _evidence,
    ev.EvidenceWithdrawn: lambda e: f"Evidence {e.number} is withdrawn: {e.reason}",
    ev.ReviewBegun: lambda e: f"{e.reviewer} begins the in-depth review: {e.plan}",
    ev.Written: _written,
    ev.Decided: _decided,
    ev.Referred: _referred,
    ev.ReferralAcknowledged: lambda e: f"The other office has referral {e.number} ({e.document}).",
    ev.Summarized: lambda e: f"For the public: {e.text}{_corrects(e.correction)}",
    ev.DeadlinePassed: lambda e: f"PAST DUE: {e.step} was due by {e.due:%Y-%m-%d} and was not done.",
    ev.Closed: lambda e: f"Closed after {e.days} days: {e.reason}",
    ev.ClosedWithoutFinding: lambda e: f"CLOSED WITHOUT A WRITTEN FINDING after {e.days} days: {e.reason}",
    ev.Reopened: lambda e: f"Reopened: {e.reason} A written finding is due by {e.due:%Y-%m-%d}.",
}

ACTS: dict[type[Command], Callable[[Any], str]] = {
    cmd.Open: lambda c: f"makes the flag {c.flag.id} a case owned by {c.owner}",
    cmd.Assign: lambda c: f"gives it to {c.owner}",
    cmd.StateHypothesis: lambda c: f"states a hypothesis: {c.text}",
    cmd.AddEvidence: lambda c: f"adds evidence ({c.source})",
    cmd.WithdrawEvidence: lambda c: f"withdraws evidence {c.number}: {c.reason}",
    cmd.BeginReview: lambda c: f"begins the in-depth review: {c.plan}",
    cmd.WriteFinding: lambda c: f"finds it {plain(c.result)}",
    cmd.Decide: lambda c: f"decides: {plain(c.choice)}",
    cmd.Refer: lambda c: f"refers it to {c.to or plain(c.office)}",
    cmd.AcknowledgeReferral: lambda c: f"records that referral {c.number} has arrived",
    cmd.Summarize: lambda _: "writes the public summary",
    cmd.Close: lambda c: f"closes it: {c.reason}",
    cmd.CloseWithoutFinding: lambda c: f"closes it without a finding: {c.reason}",
    cmd.Reopen: lambda c: f"reopens it: {c.reason}",
    cmd.LookAtClock: lambda _: "looks at its clock",
}


def say(event: FindingEvent) -> str:
    """One event in one sentence or two."""
    return EVENTS[type(event)](event)


def say_command(command: Command) -> str:
    """What is asked, in words."""
    return ACTS[type(command)](command)
