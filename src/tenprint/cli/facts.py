"""``tenprint facts``: the waist, from a ledger or from released files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenprint.cli.common import Db, Json, emit, existing, fail, out, progress

app = typer.Typer(no_args_is_help=True, help="De-identified tables of facts, from a ledger or from released files.")

Out = Annotated[Path, typer.Option("--out", help="Folder of facts: a new one, or one to add to.", show_default=False)]


@app.command()
def extract(db: Db, out_: Out, json: Json = False) -> None:
    """Write the facts of an exchange into a folder of Parquet files.

    Example: tenprint facts extract --db county.db --out facts
    """
    folder = extract_from(db, out_)
    report(folder, json)


@app.command("show")
def show(facts: Annotated[Path, typer.Argument(help="Folder of facts.")], json: Json = False) -> None:
    """What a folder of facts holds: tables, rows, origins, sources.

    Example: tenprint facts show facts
    """
    from tenprint.facts import FactsError, Folder

    try:
        folder = Folder.open(existing(facts))
    except FactsError as wrong:
        fail(str(wrong))
    report(folder, json)


def extract_from(db: str, target: Path) -> object:
    """Extract the facts of an exchange database into a folder."""
    from tenprint.facts import FactsError, extract
    from tenprint.ledger import Ledger, LedgerError

    if "://" not in db:
        existing(Path(db))
    try:
        with Ledger.open(db) as ledger, progress("reading the ledger", ledger.size()) as advance:
            return extract(ledger, target, advance=advance)
    except (FactsError, LedgerError) as wrong:
        fail(str(wrong))


def report(folder: object, json: bool) -> None:
    """Print what a folder of facts holds."""
    from tenprint.facts import Folder

    assert isinstance(folder, Folder)  # noqa: S101 - narrows a lazily imported type
    if json:
        emit({"folder": folder.path, "parts": folder.manifest.parts, "sources": folder.manifest.sources})
        return
    from rich.table import Table

    table = Table(title=f"facts in {folder.path}", title_justify="left")
    for heading in ("table", "rows", "origin"):
        table.add_column(heading, justify="right" if heading == "rows" else "left")
    for part in folder.manifest.parts:
        table.add_row(part.table, f"{part.rows:,}", part.origin)
    out.print(table)
