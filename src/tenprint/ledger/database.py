"""Connections: SQLite in WAL mode with synchronous=FULL and BEGIN IMMEDIATE, or PostgreSQL with one writer at a time.

Whatever is acknowledged is on the disk; two writers, in one process or in two, wait for each other.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from tenprint.ledger.errors import Busy, Damaged, LedgerError, NotALedger, NotStored

WAIT = 60
"""Seconds that a writer waits for another."""
WRITING = "tenprint_writing"
_DAMAGED = ("malformed", "not a database", "Could not decode", "no such table: ledger_", "no such column: ledger_")
_GIVEN_UP = ("disk is full", "disk I/O error", "No space left", "could not extend file")
_LOCK = 0x74656E7072696E74
"""Advisory lock of PostgreSQL that serialises writers of one database: "tenprint" in ASCII."""


def address(db: str | Path) -> URL:
    """The URL of a database named by a path or by a SQLAlchemy URL.

    >>> str(address("county.db"))
    'sqlite:///county.db'

    Raises:
        LedgerError: when it names no SQLite file and no PostgreSQL database.
    """
    if isinstance(db, Path) or "://" not in db:
        url = URL.create("sqlite", database=str(db))
    else:
        try:
            url = make_url(db)
        except ArgumentError:
            raise LedgerError(f"{db}: expected a file or a URL such as sqlite:///county.db") from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise LedgerError(f"{db}: expected SQLite or PostgreSQL, got {url.get_backend_name()!r}")
    if not url.database or url.database == ":memory:":
        raise LedgerError(f"{str(db)!r}: expected a file; a ledger in memory would forget what it acknowledged")
    return url


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; ``None`` for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def connect(url: URL) -> Engine:
    """An engine whose transactions are the ledger's.

    Raises:
        LedgerError: when the driver for PostgreSQL is not installed.
    """
    try:
        read_only = False
        if url.get_backend_name() == "postgresql":
            engine = create_engine(url, pool_pre_ping=True)  # a server may have been restarted
        else:
            file = Path(url.database or "")
            read_only = file.is_file() and not os.access(file, os.W_OK)
            engine = create_engine(
                url, **({"creator": lambda: _read_only(file)} if read_only else {"connect_args": {"timeout": WAIT}})
            )
    except (ImportError, NoSuchModuleError):
        raise LedgerError("PostgreSQL needs its driver: pip install 'tenprint[postgres]'") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _as_it_is if read_only else _prepare)
    event.listen(engine, "begin", _begin)
    _forget_in_children(engine)
    return engine


def _read_only(file: Path) -> sqlite3.Connection:
    """A file that may only be read, as on a disc or in a mounted copy; with nothing beside it, it does not change."""
    left = file.with_name(f"{file.name}-wal")
    unchanging = "" if left.exists() and left.stat().st_size else "&immutable=1"
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro{unchanging}", uri=True, timeout=WAIT, check_same_thread=False
    )


def _as_it_is(raw: Any, _record: object) -> None:
    raw.isolation_level = None


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # the driver must not begin transactions of its own: we say which kind
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif writing:
        connection.execute(text("SET LOCAL synchronous_commit = on"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    else:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def _forget_in_children(engine: Engine) -> None:
    """A forked child must not use its parent's connections."""
    alive = weakref.ref(engine)

    def forget() -> None:
        ours = alive()
        if ours is not None:
            ours.dispose(close=False)

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=forget)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction of the only writer; rolled back when the block raises.

    Raises:
        Busy: when another writer holds the ledger for longer than ``WAIT`` seconds.
        NotALedger: when the database cannot be reached or written.
        NotStored: when the disk was full or the connection was lost; the transaction never happened.
    """
    with _open(engine) as connection:
        connection.execution_options(**{WRITING: True})  # of this connection, in place
        try:
            transaction = connection.begin()
        except OperationalError as wrong:
            if "locked" in str(wrong.orig) or "lock timeout" in str(wrong.orig):
                raise Busy(f"another writer has held the ledger for {WAIT} seconds; try again") from wrong
            raise NotALedger(f"{engine.url.render_as_string()}: cannot be written: {wrong.orig}") from wrong
        with _told_plainly(), transaction:
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of what is committed.

    Raises:
        NotALedger: when the database cannot be reached.
        Damaged: when what is stored cannot be read back.
    """
    with _told_plainly(), _open(engine) as connection, connection.begin():
        yield connection


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn what a database says about its own health into the ledger's words; anything else passes."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as wrong:
        reason = str(getattr(wrong, "orig", None) or wrong)
        if "readonly" in reason:
            raise NotALedger(f"the database cannot be written: {reason}. It can be read and verified.") from wrong
        if any(sign in reason for sign in _GIVEN_UP) or getattr(wrong, "connection_invalidated", False):
            raise NotStored(f"nothing was stored: {reason}. Try again when the database is well.") from wrong
        if any(sign in reason for sign in _DAMAGED):
            raise Damaged(f"the database cannot be read: {reason}. Run `tenprint ledger verify`.") from wrong
        raise


def _open(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except (DatabaseError, sqlite3.DatabaseError) as wrong:
        reason = getattr(wrong, "orig", wrong)
        raise NotALedger(f"{engine.url.render_as_string()}: cannot be opened: {reason}") from wrong


def wipe(engine: Engine) -> None:
    """Leave no copy of deleted keys in the write-ahead log (SQLite) or in dead rows (PostgreSQL, as far as it can).

    Raises:
        Busy: when readers keep the old log alive.
    """
    raw = engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        if engine.dialect.name == "sqlite":
            blocked = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if blocked:
                raise Busy("the key is destroyed, but a reader keeps an old copy of it in the write-ahead log; "
                           "close the reader and run any command on this ledger again")  # fmt: skip
        else:
            driver.autocommit = True
            driver.execute("VACUUM ledger_key, ledger_entry")
            driver.autocommit = False
    finally:
        raw.close()
