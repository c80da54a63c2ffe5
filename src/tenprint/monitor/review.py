"""What a quarterly review says: plain data, the one thing that reports, commands and cases read.

Shares are fractions of one (0..1), not percent; moments are UTC. Nothing here computes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

Test = Literal["funnel", "change"]
"""``funnel``: one place against its peers in a quarter; ``change``: a place after activation against before,
and against places that were not active yet."""


class Unit(msgspec.Struct, frozen=True, order=True):
    """A county, or one booking agency of a county."""

    jurisdiction: str
    """County FIPS code."""
    state: str = ""
    county: str = ""
    ori: str = ""
    """Booking agency; empty: the county as a whole."""


class Interval(msgspec.Struct, frozen=True):
    """From ``low`` to ``high``, both included."""

    low: float
    high: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of one unit in one quarter, or in the quarters up to it that the rule adds up."""

    unit: Unit
    numerator: int
    denominator: int
    expected: float
    """What the numerator would be if each stratum of this unit's cases went as it goes everywhere."""
    ratio: float | None
    """Numerator over expected; nothing when nothing is expected."""
    adjusted: float | None
    """Share adjusted for case mix: ratio times the overall share."""
    limits_95: Interval
    """Exact limits of the adjusted share at this volume, before overdispersion, 95 %."""
    limits_998: Interval
    """The same, 99.8 %."""
    wide_95: Interval
    """Limits that allow for overdispersion, 95 %."""
    wide_998: Interval
    """The same, 99.8 %."""
    shrunken: float | None
    """Empirical-Bayes estimate of the adjusted share: moved to the overall share as far as its volume asks for."""
    shrunken_90: Interval | None
    """Its 90 % interval."""
    rank_90: tuple[int, int] | None
    """Between which ranks the unit lies (1: highest), 90 %."""
    p: float | None
    """Two-sided, allowing for overdispersion; nothing when the unit was too small to be tested."""
    q: float | None
    """After control of the false discovery rate over all units and metrics of the quarter."""
    smallest_effect: float | None
    """The smallest difference of the adjusted share (upwards) that would have been flagged with the rule's power;
    nothing when none could have been seen."""
    flagged: bool
    why_not: str = ""
    """Why the unit was not tested: too few cases, no expected value."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of one county before and after activation, against counties not active yet."""

    unit: Unit
    active_on: str
    before: tuple[int, int]
    """Numerator and denominator of the quarters before, as far as the rule looks back."""
    after: tuple[int, int]
    """Numerator and denominator since, up to the quarter reviewed."""
    peers_before: tuple[int, int]
    peers_after: tuple[int, int]
    """The same of all counties not active in all these quarters."""
    difference: float | None
    """(after - before) - (peers after - peers before), in shares adjusted for case mix; nothing without peers or
    cases."""
    difference_90: Interval | None
    p: float | None
    q: float | None
    smallest_effect: float | None
    flagged: bool
    why_not: str = ""


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """A denominator that is an estimate, with its margin."""

    jurisdiction: str
    what: str
    """Such as ``non-citizens (American Community Survey, 5 years)``."""
    year: int
    estimate: int
    margin: int | None
    """Half of the 90 % interval, as the Census Bureau prints it."""


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the flags of a county: it flags nothing itself."""

    jurisdiction: str
    what: str
    """``complaints received``, ``claims by victims``, ``claims by witnesses``, ``911 calls`` ..."""
    value: int | None
    """Nothing: not known, which is not the same as none."""
    source: str


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One metric over all units of a quarter."""

    name: str
    definition: str
    """``name@hash`` of the definition."""
    title: str
    population: str
    """What is counted, in words."""
    share: float | None
    """Over all units."""
    overdispersion: float
    """How much more counties differ than chance: variance factor, 1 or more."""
    between: float
    """Standard deviation between units beyond chance, on the scale of the ratio."""
    readings: tuple[Reading, ...]
    agencies: tuple[Reading, ...]
    """The same for single booking agencies: one agency may be unlike its county."""
    changes: tuple[Change, ...]
    receipt: dict[str, Any]
    """Of the figure that the counts come from."""
    quarters: int = 1
    """How many quarters the readings add up, the last being the one reviewed: what is rare needs more."""


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody must answer for in writing."""

    id: str
    """``2011Q2/<metric>/<test>/<jurisdiction>[/<ori>]``."""
    quarter: str
    metric: str
    test: Test
    unit: Unit
    direction: Literal["high", "low"]
    observed: float
    expected: float
    q: float
    statement: str
    """One sentence for people: what was seen, against what, how sure, what it is not."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A quarterly review."""

    quarter: str
    """``2011Q2``: calendar quarter."""
    as_of: datetime
    origin: str
    rule: str
    """``name@hash`` of the rule."""
    rule_text: str
    """The rule file, whole: whoever reads the review reads the rule."""
    registered_at: datetime | None
    """When the rule was registered on a ledger; nothing: it was not, and the report says so."""
    false_discovery_rate: float
    """Level over all units, quarters and metrics."""
    power: float
    tests: int
    """How many were made in this quarter."""
    level: float = 0.0
    """Share of the level that this quarter may use: q-values are compared with it, not with the whole."""
    cut: float = 0.0
    """Largest p-value that is flagged, or, without a flag, what the first would have needed: the smallest effects
    belong to it."""
    expected_false: float
    """Level of the quarter times number of flags: what the rule's average would make of so many."""
    metrics: tuple[Metric, ...]
    flags: tuple[Flag, ...]
    populations: tuple[Population, ...]
    beside: tuple[Beside, ...]
    notes: tuple[str, ...]
    """Limits that readers must know, such as that the historical method was never found."""
