"""The handbook of the law of places: one page a state, with what a jail could do there and from when to when.

Written from `law/tables/places`. A stretch of days says what `law may-hold` answers for a detainer in a county of the
state about which no county row speaks; rows of single counties and courts stand below with their own days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tenprint.law.hold import NOBODY_LOOKED, may_hold
from tenprint.law.places import HoldRow, Place, geography, place_of, place_rows

HOME = "docs/handbook/law/places"
MADE = "<!-- Written by tools/handbook_places.py from src/tenprint/law/tables/places. Change those. -->\n\n"
STARTS = date(2008, 10, 1)


def pages() -> dict[str, str]:
    """Every page of the handbook of places, by its path."""
    spoken = {state: _rows_of(state) for state in sorted(set(geography().states.values()))}
    made = {
        f"{HOME}/{state.lower()}.md": MADE + _page(state, rows)
        for state, rows in spoken.items()
        if any(r.kind != "nation" for r in rows)
    }
    made[f"{HOME}/README.md"] = MADE + _index(spoken)
    return made


def _rows_of(state: str) -> tuple[HoldRow, ...]:
    """Rows that can reach a jail of the state."""
    fips = {code for code, postal in geography().states.items() if postal == state}
    whole = place_of(state=state)
    return tuple(
        r
        for r in place_rows()
        if r.kind != "nation"
        and (r.covers(whole) or (r.kind in {"county", "district"} and any(c[:2] in fips for c in r.codes)))
    )


def stretches(place: Place, rows: Sequence[HoldRow]) -> list[tuple[date, date | None, str, str, tuple[str, ...]]]:
    """First day, first day after, answer, notice and what it rests on, for a detainer, over all days of the tables."""
    turns = {STARTS}
    for row in rows:
        turns |= {day for day in (row.in_force_from, row.in_force_to) if day is not None and day > STARTS}
        turns |= {day for i in row.enjoined for day in (i.starts, i.ends) if day is not None}
    found: list[tuple[date, date | None, str, str, tuple[str, ...]]] = []
    for day in sorted(turns):
        said = may_hold(place, "I-247A", on=day)
        if found and found[-1][2:] == (said.answer, said.notify, said.rests_on):
            continue
        if found:
            found[-1] = (found[-1][0], day, *found[-1][2:])
        found.append((day, None, said.answer, said.notify, said.rests_on))
    return found


def _page(state: str, rows: Sequence[HoldRow]) -> str:
    wide = [r for r in rows if r.covers(place_of(state=state))]
    text = (
        f"# {state}: may a jail hold on a detainer?\n\n"
        "What `tenprint law may-hold` answers for a form that asks for a hold, where no row of a single county speaks. "
        "Last days are included.\n\n"
    )
    text += _table(
        ("from", "to", "holding", "notice of release", "rests on"),
        (
            (str(start), _last(end), f"`{answer}`", f"`{notice}`", ", ".join(rests) or "nobody looked")
            for start, end, answer, notice, rests in stretches(place_of(state=state), wide)
        ),
    )
    for row in rows:
        text += "\n" + _row(row)
    return text + "\n[All places](README.md) · [how a door's law is answered](../../../explanation/law.md)\n"


def _row(row: HoldRow) -> str:
    facts = [
        ("Place", f"{row.kind} {', '.join(row.codes)}"),
        ("Level", row.level),
        ("Says", " ".join(f"`{x}`" for x in (row.hold, row.notify) if x)),
        ("Condition", "; ".join(row.conditions)),
        ("Condition of notice", "; ".join(row.notify_conditions)),
        ("In force", f"{row.in_force_from} to {_last(row.in_force_to)}"),
        ("Signed", str(row.signed or "")),
        ("Enjoined", "; ".join(f"{i.starts} to {_last(i.ends)}: {i.says}" for i in row.enjoined)),
        ("Source", f"{row.source}; {row.pinpoint}"),
        ("Standing", row.standing if row.read is None else f"{row.standing}, read on {row.read}"),
        ("Doubt", row.doubt),
    ]
    shown = [(f"**{name}**", value) for name, value in facts if value]
    return f"## {row.id}: {row.title}\n\n{row.says}\n\n" + _table(("", ""), shown)


def _index(spoken: dict[str, tuple[HoldRow, ...]]) -> str:
    years = range(2010, 2027)
    answered = {
        year: [
            s for s in spoken if may_hold(place_of(state=s), "I-247A", on=date(year, 12, 31)).answer != NOBODY_LOOKED
        ]
        for year in years
    }
    text = (
        "# The law of places\n\n"
        'One page a state. Where nobody looked the answer says so; it is never "may".\n\n'
        + ", ".join(f"[{s}]({s.lower()}.md)" for s, rows in spoken.items() if rows)
        + "\n\n## States answered on the last day of each year\n\n"
    )
    counties = {c for r in place_rows() if r.kind == "county" for c in r.codes}
    text += _table(("year", "states", "which"), ((str(y), str(len(s)), ", ".join(s)) for y, s in answered.items()))
    return text + f"\nCounties with a row of their own: {len(counties)}.\n"


def _last(end: date | None) -> str:
    return "open" if end is None else str(end - timedelta(days=1))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
