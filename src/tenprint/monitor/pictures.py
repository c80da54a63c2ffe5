"""Pictures of a review as SVG, drawn without a browser: funnels, intervals, before and after, each with its words.

Readable in grey print: what matters is told by shape and label, never by color alone. Places stand in alphabetical
order.

Source of funnels with interpolated exact limits: Spiegelhalter, *Funnel plots for comparing institutional
performance*, Statistics in Medicine 24 (2005).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import msgspec
import numpy as np
import vl_convert
from numpy.typing import NDArray
from scipy import stats

from tenprint.monitor.review import Change, Metric, Reading, Unit

LARGEST = 12
"""Of the units that are not flagged, so many of the largest stand in the picture of intervals."""
INK, GREY, PALE = "#1b1b1b", "#6b6b6b", "#b5b5b5"
_PROBABILITIES = {"95": 0.025, "99.8": 0.001}
Real = NDArray[np.float64]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture and what it shows in words."""

    svg: str
    about: str
    """What there is to see, for people who do not see it."""


def name_of(unit: Unit) -> str:
    """A county by its name and state, an agency by its identifier too."""
    county = ", ".join(part for part in (unit.county, unit.state) if part) or unit.jurisdiction
    return f"{county}: {unit.ori}" if unit.ori else county


def alphabetical(readings: Sequence[Any]) -> list[Any]:
    """Readings or changes by the names of their places, never by what was found."""
    return sorted(readings, key=lambda r: (r.unit.state, r.unit.county, r.unit.jurisdiction, r.unit.ori))


