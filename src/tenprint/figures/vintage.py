"""The facts as they were known on one day, up to another: views over Parquet in DuckDB.

The as-of date bounds what was known (recorded, not yet superseded); the valid date bounds what had happened, and an end
that lies after it is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path

import duckdb

from tenprint.facts import TABLES, Folder
from tenprint.facts.schema import COMMON, Column
from tenprint.figures.errors import FiguresError, TwoOriginsError
from tenprint.figures.locked import Limits, LockedDatabase

DUCK_TYPES = {"text": "VARCHAR", "whole": "BIGINT", "exact": "DECIMAL(18,6)", "truth": "BOOLEAN", "day": "DATE",
              "moment": "TIMESTAMPTZ", "list": "VARCHAR[]", "labels": "MAP(VARCHAR, VARCHAR)"}  # fmt: skip


def end_of_day(day: date) -> datetime:
    """The last microsecond of a day in UTC: what a bare date means for figures."""
    return datetime.combine(day, time.max, UTC)


def moment_of(value: str | date | datetime) -> datetime:
    """A moment in UTC from ISO 8601 text or a date; a bare date is the end of that day.

    Raises:
        FiguresError: when the text is neither.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return end_of_day(value)
    try:
        if len(value) == 10:
            return end_of_day(date.fromisoformat(value))
        return moment_of(datetime.fromisoformat(value))
    except ValueError:
        raise FiguresError(
            f"expected a date such as 2010-04-30 or a time such as 2010-04-30T12:00Z, got {value!r}"
        ) from None


def the_origin(folder: Folder, origins: tuple[str, ...], wanted: str | None, *, title: str) -> str:
    """The one origin whose rows are counted, out of those that the facts offer.

    Raises:
        TwoOriginsError: when there is more than one and none is chosen.
        FiguresError: when there is none, or not the one that was asked for.
    """
    if wanted is not None:
        if wanted not in origins:
            offered = ", ".join(origins) or "nothing for this figure"
            raise FiguresError(f"{title}: expected facts of origin {wanted!r}; {folder.path} has {offered}")
        return wanted
    if len(origins) > 1:
        raise TwoOriginsError(
            f"{title}: the facts in {folder.path} come from {len(origins)} origins ({', '.join(origins)}), "
            "and two origins are never added up. Choose one with --origin."
        )
    if not origins:
        raise FiguresError(f"{title}: {folder.path} has no facts for this figure")
    return origins[0]


class Vintage:
    """A DuckDB connection on the facts of one origin, with both clocks set.

    Args:
        folder: The facts.
        origin: Rows of this origin are counted; tables of reference are seen whatever their origin.
        tables: Tables that will be asked.
        limits: Bounds of memory and time, for a definition or facts of others.
    """

    def __init__(self, folder: Folder, origin: str, tables: Iterable[str], limits: Limits | None = None) -> None:
        self.folder = folder
        self.origin = origin
        self.tables = tuple(tables)
        self._locked = LockedDatabase([f for name in self.tables for f in self._files(name)], limits)
        self.connection = self._locked.connection
        for name in self.tables:
            self._raw(name)

    def __enter__(self) -> Vintage:
        return self

    def __exit__(self, *_: object) -> None:
        self._locked.close()

    def at(self, as_of: datetime, valid: datetime, only: Iterable[str] | None = None) -> None:
        """Set both clocks: define the tables (or only some) as they were known at ``as_of``, up to ``valid``."""
        for name in self.tables if only is None else only:
            self.connection.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS {view(name, as_of, valid)}")
        self.variables(as_of, valid)

    def variables(self, as_of: datetime, valid: datetime) -> None:
        """Set the two variables that a definition may ask for."""
        for name, moment in (("as_of", as_of), ("valid", valid)):
            self.connection.execute(f"SET VARIABLE {name} = {stamp(moment)}")

    def _files(self, name: str) -> list[Path]:
        """Files of a table: of this origin, or of all for a table of reference."""
        reference = not TABLES[name].counted
        return [
            self.folder.path.resolve() / p.file for p in self.folder.parts(name, None if reference else self.origin)
        ]

    def _raw(self, name: str) -> None:
        try:
            self.connection.execute(f"CREATE VIEW {quoted('all_' + name)} AS {self._query(name)}")
        except duckdb.Error as wrong:
            raise FiguresError(
                f"{self.folder.path}: table {name} cannot be read; see tenprint facts check {self.folder.path}: {wrong}"
            ) from None

    def _query(self, name: str) -> str:
        """The rows of a table; columns that facts of an earlier release do not have are empty."""
        files = self._files(name)
        if not files:
            return f"SELECT {_empty(all_columns(name))} WHERE false"
        listed = ", ".join("'" + str(f).replace("'", "''") + "'" for f in files)
        read = f"read_parquet([{listed}], union_by_name = true)"
        there = {row[0] for row in self.connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
        missing = [c for c in all_columns(name) if c.name not in there]
        return f"SELECT *{', ' + _empty(missing) if missing else ''} FROM {read}"


def _empty(columns: Iterable[Column]) -> str:
    return ", ".join(f"CAST(NULL AS {DUCK_TYPES[c.type]}) AS {quoted(c.name)}" for c in columns)


def view(table: str, as_of: datetime, valid: datetime) -> str:
    """The SELECT that shows a table as known at one moment, up to another."""
    return (
        f"SELECT * REPLACE (CASE WHEN valid_to <= {stamp(valid)} THEN valid_to END AS valid_to) "
        f"FROM {quoted('all_' + table)} WHERE {known_at(stamp(as_of))} AND valid_from <= {stamp(valid)}"
    )


def known_at(moment: str) -> str:
    """The condition that a version was known at a moment (an SQL expression)."""
    return f"recorded_at <= {moment} AND (superseded_at IS NULL OR superseded_at > {moment})"


def stamp(moment: datetime) -> str:
    """A moment as an SQL literal."""
    return f"TIMESTAMPTZ '{moment.astimezone(UTC).isoformat()}'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def all_columns(table: str) -> tuple[Column, ...]:
    """Every column of a table, the common ones first."""
    return (*COMMON, *TABLES[table].columns)
