from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.exchange.people import NOON, card

from tenprint import itl
from tenprint.cases import Refusal
from tenprint.cases.card import commands as ask
from tenprint.cases.card import words
from tenprint.cases.card.events import Source, event_types
from tenprint.exchange import Exchange, NotAllowedError, center, jail, rights, telling, views, watch
from tenprint.exchange.office import consider
from tenprint.exchange.schema import SUBMISSION
from tenprint.exchange.telling import tell

TCN = "NEW-0000001"
TEXAS = ZoneInfo("America/Chicago")
FORM = "I-247 (12/11)"


def texas(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TEXAS)


@pytest.fixture
def matched(exchange: Exchange) -> Exchange:
    """A person with an old encounter has been booked in Travis County on 5 November 2012."""
    exchange.enrol("immigration", card(1, "OLD-0000001"), exchange.act("ada", "enrol"))
    exchange.submit(card(1, TCN), exchange.act("ben", ask.AcceptSubmission, NOON))
    return exchange


def answer(exchange: Exchange, status="REMOVABLE_FINAL_ORDER", at=NOON, **more):
    sources = (Source(name="court file", reliability="high"),)
    command = ask.DetermineStatus(status=status, confidence="high", sources=sources, **more)
    return center.answer(exchange, TCN, command, exchange.act("lea", ask.DetermineStatus, at))


def detain(exchange: Exchange) -> None:
    answer(exchange)
    form = ask.IssueDetainer(form=FORM, zone="America/Chicago")
    command = ask.Decide(choice="DETAINER", reason="final order", factors=("length of presence",), detainer=form)
    exchange.do(TCN, command, exchange.act("oscar", ask.Decide, NOON))
    honored = exchange.act("jane", ask.HonorRequest, NOON)
    exchange.do(TCN, ask.HonorRequest(under="county policy 4"), honored)


def release_eligible(exchange: Exchange, at: datetime) -> None:
    command = ask.RecordReleaseEligible(at=at, reason="bond_posted", document="receipt 4711")
    exchange.do(TCN, command, exchange.act("jane", ask.RecordReleaseEligible, at))


def test_an_answer_of_the_center_is_a_persons_and_becomes_an_iar(matched: Exchange) -> None:
    assert [q.tcn for q in center.queue(matched)] == [TCN]
    _, told = answer(matched)
    iar = itl.read(told.content)
    assert (iar.tot, iar.get("1.010")) == ("IAR", TCN)
    words = str(iar.of_type(2)[0].items("2.060"))
    assert "REMOVABLE FINAL ORDER" in words
    assert "court file, reliability high" in words
    assert "not a detainer" in words
    assert center.queue(matched) == []
    assert matched.answer(told.digest) == told.content
    assert matched.ledger.stream(matched.stream_of(TCN))[-1].actor == "lea"


def test_a_later_answer_stands_beside_the_earlier_one(matched: Exchange) -> None:
    _, first = answer(matched)
    _, second = answer(matched, "LAWFUL_PERMANENT_RESIDENT")
    assert first.tcn != second.tcn
    case = matched.case(TCN)
    assert [d.status for d in case.determinations] == ["REMOVABLE_FINAL_ORDER", "LAWFUL_PERMANENT_RESIDENT"]
    assert [r.tcn for r in case.responses if r.response == "IAR"] == [first.tcn, second.tcn]


def test_an_answer_that_is_refused_leaves_nothing(matched: Exchange) -> None:
    size = matched.ledger.size()
    command = ask.DetermineStatus(status="CITIZEN", confidence="high", sources=())
    with pytest.raises(Refusal, match="needs its sources"):
        center.answer(matched, TCN, command, matched.act("lea", ask.DetermineStatus, NOON))
    assert matched.ledger.size() == size


def test_the_same_case_meets_the_law_of_the_day(matched: Exchange) -> None:
    answer(matched, "REMOVABLE_SUSPECTED")
    before = consider(matched, TCN, texas("2010-07-01T12:00"))
    after = consider(matched, TCN, texas("2013-02-01T12:00"))
    assert (before.finding.regime, after.finding.regime) == ("DET-2008", "DET-2012")
    assert "DETAINER" in before.finding.permitted
    assert "DETAINER" not in after.finding.permitted
    assert before.finding.trace
    assert after.finding.trace
    assert before.forms["DETAINER"] != after.forms["DETAINER"]


