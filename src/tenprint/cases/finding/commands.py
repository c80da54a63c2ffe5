"""What may be asked about a flag: one frozen struct per act."""

from __future__ import annotations

from tenprint.cases.finding.events import Choice, Flag, Office, Result
from tenprint.cases.kernel.value import Command


class Open(Command, frozen=True):
    """Make a flag a case with an owner. The same flag again is the same case."""

    number: str
    flag: Flag
    owner: str


class Assign(Command, frozen=True):
    """Give it to somebody else."""

    owner: str
    reason: str


class StateHypothesis(Command, frozen=True):
    """Say what might lie behind it, and what would speak against that."""

    text: str
    against: str


class AddEvidence(Command, frozen=True):
    """Put in what was looked at."""

    text: str
    source: str
    hypothesis: int | None = None


class WithdrawEvidence(Command, frozen=True):
    """Say that evidence was wrong."""

    number: int
    reason: str


class BeginReview(Command, frozen=True):
    """Begin the in-depth review."""

    plan: str


class WriteFinding(Command, frozen=True):
    """Write what was found; a second one corrects the first and says why."""

    result: Result
    text: str
    evidence: tuple[int, ...]
    correction: str = ""


class Decide(Command, frozen=True):
    """Say what follows."""

    choice: Choice
    reason: str
    correction: str = ""


class Refer(Command, frozen=True):
    """Send it to another office."""

    office: Office
    why: str
    to: str = ""
    """The office by its name; mandatory for a component."""


class AcknowledgeReferral(Command, frozen=True):
    """Record that the other office has it."""

    number: int
    document: str


class Summarize(Command, frozen=True):
    """Write what the public reads."""

    text: str
    correction: str = ""


class Close(Command, frozen=True):
    """End it, when all has been said."""

    reason: str


class CloseWithoutFinding(Command, frozen=True):
    """End it although nobody wrote what was found."""

    reason: str


class Reopen(Command, frozen=True):
    """Take it up again."""

    reason: str


class LookAtClock(Command, frozen=True):
    """Note what is past its deadline. Anybody may ask; nobody's leave is needed."""
