"""Methods of the monitor on a user's own tables: commands of the group `monitor` that flag nothing and open no case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import FINDINGS, Json, emit, err, existing, fail, out

if TYPE_CHECKING:
    from tenprint.monitor.review import Interval

app = typer.Typer(rich_markup_mode=None)

WANTED = "this needs the extra `statistics` ({} is missing): pip install tenprint[statistics]"

Counts = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="CSV: unit, group, cases, acted_on, confirmed.", show_default=False),
]
CountsOfActions = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="CSV: unit, group, acted_on, confirmed. A column cases is not needed.", show_default=False
    ),
]
LabelsFrom = Annotated[
    str,
    typer.Option(
        "--labels-from",
        help="Who said which group a person belongs to, such as 'self-reported at booking'. Groups are never inferred.",
        show_default=False,
    ),
]
Column = Annotated[
    list[str] | None,
    typer.Option("--column", help="OURS=THEIRS: how the file calls a column of ours. May be repeated."),
]
Against = Annotated[str, typer.Option("--against", help="Group compared with. Default: the first of the table.")]


@contextmanager
def usable() -> Iterator[None]:
    """Turns what is wrong with a table or a machine into a refusal."""
    from tenprint.monitor.tables import TableError

    try:
        yield
    except TableError as error:
        fail(str(error))
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("tenprint"):
            raise
        fail(WANTED.format(missing.name))


def pairs(options: list[str] | None, name: str) -> dict[str, str]:
    """``OURS=THEIRS`` options as a table."""
    found = {}
    for text in options or []:
        ours, _, theirs = text.partition("=")
        if not (ours and theirs):
            fail(f"{name}: expected OURS=THEIRS, got {text!r}")
        found[ours.strip()] = theirs.strip()
    return found


def between(interval: Interval | None, form: str = ".1%") -> str:
    """An interval in words."""
    return "not known" if interval is None else f"{interval.low:{form}} to {interval.high:{form}}"


def points(share: float, form: str = "+.1f") -> str:
    """A difference of shares: points, since a percentage could be read as a part of the share."""
    return f"{100 * share:{form}} points"


def points_between(interval: Interval | None) -> str:
    """An interval of a difference of shares in words."""
    return "not known" if interval is None else f"{100 * interval.low:+.1f} to {100 * interval.high:+.1f}"


def warn(warnings: tuple[str, ...]) -> None:
    """Warnings beside the result that they are about."""
    for text in warnings:
        out.print(f"Warning: {text}.", markup=False)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns with a heading: the first to the left, numbers to the right; nothing is cut off."""
    width = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    for row in (head, *rows):
        cells = [cell.rjust(width[n]) if n else cell.ljust(width[0]) for n, cell in enumerate(row)]
        out.print("  ".join(cells).rstrip(), markup=False)


@app.command()
def outcome(
    file: CountsOfActions, labels_from: LabelsFrom, column: Column = None, against: Against = "", json: Json = False
) -> None:
    """Outcome test: of those acted upon, in what share was it confirmed, group by group.

    Example: tenprint monitor outcome searches.csv --labels-from "self-reported at booking, Example County jail"
    """
    import msgspec

    with usable():
        from tenprint.monitor.outcome import outcome_test, read

        found = outcome_test(read(existing(file), labels_from, pairs(column, "--column")), against or None)
    if json:
        emit(msgspec.to_builtins(found))
        return
    out.print(f"Groups: {found.labels_from}", markup=False)
    table(
        ("group", "acted on", "confirmed", "share", "95 % interval"),
        [
            (
                rate.group,
                f"{rate.acted_on:,}",
                f"{rate.confirmed:,}",
                "" if rate.rate is None else f"{rate.rate:.1%}",
                between(rate.interval_95),
            )
            for rate in found.rates
        ],
    )
    for d in found.differences:
        out.print(
            f"{d.group} less {d.against}: {points(d.crude)} over all ({points_between(d.crude_95)}); "
            + (
                "no two units acted on both."
                if d.pooled is None
                else f"{points(d.pooled)} within units ({points_between(d.pooled_95)}), lower in {d.lower_in} of "
                f"{d.units}; beyond chance, units differ with a standard deviation of {points(d.between or 0, '.1f')} "
                f"(p {d.heterogeneity_p:.2g})."
            ),
            markup=False,
        )
    out.print(found.caution, markup=False)


