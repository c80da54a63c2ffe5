"""Computes a figure from facts, on both clocks, with a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from tenprint.facts import Folder
from tenprint.facts.schema import SYNTHETIC_ORIGINS
from tenprint.figures.definitions import Definition, find, shipped
from tenprint.figures.errors import FiguresError
from tenprint.figures.known import known_facts
from tenprint.figures.locked import Limits
from tenprint.figures.vintage import Vintage, moment_of, quoted, the_origin
from tenprint.proof import receipts
from tenprint.proof.notes import Signer
from tenprint.proof.verify import FACTS_HASH, KNOWN_FACTS

PUBLISHED = "published_cell"
PUBLISHED_ORIGIN = "published"
MOST_CELLS = 1_000_000
LAST = datetime(9999, 12, 31, tzinfo=UTC)
EXTRA = "jurisdiction"
"""A column that rides along when the definition gives it: the code of the place that a cell names."""


Exact = Fraction | int
"""An exact number: sums and shares never pass through a float before they are written down."""
PLAIN_REALS = (1e-4, 1e16)
"""Between these msgspec and RFC 8785 (ECMAScript) write a real the same way, unless it is whole (1.0 against 1)."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A computed figure: its cells, and the receipt that says where they come from."""

    definition: str
    """``name@hash``."""
    title: str
    kind: str
    """``count``, ``share`` or ``mean``: how cells are added up to fewer."""
    unit: str
    as_of: datetime
    valid: datetime
    origin: str
    rows: tuple[dict[str, Any], ...]
    """One for each cell: its columns, ``value``, and ``numerator`` and ``denominator`` where the facts are rows."""
    receipt: dict[str, Any]
    sources: tuple[str, ...] = ()
    """The files that the facts were read from, as far as known then: names and hashes."""
    own_definition: bool = False
    """True when the definition does not come with the program: somebody else answers for what it counts."""


class Cell(msgspec.Struct, frozen=True):
    """One cell before it is written down: exact sums."""

    names: tuple[Any, ...]
    numerator: Exact
    denominator: Exact | None

    def value(self, kind: str) -> Exact | None:
        """The exact value; nothing for a share of nothing."""
        if kind == "count" or self.denominator is None:
            return self.numerator
        if self.denominator == 0:
            return None
        return Fraction(self.numerator) / self.denominator * (100 if kind == "share" else 1)


def compute(
    name: str | Definition,
    facts: Path,
    as_of: str | date | datetime,
    valid: str | date | datetime | None = None,
    *,
    origin: str | None = None,
    signers: Sequence[Signer] = (),
    limits: Limits | None = None,
) -> Figure:
    """Compute a figure as it would have been published on a day.

    Args:
        name: A definition: its name, its id, or the path of an SQL file.
        facts: A folder of facts.
        as_of: What was known; a bare date is the end of that day in UTC.
        valid: What had happened; by default the same moment.
        origin: Which origin to count, where the facts have several.
        signers: Keys that sign the receipt.
        limits: Bounds of memory and time; a definition that does not come with the program always has some.

    Raises:
        FiguresError: when there is no such definition, nothing to count, or two origins to choose from.
    """
    definition, folder = find(name) if isinstance(name, str) else name, Folder.open(facts)
    known, happened = moment_of(as_of), moment_of(as_of if valid is None else valid)
    source = choose_origin(folder, definition, origin)
    names, found = evaluate(definition, folder, source, known, happened, limits)
    rows = [written(definition, names, c) for c in found]
    facts_then = known_facts(definition, folder, source, known, limits or limits_of(definition))
    said = receipt_for(definition, facts_then.hash, source, known, happened, result_bytes(rows))
    receipt = receipts.issue(said, signers, checkpoint_of(folder, source))
    return Figure(
        definition=definition.id, title=definition.title, kind=definition.kind, unit=definition.unit, as_of=known,
        valid=happened, origin=source, rows=tuple(rows), receipt=msgspec.to_builtins(receipt),
        own_definition=definition.hash not in shipped(), sources=facts_then.sources,
    )  # fmt: skip


