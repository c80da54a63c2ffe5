"""A copy of facts under fresh keys: people and cases of two publications cannot be joined by them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from tenprint.facts import TABLES, Folder
from tenprint.facts.continuing import CONTINUE

KEYED = ("key", "case_id", "person_id", "incident")


def rekey(folder: Folder, out: Path, salt: bytes) -> Folder:
    """Write the facts again with every key of a person, case or record replaced by a digest keyed with the salt."""
    copy = Folder.create(out)
    for kind in dict.fromkeys(p.kind for p in folder.manifest.parts):
        tables: dict[str, pa.Table] = {}
        for part in (p for p in folder.manifest.parts if p.kind == kind):
            tables[part.table] = _table(folder.path / part.file, part.table, salt)
        copy.write(kind, tables, {k: v for k, v in (folder.source(kind) or {}).items() if k not in {"kind", CONTINUE}})
    return copy


def _table(file: Path, name: str, salt: bytes) -> pa.Table:
    table = TABLES[name]
    columns = [f'"{c.name}"' for c in table.columns if c.name in KEYED]
    if not table.counted or name == "published_cell":
        replaced = ""
    else:
        keyed = ['"key"', *columns]
        # Two halves: DuckDB's keyed digest is md5 of salt and name, its first 16 digits stay a short key.
        replaced = "REPLACE (" + ", ".join(f"md5('{salt.hex()}' || {c})[:16] AS {c}" for c in keyed) + ")"
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        listed = str(file).replace("'", "''")
        return db.sql(f"SELECT * {replaced} FROM read_parquet('{listed}')").to_arrow_table().cast(table.schema)
