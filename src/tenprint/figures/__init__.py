"""Figures that answer for themselves: definitions as files, computed on two clocks, compared, published with receipts.

Knows facts only: not the ledger, not the cases, not the web.
"""

from __future__ import annotations

from tenprint.figures.compute import Figure, compute
from tenprint.figures.definitions import Definition, all_definitions, find
from tenprint.figures.difference import Difference, difference
from tenprint.figures.errors import FiguresError, TwoOriginsError
from tenprint.figures.series import Series, series

__all__ = [
    "Definition",
    "Difference",
    "Figure",
    "FiguresError",
    "Series",
    "TwoOriginsError",
    "all_definitions",
    "compute",
    "difference",
    "find",
    "series",
]
