"""The event study: what changed in places after they were switched on, against places that were not yet.

Places join at different times, so a single regression with two fixed effects would compare late joiners with early ones
as if nothing had happened to these. Here every effect is one group of places that joined together, in one period,
against its last period before, minus the same of places that had not joined: Callaway and Sant'Anna,
*Difference-in-Differences with Multiple Time Periods*, Journal of Econometrics 225 (2021) 200-230, with the outcome
regression of Sant'Anna and Zhao (2020) where covariates are given. Errors come from influence functions; bands over
event times hold together (multiplier bootstrap). It shows a cause only if both would have gone the same way otherwise;
the test of earlier trends can contradict that, never prove it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
import numpy as np

from tenprint.monitor import earlier
from tenprint.monitor.clusters import clustered, critical, error_of
from tenprint.monitor.review import Interval
from tenprint.monitor.tables import TableError, quarter_of, rows

MIN_UNITS = 5
"""Fewer places than this in a comparison give no standard error worth printing."""

MIN_CLUSTERS = 3
"""Errors clustered by fewer states than this are refused."""

FEW_CLUSTERS = 10
"""Errors clustered by fewer than this come with a warning: they are too small, and nobody can say by how much."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One row a place and period; columns of equal length."""

    unit: Sequence[str]
    time: Sequence[int]
    """Periods in whole numbers without gaps, such as years or `tables.quarter_number`."""
    outcome: Sequence[float]
    start: Sequence[int | None]
    """First period in which the place is switched on; nothing: never, as far as is known."""
    weight: Sequence[float] | None = None
    """Of the place; that of its first period counts."""
    covariates: Mapping[str, Sequence[float]] = {}
    """Of the place; those of its first period count."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Group-time effect: one group of places in one period.

    From joining on it is measured from the last period before; earlier, from the period just before that one.
    """

    start: int
    time: int
    effect: float
    error: float
    """Standard error."""
    units: int
    """Places that joined then."""
    against: int
    """Places they are compared with."""


class EventTime(msgspec.Struct, frozen=True, kw_only=True):
    """Effect so many periods after joining, over groups, weighed by their places."""

    after: int
    """0: the period of joining; negative: before."""
    effect: float
    error: float
    interval_95: Interval
    """Of this one."""
    uniform_95: Interval
    """Holds for all event times together."""
    units: int


class EventStudy(msgspec.Struct, frozen=True, kw_only=True):
    """An event study."""

    comparison: str
    effects: tuple[Effect, ...]
    by_event_time: tuple[EventTime, ...]
    overall: float
    """Mean over event times from 0 on."""
    overall_error: float
    after_first: float | None
    """The same without the period of joining, of which places were active for a part only; nothing when it is all."""
    after_first_error: float | None
    pre_trend_p: float | None
    """Test that no event time before joining has an effect: the largest of them, in standard errors, against random
    signs of the places (sup-t, the null imposed). Nothing where there is none to test; `warnings` say why."""
    pre_trend_wald_p: float | None
    """The Wald test of every group-by-time effect before joining, as other programs print it. It rejects far too often
    where groups are small; nothing when there are more effects than independent places."""
    units: int
    never: int
    """Places not switched on by the end of the panel."""
    left_out: Mapping[str, int]
    """Places not used, by reason."""
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    """Why the errors should not be trusted; empty when nothing is known against them."""


class _Wide(msgspec.Struct, frozen=True):
    outcome: np.ndarray
    """``(units, periods)``."""
    start: np.ndarray
    """``(units,)`` index of the period of joining; the number of periods: not within the panel."""
    weight: np.ndarray
    design: np.ndarray
    """``(units, 1 + covariates)``, first column ones."""
    cluster: np.ndarray
    alone: int
    """Places whose larger unit is not known: each is a cluster of its own."""
    first: int
    left_out: dict[str, int]


