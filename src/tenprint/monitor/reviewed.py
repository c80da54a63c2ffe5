"""From counts to flags: the pure heart of a review, the same for facts and for simulated counties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from tenprint.monitor.counts import Counts
from tenprint.monitor.review import Flag, Metric
from tenprint.monitor.rule import Rule


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
        detail: Whether limits, shrunken rates, ranks and smallest effects are wanted too. Flags, p and q are the same
            without: a study of many simulated quarters leaves them out and is about five times faster.

    Raises:
        MonitorError: when the quarter lies outside of the rule's sequence.
    """
    raise NotImplementedError
