"""The answer of the support center: a person's, with sources, versioned; a match is not a status."""

from __future__ import annotations

import pytest
from story import Story, determined, like

from tenprint.cases import facts_of
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev


def test_match_alone_permits_no_request(story: Story) -> None:
    """Without the center's answer there is a match and nothing else."""
    story.card().match()
    detainer = cmd.Decide(choice="DETAINER", reason="match")
    story.when(detainer, "office", "2010-07-01 12:00").refused("a match is not a status", "NO_ACTION")


def test_absence_of_a_record_is_not_evidence(story: Story) -> None:
    """A birthplace and a record that was not found do not make a person removable."""
    story.card().match()
    absent = (ev.Source(name="entry records", reliability="medium", absence=True, note="no entry found"),)
    story.when(
        cmd.DetermineStatus(status="REMOVABLE_SUSPECTED", confidence="medium", sources=absent),
        "center",
        "2010-07-01 12:00",
    ).refused("absence of a record is not evidence", "UNDETERMINED")
    story.when(cmd.DetermineStatus(status="UNDETERMINED", confidence="low", sources=absent), "center")
    story.then(like(ev.StatusDetermined, status="UNDETERMINED", version=1))
    facts = facts_of(story.case, story.now.date())
    story.so("Whether the person is removable is missing, not no", holds="reason_to_believe" not in facts)


def test_answers_are_versioned(story: Story) -> None:
    """A second answer stands beside the first."""
    story.card().match().answer("UNDETERMINED")
    story.when(determined("REMOVABLE_SUSPECTED"), "center", "2010-07-01 15:00").then(
        like(ev.StatusDetermined, version=2)
    )
    story.so("The first answer is kept", holds=story.case.determinations[0].status == "UNDETERMINED")


def test_answer_needs_sources_and_a_question(story: Story) -> None:
    """Nobody is researched who was not asked about, and no answer comes without its sources."""
    story.card()
    story.when(determined("CITIZEN"), "center", "2010-07-01 12:00").refused("nobody asked")
    story.match()
    story.when(cmd.DetermineStatus(status="UNDETERMINED", confidence="low", sources=()), "center").refused(
        "needs its sources"
    )


def test_citizenship_indicator_stops_the_way(story: Story) -> None:
    """An indicator stops every request until a supervisor has looked; the officer cannot go round it."""
    story.card().match().answer("REMOVABLE_SUSPECTED", indicator=True, at="2010-07-01 12:00")
    detainer = cmd.Decide(choice="DETAINER", reason="suspected", factors=("none",))
    story.when(detainer, "office", "2010-07-01 13:00").refused("no supervisor has cleared")
    story.when(cmd.Decide(choice="SUPERVISOR_REVIEW", reason="indicator"), "office").then(
        like(ev.DecisionRecorded, choice="SUPERVISOR_REVIEW")
    )
    story.happened(
        cmd.Review(what="citizenship", approved=True, reason="passport of another country seen"),
        "supervisor",
        "2010-07-01 14:00",
    )
    story.when(detainer, "office", "2010-07-01 15:00").then(
        like(ev.DecisionRecorded, choice="DETAINER", override=False)
    )


def test_indicator_withdraws_a_request_that_stands(story: Story) -> None:
    """A later answer with an indicator withdraws the request at once, like a claim."""
    story.card().match().answer().detainer("I-247 (4/97)", "2010-07-01 13:00")
    story.when(determined("REMOVABLE_SUSPECTED", indicator=True), "center", "2010-07-02 09:00")
    story.then(
        like(ev.StatusDetermined, version=2),
        like(ev.DetainerWithdrawn, claim=None),
        like(ev.ReevaluationDue, decision=1),
    )


def test_citizen_is_never_asked_for(story: Story) -> None:
    """An answer that says citizen ends the way to a request; no override leads around it."""
    story.card().match().answer("NATURALIZED")
    story.happened(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="asked"), "supervisor")
    story.when(cmd.Decide(choice="DETAINER", reason="x", override=True), "office").refused("NATURALIZED")
    story.when(cmd.Decide(choice="NO_ACTION", reason="citizen"), "office").then(
        like(ev.DecisionRecorded, choice="NO_ACTION")
    )


@pytest.mark.parametrize("role", ["system", "office", "supervisor", "administrator", "jail"])
def test_only_the_center_determines(story: Story, role: str) -> None:
    """A status is determined by a person at the support center, never by the machinery."""
    story.card().match()
    story.when(determined("REMOVABLE_SUSPECTED"), role, "2010-07-01 12:00").refused("this is for center")


def test_undetermined_says_nothing_about_orders(story: Story) -> None:
    """Where the center could not tell, whether there is a final order is missing, not no."""
    story.card().match().answer("UNDETERMINED")
    facts = facts_of(story.case, story.now.date())
    story.so("Final order and proceedings are missing", holds=not {"final_order", "in_proceedings"} & set(facts))


def test_lawful_status_from_absent_records_says_nothing_else(story: Story) -> None:
    """An answer that rests on records not found rules nothing out."""
    story.card().match()
    absent = (ev.Source(name="orders", reliability="high", absence=True),)
    lawful = cmd.DetermineStatus(status="LAWFUL_PERMANENT_RESIDENT", confidence="medium", sources=absent)
    story.when(lawful, "center", "2010-07-01 12:00").then(ev.StatusDetermined)
    story.so("Final order is missing", holds="final_order" not in facts_of(story.case, story.now.date()))


def test_unreliable_record_is_no_records_check(story: Story) -> None:
    """A match with a low source, beside a good source that found nothing, is not the box of match and records check."""
    story.card().match()
    mixed = (ev.Source(name="old index", reliability="low"), ev.Source(name="orders", reliability="high", absence=True))
    story.happened(cmd.DetermineStatus(status="REMOVABLE_SUSPECTED", confidence="low", sources=mixed), "center")
    facts = facts_of(story.case, story.now.date())
    story.so("No box of probable cause is met", holds=facts["probable_cause_bases"] == [])


def test_last_look_counts(story: Story) -> None:
    """A supervisor who takes a clearance back stops the way again."""
    story.card().match().answer("REMOVABLE_SUSPECTED", indicator=True, at="2010-07-01 12:00")
    story.happened(
        cmd.Review(what="citizenship", approved=True, reason="passport seen"), "supervisor", "2010-07-01 13:00"
    )
    story.happened(
        cmd.Review(what="citizenship", approved=False, reason="passport of a cousin"), "supervisor", "2010-07-01 14:00"
    )
    story.when(cmd.Decide(choice="DETAINER", reason="r"), "office", "2010-07-01 15:00").refused(
        "no supervisor has cleared"
    )
