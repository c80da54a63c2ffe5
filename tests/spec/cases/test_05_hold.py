"""The hold: it starts with a recorded release moment, its deadline never moves, and it ends by itself."""

from __future__ import annotations

import pytest
from story import Story, charge, like

from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev

ZONE = "America/Chicago"


def eligible(story: Story, at: str, **more) -> cmd.RecordReleaseEligible:
    return cmd.RecordReleaseEligible(
        at=story.at(at), **({"reason": "bond_posted", "document": "bond receipt 1"} | more)
    )


def held(story: Story) -> Story:
    """A hold that runs from Thursday 2013-01-17 16:00 under Form I-247 (12/12)."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    return story.release_moment("2013-01-17 16:00")


def held_under_a(story: Story, served: bool = True) -> Story:
    """A request on Form I-247A of Wednesday 2018-05-02."""
    story.card("2018-05-02 10:00").match().answer()
    story.detainer("I-247A", "2018-05-02 12:00", warrant="I-200", probable_cause=("biometric_and_records",))
    return story.served("2018-05-02 14:00") if served else story


def test_clock_starts_with_the_release_moment_only(story: Story) -> None:
    """Neither the issue of the form nor the booking starts the clock; a recorded release moment does. The weekend
    and the holiday of Monday 21 January 2013 are left out."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    story.when(cmd.Tick(), "system", "2013-01-17 13:30").then()
    story.when(eligible(story, "2013-01-17 16:00"), "jail", "2013-01-17 16:10").then(
        like(ev.ReleaseEligible, at="2013-01-17 16:00"),
        like(
            ev.HoldStarted,
            release_eligible_at="2013-01-17 16:00",
            deadline="2013-01-22 16:00",
            excluded=("2013-01-19", "2013-01-20", "2013-01-21"),
        ),
    )