def read(file: Path, activations: Mapping[str, date] | None = None, columns: Mapping[str, str] | None = None) -> Panel:
    """A panel of counties and quarters from a comma-separated table.

    Args:
        file: Columns unit, quarter (2011Q2), and outcome, or numerator and denominator whose share it then is;
        active_on
            (a date, or empty) where ``activations`` are not given; optionally weight.
        activations: First active day by unit.
        columns: Our name to the file's name.

    Raises:
        TableError: when a column or value is wrong.
    """
    needed = ("unit", "quarter", *(() if activations is not None else ("active_on",)))
    found = list(rows(file, needed, ("outcome", "numerator", "denominator", "weight"), columns))
    if not found:
        raise TableError(f"{file}: expected rows, got none")
    has = found[0].values
    if "outcome" not in has and not {"numerator", "denominator"} <= set(has):
        raise TableError(f"{file}: expected a column outcome, or numerator and denominator")
    values, days = [], []
    for row in found:
        if "outcome" in has:
            values.append(row.number("outcome") if row.has("outcome") else np.nan)
        else:
            below = row.whole("denominator")
            values.append(row.whole("numerator") / below if below else np.nan)
        if activations is not None:
            days.append(activations.get(row.text("unit")))
        else:
            days.append(row.day("active_on") if row.has("active_on") else None)
    return Panel(
        unit=[row.text("unit") for row in found],
        time=[row.quarter("quarter") for row in found],
        outcome=values,
        start=[quarter_of(day) if day else None for day in days],
        weight=[row.number("weight") for row in found] if "weight" in has else None,
    )


def event_study(
    panel: Panel,
    *,
    comparison: str = "never",
    clusters: Mapping[str, str] | None = None,
    draws: int = 1999,
    seed: int = 1,
) -> EventStudy:
    """Group-time effects, effects by event time, and the test of earlier trends.

    Args:
        panel: The panel; places with a missing period are left out and counted.
        comparison: ``never``: places not switched on by the end of the panel; ``not-yet``: not switched on so far.
        clusters: Larger unit of each place, such as its state, whose places are not independent.
        draws: Of the bootstrap behind the uniform bands.
        seed: Of the bootstrap.

    Raises:
        TableError: when there are too few places to compare with, fewer than `MIN_CLUSTERS` clusters, or the panel
            has gaps or contradictions.
    """
    if comparison not in {"never", "not-yet"}:
        raise TableError(f"comparison {comparison!r}: expected never or not-yet")
    wide = _wide(panel, clusters or {})
    periods = wide.outcome.shape[1]
    never = int((wide.start == periods).sum())
    if comparison == "never" and never < MIN_UNITS:
        raise TableError(
            f"expected {MIN_UNITS} places or more that are not active by the end of the panel, got {never}: end the "
            "panel earlier, or compare with places not active yet (not-yet)"
        )
    effects, influence = _effects(wide, comparison)
    if not effects:
        raise TableError(
            f"no group of places can be compared: expected {MIN_UNITS} or more that are not active when others are, "
            "and at least one period before. End the panel earlier or begin it earlier"
        )
    warnings = _cluster_warnings(wide, by_state=clusters is not None)
    by_time, spread, sums = _by_event_time(wide, effects, influence)
    rng = np.random.default_rng(seed)
    widest = critical(clustered(spread, wide.cluster), rng, draws)
    before, untested = earlier.largest(
        [row.after for row in by_time],
        [row.effect for row in by_time],
        [row.units for row in by_time],
        clustered(sums, wide.cluster),
        rng,
        draws,
    )
    warnings += untested
    after = [number for number, row in enumerate(by_time) if row.after >= 0]
    if not after:
        raise TableError("no period after joining can be compared: end the panel later, or compare with not-yet")
    later = [number for number, row in enumerate(by_time) if row.after >= 1]
    small = sorted({e.start for e in effects if e.units < MIN_UNITS})
    return EventStudy(
        comparison=comparison,
        effects=tuple(effects),
        by_event_time=tuple(_banded(row, widest) for row in by_time),
        overall=float(np.mean([by_time[n].effect for n in after])),
        overall_error=error_of(spread[:, after].mean(axis=1), wide.cluster),
        after_first=float(np.mean([by_time[n].effect for n in later])) if later else None,
        after_first_error=error_of(spread[:, later].mean(axis=1), wide.cluster) if later else None,
        pre_trend_p=before,
        pre_trend_wald_p=_wald(effects, influence, wide.cluster),
        units=len(wide.start),
        never=never,
        left_out=wide.left_out,
        notes=tuple(f"only {_size(effects, s)} places joined in period {s}: read its effects with care" for s in small),
        warnings=warnings,
    )


