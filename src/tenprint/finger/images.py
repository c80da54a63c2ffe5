"""Finger pictures: files in, gray pixels with their resolution out; resampling to 500 ppi; where the finger is.

500 ppi is the resolution of ANSI/NIST-ITL fingerprint images (class 5 scanning) and of the network.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tenprint import wsq as coder
from tenprint.finger.errors import ImageUnusable

PPI = 500.0
PLAUSIBLE_PPI = (200.0, 2100.0)
"""Outside of this a stated resolution is a default of some program (1, 72, 96), not a measurement."""
MOST_PIXELS = 16_000_000
"""A card of ten fingers at 500 ppi has about 16 million; one finger has half a million."""

Gray = NDArray[np.uint8]


def read_image(source: str | os.PathLike[str] | bytes) -> tuple[Gray, float]:
    """Gray pixels and resolution of a picture file (PNG, TIFF, JPEG, BMP, WSQ ...).

    Args:
        source: a path, or the bytes of the file.

    Returns:
        (h, w) uint8 pixels and the resolution in pixels per inch: the file's own when it states a plausible one, else
        500.

    Raises:
        ImageUnusable: when the file cannot be read or is not a picture.
    """
    import wsq  # noqa: F401, PLC0415 - lets Pillow read the head of WSQ; its pixels come from elsewhere
    from PIL import Image  # noqa: PLC0415

    name = "the bytes given" if isinstance(source, bytes) else os.fspath(source)
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        with Image.open(io.BytesIO(data)) as picture:
            width, height, stated = *picture.size, picture.info.get("dpi")
            small = width * height <= MOST_PIXELS
            pixels = (_wsq(data) if picture.format == "WSQ" else _gray(picture)) if small else None
    except Exception as error:  # decoders raise whatever they like on damaged files
        raise ImageUnusable(f"{name}: not a picture that can be read ({type(error).__name__}: {error})") from error
    if pixels is None:
        raise ImageUnusable(f"{name}: expected one finger, got {width} x {height} pixels")
    return pixels, _plausible(stated)


def _gray(picture: Any) -> Gray:
    """Gray levels of any kind of picture: deep ones scaled by the bits they use, transparent ones laid on white."""
    from PIL import Image  # noqa: PLC0415

    if picture.mode.startswith(("I", "F")):
        return _shallow(np.asarray(picture))
    if picture.mode == "1":
        return np.asarray(cv2.GaussianBlur(np.asarray(picture.convert("L"), np.uint8), (0, 0), 0.8), np.uint8)
    if "A" in picture.mode or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return np.asarray(picture.convert("L"), np.uint8)


def _shallow(deep: NDArray[Any]) -> Gray:
    """Eight bits of more, or of floating point: white is the highest value of the bits in use (8, 10, 12, 14, 16)."""
    values = np.nan_to_num(np.asarray(deep, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    lowest, highest = float(values.min()), float(values.max())
    values, highest = values - min(lowest, 0.0), highest - min(lowest, 0.0)
    whites = [2.0**bits - 1 for bits in (8, 10, 12, 14, 16)]
    white = 1.0 if 0 < highest <= 1 and deep.dtype.kind == "f" else next((w for w in whites if highest <= w), highest)
    return np.asarray(np.rint(values * (255 / max(white, 1e-9))), np.uint8)


def _wsq(data: bytes) -> Gray:
    """Pixels of a WSQ picture, from a process of its own: the library crashes on damaged ones."""
    raw, height, width = coder.run(b"d", data)
    return np.frombuffer(raw, np.uint8).reshape(height, width)


def _plausible(stated: object) -> float:
    try:
        ppi = float(stated[0])  # type: ignore[index]
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return PPI
    if not PLAUSIBLE_PPI[0] <= ppi <= PLAUSIBLE_PPI[1]:
        return PPI
    return float(round(ppi)) if abs(ppi - round(ppi)) < 0.05 else ppi


def checked(pixels: object, ppi: object) -> Gray:
    """The pixels, when they are a gray picture at a plausible resolution.

    Raises:
        ImageUnusable: otherwise.
    """
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.dtype != np.uint8:
        got = f"{pixels.dtype} of shape {pixels.shape}" if isinstance(pixels, np.ndarray) else type(pixels).__name__
        raise ImageUnusable(f"expected gray pixels, uint8 of shape (height, width), got {got}")
    if not (isinstance(ppi, int | float) and PLAUSIBLE_PPI[0] <= ppi <= PLAUSIBLE_PPI[1]):
        low, high = PLAUSIBLE_PPI
        raise ImageUnusable(f"expected a resolution of {low:.0f} to {high:.0f} pixels per inch, got {ppi!r}")
    if pixels.size == 0 or pixels.size > MOST_PIXELS:
        raise ImageUnusable(f"expected 1 to {MOST_PIXELS} pixels, got {pixels.shape[1]} x {pixels.shape[0]}")
    return pixels


def to_500_ppi(pixels: Gray, ppi: float) -> Gray:
    """The picture at 500 ppi, by cubic interpolation (as the network was trained with)."""
    if ppi == PPI:
        return pixels
    scale = PPI / ppi
    if min(pixels.shape) * scale < 1:
        raise ImageUnusable(f"a picture of {pixels.shape[1]} x {pixels.shape[0]} pixels vanishes at 500 ppi")
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def foreground(pixels: Gray, block: int = 16) -> tuple[int, int, int, int] | None:
    """Where ridges may be: the box around all blocks in which gray values vary.

    Args:
        pixels: (h, w) uint8 at 500 ppi.
        block: side of a block in pixels; a ridge and a valley together are about nine.

    Returns:
        left, top, right, bottom in pixels (right and bottom excluded), or None when nothing varies.
    """
    high = cv2.dilate(pixels, np.ones((block, block), np.uint8))[::block, ::block]
    low = cv2.erode(pixels, np.ones((block, block), np.uint8))[::block, ::block]
    busy = (high.astype(np.int16) - low) > CONTRAST
    rows, columns = np.flatnonzero(busy.any(1)), np.flatnonzero(busy.any(0))
    if not len(rows):
        return None
    height, width = pixels.shape
    return (
        int(max(0, columns[0] * block - block)),
        int(max(0, rows[0] * block - block)),
        int(min(width, (columns[-1] + 2) * block)),
        int(min(height, (rows[-1] + 2) * block)),
    )


CONTRAST = 12
"""Gray levels between ridge and valley below which nothing can be seen; camera noise stays under it."""
