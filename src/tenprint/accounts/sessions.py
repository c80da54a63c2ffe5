"""Sessions: a random token whose hash is kept, with an idle and an absolute limit on the machine's clock."""

from __future__ import annotations

import hashlib
import secrets

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from tenprint.accounts.schema import SESSION

IDLE, ABSOLUTE = 30 * 60.0, 12 * 3600.0
"""Seconds without an act, and altogether, after which somebody signs in anew."""
TOUCH = 30.0
"""Seconds within which a further act is not written down."""


class Session(msgspec.Struct, frozen=True):
    """Somebody who is signed in."""

    name: str
    since: float
    """Seconds since 1970."""
    seen: float


def begin(connection: Connection, name: str, now: float) -> str:
    """A new session; returns its token, which is nowhere else."""
    connection.execute(delete(SESSION).where((SESSION.c.since < now - ABSOLUTE) | (SESSION.c.seen < now - IDLE)))
    token = secrets.token_urlsafe(32)
    connection.execute(insert(SESSION).values(token=digest(token), name=name, since=now, seen=now))
    return token


def find(connection: Connection, token: str, now: float) -> Session | None:
    """The session of a token; nothing when there is none, or a limit has passed."""
    row = connection.execute(select(SESSION).where(SESSION.c.token == digest(token))).one_or_none()
    if row is None or not (now - ABSOLUTE <= row.since <= now + TOUCH) or row.seen < now - IDLE:
        return None
    return Session(row.name, row.since, row.seen)


def touch(connection: Connection, token: str, now: float) -> None:
    """The session was used."""
    connection.execute(update(SESSION).where(SESSION.c.token == digest(token)).values(seen=now))


def end(connection: Connection, token: str) -> None:
    """The session is over."""
    connection.execute(delete(SESSION).where(SESSION.c.token == digest(token)))


def end_all(connection: Connection, name: str) -> None:
    """Every session of somebody is over."""
    connection.execute(delete(SESSION).where(SESSION.c.name == name))


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
