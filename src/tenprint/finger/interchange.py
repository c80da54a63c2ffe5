"""Minutiae records of other systems: ISO/IEC 19794-2 (2005, 2011) and ANSI INCITS 378 (2004, 2009), in and out.

All four hold finger views with minutiae in pixels of the picture's own resolution. Angles are in units of 2 degrees
(ANSI) or 1/256 turn (ISO), counterclockwise, as in this room. Coordinates are brought to 500 ppi on the way in and
written at 197 pixels per centimetre, the rounded 500 ppi that such records use.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec
import numpy as np

from tenprint.finger.errors import TemplateUnusable
from tenprint.finger.template import Extractor, Kind, Template

MAGIC = b"FMR\0"
PER_CM = 197
"""500 ppi, as whole pixels per centimetre."""
EXACT_PER_CM = 500 / 2.54


class Format(StrEnum):
    """Which standard a record follows."""

    ISO_2005 = "iso-2005"
    ISO_2011 = "iso-2011"
    ANSI_2004 = "ansi-2004"
    ANSI_2009 = "ansi-2009"


VERSIONS = {
    Format.ISO_2005: b" 20\0",
    Format.ISO_2011: b"030\0",
    Format.ANSI_2004: b" 20\0",
    Format.ANSI_2009: b"030\0",
}
KINDS = {0: Kind.OTHER, 1: Kind.ENDING, 2: Kind.BIFURCATION, 3: Kind.OTHER}


class View(msgspec.Struct, frozen=True):
    """One finger view of a record.

    Attributes:
        position: 0 unknown, 1 right thumb to 10 left little finger.
        template: its minutiae at 500 ppi.
    """

    position: int
    template: Template


class _Reader:
    """Takes numbers off the front of the bytes; running short is a refusal, never a crash."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str, what: str) -> tuple[int, ...]:
        size = struct.calcsize(">" + form)
        if self.at + size > len(self.data):
            raise TemplateUnusable(
                f"{what}: expected {size} bytes at offset {self.at}, the record ends at {len(self.data)}"
            )
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += size
        return values

    def one(self, form: str, what: str) -> int:
        return self.take(form, what)[0]

    def skip(self, count: int, what: str) -> None:
        if count < 0 or self.at + count > len(self.data):
            raise TemplateUnusable(
                f"{what}: {count} bytes at offset {self.at} do not fit the record of {len(self.data)}"
            )
        self.at += count


def read(data: bytes) -> list[View]:
    """Finger views of a minutiae record, whichever of the four formats it is.

    Raises:
        TemplateUnusable: when the bytes are no such record, are cut short, or hold values outside of the standard.
    """
    if data[:4] != MAGIC:
        raise TemplateUnusable(f"minutiae record: expected it to begin with {MAGIC!r}, got {bytes(data[:4])!r}")
    kind = detect(data)
    if kind is Format.ISO_2011:
        return list(_views_2011(_Reader(data)))
    return list(_views(_Reader(data), kind))


def detect(data: bytes) -> Format:
    """The format of a record, from its version and its stated length.

    Raises:
        TemplateUnusable: when no format fits.
    """
    version = bytes(data[4:8])
    if version == VERSIONS[Format.ISO_2011]:
        # both go on with four bytes of length; then ANSI has a product identifier where ISO counts views
        length, views, certified = struct.unpack_from(">IHB", data.ljust(15, b"\0"), 8)
        return (
            Format.ISO_2011
            if length == len(data) and views and certified in {0, 1} and _fits_2011(data)
            else Format.ANSI_2009
        )
    if version == VERSIONS[Format.ISO_2005]:
        (four,) = struct.unpack_from(">I", data.ljust(12, b"\0"), 8)
        return Format.ISO_2005 if four == len(data) and _fits_2005(data) else Format.ANSI_2004
    raise TemplateUnusable(f"minutiae record: expected version ' 20' or '030', got {version!r}")


def _fits_2005(data: bytes) -> bool:
    """Whether resolutions stand where ISO 2005 has them: ANSI 2004 has a product identifier before."""
    x_per_cm, y_per_cm = struct.unpack_from(">HH", data.ljust(22, b"\0"), 18)
    return all(78 <= one <= 830 for one in (x_per_cm, y_per_cm))


