"""``tenprint figures``: numbers that answer for themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenprint.cli.common import FINDINGS, Json, emit, err, existing, fail, out, utc_now

if TYPE_CHECKING:
    from rich.table import Table

    from tenprint.figures import Figure, Series

app = typer.Typer(no_args_is_help=True, help="Figures with definitions, vintages, differences and receipts.")

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


@app.command("list")
def list_(json: Json = False) -> None:
    """Every definition: its id, what it counts, for which cells.

    Example: tenprint figures list
    """
    from tenprint.figures import all_definitions

    found = list(all_definitions().values())
    if json:
        keys = ("name", "id", "title", "kind", "unit", "cells", "population", "source", "in_force", "supersedes",
                "changed")  # fmt: skip
        emit([{k: getattr(d, k) for k in keys} for d in found])
        return
    for d in found:
        out.print(f"[bold]{d.name}[/bold]@{d.hash[7:23]}\n    {d.title} ({d.unit}) by {', '.join(d.cells)}")


@app.command()
def compute(
    name: Name, facts: Facts, as_of: AsOf = None, valid: Valid = None, origin: Origin = None,
    own_definition: Own = False, json: Json = False,
) -> None:  # fmt: skip
    """Compute a figure as it would have been published on a day, with its receipt.

    Example: tenprint figures compute noncriminal-removal-share --facts facts --as-of 2010-04-30
    """
    from tenprint import figures
    from tenprint.facts import FactsError

    name = chosen(name, own_definition)
    with folder_of(facts) as folder:
        try:
            figure = figures.compute(name, folder, as_of or utc_now(), valid, origin=origin)
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    if json:
        emit(figure)
    else:
        print_figure(figure)


@app.command("series")
def series_(
    name: Name, facts: Facts, as_of: AsOf = None, valid: Valid = None, origin: Origin = None,
    period: Annotated[str | None, typer.Option(help="Cut by month, year or fiscal-year too.")] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """A definition that changed: each period under the one in force then, beside all periods under the newest.

    Example: tenprint figures series removals --facts county.db
    """
    from tenprint import figures
    from tenprint.facts import FactsError

    with folder_of(facts) as folder:
        try:
            both = figures.series(name, folder, as_of or utc_now(), valid, origin=origin, period=period)
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    if json:
        emit(both)
    else:
        print_series(both)


def print_series(both: Series) -> None:
    """Print both series, with a letter beside each number for the version it was counted under."""
    from rich.table import Table

    letters = {v["definition"]: chr(ord("a") + i) for i, v in enumerate(both.versions)}
    table = Table(title=f"{both.title} ({both.unit})", title_justify="left")
    sides = ("forward", "restated")
    names = [n for n in (both.rows[0] if both.rows else {}) if n not in {*sides, "in_force"}]
    for column in (*names, *sides):
        table.add_column(column, min_width=len(column), overflow="fold", justify="right" if column in sides else "left")
    for row in both.rows:
        numbers = (f"{text(row[s]['value'])} {letters[row[s]['definition']]}" for s in sides)
        table.add_row(*(text(row[n]) for n in names), *numbers)
    print_table(table)
    for v in both.versions:
        since = f"in force since {v['in_force']}" if v["in_force"] else "in force since ever"
        replaced = f", supersedes {v['supersedes']}" if v["supersedes"] else ""
        out.print(f"{letters[v['definition']]} {v['definition']} {since}{replaced}", markup=False)
    known, happened = f"{both.as_of:%Y-%m-%d %H:%M}", f"{both.valid:%Y-%m-%d %H:%M}"
    out.print(f"origin {both.origin} · known as of {known} UTC · what had happened by {happened} UTC")
    out.print(f"receipt {both.receipt['hash']}")


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


def print_figure(figure: Figure) -> None:
    """Print a figure as a table with what has to stand beside every number."""
    from rich.table import Table

    table = Table(title=f"{figure.title} ({figure.unit})", title_justify="left")
    names = [n for n in (figure.rows[0] if figure.rows else {}) if n != "value"]
    for name in names:
        table.add_column(name, min_width=len(name), overflow="fold")
    table.add_column("value", justify="right", min_width=len("value"))
    for row in figure.rows:
        table.add_row(*(text(row[n]) for n in names), text(row["value"]))
    print_table(table)
    known, happened = f"{figure.as_of:%Y-%m-%d %H:%M}", f"{figure.valid:%Y-%m-%d %H:%M}"
    out.print(f"origin {figure.origin} · known as of {known} UTC · what had happened by {happened} UTC")
    whose = ", which does not come with this program" if figure.own_definition else ""
    out.print(f"definition {figure.definition}{whose}\nreceipt {figure.receipt['hash']}")
    for source in figure.sources:
        out.print(f"source {source}", markup=False, soft_wrap=True)


def print_table(table: Table) -> None:
    """Print a table as narrow as the terminal allows, and no narrower than its headings; say when it is empty."""
    if not table.row_count:
        out.print(
            f"[bold]{table.title}[/bold]\nNo rows: nothing of this kind was known then; see `tenprint facts show`."
        )
        return
    least = sum((column.min_width or 1) + 3 for column in table.columns) + 1
    out.print(table, width=max(out.width, least))


def text(value: Any) -> str:
    """A value in a table for people."""
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


@app.command()
def diff(
    name: Name,
    facts: Facts,
    from_: Annotated[str, typer.Option("--from", help="Earlier as-of date.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="Later as-of date.", show_default=False)],
    to_definition: Annotated[str | None, typer.Option(help="Another definition at the later date.")] = None,
    valid_from: Annotated[str | None, typer.Option(help="What had happened, at the earlier date.")] = None,
    valid_to: Annotated[str | None, typer.Option(help="What had happened, at the later date.")] = None,
    origin: Origin = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the difference as a waterfall into this file.")] = None,
    by: Annotated[
        str | None, typer.Option(help="For published counts: draw what moved between the labels of this name.")
    ] = None,
    profile: Annotated[str, typer.Option(help="open, or guarded (protected values only, with --publisher).")] = "open",
    publisher: Annotated[Path | None, typer.Option(help="Key file of the publisher, for profile guarded.")] = None,
    salt_file: SaltFile = None,
    own_definition: Own = False,
    json: Json = False,
) -> None:
    """Why a figure changed between two dates, in parts that add up exactly.

    Example: tenprint figures diff noncriminal-removal-share --facts facts --from 2010-04-30 --to 2010-07-31
    """
    from tenprint import figures
    from tenprint.facts import FactsError
    from tenprint.figures.difference import to_plain
    from tenprint.figures.waterfall import of_difference

    name = chosen(name, own_definition)
    to_definition = chosen(to_definition, own_definition) if to_definition else None
    if profile == "guarded":
        _guarded_diff(name, facts, from_, to, publisher, origin, salt_file, json)
        return

    with folder_of(facts, salt_file) as folder:
        try:
            found = figures.difference(
                name,
                folder,
                from_,
                to,
                to_name=to_definition,
                valid_start=valid_from,
                valid_end=valid_to,
                origin=origin,
            )
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    if svg is not None:
        try:
            svg.write_text(of_difference(found, label=by), encoding="utf-8")
        except (ValueError, OSError) as wrong:
            fail(f"--svg {svg}: {wrong}")
    if json:
        emit(to_plain(found))
    else:
        print_difference(to_plain(found))


def _guarded_diff(
    name: str, facts: str, start: str, end: str, publisher: Path | None, origin: str | None, salt_file: Path | None,
    json: bool,
) -> None:  # fmt: skip
    from tenprint import figures
    from tenprint.facts import FactsError
    from tenprint.figures.guarded import guarded_difference
    from tenprint.figures.publisher import Publisher

    if publisher is None:
        fail("--profile guarded needs the publisher's key file: --publisher FILE (figures publish makes one)")
    with folder_of(facts, salt_file, guarded=True) as folder:
        try:
            found = guarded_difference(name, folder, start, end, Publisher.open_or_create(existing(publisher)), origin)
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    if json:
        emit(found)
        return
    for row in found["rows"]:
        where = ", ".join(text(v) for k, v in row.items() if k not in {"from", "to", "change", "suppressed", "parts"})
        out.print(f"{where}: {text(row['from'])} to {text(row['to'])} {row['suppressed']}", markup=False)


def print_difference(found: dict[str, Any]) -> None:
    """Print a difference: cells that changed, their parts, and the total."""
    from rich.table import Table

    table = Table(title=f"{found['title']} ({found['unit']})", title_justify="left")
    total = found["total"]
    rows = [r for r in found["rows"] if r["parts"]]
    shown = [*rows, *([total] if total else [])]
    names = [
        n for n in (found["rows"][0] if found["rows"] else {}) if n not in {"from", "to", "parts", "exact", "counts"}
    ]
    parts = list(dict.fromkeys(p for r in shown for p in r["parts"]))
    for column in [*names, "from", "to", *parts]:
        table.add_column(column, justify="left" if column in names else "right")
    for row in shown:
        cells = [text(row.get(n, "all" if n == names[0] else "")) for n in names]
        signed = [f"{row['parts'][p]:+,.6g}" if p in row["parts"] else "" for p in parts]
        table.add_row(*cells, text(row["from"]), text(row["to"]), *signed)
    out.print(table)
    same = len(found["rows"]) - len(rows)
    out.print(f"{len(rows)} cells changed, {same} did not · origin {found['origin']}")
    if closed := found["closed"]:
        out.print(f"periods already over: {closed['changed']} of {closed['cells']} cells changed; "
                  f"{text(closed['from'])} to {text(closed['to'])} in all")  # fmt: skip
        for name, labels in closed["moved"].items():
            out.print(
                f"  by {name}: " + ", ".join(f"{label} {change:+,}" for label, change in labels.items()), markup=False
            )
    ends = f"{found['from_as_of']:%Y-%m-%d} to {found['to_as_of']:%Y-%m-%d}"
    out.print(f"as of {ends} · {found['definition']} to {found['to_definition']}")


@app.command()
def publish(
    facts: Facts,
    out_: Annotated[Path, typer.Option("--out", help="New folder for the publication.", show_default=False)],
    as_of: Annotated[
        list[str] | None, typer.Option("--as-of", help="As-of date; may be given again. Default: all known.")
    ] = None,
    definition: Annotated[
        list[str] | None, typer.Option(help="A definition; may be given again. Default: all.")
    ] = None,
    profile: Annotated[str, typer.Option(help="open (exact, with facts) or guarded (protected, without).")] = "open",
    publisher: Annotated[
        Path | None, typer.Option(help="Key file of the publisher; made when it is not there.")
    ] = None,
    origin: Origin = None,
    salt_file: SaltFile = None,
    own_definition: Own = False,
    json: Json = False,
) -> None:
    """Write a Frictionless data package: CSV, Parquet, JSON, definitions, receipts, signed hashes.

    Example: tenprint figures publish --facts facts --out publication --as-of 2010-04-30 --as-of 2010-07-31
    """
    from tenprint import figures
    from tenprint.facts import FactsError
    from tenprint.figures.publish import publish as write
    from tenprint.figures.publisher import Publisher

    if profile not in {"open", "guarded"}:
        fail(f"--profile: expected open or guarded, got {profile!r}")
    for one in definition or ():
        chosen(one, own_definition)
    key_file = publisher or out_.with_name(f"{out_.name}.publisher.json")
    with folder_of(facts, salt_file, out_, guarded=profile == "guarded") as folder:
        try:
            owner = Publisher.open_or_create(key_file)
            done = write(
                folder, out_, as_of or (), names=definition or (),
                profile="guarded" if profile == "guarded" else "open", publisher=owner, origin=origin,
            )  # fmt: skip
        except (figures.FiguresError, FactsError, OSError) as wrong:
            fail(str(wrong))
    if json:
        emit(done)
        return
    out.print(f"{len(done.figures)} figures in {done.files} files: {out_}", markup=False)
    for name, why in done.skipped.items():
        out.print(f"not published: {name}: {why}", markup=False)
    out.print(f"publisher's secrets (keep them apart): {key_file}\nverifier key: {done.verifier}", markup=False)


@app.command()
def verify(
    publication: Annotated[Path, typer.Argument(help="Folder of a publication.")],
    key: Annotated[
        list[str] | None,
        typer.Option(help="Verifier key of the publisher, from elsewhere than the package; or a file."),
    ] = None,
    facts: Annotated[Path | None, typer.Option(help="For inspectors of guarded figures: the facts.")] = None,
    publisher: Annotated[
        Path | None, typer.Option(help="For inspectors of guarded figures: the publisher's secrets.")
    ] = None,
    own_definition: Own = False,
    json: Json = False,
) -> None:
    """Check a publication offline: files, receipts, numbers; compute again where facts are at hand.

    Who made it is known by --key alone: a key that came with the package proves nothing. Without --key the answer is
    whether the package is whole, and that its signer is unknown. Exit 1 when something does not hold.

    Example: tenprint figures verify publication --key publisher.key
    """
    from tenprint import figures
    from tenprint.figures.checking import check
    from tenprint.figures.publisher import Publisher

    try:
        owner = Publisher.open_or_create(existing(publisher)) if publisher else None
        found = check(
            publication if publication.is_symlink() else existing(publication),
            key or (),
            facts=facts,
            publisher=owner,
            own_definitions=own_definition,
        )
    except figures.FiguresError as wrong:
        fail(str(wrong))
    if json:
        emit(found)
    else:
        for heading, lines in (
            ("holds", found.holds),
            ("not checked", found.not_checked),
            ("DOES NOT HOLD", found.wrong),
        ):
            for line in lines:
                out.print(f"{heading}: {line}", markup=False)
    if found.wrong:
        raise typer.Exit(FINDINGS)
