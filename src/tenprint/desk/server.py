"""The pages over HTTP: uvicorn in one process, without an access log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tenprint.desk.app import Settings, public_app
from tenprint.desk.staff import staff_app
from tenprint.exchange.rights import Rights

HEADER_SECONDS = 10.0
"""Within which a connection has to send a whole header."""
SILENT = 100
"""Connections that may be without a request at once."""


def server(app: object, host: str, port: int) -> uvicorn.Server:
    """A server that writes down nobody: no access log, no header that names it, no address from a proxy's headers."""
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # a stranger's form writes no line
    settings = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI application
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        http=PatientProtocol,
        limit_concurrency=400,
        timeout_keep_alive=5,
    )
    return uvicorn.Server(settings)


class PatientProtocol(H11Protocol):
    """HTTP connections that have to say what they want within seconds; of those that do not, the oldest goes first."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection came."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self._clock = self.loop.call_later(HEADER_SECONDS, self.give_up)
        silent = [c for c in self.connections if isinstance(c, PatientProtocol) and c.is_silent]
        if len(silent) > SILENT:
            min(silent, key=lambda c: c.since).give_up()

    @property
    def is_silent(self) -> bool:
        """Whether no request is being answered: nothing came, or half a header."""
        cycle = getattr(self, "cycle", None)
        return cycle is None or bool(cycle.response_complete)

    def data_received(self, data: bytes) -> None:
        """Something came; a further header gets its own seconds."""
        super().data_received(data)
        if self.is_silent and self._clock.cancelled():
            self._clock = self.loop.call_later(HEADER_SECONDS, self.give_up)
        elif not self.is_silent:
            self._clock.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._clock.cancel()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Drop a connection that does not say what it wants."""
        if self.is_silent and not self.transport.is_closing():
            self.transport.abort()


def run(
    rights: Rights, host: str, port: int, *, staff: str | None, say: Callable[[str], object], hosts: Sequence[str] = ()
) -> None:
    """Serve until interrupted.

    Args:
        rights: The office.
        host: Address to answer on.
        port: Port.
        hosts: Further names under which the pages answer, such as that of a proxy.
        staff: Principal of the office for whom its own pages are served; nothing: the public pages.
        say: Told the address.
    """
    if staff is None:
        known = dict.fromkeys((*Settings().hosts, host, *hosts))
        app, path = public_app(rights, Settings(hosts=tuple(known))), ""
    else:
        app, secret = staff_app(rights, staff)
        path = f"{secret}/"
    say(f"http://{host}:{port}/{path}  (Ctrl+C ends it)")
    server(app, host, port).run()
