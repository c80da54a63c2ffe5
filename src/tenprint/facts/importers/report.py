"""What an import did, and what in the files differed from what the registry knows."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

Level = Literal["note", "drift", "refused"]
"""``note``: worth knowing. ``drift``: the release differs from the registry; imported as far as its meaning is certain.
``refused``: this file was not imported."""


class Finding(msgspec.Struct, frozen=True):
    """One thing to know about a file."""

    level: Level
    what: str
    """Kind of finding, such as ``column-added`` or ``date-as-text``."""
    where: str
    """File, sheet, row or column."""
    detail: str
    count: int = 1


class Report(msgspec.Struct):
    """The result of one import."""

    kind: str
    folder: Path
    files: list[str] = []
    rows: dict[str, int] = {}
    """Rows written by table."""
    checks: int = 0
    """Sums of the source that were recomputed and compared."""
    findings: list[Finding] = []

    def add(self, level: Level, what: str, where: str, detail: str, count: int = 1) -> None:
        """Note a finding; nothing when it did not occur."""
        if count:
            self.findings.append(Finding(level, what, where, detail, count))

    @property
    def refused(self) -> bool:
        """Whether a file was not imported."""
        return any(f.level == "refused" for f in self.findings)
