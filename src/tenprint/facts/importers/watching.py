"""A folder in which releases arrive: what is new is imported, another content under an old name is told."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.importers import Report, import_files
from tenprint.facts.importers.detention import KIND

ENDINGS = frozenset({".xlsx", ".xls", ".xlsb", ".ods"})


class Arrival(msgspec.Struct, frozen=True):
    """What a look at a folder found.

    Attributes:
        report: Of the import; nothing when nothing was new.
        known: Files that the facts hold already, whatever they are called.
        replaced: Files whose name is known with another content: imported in its place.
    """

    report: Report | None
    known: tuple[str, ...]
    replaced: tuple[str, ...]


def look(folder: Path, out: Path) -> Arrival:
    """Import every workbook of a folder that the facts do not hold yet.

    Args:
        folder: Where releases arrive.
        out: Folder of facts: a new one, or one to add to.

    Raises:
        FactsError: when the facts cannot be read or written.
        OSError: when the folder cannot be read.
    """
    files = sorted(f for f in folder.iterdir() if f.is_file() and f.suffix.lower() in ENDINGS)
    held = (Folder.open(out).source(KIND) or {}).get("files", []) if (out / "manifest.json").exists() else []
    hashes = {f["sha256"] for f in held}
    names = {f["name"] for f in held}
    new = [f for f in files if file_hash(f) not in hashes]
    report = import_files(KIND, new, out) if new else None
    taken = set(report.files) if report else set()
    return Arrival(
        report,
        tuple(f.name for f in files if f not in new),
        tuple(f.name for f in new if f.name in names and f.name in taken),
    )
