from __future__ import annotations

import pytest
from tests.exchange.people import NOON, card

from tenprint.cases.card.commands import AcceptSubmission, Decide, DetermineStatus
from tenprint.exchange import Agency, Exchange, ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.roles import PERMITTED, rule_of, table
from tenprint.ledger import Act


def test_every_act_of_a_case_has_purpose_and_authority() -> None:
    for command in PERMITTED:
        rule = rule_of(command)
        assert rule.purpose
        assert rule.authority
    named = [c for rule in table().acts.values() for c in rule.commands]
    assert sorted(named) == sorted(c.__name__ for c in PERMITTED)


def test_the_administrator_sets_up_enrols_and_submits_and_decides_nothing(exchange: Exchange) -> None:
    for what in ("register", "enrol", AcceptSubmission):
        assert exchange.act("ada", what).role == "administrator"
    for desk in (Decide, DetermineStatus):
        with pytest.raises(NotAllowedError, match=r"ada is registered as administrator"):
            exchange.act("ada", desk)


def test_nobody_acts_unregistered_or_in_a_role_they_do_not_have(exchange: Exchange) -> None:
    with pytest.raises(NotAllowedError, match="'mallory' is not registered"):
        exchange.act("mallory", "enrol")
    forged = Act("ben", "office", "p", "a", NOON)
    with pytest.raises(NotAllowedError, match="not as office"):
        exchange.submit(card(1, "T1-0000001"), forged)


def test_a_person_may_have_two_roles_and_acts_in_the_one_that_may(exchange: Exchange) -> None:
    exchange.add_principal("ben", "jail", "TXSYN4530", exchange.act("ada", "register"))
    assert exchange.act("ben", AcceptSubmission).role == "booking"
    with pytest.raises(NotAllowedError, match="office or supervisor"):
        exchange.act("ben", Decide)


def test_registering_the_same_role_again_changes_nothing(exchange: Exchange) -> None:
    before = exchange.ledger.size()
    exchange.add_principal("ben", "booking", "TXSYN4530", exchange.act("ada", "register"))
    assert exchange.ledger.size() == before


def test_an_agency_of_the_ledger_stands_before_the_reference_table(exchange: Exchange) -> None:
    assert exchange.agency("TXSYN4530").second_response
    moved = Agency(ori="TXSYN4530", county="48453", zone="America/Chicago", second_response=False, source="ledger")
    exchange.add_agency(moved, exchange.act("ada", "register"))
    assert exchange.agency("TXSYN4530") == moved


@pytest.mark.parametrize(
    ("agency", "wrong"),
    [
        (Agency(ori="TX1", county="48453", zone="America/Chicago"), "ORI of 9 capital letters"),
        (Agency(ori="TX1234567", county="99999", zone="America/Chicago"), "five-digit county code"),
        (Agency(ori="TX1234567", county="48453", zone="Texas"), "time zone such as"),
    ],
)
def test_an_agency_that_could_not_be_used_is_refused(exchange: Exchange, agency: Agency, wrong: str) -> None:
    with pytest.raises(ExchangeError, match=wrong):
        exchange.add_agency(agency, exchange.act("ada", "register"))
    with pytest.raises(UnknownError, match="is in no registry"):
        exchange.agency("TX1234567")
