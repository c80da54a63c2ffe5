"""Fingers: minutiae out of pictures, how alike two fingers are, and who in a gallery it may be.

Start with `extract`, `compare` and `Gallery`; what a score means is in `calibration`. Nothing here knows of cards or
cases.
"""

from tenprint.finger.calibration import CALIBRATION, Meaning, examine_from, meaning, threshold
from tenprint.finger.errors import FingerError, GalleryUnusable, ImageUnusable, TemplateUnusable
from tenprint.finger.gallery import Candidate, Gallery
from tenprint.finger.images import read_image
from tenprint.finger.look import look
from tenprint.finger.matching import compare
from tenprint.finger.minutiae import extract
from tenprint.finger.template import Template

__all__ = [
    "CALIBRATION",
    "Candidate",
    "FingerError",
    "Gallery",
    "GalleryUnusable",
    "ImageUnusable",
    "Meaning",
    "Template",
    "TemplateUnusable",
    "compare",
    "examine_from",
    "extract",
    "look",
    "meaning",
    "read_image",
    "threshold",
]
