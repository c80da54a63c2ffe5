"""The order of deployment examined: which counties were switched on early, and what they have in common.

Critics ran this regression on the real calendar: days until activation on crime, foreign-born and Hispanic share, and
the border. Here anybody runs it on whatever they bring, keyed by county. It describes an order that others decided.
Nothing in this package proposes, computes or uses such an order, and no figure of this module is an input of anything
else.

Days are regressed, not hazards: every county was switched on in the end, so nothing is censored in a calendar that has
all dates, and a coefficient in days can be read by anybody. Counties without a date are left out, counted and told. A
proportional hazards model, stratified by state, stands beside it as a check. States decided much of the order by
themselves (many on one day for all), so the model within states uses only those with two days or more. Errors are
clustered by state. Where a covariate is an estimate with a margin, the regression is repeated with more and more noise
of that size, and extrapolated back to none: Cook and Stefanski, *Simulation-Extrapolation
Estimation in Parametric Measurement Error Models*, Journal of the American Statistical Association 89 (1994) 1314-1328.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import statsmodels.api as sm

from tenprint.monitor.events import MIN_CLUSTERS, few_clusters
from tenprint.monitor.review import Interval
from tenprint.monitor.tables import Row, TableError, header, rows

Z_90 = 1.644854
"""The Census Bureau's margins are half of a 90 % interval."""

CAUTION = (
    "This describes which counties came early; it does not say why. Counties differ in much that is not among the "
    "covariates, and many dates were agreed with whole states."
)


class Coefficient(msgspec.Struct, frozen=True, kw_only=True):
    """One covariate in one model."""

    term: str
    per_deviation: float
    """Days for one standard deviation more (over all counties used); below 0: earlier. Log hazard ratio in the
    model ``hazard``, where above 0 is earlier."""
    error: float
    interval_95: Interval
    p: float
    without_noise: float | None = None
    """What it would be without the covariates' margins, by simulation and extrapolation; nothing without margins."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """One regression."""

    name: str
    """``national``: counties of all states; ``within``: against others of the same state; ``hazard``: the same as a
    proportional hazards model."""
    counties: int
    states: int
    explained: float | None
    """Share of the variance explained (within states in the model of that name); nothing in the hazard model."""
    coefficients: tuple[Coefficient, ...]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An examination of an order of deployment."""

    first: date
    last: date
    counties: int
    left_out: int
    """Counties of the calendar with a date and without covariates."""
    without_date: int
    """Counties of the calendar without a date, left out too: when they came, or whether they did, is not known."""
    single_day_states: int
    """States in which all counties used came on one day."""
    deviations: dict[str, float]
    """Standard deviation of each term, in its own unit."""
    models: tuple[Model, ...]
    warnings: tuple[str, ...] = ()
    """What stands against the numbers; empty when nothing is known."""
    caution: str = CAUTION


class Term(msgspec.Struct, frozen=True):
    """A covariate as the user wrote it: ``NAME``, ``log(NAME)`` or ``NAME/NAME``."""

    text: str
    column: str
    over: str = ""
    is_log: bool = False

    @classmethod
    def of(cls, text: str) -> Term:
        """A term from its text.

        Raises:
            TableError: when it has none of the three forms.
        """
        found = re.fullmatch(r"\s*(?:log\(\s*(\w+)\s*\)|(\w+)\s*(?:/\s*(\w+))?)\s*", text)
        if not found:
            raise TableError(f"term {text!r}: expected NAME, log(NAME) or NAME/NAME, of columns of the covariates")
        return cls(text.strip(), found[1] or found[2], found[3] or "", found[1] is not None)


def read_covariates(files: Sequence[Path], year: int | None = None) -> dict[str, dict[str, float]]:
    """Every numeric column of the files by county.

    A file is keyed by ``fips``, or by ``STATE`` and ``COUNTY`` as the Census Bureau does. Rows of other years than
    ``year`` are left out of files that have a column of that name; the margin of a column ``x`` may stand in a column
    ``x_moe``.

    Raises:
        TableError: when a file has no key, a county stands there twice, or two files have a column of the same name.
    """
    found: dict[str, dict[str, float]] = {}
    owner: dict[str, Path] = {}
    for file in files:
        names = header(file)
        key = ("fips",) if "fips" in names else ("STATE", "COUNTY")
        values = [n for n in names if n and n not in {*key, "year"}]
        for name in values:
            if owner.setdefault(name, file) != file:
                raise TableError(f"column {name} stands in {owner[name]} and in {file}: rename one")
        seen = set()
        for row in rows(file, (*key, *values), ("year",)):
            if year is not None and "year" in row.values and row.whole("year") != year:
                continue
            if key[0] == "fips":
                county = row.county("fips")
            else:
                county = row.text("STATE").zfill(2) + row.text("COUNTY").zfill(3)
            if county in seen:
                hint = "" if year is not None or "year" not in row.values else ": say which year (--year)"
                raise row.wrong(key[-1], f"each county once{hint}", county)
            seen.add(county)
            found.setdefault(county, {}).update(_numbers(row, values))
    return found


