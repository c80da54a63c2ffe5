"""The hold: it starts with a recorded release moment, its deadline never moves, and it ends by itself."""

from __future__ import annotations

import pytest
from story import Story, charge, conviction, like

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
    return story.honored("2013-01-15 15:10").release_moment("2013-01-17 16:00")


def held_under_a(story: Story, served: bool = True) -> Story:
    """A request on Form I-247A of Wednesday 2018-05-02."""
    story.card("2018-05-02 10:00").match().answer()
    story.detainer("I-247A", "2018-05-02 12:00", warrant="I-200", probable_cause=("biometric_and_records",))
    story = story.served("2018-05-02 14:00") if served else story
    return story.honored("2018-05-02 15:00")


def test_clock_starts_with_the_release_moment_only(story: Story) -> None:
    """Neither the issue of the form nor the booking starts the clock; a recorded release moment does. The weekend
    and the holiday of Monday 21 January 2013 are left out."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    story.honored("2013-01-15 15:10")
    story.when(cmd.Tick(), "system", "2013-01-17 13:30").then()
    story.when(eligible(story, "2013-01-17 16:00"), "jail", "2013-01-17 16:10").then(
        like(ev.ReleaseEligible, at="2013-01-17 16:00")
    )
    story.held_until("2013-01-22 16:00")


def test_nobody_is_held_on_a_request_that_the_jail_has_not_honored(story: Story) -> None:
    """A request is a request: without the jail's own act the person is free to leave at the release moment, and every
    minute after it is an incident. An honor that comes later makes no past minute lawful."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    story.when(eligible(story, "2013-01-17 16:00"), "jail", "2013-01-17 16:00").then(ev.ReleaseEligible)
    story.free_to_leave("not-honored")
    story.when(cmd.HonorRequest(under="county policy 4"), "jail", "2013-01-17 17:00").then(
        like(ev.RequestHonored, under="county policy 4", counts_from="2013-01-17 17:00"),
        like(ev.IncidentOpened, what="held-without-request", since="2013-01-17 16:00"),
    )
    story.held_until("2013-01-22 16:00")
    story.so("One hour stays without authority", holds=story.without("2013-01-18 12:00") == [("not-honored", 60)])
    story.when(cmd.HonorRequest(under=" "), "jail", "2013-01-17 17:00").refused("under which authority")


