"""What the planted-bias study says: tables for people, and the picture of power."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from scipy import stats

from bench.monitor import HORIZON, METHODS, RULES, SCENARIOS, SIZES, VOLUMES, Planted, Run
from tenprint.monitor.rule import Rule

PAGE = Path("docs/explanation/monitor-study.md")
PICTURE = Path("docs/pictures/monitor-power.svg")
TITLES = {
    "nothing": "nothing wrong", "pretext": "pretext arrests for traffic", "victims": "victims booked",
    "agency": "one bad agency in a good county", "change": "a change after activation",
}  # fmt: skip
ENOUGH = 10
"""Planted counties below which the picture shows no power."""
_BEGIN, _END = "<!-- study: written by python -m bench.monitor --write -->", "<!-- end of study -->"
Table = tuple[str, Sequence[str], list[Sequence[str]]]


def of(runs: Iterable[Run], scenario: str) -> list[Run]:
    return [r for r in runs if r.scenario == scenario]


def false_share(runs: Sequence[Run], rule: str) -> tuple[float, float, float]:
    """False discovery rate: the mean over countries of the share of flags that are wrong; its 95% interval.

    Where nothing is wrong the share of one country is none or all, so the interval is exact (Clopper and Pearson).
    """
    shares = []
    for run in runs:
        mine = [one.right for one in run.said if one.rule == rule]
        shares.append(1 - sum(mine) / len(mine) if mine else 0.0)
    mean, n = float(np.mean(shares)), len(shares)
    if set(shares) <= {0.0, 1.0}:
        hits = round(mean * n)
        low = float(stats.beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
        return mean, low, float(stats.beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
    reach = 1.96 * float(np.std(shares, ddof=1)) / math.sqrt(n)
    return mean, max(0.0, mean - reach), min(1.0, mean + reach)


def false_table(runs: Sequence[Run], level: float) -> Table:
    rows = []
    for scenario in SCENARIOS:
        mine = of(runs, scenario)
        for rule in RULES:
            flags = [sum(s.rule == rule for s in r.said) for r in mine]
            wrong = [sum(s.rule == rule and not s.right for s in r.said) for r in mine]
            mean, low, high = false_share(mine, rule)
            any_wrong = 100 * np.mean([w > 0 for w in wrong])
            rate = f"{100 * mean:.1f}% ({100 * low:.1f} to {100 * high:.1f})"
            rows.append((
                TITLES[scenario], rule, str(len(mine)), f"{np.mean(flags):.2f}", f"{np.mean(wrong):.2f}",
                f"{any_wrong:.1f}%", rate,
            ))  # fmt: skip
    columns = (
        "What is planted", "Rule", "Countries", "Flags a country", "False flags a country",
        "Countries with a false flag", "False discovery rate (95% interval)",
    )  # fmt: skip
    quarters = {s: of(runs, s)[0].quarters for s in SCENARIOS}
    title = (
        f"False flags. Stated level {level:.0%} over the whole "
        f"sequence; {quarters['nothing']} quarters reviewed where nothing is wrong, {quarters['pretext']} elsewhere"
    )
    return title, columns, rows


def seen(planted: Sequence[Planted], key: str) -> str:
    if not planted:
        return "–"
    hits = sum(key in p.first for p in planted)
    return f"{100 * hits / len(planted):.0f}% of {len(planted)}"


def planted_in(runs: Iterable[Run], scenario: str) -> list[Planted]:
    return [p for r in of(runs, scenario) for p in r.planted]


def within(planted: Iterable[Planted], size: float | None, volume: tuple[int, float] | None) -> list[Planted]:
    return [
        p for p in planted
        if (size is None or p.size == size) and (volume is None or volume[0] <= p.bookings < volume[1])
    ]  # fmt: skip


def volume_name(volume: tuple[int, float]) -> str:
    low, high = volume
    return f"under {high:,}" if not low else f"{low:,} and more" if high >= 10**9 else f"{low:,} to {high - 1:,}"


def power_tables(runs: Sequence[Run]) -> list[Table]:
    made = []
    for scenario in SCENARIOS[1:]:
        planted = planted_in(runs, scenario)
        rows = [
            (f"+{100 * size:.0f} points", *(seen(within(planted, size, v), "registered rule") for v in VOLUMES),
             seen(within(planted, size, None), "registered rule"))
            for size in SIZES
        ]  # fmt: skip
        columns = ("Effect", *(f"{volume_name(v)} bookings a quarter" for v in VOLUMES), "All counties")
        title = f"Power of the registered rule, {TITLES[scenario]}: counties flagged within {HORIZON} quarters"
        made.append((title, columns, rows))
    return made


def method_table(runs: Sequence[Run]) -> Table:
    keys = [*(f"registered rule: {m}" for m in METHODS), *RULES]
    rows = []
    for scenario in SCENARIOS[1:]:
        planted = [p for p in planted_in(runs, scenario) if p.size >= 0.2 and p.bookings >= 75]
        rows.append((TITLES[scenario], *(seen(planted, k) for k in keys)))
    columns = ("What is planted", "Funnel", "Agency funnel", "Change", "All of the rule", "Two sigma", "Interquartile")
    title = "By method: counties of 75 bookings a quarter or more, raised by 20 or 30 points, flagged within"
    return f"{title} {HORIZON} quarters", columns, rows


def delay_table(runs: Sequence[Run]) -> Table:
    rows = []
    for scenario in SCENARIOS[1:]:
        planted = planted_in(runs, scenario)
        for key in ("registered rule", *(f"registered rule: {m}" for m in METHODS)):
            delays = [p.first[key] for p in planted if key in p.first]
            if delays:
                parts = (f"{100 * np.mean([d == n for d in delays]):.0f}%" for n in range(HORIZON))
                rows.append((TITLES[scenario], key.partition(": ")[2] or "all of the rule", str(len(delays)),
                             f"{np.mean(delays):.2f}", *parts))  # fmt: skip
    columns = (
        "What is planted",
        "Method",
        "Counties flagged",
        "Mean delay, quarters",
        "in the first",
        "second",
        "third",
        "fourth",
    )
    return f"Delay: of the counties flagged within {HORIZON} quarters of the beginning, when", columns, rows


def tables(runs: Sequence[Run], rule: Rule) -> list[Table]:
    return [false_table(runs, rule.level), *power_tables(runs), method_table(runs), delay_table(runs)]


def text(runs: Sequence[Run], rule: Rule) -> str:
    """The tables for a terminal."""
    lines = []
    for title, columns, rows in tables(runs, rule):
        widths = [max(len(str(c)) for c in column) for column in zip(columns, *rows, strict=True)]
        lines += ["", title]
        lines += ["  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in (columns, *rows)]
    return "\n".join(lines)


def headline(runs: Sequence[Run], rule: Rule) -> dict[str, Any]:
    """The figures that the claim stands on, and the peers in the same run."""
    quiet = of(runs, "nothing")
    rates = {s: round(false_share(of(runs, s), "registered rule")[0], 4) for s in SCENARIOS}
    false = {r: sum(s.rule == r for x in quiet for s in x.said) / len(quiet) / quiet[0].quarters for r in RULES}
    return {
        "level": rule.level, "false_discovery_rate": rates,
        "upper_95": round(false_share(quiet, "registered rule")[2], 4),
        "false_flags_a_quarter": {r: round(v, 4) for r, v in false.items()},
        "ratio_two_sigma": ratio(false["two sigma"], false["registered rule"]),
        "ratio_interquartile": ratio(false["interquartile"], false["registered rule"]),
    }  # fmt: skip


def ratio(theirs: float, ours: float) -> int | None:
    """How many times as many; nothing where ours are none."""
    return round(theirs / ours) if ours else None


def markdown(runs: Sequence[Run], rule: Rule) -> str:
    lines = [f"Rule `{rule.id}`."]
    for title, columns, rows in tables(runs, rule):
        lines += ["", f"**{title}**", "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def picture(runs: Sequence[Run]) -> str:
    """Power against effect size, a line for each size of county, a panel for each thing that is wrong."""
    names = [volume_name(v) for v in VOLUMES]
    rows = [
        {"what": TITLES[scenario], "size": round(100 * size), "volume": names[n],
         "power": sum("registered rule" in p.first for p in mine) / len(mine)}
        for scenario in SCENARIOS[1:] for size in SIZES for n, v in enumerate(VOLUMES)
        if len(mine := within(planted_in(runs, scenario), size, v)) >= ENOUGH
    ]  # fmt: skip
    whole = alt.Scale(domain=[0, 1])
    share = alt.Y("power:Q", title="Flagged within four quarters", scale=whole, axis=alt.Axis(format=".0%"))
    rise = alt.X("size:Q", title="Rise of the share, points", axis=alt.Axis(values=[100 * s for s in SIZES]))
    base = alt.Chart(alt.Data(values=rows)).encode(x=rise, y=share)
    legend = alt.Legend(title="Bookings of the county in a quarter", orient="bottom", symbolSize=140)
    dashes = alt.Scale(domain=names, range=[[1, 3], [4, 3], [9, 3], [1, 0]])
    shapes = alt.Scale(domain=names, range=["circle", "square", "triangle", "diamond"])
    line = base.mark_line(stroke="#1b1b1b").encode(strokeDash=alt.StrokeDash("volume:N", legend=legend, scale=dashes))
    marks = base.mark_point(filled=True, opacity=1, size=45, fill="#1b1b1b").encode(
        shape=alt.Shape("volume:N", legend=None, scale=shapes)
    )
    plain = {"titleFontWeight": "normal", "titleFontSize": 11, "labelFontSize": 11}
    facet = alt.Facet("what:N", title=None, sort=[TITLES[s] for s in SCENARIOS[1:]])
    chart = alt.layer(line, marks).properties(width=270, height=170).facet(facet, columns=2)
    chart = chart.configure(font="sans-serif", background="white", padding=8).configure_view(stroke=None)
    chart = chart.configure_axis(grid=False, **plain).configure_legend(titleLimit=400, columnPadding=16, **plain)
    return re.sub(r' aria-[a-z]+="[^"]*"', "", str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False))))


def write(runs: Sequence[Run], rule: Rule, root: Path) -> list[Path]:
    """Put the tables between their marks in the page, and the picture beside it."""
    page, drawn = root / PAGE, root / PICTURE
    before, _, rest = page.read_text().partition(_BEGIN)
    after = rest.partition(_END)[2]
    page.write_text(f"{before}{_BEGIN}\n{markdown(runs, rule)}\n{_END}{after}")
    drawn.write_text(picture(runs) + "\n")
    return [page, drawn]
