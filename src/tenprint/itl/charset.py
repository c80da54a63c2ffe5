"""Character sets of a transaction: field 1.015 DCS, ANSI/NIST-ITL 1-2011 clause 5.6 and table 2.

ASCII needs no declaration. Index 001 is ISO 8859-1, 002 UTF-16, 003 UTF-8, 004 UTF-32; an item may switch to a declared
set with STX, index, "=", text, ETX. Bytes that follow no declaration are read as UTF-8 when they are UTF-8, else as
ISO 8859-1, so that every byte has a reading and can be written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

STANDARD = {"000": "ascii", "001": "latin-1", "002": "utf-16", "003": "utf-8", "004": "utf-32"}
_SWITCH = re.compile(rb"\x02(\d{3})=")


class Charset(msgspec.Struct, frozen=True):
    """The sets a transaction declares: ``declared`` maps the index in DCS to a codec of this machine."""

    declared: dict[str, str] = {}

    @property
    def default(self) -> str | None:
        """Codec of plain text beyond ASCII: the first declared one whose bytes cannot be separators."""
        return next((name for name in self.declared.values() if name in {"utf-8", "latin-1"}), None)

    def decode(self, raw: bytes) -> str:
        """Text of ``raw``; never fails, see the module's head."""
        if raw.isascii() and b"\x02" not in raw:
            return raw.decode("ascii")
        plain = self.default or "utf-8"
        said, at = [], 0
        for start, end, index, inside in _switches(raw):
            said += [_decode(raw[at:start], plain), _decode(inside, self._set(index))]
            at = end
        return "".join([*said, _decode(raw[at:], plain)])

    def _set(self, index: str) -> str:
        return self.declared.get(index) or STANDARD.get(index, "utf-8")

    def encode(self, text: str) -> bytes | None:
        """Bytes of ``text``, or ``None`` when no declared character set can hold it."""
        if text.isascii():
            return text.encode("ascii")
        try:
            return text.encode(self.default) if self.default else None
        except UnicodeEncodeError:
            return None

    def holds(self, raw: bytes) -> bool:
        """Do these bytes follow the declaration?"""
        if raw.isascii():
            return True
        if self.default is None:
            return b"\x02" in raw
        try:
            raw.decode(self.default)
        except UnicodeDecodeError:
            return b"\x02" in raw
        return True


ASCII = Charset()


def _switches(raw: bytes) -> Iterator[tuple[int, int, str, bytes]]:
    """Every switch to another set: where it begins and ends, the index, and its bytes; in one pass over the text."""
    at = raw.find(b"\x02")
    while at >= 0:
        head = _SWITCH.match(raw, at)
        end = raw.find(b"\x03", head.end()) if head else -1
        if head is not None and end < 0:
            return  # nothing that begins here or later ends
        if head is not None:
            yield at, end + 1, head[1].decode("ascii"), raw[head.end() : end]
        at = raw.find(b"\x02", end + 1 if head else at + 1)


def declared(directory: str) -> Charset:
    """The character sets that a DCS value names: subfields of index, name and version."""
    found: dict[str, str] = {}
    for subfield in directory.split("\x1e"):
        index, _, rest = subfield.partition("\x1f")
        name = rest.partition("\x1f")[0].strip().lower().replace("_", "-")
        codec = STANDARD.get(index.strip().rjust(3, "0"))
        if codec == "ascii" or not index.strip():
            continue
        if codec is None and name.startswith("utf-"):
            codec = name
        if codec is not None:
            found[index.strip().rjust(3, "0")] = codec
    return Charset(found)


def _decode(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return raw.decode("latin-1")
