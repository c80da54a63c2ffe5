"""Complaints: taken in from anybody, never dropped, answered in writing, with clocks that everybody can read."""

from __future__ import annotations

from typing import Any

import pytest
from complaint_story import ComplaintStory, filing
from story import Story, like

from tenprint.cases.complaint import commands as cmd
from tenprint.cases.complaint import events as ev


def test_anybody_files_and_two_clocks_run(story: Story) -> None:
    """No name is needed. From that moment a person owes a reading and a triage."""
    c = ComplaintStory(story)
    c.when(filing(), "complainant", "2011-06-20 10:00").then(like(ev.ComplaintReceived, has_identity=False))
    c.so("A reading is due within 5 days.", holds=c.clock("acknowledge").due == c.at("2011-06-25 10:00"))
    c.so("A triage is due within 15 days.", holds=c.clock("triage").due == c.at("2011-07-05 10:00"))


def test_an_empty_complaint_is_no_complaint(story: Story) -> None:
    """What cannot be understood is said at once, not later."""
    c = ComplaintStory(story)
    c.when(filing(text="  "), "complainant").refused("the complaint is empty")
    c.when(filing(text="a" * 20_001), "complainant").refused("20000 is the most")


@pytest.mark.parametrize("role", ["center", "office", "jail", "supervisor", "bureau"])
def test_enforcement_reads_nothing(story: Story, role: str) -> None:
    """Center, office, supervisor, bureau and jail have no act that opens a complaint."""
    c = ComplaintStory(story).filed()
    c.when(cmd.Look(what="complaint", purpose="curiosity"), role).refused(f"acts as {role}")


def test_every_look_leaves_a_mark(story: Story) -> None:
    """Also the rights office says what it looks for, each time."""
    c = ComplaintStory(story).filed(identity=cmd.Identity(key="k1", box="closed"))
    c.when(cmd.Look(what="identity", purpose=" "), "rights").refused("the purpose is empty")
    c.when(cmd.Look(what="identity", purpose="to call the filer back"), "rights").then(
        like(ev.Accessed, what="identity", purpose="to call the filer back")
    )


@pytest.mark.parametrize(
    ("against", "for_action"),
    [("local_officer", True), ("state_officer", True), ("jail", True), ("federal_officer", False)],
)
def test_the_department_of_justice_is_told(story: Story, against: str, for_action: bool) -> None:
    """Of state and local officers it gets the complaint for action; of the others it gets notice of the
    investigation."""
    c = ComplaintStory(story).filed(against=against)
    c.when(cmd.Triage(route="RETAINED", reason="within scope"), "rights", "2011-06-22 10:00")
    c.then(ev.Acknowledged, like(ev.Triaged, route="RETAINED"), like(ev.Referred, to=_JUSTICE, for_action=for_action))


_JUSTICE = "Department of Justice, Civil Rights Division"


def test_out_of_scope_is_sent_on_with_a_reason(story: Story) -> None:
    """What is not for this office is not dropped: an office is named, and a reason is given."""
    c = ComplaintStory(story).filed(against="other")
    c.when(cmd.Triage(route="OUT_OF_SCOPE", reason="about a landlord"), "rights").refused("nothing is dropped")
    c.when(cmd.Triage(route="OUT_OF_SCOPE", reason=" ", to="State Attorney General"), "rights").refused(
        "reason is empty"
    )
    c.when(cmd.Triage(route="OUT_OF_SCOPE", reason="about a landlord", to="State Attorney General"), "rights")
    c.then(ev.Acknowledged, ev.Triaged, like(ev.Referred, to="State Attorney General", for_action=True))


def test_a_referral_waits_for_its_acknowledgment(story: Story) -> None:
    """Sending on is not the end: a clock runs until the other office says that it has it."""
    c = ComplaintStory(story).filed(against="local_officer")
    c.happened(cmd.Triage(route="JUSTICE", reason="a sheriff's deputy"), "rights", "2011-06-22 10:00")
    late = c.at("2011-07-23 10:00")
    c.so("After 31 days without a word the referral is late.", holds=c.clock("referral 1").is_late(late))
    c.when(cmd.AcknowledgeReferral(number=1, document="letter of 25 July"), "rights", "2011-07-25 10:00")
    c.then(like(ev.ReferralAcknowledged, number=1))
    c.so("It took 33 days.", holds=round(c.clock("referral 1").days(c.now)) == 33)


def test_a_duplicate_names_what_it_repeats(story: Story) -> None:
    """So that both can be read together."""
    c = ComplaintStory(story).filed()
    c.when(cmd.Triage(route="DUPLICATE", reason="same letter"), "rights").refused("which complaint it repeats")
    itself = cmd.Triage(route="DUPLICATE", reason="same letter", duplicate_of="2011-00001")
    c.when(itself, "rights").refused("cannot repeat itself")
    c.when(cmd.Triage(route="DUPLICATE", reason="same letter", duplicate_of="2011-00000"), "rights")
    c.then(ev.Acknowledged, like(ev.Triaged, duplicate_of="2011-00000"))