def _fits_2011(data: bytes) -> bool:
    """Whether the first representation's own length fits: tells ISO 2011 from ANSI 2009."""
    (length,) = struct.unpack_from(">I", data.ljust(19, b"\0"), 15)
    return 20 <= int(length) <= len(data) - 15


def _views(reader: _Reader, kind: Format) -> Iterator[View]:
    """ISO 2005, ANSI 2004 and ANSI 2009: one header, then views."""
    ansi = kind is not Format.ISO_2005
    reader.skip(8, "header")
    if kind is Format.ANSI_2004:
        # two bytes; or two of zero and four; or, as the NIST samples have it, just four
        length = reader.one("H", "length")
        if not length:
            (four,) = struct.unpack_from(">I", reader.data.ljust(12, b"\0"), 8)
            length = four if four == len(reader.data) else reader.one("I", "length")
            reader.at = 12 if four == len(reader.data) else reader.at
    else:
        length = reader.one("I", "length")
    if length != len(reader.data):
        raise TemplateUnusable(f"length: the record says {length} bytes, there are {len(reader.data)}")
    if ansi:
        reader.skip(4, "product identifier")
    reader.skip(2, "capture device")
    width = height = x_per_cm = y_per_cm = 0
    if kind is not Format.ANSI_2009:
        width, height, x_per_cm, y_per_cm = reader.take("HHHH", "image size and resolution")
    count, _ = reader.take("BB", "number of views")
    for _ in range(count):
        if kind is Format.ANSI_2009:
            position, _, _, quality = reader.take("BBBB", "view header")
            reader.skip(4, "quality algorithm")
            width, height, x_per_cm, y_per_cm = reader.take("HHHH", "image size and resolution")
            minutiae = reader.one("B", "number of minutiae")
        else:
            position, _, quality, minutiae = reader.take("BBBB", "view header")
        unit = 2 * np.pi / (180 if ansi else 256)
        yield _view(reader, minutiae, position, quality, (width, height, x_per_cm, y_per_cm), unit)
        # not used here; the ISO sample of NIST's libbiomeval says one byte more than it has
        extended = reader.one("H", "extended data length")
        reader.skip(min(extended, len(reader.data) - reader.at), "extended data")


def _views_2011(reader: _Reader) -> Iterator[View]:
    """ISO 2011: a short header, then representations with headers of their own."""
    reader.skip(8, "header")
    length, count, certified = reader.take("IHB", "header")
    if length != len(reader.data):
        raise TemplateUnusable(f"length: the record says {length} bytes, there are {len(reader.data)}")
    for _ in range(count):
        begin = reader.at
        size = reader.one("I", "representation length")
        reader.skip(9 + 1 + 2 + 2, "capture date, technology, vendor and device")
        qualities = reader.one("B", "number of quality blocks")
        quality = 0
        for _ in range(qualities):
            quality, _, _ = reader.take("BHH", "quality")
        if certified:
            reader.skip(3 * reader.one("B", "number of certifications"), "certification")
        position, _number, x_per_cm, y_per_cm, _impression = reader.take("BBHHB", "representation header")
        width, height = reader.take("HH", "image size")
        sizes = reader.one("B", "minutia size and ridge ending type")
        minutiae = reader.one("B", "number of minutiae")
        step = 6 if sizes >> 4 == 6 else 5
        yield _view(reader, minutiae, position, quality, (width, height, x_per_cm, y_per_cm), 2 * np.pi / 256, step)
        reader.skip(reader.one("H", "extended data length"), "extended data")
        if reader.at != begin + size:
            raise TemplateUnusable(f"representation: it says {size} bytes, its parts take {reader.at - begin}")


