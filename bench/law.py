"""3.4 million cases under one regime: the compiled rules against a statement written by hand, on the same table.

Both must give the same answer for every row. The first table holds facts as plain columns, as the waist does; the
second holds charges and convictions as lists of records, from which both derive the letters of the list. The law of
that day is DET-2012 with its overlays.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import duckdb

from tenprint import law
from tenprint.law import sql

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 3_400_000
ON = date(2013, 2, 1)
ROUNDS = 3

MISDEMEANORS = ("violence", "sexual", "dui", "flight", "weapon", "drug_distribution", "other_threat")
LETTERS = (
    "felony_conviction",
    "felony_charge",
    "three_misdemeanor_convictions",
    *(f"misdemeanor_{kind}" for kind in MISDEMEANORS),
    "illegal_entry_conviction",
    "reentry_after_removal",
    "final_order",
    "immigration_fraud",
)
STANDARD = ("in_custody", "arrested_by_lea", "suspected_removable")
STATED = (
    *STANDARD,
    *LETTERS,
    "significant_risk",
    "citizenship_indicator",
    "victim",
    "witness",
    "plaintiff",
    "juvenile",
)

ACTS = """
    SELECT n, 'DET-2012' AS regime,
        CASE WHEN citizen OR minor THEN ['NO_ACTION', 'SUPERVISOR_REVIEW']
             WHEN protected THEN ['NO_ACTION']
             WHEN listed THEN ['NO_ACTION', 'DETAINER']
             WHEN listed IS NULL THEN ['NO_ACTION', 'NEEDS_MORE_FACTS']
             ELSE ['NO_ACTION'] END AS permitted,
        CAST([] AS VARCHAR[]) AS duties
    FROM judged"""

BY_HAND = f"""
    WITH judged AS (
        SELECT n,
            coalesce(citizenship_indicator, false) AS citizen,
            coalesce(juvenile, false) AS minor,
            coalesce(victim OR witness OR plaintiff, false) AS protected,
            in_custody AND arrested_by_lea AND suspected_removable
                AND ({" OR ".join(LETTERS)} OR coalesce(significant_risk, false))
                AS listed
        FROM plain) {ACTS}"""

INVOLVES = {
    "violence": "['violence', 'threats', 'assault', 'domestic_violence']", "sexual": "['sexual_abuse', 'exploitation']",
    "dui": "['dui']", "flight": "['flight_from_accident']", "weapon": "['firearm', 'deadly_weapon']",
    "drugs": "['drug_distribution']", "threat": "['significant_threat']",
}  # fmt: skip
ALL_KINDS = "[" + ", ".join(kinds.strip("[]") for kinds in INVOLVES.values()) + "]"

BY_HAND_RECORDS = f"""
    WITH judged AS (
        SELECT n, false AS citizen, false AS minor, false AS protected,
            in_custody AND arrested_by_lea AND reason_to_believe AND (
                len(list_filter(convictions, lambda r: r.grade = 'felony')) > 0
                OR len(list_filter(charges, lambda r: r.grade = 'felony')) > 0
                OR len(list_filter(convictions, lambda r: r.grade = 'misdemeanor'
                       AND NOT list_has_any(r.categories, ['minor_traffic', 'status_offense']))) >= 3
                OR len(list_filter(convictions, lambda r: r.grade = 'misdemeanor'
                       AND NOT list_has_any(r.categories, ['minor_traffic', 'status_offense'])
                       AND list_has_any(r.categories, {ALL_KINDS}))) > 0
                OR len(list_filter(charges, lambda r: r.grade = 'misdemeanor'
                       AND list_has_any(r.categories, {ALL_KINDS}))) > 0
                OR len(list_filter(convictions, lambda r: list_has_any(r.categories, ['illegal_entry']))) > 0
                OR reentry_after_removal OR final_order OR immigration_fraud) AS listed
        FROM records) {ACTS}"""


def main() -> int:
    """Print the ratios; 1 when the two differ in a single row."""
    with duckdb.connect() as db:
        db.execute("SELECT setseed(0.5)")
        columns = ", ".join(_tossed(name) for name in STATED)
        db.execute(f"CREATE TABLE plain AS SELECT i AS n, {columns} FROM range({CASES}) t(i)")
        good = _compare(db, "plain", BY_HAND, "facts as plain columns")
        db.execute("DROP TABLE plain")
        db.execute(f"CREATE TABLE records AS {_records(max(CASES // 10, 1))}")
        return 0 if _compare(db, "records", BY_HAND_RECORDS, "facts derived from lists of records") and good else 1


def _tossed(name: str) -> str:
    yes = 0.9 if name in STANDARD else 0.05
    return f"CASE WHEN random() < 0.9 THEN random() < {yes} END AS {name}"


def _records(cases: int) -> str:
    kinds = "['theft', 'dui', 'minor_traffic', 'violence', 'burglary', 'illegal_entry', 'firearm']"
    one = (
        "{'grade': CASE WHEN hash(i, k, 1) % 4 = 0 THEN 'felony' ELSE 'misdemeanor' END, "
        f"'categories': [({kinds})[1 + (hash(i, k, 2) % 7)::INT]], 'juvenile': false, 'disposition': 'pending'}}"
    )

    def rows(seed: int) -> str:
        return f"list_transform(range((hash(i, {seed}) % 4)::INT), lambda k: {one})"

    flags = ", ".join(_tossed(name) for name in ("reentry_after_removal", "final_order", "immigration_fraud"))
    return (
        f"SELECT i AS n, true AS in_custody, true AS arrested_by_lea, true AS reason_to_believe, {flags}, "
        f"{rows(3)} AS charges, {rows(4)} AS convictions FROM range({cases}) t(i)"
    )


def _compare(db: duckdb.DuckDBPyConnection, table: str, by_hand: str, what: str) -> bool:
    compiled = sql.select("detainer", table, sql.columns_of(db, table), on=ON, keep=["n"])
    differing = db.execute(
        f"SELECT count(*) FROM ({by_hand}) a JOIN ({compiled}) b USING (n) WHERE (a.regime, a.permitted, a.duties) "
        "IS DISTINCT FROM (b.regime, b.permitted, b.duties)"
    ).fetchone()
    assert differing is not None
    rows = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert rows is not None
    times = {
        name: min(_seconds(db, query) for _ in range(ROUNDS))
        for name, query in (("by hand", by_hand), ("compiled", compiled))
    }
    print(f"{law.load().in_force('detainer', ON)[0].id} on {ON}, {rows[0]:,} cases, {what}")
    print(f"  by hand   {times['by hand']:7.3f} s")
    ratio = times["compiled"] / times["by hand"]
    print(f"  compiled  {times['compiled']:7.3f} s   ratio {ratio:.2f}   rows that differ: {differing[0]}")
    return differing[0] == 0


def _seconds(db: duckdb.DuckDBPyConnection, query: str) -> float:
    start = time.perf_counter()
    db.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {query}")
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
