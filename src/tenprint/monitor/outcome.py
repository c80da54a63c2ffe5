"""The outcome test: of those acted upon, in whom was it confirmed, group by group.

Counts by unit and group come from a user's own table, where people said themselves to which group they belong, or from
the synthetic nation. Nothing here guesses a group, and a table whose labels nobody vouches for is refused.

Sources: Becker, *The Economics of Discrimination* (1957), for the test; Ayres, *Outcome Tests of Racial Disparities in
Police Practices*, Justice Research and Policy 4 (2002), and Simoiu, Corbett-Davies and Goel, *The Problem of
Infra-marginality in Outcome Tests for Discrimination*, Annals of Applied Statistics 11 (2017), for what it cannot show.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tenprint.monitor.review import Interval
from tenprint.monitor.tables import TableError, rows

INFRA_MARGINALITY = (
    "A lower hit rate is a sign of a lower bar, not proof of one. The hit rate is an average over all acted upon, the "
    "sure cases with the doubtful; groups may differ in how many cases are sure. So rates may differ under one bar "
    "for all, and may be equal under two. The threshold test asks about the bar itself; read both, and neither alone."
)
"""What the outcome test cannot show, in plain words."""


STEADY = 10.0
"""Cases of a group's overall share that are added to its share in a unit, for the variance only."""


class Cell(msgspec.Struct, frozen=True):
    """Counts of one group in one unit."""

    unit: str
    group: str
    cases: int | None
    """Everybody on whom the decision could have fallen (stops, bookings); nothing: the table does not say."""
    acted_on: int
    """Those on whom it fell (searched, held)."""
    confirmed: int
    """Those among them in whom what was looked for was there (found, charged)."""


