"""Binary records: Types 3 to 6 (ridge images), 7 (user-defined image), 8 (signature). Standard: ANSI/NIST-ITL 1-2007.

A header of fixed numbers, most significant byte first, then the image. LEN counts both.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tenprint.itl.charset import ASCII, Charset
from tenprint.itl.errors import Code
from tenprint.itl.fields import Buffer
from tenprint.itl.formats import sniff
from tenprint.itl.image import BILEVEL, CARRIES_IMAGE, GREY_CODES, MM_PER_INCH, Image
from tenprint.itl.names import number as field_number
from tenprint.itl.record import Record, Value


class Layout:
    """Header of a binary record: names and sizes of its numbers, in order; the rest is the image."""

    def __init__(self, *parts: tuple[int, str, str]) -> None:
        self.parts = parts
        self.struct = struct.Struct(">" + "".join(code for _, _, code in parts))
        self.data = parts[-1][0] + 1


_GRAY = Layout(
    (1, "LEN", "I"),
    (2, "IDC", "B"),
    (3, "IMP", "B"),
    (4, "FGP", "6s"),
    (5, "ISR", "B"),
    (6, "HLL", "H"),
    (7, "VLL", "H"),
    (8, "GCA", "B"),
)
_SIGNATURE = Layout(
    (1, "LEN", "I"),
    (2, "IDC", "B"),
    (3, "SIG", "B"),
    (4, "SRT", "B"),
    (5, "ISR", "B"),
    (6, "HLL", "H"),
    (7, "VLL", "H"),
)
_OPAQUE = Layout((1, "LEN", "I"), (2, "IDC", "B"))
LAYOUTS = {3: _GRAY, 4: _GRAY, 5: _GRAY, 6: _GRAY, 7: _OPAQUE, 8: _SIGNATURE}
NO_FINGER = 255


class BinaryRecord(Record):
    """A record of fixed binary numbers and an image: Types 3 to 6 (ridges), 7 (user-defined), 8 (signature)."""

    def image(self) -> Image | None:
        """The image of this record, ``None`` when it has none; see ``Record.image``."""
        return _image(self) if self.type in CARRIES_IMAGE else None

    def __init__(self, kind: int, buffer: Buffer, start: int, end: int, charset: Charset = ASCII) -> None:
        super().__init__(kind, buffer, start, end, charset)
        self.layout = LAYOUTS[kind]

    @property
    def complete(self) -> bool:
        """Is the record long enough for its header?"""
        return len(self) >= self.layout.struct.size

    def header(self) -> dict[str, int | bytes]:
        """Numbers of the header by mnemonic; FGP as six bytes.

        Raises:
            ItlError: when the record is too short for its header.
        """
        if not self.complete:
            self._fail(Code.IMAGE_HEADER, f"expected a header of {self.layout.struct.size} bytes, got {len(self)}")
        values = self.layout.struct.unpack(self._buffer[self._start : self._start + self.layout.struct.size])
        return {name: value for (_, name, _), value in zip(self.layout.parts, values, strict=True)}

    def data(self) -> memoryview:
        """Everything after the header."""
        return self.view()[self.layout.struct.size :]

    @property
    def idc_text(self) -> str:
        """The IDC byte as two digits."""
        return f"{self._buffer[self._start + 4]:02d}" if len(self) > 4 else ""

    def tags(self) -> list[str]:
        """Tags of the header's numbers and of the image."""
        if not self.complete:
            return []
        numbers = [number for number, _, _ in self.layout.parts]
        return [f"{self.type}.{number:03d}" for number in (*numbers, self.layout.data)]

    def raw(self, field: str | int) -> memoryview | None:
        """A header number as ASCII digits (FGP: those that are set, joined by RS), or the image bytes."""
        wanted = field_number(self.type, field)
        if not self.complete:
            return None
        if wanted == self.layout.data:
            return self.data()
        name = next((name for number, name, _ in self.layout.parts if number == wanted), None)
        if name is None:
            return None
        value = self.header()[name]
        if isinstance(value, bytes):
            return memoryview(b"\x1e".join(b"%d" % code for code in value if code != NO_FINGER))
        return memoryview(b"%d" % value)

    def set(self, field: str | int, value: Value | bytes | int) -> None:
        """Write a header number (FGP: one or up to six positions) or the image bytes; LEN follows."""
        wanted = field_number(self.type, field)
        tag = f"{self.type}.{wanted:03d}"
        if wanted == 1:
            self._fail(Code.DERIVED_FIELD, "LEN follows from the record", tag)
        header, data = self.header(), self.data()
        if wanted == self.layout.data:
            if not isinstance(value, bytes | bytearray | memoryview):
                self._fail(Code.BAD_VALUE, "expected bytes for the image", tag)
            data = memoryview(bytes(value))
        else:
            part = next(((name, code) for number, name, code in self.layout.parts if number == wanted), None)
            if part is None:
                self._fail(Code.NO_FIELD, f"a Type-{self.type} record has no such field", tag)
            header[part[0]] = self._binary(value, part[1], tag)
        header["LEN"] = self.layout.struct.size + len(data)
        self._replace(self.layout.struct.pack(*header.values()) + bytes(data))

    def update(self, values: Mapping[str, int]) -> None:
        """Write several header numbers."""
        for name, value in values.items():
            self.set(name, value)

    def remove(self, field: str | int) -> None:
        """A binary header has all its numbers; only the image can go, by setting it to no bytes."""
        wanted = field_number(self.type, field)
        self._fail(Code.DERIVED_FIELD, "a binary record cannot be without this number", f"{self.type}.{wanted:03d}")

    def _binary(self, value: Value | bytes | int, code: str, tag: str) -> int | bytes:
        texts = [value] if isinstance(value, int | str) else list(value)
        numbers = []
        for entry in texts:
            text = str(entry[0] if isinstance(entry, list | tuple) else entry)
            if not (text.isascii() and text.isdigit()):
                self._fail(Code.BAD_VALUE, f"expected a number, got {text!r}", tag)
            numbers.append(int(text))
        most, top = (6, 255) if code == "6s" else (1, {"B": 255, "H": 65535, "I": 2**32 - 1}[code])
        if not 1 <= len(numbers) <= most or max(numbers) > top:
            self._fail(Code.BAD_VALUE, f"expected 1 to {most} numbers up to {top}, got {texts}", tag)
        if code == "6s":
            return bytes(numbers).ljust(6, b"\xff")
        return numbers[0]


