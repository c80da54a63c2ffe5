"""A finger as minutiae: the value that is stored, compared and exchanged.

Conventions, enforced here and at every import: pixels at 500 ppi, x to the right, y down, angles in radians
counterclockwise seen with y up, 0 along x (ISO/IEC 19794-2 clause 6.5.2 and LEADER agree on it; NIST MINDTCT points
the other way).

Stored form, version 1, big-endian: magic ``TPFT``, version u8, extractor u8, width u16, height u16, finger quality u8
(0..255 for 0..1), reserved u8 (0), count u16; for each minutia x u16 and y u16 (eighths of a pixel), angle u16
(65536ths of a turn), quality u8, kind u8; at the end the first 8 bytes of BLAKE2b over all before.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from hashlib import blake2b
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.finger.errors import TemplateUnusable

MAGIC = b"TPFT"
VERSION = 1
MOST_MINUTIAE = 255
"""More than a finger has; ISO/IEC 19794-2 cannot hold more either."""

_HEAD = struct.Struct(">4sBBHHBBH")
_CHECK = 8
_STEP = 8.0
_ROW = np.dtype([("x", ">u2"), ("y", ">u2"), ("angle", ">u2"), ("quality", "u1"), ("kind", "u1")])


class Extractor(IntEnum):
    """Where minutiae came from; across sources less is known about scores."""

    UNKNOWN = 0
    LEADER = 1
    IMPORTED = 2


class Kind(IntEnum):
    """Type of a minutia (ISO/IEC 19794-2 clause 6.4)."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class Template(msgspec.Struct, frozen=True, eq=False):
    """The minutiae of one impression of one finger. Build it with `make`, which rounds to what is stored.

    Attributes:
        minutiae: (n, 4) float32: x, y in pixels at 500 ppi (y down), angle in radians 0..2 pi (y up), quality 0..1;
            best quality first; read-only.
        kinds: (n,) uint8 of `Kind`; read-only.
        width: of the image in pixels at 500 ppi.
        height: of the image in pixels at 500 ppi.
        quality: of the whole impression, 0..1; higher means fewer errors are to be expected.
        extractor: where the minutiae came from.
    """

    minutiae: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    width: int
    height: int
    quality: float = 0.0
    extractor: Extractor = Extractor.UNKNOWN

    @classmethod
    def make(
        cls,
        minutiae: NDArray[np.floating],
        kinds: NDArray[np.integer] | None = None,
        *,
        width: int,
        height: int,
        quality: float = 0.0,
        extractor: Extractor = Extractor.UNKNOWN,
    ) -> Self:
        """A template of these minutiae, rounded to the precision of the stored form, the best `MOST_MINUTIAE` kept.

        Args:
            minutiae: (n, 4): x, y (pixels at 500 ppi, y down), angle (radians, y up), quality 0..1.
            kinds: (n,) of `Kind`; all `Kind.OTHER` when not given.
            width: of the image in pixels at 500 ppi, 1..8191.
            height: of the image in pixels at 500 ppi, 1..8191.
            quality: of the impression, 0..1.
            extractor: where the minutiae came from.

        Raises:
            TemplateUnusable: when shapes or ranges do not fit.
        """
        rows = np.asarray(minutiae, np.float64)
        if rows.ndim != 2 or rows.shape[1] != 4 or not np.isfinite(rows).all():
            raise TemplateUnusable(f"minutiae: expected finite numbers of shape (n, 4), got shape {rows.shape}")
        if not (0 < width < 8192 and 0 < height < 8192):
            raise TemplateUnusable(f"size: expected 1..8191 pixels at 500 ppi, got {width} x {height}")
        which = np.zeros(len(rows), np.uint8) if kinds is None else np.asarray(kinds, np.uint8)
        if which.shape != (len(rows),) or (which > Kind.BIFURCATION).any():
            raise TemplateUnusable(f"kinds: expected {len(rows)} values 0..2, got shape {which.shape}")
        order = np.argsort(-rows[:, 3], kind="stable")[:MOST_MINUTIAE]
        packed = np.zeros(len(order), _ROW)
        packed["x"] = np.rint(np.clip(rows[order, 0], 0, 8191) * _STEP)
        packed["y"] = np.rint(np.clip(rows[order, 1], 0, 8191) * _STEP)
        packed["angle"] = np.rint(rows[order, 2] * (65536 / (2 * np.pi))).astype(np.int64) & 0xFFFF
        packed["quality"] = np.rint(np.clip(rows[order, 3], 0, 1) * 255)
        packed["kind"] = which[order]
        whole = round(min(max(quality, 0.0), 1.0) * 255)
        return cls._of(packed, width, height, whole, extractor)

    @classmethod
    def _of(cls, packed: NDArray[np.void], width: int, height: int, quality: int, extractor: Extractor) -> Self:
        rows = np.empty((len(packed), 4), np.float32)
        rows[:, 0] = packed["x"] / _STEP
        rows[:, 1] = packed["y"] / _STEP
        rows[:, 2] = packed["angle"] * (2 * np.pi / 65536)
        rows[:, 3] = packed["quality"] / 255
        kinds = np.ascontiguousarray(packed["kind"])
        rows.flags.writeable = False
        kinds.flags.writeable = False
        return cls(rows, kinds, width, height, quality / 255, extractor)

    def __len__(self) -> int:
        return len(self.minutiae)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Template) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def to_bytes(self) -> bytes:
        """The stored form (see the module's description); `from_bytes` gives an equal template back."""
        packed = np.zeros(len(self.minutiae), _ROW)
        packed["x"] = np.rint(self.minutiae[:, 0] * _STEP)
        packed["y"] = np.rint(self.minutiae[:, 1] * _STEP)
        packed["angle"] = (
            np.rint(self.minutiae[:, 2].astype(np.float64) * (65536 / (2 * np.pi))).astype(np.int64) & 0xFFFF
        )
        packed["quality"] = np.rint(self.minutiae[:, 3] * 255)
        packed["kind"] = self.kinds
        whole = round(self.quality * 255)
        head = _HEAD.pack(MAGIC, VERSION, self.extractor, self.width, self.height, whole, 0, len(packed))
        body = head + packed.tobytes()
        return body + blake2b(body, digest_size=_CHECK).digest()

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> Self:
        """The template that `to_bytes` stored.

        Raises:
            TemplateUnusable: when the bytes are of another kind, of a later version, cut short or damaged.
        """
        raw = bytes(data)
        if len(raw) < _HEAD.size + _CHECK or raw[:4] != MAGIC:
            raise TemplateUnusable(
                f"template: expected bytes that begin with {MAGIC!r}, got {len(raw)} bytes {raw[:4]!r}"
            )
        _, version, source, width, height, quality, reserved, count = _HEAD.unpack_from(raw)
        if version != VERSION:
            raise TemplateUnusable(f"template: expected version {VERSION}, got {version}; extract the finger again")
        if len(raw) != _HEAD.size + count * _ROW.itemsize + _CHECK:
            raise TemplateUnusable(
                f"template: {count} minutiae do not fit {len(raw)} bytes; the bytes were cut or joined"
            )
        if blake2b(raw[:-_CHECK], digest_size=_CHECK).digest() != raw[-_CHECK:]:
            raise TemplateUnusable(
                "template: the checksum does not match, the bytes were damaged; restore or extract again"
            )
        packed = np.frombuffer(raw, _ROW, count, _HEAD.size)
        if source not in set(Extractor) or reserved or count > MOST_MINUTIAE or not width or not height:
            raise TemplateUnusable("template: the header holds values that version 1 does not know")
        if (packed["kind"] > Kind.BIFURCATION).any():
            raise TemplateUnusable("template: a minutia has an unknown kind")
        return cls._of(packed, width, height, quality, Extractor(source))
