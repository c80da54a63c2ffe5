"""Finger images of a folder for the builders: which file shows which finger, and how it was taken.

A name says the position: ``fgp07`` anywhere in it, a number at its start (``07.png``, ``7_1.tif``), or the name of
the finger (``left-index.png``). WSQ files are taken as they are and win over another picture of the same position.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from tenprint.itl.build import FingerImage
from tenprint.itl.codes import codes
from tenprint.itl.decode import bounded
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.formats import sniff

SUFFIXES = (".wsq", ".png", ".tif", ".tiff", ".bmp", ".jpg", ".jpeg", ".jp2")
HIGHEST_POSITION = 15
PLAIN_FROM = 11
DEFAULT_PPI = 500.0
ROUNDING = 2  # formats that count pixels a metre or centimetre cannot say 500 ppi exactly
LEAST_PPI = 120  # less is what a screen says, not a scanner


def images(folder: Path) -> list[FingerImage]:
    """The finger images of a folder, in the order of positions; impressions are live-scan (IMP 1 rolled, 0 plain).

    Raises:
        ItlError: when there is none, when two show the same finger, or when one cannot be read.
    """
    chosen: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        position = position_of(path)
        if position is None:
            continue
        rival = chosen.get(position)
        if rival is not None and (rival.suffix.lower() == ".wsq") == (path.suffix.lower() == ".wsq"):
            raise ItlError(
                Code.BAD_VALUE, f"{rival.name} and {path.name} both show position {position}; keep one of them"
            )
        if rival is None or path.suffix.lower() == ".wsq":
            chosen[position] = path
    if not chosen:
        wanted = "names such as 07.png, fgp07.wsq or left-index.png"
        raise ItlError(Code.BAD_VALUE, f"{folder}: expected finger images with {wanted}, found none")
    return [_read(chosen[position], position) for position in sorted(chosen)]


def position_of(path: Path) -> int | None:
    """The position that a file name says, 1 to 15, or ``None``."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    stem = path.stem.lower()
    match = re.search(r"fgp0*(\d{1,2})(?!\d)", stem) or re.match(r"0*(\d{1,2})(?!\d)", stem)
    if match is not None:
        return int(match[1]) if 1 <= int(match[1]) <= HIGHEST_POSITION else None
    words = re.sub(r"[^a-z]+", " ", stem).strip()
    return next(
        (code for code, name in codes("position").items() if name == words and 1 <= code <= HIGHEST_POSITION), None
    )


def _read(path: Path, position: int) -> FingerImage:
    impression = 0 if position >= PLAIN_FROM else 1
    if path.suffix.lower() == ".wsq":
        raw = path.read_bytes()
        coded = sniff(memoryview(raw))
        if coded is None or coded.format != "WSQ" or not coded.width:
            raise ItlError(Code.IMAGE_FORMAT, f"{path.name}: expected a WSQ image, got {raw[:4]!r}")
        return FingerImage(position=position, impression=impression, wsq=raw)
    try:
        with Picture.open(path) as picture:
            bounded(*picture.size)
            ppi = _ppi(picture)
            pixels = np.asarray(picture.convert("L"), np.uint8)
    except ItlError:
        raise
    except Exception as fault:
        raise ItlError(Code.IMAGE_DATA, f"{path.name}: cannot be read as a picture ({fault})") from fault
    return FingerImage(position=position, impression=impression, pixels=pixels, ppi=ppi)


def _ppi(picture: Picture.Image) -> float:
    """Pixels per inch of a picture's own metadata; 500 when it says none, or says what screens say (72, 96)."""
    stated = picture.info.get("dpi")
    if not stated:
        return DEFAULT_PPI
    ppi = round(float(stated[0]))
    if abs(ppi - DEFAULT_PPI) <= ROUNDING or ppi < LEAST_PPI:
        return DEFAULT_PPI
    return float(ppi)