def test_moment_needs_reason_and_document(story: Story) -> None:
    """No clock without the paper that shows the moment, and none from a moment that has not come."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00")
    story.when(eligible(story, "2013-01-17 16:00", document=" "), "jail", "2013-01-17 16:10").refused("document")
    story.when(eligible(story, "2013-01-17 17:00"), "jail", "2013-01-17 16:10").refused("future")


def test_hold_ends_by_itself(story: Story) -> None:
    """At the limit the authority is over, whoever looks; while nobody records that the person left an incident is
    open, and the next above the jail is told."""
    held(story)
    story.when(cmd.Tick(), "system", "2013-01-22 17:00").then(
        *(like(ev.DueWarned, hours=h, owner="jail") for h in (6, 1)),
        like(ev.DueWarned, hours=0, owner="supervisor"),
        like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 16:00"),
    )  # fmt: skip
    story.so("Sixty minutes without authority", holds=story.without("2013-01-22 17:00") == [("past-deadline", 60)])
    story.when(cmd.Tick(), "system", "2013-01-22 18:00").then()


def test_warnings_on_the_way(story: Story) -> None:
    """The jail is warned six hours and one hour before the limit, once each."""
    held(story)
    story.when(cmd.Tick(), "jail", "2013-01-22 09:59").then()
    story.when(cmd.Tick(), "jail", "2013-01-22 10:00").then(like(ev.DueWarned, hours=6, moment="2013-01-22 16:00"))
    story.when(cmd.Tick(), "jail", "2013-01-22 11:00").then()
    story.when(cmd.Tick(), "jail", "2013-01-22 15:00").then(like(ev.DueWarned, hours=1))


def test_at_the_very_moment_authority_is_over(story: Story) -> None:
    """At the deadline itself the authority is over; the incident is opened from the next minute on."""
    held(story)
    story.happened(cmd.Tick(), "system", "2013-01-22 15:00")
    story.when(cmd.Tick(), "system", "2013-01-22 16:00").then(like(ev.DueWarned, hours=0))
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
    story.when(close, "jail").refused("closes an incident they caused")
    story.when(cmd.CloseIncident(number=1, reason="."), "supervisor").refused("says what was found")
    story.when(close, "supervisor").then(like(ev.IncidentClosed, by="supervisor-1"))


def test_late_release_is_an_incident_even_if_no_watch_ran(story: Story) -> None:
    """A release after the limit that is recorded before any watch ran opens the incident by itself."""
    held(story)
    story.when(cmd.ReleasePerson(at=story.at("2013-01-23 09:00")), "jail", "2013-01-23 09:00").then(
        like(ev.CustodyReleased, at="2013-01-23 09:00"),
        like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 16:00"),
    )
    story.so("Seventeen hours without authority", holds=story.without("2013-02-01 00:00") == [("past-deadline", 1020)])


def test_release_in_time_that_is_told_late(story: Story) -> None:
    """A release of an earlier day, before an incident that is open, needs its paper and a second person; then no
    minute was without authority, and the incident stays until a person closes it."""
    held(story).happened(cmd.Tick(), "system", "2013-01-22 17:00")
    left = story.at("2013-01-18 09:00")
    story.when(cmd.ReleasePerson(at=left), "jail", "2013-01-23 09:00").refused("paper")
    story.when(cmd.ReleasePerson(at=left, document="log 12"), "jail", "2013-01-23 09:00").refused("second person")
    told = cmd.ReleasePerson(at=left, document="log 12", second="supervisor-1")
    story.when(told, "jail", "2013-01-23 09:00").then(like(ev.CustodyReleased, second="supervisor-1"))
    story.so("No minute was without authority", holds=story.without("2013-02-01 00:00") == [])
    story.so("The incident is open", holds=len(story.case.open_incidents) == 1)


def test_custody_in_time(story: Story) -> None:
    """Federal officers take the person before the limit: the normal end."""
    held(story)
    story.when(cmd.AssumeCustody(at=story.at("2013-01-18 11:00")), "office", "2013-01-18 11:00").then(
        like(ev.CustodyAssumed, determination=1)
    )
    story.when(cmd.Tick(), "system", "2013-01-30 10:00").then()
    story.so("The request is carried out", holds=story.case.detainers[0].state == "CUSTODY_ASSUMED")


def test_custody_on_nothing_is_an_incident(story: Story) -> None:
    """A handover without a determination and without a warrant is recorded, because it happened, and an incident."""
    story.card("2013-01-15 10:00").match()
    story.when(cmd.AssumeCustody(at=story.at("2013-01-16 11:00")), "jail", "2013-01-16 11:00").then(
        ev.CustodyAssumed, like(ev.IncidentOpened, what="custody-without-authority")
    )


def test_custody_after_the_limit_is_an_incident(story: Story) -> None:
    """Custody after the limit is recorded, because it happened, and the hours before it are an incident."""
    held(story)
    story.when(cmd.AssumeCustody(at=story.at("2013-01-22 20:00")), "office", "2013-01-22 20:00").then(
        ev.CustodyAssumed, like(ev.IncidentOpened, what="held-past-deadline")
    )


def test_moment_told_after_the_limit(story: Story) -> None:
    """A release moment that the jail tells a week late: authority ran from it and is over, and nobody knows that the
    person left."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    story.honored("2013-01-15 15:10")
    story.when(eligible(story, "2013-01-17 16:00"), "jail", "2013-01-25 09:00").then(
        ev.ReleaseEligible, like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 16:00")
    )


def test_form_a_served_after_the_limit_was_never_in_force(story: Story) -> None:
    """A copy given after the limit starts nothing: there was never a request in force."""
    held_under_a(story, served=False).release_moment("2018-05-04 09:00")
    serve = cmd.Serve(language="English", served_at=story.at("2018-05-06 10:00"))
    story.when(serve, "jail", "2018-05-06 10:00").then(
        ev.DetainerServed, like(ev.IncidentOpened, what="held-without-request", since="2018-05-04 09:00")
    )
    story.so("No hold ever ran", holds=story.whole.holds == ())


