"""Row versions under construction: a new version of a record supersedes the one before it, nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tenprint.facts.rows import Growing
from tenprint.facts.schema import COMMON, TABLES


class Versions:
    """Collects versions of records for all tables of one origin.

    Args:
        origin: Written on every row.
        base: Parquet files whose rows come first, by table.
        spill: An empty folder to keep full batches in; without one they stay in memory.
    """

    def __init__(self, origin: str, base: Mapping[str, Path] | None = None, spill: Path | None = None) -> None:
        self.origin = origin
        self.growing = {
            name: Growing(table, (base or {}).get(name), None if spill is None else spill / f"{name}.arrows")
            for name, table in TABLES.items()
        }

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
        growing = self.growing[table]
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
        growing = self.growing[table]
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
        growing = self.growing[table]
        living = growing.live.pop(key, None)
        if living is None:
            return False
        growing.ended[living[0]] = (recorded_at, change)
        return True

    def living(self, table: str, key: str, column: str) -> Any:
        """A value of the living version of a record; nothing when none lives."""
        growing = self.growing[table]
        living = growing.live.get(key)
        if living is None:
            return None
        return living[1] if column == "valid_from" else living[3][growing.at[column]]

    def tables(self) -> dict[str, pa.Table]:
        """The finished tables, in the order in which versions were recorded; empty tables included."""
        return {
            name: pa.Table.from_batches(growing.batches(), schema=growing.schema)
            for name, growing in self.growing.items()
        }

    def _write(
        self, growing: Growing, key: str, own: tuple[Any, ...], valid_from: datetime, valid_to: datetime | None,
        recorded_at: datetime, source: str, change: str,
    ) -> None:  # fmt: skip
        living = growing.live.get(key)
        if living is not None:
            growing.ended[living[0]] = (recorded_at, change)
        common = (key, self.origin, valid_from, valid_to, recorded_at, None, change, None, source)
        assert len(common) == len(COMMON)  # noqa: S101 - the order of COMMON is relied on here and nowhere else
        growing.live[key] = (growing.add(common, own), valid_from, valid_to, own)
