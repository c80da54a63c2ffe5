"""Image bytes to pixels, and pixels to WSQ. WSQ by the library ``wsq`` (NIST's coder), the others by Pillow.

The library encodes WSQ at 0.75 bits a pixel (about 15:1) and at no other rate. It decodes as NIST's ``dwsq`` does. WSQ
has no checksum: damage inside the entropy-coded part that is still decodable cannot be noticed by anyone.
"""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from tenprint import wsq
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.formats import Coded, sniff

Pixels = NDArray[np.uint8]
WSQ_BITS_PER_PIXEL = 0.75
WSQ_BLOCKS = 3
"""Blocks of coefficients in a certified stream (CJIS-RS-0010); inside of them FF is followed by 00."""
WSQ_PLAUSIBLE = 4_000_000  # pixels that a file of any size may claim
WSQ_DENSEST = 1_000  # further pixels a byte; a blank card has some 500
MOST_PIXELS = 1 << 26
WORST_MEAN_ERROR = 20.0  # grey levels; WSQ of real prints stays under 12, a coder that overflowed is beyond 30
_PILLOW = {"JPEG": ("JPEG",), "JPEGL": ("JPEG",), "PNG": ("PNG",), "JP2": ("JPEG2000",), "TIFF": ("TIFF",)}


def decode(data: memoryview, coded: Coded) -> Pixels:
    """Grey pixels of compressed image bytes.

    Args:
        data: the bytes.
        coded: what ``formats.sniff`` says about them.

    Returns:
        ``(height, width) uint8``; colours are reduced to luma (ITU-R 601).

    Raises:
        ItlError: when the image is damaged, too large, or no library decodes it.
    """
    bounded(coded.width, coded.height)
    if coded.format == "WSQ":
        return _decode_wsq(bytes(data), coded)
    if coded.format not in _PILLOW:
        raise ItlError(Code.NO_DECODER, f"no library here decodes {coded.format}; the bytes can be saved as they are")
    return _decode_pillow(bytes(data), coded)


def bounded(width: int, height: int) -> None:
    """Refuse to decode what claims more pixels than any print or portrait has.

    Raises:
        ItlError: for more than ``MOST_PIXELS``.
    """
    if width * height > MOST_PIXELS:
        raise ItlError(Code.LIMIT, f"the image claims {width} x {height} pixels, more than we decode")


def _decode_wsq(data: bytes, coded: Coded) -> Pixels:
    if not coded.width or not coded.height:
        raise ItlError(Code.IMAGE_DATA, "the WSQ image has no frame header")
    if coded.width * coded.height > WSQ_PLAUSIBLE + WSQ_DENSEST * len(data):
        text = f"the WSQ image claims {coded.width} x {coded.height} pixels in {len(data)} bytes"
        raise ItlError(Code.IMAGE_DATA, text)
    blocks = data.partition(b"\xff\xa1")[0].count(b"\xff\xa3")
    if blocks < WSQ_BLOCKS:
        text = f"the WSQ image ends after {blocks} of its {WSQ_BLOCKS} blocks"
        raise ItlError(Code.IMAGE_DATA, text)
    raw, height, width = _ask(b"d", data)
    if (width, height) != (coded.width, coded.height) or len(raw) != width * height:
        text = f"the WSQ image gave {width} x {height} pixels, its header says {coded.width} x {coded.height}"
        raise ItlError(Code.IMAGE_DATA, text)
    return np.frombuffer(raw, np.uint8).reshape(height, width)


def decode_group_4(data: memoryview, width: int, height: int) -> Pixels:
    """Bi-level pixels of a facsimile image (ITU-T T.6, which ANSI/EIA-538 adopts), read as the strip of a TIFF file.

    Raises:
        ItlError: when the size is not stated or too large, or the code is damaged.
    """
    bounded(width, height)
    if not width or not height:
        raise ItlError(Code.IMAGE_HEADER, "a facsimile image needs its width and height in the record")
    tags = ((256, width), (257, height), (258, 1), (259, 4), (262, 0), (273, 110), (278, height), (279, len(data)))
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return _decode_pillow(head + body + bytes(4) + bytes(data), Coded("TIFF", width, height))


def _decode_pillow(data: bytes, coded: Coded) -> Pixels:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters is an error, and size is checked here
            with Picture.open(io.BytesIO(data), formats=_PILLOW[coded.format]) as picture:
                bounded(*picture.size)
                return _grey(picture)
    except ItlError:
        raise
    except Exception as fault:
        raise ItlError(Code.IMAGE_DATA, f"the {coded.format} image cannot be decoded: {fault}") from fault


def _grey(picture: Picture.Image) -> Pixels:
    if picture.mode.startswith("I"):
        return (np.asarray(picture).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)
    return np.asarray(picture.convert("L"), np.uint8)


def encode_wsq(pixels: Pixels) -> bytes:
    """Grey pixels as WSQ at 0.75 bits a pixel, the only rate the library gives.

    The result is decoded again and compared: very smooth images (pure waves) overflow the library's quantizer and come
    out as rubbish. Those are coded once more with noise of up to three grey levels, which is below the loss of WSQ.

    Args:
        pixels: ``(height, width) uint8``.

    Raises:
        ItlError: when the array is not such an image, or the library cannot code it.
    """
    if pixels.ndim != 2 or pixels.dtype != np.uint8 or not all(0 < side < 65_536 for side in pixels.shape):
        raise ItlError(Code.BAD_VALUE, f"expected a grey image of uint8, got {pixels.shape} of {pixels.dtype}")
    noise = np.random.default_rng(0).integers(-3, 4, pixels.shape)
    noisy = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    for attempt in (pixels, noisy):
        raw = _compress(attempt)
        coded = sniff(memoryview(raw))
        if coded is None or (coded.height, coded.width) != pixels.shape:
            raise ItlError(Code.IMAGE_DATA, "the WSQ library coded another size than it was given")
        error = np.abs(_decode_wsq(raw, coded).astype(np.int16) - pixels).mean()
        if error <= WORST_MEAN_ERROR:
            return raw
    text = f"the WSQ library changes the pixels of this image by {error:.0f} grey levels on average; use another format"
    raise ItlError(Code.IMAGE_DATA, text)


def _compress(pixels: Pixels) -> bytes:
    height, width = pixels.shape
    return _ask(b"e", np.ascontiguousarray(pixels).tobytes(), height, width)[0]


def _ask(kind: bytes, data: bytes, height: int = 0, width: int = 0) -> tuple[bytes, int, int]:
    try:
        return wsq.run(kind, data, height, width)
    except wsq.WsqError as fault:
        raise ItlError(Code.IMAGE_DATA, str(fault)) from fault
