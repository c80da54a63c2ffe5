"""A print the other way up, or as a mirror shows it: templates turned, never pictures.

Cards are scanned upside down, and negatives and transparencies from the wrong side. Neither is believed in silence:
who finds one says so.
"""

from __future__ import annotations

import numpy as np

from tenprint.finger.template import Template


def turned(template: Template) -> Template:
    """The same print upside down."""
    return _moved(template, mirrored=False)


def mirrored(template: Template) -> Template:
    """The same print as a mirror shows it, left and right exchanged."""
    return _moved(template, mirrored=True)


def _moved(template: Template, *, mirrored: bool) -> Template:
    rows = template.minutiae.astype(np.float64)
    rows[:, 0] = template.width - 1 - rows[:, 0]
    if mirrored:
        rows[:, 2] = np.pi - rows[:, 2]
    else:
        rows[:, 1] = template.height - 1 - rows[:, 1]
        rows[:, 2] += np.pi
    return Template.make(
        rows,
        template.kinds,
        width=template.width,
        height=template.height,
        quality=template.quality,
        extractor=template.extractor,
    )
