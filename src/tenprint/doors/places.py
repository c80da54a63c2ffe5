"""Whose cards a machine handles: a booking machine those of its county, a bureau's those that its bureau sends."""

from __future__ import annotations

from tenprint.exchange import NotAllowedError, directory
from tenprint.exchange.cards import Card
from tenprint.exchange.core import Core
from tenprint.exchange.directory import Principal

PURPOSE = "identification at booking"


def is_own(exchange: Core, who: Principal, sent_by: str, booked_by: str) -> bool:
    """Whether a card is a machine's to hand in and to ask for.

    Args:
        exchange: Where.
        who: The machine.
        sent_by: ORI of the bureau that sends the card (1.008).
        booked_by: ORI of the booking agency (2.073).
    """
    if "bureau" in who.roles and who.agency and sent_by == who.agency:
        return True
    if "booking" not in who.roles:
        return False
    with exchange.reading() as connection:
        own, theirs = (directory.find_agency(connection, ori) for ori in (who.agency, booked_by))
    return own is not None and theirs is not None and own.county == theirs.county


def check_card(exchange: Core, who: Principal, card: Card) -> None:
    """Refuse a card of another place.

    Raises:
        NotAllowedError: then.
    """
    if not is_own(exchange, who, card.submitting_ori, card.controlling_ori):
        raise NotAllowedError(
            f"this card is booked by {card.controlling_ori or 'no agency'} and sent by {card.submitting_ori}: "
            f"not of {who.agency or 'the place of'} {who.name}"
        )