def test_moment_needs_reason_and_document(story: Story) -> None:
    """No clock without the paper that shows the moment, and none from a moment that has not come."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00")
    story.when(eligible(story, "2013-01-17 16:00", document=" "), "jail", "2013-01-17 16:10").refused("document")
    story.when(eligible(story, "2013-01-17 17:00"), "jail", "2013-01-17 16:10").refused("future")


def test_hold_ends_by_itself(story: Story) -> None:
    """At the limit the hold is over, the jail is told so, and while nobody records that the person left an incident
    is open."""
    held(story)
    story.when(cmd.Tick(), "system", "2013-01-22 17:00").then(
        *(like(ev.HoldAlarm, hours=h) for h in (24, 36, 44, 48)),
        like(ev.HoldEnded, how="EXPIRED", ended_at="2013-01-22 16:00"),
        like(ev.ReleaseNoticeSent, deadline="2013-01-22 16:00"),
        like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 16:00"),
    )  # fmt: skip
    story.when(cmd.Tick(), "system", "2013-01-22 18:00").then()


def test_alarms_on_the_way(story: Story) -> None:
    """The marks of 24, 36, 44 and 48 hours are raised once each."""
    held(story)
    story.when(cmd.Tick(), "jail", "2013-01-18 15:59").then()
    story.when(cmd.Tick(), "jail", "2013-01-18 16:00").then(like(ev.HoldAlarm, hours=24, due="2013-01-18 16:00"))
    story.when(cmd.Tick(), "jail", "2013-01-18 17:00").then()
    story.when(cmd.Tick(), "jail", "2013-01-22 04:00").then(like(ev.HoldAlarm, hours=36, due="2013-01-22 04:00"))


def test_at_the_very_moment_the_notice_goes_out(story: Story) -> None:
    """At the deadline itself the hold is over; the incident is opened from the next look on."""
    held(story)
    story.happened(cmd.Tick(), "system", "2013-01-22 15:00")
    story.when(cmd.Tick(), "system", "2013-01-22 16:00").then(
        like(ev.HoldAlarm, hours=48), ev.HoldEnded, ev.ReleaseNoticeSent
    )
    story.when(cmd.Tick(), "system", "2013-01-22 16:01").then(like(ev.IncidentOpened, what="held-past-deadline"))


def test_incident_stays_until_a_named_person_closes_it(story: Story) -> None:
    """An incident about a person held cannot be closed while nobody knows that they left; then only by name and
    reason."""
    held(story).happened(cmd.Tick(), "system", "2013-01-22 17:00")
    close = cmd.CloseIncident(number=1, reason="released late; shift change")
    story.when(close, "supervisor", "2013-01-22 18:00").refused("nobody has recorded that the person left")
    story.when(cmd.ReleasePerson(at=story.at("2013-01-22 19:00")), "jail", "2013-01-22 19:00").then(
        like(ev.CustodyReleased, at="2013-01-22 19:00")
    )
    story.when(cmd.CloseIncident(number=1, reason=""), "supervisor").refused("with a reason")
    story.when(close, "supervisor").then(like(ev.IncidentClosed, by="supervisor-1"))


def test_late_release_is_an_incident_even_if_no_watch_ran(story: Story) -> None:
    """A release after the limit that is recorded before any watch ran opens the incident by itself."""
    held(story)
    story.when(cmd.ReleasePerson(at=story.at("2013-01-23 09:00")), "jail", "2013-01-23 09:00").then(
        like(ev.HoldEnded, how="EXPIRED", ended_at="2013-01-22 16:00"),
        ev.ReleaseNoticeSent,
        like(ev.IncidentOpened, what="held-past-deadline"),
        like(ev.CustodyReleased, at="2013-01-23 09:00"),
    )


def test_release_in_time_that_is_told_late(story: Story) -> None:
    """A release in time that the jail records later corrects the end; the incident stays until a person closes it."""
    held(story).happened(cmd.Tick(), "system", "2013-01-22 17:00")
    story.when(cmd.ReleasePerson(at=story.at("2013-01-18 09:00")), "jail", "2013-01-23 09:00").then(
        like(ev.HoldEnded, how="RELEASED", ended_at="2013-01-18 09:00"), ev.CustodyReleased
    )
    story.so("The incident is still open", holds=len(story.case.open_incidents) == 1)


def test_custody_in_time(story: Story) -> None:
    """Federal officers take the person before the limit: the normal end."""
    held(story)
    story.when(cmd.AssumeCustody(at=story.at("2013-01-18 11:00")), "office", "2013-01-18 11:00").then(
        like(ev.HoldEnded, how="CUSTODY_ASSUMED", ended_at="2013-01-18 11:00"), ev.CustodyAssumed
    )
    story.when(cmd.Tick(), "system", "2013-01-30 10:00").then()
    story.so("The request is carried out", holds=story.case.detainers[0].state == "CUSTODY_ASSUMED")


def test_custody_after_the_limit_is_an_incident(story: Story) -> None:
    """Custody after the limit is recorded, because it happened, and it is an incident."""
    held(story)
    story.when(cmd.AssumeCustody(at=story.at("2013-01-22 20:00")), "office", "2013-01-22 20:00").then(
        like(ev.HoldEnded, how="EXPIRED"),
        ev.ReleaseNoticeSent,
        like(ev.IncidentOpened, what="held-past-deadline"),
        ev.CustodyAssumed,
    )


def test_moment_told_after_the_limit(story: Story) -> None:
    """A release moment that the jail tells a week late: the hold ran from it and is over, and nobody knows that the
    person left."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    story.when(eligible(story, "2013-01-17 16:00"), "jail", "2013-01-25 09:00").then(
        ev.ReleaseEligible,
        like(ev.HoldStarted, deadline="2013-01-22 16:00"),
        like(ev.HoldEnded, how="EXPIRED", ended_at="2013-01-22 16:00"),
        ev.ReleaseNoticeSent,
        like(ev.IncidentOpened, what="held-past-deadline"),
    )


def test_form_a_served_after_the_limit_was_never_in_force(story: Story) -> None:
    """A copy given after the limit starts nothing: there was never a request in force."""
    held_under_a(story, served=False).release_moment("2018-05-04 09:00")
    serve = cmd.Serve(language="English", served_at=story.at("2018-05-06 10:00"))
    story.when(serve, "jail", "2018-05-06 10:00").then(ev.DetainerServed)
    story.when(cmd.Tick(), "system", "2018-05-06 11:00").then(like(ev.IncidentOpened, what="held-without-request"))


def test_clock_never_restarts(story: Story) -> None:
    """A second release moment is refused; a correction to a later moment changes nothing; one to an earlier moment
    moves the deadline forward."""
    held(story)
    story.when(eligible(story, "2013-01-18 16:00"), "jail", "2013-01-18 16:00").refused("never restarts")
    story.when(eligible(story, "2013-01-18 08:00", corrects=True), "jail", "2013-01-18 16:00").then(ev.ReleaseEligible)
    story.so("The deadline stays", holds=story.case.hold.started.deadline == story.at("2013-01-22 16:00"))
    story.when(eligible(story, "2013-01-17 11:00", corrects=True), "jail", "2013-01-18 16:00").then(
        like(ev.ReleaseEligible, corrects=True), like(ev.HoldChanged, why="correction")
    )
    story.so("The deadline moved forward", holds=story.case.hold.started.deadline == story.at("2013-01-22 11:00"))


