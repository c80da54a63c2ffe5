"""A picture of all regimes and forms on one axis of years, as SVG; the shade says how well each is verified."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import NamedTuple

from tenprint.law.forms import all_forms
from tenprint.law.regimes import Law

LEFT, RIGHT, ROW, TOP = 20, 1180, 22, 64
FIRST, LAST = date(2008, 7, 1), date(2026, 1, 1)
SHADES = {"primary": ("#1a4480", "#ffffff"), "secondary": ("#73b3e7", "#1b1b1b"), "unverified": ("#dfe1e2", "#1b1b1b")}
READERS = 'role="img" aria-labelledby="title desc"'

CHARACTER = 6.4
"""Width of a character of the labels, in pixels."""


class Bar(NamedTuple):
    """One regime or form in use."""

    name: str
    start: date
    end: date | None
    standing: str


def timeline(tables: Law) -> str:
    """The picture as SVG text, with a title and a description for readers who do not see it."""
    groups = [
        ("Acts: base regimes", _bars(tables, "detainer", "base")),
        ("Acts: overlays", _bars(tables, "detainer", "overlay")),
        ("Offense levels", _bars(tables, "level", "base")),
        ("Priorities", _bars(tables, "priority", "base")),
        ("Jurisdictions", _bars(tables, "opt_out", "base")),
        ("Forms", [Bar(f.name, f.in_use_from, f.in_use_to, f.standing) for f in all_forms()]),
    ]
    parts, y = [], TOP
    for title, bars in groups:
        parts.append(f'<text x="{LEFT}" y="{y + 15}" class="group">{escape(title)}</text>')
        y += ROW
        for row in _rows(bars):
            parts += [_drawn(bar, y) for bar in row]
            y += ROW
        y += 8
    height = y + 10
    names = "; ".join(f"{b.name} {b.start} to {b.end or 'open'}" for _, bars in groups for b in bars)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {height}" {READERS}>',
            '<title id="title">Regimes and forms, 2008 to 2025</title>',
            f'<desc id="desc">{escape(names)}</desc>',
            "<style>text{font:11px sans-serif}.group{font-weight:bold;font-size:13px}.year{fill:#565c65}</style>",
            f'<rect width="1200" height="{height}" fill="#ffffff"/>',
            *_years(height),
            *_legend(),
            *parts,
            "</svg>\n",
        ]
    )


def _bars(tables: Law, question: str, kind: str) -> list[Bar]:
    return [
        Bar(r.id, r.in_force_from, r.in_force_to, r.standing)
        for r in tables.regimes
        if r.question == question and r.kind == kind
    ]


def _x(day: date) -> float:
    clipped = min(max(day, FIRST), LAST)
    return LEFT + (RIGHT - LEFT) * (clipped - FIRST).days / (LAST - FIRST).days


def _rows(bars: list[Bar]) -> list[list[Bar]]:
    """Bars packed into rows so that neither bars nor labels overlap."""
    rows: list[tuple[float, list[Bar]]] = []
    for bar in sorted(bars, key=lambda b: b.start):
        start, end = _x(bar.start), max(_x(bar.end or LAST), _x(bar.start) + len(bar.name) * CHARACTER + 8)
        for i, (taken, row) in enumerate(rows):
            if taken <= start + 0.5:
                rows[i] = (end, [*row, bar])
                break
        else:
            rows.append((end, [bar]))
    return [row for _, row in rows]


def _drawn(bar: Bar, y: int) -> str:
    fill, ink = SHADES[bar.standing]
    start, width = _x(bar.start), _x(bar.end or LAST) - _x(bar.start)
    inside = width >= len(bar.name) * CHARACTER + 6
    label = f'<text x="{start + 4:.1f}" y="{y + 14}" fill="{ink if inside else "#1b1b1b"}">{escape(bar.name)}</text>'
    tip = f"<title>{escape(bar.name)}: {bar.start} to {bar.end or 'open'}, {bar.standing}</title>"
    edge = 'stroke="#565c65" stroke-width="0.6"'
    return f'<g>{tip}<rect x="{start:.1f}" y="{y}" width="{width:.1f}" height="18" fill="{fill}" {edge}/>{label}</g>'


def _years(height: int) -> list[str]:
    lines = []
    for year in range(FIRST.year + 1, LAST.year):
        x = _x(date(year, 1, 1))
        lines.append(f'<line x1="{x:.1f}" y1="44" x2="{x:.1f}" y2="{height}" stroke="#dfe1e2"/>')
        lines.append(f'<text x="{x + 2:.1f}" y="54" class="year">{year}</text>')
    return lines


def _legend() -> list[str]:
    drawn = []
    for i, (standing, (fill, _)) in enumerate(SHADES.items()):
        x = LEFT + i * 150
        drawn.append(f'<rect x="{x}" y="10" width="18" height="14" fill="{fill}" stroke="#565c65" stroke-width="0.6"/>')
        drawn.append(f'<text x="{x + 24}" y="21">{standing}</text>')
    return drawn
