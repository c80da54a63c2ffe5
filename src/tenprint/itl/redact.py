"""Take personal fields out of a transaction, and say what was taken. Which fields: ``tables/personal.csv``.

Prints, faces and text inside images are personal data too and stay, unless the image records are dropped as a whole.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from tenprint.itl.errors import Code, ItlError
from tenprint.itl.names import number as field_number
from tenprint.itl.record import TaggedRecord
from tenprint.itl.transaction import Transaction


class Personal(msgspec.Struct, frozen=True):
    """A field that names or describes a person: dropped, or replaced when transactions cannot do without it."""

    tag: str
    action: str
    replacement: str
    why: str


class Redaction(msgspec.Struct, frozen=True):
    """One thing that was taken out; ``field`` is ``None`` for a whole record. The old value is never repeated."""

    record: int
    field: str | None
    action: str
    replacement: str | None
    why: str


@cache
def personal() -> tuple[Personal, ...]:
    """The fields that are redacted by default."""
    text = resources.files("tenprint.itl").joinpath("tables/personal.csv").read_text("utf-8")
    return tuple(Personal(**row) for row in csv.DictReader(text.splitlines()))


def redact(
    transaction: Transaction,
    *,
    drop: Sequence[str] = (),
    replace: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    drop_images: bool = False,
) -> list[Redaction]:
    """Redact a transaction in place.

    Args:
        transaction: what to redact.
        drop: further tags to drop.
        replace: further tags with what to write instead; also overrules the table.
        keep: tags of the table to leave alone.
        drop_images: take every image record (Types 3 to 8, 10 and up) out as well.

    Returns:
        What was taken, in the order of the records.

    Raises:
        ItlError: for a tag that is none, or a record cannot be without.
    """
    plan = {entry.tag: entry for entry in personal() if entry.tag not in keep}
    plan |= {tag: Personal(tag, "drop", "", "asked for") for tag in drop}
    plan |= {tag: Personal(tag, "replace", text, "asked for") for tag, text in (replace or {}).items()}
    for tag in plan:
        _check_tag(tag)
    done: list[Redaction] = []
    for record in list(transaction.records):
        if drop_images and record.type not in {1, 2, 9}:
            done.append(Redaction(record.position, None, "drop", None, f"Type-{record.type} record"))
            continue
        if isinstance(record, TaggedRecord):
            done += _redact_record(record, plan)
    if drop_images:
        for record in [found for found in transaction.records if found.type not in {1, 2, 9}]:
            transaction.remove(record)
    return done


def _redact_record(record: TaggedRecord, plan: Mapping[str, Personal]) -> list[Redaction]:
    done = []
    present = dict.fromkeys(record.tags())
    for tag in present:
        entry = plan.get(tag)
        if entry is None:
            continue
        if entry.action == "replace":
            record.remove(tag)  # every occurrence of a repeated field
            record.set(tag, entry.replacement)
        else:
            record.remove(tag)
        done.append(Redaction(record.position, tag, entry.action, entry.replacement or None, entry.why))
    return done


def _check_tag(tag: str) -> None:
    kind, dot, number = tag.partition(".")
    if not (dot and kind.isdigit() and number.isdigit()):
        raise ItlError(Code.NO_FIELD, f"expected a tag such as 2.018, got {tag!r}", field=tag)
    field_number(int(kind), tag)
