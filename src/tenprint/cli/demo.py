"""`demo`: a synthetic county, end to end, in a folder of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import FINDINGS, Json, emit, err, fail
from tenprint.cli.opening import refusals

if TYPE_CHECKING:
    from tenprint.cli.demonstration.account import Account
    from tenprint.cli.demonstration.checks import Checks
    from tenprint.cli.demonstration.script import Script

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Folder = Annotated[Path, typer.Option("--dir", help="Folder for the exchange, the cards and the answers.")]


@app.command()
def demo(
    folder: Folder = Path("demo"),
    serve: Annotated[bool, typer.Option("--serve", help="Then open its desks in a browser.")] = False,
    port: Annotated[int, typer.Option("--port", help="Port of the desks.")] = 8000,
    json: Json = False,
) -> None:
    """Play a synthetic county from 2010 to 2013 on card files that it composes, and say what happened to each person.

    Everybody in it is synthetic. A folder that is in use is left alone: the demonstration then goes into a new one
    inside it, and says so. Exit code 1 when a check at the end fails.

    With --serve its desks are then open at http://127.0.0.1:8000: choose who you are; a tour of five minutes says what
    to do with one more card.

    Example: tenprint demo --dir demo --serve
    """
    started = time.monotonic()
    os.environ.setdefault("TENPRINT_THREADS", str(min(4, os.cpu_count() or 1)))  # read when the network is loaded
    place = free_folder(folder)
    if place != folder:
        err.print(f"{folder} is in use; this run goes to {place}", markup=False)

    from tenprint.cli.demonstration import account, checks, play, script, show

    county = script.load()
    total = len(county.steps()) + len(county.watch) + 1
    with refusals(), telling(total) as tell, play.play(county, place, tell) as played:
        tell("checking")
        told, checked = account.take(played), checks.check(played)
        now = played.exchange.ledger.now()
        example = next(b.tcn for b in played.bookings if b.person == told.clock.person)
    seconds = time.monotonic() - started
    if json:
        emit(as_data(place, told, checked, seconds))
    else:
        console = show.console_for()
        show.show(console, county, told, checked)
        show.closing(console, place, example, checked, seconds)
    if not checked.good:
        raise typer.Exit(FINDINGS)
    if serve:
        _desks(county, place, port, now)


def _desks(county: Script, place: Path, port: int, now: datetime) -> None:
    """The desks of the played county, and the tour in words."""
    from tenprint.cli.demonstration import play, tour
    from tenprint.cli.serve import serve

    file = tour.compose(county, place, now)
    err.print("\nA tour of the desks, one more card from booking to release:", markup=False)
    for number, stop in enumerate(tour.stops(county, file), start=1):
        err.print(f"  {number}. as {stop.who} ({stop.role}), /{stop.page}: {stop.what}", markup=False)
    serve(str(place / play.DATABASE), "127.0.0.1", port, None, behind_tls=False)


def free_folder(folder: Path) -> Path:
    """The folder itself when nothing is in it, else the next free one inside it.

    Raises:
        Refused: when a file is in the way.
    """
    if folder.exists() and not folder.is_dir():
        fail(f"--dir {folder}: expected a folder, and it is a file. Name another one.")
    if not folder.exists() or not any(folder.iterdir()):
        return folder
    return next(p for n in range(2, 10_000) if not (p := folder / f"run-{n}").exists())


@contextmanager
def telling(total: int) -> Iterator[Callable[[str], None]]:
    """Progress on standard error: a bar on a terminal, a line for every year elsewhere."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    if err.is_terminal:
        columns = [BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")]
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("composing cards", total=total)
            yield lambda words: bar.update(task, description=words, advance=1)
        return
    seen: set[str] = set()

    def line(words: str) -> None:
        if (year := words[:4]) not in seen:
            seen.add(year)
            err.print(words, markup=False)

    yield line


def as_data(folder: Path, told: Account, checked: Checks, seconds: float) -> dict[str, object]:
    """What is shown, as data."""
    moved = checked.moved
    return {
        "folder": folder,
        "bookings": told.bookings,
        "decisions": told.twice,
        "hold": told.clock,
        "figure": {
            "definition": moved.after.definition,
            "county": moved.asked.county,
            "before": {"as_of": moved.asked.before, **moved.cell(moved.before)},
            "after": {"as_of": moved.asked.after, **moved.cell(moved.after)},
            "parts": {name: float(part) for name, part in moved.parts.items()},
        },
        "checks": {
            "searches_right": checked.recognition.right,
            "searches_wrong": checked.recognition.wrong,
            "ledger_entries": checked.entries,
            "ledger_problems": checked.problems,
            "holds_overdue_in_silence": checked.silent,
            "figure_recomputed": moved.again,
        },
        "seconds": round(seconds, 1),
    }
