"""The hash of the facts of a figure as they were known on its as-of date: what is learned later does not change it.

Covered are the rows of the definition's tables that were known then, each as it was known then: that a row was replaced
Covered are the rows of the definition's tables that were known then, each as it was known then: that one was replaced
extraction, so a key counts as what is said of it: the rows in which it stands. Empty columns are not in it: a table may
get a new one. A hash can be had again from every folder that knew the same on that date.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

import duckdb

from tenprint.facts import TABLES, Folder
from tenprint.figures.definitions import Definition
from tenprint.figures.errors import FiguresError
from tenprint.figures.locked import Limits
from tenprint.figures.rekey import KEYED
from tenprint.figures.vintage import Vintage, all_columns, known_at, quoted, stamp

PUBLISHED = "published_cell"
LATER = frozenset({"superseded_at", "change_end"})
"""Columns that say what became of a row: empty while nobody knows."""


class Known(NamedTuple):
    """What was known of the facts of a figure."""

    hash: str
    """``sha256:`` and 64 digits."""
    sources: tuple[str, ...]
    """Names of the source files that a row known then was read from, with their hashes, as the manifest has them."""


def known_facts(
    definition: Definition, folder: Folder, origin: str, as_of: datetime, limits: Limits | None = None
) -> Known:
    """Hash what was known on a date of the facts that a definition counts.

    Raises:
        FiguresError: when the facts cannot be read.
    """
    published = origin.startswith("published") and PUBLISHED not in definition.counted
    tables = (PUBLISHED,) if published else definition.tables
    only = definition.published_series if published else None
    with Vintage(folder, origin, tables, limits) as vintage:
        db = vintage.connection
        try:
            db.execute(_TABLE)
            for table in tables:
                db.execute(f"INSERT INTO known {_rows(table, as_of, only)}", [only] if only else [])
            lines = [f"{part} {digest}\n" for part, digest in db.execute(_DIGESTS).fetchall()]
            named = _sources(db, folder, origin, tables, as_of, definition.published_series)
        except duckdb.Error as wrong:
            raise FiguresError(f"{folder.path}: what was known cannot be read: {wrong}") from None
    digest = hashlib.sha256("".join(["tenprint/known-facts/1\n", *lines]).encode()).hexdigest()
    return Known(f"sha256:{digest}", named)


_TABLE = "CREATE TEMP TABLE known (part VARCHAR, content VARCHAR, keys STRUCT(place VARCHAR, key VARCHAR)[])"
_DIGESTS = """
    WITH numbered AS (SELECT row_number() OVER () AS row, * FROM known),
    links AS (SELECT row, part, content, unnest(keys, recursive := true) FROM numbered),
    said AS (
        SELECT key, sha256(string_agg(said, '' ORDER BY said)) AS said
        FROM (SELECT key, sha256(part || ' ' || place || ' ' || content) AS said FROM links WHERE key IS NOT NULL)
        GROUP BY key
    ),
    keyed AS (
        SELECT row, string_agg(place || '=' || said.said, ' ' ORDER BY place) AS keys
        FROM links JOIN said USING (key) GROUP BY row
    ),
    rows AS (
        SELECT part, sha256(content || ' ' || coalesce(keyed.keys, '')) AS digest
        FROM numbered LEFT JOIN keyed USING (row)
    )
    SELECT part, sha256(string_agg(digest, '' ORDER BY digest)) FROM rows GROUP BY part ORDER BY part
"""


def _rows(table: str, as_of: datetime, series: str | None) -> str:
    """The rows known then: what is in them, written so that nothing can move from one column to the next."""
    keyed = [c.name for c in all_columns(table) if c.name in KEYED] if _has_keys(table) else []
    parts = []
    for column in all_columns(table):
        if column.name in keyed:
            continue
        value = quoted(column.name)
        if column.name in LATER:
            value = f"CASE WHEN superseded_at <= {stamp(as_of)} THEN {value} END"
        text = f"CAST({value} AS VARCHAR)"
        parts.append(f"coalesce('{column.name}=' || length({text}) || ':' || {text} || ' ', '')")
    keys = ", ".join(f"{{'place': '{k}', 'key': {quoted(k)}}}" for k in keyed)
    condition = f"{known_at(stamp(as_of))}{' AND series = ?' if series else ''}"
    return f"SELECT '{table}', {' || '.join(parts)}, [{keys}] FROM {quoted('all_' + table)} WHERE {condition}"


def _has_keys(table: str) -> bool:
    return TABLES[table].counted and table != PUBLISHED


def _sources(
    db: duckdb.DuckDBPyConnection, folder: Folder, origin: str, tables: tuple[str, ...], as_of: datetime, series: str
) -> tuple[str, ...]:
    """Which of the files of the manifest have a row that was known then; of published cells, one of the series."""
    listed = [f for kind in folder.kinds(origin) for f in (folder.source(kind) or {}).get("files", ())]
    found = []
    for file in listed:
        asked = [
            f"EXISTS (SELECT 1 FROM {quoted('all_' + t)} WHERE starts_with(source, $name) AND {known_at(stamp(as_of))}"
            f"{' AND series = $series' if t == PUBLISHED and series else ''})"
            for t in tables
        ]
        query = f"SELECT {' OR '.join(asked)}"
        given = {"name": str(file["name"])} | ({"series": series} if series and PUBLISHED in tables else {})
        if db.execute(query, given).fetchall()[0][0]:
            found.append(f"{file['name']} sha256:{file['sha256']}")
    return tuple(found)
