"""The threshold test: how sure somebody must have been before acting, estimated for each group in each unit.

Everybody carries a signal; whoever's signal passes the bar of unit and group is acted upon. How many are acted upon and
in how many it is confirmed, together, tell the bar apart from the spread of signals: that is what a hit rate alone
cannot do. Bars of groups are drawn together by a hierarchical model, sampled with NUTS.

Two families of signals:

- ``beta``: the chance that a person carries what is looked for, as an officer sees it, follows a beta distribution.
  Simoiu, Corbett-Davies and Goel, Annals of Applied Statistics 11 (2017) 1193-1216; priors as published with Pierson et
  al., *A large-scale analysis of racial disparities in police stops*, Nature Human Behaviour 4 (2020) 736-745.
- ``discriminant``: a person carries or not, and the signal is normal with another mean for those who do. The tail is a
  closed form. Pierson, Corbett-Davies and Goel, *Fast Threshold Tests for Detecting Discrimination*, AISTATS 2018.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import numpy as np

from tenprint.monitor import threshold_model as model
from tenprint.monitor.outcome import Counts
from tenprint.monitor.review import Interval
from tenprint.monitor.tables import TableError

Signal = Literal["beta", "discriminant"]

MIN_UNITS = 5
"""Fewer units than this do not hold the signals of groups apart (the published analyses require as many)."""

MISS = 0.05
"""A model that misses rates by more than this, in the root mean square, is not read. A misfit that is merely
significant is reported and no reason to stop: with thousands of cases in a unit, the published model has it too."""

CAUTION = (
    "The bars rest on a model: that officers act on one signal, that its spread in a unit differs between groups only "
    "by an amount common to all units, and that the counts are complete. A bar that differs is a reason to look, with "
    "people and papers; it is not a finding about anybody."
)
"""What the threshold test assumes, in plain words."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """The threshold of one group, in one unit or over all."""

    unit: str
    """Empty: over all units."""
    group: str
    threshold: float
    """Posterior mean of the chance (0..1) from which on people are acted upon."""
    interval_95: Interval


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """Threshold of a group minus that of another, over all units."""

    group: str
    against: str
    difference: float
    interval_95: Interval
    lower: float
    """Posterior probability that the group's bar is the lower one."""


