"""Close calls: scores below the threshold that a human examiner sees, and that are never a match."""

from __future__ import annotations

from datetime import date

import pytest
from story import Story, close_call, immigration, like, registration

from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev
from tenprint.cases.card.examination import close_calls


def close(story: Story) -> Story:
    """The immigration search of a card was a close call."""
    story.card()
    story.happened(cmd.DecideGate(agency=registration(), on=date(2010, 7, 1)), "system")
    return story.happened(cmd.RecordImmigrationSearch(result=close_call()), "system")


def conclude(conclusion: ev.Examined, reason: str = "ridge flow and five points compared") -> cmd.Examine:
    return cmd.Examine(system="immigration", conclusion=conclusion, reason=reason)


def standing(story: Story) -> str:
    return close_calls(story.case)[0].standing


def test_close_call_is_no_match(story: Story) -> None:
    """A close call sends no query and permits no request; it waits for an examiner."""
    close(story)
    story.when(cmd.SendQuery(origin="BIOMETRIC"), "system").refused("follows from a match")
    story.so("It waits for an examiner", holds=standing(story) == "OPEN")


@pytest.mark.parametrize("conclusion", ["EXCLUSION", "INCONCLUSIVE"])
def test_one_examiner_settles_what_identifies_nobody(story: Story, conclusion: ev.Examined) -> None:
    """One examiner is enough to say that it is another person, or that the prints do not tell."""
    close(story)
    story.when(conclude(conclusion), "examiner", "2010-07-01 15:00").then(
        like(ev.PrintExamined, conclusion=conclusion, candidate="FIN-1", standing=conclusion, settles=True)
    )


def test_identification_needs_a_second_examiner(story: Story) -> None:
    """The first identification waits for verification; the same examiner cannot verify it, another one can."""
    close(story)
    story.when(conclude("IDENTIFICATION"), "examiner", "2010-07-01 15:00", "eve").then(
        like(ev.PrintExamined, standing="PENDING_VERIFICATION", settles=False)
    )
    story.when(conclude("IDENTIFICATION"), "examiner", "2010-07-01 16:00", "eve").refused("second examiner")
    story.when(conclude("IDENTIFICATION"), "examiner", "2010-07-01 17:00", "max").then(
        like(ev.PrintExamined, standing="IDENTIFICATION", settles=True, examiner="max")
    )


def test_verified_identification_becomes_no_match(story: Story) -> None:
    """Two examiners identified: nothing follows by itself. The center may ask by a query that says why."""
    close(story).happened(conclude("IDENTIFICATION"), "examiner", "2010-07-01 15:00", "eve")
    story.happened(conclude("IDENTIFICATION"), "examiner", "2010-07-01 16:00", "max")
    story.so("The search has still found nobody", holds=not story.case.immigration.hit)
    story.when(cmd.SendQuery(origin="BIOMETRIC"), "system").refused("follows from a match")
    story.when(cmd.SendQuery(origin="BIOGRAPHIC", basis="identified by two examiners"), "center").then(
        like(ev.QuerySent, origin="BIOGRAPHIC", identity=None)
    )


def test_examiners_who_do_not_agree_identify_nobody(story: Story) -> None:
    """Where one examiner does not agree, no majority makes an identification."""
    close(story).happened(conclude("IDENTIFICATION"), "examiner", "2010-07-01 15:00", "eve")
    story.when(conclude("EXCLUSION"), "examiner", "2010-07-01 16:00", "max").then(
        like(ev.PrintExamined, standing="DISAGREEMENT", settles=True)
    )
    story.when(conclude("IDENTIFICATION"), "examiner", "2010-07-01 17:00", "ida").then(
        like(ev.PrintExamined, standing="DISAGREEMENT", settles=False)
    )


def test_doubt_raised_later_undoes_an_identification(story: Story) -> None:
    """A third examiner may look again; if they conclude otherwise, the identification no longer stands."""
    close(story).happened(conclude("IDENTIFICATION"), "examiner", "2010-07-01 15:00", "eve")
    story.happened(conclude("IDENTIFICATION"), "examiner", "2010-07-01 16:00", "max")
    story.when(conclude("INCONCLUSIVE"), "examiner", "2010-07-02 09:00", "ida").then(
        like(ev.PrintExamined, standing="DISAGREEMENT", settles=False)
    )


def test_nobody_examines_the_same_prints_twice(story: Story) -> None:
    """An examiner has concluded once; a second look is somebody else's."""
    close(story).happened(conclude("EXCLUSION"), "examiner", "2010-07-01 15:00", "eve")
    story.when(conclude("IDENTIFICATION"), "examiner", "2010-07-01 16:00", "eve").refused("eve has examined it already")


def test_conclusion_needs_a_reason(story: Story) -> None:
    """What the prints show is written down."""
    close(story).when(conclude("EXCLUSION", " "), "examiner").refused("reason in writing")


@pytest.mark.parametrize("hit", [True, False])
def test_only_a_close_call_is_examined(story: Story, hit: bool) -> None:
    """A match and a search that found nothing are no close calls."""
    story.card()
    story.happened(cmd.DecideGate(agency=registration(), on=date(2010, 7, 1)), "system")
    story.happened(cmd.RecordImmigrationSearch(result=immigration(hit=hit)), "system")
    story.when(conclude("EXCLUSION"), "examiner").refused("the immigration search of this card was no close call")


def test_search_of_the_other_system_is_not_examined(story: Story) -> None:
    """A close call of one system says nothing about the search of the other."""
    other = cmd.Examine(system="criminal", conclusion="EXCLUSION", reason="compared")
    close(story).when(other, "examiner").refused("the criminal search", "examine the immigration search")


def test_score_at_the_threshold_of_an_old_ledger_is_no_close_call(story: Story) -> None:
    """Ledgers of before marked matches near the threshold too: they stay matches, and nobody examines them."""
    story.card()
    story.happened(cmd.DecideGate(agency=registration(), on=date(2010, 7, 1)), "system")
    old = ev.ImmigrationSearched(
        hit=True, identity="FIN-1", score=0.52, threshold=0.5, fingers=10, gallery=1, calibration="x", close_call=True
    )
    story.happened(cmd.RecordImmigrationSearch(result=old), "system")
    story.when(conclude("EXCLUSION"), "examiner").refused("no close call")


@pytest.mark.parametrize("role", ["system", "center", "office", "supervisor", "administrator", "bureau"])
def test_only_an_examiner_examines(story: Story, role: str) -> None:
    """Prints are compared by people registered for it."""
    close(story).when(conclude("EXCLUSION"), role).refused("this is for examiner")
