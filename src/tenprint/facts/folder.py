"""A folder of facts: Parquet files, one or more a table, and a manifest that names each with its hash.

``manifest.json`` (format ``tenprint/facts/1``) is written last and atomically: without it there are no facts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from tenprint.facts.errors import FactsError
from tenprint.facts.rows import Growing
from tenprint.facts.schema import TABLES

FORMAT = "tenprint/facts/1"
MANIFEST = "manifest.json"
GROUP = 122_880
"""Rows of a row group: what DuckDB reads at a time."""


_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""Names of files: nothing that leads elsewhere, and nothing that a reader would expand."""


class Part(msgspec.Struct, frozen=True):
    """One Parquet file: rows of one table from one origin."""

    table: str
    file: str
    rows: int
    sha256: str
    origin: str
    kind: str
    """How it was made: ``ledger``, an import kind, or ``nation``."""


class Manifest(msgspec.Struct, frozen=True):
    """What a folder of facts holds and what it was made from."""

    format: str
    parts: tuple[Part, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    """One for each kind: ledger origin and checkpoint, or file names with hashes."""


class Folder:
    """A folder of facts.

    Args:
        path: The folder.
        manifest: What it holds.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path) -> Folder:
        """Read the manifest of an existing folder.

        Raises:
            FactsError: when there is none, or it is not readable.
        """
        file = path / MANIFEST
        if not file.is_file():
            raise FactsError(
                f"{path}: expected a folder of facts with a {MANIFEST}. "
                f"Make one with: tenprint facts extract --db URL --out {path}"
            )
        try:
            manifest = msgspec.json.decode(file.read_bytes(), type=Manifest)
        except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
            raise FactsError(f"{file}: not a manifest of facts: {wrong}") from None
        if manifest.format != FORMAT:
            raise FactsError(f"{file}: expected format {FORMAT}, got {manifest.format!r}")
        odd = [p.file for p in manifest.parts if not _PLAIN.fullmatch(p.file)]
        if odd:
            raise FactsError(f"{file}: expected names of files in this folder, got {odd[0][:80]!r}")
        return cls(path, manifest)

    @classmethod
    def create(cls, path: Path) -> Folder:
        """Open the folder, or begin an empty one where nothing is.

        Raises:
            FactsError: when something else is there.
        """
        if (path / MANIFEST).exists():
            return cls.open(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FactsError(f"{path}: exists and is not a folder of facts. Name a new folder.")
        path.mkdir(parents=True, exist_ok=True)
        return cls(path, Manifest(FORMAT))

    def write(
        self, kind: str, tables: Mapping[str, pa.Table | Growing], source: Mapping[str, Any], keep: Iterable[str] = ()
    ) -> None:
        """Replace what this kind of source contributes; empty tables are left out.

        Args:
            kind: How the tables were made; the parts of that kind are replaced as one.
            tables: Tables of ``schema.TABLES``, each of one origin.
            source: What they were made from; goes into the manifest under ``kind``.
            keep: Tables of this kind whose files stay as they are.

        Raises:
            FactsError: when a table is unknown, has other columns, or mixes origins.
        """
        kept = set(keep)
        parts = [p for p in self.manifest.parts if p.kind != kind or p.table in kept]
        for name, table in tables.items():
            if table.num_rows:
                parts.append(self._write_part(kind, name, table))
        new = sorted(parts, key=lambda p: (list(TABLES).index(p.table), p.kind))
        sources = [s for s in self.manifest.sources if s.get("kind") != kind]
        gone = {p.file for p in self.manifest.parts} - {p.file for p in new}
        self.manifest = Manifest(FORMAT, tuple(new), (*sources, {"kind": kind} | dict(source)))
        _replace(self.path / MANIFEST, json.dumps(msgspec.to_builtins(self.manifest), indent=1).encode() + b"\n")
        for name in gone:
            (self.path / name).unlink(missing_ok=True)

    def _write_part(self, kind: str, name: str, table: pa.Table | Growing) -> Part:
        if name not in TABLES:
            raise FactsError(f"no table {name!r} in the waist; it has {', '.join(TABLES)}")
        expected = TABLES[name].schema
        if table.schema.names != expected.names:
            raise FactsError(f"table {name}: expected columns {expected.names}, got {table.schema.names}")
        batches = table.to_batches() if isinstance(table, pa.Table) else table.batches()
        file, origins = self.path / f"{name}.{kind}.parquet", set()
        hidden = file.with_suffix(".parquet.new")
        with pq.ParquetWriter(hidden, expected, compression="zstd") as writer:
            for group in _groups(batches, expected):
                origins |= set(group.column("origin").unique().to_pylist())
                writer.write_table(group, row_group_size=GROUP)
        if len(origins) != 1:
            hidden.unlink()
            raise FactsError(f"table {name}: expected rows of one origin, got {', '.join(sorted(map(str, origins)))}")
        hidden.replace(file)
        return Part(name, file.name, table.num_rows, file_hash(file), str(origins.pop()), kind)

    def parts(self, table: str, origin: str | None = None) -> tuple[Part, ...]:
        """The files of a table, of one origin or of all."""
        return tuple(p for p in self.manifest.parts if p.table == table and origin in (None, p.origin))

    def origins(self, tables: Iterable[str]) -> tuple[str, ...]:
        """Origins that have rows in any of these tables."""
        wanted = set(tables)
        return tuple(dict.fromkeys(p.origin for p in self.manifest.parts if p.table in wanted))

    def source(self, kind: str) -> dict[str, Any] | None:
        """What the tables of one kind were made from."""
        return next((s for s in self.manifest.sources if s.get("kind") == kind), None)

    def kinds(self, origin: str) -> tuple[str, ...]:
        """Kinds of sources of one origin."""
        return tuple(dict.fromkeys(p.kind for p in self.manifest.parts if p.origin == origin))

    def hash(self, tables: Iterable[str] | None = None) -> str:
        """``sha256:`` over the sorted names and hashes of the files, of some tables or of all."""
        wanted = None if tables is None else set(tables)
        lines = sorted(f"{p.sha256} {p.file}\n" for p in self.manifest.parts if wanted is None or p.table in wanted)
        return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"

    def check(self) -> list[str]:
        """Files whose bytes are not those of the manifest; empty when all is well."""
        wrong = []
        for part in self.manifest.parts:
            file = self.path / part.file
            if not file.is_file():
                wrong.append(f"{part.file}: missing")
            elif (came := file_hash(file)) != part.sha256:
                wrong.append(f"{part.file}: expected sha256 {part.sha256}, got {came}")
        return wrong


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Rows in groups of one size, each in one piece: the bytes of a file depend on its rows, not on how they came."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        while sum(b.num_rows for b in waiting) >= GROUP:
            whole = pa.Table.from_batches(waiting, schema=waiting[0].schema)
            yield whole.slice(0, GROUP).combine_chunks().cast(schema)
            waiting = whole.slice(GROUP).to_batches()
    if waiting:
        yield pa.Table.from_batches(waiting, schema=waiting[0].schema).combine_chunks().cast(schema)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(path: Path, data: bytes) -> None:
    hidden = path.with_name(path.name + ".new")
    hidden.write_bytes(data)
    hidden.replace(path)
