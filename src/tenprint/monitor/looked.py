"""The tests of one metric in one quarter, before false discoveries are controlled."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.monitor.change import Changed
from tenprint.monitor.counts import Counts
from tenprint.monitor.funnel import Tested
from tenprint.monitor.rule import MetricRule

Real = NDArray[np.float64]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """All tests of one metric, before false discoveries are controlled."""

    rule: MetricRule
    counts: Counts
    counties: Tested
    agencies: Tested | None
    changes: list[Changed]

    def p_values(self) -> Iterator[Real]:
        """Of counties, of agencies, of changes by group."""
        if "funnel" in self.rule.tests:
            yield self.counties.p
            if self.agencies is not None:
                yield self.agencies.p
        for group in self.changes:
            yield group.result.p[group.at]
