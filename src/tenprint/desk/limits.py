"""Bounds that identify nobody: sizes of requests, and how many come from one place in a while.

A place is known only as a keyed hash of its address, in memory, under a key that is thrown away every hour; no address
is stored, logged or compared across that hour. No request costs memory for longer than ten minutes.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable

import anyio
import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WINDOW = 600.0
"""Seconds that a request counts: whoever has to wait waits minutes, and is told how long."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is too much."""

    body: int = 13_000_000
    """Bytes of one request: three files and the text."""
    seconds: float = 120.0
    """Time in which a request has to arrive."""
    filings: int = 10
    """Complaints, replies and paper forms from one place in ten minutes, while much comes from everywhere."""
    guesses: int = 10
    """Words that opened nothing from one place in ten minutes; the slow hash and 60 bits do the rest."""
    everybody: int = 600
    """Of each kind from everywhere in ten minutes; beyond it only places from which nothing came yet are let in."""


class Gate:
    """Counts costly requests, each kind by itself.

    A place is an address, or the /64 of one that has so many. While little comes from everywhere, people behind one
    address (a jail's, a proxy's) are not counted together; under pressure a place from which nothing came gets in
    first.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._key, self._since = secrets.token_bytes(32), clock()
        self._seen: dict[bytes, deque[float]] = {}

    def wait(self, kind: str, place: str) -> float:
        """Seconds until one more request of a kind (``filings``, ``guesses``) from a place is let in; 0: now."""
        now = self._clock()
        mine, everybody = (self._recent(name, now) for name in (self._name(kind, place), kind.encode()))
        most = getattr(self._limits, kind)
        full = len(everybody) >= self._limits.everybody
        pressed = full or len(everybody) >= self._limits.everybody // 2 or kind == "guesses"
        if not mine:
            return 0.0 if len(everybody) < 2 * self._limits.everybody else self._until(everybody, now)
        if full:
            return self._until(everybody, now)
        return self._until(mine, now) if pressed and len(mine) >= most else 0.0

    def count(self, kind: str, place: str) -> None:
        """Count a request that cost something."""
        now = self._clock()
        if now - self._since > 6 * WINDOW:
            self._key, self._since = secrets.token_bytes(32), now
            self._seen.clear()
        for name in (self._name(kind, place), kind.encode()):
            self._recent(name, now)
            self._seen.setdefault(name, deque(maxlen=2 * self._limits.everybody)).append(now)

    def _name(self, kind: str, place: str) -> bytes:
        return hashlib.blake2b(f"{kind} {prefix(place)}".encode(), key=self._key, digest_size=16).digest()

    def _until(self, queue: deque[float], now: float) -> float:
        return max(1.0, queue[0] + WINDOW - now) if queue else 1.0

    def _recent(self, name: bytes, now: float) -> deque[float]:
        queue = self._seen.get(name)
        while queue and now - queue[0] > WINDOW:
            queue.popleft()
        if queue is not None and not queue:
            del self._seen[name]
        return queue or deque()


def prefix(place: str) -> str:
    """The part of an address that somebody cannot change at will: all of an IPv4 address, the /64 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return place
    if address.version == 4:
        return place
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


class TooLargeError(Exception):
    """A request is larger than is let in."""


class BodyLimit:
    """Stops reading a request when it is too large, whatever it says about its length, or too slow."""

    def __init__(self, app: ASGIApp, most: int, seconds: float, refuse: ASGIApp) -> None:
        self._app, self._most, self._seconds, self._refuse = app, most, seconds, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the page of what is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if stated.isdigit() and int(stated) > self._most:
            await self._refuse(scope, receive, send)
            return
        came, begun, ends = 0, False, anyio.current_time() + self._seconds
        more = True

        async def counted() -> Message:
            nonlocal came, more
            if not more:
                return await receive()  # the body is here: what comes now is that somebody left
            with anyio.move_on_after(max(0.0, ends - anyio.current_time())) as limit:
                message = await receive()
            if limit.cancelled_caught:
                raise TooLargeError
            more = bool(message.get("more_body", False))
            came += len(message.get("body", b""))
            if came > self._most:
                raise TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except TooLargeError:
            if not begun:
                await self._refuse(scope, receive, send)
