"""Small transactions of made-up people with generated ridges, for tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from tenprint import itl

WHEN = datetime(2024, 1, 5, 12, tzinfo=UTC)
FIELDS = {
    "RET": "Y",
    "NAM": "SAMPLE,PAT",
    "POB": "WV",
    "DOB": "19800115",
    "SEX": "X",
    "RAC": "U",
    "HGT": "510",
    "WGT": "170",
    "EYE": "BRO",
    "HAI": "BLK",
    "DOA": "20240104",
    "ASL": [["20240104", "LITTERING"]],
    "CRI": "WVTEST000",
    "ORI": "WVTEST000",
    "DAI": "WVIAFIS0Z",
    "TCN": "WVTEST000-20240105-000001",
}


SUFFIXES = {".an2", ".an2k", ".eft", ".ebts"}


def real_files(data: Path) -> list[Path]:
    """Every transaction of the traditional encoding in the reference data."""
    found = sorted(path for path in (data / "itl").rglob("*") if path.suffix in SUFFIXES)
    assert len(found) >= 20, f"only {len(found)} transactions under {data / 'itl'}"
    return found


def ridges(seed: int, height: int = 150, width: int = 120) -> np.ndarray:
    """Waves with a little noise: ``(height, width) uint8``."""
    y, x = np.mgrid[0:height, 0:width]
    wave = 128 + 90 * np.sin((x + seed * y / 9) / 1.6)
    return np.clip(wave + np.random.default_rng(seed).normal(0, 6, wave.shape), 0, 255).astype(np.uint8)


@cache
def finger(position: int) -> itl.FingerImage:
    """One finger image, compressed once."""
    impression = 1 if position <= 10 else 0
    wsq = itl.FingerImage(position=position, pixels=ridges(position)).compressed()
    return itl.FingerImage(position=position, impression=impression, wsq=wsq)


@cache
def raw(form: str = "type-4", fingers: tuple[int, ...] = tuple(range(1, 15))) -> bytes:
    """The bytes of a complete CAR."""
    return itl.build.criminal(FIELDS, [finger(position) for position in fingers], form=form, when=WHEN).to_bytes()


def card(form: str = "type-4", fingers: tuple[int, ...] = tuple(range(1, 15))) -> itl.Transaction:
    """A complete CAR, fresh."""
    return itl.read(raw(form, fingers))


def small(form: str = "type-14") -> bytes:
    """A CAR of one tiny image, for tests that go through every byte."""
    values = {
        2: "01",
        3: "1",
        4: "WVTEST000",
        5: "20240105",
        6: "4",
        7: "3",
        8: "1",
        9: "500",
        10: "500",
        11: "NONE",
        12: "8",
        13: "2",
    }
    pixels = bytes([0x1C, 0x1D, 0x1E, 0x1F, *b"14.999:x"])
    if form == "type-14":
        record = itl.build.tagged(14, values, pixels)
    else:
        record = (18 + 12).to_bytes(4, "big") + bytes([1, 1, 2, 255, 255, 255, 255, 255, 0, 0, 4, 0, 3, 0]) + pixels
    first = {4: "CAR", 7: "WVIAFIS0Z", 8: "WVTEST000", 9: "WVTEST000-1"}
    kind = int(form.removeprefix("type-"))
    return itl.build.compose(first, {5: "Y", 18: "SAMPLE,PAT"}, [(kind, 1, record)], when=WHEN).to_bytes()
