"""Import kind ``detainers``: released detainer records (Form I-247), three generations of columns."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tenprint.facts.folder import Folder
from tenprint.facts.importers.people import import_people
from tenprint.facts.importers.report import Report

KIND = "detainers"
ORIGIN = "released:detainers"
SAME_DAY = timedelta(hours=1)
"""Prepare dates are days: the same person on the same day."""


def import_files(files: list[Path], folder: Folder, report: Report) -> None:
    """Import released files into the table of detainers."""
    import_people(KIND, ORIGIN, "detainer", _columns, SAME_DAY, files, folder, report)


def _columns(given: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {name: str(value) for name, value in given.items()} | {"issued_at": at}
