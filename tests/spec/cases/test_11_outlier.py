"""Outliers: a flag of the quarterly review is a case that somebody owns, answers in writing, and tells the public."""

from __future__ import annotations

from typing import Any

import pytest
from outlier_story import EVIDENCE, REVIEW, SUMMARY, UNEXPLAINED, OutlierStory, flag, hypothesis, opening
from story import Story, like

from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding import events as ev


def test_a_flag_becomes_a_case_with_an_owner_and_a_deadline(story: Story) -> None:
    """From that moment somebody owes a written finding."""
    o = OutlierStory(story)
    o.when(opening(), "rights", "2011-10-20 10:00").then(like(ev.Opened, owner="rita", number="2011Q2-001"))
    o.so("A finding is due within 90 days.", holds=o.clock("finding 1").due == o.at("2012-01-18 10:00"))


def test_the_same_flag_is_one_case(story: Story) -> None:
    """The same review again changes nothing; another review that raises the flag is noted in the same case."""
    o = OutlierStory(story).flagged()
    o.when(opening(), "rights").then()
    again = {"review": "sha256:" + "cd" * 32, "statement": "With what is known since: 43 %."}
    o.when(opening(**again), "rights").then(ev.RaisedAgain)
    o.when(opening(**again), "rights").then()
    o.when(opening(id="2011Q2/low-level-bookings/change/04025"), "rights").refused("a number of its own")


@pytest.mark.parametrize("role", ["booking", "bureau", "center", "office", "jail", "administrator"])
def test_those_who_are_looked_at_do_not_look(story: Story, role: str) -> None:
    """Agencies, center and field office have no act upon a flag: nobody is judge of their own numbers."""
    o = OutlierStory(story).looked_into()
    o.when(UNEXPLAINED, role).refused(f"acts as {role}")


def test_an_auditor_obliges_others_to_answer(story: Story) -> None:
    """An auditor opens a case and takes a closed one up again, and writes no finding."""
    o = OutlierStory(story)
    o.when(opening(), "auditor").then(ev.Opened)
    o.when(UNEXPLAINED, "auditor").refused("this is for rights")
    o.happened(cmd.CloseWithoutFinding(reason="no staff"), "supervisor")
    o.when(cmd.Reopen(reason="That is no answer."), "auditor").then(ev.Reopened)


def test_a_hypothesis_says_what_would_speak_against_it(story: Story) -> None:
    """What cannot be wrong explains nothing."""
    o = OutlierStory(story).flagged()
    o.when(cmd.StateHypothesis(text="Something is odd.", against=" "), "rights").refused("what would speak against it")
    o.when(hypothesis(), "rights").then(like(ev.HypothesisStated, number=1))


def test_a_finding_is_written_after_a_look_beyond_the_numbers(story: Story) -> None:
    """Hypothesis, in-depth review, evidence, finding: in this order, because each rests on the one before."""
    o = OutlierStory(story).flagged()
    o.when(REVIEW, "rights").refused("nobody has said what might lie behind")
    o.happened(hypothesis(), "rights")
    o.when(UNEXPLAINED, "rights").refused("nobody has looked into it beyond the numbers")
    o.happened(REVIEW, "rights")
    o.when(UNEXPLAINED, "rights").refused("rests on evidence that stands")
    o.happened(EVIDENCE, "rights")
    o.when(UNEXPLAINED, "rights", "2011-11-20 10:00")
    o.then(like(ev.Written, result="UNEXPLAINED", number=1, due="2011-12-20 10:00"))
    o.so("The finding took 31 days.", holds=round(o.clock("finding 1").days(o.now)) == 31)


@pytest.mark.parametrize("result", ["EXPLAINED_BY_CASE_MIX", "DATA_FAULT", "UNEXPLAINED", "PRACTICE_FOUND"])
def test_what_it_can_turn_out_to_be(story: Story, result: Any) -> None:
    """Other kinds of cases, wrong records, nothing that anybody could name, or something that an agency does."""
    o = OutlierStory(story).looked_into()
    finding = cmd.WriteFinding(result=result, text="As the sheets show.", evidence=(1,))
    o.when(finding, "rights").then(like(ev.Written, result=result))


