"""The road and the desks on a real PostgreSQL and on SQLite: the same acts give the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import NOON, card, extract
from tests.ledger.conftest import db

from tenprint.cases.card import commands as ask
from tenprint.cases.card.events import Source
from tenprint.cases.jurisdiction import commands as cmd
from tenprint.exchange import Exchange, center, jail, places, views, watch
from tenprint.exchange.expunge import expunge_card, expunge_identity
from tenprint.exchange.schema import CARD, PROBE

__all__ = ["db"]

TCN = "NEW-0000001"
TEXAS = ZoneInfo("America/Chicago")


def texas(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TEXAS)


@pytest.fixture
def either(db: str) -> Iterator[Exchange]:
    """An exchange with everybody in it, reopened once, on each database."""
    start = datetime(2008, 1, 1, tzinfo=UTC)
    with Exchange.create(db, "ada", simulated_from=start, extract=extract) as made:
        for name, (role, agency) in PEOPLE.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
    with Exchange.open(db, extract=extract) as again:
        yield again


def test_from_enrolment_to_the_watch_and_to_expungement(either: Exchange) -> None:
    x = either
    identity = x.enrol("immigration", card(1, "OLD-0000001"), x.act("ada", "enrol")).identity
    x.enrol("criminal", card(2, "OLD-0000002"), x.act("ada", "enrol"))
    known = x.submit(card(1, TCN), x.act("ben", ask.AcceptSubmission, NOON))
    other = x.submit(card(2, "NEW-0000002", RET="N"), x.act("ben", ask.AcceptSubmission, NOON))
    assert (known.criminal.hit, known.immigration.identity) == (False, identity)
    assert (other.criminal.hit, other.immigration.hit) == (True, False)
    assert x.submit(card(1, TCN), x.act("ben", ask.AcceptSubmission, NOON)).resubmitted
    assert not x.submit(card(3, "NEW-0000003", SEX=None), x.act("ben", ask.AcceptSubmission, NOON)).accepted
    assert x.resume() == []
    with x.reading() as connection:
        assert len(connection.execute(select(CARD)).all()) == 2
    assert [q.tcn for q in center.queue(x)] == [TCN]

    sources = (Source(name="court file", reliability="high"),)
    status = ask.DetermineStatus(status="REMOVABLE_FINAL_ORDER", confidence="high", sources=sources)
    center.answer(x, TCN, status, x.act("lea", ask.DetermineStatus, NOON))
    form = ask.IssueDetainer(form="I-247 (12/11)", zone="America/Chicago")
    choice = ask.Decide(choice="DETAINER", reason="final order", factors=("length of presence",), detainer=form)
    x.do(TCN, choice, x.act("oscar", ask.Decide, NOON))
    x.do(TCN, ask.HonorRequest(under="county policy 4"), x.act("jane", ask.HonorRequest, NOON))
    released = texas("2012-11-09T15:00")
    eligible = ask.RecordReleaseEligible(at=released, reason="bond_posted", document="receipt 4711")
    x.do(TCN, eligible, x.act("jane", ask.RecordReleaseEligible, released))
    assert [row.deadline for row in jail.holds(x)] == [texas("2012-11-14T15:00")]
    over = watch.look(x, texas("2012-11-14T15:01"))
    assert (over.notices, over.silent) == (3, ())
    left = texas("2012-11-14T16:00")
    x.do(TCN, ask.ReleasePerson(at=left), x.act("jane", ask.ReleasePerson, left))
    for incident in x.case(TCN).open_incidents:
        closing = ask.CloseIncident(number=incident.opened.number, reason="clerk instructed")
        x.do(TCN, closing, x.act("sue", ask.CloseIncident, left))
    assert watch.look(x, texas("2012-11-15T12:00")).open == ()

    places.do(x, "01003", lambda _: cmd.Deactivate(reason="order", document="5"), x.act("ada", cmd.Deactivate, left))
    assert not places.on_day(x, "01003", date(2012, 11, 15)).active

    expunge_card(x, TCN, "order 5", x.act("ada", "expunge"), second="rita")
    assert (
        expunge_identity(x, "immigration", identity, "order 5", x.act("ada", "expunge"), second="rita").templates == 4
    )
    assert "EXPUNGED" in views.status(x, TCN).sentences[0]
    later = x.submit(card(1, "NEW-0000004"), x.act("ben", ask.AcceptSubmission, texas("2012-11-16T12:00")))
    assert not later.immigration.hit
    with x.reading() as connection:
        kept = set(connection.execute(select(PROBE.c.card)).scalars())
    assert x.case("NEW-0000004").submission.card in kept
    assert x.case(TCN).submission.card not in kept
    assert x.ledger.verify() == []
