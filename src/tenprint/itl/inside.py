"""Text inside images: comments and metadata of WSQ, JPEG and PNG are taken out.

Segments are cut at their own lengths; the coded picture is not touched. Sources: IAFIS-IC-0110 (WSQ, markers FFA0 to
FFA8), ITU-T T.81 annex B (JPEG), W3C PNG section 5.
"""

from __future__ import annotations

import re
import struct

_NISTCOM = re.compile(rb"NIST_COM \d{1,3}")
_TECHNICAL = re.compile(
    rb"(PIX_WIDTH|PIX_HEIGHT|PIX_DEPTH|PPI|LOSSY|WSQ_BITRATE) -?[\d.]{1,12}|COLORSPACE (GRAY|RGB|YCbCr|CMYK)"
    rb"|COMPRESSION (WSQ|JPEGB|JPEGL|NONE)|(NUM_COMPONENTS|INTERLEAVE) \d|(HV_FACTORS) \d,\d"
)
CLEANED = frozenset({"WSQ", "JPEG", "JPEGL", "PNG"})
"""Formats whose text can be taken out."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TEXT = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_WSQ_START, _WSQ_COMMENT, _WSQ_BLOCK = 0xFFA0, 0xFFA8, 0xFFA3
_JPEG_START, _JPEG_SCAN, _JPEG_COMMENT = 0xFFD8, 0xFFDA, 0xFFFE
_JPEG_APP = range(0xFFE1, 0xFFF0)
"""Application data but for APP0, which holds the resolution."""


def without_text(image: bytes) -> tuple[bytes, int]:
    """An image without the text that its format carries beside the picture.

    Args:
        image: WSQ, JPEG or PNG; anything else is given back as it came.

    Returns:
        The image, and how many bytes of text went.
    """
    if image.startswith(_PNG):
        made = _png(image)
    elif image[:2] == b"\xff\xa0":
        made = _segments(image, {_WSQ_COMMENT}, _WSQ_BLOCK)
    elif image[:2] == b"\xff\xd8":
        made = _segments(image, {_JPEG_COMMENT, *_JPEG_APP}, _JPEG_SCAN)
    else:
        return image, 0
    return made, len(image) - len(made)


def _segments(image: bytes, gone: set[int], data: int) -> bytes:
    """Segments in front of the coded data, without some of them; what is cut short stays as it is."""
    kept, at = [image[:2]], 2
    while at + 4 <= len(image):
        marker, length = struct.unpack_from(">HH", image, at)
        end = at + 2 + length
        if marker == data or marker < 0xFF00 or length < 2 or end > len(image):
            break
        if marker not in gone or is_technical(image[at + 4 : end]):
            kept.append(image[at:end])
        at = end
    return b"".join([*kept, image[at:]])


def is_technical(comment: bytes) -> bool:
    """Whether a comment is the one that NIST's programs write and holds sizes and rates of the picture alone."""
    lines = comment.split(b"\n")
    return bool(_NISTCOM.fullmatch(lines[0])) and all(_TECHNICAL.fullmatch(line) for line in lines[1:] if line)


def _png(image: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(image):
        length = int.from_bytes(image[at : at + 4], "big")
        end = at + 12 + length
        if end > len(image):
            break
        if image[at + 4 : at + 8] not in _PNG_TEXT:
            kept.append(image[at:end])
        at = end
    return b"".join([*kept, image[at:]])
