"""``tenprint figures``: numbers that answer for themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenprint.cli.common import FINDINGS, Json, emit, existing, fail, out, utc_now
from tenprint.cli.figures_given import AsOf, Facts, Name, Origin, Own, SaltFile, Valid, chosen, folder_of
from tenprint.cli.figures_told import print_changes, print_difference, print_figure, print_panel, print_series, text
from tenprint.cli.figures_written import Csv, Outlines, Parquet, read_population, write_figure, write_panel

app = typer.Typer(no_args_is_help=True, help="Figures with definitions, vintages, differences and receipts.")


@app.command("list")
def list_(
    facts: Annotated[Path | None, typer.Option("--facts", help="Only what this folder of facts can answer.")] = None,
    json: Json = False,
) -> None:
    """Every definition: its id, what it counts, for which cells; with --facts, those that a folder can answer.

    Example: tenprint figures list --facts facts
    """
    from tenprint.facts import FactsError, Folder
    from tenprint.figures import all_definitions, answerable

    found = list(all_definitions().values())
    if facts is not None:
        try:
            folder = Folder.open(existing(facts))
        except FactsError as wrong:
            fail(str(wrong))
        found = [d for d in found if answerable(d, folder)]
    if json:
        keys = ("name", "id", "title", "kind", "unit", "cells", "population", "source", "in_force", "supersedes",
                "changed")  # fmt: skip
        emit([{k: getattr(d, k) for k in keys} for d in found])
        return
    for d in found:
        out.print(f"[bold]{d.name}[/bold]@{d.hash[7:23]}\n    {d.title} ({d.unit}) by {', '.join(d.cells)}")
    if facts is not None:
        out.print(f"{len(found)} of {len(all_definitions())} definitions have something to count in {facts}")


@app.command()
def compute(
    name: Name, facts: Facts, as_of: AsOf = None, valid: Valid = None, origin: Origin = None,
    own_definition: Own = False,
    since: Annotated[str | None, typer.Option(help="Say first what changed since this as-of date.")] = None,
    csv: Csv = None, parquet: Parquet = None,
    chart: Annotated[Path | None, typer.Option("--chart", help="Draw it as a chart into this file (SVG).")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Chart: the cell that tells lines or bars apart.")] = None,
    map_: Annotated[Path | None, typer.Option("--map", help="Draw it as a map into this file (SVG).")] = None,
    outlines: Outlines = None, json: Json = False,
) -> None:  # fmt: skip
    """Compute a figure as it would have been published on a day, with its receipt.

    --csv, --parquet, --chart and --map write it in the shapes that people use; every one names definition and receipt.

    Example: tenprint figures compute noncriminal-removal-share --facts facts --as-of 2010-04-30 --csv share.csv
    """
    from msgspec import to_builtins

    from tenprint import figures
    from tenprint.facts import FactsError
    from tenprint.figures.difference import to_plain

    name = chosen(name, own_definition)
    with folder_of(facts) as folder:
        known = as_of or utc_now()
        try:
            figure = figures.compute(name, folder, known, valid, origin=origin)
            changes = since and figures.difference(name, folder, since, known, valid_end=valid, origin=origin)
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    if changes and not json:
        print_changes(to_plain(changes))
    wrote = write_figure(figure, csv=csv, parquet=parquet, chart=chart, by=by, map_=map_, outlines=outlines)
    if json:
        emit(to_builtins(figure) | ({"since": to_plain(changes)} if changes else {}))
    elif wrote:
        out.print(*(f"{len(figure.rows):,} rows of {figure.definition} in {path}" for path in wrote), sep="\n")
    else:
        print_figure(figure)


@app.command("panel")
def panel_(
    names: Annotated[list[str], typer.Argument(metavar="ID...", help="Definitions that count in counties.")],
    facts: Facts, as_of: AsOf = None, origin: Origin = None, csv: Csv = None, parquet: Parquet = None,
    period: Annotated[str, typer.Option(help="month or quarter.")] = "month",
    population: Annotated[
        Path | None, typer.Option("--population", help="CSV with columns jurisdiction (county FIPS) and population.")
    ] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """A row for each county and month, with activation and the months since: zeros where zero is known, else empty.

    Example: tenprint figures panel matches detainers --facts facts --as-of 2012-12-31 --csv panel.csv
    """
    from tenprint import figures
    from tenprint.facts import FactsError

    people = None if population is None else read_population(population)
    with folder_of(facts) as folder:
        try:
            found = figures.panel(names, folder, as_of or utc_now(), origin=origin, population=people, period=period)
        except (figures.FiguresError, FactsError) as wrong:
            fail(str(wrong))
    wrote = write_panel(found, csv=csv, parquet=parquet)
    if json:
        emit(found)
    elif wrote:
        out.print(*(f"{len(found.rows):,} rows in {path}" for path in wrote), sep="\n")
    else:
        print_panel(found)


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


@app.command()
def diff(
    name: Name,
    facts: Facts,
    from_: Annotated[
        str, typer.Option("--from", "--since", help="Earlier as-of date, such as that of a story.", show_default=False)
    ],
    to: Annotated[str | None, typer.Option("--to", help="Later as-of date. Default: now.", show_default=False)] = None,
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

    What changed in all, in periods that were over, and by label comes first, then the cells.

    Example: tenprint figures diff noncriminal-removal-share --facts facts --from 2010-04-30 --to 2010-07-31
    """
    from tenprint import figures
    from tenprint.facts import FactsError
    from tenprint.figures.difference import to_plain
    from tenprint.figures.waterfall import of_difference

    name = chosen(name, own_definition)
    to_definition = chosen(to_definition, own_definition) if to_definition else None
    to = to or utc_now().isoformat()
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
