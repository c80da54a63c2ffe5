"""``tenprint figures``: numbers that answer for themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenprint.cli.common import Json, emit, existing, fail, out

if TYPE_CHECKING:
    from tenprint.figures import Figure

app = typer.Typer(no_args_is_help=True, help="Figures with definitions, vintages, differences and receipts.")

Facts = Annotated[
    str,
    typer.Option("--facts", help="Folder of facts, or an exchange database to extract from first.", show_default=False),
]
Name = Annotated[str, typer.Argument(metavar="ID", help="A definition: name, name@hash, or an SQL file of your own.")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="What was known: a date (its end, UTC) or a time.", show_default=False)
]
Valid = Annotated[str | None, typer.Option("--valid", help="What had happened by then. Default: the as-of date.")]
Origin = Annotated[str | None, typer.Option("--origin", help="Which origin to count, where the facts have several.")]


@app.command("list")
def list_(json: Json = False) -> None:
    """Every definition: its id, what it counts, for which cells.

    Example: tenprint figures list
    """
    from tenprint.figures import all_definitions

    found = list(all_definitions().values())
    if json:
        keys = ("name", "id", "title", "kind", "unit", "cells", "population", "source", "supersedes")
        emit([{k: getattr(d, k) for k in keys} for d in found])
        return
    for d in found:
        out.print(f"[bold]{d.name}[/bold]@{d.hash[7:23]}\n    {d.title} ({d.unit}) by {', '.join(d.cells)}")


@app.command()
def compute(
    name: Name, facts: Facts, as_of: AsOf, valid: Valid = None, origin: Origin = None, json: Json = False
) -> None:
    """Compute a figure as it would have been published on a day, with its receipt.

    Example: tenprint figures compute noncriminal-removal-share --facts facts --as-of 2010-04-30
    """
    from tenprint import figures
    from tenprint.facts import FactsError

    with folder_of(facts) as folder:
        try:
            figure = figures.compute(name, folder, as_of, valid, origin=origin)
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    if json:
        emit(figure)
    else:
        print_figure(figure)


@contextmanager
def folder_of(facts: str) -> Iterator[Path]:
    """The folder of facts; an exchange database is extracted into a temporary one."""
    path = Path(facts)
    if "://" not in facts and (path.is_dir() or not path.exists()):
        yield existing(path)
        return
    from tenprint.cli.facts import extract_from

    with tempfile.TemporaryDirectory(prefix="tenprint-facts-") as folder:
        extract_from(facts, Path(folder))
        yield Path(folder)


def print_figure(figure: Figure) -> None:
    """Print a figure as a table with what has to stand beside every number."""
    from rich.table import Table

    table = Table(title=f"{figure.title} ({figure.unit})", title_justify="left")
    names = [n for n in (figure.rows[0] if figure.rows else {}) if n != "value"]
    for name in names:
        table.add_column(name)
    table.add_column("value", justify="right")
    for row in figure.rows:
        table.add_row(*(text(row[n]) for n in names), text(row["value"]))
    out.print(table)
    known, happened = f"{figure.as_of:%Y-%m-%d %H:%M}", f"{figure.valid:%Y-%m-%d %H:%M}"
    out.print(f"origin {figure.origin} · known as of {known} UTC · what had happened by {happened} UTC")
    out.print(f"definition {figure.definition}\nreceipt {figure.receipt['hash']}")


def text(value: Any) -> str:
    """A value in a table for people."""
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
