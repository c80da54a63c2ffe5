"""The decision: what the law of the day permits, what the officer chooses, and who looks at it."""

from __future__ import annotations

import pytest
from story import Story, charge, conviction, like

from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev

TRAFFIC = (charge(1, "driving without a license", "misdemeanor", "minor_traffic"),)
SHOPLIFTING = (charge(1, "shoplifting", "misdemeanor", "shoplifting"),)


def decide(choice: str, **more) -> cmd.Decide:
    return cmd.Decide(choice=choice, reason="as the file shows", factors=("length of presence",), **more)


def test_same_case_meets_different_law(story: Story) -> None:
    """A person charged with shoplifting, no convictions: a detainer was permitted in July 2010."""
    story.card("2010-07-01 10:00", charges=SHOPLIFTING).match().answer()
    story.when(decide("DETAINER"), "office", "2010-07-01 12:00")
    story.then(like(ev.DecisionRecorded, regime="DET-2008", permitted=("NO_ACTION", "DETAINER"), basis=("a",)))
    story.so("The decision keeps how its rule was reached", holds=len(story.last[0].trace) > 0)


def test_same_case_in_2013(story: Story) -> None:
    """The same person on 1 February 2013: nothing of the list of December 2012 is met."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    story.when(decide("DETAINER"), "office", "2013-02-01 12:00").refused("DET-2012 permits NO_ACTION")
    story.when(decide("NO_ACTION"), "office").then(like(ev.DecisionRecorded, regime="DET-2012", choice="NO_ACTION"))


def test_deciding_not_to_act_is_recorded_with_its_reason(story: Story) -> None:
    """The non-decision is a decision: it has a reason, a regime and what would have been permitted."""
    story.card().match().answer()
    story.when(cmd.Decide(choice="NO_ACTION", reason=" "), "office", "2010-07-01 12:00").refused("needs a reason")
    story.when(cmd.Decide(choice="NO_ACTION", reason="caretaker of two children"), "office").then(
        like(ev.DecisionRecorded, choice="NO_ACTION", permitted=("NO_ACTION", "DETAINER"), officer="office-1")
    )


@pytest.mark.parametrize(
    "role", ["administrator", "center", "jail", "booking", "bureau", "examiner", "rights", "auditor", "system"]
)
def test_only_officers_decide(story: Story, role: str) -> None:
    """Nobody but an officer or a supervisor of the office decides; the administrator sets things up and never
    decides."""
    story.card().match().answer()
    story.when(decide("DETAINER"), role, "2010-07-01 12:00").refused("office or supervisor")
    story.when(cmd.IssueDetainer(form="I-247 (4/97)", zone="America/Chicago"), role).refused("office or supervisor")


def test_every_act_needs_a_name(story: Story) -> None:
    """An act without a name is refused."""
    story.card()
    story.when(decide("NO_ACTION"), "office", actor=" ").refused("needs a named actor")


def test_override_needs_a_supervisor_first(story: Story) -> None:
    """Outside what is permitted only with a supervisor's approval of this very choice, recorded before; the override
    is marked."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    story.when(decide("DETAINER", override=True), "office", "2013-02-01 12:00").refused("approval of a supervisor")
    story.when(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="threat"), "supervisor").then(
        like(ev.ReviewRecorded, approved=True, reviewer="supervisor-1", decision=1)
    )
    story.when(decide("DETAINER", override=True), "office").then(
        like(ev.DecisionRecorded, override=True, reviewer="supervisor-1", permitted=("NO_ACTION", "NEEDS_MORE_FACTS"))
    )
    story.when(decide("DETAINER", override=True), "office").refused("approval of a supervisor")


def test_nobody_approves_for_themselves(story: Story) -> None:
    """A supervisor who decides needs another supervisor; a refusal by the last reviewer counts."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    approve = cmd.Review(what="decision", choice="DETAINER", approved=True, reason="threat")
    story.happened(approve, "supervisor", "2013-02-01 12:00")
    story.when(decide("DETAINER", override=True), "supervisor").refused("other than the officer")
    story.happened(
        cmd.Review(what="decision", choice="DETAINER", approved=False, reason="no threat"),
        "supervisor",
        actor="supervisor-2",
    )
    story.when(decide("DETAINER", override=True), "office").refused("approval of a supervisor")


def test_risk_in_words_needs_reason_and_reviewer(story: Story) -> None:
    """Letter h of the list of 2012 is free text: it needs a supervisor's sign-off."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    story.happened(cmd.StateFact(name="significant_risk", value=True, source="task force report"), "center")
    story.when(decide("DETAINER"), "office", "2013-02-01 12:00").refused("approval of a supervisor")
    story.happened(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="report read"), "supervisor")
    story.when(decide("DETAINER"), "office").then(
        like(ev.DecisionRecorded, override=False, reviewer="supervisor-1", basis=("h",))
    )