class Counts(msgspec.Struct, frozen=True):
    """Counts by unit and group, and who vouches for the groups."""

    labels_from: str
    """Where the group labels come from, such as ``self-reported at booking, Example County jail``."""
    cells: tuple[Cell, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in order of their first row: the first is what the others are compared with."""
        return tuple(dict.fromkeys(cell.group for cell in self.cells))

    @property
    def units(self) -> tuple[str, ...]:
        """Units, those with the most cases first."""
        size: dict[str, int] = {}
        for cell in self.cells:
            size[cell.unit] = size.get(cell.unit, 0) + (cell.acted_on if cell.cases is None else cell.cases)
        return tuple(sorted(size, key=lambda unit: (-size[unit], unit)))


def read(file: Path, labels_from: str, columns: Mapping[str, str] | None = None) -> Counts:
    """Counts from a comma-separated table with the columns unit, group, cases, acted_on, confirmed.

    Args:
        file: The table; ``cases`` may be missing (the threshold test needs it, the outcome test does not).
        labels_from: Who said to which group a person belongs. Mandatory: groups are never inferred here.
        columns: Our name to the file's name, such as ``{"acted_on": "num_searches"}``.

    Raises:
        TableError: when nobody vouches for the labels, a column or number is wrong, more were confirmed than acted
            upon, or more acted upon than cases, or a unit and group stand there twice.
    """
    if not labels_from.strip():
        raise TableError(f"{file}: expected a statement of where the group labels come from. Groups are never inferred")
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows(file, ("unit", "group", "acted_on", "confirmed"), ("cases",), columns):
        cases = row.whole("cases") if "cases" in row.values else None
        cell = Cell(row.text("unit"), row.text("group"), cases, row.whole("acted_on"), row.whole("confirmed"))
        if cell.confirmed > cell.acted_on:
            raise row.wrong("confirmed", f"at most the {cell.acted_on} acted upon", str(cell.confirmed))
        if cases is not None and cell.acted_on > cases:
            raise row.wrong("acted_on", f"at most the {cases} cases", str(cell.acted_on))
        if (cell.unit, cell.group) in cells:
            raise row.wrong("unit", "each unit and group once", f"{cell.unit}, {cell.group}")
        cells[cell.unit, cell.group] = cell
    counts = Counts(labels_from.strip(), tuple(cells.values()))
    if len(counts.groups) < 2:
        raise TableError(f"{file}: expected two groups or more, got {', '.join(counts.groups) or 'no rows'}")
    return counts


class HitRate(msgspec.Struct, frozen=True, kw_only=True):
    """One group over all units, or in one."""

    group: str
    acted_on: int
    confirmed: int
    rate: float | None
    """Confirmed of acted upon; nothing when nobody was."""
    interval_95: Interval | None
    """Exact (Clopper and Pearson 1934)."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Hit rate of a group minus that of another."""

    group: str
    against: str
    crude: float
    """Over all units thrown together: units that act more weigh more for the group that they act upon more."""
    crude_95: Interval
    """Newcombe's hybrid score interval (1998, method 10)."""
    pooled: float | None
    """Within units, then averaged over units (Mantel and Haenszel); nothing when no unit acted upon both."""
    pooled_95: Interval | None
    units: int
    """Units that acted upon both groups."""
    lower_in: int
    """Units in which the group's rate is the lower one."""
    between: float | None
    """Standard deviation of the difference between units beyond chance, by moments."""
    heterogeneity_p: float | None
    """How often chance alone would make units differ so much."""
    spread_share: float | None
    """The part of the spread between units that is not chance, 0..1."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome test."""

    labels_from: str
    rates: tuple[HitRate, ...]
    differences: tuple[Difference, ...]
    by_unit: dict[str, tuple[HitRate, ...]]
    caution: str = INFRA_MARGINALITY


def hit_rate(group: str, acted_on: int, confirmed: int) -> HitRate:
    """The share confirmed with its exact interval."""
    if not acted_on:
        return HitRate(group=group, acted_on=0, confirmed=0, rate=None, interval_95=None)
    low, high = proportion_confint(confirmed, acted_on, alpha=0.05, method="beta")
    return HitRate(
        group=group,
        acted_on=acted_on,
        confirmed=confirmed,
        rate=confirmed / acted_on,
        interval_95=Interval(float(low), float(high)),
    )


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """95 % interval of the first share minus the second, each given as (numerator, denominator)."""
    low, high = confint_proportions_2indep(*first, *second, compare="diff", method="newcomb", alpha=0.05)
    return Interval(float(low), float(high))


def outcome_test(counts: Counts, against: str | None = None) -> Outcome:
    """Hit rates by group, and how each group differs from one of them.

    Args:
        counts: Counts by unit and group.
        against: The group that others are compared with; by default the first of the table.

    Raises:
        TableError: when that group is not in the table or was never acted upon.
    """
    base = against or counts.groups[0]
    if base not in counts.groups:
        raise TableError(f"group {base!r}: expected one of {', '.join(counts.groups)}")
    rates = tuple(_total(counts, group) for group in counts.groups)
    if not next(rate for rate in rates if rate.group == base).acted_on:
        raise TableError(f"group {base!r}: nobody in it was acted upon, so nothing can be compared with it")
    others = [rate.group for rate in rates if rate.group != base and rate.acted_on]
    by_unit = {
        unit: tuple(hit_rate(c.group, c.acted_on, c.confirmed) for c in counts.cells if c.unit == unit)
        for unit in counts.units
    }
    differences = tuple(_difference(counts, group, base) for group in others)
    return Outcome(labels_from=counts.labels_from, rates=rates, differences=differences, by_unit=by_unit)


def _total(counts: Counts, group: str) -> HitRate:
    mine = [cell for cell in counts.cells if cell.group == group]
    return hit_rate(group, sum(cell.acted_on for cell in mine), sum(cell.confirmed for cell in mine))


def _difference(counts: Counts, group: str, base: str) -> Difference:
    one, other = _total(counts, group), _total(counts, base)
    crude = one.confirmed / one.acted_on - other.confirmed / other.acted_on
    cells = {(cell.unit, cell.group): cell for cell in counts.cells if cell.acted_on}
    both = [u for u in counts.units if (u, group) in cells and (u, base) in cells]
    pairs = np.array([[_pair(cells[u, group]), _pair(cells[u, base])] for u in both], dtype=float).reshape(-1, 2, 2)
    within = _pooled(pairs)
    return Difference(
        group=group,
        against=base,
        crude=crude,
        crude_95=newcombe((one.confirmed, one.acted_on), (other.confirmed, other.acted_on)),
        units=len(both),
        lower_in=int((pairs[:, 0, 0] / pairs[:, 0, 1] < pairs[:, 1, 0] / pairs[:, 1, 1]).sum()),
        pooled=within.pooled,
        pooled_95=within.pooled_95,
        between=within.between,
        heterogeneity_p=within.heterogeneity_p,
        spread_share=within.spread_share,
    )


def _pair(cell: Cell) -> tuple[int, int]:
    return cell.confirmed, cell.acted_on


class _Pooled(msgspec.Struct, frozen=True):
    pooled: float | None = None
    pooled_95: Interval | None = None
    between: float | None = None
    heterogeneity_p: float | None = None
    spread_share: float | None = None


def _pooled(pairs: np.ndarray) -> _Pooled:
    """Differences within units, averaged with weights that depend on numbers acted upon only, never on what was found.

    Weights by inverse variance would favour units where few were confirmed, and bias the average whenever one group is
    small. The weights here are those of Mantel and Haenszel; the interval rests on how units really differ.

    Args:
        pairs: ``(units, 2, 2)`` float: group then base, confirmed then acted upon.
    """
    if len(pairs) < 2:
        return _Pooled()
    confirmed, acted_on = pairs[..., 0], pairs[..., 1]
    share = confirmed / acted_on
    overall = (confirmed.sum(axis=0) + 1) / (acted_on.sum(axis=0) + 2)
    steady = (confirmed + STEADY * overall) / (acted_on + STEADY)
    variance = (steady * (1 - steady) / acted_on).sum(axis=1)
    weight = acted_on.prod(axis=1) / acted_on.sum(axis=1)
    weight /= weight.sum()
    difference = share[:, 0] - share[:, 1]
    mean = float(weight @ difference)
    spread = float(weight @ (difference - mean) ** 2)
    by_chance = float(weight @ variance - weight**2 @ variance)
    between = max(0.0, (spread - by_chance) / (1 - float(weight @ weight)))
    # The spread as a multiple of chi squared with the same mean and variance (Satterthwaite 1946).
    centred = np.diag(weight) - np.outer(weight, weight)
    squared = float(np.sum((centred * variance) * (centred * variance).T))
    p = float(stats.chi2.sf(spread * by_chance / squared, by_chance**2 / squared))
    error = float(np.sqrt(weight**2 @ (difference - mean) ** 2 / (1 - float(weight @ weight))))
    reach = float(stats.t.ppf(0.975, len(pairs) - 1)) * error
    return _Pooled(
        pooled=mean,
        pooled_95=Interval(mean - reach, mean + reach),
        between=float(np.sqrt(between)),
        heterogeneity_p=p,
        spread_share=max(0.0, 1 - by_chance / spread) if spread else 0.0,
    )
