"""A figure as a picture: a chart over time or of its largest cells, and a map of counties or states; SVG, no browser.

An axis of amounts begins at zero. What is left out is counted in words on the picture, and so is n; every picture
carries its definition, dates, origin, receipt and source files.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from tenprint.figures.compute import Figure
from tenprint.figures.errors import FiguresError

TIMES = ("month", "quarter", "year", "fiscal_year")
"""Cells that are an axis of time."""
MOST_LINES, MOST_BARS = 7, 30
INK, GREY, PALE = "#1b1b1b", "#565c65", "#dfe1e2"
BLUES = ["#eff6fb", "#a9c9e4", "#5e9fd0", "#1f6fb2", "#0b3d68"]
WIDTH = 720
NOT_NAMES = {"value", "numerator", "denominator", "jurisdiction"}
COUNTIES, STATES = "counties-albers-10m.json", "states-albers-10m.json"
"""Files of outlines: TopoJSON of us-atlas (US Census cartographic boundaries), projected already."""


def chart(figure: Figure, by: str | None = None) -> str:
    """A line over time, or bars of the largest cells.

    Args:
        figure: With at least one row that has a value.
        by: The cell that tells lines or bars apart; default: the one with fewest labels, of those with more than one.

    Returns:
        SVG.

    Raises:
        FiguresError: when there is nothing to draw, or no such cell.
    """
    names = [n for n in (figure.rows[0] if figure.rows else {}) if n not in NOT_NAMES]
    time = _time_of(figure, names)
    apart = [n for n in names if n != time]
    if by is not None and by not in apart:
        raise FiguresError(f"no cell {by!r} to tell apart by; this figure has {', '.join(apart) or 'none'}")
    rows, label = figure.rows, by
    if _alone(figure):
        label = by or "cell"
        rows = tuple(r | {label: ", ".join(str(r[n]) for n in apart)} for r in figure.rows)
    elif by is None:
        many = {n: len({r[n] for r in figure.rows}) for n in apart}
        label = next(iter(sorted((n for n in apart if many[n] > 1), key=lambda n: many[n])), None)
    points = pooled(figure, rows, [k for k in (time, label) if k is not None] or names[:1])
    if not points:
        raise FiguresError("there is nothing to draw: no row of this figure has a value")
    if time is None:
        left, points = _largest(points, label or names[0])
        return _svg(figure, _bars(figure, points, label or names[0]), f"n = {len(figure.rows):,} cells{left}")
    left, points = _lines(points, label) if label else ("", points)
    return _svg(figure, _over_time(figure, points, time, label), f"n = {len(figure.rows):,} cells{left}")


def _time_of(figure: Figure, names: Sequence[str]) -> str | None:
    """The cell that is an axis of time, when there is more than one period."""
    time = next((t for t in TIMES if t in names), None)
    return time if time is not None and len({r[time] for r in figure.rows}) > 1 else None


def _alone(figure: Figure) -> bool:
    """Whether the cells are averages that somebody else published: nothing says how they add up to fewer."""
    return figure.kind == "mean" and all(r.get("denominator") == 1 for r in figure.rows)


def pooled(figure: Figure, rows: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Rows added up to fewer cells: counts are added; shares and means from their numerators and denominators."""
    tops: dict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
    bottoms: dict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
    for row in rows:
        key = tuple(row[k] for k in keys)
        if row.get("value") is not None:
            tops[key] += Fraction(str(row.get("numerator", row["value"])))
            bottoms[key] += Fraction(str(row.get("denominator", 0)))
    scale = 100 if figure.kind == "share" else 1
    return [
        {**dict(zip(keys, key, strict=True)), "value": float(scale * top / bottoms[key] if bottoms[key] else top)}
        for key, top in tops.items()
    ]


def _largest(points: list[dict[str, Any]], name: str) -> tuple[str, list[dict[str, Any]]]:
    ordered = sorted(points, key=lambda p: (-p["value"], str(p[name])))
    rest = len(ordered) - MOST_BARS
    return (f"; the {MOST_BARS} largest are drawn, {rest:,} are not" if rest > 0 else ""), ordered[:MOST_BARS]


