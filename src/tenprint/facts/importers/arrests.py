"""Import kind ``arrests``: released administrative arrests, three generations of columns."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tenprint.facts.folder import Folder
from tenprint.facts.importers.people import import_people
from tenprint.facts.importers.report import Report

KIND = "arrests"
ORIGIN = "released:arrests"
EPISODE = timedelta(hours=24)
"""Arrests of one person within a day are likely one arrest."""


def import_files(files: list[Path], folder: Folder, report: Report) -> None:
    """Import released files into the table of custody, as administrative arrests."""
    import_people(KIND, ORIGIN, "custody", _columns, EPISODE, files, folder, report)


def _columns(given: dict[str, Any], _at: datetime) -> dict[str, Any]:
    return {name: str(value) for name, value in given.items()} | {"custody": "ICE"}