@app.command()
def threshold(
    file: Counts,
    labels_from: LabelsFrom,
    column: Column = None,
    against: Against = "",
    signal: Annotated[
        Literal["beta", "discriminant"], typer.Option("--signal", help="As published in 2017, or the variant of 2018.")
    ] = "beta",
    draws: Annotated[int, typer.Option("--draws", min=50, help="Draws of each chain, and as many of warm-up.")] = 500,
    chains: Annotated[int, typer.Option("--chains", min=2, help="Independent chains.")] = 4,
    seed: Annotated[int, typer.Option("--seed", help="Of the sampler.")] = 1,
    json: Json = False,
) -> None:
    """Threshold test: how sure somebody must have been before acting, group by group. Takes a minute or more.

    Exits with 1 when the sampler or the model cannot be trusted; what is wrong is said.

    Example: tenprint monitor threshold searches.csv --labels-from "self-reported at booking, Example County jail"
    """
    import msgspec

    with usable():
        from tenprint.monitor.outcome import read
        from tenprint.monitor.threshold import threshold_test

        found = threshold_test(
            read(existing(file), labels_from, pairs(column, "--column")),
            signal=signal,
            against=against or None,
            chains=chains,
            warm_up=draws,
            draws=draws,
            seed=seed,
        )
    if json:
        emit(msgspec.to_builtins(found))
    else:
        _print_thresholds(found)
    for problem in found.diagnostics.problems:
        err.print(f"Do not use this: {problem}.", markup=False)
    if found.diagnostics.problems:
        raise typer.Exit(FINDINGS)


def _print_thresholds(found: Any) -> None:
    out.print(f"Groups: {found.labels_from}", markup=False)
    table(
        ("group", "bar", "95 % interval"),
        [(bar.group, f"{bar.threshold:.1%}", between(bar.interval_95)) for bar in found.overall],
    )
    for c in found.contrasts:
        out.print(
            f"{c.group} less {c.against}: {points(c.difference)} ({points_between(c.interval_95)}); "
            f"probability that it is the lower bar {c.lower:.1%}.",
            markup=False,
        )
    d = found.diagnostics
    out.print(
        f"Sampler: {d.chains} chains of {d.draws} draws, r-hat {d.largest_r_hat:.3f}, effective sample "
        f"{d.smallest_effective_sample:.0f}, {d.divergent} divergent. The model misses the rate of action by "
        f"{points(d.acted_on_error, '.2f')} (p {d.acted_on_p:.3f}) and the share confirmed by "
        f"{points(d.confirmed_error, '.2f')} "
        f"(p {d.confirmed_p:.3f}).",
        markup=False,
    )
    if found.left_out:
        out.print(f"Left out, nobody was acted on: {'; '.join(found.left_out)}", markup=False)
    out.print(found.caution, markup=False)


@app.command()
def events(
    panel: Annotated[
        Path,
        typer.Argument(
            metavar="PANEL",
            help="CSV: unit, quarter, and outcome, or numerator and denominator; active_on unless --activations.",
            show_default=False,
        ),
    ],
    activations: Annotated[
        Path | None, typer.Option("--activations", help="CSV with the first active day: fips, state, activation_date.")
    ] = None,
    comparison: Annotated[
        Literal["never", "not-yet"],
        typer.Option(
            "--comparison",
            help="Against places not active yet, or never: by the end of the panel (which then must end early).",
        ),
    ] = "not-yet",
    by_state: Annotated[
        bool,
        typer.Option("--by-state", help="Errors by state; needs --activations, 3 states or more, better 10 or more."),
    ] = False,
    column: Column = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the bootstrap behind the bands.")] = 1,
    json: Json = False,
) -> None:
    """Event study: what changed in places after activation, against places that were not active.

    Example: tenprint monitor events panel.csv --activations activations.csv --comparison not-yet --by-state
    """
    import msgspec

    from tenprint.monitor.tables import quarter_name

    if by_state and activations is None:
        fail("--by-state: expected --activations, whose column state says which state a county is in")
    with usable():
        from tenprint.monitor.events import event_study, read
        from tenprint.monitor.order import read_activations

        calendar = read_activations(existing(activations)) if activations else None
        days = {county: day for county, (_, day) in calendar.items() if day} if calendar is not None else None
        states = {county: state for county, (state, _) in (calendar or {}).items() if state} if by_state else None
        table_ = read(existing(panel), days, pairs(column, "--column"))
        found = event_study(table_, comparison=comparison, clusters=states, seed=seed)
    if json:
        emit(msgspec.to_builtins(found))
        return
    out.print(
        f"{found.units} places, {found.never} of them not active by the end; compared with "
        f"{'places not active by the end' if comparison == 'never' else 'places not active yet'}.",
        markup=False,
    )
    for reason, number in found.left_out.items():
        out.print(f"Left out: {number} ({reason}).", markup=False)
    warn(found.warnings)
    out.print(
        "From 0 on, effects are measured from the last quarter before activation; below 0, each from the quarter just "
        "before it.",
        markup=False,
    )
    table(
        ("quarters since activation", "effect", "95 % interval", "95 % for all together", "places"),
        [
            (
                f"{row.after:+d}",
                f"{row.effect:+.4f}",
                between(row.interval_95, "+.4f"),
                between(row.uniform_95, "+.4f"),
                str(row.units),
            )
            for row in found.by_event_time
        ],
    )
    out.print(
        f"Mean effect since activation {found.overall:+.4f}, standard error {found.overall_error:.4f}.", markup=False
    )
    if found.after_first is not None:
        out.print(
            f"Without quarter 0, of which places were active for a part only: {found.after_first:+.4f}, standard error "
            f"{found.after_first_error:.4f}.",
            markup=False,
        )
    trends = (
        "cannot be tested here" if found.pre_trend_p is None else f"test of no difference: p {found.pre_trend_p:.3f}"
    )
    out.print(f"Trends before activation: {trends}. A high p does not prove that there were none.", markup=False)
    for effect in {e.start: e for e in found.effects if e.units < 5}.values():
        out.print(f"Only {effect.units} places joined in {quarter_name(effect.start)}: read with care.", markup=False)