def _view(  # noqa: PLR0917
    reader: _Reader,
    count: int,
    position: int,
    quality: int,
    size: tuple[int, int, int, int],
    unit: float,
    step: int = 6,
) -> View:
    width, height, x_per_cm, y_per_cm = size
    if not (78 <= x_per_cm <= 830 and 78 <= y_per_cm <= 830):
        raise TemplateUnusable(f"resolution: expected 78 to 830 pixels per centimetre, got {x_per_cm} x {y_per_cm}")
    # 197 and 196 are how 500 ppi is written
    scale_x, scale_y = (1.0 if n in {196, 197} else EXACT_PER_CM / n for n in (x_per_cm, y_per_cm))
    rows, kinds = np.zeros((count, 4)), np.zeros(count, np.uint8)
    for k in range(count):
        x, y, angle = reader.take("HHB", "minutia")
        grade = reader.one("B", "minutia quality") if step == 6 else 0
        rows[k] = (
            (x & 0x3FFF) * scale_x,
            (y & 0x3FFF) * scale_y,
            angle * unit,
            0.5 if grade in {0, 255} else min(grade, 100) / 100,
        )
        kinds[k] = KINDS[x >> 14]
    wide, high = (max(1, min(8191, round(n * s))) for n, s in ((width, scale_x), (height, scale_y)))
    whole = min(quality, 100) / 100 if quality not in {254, 255} else 0.0
    return View(
        position, Template.make(rows, kinds, width=wide, height=high, quality=whole, extractor=Extractor.IMPORTED)
    )


def write(views: Sequence[View], kind: Format = Format.ISO_2005) -> bytes:
    """A minutiae record of these views.

    Args:
        views: at least one; positions 0..10.
        kind: which standard to follow.

    Raises:
        TemplateUnusable: when there is no view, or a size does not fit the format.
    """
    if not views or len(views) > 255:
        raise TemplateUnusable(f"views: expected 1 to 255, got {len(views)}")
    if any(not 0 <= view.position <= 10 for view in views):
        raise TemplateUnusable("positions: expected 0 to 10")
    if kind is Format.ISO_2011:
        parts = [_representation(view) for view in views]
        return MAGIC + VERSIONS[kind] + struct.pack(">IHB", 15 + sum(map(len, parts)), len(views), 0) + b"".join(parts)
    ansi = kind is not Format.ISO_2005
    units = 180 if ansi else 256
    size = struct.pack(
        ">HHHH", *(max(getattr(v.template, n) for v in views) for n in ("width", "height")), PER_CM, PER_CM
    )
    body = (
        b"\0\0\0\0" * ansi + b"\0\0" + (b"" if kind is Format.ANSI_2009 else size) + struct.pack(">BB", len(views), 0)
    )
    for view in views:
        one = view.template
        quality = round(one.quality * 100)
        if kind is Format.ANSI_2009:
            own = struct.pack(">HHHH", one.width, one.height, PER_CM, PER_CM)
            body += struct.pack(">BBBB4x", view.position, 0, 0, quality) + own + struct.pack(">B", len(one))
        else:
            body += struct.pack(">BBBB", view.position, 0, quality, len(one))
        body += _minutiae(one, units) + b"\0\0"
    if kind is Format.ANSI_2004:
        short = 10 + len(body)
        return (
            MAGIC
            + VERSIONS[kind]
            + (struct.pack(">H", short) if short <= 0xFFFF else struct.pack(">HI", 0, short + 4))
            + body
        )
    return MAGIC + VERSIONS[kind] + struct.pack(">I", 12 + len(body)) + body


def _representation(view: View) -> bytes:
    one = view.template
    body = b"\xff" * 9 + b"\0" + b"\0\0" + b"\0\0" + struct.pack(">BBHH", 1, round(one.quality * 100), 0, 0)
    body += struct.pack(">BBHHBHHBB", view.position, 0, PER_CM, PER_CM, 0, one.width, one.height, 6 << 4, len(one))
    body += _minutiae(one, 256) + b"\0\0"
    return struct.pack(">I", 4 + len(body)) + body


def _minutiae(one: Template, units: int) -> bytes:
    codes = {Kind.OTHER: 0, Kind.ENDING: 1, Kind.BIFURCATION: 2}
    rows = []
    for (x, y, angle, quality), kind in zip(one.minutiae.tolist(), one.kinds.tolist(), strict=True):
        turn = round(angle * units / (2 * np.pi)) % units
        rows.append(
            struct.pack(">HHBB", codes[Kind(kind)] << 14 | round(x), round(y), turn, max(1, round(quality * 100)))
        )
    return b"".join(rows)
