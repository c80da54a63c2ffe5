"""Transactions of ANSI/NIST-ITL 1-2011 in the traditional encoding, as EBTS uses them: read, write, check, build.

Lossless by construction: what nobody touched is written back byte for byte. Images decode only when asked.
This room knows nothing of people, cases, databases or fingers' features.
"""

from __future__ import annotations

from tenprint.itl import build, check
from tenprint.itl.binary import BinaryRecord
from tenprint.itl.build import FingerImage
from tenprint.itl.errors import Code, Deviation, ItlError
from tenprint.itl.image import Image
from tenprint.itl.record import Record, TaggedRecord
from tenprint.itl.transaction import Transaction, read

__all__ = [
    "BinaryRecord",
    "Code",
    "Deviation",
    "FingerImage",
    "Image",
    "ItlError",
    "Record",
    "TaggedRecord",
    "Transaction",
    "build",
    "check",
    "read",
]