def test_relying_on_the_free_text_needs_the_reviewer_even_beside_another_letter(story: Story) -> None:
    """An officer who names h alone needs the sign-off although a felony charge would have done."""
    story.card("2013-02-01 10:00").match().answer()
    story.happened(cmd.StateFact(name="significant_risk", value=True, source="task force report"), "center")
    story.when(decide("DETAINER", basis=("h",)), "office", "2013-02-01 12:00").refused("approval of a supervisor")
    story.when(decide("DETAINER", basis=("a",)), "office").then(like(ev.DecisionRecorded, basis=("a",), reviewer=None))


def test_named_basis_must_hold(story: Story) -> None:
    """A letter that the facts do not meet cannot be ticked."""
    story.card("2013-02-01 10:00").match().answer()
    story.when(decide("DETAINER", basis=("b",)), "office", "2013-02-01 12:00").refused(
        "b of DET-2012 does not permit it"
    )


def test_everything_that_lacks_is_said_at_once(story: Story) -> None:
    """A letter that does not hold, no factor weighed and a form of another day: one refusal names all three."""
    story.card("2013-02-01 10:00").match().answer("REMOVABLE_FINAL_ORDER")
    form = cmd.IssueDetainer(form="I-247 (12/11)", zone="America/Chicago")
    command = cmd.Decide(choice="DETAINER", reason="final order", basis=("b",), detainer=form)
    story.when(command, "office", "2013-02-01 12:00").refused(
        "b of DET-2012", "(--basis): a, f", "--factor", "I-247 (12/11) could not be issued", "(--form): I-247 (12/12)"
    )


def test_discretion_is_weighed_and_recorded(story: Story) -> None:
    """From 17 June 2011 the factors of discretion are weighed before a detainer, and kept with it."""
    story.card("2011-06-17 10:00").match().answer()
    story.when(cmd.Decide(choice="DETAINER", reason="as permitted"), "office", "2011-06-17 12:00").refused("factors")
    story.when(decide("DETAINER"), "office").then(like(ev.DecisionRecorded, factors=("length of presence",)))


def test_the_day_before_no_factors_are_asked(story: Story) -> None:
    """On 16 June 2011 the memo did not exist."""
    story.card("2011-06-16 10:00").match().answer()
    story.when(cmd.Decide(choice="DETAINER", reason="as permitted"), "office", "2011-06-16 12:00").then(
        ev.DecisionRecorded
    )


def test_traffic_only_waits_for_a_conviction(story: Story) -> None:
    """From 27 April 2012 a minor traffic charge alone permits following the case, not a detainer, until there is a
    conviction."""
    story.card("2012-04-27 10:00", charges=TRAFFIC).match().answer()
    for name in ("national_security", "gang", "immigration_fraud", "reentry_after_removal"):
        story.happened(cmd.StateFact(name=name, value=False, source="records check"), "center")
    story.when(decide("DETAINER"), "office", "2012-04-27 12:00").refused("MONITOR")
    story.when(decide("MONITOR"), "office").then(like(ev.DecisionRecorded, choice="MONITOR"))
    story.when(
        cmd.DisposeCharge(number=1, disposition="convicted", on=story.now.date()), "center", "2012-04-27 16:00"
    ).then(ev.ChargeDisposed, like(ev.ReevaluationDue, permitted=("NO_ACTION", "DETAINER")))