def _numbers(row: Row, names: Sequence[str]) -> dict[str, float]:
    """The values that are numbers; names and codes beside them do no harm."""
    found = {}
    for name in names:
        try:
            number = float(row.values[name])
        except ValueError:
            continue
        if math.isfinite(number):
            found[name] = number
    return found


def read_activations(file: Path) -> dict[str, tuple[str, date | None]]:
    """State and first active day by county, from columns fips (or jurisdiction), state, activation_date (or active_on).

    An empty date is nothing: not known, or not active. Such a county needs no state, which is then empty.

    Raises:
        TableError: when a column or value is wrong, or a county stands there twice.
    """
    names = header(file)
    columns = {
        "fips": "fips" if "fips" in names else "jurisdiction",
        "active_on": "active_on" if "active_on" in names else "activation_date",
    }
    found: dict[str, tuple[str, date | None]] = {}
    for row in rows(file, ("fips", "state", "active_on"), columns=columns):
        county = row.county("fips")
        if county in found:
            raise row.wrong("fips", "each county once", county)
        if row.has("active_on"):
            found[county] = (row.text("state"), row.day("active_on"))
        else:
            found[county] = (row.text("state") if row.has("state") else "", None)
    return found


class _Table(msgspec.Struct, frozen=True):
    days: np.ndarray
    state: np.ndarray
    values: np.ndarray
    """``(counties, terms)``."""
    noise: np.ndarray
    """``(counties, terms)``: standard error of each value; 0 where it is exact or its margin unknown."""


def order_of_deployment(
    activations: Mapping[str, tuple[str, date | None]],
    covariates: Mapping[str, Mapping[str, float]],
    terms: Sequence[str],
    *,
    margins: Mapping[str, str] | None = None,
    rounds: int = 100,
    seed: int = 1,
) -> Order:
    """Days until activation on what counties have in common.

    Args:
        activations: State and first active day by county; those without a day are left out and counted.
        covariates: Numbers by county and column.
        terms: ``NAME``, ``log(NAME)`` or ``NAME/NAME``.
        margins: Column with the 90 % margin of a column; ``x_moe`` is taken for ``x`` unasked.
        rounds: Simulations at each level of noise.
        seed: Of the simulation.

    Raises:
        TableError: when a term cannot be computed, too few counties or states are left, or a term does not vary.
    """
    parsed = [Term.of(text) for text in dict.fromkeys(terms)]
    if not parsed:
        raise TableError("expected a term or more, such as log(population) or noncitizens/population")
    named = dict(margins or {})
    known = {name for row in covariates.values() for name in row}
    for name in {*(t.column for t in parsed), *(t.over for t in parsed if t.over), *named, *named.values()}:
        if name not in known:
            raise TableError(f"no column {name} of numbers in the covariates. They have: {', '.join(sorted(known))}")
    named = {name: f"{name}_moe" for name in known if f"{name}_moe" in known} | named
    dated = {county: (state, day) for county, (state, day) in activations.items() if day is not None}
    kept = {c: v for c in dated if (v := _values(covariates.get(c, {}), parsed, named)) is not None}
    if len(kept) < 10 * len(parsed) + 10:
        raise TableError(
            f"{len(kept)} counties have a date and every covariate: expected {10 * len(parsed) + 10} or more for "
            f"{len(parsed)} terms. Are the counties keyed by the same five digits?"
        )
    first = min(dated[c][1] for c in kept)
    raw = np.array(list(kept.values()))
    deviation = raw[:, 0].std(axis=0, ddof=1)
    for term, size in zip(parsed, deviation, strict=True):
        if not size > 0:
            raise TableError(f"term {term.text!r} is the same for all counties: leave it out")
    table = _Table(
        days=np.array([(dated[c][1] - first).days for c in kept], dtype=float),
        state=np.unique([dated[c][0] for c in kept], return_inverse=True)[1],
        values=(raw[:, 0] - raw[:, 0].mean(axis=0)) / deviation,
        noise=raw[:, 1] / deviation,
    )
    single = [s for s in np.unique(table.state) if len(set(table.days[table.state == s])) == 1]
    within = ~np.isin(table.state, single)
    warnings = _warnings(len(activations) - len(dated), len(np.unique(table.state)), len(single))
    names = [t.text for t in parsed]
    models = [_linear("national", table, names, rounds, seed)]
    if len(np.unique(table.state[within])) >= MIN_CLUSTERS:
        staged = _Table(*(getattr(table, f)[within] for f in ("days", "state", "values", "noise")))
        models += [_linear("within", staged, names, rounds, seed), _hazard(staged, names)]
    return Order(
        first=first,
        last=max(dated[c][1] for c in kept),
        counties=len(kept),
        left_out=len(dated) - len(kept),
        without_date=len(activations) - len(dated),
        single_day_states=len(single),
        deviations=dict(zip(names, deviation.tolist(), strict=True)),
        models=tuple(models),
        warnings=warnings,
    )


