"""Take out of a transaction what names or describes a person, and what nobody knows to be harmless; say what stays.

Which fields are personal: ``tables/personal.csv``. A field that no table here knows goes too, unless it is kept by
name. Comments inside images go. Prints, faces and minutiae identify a person and stay, unless the image records are
dropped as a whole; ``stays`` says so.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from tenprint.itl.crossing import data_field
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.inside import CLEANED, without_text
from tenprint.itl.names import number as field_number
from tenprint.itl.names import table
from tenprint.itl.record import Record, TaggedRecord
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
        drop_images: take every record of images or minutiae (Types 3 and up) out as well.

    Returns:
        What was taken, in the order of the records.

    Raises:
        ItlError: for a tag that is none, or a record cannot be without.
    """
    plan = {entry.tag: entry for entry in personal() if entry.tag not in keep}
    kept_kinds = {1, 2}
    plan |= {tag: Personal(tag, "drop", "", "asked for") for tag in drop}
    plan |= {tag: Personal(tag, "replace", text, "asked for") for tag, text in (replace or {}).items()}
    for tag in plan:
        _check_tag(tag)
    done: list[Redaction] = []
    for record in list(transaction.records):
        if drop_images and record.type not in kept_kinds:
            done.append(Redaction(record.position, None, "drop", None, f"Type-{record.type} record"))
            continue
        if isinstance(record, TaggedRecord):
            done += _redact_record(record, plan)
            done += _unknown(record, {*plan, *keep})
        done += _inside(record)
    if drop_images:
        for record in [found for found in transaction.records if found.type not in kept_kinds]:
            transaction.remove(record)
    return done


def stays(transaction: Transaction) -> list[Redaction]:
    """What is still there after a redaction and may identify a person, or what cannot be told."""
    found = [
        Redaction(0, "1.009", "stays", None, "a control number is needed for every answer, and may name somebody"),
    ]
    for record in transaction.records:
        if record.type == 9:
            found.append(Redaction(record.position, None, "stays", None, "minutiae identify a person"))
        elif record.type not in {1, 2}:
            found.append(Redaction(record.position, None, "stays", None, _of_image(record)))
    return found


def _of_image(record: Record) -> str:
    picture = record.image()
    kind = picture.format if picture is not None else ""
    text = "" if not kind or kind in CLEANED | PLAIN else f"; {kind} may hold text that was not looked for"
    return f"a print, face or picture identifies a person, and may show writing{text}"


PLAIN = frozenset({"RAW", "BILEVEL", "FAX"})
"""Formats that hold nothing but the picture."""


def _unknown(record: TaggedRecord, named: set[str]) -> list[Redaction]:
    """Drop every field that no table here knows."""
    known = {entry.tag for entry in table()}
    gone = [tag for tag in dict.fromkeys(record.tags()) if tag not in known and tag not in named]
    for tag in gone:
        record.remove(tag)
    return [Redaction(record.position, tag, "drop", None, "not known here to be harmless") for tag in gone]


def _inside(record: Record) -> list[Redaction]:
    """Take comments and metadata out of an image."""
    if record.image() is None:
        return []
    field = f"{record.type}.{data_field(record)}"
    raw = record.raw(field)
    if raw is None:
        return []
    made, gone = without_text(bytes(raw))
    if not gone:
        return []
    record.set(field, made)
    return [Redaction(record.position, field, "drop", None, f"{gone} bytes of text inside the image")]


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
