"""The request to the jail: Form I-247 and its family, from issue to its end."""

from __future__ import annotations

from datetime import date

import pytest
from story import Story, charge, conviction, like

from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev

ZONE = "America/Chicago"


def form(name: str, **more) -> cmd.IssueDetainer:
    return cmd.IssueDetainer(form=name, zone=ZONE, **more)


def detain(name: str, **more) -> cmd.Decide:
    return cmd.Decide(choice="DETAINER", reason="as permitted", factors=("ties",), detainer=form(name, **more))


def test_no_form_without_a_decision(story: Story) -> None:
    """A form goes out only on a recorded decision, once for each decision."""
    story.card().match().answer()
    story.when(form("I-247 (4/97)"), "office", "2010-07-01 12:00").refused("no recorded decision")
    story.happened(cmd.Decide(choice="NO_ACTION", reason="ties"), "office")
    story.when(form("I-247 (4/97)"), "office").refused("no recorded decision")
    story.happened(cmd.Decide(choice="DETAINER", reason="new record"), "office")
    story.when(form("I-247 (4/97)"), "supervisor").then(
        like(ev.DetainerIssued, decision=2, number=1, recipient_ori="IL0169900")
    )
    story.when(form("I-247 (4/97)"), "office").refused("already carried out")


def test_no_form_about_a_complainant_that_no_supervisor_saw(story: Story) -> None:
    """A complaint that comes between decision and form stops the form: a supervisor must know of it. The road may
    state that a complaint is open, and nothing else about a person."""
    story.card().match().answer()
    story.happened(cmd.Decide(choice="DETAINER", reason="as permitted"), "office")
    watch = cmd.StateFact(name="retaliation_watch", value=True, source="complaint 2010-00001")
    story.when(cmd.StateFact(name="age", value=30, source="card"), "system").refused("a named person states it")
    story.happened(watch, "system")
    story.when(form("I-247 (4/97)"), "office").refused("retaliation_watch", "decision 1 was made without")
    story.happened(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="knows of it"), "supervisor")
    story.happened(cmd.Decide(choice="DETAINER", reason="reviewed"), "office")
    story.when(form("I-247 (4/97)"), "office").then(like(ev.DetainerIssued, decision=2))


@pytest.mark.parametrize(
    ("on", "name", "possible"),
    [
        ("2010-08-01", "I-247 (8/10)", "I-247 (4/97)"),
        ("2010-08-02", "I-247 (4/97)", "I-247 (8/10)"),
        ("2012-12-20", "I-247 (12/12)", "I-247 (12/11)"),
        ("2012-12-21", "I-247 (12/11)", "I-247 (12/12)"),
        ("2017-04-01", "I-247A", "I-247D"),
        ("2017-04-02", "I-247D", "I-247A"),
    ],
)
def test_form_must_be_one_of_the_day(story: Story, on: str, name: str, possible: str) -> None:
    """A version that could not be issued on the day is refused, with the one that could."""
    story.card(f"{on} 10:00").match().answer()
    boxes = {"probable_cause": ("biometric_and_records",), "warrant": "I-200"}
    story.when(detain(name, **boxes), "office", f"{on} 12:00").refused("could not be issued", possible)
    story.when(detain(possible, **boxes), "office").then(ev.DecisionRecorded, like(ev.DetainerIssued, form=possible))


def test_law_counts_in_the_facility_zone(story: Story) -> None:
    """At 23:30 in Chicago on 20 December 2012 the list does not exist yet, whatever the day is in Greenwich."""
    story.card("2012-12-20 10:00", charges=(charge(1, "shoplifting", "misdemeanor", "shoplifting"),)).match().answer()
    story.when(detain("I-247 (12/11)"), "office", "2012-12-20 23:30").then(
        like(ev.DecisionRecorded, regime="DET-2010"), ev.DetainerIssued
    )


def test_probable_cause_and_warrant(story: Story) -> None:
    """Form I-247A needs a box of probable cause and a warrant; an investigation begun is no box."""
    story.card("2018-05-02 10:00").match().answer()
    story.when(detain("I-247A", warrant="I-200"), "office", "2018-05-02 12:00").refused("probable cause")
    story.when(detain("I-247A", warrant="I-200", probable_cause=("investigation_initiated",)), "office").refused()
    story.when(detain("I-247A", probable_cause=("biometric_and_records",)), "office").refused()
    story.when(detain("I-247A", warrant="I-200", probable_cause=("biometric_and_records",)), "office").then(
        ev.DecisionRecorded, like(ev.DetainerIssued, warrant="I-200", probable_cause=("biometric_and_records",))
    )


def test_notification_is_the_normal_tool_under_pep(story: Story) -> None:
    """In 2016 a listed conviction permits a request for notice (I-247N), which asks for no hold; a detainer needs
    more."""
    story.card("2016-03-01 10:00").match().answer()
    story.convictions(conviction("K1", "2012-03-02", "felony", "robbery"))
    story.when(detain("I-247D", probable_cause=("biometric_and_records",)), "office", "2016-03-01 12:00").refused(
        "NOTIFY_REQUEST"
    )
    notify = cmd.Decide(choice="NOTIFY_REQUEST", reason="felony", detainer=form("I-247N"))
    story.when(notify, "office").then(
        like(ev.DecisionRecorded, basis=("1d",)), like(ev.DetainerIssued, form="I-247N", criteria=("1d",))
    )
    moment = cmd.RecordReleaseEligible(at=story.at("2016-03-02 09:00"), reason="bond_posted", document="receipt 4")
    story.when(moment, "jail", "2016-03-02 09:00").then(ev.ReleaseEligible)
    story.so("No hold runs", holds=story.whole.holds == ())


