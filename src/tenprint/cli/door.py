"""`door`: machines that hand cards in: their keys, and watched folders."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import FINDINGS, As, At, Db, Json, emit, existing, fail, out
from tenprint.cli.opening import opened, stated

if TYPE_CHECKING:
    from tenprint.exchange import Exchange
    from tenprint.exchange.directory import Principal

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Machines that hand cards in: keys, watched folders.",
)

Machine = Annotated[
    str, typer.Argument(metavar="NAME", help="A name registered as booking or bureau.", show_default=False)
]


@app.callback()
def group() -> None:
    """Machines that hand cards in: keys, watched folders."""


@app.command()
def key(machine: Machine, db: Db, name: As, at: At = None, json: Json = False) -> None:
    """A new key of a machine, shown once; the one before counts no more.

    Example: tenprint door key livescan-1 --db county.db --as ada
    """
    from tenprint.accounts import machines

    with opened(db) as exchange:
        made = machines.issue(exchange, machine, exchange.act(name, "register", stated(exchange, at, name=name)))
    if json:
        emit({"name": machine, "key": made})
        return
    out.print(f"Key of {machine}, once: {made}", markup=False)
    out.print("  it goes into the machine's setting, or a file that its user alone can read", markup=False)


@app.command()
def end(
    machine: Machine,
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="Why. Mandatory.")],
    at: At = None,
) -> None:
    """End a machine's key at once.

    Example: tenprint door end livescan-1 --reason "sold" --db county.db --as ada
    """
    from tenprint.accounts import machines

    with opened(db) as exchange:
        machines.end(exchange, machine, reason, exchange.act(name, "register", stated(exchange, at, name=name)))
    out.print(f"The key of {machine} counts no more.", markup=False)


@app.command("list")
def list_(db: Db, json: Json = False) -> None:
    """Machines that have or had a key.

    Example: tenprint door list --db county.db
    """
    from tenprint.accounts import machines

    with opened(db) as exchange:
        rows = machines.machines(exchange.ledger)
    if json:
        emit([{"name": name, "counts": counts} for name, counts in rows])
        return
    for name, counts in rows:
        out.print(f"{name}: {'has a key' if counts else 'key ended'}", markup=False)
    if not rows:
        out.print("No machine has a key.", markup=False)


@app.command()
def folder(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that cards are put into.", show_default=False)],
    db: Db,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="A file with the machine's key; without one: --as.")
    ] = None,
    name: As = "",
    answers: Annotated[Path | None, typer.Option("--answers", help="Folder that answers go to.")] = None,
    every: Annotated[float | None, typer.Option("--every", help="Look again every so many seconds.")] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", help="With --every: stop after so many.")] = None,
    json: Json = False,
) -> None:
    """Hand in every card that lies in a folder; it leaves for `taken` or `refused` in it once the card is durable.

    Answers go to --answers, whole or not at all. A file that somebody still writes to waits for the next look. A crash
    loses and doubles nothing. Exit code 1 when a card was rejected or refused.

    Example: tenprint door folder in --answers out --every 5 --db county.db --key-file livescan-1.key
    """
    from tenprint.accounts import requests
    from tenprint.doors import sweep

    if not source.is_dir():
        fail(f"{source}: expected a folder that cards are put into; make it first")
    done, found = 0, False
    while True:
        with opened(db) as exchange:
            who = _who(exchange, key_file, name)
            with requests.of(who.name):
                rows = sweep(exchange, source, who, answers)
        found |= any(not row.accepted for row in rows)
        for row in rows:
            if json:
                emit(row)
            else:
                state = f"refused: {row.refused}" if row.refused else "taken in" if row.accepted else "rejected (ERRT)"
                out.print(f"{row.file}: {row.tcn + ' ' if row.tcn else ''}{state}", markup=False)
        done += 1
        if every is None or (rounds is not None and done >= rounds):
            break
        time.sleep(every)
    if found:
        raise typer.Exit(FINDINGS)


def _who(exchange: Exchange, key_file: Path | None, name: str) -> Principal:
    """The machine of a key, or whoever is named and here."""
    from tenprint.accounts import machines, requests

    if key_file is None:
        if not name:
            fail("say in whose name: --key-file, or --as")
        return exchange.person(name)
    found = machines.holder(exchange.ledger, existing(key_file).read_text(encoding="utf-8").strip())
    if found is None:
        fail(f"{key_file}: holds no key that counts here. An administrator makes one: tenprint door key NAME")
    exchange.present = requests.is_here
    return found
