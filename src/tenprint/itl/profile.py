"""Profiles: what EBTS 9.1, 10.0 and 11.2 ask of a transaction, from ``tables/ebts.csv`` and ``tables/cardinality.csv``.

Every row names its source and how far it can be trusted; ``docs/reference/ebts-fields.md`` is generated from them.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import msgspec

from tenprint.itl.errors import Code, ItlError

VERSIONS = ("9.1", "10.0", "11.2")
NAMES = tuple(f"ebts-{version}" for version in VERSIONS)
TRANSACTIONS = ("CAR", "CNA", "CPDR", "CPNU", "FANC", "SRE", "ERRT", "IRQ", "IRR")
ANSWERS = frozenset({"SRE", "ERRT", "IRR"})
UNBOUNDED = 1_000_000_000


class Presence(msgspec.Struct, frozen=True):
    """How often a field occurs in one type of transaction: requirement M, O or C (conditional), least and most."""

    requirement: str
    least: int
    most: int


class Row(msgspec.Struct, frozen=True):
    """What a profile says about one field; lengths in characters, separators not counted."""

    tag: str
    mnemonic: str
    name: str
    characters: str
    special: str
    shortest: int
    longest: int
    form: str
    values: tuple[str, ...]
    presence: dict[str, Presence]
    source: str
    confidence: str
    note: str

    @property
    def kind(self) -> int:
        """Record type."""
        return int(self.tag.partition(".")[0])

    @property
    def number(self) -> int:
        """Field number."""
        return int(self.tag.split(".")[1])

    @property
    def item(self) -> int | None:
        """Place of an item within its field, 1 is the first; ``None`` for a field."""
        parts = self.tag.split(".")
        return int(parts[2]) if len(parts) > 2 else None


class Cardinality(msgspec.Struct, frozen=True):
    """How many records of these types together a transaction may have."""

    kinds: tuple[int, ...]
    least: int
    most: int
    source: str
    confidence: str


class Profile(msgspec.Struct, frozen=True):
    """One version of EBTS."""

    name: str
    version: str
    rows: tuple[Row, ...]
    cardinality: dict[str, tuple[Cardinality, ...]]

    def fields(self, tot: str, kind: int) -> list[Row]:
        """Rows (without items) that say something about a record type in a type of transaction."""
        return [row for row in self.rows if row.kind == kind and row.item is None and tot in row.presence]

    def items(self, tot: str, row: Row) -> list[Row]:
        """Rows of the items of a field."""
        return [
            other for other in self.rows if other.item and other.tag.startswith(row.tag + ".") and tot in other.presence
        ]

    def known(self, kind: int) -> dict[int, Row]:
        """Every field of a record type that the version names, by number."""
        return {row.number: row for row in self.rows if row.kind == kind and row.item is None}


@cache
def profile(name: str) -> Profile:
    """The profile of a name such as ``ebts-9.1``.

    Raises:
        ItlError: when there is no such profile.
    """
    version = name.removeprefix("ebts-")
    if version not in VERSIONS:
        raise ItlError(Code.NO_FIELD, f"expected a profile among {', '.join(NAMES)}, got {name!r}")
    rows = tuple(_row(line) for line in _lines("ebts.csv") if line["version"] == version)
    cardinality: dict[str, tuple[Cardinality, ...]] = dict.fromkeys(TRANSACTIONS, ())
    for line in _lines("cardinality.csv"):
        if line["version"] == version:
            kinds = tuple(int(kind) for kind in line["types"].split())
            entry = Cardinality(kinds, int(line["least"]), int(line["most"]), line["source"], line["confidence"])
            for tot in line["transactions"].split():
                cardinality[tot] += (entry,)
    return Profile(f"ebts-{version}", version, rows, cardinality)


def _lines(name: str) -> list[dict[str, str]]:
    text = resources.files("tenprint.itl").joinpath("tables", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _row(line: dict[str, str]) -> Row:
    return Row(
        line["tag"],
        line["mnemonic"],
        line["name"],
        line["characters"],
        line["special"],
        _bound(line["shortest"], 0),
        _bound(line["longest"], UNBOUNDED),
        line["form"],
        tuple(line["values"].split()),
        {tot: _presence(line[tot]) for tot in TRANSACTIONS if line[tot]},
        line["source"],
        line["confidence"],
        line["note"],
    )


def _presence(cell: str) -> Presence:
    least, _, most = cell[1:].partition("-")
    return Presence(cell[0], int(least), _bound(most, UNBOUNDED))


def _bound(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default