def _image(record: BinaryRecord) -> Image | None:
    header, data = record.header(), record.data()
    if not len(data):
        return None
    if record.type == 7:
        return _user_defined(record, data)
    width, height = int(header["HLL"]), int(header["VLL"])
    field = f"{record.type}.{record.layout.data:03d}"
    resolution = _scan(record, int(header["ISR"]))
    if record.type == 8:
        claimed = {0: BILEVEL, 1: "FAX", 2: "VECTOR"}.get(int(header["SRT"]), "UNKNOWN")
        bits = next((bits for bits in (8, 24) if len(data) * 8 == width * height * bits), 1)
        return Image(
            data,
            claimed="RAW" if claimed == BILEVEL and bits > 1 else claimed,
            size=(width, height),
            bits=bits,
            resolution=resolution,
            record=record.position,
            field=field,
        )
    code = int(header["GCA"])
    codes = {0: BILEVEL, 1: "FAX"} if record.type in {5, 6} else GREY_CODES
    claimed = codes.get(code, "UNKNOWN")
    return Image(
        data,
        claimed=claimed,
        size=(width, height),
        position=_first_finger(bytes(header["FGP"]) if isinstance(header["FGP"], bytes) else b""),
        impression=int(header["IMP"]),
        resolution=resolution,
        record=record.position,
        field=field,
    )


def _user_defined(record: BinaryRecord, data: memoryview) -> Image:
    """A Type-7 image: most are laid out like Type-4, and are read so only when everything in them fits."""
    twin = BinaryRecord(
        4, record.to_bytes() if len(record) < 64 else bytes(record.view()[:64]), 0, min(len(record), 64)
    )
    if twin.complete:
        header, body = twin.header(), record.view()[18:]
        width, height, code = int(header["HLL"]), int(header["VLL"]), int(header["GCA"])
        coded = sniff(body)
        if (code == 0 and width * height == len(body)) or (coded is not None and GREY_CODES.get(code) == coded.format):
            return Image(
                body,
                claimed=GREY_CODES.get(code, "UNKNOWN"),
                size=(width, height),
                position=_first_finger(bytes(header["FGP"]) if isinstance(header["FGP"], bytes) else b""),
                impression=int(header["IMP"]),
                resolution=_scan(record, int(header["ISR"])),
                record=record.position,
                field="7.003",
            )
    return Image(data, claimed="UNKNOWN", size=(0, 0), record=record.position, field="7.003")


def _first_finger(positions: bytes) -> int | None:
    return next((code for code in positions if code != NO_FINGER), None)


def _scan(record: Record, isr: int) -> tuple[float, str]:
    """Resolution of a binary image: ISR 1 is the native one of 1.011, 0 the least the type allows."""
    if isr == 1 and record.ambient_ppmm > 0:
        return record.ambient_ppmm * MM_PER_INCH, "transaction"
    if isr == 0 and record.type in {3, 5}:
        return 250.0, "record"
    return (500.0, "record") if isr == 0 else (0.0, "default")
