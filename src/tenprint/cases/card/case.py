"""What is known of one case, as one frozen value. ``evolve`` computes it from the case's events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import msgspec

from tenprint.cases.card import events as ev
from tenprint.cases.custody.timelines import Stretch
from tenprint.cases.kernel.value import Value

DetainerState = Literal[
    "ISSUED", "WITHDRAWN", "CANCELLED", "DECLINED", "SUPERSEDED", "CUSTODY_ASSUMED", "EXPIRED", "ENDED"
]


_NEVER = datetime.max.replace(tzinfo=UTC)

Whereabouts = (
    ev.PersonBooked
    | ev.PresenceConfirmed
    | ev.PersonReceived
    | ev.PersonReturned
    | ev.CustodyAssumed
    | ev.CustodyReleased
)


class Detainer(Value, frozen=True):
    """One form of the I-247 family and where it stands."""

    number: int
    issued: ev.DetainerIssued
    state: DetainerState = "ISSUED"
    acknowledged: bool = False
    served_at: datetime | None = None
    language: str = ""
    counts_from: datetime | None = None
    """From when its service counts: later than ``served_at`` when it was told late."""
    paper: int | None = None
    """Number of the paper that was handed over."""
    handed_by: str = ""
    """Who recorded the service."""
    withdrawn_for: int | None = None
    """Number of the claim that withdrew it."""
    reason: str = ""
    ended_at: datetime | None = None
    """When it ended: declined, cancelled, withdrawn, superseded."""
    told_at: datetime | None = None
    """When the jail knew of its end."""
    pauses: tuple[Stretch, ...] = ()
    """Stretches in which it was withdrawn before it was put back: nobody may be held in them."""

    @property
    def form(self) -> str:
        """The form's version, such as ``I-247 (12/12)``."""
        return self.issued.form

    @property
    def is_open(self) -> bool:
        """Whether the request still stands."""
        return self.state == "ISSUED"


class Claim(Value, frozen=True):
    """A claim and its answer."""

    made: ev.ClaimMade
    resolved: ev.ClaimResolved | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.resolved is None


class Incident(Value, frozen=True):
    """A promise broken or in doubt."""

    opened: ev.IncidentOpened
    closed: ev.IncidentClosed | None = None

    @property
    def is_open(self) -> bool:
        """Whether no named person has closed it."""
        return self.closed is None


