"""``tenprint ledger``: checkpoints, proofs, verification, backups."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from tenprint.cli.common import FINDINGS, Db, Json, Refused, emit, existing, fail, out, progress, to_json

if TYPE_CHECKING:
    from tenprint.ledger import Entry, Ledger, Problem

app = typer.Typer(no_args_is_help=True, help="Checkpoints, proofs, verification and backups of the ledger.")

Who = Annotated[str | None, typer.Option("--as", envvar="TENPRINT_AS", help="Who accepts: an administrator.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this new file instead of printing.")]


class Verified(NamedTuple):
    """What ``ledger verify`` found."""

    problems: list[Problem]
    recomputed: list[str]
    unbound: list[str]


@app.command()
def checkpoint(db: Db, target: Out = None, json: Json = False) -> None:
    """Sign the present state. Keep the note somewhere else: it binds the ledger to its history.

    Example: tenprint ledger checkpoint --db county.db --out 2012-11-09.checkpoint
    """
    with _opened(db) as ledger:
        note = ledger.checkpoint()
        key = str(ledger.verifier)
    if json:
        from tenprint.proof.verify import parse_checkpoint, parse_note

        state = parse_checkpoint(parse_note(note).text)
        emit({"checkpoint": note, "origin": state.origin, "size": state.size, "root": state.root, "key": key})
    else:
        _give(note, target)


@app.command()
def key(db: Db, json: Json = False) -> None:
    """The public key that checks this ledger's checkpoints, for ``verify.py --key``.

    Example: tenprint ledger key --db county.db > county.key
    """
    with _opened(db) as ledger:
        text = str(ledger.verifier)
    if json:
        emit({"key": text})
    else:
        typer.echo(text)


@app.command()
def prove(
    seq: Annotated[int, typer.Argument(help="Place of the entry on the ledger, from 1.", show_default=False)],
    db: Db,
    disclose: Annotated[bool, typer.Option("--disclose", help="Prove its sealed fields too: shows them.")] = False,
    target: Out = None,
) -> None:
    """Prove that an entry is on the ledger: a JSON document that ``proof/verify.py`` checks without the ledger.

    Example: tenprint ledger prove 12 --db county.db --out 12.proof.json
    """
    with _opened(db) as ledger:
        document = ledger.prove(seq, disclose=disclose)
    _give(to_json(document) + "\n", target)


@app.command()
def consistency(
    earlier: Annotated[Path, typer.Argument(help="A checkpoint kept from an earlier day.", show_default=False)],
    db: Db,
    target: Out = None,
) -> None:
    """Prove that nothing under an earlier checkpoint has changed since.

    Example: tenprint ledger consistency 2012-11-09.checkpoint --db county.db --out since.json
    """
    with _opened(db) as ledger:
        document = ledger.prove_consistency(_text(earlier))
    _give(to_json(document) + "\n", target)


@app.command()
def verify(
    db: Db,
    kept: Annotated[
        list[Path] | None, typer.Option("--checkpoint", help="A checkpoint kept elsewhere; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Read every entry again and name the first that does not hold; recompute what is derived from them.

    Every projection is recomputed, every card, answer, print, enrolment and encounter is held against the event that
    names it, and tables, triggers and views that no release makes are told.

    Exit code 1 when something is wrong. Only a checkpoint kept elsewhere shows that the newest entries were cut off.

    Example: tenprint ledger verify --db county.db --checkpoint 2012-11-09.checkpoint
    """
    notes = [_text(path) for path in kept or []]
    with _opened(db) as ledger:
        size = ledger.size()
        with progress("verifying the ledger", size) as advance:
            problems, recomputed, unbound = _checked(ledger, notes, advance)
    if json:
        emit({
            "entries": size,
            "checkpoints": len(notes),
            "recomputed": recomputed,
            "not_bound": unbound,
            "problems": problems,
        })  # fmt: skip
    else:
        for problem in problems:
            out.print(str(problem), markup=False)
        if not problems:
            named = ", ".join(recomputed) or "none"
            out.print(f"{size} entries verify. Projections recomputed: {named}.", markup=False)
            out.print("Cards, answers, prints, enrolments and encounters are those of the events.", markup=False)
        for line in unbound:
            out.print(line, markup=False)
    if problems:
        raise typer.Exit(FINDINGS)


@app.command()
def clock(
    db: Db,
    name: Who = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Say in your name that the machine's clock is right.")
    ] = False,
    json: Json = False,
) -> None:
    """The clock of the record. After a jump of the machine's clock nothing is written until somebody accepts it.

    A real ledger stops when the machine's clock stands more than three days after the last entry: a clock that runs
    ahead would be the record's for ever. `--accept` is an administrator's act, and is on the record.

    Example: tenprint ledger clock --accept --db county.db --as ada
    """
    if accept:
        _accept_clock(db, name)
    with _opened(db) as ledger:
        now = ledger.now()
    said = f"{'Accepted. ' if accept else ''}The record stands at {now:%Y-%m-%d %H:%M} UTC."
    _told({"clock": now, "accepted": accept}, said, json)


