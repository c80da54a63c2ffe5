"""From a picture to minutiae the classical way: NIST's MINDTCT through nbis-py, where that is installed.

C. I. Watson et al., "User's Guide to NIST Biometric Image Software (NBIS)", NIST, 2007. About ten times as fast as the
network, and less accurate; figures are in ``docs/explanation/fingers.md``. nbis-py states angles in degrees in the
convention of ISO/IEC 19794-2 already, unlike the .xyt files of NIST's own program, which point the other way.

Thresholds and meanings of scores were measured with minutiae of the network and are not known for these, so such
templates are marked as imported.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np

from tenprint.finger import images
from tenprint.finger.errors import FingerError
from tenprint.finger.images import Gray
from tenprint.finger.template import Extractor, Kind, Template

ENDING = 1
"""What nbis-py calls a ridge ending; the other kind is a bifurcation."""


def extract(pixels: Gray, ppi: float = images.PPI) -> Template:
    """The minutiae of one finger, as `tenprint.finger.extract` gives them.

    Args:
        pixels: (h, w) uint8, dark ridges on light ground.
        ppi: resolution of the pixels, 200..2100.

    Raises:
        FingerError: when nbis-py is not installed.
        ImageUnusable: when pixels or resolution are of the wrong kind.
    """
    picture = images.to_500_ppi(images.checked(pixels, ppi), ppi)
    height, width = picture.shape
    _, data = cv2.imencode(".png", picture)
    found = _program().extract_minutiae(data.tobytes()).get()
    rows = np.array([(one.x(), one.y(), np.deg2rad(one.angle()), one.reliability()) for one in found])
    kinds = np.array([Kind.ENDING if one.kind().value == ENDING else Kind.BIFURCATION for one in found], np.uint8)
    quality = 1 - np.exp(-rows.reshape(-1, 4)[:, 3].sum() / 18)
    return Template.make(
        rows.reshape(-1, 4), kinds, width=width, height=height, quality=quality, extractor=Extractor.IMPORTED
    )


@cache
def _program() -> Any:
    """MINDTCT, for pictures at 500 ppi."""
    try:
        import nbis  # type: ignore[import-not-found]  # noqa: PLC0415
    except (ImportError, OSError) as error:  # OSError: a wheel built for another C library
        raise FingerError(f"mindtct: nbis-py cannot be imported ({error}); pip install nbis-py==0.1.3") from error
    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=images.PPI
    )
    return nbis.new_nbis_extractor(settings)
