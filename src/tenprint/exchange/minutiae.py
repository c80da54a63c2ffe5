"""Type-9 records: the minutiae of a card's finger in the standard format of ANSI/NIST-ITL (fields 9.005 to 9.012).

Places are hundredths of a millimetre from the lower left corner, y up. Angles are whole degrees counterclockwise and
point away from where `tenprint.finger` points: the two differ by half a turn, as the NIST reference transaction shows
that holds a finger and its minutiae (ANSI/NIST-ITL 1-2007 clause 17; the same fields are legacy in 1-2011). The
feature set of IAFIS (9.013 to 9.023) is read too: its y is down and its angles are ours.

A search does not use these minutiae: scores are calibrated for those that this program finds in an image.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from tenprint import finger, itl
from tenprint.finger.interchange import View
from tenprint.finger.template import Extractor, Kind
from tenprint.itl import Record, Transaction
from tenprint.itl.build import tagged

PER_PIXEL = 2540 / 500
"""Hundredths of a millimetre of a pixel at 500 ppi."""
LARGEST = int(9999 / PER_PIXEL)
HALF_TURN = 180
SYSTEM = ("TENPRINT", "A")
"""9.005: originating system, and that its minutiae were found automatically, without a look by a person."""
UNKNOWN_PATTERN = ("T", "UN")
"""9.007: pattern by the table of the standard, unknown."""
LETTERS = {Kind.ENDING: "A", Kind.BIFURCATION: "B", Kind.OTHER: "D"}
KINDS = {"A": Kind.ENDING, "B": Kind.BIFURCATION}
"""C (compound) and D (undetermined) are neither."""
BEST, WORST = 2, 63
STATED = {0: 1.0, 1: 0.5}
"""Quality 0: placed by a person; 1: not stated."""
IMAGES = (4, 14)
MARGIN = 32
"""Pixels left free beyond the outermost minutia where no image says how large the finger was."""


def write(view: View, idc: int, impression: int) -> bytes:
    """The bytes of a Type-9 record of one finger.

    Args:
        view: position (FGP, 0 to 10) and template; places are kept to 0.01 mm, angles to
            whole degrees.
        idc: of the image in the same transaction that the minutiae belong to.
        impression: IMP of that image.

    Raises:
        finger.TemplateUnusable: when the picture is larger than four digits of 0.01 mm can say.
    """
    template = view.template
    if max(template.width, template.height) > LARGEST:
        raise finger.TemplateUnusable(
            f"Type-9 record: expected a picture of at most {LARGEST} pixels at 500 ppi (99.99 mm), "
            f"got {template.width} x {template.height}; cut it to the finger"
        )
    rows = []
    for n, (x, y, angle, quality) in enumerate(template.minutiae.tolist(), start=1):
        across, up = round(x * PER_PIXEL), round((template.height - y) * PER_PIXEL)
        degrees = round(np.degrees(angle) + HALF_TURN) % 360
        graded = BEST + round((1 - quality) * (WORST - BEST))
        rows.append([f"{n:03d}", f"{across:04d}{max(0, up):04d}{degrees:03d}", f"{graded:02d}",
                     LETTERS[Kind(template.kinds[n - 1])]])  # fmt: skip
    head = {2: f"{idc:02d}", 3: str(impression), 4: "S", 5: [SYSTEM], 6: f"{view.position:02d}", 7: [UNKNOWN_PATTERN],
            10: str(len(rows)), 11: "0"}  # fmt: skip
    return tagged(9, {**head, 12: rows} if rows else head)


def read(record: Record, size: tuple[int, int] | None = None) -> View:
    """Position and minutiae of a Type-9 record.

    Args:
        record: of type 9, with 9.012 of the standard format or 9.023 of IAFIS.
        size: width and height of the finger's image in pixels at 500 ppi; where it is not known the places keep their
            distances, and the picture ends a little beyond the outermost minutia.

    Raises:
        finger.TemplateUnusable: when the record holds neither format, or values outside of them.
    """
    standard = bool(record.items("9.012")) or record.get("9.004") == "S"
    field, place = ("9.012", "9.006") if standard else ("9.023", "9.014")
    subfields = [] if record.get(field) is None else record.items(field)
    if not subfields and not standard:
        raise finger.TemplateUnusable(
            f"Type-9 record {record.idc}: expected minutiae in 9.012 (standard format) or 9.023 (IAFIS), found neither"
        )
    parsed = [_minutia(items, f"{field} subfield {n}") for n, items in enumerate(subfields, start=1)]
    rows = np.array([row for row, _ in parsed], np.float64).reshape(-1, 4)
    width, height = size or tuple(int(edge) + MARGIN for edge in rows[:, :2].max(axis=0, initial=0))
    if standard:
        rows[:, 1] = height - rows[:, 1]
        rows[:, 2] += HALF_TURN
    rows[:, 2] = np.radians(rows[:, 2])
    if ((rows[:, :2] < 0) | (rows[:, :2] > (width + 1, height + 1))).any():
        raise finger.TemplateUnusable(
            f"{field}: expected minutiae within {width} x {height} pixels at 500 ppi, some lie outside; "
            "the record may belong to another image"
        )
    kinds = np.array([kind for _, kind in parsed], np.uint8)
    stated = record.get(place) or ""
    position = int(stated) if stated.isascii() and stated.isdigit() and int(stated) <= 10 else 0
    template = finger.Template.make(rows, kinds, width=width, height=height, extractor=Extractor.IMPORTED)
    return View(position, template)


def views(transaction: Transaction) -> Iterator[View]:
    """Every finger of which a transaction holds minutiae, each with the size of the image of the same IDC.

    Raises:
        finger.TemplateUnusable: when a Type-9 record cannot be read.
    """
    sizes = {}
    for record in transaction.of_type(*IMAGES):
        with suppress(itl.ItlError):  # an image that cannot be read has no size to give
            image = record.image()
            if image is not None and image.ppi:
                sizes[record.idc] = (round(image.width * 500 / image.ppi), round(image.height * 500 / image.ppi))
    for record in transaction.of_type(9):
        yield read(record, sizes.get(record.idc))


def _minutia(items: list[str], where: str) -> tuple[tuple[float, float, int, float], Kind]:
    """Place in pixels and angle in degrees as the record has them, quality 0..1, and kind."""
    number, place, graded, letter, *_ = [*items, "", "", "", ""]
    if len(place) != 11 or not (place.isascii() and place.isdigit()) or int(place[8:]) > 359:
        raise finger.TemplateUnusable(
            f"{where}: expected a place and an angle as XXXXYYYYTTT with TTT at most 359, got {place!r}"
        )
    if not (graded.isascii() and graded.isdigit()) or int(graded) > WORST:
        raise finger.TemplateUnusable(f"{where}: expected a quality 00 to {WORST}, got {graded!r} in minutia {number}")
    grade = int(graded)
    quality = STATED.get(grade, (WORST - grade) / (WORST - BEST))
    row = (int(place[:4]) / PER_PIXEL, int(place[4:8]) / PER_PIXEL, int(place[8:]), quality)
    return row, KINDS.get(letter, Kind.OTHER)
