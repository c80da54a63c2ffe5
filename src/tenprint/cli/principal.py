"""`principal`: the named people and desks that may act, and their roles."""

from __future__ import annotations

from typing import Annotated

import typer

from tenprint.cli.common import As, At, Db, Json, emit, fail, out
from tenprint.cli.opening import opened, stated

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The named people who may act, and their roles.",
)

OF_AN_AGENCY = ("booking", "jail")
"""Roles that act for one registered agency: its clock counts, and a jail acts only in its own county."""


@app.callback()
def group() -> None:
    """The named people who may act, and their roles."""


@app.command()
def add(
    db: Db,
    name: As,
    person: Annotated[str, typer.Option("--name", help="Who.")],
    role: Annotated[
        str,
        typer.Option(
            "--role",
            help="booking, bureau, examiner, center, office, supervisor, jail, rights, auditor or administrator.",
        ),
    ],
    agency: Annotated[str, typer.Option("--agency", help="Where they belong: an ORI, or a name such as LESC.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Register somebody in a role. A person may have several; each act names the one it was done in.

    Example: tenprint principal add --name jane --role jail --agency TXSYN4530 --db county.db --as ada
    """
    with opened(db) as exchange:
        if role in OF_AN_AGENCY:
            if not agency.strip():
                fail(f"a principal of the role {role} acts for an agency: name it with --agency ORI, such as TXSYN4530")
            exchange.agency(agency)
        exchange.add_principal(person, role, agency, exchange.act(name, "register", stated(exchange, at, name=name)))
    if json:
        emit({"name": person, "role": role, "agency": agency})
    else:
        out.print(f"{person} may act as {role}{f' for {agency}' if agency else ''}.", markup=False)


@app.command()
def end(
    db: Db,
    name: As,
    person: Annotated[str, typer.Option("--name", help="Who.")],
    role: Annotated[str, typer.Option("--role", help="The role that ends.")],
    reason: Annotated[str, typer.Option("--reason", help="Why. Mandatory.")],
    at: At = None,
    json: Json = False,
) -> None:
    """End a role of somebody; what they did in it stays on record.

    Example: tenprint principal end --name jane --role jail --reason "left the county" --db county.db --as ada
    """
    with opened(db) as exchange:
        act = exchange.act(name, "register", stated(exchange, at, name=name))
        exchange.end_role(person, role, reason, act)
    if json:
        emit({"name": person, "role": role, "ended": True})
    else:
        out.print(f"{person} may no longer act as {role}.", markup=False)


@app.command("list")
def list_(db: Db, json: Json = False) -> None:
    """Everybody who may act.

    Example: tenprint principal list --db county.db
    """
    import msgspec

    from tenprint.exchange import directory

    with opened(db) as exchange, exchange.reading() as connection:
        people = directory.principals(connection)
    if json:
        emit([msgspec.to_builtins(p) for p in people])
        return
    for p in people:
        out.print(f"{p.name}: {', '.join(p.roles)}{f' ({p.agency})' if p.agency else ''}", markup=False)