def test_a_finding_rests_on_something(story: Story) -> None:
    """It is written, after somebody looked, and names its evidence."""
    c = ComplaintStory(story).filed(against="federal_officer")
    finding = cmd.Find(result="SUBSTANTIATED", finding="The hold ran 71 hours.", evidence=("jail log",))
    c.when(finding, "rights").refused("nobody has looked into it")
    c.when(cmd.Investigate(), "rights").refused("not triaged")
    c.happened(cmd.Triage(route="RETAINED", reason="within scope"), "rights")
    c.happened(cmd.Investigate(), "rights")
    c.when(cmd.Find(result="SUBSTANTIATED", finding="So.", evidence=()), "rights").refused("what it rests on")
    c.when(finding, "rights").then(like(ev.Found, result="SUBSTANTIATED"))


@pytest.mark.parametrize("answer", ["CONCUR", "PARTIAL", "NON_CONCUR"])
def test_a_component_answers_a_recommendation(story: Story, answer: Any) -> None:
    """It concurs, concurs in part, or does not; only agreement needs no reason."""
    c = _found(story, "SUBSTANTIATED")
    c.when(cmd.Recommend(to="field office", text="Train the clerks."), "rights").then(like(ev.Recommended, number=1))
    silent = cmd.Respond(number=1, answer=answer, reason="", by="field office director")
    if answer != "CONCUR":
        c.when(silent, "rights").refused("the reason is empty")
    said = cmd.Respond(number=1, answer=answer, reason="as far as money allows", by="field office director")
    c.when(said, "supervisor").then(like(ev.Responded, answer=answer))


def test_nothing_is_closed_in_silence(story: Story) -> None:
    """A substantiated finding has a consequence, a recommendation an answer, a message a reply; `none` is a
    consequence."""
    c = _found(story, "SUBSTANTIATED")
    end = cmd.Close(reason="all is answered", summary="A hold ran past its deadline; the jail changed its checks.")
    c.happened(cmd.Recommend(to="field office", text="Train the clerks."), "rights")
    c.happened(cmd.Write(writer="complainant", text="What happened?"), "complainant")
    c.when(end, "rights").refused("what followed from finding 1")
    c.happened(cmd.RecordConsequence(finding=1, what="none", reason="the deputy has left"), "rights")
    c.when(end, "rights").refused("recommendation 1 has no answer")
    c.happened(cmd.Respond(number=1, answer="CONCUR", reason="", by="director"), "rights")
    c.when(end, "rights").refused("nobody answered")
    c.happened(cmd.Write(writer="office", text="We found that you were held too long."), "rights")
    c.when(end, "rights", "2011-09-20 10:00").then(like(ev.Written, writer="office"), like(ev.Closed, days=92))


def test_retained_without_a_finding_stays_open(story: Story) -> None:
    """Inconclusive is a finding; nothing is none."""
    c = ComplaintStory(story).retained()
    c.when(cmd.Close(reason="too old", summary="x"), "rights").refused("nothing was found")
    c.happened(cmd.Find(result="INCONCLUSIVE", finding="The video was gone.", evidence=("letter",)), "rights")
    c.when(cmd.Close(reason="no more evidence", summary="Video is kept 30 days."), "rights").then(ev.Written, ev.Closed)


def test_a_closed_complaint_opens_again(story: Story) -> None:
    """With a reason; then it is looked into anew, and the old finding is not enough to close it."""
    c = _found(story, "NOT_SUBSTANTIATED")
    c.happened(cmd.Close(reason="answered", summary="Nothing was found."), "rights")
    c.when(cmd.Investigate(), "rights").refused("it is closed")
    c.when(cmd.Reopen(reason="the video was found"), "rights").then(like(ev.Reopened, asked_by="complainant"))
    c.when(cmd.Close(reason="again", summary="x"), "rights").refused("nothing was found since")
    c.when(cmd.Investigate(), "rights").then(ev.InvestigationOpened)


def test_a_complaint_by_a_subject_is_watched_until_closed(story: Story) -> None:
    """While it is open, a request about that person needs a supervisor who knows of it."""
    c = _found(story, "INCONCLUSIVE")
    c.when(cmd.LinkCase(tcn="T1", ori="IL0160000", is_subject=True), "rights")
    c.then(like(ev.CaseLinked, is_subject=True), like(ev.WatchSet, tcn="T1"))
    c.so("Case T1 is watched.", holds=[w.tcn for w in c.complaint.watched] == ["T1"])
    c.when(cmd.Close(reason="answered", summary="It could not be told."), "rights")
    c.then(ev.Written, ev.Closed, like(ev.WatchEnded, tcn="T1"))
    c.when(cmd.Reopen(reason="the filer was arrested again"), "rights")
    c.then(ev.Reopened, like(ev.WatchSet, tcn="T1"))


def test_messages_go_both_ways(story: Story) -> None:
    """The filer's message starts a clock; the office's answer stops it. Nobody writes in the other's name."""
    c = ComplaintStory(story).filed()
    c.when(cmd.Write(writer="office", text="x"), "complainant").refused("cannot write as office")
    c.when(cmd.Write(writer="complainant", text="Is anybody there?"), "complainant", "2011-06-21 10:00")
    c.then(like(ev.Written, writer="complainant", due="2011-07-01 10:00"))
    c.when(cmd.Write(writer="office", text="Yes."), "rights", "2011-06-24 10:00").then(
        like(ev.Written, writer="office")
    )
    c.so("The answer took 3 days.", holds=c.clock("reply 1").days(c.now) == 3)


def _found(story: Story, result: Any) -> ComplaintStory:
    c = ComplaintStory(story).retained()
    c.happened(
        cmd.Find(result=result, finding="As the log shows.", evidence=("jail log",)), "rights", "2011-07-20 10:00"
    )
    return c
