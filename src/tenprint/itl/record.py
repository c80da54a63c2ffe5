"""Records of a transaction: what all have in common, and tagged ones (Types 1, 2, 9 to 22, 98, 99).

A record keeps the bytes it came with. Reading looks into them; an edit makes new bytes for this record alone, in which
only the changed field and LEN differ. Standard: ANSI/NIST-ITL 1-2011 clauses 7 and 8. Binary records are in
``binary.py``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import NoReturn

from tenprint.itl import fields as codec
from tenprint.itl.charset import ASCII, Charset
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.fields import DATA, WITH_DATA, Buffer, Field
from tenprint.itl.image import Image, tagged_image
from tenprint.itl.names import number as field_number

Value = str | Sequence[str] | Sequence[Sequence[str]]
_FORBIDDEN_IN_TEXT: tuple[str, ...] = ("\x1c", "\x1d")
_FORBIDDEN_IN_ITEMS: tuple[str, ...] = ("\x1c", "\x1d", "\x1e", "\x1f")


LONGEST_IDC = 12
"""Digits of an IDC; what is longer is no number of a record."""


class Record(ABC):
    """One record.

    Attributes:
        type: record type, 1 to 99.
        position: place in the transaction, 0 is the Type-1 record.
        offset: first byte in the source it was read from; -1 for a record made or changed here.
        ambient_ppmm: native scanning resolution of the transaction (1.011), pixels per millimetre, 0 when not stated.
    """

    def __init__(self, kind: int, buffer: Buffer, start: int, end: int, charset: Charset = ASCII) -> None:
        self.type = kind
        self.charset = charset
        self.position = 0
        self.offset = start
        self.ambient_ppmm = 0.0
        self.strict = True
        self._buffer = buffer
        self._start = start
        self._end = end
        self._changed = False

    def __len__(self) -> int:
        return self._end - self._start

    def __repr__(self) -> str:
        return f"<Type-{self.type} record, IDC {self.idc_text or '-'}, {len(self)} bytes>"

    @property
    def changed(self) -> bool:
        """Was the record edited since it was read?"""
        return self._changed

    def view(self) -> memoryview:
        """The bytes of the record, without a copy."""
        return memoryview(self._buffer)[self._start : self._end]

    def to_bytes(self) -> bytes:
        """The bytes of the record: those it was read from, or its new ones."""
        return bytes(self.view())

    @property
    @abstractmethod
    def idc_text(self) -> str:
        """The IDC as written (``00`` and ``0`` differ); empty for Type-1 or when the record has none."""

    @property
    def idc(self) -> int | None:
        """The IDC as a number; ``None`` for Type-1 or when it is not a number."""
        text = self.idc_text.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_IDC else None

    @abstractmethod
    def tags(self) -> list[str]:
        """Tags of the fields in the order of the file, with three digits after the point; repeated ones repeat."""

    @abstractmethod
    def raw(self, field: str | int) -> memoryview | None:
        """The bytes of a field (of the first, when it is repeated; of the last for 999), or ``None``."""

    def get(self, field: str | int) -> str | None:
        """Text of a field by tag, number or mnemonic, subfields and items still joined by RS and US, or ``None``.

        Raises:
            ItlError: when the name is not a tag or a mnemonic of this record type.
        """
        raw = self.raw(field)
        return None if raw is None else self.charset.decode(bytes(raw))

    def items(self, field: str | int) -> list[list[str]]:
        """Subfields of a field, each a list of its items; an absent field is an empty list."""
        raw = self.raw(field)
        if raw is None:
            return []
        return [[self.charset.decode(item) for item in part] for part in codec.split_items(bytes(raw))]

    @abstractmethod
    def set(self, field: str | int, value: Value | bytes | int) -> None:
        """Write a field: text, a list of subfields, or a list of lists of items; bytes for image data.

        Raises:
            ItlError: for LEN and CNT, for separators inside a value, for text no declared character set can hold.
        """

    @abstractmethod
    def remove(self, field: str | int) -> None:
        """Take a field out of the record (every occurrence).

        Raises:
            ItlError: when the record has no such field or cannot be without it.
        """

    def image(self) -> Image | None:
        """The image of this record, decoded only when its pixels are asked for; ``None`` when it has none.

        Raises:
            ItlError: when the record was read leniently and its image header is incomplete.
        """
        return None

    def _replace(self, fresh: bytes) -> None:
        self._buffer, self._start, self._end = fresh, 0, len(fresh)
        self._changed, self.offset = True, -1

    def _fail(self, code: Code, detail: str, field: str | None = None) -> NoReturn:
        raise ItlError(code, detail, record=self.position, field=field)


def _silent(code: Code, detail: str, field: str | None, offset: int | None) -> None:
    """A record made here was checked when it was made."""


class TaggedRecord(Record):
    """A record of tagged fields."""

    def image(self) -> Image | None:
        """The image of this record, ``None`` when it has none; see ``Record.image``."""
        return tagged_image(self)

    def __init__(  # noqa: PLR0917 - the arguments of every record, and where to note what is irregular
        self,
        kind: int,
        buffer: Buffer,
        start: int,
        end: int,
        charset: Charset = ASCII,
        note: Callable[[Code, str, str | None, int | None], None] = _silent,
    ) -> None:
        super().__init__(kind, buffer, start, end, charset)
        self.data_number = DATA if kind in WITH_DATA else None
        self._fields: list[Field] = codec.index(buffer, start, end, kind, note)
        self._first: dict[int, Field] | None = None

    @property
    def fields(self) -> Sequence[Field]:
        """Where each field lies, in the order of the file."""
        return self._fields

    def source(self) -> memoryview:
        """The buffer that ``fields`` point into."""
        return memoryview(self._buffer)

    def _lookup(self) -> dict[int, Field]:
        if self._first is None:
            first: dict[int, Field] = {}
            for entry in self._fields:
                if entry.number >= 0 and (entry.number == self.data_number or entry.number not in first):
                    first[entry.number] = entry
            self._first = first
        return self._first

    @property
    def idc_text(self) -> str:
        """The IDC as written; empty for Type-1."""
        entry = self._lookup().get(2) if self.type != 1 else None
        return "" if entry is None else self._buffer[entry.value : entry.end].decode("latin-1")

    def tags(self) -> list[str]:
        """Tags in the order of the file."""
        return [f"{self.type}.{entry.number:03d}" for entry in self._fields if entry.number >= 0]

    def texts(self) -> list[tuple[int, str]]:
        """Every field but the image as (number, text), in the order of the file: the quick way to read them all."""
        buffer, decode, data = self._buffer, self.charset.decode, self.data_number
        return [
            (entry.number, decode(buffer[entry.value : entry.end])) for entry in self._fields if entry.number != data
        ]

    def raw_texts(self) -> list[tuple[int, bytes]]:
        """Every field but the image as (number, bytes), in the order of the file."""
        buffer, data = self._buffer, self.data_number
        return [(entry.number, buffer[entry.value : entry.end]) for entry in self._fields if entry.number != data]

    def raw(self, field: str | int) -> memoryview | None:
        """The bytes of a field, or ``None``."""
        entry = self._lookup().get(field_number(self.type, field))
        return None if entry is None else memoryview(self._buffer)[entry.value : entry.end]

    def raw_all(self, field: str | int) -> list[memoryview]:
        """The bytes of every occurrence of a field."""
        wanted = field_number(self.type, field)
        view = memoryview(self._buffer)
        return [view[entry.value : entry.end] for entry in self._fields if entry.number == wanted]

    def set(self, field: str | int, value: Value | bytes | int) -> None:
        """Write a field, see ``Record.set``; a new field is put in ascending order, field 999 stays last."""
        wanted = field_number(self.type, field)
        tag = f"{self.type}.{wanted:03d}"
        if wanted == 1 or (self.type == 1 and wanted == 3):
            self._fail(Code.DERIVED_FIELD, "this field follows from the records; change those", tag)
        self._write(wanted, self._encoded(value, tag, wanted))

    def remove(self, field: str | int) -> None:
        """Take a field out, see ``Record.remove``."""
        wanted = field_number(self.type, field)
        tag = f"{self.type}.{wanted:03d}"
        if wanted not in self._lookup():
            self._fail(Code.NO_FIELD, "there is no such field to remove", tag)
        if wanted == 1 or (wanted == 2 and self.type != 1) or (self.type == 1 and wanted == 3):
            self._fail(Code.DERIVED_FIELD, "a record cannot be without this field", tag)
        self._rebuild([piece for piece in self._pieces() if piece[0] != wanted])

    def _write(self, wanted: int, raw: bytes) -> None:
        pieces = self._pieces()
        places = [place for place, piece in enumerate(pieces) if piece[0] == wanted]
        if places:
            keep = places[-1] if wanted == self.data_number else places[0]
            pieces[keep] = (wanted, pieces[keep][1], raw)
        else:
            later = (place for place, piece in enumerate(pieces) if piece[0] > wanted)
            pieces.insert(next(later, len(pieces)), (wanted, self._prefix(wanted), raw))
        self._rebuild(pieces)

    def _prefix(self, wanted: int) -> bytes:
        """Tag of a new field in the manner of this record: ``2.018:``, or ``2.18:`` beside ``2.01:``."""
        entry = self._lookup().get(1)
        written = b"" if entry is None else self._buffer[entry.start : entry.value - 1]
        digits = len(written.partition(b".")[2]) or 3
        return b"%d.%s:" % (self.type, str(wanted).rjust(digits, "0").encode("ascii"))

    def _pieces(self) -> list[tuple[int, bytes, bytes | memoryview]]:
        view = memoryview(self._buffer)
        return [
            (entry.number, bytes(view[entry.start : entry.value]), view[entry.value : entry.end])
            for entry in self._fields
        ]

    def _rebuild(self, pieces: list[tuple[int, bytes, bytes | memoryview]]) -> None:
        if not pieces or pieces[0][0] != 1:
            self._fail(Code.BAD_LENGTH, "the record does not begin with LEN, so it cannot be edited")
        self._replace(codec.assemble((prefix, value) for _, prefix, value in pieces))
        self._fields = codec.index(self._buffer, self._start, self._end, self.type, _silent)
        self._first = None

    def _encoded(self, value: Value | bytes | int, tag: str, wanted: int) -> bytes:
        if isinstance(value, bytes | bytearray | memoryview):
            if wanted != self.data_number:
                self._fail(Code.BAD_VALUE, "expected text; bytes are for an image field only", tag)
            return bytes(value)
        text = join_items(value, self.position, tag)
        raw = self.charset.encode(text)
        if raw is None:
            self._fail(
                Code.UNDECLARED_TEXT,
                "the text is beyond ASCII and 1.015 DCS declares no character set for it; declare 003 UTF-8 first",
                tag,
            )
        return raw


def join_items(value: Value | int, record: int, tag: str) -> str:
    """Text of a field from its subfields and items.

    Raises:
        ItlError: when a part holds a separator that would break the field.
    """
    if isinstance(value, int):
        value = str(value)
    forbidden = _FORBIDDEN_IN_TEXT if isinstance(value, str) else _FORBIDDEN_IN_ITEMS
    if isinstance(value, str):
        parts = [value]
    else:
        parts = [item for part in value for item in ([part] if isinstance(part, str) else part)]
    for part in parts:
        if any(mark in part for mark in forbidden):
            raise ItlError(
                Code.BAD_VALUE,
                "a value must not hold the separators FS, GS (or RS, US in an item)",
                record=record,
                field=tag,
            )
    if isinstance(value, str):
        return value
    return "\x1e".join(part if isinstance(part, str) else "\x1f".join(part) for part in value)
