"""``tenprint facts``: the waist, from a ledger or from released files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import FINDINGS, UNUSABLE, Db, Json, emit, existing, fail, out, progress

if TYPE_CHECKING:
    from tenprint.facts import Folder
    from tenprint.facts.folder import Part
    from tenprint.facts.importers import Report

app = typer.Typer(no_args_is_help=True, help="De-identified tables of facts, from a ledger or from released files.")

Out = Annotated[Path, typer.Option("--out", help="Folder of facts: a new one, or one to add to.", show_default=False)]


SaltFile = Annotated[
    Path | None,
    typer.Option(
        "--salt-file",
        help="Secret behind the keys of cases and people, drawn when the file is not there; keeps keys the same.",
    ),
]


@app.command()
def extract(db: Db, out_: Out, salt_file: SaltFile = None, json: Json = False) -> None:
    """Write the facts of an exchange into a folder of Parquet files.

    With the same --salt-file, a folder that has facts of this exchange is brought up to date from new entries only.

    Example: tenprint facts extract --db county.db --out facts --salt-file county.salt
    """
    folder = extract_from(db, out_, salt_file)
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


@app.command()
def check(facts: Annotated[Path, typer.Argument(help="Folder of facts.")], json: Json = False) -> None:
    """Files against their hashes, rows against the laws of the tables, and gaps by place. Exit 1 when a law is broken.

    Example: tenprint facts check facts
    """
    from tenprint.facts import FactsError, Folder
    from tenprint.facts.completeness import WARN, completeness, validate

    try:
        folder = Folder.open(existing(facts))
    except FactsError as wrong:
        fail(str(wrong))
    damaged = folder.check()
    breaches = [] if damaged else validate(folder)
    gaps = [] if damaged else completeness(folder)
    if json:
        emit({"damaged": damaged, "breaches": breaches, "gaps": [{"share": g.share, **_fields(g)} for g in gaps]})
    else:
        for line in damaged:
            out.print(f"damaged: {line}", markup=False)
        for b in breaches:
            out.print(f"{b.level}: {b.table}: {b.what} ({b.rows} rows)", markup=False)
        for g in gaps:
            if g.share > WARN:
                where = ", ".join(filter(None, (g.county, g.state))) or "no county known"
                out.print(f"gap: {g.what}: {where}: missing in {g.missing} of {g.rows} ({g.share:.0%})", markup=False)
        if not (damaged or breaches):
            out.print("every file is the one of the manifest, and no row breaks a law of the tables")
    if damaged or any(b.level == "hard" for b in breaches):
        raise typer.Exit(FINDINGS)


def _fields(value: object) -> dict[str, object]:
    import msgspec

    fields: dict[str, object] = msgspec.to_builtins(value)
    return fields


@app.command("import")
def import_(
    kind: Annotated[
        str, typer.Argument(help="seed-removals, ice-detention-statistics, detainers, arrests, activations.")
    ],
    files: Annotated[list[Path], typer.Argument(help="Released files, read where they are.")],
    out_: Out,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help="Detention workbooks: the day of the data (ISO 8601), where a file does not say it."
        ),
    ] = None,
    registry: Annotated[
        Path | None,
        typer.Option("--registry", help="Detention workbooks: titles and tables of your own (TOML), before the known."),
    ] = None,
    json: Json = False,
) -> None:
    """Import released files; says what differs from the releases it knows. Exit 1 when a file was not imported.

    Of a workbook every number is imported, or counted with the reason why not.

    Example: tenprint facts import ice-detention-statistics FY26_detentionStats_02122026.xlsx --out facts
    """
    from tenprint.facts import FactsError
    from tenprint.facts.importers import import_files

    try:
        day = None if as_of is None else date.fromisoformat(as_of)
    except ValueError:
        fail(f"--as-of: expected a date such as 2024-10-03, got {as_of!r}")
    try:
        done = import_files(kind, [existing(f) for f in files], out_, as_of=day, registry=registry)
    except FactsError as wrong:
        fail(str(wrong))
    if json:
        emit(done)
    else:
        print_report(done)
    if done.refused:
        raise typer.Exit(UNUSABLE if not done.files else FINDINGS)


@app.command()
def describe(
    file: Annotated[Path, typer.Argument(help="A workbook that nobody knows.")],
    toml: Annotated[
        bool, typer.Option("--toml", help="Print a registry for its tables, to be finished by hand.")
    ] = False,
    json: Json = False,
) -> None:
    """What a workbook holds: tables, labels, columns, numbers; with --toml, entries for `facts import --registry`.

    Example: tenprint facts describe FY27_detentionStats.xlsx
    """
    from tenprint.facts import FactsError
    from tenprint.facts.importers.describing import describe as look_at

    try:
        found = look_at(existing(file))
    except FactsError as wrong:
        fail(str(wrong))
    if json:
        emit(found)
        return
    if toml:
        out.print("\n".join(t.entry for t in found.tables if not t.known), markup=False, soft_wrap=True)
        return
    out.print(
        f"{found.file}: {len(found.tables)} tables; drawn {found.run_on or 'on a day that no footnote says'}",
        markup=False,
    )
    for t in found.tables:
        what = f"known as {t.known}" if t.known else f"read by shape as {t.series}"
        out.print(f"{t.sheet}!{t.at} {t.title}: {t.numbers} numbers, {what}", markup=False)
        out.print(f"    by {', '.join(t.labels) or 'no label'}; columns {', '.join(t.columns)}", markup=False)
    if found.outside:
        out.print(f"{found.outside} numbers stand in no table", markup=False)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Where released workbooks arrive.")],
    out_: Out,
    json: Json = False,
) -> None:
    """Import what is new in a folder, and say what it changed in every figure that these facts can answer.

    A look at a time, for a timer to repeat. Exit 1 when a file was refused.

    Example: tenprint facts watch releases --out facts
    """
    from tenprint import figures
    from tenprint.cli.common import utc_now
    from tenprint.cli.figures_told import print_changes
    from tenprint.facts import FactsError, Folder
    from tenprint.facts.importers import watching
    from tenprint.figures.difference import to_plain

    before = _last_known(out_)
    try:
        found = watching.look(existing(folder), out_)
    except (FactsError, NotADirectoryError) as wrong:
        fail(f"{folder}: {wrong}")
    changes = []
    if found.report is not None and before is not None:
        facts = Folder.open(out_)
        for definition in figures.all_definitions().values():
            if set(definition.counted) == {"published_cell"} and figures.answerable(definition, facts):
                made = to_plain(figures.difference(definition.name, out_, before, utc_now()))
                changes += [made] if any(r["parts"] for r in made["rows"]) else []
    if json:
        emit({"imported": found.report, "known": found.known, "replaced": found.replaced, "changes": changes})
    else:
        if found.report is not None:
            print_report(found.report)
        out.print(f"{len(found.known)} files were known already", markup=False)
        for name in found.replaced:
            out.print(
                f"{name}: another content under a name that was known: it took the place of the old", markup=False
            )
        for made in changes:
            print_changes(made)
    if found.report is not None and found.report.refused:
        raise typer.Exit(FINDINGS)


def _last_known(folder: Path) -> str | None:
    """The last moment at which something published was known; nothing before the first import."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if not (folder / "manifest.json").exists():
        return None
    from tenprint.facts import Folder

    facts = Folder.open(folder)
    last = [pc.max(pq.read_table(folder / p.file, columns=["recorded_at"])["recorded_at"]).as_py()
            for p in facts.parts("published_cell")]  # fmt: skip
    found = max((moment for moment in last if moment is not None), default=None)
    return None if found is None else found.isoformat()


