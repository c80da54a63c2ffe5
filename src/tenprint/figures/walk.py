"""Walks every case through its own changes between two moments and attributes what each run of like changes moves.

Cases do not depend on each other, so each may stand at a moment of its own: in step k every case that has a k-th run of
changes goes from the end of its run k-1 to the end of its run k. The number of steps is the longest sequence of runs of
any one case, not the number of changes. A definition that counts people says so, and people who were ever linked walk
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from tenprint.facts import TABLES
from tenprint.figures.compute import Cell, Exact, exact
from tenprint.figures.definitions import Definition
from tenprint.figures.vintage import Vintage, known_at, quoted, stamp

KINDS = {
    "late": "late-arrival",
    "correction": "correction",
    "deduplication": "deduplication",
    "unknown": "cannot-be-told",
}
"""Parts by the reason that stands on a version. ``KINDS.values()`` gives the order in which parts are taken."""


def walk(
    vintage: Vintage, definition: Definition, names: Sequence[str], known: datetime, later: datetime, valid: datetime
) -> dict[str, list[Cell]]:  # fmt: skip
    """What each kind of change moves, by cell.

    Args:
        vintage: Facts; its views are left at the end of the walk for cases that changed, so set both clocks again.
        definition: What is counted.
        names: Columns that name a cell.
        known: As-of moment at the start.
        later: As-of moment at the end.
        valid: What had happened: stays where it is.
    """
    db = vintage.connection
    steps = _clocks(db, definition, known, later, valid)
    moved: dict[str, dict[tuple[object, ...], tuple[Exact, Exact]]] = {}
    for step in range(steps):
        for sign, column in ((-1, "since"), (1, "until")):
            for name in definition.counted:
                db.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS {_view(name, step, column, valid)}")
            for change, cell in _counted(db, definition, names, step):
                n, d = moved.setdefault(change, {}).get(cell.names, (0, 0))
                bottom = cell.denominator or 0
                moved[change][cell.names] = (n + sign * cell.numerator, d + sign * bottom)
    return {
        KINDS[change]: [Cell(key, n, d) for key, (n, d) in by_cell.items() if n or d]
        for change, by_cell in moved.items()
    }


def group_column(table: str) -> str:
    """The column by which rows of a table belong together: their case, or the record itself."""
    own = {c.name for c in TABLES[table].columns}
    return "case_id" if "case_id" in own else "key"


def _clocks(
    db: duckdb.DuckDBPyConnection, definition: Definition, known: datetime, later: datetime, valid: datetime
) -> int:
    """Make the table ``clock``: for every case that changed, its runs of like changes with start and end."""
    window = f"> {stamp(known)} AND {{}} <= {stamp(later)} AND valid_from <= {stamp(valid)}"
    changes = " UNION ALL ".join(
        f"SELECT {group_column(t)} AS case_id, {moment} AS moment, {change} AS change FROM {quoted('all_' + t)} "
        f"WHERE {moment} {window.format(moment)}"
        for t in definition.counted
        for moment, change in (("recorded_at", "change"), ("superseded_at", "change_end"))
    )
    _groups(db, definition)
    order = (
        "CASE change "
        + " ".join(f"WHEN '{k}' THEN {i}" for i, k in enumerate(("correction", "deduplication", "late")))
        + " END"
    )
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE clock AS
        WITH changes AS (SELECT coalesce(g.grp, c.case_id) AS grp, moment, change FROM ({changes}) c LEFT JOIN
        groups g USING (case_id)), moments AS (SELECT grp, moment, arg_min(change, {order}) AS change FROM changes
        GROUP BY ALL), marked AS (SELECT *, CASE WHEN change = lag(change) OVER w THEN 0 ELSE 1 END AS fresh FROM
        moments WINDOW w AS (PARTITION BY grp ORDER BY moment)),
        runs AS (SELECT *, sum(fresh) OVER (PARTITION BY grp ORDER BY moment) - 1 AS run FROM marked),
        ends AS (SELECT grp, run, any_value(change) AS change, max(moment) AS until FROM runs GROUP BY grp, run)
        SELECT grp, CAST(run AS INTEGER) AS run, change, until,
               coalesce(lag(until) OVER (PARTITION BY grp ORDER BY run), {stamp(known)}) AS since
        FROM ends
    """)  # fmt: skip
    db.execute("""
        CREATE OR REPLACE TEMP TABLE member AS
        SELECT g.case_id, g.grp FROM groups g WHERE g.grp IN (SELECT grp FROM clock)
        UNION ALL SELECT DISTINCT grp, grp FROM clock WHERE grp NOT IN (SELECT grp FROM groups)
    """)
    row = db.execute("SELECT coalesce(max(run) + 1, 0) FROM clock").fetchone()
    return int(row[0]) if row else 0


def _groups(db: duckdb.DuckDBPyConnection, definition: Definition) -> None:
    """Make the table ``groups``: cases that must walk together because a person links them. Others walk alone."""
    db.execute("CREATE OR REPLACE TEMP TABLE groups (case_id VARCHAR, grp VARCHAR)")
    if not definition.people:
        return
    links = db.execute("SELECT DISTINCT case_id, person_id FROM all_submission").fetchall()
    root: dict[str, str] = {}

    def find(x: str) -> str:
        while root.setdefault(x, x) != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for case, person in links:
        root[find(f"case {case}")] = find(f"person {person}")
    pairs = [(case, find(f"case {case}")) for case in {c for c, _ in links}]
    if pairs:
        db.executemany("INSERT INTO groups VALUES (?, ?)", pairs)


def _view(table: str, step: int, column: str, valid: datetime) -> str:
    moment = f"w.{column}"
    group = group_column(table)
    return (
        f"SELECT a.* REPLACE (CASE WHEN a.valid_to <= {stamp(valid)} THEN a.valid_to END AS valid_to) "
        f"FROM {quoted('all_' + table)} a JOIN member m ON m.case_id = a.{group} "
        f"JOIN clock w ON w.grp = m.grp AND w.run = {step} "
        f"WHERE {known_at(moment)} AND a.valid_from <= {stamp(valid)}"
    )


def _counted(
    db: duckdb.DuckDBPyConnection, definition: Definition, names: Sequence[str], step: int
) -> list[tuple[str, Cell]]:
    listed = ", ".join(f"d.{quoted(n)}" for n in names)
    head = f"{listed}, " if listed else ""
    bottom = ", sum(d.denominator)" if definition.kind != "count" else ""
    rows = db.execute(
        f"SELECT w.change, {head}sum(d.numerator){bottom} FROM ({definition.sql}) d "
        f"JOIN member m ON m.case_id = d.case_id "
        f"JOIN clock w ON w.grp = m.grp AND w.run = {step} GROUP BY ALL"
    ).fetchall()
    wide = len(names) + 1
    return [(r[0], Cell(r[1:wide], exact(r[wide]), exact(r[wide + 1]) if bottom else None)) for r in rows]
