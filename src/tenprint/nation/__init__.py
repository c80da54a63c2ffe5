"""A synthetic country written into facts: counties with known truths, to measure what a review sees and misses.

Two outputs of one truth: arrays of counts (`Nation.counts`) for hundreds of runs, and a folder of facts (`write`) from
which definitions count the same numbers. Group labels exist only in a table of their own (`groups`), never in facts.
"""

from __future__ import annotations

from tenprint.nation.draw import METRICS, Nation, draw
from tenprint.nation.groups import Group, groups, write_groups
from tenprint.nation.people import ORIGIN, write
from tenprint.nation.plan import Agency, Effect, Kind, NationError, Plan

__all__ = [
    "METRICS", "ORIGIN", "Agency", "Effect", "Group", "Kind", "Nation", "NationError", "Plan", "draw", "groups",
    "write", "write_groups",
]  # fmt: skip
