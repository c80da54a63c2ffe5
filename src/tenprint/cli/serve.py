"""`serve`: the desks of an exchange in a browser."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from tenprint.cli.common import Db, Refused, err, fail, out
from tenprint.cli.opening import BELIEVED, refusals

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

LOCAL = ("127.0.0.1", "::1", "localhost")


@app.command()
def serve(
    db: Db,
    host: Annotated[str, typer.Option("--host", help="Address to answer on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to answer on.")] = 8000,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A further name under which the pages answer, such as a proxy's. Repeat it."),
    ] = None,
    behind_tls: Annotated[
        bool, typer.Option("--behind-tls", help="A proxy in front speaks TLS; the cookie travels over nothing else.")
    ] = False,
    log: Annotated[bool, typer.Option("--log", help="A line of JSON a request on stderr; it names nobody.")] = False,
    keeps: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Do the background work here: resume, watch, outbox.")
    ] = True,
) -> None:
    """Serve the desks, each to whoever signs in and is registered for it, and the interface for machines (/api/v1).

    Where the ledger believes no name, people sign in with their accounts (tenprint account); else they choose a name,
    and every page says so. Cards that a crash left on their road are finished first; then the watch looks every minute
    and answers leave, on exactly one of several servers of a database. /health says how it fares, and /metrics to this
    machine alone.

    Example: tenprint serve --db county.db --port 8000
    """
    try:
        from tenprint.desk.server import server
        from tenprint.desk.service import ServiceSettings, service_app
        from tenprint.doors.api import door_app
        from tenprint.doors.keeper import Keeper
        from tenprint.doors.running import Running, to_stderr
    except ImportError as missing:
        raise Refused(
            f"the pages need the extra `web` ({missing.name} is missing): pip install 'tenprint[web]'"
        ) from None
    from tenprint.exchange import Exchange

    if host not in LOCAL and not behind_tls:
        fail(f"--host {host}: passwords would travel in clear. Put a proxy in front: --behind-tls")
    with refusals(), Exchange.open(db) as exchange:
        for line in exchange.resume():
            err.print(f"finished: {line}", markup=False)
        known = dict.fromkeys((*ServiceSettings().hosts, host, *(allow or ())))
        desks = service_app(exchange, ServiceSettings(hosts=tuple(known), secure=behind_tls))
        if exchange.ledger.names == "unchecked":
            out.print(BELIEVED, markup=False)
        out.print(f"http://{host}:{port}/  (Ctrl+C ends it)", markup=False)
        keeper = Keeper(exchange) if keeps else None
        parts = {"/api/": door_app(exchange), "/": desks}
        with keeper or nullcontext():
            server(Running(exchange, keeper, parts, to_stderr if log else None), host, port).run()
