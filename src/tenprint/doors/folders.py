"""Watched folders: every card that lies in one is handed in; answers go to another by the outbox.

A file is taken when nobody has written to it for a moment. It leaves the folder only after the card is durable, to
``taken`` or ``refused`` within it (beside a refused one lies a text that says why); after a crash it is still there,
and the same card again changes nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tenprint.cases import Refusal
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.doors import places
from tenprint.exchange import ExchangeError, outbox
from tenprint.exchange.cards import read_card
from tenprint.exchange.directory import Principal
from tenprint.exchange.exchange import Exchange
from tenprint.itl import ItlError

STILL = 2.0
"""Seconds without a write after which a file is whole; who renames a whole file into the folder need not wait."""
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
TAKEN, REFUSED = "taken", "refused"


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A file that left the folder."""

    file: str
    tcn: str
    accepted: bool
    """False for a rejected card, which has its ERRT, and for a file that is no card."""
    refused: str
    """Why it is no card of this folder; empty for every card that was taken in."""


def sweep(
    exchange: Exchange,
    folder: Path,
    who: Principal,
    answers: Path | None = None,
    clock: Callable[[], float] = time.time,
) -> list[Taken]:
    """Hand in every card that lies in a folder, and deliver what is due.

    Args:
        exchange: Where.
        folder: The folder; names that begin with a dot, and unfinished ones, are left alone.
        who: In whose name.
        answers: Folder that answers go to.
        clock: Seconds since 1970.

    Raises:
        LedgerError: when nothing can be recorded; the file stays where it is.
    """
    done = [_hand_in(exchange, file, who, answers) for file in _whole(folder, clock())]
    outbox.deliver(exchange)
    return done


def _whole(folder: Path, now: float) -> list[Path]:
    """Files that nobody writes to, the oldest first."""
    found = []
    for file in folder.iterdir():
        if file.name.startswith(".") or file.suffix.lower() in UNFINISHED or file.is_symlink() or not file.is_file():
            continue
        written = file.stat().st_mtime
        if now - written >= STILL:
            found.append((written, file.name, file))
    return [file for _, _, file in sorted(found)]


def _hand_in(exchange: Exchange, file: Path, who: Principal, answers: Path | None) -> Taken:
    content = file.read_bytes()
    try:
        card = read_card(content)
        places.check_card(exchange, who, card)
        result = exchange.submit(content, exchange.act(who.name, AcceptSubmission), answers)
    except (ExchangeError, Refusal, ItlError) as wrong:
        there = _move(file, REFUSED)
        there.with_name(f"{there.name}.why.txt").write_text(f"{wrong}\n", encoding="utf-8")
        return Taken(file=file.name, tcn="", accepted=False, refused=str(wrong))
    _move(file, TAKEN)
    return Taken(file=file.name, tcn=result.tcn, accepted=result.accepted, refused="")


def _move(file: Path, where: str) -> Path:
    """Put a file into a folder beside it, under a name that is free there."""
    target = file.parent / where
    target.mkdir(mode=0o700, exist_ok=True)
    there, n = target / file.name, 1
    while there.exists():
        there, n = target / f"{file.stem}.{n}{file.suffix}", n + 1
    os.replace(file, there)  # noqa: PTH105 - on one file system, whole or not at all
    return there
