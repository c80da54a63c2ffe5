"""Jurisdictions: plan, agreement, survey, briefing, vetting, activation; and the request to stay out."""

from __future__ import annotations

from datetime import date

import pytest
from story import PlaceStory, like

from tenprint.cases import Refusal
from tenprint.cases.jurisdiction import commands as cmd
from tenprint.cases.jurisdiction import events as ev
from tenprint.cases.jurisdiction import options
from tenprint.cases.jurisdiction.place import Agreement

AGREEMENT = Agreement(state="IL", signed=date(2009, 11, 2), notice_days=30)
SUIT = ev.Investigation(
    by="DOJ Civil Rights Division",
    about="traffic stops",
    opened_on=date(2009, 3, 1),
    is_open=True,
    source="public letter",
)


def prepared(place: PlaceStory, *, found: tuple[ev.Investigation, ...] = ()) -> PlaceStory:
    """Planned, surveyed, briefed, trained and vetted in the spring of 2010."""
    place.happened(
        cmd.Plan(for_date=date(2010, 6, 1), document="deployment plan 2"), "administrator", "2010-03-01 10:00"
    )
    place.happened(
        cmd.ReturnSurvey(on=date(2010, 3, 15), document="form 70-004", booked_a_year=9000), "jail", "2010-03-16 10:00"
    )
    place.happened(
        cmd.HoldBriefing(on=date(2010, 4, 1), topic="what the program is", present=14),
        "administrator",
        "2010-04-02 10:00",
    )
    place.happened(
        cmd.CompleteTraining(on=date(2010, 4, 20), topic="civil rights", completed=31, of=40),
        "rights",
        "2010-04-21 10:00",
    )
    return place.happened(
        cmd.Vet(on=date(2010, 5, 3), investigations=found, sources=("public docket", "letters of the division")),
        "rights",
        "2010-05-03 10:00",
    )


def scheduled(place: PlaceStory, **more) -> PlaceStory:
    """Set for 1 June 2010."""
    prepared(place, **more)
    return place.happened(
        cmd.Schedule(for_date=date(2010, 6, 1), agreement=AGREEMENT), "administrator", "2010-05-04 10:00"
    )


def test_steps_before_a_day_is_set(place: PlaceStory) -> None:
    """A day is set after the steps, or without named ones for a named reason."""
    early = cmd.Schedule(for_date=date(2010, 6, 1), agreement=AGREEMENT)
    place.when(early, "administrator", "2010-05-04 10:00").refused("plan it first")
    place.happened(cmd.Plan(for_date=date(2010, 6, 1), document="deployment plan 2"), "administrator")
    place.when(early, "administrator").refused("survey, briefing, training")
    without = cmd.Schedule(
        for_date=date(2010, 6, 1),
        agreement=AGREEMENT,
        without=("survey", "briefing", "training"),
        reason="border county",
    )
    place.when(without, "administrator").then(like(ev.Scheduled, without=("survey", "briefing", "training")))


@pytest.mark.parametrize(("day", "needed"), [("2011-08-04", True), ("2011-08-05", False)])
def test_agreement_needed_until_the_letter(place: PlaceStory, day: str, needed: bool) -> None:
    """Until 4 August 2011 the state's agreement came first; from the letter of 5 August on none was needed."""
    prepared(place)
    place.when(cmd.Schedule(for_date=date(2011, 9, 1), agreement=None), "administrator", f"{day} 10:00")
    if needed:
        place.refused("no agreement in force")
    else:
        place.then(ev.Scheduled)


def test_nobody_is_activated_unvetted(place: PlaceStory) -> None:
    """Before activation somebody looks for open civil-rights investigations; an old look does not count."""
    scheduled(place)
    activate = cmd.Activate(agreement=AGREEMENT)
    place.when(activate, "administrator", "2010-05-31 10:00").refused("set for 2010-06-01")
    place.when(activate, "administrator", "2010-12-01 10:00").refused("civil-rights investigations")
    place.when(activate, "administrator", "2010-06-01 10:00").then(like(ev.Activated, on=date(2010, 6, 1), despite=()))


def test_open_investigation_stops_activation(place: PlaceStory) -> None:
    """An open investigation stops it, until somebody is named who accepts it, with the reason; both stay on record."""
    scheduled(place, found=(SUIT,))
    place.when(cmd.Activate(agreement=AGREEMENT), "administrator", "2010-06-01 10:00").refused("traffic stops")
    accept = cmd.AcceptInvestigations(reason="monitor in place since May")
    place.when(accept, "administrator").refused("rights")
    place.when(accept, "rights").then(like(ev.InvestigationsAccepted, by="rights-1"))
    place.when(cmd.Activate(agreement=AGREEMENT), "administrator", actor="rights-1").refused("traffic stops")
    place.when(cmd.Activate(agreement=AGREEMENT), "administrator").then(
        like(ev.Activated, approved_by="rights-1", despite=("DOJ Civil Rights Division: traffic stops",))
    )


def test_only_the_rights_office_vets(place: PlaceStory) -> None:
    """Who activates does not vet; and a vetting names where it looked."""
    vet = cmd.Vet(on=date(2010, 5, 3), investigations=(), sources=())
    place.when(vet, "administrator", "2010-05-03 10:00").refused("rights")
    place.when(vet, "rights").refused("name the sources")


