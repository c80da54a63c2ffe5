"""Bytes to records in one pass, driven by LEN and CNT: ANSI/NIST-ITL 1-2011 clause 7 (traditional encoding).

No slice is taken before its bounds were checked against the source. Strict reading stops at the first error; lenient
reading lists it and goes on where the bytes themselves say how (a closing FS, a tag, a plausible binary header).
"""

from __future__ import annotations

import mmap
import re
from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec

from tenprint.itl import charset
from tenprint.itl.binary import BinaryRecord
from tenprint.itl.errors import Code, Deviation, ItlError
from tenprint.itl.fields import FS, RS, US, Buffer
from tenprint.itl.names import BINARY, RECORD_TYPES
from tenprint.itl.record import Record, TaggedRecord

MAP_FROM = 8 << 20  # files of this size and more are mapped, not read
MOST_RECORDS = 10_000
SHORTEST_SNIFF = 12  # fewer bytes cannot say which record they are
MOST_DEVIATIONS = 1_000
MOST_TOTAL_FIELDS = 500_000
MARK = b"\xef\xbb\xbf"
MARKED = "a byte-order mark (EF BB BF) stands before the transaction: something saved it as text"
_FIRST = re.compile(rb"1\.0{0,8}1:")
_HEAD = re.compile(rb"(\d{1,3})\.(0{0,8}1):([ 0-9]{1,32})(?=[\x1d\x1c])")
_PADDING = b"\x00\t\n\r\x1a "


class Entry(msgspec.Struct, frozen=True):
    """One pair of CNT: record type, IDC, and the bytes it was written with."""

    kind: int
    idc: int
    raw: bytes


class Content(msgspec.Struct, frozen=True):
    """What CNT says: how many records follow the Type-1 record, and which."""

    count: int
    entries: tuple[Entry, ...]
    padded: bool


class Read(msgspec.Struct, frozen=True):
    """What a reader found: records in order, CNT, deviations, and where the last record ends."""

    records: list[Record]
    content: Content | None
    deviations: list[Deviation]
    end: int


