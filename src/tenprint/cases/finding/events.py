"""What can happen to a flag of the quarterly review (life cycle, deadlines and words are this program's choice).

The public record says that outliers got an "in-depth analysis" and "appropriate steps"; it names neither owner nor
deadline nor result. Who did what is the ledger's. Nothing here is sealed, because nothing here is about a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from tenprint.cases.kernel.value import Event, Value

Test = Literal["funnel", "change"]
Direction = Literal["high", "low"]
Result = Literal["EXPLAINED_BY_CASE_MIX", "DATA_FAULT", "UNEXPLAINED", "PRACTICE_FOUND"]
"""What the difference turned out to be: other kinds of cases, wrong or missing records, nothing that anybody could
name, or something that an agency does."""
Choice = Literal["NO_ACTION", "RETAINED", "REFERRED"]
"""Nothing follows, the rights office goes on itself, or another office gets it."""
Office = Literal["JUSTICE", "INSPECTOR_GENERAL", "COMPONENT"]


class Flag(Value, frozen=True):
    """What was flagged, as the review said it: shares are fractions of one."""

    id: str
    """``2011Q2/<metric>/<test>/<jurisdiction>[/<ori>]``."""
    quarter: str
    metric: str
    definition: str
    """``name@hash`` of the definition that was computed."""
    rule: str
    """``name@hash`` of the rule."""
    review: str
    """``sha256:`` of the review that raised it."""
    test: Test
    jurisdiction: str
    """County FIPS code."""
    direction: Direction
    observed: float
    expected: float
    q: float
    statement: str
    state: str = ""
    county: str = ""
    ori: str = ""
    """Booking agency; empty: the county as a whole."""


class FindingEvent(Event, frozen=True):
    """Something that happened to one flag."""


class Opened(FindingEvent, frozen=True, tag="finding.opened"):
    """A flag became a case: somebody owes a written finding."""

    number: str
    flag: Flag
    owner: str
    opened_at: datetime
    due: datetime


class RaisedAgain(FindingEvent, frozen=True, tag="finding.raised_again"):
    """Another review raised the same flag; the case is the same."""

    flag: Flag


class Assigned(FindingEvent, frozen=True, tag="finding.assigned"):
    """Somebody else owns it; its deadline stays."""

    owner: str
    reason: str


class HypothesisStated(FindingEvent, frozen=True, tag="finding.hypothesis"):
    """What might lie behind it, and what would speak against that."""

    number: int
    text: str
    against: str
    """What one would see if it were wrong."""


class EvidenceAdded(FindingEvent, frozen=True, tag="finding.evidence"):
    """Something that was looked at."""

    number: int
    text: str
    source: str
    hypothesis: int | None = None
    """The hypothesis that it speaks to."""


class EvidenceWithdrawn(FindingEvent, frozen=True, tag="finding.evidence_withdrawn"):
    """It turned out to be wrong; what was written on it stays, and can be corrected."""

    number: int
    reason: str


class ReviewBegun(FindingEvent, frozen=True, tag="finding.in_depth_review"):
    """Somebody looks into it beyond the numbers."""

    reviewer: str
    plan: str


class Written(FindingEvent, frozen=True, tag="finding.written"):
    """What was found, in writing, and on which evidence. The latest counts; those before it stay."""

    number: int
    result: Result
    text: str
    evidence: tuple[int, ...]
    due: datetime
    """Until when decision and public summary are owed."""
    correction: str = ""
    """Why the finding before it was wrong."""


class Decided(FindingEvent, frozen=True, tag="finding.decided"):
    """What follows. The latest counts."""

    number: int
    choice: Choice
    reason: str
    correction: str = ""


class Referred(FindingEvent, frozen=True, tag="finding.referred"):
    """Another office got it."""

    number: int
    office: Office
    to: str
    why: str
    due: datetime
    """Until when that office should have said that it has it."""


class ReferralAcknowledged(FindingEvent, frozen=True, tag="finding.referral_acknowledged"):
    """The other office says that it has it."""

    number: int
    document: str


class Summarized(FindingEvent, frozen=True, tag="finding.summarized"):
    """What the public may read. The latest counts."""

    text: str
    correction: str = ""


class DeadlinePassed(FindingEvent, frozen=True, tag="finding.deadline_passed"):
    """Something was not done in time; this is published, also when it is done later."""

    step: str
    due: datetime


class Closed(FindingEvent, frozen=True, tag="finding.closed"):
    """It is over, with a written finding."""

    reason: str
    days: int
    """Whole days since the case was opened."""


class ClosedWithoutFinding(FindingEvent, frozen=True, tag="finding.closed_without_finding"):
    """A supervisor ended it and nobody wrote what was found: a failed control, published as such."""

    reason: str
    days: int


class Reopened(FindingEvent, frozen=True, tag="finding.reopened"):
    """It is taken up again; a finding is owed anew."""

    reason: str
    due: datetime


def event_types() -> tuple[type[FindingEvent], ...]:
    """Every kind of event of a flag, in the order of this file."""
    found = [v for v in globals().values() if isinstance(v, type) and issubclass(v, FindingEvent)]
    return tuple(v for v in found if v is not FindingEvent)
