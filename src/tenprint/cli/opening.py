"""How commands open an exchange: refusals of every room become messages with exit code 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import Refused, emit, moment, out

if TYPE_CHECKING:
    from tenprint.cases import Case
    from tenprint.cases.card.events import Event
    from tenprint.cases.custody.view import Custody
    from tenprint.cases.kernel.value import Command
    from tenprint.exchange import Exchange
    from tenprint.exchange.core import Core
    from tenprint.exchange.jail import HoldRow


BELIEVED = "NAMES UNCHECKED: this ledger believes who says who they are; it proves nothing about who acted."

Tcn = Annotated[str, typer.Argument(help="Transaction control number of the card (1.009).", show_default=False)]
Ori = Annotated[str | None, typer.Option("--ori", help="Submitting agency, when two used the same control number.")]


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the rooms refuse into a message for the user."""
    from tenprint.cases import Refusal
    from tenprint.exchange import ExchangeError
    from tenprint.finger import FingerError
    from tenprint.itl import ItlError
    from tenprint.ledger import LedgerError

    try:
        yield
    except (Refusal, ExchangeError, LedgerError, ItlError, FingerError, OSError) as refusal:
        raise Refused(str(refusal)) from refusal


@contextmanager
def opened(db: str) -> Iterator[Exchange]:
    """The exchange at that address, closed at the end."""
    from tenprint.exchange import Exchange

    with refusals(), Exchange.open(db) as exchange:
        if exchange.ledger.names == "checked":
            from tenprint.accounts import here

            exchange.present = here.presence(exchange)
        yield exchange


def stated(
    exchange: Core,
    at: str | None,
    *,
    tcn: str | None = None,
    card: Path | None = None,
    name: str | None = None,
    ori: str | None = None,
) -> datetime | None:
    """The moment that ``--at`` names, on the clock of the case's or card's agency, else of the actor's, else UTC."""
    if at is None:
        return None
    zone = exchange.zone(exchange.case(tcn, ori)) if tcn is not None else None
    if card is not None:
        zone = exchange.zone_of_card(card)
    if zone is None and name is not None:
        zone = exchange.zone_of(name)
    return moment(at, zone or "UTC")


def clock(exchange: Core, text: str | None, default: datetime, tcn: str, ori: str | None = None) -> datetime:
    """Another moment that an option names, on the clock of the case's agency."""
    return stated(exchange, text, tcn=tcn, ori=ori) or default


def perform(
    db: str,
    tcn: str,
    name: str,
    at: str | None,
    command: type[Command],
    build: Callable[[Exchange, datetime], Command],
    *,
    ori: str | None = None,
    json: bool = False,
    note: Callable[[Case, Custody, datetime], str] = lambda _case, _whole, _now: "",
) -> None:
    """One act upon one case, and a sentence about everything that followed from it.

    Args:
        db: The exchange.
        tcn: The case.
        name: Who acts.
        at: When, as typed.
        command: Kind of the act.
        build: The act itself, given the exchange and its moment.
        ori: Submitting agency, when two used the same control number.
        json: Print the events as JSON.
        note: A sentence to add about the case and its custody as they then stand, or nothing.
    """
    with opened(db) as exchange:
        when = stated(exchange, at, tcn=tcn, ori=ori)
        act = exchange.act(name, command, when)
        late = told_late(exchange, tcn, act.occurred_at, ori)
        events = exchange.do(tcn, build(exchange, act.occurred_at), act, ori=ori)
        around = exchange.surroundings(exchange.stream_of(tcn, ori))
        whole = around.whole
        zone = around.zone
        said = note(around.case, whole, act.occurred_at)
    report(tcn, events, zone, json=json, notes=[line for line in (late if events else "", said) if line])


def told_late(exchange: Exchange, tcn: str, at: datetime, ori: str | None = None) -> str:
    """What to say of an act that lies before the newest event of its case; nothing when it does not."""
    from tenprint.exchange import views

    newest = views.newest(exchange, tcn, ori)
    if at >= newest:
        return ""
    return f"Recorded later than it happened: the newest event of this case is of {newest:%a %Y-%m-%d %H:%M %Z}."


def report(tcn: str, events: Sequence[Event], zone: str | None, *, json: bool, notes: Sequence[str] = ()) -> None:
    """Print what happened, and notes about it."""
    import msgspec

    from tenprint.exchange.telling import tell

    if json:
        emit({"tcn": tcn, "events": [msgspec.to_builtins(e) for e in events], "notes": list(notes)})
        return
    if not events:
        out.print(f"{tcn}: nothing changed; it stood so already.", markup=False)
    for event in events:
        out.print(f"{tcn}: {tell(event, zone)}", markup=False)
    for line in notes:
        out.print(f"{tcn}: {line}", markup=False)


def say_next(hold: HoldRow) -> None:
    """What to type about a hold that is past its deadline."""
    out.print(f"    next: tenprint jail release {hold.tcn}    (when the person has left)", markup=False)
    for number in hold.incidents:
        out.print(f"    then: tenprint case close-incident {hold.tcn} {number} --reason ...", markup=False)