def _lines(points: list[dict[str, Any]], name: str) -> tuple[str, list[dict[str, Any]]]:
    sums: dict[Any, float] = defaultdict(float)
    for p in points:
        sums[p[name]] += p["value"]
    kept = set(sorted(sums, key=lambda k: -sums[k])[:MOST_LINES])
    rest = len(sums) - len(kept)
    drawn = [p for p in points if p[name] in kept]
    return (f"; the {MOST_LINES} largest of {len(sums):,} are drawn" if rest > 0 else ""), drawn


def _over_time(figure: Figure, points: list[dict[str, Any]], time: str, by: str | None) -> dict[str, Any]:
    encoding: dict[str, Any] = {
        "x": {"field": time, "type": "ordinal", "title": time.replace("_", " "), "axis": {"labelOverlap": True}},
        "y": {"field": "value", "type": "quantitative", "title": figure.unit, "scale": {"zero": True}},
    }
    if by is not None:
        encoding["color"] = {"field": by, "type": "nominal", "title": by.replace("_", " ")}
        encoding["strokeDash"] = {"field": by, "type": "nominal", "title": by.replace("_", " ")}
    every = _every(sorted({p[time] for p in points}))
    encoding["x"]["scale"] = {"domain": every}
    lines = {p[by] for p in points} if by else {None}
    there = {(p[time], p[by] if by else None) for p in points}
    gaps = [{time: t, "value": None, **({by: k} if by else {})} for t in every for k in lines if (t, k) not in there]
    return {"data": {"values": sorted([*points, *gaps], key=lambda p: p[time])}, "encoding": encoding,
            "mark": {"type": "line", "point": True}, "width": WIDTH, "height": 320}  # fmt: skip


def _every(periods: list[str]) -> list[str]:
    """Every period from the first to the last, those without a number too, so that a gap is seen as one."""
    if all(re.fullmatch(r"\d{4}-\d{2}", p) for p in periods):
        first, last = (int(p[:4]) * 12 + int(p[5:]) - 1 for p in (periods[0], periods[-1]))
        return [f"{m // 12}-{m % 12 + 1:02}" for m in range(first, last + 1)]
    if all(re.fullmatch(r"FY\d{4}", p) for p in periods):
        return [f"FY{y}" for y in range(int(periods[0][2:]), int(periods[-1][2:]) + 1)]
    return periods


def _bars(figure: Figure, points: list[dict[str, Any]], name: str) -> dict[str, Any]:
    axis = {"title": None, "labelLimit": 260}
    return {
        "data": {"values": points}, "width": WIDTH - 260, "height": {"step": 20},
        "encoding": {
            "y": {"field": name, "type": "nominal", "sort": "-x", "axis": axis},
            "x": {"field": "value", "type": "quantitative", "title": figure.unit, "scale": {"zero": True}},
        },
        "layer": [
            {"mark": {"type": "bar", "color": "#1f6fb2"}},
            {"mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
             "encoding": {"text": {"field": "value", "type": "quantitative", "format": ",.4~r"}}},
        ],
    }  # fmt: skip


