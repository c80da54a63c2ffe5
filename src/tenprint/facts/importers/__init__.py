"""Importers of released files: one kind each, an explicit registry per release, never a guess.

An importer never deletes or repairs: it maps, keeps file, sheet and row, flags, and reports what differs. Released rows
never enter a ledger or a gallery; a percentage never becomes a person.
"""

from __future__ import annotations

import csv
import importlib
from datetime import date
from pathlib import Path

from tenprint.facts.errors import FactsError
from tenprint.facts.folder import Folder
from tenprint.facts.importers.report import Finding, Report

KINDS: dict[str, str] = {
    "seed-removals": "seed_removals",
    "activations": "activations",
    "ice-detention-statistics": "detention",
    "detainers": "detainers",
    "arrests": "arrests",
}
"""Import kinds and their modules."""

__all__ = ["KINDS", "Finding", "Report", "import_files"]


def import_files(
    kind: str, files: list[Path], out: Path, *, as_of: date | None = None, registry: Path | None = None
) -> Report:
    """Import released files into a folder of facts; what other sources put there stays.

    Args:
        kind: One of ``KINDS``.
        files: The files, where the user keeps them; they are read in place.
        out: A new folder, or a folder of facts.
        as_of: For ``ice-detention-statistics``: the day on which the data were drawn, where a workbook does not say it.
        registry: For ``ice-detention-statistics``: a file with tables of one's own, of the form of
            ``registry/detention.toml``.

    Raises:
        FactsError: when the kind is unknown, takes no such option, or a file is not there.
    """
    if kind not in KINDS:
        raise FactsError(f"no import kind {kind!r}; there are {', '.join(KINDS)}")
    options = {name: given for name, given in (("as_of", as_of), ("more", registry)) if given is not None}
    if options and kind != "ice-detention-statistics":
        raise FactsError(f"{kind} takes no --as-of and no --registry: its files say what they are")
    for file in files:
        if not file.is_file():
            raise FactsError(f"{file}: no such file")
    folder = Folder.create(out)
    report = Report(kind, folder.path)
    module = importlib.import_module(f"tenprint.facts.importers.{KINDS[kind]}")
    try:
        module.import_files(files, folder, report, **options)
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise FactsError(f"{kind}: expected a text table in UTF-8 with a header line: {wrong}") from None
    return report
