"""Expungement: nothing of the person stays in the database, and everything else still stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import inspect, select
from tests.exchange.people import AGENCY, NOON, card, extract, gray

from tenprint import itl
from tenprint.cases.card import commands as ask
from tenprint.cases.card.events import Source
from tenprint.exchange import Exchange, ExchangeError, NotAllowedError, UnknownError, center, views
from tenprint.exchange.expunge import expunge_card, expunge_identity
from tenprint.exchange.schema import CARD, ENCOUNTER, PROBE

TCN = "NEW-0000001"
NAME = "RARENAME,QUILLON"


def submit(exchange: Exchange, tcn: str = TCN, person: int = 1, **changes):
    made = card(person, tcn, **changes)
    return exchange.submit(made, exchange.act("ben", ask.AcceptSubmission, NOON))


def enrol(exchange: Exchange, system, person: int, number: str) -> str:
    return exchange.enrol(system, card(person, number), exchange.act("ada", "enrol")).identity


def template(person: int, position: int = 1) -> bytes:
    """Bytes of the middle of a template, as they are stored."""
    whole = extract(np.full((64, 64), gray(person, position), np.uint8), 500).to_bytes()
    return whole[100:132]


def database(exchange: Exchange) -> bytes:
    """Every byte of the database, its log included; on a server every value of every table."""
    engine = exchange.ledger.engine
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
            rows = [row for name in names for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
        return b"".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
    path = Path(str(exchange.ledger.engine.url.database))
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")) if p.is_file())


def answer(exchange: Exchange, tcn: str = TCN):
    sources = (Source(name="court file", reliability="high"),)
    command = ask.DetermineStatus(status="REMOVABLE_FINAL_ORDER", confidence="high", sources=sources)
    return center.answer(exchange, tcn, command, exchange.act("lea", ask.DetermineStatus, NOON))


def test_after_an_expungement_neither_name_nor_template_is_in_the_file(exchange: Exchange) -> None:
    submit(exchange, NAM=NAME)
    submit(exchange, "NEW-0000002", 2)
    assert NAME.encode() in database(exchange)
    assert template(1) in database(exchange)
    done = expunge_card(exchange, TCN, "order 2013-CV-17", exchange.act("ada", "expunge"), second="rita")
    assert (done.card, done.templates, done.answers) == (True, 8, 2)
    assert done.sealed > 0
    assert NAME.encode() not in database(exchange)
    assert template(1) not in database(exchange)
    assert template(2) in database(exchange)
    assert exchange.ledger.verify() == []
    assert exchange.case(TCN).submission.personal is None
    told = views.status(exchange, TCN)
    assert "EXPUNGED" in told.sentences[0]
    assert "order 2013-CV-17" in told.expunged
    assert views.status(exchange, "NEW-0000002").expunged == ""


def test_nothing_comes_back_after_an_expungement(exchange: Exchange) -> None:
    submit(exchange, NAM=NAME, DOB="00000000")
    expunge_card(exchange, TCN, "order 5", exchange.act("ada", "expunge"), second="rita")
    assert submit(exchange, NAM=NAME, DOB="00000000").resubmitted
    stated = ask.StateFact(name="age", value=30, source="x", document="passport 3", second="ben")
    exchange.do(TCN, stated, exchange.act("lea", ask.StateFact, NOON))
    assert exchange.resume() == []
    assert NAME.encode() not in database(exchange)
    again = expunge_card(exchange, TCN, "order 5", exchange.act("ada", "expunge"), second="rita")
    assert (again.card, again.templates, again.answers, again.sealed) == (False, 0, 0, 0)


def test_an_expunged_identity_is_found_no_more_and_its_number_is_not_given_again(exchange: Exchange) -> None:
    first = enrol(exchange, "immigration", 1, "OLD-0000001")
    second = enrol(exchange, "immigration", 2, "OLD-0000002")
    submit(exchange)
    assert exchange.case(TCN).immigration.identity == first
    expunge_card(exchange, TCN, "order 5", exchange.act("ada", "expunge"), second="rita")
    done = expunge_identity(exchange, "immigration", first, "order 5", exchange.act("ada", "expunge"), second="rita")
    assert done.templates == 4
    assert template(1) not in database(exchange)
    assert not submit(exchange, "NEW-0000003").immigration.hit
    assert submit(exchange, "NEW-0000004", 2).immigration.identity == second
    assert enrol(exchange, "immigration", 3, "OLD-0000003") not in {first, second}
    assert enrol(exchange, "immigration", 1, "OLD-0000001") not in {first, second}
    assert exchange.ledger.verify() == []


def test_traces_of_a_match_go_with_the_card_and_with_the_identity(exchange: Exchange) -> None:
    identity = enrol(exchange, "immigration", 1, "OLD-0000001")
    for tcn in (TCN, "NEW-0000002"):
        submit(exchange, tcn)

    def traces() -> list[str]:
        with exchange.reading() as connection:
            return list(connection.execute(select(ENCOUNTER.c.tcn).order_by(ENCOUNTER.c.tcn)).scalars())

    expunge_card(exchange, TCN, "order 5", exchange.act("ada", "expunge"), second="rita")
    assert traces() == ["NEW-0000002"]
    assert (
        expunge_identity(
            exchange, "immigration", identity, "order 5", exchange.act("ada", "expunge"), second="rita"
        ).encounters
        == 1
    )
    assert traces() == []


def test_what_protects_a_person_is_not_destroyed_while_it_is_needed(exchange: Exchange) -> None:
    submit(exchange)
    claim = ask.MakeClaim(claim="VICTIM", channel="hotline", statement="x")
    exchange.do(TCN, claim, exchange.act("rita", ask.MakeClaim, NOON))
    with pytest.raises(ExchangeError, match="a claim or an incident is open"):
        expunge_card(exchange, TCN, "order 5", exchange.act("ada", "expunge"), second="rita")
    assert exchange.case(TCN).submission.personal is not None


def test_who_may_not_expunge_and_what_is_refused(exchange: Exchange) -> None:
    submit(exchange)
    with pytest.raises(NotAllowedError, match="expunge is for administrator or bureau"):
        exchange.act("oscar", "expunge")
    act = exchange.act("ada", "expunge")
    with pytest.raises(ExchangeError, match="by its number"):
        expunge_card(exchange, TCN, " ", act, second="rita")
    with pytest.raises(UnknownError, match="nobody is enrolled as 'N00000099'"):
        expunge_identity(exchange, "immigration", "N00000099", "order 5", act, second="rita")
    with pytest.raises(UnknownError, match="no submission"):
        expunge_card(exchange, "NEW-0000009", "order 5", act, second="rita")


def kept(exchange: Exchange) -> tuple[int, int]:
    """Cards and templates that the bureau keeps."""
    with exchange.reading() as connection:
        return len(connection.execute(select(CARD)).all()), len(connection.execute(select(PROBE)).all())


def test_bytes_of_a_card_that_may_not_be_kept_go_with_its_last_answer(exchange: Exchange) -> None:
    result = submit(exchange, RET="N", NAM=NAME)
    assert [a.kind for a in result.answers] == ["SRE", "IDR"]
    assert kept(exchange) == (0, 0)
    assert all(itl.read(exchange.answer(a.digest)) for a in result.answers)
    assert submit(exchange, RET="N", NAM=NAME).answers == result.answers
    assert kept(exchange) == (0, 0)
    assert exchange.resume() == []


def test_bytes_of_a_card_that_may_not_be_kept_stay_while_the_center_owes_an_answer(exchange: Exchange) -> None:
    enrol(exchange, "immigration", 1, "OLD-0000001")
    submit(exchange, RET="N")
    assert kept(exchange) == (1, 0)
    _, first = answer(exchange)
    assert kept(exchange) == (0, 0)
    _, second = answer(exchange)
    one, two = itl.read(first.content), itl.read(second.content)
    assert one.get("2.018") == two.get("2.018") == "SAMPLE,PAT"
    assert one.get("1.010") == two.get("1.010") == TCN
    assert two.get("2.073") == AGENCY
    assert first.tcn != second.tcn


def test_bytes_of_a_card_that_may_not_be_kept_stay_while_its_age_is_unknown(exchange: Exchange) -> None:
    submit(exchange, RET="N", DOB="00000000")
    assert kept(exchange) == (1, 0)
    stated = ask.StateFact(name="age", value=30, source="passport", document="passport 3", second="ben")
    exchange.do(TCN, stated, exchange.act("lea", ask.StateFact, NOON))
    assert exchange.case(TCN).immigration is not None
    assert kept(exchange) == (0, 0)


def test_a_refused_card_that_may_not_be_kept_leaves_no_bytes_however_often_it_comes(exchange: Exchange) -> None:
    submit(exchange, person=1)
    for _ in range(2):
        assert not submit(exchange, person=2, RET="N").accepted
        assert kept(exchange)[0] == 1
    assert not submit(exchange, "NEW-0000002", 3, RET="N", SEX=None).accepted
    assert kept(exchange)[0] == 1


def test_an_expunged_person_cannot_be_answered_about(exchange: Exchange) -> None:
    enrol(exchange, "immigration", 1, "OLD-0000001")
    submit(exchange)
    expunge_card(exchange, TCN, "order 5", exchange.act("ada", "expunge"), second="rita")
    with pytest.raises(ExchangeError, match="was expunged"):
        answer(exchange)
