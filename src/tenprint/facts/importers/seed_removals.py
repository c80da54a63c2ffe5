"""Import kind ``seed-removals``: the non-criminal share of removals in 17 counties of 2010, as published on two dates.

Advocates published the April numbers, the agency the July numbers ("Setting the Record Straight"). They are
percentages: nobody can make people out of them, and nobody outside can say why they differ.
"""

from __future__ import annotations

import calendar
import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.importers import cells
from tenprint.facts.importers.report import Report
from tenprint.facts.places import reference

KIND = "seed-removals"
ORIGIN = "published:seed-removals"
SERIES = "noncriminal-removal-share"
VINTAGE = re.compile(r"pct_noncriminal_as_of_(\d{4})_(\d{2})\Z")
NEEDED = ("state", "county", "activation_date")


def import_files(files: list[Path], folder: Folder, report: Report) -> None:
    """Import the table; the columns ``pct_noncriminal_as_of_YYYY_MM`` name the vintages."""
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            columns = list(table.fieldnames or ())
            vintages = {c: _last_day(m) for c in columns if (m := VINTAGE.match(c))}
            missing = [c for c in NEEDED if c not in columns]
            if missing or not vintages:
                expected = ", ".join([*NEEDED, "pct_noncriminal_as_of_YYYY_MM"])
                report.add(
                    "refused", "columns", file.name, f"expected columns {expected}; got {', '.join(columns) or 'none'}"
                )
                continue
            unknown = [c for c in columns if c not in vintages and c not in NEEDED]
            report.add("drift", "column-added", file.name, ", ".join(unknown), len(unknown))
            rows = [cell for n, row in enumerate(table, 2) for cell in _cells(file, n, row, vintages, report)]
        report.files.append(file.name)
        source = {"origin": ORIGIN, "files": [{"name": file.name, "sha256": file_hash(file)}]}
        report.rows[cells.TABLE] = cells.write(folder, KIND, rows, source)


def _cells(
    file: Path, number: int, row: dict[str, str], vintages: dict[str, date], report: Report
) -> list[dict[str, Any]]:
    made = []
    for column, day in vintages.items():
        where = f"{file.name}:{number}:{column}"
        try:
            value, since = float(row[column]), date.fromisoformat(row["activation_date"])
        except (TypeError, ValueError):
            report.add("drift", "not-a-number", where, f"{row[column]!r} or its activation date cannot be read")
            continue
        made.append(
            cells.cell(
                series=SERIES,
                labels={"state": row["state"], "county": row["county"]},
                value=value,
                unit="percent",
                measure="removals and returns of people without a known conviction",
                drawn=day,
                since=since,
                origin=ORIGIN,
                source=where,
                release=file.name,
                state=row["state"],
                county=row["county"],
                jurisdiction=_fips(row["state"], row["county"]),
                period_from=since,
                data_as_of=day,
                closed=False,
            )
        )
    return made


def _fips(state: str, county: str) -> str | None:
    return next(
        (c.fips for c in reference().values() if c.state == state and c.name in {county, f"{county} County"}), None
    )


def _last_day(found: re.Match[str]) -> date:
    # The source names a month, not a day: its end is the latest day the data can stand for.
    year, month = int(found[1]), int(found[2])
    return date(year, month, calendar.monthrange(year, month)[1])
