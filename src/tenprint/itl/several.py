"""Several transactions in one file, as some systems hand them on: where each begins, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tenprint.itl import reader
from tenprint.itl.errors import Code, ItlError
from tenprint.itl.transaction import read

_PADDING = frozenset(bytes([b]) for b in b"\x00\t\n\r\x1a ")


def split(source: str | Path | bytes) -> Iterator[bytes]:
    """The bytes of every transaction of a file, in order; joined they are the file.

    Bytes between two transactions stay with the one before.

    Raises:
        ItlError: when the file does not begin with a transaction, or something that is none follows one.
        OSError: when the file cannot be read.
    """
    buffer = bytes(reader.load(source))
    at = 0
    while at < len(buffer):
        found = reader.read_records(buffer[at:], strict=False)
        end = at + found.end
        while end < len(buffer) and buffer[end : end + 1] in _PADDING:
            end += 1
        if end < len(buffer) and not reader.begins(buffer, end):
            raise ItlError(Code.TRAILING, f"{len(buffer) - end} bytes follow that begin no transaction", offset=end)
        yield buffer[at:end]
        at = end


def join(sources: Iterable[str | Path | bytes]) -> bytes:
    """The transactions of several files one after the other.

    Raises:
        ItlError: when a source is no transaction.
        OSError: when a file cannot be read.
    """
    parts = []
    for source in sources:
        content = bytes(reader.load(source))
        for part in split(content):
            read(part, strict=False)
        parts.append(content)
    return b"".join(parts)
