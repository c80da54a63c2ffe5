"""Checks a publication offline: every file against its signed hash, every receipt, every number in all its forms.

Where the facts are in the package (profile ``open``), or an inspector brings them (profile ``guarded``), every
figure is computed again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from tenprint.facts import FactsError, Folder
from tenprint.figures.compute import compute, result_bytes
from tenprint.figures.definitions import Definition, parse, shipped
from tenprint.figures.errors import FiguresError
from tenprint.figures.guarded import facts_commitment, guarded_rows
from tenprint.figures.locked import Limits
from tenprint.figures.publish import plain
from tenprint.figures.publisher import Publisher
from tenprint.proof.notes import FormatError, ProofError, Verifier
from tenprint.proof.verify import FACTS_HASH, Package, check_package, printable


class Checked(msgspec.Struct):
    """What was checked, and what does not hold."""

    folder: Path
    holds: list[str] = []
    wrong: list[str] = []
    not_checked: list[str] = []


class _Bring(msgspec.Struct, frozen=True):
    """What the reader brings to a check, beside the package."""

    facts: Path | None
    publisher: Publisher | None
    own_definitions: bool


def check(
    folder: Path,
    keys: Sequence[str] = (),
    *,
    facts: Path | None = None,
    publisher: Publisher | None = None,
    own_definitions: bool = False,
) -> Checked:
    """Check a publication that anybody may have made: nothing in it is believed, and nothing outside it is touched.

    Args:
        folder: The package.
        keys: Verifier keys of the publisher, from elsewhere than the package; without any, the answer is integrity
            only, and that the signer is unknown.
        facts: Facts to recompute from, for profile ``guarded``.
        publisher: The publisher's secrets, for profile ``guarded``.
        own_definitions: Also run definitions that do not come with this program (they are bounded, and named).

    Raises:
        FiguresError: when a key that the reader gave is not a key.
    """
    package = check_package(folder, [_key(k) for k in keys])
    found = Checked(folder, package.holds, package.wrong, package.not_checked)
    bring = _Bring(facts, publisher, own_definitions)
    for stem, document in package.receipts.items():
        try:
            _figure(package, stem, document["receipt"], found, bring)
        except (ProofError, FormatError, FiguresError, FactsError, OSError) as wrong:
            found.wrong.append(printable(f"receipts/{stem}.json: {wrong}"))
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            RecursionError,
            pa.ArrowException,
            duckdb.Error,
        ) as wrong:
            told = f"not of the form of a publication ({type(wrong).__name__}: {wrong})"
            found.wrong.append(printable(f"receipts/{stem}.json: {told}"))
    return found


def _key(given: str) -> Verifier:
    try:
        return Verifier.parse(Path(given).read_text() if Path(given).is_file() else given)
    except (FormatError, OSError, UnicodeDecodeError) as wrong:
        raise FiguresError(f"--key {given[:100]}: {wrong}") from None


def _figure(package: Package, stem: str, receipt: dict[str, Any], found: Checked, bring: _Bring) -> None:
    files = package.files
    name = f"definitions/{receipt['definition']}.sql"
    definition = parse(receipt["definition"], files[name])
    result = files[f"data/{stem}.json"]
    rows = msgspec.json.decode(result, type=list[dict[str, Any]])
    text = files[f"data/{stem}.csv"].decode()
    _same(f"data/{stem}.csv", list(csv.DictReader(io.StringIO(text, newline=""))), rows)
    _same(f"data/{stem}.parquet", _parquet(files[f"data/{stem}.parquet"], len(rows)), rows)
    known = definition.hash in shipped()
    agree = f"{stem}: receipt, definition, CSV, JSON and Parquet agree"
    if not known and not bring.own_definitions:
        found.not_checked.append(
            f"{stem}: not computed again, {name} does not come with this program; read it, then give --own-definition"
        )
        found.holds.append(agree)
        return
    again = _recompute(package, definition, receipt, found, bring)
    if again is None:
        found.not_checked.append(f"{stem}: not computed again, the facts are not at hand (--facts and --publisher)")
    elif again != result:
        raise ProofError("computed again from the facts it is another result")
    how = "" if again is None else ", computed again" + ("" if known else f" by a definition of its own ({name})")
    found.holds.append(f"{agree}{how}")


def _parquet(content: bytes, rows: int) -> list[dict[str, Any]]:
    file = pq.ParquetFile(io.BytesIO(content))
    if file.metadata.num_rows != rows:
        raise ProofError(f"Parquet file: {file.metadata.num_rows} rows, the JSON file has {rows}")
    found: list[dict[str, Any]] = file.read().to_pylist()
    return found


def _recompute(
    package: Package, definition: Definition, receipt: dict[str, Any], found: Checked, bring: _Bring
) -> bytes | None:
    as_of, valid = datetime.fromisoformat(receipt["as_of"]), datetime.fromisoformat(receipt["valid"])
    if receipt["profile"] == "open":
        own = Folder.open(package.folder / "facts")
        damaged = own.check()
        if damaged:
            raise ProofError(f"facts: {'; '.join(damaged)}")
        figure = compute(definition, own.path, as_of, valid, origin=receipt["origin"], limits=Limits())
        told, said = figure.receipt["receipt"]["facts_hash"], receipt["facts_hash"]
        if FACTS_HASH in receipt.get("parameters", {}) and told != said:
            raise ProofError(f"facts: as known at the as-of date they hash to {told}, the receipt says {said}")
        return result_bytes(figure.rows)
    if bring.facts is None or bring.publisher is None:
        return None
    held = Folder.open(bring.facts)
    if facts_commitment(held, bring.publisher) != receipt["facts_hash"]:
        raise ProofError("the facts at hand are not those that the receipt commits to")
    found.holds.append("the facts at hand are those that the receipt commits to")
    return result_bytes(guarded_rows(held, definition, receipt["origin"], as_of, bring.publisher)[0])


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
    return bool(written == value or (isinstance(written, str) and plain(written) == value))
