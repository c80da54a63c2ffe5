"""What a person should know of a picture before a score is read: no finger, several, another resolution than stated."""

from __future__ import annotations

from tenprint.finger import images, ridges, segmentation
from tenprint.finger.images import Gray


def look(pixels: Gray, ppi: float) -> tuple[str, ...]:
    """What is odd about a picture of one finger, a sentence each; nothing for a picture in order.

    Args:
        pixels: (h, w) uint8.
        ppi: the resolution that it is said to have.

    Raises:
        ImageUnusable: when it is no gray picture at a plausible resolution.
    """
    checked = images.checked(pixels, ppi)
    seen = ridges.ridges(checked)
    if not seen.windows:
        return ("no finger is seen: nowhere are there ridges",)
    notes: list[str] = []
    told = ridges.resolution(checked, ppi)
    if seen.period is not None and seen.white is not None and told != ppi:
        period = seen.period if told < ppi else seen.white
        notes.append(
            f"{ppi:g} ppi cannot be: ridges would be {period * images.PPI / ppi:.1f} pixels apart at 500 ppi; "
            f"taken as {told:g} ppi"
        )
    if (count := segmentation.several(checked, told)) > 1:
        notes.append(f"{count} fingers beside each other where one is expected")
    return tuple(notes)
