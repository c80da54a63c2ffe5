"""Custody and proceedings to the outcome, with its true basis; and what a hold cost."""

from __future__ import annotations

from datetime import date

import pytest
from story import Story, like

from tenprint.cases import decide
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev


def in_custody(story: Story) -> Story:
    """In federal custody since Tuesday 2010-03-02 15:00."""
    story.card("2010-03-01 10:00").match().answer().detainer("I-247 (4/97)", "2010-03-01 13:00").served(
        "2010-03-01 14:00"
    )
    story.honored("2010-03-01 14:10")
    story.release_moment("2010-03-02 09:00")
    return story.happened(cmd.AssumeCustody(at=story.at("2010-03-02 15:00")), "office", "2010-03-02 15:00")


def test_steps_to_a_removal(story: Story) -> None:
    """Interview, notice to appear, hearing, counsel, order, removal: each with its day."""
    in_custody(story)
    for step, on in (
        ("interview", "2010-03-03"),
        ("notice_to_appear", "2010-03-05"),
        ("hearing_scheduled", "2010-04-20"),
        ("counsel_entered", "2010-04-01"),
        ("order", "2010-04-20"),
    ):
        story.happened(
            cmd.RecordStep(step=step, on=date.fromisoformat(on)),
            "office",
            f"{max(on, '2010-04-21') if step != 'hearing_scheduled' else '2010-03-06'} 10:00",
        )
    story.when(
        cmd.RecordOutcome(outcome="REMOVED", on=date(2010, 5, 3), basis="final order"), "office", "2010-05-03 16:00"
    ).then(like(ev.OutcomeRecorded, outcome="REMOVED", basis="final order", charges_dropped_for_departure=False))


def test_true_basis_is_mandatory(story: Story) -> None:
    """An outcome without its basis is refused; so is one that has not happened."""
    in_custody(story)
    story.when(
        cmd.RecordOutcome(outcome="RETURNED", on=date(2010, 3, 3), basis=" "), "office", "2010-03-03 16:00"
    ).refused("true basis")
    story.when(
        cmd.RecordOutcome(outcome="RETURNED", on=date(2010, 3, 9), basis="voluntary departure"), "office"
    ).refused("future")


def test_charges_dropped_for_departure(story: Story) -> None:
    """Charges dropped in exchange for departure are recorded as that, and the outcome shows it."""
    in_custody(story)
    story.happened(
        cmd.DisposeCharge(number=1, disposition="dismissed_for_departure", on=date(2010, 3, 10)),
        "bureau",
        "2010-03-11 09:00",
    )
    story.when(
        cmd.RecordOutcome(outcome="RETURNED", on=date(2010, 3, 11), basis="voluntary departure"),
        "office",
        "2010-03-11 16:00",
    ).then(like(ev.OutcomeRecorded, charges_dropped_for_departure=True))


def test_return_is_not_a_removal(story: Story) -> None:
    """Return and removal are two outcomes; a later statement supersedes an earlier one and both stay in the history."""
    in_custody(story)
    story.happened(
        cmd.RecordOutcome(outcome="REMOVED", on=date(2010, 4, 1), basis="order"), "office", "2010-04-01 16:00"
    )
    right = cmd.RecordOutcome(
        outcome="RETURNED", on=date(2010, 4, 1), basis="voluntary return", batch="audit", reviewer="supervisor-2"
    )
    story.when(right, "supervisor", "2010-06-01 10:00").then(
        like(ev.OutcomeRecorded, outcome="RETURNED", batch="audit")
    )
    story.so("It was a return", holds=story.case.outcome.outcome == "RETURNED" and len(story.case.outcomes) == 2)


@pytest.mark.parametrize("outcome", ["RELIEF", "CITIZEN", "TERMINATED", "RELEASED", "NOTICE_TO_APPEAR"])
def test_other_outcomes(story: Story, outcome: str) -> None:
    """Relief, citizen, terminated, released, notice to appear: a closed list, so that nothing ends in an empty
    field."""
    in_custody(story)
    story.happened(cmd.ReleasePerson(at=story.at("2010-03-04 12:00"), custody="ICE"), "office", "2010-03-04 12:00")
    story.when(
        cmd.RecordOutcome(outcome=outcome, on=date(2010, 3, 4), basis="judge's decision"), "office", "2010-03-04 16:00"
    ).then(like(ev.OutcomeRecorded, outcome=outcome))


def test_custody_without_any_request(story: Story) -> None:
    """Custody without any request rests on a determination and a warrant as records; without the warrant it is an
    incident."""
    story.card().match().answer()
    bare = cmd.AssumeCustody(at=story.at("2010-07-01 18:00"))
    warrant = ev.Warrant(form="I-200", number="W-17", issuer="supervisor-1")
    story.so("Without the warrant it is an incident", holds=_opens_an_incident(story, bare))
    taken = cmd.AssumeCustody(at=story.at("2010-07-01 18:00"), warrant=warrant)
    story.when(taken, "office", "2010-07-01 18:00").then(like(ev.CustodyAssumed, determination=1, warrant=warrant))


def _opens_an_incident(story: Story, command: cmd.AssumeCustody) -> bool:
    events = decide(story.case, command, actor="office-1", role="office", now=command.at, zone=story.zone)
    return any(isinstance(e, ev.IncidentOpened) and e.what == "custody-without-authority" for e in events)


def test_federal_release_needs_federal_custody(story: Story) -> None:
    """Nobody leaves a custody that was never recorded."""
    story.card()
    story.when(cmd.ReleasePerson(at=story.at("2010-07-02 09:00"), custody="ICE"), "office", "2010-07-02 09:00").refused(
        "no federal custody"
    )


def test_who_paid_for_a_hold(story: Story) -> None:
    """The hours follow from where the person was: six past release here. A cost says who paid, and is refused for
    less than nothing, for nobody, and for a hold that never ran."""
    in_custody(story)
    (hold,) = story.whole.holds
    story.so("The hold took six hours", holds=(hold.end - hold.released_at).total_seconds() == 6 * 3600)
    story.when(cmd.RecordCost(bed_hours=6, payer="county", hold=1), "jail", "2010-03-03 09:00").then(
        like(ev.CostRecorded, bed_hours=6, payer="county")
    )
    story.when(cmd.RecordCost(bed_hours=-1, payer="county"), "jail").refused("zero or more")
    story.when(cmd.RecordCost(bed_hours=1, payer=" "), "jail").refused("payer")
    story.when(cmd.RecordCost(bed_hours=1, payer="county", hold=2), "jail").refused("1 hold")


def test_overdue_answer(story: Story) -> None:
    """Where the exchange has set a target for the center's answer, an overdue one is an incident; no target, no
    incident."""
    story.card().match()
    story.when(cmd.Tick(), "system", "2010-07-09 10:00").then()
    story.when(cmd.Tick(answer_hours=4), "system", "2010-07-01 14:00").then()
    story.when(cmd.Tick(answer_hours=4), "system", "2010-07-01 14:01").then(
        like(ev.IncidentOpened, what="answer-overdue")
    )
