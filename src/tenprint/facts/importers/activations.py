"""Import kind ``activations``: the day on which each county became active (fips, state, county, activation_date).

A table of reference: it describes places and is never counted.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.importers.report import Report
from tenprint.facts.versions import Versions

KIND = "activations"
ORIGIN = "released:activations"
NEEDED = ("fips", "state", "county", "activation_date")
KNOWN = (*NEEDED, "statewide_date")


def import_files(files: list[Path], folder: Folder, report: Report) -> None:
    """Import the table; the day of activation is both when it held and, for want of better, when it was known."""
    versions = Versions(ORIGIN)
    sources = []
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            columns = list(table.fieldnames or ())
            missing = [c for c in NEEDED if c not in columns]
            if missing:
                report.add(
                    "refused",
                    "columns",
                    file.name,
                    f"expected a column {', '.join(missing)}; got {', '.join(columns) or 'none'}",
                )
                continue
            added = [c for c in columns if c not in KNOWN]
            report.add("drift", "column-added", file.name, ", ".join(added), len(added))
            for number, row in enumerate(table, 2):
                _put(versions, file.name, number, row, report)
        report.files.append(file.name)
        sources.append({"name": file.name, "sha256": file_hash(file)})
    if sources:
        tables = {"activation": versions.tables()["activation"]}
        folder.write(KIND, tables, {"origin": ORIGIN, "files": sources})
        report.rows["activation"] = tables["activation"].num_rows


def _put(versions: Versions, file: str, number: int, row: dict[str, str], report: Report) -> None:
    try:
        active = date.fromisoformat(row["activation_date"])
        statewide = date.fromisoformat(row["statewide_date"]) if row.get("statewide_date") else None
    except ValueError:
        report.add(
            "drift", "not-a-date", f"{file}:{number}", f"{row['activation_date']!r}, {row.get('statewide_date')!r}"
        )
        return
    moment = datetime(active.year, active.month, active.day, tzinfo=UTC)
    versions.put(
        "activation", row["fips"], {"jurisdiction": row["fips"], "state": row["state"], "county": row["county"],
                                    "active_on": active, "statewide_on": statewide},
        valid_from=moment, recorded_at=moment, source=f"{file}:{number}",
    )  # fmt: skip