def test_corrected_moment_may_show_that_the_hold_was_too_long(story: Story) -> None:
    """A moment corrected after the person left shows an overstay that nobody had seen."""
    held(story)
    story.happened(cmd.AssumeCustody(at=story.at("2013-01-22 15:00")), "office", "2013-01-22 15:00")
    story.when(eligible(story, "2013-01-17 09:00", corrects=True), "jail", "2013-01-30 10:00").then(
        ev.ReleaseEligible, like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 09:00")
    )


def test_second_request_does_not_extend_the_hold(story: Story) -> None:
    """Another form while the clock runs takes the hold over under the earlier of the two deadlines."""
    held(story)
    story.happened(
        cmd.Decide(choice="DETAINER", reason="name corrected", factors=("ties",)), "office", "2013-01-18 09:00"
    )
    again = cmd.IssueDetainer(form="I-247 (12/12)", zone=ZONE, supersedes=1)
    story.when(again, "office").then(
        ev.DetainerIssued,
        like(ev.HoldChanged, why="superseded"),
        like(ev.IncidentOpened, what="not-served"),
    )
    story.so("One hold runs", holds=len(story.case.holds) == 1)
    story.so("It ends when it would have ended", holds=story.case.hold.started.deadline == story.at("2013-01-22 16:00"))


def test_no_request_after_the_limit(story: Story) -> None:
    """When the limit is used up and the person is still there, a new request is refused: it would restart the clock."""
    held(story).happened(cmd.Tick(), "system", "2013-01-22 17:00")
    story.happened(cmd.Decide(choice="DETAINER", reason="still there", factors=("ties",)), "office", "2013-01-22 18:00")
    story.when(cmd.IssueDetainer(form="I-247 (12/12)", zone=ZONE), "office").refused("ended at 2013-01-22T16:00")


def test_form_a_takes_effect_when_served(story: Story) -> None:
    """Form I-247A that nobody served is not in force: the release moment starts no hold, and a person who stays is
    an incident."""
    held_under_a(story, served=False)
    story.when(eligible(story, "2018-05-04 09:00"), "jail", "2018-05-04 09:00").then(ev.ReleaseEligible)
    story.when(cmd.Tick(), "system", "2018-05-04 10:00").then(
        like(ev.IncidentOpened, what="held-without-request", since="2018-05-04 09:00")
    )
    serve = cmd.Serve(language="English", served_at=story.at("2018-05-04 11:00"))
    story.when(serve, "jail", "2018-05-04 11:00").then(
        ev.DetainerServed, like(ev.HoldStarted, deadline="2018-05-06 09:00")
    )


def test_form_a_leaves_no_day_out(story: Story) -> None:
    """Under Form I-247A a Friday release means Sunday: no day is left out."""
    held_under_a(story)
    story.when(eligible(story, "2018-05-04 09:00"), "jail", "2018-05-04 09:00").then(
        ev.ReleaseEligible, like(ev.HoldStarted, deadline="2018-05-06 09:00", excluded=())
    )