@app.command()
def order(
    activations: Annotated[
        Path, typer.Option("--activations", help="CSV: fips, state, activation_date.", show_default=False)
    ],
    covariates: Annotated[
        list[Path],
        typer.Option("--covariates", help="CSV keyed by fips, or by STATE and COUNTY. Repeatable.", show_default=False),
    ],
    term: Annotated[
        list[str],
        typer.Option("--term", help="NAME, log(NAME) or NAME/NAME of columns. Repeatable.", show_default=False),
    ],
    year: Annotated[int | None, typer.Option("--year", help="Year to take from files that have several.")] = None,
    margin: Annotated[
        list[str] | None,
        typer.Option("--margin", help="COLUMN=COLUMN: which column holds the 90 % margin of which. Repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the simulation over margins.")] = 1,
    json: Json = False,
) -> None:
    """The order of deployment examined: which counties came early, and what they have in common.

    It describes an order that was decided elsewhere; nothing in tenprint makes one.

    Example: tenprint monitor order --activations activations.csv --covariates noncitizens.csv --covariates people.csv
    --year 2009 --term "log(CENSUS2010POP)" --term noncit_pop/CENSUS2010POP --margin noncit_pop=moe
    """
    import msgspec

    with usable():
        from tenprint.monitor.order import order_of_deployment, read_activations, read_covariates

        found = order_of_deployment(
            read_activations(existing(activations)),
            read_covariates([existing(file) for file in covariates], year),
            term,
            margins=pairs(margin, "--margin"),
            seed=seed,
        )
    if json:
        emit(msgspec.to_builtins(found))
        return
    out.print(
        f"{found.counties} counties, first {found.first}, last {found.last}; {found.without_date} left out for want of "
        f"a date, {found.left_out} for want of a covariate; {found.single_day_states} states came on one day and "
        "say nothing about order within states.",
        markup=False,
    )
    warn(found.warnings)
    words = {
        "national": "Days, counties of all states",
        "within": "Days, against other counties of the same state",
        "hazard": "Log hazard of activation within states (above 0: earlier)",
    }
    for model in found.models:
        explained = "" if model.explained is None else f", {model.explained:.1%} of the variance"
        out.print(f"\n{words[model.name]}: {model.counties} counties, {model.states} states{explained}", markup=False)
        form = "+.3f" if model.name == "hazard" else "+.1f"
        table(
            ("term", "one deviation is", "effect of one", "95 % interval", "p", "without margins"),
            [
                (
                    c.term,
                    f"{found.deviations[c.term]:.3g}",
                    f"{c.per_deviation:{form}}",
                    between(c.interval_95, form),
                    f"{c.p:.2g}",
                    "" if c.without_noise is None else f"{c.without_noise:{form}}",
                )
                for c in model.coefficients
            ],
        )
    out.print("\n" + found.caution, markup=False)