def choose_origin(folder: Folder, definition: Definition, wanted: str | None = None) -> str:
    """The one origin that a definition is computed from.

    Raises:
        TwoOriginsError: when there is more than one and none is chosen.
        FiguresError: when there is none, or not the one that was asked for.
    """
    tables = [t for t in definition.counted if t != PUBLISHED]
    origins = [*folder.origins(tables), *published_origins(folder, definition)]
    return the_origin(folder, tuple(dict.fromkeys(origins)), wanted, title=definition.name)


def published_origins(folder: Folder, definition: Definition) -> list[str]:
    """Origins that published the definition's series."""
    if not definition.published_series:
        return []
    found = []
    with duckdb.connect() as db:
        for part in folder.parts(PUBLISHED):
            query = "SELECT count(*) FROM read_parquet($file) WHERE series = $series"
            named = {"file": str(folder.path / part.file), "series": definition.published_series}
            if db.execute(query, named).fetchall()[0][0]:
                found.append(part.origin)
    return list(dict.fromkeys(found))


def answerable(definition: Definition, folder: Folder) -> bool:
    """Whether a definition counts anything at all in a folder of facts, of any origin, as known today."""
    origins = [
        *folder.origins([t for t in definition.counted if t != PUBLISHED]),
        *published_origins(folder, definition),
    ]
    return any(evaluate(definition, folder, origin, LAST, LAST)[1] for origin in dict.fromkeys(origins))


def evaluate(
    definition: Definition, folder: Folder, origin: str, known: datetime, happened: datetime,
    limits: Limits | None = None,
) -> tuple[tuple[str, ...], list[Cell]]:  # fmt: skip
    """The cells of a figure at one setting of both clocks: names of their columns, and exact values."""
    if origin.startswith(PUBLISHED_ORIGIN) and PUBLISHED not in definition.counted:
        return published_cells(folder, definition, origin, known, happened, limits or limits_of(definition))
    with Vintage(folder, origin, definition.tables, limits or limits_of(definition)) as vintage:
        vintage.at(known, happened)
        names = cell_columns(vintage.connection, definition)
        return names, cells(vintage.connection, definition, names)


def limits_of(*definitions: Definition) -> Limits | None:
    """Bounds of memory and time, when one of the definitions does not come with the program."""
    return None if all(d.hash in shipped() for d in definitions) else Limits()


def cells(connection: duckdb.DuckDBPyConnection, definition: Definition, names: tuple[str, ...]) -> list[Cell]:
    """Add up what the definition counts, cell by cell, in the order of the cells' names."""
    listed = ", ".join(quoted(n) for n in names)
    bottom = ", sum(denominator)" if definition.kind != "count" else ""
    group = f" GROUP BY {listed} ORDER BY {listed}" if listed else ""
    head = f"{listed}, " if listed else ""
    query = f"SELECT {head}sum(numerator){bottom} FROM ({definition.sql}) AS counted{group}"
    try:
        rows = connection.execute(query).fetchmany(MOST_CELLS + 1)
    except duckdb.Error as wrong:
        raise FiguresError(f"definition {definition.name}: {wrong}") from None
    if len(rows) > MOST_CELLS:
        raise FiguresError(f"definition {definition.name}: more than {MOST_CELLS} cells")
    wide = len(names)
    return [
        Cell(row[:wide], exact(row[wide]), exact(row[wide + 1]) if bottom else None)
        for row in rows
        if listed or row[wide] is not None
    ]


def cell_columns(connection: duckdb.DuckDBPyConnection, definition: Definition, *needed: str) -> tuple[str, ...]:
    """The columns that name a cell, and the code of the place when the definition gives it.

    Raises:
        FiguresError: when the SELECT does not run, names a cell by a moment, or lacks a column (``needed`` ones too).
    """
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM ({definition.sql}) AS counted").fetchall()
    except duckdb.Error as wrong:
        raise FiguresError(f"definition {definition.name}: {wrong}") from None
    given = {row[0]: str(row[1]) for row in described}
    moments = [c for c in definition.cells if given.get(c, "").startswith(("DATE", "TIME"))]
    if moments:
        raise FiguresError(
            f"definition {definition.name}: write {', '.join(moments)} as text (strftime): cells have names"
        )
    missing = [c for c in (*definition.cells, "numerator", *needed) if c not in given]
    if missing:
        raise FiguresError(
            f"definition {definition.name}: expected columns {', '.join(missing)}; its SELECT gives {', '.join(given)}"
        )
    return (*definition.cells, *([EXTRA] if EXTRA in given and EXTRA not in definition.cells else []))


