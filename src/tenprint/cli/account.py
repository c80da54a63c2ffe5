"""`account`: who can sign in. An administrator invites, the person accepts with a password and an authenticator."""

from __future__ import annotations

from typing import Annotated

import typer

from tenprint.cli.common import As, At, Db, Json, emit, out
from tenprint.cli.login import PasswordFile, asked
from tenprint.cli.opening import opened, stated

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="People sign in: invited, accepted, suspended.",
)

Person = Annotated[str, typer.Argument(metavar="NAME", help="A registered person.", show_default=False)]


@app.callback()
def group() -> None:
    """People sign in: invited, accepted, suspended."""


@app.command()
def invite(person: Person, db: Db, name: As, at: At = None, json: Json = False) -> None:
    """Invite a registered person; also the way back in for somebody who lost password or authenticator.

    The code is shown once and counts for seven days: hand it over in person.

    Example: tenprint account invite jane --db county.db --as ada
    """
    from tenprint.accounts import Accounts

    with opened(db) as exchange:
        code = Accounts(exchange).invite(person, exchange.act(name, "register", stated(exchange, at, name=name)))
    if json:
        emit({"name": person, "invitation": code})
        return
    out.print(f"Invitation of {person}, once: {code}", markup=False)
    out.print(f"  they type: tenprint account accept --as {person} --invitation {code} --db {db}", markup=False)


@app.command()
def accept(
    db: Db,
    name: As,
    invitation: Annotated[str, typer.Option("--invitation", help="The code of your invitation.")],
    file: PasswordFile = None,
    json: Json = False,
) -> None:
    """Accept your invitation: choose a password, and put the secret that is shown, once, into your authenticator.

    Example: tenprint account accept --invitation 0f6c... --db county.db --as jane
    """
    from tenprint.accounts import Accounts

    with opened(db) as exchange:
        password = asked(file, "New password, 12 characters or more", twice=True)
        fresh = Accounts(exchange).accept(name, invitation, password)
    if json:
        emit(fresh)
        return
    out.print("Put this into your authenticator now; it is not shown again:", markup=False)
    out.print(f"  secret: {fresh.secret}\n  address: {fresh.address}", markup=False)
    out.print(f"  next: tenprint login --as {name} --db {db}", markup=False)


@app.command()
def suspend(
    person: Person,
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="Why. Mandatory.")],
    at: At = None,
) -> None:
    """End an account and its sessions at once; a new invitation opens it again. Roles stay.

    Example: tenprint account suspend jane --reason "lost badge" --db county.db --as ada
    """
    from tenprint.accounts import Accounts

    with opened(db) as exchange:
        act = exchange.act(name, "register", stated(exchange, at, name=name))
        Accounts(exchange).suspend(person, reason, act)
    out.print(f"{person} can no longer sign in.", markup=False)


@app.command("list")
def list_(db: Db, json: Json = False) -> None:
    """Everybody who is registered, and whether they can sign in.

    Example: tenprint account list --db county.db
    """
    from tenprint.accounts import Accounts
    from tenprint.exchange import directory

    with opened(db) as exchange:
        with exchange.reading() as connection:
            people = directory.principals(connection)
        accounts = Accounts(exchange)
        rows = [{"name": p.name, "roles": p.roles, "account": accounts.state(p.name)} for p in people]
        names = exchange.ledger.names
    if json:
        emit({"names": names, "people": rows})
        return
    for row in rows:
        out.print(f"{row['name']}: {', '.join(row['roles'])}; account: {row['account']}", markup=False)
    if names != "checked":
        out.print(f"Names are {names} on this ledger: nobody needs an account to act.", markup=False)