def test_nothing_rests_on_evidence_that_was_withdrawn(story: Story) -> None:
    """Evidence that turned out to be wrong stays readable. A finding that rested on it is corrected by a later one."""
    o = OutlierStory(story).found("PRACTICE_FOUND")
    o.when(cmd.WithdrawEvidence(number=1, reason="The sheets were of another year."), "rights")
    o.then(like(ev.EvidenceWithdrawn, number=1))
    o.when(UNEXPLAINED, "rights").refused("rests on evidence that stands")
    o.happened(cmd.AddEvidence(text="12 of 60.", source="booking sheets of 2011"), "rights")
    later = cmd.WriteFinding(result="UNEXPLAINED", text="No reason was found.", evidence=(2,))
    o.when(later, "rights").refused("what was wrong with the finding before")
    corrected = cmd.WriteFinding(
        result="UNEXPLAINED", text="No reason was found.", evidence=(2,), correction="It read sheets of another year."
    )
    o.when(corrected, "rights").then(like(ev.Written, number=2, result="UNEXPLAINED"))
    o.so("Both findings can be read.", holds=[f.result for f in o.review.findings] == ["PRACTICE_FOUND", "UNEXPLAINED"])


def test_nothing_follows_from_a_practice_only_if_a_supervisor_says_so(story: Story) -> None:
    """One person may not find a practice and let it rest."""
    o = OutlierStory(story).found("PRACTICE_FOUND")
    rests = cmd.Decide(choice="NO_ACTION", reason="The sheriff has stopped it.")
    o.when(rests, "rights").refused("not for one person to say", "ask a supervisor")
    o.when(rests, "supervisor").then(like(ev.Decided, choice="NO_ACTION"))


@pytest.mark.parametrize(
    ("office", "to"),
    [
        ("JUSTICE", "Department of Justice, Civil Rights Division"),
        ("INSPECTOR_GENERAL", "Department of Homeland Security, Office of Inspector General"),
    ],
)
def test_another_office_gets_it_and_says_so(story: Story, office: Any, to: str) -> None:
    """A referral runs its own clock until the other office says that it has it; it need not wait for the finding."""
    o = OutlierStory(story).flagged()
    o.when(cmd.Refer(office=office, why="It is about a sheriff."), "rights", "2011-10-21 10:00")
    o.then(like(ev.Referred, number=1, to=to, due="2011-11-20 10:00"))
    o.when(cmd.Refer(office="COMPONENT", why="It is theirs."), "rights").refused("component's name is empty")
    o.when(cmd.AcknowledgeReferral(number=1, document="letter of 2 November"), "rights", "2011-11-02 10:00")
    o.then(like(ev.ReferralAcknowledged, number=1))
    o.so("It took 12 days.", holds=round(o.clock("referral 1").days(o.now)) == 12)


def test_the_public_reads_what_was_found_and_what_follows(story: Story) -> None:
    """Finding, decision, summary, close: none of them is left out."""
    o = OutlierStory(story).looked_into()
    done = cmd.Close(reason="All is said.")
    o.when(cmd.Decide(choice="RETAINED", reason="so"), "rights").refused("nobody has written what was found")
    o.when(done, "rights").refused("before somebody has written what was found", "a supervisor can close it without")
    o.happened(UNEXPLAINED, "rights")
    o.when(done, "rights").refused("nobody has decided what follows")
    o.when(SUMMARY, "rights").refused("nobody has decided what follows")
    o.happened(cmd.Decide(choice="REFERRED", reason="Justice looks into agencies."), "rights")
    o.when(done, "rights").refused("nobody has", "refer it to an office")
    o.happened(cmd.Refer(office="JUSTICE", why="A pattern may lie behind it."), "rights")
    o.when(done, "rights").refused("referral 1 has arrived")
    o.happened(cmd.AcknowledgeReferral(number=1, document="letter"), "rights")
    o.when(done, "rights").refused("the public has nothing to read")
    o.when(SUMMARY, "rights").then(ev.Summarized)
    o.when(done, "rights", "2011-12-01 10:00").then(like(ev.Closed, days=42))


def test_a_summary_is_never_older_than_what_it_tells(story: Story) -> None:
    """Who decides otherwise says why, and tells the public anew."""
    o = OutlierStory(story).found()
    o.happened(cmd.Decide(choice="RETAINED", reason="We look again in a quarter."), "rights")
    o.happened(SUMMARY, "rights")
    other = cmd.Decide(choice="NO_ACTION", reason="It has gone.")
    o.when(other, "rights").refused("what was wrong with the decision before")
    o.happened(cmd.Decide(choice="NO_ACTION", reason="It has gone.", correction="It has gone."), "rights")
    o.when(cmd.Close(reason="All is said."), "rights").refused("the public has nothing to read")
    o.when(SUMMARY, "rights").then(ev.Summarized)
    o.when(SUMMARY, "rights").refused("what was wrong with the summary before")