def _accept_clock(db: str, name: str | None) -> None:
    from tenprint.cli.opening import opened
    from tenprint.exchange import clock as record

    if name is None:
        fail("--accept is an administrator's act: expected --as NAME")
    with opened(db) as exchange:
        record.accept(exchange, exchange.act(name, "clock"))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file; nothing is overwritten.", show_default=False)],
    db: Db,
    json: Json = False,
) -> None:
    """Copy the whole database, consistent while others write, and verify the copy.

    The copy holds the keys of sealed fields: guard it like the original, and destroy it when a subject is expunged.

    Example: tenprint ledger backup county-2012-11-09.db --db county.db
    """
    with _opened(db) as ledger:
        ledger.backup(file, check=lambda copy: _checked(copy).problems)
    _told({"backup": file}, f"{file}: complete and verified.", json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", show_default=False)],
    db: Db,
    json: Json = False,
) -> None:
    """Make a new exchange from a backup, in a new file or an empty PostgreSQL database, and verify it.

    Example: tenprint ledger restore county-2012-11-09.db --db county-again.db
    """
    from tenprint.ledger import Ledger

    with _refusals(), Ledger.restore(file, db, check=lambda copy: _checked(copy).problems) as ledger:
        size = ledger.size()
    _told({"restored": str(db), "entries": size}, f"{db}: {size} entries restored and verified.", json)


@app.command()
def show(
    db: Db,
    seq: Annotated[int | None, typer.Argument(help="Only this entry.", show_default=False)] = None,
    stream: Annotated[
        str | None, typer.Option("--stream", help="Only this stream, such as case/TX2270000/TCN1.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many entries, the newest.")] = 50,
    json: Json = False,
) -> None:
    """What is on the ledger: who did what, when it happened and when it was recorded. Sealed fields stay sealed.

    Example: tenprint ledger show --db county.db --limit 20
    """
    with _opened(db) as ledger:
        size = ledger.size()
        if seq is not None:
            entries = list(ledger.read(after=seq - 1, limit=1)) if 1 <= seq <= size else []
        elif stream is not None:
            entries = ledger.stream(stream)[-limit:]
        else:
            entries = list(ledger.read(after=max(0, size - limit)))
        origin = ledger.origin
    if not entries:
        fail(
            f"{db}: nothing there: the ledger has entries 1 to {size}"
            + (f", none of stream {stream!r}" if stream else "")
        )
    rows = [_row(entry) for entry in entries]
    if json:
        emit({"origin": origin, "size": size, "entries": rows})
    else:
        _table(origin, size, rows)


def _row(entry: Entry) -> dict[str, Any]:
    import msgspec

    row: dict[str, Any] = msgspec.structs.asdict(entry)
    row["sealed"] = "destroyed" if entry.sealed is None else "sealed" if entry.sealed else None
    return row


def _table(origin: str, size: int, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(title=f"{origin}: {size} entries", title_justify="left", show_lines=len(rows) == 1)
    for name in ("seq", "happened", "what", "stream", "who", "data"):
        table.add_column(name, overflow="fold")
    for row in rows:
        data = to_json(row["data"]) if len(rows) == 1 else ", ".join(list(row["data"])[:6])
        who = f"{row['actor']} ({row['role']})"
        table.add_row(str(row["seq"]), f"{row['occurred_at']:%Y-%m-%d %H:%M}", row["kind"], row["stream"], who, data)
    out.print(table)


def _checked(ledger: Ledger, notes: Sequence[str] = (), advance: Callable[[int], object] | None = None) -> Verified:
    """Everything: entries, every projection, every table beside the ledger, triggers and views."""
    from tenprint import accounts
    from tenprint.exchange import audit
    from tenprint.ledger import Problem

    built = ledger.built()
    known = [p for p in audit.projections(ledger) if p.name in built]
    unknown = sorted(built - {projection.name for projection in known})
    problems = ledger.verify(notes, projections=known, advance=advance)
    told = "not of this program, cannot be checked"
    problems += [Problem(None, "projection", f"projection {name!r}: {told}") for name in unknown]
    unbound: list[str] = []
    if not any(p.what in {"entry", "storage"} for p in problems):
        beside, unbound = audit.audit(ledger)
        problems += [*beside, *accounts.audit(ledger)]
    if ledger.names == "unchecked":
        unbound.append("names are unchecked on this ledger: an entry shows who was named, not who acted")
    elif ledger.names == "checked" and not accounts.opened(ledger):
        unbound.append("nobody has accepted an account yet: until then an entry shows who was named, not who acted")
    return Verified(problems, [p.name for p in known], unbound)


@contextmanager
def _refusals() -> Iterator[None]:
    from tenprint.ledger import Damaged, LedgerError

    try:
        yield
    except Damaged as wrong:
        raise Refused(str(wrong), FINDINGS) from wrong
    except LedgerError as wrong:
        raise Refused(str(wrong)) from wrong
    except OSError as wrong:
        raise Refused(f"{wrong.filename}: {wrong.strerror}") from wrong


@contextmanager
def _opened(db: str) -> Iterator[Ledger]:
    from tenprint.ledger import Ledger

    with _refusals(), Ledger.open(db) as ledger:
        yield ledger


def _text(path: Path) -> str:
    try:
        return existing(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        fail(f"{path}: expected a checkpoint (text): {wrong}")


def _give(text: str, target: Path | None) -> None:
    if target is None:
        typer.echo(text, nl=False)
        return
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        fail(f"{target}: already exists, and nothing is overwritten; choose another name")
    except OSError as wrong:
        fail(f"{target}: cannot be written: {wrong.strerror}")


def _told(data: dict[str, Any], sentence: str, json: bool) -> None:
    if json:
        emit(data)
    else:
        out.print(sentence, markup=False)
