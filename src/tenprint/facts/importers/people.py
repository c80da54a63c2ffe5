"""What detainer and arrest releases share: file, sheet and row, keys for people, flags for likely duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.importers.records import Record, Registry, Sheet, norm, records, sheets
from tenprint.facts.importers.report import Report
from tenprint.facts.keys import Keys
from tenprint.facts.versions import Versions

WARN, STOP = 0.15, 0.20
"""Share of rows without an identifier that is reported, and that stops the import of a sheet."""

Build = Callable[[dict[str, Any], datetime], dict[str, Any]]
"""Makes the columns of the table from what a row says in its places."""


def import_people(
    kind: str, origin: str, table: str, build: Build, near: timedelta, files: list[Path], folder: Folder, report: Report
) -> None:  # fmt: skip
    """Import released records; all files of one command replace what the kind had before.

    Args:
        kind: Import kind, which names the registry.
        origin: Origin of the rows.
        table: Table of facts.
        build: Columns of a row.
        near: Two rows of one person closer than this are flagged as likely duplicates.
        files: Released files.
        folder: Where rows go.
        report: What is told.
    """
    registry, keys = Registry.load(kind), Keys()
    found: list[tuple[Record, Sheet]] = []
    sources = []
    for file in files:
        rows = [(r, s) for s in sheets(file, registry, report) for r in _checked(s, registry, report)]
        if rows:
            found += rows
            report.files.append(file.name)
            sources.append({"name": file.name, "sha256": file_hash(file)})
    if not found:
        return
    versions = Versions(origin)
    drawn = max((m for r, s in found if (m := _moment(r, s))), default=datetime.now(UTC))
    seen: dict[str, datetime] = {}
    undated = duplicates = 0
    for record, sheet in sorted(found, key=lambda rs: (_moment(*rs) or drawn, rs[0].file, rs[0].sheet, rs[0].row)):
        at = _moment(record, sheet)
        if at is None:
            undated += 1
            continue
        given = _placed(record, sheet)
        person = given.pop("person", None)
        person_id = keys.key("person", str(person)) if person is not None else None
        again = person_id is not None and person_id in seen and at - seen[person_id] < near
        if person_id is not None:
            seen[person_id] = at
        duplicates += again
        where = f"{record.file}#{record.sheet}!{record.row}"
        own = build(given, at) | {"case_id": where, "person_id": person_id, "duplicate_likely": again,
                                  "other": _other(record, sheet)}  # fmt: skip
        versions.put(table, where, own, valid_from=at, recorded_at=drawn, source=where)
    report.add("drift", "row-without-date", kind, "left out: nothing says when it happened", undated)
    report.add("note", "duplicate-likely", kind, "flagged, not deleted", duplicates)
    done = versions.tables()[table]
    folder.write(kind, {table: done}, {"origin": origin, "files": sources, "drawn": drawn.isoformat()})
    report.rows[table] = done.num_rows


def _checked(sheet: Sheet, registry: Registry, report: Report) -> Iterable[Record]:
    rows = list(records(sheet, registry, report))
    identifier = next((h for h, place in sheet.places.items() if place == "person"), None)
    here = {norm(h) for h in sheet.headers}
    where = f"{sheet.file} {sheet.name}".strip()
    if not rows or identifier is None or identifier not in here:
        return rows
    share = sum(identifier not in r.values for r in rows) / len(rows)
    told = f"{share:.1%} of rows have no {sheet.names[identifier]!r}"
    if share > STOP:
        report.add(
            "refused", "identifier-missing", where, f"{told}; at most {STOP:.0%} can be: people could not be told apart"
        )
        return []
    report.add("drift" if share > WARN else "note", "identifier-missing", where, told, int(share > 0))
    return rows


def _moment(record: Record, sheet: Sheet) -> datetime | None:
    for header, place in sheet.places.items():
        if place == "date" and header in record.values:
            value: datetime = record.values[header]
            return value.replace(tzinfo=UTC)
    return None


def _placed(record: Record, sheet: Sheet) -> dict[str, Any]:
    places = sheet.places
    return {places[h]: v for h, v in record.values.items() if h in places and places[h] != "date"}


def _other(record: Record, sheet: Sheet) -> list[tuple[str, str]]:
    places = sheet.places
    kept = {sheet.names[h]: _text(v) for h, v in record.values.items() if h not in places}
    return list((kept | record.rest).items())


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
