"""Figures that answer for themselves: definitions as files, computed on two clocks, compared, published with receipts.

Knows facts only: not the ledger, not the cases, not the web.
"""

from __future__ import annotations

from tenprint.figures.compute import Figure, answerable, compute
from tenprint.figures.definitions import Definition, all_definitions, find
from tenprint.figures.difference import Difference, difference
from tenprint.figures.errors import FiguresError, TwoOriginsError
from tenprint.figures.panel import Panel, panel
from tenprint.figures.series import Series, series

__all__ = [
    "Definition",
    "Difference",
    "Figure",
    "FiguresError",
    "Panel",
    "Series",
    "TwoOriginsError",
    "all_definitions",
    "answerable",
    "compute",
    "difference",
    "find",
    "panel",
    "series",
]
