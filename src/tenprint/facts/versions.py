"""Row versions under construction: a new version of a record supersedes the one before it, nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from tenprint.facts.schema import COMMON, TABLES, Table

BATCH = 50_000


class _Growing:
    """One table under construction: full columns turn to Arrow in batches, ends of versions are filled in last."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.own = tuple(c.name for c in table.columns)
        self.at = {name: i for i, name in enumerate(self.own)}
        self.batches: list[pa.RecordBatch] = []
        self.columns: list[list[Any]] = [[] for _ in table.schema]
        self.ended: dict[int, tuple[datetime, str]] = {}
        self.live: dict[str, tuple[int, datetime, datetime | None, tuple[Any, ...]]] = {}
        self.rows = 0

    def add(self, common: tuple[Any, ...], own: tuple[Any, ...]) -> int:
        for column, value in zip(self.columns, (*common, *own), strict=True):
            column.append(value)
        self.rows += 1
        if len(self.columns[0]) >= BATCH:
            self.flush()
        return self.rows - 1

    def flush(self) -> None:
        if self.columns[0]:
            schema = self.table.schema
            arrays = [pa.array(values, f.type) for values, f in zip(self.columns, schema, strict=True)]
            self.batches.append(pa.record_batch(arrays, schema=schema))
            self.columns = [[] for _ in self.table.schema]

    def finish(self) -> pa.Table:
        self.flush()
        whole = pa.Table.from_batches(self.batches, schema=self.table.schema)
        if not self.ended:
            return whole
        when: list[datetime | None] = [None] * self.rows
        why: list[str | None] = [None] * self.rows
        for row, (moment, change) in self.ended.items():
            when[row], why[row] = moment, change
        for name, values in (("superseded_at", when), ("change_end", why)):
            field = whole.schema.field(name)
            whole = whole.set_column(whole.schema.get_field_index(name), field, pa.array(values, field.type))
        return whole


class Versions:
    """Collects versions of records for all tables of one origin.

    Args:
        origin: Written on every row.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._tables = {name: _Growing(table) for name, table in TABLES.items()}

    def put(
        self,
        table: str,
        key: str,
        values: Mapping[str, Any],
        *,
        valid_from: datetime,
        recorded_at: datetime,
        source: str,
        valid_to: datetime | None = None,
        change: str = "late",
    ) -> None:
        """Record a version of a record; an earlier version of the same key is superseded at that moment.

        Raises:
            KeyError: when a value has no column in the table.
        """
        growing = self._tables[table]
        unknown = values.keys() - growing.at.keys()
        if unknown:
            raise KeyError(f"table {table} has no column {sorted(unknown)}; it has {list(growing.own)}")
        own = tuple(values.get(name) for name in growing.own)
        self._write(growing, key, own, valid_from, valid_to, recorded_at, source, change)

    def revise(
        self,
        table: str,
        key: str,
        values: Mapping[str, Any],
        *,
        recorded_at: datetime,
        source: str,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        reopen: bool = False,
        change: str = "late",
    ) -> bool:
        """Record a version that differs from the living one only in ``values``; false when none lives.

        ``reopen`` takes an end of validity back.
        """
        growing = self._tables[table]
        living = growing.live.get(key)
        if living is None:
            return False
        _, since, until, old = living
        own = tuple(values.get(name, old[i]) for i, name in enumerate(growing.own))
        self._write(
            growing, key, own, valid_from or since, None if reopen else valid_to or until, recorded_at, source, change
        )
        return True

    def end(self, table: str, key: str, *, recorded_at: datetime, change: str) -> bool:
        """End the living version of a record without a successor; false when none lives."""
        growing = self._tables[table]
        living = growing.live.pop(key, None)
        if living is None:
            return False
        growing.ended[living[0]] = (recorded_at, change)
        return True

    def living(self, table: str, key: str, column: str) -> Any:
        """A value of the living version of a record; nothing when none lives."""
        growing = self._tables[table]
        living = growing.live.get(key)
        if living is None:
            return None
        return living[1] if column == "valid_from" else living[3][growing.at[column]]

    def tables(self) -> dict[str, pa.Table]:
        """The finished tables, in the order in which versions were recorded; empty tables included."""
        return {name: growing.finish() for name, growing in self._tables.items()}

    def _write(
        self, growing: _Growing, key: str, own: tuple[Any, ...], valid_from: datetime, valid_to: datetime | None,
        recorded_at: datetime, source: str, change: str,
    ) -> None:  # fmt: skip
        living = growing.live.get(key)
        if living is not None:
            growing.ended[living[0]] = (recorded_at, change)
        common = (key, self.origin, valid_from, valid_to, recorded_at, None, change, None, source)
        assert len(common) == len(COMMON)  # noqa: S101 - the order of COMMON is relied on here and nowhere else
        growing.live[key] = (growing.add(common, own), valid_from, valid_to, own)
