"""A transaction: its records, and the bytes they are. Standard: ANSI/NIST-ITL 1-2011, traditional encoding.

What was not touched is written back as it came, byte for byte. After an edit, only the edited records differ, and CNT
when records were added, removed or renumbered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tenprint.itl import reader
from tenprint.itl.errors import Code, Deviation, ItlError
from tenprint.itl.fields import Buffer
from tenprint.itl.names import kinds_with
from tenprint.itl.rebuild import rebuild
from tenprint.itl.record import Record, TaggedRecord


class Transaction:
    """One transaction as read from a file or built here.

    Attributes:
        records: the records in the order of the file; the first is the Type-1 record.
        deviations: what the reader met that is wrong or unusual; empty for a regular file.
    """

    def __init__(self, buffer: Buffer, found: reader.Read) -> None:
        self.records = found.records
        self.deviations: list[Deviation] = found.deviations
        self._buffer = buffer
        self._content = found.content
        self._end = found.end
        self._original = [id(record) for record in found.records]
        self._entries = _entries(found)

    def __len__(self) -> int:
        return sum(len(chunk) for chunk in self.chunks())

    @property
    def header(self) -> TaggedRecord:
        """The Type-1 record."""
        first = self.records[0]
        if not isinstance(first, TaggedRecord) or first.type != 1:
            raise ItlError(Code.NOT_ITL, "the first record is not a Type-1 record", record=0)
        return first

    @property
    def tot(self) -> str:
        """Type of transaction (1.004), empty when absent."""
        return self.header.get(4) or ""

    @property
    def version(self) -> str:
        """Version of the standard as written (1.002), empty when absent."""
        return self.header.get(2) or ""

    @property
    def tcn(self) -> str:
        """Transaction control number (1.009), empty when absent."""
        return self.header.get(9) or ""

    @property
    def source_size(self) -> int:
        """Bytes of the source this was read from."""
        return len(self._buffer)

    def first(self, kind: int) -> Record | None:
        """The first record of a type, or ``None``."""
        return next((record for record in self.records if record.type == kind), None)

    def of_type(self, *kinds: int) -> list[Record]:
        """All records of these types, in the order of the file."""
        return [record for record in self.records if record.type in kinds]

    def get(self, field: str) -> str | None:
        """Text of a field, by tag (``2.018``) or mnemonic, in the first record that may have it; ``None`` if absent."""
        head, dot, _ = field.partition(".")
        kinds = (int(head),) if dot and head.isdigit() else kinds_with(field)
        if not kinds:
            raise ItlError(Code.NO_FIELD, f"expected a tag such as 2.018 or a mnemonic, got {field!r}", field=field)
        record = next((found for kind in kinds if (found := self.first(kind)) is not None), None)
        return None if record is None else record.get(field)

    @property
    def changed(self) -> bool:
        """Does it differ from what was read?"""
        return [id(record) for record in self.records] != self._original or any(
            record.changed for record in self.records
        )

    def add(self, record: Record, at: int | None = None) -> None:
        """Put a record at a place (default: last); CNT follows when the transaction is written.

        Raises:
            ItlError: when it would stand before the Type-1 record.
        """
        place = len(self.records) if at is None else at
        if place < 1 or record.type == 1:
            raise ItlError(Code.BAD_VALUE, "a transaction has one Type-1 record and it is the first", record=place)
        self.records.insert(place, record)
        self._renumber()

    def remove(self, record: Record) -> None:
        """Take a record out; CNT follows when the transaction is written.

        Raises:
            ItlError: for the Type-1 record or one that is not here.
        """
        if record.type == 1 or record not in self.records:
            raise ItlError(Code.BAD_VALUE, "expected a record of this transaction other than the first")
        self.records.remove(record)
        self._renumber()

    def chunks(self) -> Iterator[memoryview]:
        """The bytes of the transaction, record by record, without copying what was not edited."""
        self._refresh_content()
        if not self.changed:
            yield memoryview(self._buffer)
            return
        yield from self.parts()

    def parts(self) -> Iterator[memoryview]:
        """The bytes of each record, then those after the last one, if any."""
        for record in self.records:
            yield record.view()
        if self._end < len(self._buffer):
            yield memoryview(self._buffer)[self._end :]

    def to_bytes(self) -> bytes:
        """The bytes of the transaction."""
        return b"".join(self.chunks())

    def write(self, path: str | Path) -> None:
        """Write the transaction to a file that is complete or absent, and that its owner alone may read."""
        target = Path(path)
        part = target.with_name(f".{target.name}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                for chunk in self.chunks():
                    file.write(chunk)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def reencode(self) -> bytes:
        """The transaction built anew from its fields in the regular form, see ``tenprint.itl.rebuild``."""
        return rebuild(self.records)

    def _renumber(self) -> None:
        for place, record in enumerate(self.records):
            record.position = place

    def _refresh_content(self) -> None:
        """Write CNT anew when the list of records or an IDC is not the one it was read with."""
        now = [(id(record), record.idc) for record in self.records[1:]]
        if now == [(key, idc) for key, idc, _ in self._entries]:
            return
        written = {(key, idc): raw for key, idc, raw in self._entries}
        entries = [written.get((id(record), record.idc)) or _entry(record) for record in self.records[1:]]
        count = str(len(entries))
        if self._content is not None and self._content.padded:
            count = count.rjust(2, "0")
        text = "\x1e".join([f"1\x1f{count}", *entries])
        self.header._write(3, text.encode("ascii"))  # noqa: SLF001 - CNT is derived, so the record refuses it from others
        self._entries = [
            (id(record), record.idc, entry) for record, entry in zip(self.records[1:], entries, strict=True)
        ]


def _entries(found: reader.Read) -> list[tuple[int, int | None, str]]:
    """Identity, IDC and CNT text of every record after the first, as read."""
    content = found.content.entries if found.content else ()
    written = [entry.raw.decode("ascii") for entry in content]
    rest = found.records[1:]
    written += ["" for _ in range(len(rest) - len(written))]
    return [(id(record), record.idc, text) for record, text in zip(rest, written, strict=False)]


def _entry(record: Record) -> str:
    text = record.idc_text
    return f"{record.type}\x1f{text if text and text.isascii() else '00'}"  # CNT is ASCII whatever a record says


def read(source: str | Path | bytes | bytearray | memoryview, *, strict: bool = True) -> Transaction:
    """Read one transaction of the traditional encoding.

    Args:
        source: a path, or the bytes themselves. Large files are mapped, so they must not shrink while in use.
        strict: stop at the first error; otherwise read on and list every deviation.

    Raises:
        ItlError: with record, field, offset and code.
        OSError: when the file cannot be read.
    """
    buffer = reader.load(source)
    marked = not strict and buffer[: len(reader.MARK)] == reader.MARK
    if marked:
        buffer = buffer[len(reader.MARK) :]
    found = reader.read_records(buffer, strict=strict)
    if marked:
        found.deviations.insert(0, Deviation(Code.NOT_ITL, "error", reader.MARKED, None, None, 0))
    return Transaction(buffer, found)
