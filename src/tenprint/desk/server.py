"""The pages over HTTP: uvicorn in one process, without an access log."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn

from tenprint.desk.app import public_app
from tenprint.desk.staff import staff_app
from tenprint.exchange.rights import Rights


def server(app: object, host: str, port: int) -> uvicorn.Server:
    """A server that writes down nobody: no access log, no header that names it, no address from a proxy's headers."""
    settings = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI application
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        limit_concurrency=200,
        timeout_keep_alive=5,
    )
    return uvicorn.Server(settings)


def run(rights: Rights, host: str, port: int, *, staff: str | None, say: Callable[[str], object]) -> None:
    """Serve until interrupted.

    Args:
        rights: The office.
        host: Address to answer on.
        port: Port.
        staff: Principal of the office for whom its own pages are served; nothing: the public pages.
        say: Told the address.
    """
    if staff is None:
        app, path = public_app(rights), ""
    else:
        app, secret = staff_app(rights, staff)
        path = f"{secret}/"
    say(f"http://{host}:{port}/{path}  (Ctrl+C ends it)")
    server(app, host, port).run()
