"""The truth of a synthetic country: who was booked, where, and what became of them, drawn from a plan.

Everybody booked stands in one table of counts by quarter, agency, age band, class of charge, release, match and
completeness. Each metric is a sum over it, and so is each row of facts: arrays and facts cannot disagree.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.nation.plan import STATE, Agency, Effect, Plan, county_name

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]

METRICS = (
    "low-level-bookings", "released-without-charge", "matches-without-charge", "detainers-given-match",
    "incomplete-records",
)  # fmt: skip
"""The metrics that the country has a truth for."""
AGES = ("under 25", "25 to 39", "40 and over")
CLASSES = ("felony", "misdemeanor", "peace or traffic")
"""Gravest charge; the last are the low-level bookings."""
FELONY, LOW = 0, 2
CHARGED, FREED = 0, 1
UNMATCHED, MATCHED, DETAINED = 0, 1, 2
COMPLETE, LACKING = 0, 1
_AGE_LOW = (0.35, 0.0, -0.25)
_AGE_FREED = (0.15, 0.0, -0.10)
_CLASS_FREED = (-0.2, 0.0, 0.3)
_CLASS_DETAINED = (0.5, 0.0, 0.0)
"""How the logit of a share moves with age band and class of charge: what case mix has to be adjusted for."""
_FELONIES = 0.4
"""Share of felonies among bookings that are not low-level."""


class Nation(msgspec.Struct, frozen=True, kw_only=True):
    """A country and everything that is true of it."""

    plan: Plan
    agencies: tuple[Agency, ...]
    """County by county."""
    county: Whole
    """(agencies,): number of the county of each agency."""
    size: Real
    """(counties,): expected bookings in a quarter."""
    active_on: tuple[date | None, ...]
    """First day on which prints of a county are forwarded; nothing: not within these quarters."""
    effect: tuple[tuple[Effect, float] | None, ...]
    """What is planted in each county, and its size."""
    raised_low: Real
    """(quarters, agencies): by how much the share of low-level bookings is raised."""
    raised_freed: Real
    """(quarters, agencies): by how much the share released without charge is raised."""
    people: Whole
    """(quarters, agencies, 3 ages, 3 classes, charged or freed, unmatched or matched or detained, complete or
    lacking)."""

    def counts(self, metric: str) -> tuple[Whole, Whole, tuple[str, ...]]:
        """Numerators and denominators (quarters, agencies, strata), and the names of the strata.

        Raises:
            KeyError: when the country has no such metric.
        """
        p, matched = self.people, self.people[..., MATCHED:, :]
        if metric == "low-level-bookings":
            return p[:, :, :, LOW].sum(axis=(3, 4, 5)), p.sum(axis=(3, 4, 5, 6)), AGES
        if metric == "released-without-charge":
            return p[..., FREED, :, :].sum(axis=(2, 4, 5)), p.sum(axis=(2, 4, 5, 6)), CLASSES
        if metric == "matches-without-charge":
            return matched[..., FREED, :, :].sum(axis=(3, 4, 5)), matched.sum(axis=(3, 4, 5, 6)), AGES
        if metric == "detainers-given-match":
            found, cases = p[..., DETAINED, :].sum(axis=(2, 4, 5)), matched.sum(axis=(2, 4, 5, 6))
            return _felony_or_not(found), _felony_or_not(cases), ("no conviction", "no conviction, felony charge")
        if metric == "incomplete-records":
            every = (2, 3, 4, 5, 6)
            kinds = (p.sum(axis=every), matched.sum(axis=every), p[..., DETAINED, :].sum(axis=(2, 3, 4, 5)))
            lacking = p[..., LACKING].sum(axis=(2, 3, 4, 5))
            found = np.stack([lacking, np.zeros_like(lacking), np.zeros_like(lacking)], axis=-1)
            return found, np.stack(kinds, axis=-1), ("card", "decision", "detainer")
        raise KeyError(f"no metric {metric!r}; there are {', '.join(METRICS)}")

    def wrong(self, metric: str) -> Truth:
        """(quarters, agencies): where the metric is raised because of what was planted."""
        if metric == "low-level-bookings":
            return np.asarray(self.raised_low > 0)
        if metric == "released-without-charge":
            return np.asarray(self.raised_freed > 0)
        if (
            metric == "matches-without-charge"
        ):  # low-level bookings are let go more often, so more of them is more of these
            return np.asarray((self.raised_freed > 0) | (self.raised_low > 0))
        return np.zeros(self.raised_low.shape, dtype=bool)


def draw(plan: Plan) -> Nation:
    """Draw a country: the same plan gives the same country."""
    rng = np.random.default_rng([plan.seed, plan.counties, plan.quarters])
    size = np.minimum(plan.median * np.exp(plan.spread * rng.standard_normal(plan.counties)), plan.largest)
    size = np.maximum(size, 4.0)
    agencies, county, part = _agencies(rng, size)
    active_on = _activations(rng, plan)
    effect, target = _planted(rng, plan, county)
    raised_low, raised_freed = _raised(plan, county, effect, target, active_on)
    volume, forwarded = size[county] * part, _forwarded(plan, active_on)[:, county]
    people = _people(rng, plan, (county, volume), forwarded, (raised_low, raised_freed))
    return Nation(
        plan=plan, agencies=agencies, county=county, size=size, active_on=active_on, effect=effect,
        raised_low=raised_low, raised_freed=raised_freed, people=people,
    )  # fmt: skip


def _agencies(rng: np.random.Generator, size: Real) -> tuple[tuple[Agency, ...], Whole, Real]:
    """Booking agencies: the sheriff, and in larger counties the police of towns; each one's part of the bookings."""
    agencies: list[Agency] = []
    county: list[int] = []
    part: list[float] = []
    for number, booked in enumerate(size):
        many = 1 + min(5, int(rng.poisson(max(0.0, np.log2(booked / 60.0)) * 0.6)))
        shares = np.sort(rng.dirichlet(np.r_[4.0, np.ones(many - 1) * 1.5]))[::-1]
        for which, one in enumerate(shares):
            agencies.append(
                Agency(f"99{number + 1:03d}", STATE, county_name(number), f"{STATE}{number + 1:03d}{which:02d}00")
            )
            county.append(number)
            part.append(float(one))
    return tuple(agencies), np.array(county, dtype=np.int64), np.array(part)


