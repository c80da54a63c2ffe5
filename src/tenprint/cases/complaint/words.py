"""Events and acts of a complaint as plain sentences; what is sealed is never said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenprint.cases.complaint import commands as cmd
from tenprint.cases.complaint import events as ev
from tenprint.cases.complaint.events import ComplaintEvent
from tenprint.cases.kernel.value import Command


def _plain(word: str) -> str:
    return word.lower().replace("_", " ")


def _received(e: ev.ComplaintReceived) -> str:
    topics = ", ".join(_plain(t) for t in e.topics) or "no topic chosen"
    return (
        f"Complaint {e.number} came in ({_plain(e.channel)}, {topics}, about: {_plain(e.against)}); "
        f"a person reads it by {e.acknowledge_due:%Y-%m-%d}, it is triaged by {e.triage_due:%Y-%m-%d}."
    )


def _because(reason: str) -> str:
    """A sealed reason, when the reader may see it."""
    return f": {reason}" if reason else ""


def _found(e: ev.Found) -> str:
    rests = f" {e.finding} Evidence: {', '.join(e.evidence)}." if e.finding else ""
    return f"Finding {e.number}: {_plain(e.result)}.{rests}"


def _triaged(e: ev.Triaged) -> str:
    repeats = f" of complaint {e.duplicate_of}" if e.duplicate_of else ""
    due = f" A finding is due by {e.finding_due:%Y-%m-%d}." if e.finding_due else ""
    return f"Triaged as {_plain(e.route)}{repeats}{_because(e.reason)}.{due}"


def _referred(e: ev.Referred) -> str:
    return f"{'Sent to' if e.for_action else 'Notice to'} {e.to}{_because(e.why)}."


def _written(e: ev.Written) -> str:
    return f"Message {e.number}, by the {e.writer}" + (f"; an answer is due by {e.due:%Y-%m-%d}." if e.due else ".")


def _reopened(e: ev.Reopened) -> str:
    return f"Reopened, asked by the {e.asked_by}: {e.reason}. A finding is due by {e.finding_due:%Y-%m-%d}."


def _linked(e: ev.CaseLinked) -> str:
    return f"It is about case {e.tcn}" + (", whose subject filed it." if e.is_subject else ".")


EVENTS: dict[type[ComplaintEvent], Callable[[Any], str]] = {
    ev.ComplaintReceived: _received,
    ev.ComplainantNamed: lambda _: "The filer said who they are; only the rights office's key opens it.",
    ev.Attached: lambda e: f"File {e.number} came with it ({e.media}, {e.size} bytes), without its metadata.",
    ev.Written: _written,
    ev.Acknowledged: lambda _: "A person of the rights office has read it.",
    ev.Triaged: _triaged,
    ev.Referred: _referred,
    ev.ReferralAcknowledged: lambda e: f"The other office has referral {e.number} ({e.document}).",
    ev.InvestigationOpened: lambda e: f"{e.investigator} looks into it.",
    ev.Found: _found,
    ev.Recommended: lambda e: f"Recommendation {e.number} to {e.to}: {e.text} An answer is due by {e.due:%Y-%m-%d}.",
    ev.Responded: lambda e: f"{e.by} answers recommendation {e.number}: {_plain(e.answer)}. {e.reason}".rstrip(),
    ev.ConsequenceRecorded: lambda e: f"Consequence of finding {e.finding}: {e.what}. {e.reason}.",
    ev.CaseLinked: _linked,
    ev.WatchSet: lambda e: (
        f"Acts against the subject of case {e.tcn} now need a supervisor who knows of the complaint."
    ),
    ev.WatchEnded: lambda e: f"Acts against the subject of case {e.tcn} are no longer watched.",
    ev.Accessed: lambda e: f"Somebody looked at the {e.what}: {e.purpose}.",
    ev.Closed: lambda e: f"Closed after {e.days} days: {e.reason}. {e.summary}",
    ev.Reopened: _reopened,
}

ACTS: dict[type[Command], Callable[[Any], str]] = {
    cmd.FileComplaint: lambda c: f"files a complaint about a {_plain(c.against)}",
    cmd.Write: lambda _: "writes a message",
    cmd.Acknowledge: lambda _: "says that it has been read",
    cmd.Triage: lambda c: f"triages it as {_plain(c.route)}" + (f" to {c.to}" if c.to else ""),
    cmd.AcknowledgeReferral: lambda c: f"records that referral {c.number} has arrived",
    cmd.Investigate: lambda _: "begins to look into it",
    cmd.Find: lambda c: f"finds it {_plain(c.result)}",
    cmd.Recommend: lambda c: f"recommends to {c.to}: {c.text}",
    cmd.Respond: lambda c: f"records the answer to recommendation {c.number}: {_plain(c.answer)}",
    cmd.RecordConsequence: lambda c: f"records what followed from finding {c.finding}: {c.what}",
    cmd.LinkCase: lambda c: f"says that it is about case {c.tcn}",
    cmd.Look: lambda c: f"looks at the {c.what}",
    cmd.Close: lambda c: f"closes it: {c.reason}",
    cmd.Reopen: lambda c: f"reopens it: {c.reason}",
}


def say(event: ComplaintEvent) -> str:
    """One event in one sentence."""
    return EVENTS[type(event)](event)


def say_command(command: Command) -> str:
    """What is asked, in words."""
    return ACTS[type(command)](command)