def test_request_in_2010(place: PlaceStory) -> None:
    """Under the procedure of August 2010 a letter leads to a meeting, and then the place may leave the plan."""
    scheduled(place)
    place.when(
        cmd.RequestNonActivation(by="county board", channel="letter", document="letter of 6 May"),
        "bureau",
        "2010-05-06 10:00",
    ).then(like(ev.NonActivationRequested, rule="OPT-2010", duties=("REQUEST_RECORDED", "MEETING")))
    place.when(cmd.Activate(agreement=AGREEMENT), "administrator", "2010-06-01 10:00").refused("is not answered")
    out = cmd.AnswerRequest(number=1, answer="REMOVED_FROM_PLAN", reason="board resolution")
    place.when(out, "supervisor").refused("no meeting has been held")
    place.happened(
        cmd.HoldMeeting(number=1, present=("county", "state bureau", "federal agency")),
        "administrator",
        "2010-06-10 10:00",
    )
    place.when(out, "supervisor").then(like(ev.RequestAnswered, answer="REMOVED_FROM_PLAN", rule="OPT-2010"))
    place.so("The place is out of the plan", holds=place.place.stage == "REMOVED_FROM_PLAN")


def test_request_after_the_letter(place: PlaceStory) -> None:
    """From 5 August 2011 the request is recorded and answered, and removes nobody."""
    scheduled(place)
    place.when(
        cmd.RequestNonActivation(by="county board", channel="email", document="message 12"),
        "bureau",
        "2011-08-05 10:00",
    ).then(like(ev.NonActivationRequested, rule="OPT-2011"))
    place.happened(cmd.HoldMeeting(number=1, present=("county", "federal agency")), "administrator", "2011-08-10 10:00")
    place.when(cmd.AnswerRequest(number=1, answer="REMOVED_FROM_PLAN", reason="x"), "supervisor").refused(
        "OPT-2011 does not permit it"
    )
    place.when(
        cmd.AnswerRequest(number=1, answer="ACTIVATION_STANDS", reason="no agreement is needed"), "supervisor"
    ).then(ev.RequestAnswered)


def test_date_adjusted(place: PlaceStory) -> None:
    """An answer may move the day."""
    scheduled(place)
    place.happened(cmd.RequestNonActivation(by="sheriff", channel="fax", document="fax 3"), "jail", "2010-05-06 10:00")
    place.happened(
        cmd.HoldMeeting(number=1, present=("sheriff", "federal agency")), "administrator", "2010-05-20 10:00"
    )
    place.when(cmd.AnswerRequest(number=1, answer="DATE_ADJUSTED", reason="jail moves"), "supervisor").refused(
        "new date is missing"
    )
    later = cmd.AnswerRequest(number=1, answer="DATE_ADJUSTED", reason="jail moves", new_date=date(2010, 9, 7))
    place.when(later, "supervisor").then(like(ev.RequestAnswered, new_date=date(2010, 9, 7)))
    place.when(cmd.Activate(agreement=AGREEMENT), "administrator", "2010-06-01 10:00").refused("set for 2010-09-07")


def test_what_it_can_do_today(place: PlaceStory) -> None:
    """The page says what a jurisdiction can do on a day, what is owed to it, and what it cannot do."""
    scheduled(place)
    before = options(place.place, date(2010, 9, 1), agreement=AGREEMENT)
    place.so(
        f"On 2010-09-01: {'; '.join(before.can)}",
        holds="say in writing that it does not want to be activated" in before.can,
    )
    place.so("Being removed from the plan was possible then", holds=before.cannot == ())
    after = options(place.place, date(2011, 8, 5), agreement=AGREEMENT)
    place.so(
        f"On 2011-08-05 it could not {'; '.join(after.cannot)}",
        holds=after.cannot == ("be removed from the plan by its own request",),
    )
    place.happened(cmd.RequestNonActivation(by="sheriff", channel="fax", document="fax 3"), "jail", "2010-05-06 10:00")
    waiting = options(place.place, date(2010, 9, 1))
    place.so(f"Owed after the letter: {'; '.join(waiting.owed)}", holds=waiting.owed == ("meeting on request 1",))


def test_state_agreement(place: PlaceStory) -> None:
    """An agreement is recorded in its state's stream, ends by notice or by the letter, and is not signed after it."""
    sign = cmd.SignAgreement(state="CA", on=date(2009, 1, 23), document="agreement", notice_days=30)
    place.when(sign, "bureau", "2009-01-23 10:00").then(like(ev.AgreementSigned, notice_days=30))
    place.when(sign, "bureau").refused("in force since 2009-01-23")
    place.when(
        cmd.EndAgreement(on=date(2011, 8, 5), by="letter of the federal agency", document="letter"),
        "administrator",
        "2011-08-05 10:00",
    ).then(ev.AgreementEnded)
    place.so(
        "It covers the day before and not the day itself",
        holds=place.place.agreement.covers(date(2011, 8, 4)) and not place.place.agreement.covers(date(2011, 8, 5)),
    )
    late = cmd.SignAgreement(state="CA", on=date(2011, 8, 6), document="agreement")
    place.when(late, "bureau", "2011-08-06 10:00").refused("ended on 2011-08-05")


def test_switched_off(place: PlaceStory) -> None:
    """An active place can be switched off, with a document; then it is inactive."""
    scheduled(place).happened(cmd.Activate(agreement=AGREEMENT), "administrator", "2010-06-01 10:00")
    place.when(cmd.Deactivate(reason="court order", document=" "), "administrator", "2010-07-01 10:00").refused(
        "document"
    )
    place.when(cmd.Deactivate(reason="court order", document="order 5"), "administrator").then(ev.Deactivated)
    place.so("It is inactive", holds=place.place.stage == "INACTIVE")


@pytest.mark.parametrize("role", ["office", "jail", "center", "auditor"])
def test_who_may_activate(place: PlaceStory, role: str) -> None:
    """Only the administrator switches forwarding on."""
    scheduled(place)
    place.when(cmd.Activate(agreement=AGREEMENT), role, "2010-06-01 10:00").refused("administrator")
    assert isinstance(place.refusal, Refusal)