def load(source: str | Path | bytes | bytearray | memoryview) -> Buffer:
    """The bytes of a source; large files are mapped into memory.

    Raises:
        ItlError: when there is nothing to read.
        OSError: when the file cannot be opened.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, bytearray | memoryview):
        return bytes(source)
    with Path(source).open("rb") as file:
        size = file.seek(0, 2)
        if size >= MAP_FROM:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        file.seek(0)
        return file.read()


def read_records(buffer: Buffer, *, strict: bool) -> Read:
    """Split the bytes of one transaction into records.

    Raises:
        ItlError: in strict mode for the first error; in lenient mode when there is no Type-1 record to start from.
    """
    return _Reader(buffer, strict=strict).run()


class _Reader:
    def __init__(self, buffer: Buffer, *, strict: bool) -> None:
        self.buffer = buffer
        self.size = len(buffer)
        self.strict = strict
        self.records: list[Record] = []
        self.deviations: list[Deviation] = []
        self.counted: Counter[str] = Counter()
        self.charset = charset.ASCII
        self.ppmm = 0.0
        self.fields = 0

    def run(self) -> Read:
        if not self.size:
            raise ItlError(Code.EMPTY, "expected a transaction, got no bytes")
        if self.buffer[: len(MARK)] == MARK:
            raise ItlError(Code.NOT_ITL, MARKED, offset=0)
        if not _FIRST.match(self.buffer[:16]):
            raise ItlError(
                Code.NOT_ITL,
                f"expected a transaction in the traditional encoding, which begins 1.001:, got {self.buffer[:16]!r}",
                offset=0,
            )
        first = self._tagged(1, 0)
        content = self._content(first)
        self._transaction_facts(first)
        self._keep(first)
        end = self._rest(len(first), content)
        self._after(end)
        return Read(self.records, content, self.deviations, end)

    # -- the Type-1 record -------------------------------------------------

    def _content(self, first: TaggedRecord) -> Content | None:
        raw = first.raw(3)
        if raw is None:
            self._note(Code.CNT_MISSING, "expected field 1.003 CNT, got none", "1.003", 0)
            return None
        content = parse_content(bytes(raw))
        if content is None:
            shown = bytes(raw[:40]).decode("latin-1")
            self._note(
                Code.CNT_MALFORMED, f"expected pairs of type and IDC that begin with 1, got {shown!r}", "1.003", 0
            )
            content = parse_content(bytes(raw).strip(RS + US + b" "))  # stray separators leave the pairs readable
        if content is None:
            return None
        if content.count != len(content.entries):
            text = f"the count says {content.count} records, the list has {len(content.entries)}"
            self._note(Code.CNT_COUNT, text, "1.003", 0)
        if len(content.entries) > MOST_RECORDS:
            raise ItlError(Code.LIMIT, f"more than {MOST_RECORDS} records", field="1.003")
        return content

    def _transaction_facts(self, first: TaggedRecord) -> None:
        directory = first.raw(15)
        if directory is not None and len(directory) < 4096:
            self.charset = charset.declared(bytes(directory).decode("latin-1"))
            first.charset = self.charset
        resolution = first.raw(11)
        if resolution is not None and re.fullmatch(rb"\d{1,3}\.?\d{0,4}", bytes(resolution[:9])):
            self.ppmm = float(bytes(resolution[:9]))

    # -- the records after it ----------------------------------------------

    def _rest(self, position: int, content: Content | None) -> int:
        entries = content.entries if content else ()
        for place, entry in enumerate(entries):
            if position >= self.size:
                missing = len(entries) - place
                self._note(
                    Code.CNT_RECORDS,
                    f"CNT lists {len(entries)} records, the last {missing} are not there",
                    "1.003",
                    position,
                )
                return position
            record = self._next(position, entry)
            if record is None:
                return position
            position += len(record)
            self._keep(record)
        while not self.strict and position < self.size and (kind := self._unlisted(position)) is not None:
            if content is not None:
                self._note(Code.CNT_RECORDS, f"a Type-{kind} record that CNT does not list", "1.003", position)
            record = self._make(kind, position)
            position += len(record)
            self._keep(record)
        return position

    def _next(self, position: int, entry: Entry) -> Record | None:
        kind = self._sniff(position)
        self._compare(position, entry, kind)
        if kind is None:
            return None
        if kind in BINARY and entry.kind in BINARY:
            kind = entry.kind
        record = self._make(kind, position)
        if record.idc is not None and record.idc != entry.idc:
            text = f"CNT says IDC {entry.idc}, the record has IDC {record.idc_text}"
            self._note(Code.CNT_IDC, text, f"{kind}.002", position)
        return record

    def _compare(self, position: int, entry: Entry, kind: int | None) -> None:
        """Note where the bytes at a position are not the record that CNT lists."""
        left = self.size - position
        if entry.kind not in RECORD_TYPES or entry.kind == 1:
            self._note(Code.UNKNOWN_TYPE, f"CNT lists a record of Type {entry.kind}", "1.003", position)
        elif kind == entry.kind or (kind in BINARY and entry.kind in BINARY):
            return
        elif left < SHORTEST_SNIFF:
            text = f"{left} bytes are left, too few for a Type-{entry.kind} record"
            self._note(Code.TRUNCATED, text, f"{entry.kind}.001", position)
        elif kind is None and entry.kind in BINARY:
            length = int.from_bytes(self.buffer[position : position + 4], "big")
            text = f"expected a Type-{entry.kind} record of at least 5 bytes, LEN says {length}"
            self._note(Code.BAD_LENGTH, text, f"{entry.kind}.001", position)
        else:
            shown = "no record" if kind is None else "a binary record" if kind in BINARY else f"a Type-{kind} record"
            self._note(Code.CNT_TYPE, f"CNT says Type-{entry.kind}, here begins {shown}", "1.003", position)

    def _sniff(self, position: int) -> int | None:
        """Type of the record that begins here by its own bytes: its tag, or 4 for a plausible binary header."""
        head = _HEAD.match(self.buffer[position : position + 48])
        if head is not None:
            kind = int(head[1])
            return kind if kind in RECORD_TYPES and kind not in BINARY else None
        if re.match(rb"\d{1,3}\.\d{1,9}:", self.buffer[position : position + 16]):
            return int(self.buffer[position : position + 4].partition(b".")[0])
        length = int.from_bytes(self.buffer[position : position + 4], "big")
        return 4 if length >= 5 and self.size - position >= 5 else None

    def _unlisted(self, position: int) -> int | None:
        """Type of a record that CNT does not list; a binary one is taken for Type-4 only when it looks like one."""
        kind = self._sniff(position)
        if kind == 1:
            return None  # another transaction begins here
        if kind not in BINARY:
            return kind
        head = self.buffer[position : position + 18]
        length = int.from_bytes(head[:4], "big")
        if len(head) < 18 or length > self.size - position or head[12] > 1 or head[17] > 6 or head[5] > 29:
            return None
        self._note(Code.GUESSED_TYPE, "a binary record without an entry in CNT is read as Type-4", "1.003", position)
        return 4

    def _make(self, kind: int, position: int) -> Record:
        return self._binary(kind, position) if kind in BINARY else self._tagged(kind, position)

    def _binary(self, kind: int, position: int) -> BinaryRecord:
        length = int.from_bytes(self.buffer[position : position + 4], "big")
        end = position + length
        if end > self.size:
            self._note(Code.TRUNCATED, self._too_long(length, position), f"{kind}.001", position)
            end = self.size
        record = BinaryRecord(kind, self.buffer, position, end, self.charset)
        if not record.complete:
            text = f"expected at least {record.layout.struct.size} bytes in a Type-{kind} record, LEN says {length}"
            self._note(Code.BAD_LENGTH, text, f"{kind}.001", position)
        return record

    def _tagged(self, kind: int, position: int) -> TaggedRecord:
        end = self._tagged_end(kind, position)
        record = TaggedRecord(kind, self.buffer, position, end, self.charset, self._note)
        self.fields += len(record.fields)
        if self.fields > MOST_TOTAL_FIELDS:
            raise ItlError(Code.LIMIT, f"more than {MOST_TOTAL_FIELDS} fields", offset=position)
        self._check_inside(record, position)
        return record

    def _tagged_end(self, kind: int, position: int) -> int:
        head = _HEAD.match(self.buffer[position : position + 48])
        text = head[3].decode("ascii") if head else ""
        digits = text.strip(" ")
        if not digits.isdigit() or len(digits.lstrip("0")) > 12:
            self._note(Code.BAD_LENGTH, f"expected LEN in digits, got {text or 'none'!r}", f"{kind}.001", position)
            return self._by_separator(position)
        if text != str(int(digits)):
            self._note(Code.LENGTH_STYLE, f"LEN is written {text!r}", f"{kind}.001", position)
        end = position + int(digits)
        if end > self.size:
            self._note(Code.TRUNCATED, self._too_long(int(digits), position), f"{kind}.001", position)
            return self._by_separator(position) if kind in {1, 2} else self.size
        if end < position + len(head[0] if head else b"") + 1:
            self._note(Code.BAD_LENGTH, f"LEN {digits} is smaller than the field that says so", f"{kind}.001", position)
            return self._by_separator(position)
        if self.buffer[end - 1 : end] != FS:
            self._note(Code.NO_SEPARATOR, f"expected FS at the record's last byte {end - 1}", f"{kind}.001", end - 1)
            return self._by_separator(position) if kind in {1, 2} else end
        return end

    def _by_separator(self, position: int) -> int:
        found = self.buffer.find(FS, position)
        return self.size if found < 0 else found + 1

    def _too_long(self, length: int, position: int) -> str:
        return f"LEN says {length} bytes, {self.size - position} are left"

    def _check_inside(self, record: TaggedRecord, position: int) -> None:
        """No FS before the last byte but inside an image; the IDC second."""
        end = position + len(record)
        last = record.fields[-1]
        image_from = last.value if last.number == record.data_number else end
        early = self.buffer.find(FS, position, min(end - 1, image_from))
        if early >= 0:
            self._note(
                Code.NO_SEPARATOR, f"a record ends here, before byte {end} that LEN gives", f"{record.type}.001", early
            )
        if record.type != 1:
            self._check_idc(record, position)
        if len({entry.number for entry in record.fields}) != len(record.fields):
            self._repeated(record)

    def _check_idc(self, record: TaggedRecord, position: int) -> None:
        tag = f"{record.type}.002"
        place = 1 if record.fields[0].number == 1 else 0  # a missing LEN has been noted already
        second = record.fields[place] if len(record.fields) > place else None
        if second is None or second.number != 2 or record.idc is None or record.idc > 999:
            shown = record.idc_text[:20] or "none"
            self._note(Code.NO_IDC, f"expected the IDC in the second field, got {shown!r}", tag, position)
        elif len(record.idc_text) != 2:
            self._note(Code.IDC_STYLE, f"the IDC is written {record.idc_text!r}", tag, second.value)

    def _repeated(self, record: TaggedRecord) -> None:
        seen: set[int] = set()
        for entry in record.fields:
            if entry.number in seen and entry.number not in {-1, record.data_number}:
                tag = f"{record.type}.{entry.number:03d}"
                self._note(Code.REPEATED_FIELD, "the field number is repeated", tag, entry.start)
            seen.add(entry.number)

    # -- the end, and notes ------------------------------------------------

    def _after(self, end: int) -> None:
        if end >= self.size:
            return
        if begins(self.buffer, end):
            text = f"a second transaction begins here ({self.size - end} bytes): tenprint card split parts them"
            self._note(Code.TRAILING, text, None, end)
        elif self.size - end <= 4096 and not self.buffer[end:].strip(_PADDING):
            self._note(Code.PADDING, f"{self.size - end} bytes of padding follow the last record", None, end)
        else:
            self._note(Code.TRAILING, f"{self.size - end} bytes follow the last record", None, end)

    def _keep(self, record: Record) -> None:
        record.position = len(self.records)
        record.ambient_ppmm = self.ppmm
        record.strict = self.strict
        if len(self.records) >= MOST_RECORDS:
            raise ItlError(Code.LIMIT, f"more than {MOST_RECORDS} records", offset=record.offset)
        self.records.append(record)

    def _note(self, code: Code, detail: str, field: str | None, offset: int | None) -> None:
        record = None if code in {Code.PADDING, Code.TRAILING} else len(self.records)
        level: Literal["error", "note"] = "note" if code in NOTES else "error"
        if self.strict and level == "error":
            raise ItlError(code, detail, record=record, field=field, offset=offset)
        self.counted[level] += 1
        if self.counted[level] <= MOST_DEVIATIONS:  # each of its own, so that notes never hide an error
            self.deviations.append(Deviation(code, level, detail, record, field, offset))


NOTES = frozenset(
    {
        Code.PADDING,
        Code.REPEATED_FIELD,
        Code.TAG_STYLE,
        Code.LENGTH_STYLE,
        Code.IDC_STYLE,
        Code.EMPTY_FIELD,
        Code.UNDECLARED_TEXT,
    }
)
"""Unusual but harmless: strict reading lists these too and goes on."""


def begins(buffer: Buffer, at: int) -> bool:
    """Whether a transaction begins at a place."""
    return bool(_FIRST.match(buffer[at : at + 16]))


def parse_content(raw: bytes) -> Content | None:
    """What a CNT value says, or ``None`` when it is not a list of pairs of numbers that begins with Type 1."""
    if raw.count(RS) > MOST_RECORDS:
        raise ItlError(Code.LIMIT, f"more than {MOST_RECORDS} records", field="1.003")
    pairs = []
    for part in raw.split(RS):
        kind, _, idc = part.partition(US)
        if not (kind.strip().isdigit() and idc.strip().isdigit()) or len(part) > 24:
            return None
        pairs.append(Entry(int(kind), int(idc), part))
    if pairs[0].kind != 1:
        return None
    padded = pairs[0].raw.partition(US)[2][:1] == b"0"
    return Content(pairs[0].idc, tuple(pairs[1:]), padded)