def percent(share: float | None, digits: int = 1) -> str:
    """A share in words: ``31.2%``; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.{digits}f}%"


def funnel(metric: Metric, readings: Sequence[Reading], *, font: str = "sans-serif") -> Picture | None:
    """Adjusted share against volume; nothing when no unit has a share.

    Args:
        metric: Gives overall share and overdispersion.
        readings: Counties, or booking agencies.
        font: Family of the letters.
    """
    seen = [r for r in alphabetical(readings) if r.adjusted is not None and r.denominator > 0]
    if not seen or metric.share is None:
        return None
    largest = max(r.denominator for r in seen)
    volumes = np.unique(np.geomspace(min(r.denominator for r in seen), max(largest, 2), 60).round().astype(np.int64))
    lines = [
        {"cases": int(n), "limit": f"{'wide' if wide else 'exact'} {name}", "side": side, "share": float(value)}
        for wide in (False, True)
        for name, tail in _PROBABILITIES.items()
        for n in volumes
        for side, value in zip(
            ("low", "high"), limits(int(n), metric.share, metric.between if wide else 0.0, tail), strict=True
        )
    ]
    top = 1.08 * max(*(float(r.adjusted or 0) for r in seen), _usual_top(lines, seen))
    points = [
        {"cases": r.denominator, "share": r.adjusted, "kind": _kind(r), "name": name_of(r.unit) if r.flagged else ""}
        for r in seen
    ]
    _place_labels(points, top)
    return Picture(svg=_svg(_funnel_layers(lines, points, metric.share, top), font), about=_about_funnel(metric, seen))


def _usual_top(lines: list[dict[str, Any]], seen: list[Reading]) -> float:
    """The upper wide limit at the size of the larger units: the lines of smaller ones may leave the picture."""
    size = float(np.quantile([r.denominator for r in seen], 0.75))
    return max((x["share"] for x in lines if x["limit"] == "wide 99.8" and x["cases"] >= size), default=0.0)


def limits(cases: int, share: float, between: float, tail: float) -> tuple[float, float]:
    """Limits of a share at a volume, interpolated between whole counts so that lines are smooth.

    Args:
        cases: Volume.
        share: Expected, 0..1.
        between: Standard deviation between units on the scale of the ratio; 0: chance alone.
        tail: Probability outside of each limit.
    """
    k = np.arange(cases + 1)
    share = min(max(share, 1e-9), 1 - 1e-9)
    weight = 1 / (between**2 * share / (1 - share)) - 1 if between > 0 else np.inf
    drawn = (
        stats.betabinom.pmf(k, cases, share * weight, (1 - share) * weight)
        if 0 < weight < 1e7
        else stats.binom.pmf(k, cases, share)
    )
    below = np.cumsum(drawn)
    return _crossing(below, tail) / cases, min(_crossing(below, 1 - tail) / cases, 1.0)


def _crossing(below: Real, tail: float) -> float:
    """The count at which a cumulative distribution crosses a probability, between whole counts."""
    at = int(np.searchsorted(below, tail))
    if at >= len(below):
        return float(len(below) - 1)
    before = float(below[at - 1]) if at else 0.0
    return max(at - 1 + (tail - before) / max(float(below[at]) - before, 1e-300), 0.0)


def _kind(reading: Reading) -> str:
    if reading.flagged:
        return "flagged"
    return "not tested" if reading.p is None else "not flagged"


def _place_labels(points: list[dict[str, Any]], top: float, height: float = 320.0) -> None:
    """Height of each label: at its point, moved down where the one above would be written over."""
    last = np.inf
    for point in sorted((p for p in points if p["name"]), key=lambda p: -p["share"]):
        place = min(point["share"], last - 13.0 / height * top)
        point["label"], last = place, place


def _data(rows: Sequence[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _funnel_layers(lines: list[dict[str, Any]], points: list[dict[str, Any]], share: float, top: float) -> Any:
    x = alt.X(
        "cases:Q",
        title="Cases (logarithmic scale: equal steps multiply)",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(format=",d", values=_decades(points)),
    )
    y = alt.Y(
        "share:Q",
        title="Share, adjusted for case mix",
        scale=alt.Scale(domain=[0, top], clamp=False, nice=False),
        axis=alt.Axis(format=".0%"),
    )
    limit = (
        alt.Chart(_data(lines))
        .mark_line(clip=True)
        .encode(
            x=x,
            y=y,
            detail="side:N",
            strokeDash=alt.StrokeDash(
                "limit:N",
                legend=alt.Legend(title="Limits", labelExpr="datum.label + '%'", symbolSize=500, columnPadding=14),
                scale=alt.Scale(
                    domain=["exact 95", "exact 99.8", "wide 95", "wide 99.8"], range=[[1, 3], [5, 3], [8, 4], [1, 0]]
                ),
            ),
            stroke=alt.Stroke(
                "limit:N",
                scale=alt.Scale(
                    domain=["exact 95", "exact 99.8", "wide 95", "wide 99.8"], range=[GREY, GREY, INK, INK]
                ),
            ),
            strokeWidth=alt.value(1),
        )
    )
    overall = alt.Chart(_data([{"share": share}])).mark_rule(stroke=GREY, strokeWidth=1).encode(y=y)
    kinds = ["not tested", "not flagged", "flagged"]
    dots = (
        alt.Chart(_data(points))
        .mark_point(clip=True, filled=True, opacity=1, strokeWidth=1)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "kind:N",
                legend=alt.Legend(title="Places", columnPadding=14),
                scale=alt.Scale(domain=kinds, range=["stroke", "circle", "diamond"]),
            ),
            fill=alt.Fill("kind:N", scale=alt.Scale(domain=kinds, range=["none", "#ffffff", INK])),
            stroke=alt.Stroke("kind:N", scale=alt.Scale(domain=kinds, range=[PALE, GREY, INK])),
            size=alt.Size("kind:N", scale=alt.Scale(domain=kinds, range=[28, 28, 110])),
        )
    )
    labelled = [p for p in points if p["name"]]
    right = max(p["cases"] for p in points) ** 0.62
    text = [
        alt.Chart(_data(side))
        .mark_text(align="left" if toward > 0 else "right", dx=9 * toward, fontSize=11, color=INK)
        .encode(x=x, y=alt.Y("label:Q"), text="name:N")
        for toward in (1, -1)
        if (side := [p for p in labelled if (p["cases"] <= right) == (toward > 0)])
    ]
    return (
        alt.layer(limit, overall, dots, *text)
        .resolve_scale(
            stroke="independent", fill="independent", shape="independent", strokeDash="independent", size="independent"
        )
        .properties(width=640, height=320)
    )


def _decades(points: list[dict[str, Any]]) -> list[int]:
    low, high = min(p["cases"] for p in points), max(p["cases"] for p in points)
    marks = [m * 10**e for e in range(9) for m in (1, 2, 5) if low <= m * 10**e <= high]
    return marks if len(marks) <= 9 else [m for m in marks if str(m)[0] == "1"]


def _about_funnel(metric: Metric, seen: list[Reading]) -> str:
    flagged, untested = [r for r in seen if r.flagged], sum(r.p is None for r in seen)
    what = "booking agencies" if seen[0].unit.ori else "counties"
    cases = [r.denominator for r in seen]
    words = (
        f"Each mark is one of {len(seen)} {what} with {min(cases):,} to {max(cases):,} cases, further right the more "
        f"cases, further up the larger the share. The level line is the overall share, {percent(metric.share)}. "
        "The other lines are limits for a place of average mix: dashed and grey where chance alone is allowed for "
        "(exact), black where it is also allowed for that places differ by themselves (wide). "
        "To be flagged takes more than to lie outside of a line: false flags are limited over all tests together. "
    )
    if untested:
        words += f"{untested} had too few cases to be tested. "
    if not flagged:
        return words + "None is flagged."
    named = "; ".join(
        f"{name_of(r.unit)} ({percent(r.adjusted)} after adjustment, {r.denominator:,} cases)" for r in flagged
    )
    return words + f"Flagged, in alphabetical order: {named}."


def shown(readings: Sequence[Reading]) -> list[Reading]:
    """The flagged and the largest units, in alphabetical order."""
    estimated = [r for r in readings if r.shrunken is not None and r.shrunken_90 is not None]
    others = sorted((r for r in estimated if not r.flagged), key=lambda r: (-r.denominator, r.unit))
    return alphabetical([r for r in estimated if r.flagged] + others[:LARGEST])


def intervals(metric: Metric, *, font: str = "sans-serif") -> Picture | None:
    """Shrunken shares and ranks with their intervals, of the flagged and the largest counties."""
    chosen = shown(metric.readings)
    if not chosen or metric.share is None:
        return None
    ranks = [r.rank_90 for r in chosen if r.rank_90 is not None]
    rows = [
        {
            "name": name_of(r.unit),
            "flagged": "flagged" if r.flagged else "not flagged",
            "share": r.shrunken,
            "low": r.shrunken_90.low,
            "high": r.shrunken_90.high,
            "first": r.rank_90[0] if r.rank_90 else None,
            "last": r.rank_90[1] if r.rank_90 else None,
        }
        for r in chosen
        if r.shrunken_90 is not None
    ]
    ranked = sum(r.rank_90 is not None for r in metric.readings)
    about = (
        f"The flagged counties (diamonds) and the {len(chosen) - sum(r.flagged for r in chosen)} largest others "
        f"(circles), in alphabetical order. Left: the share after it was moved towards the overall share "
        f"({percent(metric.share)}, upright line) as far as few cases ask for, with its 90% interval. "
    )
    about += (
        f"Right: between which ranks of {ranked} the county lies, 90%; wide bars say that ranks mean little. "
        if ranks
        else ""
    )
    return Picture(
        svg=_svg(_interval_panels(rows, metric.share, ranked), font), about=about + "Numbers are in the table."
    )


def _interval_panels(rows: list[dict[str, Any]], share: float, ranked: int) -> Any:
    height = alt.Step(18)
    y = alt.Y("name:N", sort=[r["name"] for r in rows], title=None, axis=alt.Axis(labelLimit=260))
    bare = alt.Y("name:N", sort=[r["name"] for r in rows], title=None, axis=alt.Axis(labels=False, ticks=False))
    data = _data(rows)
    x = alt.X(
        "low:Q",
        title="Shrunken share, 90% interval",
        axis=alt.Axis(format=".0%", tickCount=6),
        scale=alt.Scale(zero=False),
    )
    left = alt.layer(
        alt.Chart(_data([{"share": share}])).mark_rule(stroke=GREY).encode(x="share:Q"),
        alt.Chart(data).mark_rule(stroke=INK).encode(y=y, x=x, x2="high:Q"),
        alt.Chart(data).mark_point(filled=True, opacity=1, stroke=INK).encode(y=y, x="share:Q", **_flag_marks()),
    ).properties(width=330, height=height)
    right = (
        alt.Chart(_data([r for r in rows if r["first"] is not None]))
        .mark_bar(height=6, color=GREY)
        .encode(
            y=bare,
            x=alt.X(
                "from:Q",
                title=f"Rank, 90% interval (1 to {ranked})",
                scale=alt.Scale(domain=[0.5, ranked + 0.5], nice=False),
                axis=alt.Axis(format="d", tickMinStep=1),
            ),
            x2="to:Q",
        )
        .transform_calculate(**{"from": "datum.first - 0.5", "to": "datum.last + 0.5"})
        .properties(width=230, height=height)
    )
    return alt.hconcat(left, right, spacing=14)


def _flag_marks() -> dict[str, Any]:
    kinds = ["not flagged", "flagged"]
    return {
        "shape": alt.Shape("flagged:N", legend=None, scale=alt.Scale(domain=kinds, range=["circle", "diamond"])),
        "fill": alt.Fill("flagged:N", legend=None, scale=alt.Scale(domain=kinds, range=["#ffffff", INK])),
        "size": alt.Size("flagged:N", legend=None, scale=alt.Scale(domain=kinds, range=[40, 110])),
    }


def before_and_after(metric: Metric, *, font: str = "sans-serif") -> Picture | None:
    """Shares before and after activation, and the difference against counties that were not active."""
    tested = [c for c in metric.changes if c.difference is not None and c.difference_90 is not None]
    others = sorted((c for c in tested if not c.flagged), key=lambda c: (-c.after[1], c.unit))
    chosen: list[Change] = alphabetical([c for c in tested if c.flagged] + others[:LARGEST])
    rows = [
        {
            "name": name_of(c.unit),
            "flagged": "flagged" if c.flagged else "not flagged",
            "before": c.before[0] / c.before[1],
            "after": c.after[0] / c.after[1],
            "difference": c.difference,
            "low": c.difference_90.low,
            "high": c.difference_90.high,
        }
        for c in chosen
        if c.before[1] and c.after[1] and c.difference_90 is not None
    ]
    if not rows:
        return None
    about = (
        f"{len(rows)} counties that were activated: the flagged ones (diamonds) and the largest others (circles), in "
        "alphabetical order. Left: a line from the share before activation (small tick) to the share since (mark). "
        "Right: by how much more it changed than in counties that were not active in all that time, with its 90% "
        "interval; the upright line is no difference. Numbers are in the table."
    )
    return Picture(svg=_svg(_change_panels(rows), font), about=about)


def _change_panels(rows: list[dict[str, Any]]) -> Any:
    height = alt.Step(18)
    order = [r["name"] for r in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    bare = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labels=False, ticks=False))
    data = _data(rows)
    axis = alt.Axis(format=".0%", tickCount=6)
    left = alt.layer(
        alt.Chart(data)
        .mark_rule(stroke=INK)
        .encode(
            y=y,
            x=alt.X("before:Q", title="Share before and after", axis=axis, scale=alt.Scale(zero=False)),
            x2="after:Q",
        ),
        alt.Chart(data).mark_tick(color=INK, thickness=2, size=11).encode(y=y, x="before:Q"),
        alt.Chart(data).mark_point(filled=True, opacity=1, stroke=INK).encode(y=y, x="after:Q", **_flag_marks()),
    ).properties(width=280, height=height)
    right = alt.layer(
        alt.Chart(_data([{"none": 0}])).mark_rule(stroke=GREY).encode(x="none:Q"),
        alt.Chart(data)
        .mark_rule(stroke=INK)
        .encode(y=bare, x=alt.X("low:Q", title="Change beyond that of counties not active", axis=axis), x2="high:Q"),
        alt.Chart(data)
        .mark_point(filled=True, opacity=1, stroke=INK)
        .encode(y=bare, x="difference:Q", **_flag_marks()),
    ).properties(width=280, height=height)
    return alt.hconcat(left, right, spacing=14)


def _svg(chart: Any, font: str) -> str:
    """The chart as SVG without scripts, addresses or roles of its own (its words stand beside it)."""
    labels = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    }
    chart = (
        chart.configure(
            font=font, background="white", aria=False, padding={"left": 28, "top": 6, "right": 8, "bottom": 6}
        )
        .configure_axis(grid=False, domainColor=GREY, tickColor=GREY, **labels)
        .configure_legend(orient="bottom", **labels)
        .configure_view(stroke=None)
    )
    found = str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False)))
    return _numbered(re.sub(r' (class|role|aria-[a-z]+)="[^"]*"', "", found))


def _numbered(svg: str) -> str:
    """Names inside of a picture counted from one: the drawing library counts on over the life of the program."""
    for number, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)), start=1):
        svg = re.sub(rf'(\bid="|#){re.escape(name)}(?=["\)])', rf"\g<1>part{number}", svg)
    return svg


def distinct(pictures: Sequence[str]) -> list[str]:
    """SVGs that can stand in one page: names inside of one are not those of another."""
    return [_renamed(svg, f"p{n}-") for n, svg in enumerate(pictures)]


def _renamed(svg: str, prefix: str) -> str:
    fresh: Callable[[re.Match[str]], str] = lambda m: f"{m[1]}{prefix}{m[2]}"  # noqa: E731
    return re.sub(r'((?:xlink:)?href="#)([^"]+)', fresh, re.sub(r'(\bid="|url\(#)([^")]+)', fresh, svg))