def test_what_nobody_knows_is_named(story: Story) -> None:
    """Without any search of the criminal records the convictions are missing, and the refusal names them."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING)
    story.case = type(story.case)(submission=story.case.submission)
    story.happened(cmd.SendQuery(origin="287G", basis="interview by a deputized officer"), "office")
    story.answer()
    story.when(decide("DETAINER"), "office", "2013-02-01 12:00").refused("nobody knows", "convictions")
    story.when(decide("NEEDS_MORE_FACTS"), "office").then(like(ev.DecisionRecorded, choice="NEEDS_MORE_FACTS"))


def test_duty_is_told_apart_and_does_not_act_by_itself(story: Story) -> None:
    """Since 29 January 2025 a statute requires a detainer for some people arrested for theft; a person still acts or
    overrides."""
    story.card("2025-02-03 10:00", charges=SHOPLIFTING).match().answer()
    story.happened(cmd.StateFact(name="inadmissible", value=True, source="officer's finding"), "center")
    story.when(decide("NO_ACTION"), "office", "2025-02-03 12:00").refused("requires DETAINER")
    story.so("Nothing was issued by itself", holds=story.case.detainers == ())
    story.when(decide("DETAINER"), "office").then(like(ev.DecisionRecorded, duties=("DETAINER",), override=False))


def test_leaving_a_duty_undone_is_a_named_override(story: Story) -> None:
    """Not to act against a statutory duty takes a supervisor's approval, like any override."""
    story.card("2025-02-03 10:00", charges=SHOPLIFTING).match().answer()
    story.happened(cmd.StateFact(name="inadmissible", value=True, source="officer's finding"), "center")
    story.happened(
        cmd.Review(what="decision", choice="NO_ACTION", approved=True, reason="gravely ill"),
        "supervisor",
        "2025-02-03 12:00",
    )
    story.when(decide("NO_ACTION", override=True), "office").then(
        like(ev.DecisionRecorded, override=True, reviewer="supervisor-1")
    )


def test_late_domestic_violence_scene(story: Story) -> None:
    """Police book everybody at a scene; a week later it is known that one is the victim. The request is withdrawn, and
    another needs an adverse factor and a supervisor (memo 10076.1)."""
    story.card("2011-07-01 10:00", charges=(charge(1, "assault", "misdemeanor", "assault"),)).match().answer()
    story.detainer("I-247 (6/11)", "2011-07-01 13:00")
    story.when(cmd.MakeClaim(claim="VICTIM", channel="hotline"), "rights", "2011-07-08 09:00").then(
        like(ev.ClaimMade, claim="VICTIM", number=1), like(ev.DetainerWithdrawn, claim=1)
    )
    story.happened(cmd.ResolveClaim(number=1, upheld=True, reason="police report 12"), "rights", "2011-07-09 09:00")
    story.happened(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="asked"), "supervisor")
    story.when(decide("DETAINER", override=True), "office", "2011-07-10 09:00").refused("no adverse factor is stated")
    story.happened(
        cmd.Review(what="decision", choice="DETAINER", approved=False, reason="no adverse factor"), "supervisor"
    )
    story.happened(
        cmd.StateFact(name="adverse_factors", value=("serious_criminal_history",), source="rap sheet"), "supervisor"
    )
    story.when(decide("DETAINER"), "office").refused("approval of a supervisor")
    story.happened(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="two robberies"), "supervisor")
    story.when(decide("DETAINER"), "office").then(like(ev.DecisionRecorded, override=False, reviewer="supervisor-1"))


def test_weaknesses_stand_beside_the_decision(story: Story) -> None:
    """What is weak in the record is kept with the choice, so that nobody can say it was not known."""
    story.card()
    story.happened(cmd.SendQuery(origin="BIOGRAPHIC", basis="own statement: says born abroad"), "jail")
    low = (
        ev.Source(name="old index", reliability="low"),
        ev.Source(name="entry records", reliability="high", absence=True),
    )
    story.happened(cmd.DetermineStatus(status="REMOVABLE_SUSPECTED", confidence="low", sources=low), "center")
    story.when(decide("DETAINER"), "office", "2010-07-01 12:00").then(
        like(ev.DecisionRecorded, weaknesses=("low-confidence", "no-reliable-source", "no-match"))
    )


def test_felony_conviction_permits_in_2012_list(story: Story) -> None:
    """A prior felony conviction meets letter a, and the form gets that box."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    story.convictions(conviction("K1", "2009-03-02", "felony", "burglary"))
    form = cmd.IssueDetainer(form="I-247 (12/12)", zone="America/Chicago")
    story.when(decide("DETAINER", detainer=form), "office", "2013-02-01 12:00").then(
        like(ev.DecisionRecorded, basis=("a",)), like(ev.DetainerIssued, criteria=("a",), form="I-247 (12/12)")
    )


def test_juvenile_adjudication_is_no_conviction(story: Story) -> None:
    """An adjudication as a juvenile does not count as the felony of letter a."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    story.convictions(conviction("K1", "2009-03-02", "felony", "burglary", juvenile=True))
    story.when(decide("DETAINER"), "office", "2013-02-01 12:00").refused("permits NO_ACTION")


