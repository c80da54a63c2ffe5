"""Late facts and corrections: what becomes known after the print, in whatever order."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from story import Story, charge, conviction, like

from tenprint.cases import facts_of, fold
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev


def removed(story: Story) -> Story:
    """A person removed on 2010-05-03 with no conviction on record."""
    story.card("2010-03-01 10:00").match().answer().detainer("I-247 (4/97)", "2010-03-01 13:00").served(
        "2010-03-01 14:00"
    )
    story.release_moment("2010-03-02 09:00")
    story.happened(cmd.AssumeCustody(at=story.at("2010-03-02 15:00")), "office", "2010-03-02 15:00")
    return story.happened(
        cmd.RecordOutcome(outcome="REMOVED", on=date(2010, 5, 3), basis="final order"), "office", "2010-05-03 16:00"
    )


def test_late_conviction_in_a_batch(story: Story) -> None:
    """An audit finds months later that there was a conviction: it is recorded with its batch and its reviewer."""
    removed(story)
    late = cmd.RecordConviction(
        conviction=conviction("K1", "2009-02-03", "felony", "burglary"), batch="audit-2010-05", reviewer="supervisor-2"
    )
    story.when(
        cmd.RecordConviction(conviction=late.conviction, batch="audit-2010-05"), "supervisor", "2010-06-15 10:00"
    ).refused("no reviewer")
    story.when(late, "supervisor").then(like(ev.ConvictionRecorded, batch="audit-2010-05", reviewer="supervisor-2"))
    story.so("The outcome is still there, unchanged", holds=story.case.outcome.outcome == "REMOVED")


def test_conviction_that_has_not_happened(story: Story) -> None:
    """Charged is not convicted: a conviction with a day in the future is refused."""
    story.card()
    early = cmd.RecordConviction(conviction=conviction("K1", "2010-07-02", "felony"))
    story.when(early, "center", "2010-07-01 12:00").refused("charged is not convicted")


def test_struck_conviction(story: Story) -> None:
    """A conviction of another person is struck with a reason; it stays in the history and counts no more."""
    removed(story).convictions(conviction("K1", "2009-02-03", "felony"))
    story.when(cmd.StrikeConviction(id="K1", reason=""), "center").refused("needs its reason")
    story.when(cmd.StrikeConviction(id="K1", reason="another person"), "center", "2010-06-15 10:00").then(
        like(ev.ConvictionStruck, id="K1")
    )
    story.so("No conviction counts", holds=story.case.convictions == ())


def test_charge_dismissed_then_convicted_elsewhere(story: Story) -> None:
    """What becomes of a charge is known when the court says so; charged and convicted stay apart."""
    removed(story)
    story.when(
        cmd.DisposeCharge(number=1, disposition="dismissed", on=date(2010, 6, 1)), "bureau", "2010-06-15 10:00"
    ).then(ev.ChargeDisposed)
    facts = facts_of(story.case, date(2010, 6, 15))
    story.so("The charge is dismissed", holds=facts["charges"][0]["disposition"] == "dismissed")
    story.so("There is still no conviction", holds=facts["convictions"] == [])


def test_unknown_stays_missing(story: Story) -> None:
    """A fact that somebody takes back is missing again, not no."""
    removed(story)
    story.happened(cmd.StateFact(name="immigration_fraud", value=True, source="file"), "center", "2010-06-01 10:00")
    story.when(
        cmd.StateFact(name="immigration_fraud", value=None, source="file misread", corrects=True),
        "center",
        "2010-06-02 10:00",
    ).then(like(ev.FactStated, value=None, corrects=True))
    story.so("The fact is missing", holds="immigration_fraud" not in facts_of(story.case, date(2010, 6, 2)))


def test_facts_are_checked_against_the_vocabulary(story: Story) -> None:
    """A fact that the law does not know, or a value that does not fit, is refused with what would fit."""
    story.card()
    story.when(cmd.StateFact(name="victm", value=True, source="x"), "jail").refused("no such fact")
    story.when(cmd.StateFact(name="victim", value="yes", source="x"), "jail").refused("boolean")
    story.when(cmd.StateFact(name="final_order_on", value="3 May", source="x"), "jail").refused("date")
    story.when(cmd.StateFact(name="immigration_warrant", value="I-999", source="x"), "jail").refused("I-200")
    story.when(cmd.StateFact(name="convictions", value=(), source="x"), "jail").refused("list of records")
    story.when(cmd.StateFact(name="victim", value=True, source=" "), "jail").refused("source")
    bad = cmd.StateCharge(charge=charge(1, "fight", None, "brawl"), source="report")
    story.when(bad, "jail").refused("no category is called brawl")


def test_records_win_over_statements(story: Story) -> None:
    """A stated fact that a late conviction contradicts does not keep the conviction out, and no longer counts."""
    story.card().happened(cmd.StateFact(name="felony_conviction", value=False, source="first search"), "center")
    story.convictions(conviction("K1", "2009-02-03", "felony", "burglary"))
    facts = facts_of(story.case, date(2010, 7, 1))
    story.so("The statement no longer counts", holds="felony_conviction" not in facts)


def test_uncoded_charge_is_unknown(story: Story) -> None:
    """A charge without a code says 0399: its own bucket, never a level; its categories are missing until somebody
    looks."""
    story.card(charges=(ev.Charge(number=1, literal="unreadable"),))
    first = facts_of(story.case, date(2010, 7, 1))["charges"][0]
    story.so("The code is 0399", holds=first["ncic"] == "0399")
    story.so("Nobody has looked at what it involves", holds="categories" not in first and "grade" not in first)


LATE = (
    (
        cmd.RecordConviction(conviction=conviction("K1", "2009-02-03", "felony", "burglary")),
        "center",
        "2010-06-01 10:00",
    ),
    (cmd.StrikeConviction(id="K1", reason="another person"), "center", "2010-06-02 10:00"),
    (cmd.DisposeCharge(number=1, disposition="dismissed", on=date(2010, 5, 1)), "bureau", "2010-06-03 10:00"),
    (cmd.DisposeCharge(number=1, disposition="convicted", on=date(2010, 5, 20)), "bureau", "2010-06-04 10:00"),
    (cmd.StateFact(name="entered_unlawfully", value=True, source="report"), "center", "2010-06-05 10:00"),
    (
        cmd.StateFact(name="entered_unlawfully", value=False, source="report read again", corrects=True),
        "center",
        "2010-06-06 10:00",
    ),
)


@pytest.mark.parametrize("order", list(permutations(range(len(LATE))))[::37])
def test_order_of_recording_does_not_matter(story: Story, order: tuple[int, ...]) -> None:
    """Late facts and corrections lead to the same state in whatever order they were recorded: what was said last
    counts."""
    removed(story)
    straight = story.case
    for command, role, at in LATE:
        straight = fold(_decided(straight, command, role, story.at(at)), straight)
    mixed = story.case
    for i in order:
        command, role, at = LATE[i]
        mixed = fold(_decided(mixed, command, role, story.at(at)), mixed)
    day = date(2010, 7, 1)
    assert facts_of(mixed, day) == facts_of(straight, day)
    assert (mixed.charges, mixed.convictions, mixed.statements) == (
        straight.charges,
        straight.convictions,
        straight.statements,
    )
    assert mixed.charges[0].disposition == "convicted"
    assert mixed.convictions == ()


def _decided(case, command, role, at):
    from tenprint.cases import decide

    return decide(case, command, actor=f"{role}-1", role=role, now=at)
