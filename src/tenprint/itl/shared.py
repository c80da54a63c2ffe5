"""Rules that are the same in every version, for the header, the person, dates, prints and images.

They are forms and codes, dates against each other, headers of prints, images that end, and fields that a record type
cannot be without. They apply to transactions that a profile has a table for. Sources: ANSI/NIST-ITL 1-2011 (Update
2015) clauses 8.1 to 8.17, tables 7, 8 and 15; EBTS 9.1 to 11.2, appendices C and D.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tenprint.itl import kinds
from tenprint.itl.binary import BinaryRecord
from tenprint.itl.crossing import SUBMISSIONS, Breach, day_of, safe_image, type_2
from tenprint.itl.forms import calendar_date
from tenprint.itl.record import TaggedRecord
from tenprint.itl.transaction import Transaction

VERSIONS = frozenset({"0200", "0201", "0300", "0400", "0500", "0501", "0502", "0510", "0600"})
"""Values of 1.002 that the standard has given out (ITL 1-1997 to 1-2025)."""
FINGER_IMPRESSIONS = frozenset({*range(4), 8, *range(20, 30)})
TENPRINT_POSITIONS = frozenset({*range(1, 16), 19, *range(40, 51)})
SEGMENTS = frozenset({*range(1, 11), 16, 17})
PALMS = frozenset({*range(20, 39), *range(81, 87)})
OLDEST = 120
"""Years of an age that nobody is arrested at any more."""
LOWEST_PPMM = 19.30
"""Pixels per millimeter of 500 ppi, one percent less."""
ABSENT = frozenset({"XX", "UP"})
_ENDS = {"WSQ": b"\xff\xa1", "JPEG": b"\xff\xd9", "JPEGL": b"\xff\xd9"}
_ORI = re.compile(r"[A-Z0-9]{9}")


def breaches(transaction: Transaction, today: date | None = None) -> Iterator[Breach]:
    """Every rule of this file that a transaction does not keep.

    Args:
        transaction: One that the profile has a table for.
        today: The day up to which a date can lie; the machine's when left out.
    """
    latest = (today or datetime.now(UTC).date()) + timedelta(days=1)
    yield from _header(transaction, latest)
    yield from _person(transaction)
    yield from _days(transaction)
    yield from kinds.breaches(transaction)
    if transaction.tot == "SRE" and transaction.get("2.059") == "I" and not transaction.get("2.014"):
        yield _breach(type_2(transaction), "2.014", "identified", "the number of who was identified", "no field")
    for record in transaction.records:
        if isinstance(record, BinaryRecord) and record.type == 4:
            yield from _type_4(record)
        elif isinstance(record, TaggedRecord):
            yield from _tagged(record, latest)
    if transaction.tot in SUBMISSIONS:
        yield from _rolled(transaction)


def _breach(record: int | None, field: str, rule: str, expected: str, got: str) -> Breach:
    return Breach(record, field, rule, "high", f"{field}: expected {expected}, got {got}", expected, got)


def _header(t: Transaction, latest: date) -> Iterator[Breach]:
    version, priority, sent = t.get("1.002") or "", t.get("1.006"), day_of(t, "1.005")
    if version.isdigit() and len(version) == 4 and version not in VERSIONS:
        yield _breach(0, "1.002", "version", f"one of {' '.join(sorted(VERSIONS))}", version)
    if priority == "0":
        yield _breach(0, "1.006", "form", "1 to 9", priority)
    if sent is not None and sent > latest:
        yield _breach(0, "1.005", "date-order", "a day that has come", str(sent))
    stamp = calendar_date((t.get("1.014") or "")[:8])
    if sent is not None and stamp is not None and abs(stamp - sent) > timedelta(days=1):
        yield _breach(0, "1.014", "date-order", f"the day of 1.005 ({sent}) or one beside it", str(stamp))
    if t.of_type(3, 4, 5, 6):
        for tag in ("1.011", "1.012"):
            text = t.get(tag) or ""
            if re.fullmatch(r"\d\d\.\d\d", text) and float(text) < LOWEST_PPMM:
                yield _breach(0, tag, "resolution", "19.69 (500 ppi) or more with these records", text)


def _person(t: Transaction) -> Iterator[Breach]:
    second = t.first(2)
    if second is None:
        return
    at = second.position
    checks = (
        ("2.018", "form", "a surname, a comma and given names in upper case", lambda x: "," in x and x == x.upper()),
        ("2.019", "form", "a surname, a comma and given names in upper case", lambda x: "," in x and x == x.upper()),
        ("2.020", "form", "two letters in upper case", lambda x: len(x) != 2 or x == x.upper()),
        ("2.021", "form", "two letters in upper case", lambda x: len(x) != 2 or x == x.upper()),
        ("2.073", "form", "an ORI of nine capital letters and digits", lambda x: bool(_ORI.fullmatch(x))),
    )  # fmt: skip
    for tag, rule, expected, holds in checks:
        for items in second.items(tag):
            if items and items[0] and not holds(items[0]):
                yield _breach(at, tag, rule, expected, repr(items[0][:40]))
                break
    idc = second.get("2.002")
    if idc and not re.fullmatch(r"\d\d", idc):
        yield _breach(at, "2.002", "form", "two digits", repr(idc))
    for items in second.items("2.067"):
        if any(items) and len([i for i in items if i]) < 3:
            yield _breach(at, "2.067", "items", "make, model and serial number", f"{len(items)} items")
    for items in second.items("2.084"):
        if items and items[0].isdigit() and not 1 <= int(items[0]) <= 10:
            yield _breach(at, "2.084", "code", "a finger from 01 to 10", items[0])


def _days(t: Transaction) -> Iterator[Breach]:
    born, arrested, sent = (day_of(t, tag) for tag in ("2.022", "2.045", "1.005"))
    seen = arrested or sent
    if born is not None and seen is not None and seen.year - born.year > OLDEST:
        yield _breach(type_2(t), "2.022", "date-order", f"somebody of at most {OLDEST} years", str(born))
    if arrested is not None and sent is not None and arrested > sent + timedelta(days=1):
        yield _breach(type_2(t), "2.045", "date-order", f"a day up to that of the transaction ({sent})", str(arrested))
    second = t.first(2)
    for items in second.items("2.047") if second is not None and arrested is not None else []:
        offense = calendar_date(items[0]) if items else None
        if offense is not None and arrested is not None and offense > arrested:
            yield _breach(
                type_2(t), "2.047", "date-order", f"a day up to that of the arrest ({arrested})", str(offense)
            )


def _type_4(record: BinaryRecord) -> Iterator[Breach]:
    at = record.position
    if not record.complete:
        yield _breach(at, "4.009", "image-missing", "a header and an image", f"{len(record)} bytes")
        return
    header = record.header()
    impression, scan = int(header["IMP"]), int(header["ISR"])
    if impression not in FINGER_IMPRESSIONS:
        yield _breach(at, "4.003", "code", "an impression of a finger", str(impression))
    if scan not in {0, 1}:
        yield _breach(at, "4.005", "code", "0 or 1", str(scan))
    positions = bytes(header["FGP"]) if isinstance(header["FGP"], bytes) else bytes([header["FGP"]])
    if not positions or positions[0] not in TENPRINT_POSITIONS:
        yield _breach(
            at, "4.004", "code", "a finger or slap of a tenprint card", str(positions[0] if positions else "")
        )
    yield from _image_ends(at, "4.009", bytes(record.data()), _format(record))


def _format(record: BinaryRecord | TaggedRecord) -> str:
    image = safe_image(record)
    return image.format if image is not None else ""


def _image_ends(at: int, tag: str, data: bytes, kind: str) -> Iterator[Breach]:
    if not data:
        yield _breach(at, tag, "image-missing", "an image", "no byte of one")
    elif (end := _ENDS.get(kind)) and end not in data[-(1 << 12) :]:
        yield _breach(at, tag, "image-cut", f"a {kind} image up to its end marker", "one that is cut short")


def _tagged(record: TaggedRecord, latest: date) -> Iterator[Breach]:
    at, kind = record.position, record.type
    if kind not in {13, 14, 15}:
        return
    captured = calendar_date(record.get(5))
    if captured is not None and captured > latest:
        yield _breach(at, f"{kind}.005", "date-order", "a day that has come", str(captured))
    yield from _resolution(record)
    if record.get(12) not in {None, "", "8"} and _format(record) == "WSQ":
        yield _breach(at, f"{kind}.012", "bits", "8 bits a pixel of a WSQ image", str(record.get(12)))
    data = record.raw(999)
    if data is not None:
        yield from _image_ends(at, f"{kind}.999", bytes(data), _format(record))
    position = _whole(record.get(13))
    if kind == 15 and position is not None and position not in PALMS:
        yield _breach(at, "15.013", "code", "a palm", str(position))
    if kind == 14:
        yield from _type_14(record)


def _resolution(record: TaggedRecord) -> Iterator[Breach]:
    unit, across, down = (_whole(record.get(n)) for n in (8, 9, 10))
    tag = f"{record.type}.009"
    if across is None or down is None:
        return
    if across != down:
        yield _breach(record.position, f"{record.type}.010", "resolution", f"that of 009 ({across})", str(down))
    least = {1: 490, 2: 193}.get(unit or 0, 0)
    if across < least:
        yield _breach(record.position, tag, "resolution", "500 ppi or more", str(across))


def _type_14(record: TaggedRecord) -> Iterator[Breach]:
    at, impression = record.position, _whole(record.get(3))
    if impression is not None and impression not in FINGER_IMPRESSIONS and impression not in range(4, 8):
        yield _breach(at, "14.003", "code", "an impression of a finger", str(impression))
    for items in record.items(18):
        finger = _whole(items[0]) if items else None
        if finger not in SEGMENTS or (items[1:2] or [""])[0] not in ABSENT:
            yield _breach(at, "14.018", "code", "a finger and XX or UP", " ".join(items)[:40])
    width, height = _whole(record.get(6)) or 0, _whole(record.get(7)) or 0
    for items in record.items(21):
        numbers = [_whole(i) for i in items[:5]]
        if len(numbers) < 5 or None in numbers:
            yield _breach(at, "14.021", "segment", "a finger, left, right, top and bottom", " ".join(items)[:40])
            continue
        finger, left, right, top, bottom = (n or 0 for n in numbers)
        if finger not in SEGMENTS or not (left < right <= max(width, 1) and top < bottom <= max(height, 1)):
            inside = f"a finger's box inside of {width} x {height}, left before right and top before bottom"
            yield _breach(at, "14.021", "segment", inside, " ".join(items)[:40])
    for number, best in ((22, range(1, 6)), (23, range(101)), (24, range(101))):
        for items in record.items(number):
            value = _whole(items[1]) if len(items) > 1 else None
            if value is None or value not in {*best, 254, 255} or _whole(items[0]) not in SEGMENTS:
                limits = f"a finger and {best.start} to {best.stop - 1}, 254 or 255"
                yield _breach(at, f"14.{number:03d}", "quality", limits, " ".join(items)[:40])


def _rolled(t: Transaction) -> Iterator[Breach]:
    """On a card with rolled prints every finger is there rolled, or AMP says why not."""
    images = [safe_image(record) for record in t.of_type(4, 14)]
    if any(image is None or image.impression is None or image.position is None for image in images):
        return  # whose position or impression nobody knows may be that finger
    rolled = {i.position for i in images if i is not None and i.impression in {1, 3, 21, 23, 25, 27}}
    second = t.first(2)
    declared = {_whole(items[0]) for items in second.items("2.084") if items} if second is not None else set()
    missing = [n for n in range(1, 11) if n not in rolled and n not in declared]
    if len(rolled) >= 5 and missing:
        names = ", ".join(map(str, missing))
        yield _breach(type_2(t), "2.084", "rolled-missing", f"rolled prints of finger {names}, or entries", "neither")


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else None
