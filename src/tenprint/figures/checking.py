"""Checks a publication offline: every file against its signed hash, every receipt, every number in all its forms.

Where the facts are in the package (profile ``open``), or an inspector brings them (profile ``guarded``), every
figure is computed again.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from tenprint.facts import FactsError, Folder
from tenprint.facts.folder import MANIFEST
from tenprint.figures.compute import compute, result_bytes
from tenprint.figures.definitions import Definition, parse
from tenprint.figures.errors import FiguresError
from tenprint.figures.guarded import facts_commitment, guarded_rows
from tenprint.figures.publisher import Publisher
from tenprint.proof import receipts
from tenprint.proof.notes import FormatError, ProofError, Verifier
from tenprint.proof.verify import CHECKSUMS, check_package


class Checked(msgspec.Struct):
    """What was checked, and what does not hold."""

    folder: Path
    holds: list[str] = []
    wrong: list[str] = []
    not_checked: list[str] = []


def check(
    folder: Path,
    keys: Sequence[str] = (),
    *,
    facts: Path | None = None,
    publisher: Publisher | None = None,
) -> Checked:
    """Check a publication.

    Args:
        folder: The package.
        keys: Verifier keys of the publisher; without any, the key that came with the package is used and that is said.
        facts: Facts to recompute from, for profile ``guarded``.
        publisher: The publisher's secrets, for profile ``guarded``.

    Raises:
        FiguresError: when it is not a publication, or a key is not a key.
    """
    note = folder / CHECKSUMS
    if not note.is_file():
        raise FiguresError(f"{folder}: expected a publication with a {CHECKSUMS}")
    found = Checked(folder)
    verifiers = _verifiers(folder, keys, found)
    try:
        found.holds += check_package(note.read_text(encoding="utf-8"), verifiers, folder)
    except (ProofError, FormatError, UnicodeDecodeError) as wrong:
        found.wrong.append(f"{CHECKSUMS}: {wrong}")
    for file in sorted((folder / "receipts").glob("*.json")):
        try:
            _figure(folder, file, verifiers, found, facts, publisher)
        except (ProofError, FormatError, FiguresError, FactsError, OSError, ValueError, KeyError) as wrong:
            found.wrong.append(f"receipts/{file.name}: {wrong}")
    return found


def _verifiers(folder: Path, keys: Sequence[str], found: Checked) -> list[Verifier]:
    try:
        ledgers = [Verifier.parse(f.read_text()) for f in sorted(folder.glob("ledger-*.verifier.txt"))]
        if keys:
            return [*(Verifier.parse(Path(k).read_text() if Path(k).is_file() else k) for k in keys), *ledgers]
        found.not_checked.append("who the publisher is: the key came with the package; give --key to be sure")
        return [Verifier.parse((folder / "verifier.txt").read_text()), *ledgers]
    except (FormatError, OSError, UnicodeDecodeError) as wrong:
        raise FiguresError(f"verifier key: {wrong}") from None


def _figure(
    folder: Path,
    file: Path,
    verifiers: Sequence[Verifier],
    found: Checked,
    facts: Path | None,
    publisher: Publisher | None,
) -> None:  # fmt: skip
    stem, document = file.stem, json.loads(file.read_bytes())
    receipt = document["receipt"]
    definition = folder / "definitions" / f"{receipt['definition']}.sql"
    result = folder / "data" / f"{stem}.json"
    files = {"definition": definition.read_bytes(), "result": result.read_bytes()}
    if receipt["profile"] == "open":
        files["facts"] = (folder / "facts" / MANIFEST).read_bytes()
    receipts.check(document, verifiers, files)
    rows = json.loads(files["result"])
    _same(
        f"data/{stem}.csv",
        list(csv.DictReader(io.StringIO((folder / "data" / f"{stem}.csv").read_text(), newline=""))),
        rows,
    )
    _same(f"data/{stem}.parquet", pq.read_table(folder / "data" / f"{stem}.parquet").to_pylist(), rows)
    again = _recompute(folder, parse(definition.stem, files["definition"]), receipt, found, facts, publisher)
    if again is None:
        found.not_checked.append(f"{stem}: not computed again, the facts are not at hand (--facts and --publisher)")
    elif again != files["result"]:
        raise ProofError("computed again from the facts it is another result")
    found.holds.append(f"{stem}: receipt, definition, CSV, JSON and Parquet agree{', computed again' if again else ''}")


def _recompute(
    folder: Path,
    definition: Definition,
    receipt: dict[str, Any],
    found: Checked,
    facts: Path | None,
    publisher: Publisher | None,
) -> bytes | None:  # fmt: skip
    as_of, valid = datetime.fromisoformat(receipt["as_of"]), datetime.fromisoformat(receipt["valid"])
    if receipt["profile"] == "open":
        own = Folder.open(folder / "facts")
        damaged = own.check()
        if damaged:
            raise ProofError(f"facts: {'; '.join(damaged)}")
        return result_bytes(compute(definition, own.path, as_of, valid, origin=receipt["origin"]).rows)
    if facts is None or publisher is None:
        return None
    held = Folder.open(facts)
    if facts_commitment(held, publisher) != receipt["facts_hash"]:
        raise ProofError("the facts at hand are not those that the receipt commits to")
    found.holds.append("the facts at hand are those that the receipt commits to")
    return result_bytes(guarded_rows(held, definition, receipt["origin"], as_of, publisher)[0])


def _same(name: str, table: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    if len(table) != len(rows):
        raise ProofError(f"{name}: {len(table)} rows, the JSON file has {len(rows)}")
    for number, (one, other) in enumerate(zip(table, rows, strict=True), 1):
        for column, value in other.items():
            if not _equal(one.get(column), value):
                raise ProofError(f"{name} row {number}, {column}: {one.get(column)!r}, the JSON file says {value!r}")


def _equal(written: Any, value: Any) -> bool:
    if value is None:
        return written in {None, ""}
    if isinstance(value, int | float):
        try:
            return float(written) == float(value)
        except (TypeError, ValueError):
            return False
    return bool(written == value)