class Case(Value, frozen=True):
    """Everything known of one submission and of what followed from it."""

    submission: ev.SubmissionAccepted | None = None
    rejection: ev.SubmissionRejected | None = None
    responses: tuple[ev.ResponseSent, ...] = ()
    criminal: ev.CriminalSearched | None = None
    gate: ev.GateDecided | None = None
    immigration: ev.ImmigrationSearched | None = None
    examinations: tuple[ev.PrintExamined, ...] = ()
    """Conclusions of examiners about close calls, in their order."""
    queries: tuple[ev.QuerySent, ...] = ()
    determinations: tuple[ev.StatusDetermined, ...] = ()
    reviews: tuple[ev.ReviewRecorded, ...] = ()
    decisions: tuple[ev.DecisionRecorded, ...] = ()
    reevaluations: tuple[ev.ReevaluationDue, ...] = ()
    detainers: tuple[Detainer, ...] = ()
    moments: tuple[ev.ReleaseEligible, ...] = ()
    """Documented ends of criminal matters; of each the earliest counts."""
    matters: tuple[ev.MatterOpened, ...] = ()
    """Further criminal matters, from number 2."""
    honors: tuple[ev.RequestHonored, ...] = ()
    whereabouts: tuple[Whereabouts, ...] = ()
    """What was said of where the person is, as recorded."""
    joined: ev.CustodyJoined | None = None
    """The earlier card whose custody this one belongs to."""
    kept_apart: tuple[ev.CustodyKeptApart, ...] = ()
    warnings: tuple[ev.DueWarned, ...] = ()
    papers: tuple[ev.PaperMade, ...] = ()
    """Papers that were printed, in their order."""
    claims: tuple[Claim, ...] = ()
    incidents: tuple[Incident, ...] = ()
    statements: tuple[ev.FactStated, ...] = ()
    charge_statements: tuple[ev.ChargeStated, ...] = ()
    dispositions: tuple[ev.ChargeDisposed, ...] = ()
    conviction_statements: tuple[ev.ConvictionRecorded, ...] = ()
    strikes: tuple[ev.ConvictionStruck, ...] = ()
    steps: tuple[ev.ProceedingStep, ...] = ()
    outcomes: tuple[ev.OutcomeRecorded, ...] = ()
    costs: tuple[ev.CostRecorded, ...] = ()
    closed: ev.SubmissionClosed | None = None

    @property
    def determination(self) -> ev.StatusDetermined | None:
        """The latest answer of the center."""
        return self.determinations[-1] if self.determinations else None

    @property
    def decision(self) -> ev.DecisionRecorded | None:
        """The latest decision."""
        return self.decisions[-1] if self.decisions else None

    @property
    def overrides(self) -> tuple[ev.DecisionRecorded, ...]:
        """Decisions outside what was permitted, or against a duty: each named, so that they can be counted."""
        return tuple(d for d in self.decisions if d.override)

    @property
    def detainer(self) -> Detainer | None:
        """The request that stands, if any."""
        return next((d for d in reversed(self.detainers) if d.is_open), None)

    @property
    def left_at(self) -> datetime | None:
        """When the person left, as this card has it and without a return; the custody has the whole answer."""
        last = None
        for said in self.whereabouts:
            if isinstance(said, ev.PersonReturned | ev.PersonReceived):
                last = None
            elif isinstance(said, ev.CustodyAssumed) and not said.stays:
                last = said.at
            elif isinstance(said, ev.CustodyReleased) and said.custody == "LOCAL" and not said.guarded:
                last = None if said.how == "TRANSFERRED" else said.at
        return last

    @property
    def eligible(self) -> ev.ReleaseEligible | None:
        """The documented end of the booking that counts: the earliest one."""
        return min((m for m in self.moments if m.matter == 1), key=lambda m: m.at, default=None)

    @property
    def all_disposed_at(self) -> datetime | None:
        """When the last charge then known was disposed of without a conviction: a release moment is owed."""
        said = sorted((d for d in self.dispositions if d.stated_at is not None), key=lambda d: d.stated_at or _NEVER)
        for n, last in enumerate(said):
            known = {c.number for c in (self.submission.charges if self.submission else ())}
            known |= {
                c.charge.number for c in self.charge_statements if (c.stated_at or _NEVER) <= (last.stated_at or _NEVER)
            }
            ended = {d.number: d.disposition for d in said[: n + 1]}
            if known and known <= set(ended) and "convicted" not in ended.values():
                return max(d.at or d.stated_at or _NEVER for d in said[: n + 1])
        return None

    @property
    def outcome(self) -> ev.OutcomeRecorded | None:
        """How it ended, as last stated."""
        return self.outcomes[-1] if self.outcomes else None

    @property
    def open_claims(self) -> tuple[Claim, ...]:
        """Claims that nobody has answered."""
        return tuple(c for c in self.claims if c.is_open)

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        """Incidents that no named person has closed."""
        return tuple(i for i in self.incidents if i.is_open)

    @property
    def facts(self) -> dict[str, ev.FactStated]:
        """The statement that counts for each fact: the one made last."""
        return {s.name: s for s in self.statements}

    @property
    def charges(self) -> tuple[ev.Charge, ...]:
        """The arrest charges as now known, with their dispositions, by number."""
        known = {c.number: c for c in (self.submission.charges if self.submission else ())}
        known |= {s.charge.number: s.charge for s in self.charge_statements}
        for d in self.dispositions:
            if d.number in known:
                known[d.number] = msgspec.structs.replace(known[d.number], disposition=d.disposition, disposed_on=d.on)
        return tuple(known[n] for n in sorted(known))

    @property
    def convictions(self) -> tuple[ev.Conviction, ...]:
        """The convictions that stand, by date and id. A struck id never counts again: record it under a new one."""
        struck = {s.id for s in self.strikes}
        known = {c.conviction.id: c.conviction for c in self.conviction_statements}
        return tuple(sorted((c for i, c in known.items() if i not in struck), key=lambda c: (c.convicted_on, c.id)))
