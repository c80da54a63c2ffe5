"""Which places leave gaps: shares of missing arrest charges, hold ends, outcomes, answers; and validation of a folder.

Gaps are soft findings; what breaks a law of the tables (two living versions of one record, an interval that ends
before it begins, a code outside its list, a required value missing) is a hard one.
"""

from __future__ import annotations

from typing import Literal

import duckdb
import msgspec

from tenprint.facts.folder import Folder
from tenprint.facts.schema import CODES, COMMON, TABLES

WARN = 0.15
"""Share of missing values from which a gap is reported as a finding."""

GAPS: dict[str, tuple[str, str, str]] = {
    # name: (table, what is looked at, what is missing)
    "arrest charges": ("submission", "t.accepted", "coalesce(t.charges, 0) = 0"),
    "date of arrest": ("submission", "t.accepted", "t.arrested_on IS NULL"),
    "county of the booking agency": ("submission", "true", "t.jurisdiction IS NULL"),
    "end of hold": ("hold", "true", "t.how IS NULL"),
    "ending of detainer": ("detainer", "true", "t.ended_at IS NULL AND t.end_reason IS NULL"),
    "copy served": ("detainer", "true", "t.served_at IS NULL"),
    "answer to claim": ("claim", "true", "t.resolved_at IS NULL"),
    "grade of conviction": ("conviction", "true", "t.grade IS NULL"),
}


AHEAD = ("presence", "authority", "due")
"""Tables that know of a moment before it comes: limits and due times."""


class Gap(msgspec.Struct, frozen=True):
    """How often something is missing in one place."""

    what: str
    state: str | None
    county: str | None
    rows: int
    missing: int

    @property
    def share(self) -> float:
        """Missing over rows."""
        return self.missing / self.rows


class Breach(msgspec.Struct, frozen=True):
    """A row, or rows, that break a law of the tables."""

    level: Literal["soft", "hard"]
    table: str
    what: str
    rows: int


def completeness(folder: Folder, origin: str | None = None) -> list[Gap]:
    """Gaps by place, the largest shares first; only what is known now (versions not superseded) is looked at."""
    found = []
    with duckdb.connect() as db:
        for what, (table, looked_at, missing) in GAPS.items():
            files = [str(folder.path / p.file) for p in folder.parts(table, origin)]
            if not files:
                continue
            place, join = _place(folder, table, origin)
            rows = db.execute(
                f"SELECT {place}.state, {place}.county, count(*), count(*) FILTER (WHERE {missing}) "
                f"FROM read_parquet({files}) t {join} "
                f"WHERE t.superseded_at IS NULL AND {looked_at} GROUP BY 1, 2"
            ).fetchall()
            found += [Gap(what, *row) for row in rows]
    return sorted(found, key=lambda g: (-g.share, g.what, str(g.state), str(g.county)))


def _place(folder: Folder, table: str, origin: str | None) -> tuple[str, str]:
    if any(c.name == "county" for c in TABLES[table].columns):
        return "t", ""
    files = [str(folder.path / p.file) for p in folder.parts("submission", origin)]
    if not files:
        return "s", "LEFT JOIN (SELECT NULL AS case_id, NULL AS state, NULL AS county) s ON false"
    return (
        "s",
        f"LEFT JOIN (SELECT * FROM read_parquet({files}) WHERE superseded_at IS NULL) s ON s.case_id = t.case_id",
    )


def validate(folder: Folder) -> list[Breach]:
    """Laws of the tables that rows break; empty when all is well."""
    found = []
    with duckdb.connect() as db:
        for part in folder.manifest.parts:
            table = f"read_parquet('{folder.path / part.file}')"
            laws = {
                ("hard", "two versions of one record are known at once"): f"""
                    SELECT count(*) FROM (
                        SELECT recorded_at, lag(coalesce(superseded_at, TIMESTAMPTZ '9999-01-01')) OVER one AS before
                        FROM {table} WINDOW one AS (PARTITION BY key ORDER BY recorded_at, superseded_at)
                    ) WHERE before > recorded_at""",
                ("hard", "a version ended before it was recorded"): _count(table, "superseded_at < recorded_at"),
                ("soft", "something ended before it began"): _count(table, "valid_to < valid_from"),
                ("soft", "recorded before it was valid"): _count(table, "valid_from > recorded_at"),
            }  # fmt: skip
            if not TABLES[part.table].counted or part.table in AHEAD:
                del laws["soft", "recorded before it was valid"]  # plans of the future, such as activations
            for c in (*COMMON, *TABLES[part.table].columns):
                if c.codes:
                    listed = ", ".join(f"'{v}'" for v in CODES[c.codes])
                    laws["soft", f"{c.name} outside of its code list"] = _count(table, f'"{c.name}" NOT IN ({listed})')
            for (level, what), query in laws.items():
                row = db.execute(query).fetchone()
                if row and row[0]:
                    found.append(Breach("hard" if level == "hard" else "soft", part.table, what, row[0]))
    return found


def _count(table: str, breach: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE {breach}"
