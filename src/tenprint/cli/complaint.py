"""`complaint`: what the rights office does with complaints, and the pages on which people file them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from tenprint.cli import complaint_office
from tenprint.cli.common import As, At, Db, Json, Refused, emit, existing, fail, out, to_json, typed, write_private
from tenprint.cli.complaint_office import Number, office
from tenprint.cli.opening import stated

if TYPE_CHECKING:
    from tenprint.exchange.rights import OfficeKey

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Complaints to the rights office: taken in, answered, proved; the pages for them.",
)

Purpose = Annotated[str, typer.Option("--purpose", help="What for; it is recorded with your name.", show_default=False)]
WANTED = "the pages need the extra `web` ({} is missing): pip install 'tenprint[web]'"
KeyFile = Annotated[Path, typer.Option("--key", help="The office's private key.", show_default=False)]
Against = Annotated[
    Literal["federal_officer", "state_officer", "local_officer", "jail", "other", "unknown"],
    typer.Option("--against", help="Whose act it is about."),
]


def private_key(path: Path) -> OfficeKey:
    """The key in a file; its passphrase is in TENPRINT_RIGHTS_PASSPHRASE."""
    from tenprint.exchange.rights import OfficeKey

    return OfficeKey.load(existing(path), os.environ.get("TENPRINT_RIGHTS_PASSPHRASE"))


@app.command()
def key(
    db: Db,
    name: As,
    out_file: Annotated[Path, typer.Option("--out", help="A new file for the private key.", show_default=False)],
    at: At = None,
) -> None:
    """Make the key that opens filers' names. Keep the file outside the database: nothing else opens them.

    TENPRINT_RIGHTS_PASSPHRASE, when set, encrypts the file.

    Example: tenprint complaint key --out rights.key --db county.db --as rita
    """
    from tenprint.exchange.rights import OfficeKey

    with office(db) as rights:
        from tenprint.cases.complaint.commands import Triage

        rights.act(name, Triage)
        made = OfficeKey.generate()
        made.save(out_file, os.environ.get("TENPRINT_RIGHTS_PASSPHRASE"))
        short = rights.publish_key(made, name, stated(rights.exchange, at, name=name))
    out.print(f"Key {short} is in {out_file}. Names are closed for it from now on; lose it and they stay closed.")


@app.command()
def file(
    db: Db,
    text: Annotated[str, typer.Option("--text", help="What happened; `-` reads it from standard input.")],
    against: Against = "unknown",
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", help="What it is about, such as profiling or unlawful_hold. Repeat it."),
    ] = None,
    place: Annotated[str, typer.Option("--place", help="Where it happened.")] = "",
    language: Annotated[str, typer.Option("--language", help="Language of the receipt's words.")] = "en",
    person: Annotated[str, typer.Option("--name", help="Name of the filer, if they give one.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="How to reach them safely.")] = "",
    attach: Annotated[list[Path] | None, typer.Option("--attach", help="A photo or text file. Repeat it.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """File a complaint as anybody may, and print the receipt: it is shown once and kept nowhere.

    Example: tenprint complaint file --text "I was held after my bond was paid" --against jail --db county.db
    """
    from tenprint.cases.complaint.events import Topic
    from tenprint.exchange.rights import Filing, clean, receipts

    said = typed(text)
    unknown = [chosen for chosen in topic or () if chosen not in get_args(Topic)]
    if unknown:
        fail(f"--topic: expected one of {', '.join(get_args(Topic))}; got {unknown[0]!r}")
    with office(db) as rights:
        uploads = tuple(clean(p.name, existing(p).read_bytes()) for p in attach or [])
        filing = Filing(
            language=language,
            text=said,
            against=against,
            topics=tuple(t for t in get_args(Topic) if t in (topic or ())),
            place=place,
            name=person,
            contact=contact,
            uploads=uploads,
        )
        words = receipts.draw(language)
        filed = rights.file(filing, words, at=stated(rights.exchange, at))
    if json:
        emit({"number": filed.number, "receipt": words, "seq": filed.seq})
        return
    out.print(f"Complaint {filed.number} has arrived. The receipt, shown only now:\n{words}", markup=False)


@app.command(name="list")
def list_(
    db: Db,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are not closed.")] = False,
    json: Json = False,
) -> None:
    """Every complaint with its open facts: number, stage, channel, about whom, topics, county.

    Example: tenprint complaint list --open --db county.db
    """
    with office(db) as rights:
        rows = rights.register(only_open=only_open)
    if json:
        emit(rows)
        return
    for r in rows:
        parts = (r["number"], r["stage"].lower(), r["channel"], r["against"], r["topics"] or "-", r["county"] or "-")
        out.print("  ".join(parts), markup=False)
    if not rows:
        out.print("No complaints.")


@app.command()
def show(
    number: Number,
    db: Db,
    name: Annotated[str | None, typer.Option("--as", envvar="TENPRINT_AS", help="Who looks.")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="Opens what is sealed; it is recorded.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """What happened to a complaint and what is owed. Everybody may see this; its texts open with --purpose alone.

    Example: tenprint complaint show 2012-00001 --purpose "triage" --db county.db --as rita
    """
    import msgspec

    with office(db) as rights:
        opened_case = None
        if purpose:
            if not name:
                fail("--purpose opens what is sealed: say who looks with --as")
            opened_case = rights.read(number, name, purpose, stated(rights.exchange, at, name=name))
        lines, clocks, now = rights.facts(number), rights.clocks(number), rights.ledger.now()
    if json:
        data = {"number": number, "facts": lines, "clocks": clocks}
        emit(msgspec.to_builtins(data | ({"opened": opened_case} if opened_case else {})))
        return
    for line in lines:
        out.print(f"{line.seq:>6}  {line.when:%Y-%m-%d %H:%M}  {line.who} ({line.role}): {line.what}", markup=False)
    for c in clocks:
        state = "waived" if c.waived else "done" if c.done else "open"
        late = ", late" if c.is_late(now) and not c.waived else ""
        out.print(f"        {c.step}: due {c.due:%Y-%m-%d}, {state} after {c.days(now):.1f} days{late}", markup=False)
    if opened_case is not None and opened_case.received is not None:
        out.print(f"\n{opened_case.received.place}\n{opened_case.received.text}", markup=False)
        for m in opened_case.messages:
            out.print(f"\n[{m.number}] {m.writer}: {m.text}", markup=False)


@app.command()
def times(db: Db, json: Json = False) -> None:
    """How long each step really takes, over all complaints: done, waiting, late, median and longest days.

    Example: tenprint complaint times --db county.db
    """
    with office(db) as rights:
        steps = rights.times()
    if json:
        emit(steps)
        return
    for s in steps:
        median = "-" if s.median_days is None else f"{s.median_days:.1f}"
        longest = "-" if s.longest_days is None else f"{s.longest_days:.1f}"
        counts = f"{s.done} done, {s.waiting} waiting, {s.late} late, {s.waived} waived"
        out.print(f"{s.step}: {counts}; median {median} days, longest {longest}", markup=False)
    if not steps:
        out.print("No complaints.")


@app.command()
def identity(number: Number, db: Db, name: As, key_file: KeyFile, purpose: Purpose, at: At = None) -> None:
    """Who the filer is. Needs the office's private key; the look is recorded.

    Example: tenprint complaint identity 2012-00001 --key rights.key --purpose "to call back" --db county.db --as rita
    """
    with office(db) as rights:
        who = rights.identity(number, name, purpose, private_key(key_file), stated(rights.exchange, at, name=name))
    emit(who)


@app.command()
def attachment(
    number: Number,
    which: Annotated[int, typer.Argument(help="Number of the file.")],
    db: Db,
    name: As,
    purpose: Purpose,
    target: Annotated[Path, typer.Option("--out", help="Where to write it.", show_default=False)],
    at: At = None,
) -> None:
    """One file that came with a complaint; the look is recorded.

    Example: tenprint complaint attachment 2012-00001 1 --purpose "evidence" --out 1.jpg --db county.db --as rita
    """
    with office(db) as rights:
        upload = rights.attachment(number, which, name, purpose, stated(rights.exchange, at, name=name))
    write_private(target, upload.content)
    out.print(f"{target}: {upload.media}, {len(upload.content)} bytes")


@app.command()
def receipt(
    db: Db,
    words: Annotated[str, typer.Option("--words", help="The receipt's words; `-` reads them.", show_default=False)],
    target: Annotated[Path | None, typer.Option("--out", help="Write to this new file instead of printing.")] = None,
) -> None:
    """The receipt as a proof that `proof/verify.py` checks without the exchange. It holds the complaint's text.

    Example: tenprint complaint receipt --words "apple arrow ..." --out complaint.proof.json --db county.db
    """
    with office(db) as rights:
        number = rights.number_of(typed(words))
        if number is None:
            fail("no complaint has these words. Look at each word and type them again.")
        document = to_json(rights.proof(number)) + "\n"
    if target is None:
        typer.echo(document, nl=False)
        return
    if target.exists():
        fail(f"{target}: already exists; choose another name")
    write_private(target, document.encode())


@app.command()
def forms(
    db: Db,
    target: Annotated[Path, typer.Option("--out", help="A new HTML file to print.", show_default=False)],
    count: Annotated[int, typer.Option("--count", min=1, max=500, help="How many forms.")] = 20,
    language: Annotated[str, typer.Option("--language", help="Language of the forms and of their words.")] = "en",
) -> None:
    """Paper forms for a jail: each with its code, which anybody may see, and the words of its stub, kept nowhere.

    Print the file and destroy it: whoever reads the words can open what is filed on the form.

    Example: tenprint complaint forms --count 20 --language es --out forms.html --db county.db
    """
    if target.exists():
        fail(f"{target}: already exists; choose another name")
    with office(db) as rights:
        try:
            from tenprint.desk import sheets
        except ImportError as missing:
            raise Refused(WANTED.format(missing.name)) from None
        write_private(target, sheets(rights, language, count).encode())
    out.print(f"{target}: {count} forms. Print it, then destroy it.")


@app.command()
def targets(
    db: Db,
    name: Annotated[str | None, typer.Option("--as", envvar="TENPRINT_AS", help="Who changes them.")] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="STEP=DAYS for what comes from now on. Repeat it.")
    ] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """How many days each step may take; no statute sets them. Clocks that run already stay as they are.

    Example: tenprint complaint targets --set triage=10 --set reply=7 --db county.db --as rita
    """
    import msgspec

    with office(db) as rights:
        now = msgspec.to_builtins(rights.targets)
        for item in change or []:
            step, _, days = item.partition("=")
            if step not in now or not days.isdigit() or not 0 < int(days) < 10_000:
                fail(f"--set: expected one of {', '.join(now)} with days, such as triage=10; got {item!r}")
            now[step] = int(days)
        if change:
            if not name:
                fail("--set changes what the office owes: say who changes it with --as")
            rights.set_targets(msgspec.convert(now, type(rights.targets)), name, stated(rights.exchange, at, name=name))
    if json:
        emit(now)
        return
    for step, days in now.items():
        out.print(f"{step}: {days} days")


app.add_typer(complaint_office.app)


@app.command()
def serve(
    db: Db,
    host: Annotated[str, typer.Option("--host", help="Address to answer on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to answer on.")] = 8000,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A further name under which the pages answer, such as a proxy's. Repeat it."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--staff", help="Serve the office's own pages instead, as this principal, on this machine alone."),
    ] = None,
) -> None:
    """Serve the pages. Without --staff: those on which anybody files. With it: the office's own.

    Example: tenprint complaint serve --db county.db --port 8000
    """
    try:
        from tenprint.desk.server import run
    except ImportError as missing:
        raise Refused(
            f"the pages need the extra `web` ({missing.name} is missing): pip install 'tenprint[web]'"
        ) from None
    if name and host not in {"127.0.0.1", "::1", "localhost"}:
        fail(f"--staff answers on this machine alone: expected the host 127.0.0.1, got {host}")
    with office(db) as rights:
        run(rights, host, port, staff=name, say=lambda line: out.print(line, markup=False), hosts=allow or ())