class Diagnostics(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the sampler can be trusted, and whether the model reproduces what was counted."""

    signal: Signal
    chains: int
    draws: int
    """Of each chain, after as many of warm-up as stated."""
    warm_up: int
    seed: int
    largest_r_hat: float
    smallest_effective_sample: float
    divergent: int
    acted_on_error: float
    """Posterior predictive check: root mean square of predicted minus observed rate of action, by cases."""
    confirmed_error: float
    """The same of hit rates, by number acted upon."""
    acted_on_p: float
    """Posterior predictive p: how often data drawn from the model miss by as much as the real data (chi squared)."""
    confirmed_p: float
    problems: tuple[str, ...]
    """Why the result should not be used; empty when it may."""


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold test."""

    labels_from: str
    overall: tuple[Bar, ...]
    """By group, units weighed by all their cases, so that groups are compared over the same mix of units."""
    contrasts: tuple[Contrast, ...]
    bars: tuple[Bar, ...]
    diagnostics: Diagnostics
    left_out: tuple[str, ...]
    """Units without any action, or rows without cases: they say nothing about the bar."""
    caution: str = CAUTION


class _Sampler(msgspec.Struct, frozen=True):
    signal: Signal
    chains: int
    warm_up: int
    draws: int
    seed: int


class _Data(msgspec.Struct, frozen=True):
    units: tuple[str, ...]
    groups: tuple[str, ...]
    unit: np.ndarray
    group: np.ndarray
    cases: np.ndarray
    acted_on: np.ndarray
    confirmed: np.ndarray
    left_out: tuple[str, ...]


def threshold_test(
    counts: Counts,
    *,
    signal: Signal = "beta",
    against: str | None = None,
    chains: int = 4,
    warm_up: int = 500,
    draws: int = 500,
    seed: int = 1,
) -> Thresholds:
    """Fit the model to counts by unit and group.

    Args:
        counts: Every row needs its cases.
        signal: Family of signals.
        against: The group that others are compared with; by default the first of the table.
        chains: Independent chains, run side by side on one core.
        warm_up: Draws thrown away, of each chain.
        draws: Draws kept, of each chain.
        seed: Of the sampler; the same seed on the same machine gives the same answer.

    Raises:
        TableError: when cases are missing, or there are fewer than `MIN_UNITS` units or two groups.
    """
    data = _arranged(counts)
    base = against or data.groups[0]
    if base not in data.groups:
        raise TableError(f"group {base!r}: expected one of {', '.join(data.groups)}")
    run = model.sample(data, signal, chains=chains, warm_up=warm_up, draws=draws, seed=seed)
    return _told(counts, data, base, run=run, sampler=_Sampler(signal, chains, warm_up, draws, seed))


def _arranged(counts: Counts) -> _Data:
    """Counts as arrays; unit 0 is the one with the most cases, to whose signals the others are relative."""
    if any(cell.cases is None for cell in counts.cells):
        raise TableError("the threshold test needs the column cases (everybody who could have been acted upon)")
    active = {c.unit for c in counts.cells if c.acted_on}
    kept = [c for c in counts.cells if c.cases and c.unit in active]
    left_out = tuple(f"{c.unit}, {c.group}" for c in counts.cells if not (c.cases and c.unit in active))
    units = tuple(u for u in counts.units if u in active)
    groups = tuple(g for g in counts.groups if any(c.group == g and c.acted_on for c in kept))
    kept = [c for c in kept if c.group in groups]
    if len(units) < MIN_UNITS or len(groups) < 2:
        raise TableError(
            f"expected {MIN_UNITS} units and 2 groups in which somebody was acted upon, got {len(units)} and "
            f"{len(groups)}: fewer do not tell the bar apart from the spread of signals"
        )
    column = {name: np.array([getattr(c, name) for c in kept]) for name in ("cases", "acted_on", "confirmed")}
    return _Data(
        units=units,
        groups=groups,
        unit=np.array([units.index(c.unit) for c in kept]),
        group=np.array([groups.index(c.group) for c in kept]),
        left_out=left_out,
        **column,
    )


def _interval(draws: np.ndarray) -> Interval:
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(float(low), float(high))


def _told(counts: Counts, data: _Data, base: str, *, run: dict[str, Any], sampler: _Sampler) -> Thresholds:
    """Draws in words that people read."""
    bar = run["threshold"]  # (draws, rows)
    size = np.bincount(data.unit, data.cases)
    overall = {}
    for number, group in enumerate(data.groups):
        mine = data.group == number
        overall[group] = bar[:, mine] @ (size[data.unit[mine]] / size[data.unit[mine]].sum())
    bars = tuple(
        Bar(
            unit=data.units[data.unit[row]],
            group=data.groups[data.group[row]],
            threshold=float(bar[:, row].mean()),
            interval_95=_interval(bar[:, row]),
        )
        for row in range(bar.shape[1])
    )
    return Thresholds(
        labels_from=counts.labels_from,
        overall=tuple(
            Bar(unit="", group=g, threshold=float(d.mean()), interval_95=_interval(d)) for g, d in overall.items()
        ),
        contrasts=tuple(
            Contrast(
                group=group,
                against=base,
                difference=float((draws - overall[base]).mean()),
                interval_95=_interval(draws - overall[base]),
                lower=float((draws < overall[base]).mean()),
            )
            for group, draws in overall.items()
            if group != base
        ),
        bars=bars,
        diagnostics=_diagnostics(data, run, sampler),
        left_out=data.left_out,
    )


def _diagnostics(data: _Data, run: dict[str, Any], sampler: _Sampler) -> Diagnostics:
    rng = np.random.default_rng(sampler.seed)
    acted_error, acted_p = _predicted(data.cases, data.acted_on, run["acted_on_rate"], rng)
    hit_error, hit_p = _predicted(data.acted_on, data.confirmed, run["hit_rate"], rng)
    problems = []
    if run["r_hat"] > 1.05:
        problems.append(f"chains disagree (r-hat {run['r_hat']:.3f}, should be below 1.05): use more warm-up and draws")
    if run["effective"] < 100:
        problems.append(f"too few independent draws ({run['effective']:.0f}, should be 100 or more): use more draws")
    if run["divergent"] > 0.01 * sampler.chains * sampler.draws:
        problems.append(f"{run['divergent']} draws diverged: the sampler did not reach some corner of the model")
    if max(acted_error, hit_error) > MISS:
        problems.append(f"the model misses the rates that were counted by more than {100 * MISS:.0f} points")
    return Diagnostics(
        **msgspec.structs.asdict(sampler),
        largest_r_hat=run["r_hat"],
        smallest_effective_sample=run["effective"],
        divergent=run["divergent"],
        acted_on_error=acted_error,
        confirmed_error=hit_error,
        acted_on_p=acted_p,
        confirmed_p=hit_p,
        problems=tuple(problems),
    )


def _predicted(
    trials: np.ndarray, successes: np.ndarray, rate: np.ndarray, rng: np.random.Generator
) -> tuple[float, float]:
    """Posterior predictive check of one rate.

    Args:
        trials: ``(rows,)`` whole numbers.
        successes: ``(rows,)`` of them.
        rate: ``(draws, rows)`` as the model has it.
        rng: For the data drawn from the model.

    Returns:
        Root mean square of mean predicted minus observed rate, weighed by trials; and how often data drawn from the
        model lie as far from it as the real data do (Pearson's chi squared).
    """
    seen = trials > 0
    trials, successes, rate = trials[seen], successes[seen], np.clip(rate[:, seen], 1e-12, 1 - 1e-12)
    error = float(np.sqrt(np.average((rate.mean(axis=0) - successes / trials) ** 2, weights=trials)))
    expected, variance = trials * rate, trials * rate * (1 - rate)
    drawn = rng.binomial(trials, rate)
    real = ((successes - expected) ** 2 / variance).sum(axis=1)
    made = ((drawn - expected) ** 2 / variance).sum(axis=1)
    return error, float((made >= real).mean())
