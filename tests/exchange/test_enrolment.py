from __future__ import annotations

import pytest
from sqlalchemy import delete
from tests.exchange.people import BROKEN, NOON, card, extract

from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Exchange, NotAllowedError, UnreadableCardError
from tenprint.exchange.cards import probe, read_card
from tenprint.exchange.criminal import PRINT


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


def test_a_gallery_follows_its_table_also_when_prints_go(exchange: Exchange) -> None:
    act = exchange.act("ada", "enrol")
    gone = exchange.enrol("criminal", card(1, "OLD-0000001"), act).identity
    stays = exchange.enrol("criminal", card(2, "OLD-0000002"), act).identity

    def found(person: int) -> str | None:
        fingers = probe(read_card(card(person, f"ASK-000000{person}")), extract)
        with exchange.reading() as connection:
            return exchange.criminal.search(connection, fingers).identity

    assert (found(1), found(2)) == (gone, stays)
    with exchange.ledger.transaction() as tx:
        tx.connection.execute(delete(PRINT).where(PRINT.c.identity == gone))
    assert (found(1), found(2)) == (None, stays)


def test_the_searched_gallery_says_which_ledger_position_it_reflects(exchange: Exchange) -> None:
    exchange.enrol("criminal", card(1, "OLD-0000001"), exchange.act("ada", "enrol"))
    enrolled = exchange.ledger.size()
    exchange.submit(card(2, "NEW-0000001", RET="N"), exchange.act("ben", AcceptSubmission, NOON))
    exchange.submit(card(3, "NEW-0000002"), exchange.act("ben", AcceptSubmission, NOON))
    assert exchange.case("NEW-0000002").criminal.gallery == enrolled