def few_clusters(number: int, what: str, instead: str) -> tuple[str, ...]:
    """A warning where errors are clustered by few.

    Args:
        number: Of clusters.
        what: They are, such as ``states``.
        instead: What to do when there are too few.

    Raises:
        TableError: when there are fewer than `MIN_CLUSTERS`.
    """
    if number < MIN_CLUSTERS:
        raise TableError(f"expected {MIN_CLUSTERS} {what} or more to cluster errors by, got {number}: {instead}")
    if number >= FEW_CLUSTERS:
        return ()
    text = (
        f"errors rest on {number} {what} only, fewer than {FEW_CLUSTERS}: they are likely too small, intervals and "
        "bands too narrow, and p values too low. Do not read an interval without 0 as a finding"
    )
    return (text,)


def _cluster_warnings(wide: _Wide, *, by_state: bool) -> tuple[str, ...]:
    found = len(np.unique(wide.cluster))
    if not by_state:
        return few_clusters(found, "places", "bring more places")
    warnings = few_clusters(
        found - wide.alone,
        "states",
        "bring places of more states, or leave out --by-state (places of one state then count as independent, "
        "which makes errors too small if they are not)",
    )
    if wide.alone:
        warnings += (f"{wide.alone} places have no state in the activations and count as independent in the errors",)
    return warnings


def _size(effects: list[Effect], start: int) -> int:
    return next(e.units for e in effects if e.start == start)


def _wide(panel: Panel, clusters: Mapping[str, str]) -> _Wide:
    """Places by periods; who is left out and why."""
    times = sorted(set(panel.time))
    if not times or times != list(range(times[0], times[0] + len(times))) or len(times) < 2:
        raise TableError("expected two periods or more without a gap between them")
    units = list(dict.fromkeys(panel.unit))
    number = {unit: n for n, unit in enumerate(units)}
    outcome = np.full((len(units), len(times)), np.nan)
    seen: dict[str, int | None] = {}
    first_row: dict[str, int] = {}
    cells = set()
    for row, (unit, time, value, start) in enumerate(
        zip(panel.unit, panel.time, panel.outcome, panel.start, strict=True)
    ):
        if (unit, time) in cells:
            raise TableError(f"{unit}: expected each period once")
        if seen.setdefault(unit, start) != start:
            raise TableError(f"{unit}: expected one date of activation, got two")
        cells.add((unit, time))
        outcome[number[unit], time - times[0]] = value
        if time == times[0]:
            first_row[unit] = row
    begin = [seen[unit] for unit in units]
    joined = np.array([len(times) if b is None else min(b - times[0], len(times)) for b in begin])
    gap, early = np.isnan(outcome).any(axis=1), joined <= 0
    kept = ~gap & ~early
    at = [first_row[u] for u, k in zip(units, kept, strict=True) if k]
    columns = [np.ones(len(at)), *(np.asarray(c, dtype=float)[at] for c in panel.covariates.values())]
    weight = np.ones(len(at)) if panel.weight is None else np.asarray(panel.weight, dtype=float)[at]
    if (weight <= 0).any():
        raise TableError("expected weights above 0")
    used = [u for u, k in zip(units, kept, strict=True) if k]
    groups = [clusters.get(u, u) for u in used]
    return _Wide(
        outcome=outcome[kept],
        start=joined[kept],
        weight=weight / weight.mean() if len(weight) else weight,
        design=np.column_stack(columns),
        cluster=np.unique(groups, return_inverse=True)[1] if groups else np.empty(0, int),
        alone=sum(u not in clusters for u in used),
        first=times[0],
        left_out={
            name: int(mask.sum())
            for name, mask in (("a period is missing", gap), ("active from the first period on", early & ~gap))
            if mask.any()
        },
    )


