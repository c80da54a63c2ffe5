"""Change after activation: a county against its own past, and against counties not active in all these quarters.

Difference in differences of shares, each period adjusted for case mix by what the inactive counties show in it. The
test predicts the county's count since activation: its own past share, as sure as its volume makes it, moved as the
inactive counties moved; how far counties stray from such predictions without any activation is measured on the inactive
counties over the same quarters, so seasons, drift and overdispersion between counties and quarters are in it. The tail
of the prediction is exact. The quarter of activation belongs to neither side unless it was active from its first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from tenprint.monitor import quarters
from tenprint.monitor.counts import Counts, Window
from tenprint.monitor.dispersion import Dispersion, dispersion, freedom, laws
from tenprint.monitor.funnel import Tested, compared, tested
from tenprint.monitor.rule import ChangeRule

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The test of one group of counties: those activated in the same quarter."""

    at: Whole
    """Which rows of ``result`` are the counties of the group."""
    result: Tested
    """Counts since activation against the prediction."""
    before: Window
    after: Window
    peers: NDArray[np.bool_]
    """(units,): not active in all these quarters."""
    difference: Real
    """(units,): not a number without cases on both sides or without peers."""
    deviation: Real
    """(units,): its standard deviation."""


def changes(
    counts: Counts, quarter: int, rule: ChangeRule, activations: Mapping[str, date], *, smoothing: float, level: float
) -> list[Changed]:
    """Test every county that the rule asks about, by quarter of activation.

    Args:
        counts: Of one metric, over all quarters.
        quarter: Number of the quarter reviewed.
        rule: How far to look back, how many cases and peers are wanted.
        activations: First active day by county.
        smoothing: See ``mix.standard``.
        level: Share of the level of this quarter.
    """
    names = counts.window(quarter, quarter).units
    since = np.array([_since(activations.get(u.jurisdiction)) for u in names], dtype=float)
    peers = since >= quarter + 1  # not active on any day up to the end of the quarter reviewed
    groups = []
    for start in np.unique(since[since <= quarter]).tolist():
        first = int(np.ceil(start))  # first quarter that was active from its first day
        if first > quarter or quarter - int(start) > rule.after:
            continue
        before = counts.window(int(start) - rule.before, int(start) - 1)
        after = counts.window(first, quarter)
        at = np.flatnonzero(since == start)
        groups.append(_group(before, after, peers, at, rule, smoothing=smoothing, level=level))
    return groups


def _since(active_on: date | None) -> float:
    """Quarter of activation; half a quarter later when it was not the quarter's first day; infinite: never."""
    if active_on is None:
        return np.inf
    which = quarters.of(active_on)
    return which if quarters.first_day(which) == active_on else which + 0.5


def _group(
    before: Window, after: Window, peers: NDArray[np.bool_], at: Whole, rule: ChangeRule, *, smoothing: float,
    level: float,
) -> Changed:  # fmt: skip
    then, now = compared(before, smoothing, peers), compared(after, smoothing, peers)
    weight = 1 / np.maximum(np.minimum(then.differ.spread + then.unsure, 0.99), 1e-9) - 1
    own = (weight * then.mean + before.found) / (weight + before.cases)
    moved = special.expit(_logit(own) + _logit(now.mean) - _logit(then.mean))
    unsure = 1 / (weight + before.cases + 1) + now.unsure + then.unsure
    both = peers & (before.cases > 0) & (after.cases > 0)
    stray = dispersion(after.found[both], after.cases[both], moved[both], unsure[both])
    drawn = laws(moved, stray, unsure)
    reasons = _why_not(before.cases, after.cases, at, rule, enough=int(both.sum()) >= rule.peers)
    result = tested(after, drawn, freedom(after.cases, drawn.spread, stray.error), stray, reasons, level=level)
    difference = (_share(after) - now.mean) - (_share(before) - then.mean)
    difference[~((before.cases > 0) & (after.cases > 0) & both.any())] = np.nan
    return Changed(
        at=at, result=result, before=before, after=after, peers=peers, difference=difference,
        deviation=_deviation(before, after, moved, stray, now.unsure + then.unsure),
    )  # fmt: skip


def _why_not(before: Whole, after: Whole, at: Whole, rule: ChangeRule, *, enough: bool) -> list[str]:
    reasons = ["not of this group"] * len(before)
    for i in at.tolist():
        few = min(before[i], after[i]) < rule.minimum
        reasons[i] = (
            f"too few cases: {before[i]} before and {after[i]} after, the rule asks for {rule.minimum} each"
            if few
            else ""
            if enough
            else f"fewer than {rule.peers} counties with cases were still inactive"
        )
    return reasons


def _deviation(before: Window, after: Window, mean: Real, stray: Dispersion, unsure: Real) -> Real:
    """Standard deviation of the difference: chance on both sides, how counties stray, what the peers do not know."""
    chance = np.zeros(len(mean))
    for side in (before, after):
        share = (side.found + 0.5) / (side.cases + 1)
        chance += share * (1 - share) / np.maximum(side.cases, 1)
    return np.asarray(np.sqrt(chance + mean * (1 - mean) * (stray.spread + unsure)))


def interval(changed: Changed, inside: float = 0.9) -> tuple[Real, Real]:
    """(units,) lower and upper bound of each difference."""
    reach = stats.t.isf((1 - inside) / 2, np.maximum(changed.result.free, 1)) * changed.deviation
    return changed.difference - reach, changed.difference + reach


def _share(window: Window) -> Real:
    return np.asarray(window.found / np.maximum(window.cases, 1))


def _logit(share: Real) -> Real:
    return np.asarray(special.logit(np.clip(share, 1e-9, 1 - 1e-9)))
