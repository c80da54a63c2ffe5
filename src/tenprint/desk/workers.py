"""Pictures of strangers are decoded in a process of their own, with bounds of memory and time: others do not notice."""

from __future__ import annotations

import contextlib

import anyio
from anyio import lowlevel, to_process

from tenprint.exchange.rights import UnusableFileError, Upload, clean

try:
    import resource
except ImportError:  # a system without such limits
    resource = None  # type: ignore[assignment]

MEMORY = 1 << 30
"""Bytes that a worker may have."""
SECONDS = 20.0
"""Time that one picture may take."""
AT_ONCE = 1
"""Workers: a second core stays with those who only read and write."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


async def cleaned(content: bytes) -> Upload | str:
    """A cleaned file, or the word why it is not taken (see ``rights.UnusableFileError``)."""
    if not content.startswith(_PICTURES):
        return _clean(content)
    with anyio.move_on_after(SECONDS):
        async with _turn():
            return await to_process.run_sync(_clean_bounded, content, cancellable=True)
    return "too-large"


class _turn:  # noqa: N801 - reads as what it is
    """Whose turn it is: so many pictures at once, in every event loop."""

    _limiters: dict[object, anyio.CapacityLimiter] = {}  # noqa: RUF012 - one for each loop that runs

    async def __aenter__(self) -> None:
        token = lowlevel.current_token()
        limiter = self._limiters.setdefault(token, anyio.CapacityLimiter(AT_ONCE))
        self._limiter = limiter
        await limiter.acquire_on_behalf_of(self)

    async def __aexit__(self, *_: object) -> None:
        self._limiter.release_on_behalf_of(self)


def _clean_bounded(content: bytes) -> Upload | str:
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        return _clean(content)
    except MemoryError:
        return "too-large"


def _clean(content: bytes) -> Upload | str:
    try:
        return clean("file", content)
    except UnusableFileError as refused:
        return refused.reason