def test_older_form_not_served_is_a_defect(story: Story) -> None:
    """A hold under an older form without a copy to the person runs, and is a defect on record."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00")
    story.when(eligible(story, "2013-01-17 16:00"), "jail", "2013-01-17 16:00").then(
        ev.ReleaseEligible, ev.HoldStarted, like(ev.IncidentOpened, what="not-served")
    )


def test_cancelled_during_the_hold(story: Story) -> None:
    """A cancelled request ends the hold at once; a person who is still there is an incident."""
    held(story)
    story.when(cmd.Cancel(reason="no capacity"), "office", "2013-01-18 10:00").then(
        ev.DetainerCancelled, like(ev.HoldEnded, how="CANCELLED", ended_at="2013-01-18 10:00")
    )
    story.when(cmd.Tick(), "system", "2013-01-18 11:00").then(
        like(ev.IncidentOpened, what="held-without-request", since="2013-01-18 10:00")
    )
    story.happened(cmd.ReleasePerson(at=story.at("2013-01-18 12:00")), "jail", "2013-01-18 12:00")
    story.when(cmd.Tick(), "system", "2013-01-19 11:00").then()


def test_declined_during_the_hold(story: Story) -> None:
    """A jail may stop honoring the request at any time."""
    held(story)
    story.when(cmd.Decline(reason="court ruling"), "jail", "2013-01-18 10:00").then(
        ev.DetainerDeclined, like(ev.HoldEnded, how="DECLINED")
    )


@pytest.mark.parametrize("how", ["TRANSFERRED", "COURT_ORDER", "DIED"])
def test_other_ends(story: Story, how: str) -> None:
    """Transfer, court order and death end a hold; the first two need their paper."""
    held(story)
    at = story.at("2013-01-18 10:00")
    if how != "DIED":
        story.when(cmd.ReleasePerson(at=at, how=how), "jail", "2013-01-18 10:00").refused("paper")
    story.when(cmd.ReleasePerson(at=at, how=how, document="order 7"), "jail", "2013-01-18 10:00").then(
        like(ev.HoldEnded, how=how), like(ev.CustodyReleased, how=how)
    )


def test_new_criminal_matter(story: Story) -> None:
    """A new criminal hold ends this one; when that matter ends, a new release moment starts a new clock."""
    held(story)
    new = cmd.ReleasePerson(at=story.at("2013-01-18 10:00"), how="NEW_CRIMINAL_HOLD", document="warrant 9")
    story.when(new, "jail", "2013-01-18 10:00").then(like(ev.HoldEnded, how="NEW_CRIMINAL_HOLD"))
    story.when(cmd.Tick(), "system", "2013-02-01 10:00").then()
    story.when(eligible(story, "2013-02-05 10:00", document="judgment"), "jail", "2013-02-05 10:00").then(
        ev.ReleaseEligible, like(ev.HoldStarted, deadline="2013-02-07 10:00")
    )
    story.so("Two holds, apart", holds=[h.is_open for h in story.case.holds] == [False, True])


def test_time_comes_before_the_act(story: Story) -> None:
    """A claim that comes after the limit meets a hold that is already over, although no watch ran."""
    held(story)
    story.when(cmd.MakeClaim(claim="CITIZEN", channel="in person"), "jail", "2013-01-22 17:00").then(
        like(ev.HoldEnded, how="EXPIRED"),
        ev.ReleaseNoticeSent,
        like(ev.IncidentOpened, what="held-past-deadline"),
        ev.ClaimMade,
    )


def test_person_who_leaves_before_any_hold(story: Story) -> None:
    """A person who is released without a hold leaves no request behind."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00")
    story.when(cmd.ReleasePerson(at=story.at("2013-01-16 09:00")), "jail", "2013-01-16 09:00").then(ev.CustodyReleased)
    story.when(cmd.Decide(choice="DETAINER", reason="late", factors=("ties",)), "office", "2013-01-16 10:00").refused(
        "left the jail"
    )


def test_daylight_saving_takes_the_earlier_reading(story: Story) -> None:
    """On the weekend on which the clocks go forward the earlier reading counts: 48 wall hours are only 47 by then."""
    story.card("2018-03-09 10:00", charges=(charge(1, "robbery", "felony", "robbery"),)).match().answer()
    story.detainer("I-247A", "2018-03-09 12:00", warrant="I-200", probable_cause=("biometric_and_records",)).served(
        "2018-03-09 14:00"
    )
    story.when(eligible(story, "2018-03-09 22:00"), "jail", "2018-03-09 22:00").then(
        ev.ReleaseEligible, like(ev.HoldStarted, deadline="2018-03-11 22:00")
    )


def test_service_told_late(story: Story) -> None:
    """Form I-247A served in time and told after the limit: the request was in force, and the hold is over."""
    held_under_a(story, served=False).release_moment("2018-05-04 09:00")
    serve = cmd.Serve(language="English", served_at=story.at("2018-05-05 10:00"))
    story.when(serve, "jail", "2018-05-06 10:00").then(
        ev.DetainerServed,
        like(ev.HoldStarted, deadline="2018-05-06 09:00"),
        like(ev.HoldEnded, how="EXPIRED"),
        ev.ReleaseNoticeSent,
        like(ev.IncidentOpened, what="held-past-deadline"),
    )


def test_release_at_the_very_limit(story: Story) -> None:
    """A person released at the minute of the limit was not held past it."""
    held(story)
    limit = "2013-01-22 16:00"
    story.when(cmd.ReleasePerson(at=story.at(limit)), "jail", limit).then(
        like(ev.HoldEnded, how="EXPIRED"), ev.ReleaseNoticeSent, ev.CustodyReleased
    )
    story.when(cmd.Tick(), "system", "2013-01-23 16:00").then()
