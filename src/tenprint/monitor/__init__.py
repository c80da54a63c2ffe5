"""The quarterly review: is one place unlike its peers, did bookings change after activation, and could we have seen it.

Reads facts through definitions; knows nothing of ledger, cases or web. What it finds it flags, with the rule that was
registered before; what becomes of a flag is a case that people answer for (`tenprint.cases.finding`).

`run` reviews a quarter of facts; `reviewed` does the same from counts alone, for simulated counties.
"""

from __future__ import annotations

from tenprint.monitor.counts import Counts, from_arrays
from tenprint.monitor.errors import MonitorError
from tenprint.monitor.review import Beside, Change, Flag, Metric, Population, Reading, Review, Unit
from tenprint.monitor.reviewed import Reviewed, reviewed
from tenprint.monitor.rule import Rule, find_rule, rule_for
from tenprint.monitor.run import run

__all__ = [
    "Beside",
    "Change",
    "Counts",
    "Flag",
    "Metric",
    "MonitorError",
    "Population",
    "Reading",
    "Review",
    "Reviewed",
    "Rule",
    "Unit",
    "find_rule",
    "from_arrays",
    "reviewed",
    "rule_for",
    "run",
]
