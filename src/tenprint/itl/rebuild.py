"""Records written anew from their fields, in the regular form of ITL 1-2011; see ``regular``."""

from __future__ import annotations

from collections.abc import Iterable

from tenprint.itl.binary import BinaryRecord
from tenprint.itl.fields import assemble
from tenprint.itl.record import Record, TaggedRecord


def rebuild(records: Iterable[Record]) -> bytes:
    """The regular form of a transaction, built from the fields of its records alone."""
    return b"".join(rebuild_record(record) for record in records)


def rebuild_record(record: Record) -> bytes:
    """The regular form of one record."""
    if isinstance(record, BinaryRecord):
        return _binary(record)
    assert isinstance(record, TaggedRecord)  # noqa: S101 - there are two kinds
    last_data = max(
        (place for place, entry in enumerate(record.fields) if entry.number == record.data_number), default=-1
    )
    view = record.source()
    pieces: list[tuple[bytes, bytes | memoryview]] = []
    for place, entry in enumerate(record.fields):
        if entry.number < 0 or (entry.number == record.data_number and place != last_data):
            continue
        value = view[entry.value : entry.end]
        if entry.number != record.data_number:
            value = memoryview(_text(record, bytes(value)))
        elif entry.number == 1:
            value = memoryview(b"")
        pieces.append((f"{record.type}.{entry.number:03d}:".encode("ascii"), b"" if entry.number == 1 else value))
    return assemble(pieces)


def _text(record: TaggedRecord, raw: bytes) -> bytes:
    """The value decoded to items and encoded again; bytes that have no text form stay as they are."""
    text = record.charset.decode(raw)
    written = record.charset.encode(text)
    return raw if written is None else written


def _binary(record: BinaryRecord) -> bytes:
    if not record.complete:
        return record.to_bytes()
    header, data = record.header(), record.data()
    header["LEN"] = record.layout.struct.size + len(data)
    return record.layout.struct.pack(*header.values()) + bytes(data)