def test_form_must_carry_out_the_choice(story: Story) -> None:
    """A decision for notice does not send a detainer."""
    story.card("2016-03-01 10:00").match().answer()
    story.convictions(conviction("K1", "2012-03-02", "felony", "robbery"))
    story.happened(cmd.Decide(choice="NOTIFY_REQUEST", reason="felony"), "office", "2016-03-01 12:00")
    story.when(form("I-247D", probable_cause=("final_order",)), "office").refused("NOTIFY_REQUEST")


def test_claim_between_decision_and_form(story: Story) -> None:
    """A claim that comes after the decision and before the form stops the form."""
    story.card().match().answer()
    story.happened(cmd.Decide(choice="DETAINER", reason="as permitted"), "office", "2010-07-01 12:00")
    story.happened(cmd.MakeClaim(claim="CITIZEN", channel="counsel"), "jail", "2010-07-01 12:30")
    story.when(form("I-247 (4/97)"), "office", "2010-07-01 13:00").refused("claim 1 (CITIZEN) is open")


def test_form_a_needs_its_warrant_whatever_was_approved(story: Story) -> None:
    """The form goes with Form I-200 or I-205; no override sends it without one."""
    story.card("2018-05-02 10:00").match().answer()
    story.happened(
        cmd.Review(what="decision", choice="DETAINER", approved=True, reason="r"), "supervisor", "2018-05-02 11:00"
    )
    without = form("I-247A", probable_cause=("biometric_and_records",))
    override = cmd.Decide(choice="DETAINER", reason="r", factors=("ties",), override=True, detainer=without)
    story.when(override, "office", "2018-05-02 12:00").refused("goes with a warrant", "I-205")


def test_jail_may_decline(story: Story) -> None:
    """A request is not an order: declining is a normal state."""
    story.card().match().answer().detainer("I-247 (4/97)", "2010-07-01 13:00")
    story.when(cmd.Decline(reason="county policy"), "jail", "2010-07-01 15:00").then(
        like(ev.DetainerDeclined, reason="county policy")
    )
    story.so("The request is declined", holds=story.case.detainers[0].state == "DECLINED")


def test_lift_needs_a_reason(story: Story) -> None:
    """A cancelled request has a reason; nothing is left unexplained."""
    story.card().match().answer().detainer("I-247 (4/97)", "2010-07-01 13:00")
    story.when(cmd.Cancel(reason=""), "office", "2010-07-02 09:00").refused("mandatory")
    story.when(cmd.Cancel(reason="relief granted"), "office").then(ev.DetainerCancelled)
    story.when(cmd.Cancel(reason="again"), "office").refused("no request stands")


def test_supersede(story: Story) -> None:
    """A second request replaces the first by number; it does not stand beside it."""
    story.card().match().answer().detainer("I-247 (4/97)", "2010-07-01 13:00")
    story.happened(cmd.Decide(choice="DETAINER", reason="new form", factors=("ties",)), "office", "2010-08-03 09:00")
    story.when(form("I-247 (8/10)"), "office").refused("request 1 (I-247 (4/97)) stands")
    story.when(form("I-247 (8/10)", supersedes=1), "office").then(like(ev.DetainerIssued, number=2, supersedes=1))
    story.so("The first is superseded", holds=story.case.detainers[0].state == "SUPERSEDED")


def test_old_decision_does_not_carry_under_new_law(story: Story) -> None:
    """A decision of 20 December 2012 that was not carried out does not carry the form on the next day."""
    story.card("2012-12-20 10:00", charges=(charge(1, "shoplifting", "misdemeanor", "shoplifting"),)).match().answer()
    story.happened(
        cmd.Decide(choice="DETAINER", reason="as permitted", factors=("ties",)), "office", "2012-12-20 12:00"
    )
    story.when(form("I-247 (12/12)"), "office", "2012-12-21 09:00").refused("decide again", "DET-2012")


def test_served_once_and_not_before_it_existed(story: Story) -> None:
    """The service is recorded with its language and moment."""
    story.card().match().answer().detainer("I-247 (4/97)", "2010-07-01 13:00")
    early = cmd.Serve(language="Spanish", served_at=story.at("2010-07-01 12:00"))
    story.when(early, "jail", "2010-07-01 15:00").refused("before the issue")
    late = cmd.Serve(language="Spanish", served_at=story.at("2010-07-01 16:00"))
    story.when(late, "jail", "2010-07-01 15:00").refused("future")
    story.when(late, "jail", "2010-07-01 16:05").then(like(ev.DetainerServed, language="Spanish"))
    story.when(late, "jail", "2010-07-01 17:00").then()


def test_charges_dropped_takes_the_ground_away(story: Story) -> None:
    """Under the list of 2012 a detainer rested on a felony charge; when it is dismissed, the request is withdrawn at
    once, and the person is free to leave."""
    story.card("2013-02-01 10:00").match().answer().detainer("I-247 (12/12)", "2013-02-01 12:00")
    story.when(cmd.DisposeCharge(number=1, disposition="dismissed", on=date(2013, 2, 4)), "jail", "2013-02-04 12:00")
    story.then(
        ev.ChargeDisposed,
        ev.DetainerWithdrawn,
    )
    story.free_to_leave("withdrawn")


def test_form_is_not_dated_before_its_decision(story: Story) -> None:
    """A form that went out before anybody decided cannot be recorded as following from the decision."""
    story.card().match().answer()
    story.happened(cmd.Decide(choice="DETAINER", reason="as permitted"), "office", "2010-07-01 12:00")
    story.when(form("I-247 (4/97)"), "office", "2010-07-01 11:00").refused("dated before its decision")
