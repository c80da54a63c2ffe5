"""What differs between two transactions, record by record and field by field."""

from __future__ import annotations

import msgspec

from tenprint.itl.record import Record, TaggedRecord
from tenprint.itl.transaction import Transaction

LONGEST = 200


class Difference(msgspec.Struct, frozen=True):
    """One difference: ``kind`` is record, field, image, style (same text, other bytes) or tail."""

    kind: str
    record: int | None
    field: str | None
    before: str | None
    after: str | None


def differences(before: Transaction, after: Transaction) -> list[Difference]:
    """Everything that differs; records are paired by type and IDC in their order, fields by number."""
    found: list[Difference] = []
    others = dict(_keyed(after))
    for key, record in _keyed(before):
        other = others.pop(key, None)
        if other is None:
            found.append(Difference("record", record.position, None, repr(record), None))
        elif record.view() != other.view():
            found += _fields(record, other)
    found += [Difference("record", record.position, None, None, repr(record)) for record in others.values()]
    if not found and before.to_bytes() != after.to_bytes():
        found.append(Difference("tail", None, None, "order of records, or bytes after the last one", None))
    return found


def _keyed(transaction: Transaction) -> list[tuple[tuple[int, int | None, int], Record]]:
    """Records with type, IDC and how many of that kind came before."""
    seen: dict[tuple[int, int | None], int] = {}
    keyed = []
    for record in transaction.records:
        kind = (record.type, record.idc)
        seen[kind] = seen.get(kind, 0) + 1
        keyed.append(((*kind, seen[kind]), record))
    return keyed


def _fields(before: Record, after: Record) -> list[Difference]:
    old, new = _values(before), _values(after)
    found = []
    for tag in [*old, *(tag for tag in new if tag not in old)]:
        if old.get(tag) != new.get(tag):
            image = tag == _image_tag(before)
            kind = "image" if image else "field"
            found.append(
                Difference(
                    kind, before.position, tag, _shown(before, old.get(tag), image), _shown(after, new.get(tag), image)
                )
            )
    return found or [Difference("style", before.position, None, f"{len(before)} bytes", f"{len(after)} bytes")]


def _values(record: Record) -> dict[str, list[bytes]]:
    if isinstance(record, TaggedRecord):
        return {tag: [bytes(raw) for raw in record.raw_all(tag)] for tag in record.tags()}
    return {tag: [bytes(record.raw(tag) or b"")] for tag in record.tags()}


def _image_tag(record: Record) -> str | None:
    if isinstance(record, TaggedRecord):
        return None if record.data_number is None else f"{record.type}.{record.data_number}"
    return record.tags()[-1] if record.tags() else None


def _shown(record: Record, values: list[bytes] | None, image: bool) -> str | None:
    if values is None:
        return None
    if image:
        return f"({len(values[-1])} bytes)"
    text = "; ".join(record.charset.decode(value) for value in values).replace("\x1e", "; ").replace("\x1f", " | ")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
