"""What is known of one case, as one frozen value. ``evolve`` computes it from the case's events."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from tenprint.cases.card import events as ev
from tenprint.cases.card.events import Value

DetainerState = Literal[
    "ISSUED", "WITHDRAWN", "CANCELLED", "DECLINED", "SUPERSEDED", "CUSTODY_ASSUMED", "EXPIRED", "ENDED"
]


class Detainer(Value, frozen=True):
    """One form of the I-247 family and where it stands."""

    number: int
    issued: ev.DetainerIssued
    state: DetainerState = "ISSUED"
    acknowledged: bool = False
    served_at: datetime | None = None
    language: str = ""
    withdrawn_for: int | None = None
    """Number of the claim that withdrew it."""
    reason: str = ""

    @property
    def form(self) -> str:
        """The form's version, such as ``I-247 (12/12)``."""
        return self.issued.form

    @property
    def is_open(self) -> bool:
        """Whether the request still stands."""
        return self.state == "ISSUED"


class Hold(Value, frozen=True):
    """Time past the moment at which the person would have left."""

    number: int
    started: ev.HoldStarted
    alarms: tuple[int, ...] = ()
    notice: ev.ReleaseNoticeSent | None = None
    ended: ev.HoldEnded | None = None

    @property
    def is_open(self) -> bool:
        """Whether the jail still has authority to hold."""
        return self.ended is None


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
    eligible: ev.ReleaseEligible | None = None
    """The release moment that counts now; nothing while a criminal matter holds the person."""
    holds: tuple[Hold, ...] = ()
    claims: tuple[Claim, ...] = ()
    incidents: tuple[Incident, ...] = ()
    custody: tuple[ev.CustodyAssumed | ev.CustodyReleased, ...] = ()
    left_at: datetime | None = None
    """When the person left the jail, to freedom or to federal custody; nothing when nobody recorded it."""
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
    def hold(self) -> Hold | None:
        """The hold that runs, if any."""
        return next((h for h in reversed(self.holds) if h.is_open), None)

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
