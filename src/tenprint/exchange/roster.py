"""The jail's own list of who is there, row by row: the last word about each person."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tenprint.cases import Refusal
from tenprint.cases.card.commands import BookPerson, ConfirmPresence, ReleasePerson
from tenprint.cases.kernel.value import Command
from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError
from tenprint.ledger import LedgerError

STATES = ("in", "out")


def take(exchange: Core, file: Path, name: str, at: datetime | None = None) -> dict[str, Any]:
    """Take a roster: CSV with columns tcn and at, and where known booking_number and state (in, out).

    Args:
        exchange: Where.
        file: The list.
        name: Who hands it in.
        at: When; the ledger's clock when not given.

    Returns:
        Counts of what was confirmed and released, and the rows that were refused, each with its line and why.
    """
    done: dict[str, Any] = {"confirmed": 0, "released": 0, "refused": []}
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    for number, row in enumerate(rows, start=2):
        tcn = (row.get("tcn") or "").strip()
        try:
            done[_take(exchange, tcn, row, name, at)] += 1
        except (Refusal, ExchangeError, LedgerError, ValueError) as why:
            done["refused"].append({"line": number, "tcn": tcn, "message": str(why)})
    return done


def _take(exchange: Core, tcn: str, row: dict[str, str], name: str, at: datetime | None) -> str:
    state = (row.get("state") or "in").strip().lower()
    if state not in STATES:
        raise ValueError(f"expected state in or out, got {state!r}")
    zone = ZoneInfo(exchange.zone(exchange.case(tcn)) or "UTC")
    moment = datetime.fromisoformat((row.get("at") or "").strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    number = (row.get("booking_number") or "").strip()
    commands: list[Command] = (
        [ReleasePerson(at=moment)] if state == "out" else [ConfirmPresence(at=moment, note="roster")]
    )
    if number and not any(getattr(w, "booking_number", "") == number for w in exchange.case(tcn).whereabouts):
        commands.insert(0, BookPerson(at=moment, booking_number=number))
    for command in commands:
        exchange.do(tcn, command, exchange.act(name, type(command), at or moment))
    return "released" if state == "out" else "confirmed"
