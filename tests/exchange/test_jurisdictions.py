"""Jurisdictions from the command line, and the gate that follows them by date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.exchange.people import AGENCY, BUREAU, INACTIVE, card

from tenprint.cases import Refusal
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.cases.jurisdiction import commands as cmd
from tenprint.exchange import Exchange, NotAllowedError, UnknownError, activation, places

BALDWIN = "01003"  # Baldwin County, AL: published activation 2011-04-26


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def do(exchange: Exchange, name: str, who: str, when: str, command) -> list[str]:
    build = command if callable(command) else lambda _: command
    kind = type(command) if not callable(command) else type(command(None))
    return places.do(exchange, name, build, exchange.act(who, kind, at(when)))


def prepared(exchange: Exchange, *, vetted: bool = True) -> None:
    sign = cmd.SignAgreement(state="AL", on=date(2009, 11, 2), document="agreement", notice_days=30)
    do(exchange, "AL", "ada", "2009-11-03T12:00", sign)
    plan = cmd.Plan(for_date=date(2010, 6, 1), document="deployment plan 2")
    do(exchange, BALDWIN, "ada", "2010-03-01T12:00", plan)
    survey = cmd.ReturnSurvey(on=date(2010, 3, 15), document="form 70-004", booked_a_year=9000)
    do(exchange, BALDWIN, "jane", "2010-03-16T12:00", survey)
    do(exchange, BALDWIN, "ada", "2010-04-02T12:00", cmd.HoldBriefing(on=date(2010, 4, 1), topic="program", present=14))
    training = cmd.CompleteTraining(on=date(2010, 4, 20), topic="civil rights", completed=31, of=40)
    do(exchange, BALDWIN, "rita", "2010-04-21T12:00", training)
    if vetted:
        vet = cmd.Vet(on=date(2010, 5, 3), investigations=(), sources=("public docket",))
        do(exchange, BALDWIN, "rita", "2010-05-03T12:00", vet)
    do(exchange, BALDWIN, "ada", "2010-05-04T12:00",
       lambda agreed: cmd.Schedule(for_date=date(2010, 6, 1), agreement=agreed))  # fmt: skip


def activate(exchange: Exchange, when: str = "2010-06-01T12:00") -> list[str]:
    return do(exchange, BALDWIN, "ada", when, lambda agreed: cmd.Activate(agreement=agreed))


def submit(exchange: Exchange, tcn: str, when: str):
    made = card(1, tcn, CRI=INACTIVE, DOA=when[:10].replace("-", ""))
    exchange.submit(made, exchange.act("ben", AcceptSubmission, at(when)))
    return exchange.case(tcn).gate


def test_an_inactive_county_is_searched_from_the_day_of_its_activation_on(exchange: Exchange) -> None:
    prepared(exchange)
    assert "Forwarding is on since 2010-06-01" in str(activate(exchange))
    before = submit(exchange, "NEW-0000001", "2010-05-31T18:00")
    on = submit(exchange, "NEW-0000002", "2010-06-01T18:00")
    assert (before.forwarded, before.reason) == (False, "inactive")
    assert (on.forwarded, on.active_since) == (True, date(2010, 6, 1))
    assert exchange.case("NEW-0000002").immigration is not None
    assert on.activation.startswith("activation.done of 2010-06-01, entry ")


def test_a_forward_says_whose_prints_moved_and_under_which_authority(exchange: Exchange) -> None:
    prepared(exchange)
    activate(exchange)
    gate = submit(exchange, "NEW-0000001", "2010-06-02T18:00")
    assert (gate.print_owner, gate.authority_source, gate.authority_standing) == (BUREAU, "FHS, SEED2", "primary")
    assert gate.agreement == "agreement of AL, signed 2009-11-02"
    later = submit(exchange, "NEW-0000002", "2011-08-05T18:00")
    assert later.authority_source == "MOA3"
    assert "no state agreement" in later.authority
    assert later.agreement == ""


def test_a_county_nobody_vetted_cannot_be_activated_and_the_table_does_not_do_it_either(exchange: Exchange) -> None:
    prepared(exchange, vetted=False)
    with pytest.raises(Refusal, match="nobody looked for open civil-rights investigations"):
        activate(exchange)
    gate = submit(exchange, "NEW-0000001", "2011-04-27T18:00")
    assert (gate.reason, gate.activation[:21]) == ("inactive", "jurisdiction.planned ")


def test_a_county_without_a_case_follows_the_table(exchange: Exchange) -> None:
    assert submit(exchange, "NEW-0000001", "2011-04-25T18:00").reason == "inactive"
    gate = submit(exchange, "NEW-0000002", "2011-04-26T18:00")
    assert (gate.forwarded, gate.activation) == (True, activation.BY_TABLE)


def test_a_county_of_the_table_can_be_switched_off_and_on_again(exchange: Exchange) -> None:
    off = cmd.Deactivate(reason="court order", document="order 5")
    do(exchange, BALDWIN, "ada", "2011-09-01T12:00", off)
    assert submit(exchange, "NEW-0000001", "2011-08-31T18:00").forwarded
    assert submit(exchange, "NEW-0000002", "2011-09-01T18:00").reason == "inactive"
    assert places.on_day(exchange, BALDWIN, date(2011, 9, 2)).place.stage == "INACTIVE"
    assert places.on_day(exchange, BALDWIN, date(2011, 8, 31)).place.stage == "ACTIVE"
    do(exchange, BALDWIN, "ada", "2011-10-01T12:00", cmd.Plan(for_date=date(2011, 10, 5), document="plan"))
    vet = cmd.Vet(on=date(2011, 10, 2), investigations=(), sources=("public docket",))
    do(exchange, BALDWIN, "rita", "2011-10-02T12:00", vet)
    steps = ("survey", "briefing", "training")
    again = cmd.Schedule(for_date=date(2011, 10, 5), agreement=None, without=steps, reason="was active before")
    do(exchange, BALDWIN, "ada", "2011-10-03T12:00", again)
    activate(exchange, "2011-10-05T12:00")
    assert not places.on_day(exchange, BALDWIN, date(2011, 10, 4)).active
    assert places.on_day(exchange, BALDWIN, date(2011, 10, 5)).active


def test_a_county_removed_from_the_plan_stays_out(exchange: Exchange) -> None:
    asked = cmd.RequestNonActivation(by="county board", channel="letter", document="letter of 6 May")
    do(exchange, BALDWIN, "ben", "2010-09-06T12:00", asked)
    held = cmd.HoldMeeting(number=1, present=("county", "state bureau"))
    do(exchange, BALDWIN, "ada", "2010-10-01T12:00", held)
    out = cmd.AnswerRequest(number=1, answer="REMOVED_FROM_PLAN", reason="board resolution")
    do(exchange, BALDWIN, "sue", "2010-10-02T12:00", out)
    assert submit(exchange, "NEW-0000001", "2011-04-27T18:00").reason == "inactive"


def test_who_may_not(exchange: Exchange) -> None:
    with pytest.raises(NotAllowedError, match="Vet is for rights"):
        exchange.act("ada", cmd.Vet)
    with pytest.raises(UnknownError, match="FIPS"):
        do(exchange, "99999", "ada", "2010-03-01T12:00", cmd.Plan(for_date=date(2010, 6, 1), document="x"))
    with pytest.raises(UnknownError, match="TX is a state"):
        places.on_day(exchange, "TX", date(2010, 6, 1))


def test_live_and_rebuilt_activations_are_equal(exchange: Exchange) -> None:
    prepared(exchange)
    activate(exchange)
    assert exchange.ledger.verify() == []
    assert exchange.agency(AGENCY).county == "48453"
