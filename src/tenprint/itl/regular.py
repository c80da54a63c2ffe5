"""A transaction written anew from its fields, and every place where the original is not regular.

Regular means as ITL 1-2011 writes it: tags with three digits after the point, LEN without leading zeros, one field 999,
no empty fields, nothing after the last record. The text of fields and the bytes of images are kept.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from tenprint.itl.errors import Code
from tenprint.itl.rebuild import rebuild_record
from tenprint.itl.transaction import Transaction


class Irregularity(msgspec.Struct, frozen=True):
    """One way in which the original differs from the regular form; ``fields`` are those it was seen in."""

    record: int | None
    code: Code
    fields: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        more = f" and {len(self.fields) - 1} more fields" if len(self.fields) > 1 else ""
        field = f", field {self.fields[0]}{more}" if self.fields else ""
        place = "" if self.record is None else f"record {self.record}{field}: "
        return f"{self.code.value} {place}{self.message}"


def same_as_file(transaction: Transaction, path: Path, *, rebuilt: bool = False) -> bool:
    """Are the parts of a transaction, written one after the other, the bytes of a file? Nothing large is copied.

    Args:
        transaction: what was read.
        path: the file to compare with, read anew.
        rebuilt: compare the regular form built from the fields instead.
    """
    parts = (memoryview(rebuild_record(record)) for record in transaction.records) if rebuilt else transaction.parts()
    with path.open("rb") as source:
        for part in parts:
            for start in range(0, len(part), 1 << 20):
                piece = part[start : start + (1 << 20)]
                if source.read(len(piece)) != piece:
                    return False
        return not source.read(1)


def irregularities(transaction: Transaction) -> list[Irregularity]:
    """Why ``rebuild.rebuild`` differs from the original: empty exactly when it does not.

    A difference that no deviation explains is reported with the code of a wrong length and the word "unexplained".
    """
    found: list[Irregularity] = []
    for record in transaction.records:
        if rebuild_record(record) != record.view():
            found += _explained(transaction, record.position)
    outside = [item for item in transaction.deviations if item.code in {Code.PADDING, Code.TRAILING}]
    found += [Irregularity(None, item.code, (), item.detail) for item in outside]
    return found


_EXPLAIN = (
    Code.TAG_STYLE,
    Code.LENGTH_STYLE,
    Code.EMPTY_FIELD,
    Code.REPEATED_DATA,
    Code.BAD_TAG,
    Code.TAG_TYPE,
    Code.BAD_LENGTH,
    Code.NO_SEPARATOR,
    Code.TRUNCATED,
    Code.BAD_CHARSET,
)


def _explained(transaction: Transaction, position: int) -> list[Irregularity]:
    found = []
    for code in _EXPLAIN:
        same = [item for item in transaction.deviations if item.record == position and item.code == code]
        if same:
            fields = tuple(dict.fromkeys(item.field for item in same if item.field))
            found.append(Irregularity(position, code, fields, same[0].detail))
    return found or [Irregularity(position, Code.BAD_LENGTH, (), "unexplained: please report this file's structure")]
