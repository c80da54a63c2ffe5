"""What a compressed image says about itself, read from its own first bytes without decoding it.

WSQ: CJIS-RS-0010 (FBI grey-scale specification); JPEG: ISO/IEC 10918-1; JPEG 2000: ISO/IEC 15444-1; PNG: ISO/IEC 15948.
"""

from __future__ import annotations

import msgspec

CM_PER_INCH = 2.54
_SOF_WSQ = 0xA2
_SEGMENTS_READ = 10_000


class Coded(msgspec.Struct, frozen=True):
    """Format and size that the image bytes state: pixels, samples a pixel, bits a sample, ppi (0: not stated)."""

    format: str
    width: int
    height: int
    samples: int = 1
    bits: int = 8
    ppi: float = 0.0


def sniff(data: memoryview) -> Coded | None:  # noqa: PLR0911 - one line a format
    """Format and size of compressed image bytes; ``None`` when they begin like no format we know."""
    head = bytes(data[:12])
    if head[:2] == b"\xff\xa0":
        return _wsq(data)
    if head[:3] == b"\xff\xd8\xff":
        return _jpeg(data)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return _png(data)
    if head == b"\x00\x00\x00\x0cjP  \r\n\x87\n":
        return _jp2(data)
    if head[:4] == b"\xff\x4f\xff\x51":
        return _codestream(bytes(data[4:60]))
    if head[:4] in {b"II*\x00", b"MM\x00*"}:
        return Coded("TIFF", 0, 0, bits=1)
    return None


def _wsq(data: memoryview) -> Coded:
    ppi = 0.0
    for marker, body in _segments(data, 0xA0):
        if marker == _SOF_WSQ and len(body) >= 6:
            return Coded("WSQ", int.from_bytes(body[4:6], "big"), int.from_bytes(body[2:4], "big"), ppi=ppi)
        if marker == 0xA8:
            ppi = ppi or _wsq_comment_ppi(bytes(body[:2000]))
    return Coded("WSQ", 0, 0)


def _wsq_comment_ppi(comment: bytes) -> float:
    for line in comment.split(b"\n"):
        name, _, value = line.partition(b" ")
        if name == b"PPI" and value.strip().isdigit() and len(value) < 8:
            return float(int(value))
    return 0.0


def _jpeg(data: memoryview) -> Coded:
    ppi = 0.0
    for marker, body in _segments(data, 0xD8):
        if marker == 0xE0 and bytes(body[:5]) == b"JFIF\x00" and len(body) >= 12:
            density = int.from_bytes(body[8:10], "big")
            ppi = density * {1: 1.0, 2: CM_PER_INCH}.get(body[7], 0.0)
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC} and len(body) >= 6:
            name = "JPEGL" if marker in {0xC3, 0xC7, 0xCB, 0xCF} else "JPEG"
            height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
            return Coded(name, width, height, body[5], body[0], ppi)
    return Coded("JPEG", 0, 0)


def _segments(data: memoryview, start: int) -> list[tuple[int, memoryview]]:
    """Markers with a length, up to the frame header, of a stream that begins with ``FF start``."""
    found: list[tuple[int, memoryview]] = []
    position = 2
    frame = {_SOF_WSQ} if start == 0xA0 else set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
    while position + 4 <= len(data) and len(found) < _SEGMENTS_READ:
        if data[position] != 0xFF:
            break
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        found.append((marker, data[position + 4 : position + 2 + length]))
        if marker in frame or length < 2:
            break
        position += 2 + length
    return found


def _png(data: memoryview) -> Coded:
    head = bytes(data[:4096])
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    bits = head[24] if len(head) > 25 else 8
    samples = {2: 3, 4: 2, 6: 4}.get(head[25], 1) if len(head) > 25 else 1
    at = head.find(b"pHYs")
    ppi = 0.0
    if at >= 0 and len(head) >= at + 13 and head[at + 12] == 1:
        ppi = int.from_bytes(head[at + 4 : at + 8], "big") * CM_PER_INCH / 100
    return Coded("PNG", width, height, samples, bits, round(ppi, 2))


def _jp2(data: memoryview) -> Coded:
    head = bytes(data[:4096])
    at = head.find(b"ihdr")
    if at < 0 or len(head) < at + 15:
        return Coded("JP2", 0, 0)
    body = head[at + 4 :]
    height, width = int.from_bytes(body[0:4], "big"), int.from_bytes(body[4:8], "big")
    return Coded("JP2", width, height, int.from_bytes(body[8:10], "big"), (body[10] & 0x7F) + 1)


def _codestream(body: bytes) -> Coded:
    """SIZ segment of a bare JPEG 2000 codestream."""
    numbers = [int.from_bytes(body[place : place + 4], "big") for place in range(4, 20, 4)]
    return Coded("JP2", numbers[0] - numbers[2], numbers[1] - numbers[3], int.from_bytes(body[36:38], "big"))
