"""Rows of one table under construction: kept in batches, aside on disk where a place is given, and read back in order.

Ends of versions become known after a row was written; they are filled in while rows are handed out. Memory holds one
batch, the living versions, and where versions ended.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenprint.facts.schema import Table

BATCH = 50_000
Living = tuple[int, datetime, datetime | None, tuple[Any, ...]]
"""Row, start and end of validity, and the table's own columns of a version that nothing supersedes."""


class Growing:
    """One table under construction.

    Args:
        table: Which table.
        base: Parquet file whose rows come first; they may still end.
        spill: File to keep full batches in; without one they stay in memory.
    """

    def __init__(self, table: Table, base: Path | None = None, spill: Path | None = None) -> None:
        self.table = table
        self.schema = table.schema
        self.own = tuple(c.name for c in table.columns)
        self.at = {name: i for i, name in enumerate(self.own)}
        self.live: dict[str, Living] = {}
        self.ended: dict[int, tuple[datetime, str]] = {}
        self.base = base
        self.num_rows = pq.read_metadata(base).num_rows if base else 0
        self._first = self.num_rows
        self._columns: list[list[Any]] = [[] for _ in self.schema]
        self._batches: list[pa.RecordBatch] = []
        self._spill = spill
        self._writer: pa.RecordBatchStreamWriter | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was added to the base, or ended in it."""
        return self.num_rows > self._first or bool(self.ended)

    def add(self, common: tuple[Any, ...], own: tuple[Any, ...]) -> int:
        """Add a row; gives its number."""
        for column, value in zip(self._columns, (*common, *own), strict=True):
            column.append(value)
        self.num_rows += 1
        if len(self._columns[0]) >= BATCH:
            self._flush()
        return self.num_rows - 1

    def wake(self, cases: Collection[str] | None = None) -> None:
        """Know the living versions of the base again: of some cases where the table has cases, else of all."""
        for offset, batch in self._of_base():
            chosen = pc.is_null(batch.column("superseded_at"))
            if cases is not None and "case_id" in self.at:
                chosen = pc.and_(chosen, pc.is_in(batch.column("case_id"), pa.array(sorted(cases), pa.string())))
            numbers = pc.indices_nonzero(chosen)
            for number, row in zip(numbers.to_pylist(), batch.take(numbers).to_pylist(), strict=True):
                own = tuple(row[name] for name in self.own)
                self.live[row["key"]] = (offset + number, row["valid_from"], row["valid_to"], own)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows in the order in which they were recorded, with the ends of versions; only after the last ``add``."""
        order, offset = sorted(self.ended), 0
        for batch in self._written():
            low, high = bisect_left(order, offset), bisect_left(order, offset + batch.num_rows)
            yield self._with_ends(batch, offset, order[low:high]) if low < high else batch
            offset += batch.num_rows

    def _with_ends(self, batch: pa.RecordBatch, offset: int, rows: list[int]) -> pa.RecordBatch:
        arrays = list(batch.columns)
        for which, name in enumerate(("superseded_at", "change_end")):
            at = self.schema.get_field_index(name)
            values = arrays[at].to_pylist()
            for row in rows:
                values[row - offset] = self.ended[row][which]
            arrays[at] = pa.array(values, self.schema.field(at).type)
        return pa.record_batch(arrays, schema=self.schema)

    def _written(self) -> Iterator[pa.RecordBatch]:
        for _, batch in self._of_base():
            yield batch
        self._flush()
        if self._writer is not None:
            self._writer.close()
            with pa.OSFile(str(self._spill), "rb") as file:
                yield from pa.ipc.open_stream(file)
        yield from self._batches

    def _of_base(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        offset = 0
        if self.base is not None:
            with pq.ParquetFile(self.base) as file:
                for batch in file.iter_batches(batch_size=BATCH):
                    yield offset, pa.record_batch(batch.columns, schema=self.schema)
                    offset += batch.num_rows

    def _flush(self) -> None:
        if not self._columns[0]:
            return
        arrays = [pa.array(values, f.type) for values, f in zip(self._columns, self.schema, strict=True)]
        batch = pa.record_batch(arrays, schema=self.schema)
        self._columns = [[] for _ in self.schema]
        if self._spill is None:
            self._batches.append(batch)
            return
        if self._writer is None:
            self._writer = pa.ipc.new_stream(str(self._spill), self.schema)
        self._writer.write_batch(batch)
