"""What commands on figures are given: facts, a definition, both clocks, an origin."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tenprint.cli.common import err, existing, fail

Facts = Annotated[
    str,
    typer.Option("--facts", help="Folder of facts, or an exchange database to extract from first.", show_default=False),
]
Name = Annotated[str, typer.Argument(metavar="ID", help="A definition: name, name@hash, or an SQL file of your own.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="What was known: a date (its end, UTC) or a time. Default: now.", show_default=False),
]
Valid = Annotated[str | None, typer.Option("--valid", help="What had happened by then. Default: the as-of date.")]
SaltFile = Annotated[
    Path | None,
    typer.Option("--salt-file", help="With a database: the secret behind its keys. Profile guarded needs it."),
]
Origin = Annotated[str | None, typer.Option("--origin", help="Which origin to count, where the facts have several.")]

Own = Annotated[
    bool,
    typer.Option("--own-definition", help="Run a definition that does not come with this program; the output says so."),
]


def chosen(name: str, own: bool) -> str:
    """A definition that may run: one that comes with the program, or one that the reader answers for, which is said."""
    from tenprint import figures
    from tenprint.figures.definitions import shipped

    try:
        found = figures.find(name)
    except figures.FiguresError as wrong:
        fail(str(wrong))
    if found.hash not in shipped():
        if not own:
            fail(f"{name}: {found.id} does not come with this program. Read it, then run it with --own-definition.")
        err.print(f"{found.id} does not come with this program: who wrote it answers for what it counts", markup=False)
    return name


@contextmanager
def folder_of(
    facts: str, salt_file: Path | None = None, *apart: Path, guarded: bool = False
) -> Iterator[Path]:  # fmt: skip
    """The folder of facts; an exchange database is extracted into a temporary one."""
    path = Path(facts)
    if "://" not in facts and (path.is_dir() or not path.exists()):
        if salt_file is not None:
            fail(f"--salt-file: the keys of {facts} were made when it was extracted; give the file to facts extract")
        if guarded:
            _warn_of_fresh_keys(path)
        yield existing(path)
        return
    if guarded and salt_file is None:
        fail("--profile guarded: noise follows from keys, and fresh keys each time would let it be averaged out: "
             "give --salt-file FILE, the same for every vintage")  # fmt: skip
    from tenprint.cli.facts import extract_from

    with tempfile.TemporaryDirectory(prefix="tenprint-facts-") as folder:
        extract_from(facts, Path(folder), salt_file, *apart)
        yield Path(folder)


def _warn_of_fresh_keys(folder: Path) -> None:
    """Say that facts of a ledger were extracted under keys that no other extraction will have."""
    from tenprint.facts import FactsError, Folder
    from tenprint.facts.continuing import CONTINUE

    try:
        sources = Folder.open(existing(folder)).manifest.sources
    except FactsError as wrong:
        fail(str(wrong))
    if any("ledger" in s and CONTINUE not in s for s in sources):
        err.print(
            f"{folder}: extracted without --salt-file: vintages of another extraction will carry other noise",
            markup=False,
        )
