"""What every command shares: options, output, errors with exit codes.

Exit codes: 0 good (warnings included), 1 findings, 2 unusable input or arguments, 70 our own crash
(EX_SOFTWARE of sysexits).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from rich.console import Console

FINDINGS = 1
UNUSABLE = 2
CRASH = 70

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the data as JSON.")]
Db = Annotated[
    str,
    typer.Option(
        "--db",
        envvar="TENPRINT_DB",
        help="The exchange: a file or a SQLAlchemy URL (sqlite:///x.db).",
        show_default=False,
    ),
]
As = Annotated[
    str,
    typer.Option("--as", envvar="TENPRINT_AS", help="Who acts: a registered principal.", show_default=False),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        help="When it happened (ISO 8601; a bare date is the end of that day in the agency's zone). Default: now; "
        "on a simulated exchange, the latest moment of its ledger.",
    ),
]


class Refused(Exception):  # noqa: N818 - reads as what happened to the user's request
    """A command cannot go on: a message for the user and an exit code."""

    def __init__(self, message: str, code: int = UNUSABLE) -> None:
        super().__init__(message)
        self.code = code


def fail(message: str, code: int = UNUSABLE) -> NoReturn:
    """Stop the command with a message that says what was expected, what came and what to do."""
    raise Refused(message, code)


def _plain(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):  # numpy scalars
        return value.item()
    raise NotImplementedError(f"cannot write a {type(value).__name__} as JSON")


def to_json(data: Any) -> str:
    """The data as indented JSON text: dates in ISO 8601, bytes as hex."""
    return msgspec.json.format(msgspec.json.encode(data, enc_hook=_plain), indent=2).decode()


def emit(data: Any) -> None:
    """Print data as JSON on standard output, exactly (no wrapping, no colors)."""
    typer.echo(to_json(data))


def tell(number: str, events: Sequence[Any], say: Callable[[Any], str], *, json: bool) -> None:
    """What an act upon a case changed: a sentence an event, or the events themselves.

    Args:
        number: Of the case.
        events: What happened; nothing when the case stood so already.
        say: An event in words.
        json: Whether to print data.
    """
    if json:
        emit({"number": number, "events": [msgspec.to_builtins(e) for e in events]})
        return
    for event in events:
        out.print(f"{number}: {say(event)}", markup=False)
    if not events:
        out.print(f"{number}: nothing changed; it stood so already.", markup=False)


def is_without_offset(text: str) -> bool:
    """Whether a time as typed leaves its zone to the reader."""
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def moment(text: str | None, zone: str = "UTC", option: str = "--at") -> datetime | None:
    """The moment that an option such as ``--at`` names; ``None`` when it was not given.

    Args:
        text: ISO 8601 date or date and time; without an offset it is wall time in ``zone``.
        zone: IANA time zone of the agency; a bare date is the end of that day there.
        option: Name of the option, for the message.

    Raises:
        Refused: when the text is not a date or a date and time.
    """
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    tz = ZoneInfo(zone)
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.max.time().replace(microsecond=0), tz)
        stamp = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{option}: expected a date such as 2012-11-09 or a time such as 2012-11-09T15:00, got {text!r}")
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=tz)


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that names people: whole or not at all, readable by its owner only.

    Raises:
        OSError: when it cannot be written; what was there before stays.
    """
    hidden = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


def typed(text: str) -> str:
    """What an option says, or standard input where it says ``-``: what names somebody shows in no list of processes."""
    return sys.stdin.read().strip() if text == "-" else text


def existing(path: Path) -> Path:
    """The path, when something readable is there.

    Raises:
        Refused: when nothing is at that path.
    """
    if not path.exists():
        fail(f"{path}: no such file or folder. Check the path.")
    return path


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error, when that is a terminal; yields a function ``advance(n=1)``."""
    if not err.is_terminal:
        yield lambda _n=1: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda n=1: bar.advance(task, n)
