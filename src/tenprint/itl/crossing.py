"""Rules across fields and records: images against headers and AMP, dates against each other, answers against requests.

Sources: EBTS 9.1 (custody block, TCR, AMP, TAA), ITL 1-2011 (image headers); see ``docs/reference/ebts-rules.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec

from tenprint.itl.binary import BinaryRecord
from tenprint.itl.build import SHOWS
from tenprint.itl.errors import ItlError
from tenprint.itl.forms import calendar_date
from tenprint.itl.image import Image
from tenprint.itl.profile import ANSWERS, Profile
from tenprint.itl.record import Record, TaggedRecord
from tenprint.itl.transaction import Transaction

ADULT_AT = 18
LATEST = "at the latest the day after the transaction"
_ROLLED = frozenset({1, 3, 21, 23, 25, 27})
_SLAPS = frozenset({11, 12, 13, 14, 15})
SUBMISSIONS = frozenset({"CAR", "CNA", "CPDR", "CPNU", "FANC"})


class Breach(msgspec.Struct, frozen=True):
    """A rule across fields that is not kept."""

    record: int | None
    field: str | None
    rule: str
    confidence: str
    message: str
    expected: str = ""
    got: str = ""


def breaches(transaction: Transaction, rules: Profile) -> Iterator[Breach]:
    """Every cross-field rule that a transaction does not keep."""
    for record in transaction.records:
        yield from _image(record)
        yield from _text(record)
    if transaction.tot not in rules.cardinality:
        return
    checks: tuple[Callable[[Transaction], Iterator[Breach]], ...] = (_reference, _custody, _dates, _adult, _fingers)
    yield from _cardinality(transaction, rules)
    for check in checks:
        yield from check(transaction)


def _image(record: Record) -> Iterator[Breach]:
    """Header against image: format and size; codes of a binary header."""
    try:
        image = record.image()
    except ItlError as fault:
        yield Breach(record.position, None, "image-header", "high", fault.detail)
        return
    if image is None:
        return
    tag = f"{record.type}.{data_field(record)}"
    if isinstance(record, TaggedRecord) and (record.raw(11) is None or not record.get(6) or not record.get(7)):
        return
    if image.claimed not in {image.format, "FAX"}:
        text = f"the record claims {image.claimed}, the image is {image.format}"
        yield Breach(record.position, tag, "image-format", "high", text, image.claimed, image.format)
    elif not image.header_agrees:
        header, own = f"{image.header_width} x {image.header_height}", f"{image.width} x {image.height}"
        text = f"the record says {header} pixels, the image has {own}"
        yield Breach(record.position, tag, "image-size", "high", text, header, own)
    elif not image.fits:
        text = f"{image.width} x {image.height} pixels do not fill {image.size} bytes"
        yield Breach(record.position, tag, "image-size", "high", text)
    yield from _impression(record, image)


def _impression(record: Record, image: Image) -> Iterator[Breach]:
    if image.position in _SLAPS and image.impression in _ROLLED and record.type in {4, 14}:
        text = f"position {image.position} is a plain impression, IMP {image.impression} says rolled"
        yield Breach(
            record.position, f"{record.type}.003", "impression", "medium", text, "0 or 2", str(image.impression)
        )


def data_field(record: Record) -> str:
    """Number of the field that holds the image of a record, in three digits."""
    return f"{record.layout.data:03d}" if isinstance(record, BinaryRecord) else "999"


def _text(record: Record) -> Iterator[Breach]:
    """Text beyond ASCII needs a character set in 1.015."""
    if not isinstance(record, TaggedRecord):
        return
    for number, raw in record.raw_texts():
        if not record.charset.holds(raw):
            text = "text beyond ASCII that no character set of 1.015 DCS declares"
            yield Breach(record.position, f"{record.type}.{number:03d}", "character-set", "high", text)


def _cardinality(transaction: Transaction, rules: Profile) -> Iterator[Breach]:
    limits = rules.cardinality[transaction.tot]
    allowed = {1, *(kind for limit in limits for kind in limit.kinds)}
    for limit in limits:
        count = len(transaction.of_type(*limit.kinds))
        if not limit.least <= count <= limit.most:
            kinds = " and ".join(f"Type-{kind}" for kind in limit.kinds)
            expected = f"{limit.least} to {limit.most} records of {kinds}"
            yield Breach(
                None,
                "1.003",
                "record-count",
                limit.confidence,
                f"expected {expected}, got {count}",
                expected,
                str(count),
            )
    sure = max((limit.confidence for limit in limits), default="medium", key=lambda word: word == "high")
    for record in transaction.records:
        if record.type not in allowed:
            text = f"a {transaction.tot} has no Type-{record.type} records in this version"
            yield Breach(
                record.position,
                "1.003",
                "record-type",
                sure,
                text,
                " ".join(map(str, sorted(allowed))),
                str(record.type),
            )


def _reference(transaction: Transaction) -> Iterator[Breach]:
    reference = transaction.get("1.010")
    if transaction.tot in ANSWERS and not reference:
        text = "an answer names the TCN of its request in TCR, got none"
        yield Breach(0, "1.010", "reference", "high", text, "the TCN of the request", "no field")
    if transaction.tot in SUBMISSIONS and reference:
        text = "a submission has no TCR: it answers nothing"
        yield Breach(0, "1.010", "reference", "medium", text, "no field", reference[:40])


def _custody(transaction: Transaction) -> Iterator[Breach]:
    if transaction.tot not in SUBMISSIONS:
        return
    block = {"2.054": "SSD", "2.055": "SLE", "2.009": "OCA"}
    if not transaction.get("2.054") and not transaction.get("2.055"):
        return
    for tag, name in block.items():
        if not transaction.get(tag):
            text = f"custody data need SSD, SLE and OCA together, {name} is missing"
            yield Breach(type_2(transaction), tag, "custody-block", "high", text, "SSD, SLE and OCA", f"no {name}")


def _dates(transaction: Transaction) -> Iterator[Breach]:
    sent, born, arrested = (day_of(transaction, tag) for tag in ("1.005", "2.022", "2.045"))
    pairs = [
        ("2.022", "date of birth", born, "2.045", "date of arrest", arrested),
        ("2.022", "date of birth", born, "1.005", "date of the transaction", sent),
    ]
    for tag, name, early, _, later_name, late in pairs:
        if early is not None and late is not None and early >= late:
            text = f"the {name} {early} is not before the {later_name} {late}"
            yield Breach(
                type_2(transaction), tag, "date-order", "high", text, f"a day before the {later_name}", str(early)
            )
            return
    if arrested is not None and sent is not None and arrested > sent + timedelta(days=1):
        text = f"the date of arrest {arrested} is after the date of the transaction {sent}"
        yield Breach(type_2(transaction), "2.045", "date-order", "medium", text, LATEST, str(arrested))
    second = transaction.first(2)
    for part in second.items("2.047") if second is not None else []:
        offense = calendar_date(part[0])
        if offense is not None and sent is not None and offense > sent + timedelta(days=1):
            text = f"the date of offense {offense} is after the date of the transaction {sent}"
            yield Breach(type_2(transaction), "2.047", "date-order", "medium", text, LATEST, str(offense))


def _adult(transaction: Transaction) -> Iterator[Breach]:
    born, arrested = day_of(transaction, "2.022"), day_of(transaction, "2.045")
    if born is None or arrested is None or born >= arrested or transaction.tot not in SUBMISSIONS:
        return
    age = arrested.year - born.year - ((arrested.month, arrested.day) < (born.month, born.day))
    adult = transaction.get("2.087") == "Y"
    if age < ADULT_AT and not adult:
        text = f"the person was {age} at arrest and TAA does not say to treat as an adult"
        yield Breach(
            type_2(transaction), "2.087", "treat-as-adult", "medium", text, "Y, or a juvenile record", "no field"
        )


def _fingers(transaction: Transaction) -> Iterator[Breach]:
    """Repeated positions; fingers neither supplied nor declared in AMP; fingers both supplied and declared absent."""
    if transaction.tot not in SUBMISSIONS:
        return
    seen: dict[tuple[int, int, bool], int] = {}
    supplied: set[int] = set()
    complete = True
    for record in transaction.of_type(4, 14):
        image = safe_image(record)
        if image is None or image.position is None:
            complete = False
            continue
        supplied |= SHOWS.get(image.position, {image.position})
        key = (record.type, image.position, image.impression in _ROLLED)
        if key in seen and image.position != 19:
            text = f"position {image.position} was supplied in record {seen[key]} already"
            yield Breach(
                record.position,
                f"{record.type}.{4 if record.type == 4 else 13:03d}",
                "position-repeated",
                "medium",
                text,
            )
        seen.setdefault(key, record.position)
    second = transaction.first(2)
    declared = (
        {part[0].lstrip("0"): (part[1:] or [""])[0] for part in second.items("2.084")} if second is not None else {}
    )
    if complete and seen:
        missing = [finger for finger in range(1, 11) if finger not in supplied and str(finger) not in declared]
        if missing:
            names = ", ".join(map(str, missing))
            text = f"no image of finger {names} and no entry in AMP that says why"
            yield Breach(
                type_2(transaction), "2.084", "missing-fingers", "medium", text, f"entries for {names}", "none"
            )
    alone = {position for _, position, _ in seen}
    both = [finger for finger in sorted(supplied) if declared.get(str(finger)) == "XX" and finger in alone]
    for finger in both:
        text = f"finger {finger} is declared amputated and supplied"
        yield Breach(type_2(transaction), "2.084", "amputated-supplied", "medium", text)


def safe_image(record: Record) -> Image | None:
    """The image of a record; nothing when its header makes none."""
    try:
        return record.image()
    except ItlError:
        return None


def type_2(transaction: Transaction) -> int | None:
    """Position of the Type-2 record."""
    second = transaction.first(2)
    return None if second is None else second.position


def day_of(transaction: Transaction, tag: str) -> date | None:
    """The day in a field, its first occurrence."""
    text = transaction.get(tag)
    return calendar_date(text.partition("\x1e")[0] if text else None)