def _effects(wide: _Wide, comparison: str) -> tuple[list[Effect], np.ndarray]:
    """Every group-time effect and its influence function, ``(units, effects)``."""
    periods = wide.outcome.shape[1]
    found, influences = [], []
    for start in sorted(set(wide.start[wide.start < periods].tolist())):
        joined = wide.start == start
        for time in range(1, periods):
            base = start - 1 if time >= start else time - 1
            others = wide.start == periods
            if comparison == "not-yet":
                others = (wide.start > max(time, base)) & ~joined
            if others.sum() < max(MIN_UNITS, wide.design.shape[1] + 1):
                continue
            change = wide.outcome[:, time] - wide.outcome[:, base]
            effect, influence = _two_by_two(change, joined, others, wide.weight, wide.design)
            influences.append(influence)
            found.append(
                Effect(
                    start=wide.first + start,
                    time=wide.first + time,
                    effect=effect,
                    error=error_of(influence, wide.cluster),
                    units=int(joined.sum()),
                    against=int(others.sum()),
                )
            )
    return found, np.column_stack(influences) if influences else np.empty((len(wide.start), 0))


def _two_by_two(
    change: np.ndarray, joined: np.ndarray, others: np.ndarray, weight: np.ndarray, design: np.ndarray
) -> tuple[float, np.ndarray]:
    """Mean change of those who joined minus what the others' changes predict for them, with the influence function.

    Args:
        change: ``(units,)`` between two periods.
        joined: ``(units,)`` bool.
        others: ``(units,)`` bool.
        weight: ``(units,)``.
        design: ``(units, k)``; ones alone give the plain two-by-two.

    Raises:
        TableError: when the covariates of the others do not vary enough.
    """
    n = len(change)
    treated, control = weight * joined, weight * others
    cross = (design * control[:, None]).T @ design / n
    if np.linalg.matrix_rank(cross) < design.shape[1]:
        raise TableError("the covariates of the places compared with do not vary enough: leave some out")
    inverse = np.linalg.inv(cross)
    predicted = design @ (inverse @ (design.T @ (control * change) / n))
    share = treated.mean()
    effect = float((treated * (change - predicted)).mean() / share)
    own = treated * (change - predicted - effect) / share
    centre = (treated[:, None] * design).mean(axis=0) / share
    fitted = (control * (change - predicted))[:, None] * design @ (inverse @ centre)
    return effect, own - fitted


def _by_event_time(
    wide: _Wide, effects: list[Effect], influence: np.ndarray
) -> tuple[list[EventTime], np.ndarray, np.ndarray]:
    """Effects by time since joining, their influence functions, and what each place adds to the effect.

    How many places joined when is an estimate too, and is part of the error. The last two are ``(units, event times)``;
    means over places of the last are the effects themselves, and without an effect their signs are chance.
    """
    at = np.array([e.time - e.start for e in effects])
    found, columns, sums = [], [], []
    for after in sorted(set(at.tolist())):
        mine = np.flatnonzero(at == after)
        member = np.stack([wide.weight * (wide.start == effects[m].start - wide.first) for m in mine], axis=1)
        share = member.mean(axis=0)
        part = share / share.sum()
        values = np.array([effects[m].effect for m in mine])
        effect = float(part @ values)
        column = influence[:, mine] @ part + (member - share) @ (values - effect) / share.sum()
        columns.append(column)
        sums.append(column + effect * member.sum(axis=1) / share.sum())
        error = error_of(column, wide.cluster)
        found.append(
            EventTime(
                after=int(after),
                effect=effect,
                error=error,
                interval_95=Interval(effect - 1.959964 * error, effect + 1.959964 * error),
                uniform_95=Interval(effect, effect),
                units=sum(effects[m].units for m in mine),
            )
        )
    return found, np.column_stack(columns), np.column_stack(sums)


def _banded(row: EventTime, widest: float) -> EventTime:
    band = Interval(row.effect - widest * row.error, row.effect + widest * row.error)
    return msgspec.structs.replace(row, uniform_95=band)


def _wald(effects: list[Effect], influence: np.ndarray, cluster: np.ndarray) -> float | None:
    """The Wald test over the group-time effects before joining."""
    before = [n for n, e in enumerate(effects) if e.time < e.start]
    values = np.array([effects[n].effect for n in before])
    return earlier.wald(values, clustered(influence[:, before], cluster)) if before else None
