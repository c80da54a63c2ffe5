from __future__ import annotations

import pytest
from tests.exchange.people import BROKEN, card

from tenprint.exchange import Exchange, NotAllowedError, UnreadableCardError


def test_the_same_card_is_enrolled_once_and_another_card_of_the_person_is_a_further_encounter(
    exchange: Exchange,
) -> None:
    act = exchange.act("ada", "enrol")
    first = exchange.enrol("immigration", card(1, "OLD-0000001"), act)
    again = exchange.enrol("immigration", card(1, "OLD-0000001"), act)
    later = exchange.enrol("immigration", card(1, "OLD-0000002"), act)
    other = exchange.enrol("immigration", card(2, "OLD-0000003"), act)
    assert (first.new, again.new) == (True, False)
    assert first.identity == again.identity == later.identity != other.identity
    assert (first.encounter, later.encounter, other.encounter) == (1, 2, 1)


def test_the_two_systems_number_their_people_apart(exchange: Exchange) -> None:
    act = exchange.act("ada", "enrol")
    assert exchange.enrol("criminal", card(1, "OLD-0000001"), act).identity[0] == "C"
    assert exchange.enrol("immigration", card(1, "OLD-0000001"), act).identity[0] == "N"


def test_unusable_images_are_listed_and_the_rest_is_enrolled(exchange: Exchange) -> None:
    done = exchange.enrol("criminal", card(1, "OLD-0000001", grays={2: BROKEN}), exchange.act("ada", "enrol"))
    assert done.fingers == (1, 6, 7)
    assert done.unusable == ("finger 2: a white image",)


def test_nothing_usable_is_refused(exchange: Exchange) -> None:
    with pytest.raises(UnreadableCardError, match="no usable finger"):
        exchange.enrol("criminal", card(1, "OLD-0000001", fingers=()), exchange.act("ada", "enrol"))


def test_a_booking_desk_enrols_nobody(exchange: Exchange) -> None:
    with pytest.raises(NotAllowedError, match="enrol is for administrator or bureau or examiner"):
        exchange.act("ben", "enrol")
