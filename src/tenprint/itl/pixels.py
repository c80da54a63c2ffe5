"""What only the pixels of an image tell: damage, an end that comes too early, blank and inverted pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenprint.itl.crossing import Breach, data_field, safe_image
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.image import Image
from tenprint.itl.record import Record
from tenprint.itl.transaction import Transaction

FLAT = 6.0
"""Standard deviation, in grey levels, under which a picture shows nothing."""
DARK = 90.0
"""Mean grey level under which a print is white ridges on black; prints on paper lie at 150 to 240."""
PRINTS = frozenset({4, 14, 15})


def breaches(transaction: Transaction) -> Iterator[Breach]:
    """Decode every image and tell what is wrong with it; formats without a decoder here are passed over."""
    for record in transaction.records:
        image = safe_image(record)
        if image is not None:
            yield from _look(record, image)


def _look(record: Record, image: Image) -> Iterator[Breach]:
    tag = f"{record.type}.{data_field(record)}"

    def told(rule: str, confidence: str, expected: str, got: str) -> Breach:
        text = f"{tag}: expected {expected}, got {got}"
        return Breach(record.position, tag, rule, confidence, text, expected, got)

    try:
        pixels = image.pixels()
    except ItlError as fault:
        if fault.code is not Code.NO_DECODER:
            yield told("image-data", "high", "an image that can be decoded", fault.detail)
        return
    if pixels.std() < FLAT:
        yield told(
            "image-blank", "medium", "a picture that shows something", f"grey levels all near {pixels.mean():.0f}"
        )
    elif record.type in PRINTS and float(np.median(pixels)) < DARK and pixels.mean() < DARK:
        yield told("image-inverted", "medium", "dark ridges on a light ground", f"a mean grey of {pixels.mean():.0f}")
