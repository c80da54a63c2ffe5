"""Reads one workbook in a process of its own, with bounds of memory and time, and writes its sheets to standard output.

Run as a file (``python -I reader.py WORKBOOK``), never imported: a workbook of a kilobyte can ask for any amount of
memory, and only this process ends then. Output: MessagePack, name of sheet to rows of cells; what MessagePack has no
type for is a pair of type and ISO 8601 text. Exit 3 and a line on standard error: it is no workbook, or too large.
"""

from __future__ import annotations

import datetime as dt
import sys

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 4 * 2**30
"""Bytes of address space."""
SECONDS = 60
"""Of processor time."""
CELLS = 20_000_000
"""Of all sheets, empty ones inside the used area too: records of people come as some hundred thousand rows."""
SPARSE = 1_000_000
"""A sheet with more cells than this has something in at least one of twenty."""

Plain = str | float | int | bool | None | list[str]


def _bound() -> None:
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(value: object) -> Plain:
    if value is None or isinstance(value, str | float | int | bool):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return [type(value).__name__, value.isoformat()]
    return ["timedelta", str(value.total_seconds())] if isinstance(value, dt.timedelta) else str(value)


def _sheets(path: str) -> dict[str, list[list[Plain]]]:
    book, left, found = CalamineWorkbook.from_path(path), CELLS, {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        area = (sheet.total_height + 1) * (sheet.total_width + 1)  # both count from 0
        left -= area
        if left < 0:
            raise ValueError(f"more than {CELLS:,} cells")
        rows = sheet.to_python(skip_empty_area=False)
        filled = sum(v != "" for row in rows for v in row)
        if area > SPARSE and 20 * filled < area:
            raise ValueError(f"sheet {name!r} has {area:,} cells, and something in {filled:,} of them")
        found[name] = [[_plain(v) for v in row] for row in rows]
    return found


def main() -> int:
    """Read the workbook that the command line names."""
    _bound()
    try:
        sys.stdout.buffer.write(msgspec.msgpack.encode(_sheets(sys.argv[1])))
    except (CalamineError, OSError, ValueError, MemoryError) as wrong:
        print(str(wrong).replace("\n", " ") or "it asks for too much memory", file=sys.stderr)  # noqa: T201
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
