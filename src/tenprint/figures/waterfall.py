"""The picture of a difference: from one value to another in steps, as SVG without script or font of its own."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from html import escape

from tenprint.figures.compute import Exact
from tenprint.figures.difference import Difference, Row

WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 860, 26, 12, 250, 110, 84
COLORS = {"end": "#1b1b1b", "up": "#005ea2", "down": "#b50909", "unknown": "#71767a"}
"""Ends, gains, losses, and what cannot be told: distinct in gray as well, and every bar carries its number."""
MOST_STEPS = 12

Steps = Sequence[tuple[str, Exact]]


def of_difference(found: Difference, row: Row | None = None, label: str | None = None) -> str:
    """A difference as a waterfall: its parts or, for published counts, what moved between the labels of a name.

    Args:
        found: The difference.
        row: One cell of it; all cells together by default.
        label: A name of the cells, such as ``criminality``: show what moved between its labels in closed periods.
    """
    dates = f"{found.from_as_of:%Y-%m-%d} to {found.to_as_of:%Y-%m-%d}"
    if label is not None and found.closed is not None:
        closed = found.closed
        steps = sorted(closed.moved.get(label, {}).items(), key=lambda s: s[1])
        title = f"{found.title}, periods already over: what moved by {label}, {dates}"
        note = (
            f"Origin {found.origin}: {closed.changed} of {closed.cells} cells changed. Why cannot be told from outside."
        )
        return draw(title, found.unit, closed.before, steps, closed.after, note, color="unknown")
    one = row or found.total
    if one is None:
        raise ValueError("published shares have no total: name a cell")
    where = ", ".join(str(v) for v in one.names.values()) or "all cells"
    note = f"Origin {found.origin} · {found.definition}"
    return draw(f"{found.title}, {where}, {dates}", found.unit, one.before or Fraction(0), list(one.parts.items()),
                one.after or Fraction(0), note)  # fmt: skip


def draw(
    title: str, unit: str, before: Exact, steps: Steps, after: Exact, note: str, *, color: str | None = None
) -> str:
    """A waterfall from one value to another.

    Args:
        title: Headline.
        unit: Unit of all values.
        before: Value at the start.
        steps: Label and change of each step; they add up to the difference.
        after: Value at the end.
        note: One line under the bars.
        color: One color name for all steps; by default gains, losses and what cannot be told differ.

    Raises:
        ValueError: when the steps do not add up.
    """
    if before + sum((c for _, c in steps), Fraction(0)) != after:
        raise ValueError(f"the steps add up to {before + sum((c for _, c in steps), Fraction(0))}, expected {after}")
    steps = _merged(steps)
    bars: list[tuple[str, Exact, Exact, str, str]] = [("before", Fraction(0), before, "end", _text(before))]
    level: Exact = before
    for label, change in steps:
        shade = color or ("unknown" if label == "cannot-be-told" else "up" if change > 0 else "down")
        bars.append(
            (
                label,
                level,
                level + change,
                shade,
                f"{'+' if change > 0 else '−'}{_text(change if change > 0 else -change)}",
            )
        )
        level += change
    bars.append(("after", Fraction(0), after, "end", _text(after)))
    return _svg(title, unit, bars, note)


def _merged(steps: Steps) -> Steps:
    if len(steps) <= MOST_STEPS:
        return steps
    kept = sorted(steps, key=lambda s: -float(abs(s[1])))[: MOST_STEPS - 1]
    rest = [s for s in steps if s not in kept]
    return [*(s for s in steps if s in kept), (f"{len(rest)} others", sum((c for _, c in rest), Fraction(0)))]


def _svg(title: str, unit: str, bars: list[tuple[str, Exact, Exact, str, str]], note: str) -> str:
    # Steps are often small beside the ends: the axis starts near the lowest level that a step touches.
    levels = [float(v) for _, a, b, shade, _ in bars for v in ((b,) if shade == "end" else (a, b))]
    low, high = min(levels), max(levels)
    base = 0.0 if low < (high - low) * 2 else low - (high - low) * 0.6
    scale = (WIDTH - LEFT - RIGHT) / ((high - base) or 1.0)
    height = TOP + len(bars) * (BAR + GAP) + 44
    axis = "" if base == 0 else f"; the axis starts at {base:,.0f}, not at zero: the bars of both ends are broken off"
    spoken = "; ".join(f"{label}: {number}" for label, _, _, _, number in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        f'<title>{escape(title)}</title><desc>{escape(spoken)}</desc><g font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *(
            f'<text x="16" y="{24 + 20 * i}" font-size="15" font-weight="bold">{escape(line)}</text>'
            for i, line in enumerate(textwrap.wrap(title, 100)[:2])
        ),
        f'<text x="16" y="64" fill="#565c65">{escape(unit)}{axis}</text>',
    ]
    for i, (label, a, b, shade, written) in enumerate(bars):
        y = TOP + i * (BAR + GAP)
        x1, x2 = sorted(LEFT + (max(float(v), base) - base) * scale for v in (a, b))
        parts.append(f'<text x="{LEFT - 10}" y="{y + 18}" text-anchor="end">{escape(label[:34])}</text>')
        parts.append(
            f'<rect x="{x1:.1f}" y="{y}" width="{max(x2 - x1, 1):.1f}" height="{BAR}" fill="{COLORS[shade]}"/>'
        )
        if base and shade == "end":  # the bar begins at zero, far to the left: it is drawn as broken off
            cut = LEFT + 14
            points = f"{cut},{y + BAR + 2} {cut + 8},{y - 2} {cut + 14},{y - 2} {cut + 6},{y + BAR + 2}"
            parts.append(f'<polygon points="{points}" fill="#ffffff"/>')
        parts.append(f'<text x="{x2 + 6:.1f}" y="{y + 18}">{written}</text>')
    parts.append(f'<text x="16" y="{height - 14}" fill="#565c65">{escape(note)}</text></g></svg>')
    return "\n".join(parts) + "\n"


def _text(value: Exact) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.1f}"
