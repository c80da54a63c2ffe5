"""The image of a record: where it lies, what its header says, what it is, and its pixels when asked for.

Header fields: ANSI/NIST-ITL 1-2011 clauses 8.3 to 8.17 (Types 3 to 8 as in ITL 1-2007); compression codes: table 15.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np

from tenprint.itl.decode import Pixels, decode, decode_group_4
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.fields import DATA
from tenprint.itl.formats import CM_PER_INCH, Coded, sniff

DEFAULT_PPI = 500.0
BILEVEL = "BILEVEL"
GREY_CODES = {0: "RAW", 1: "WSQ", 2: "JPEG", 3: "JPEGL", 4: "JP2", 5: "JP2", 6: "PNG"}
_TEXT_CODES = {
    "NONE": "RAW",
    "WSQ": "WSQ",
    "JPEGB": "JPEG",
    "JPEGL": "JPEGL",
    "JP2": "JP2",
    "JP2L": "JP2",
    "PNG": "PNG",
}
MM_PER_INCH = 25.4
CARRIES_IMAGE = frozenset({*range(3, 9), 10, *range(13, 18), 19, 20, 22})


class Image:
    """One image, not decoded yet.

    Attributes:
        format: what the bytes are: WSQ, RAW, JPEG, JPEGL (lossless), JP2, PNG, BILEVEL (one bit a pixel), FAX,
            VECTOR, or UNKNOWN.
        claimed: what the record says they are, in the same words.
        width: pixels, as the image itself says, else as the record says.
        height: likewise.
        header_width: pixels as the record says (HLL), 0 when it does not.
        header_height: likewise (VLL).
        position: finger or palm (FGP), ``None`` when the record has none.
        impression: IMP code, ``None`` when the record has none.
        ppi: pixels per inch; see ``ppi_source``.
        ppi_source: ``record`` (SLC with HPS, or ISR), ``transaction`` (1.011), ``image`` (its metadata), ``default``.
    """

    def __init__(
        self,
        raw: memoryview,
        *,
        claimed: str,
        size: tuple[int, int],
        position: int | None = None,
        impression: int | None = None,
        bits: int = 8,
        resolution: tuple[float, str] = (0.0, "default"),
        record: int = 0,
        field: str = "",
    ) -> None:
        self._raw = raw
        self._coded: Coded | None = sniff(raw)
        self.claimed = claimed
        self.header_width, self.header_height = size
        self.position, self.impression, self.bits = position, impression, bits
        self._record, self._field = record, field
        raw_fits = claimed == "RAW" and self._raw_size() == len(raw)
        if self._coded is None or raw_fits:
            self._coded = None
        self.format = self._coded.format if self._coded else self._plain_format()
        own = self._coded.ppi if self._coded else 0.0
        self.ppi, self.ppi_source = _resolution(resolution, own)

    def __repr__(self) -> str:
        return f"<{self.format} image, {self.width} x {self.height}, {len(self._raw)} bytes>"

    @property
    def width(self) -> int:
        """Pixels across."""
        return self._coded.width if self._coded and self._coded.width else self.header_width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self._coded.height if self._coded and self._coded.height else self.header_height

    @property
    def size(self) -> int:
        """Bytes of the compressed image."""
        return len(self._raw)

    @property
    def view(self) -> memoryview:
        """The image bytes, without a copy."""
        return self._raw

    @cached_property
    def data(self) -> bytes:
        """The image bytes as they stand in the record."""
        return bytes(self._raw)

    @property
    def header_agrees(self) -> bool:
        """Does the size in the record equal the size of the image?"""
        return (self.width, self.height) == (self.header_width, self.header_height)

    @property
    def fits(self) -> bool:
        """Do plain pixels of the stated size fill the bytes exactly? Always true of compressed images."""
        if self.format == BILEVEL:
            return (self.header_width + 7) // 8 * self.header_height == len(self._raw)
        return self.format != "RAW" or self._raw_size() == len(self._raw)

    def pixels(self) -> Pixels:
        """Decode the image.

        Returns:
            ``(height, width) uint8``, 0 is black.

        Raises:
            ItlError: when the bytes are damaged or of no format a library here decodes, with the reason.
        """
        try:
            if self._coded is not None:
                return decode(self._raw, self._coded)
            return self._plain()
        except ItlError as fault:
            raise ItlError(fault.code, fault.detail, record=self._record, field=self._field) from fault

    def _raw_size(self) -> int:
        return self.header_width * self.header_height * ((max(self.bits, 1) + 7) // 8)

    def _plain_format(self) -> str:
        if self.claimed in {"FAX", "VECTOR", BILEVEL}:
            return self.claimed
        return "RAW" if self.claimed == "RAW" else "UNKNOWN"

    def _plain(self) -> Pixels:
        width, height = self.header_width, self.header_height
        if self.format == BILEVEL:
            return self._bilevel(width, height)
        if self.format == "FAX":
            return decode_group_4(self._raw, width, height)
        if self.format != "RAW":
            raise ItlError(
                Code.NO_DECODER, f"the image is {self.format} and claims to be {self.claimed}; its bytes can be saved"
            )
        if not width or not height or self._raw_size() != len(self._raw):
            text = f"{width} x {height} pixels of {self.bits} bits need {self._raw_size()} bytes, got {len(self._raw)}"
            raise ItlError(Code.IMAGE_SIZE, text)
        flat = np.frombuffer(self._raw, np.uint8)
        if self.bits == 8:
            return flat.reshape(height, width)
        if self.bits == 24:
            luma = flat.reshape(height, width, 3).astype(np.uint32) @ np.array([299, 587, 114], np.uint32)
            return ((luma + 500) // 1000).astype(np.uint8)
        if 9 <= self.bits <= 16:  # two bytes a pixel: the high one first, unless only the other order keeps to the bits
            orders = [np.frombuffer(self._raw, order).reshape(height, width) for order in (">u2", "<u2")]
            wide = next((order for order in orders if order.max() < 1 << self.bits), orders[0])
            return (wide >> (self.bits - 8)).clip(0, 255).astype(np.uint8)
        raise ItlError(Code.NO_DECODER, f"raw images of {self.bits} bits a pixel are not read")

    def _bilevel(self, width: int, height: int) -> Pixels:
        stride = (width + 7) // 8
        if not width or not height or stride * height != len(self._raw):
            text = f"{width} x {height} pixels of one bit need {stride * height} bytes, got {len(self._raw)}"
            raise ItlError(Code.IMAGE_SIZE, text)
        bits = np.unpackbits(np.frombuffer(self._raw, np.uint8).reshape(height, stride), axis=1)[:, :width]
        return ((1 - bits) * 255).astype(np.uint8)


class Tagged(Protocol):
    """What an image needs to know of a tagged record."""

    type: int
    position: int

    def raw(self, field: str | int) -> memoryview | None:
        """The bytes of a field."""

    def get(self, field: str | int) -> str | None:
        """The text of a field."""


def tagged_image(record: Tagged) -> Image | None:
    """The image of a tagged record, or ``None`` when it has none."""
    if record.type not in CARRIES_IMAGE:
        return None
    raw = record.raw(DATA)
    if raw is None or not len(raw):
        return None
    code = (record.get(11) or "").strip().upper()
    claimed = next(
        (name for start, name in _TEXT_CODES.items() if code == start or code.rstrip("0123456789") == start),
        code or "UNKNOWN",
    )
    fingers = record.type in {13, 14, 15, 19}
    return Image(
        raw,
        claimed=claimed,
        size=(_whole(record, 6), _whole(record, 7)),
        position=_optional(record, 13) if fingers else None,
        impression=_optional(record, 3) if fingers else None,
        bits=_bits(record),
        resolution=_scale(record),
        record=record.position,
        field=f"{record.type}.{DATA:03d}",
    )


def _scale(record: Tagged) -> tuple[float, str]:
    """Resolution of a tagged image: SLC 1 is pixels per inch, 2 per centimetre, 0 an aspect ratio only."""
    unit, scale = _whole(record, 8), _whole(record, 9)
    factor = {1: 1.0, 2: CM_PER_INCH}.get(unit, 0.0)
    return (scale * factor, "record") if scale > 1 else (0.0, "default")


def _resolution(stated: tuple[float, str], own: float) -> tuple[float, str]:
    if stated[0] > 0:
        return round(stated[0], 2), stated[1]
    return (own, "image") if own > 1 else (DEFAULT_PPI, "default")


def _bits(record: Tagged) -> int:
    if record.type == 10:
        return 8 if (record.get(12) or "").startswith("GRAY") else 24
    return _whole(record, 12) or 8


def _whole(record: Tagged, number: int) -> int:
    found = _optional(record, number)
    return found if found is not None and found < 1_000_000 else 0


def _optional(record: Tagged, number: int) -> int | None:
    raw = record.raw(number)
    if raw is None:
        return None
    first = bytes(raw[:20]).split(b"\x1e")[0].split(b"\x1f")[0].strip()
    return int(first) if first.isdigit() and len(first) < 10 else None
