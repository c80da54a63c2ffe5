"""The funnel: one unit against its peers in a quarter, with exact limits and differences between units allowed for."""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.monitor.counts import Window
from tenprint.monitor.dispersion import Dispersion, dispersion, freedom, laws, narrowed, spread_between, widened
from tenprint.monitor.mix import standard
from tenprint.monitor.review import Unit
from tenprint.monitor.tails import Laws, cautious, most_extreme, quantiles, two_sided

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """One test on many units: what was seen, what was expected, how sure."""

    units: tuple[Unit, ...]
    found: Whole
    """(units,)."""
    cases: Whole
    """(units,)."""
    laws: Laws
    """(units,): what is expected of each, and how far it may stray: differences between units, and what the
    expectation itself does not know."""
    free: Real
    """(units,): degrees of freedom of that variance."""
    p: Real
    """(units,): two-sided; not a number where the unit was not tested."""
    why_not: tuple[str, ...]
    """Empty where it was."""
    dispersion: Dispersion


def funnel(
    window: Window, *, minimum: int, peers: int, smoothing: float, level: float,
    left_out: NDArray[np.bool_] | None = None,
) -> Tested:  # fmt: skip
    """Test each unit of a window against all others.

    Args:
        window: Counts by unit and stratum.
        minimum: Cases below which a unit is not tested.
        peers: Units with cases below which nothing is tested.
        smoothing: See ``mix.standard``.
        level: Share of the level of this quarter: units that could never reach it are not tested.
        left_out: (units,) agencies whose county is tested in their stead.
    """
    cases, peer = window.cases, compared(window, smoothing)
    drawn = laws(peer.mean, peer.differ, peer.unsure)
    free = freedom(cases, drawn.spread, peer.differ.error)
    reasons = why_not(cases, minimum, enough=int((cases > 0).sum()) >= peers, known=peer.known)
    if left_out is not None:
        alone = "the only agency of its county with cases: see the county"
        reasons = [alone if out and not why else why for why, out in zip(reasons, left_out.tolist(), strict=True)]
    return tested(window, drawn, free, peer.differ, reasons, level=level)


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What peers say of each unit of a window."""

    mean: Real
    """(units,): expected share."""
    unsure: Real
    """(units,): what the peers themselves do not know, as an intraclass correlation."""
    known: NDArray[np.bool_]
    """(units,): whether there are peers with cases at all."""
    differ: Dispersion


def compared(window: Window, smoothing: float, peers: NDArray[np.bool_] | None = None) -> Compared:
    """Expected shares, and how much units differ: each depends on the other, so both are refined in turn.

    Args:
        window: Counts by unit and stratum.
        smoothing: See ``mix.standard``.
        peers: (units,) whom to learn from; all when left out.
    """
    found, cases = window.found, window.cases
    learnt = cases > 0 if peers is None else peers & (cases > 0)
    spread = 0.0
    for _ in range(3):
        expected = standard(window, smoothing, spread, peers)
        unsure = np.divide(1.0, expected.rests_on, out=np.ones(len(cases)), where=expected.rests_on > 1)
        known = found[learnt], cases[learnt], expected.share[learnt], unsure[learnt]
        spread, _ = spread_between(*known)
    differ = dispersion(*known)
    return Compared(mean=expected.share, unsure=unsure, known=expected.rests_on > 0, differ=differ)


def why_not(cases: Whole, minimum: int, *, enough: bool, known: NDArray[np.bool_]) -> list[str]:
    """Why each unit cannot be tested; empty where it can."""
    reasons = []
    for n, comparable in zip(cases.tolist(), known.tolist(), strict=True):
        if n == 0:
            reasons.append("no cases")
        elif not comparable:
            reasons.append("no expected value: nobody else has cases")
        elif n < minimum:
            reasons.append(f"too few cases: {n}, the rule asks for {minimum}")
        else:
            reasons.append("" if enough else "too few other places with cases to compare with")
    return reasons


def tested(window: Window, drawn: Laws, free: Real, differ: Dispersion, reasons: list[str], *, level: float) -> Tested:
    """Exact p-values of the units that can be tested, and could tell anything."""
    found, cases = window.found, window.cases
    p = np.full(len(cases), np.nan)
    at = np.flatnonzero([not r for r in reasons])
    if len(at):
        best = widened(np.minimum(1.0, 2 * most_extreme(cases[at], drawn.mean[at], drawn.spread[at])), free[at])
        for i in at[best > level]:
            reasons[i] = f"too few cases: even none or all of {cases[i]} could not be told from chance"
        at = at[best <= level]
        p[at] = widened(two_sided(found[at], cases[at], drawn.of(at)), free[at])
    return Tested(
        units=window.units, found=found, cases=cases, laws=drawn, free=free, p=p, why_not=tuple(reasons),
        dispersion=differ,
    )  # fmt: skip


def limits(result: Tested, inside: float, *, wide: bool) -> tuple[Whole, Whole]:
    """(units,) smallest and largest count inside of the limits.

    Args:
        result: A test.
        inside: Probability inside, at least: 0.95 or 0.998.
        wide: Whether they allow for overdispersion.
    """
    if wide:
        return cautious(result.cases, result.laws, narrowed(1 - inside, result.free) / 2)
    outside = np.full(len(result.cases), (1 - inside) / 2)
    return quantiles(result.cases, result.laws.mean, np.zeros(len(result.cases)), outside, outside)


def only_one(units: tuple[Unit, ...], cases: Whole) -> NDArray[np.bool_]:
    """(units,) whether an agency is the only one of its county that has cases: the county's test is its test."""
    has = Counter(u.jurisdiction for u, n in zip(units, cases.tolist(), strict=True) if n)
    return np.array([has[u.jurisdiction] == 1 for u in units], dtype=bool)
