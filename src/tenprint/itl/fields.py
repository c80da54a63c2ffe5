"""Bytes of a tagged record as a list of fields, and back: ANSI/NIST-ITL 1-2011 clause 7.1 (traditional encoding).

A field is ``type.number:value``; GS stands between fields, RS between subfields, US between items, FS ends the record.
Field 999 of Types 10 to 22 and 99 holds the image: its value runs to the end of the record whatever bytes it
has, and it is recognized only where a field begins, so text such as ``case 999: see file`` stays text.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tenprint.itl.errors import Code, ItlError

FS, GS, RS, US = b"\x1c", b"\x1d", b"\x1e", b"\x1f"
DATA = 999
WITH_DATA = frozenset({*range(10, 23), 99})  # in Types 1, 2, 9 and 98 field 999 is text like any other
LONGEST_TAG = 14
MOST_FIELDS = 250_000
MOST_ITEMS = 1_000_000
REPEAT_WINDOW = 64  # a first, misplaced value of field 999 is a few characters long

Buffer = bytes | mmap.mmap
Note = Callable[[Code, str, str | None, int | None], None]


class Field(NamedTuple):
    """Where one field lies in its buffer: ``start`` of the tag, ``value`` start, ``end``. Number -1: not a field."""

    number: int
    start: int
    value: int
    end: int


def parse_tag(raw: bytes) -> tuple[int, int] | None:
    """Record type and field number of a tag such as ``14.013``, or ``None``."""
    kind, dot, number = raw.partition(b".")
    if not dot or not (kind.isdigit() and number.isdigit()) or len(kind) > 3 or len(number) > 9:
        return None
    return int(kind), int(number)


def index(buffer: Buffer, start: int, end: int, kind: int, note: Note) -> list[Field]:
    """Fields of the tagged record of type ``kind`` between ``start`` and ``end``.

    Every byte up to the closing FS belongs to exactly one field or is a separator between two.

    Args:
        buffer: the source.
        start: first byte of the record.
        end: one past its last byte.
        kind: record type that the tags must name.
        note: called with code, detail, tag and offset for everything that is not regular.

    Raises:
        ItlError: when the record has more than ``MOST_FIELDS`` fields.
    """
    stop = end - 1 if buffer[end - 1 : end] == FS else end
    data = DATA if kind in WITH_DATA else None
    fields: list[Field] = []
    known: dict[bytes, int] = {}
    append, find = fields.append, buffer.find
    position = start
    while True:
        colon = find(b":", position, min(position + LONGEST_TAG, stop))
        tag = buffer[position:colon] if colon >= 0 else b""
        number = known.get(tag)
        if number is None:
            number = _number(tag, kind, position, note)
            if number != data:
                known[tag] = number
        if number == data:
            position = _data(buffer, position, colon + 1, stop=stop, fields=fields, tag=tag, note=note)
            if position < 0:
                return fields
            continue
        gap = find(GS, position if number < 0 else colon + 1, stop)
        close = stop if gap < 0 else gap
        append(Field(number, position, position if number < 0 else colon + 1, close))
        if gap < 0:
            return fields
        if len(fields) > MOST_FIELDS:
            raise ItlError(Code.LIMIT, f"more than {MOST_FIELDS} fields in one record", offset=position)
        position = gap + 1
        if position == stop:
            note(Code.EMPTY_FIELD, "a group separator stands before the end of the record", None, gap)
            append(Field(-1, stop, stop, stop))
            return fields


def _number(tag: bytes, kind: int, position: int, note: Note) -> int:
    parsed = parse_tag(tag)
    if parsed is None:
        note(Code.BAD_TAG, f"expected a tag such as {kind}.003:, got {_shown(tag)}", None, position)
        return -1
    if parsed[0] != kind:
        note(Code.TAG_TYPE, f"expected a tag of Type-{kind}, got {_shown(tag)}", None, position)
        return -1
    regular = b"%d.%03d" % parsed
    if tag != regular:
        note(Code.TAG_STYLE, f"written {_shown(tag)}, regularly {_shown(regular)}", regular.decode("ascii"), position)
    return parsed[1]


def _data(buffer: Buffer, start: int, value: int, *, stop: int, fields: list[Field], tag: bytes, note: Note) -> int:
    """Append field 999; the position after it when field 999 follows once more, else -1."""
    again = buffer.find(GS + tag + b":", value, min(value + REPEAT_WINDOW, stop))
    if again < 0:
        fields.append(Field(DATA, start, value, stop))
        return -1
    first = _shown(buffer[value:again])
    text = f"{_shown(tag)} begins here with {first} and again at byte {again + 1}; only the last is an image"
    note(Code.REPEATED_DATA, text, tag.decode("ascii"), start)
    fields.append(Field(DATA, start, value, again))
    return again + 1


def _shown(raw: bytes) -> str:
    return repr(raw.decode("latin-1")) if raw else "none"


def split_items(raw: bytes) -> list[list[bytes]]:
    """Subfields of a value, each a list of items.

    Raises:
        ItlError: when there are more than ``MOST_ITEMS`` of them.
    """
    if raw.count(RS) + raw.count(US) > MOST_ITEMS:
        raise ItlError(Code.LIMIT, f"more than {MOST_ITEMS} items in one field")
    return [part.split(US) for part in raw.split(RS)]


def assemble(prefixed: Iterable[tuple[bytes, bytes | memoryview]]) -> bytes:
    """A tagged record of (tag with colon, value) pairs; the first is LEN, whose value is computed here.

    A LEN that came with leading zeros keeps its width where it can.
    """
    pieces = list(prefixed)
    tag, old = pieces[0]
    rest = sum(len(name) + len(value) + 1 for name, value in pieces[1:])
    width = len(old) if bytes(old[:1]) == b"0" else 1
    fixed = len(tag) + 1 + rest
    digits = width
    while len(str(fixed + digits)) > digits:
        digits += 1
    length = str(fixed + digits).rjust(digits, "0").encode("ascii")
    chain: list[bytes | memoryview] = [tag, length]
    for name, value in pieces[1:]:
        chain += (GS, name, value)
    chain.append(FS)
    return b"".join(chain)
