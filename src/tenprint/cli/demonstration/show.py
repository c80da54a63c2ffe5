"""The account on the screen: 100 columns, readable without colors."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tenprint.cli.demonstration.account import Account, Booking, Clock, Decided, low
from tenprint.cli.demonstration.checks import Checks, Moved
from tenprint.cli.demonstration.play import DATABASE
from tenprint.cli.demonstration.script import Script

WIDTH = 100
QUIET = "dim"
PERSON = "bold cyan"
HEADING = "bold"
GOOD, BAD = ("✓", "bold green"), ("✗", "bold red")


def console_for(width: int | None = None) -> Console:
    """A console for the account: as wide as the terminal, at most 100 columns; 100 into a file."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # bars and dashes become ? where the terminal has no word for them
    console = Console(highlight=False)
    if width is None:
        width = min(WIDTH, max(console.width, 80)) if console.is_terminal else WIDTH
    return Console(highlight=False, width=width)


def show(console: Console, script: Script, account: Account, checks: Checks) -> None:
    """Everything but the last lines."""
    console.print(_opening(script))
    console.print(_section("What happened to each person"), _people(account.bookings, console.width))
    console.print(Text(" A match is an earlier encounter, not a status. A detainer is a request.", QUIET))
    console.print(_section("One hold, hour by hour", _clock_title(account.clock)), _clock(account.clock))
    person = script.same_facts.person
    console.print(_section("The same facts, two days", f"{person}, a minor traffic charge"), _twice(account.twice))
    console.print(_section("A published figure that moves", checks.moved.title), _moved(checks.moved))
    console.print(_section("Checked"), _checks(checks))


def _section(title: str, more: str = "") -> RenderableType:
    text = Text.assemble((title, HEADING), (f"  {more}" if more else "", QUIET))
    return Padding(text, (1, 0, 0, 0))


def _opening(script: Script) -> RenderableType:
    desk = {d.role: d.name for d in reversed(script.desks)}
    sentences = (
        "Everybody here is synthetic: people are trees, with fingers that belong to nobody; desks are birds.",
        f"{desk['booking'].capitalize()} books, {desk['center']} answers at the support center,",
        f"{desk['office']} decides at the field office under {desk['supervisor']}'s eyes,",
        f"{desk['jail']} keeps the jail, {desk['rights']} takes claims.",
        "Counties, their dates and the law of each day are real.",
    )
    return Text.assemble(("Tenprint", "bold"), f"  {script.title}\n", (" ".join(sentences), QUIET))


# -- people ------------------------------------------------------------------------------------------------------------


COLUMNS = (("who", 11), ("booked", 10), ("their prints", 25), ("people decide", 27), ("how it ends", 21))
NAMED = 2
"""Columns that keep their width on a narrow terminal."""


