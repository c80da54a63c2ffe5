"""The civil-rights office: claims that wait for an answer, and complaints: taken in from anybody, sealed, proved.

`Rights` is the office over an open exchange; every look at what is sealed is an event.
"""

from tenprint.exchange.rights.claims import OpenClaim, open_claims
from tenprint.exchange.rights.office import Filed, Filing, Rights
from tenprint.exchange.rights.receipts import Receipts, languages
from tenprint.exchange.rights.uploads import UnusableFileError, Upload, clean
from tenprint.exchange.rights.vault import OfficeKey

__all__ = [
    "Filed", "Filing", "OfficeKey", "OpenClaim", "Receipts", "Rights", "UnusableFileError", "Upload", "clean",
    "languages", "open_claims",
]  # fmt: skip