def _activations(rng: np.random.Generator, plan: Plan) -> tuple[date | None, ...]:
    """Days spread evenly over the rollout; those after the last quarter never come."""
    since, until = plan.rollout or (plan.quarters // 4, plan.quarters + plan.quarters // 5)
    first, last, end = (plan.first_day(q) for q in (since, until, plan.quarters))
    drawn = [first + timedelta(days=int(d)) for d in rng.integers(0, max((last - first).days, 1), plan.counties)]
    return tuple(day if day < end else None for day in drawn)


def _forwarded(plan: Plan, active_on: tuple[date | None, ...]) -> Real:
    """(quarters, counties): part of each quarter in which prints are forwarded."""
    found = np.zeros((plan.quarters, len(active_on)))
    for quarter in range(plan.quarters):
        first, end = plan.first_day(quarter), plan.first_day(quarter + 1)
        for number, day in enumerate(active_on):
            if day is not None:
                found[quarter, number] = min(max((end - day).days / (end - first).days, 0.0), 1.0)
    return found


def _planted(
    rng: np.random.Generator, plan: Plan, county: Whole
) -> tuple[tuple[tuple[Effect, float] | None, ...], Truth]:
    """What each county has, and which agencies do it: all of the county, or one of several."""
    effect: list[tuple[Effect, float] | None] = [None] * plan.counties
    target = np.zeros(len(county), dtype=bool)
    several = np.bincount(county, minlength=plan.counties) > 1
    free = list(rng.permutation(plan.counties))
    for planted in plan.effects:
        for turn in range(round(planted.share * plan.counties)):
            fitting = [c for c in free if several[c]] if planted.kind == "agency" else []
            chosen = int((fitting or free)[0])
            free.remove(chosen)
            effect[chosen] = (planted, planted.sizes[turn % len(planted.sizes)])
            own = np.flatnonzero(county == chosen)
            target[own if planted.kind != "agency" else rng.choice(own, 1)] = True
    return tuple(effect), target


def _raised(
    plan: Plan, county: Whole, effect: tuple[tuple[Effect, float] | None, ...], target: Truth,
    active_on: tuple[date | None, ...],
) -> tuple[Real, Real]:  # fmt: skip
    low, freed = np.zeros((plan.quarters, len(county))), np.zeros((plan.quarters, len(county)))
    for agency, number in enumerate(county):
        found = effect[number]
        if found is None or not target[agency]:
            continue
        planted, size = found
        since = begins(plan, planted, active_on[number])
        if planted.kind == "victims":
            freed[since:, agency] = size
        else:
            low[since:, agency] = size
            freed[since:, agency] = 0.0 if planted.kind == "change" else size / 2
    return low, freed


def begins(plan: Plan, effect: Effect, active_on: date | None) -> int:
    """Number of the quarter in which an effect begins in a county; the number of quarters where it never does."""
    if effect.kind != "change":
        return effect.begins
    if active_on is None:
        return plan.quarters
    return next((q for q in range(plan.quarters) if plan.first_day(q) > active_on), plan.quarters)


def _people(
    rng: np.random.Generator, plan: Plan, agencies: tuple[Whole, Real], forwarded: Real, raised: tuple[Real, Real]
) -> Whole:
    """Split bookings again and again: each split is a binomial draw in every cell at once."""
    (county, volume), (raised_low, raised_freed) = agencies, raised
    shape = (plan.quarters, len(county))
    season = 1 + 0.06 * np.sin(np.arange(plan.quarters) * np.pi / 2 + 0.5) + 0.02 * rng.standard_normal(plan.quarters)
    young = rng.dirichlet((30, 35, 35), plan.counties)[county]
    booked = rng.poisson(season[:, None, None] * volume[None, :, None] * young[None])

    def logit(share: float) -> Real:
        """(quarters, agencies): of the country, the county, the agency, the quarter of all, the quarter of one."""
        base = np.log(share / (1 - share)) + np.zeros(shape)
        base += plan.between * rng.standard_normal(plan.counties)[county]
        base += plan.within * rng.standard_normal(len(county))
        base += plan.noise * rng.standard_normal(shape)
        return np.asarray(base + 0.05 * rng.standard_normal(plan.quarters)[:, None])

    low_share = _share(logit(plan.low_level)[..., None] + np.array(_AGE_LOW))
    low = _split(rng, booked, np.minimum(low_share + raised_low[..., None], 0.98))
    graver = _split(rng, low[..., 0], np.full(booked.shape, _FELONIES))
    by_class = np.stack([graver[..., 1], graver[..., 0], low[..., 1]], axis=-1)
    freed_logit = logit(plan.released)[..., None, None] + np.array(_AGE_FREED)[:, None] + np.array(_CLASS_FREED)
    by_release = _split(rng, by_class, np.minimum(_share(freed_logit) + raised_freed[..., None, None], 0.98))
    match_share = _share(logit(plan.matched)) * forwarded
    matched = _split(rng, by_release, _wide(match_share, 3))
    detained_share = _share(logit(plan.detained)[..., None] + np.array(_CLASS_DETAINED))
    detained = _split(rng, matched[..., 1], detained_share[:, :, None, :, None])
    outcome = np.stack([matched[..., 0], detained[..., 0], detained[..., 1]], axis=-1)
    return _split(rng, outcome, _wide(_share(logit(plan.incomplete)), 4))


def _felony_or_not(by_class: Whole) -> Whole:
    """(..., 2): everything else, and felonies."""
    return np.stack([by_class[..., FELONY + 1 :].sum(axis=-1), by_class[..., FELONY]], axis=-1)


def _split(rng: np.random.Generator, count: Whole, share: Real) -> Whole:
    """Another axis at the end: those without, and those with."""
    having = rng.binomial(count, np.broadcast_to(share, count.shape))
    return np.stack([count - having, having], axis=-1)


def _share(logit: Real) -> Real:
    return np.asarray(1 / (1 + np.exp(-logit)))


def _wide(values: Real, axes: int) -> Real:
    return values.reshape(*values.shape, *(1,) * axes)
