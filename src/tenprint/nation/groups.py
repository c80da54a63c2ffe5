"""Two made-up groups of the synthetic country, "A" and "B", and how they are searched.

A table for the outcome and threshold tests, apart from facts, in which groups have no place. Each person carries a
signal: the chance that a search finds something. Who is above the bar of their group is searched. The truth of the bars
is known, which is the point. Model of signals: Simoiu, Corbett-Davies and Goel (2017).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np

from tenprint.nation.draw import Nation


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one group in one county, and the bar by which it was searched."""

    unit: str
    """FIPS code of the county."""
    group: str
    cases: int
    acted_on: int
    confirmed: int
    bar: float
    """The chance from which on people of the group are searched: the truth, not for the test."""


def groups(nation: Nation, *, bars: tuple[float, float] = (0.15, 0.15), share_b: float = 0.3) -> tuple[Group, ...]:
    """Searches of everybody booked, by county and group.

    Args:
        nation: Whose bookings.
        bars: For A and for B; a lower bar for B is what the threshold test has to find.
        share_b: Share of B among those booked, in the middle of the counties.
    """
    rng = np.random.default_rng([nation.plan.seed, 41])
    booked = nation.people.sum(axis=(0, 2, 3, 4, 5, 6))
    made = []
    for number in range(nation.plan.counties):
        own = nation.county == number
        cases, name = int(booked[own].sum()), nation.agencies[int(np.flatnonzero(own)[0])].jurisdiction
        of_b = int(rng.binomial(cases, rng.beta(20 * share_b, 20 * (1 - share_b))))
        place = 0.05 * np.exp(0.25 * rng.standard_normal())
        for group, many, bar, mean in (("A", cases - of_b, bars[0], place), ("B", of_b, bars[1], place * 1.1)):
            signal = rng.beta(8 * mean, 8 * (1 - mean), many)
            searched = signal[signal >= bar]
            found = int(rng.binomial(1, searched).sum())
            made.append(
                Group(unit=name, group=group, cases=many, acted_on=len(searched), confirmed=found, bar=float(bar))
            )
    return tuple(made)


def write_groups(file: Path, rows: Iterable[Group]) -> Path:
    """Write the table as the outcome and threshold tests read it; the bars stay out of it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["unit", "group", "cases", "acted_on", "confirmed"])
        writer.writerows([r.unit, r.group, r.cases, r.acted_on, r.confirmed] for r in rows)
    return file
