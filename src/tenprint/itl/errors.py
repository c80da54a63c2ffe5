"""What can be wrong with a transaction: one typed error, numbered codes, and deviations that a lenient reader lists.

The numbers are ours, in the manner of EBTS error codes: 01xx boundaries of records, 02xx the file content field
(1.003 CNT), 03xx fields, 04xx text, 05xx images, 06xx edits and builders.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec


class Code(StrEnum):
    """Number of every fault the codec can name; ``docs/reference/itl-errors.md`` lists them with their meaning."""

    EMPTY = "ITL0101"
    NOT_ITL = "ITL0102"
    TRUNCATED = "ITL0103"
    BAD_LENGTH = "ITL0104"
    NO_SEPARATOR = "ITL0105"
    TRAILING = "ITL0106"
    LIMIT = "ITL0107"
    PADDING = "ITL0108"
    CNT_MISSING = "ITL0201"
    CNT_MALFORMED = "ITL0202"
    CNT_COUNT = "ITL0203"
    CNT_TYPE = "ITL0204"
    CNT_IDC = "ITL0205"
    CNT_RECORDS = "ITL0206"
    BAD_TAG = "ITL0301"
    TAG_TYPE = "ITL0302"
    NO_IDC = "ITL0303"
    REPEATED_FIELD = "ITL0304"
    REPEATED_DATA = "ITL0305"
    UNKNOWN_TYPE = "ITL0306"
    TAG_STYLE = "ITL0307"
    LENGTH_STYLE = "ITL0308"
    IDC_STYLE = "ITL0309"
    EMPTY_FIELD = "ITL0310"
    GUESSED_TYPE = "ITL0311"
    UNDECLARED_TEXT = "ITL0401"
    BAD_CHARSET = "ITL0402"
    IMAGE_HEADER = "ITL0501"
    IMAGE_SIZE = "ITL0502"
    IMAGE_FORMAT = "ITL0503"
    IMAGE_DATA = "ITL0504"
    NO_DECODER = "ITL0505"
    BAD_VALUE = "ITL0601"
    DERIVED_FIELD = "ITL0602"
    NO_FIELD = "ITL0603"


MEANING: dict[Code, str] = {
    Code.EMPTY: "there are no bytes to read",
    Code.NOT_ITL: "the bytes do not begin with a Type-1 record of the traditional encoding",
    Code.TRUNCATED: "a record is longer, by its LEN, than the bytes that are left",
    Code.BAD_LENGTH: "LEN is missing, is not a number, or is too small for its record",
    Code.NO_SEPARATOR: "a record does not end in one FS where its LEN says",
    Code.TRAILING: "bytes follow the last record",
    Code.LIMIT: "more records, fields or items than any real transaction has",
    Code.PADDING: "only blanks, line ends or zeros follow the last record",
    Code.CNT_MISSING: "the Type-1 record has no file content field (1.003 CNT)",
    Code.CNT_MALFORMED: "CNT is not a list of pairs of numbers that begins with Type 1",
    Code.CNT_COUNT: "the count in CNT differs from the number of its entries",
    Code.CNT_TYPE: "a record has another type than its entry in CNT",
    Code.CNT_IDC: "a record has another IDC than its entry in CNT",
    Code.CNT_RECORDS: "CNT lists more records than the transaction has",
    Code.BAD_TAG: "a field does not begin with a tag such as 2.018:",
    Code.TAG_TYPE: "a field has the tag of another record type",
    Code.NO_IDC: "the second field of a record is not its IDC, or is not a number from 0 to 99",
    Code.REPEATED_FIELD: "a field number occurs more than once in a record",
    Code.REPEATED_DATA: "field 999 occurs more than once, so where the image begins is ambiguous",
    Code.UNKNOWN_TYPE: "a record type that ANSI/NIST-ITL does not define",
    Code.TAG_STYLE: "a field number is not written with three digits (1.01 instead of 1.001)",
    Code.LENGTH_STYLE: "LEN is written with leading zeros or blanks",
    Code.IDC_STYLE: "an IDC is not written with two digits",
    Code.EMPTY_FIELD: "a group separator is followed by no field",
    Code.GUESSED_TYPE: "the type of a binary record was guessed from its content",
    Code.UNDECLARED_TEXT: "text beyond ASCII without a character set in 1.015 DCS",
    Code.BAD_CHARSET: "text does not follow the character set that 1.015 DCS declares",
    Code.IMAGE_HEADER: "the image header of a record is incomplete or contradicts itself",
    Code.IMAGE_SIZE: "the record states another image size than the image has",
    Code.IMAGE_FORMAT: "the record claims another compression than the image has",
    Code.IMAGE_DATA: "the image cannot be decoded: it is damaged",
    Code.NO_DECODER: "no library at hand decodes this kind of image",
    Code.BAD_VALUE: "a value cannot be written in the traditional encoding",
    Code.DERIVED_FIELD: "LEN and CNT follow from the records and cannot be set",
    Code.NO_FIELD: "there is no such field or mnemonic",
}


class ItlError(Exception):
    """One fault in a transaction, with the place where it was seen.

    Attributes:
        code: number of the fault.
        detail: what was expected and what came.
        record: position of the record in the transaction, 0 is the Type-1 record; ``None`` for the whole.
        field: tag of the field such as ``2.018``, or ``None``.
        offset: byte offset in the source, or ``None``.
    """

    def __init__(
        self,
        code: Code,
        detail: str,
        *,
        record: int | None = None,
        field: str | None = None,
        offset: int | None = None,
    ) -> None:
        self.code = code
        self.detail = detail
        self.record = record
        self.field = field
        self.offset = offset
        super().__init__(f"{code.value} {place(record, field, offset)}{detail}")


class Deviation(msgspec.Struct, frozen=True):
    """Something a reader met that the encoding does not allow (error) or that is merely unusual (note)."""

    code: Code
    level: Literal["error", "note"]
    detail: str
    record: int | None = None
    field: str | None = None
    offset: int | None = None

    def __str__(self) -> str:
        return f"{self.code.value} {place(self.record, self.field, self.offset)}{self.detail}"


def place(record: int | None, field: str | None, offset: int | None) -> str:
    """Words for a place: ``record 3, field 14.999, byte 4711: ``, or nothing."""
    words = []
    if record is not None:
        words.append(f"record {record}")
    if field is not None:
        words.append(f"field {field}")
    if offset is not None:
        words.append(f"byte {offset}")
    return ", ".join(words) + ": " if words else ""