def map_of(figure: Figure, outlines: Path, states: Mapping[str, str]) -> str:
    """A map of counties, or of states where the figure has no counties.

    Args:
        figure: With the code of the county (``jurisdiction``), or with states.
        outlines: Folder with ``COUNTIES`` and ``STATES``.
        states: FIPS codes of states by postal code.

    Returns:
        SVG. A place without a row is left white: it is not zero.

    Raises:
        FiguresError: when no row says where it is, or the outlines are not there.
    """
    counties = any(r.get("jurisdiction") for r in figure.rows)
    placed = [
        row | {"place": place} for row in figure.rows if (place := _place(row, states, counties=counties)) is not None
    ]
    if not placed:
        raise FiguresError("no row of this figure says in which county or state it is; a chart can be drawn")
    names = [n for n in placed[0] if n not in NOT_NAMES]
    time = _time_of(figure, names)
    latest = max(str(r[time]) for r in placed) if time else ""
    if time:
        placed = [r for r in placed if r[time] == latest]
    if _alone(figure) and len({r["place"] for r in placed}) < len(placed):
        raise FiguresError("averages as published do not add up to one number a place; a chart can be drawn")
    points = pooled(figure, placed, ["place"])
    file = outlines / (COUNTIES if counties else STATES)
    try:
        shapes = json.loads(file.read_text(encoding="utf-8"))
        known = {
            str(g["id"]).zfill(5 if counties else 2)
            for g in shapes["objects"]["counties" if counties else "states"]["geometries"]
        }
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise FiguresError(f"{file}: expected outlines as us-atlas has them (TopoJSON): {wrong}") from None
    lost = sum(p["place"] not in known for p in points)
    words = f"{time} {latest}, the latest; " if time else ""
    words += f"n = {len(points):,} {'counties' if counties else 'states'} with a row; white: no row, which is not zero"
    words += f"; {lost} not on the map" if lost else ""
    words += (
        f"; {len(figure.rows) - len(placed)} rows without a place are not drawn"
        if len(placed) < len(figure.rows)
        else ""
    )
    return _svg(figure, _geography(figure, points, shapes, counties=counties), words)


def _place(row: Mapping[str, Any], states: Mapping[str, str], *, counties: bool) -> str | None:
    if counties:
        code = str(row.get("jurisdiction") or "")
        return code if re.fullmatch(r"\d{5}", code) else None
    return states.get(str(row.get("state") or ""))


def _geography(figure: Figure, points: list[dict[str, Any]], shapes: Any, *, counties: bool) -> dict[str, Any]:
    layer = "counties" if counties else "states"
    for g in shapes["objects"][layer]["geometries"]:
        g["id"] = str(g["id"]).zfill(5 if counties else 2)
    top = max(p["value"] for p in points)
    filled = {
        "data": {"values": shapes, "format": {"type": "topojson", "feature": layer}},
        "transform": [
            {"lookup": "id", "from": {"data": {"values": points}, "key": "place", "fields": ["value"]}},
            {"filter": "isValid(datum.value)"},
        ],
        "mark": {"type": "geoshape", "stroke": GREY, "strokeWidth": 0.2},
        "encoding": {
            "color": {
                "field": "value", "type": "quantitative", "title": figure.unit,
                "scale": {"domain": [0, top or 1], "range": BLUES},
                "legend": {"orient": "bottom", "gradientLength": 260},
            }
        },
    }  # fmt: skip
    edges = {
        "data": {"values": shapes, "format": {"type": "topojson", "feature": "states"}},
        "mark": {"type": "geoshape", "fill": None, "stroke": GREY, "strokeWidth": 0.6},
    }
    return {"layer": [filled, edges], "projection": {"type": "identity"}, "width": WIDTH, "height": 450}


def _svg(figure: Figure, drawing: dict[str, Any], words: str) -> str:
    import vl_convert  # noqa: PLC0415 - part of the extra [pictures]

    lines = [
        words,
        f"{figure.definition} · known as of {figure.as_of:%Y-%m-%d} · had happened by {figure.valid:%Y-%m-%d}",
        f"origin {figure.origin} · receipt {figure.receipt['hash'][:23]}…",
        *(f"source {source[:96]}" for source in figure.sources[:3]),
        *([f"and {len(figure.sources) - 3} further sources"] if len(figure.sources) > 3 else []),
    ]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {
            "text": figure.title, "subtitle": lines, "anchor": "start", "color": INK, "subtitleColor": GREY,
            "fontSize": 16, "subtitleFontSize": 11, "offset": 14,
        },
        "background": "white",
        "config": {"font": "sans-serif", "view": {"stroke": None}, "axis": {"gridColor": PALE, "labelColor": INK}},
        **drawing,
    }  # fmt: skip
    made: str = vl_convert.vegalite_to_svg(json.dumps(spec))
    return made