def test_the_date_of_an_act_is_the_local_date_of_the_agency(matched: Exchange) -> None:
    answer(matched)
    late_evening = datetime(2012, 12, 21, 5, 30, tzinfo=UTC)  # 23:30 of 20 December in Texas
    assert consider(matched, TCN, late_evening).finding.regime == "DET-2010"
    assert consider(matched, TCN, late_evening.replace(hour=6)).finding.regime == "DET-2012"


def test_a_hold_runs_until_its_deadline_on_the_clock_of_the_facility(matched: Exchange) -> None:
    detain(matched)
    release_eligible(matched, texas("2012-11-09T15:00"))
    (hold,) = jail.holds(matched)
    assert (hold.tcn, hold.form, hold.zone) == (TCN, FORM, "America/Chicago")
    assert hold.deadline.isoformat() == "2012-11-14T15:00:00-06:00"
    assert not hold.overdue


def test_the_watch_ends_a_hold_and_opens_an_incident_that_a_named_person_closes(matched: Exchange) -> None:
    detain(matched)
    release_eligible(matched, texas("2012-11-09T15:00"))
    quiet = watch.look(matched, texas("2012-11-14T14:59"))
    assert (quiet.holds, quiet.notices, quiet.silent) == (1, 2, ())  # six hours and one hour before the limit
    assert "held-past-deadline" not in str(quiet.opened)
    loud = watch.look(matched, texas("2012-11-14T15:01"))
    assert loud.notices == 1  # that it passed
    assert any("held-past-deadline" in line for line in loud.opened)
    assert loud.silent == ()
    assert watch.look(matched, texas("2012-11-14T15:02")).opened == ()
    (row,) = jail.holds(matched)
    assert (row.overdue, row.incident) == (True, True)
    number = next(i.opened.number for i in matched.case(TCN).open_incidents if i.opened.what == "held-past-deadline")
    left = texas("2012-11-14T16:00")
    matched.do(TCN, ask.ReleasePerson(at=left), matched.act("jane", ask.ReleasePerson, left))
    close = ask.CloseIncident(number=number, reason="one hour late, clerk instructed")
    with pytest.raises(Refusal, match="nobody closes an incident they caused"):
        matched.do(TCN, close, matched.act("jane", ask.CloseIncident, left))
    matched.do(TCN, close, matched.act("sue", ask.CloseIncident, left))
    assert jail.holds(matched) == []
    assert "held-past-deadline" not in str(watch.look(matched, left).open)


def test_the_watch_follows_a_person_whose_request_is_gone_and_who_was_not_let_go(matched: Exchange) -> None:
    detain(matched)
    release_eligible(matched, texas("2012-11-09T15:00"))
    at = texas("2012-11-10T09:00")
    matched.do(TCN, ask.Cancel(reason="relief"), matched.act("oscar", ask.Cancel, at))
    seen = watch.look(matched, texas("2012-11-10T10:00"))
    assert any("held-without-request" in line for line in seen.opened)


def test_a_claim_withdraws_the_request_at_once_whoever_takes_it(matched: Exchange) -> None:
    detain(matched)
    release_eligible(matched, texas("2012-11-09T15:00"))
    at = texas("2012-11-09T17:00")
    claim = ask.MakeClaim(claim="CITIZEN", channel="in person", statement="I was born in Laredo")
    matched.do(TCN, claim, matched.act("jane", ask.MakeClaim, at))
    case = matched.case(TCN)
    assert case.detainer is None
    assert matched.custody(matched.stream_of(TCN)).hold_at(at) is None
    assert "born in Laredo" not in str([e.data for e in matched.ledger.read()])
    desk = consider(matched, TCN, at)
    assert "claim" in desk.bars
    (waiting,) = rights.open_claims(matched)
    assert (waiting.tcn, waiting.claim, waiting.overdue) == (TCN, "CITIZEN", False)
    assert waiting.due == texas("2012-11-10T17:00")


def test_a_jail_of_another_county_does_not_act_upon_this_person(matched: Exchange) -> None:
    matched.add_principal("joe", "jail", "ALSYN0030", matched.act("ada", "register"))
    detain(matched)
    with pytest.raises(NotAllowedError, match="held by TXSYN4530 in county 48453"):
        matched.do(TCN, ask.Acknowledge(), matched.act("joe", ask.Acknowledge, NOON))
    matched.do(TCN, ask.Acknowledge(), matched.act("jane", ask.Acknowledge, NOON))
    assert matched.case(TCN).detainer.acknowledged


