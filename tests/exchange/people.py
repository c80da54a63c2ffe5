"""Small cards of invented people, and an extractor that is quick: the gray of a tiny image names the finger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenprint.exchange import Exchange
from tenprint.finger import ImageUnusable, Template
from tenprint.itl import build
from tenprint.itl.names import number

AGENCY = "TXSYN4530"  # Travis County, TX, of the reference table: active since 2009-06-16, America/Chicago
INACTIVE = "ALSYN0030"  # Baldwin County, AL: active since 2011-04-26
BUREAU = "TXSIB0000"
NOON = datetime(2012, 11, 5, 18, tzinfo=UTC)
BROKEN = 255
"""The gray of an image that no template comes out of."""

FIELDS = {
    "RET": "Y", "NAM": "SAMPLE,PAT", "POB": "XX", "DOB": "19800115", "SEX": "M", "RAC": "U", "HGT": "510", "WGT": "170",
    "EYE": "BRO", "HAI": "BLK", "DOA": "20121105", "ASL": [["20121104", "LITTERING"]],
}  # fmt: skip


def card(person: int, tcn: str, fingers: tuple[int, ...] = (1, 2, 6, 7), **changes: Any) -> bytes:
    """A card.

    Args:
        person: 1 to 24; the same number is the same person.
        tcn: Control number.
        fingers: Positions with an image; 11 and 12 are the plain thumbs.
        changes: Other fields by mnemonic (``None`` leaves one out), ``tot``, ``ori``, ``grays`` (gray by position), and
            ``form``: raw images in Type-14 records, or WSQ in type-4 or type-14.
    """
    grays = changes.pop("grays", {})
    tot, ori, form = changes.pop("tot", "CAR"), changes.pop("ori", BUREAU), changes.pop("form", "raw")
    fields = {k: v for k, v in {**FIELDS, "CRI": AGENCY, **changes}.items() if v is not None}
    pixels = {at: np.full((64, 64), grays.get(at, gray(person, at)), np.uint8) for at in fingers}
    if form != "raw":
        images = [build.FingerImage(position=at, impression=int(at < 11), pixels=p) for at, p in pixels.items()]
        header = {"TOT": tot, "ORI": ori, "DAI": BUREAU, "TCN": tcn}
        return build.criminal({**fields, **header}, images, form=form, when=NOON).to_bytes()
    records = [(14, idc, raw_record(idc, at, p)) for idc, (at, p) in enumerate(pixels.items(), start=1)]
    second = {number(2, name): value for name, value in fields.items()}
    return build.compose({4: tot, 7: BUREAU, 8: ori, 9: tcn}, second, records, when=NOON).to_bytes()


def raw_record(idc: int, position: int, pixels: NDArray[np.uint8]) -> bytes:
    """A Type-14 record of one uncompressed image: quick to write and to read."""
    height, width = pixels.shape
    values = {
        2: f"{idc:02d}", 3: str(int(position < 11)), 4: BUREAU, 5: "20121105", 6: str(width), 7: str(height), 8: "1",
        9: "500", 10: "500", 11: "NONE", 12: "8", 13: str(position),
    }  # fmt: skip
    return build.tagged(14, values, pixels.tobytes())


def address(exchange: Exchange) -> str:
    """Where an open exchange is kept, to open it once more."""
    return exchange.ledger.engine.url.render_as_string(hide_password=False)


def gray(person: int, position: int) -> int:
    """The gray that names a finger; plain thumbs are the same fingers as the rolled ones."""
    return person * 10 + {11: 1, 12: 6}.get(position, position) - 1


def extract(pixels: NDArray[np.uint8], _ppi: float) -> Template:
    """A template that depends on the gray alone."""
    shade = round(float(pixels.mean()))
    if shade == BROKEN:
        raise ImageUnusable("a white image")
    random = np.random.default_rng(shade)
    minutiae = random.uniform((20, 20, 0, 0.5), (380, 480, 6.28, 1), (45, 4))
    return Template.make(minutiae, width=400, height=500, quality=0.9)
