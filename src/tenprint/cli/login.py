"""`login`, `logout`: who acts at this command line, on a ledger that believes no name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tenprint.cli.common import As, Db, existing, fail, out
from tenprint.cli.opening import opened

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A file that holds the password, where nobody can be asked; - is the input."),
]


def asked(file: Path | None, words: str, *, twice: bool = False) -> str:
    """A password: from a file, else typed unseen on a terminal.

    Raises:
        Refused: when there is neither.
    """
    if file is not None:
        text = sys.stdin.readline() if str(file) == "-" else existing(file).read_text(encoding="utf-8")
        return text.rstrip("\r\n")
    if not sys.stdin.isatty():
        fail("expected a password: there is no terminal to ask on; give --password-file")
    return str(typer.prompt(words, hide_input=True, confirmation_prompt=twice))


@app.command()
def login(
    db: Db,
    name: As,
    file: PasswordFile = None,
    code: Annotated[str, typer.Option("--code", help="The code that your authenticator shows.")] = "",
) -> None:
    """Sign in: your acts on this ledger are yours until half an hour without one, twelve hours, or `logout`.

    Example: tenprint login --db county.db --as jane
    """
    from tenprint.accounts import Accounts, here

    with opened(db) as exchange:
        if exchange.ledger.names != "checked":
            out.print(f"This ledger believes names ({exchange.ledger.origin}): there is nothing to sign in to.")
            return
        password = asked(file, "Password")
        if not code and not sys.stdin.isatty():
            fail("expected the code of your authenticator: --code")
        token = Accounts(exchange).sign_in(name, password, code or str(typer.prompt("Code")))
        here.keep(exchange.ledger, name, token)
    out.print(f"{name} is signed in to {db}: 30 minutes without an act or 12 hours end it, and so does logout.")


@app.command()
def logout(db: Db, name: As) -> None:
    """End your session; a copy of it is worth nothing afterwards.

    Example: tenprint logout --db county.db --as jane
    """
    from tenprint.accounts import Accounts, here

    with opened(db) as exchange:
        token = here.token(exchange.ledger, name)
        if token is not None:
            Accounts(exchange).sign_out(token)
            here.forget(exchange.ledger, name)
    out.print(f"{name} is signed out." if token else f"{name} was not signed in.", markup=False)