def test_status_is_told_in_words_and_never_claims_more_than_is_known(matched: Exchange) -> None:
    told = views.status(matched, TCN)
    assert told.simulated
    assert told.place.startswith("Travis County, TX")
    assert (
        "Immigration search: a record of an earlier encounter was found. This says nothing about status."
        in told.sentences
    )
    matched.submit(card(2, "NEW-0000002"), matched.act("ben", ask.AcceptSubmission, NOON))
    assert "Immigration search: no digitized record found." in views.status(matched, "NEW-0000002").sentences


def test_live_projections_equal_rebuilt_ones_after_a_whole_story(matched: Exchange) -> None:
    detain(matched)
    release_eligible(matched, texas("2012-11-09T15:00"))
    watch.look(matched, texas("2012-11-15T15:01"))
    assert matched.ledger.verify() == []


def test_history_tells_who_did_what_in_order(matched: Exchange) -> None:
    detain(matched)
    lines = views.history(matched, TCN)
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)
    assert {line.actor for line in lines} == {"ben", "exchange", "lea", "oscar", "jane"}
    assert all(line.what and "Event" not in line.what for line in lines)


def state_age(exchange: Exchange, age: int) -> None:
    fact = ask.StateFact(
        name="age", value=age, source="birth certificate", document="certificate 88", second="jane"
    )  # fmt: skip
    exchange.do(TCN, fact, exchange.act("ben", ask.StateFact, NOON))


def test_an_age_stated_later_opens_the_gate_for_an_adult(exchange: Exchange) -> None:
    exchange.enrol("immigration", card(1, "OLD-0000001"), exchange.act("ada", "enrol"))
    held_back = exchange.submit(card(1, TCN, DOB="00000000"), exchange.act("ben", ask.AcceptSubmission, NOON))
    assert (held_back.immigration.reason, exchange.case(TCN).gate.missing) == ("juvenile", ("age_at_arrest",))
    state_age(exchange, 31)
    case = exchange.case(TCN)
    assert case.gate.forwarded
    assert case.immigration.hit
    assert [r.response for r in case.responses] == ["SRE", "IDR"]
    assert len(case.queries) == 1
    assert exchange.resume() == []
    assert exchange.ledger.verify() == []


def test_an_age_stated_later_keeps_the_gate_shut_for_a_minor(exchange: Exchange) -> None:
    exchange.submit(card(1, TCN, DOB="00000000"), exchange.act("ben", ask.AcceptSubmission, NOON))
    state_age(exchange, 16)
    case = exchange.case(TCN)
    assert (case.gate.reason, case.gate.missing, case.immigration) == ("juvenile", (), None)
    size = exchange.ledger.size()
    assert exchange.resume() == []
    assert exchange.ledger.size() == size


def test_a_hold_whose_request_is_put_back_is_watched_again_under_its_own_deadline(matched: Exchange) -> None:
    detain(matched)
    released = texas("2012-11-09T15:00")
    release_eligible(matched, released)
    made = ask.MakeClaim(claim="VICTIM", channel="hotline", statement="x")
    matched.do(TCN, made, matched.act("rita", ask.MakeClaim, texas("2012-11-09T16:00")))
    (row,) = jail.holds(matched)
    assert (row.overdue, row.cause, row.form) == (True, "not-passed-on", "")
    answered = ask.ResolveClaim(number=1, upheld=False, reason="no record of the report")
    matched.do(TCN, answered, matched.act("rita", ask.ResolveClaim, texas("2012-11-09T17:00")))
    back = matched.do(TCN, ask.Reinstate(claim=1), matched.act("sue", ask.Reinstate, texas("2012-11-09T18:00")))
    assert "The request was put back, under the original deadline." in str(
        [tell(event, "America/Chicago") for event in back]
    )
    with matched.reading() as connection:
        assert connection.execute(select(SUBMISSION.c.holds)).scalar_one() == 1
    assert [row.deadline for row in jail.holds(matched)] == [texas("2012-11-14T15:00")]
    assert watch.look(matched, texas("2012-11-14T15:01")).notices == 3


def test_every_event_of_a_case_has_its_sentence() -> None:
    told = {**telling._SENTENCES, **words.EVENTS}
    assert [e.__name__ for e in event_types() if e not in told] == []
