"""Backup and restore: a consistent copy made while others write, verified before it gets its name.

A backup is one SQLite file whatever the database is, so it also moves a ledger from one kind to the other. Nothing is
ever overwritten. A backup holds the keys of its day: expunging reaches it only when its keeper destroys it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, LargeBinary, MetaData, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from tenprint.ledger import database, tables
from tenprint.ledger.entry import Problem
from tenprint.ledger.errors import AlreadyExists, Damaged, LedgerError, NotALedger


class Closable(Protocol):
    """An open ledger, as far as a copy of it needs closing."""

    def close(self) -> None:
        """Close every connection."""


L = TypeVar("L", bound=Closable)
_CHUNK = 1000


def backup(
    engine: Engine, path: Path, open_ledger: Callable[[str | Path], L], check: Callable[[L], list[Problem]]
) -> Path:
    """Write a verified copy to a new file; see ``Ledger.backup``."""
    partial = _partial(path)
    try:
        if engine.dialect.name == "sqlite":
            _vacuum_into(database.sqlite_file(engine.url), partial)
        else:
            copy = database.connect(URL.create("sqlite", database=str(partial)))
            with database.reading(engine) as source, database.writing(copy) as target:
                _copy(source, target)
            copy.dispose()
        _check(open_ledger(partial), "the copy", check)
        _settle(partial)
        _name(partial, path)
    finally:
        _remove(partial)
    return path


def restore(path: Path, url: URL, open_ledger: Callable[[str | Path], L], check: Callable[[L], list[Problem]]) -> L:
    """Make a verified ledger from a backup; see ``Ledger.restore``."""
    if not path.is_file():
        raise NotALedger(f"{path}: no such file. Expected a backup made by `tenprint ledger backup`.")
    file = database.sqlite_file(url)
    if file is not None:
        partial = _partial(file)
        try:
            _vacuum_into(path, partial)
            _check(open_ledger(partial), f"the backup {path}", check)
            _settle(partial)
            _name(partial, file)
        finally:
            _remove(partial)
        return open_ledger(file)
    return _restore_into_server(path, url, open_ledger, check)


def _restore_into_server(
    path: Path, url: URL, open_ledger: Callable[[str | Path], L], check: Callable[[L], list[Problem]]
) -> L:
    source = database.connect(URL.create("sqlite", database=str(path)))
    target = database.connect(url)
    with database.writing(target) as connection, database.reading(source) as original:
        if inspect(connection).has_table(tables.about.name):
            raise AlreadyExists(f"{url.render_as_string()}: already holds a ledger; restore into an empty database")
        _copy(original, connection)
    source.dispose()
    target.dispose()
    return _check(open_ledger(url.render_as_string(hide_password=False)), f"the backup {path}", check, close=False)


def _vacuum_into(source: Path | None, target: Path) -> None:
    """SQLite's own consistent copy; pages that once held destroyed keys are not in it."""
    try:
        with sqlite3.connect(
            f"{Path(source or '').absolute().as_uri()}?mode=rw", uri=True, timeout=database.WAIT
        ) as raw:
            raw.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as wrong:
        raise LedgerError(f"{source}: cannot be copied: {wrong}") from None
    finally:
        raw.close()


def _copy(source: Connection, target: Connection) -> None:
    """Every table, with its indexes, from one kind of database to the other."""
    found = MetaData()
    found.reflect(source)
    for table in found.sorted_tables:
        known = tables.metadata.tables.get(table.name)
        if known is not None:
            known.create(target)
        else:
            for column in table.columns:
                column.type = column.type.as_generic() if not isinstance(column.type, LargeBinary) else LargeBinary()
                column.server_default = None
            table.create(target)
        rows = source.execute(select(table))
        while chunk := rows.fetchmany(_CHUNK):
            target.execute(insert(known if known is not None else table), [dict(row._mapping) for row in chunk])  # noqa: SLF001


def _check(ledger: L, what: str, check: Callable[[L], list[Problem]], *, close: bool = True) -> L:
    try:
        problems = check(ledger)
    except DatabaseError as wrong:
        raise Damaged(f"{what} cannot be read: {wrong.orig}") from wrong
    finally:
        if close:
            ledger.close()
    if problems:
        raise Damaged(f"{what} does not verify: {problems[0]}", problems)
    return ledger


def _partial(path: Path) -> Path:
    if path.exists():
        raise AlreadyExists(f"{path}: already exists, and nothing is overwritten; choose another name")
    if not path.parent.is_dir():
        raise LedgerError(f"{path}: the folder {path.parent} does not exist; make it first")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    _remove(partial)
    partial.touch(mode=0o600)
    return partial


def _settle(partial: Path) -> None:
    """Out of WAL mode, so that one file is the whole backup, and onto the disk."""
    raw = sqlite3.connect(partial)
    raw.execute("PRAGMA journal_mode=DELETE")
    raw.close()
    with partial.open("rb") as file:
        os.fsync(file.fileno())


def _name(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)
    except FileExistsError:
        raise AlreadyExists(f"{path}: appeared meanwhile, and nothing is overwritten; choose another name") from None
    except OSError:  # file systems without hard links
        partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _remove(partial: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        partial.with_name(partial.name + end).unlink(missing_ok=True)