def print_report(done: Report) -> None:
    """Print what an import did, drift first."""
    for name, rows in done.rows.items():
        out.print(f"{name}: {rows:,} rows in {done.folder}", markup=False)
    out.print(f"imported: {', '.join(done.files) or 'nothing'}", markup=False)
    if done.checks:
        differ = sum(f.count for f in done.findings if f.what == "sum")
        out.print(f"sums of the source recomputed: {done.checks}, of which {differ} differ")
    for finding in sorted(done.findings, key=lambda f: f.level):
        counted = finding.what.startswith("cells-")
        times = f" ({finding.count} times)" if finding.count > 1 and not counted else ""
        out.print(f"{finding.level}: {finding.what}: {finding.where}: {finding.detail}{times}", markup=False)


def extract_from(db: str, target: Path, salt_file: Path | None = None, *apart: Path) -> Folder:
    """Extract the facts of an exchange database into a folder; the salt lies in none of the folders that others get."""
    from tenprint.facts import FactsError, extract
    from tenprint.facts.keys import salt_of
    from tenprint.ledger import Ledger, LedgerError

    if "://" not in db:
        existing(Path(db))
    try:
        with Ledger.open(db) as ledger, progress("reading the ledger", ledger.size()) as advance:
            salt = None if salt_file is None else salt_of(salt_file, target, *apart)
            return extract(ledger, target, salt=salt, advance=advance)
    except (FactsError, LedgerError) as wrong:
        fail(str(wrong))


def report(folder: Folder, json: bool) -> None:
    """Print what a folder of facts holds."""
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
    for part in folder.manifest.parts:
        known = known_since(folder, part)
        if known:
            out.print(f"{part.table}, {part.origin}: known as of {', '.join(known)}")


def known_since(folder: Folder, part: Part) -> list[str]:
    """The days (UTC) on which something in a part became known, when they are few: the vintages of a publication."""
    import pyarrow.parquet as pq

    column = pq.read_table(folder.path / part.file, columns=["recorded_at"]).column("recorded_at")
    days = sorted({moment.date().isoformat() for moment in column.unique().to_pylist()})
    return days if len(days) <= 12 else [days[0], "...", days[-1]]
