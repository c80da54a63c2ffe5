"""A transaction as plain data: what ``tenprint card show --json`` prints.

The schema is published as ``docs/reference/itl-card.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tenprint.itl.codes import impression_name, position_name
from tenprint.itl.errors import Deviation, ItlError
from tenprint.itl.image import Image
from tenprint.itl.record import Record, TaggedRecord
from tenprint.itl.transaction import Transaction


class ImageReport(msgspec.Struct, frozen=True):
    """One image; sizes in pixels, ``ppi`` in pixels per inch, ``bytes`` as it stands in the record."""

    format: str
    claimed: str
    width: int
    height: int
    header_width: int
    header_height: int
    position: int | None
    position_name: str
    impression: int | None
    impression_name: str
    ppi: float
    ppi_source: str
    bytes: int


class RecordReport(msgspec.Struct, frozen=True):
    """One record: its fields by tag in the order of the file, RS and US kept inside the text."""

    type: int
    idc: int | None
    fields: dict[str, str]
    image: ImageReport | None
    trouble: str | None = None


class DeviationReport(msgspec.Struct, frozen=True):
    """One deviation from the encoding."""

    code: str
    name: str
    level: str
    message: str
    record: int | None
    field: str | None
    offset: int | None


class CardReport(msgspec.Struct, frozen=True):
    """One transaction."""

    file: str
    tot: str
    version: str
    records: tuple[RecordReport, ...]
    deviations: tuple[DeviationReport, ...]


def report(transaction: Transaction, file: str = "") -> CardReport:
    """Everything of a transaction but the bytes of its images."""
    records = tuple(record_report(record) for record in transaction.records)
    deviations = tuple(_deviation(item) for item in transaction.deviations)
    return CardReport(file, transaction.tot, transaction.version, records, deviations)


def record_report(record: Record) -> RecordReport:
    """One record; what is wrong with its image header is told, not raised."""
    try:
        image = record.image()
    except ItlError as fault:
        return RecordReport(record.type, record.idc, fields(record), None, str(fault))
    return RecordReport(record.type, record.idc, fields(record), None if image is None else image_report(image))


def fields(record: Record) -> dict[str, str]:
    """Text of every field by tag; image bytes are named by their number, values of a repeated field joined by RS."""
    if isinstance(record, TaggedRecord):
        found: dict[str, str] = {}
        for number, text in record.texts():
            tag = f"{record.type}.{number:03d}" if number >= 0 else "?"
            found[tag] = f"{found[tag]}\x1e{text}" if tag in found else text
        data = None if record.data_number is None else record.raw(record.data_number)
        if data is not None:
            found[f"{record.type}.{record.data_number}"] = f"({len(data)} bytes)"
        return found
    tags = record.tags()
    texts = {tag: record.get(tag) or "" for tag in tags[:-1]}
    return texts | {tag: f"({len(record.raw(tag) or b'')} bytes)" for tag in tags[-1:]}


def image_report(image: Image) -> ImageReport:
    """One image, not decoded."""
    return ImageReport(
        image.format,
        image.claimed,
        image.width,
        image.height,
        image.header_width,
        image.header_height,
        image.position,
        position_name(image.position),
        image.impression,
        impression_name(image.impression),
        image.ppi,
        image.ppi_source,
        image.size,
    )


def _deviation(item: Deviation) -> DeviationReport:
    return DeviationReport(
        item.code.value, item.code.name, item.level, item.detail, item.record, item.field, item.offset
    )


def schema() -> Mapping[str, object]:
    """JSON Schema (2020-12) of a report."""
    document: dict[str, object] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tenprint card show",
    }
    return document | msgspec.json.schema(CardReport)
