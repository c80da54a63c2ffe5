"""Transactions that are valid by construction: a criminal tenprint, the answers to it, an error.

Fields and order: EBTS 9.1 with the version and domain of EBTS 11.2 (CAR, SRE, ERRT). The relayed immigration answers
IDR and IAR have no public EBTS layout; ours is an SRE-like Type-1 and Type-2 pair with the text in 2.060 MSG, see
``docs/reference/itl-answers.md``. Everything built here is read back strictly before it is returned.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from tenprint.itl.charset import STANDARD, Charset
from tenprint.itl.decode import Pixels, encode_wsq
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.fields import DATA, assemble
from tenprint.itl.formats import sniff
from tenprint.itl.names import number as field_number
from tenprint.itl.record import Value, join_items
from tenprint.itl.transaction import Transaction, read

VERSION = "0500"
DOMAIN = [["NORAM", "EBTS 11.2"]]
RESOLUTION_500_PPI = "19.69"
NO_RESOLUTION = "00.00"
LONGEST_MESSAGE = 300
MOST_MESSAGES = 11
_CARRIED_TO_ANSWERS = ("2.006", "2.009")
_UTF8 = Charset({"003": STANDARD["003"]})

FieldValues = Mapping[str, Value]


class FingerImage(msgspec.Struct, frozen=True, kw_only=True):
    """One finger image for a builder.

    Attributes:
        position: FGP code, 1 right thumb to 10 left little (rolled), 11 and 12 plain thumbs, 13 to 15 slaps.
        impression: IMP code, 0 live-scan plain, 1 live-scan rolled, 2 and 3 the same from ink.
        pixels: ``(height, width) uint8`` or ``None`` when ``wsq`` is given.
        wsq: the image already compressed with WSQ, or ``None`` to compress ``pixels`` here.
        ppi: pixels per inch.
    """

    position: int
    impression: int = 1
    pixels: Pixels | None = None
    wsq: bytes | None = None
    ppi: float = 500.0

    def compressed(self) -> bytes:
        """The WSQ bytes.

        Raises:
            ItlError: when there are neither pixels nor WSQ bytes, or the pixels cannot be coded.
        """
        if self.wsq is not None:
            return self.wsq
        if self.pixels is None:
            raise ItlError(Code.BAD_VALUE, f"the image of finger {self.position} has neither pixels nor WSQ bytes")
        return encode_wsq(self.pixels)


def criminal(
    fields: FieldValues,
    images: Sequence[FingerImage],
    *,
    form: Literal["type-4", "type-14"] = "type-4",
    tot: str = "CAR",
    destination: str | None = None,
    originator: str | None = None,
    tcn: str | None = None,
    when: datetime | None = None,
    priority: int | None = 4,
) -> Transaction:
    """A criminal tenprint submission.

    Args:
        fields: values by tag or mnemonic; Type-1 as ``1.008`` or by a mnemonic that only Type-1 has (ORI, TCN).
        images: finger images, at 500 ppi for ``type-4``.
        form: which record type carries the images.
        tot: type of transaction.
        destination: 1.007 DAI, nine characters.
        originator: 1.008 ORI, nine characters.
        tcn: 1.009, ten to forty characters; made from ORI and time when not given.
        when: moment of the transaction (aware); default now.
        priority: 1.006, 1 to 9.

    Raises:
        ItlError: for a value that cannot be written, an image that is not WSQ, or a missing ORI or DAI.
    """
    moment = (when or datetime.now(UTC)).astimezone(UTC)
    first, second = _split(fields)
    header: dict[int, Value | None] = {4: tot, 7: destination, 8: originator, 9: tcn}
    header |= {6: str(priority)} if priority else {}
    header |= first
    date = moment.strftime("%Y%m%d")
    if form == "type-4":
        records = [_type_4(image, idc) for idc, image in enumerate(images, 1)]
    else:
        source = str(header.get(8) or "")
        records = [_type_14(image, idc, source, date) for idc, image in enumerate(images, 1)]
    kind = 4 if form == "type-4" else 14
    resolution = RESOLUTION_500_PPI if form == "type-4" and images else NO_RESOLUTION
    return compose(
        header, second, [(kind, idc, raw) for idc, raw in enumerate(records, 1)], when=moment, resolution=resolution
    )


SAMPLE: FieldValues = {
    "DAI": "WVIAFIS0Z",
    "ORI": "WVTEST000",
    "RET": "Y",
    "NAM": "SAMPLE,PAT QUINN",
    "POB": "WV",
    "DOB": "19800115",
    "SEX": "X",
    "RAC": "U",
    "HGT": "510",
    "WGT": "170",
    "EYE": "BRO",
    "HAI": "BLK",
    "CRI": "WVTEST000",
}
"""A person who does not exist, of a test agency: what ``sample`` says where the caller says nothing."""


def sample(
    fields: FieldValues,
    images: Sequence[FingerImage],
    *,
    form: Literal["type-4", "type-14"] = "type-4",
    tot: str = "CAR",
    when: datetime | None = None,
) -> Transaction:
    """A complete criminal tenprint of a made-up person, in which the caller's fields and images take their places.

    Fingers without an image are declared in 2.084 AMP as UP, unable to print. Arguments as for ``criminal``.

    Raises:
        ItlError: as ``criminal``, and for a name of a field that is none.
    """
    moment = (when or datetime.now(UTC)).astimezone(UTC)
    day = moment.strftime("%Y%m%d")
    values: dict[str, Value] = {**SAMPLE, "DOA": day, "ASL": [[day, "SAMPLE OFFENSE"]]}
    absent = [[f"{finger:02d}", "UP"] for finger in missing_fingers(image.position for image in images)]
    if absent:
        values["AMP"] = absent
    first, second = _split(values)
    own_first, own_second = _split(fields)
    merged = {f"1.{number:03d}": value for number, value in (first | own_first).items()}
    merged |= {f"2.{number:03d}": value for number, value in (second | own_second).items()}
    return criminal(merged, images, form=form, tot=tot, when=moment)


def missing_fingers(positions: Iterable[int]) -> list[int]:
    """Fingers 1 to 10 that none of these positions shows; slaps and plain thumbs count for their fingers."""
    shown: set[int] = set()
    for position in positions:
        shown |= SHOWS.get(position, {position})
    return [finger for finger in range(1, 11) if finger not in shown]


SHOWS = {
    11: {1}, 12: {6}, 13: {2, 3, 4, 5}, 14: {7, 8, 9, 10}, 15: {1, 6},
    40: {2, 3}, 41: {3, 4}, 42: {4, 5}, 43: {7, 8}, 44: {8, 9}, 45: {9, 10},
    46: {2, 7}, 47: {2, 3, 4}, 48: {3, 4, 5}, 49: {7, 8, 9}, 50: {8, 9, 10},
}  # fmt: skip
"""Fingers on an image of more than one finger, or of a plain thumb, by position."""


def results(
    request: Transaction,
    *,
    identified: bool,
    tcn: str | None = None,
    when: datetime | None = None,
    fields: FieldValues | None = None,
) -> Transaction:
    """The answer SRE to a criminal submission: 2.059 SRF is I (identified) or N, 1.010 TCR is the request's TCN.

    Args:
        request: the submission.
        identified: was the person found?
        tcn: 1.009 of the answer.
        when: moment of the answer (aware); default now.
        fields: further Type-2 values, such as FBI or SID.
    """
    own: dict[str, Value] = {"2.018": request.get("2.018") or "", "2.059": "I" if identified else "N"}
    own["2.073"] = request.get("2.073") or request.get("1.008") or ""
    return _answer(request, "SRE", own | dict(fields or {}), tcn=tcn, when=when)


def error(
    request: Transaction,
    messages: Sequence[str],
    *,
    tcn: str | None = None,
    when: datetime | None = None,
    fields: FieldValues | None = None,
) -> Transaction:
    """The answer ERRT to a submission that is refused: 2.060 MSG says why, 1.010 TCR is the request's TCN.

    Args:
        request: the submission, which may have been read leniently.
        messages: one to eleven texts; longer ones are cut to 300 characters.
        tcn: 1.009 of the answer.
        when: moment of the answer (aware); default now.
        fields: further Type-2 values.
    """
    own: dict[str, Value] = {"2.060": _messages(messages)}
    if request.get("2.073"):
        own["2.073"] = request.get("2.073") or ""
    return _answer(request, "ERRT", own | dict(fields or {}), tcn=tcn, when=when)


def immigration_response(
    request: Transaction,
    *,
    kind: Literal["IDR", "IAR"],
    text: Sequence[str],
    tcn: str | None = None,
    when: datetime | None = None,
    fields: FieldValues | None = None,
) -> Transaction:
    """The second, relayed answer: IDR (identity response) or IAR (a person at the center answered). Our own layout.

    Args:
        request: the submission it answers.
        kind: type of transaction.
        text: one to eleven texts for 2.060 MSG; longer ones are cut to 300 characters.
        tcn: 1.009 of the answer.
        when: moment of the answer (aware); default now.
        fields: further Type-2 values.
    """
    own: dict[str, Value] = {"2.018": request.get("2.018") or "", "2.060": _messages(text)}
    own["2.073"] = request.get("2.073") or request.get("1.008") or ""
    return _answer(request, kind, own | dict(fields or {}), tcn=tcn, when=when)


def compose(
    first: Mapping[int, Value | None],
    second: Mapping[int, Value],
    images: Sequence[tuple[int, int, bytes]] = (),
    *,
    when: datetime,
    resolution: str = NO_RESOLUTION,
) -> Transaction:
    """A transaction of a Type-1 record, a Type-2 record and finished image records.

    Args:
        first: Type-1 values by field number; VER, DAT, NSR, NTR, DOM, GMT, TCN and CNT are filled in.
        second: Type-2 values by field number.
        images: record type, IDC and bytes of each image record.
        when: moment of the transaction, UTC.
        resolution: 1.011 and 1.012.

    Raises:
        ItlError: when a value cannot be written.
    """
    entries = [["1", f"{len(images) + 1:02d}"], ["2", "00"], *([str(kind), f"{idc:02d}"] for kind, idc, _ in images)]
    moment = when.astimezone(UTC)
    filled: dict[int, Value] = {
        2: VERSION,
        3: entries,
        5: moment.strftime("%Y%m%d"),
        11: resolution,
        12: resolution,
        13: DOMAIN,
        14: moment.strftime("%Y%m%d%H%M%SZ"),
    }
    filled |= {number: value for number, value in first.items() if value}
    for number, name in ((7, "DAI"), (8, "ORI")):
        if number not in filled:
            raise ItlError(
                Code.BAD_VALUE, f"expected a value for 1.{number:03d} {name}, got none", field=f"1.{number:03d}"
            )
    filled.setdefault(9, f"{_plain(filled[8])}-{moment.strftime('%Y%m%d-%H%M%S%f')}")
    texts = [*_flat(filled.values()), *_flat(second.values())]
    if not all(text.isascii() for text in texts):
        filled.setdefault(15, [["003", "UTF-8", ""]])
    body = {number: value for number, value in second.items() if value} | {2: "00"}
    raw = tagged(1, filled) + tagged(2, body) + b"".join(raw for _, _, raw in images)
    return read(raw, strict=True)


def tagged(kind: int, values: Mapping[int, Value], data: bytes | None = None) -> bytes:
    """The bytes of one tagged record; LEN is computed, fields stand in ascending order.

    Raises:
        ItlError: when a value holds separators.
    """
    pieces: list[tuple[bytes, bytes | memoryview]] = [(f"{kind}.001:".encode("ascii"), b"")]
    for number in sorted(values):
        tag = f"{kind}.{number:03d}"
        text = join_items(values[number], 0 if kind == 1 else 1, tag)
        pieces.append((f"{tag}:".encode("ascii"), _UTF8.encode(text) or b""))
    if data is not None:
        pieces.append((f"{kind}.{DATA}:".encode("ascii"), data))
    return assemble(pieces)


def _type_4(image: FingerImage, idc: int) -> bytes:
    data = image.compressed()
    width, height = _wsq_size(data, image.position)
    if abs(image.ppi - 500) > 10:
        raise ItlError(
            Code.BAD_VALUE, f"a Type-4 image has 500 ppi, the image of finger {image.position} has {image.ppi:g}"
        )
    fingers = bytes([image.position]).ljust(6, b"\xff")
    header = struct.pack(">IBB6sBHHB", 18 + len(data), idc, image.impression, fingers, 0, width, height, 1)
    return header + data


def _type_14(image: FingerImage, idc: int, source: str, date: str) -> bytes:
    data = image.compressed()
    width, height = _wsq_size(data, image.position)
    scale = str(round(image.ppi))
    values: dict[int, Value] = {
        2: f"{idc:02d}",
        3: str(image.impression),
        4: source,
        5: date,
        6: str(width),
        7: str(height),
        8: "1",
        9: scale,
        10: scale,
        11: "WSQ20",
        12: "8",
        13: str(image.position),
    }
    return tagged(14, values, data)


def _wsq_size(data: bytes, position: int) -> tuple[int, int]:
    coded = sniff(memoryview(data))
    if coded is None or coded.format != "WSQ" or not coded.width or not coded.height:
        raise ItlError(Code.IMAGE_FORMAT, f"expected WSQ bytes for finger {position}, got {bytes(data[:8])!r}")
    return coded.width, coded.height


def _answer(
    request: Transaction, tot: str, own: Mapping[str, Value], *, tcn: str | None, when: datetime | None
) -> Transaction:
    moment = (when or datetime.now(UTC)).astimezone(UTC)
    carried: dict[str, Value] = {tag: text for tag in _CARRIED_TO_ANSWERS if (text := request.get(tag))}
    first, second = _split({**carried, **own})
    header = {
        4: tot,
        7: request.get("1.008") or "",
        8: request.get("1.007") or "",
        9: tcn,
        10: request.get("1.009") or "",
    }
    return compose({**header, **first}, second, when=moment)


def _messages(texts: Sequence[str]) -> list[str]:
    cleaned = [" ".join(text.split())[:LONGEST_MESSAGE] for text in texts if text.strip()]
    if not cleaned:
        raise ItlError(Code.BAD_VALUE, "expected at least one message for 2.060 MSG", field="2.060")
    if len(cleaned) > MOST_MESSAGES:
        rest = len(cleaned) - MOST_MESSAGES + 1
        cleaned = [*cleaned[: MOST_MESSAGES - 1], f"and {rest} more"]
    return cleaned


def _split(fields: FieldValues) -> tuple[dict[int, Value], dict[int, Value]]:
    """Type-1 and Type-2 values by number, from tags and mnemonics."""
    first: dict[int, Value] = {}
    second: dict[int, Value] = {}
    for name, value in fields.items():
        head, dot, _ = name.partition(".")
        if dot and head == "1":
            first[field_number(1, name)] = value
            continue
        try:
            second[field_number(2, name)] = value
        except ItlError:
            if dot:
                raise
            first[field_number(1, name)] = value
    return first, second


def _flat(values: object) -> list[str]:
    if isinstance(values, str):
        return [values]
    return [text for value in values for text in _flat(value)]  # type: ignore[attr-defined]


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else "".join(_flat(value))