def written(definition: Definition, names: tuple[str, ...], cell: Cell) -> dict[str, Any]:
    """A cell as a row of a figure."""
    row: dict[str, Any] = dict(zip(names, cell.names, strict=True))
    if cell.denominator is not None:
        row["numerator"], row["denominator"] = number(cell.numerator), number(cell.denominator)
    row["value"] = number(cell.value(definition.kind))
    return row


def exact(value: Any) -> Exact:
    """A sum as DuckDB gives it, without rounding; nothing is zero."""
    return value if isinstance(value, int) else Fraction(value or 0)


def number(value: Exact | None) -> int | float | None:
    """A value as JSON writes it: whole where it is whole, else the nearest double."""
    if value is None or isinstance(value, int):
        return value
    return value.numerator if value.denominator == 1 else float(value)


def result_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as RFC 8785 JSON: what a receipt hashes.

    Ten thousand cells are written by the quick encoder with sorted names, which agrees with RFC 8785 on text, whole
    numbers and the reals in ``PLAIN_REALS``; others take the general way.
    """
    low, high = PLAIN_REALS
    reals = (v for row in rows for v in row.values() if v.__class__ is float)
    if all(low <= abs(v) < high and not v.is_integer() for v in reals):
        return msgspec.json.encode(list(rows), order="sorted")
    return receipts.canonical_json(list(rows))


def published_cells(
    folder: Folder, definition: Definition, origin: str, known: datetime, happened: datetime,
    limits: Limits | None = None,
) -> tuple[tuple[str, ...], list[Cell]]:  # fmt: skip
    """The cells of a series as published, at the last vintage known: values, without what they were made of."""
    with Vintage(folder, origin, [PUBLISHED], limits) as vintage:
        vintage.at(known, happened)
        names = (*definition.cells, *([EXTRA] if EXTRA not in definition.cells else []))
        columns, order = ", ".join(map(label_column, names)), ", ".join(str(i + 1) for i in range(len(names)))
        rows = vintage.connection.execute(
            f"SELECT {columns}, value FROM {PUBLISHED} WHERE series = ? ORDER BY {order}", [definition.published_series]
        ).fetchall()
    return names, [Cell(row[:-1], Fraction(row[-1]), None) for row in rows]


def closed_cells(
    folder: Folder, definition: Definition, origin: str, known: datetime, happened: datetime
) -> set[tuple[Any, ...]]:
    """Cells whose period had ended when the data were drawn, where a definition's SELECT says so (``closed``)."""
    if PUBLISHED not in definition.counted:
        return set()
    with Vintage(folder, origin, definition.tables, limits_of(definition)) as vintage:
        vintage.at(known, happened)
        names = cell_columns(vintage.connection, definition)
        listed = ", ".join(map(quoted, names))
        try:
            return set(vintage.connection.execute(f"SELECT {listed} FROM ({definition.sql}) WHERE closed").fetchall())
        except duckdb.BinderException:
            return set()


def label_column(name: str) -> str:
    """Where a published cell keeps a name: in a column of its own, else among its labels."""
    return name if name in {"state", "county", "jurisdiction"} else f"labels['{name}']"


def checkpoint_of(folder: Folder, origin: str) -> str | None:
    """The signed checkpoint of the ledger that facts were taken from; nothing when they come from no ledger."""
    ledger = next((s for k in folder.kinds(origin) if (s := folder.source(k)) and s.get("checkpoint")), {})
    return ledger.get("checkpoint")


def receipt_for(
    definition: Definition, facts_hash: str, origin: str, known: datetime, happened: datetime, result: bytes,
    parameters: Mapping[str, str] | None = None,
) -> receipts.Receipt:  # fmt: skip
    """The receipt of an open result, given as RFC 8785 JSON; not signed yet.

    It says nothing that a later import or event changes: the checkpoint stands beside it.
    """
    return receipts.Receipt(
        definition=definition.name, definition_hash=definition.hash, as_of=known, valid=happened, origin=origin,
        simulated=origin in SYNTHETIC_ORIGINS,
        facts_hash=facts_hash, result_hash=receipts.digest(result), checkpoint=None, profile="open",
        parameters={FACTS_HASH: KNOWN_FACTS} | dict(parameters or {}),
    )  # fmt: skip