def test_without_a_finding_only_a_supervisor_ends_it(story: Story) -> None:
    """With a reason, and the record says for good that nobody wrote what was found."""
    o = OutlierStory(story).flagged()
    o.when(cmd.CloseWithoutFinding(reason="no staff"), "rights").refused("this is for supervisor")
    o.when(cmd.CloseWithoutFinding(reason=" "), "supervisor").refused("the reason is empty")
    o.when(cmd.CloseWithoutFinding(reason="The office has no staff."), "supervisor", "2011-11-09 10:00")
    o.then(like(ev.ClosedWithoutFinding, days=20))


def test_with_a_finding_there_is_no_such_way(story: Story) -> None:
    """What was found cannot be put away by closing without it."""
    o = OutlierStory(story).found()
    o.when(cmd.CloseWithoutFinding(reason="It is not welcome."), "supervisor").refused("what was found is written")


def test_a_deadline_that_passes_is_noted_and_stays_noted(story: Story) -> None:
    """The watch notes it once. What is done later does not take it back."""
    o = OutlierStory(story).flagged()
    o.when(cmd.LookAtClock(), "system", "2012-01-18 10:00").then()
    o.when(cmd.LookAtClock(), "system", "2012-01-18 10:01").then(like(ev.DeadlinePassed, step="finding 1"))
    o.when(cmd.LookAtClock(), "system", "2012-01-19 10:00").then()
    o.happened(hypothesis(), "rights")
    o.happened(REVIEW, "rights")
    o.happened(EVIDENCE, "rights")
    o.happened(UNEXPLAINED, "rights", "2012-02-01 10:00")
    o.so("It is known for good that the finding was late.", holds=[p.step for p in o.review.passed] == ["finding 1"])


def test_also_when_nobody_watched(story: Story) -> None:
    """Whatever is done next notes what has passed: an act that comes late says so itself."""
    o = OutlierStory(story).looked_into()
    o.when(UNEXPLAINED, "rights", "2012-02-01 10:00").then(like(ev.DeadlinePassed, step="finding 1"), ev.Written)


def test_a_finding_is_not_the_end(story: Story) -> None:
    """Decision and public summary have a deadline of their own."""
    o = OutlierStory(story).found()
    o.when(cmd.LookAtClock(), "system", "2011-12-21 10:00").then(like(ev.DeadlinePassed, step="closing 1"))


def test_a_closed_case_is_taken_up_again(story: Story) -> None:
    """A finding is owed anew, with a new deadline; what was found before stays."""
    o = OutlierStory(story).found()
    o.happened(cmd.Decide(choice="RETAINED", reason="We look again in a quarter."), "rights")
    o.happened(SUMMARY, "rights")
    o.happened(cmd.Close(reason="All is said."), "rights", "2011-12-01 10:00")
    o.when(EVIDENCE, "rights").refused("it is closed")
    o.when(cmd.Reopen(reason="A deputy came forward."), "rights", "2012-03-01 10:00")
    o.then(like(ev.Reopened, due="2012-05-30 10:00"))
    o.when(cmd.Close(reason="again"), "rights").refused("before somebody has written what was found")
    o.when(UNEXPLAINED, "rights").refused("nobody has looked into it beyond the numbers")


def test_a_case_names_nobody(story: Story) -> None:
    """It is about a place. A text that holds a number of a person is refused."""
    o = OutlierStory(story).flagged()
    named = cmd.AddEvidence(text="The man with A012345678 was booked twice.", source="jail log")
    o.when(named, "rights").refused("holds a number of a person", "name nobody")


def test_its_owner_can_change_and_its_deadline_does_not(story: Story) -> None:
    """A case is handed on with its clock."""
    o = OutlierStory(story).flagged()
    o.when(cmd.Assign(owner="rob", reason="rita is on leave"), "supervisor", "2011-12-01 10:00").then(ev.Assigned)
    o.so("The finding is due as before.", holds=o.review.running == (("finding 1", o.at("2012-01-18 10:00")),))
    assert flag().id == o.review.opened.flag.id
