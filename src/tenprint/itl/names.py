"""Mnemonics and names of fields, from ``tables/fields.csv`` (ANSI/NIST-ITL 1-2011, and EBTS for Type-2)."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import msgspec

from tenprint.itl.errors import Code, ItlError

BINARY = frozenset(range(3, 9))
TAGGED = frozenset({1, 2, *range(9, 23), 98, 99})
RECORD_TYPES = BINARY | TAGGED


class FieldName(msgspec.Struct, frozen=True):
    """One field: ``tag`` such as ``2.018``, its mnemonic and its name."""

    kind: int
    number: int
    mnemonic: str
    name: str

    @property
    def tag(self) -> str:
        """The tag with three digits after the point."""
        return f"{self.kind}.{self.number:03d}"


@cache
def table() -> tuple[FieldName, ...]:
    """Every field we have a name for."""
    text = resources.files("tenprint.itl").joinpath("tables/fields.csv").read_text("utf-8")
    return tuple(
        FieldName(int(kind), int(row["number"]), row["mnemonic"], row["name"])
        for row in csv.DictReader(text.splitlines())
        for kind in row["type"].split()
    )


@cache
def _by_mnemonic() -> dict[tuple[int, str], int]:
    return {(entry.kind, entry.mnemonic): entry.number for entry in reversed(table())}


@cache
def _by_number() -> dict[tuple[int, int], FieldName]:
    return {(entry.kind, entry.number): entry for entry in table()}


def number(kind: int, field: str | int) -> int:
    """Field number in a record of type ``kind`` for a tag (``2.018``), a number or a mnemonic (``NAM``).

    Raises:
        ItlError: when the text is neither, or names another record type.
    """
    if isinstance(field, int):
        return field
    head, dot, tail = field.partition(".")
    if dot and head.isdigit() and tail.isdigit():
        if int(head) != kind:
            raise ItlError(Code.NO_FIELD, f"expected a field of Type-{kind}, got {field}", field=field)
        return int(tail)
    found = _by_mnemonic().get((kind, field.upper()))
    if found is None:
        raise ItlError(
            Code.NO_FIELD, f"expected a tag such as {kind}.003 or a mnemonic of Type-{kind}, got {field!r}", field=field
        )
    return found


def describe(kind: int, field: int) -> FieldName | None:
    """Mnemonic and name of a field, when we have them."""
    return _by_number().get((kind, field))


def kinds_with(mnemonic: str) -> tuple[int, ...]:
    """Record types that have a field of this mnemonic, ascending."""
    return tuple(sorted(kind for kind, name in _by_mnemonic() if name == mnemonic.upper()))