def test_clock_never_restarts(story: Story) -> None:
    """A second release moment is refused; a correction to a later moment changes nothing; one to an earlier moment
    moves the deadline forward."""
    held(story)
    story.when(eligible(story, "2013-01-18 16:00"), "jail", "2013-01-18 16:00").refused("never restarts")
    story.when(eligible(story, "2013-01-18 08:00", corrects=True), "jail", "2013-01-18 16:00").then(ev.ReleaseEligible)
    story.held_until("2013-01-22 16:00")
    story.when(eligible(story, "2013-01-17 11:00", corrects=True), "jail", "2013-01-18 16:00").then(
        like(ev.ReleaseEligible, corrects=True)
    )
    story.held_until("2013-01-22 11:00")


def test_corrected_moment_may_show_that_the_hold_was_too_long(story: Story) -> None:
    """A moment corrected after the person left shows an overstay that nobody had seen."""
    held(story)
    story.happened(cmd.AssumeCustody(at=story.at("2013-01-22 15:00")), "office", "2013-01-22 15:00")
    story.when(eligible(story, "2013-01-17 09:00", corrects=True), "jail", "2013-01-30 10:00").then(
        ev.ReleaseEligible, like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 09:00")
    )


def test_second_request_does_not_extend_the_hold(story: Story) -> None:
    """Another form while the clock runs ends the honor of the first. Honored in its turn, it runs to the earlier of
    the limits."""
    held(story)
    story.happened(
        cmd.Decide(choice="DETAINER", reason="name corrected", factors=("ties",)), "office", "2013-01-18 09:00"
    )
    again = cmd.IssueDetainer(form="I-247 (12/12)", zone=ZONE, supersedes=1)
    story.when(again, "office").then(ev.DetainerIssued)
    story.free_to_leave("not-honored")
    story.happened(cmd.HonorRequest(under="county policy 4"), "jail", "2013-01-18 09:30")
    story.held_until("2013-01-22 16:00")


def test_a_request_superseded_by_one_that_asks_for_no_hold(story: Story) -> None:
    """A hold ends at once when its request is superseded by a form that asks for none."""
    story.card("2015-09-01 10:00", charges=(charge(1, "robbery", "felony", "robbery"),)).match().answer()
    story.convictions(conviction("K1", "2012-03-04", "felony", "violence"))
    story.happened(cmd.StateFact(name="special_circumstances", value=True, source="task force report"), "center")
    detainer = {"probable_cause": ("biometric_and_records",)}
    story.detainer("I-247D", "2015-09-01 12:00", **detainer).served("2015-09-01 13:00").honored("2015-09-01 14:00")
    story.release_moment("2015-09-02 09:00")
    story.happened(
        cmd.Decide(choice="NOTIFY_REQUEST", reason="no probable cause after all", factors=("ties",)),
        "office", "2015-09-02 10:00",
    )  # fmt: skip
    story.when(cmd.IssueDetainer(form="I-247N", zone=ZONE, supersedes=1), "office").then(ev.DetainerIssued)
    story.free_to_leave("no-hold-form")


def test_no_request_after_the_limit(story: Story) -> None:
    """When the limit is used up and the person is still there, a new request is refused: it would restart the clock."""
    held(story).happened(cmd.Tick(), "system", "2013-01-22 17:00")
    story.happened(cmd.Decide(choice="DETAINER", reason="still there", factors=("ties",)), "office", "2013-01-22 18:00")
    again = cmd.IssueDetainer(form="I-247 (12/12)", zone=ZONE, supersedes=1)
    story.when(again, "office").refused("ended at 2013-01-22T16:00")


def test_form_a_takes_effect_when_served(story: Story) -> None:
    """Form I-247A that nobody served is not in force: the release moment starts no hold, and a person who stays is
    an incident."""
    held_under_a(story, served=False)
    story.when(eligible(story, "2018-05-04 09:00"), "jail", "2018-05-04 09:00").then(ev.ReleaseEligible)
    story.free_to_leave("not-served")
    story.when(cmd.Tick(), "system", "2018-05-04 10:00").then(
        like(ev.IncidentOpened, what="held-without-request", since="2018-05-04 09:00")
    )
    serve = cmd.Serve(language="English", served_at=story.at("2018-05-04 11:00"))
    story.when(serve, "jail", "2018-05-04 11:00").then(ev.DetainerServed)
    story.held_until("2018-05-06 09:00")
    story.so("Two hours stay without authority", holds=story.without("2018-05-05 00:00") == [("not-served", 120)])


