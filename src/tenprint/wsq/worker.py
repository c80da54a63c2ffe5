"""A process that codes and decodes WSQ for its parent: run as a file, it imports nothing of this project.

The library behind it is C code of 1995 that reads beyond its buffers when an image is damaged. Here such an image
ends this process and no other. Request: one letter (d decode, e encode), three big-endian numbers (bytes that follow,
height, width), the bytes. Answer: one letter (+ or -), the same three numbers, then pixels, WSQ bytes or a text.
"""

from __future__ import annotations

import struct
import sys

import _wsq  # type: ignore[import-not-found]  # the C part of the package wsq, which has no stubs

HEAD = struct.Struct(">cIII")
RATIO = 12  # the library takes it and ignores it


def answer(kind: bytes, data: bytes, height: int, width: int) -> tuple[bytes, bytes, int, int]:
    """Do what one request asks."""
    try:
        if kind == b"d":
            pixels, width, height, _ = _wsq.decompress(data)
            return b"+", bytes(pixels), height, width
        return b"+", bytes(_wsq.compress(data, height, width, RATIO)), height, width
    except Exception as fault:  # noqa: BLE001 - whatever the library raises is an answer
        return b"-", str(fault).encode("utf-8", "replace"), 0, 0


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(HEAD.size)) == HEAD.size:
        kind, size, height, width = HEAD.unpack(head)
        mark, data, height, width = answer(kind, source.read(size), height, width)
        sink.write(HEAD.pack(mark, len(data), height, width))
        sink.write(data)
        sink.flush()


if __name__ == "__main__":
    main()