def test_decision_is_not_dated_back_to_older_law(story: Story) -> None:
    """A choice dated before the answer or the decision that it follows is refused: it would reach for the law of
    then."""
    story.card("2012-12-20 10:00", charges=SHOPLIFTING).match().answer(at="2012-12-21 09:00")
    story.when(decide("DETAINER"), "office", "2012-12-20 23:00").refused("dated before what it rests on")
    story.happened(decide("NO_ACTION"), "office", "2012-12-22 09:00")
    story.when(decide("DETAINER"), "office", "2012-12-21 10:00").refused("dated before what it rests on")


def test_overrides_can_be_counted(story: Story) -> None:
    """Every override is named in the case."""
    story.card("2013-02-01 10:00", charges=SHOPLIFTING).match().answer()
    story.happened(cmd.Review(what="decision", choice="DETAINER", approved=True, reason="threat"), "supervisor")
    story.happened(decide("DETAINER", override=True), "office", "2013-02-01 12:00")
    story.happened(decide("NO_ACTION"), "office", "2013-02-01 13:00")
    story.so(
        "One override, by officer and reviewer",
        holds=[(d.officer, d.reviewer) for d in story.case.overrides] == [("office-1", "supervisor-1")],
    )


def test_no_decision_at_all_is_an_incident(story: Story) -> None:
    """Where the exchange has set a target, a case that nobody decides does not stay hidden."""
    story.card().match().answer(at="2010-07-01 12:00")
    story.when(cmd.Tick(decision_hours=48), "system", "2010-07-03 12:00").then()
    story.when(cmd.Tick(decision_hours=48), "system", "2010-07-03 12:01").then(
        like(ev.IncidentOpened, what="decision-overdue")
    )
    story.when(cmd.Tick(decision_hours=48), "system", "2010-07-03 12:02").then()


def test_not_to_act_is_a_decision_in_time(story: Story) -> None:
    """A case that was decided, also not to act, is not overdue."""
    story.card().match().answer(at="2010-07-01 12:00")
    story.happened(cmd.Decide(choice="NO_ACTION", reason="ties"), "office", "2010-07-01 14:00")
    story.when(cmd.Tick(decision_hours=48), "system", "2010-07-09 12:00").then()


def test_shoplifting_and_a_victim_on_22_december_2012(story: Story) -> None:
    """On 22 December 2012 a person is charged with shoplifting, has no convictions, and was the victim of domestic
    violence last year: what was permitted, by which rule, from which source, how well verified?
    """
    story.card("2012-12-22 10:00", charges=SHOPLIFTING).match().answer()
    for name in ("reentry_after_removal", "immigration_fraud", "significant_risk"):
        story.happened(cmd.StateFact(name=name, value=False, source="records check"), "center")
    story.happened(cmd.StateFact(name="victim", value=True, source="police report of 2011"), "rights")
    story.when(decide("DETAINER"), "office", "2012-12-22 12:00").refused("left alone by default", "memo 10076.1")
    story.when(decide("NO_ACTION"), "office").then(
        like(ev.DecisionRecorded, regime="DET-2012", permitted=("NO_ACTION",), missing=())
    )
    decision = story.last[0]
    protects = next(line for line in decision.trace if line["regime"] == "PD-2" and line["rule"] == "default")
    story.so(f"The list: {decision.regime}, standing {decision.standing}", holds=decision.standing == "secondary")
    source = ", ".join(protects["source"])
    story.so(
        f"The protection: {protects['regime']}, source {source}, standing {protects['standing']}",
        holds=protects["standing"] == "primary" and protects["follows"] is True,
    )


def test_before_the_program_there_is_no_law_to_ask(story: Story) -> None:
    """A decision dated before the program began is refused, not computed under some other rule."""
    story.card("2008-09-01 10:00")
    story.when(cmd.Decide(choice="NO_ACTION", reason="too early"), "office", "2008-09-01 12:00").refused(
        "no answer for that day"
    )
