"""Bounds that identify nobody: sizes of requests, and how many come from one place in a while.

A place is known only as a keyed hash of its address, in memory, under a key that is thrown away every hour; no address
is stored, logged or compared across that hour.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOUR = 3600.0


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is too much."""

    body: int = 13_000_000
    """Bytes of one request: three files and the text."""
    filings: int = 20
    """Complaints, replies and paper forms an hour from one place."""
    guesses: int = 30
    """Receipts typed an hour from one place; the slow hash and 60 bits do the rest."""
    everybody: int = 2000
    """Costly requests an hour from everywhere."""


class Gate:
    """Counts costly requests."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._key, self._since = secrets.token_bytes(32), clock()
        self._seen: dict[bytes, deque[float]] = defaultdict(deque)

    def lets(self, kind: str, place: str) -> bool:
        """Whether one more request of a kind (``filings``, ``guesses``) from a place is let in; it counts at once."""
        now = self._clock()
        if now - self._since > HOUR:
            self._key, self._since = secrets.token_bytes(32), now
            self._seen.clear()
        name = hashlib.blake2b(f"{kind} {place}".encode(), key=self._key, digest_size=16).digest()
        everybody = self._recent(b"everybody", now)
        if len(everybody) >= self._limits.everybody:  # before anything is remembered: memory stays bounded too
            return False
        mine = self._recent(name, now)
        if len(mine) >= getattr(self._limits, kind):
            return False
        mine.append(now)
        everybody.append(now)
        return True

    def _recent(self, name: bytes, now: float) -> deque[float]:
        queue = self._seen[name]
        while queue and now - queue[0] > HOUR:
            queue.popleft()
        return queue


class TooLargeError(Exception):
    """A request is larger than is let in."""


class BodyLimit:
    """Stops reading a request when it is too large, whatever it says about its length."""

    def __init__(self, app: ASGIApp, most: int, refuse: ASGIApp) -> None:
        self._app, self._most, self._refuse = app, most, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the page of what is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if stated.isdigit() and int(stated) > self._most:
            await self._refuse(scope, receive, send)
            return
        came, begun = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
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
