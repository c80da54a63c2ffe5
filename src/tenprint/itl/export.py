"""Images of a transaction as files: the bytes as they stand in the record, and decoded as PNG where a library can."""

from __future__ import annotations

import io
import os
from pathlib import Path

import msgspec
from PIL import Image as Picture

from tenprint.itl.errors import ItlError
from tenprint.itl.record import Record
from tenprint.itl.report import ImageReport, image_report

SUFFIX = {"WSQ": "wsq", "RAW": "raw", "JPEG": "jpg", "JPEGL": "jpg", "JP2": "jp2", "PNG": "png", "TIFF": "tif"}


class Saved(msgspec.Struct, frozen=True):
    """One image that was saved; ``png`` is ``None`` and ``trouble`` says why when it could not be decoded."""

    record: int
    file: str | None
    png: str | None
    trouble: str | None
    image: ImageReport | None


def save_image(record: Record, folder: Path) -> Saved | None:
    """Write the image of a record into a folder that exists; ``None`` when the record has none.

    Raises:
        OSError: when a file cannot be written.
    """
    stem = f"{record.position:02d}-type{record.type}-idc{record.idc or 0:02d}"
    try:
        image = record.image()
    except ItlError as fault:
        return Saved(record.position, None, None, str(fault), None)
    if image is None:
        return None
    if image.position is not None:
        stem += f"-fgp{image.position:02d}"
    target = folder / f"{stem}.{SUFFIX.get(image.format, 'bin')}"
    _write(target, bytes(image.view))
    described = image_report(image)
    try:
        pixels = image.pixels()
    except ItlError as fault:
        return Saved(record.position, str(target), None, str(fault), described)
    png = folder / (f"{stem}.decoded.png" if image.format == "PNG" else f"{stem}.png")
    held = io.BytesIO()
    Picture.fromarray(pixels).save(held, "PNG", dpi=(image.ppi, image.ppi))
    _write(png, held.getvalue())
    return Saved(record.position, str(target), str(png), None, described)


def _write(path: Path, content: bytes) -> None:
    """A file of somebody's print or face: readable by its owner only."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
