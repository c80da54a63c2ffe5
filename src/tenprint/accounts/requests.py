"""Who is here in one request of a server: the person or machine that it has proved, and nobody else."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager

_here: contextvars.ContextVar[frozenset[str]] = contextvars.ContextVar("here", default=frozenset())


def is_here(name: str) -> bool:
    """Whether somebody of this name makes the request that is answered: the ``present`` of a server's exchange."""
    return name in _here.get()


@contextmanager
def of(*names: str) -> Iterator[None]:
    """Within, these are here."""
    mark = _here.set(frozenset(names))
    try:
        yield
    finally:
        _here.reset(mark)