def _warnings(without_date: int, states: int, single: int) -> tuple[str, ...]:
    """What stands against the numbers.

    Raises:
        TableError: when there are too few states for errors clustered by state.
    """
    found = []
    if without_date:
        found.append(
            f"{without_date} counties have no date and are left out: when they came, or whether they did, is unknown, "
            "so this describes the order of the others only"
        )
    found += few_clusters(
        states, "states", "bring dates and covariates for counties of more states; so few tell nothing about others"
    )
    within = states - single
    if within < MIN_CLUSTERS:
        found.append(
            f"{within} states have counties with different days: {MIN_CLUSTERS} or more are needed for the models "
            "within states, which are left out"
        )
    elif states != within:
        found += [f"within states, {text}" for text in few_clusters(within, "states", "")]
    return tuple(found)


def _values(
    row: Mapping[str, float], terms: Sequence[Term], margins: Mapping[str, str]
) -> tuple[list[float], list[float]] | None:
    """Values of the terms and their standard errors for one county; nothing when one cannot be computed."""
    values, errors = [], []
    for term in terms:
        top, bottom = row.get(term.column), row.get(term.over) if term.over else 1.0
        if top is None or not bottom or (term.is_log and top <= 0):
            return None
        error = max(0.0, row.get(margins.get(term.column, ""), 0.0)) / Z_90
        below = max(0.0, row.get(margins.get(term.over, ""), 0.0)) / Z_90
        value = top / bottom
        values.append(math.log(top) if term.is_log else value)
        errors.append(error / top if term.is_log else math.hypot(error, value * below) / bottom)
    return values, errors


def _centred(columns: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Columns less the mean of their state."""
    count = np.bincount(state)
    means = np.stack([np.bincount(state, c) for c in columns.T], axis=1) / np.maximum(count, 1)[:, None]
    centred: np.ndarray = columns - means[state]
    return centred


def _linear(name: str, table: _Table, terms: Sequence[str], rounds: int, seed: int) -> Model:
    """Least squares of days, clustered by state."""
    state = np.unique(table.state, return_inverse=True)[1]

    def design(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if name == "within":
            return _centred(table.days[:, None], state)[:, 0], _centred(values, state)
        return table.days, np.column_stack([values, np.ones(len(values))])

    days, columns = design(table.values)
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        raise TableError("the terms say the same thing twice, or do not vary within states: leave one out")
    fit = sm.OLS(days, columns).fit(cov_type="cluster", cov_kwds={"groups": state, "use_correction": True}, use_t=True)
    bare = _extrapolated(table, design, rounds, seed)
    limits = fit.conf_int(0.05)
    return Model(
        name=name,
        counties=len(days),
        states=int(state.max()) + 1,
        explained=float(1 - fit.ssr / ((days - days.mean()) ** 2).sum()),
        coefficients=tuple(
            Coefficient(
                term=term,
                per_deviation=float(fit.params[n]),
                error=float(fit.bse[n]),
                interval_95=Interval(float(limits[n][0]), float(limits[n][1])),
                p=float(fit.pvalues[n]),
                without_noise=None if bare is None else float(bare[n]),
            )
            for n, term in enumerate(terms)
        ),
    )


def _extrapolated(table: _Table, design: Any, rounds: int, seed: int) -> np.ndarray | None:
    """Coefficients with 0.5, 1, 1.5 and 2 times the variance of the margins added, extrapolated to none at all."""
    if not table.noise.any():
        return None
    rng = np.random.default_rng(seed)
    levels = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    means = []
    for level in levels:
        fits = []
        for _ in range(rounds if level else 1):
            noisy = table.values + math.sqrt(level) * table.noise * rng.standard_normal(table.values.shape)
            days, columns = design(noisy)
            fits.append(np.linalg.lstsq(columns, days, rcond=None)[0])
        means.append(np.mean(fits, axis=0))
    curve = np.polynomial.polynomial.polyfit(levels, np.array(means), 2)
    return np.asarray(np.polynomial.polynomial.polyval(-1.0, curve))


def _hazard(table: _Table, terms: Sequence[str]) -> Model:
    """Cox's model with a baseline of its own for each state; ties by Efron's method."""
    state = np.unique(table.state, return_inverse=True)[1]
    fit = sm.PHReg(table.days + 1, table.values, strata=state, ties="efron").fit(groups=state, disp=0)
    limits = fit.conf_int(0.05)
    return Model(
        name="hazard",
        counties=len(table.days),
        states=int(state.max()) + 1,
        explained=None,
        coefficients=tuple(
            Coefficient(
                term=term,
                per_deviation=float(fit.params[n]),
                error=float(fit.bse[n]),
                interval_95=Interval(float(limits[n][0]), float(limits[n][1])),
                p=float(fit.pvalues[n]),
            )
            for n, term in enumerate(terms)
        ),
    )
