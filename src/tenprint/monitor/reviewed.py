"""From counts to flags: the pure heart of a review, the same for facts and for simulated counties."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.monitor import quarters, telling
from tenprint.monitor.change import changes
from tenprint.monitor.counts import Counts
from tenprint.monitor.discovery import discoveries
from tenprint.monitor.funnel import funnel, only_one
from tenprint.monitor.looked import Looked
from tenprint.monitor.review import Flag, Metric
from tenprint.monitor.rule import MetricRule, Rule

Real = NDArray[np.float64]


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """What the counts of a quarter say."""

    metrics: tuple[Metric, ...]
    flags: tuple[Flag, ...]
    tests: int
    """How many were made."""
    level: float
    """Share of the rule's level that this quarter may use."""
    cut: float
    """Largest p-value that is flagged, or would have been as the first."""


def reviewed(
    counts: Sequence[Counts], quarter: str, rule: Rule, activations: Mapping[str, date], *, detail: bool = True
) -> Reviewed:
    """Make every test of the rule on one quarter.

    Args:
        counts: One for each metric of the rule (metrics without counts are left out). They hold the quarter, the
            quarters before it as far as the rule looks back, and may hold more: later quarters are not looked at.
        quarter: Such as ``2011Q2``.
        rule: The registered rule.
        activations: First active day of each county (FIPS code); a county that is not named is not active.
        detail: Whether metrics with readings, limits, shrunken rates, ranks and smallest effects are wanted too. Flags
            are the same without; a study of many simulated quarters leaves them out (``metrics`` is then empty).

    Raises:
        MonitorError: when the quarter lies outside of the rule's sequence.
    """
    which = quarters.number(quarter)
    level = rule.level_of(which)
    given = {c.metric: c for c in counts}
    looked = [look(given[m.name], which, m, rule, activations) for m in rule.metric if m.name in given]
    parts = [p for one in looked for p in one.p_values()]
    found = discoveries(np.concatenate(parts) if parts else np.empty(0), level)
    q_values = iter(np.split(found.q, np.cumsum([len(p) for p in parts])[:-1]))
    metrics: list[Metric] = []
    flags: list[Flag] = []
    for one in looked:
        seen = telling.Telling(one, quarter, level, found.cut, rule.power)
        seen.take([next(q_values) for _ in one.p_values()])
        flags += seen.flags(activations)
        if detail:
            metrics.append(seen.metric(activations))
    return Reviewed(metrics=tuple(metrics), flags=tuple(flags), tests=found.tests, level=level, cut=found.cut)


def look(counts: Counts, quarter: int, metric: MetricRule, rule: Rule, activations: Mapping[str, date]) -> Looked:
    """Make every test of one metric.

    Args:
        counts: Of the metric.
        quarter: Number of the quarter reviewed.
        metric: How the metric is looked at.
        rule: The whole rule.
        activations: First active day by county.
    """
    level = rule.level_of(quarter)
    first = quarter - metric.quarters + 1
    against = functools.partial(
        funnel, minimum=rule.funnel.minimum, peers=rule.funnel.peers, smoothing=metric.smoothing, level=level
    )
    counties = against(counts.window(first, quarter))
    agencies = None
    if metric.agencies and any(u.ori for u in counts.units):
        window = counts.window(first, quarter, by_agency=True)
        agencies = against(window, left_out=only_one(window.units, window.cases))
    changed = []
    if "change" in metric.tests:
        changed = changes(counts, quarter, rule.change, activations, smoothing=metric.smoothing, level=level)
    return Looked(rule=metric, counts=counts, counties=counties, agencies=agencies, changes=changed)
