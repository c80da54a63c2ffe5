"""Claims: a citizen, a victim, a witness, the wrong person. The request is withdrawn at once; nothing pauses the
clock."""

from __future__ import annotations

import pytest
from story import Story, determined, like

from tenprint.cases import facts_of
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev


def claim(kind: str = "CITIZEN", **more) -> cmd.MakeClaim:
    return cmd.MakeClaim(claim=kind, channel="hotline", statement="born in Ohio", **more)


def held(story: Story) -> Story:
    """A hold from Thursday 2013-01-17 16:00 to Tuesday 2013-01-22 16:00."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    return story.honored("2013-01-15 15:10").release_moment("2013-01-17 16:00")


@pytest.mark.parametrize("kind", ["CITIZEN", "VICTIM", "WITNESS", "WRONG_PERSON"])
def test_claim_ends_a_running_hold_at_once(story: Story, kind: str) -> None:
    """Whoever claims, the request is withdrawn and the hold ends in the same moment."""
    held(story)
    story.when(claim(kind), "rights", "2013-01-17 20:00").then(
        like(ev.ClaimMade, claim=kind),
        like(ev.DetainerWithdrawn, claim=1, at="2013-01-17 20:00", told=False),
    )
    story.so("No request stands", holds=story.case.detainer is None)
    story.free_to_leave("not-passed-on")
    story.when(cmd.Acknowledge(), "jail", "2013-01-17 21:00").then(
        ev.RequestEndTold, like(ev.IncidentOpened, what="held-without-request", since="2013-01-17 20:00")
    )
    story.so("An hour was not passed on", holds=("not-passed-on", 60) in story.without("2013-01-18 00:00"))


@pytest.mark.parametrize("role", ["rights", "jail", "office", "supervisor", "center", "booking"])
def test_anybody_at_a_desk_takes_a_claim_in(story: Story, role: str) -> None:
    """A claim made to whichever desk counts."""
    story.card().match().answer().detainer("I-247 (4/97)", "2010-07-01 13:00")
    story.when(claim(), role, "2010-07-01 14:00").then(ev.ClaimMade, ev.DetainerWithdrawn)


def test_claim_before_the_decision_stops_it(story: Story) -> None:
    """While a claim is open no request can be decided."""
    story.card().match().answer()
    story.when(claim(), "jail", "2010-07-01 11:00").then(
        like(ev.ClaimMade, due="2010-07-02 11:00", owner="field office supervisor")
    )
    story.when(cmd.Decide(choice="DETAINER", reason="x"), "office", "2010-07-01 12:00").refused(
        "claim 1 (CITIZEN) is open"
    )


def test_citizen_upheld(story: Story) -> None:
    """When the claim is upheld, no request is possible any more."""
    held(story).happened(claim(), "rights", "2013-01-17 20:00")
    story.when(cmd.ResolveClaim(number=1, upheld=True, reason="birth certificate"), "rights", "2013-01-18 09:00").then(
        like(ev.ClaimResolved, upheld=True, by="rights-1"),
        ev.ReevaluationDue,
        like(ev.IncidentOpened, what="held-without-request", since="2013-01-17 20:00"),
    )
    story.when(cmd.Reinstate(claim=1), "supervisor").refused("upheld")
    story.when(cmd.Decide(choice="DETAINER", reason="x", factors=("ties",)), "office").refused("upheld")


def test_reinstating_keeps_the_original_deadline(story: Story) -> None:
    """A claim that was not upheld: a supervisor may put the request back; the clock neither paused nor restarted."""
    held(story).happened(claim(), "rights", "2013-01-17 20:00")
    story.happened(
        cmd.ResolveClaim(number=1, upheld=False, reason="records of another person"), "rights", "2013-01-18 09:00"
    )
    story.when(cmd.Reinstate(claim=1), "office").refused("supervisor")
    story.when(cmd.Reinstate(claim=1), "supervisor", "2013-01-18 10:00").then(
        like(ev.DetainerReinstated, reviewer="supervisor-1", at="2013-01-18 10:00"),
        like(ev.IncidentOpened, what="held-without-request"),
    )
    story.held_until("2013-01-22 16:00")
    story.so(
        "The fourteen hours in between stay without authority",
        holds=sum(minutes for _, minutes in story.without("2013-01-22 16:00")) == 14 * 60,
    )


def test_no_reinstating_after_the_deadline(story: Story) -> None:
    """When the original deadline is over, the request stays withdrawn."""
    held(story).happened(claim(), "rights", "2013-01-17 20:00")
    story.happened(cmd.ResolveClaim(number=1, upheld=False, reason="records"), "rights", "2013-01-22 17:00")
    story.when(cmd.Reinstate(claim=1), "supervisor", "2013-01-22 18:00").refused("ended at 2013-01-22T16:00")


def test_release_moment_while_withdrawn(story: Story) -> None:
    """The release moment that comes while the request is withdrawn starts no hold; a reinstated request counts from
    it."""
    story.card("2013-01-15 10:00").match().answer().detainer("I-247 (12/12)", "2013-01-15 13:00").served(
        "2013-01-15 15:00"
    )
    story.happened(claim(), "jail", "2013-01-17 10:00")
    moment = cmd.RecordReleaseEligible(at=story.at("2013-01-17 16:00"), reason="bond_posted", document="receipt")
    story.when(moment, "jail", "2013-01-17 16:00").then(ev.ReleaseEligible)
    story.happened(cmd.ResolveClaim(number=1, upheld=False, reason="records"), "rights", "2013-01-18 09:00")
    story.when(cmd.Reinstate(claim=1), "supervisor", "2013-01-18 10:00").then(ev.DetainerReinstated)
    story.free_to_leave("not-honored")
    story.happened(cmd.HonorRequest(under="county policy 4"), "jail", "2013-01-18 10:30")
    story.held_until("2013-01-22 16:00")


def test_answered_by_somebody_else(story: Story) -> None:
    """Whoever decided in the case does not answer the claim against the decision."""
    story.card().match().answer()
    story.happened(cmd.Decide(choice="DETAINER", reason="x"), "supervisor", "2010-07-01 12:00")
    story.happened(claim(), "jail", "2010-07-01 13:00")
    answer = cmd.ResolveClaim(number=1, upheld=False, reason="records")
    story.when(answer, "supervisor", "2010-07-01 14:00").refused("somebody else")
    story.when(answer, "supervisor", actor="supervisor-2").then(ev.ClaimResolved)


def test_overdue_claim_is_an_incident(story: Story) -> None:
    """A claim without an answer by its due time opens an incident, once."""
    story.card().happened(claim(), "jail", "2010-07-01 11:00")
    story.when(cmd.Tick(), "system", "2010-07-02 11:00").then()
    story.when(cmd.Tick(), "system", "2010-07-02 11:01").then(
        like(ev.IncidentOpened, what="claim-overdue", since="2010-07-02 11:00")
    )
    story.when(cmd.Tick(), "system", "2010-07-05 11:01").then()


def test_custody_despite_a_claim_is_revealed(story: Story) -> None:
    """Federal custody while a claim is open is recorded, because it happened, and is an incident."""
    held(story).happened(claim(), "jail", "2013-01-17 20:00")
    story.when(cmd.AssumeCustody(at=story.at("2013-01-18 09:00")), "office", "2013-01-18 09:00").then(
        ev.CustodyAssumed,
        like(ev.IncidentOpened, what="custody-without-authority"),
        like(ev.IncidentOpened, what="custody-despite-claim"),
        like(ev.IncidentOpened, what="held-without-request", since="2013-01-17 20:00"),
    )


def test_person_who_stays_after_a_withdrawal_is_an_incident(story: Story) -> None:
    """After the withdrawal the person walks out; if nobody recorded it, the watch says so."""
    held(story).happened(claim(), "jail", "2013-01-17 20:00")
    story.when(cmd.Tick(), "system", "2013-01-17 21:00").then(
        like(ev.IncidentOpened, what="held-without-request", since="2013-01-17 20:00")
    )


def test_indicator_cleared_and_reinstated(story: Story) -> None:
    """A request withdrawn for a citizenship indicator comes back only after a supervisor cleared it."""
    held(story).happened(determined("REMOVABLE_SUSPECTED", indicator=True), "center", "2013-01-17 18:00")
    story.when(cmd.Reinstate(), "supervisor", "2013-01-17 19:00").refused("no supervisor has cleared")
    story.happened(
        cmd.Review(what="citizenship", approved=True, reason="foreign passport"), "supervisor", "2013-01-17 20:00"
    )
    story.when(cmd.Reinstate(), "supervisor", "2013-01-17 21:00").then(
        like(ev.DetainerReinstated, claim=None), like(ev.IncidentOpened, what="held-without-request")
    )
    story.held_until("2013-01-22 16:00")


def test_claims_can_repeat(story: Story) -> None:
    """A person whose first claim was not upheld can claim again, and it counts again at once."""
    held(story).happened(claim(), "jail", "2013-01-17 20:00")
    story.happened(cmd.ResolveClaim(number=1, upheld=False, reason="records"), "rights", "2013-01-18 09:00")
    story.happened(cmd.Reinstate(claim=1), "supervisor", "2013-01-18 10:00")
    story.when(claim("WITNESS"), "jail", "2013-01-18 11:00").then(
        like(ev.ClaimMade, number=2), like(ev.DetainerWithdrawn, claim=2)
    )
    story.free_to_leave("withdrawn")


def test_open_claim_counts_against_a_statement(story: Story) -> None:
    """While a claim is open it counts, whatever somebody else stated about the same fact."""
    story.card().happened(cmd.MakeClaim(claim="VICTIM", channel="hotline"), "rights", "2010-07-01 11:00")
    no = cmd.StateFact(name="victim", value=False, source="interview", document="note 3", second="supervisor-1")
    story.when(no, "office", "2010-07-01 12:00").refused("stated by rights")
    story.happened(no, "rights", "2010-07-01 12:00")
    story.so("The person counts as a victim", holds=facts_of(story.case, story.now.date())["victim"] is True)
    story.happened(cmd.ResolveClaim(number=1, upheld=False, reason="report"), "rights", "2010-07-01 13:00")
    story.so("After the answer the statement counts", holds=facts_of(story.case, story.now.date())["victim"] is False)


def test_reinstating_another_request_resumes_no_hold(story: Story) -> None:
    """A hold that a claim ended under one request does not go on under another one that is not in force."""
    boxes = {"warrant": "I-200", "probable_cause": ("biometric_and_records",)}
    story.card("2018-05-02 10:00").match().answer().detainer("I-247A", "2018-05-02 12:00", **boxes).served(
        "2018-05-02 14:00"
    )
    story.release_moment("2018-05-04 09:00").happened(claim("WITNESS"), "jail", "2018-05-04 10:00")
    story.happened(cmd.ResolveClaim(number=1, upheld=False, reason="r"), "rights", "2018-05-04 11:00")
    story.detainer("I-247A", "2018-05-04 12:00", **boxes)
    story.happened(claim("WITNESS"), "jail", "2018-05-04 13:00")
    story.happened(cmd.ResolveClaim(number=2, upheld=False, reason="r"), "rights", "2018-05-04 14:00")
    story.when(cmd.Reinstate(claim=2), "supervisor", "2018-05-04 15:00").then(ev.DetainerReinstated)
    story.so("No hold runs: the second form was not served", holds=story.whole.hold_at(story.now) is None)


def test_reinstating_after_a_new_criminal_matter_resumes_no_hold(story: Story) -> None:
    """While a new criminal matter keeps the person no hold runs, whatever becomes of the request."""
    held(story)
    other = cmd.ReleasePerson(
        at=story.at("2013-01-18 08:00"), how="NEW_CRIMINAL_HOLD", document="warrant 9", charge="theft",
        agency="county court 2", second="jail-2",
    )  # fmt: skip
    story.happened(other, "jail", "2013-01-18 08:00").happened(claim(), "jail", "2013-01-18 09:00")
    story.happened(cmd.ResolveClaim(number=1, upheld=False, reason="records"), "rights", "2013-01-18 10:00")
    story.when(cmd.Reinstate(claim=1), "supervisor", "2013-01-18 11:00").then(ev.DetainerReinstated)
    story.so("No hold runs", holds=story.whole.released_at(story.now) is None)


def test_an_upheld_claim_does_not_fall_to_one_sentence(story: Story) -> None:
    """What an office upheld changes only by a correction of that office with a second person."""
    held(story).happened(claim("VICTIM"), "rights", "2013-01-17 20:00")
    story.happened(cmd.ResolveClaim(number=1, upheld=True, reason="police report"), "rights", "2013-01-18 09:00")
    opinion = cmd.StateFact(name="victim", value=False, source="my opinion")
    story.when(opinion, "office", "2013-01-18 10:00").refused("stated by rights")
    alone = cmd.StateFact(name="victim", value=False, source="report withdrawn", document="report 12a", corrects=True)
    story.when(alone, "rights", "2013-01-18 11:00").refused("second person")
    story.so("The person counts as a victim", holds=facts_of(story.case, story.now.date())["victim"] is True)