def _people(bookings: Sequence[Booking], width: int) -> Table:
    table = Table(box=box.HORIZONTALS, padding=0, header_style=QUIET, border_style=QUIET)
    fewer = -(-max(0, WIDTH - width) // (len(COLUMNS) - NAMED))
    for n, (name, columns) in enumerate(COLUMNS):
        table.add_column(name, width=columns if n < NAMED else columns - fewer, overflow="fold")
    for person, group in groupby(bookings, key=lambda b: b.person):
        rows = list(group)
        for n, row in enumerate(rows):
            who = Text.assemble((person, PERSON), (f"\n{row.point}", QUIET)) if n == 0 else Text()
            booked = Text.assemble(f"{row.day}\n{row.place}", (f"\n{row.fingers} fingers", QUIET))
            last = n + 1 == len(rows)
            table.add_row(who, booked, _lines(row.prints), _deeds(row.decided), _lines(row.ended), end_section=last)
    return table


def _lines(said: Sequence[str]) -> Text:
    return Text("\n").join(Text(line) for line in said) if said else Text("–", QUIET)


def _deeds(said: Sequence[str]) -> Text:
    """Deeds with the name of who did them in front."""
    text = Text("\n")
    parts = []
    for line in said:
        who, colon, what = line.partition(": ")
        parts.append(Text.assemble((who, "italic"), f"{colon}{what}") if colon else Text(line))
    return text.join(parts) if parts else Text("–", QUIET)


# -- the hold ----------------------------------------------------------------------------------------------------------

CELL = timedelta(hours=2)
STANDS = "░"
HALVES = {(False, False): " ", (False, True): "▐", (True, False): "▌", (True, True): "█"}


def _clock_title(clock: Clock) -> str:
    return f"{clock.person}, Form {clock.form}: 48 hours without Saturdays, Sundays and holidays"


def _clock(clock: Clock) -> RenderableType:
    names, bars = Text(), Text()
    for day in _days(clock.released.date(), clock.deadline.date()):
        holiday = day.isoformat() in clock.excluded and day.weekday() < 5
        names.append(f"{day:%a} {'holiday' if holiday else f'{day.day} {day:%b}'}".ljust(13), QUIET)
        bars.append(_bar(clock, day)).append(" ")
    left = f"    {clock.left:%H:%M} free: {clock.minutes_without} minutes without authority" if clock.left else ""
    notes = Text.assemble(
        (f"{clock.released:%a %H:%M}", "bold"), " would be released    ",
        (f"{clock.deadline:%a %H:%M}", "bold"), " limit", (left, "bold"),
    )  # fmt: skip
    return Padding(Group(names, bars, notes), (0, 0, 0, 1))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _bar(clock: Clock, day: date) -> Text:
    midnight = datetime.combine(day, datetime.min.time(), clock.released.tzinfo)
    bar = Text()
    for n in range(12):
        first, second = (_counts(clock, midnight + n * CELL + part * CELL / 2) for part in (0, 1))
        if day.isoformat() in clock.excluded:
            bar.append(STANDS, QUIET)
        else:
            bar.append(HALVES[first, second], "yellow")
    return bar


def _counts(clock: Clock, moment: datetime) -> bool:
    return clock.released <= moment < clock.deadline


# -- two laws, one figure ----------------------------------------------------------------------------------------------


def _twice(twice: Sequence[Decided]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
    for name in (" decided", "law", "conditions", "permitted", "chosen"):
        table.add_column(name)
    for row in twice:
        met = " ".join(row.met) or f"None of the {row.asked} conditions is met."
        permitted = ", ".join(low(p) for p in row.permitted)
        table.add_row(f" {row.on:%Y-%m-%d}", Text(row.regime, "bold"), met, permitted, low(row.choice))
    return table


def _moved(moved: Moved) -> RenderableType:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for figure, day in ((moved.before, moved.asked.before), (moved.after, moved.asked.after)):
        row = moved.cell(figure)
        value = float(str(row["value"]))
        table.add_row(
            f" as of {day}",
            f"{row['numerator']} of {row['denominator']}",
            Text(f"{value:.1f} %", "bold", justify="right"),
            Text("█" * round(value * 0.4), "yellow"),
        )
    parts = ", ".join(f"{name.replace('-', ' ')} {float(part):+.1f}" for name, part in moved.parts.items())
    said = Text(f"{moved.asked.county}; {parts} points. Both answers are right for their day.", QUIET)
    return Group(table, Padding(said, (0, 0, 0, 1)))


# -- checks ------------------------------------------------------------------------------------------------------------


def _checks(checks: Checks) -> Table:
    found, moved = checks.recognition, checks.moved
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1, 0, 0))
    total = found.right + len(found.wrong)
    limits = " to ".join(dict.fromkeys(f"{t:.1f}" for t in (found.thresholds[0], found.thresholds[-1])))
    scores = f"the known score {found.lowest_mate:.1f} or more, strangers {found.highest_stranger:.1f} or less"
    lines = [
        (not found.wrong, f"{found.right} of {total} searches right; {scores} (limit {limits})", found.wrong),
        (not checks.problems, f"ledger: {checks.entries} events verified, root {checks.root[:16]}", checks.problems),
        (
            not checks.silent,
            f"watch: {checks.rounds} rounds, no hold past its deadline without an incident",
            checks.silent,
        ),
        (moved.again, f"figure: recomputed from a second extraction, the same; {moved.after.definition}", ()),
    ]
    for good, line, more in lines:
        mark, style = GOOD if good else BAD
        table.add_row(Text(f" {mark}", style), "\n".join([line, *more]))
    return table


def closing(console: Console, folder: Path, tcn: str, checks: Checks, seconds: float) -> None:
    """Where everything is, and what to try next."""
    moved = checks.moved.asked
    cards = len(list((folder / "cards").iterdir()))
    answers = len(list((folder / "answers").iterdir()))
    where = f"{folder}: {DATABASE}, {cards} cards, {answers} answers, facts. {seconds:.0f} seconds."
    console.print(_section("Try next", where))
    name = "tenprint" if shutil.which("tenprint") else sys.argv[0]
    for command in (
        f"{name} status {tcn} --db {folder / DATABASE}",
        f"{name} figures diff {moved.name} --facts {folder / 'facts'} --from {moved.before} --to {moved.after}",
        f"{name} card images {next((folder / 'cards').glob('cedar-*-booked.eft'))} --out {folder / 'prints'}",
    ):
        console.print(Text(f"  {command}", "bold"), soft_wrap=True)
