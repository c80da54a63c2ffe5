"""What may be asked about a complaint: one frozen struct per act."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tenprint.cases.complaint.events import Against, Answer, Channel, Result, Route, Topic, Writer
from tenprint.cases.kernel.value import Command, Value


class File(Value, frozen=True):
    """A stored attachment."""

    digest: str
    media: str
    size: int
    name: str
    secret: str


class Identity(Value, frozen=True):
    """Who the filer is, closed for the office's key."""

    key: str
    box: str


class FileComplaint(Command, frozen=True):
    """Take a complaint in. Nobody needs to say who they are."""

    number: str
    channel: Channel
    language: str
    text: str
    against: Against = "unknown"
    topics: tuple[Topic, ...] = ()
    place: str = ""
    receipt: str = ""
    paper: str = ""
    identity: Identity | None = None
    files: tuple[File, ...] = ()


class Write(Command, frozen=True):
    """Say something, either way."""

    writer: Writer
    text: str
    files: tuple[File, ...] = ()


class Acknowledge(Command, frozen=True):
    """Say that a person has read it."""


class Triage(Command, frozen=True):
    """Say where it goes. What is not for this office is sent on with a reason."""

    route: Route
    reason: str
    to: str = ""
    """The office it is sent on to, when the route does not name it."""
    county: str = ""
    happened_on: date | None = None
    duplicate_of: str = ""


class AcknowledgeReferral(Command, frozen=True):
    """Record that the other office has it."""

    number: int
    document: str


class Investigate(Command, frozen=True):
    """Begin to look into it."""


class Find(Command, frozen=True):
    """State what was found."""

    result: Result
    finding: str
    evidence: tuple[str, ...]


class Recommend(Command, frozen=True):
    """Recommend a change to a component."""

    to: str
    text: str


class Respond(Command, frozen=True):
    """Record a component's answer."""

    number: int
    answer: Answer
    reason: str
    by: str


class RecordConsequence(Command, frozen=True):
    """Record what followed; ``none`` is an answer, silence is not."""

    finding: int
    what: str
    reason: str


class LinkCase(Command, frozen=True):
    """Name the case of a card that the complaint is about."""

    tcn: str
    ori: str
    is_subject: bool


class Look(Command, frozen=True):
    """Read what is sealed."""

    what: Literal["complaint", "identity", "attachment"]
    purpose: str
    attachment: int | None = None


class Close(Command, frozen=True):
    """End it."""

    reason: str
    summary: str


class Reopen(Command, frozen=True):
    """Take it up again."""

    reason: str
    asked_by: Writer = "complainant"
