"""Writes a publication: a Frictionless data package whose every number has a receipt and every file a signed hash.

Profile ``open``: exact, with the facts under fresh keys, so that anyone recomputes. Profile ``guarded``: protected
cells (see ``disclosure``), without facts, with a commitment that an inspector who holds the facts can check.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from tenprint.facts import Folder
from tenprint.facts.schema import SYNTHETIC_ORIGINS
from tenprint.figures import disclosure
from tenprint.figures.compute import Figure, choose_origin, compute, result_bytes
from tenprint.figures.definitions import Definition, all_definitions, find
from tenprint.figures.errors import FiguresError, TwoOriginsError
from tenprint.figures.guarded import facts_commitment, guarded_rows
from tenprint.figures.publisher import Publisher
from tenprint.figures.rekey import rekey
from tenprint.figures.vintage import moment_of
from tenprint.proof import receipts
from tenprint.proof.notes import sign_text
from tenprint.proof.verify import CHECKSUMS, PACKAGE

_STARTS = frozenset("=+-@\t\r\n'|%\uff1d\uff0b\uff0d\uff20\u2212")
"""How a formula begins in the spreadsheets that people use, full-width forms too; and the apostrophe itself."""
_STARTS_LATER = re.compile(r"[\s\x00-\x1f\ufeff\u200b-\u200f\u00ad]+[=+\-@|%\uff1d\uff0b\uff0d\uff20]")
"""The same behind what a reader does not see."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LICENSE = """The figures and tables in this package are dedicated to the public domain under CC0 1.0 Universal
(https://creativecommons.org/publicdomain/zero/1.0/). The definitions are part of Tenprint, Apache-2.0.
"""
GUARDED_NOTE = (
    f"Cells of fewer than {disclosure.THRESHOLD} records are suppressed, further cells so that no total gives them "
    f"away; counts carry noise of at most 2, the same in every vintage and table, and are rounded to {disclosure.BASE}."
)


class Published(msgspec.Struct, frozen=True):
    """What was written."""

    folder: Path
    figures: tuple[str, ...]
    skipped: dict[str, str]
    """Definitions that could not be computed, and why."""
    files: int
    verifier: str


def publish(
    facts: Path,
    out: Path,
    as_of: Sequence[str | datetime] = (),
    *,
    names: Sequence[str] = (),
    profile: receipts.Profile = "open",
    publisher: Publisher,
    origin: str | None = None,
) -> Published:
    """Write a publication into a new folder.

    Args:
        facts: A folder of facts.
        out: A folder that does not exist yet.
        as_of: As-of dates; by default the last moment at which anything was recorded.
        names: Definitions; all that the facts can feed by default.
        profile: ``open`` or ``guarded``.
        publisher: Secrets of the publisher.
        origin: Which origin to count, where the facts have several.

    Raises:
        FiguresError: when the folder exists, or nothing can be computed.
    """
    if out.exists():
        raise FiguresError(f"{out}: exists. A publication is written once: name a new folder.")
    source = Folder.open(facts)
    if len({find(n).name for n in names}) < len({find(n).id for n in names}):
        raise FiguresError("two versions of one definition: their files have one name. Publish them apart.")
    moments = [moment_of(m) for m in as_of] or [_last_recorded(source)]
    package = _Package(out)
    if profile == "open":
        salt = hashlib.sha256(bytes.fromhex(publisher.commitment) + b"keys" + source.hash().encode()).digest()
        source = rekey(source, out / "facts", salt)
        package.found("facts")
    done, skipped, utility = [], {}, {}
    for definition in [find(n) for n in names] or all_definitions().values():
        try:
            for moment in moments:
                figure, cost = _figure(source, definition, moment, profile, publisher, origin)
                package.figure(definition, figure)
                done.append(f"{definition.name} as of {moment.isoformat()}")
                if cost is not None:
                    utility[done[-1]] = msgspec.to_builtins(cost)
        except TwoOriginsError:
            raise
        except FiguresError as wrong:
            if names:
                raise
            skipped[definition.name] = str(wrong)
    if not done:
        raise FiguresError(
            f"{facts}: no definition can be computed from these facts: {'; '.join(skipped.values())[:400]}"
        )
    ledgers = dict.fromkeys(str(s["verifier"]) for s in source.manifest.sources if s.get("verifier"))
    package.finish(profile, publisher, utility, list(ledgers) if profile == "open" else [])
    return Published(out, tuple(done), skipped, len(package.files), str(publisher.signer.verifier))


def _figure(
    folder: Folder, definition: Definition, moment: datetime, profile: str, publisher: Publisher, origin: str | None
) -> tuple[Figure, disclosure.Utility | None]:  # fmt: skip
    name = definition.name
    if profile == "open":
        return compute(definition, folder.path, moment, origin=origin, signers=[publisher.signer]), None
    source = choose_origin(folder, definition, origin)
    rows, cost = guarded_rows(folder, definition, source, moment, publisher)
    receipt = receipts.Receipt(
        definition=name, definition_hash=definition.hash, as_of=moment, valid=moment, origin=source,
        simulated=source in SYNTHETIC_ORIGINS, facts_hash=facts_commitment(folder, publisher),
        result_hash=receipts.digest(result_bytes(rows)), checkpoint=None, profile="guarded",
        parameters={"threshold": str(disclosure.THRESHOLD), "base": str(disclosure.BASE)},
    )  # fmt: skip
    signed = receipts.issue(receipt, [publisher.signer])
    return Figure(
        definition=definition.id, title=definition.title, kind=definition.kind, unit=definition.unit, as_of=moment,
        valid=moment, origin=source, rows=tuple(rows), receipt=msgspec.to_builtins(signed),
    ), cost  # fmt: skip


def _last_recorded(folder: Folder) -> datetime:
    files = [str(folder.path / p.file) for p in folder.manifest.parts]
    if not files:
        raise FiguresError(f"{folder.path}: no facts")
    with duckdb.connect() as db:
        found = db.execute(
            "SELECT epoch_us(max(recorded_at)) FROM read_parquet($files, union_by_name = true)", {"files": files}
        ).fetchone()
    return EPOCH + timedelta(microseconds=found[0] if found else 0)


class _Package:
    """Files of a publication while they are written."""

    def __init__(self, out: Path) -> None:
        self.out = out
        out.mkdir(parents=True)
        self.files: dict[str, bytes] = {}
        self.resources: list[dict[str, Any]] = []
        self.dictionary: list[tuple[str, str, str, str]] = []

    def write(self, name: str, content: bytes) -> None:
        target = self.out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files[name] = content

    def found(self, folder: str) -> None:
        for file in sorted((self.out / folder).iterdir()):
            self.files[f"{folder}/{file.name}"] = file.read_bytes()

    def figure(self, definition: Definition, figure: Figure) -> None:
        """One figure: CSV, Parquet, JSON (the result that the receipt hashes), the receipt, the definition."""
        stem = f"{definition.name}.{figure.as_of:%Y-%m-%dT%H%M%S}Z"
        rows = list(figure.rows)
        names = list(rows[0]) if rows else [*definition.cells, "value"]
        self.write(f"definitions/{definition.name}.sql", definition.content)
        self.write(f"data/{stem}.json", result_bytes(rows))
        self.write(f"data/{stem}.csv", to_csv(names, rows))
        self.write(f"data/{stem}.parquet", to_parquet(names, rows))
        self.write(f"receipts/{stem}.json", json.dumps(figure.receipt, indent=1, default=str).encode() + b"\n")
        for form in ("csv", "json", "parquet"):
            self.resources.append({
                "name": f"{stem}.{form}".lower(), "path": f"data/{stem}.{form}", "title": figure.title, "format": form,
                "description": f"{definition.population} Origin: {figure.origin}. As of {figure.as_of.isoformat()}.",
                "schema": {"fields": [_field(n, definition) for n in names]},
            })  # fmt: skip
        self.dictionary += [(definition.name, n, _field(n, definition)["type"], _about(n, definition)) for n in names]

    def finish(self, profile: str, publisher: Publisher, utility: Mapping[str, Any], ledgers: Sequence[str]) -> None:
        """Dictionary, licence, package description; last the signed checksums of everything."""
        self.write("LICENSE.txt", LICENSE.encode())
        self.write("dictionary.csv", _csv([("figure", "column", "type", "meaning"), *dict.fromkeys(self.dictionary)]))
        if profile == "guarded":
            report = {"protection": GUARDED_NOTE, "cost": dict(utility)}
            self.write("utility.json", json.dumps(report, indent=1).encode() + b"\n")
        for resource in self.resources:
            content = self.files[resource["path"]]
            resource |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        package = {
            "name": "tenprint-figures", "title": "Figures with receipts", "profile": "data-package",
            "licenses": [{"name": "CC0-1.0", "path": "LICENSE.txt", "title": "CC0 1.0 Universal"}],
            "description": GUARDED_NOTE if profile == "guarded" else "Exact figures; the facts are in the package.",
            "resources": self.resources,
        }  # fmt: skip
        self.write("datapackage.json", json.dumps(package, indent=1).encode() + b"\n")
        self.write("verifier.txt", f"{publisher.signer.verifier}\n".encode())
        for number, key in enumerate(ledgers, 1):
            self.write(f"ledger-{number}.verifier.txt", f"{key}\n".encode())
        lines = "".join(f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in sorted(self.files.items()))
        (self.out / CHECKSUMS).write_text(sign_text(f"{PACKAGE}\n{lines}", [publisher.signer]), encoding="utf-8")


def to_csv(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as CSV (RFC 4180, UTF-8); numbers as JSON writes them, nothing as an empty field."""
    return _csv([names, *([r.get(n) for n in names] for r in rows)])


def _shielded(text: str) -> str:
    """A text that no spreadsheet takes for a formula; one that begins with the apostrophe itself gets a second."""
    return f"'{text}" if text and (text[0] in _STARTS or _STARTS_LATER.match(text)) else text


def plain(text: str) -> str:
    """A text as it was before ``to_csv`` wrote it, without the apostrophe that keeps it from running."""
    return text[1:] if text.startswith("'") and _shielded(text[1:]) == text else text


def to_parquet(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as Parquet."""
    table = pa.table({n: pa.array([_whole_or_real(r.get(n)) for r in rows]) for n in names})
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _whole_or_real(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(value: object) -> str:
    return "" if value is None else _shielded(value) if isinstance(value, str) else json.dumps(value)


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\r\n").writerows([_text(v) for v in row] for row in rows)
    return sink.getvalue().encode()


def _field(name: str, definition: Definition) -> dict[str, str]:
    numeric = name in {"value", "numerator", "denominator"}
    return {"name": name, "type": "number" if numeric else "string", "description": _about(name, definition)}


def _about(name: str, definition: Definition) -> str:
    return {
        "value": f"{definition.title} ({definition.unit})", "numerator": "What the figure counts",
        "denominator": "Of how many",
        "suppressed": "Why there is no value: small, small-remainder, complementary, dominated",
        "jurisdiction": "County FIPS code", "state": "Postal code of the state",
        "county": "County, in the words of the source",
    }.get(name, name.replace("_", " "))  # fmt: skip
