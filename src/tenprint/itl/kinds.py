"""Rules of record types: what each needs, its compressions and sizes, its version, and one IDC for one record.

Sources: ``tables/records.csv``; ANSI/NIST-ITL 1-2011 (Update 2015) and EBTS 9.1, by record and field.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources

import msgspec

from tenprint.itl.binary import BinaryRecord
from tenprint.itl.crossing import Breach, data_field, safe_image
from tenprint.itl.image import DEFAULT_PPI, Image
from tenprint.itl.record import Record, TaggedRecord
from tenprint.itl.transaction import Transaction

YEARS = {"0200": 2000, "0201": 2000, "0300": 2000, "0400": 2007}
"""Year of the standard that 1.002 names, where some record types or fields did not exist yet."""
FIELDS_OF_2007 = (14, 15, 16, 18, 21, 22, 23, 24, 25)
"""Fields of a Type-14 record that came with the standard of 2007."""
NOT_TAKEN = (range(200, 901), range(995, 999))
"""Fields of an image record that the standard allows and EBTS does not have: of users, hashes, contexts."""
ONE_IDC = frozenset({*range(3, 9), 10, *range(13, 18), 19})
WSQ_UP_TO = 600.0
"""Pixels per inch up to which WSQ is meant; 1,000 ppi images are JPEG 2000."""
LARGEST_ROLLED = (800, 750)
TOLERANCE = 1.02
"""Devices send a few pixels more (804 x 752), which nobody refuses."""
SMALLEST = 100
"""Pixels at 500 ppi: 5 mm, less than any fingertip."""


class RecordType(msgspec.Struct, frozen=True):
    """What every record of a type has: fields, formats of its image (empty: all), year of the standard it came with."""

    since: int
    needed: tuple[int, ...]
    formats: tuple[str, ...]


@cache
def record_types() -> dict[int, RecordType]:
    """Rules by record type, from ``tables/records.csv``."""
    text = resources.files("tenprint.itl").joinpath("tables/records.csv").read_text("utf-8")
    return {
        int(line["type"]): RecordType(
            int(line["since"]), tuple(map(int, line["needed"].split())), tuple(line["formats"].split())
        )
        for line in csv.DictReader(text.splitlines())
    }


def breaches(transaction: Transaction) -> Iterator[Breach]:
    """Every rule of this file that a transaction does not keep."""
    yield from _one_idc(transaction)
    yield from _version(transaction)
    for record in transaction.records:
        if isinstance(record, TaggedRecord):
            yield from _fields(record)
        image = safe_image(record)
        if image is not None and record.type in ONE_IDC:
            yield from _compression(record, image)
            yield from _size(record, image)


def _breach(  # noqa: PLR0917 - a breach says much
    record: int | None, field: str, rule: str, expected: str, got: str, confidence: str = "high"
) -> Breach:
    return Breach(record, field, rule, confidence, f"{field}: expected {expected}, got {got}", expected, got)


def _one_idc(transaction: Transaction) -> Iterator[Breach]:
    seen: dict[tuple[int, int], int] = {}
    for record in transaction.records:
        if record.type not in ONE_IDC or record.idc is None:
            continue
        first = seen.setdefault((record.type, record.idc), record.position)
        if first != record.position:
            text = f"{record.idc:02d}, that of record {first}"
            yield _breach(record.position, f"{record.type}.002", "idc-repeated", "an IDC of its own", text)
            yield _breach(0, "1.003", "idc-repeated", f"one Type-{record.type} record with IDC {record.idc:02d}", "two")


def _version(transaction: Transaction) -> Iterator[Breach]:
    version = transaction.get("1.002") or ""
    year = YEARS.get(version)
    if year is None:
        return
    newer: list[tuple[int, str, str]] = []
    for record in transaction.records:
        known = record_types().get(record.type)
        if known is not None and known.since > year:
            newer.append((record.position, f"{record.type}.001", "medium"))
        elif isinstance(record, TaggedRecord) and record.type == 14 and year < 2007:
            newer += [(record.position, f"14.{number:03d}", "high") for number in FIELDS_OF_2007 if record.raw(number)]
    for position, tag, sure in newer:
        yield _breach(
            position, tag, "version", f"nothing that version {version} does not have", "a later addition", sure
        )
    if newer:  # real files name the version before for record types that were new, so that is only a warning
        _, tag, sure = min(newer, key=lambda entry: entry[2])
        yield _breach(0, "1.002", "version", f"the version that has {tag}", version, sure)


def _fields(record: TaggedRecord) -> Iterator[Breach]:
    at, kind = record.position, record.type
    rules = record_types().get(kind)
    if rules is None:
        return
    for number in rules.needed:
        if not record.raw(number):
            yield _breach(at, f"{kind}.{number:03d}", "mandatory", "a value", "no field")
    if kind == 14 and (record.get(13) or "").lstrip("0") == "19":
        for number in (14, 15):
            if not record.raw(number):
                yield _breach(at, f"14.{number:03d}", "mandatory", "a value with position 19", "no field")
    if kind in ONE_IDC:
        for number in dict.fromkeys(entry.number for entry in record.fields):
            if any(number in numbers for numbers in NOT_TAKEN):
                tag = f"{kind}.{number:03d}"
                yield _breach(at, tag, "not-taken", "no field that EBTS does not have", "one", "medium")


def _compression(record: Record, image: Image) -> Iterator[Breach]:
    """The formats of a record type; lossy JPEG never holds a print, WSQ none of 1,000 ppi."""
    tag = f"{record.type}.{8 if isinstance(record, BinaryRecord) else 11:03d}"
    rules = record_types().get(record.type)
    allowed = ("RAW", "WSQ") if record.type == 4 else rules.formats if rules is not None else ()
    if allowed and image.format in {"WSQ", "JPEG"} and image.format not in allowed:
        yield _breach(record.position, tag, "compression", " ".join(allowed), image.format)
    elif image.format == "WSQ" and image.ppi > WSQ_UP_TO and image.ppi_source != "image":
        text = f"WSQ up to {WSQ_UP_TO:.0f} ppi, JPEG 2000 for 1,000 ppi"
        yield _breach(record.position, tag, "compression", text, f"WSQ at {image.ppi:g} ppi")


def _size(record: Record, image: Image) -> Iterator[Breach]:
    """A rolled print is at most 800 x 750 pixels at 500 ppi, and no print is smaller than a fingertip."""
    if record.type not in {4, 14} or image.position is None or not 1 <= image.position <= 12 or not image.width:
        return
    scale = (image.ppi or DEFAULT_PPI) / DEFAULT_PPI
    width, height = image.width / scale, image.height / scale
    tag, got = f"{record.type}.{data_field(record)}", f"{image.width} x {image.height}"
    if image.position <= 10 and image.impression in {1, 3} and _exceeds(width, height):
        text = f"a rolled print of at most {LARGEST_ROLLED[0]} x {LARGEST_ROLLED[1]} pixels at 500 ppi"
        yield _breach(record.position, tag, "print-size", text, got, "medium")
    elif max(width, height) < SMALLEST:
        text = f"a print of at least {SMALLEST} pixels at 500 ppi"
        yield _breach(record.position, tag, "print-size", text, got, "medium")


def _exceeds(width: float, height: float) -> bool:
    return width > LARGEST_ROLLED[0] * TOLERANCE or height > LARGEST_ROLLED[1] * TOLERANCE