def test_form_a_leaves_no_day_out(story: Story) -> None:
    """Under Form I-247A a Friday release means Sunday: no day is left out."""
    held_under_a(story)
    story.when(eligible(story, "2018-05-04 09:00"), "jail", "2018-05-04 09:00").then(ev.ReleaseEligible)
    story.held_until("2018-05-06 09:00")


def test_older_form_not_served_is_a_defect(story: Story) -> None:
    """A hold under an older form without a copy to the person runs, and is a defect on record."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00")
    story.honored("2013-01-15 15:10").release_moment("2013-01-17 16:00")
    story.when(cmd.Tick(), "system", "2013-01-17 16:30").then(like(ev.IncidentOpened, what="not-served"))
    story.held_until("2013-01-22 16:00")


def test_cancelled_during_the_hold(story: Story) -> None:
    """A cancelled request ends the authority at once; a person who is still there is an incident."""
    held(story)
    story.when(cmd.Cancel(reason="no capacity"), "office", "2013-01-18 10:00").then(
        like(ev.DetainerCancelled, at="2013-01-18 10:00")
    )
    story.free_to_leave("request-ended")
    story.when(cmd.Tick(), "system", "2013-01-18 11:00").then(
        like(ev.IncidentOpened, what="held-without-request", since="2013-01-18 10:00")
    )
    story.happened(cmd.ReleasePerson(at=story.at("2013-01-18 12:00")), "jail", "2013-01-18 12:00")
    story.when(cmd.Tick(), "system", "2013-01-19 11:00").then()


def test_declined_during_the_hold(story: Story) -> None:
    """A jail may stop honoring the request at any time."""
    held(story)
    story.when(cmd.Decline(reason="court ruling"), "jail", "2013-01-18 10:00").then(ev.DetainerDeclined)
    story.free_to_leave("request-ended")


@pytest.mark.parametrize(
    ("how", "more"),
    [
        ("COURT_ORDER", ()),
        ("DIED", (like(ev.IncidentOpened, what="died-in-custody"),)),
        ("ESCAPED", (like(ev.IncidentOpened, what="escaped"),)),
        ("RELEASED_IN_ERROR", (like(ev.IncidentOpened, what="released-in-error"),)),
    ],
)
def test_other_ends(story: Story, how: str, more: tuple) -> None:
    """A court's order, death, escape and a release in error end the presence; what went wrong is an incident, and
    all but an escape need their paper."""
    held(story)
    at = story.at("2013-01-18 10:00")
    if how != "ESCAPED":
        story.when(cmd.ReleasePerson(at=at, how=how), "jail", "2013-01-18 10:00").refused("paper")
    story.when(cmd.ReleasePerson(at=at, how=how, document="order 7"), "jail", "2013-01-18 10:00").then(
        like(ev.CustodyReleased, how=how), *more
    )
    story.so("The person is not there", holds=story.whole.here is None)


def test_a_transfer_is_the_senders_until_it_is_received(story: Story) -> None:
    """On the way the sender answers for the person; the limit goes on at the receiving facility."""
    held(story)
    away = cmd.ReleasePerson(at=story.at("2013-01-18 10:00"), how="TRANSFERRED", document="writ 3", to="ILSYN0310")
    story.when(away, "jail", "2013-01-18 10:00").then(like(ev.CustodyReleased, how="TRANSFERRED"))
    story.so("The sender answers", holds=story.whole.here is not None and story.whole.here.facility == "IL0169900")
    there = cmd.ReceivePerson(at=story.at("2013-01-18 12:00"), facility="ILSYN0310")
    story.when(there, "jail", "2013-01-18 12:00", "jail-2").then(ev.PersonReceived)
    story.so("The receiver answers", holds=story.whole.here is not None and story.whole.here.facility == "ILSYN0310")
    story.held_until("2013-01-22 16:00")


def test_new_criminal_matter(story: Story) -> None:
    """A new criminal hold needs charge, agency, document and a second person. When that matter ends, what was left of
    the allowance resumes, counted as elapsed and as counted time, the earlier end: it never starts again."""
    held(story)
    at = story.at("2013-01-18 10:00")
    new = {"at": at, "how": "NEW_CRIMINAL_HOLD", "document": "warrant 9"}
    story.when(cmd.ReleasePerson(**new), "jail", "2013-01-18 10:00").refused("charge")
    new |= {"charge": "theft", "agency": "county court 2"}
    story.when(cmd.ReleasePerson(**new), "jail", "2013-01-18 10:00").refused("second person")
    story.when(cmd.ReleasePerson(**new, second="jail-1"), "jail", "2013-01-18 10:00").refused("their own act")
    story.when(cmd.ReleasePerson(**new, second="jail-2"), "jail", "2013-01-18 10:00").then(
        like(ev.MatterOpened, number=2, second="jail-2")
    )
    story.when(cmd.Tick(), "system", "2013-02-01 10:00").then()
    ended = eligible(story, "2013-02-05 10:00", document="judgment", matter=2)
    story.when(ended, "jail", "2013-02-05 10:00").then(like(ev.ReleaseEligible, matter=2))
    story.held_until("2013-02-06 16:00")


def test_time_comes_before_the_act(story: Story) -> None:
    """A claim that comes after the limit meets an authority that is already over, although no watch ran."""
    held(story)
    story.when(cmd.MakeClaim(claim="CITIZEN", channel="in person"), "jail", "2013-01-22 17:00").then(
        ev.ClaimMade, ev.DetainerWithdrawn, like(ev.IncidentOpened, what="held-past-deadline", since="2013-01-22 16:00")
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
    story.honored("2018-03-09 15:00")
    story.when(eligible(story, "2018-03-09 22:00"), "jail", "2018-03-09 22:00").then(ev.ReleaseEligible)
    story.held_until("2018-03-11 22:00")


def test_service_told_late(story: Story) -> None:
    """A service of an earlier day needs the signed copy and a second person, is in force from its telling, and makes
    no past hour lawful."""
    held_under_a(story, served=False).release_moment("2018-05-04 09:00")
    served = {"language": "English", "served_at": story.at("2018-05-04 08:00")}
    story.when(cmd.Serve(**served), "jail", "2018-05-05 10:00").refused("signed copy")
    story.when(cmd.Serve(**served, document="copy 7"), "jail", "2018-05-05 10:00").refused("second person")
    told = cmd.Serve(**served, document="copy 7", second="supervisor-1")
    story.when(told, "jail", "2018-05-05 10:00").then(
        like(ev.DetainerServed, counts_from="2018-05-05 10:00"),
        like(ev.IncidentOpened, what="held-without-request", since="2018-05-04 09:00"),
    )
    story.held_until("2018-05-06 09:00")
    story.so(
        "A day and an hour stay without authority", holds=story.without("2018-05-05 12:00") == [("not-served", 1500)]
    )


def test_release_at_the_very_limit(story: Story) -> None:
    """A person released at the minute of the limit was not held past it."""
    held(story)
    limit = "2013-01-22 16:00"
    story.when(cmd.ReleasePerson(at=story.at(limit)), "jail", limit).then(ev.CustodyReleased)
    story.when(cmd.Tick(), "system", "2013-01-23 16:00").then()
    story.so("No minute was without authority", holds=story.without("2013-01-24 00:00") == [])


def test_an_act_is_taken_back_with_a_second_person(story: Story) -> None:
    """A release of the wrong person is taken back: both acts stay on record, and the person was there all the time."""
    held(story)
    story.happened(cmd.ReleasePerson(at=story.at("2013-01-18 09:00")), "jail", "2013-01-18 09:00")
    take_back = {
        "acts": (99,), "kind": "custody.released", "made_by": "jail-1", "made_as": "jail",
        "reason": "wrong control number",
    }  # fmt: skip
    story.when(cmd.CorrectAct(**take_back, second=""), "jail", "2013-01-19 09:00").refused("second person")
    story.when(cmd.CorrectAct(**take_back, second="jail-1"), "jail", "2013-01-19 09:00", "jail-2").refused(
        "made the act"
    )
    story.when(cmd.CorrectAct(**take_back, second="supervisor-1"), "jail", "2013-01-19 09:00").then(
        like(ev.ActCorrected, what="custody.released", second="supervisor-1")
    )
