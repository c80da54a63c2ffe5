"""Minutiae as lines of text, the .xyt files of NIST's MINDTCT and BOZORTH3.

A line is x, y, direction, quality: pixels from the lower left corner, whole degrees counterclockwise, 0 to 100. NIST's
own convention points along the ridge away from where ISO/IEC 19794-2 and this program point: the two differ by half a
turn (C. I. Watson et al., "User's Guide to NIST Biometric Image Software", NIST, 2007, section on mindtct). The size of
the picture is not in the file.
"""

from __future__ import annotations

import numpy as np

from tenprint.finger.errors import TemplateUnusable
from tenprint.finger.template import Extractor, Template

MARGIN = 32
"""Pixels left free around the outermost minutiae, where the picture's own edge is not known."""
FURTHEST = 8000
QUALITY = 50
"""Of a line without a fourth number: not stated."""


def write(template: Template) -> bytes:
    """Lines of a template, best quality first."""
    lines = []
    for x, y, angle, quality in template.minutiae.tolist():
        turn = (round(np.rad2deg(angle)) + 180) % 360
        lines.append(f"{round(x)} {template.height - 1 - round(y)} {turn} {round(quality * 100)}\n")
    return "".join(lines).encode()


def read(data: bytes) -> Template:
    """The template of an .xyt file, marked as imported.

    Raises:
        TemplateUnusable: when a line is not three or four whole numbers in their ranges, or there is no line.
    """
    try:
        rows = [[int(word) for word in line.split()] for line in data.decode("ascii").splitlines() if line.strip()]
    except ValueError as error:
        raise TemplateUnusable(f"xyt: expected whole numbers, x y direction quality ({error})") from error
    if not rows:
        raise TemplateUnusable("xyt: expected a line for each minutia, the file has none")
    for number, row in enumerate(rows, start=1):
        whole = [*row, QUALITY][:4]
        if len(row) not in {3, 4} or not (0 <= whole[0] <= FURTHEST and 0 <= whole[1] <= FURTHEST):
            raise TemplateUnusable(f"xyt: line {number}: expected x y direction quality, got {row}")
        if not (0 <= whole[2] < 360 and 0 <= whole[3] <= 100):
            raise TemplateUnusable(f"xyt: line {number}: expected 0..359 degrees and quality 0..100, got {row[2:]}")
        rows[number - 1] = whole
    table = np.array(rows, np.float64)
    height, width = int(table[:, 1].max()) + 1 + MARGIN, int(table[:, 0].max()) + 1 + MARGIN
    made = np.column_stack(
        [table[:, 0], height - 1 - table[:, 1], np.deg2rad((table[:, 2] + 180) % 360), table[:, 3] / 100]
    )
    quality = float(1 - np.exp(-made[:, 3].sum() / 18))
    return Template.make(made, width=width, height=height, quality=quality, extractor=Extractor.IMPORTED)
