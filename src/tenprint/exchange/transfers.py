"""A transfer: the receiving facility takes the person over, and the request goes where the person is."""

from __future__ import annotations

from tenprint.cases.card.commands import ReceivePerson
from tenprint.cases.card.events import Event
from tenprint.exchange import directory
from tenprint.exchange.core import Core
from tenprint.exchange.errors import NotAllowedError
from tenprint.ledger import Act


def receive(exchange: Core, tcn: str, command: ReceivePerson, act: Act, *, ori: str | None = None) -> tuple[Event, ...]:
    """Record that a transfer arrived; somebody of the receiving county does, who has had no say until then.

    Raises:
        NotAllowedError: when the actor is of another county than the receiving facility.
        Refusal: when the person has left.
    """
    exchange.vouch(act)
    stream = exchange.stream_of(tcn, ori)
    with exchange.reading() as connection:
        own = directory.find_agency(connection, directory.principal(connection, act.actor).agency)
        to = directory.agency(connection, command.facility)
    if own is None or own.county != to.county:
        where = own.county if own else "no county"
        raise NotAllowedError(
            f"{act.actor} is of {where}; {to.ori} is in county {to.county}. Somebody of that jail can."
        )
    return exchange.change(stream, lambda _: [command], act)
