"""The road of a card: who sends, what goes on, and what each answer claims."""

from __future__ import annotations

from datetime import date

import pytest
from story import Story, criminal, immigration, like, registration

from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev


def test_card_is_taken_in_once(story: Story) -> None:
    """The same card sent again changes nothing, and the same number for another card is refused."""
    story.card()
    again = cmd.AcceptSubmission(submission=story.case.submission)
    story.when(again, "booking").then()
    other = ev.SubmissionAccepted(
        tcn="T1",
        submitting_ori="IL0160000",
        controlling_ori="IL0169900",
        tot="CAR",
        card="1" * 64,
        retain=True,
        date_of_arrest=None,
    )
    story.when(cmd.AcceptSubmission(submission=other), "booking").refused("another card", "new control number")


def test_adult_in_an_active_county_goes_on(story: Story) -> None:
    """A criminal booking of an adult in an active county goes on; it is kept whose prints they are and why they
    moved."""
    story.card()
    story.when(cmd.DecideGate(agency=registration(), on=date(2010, 7, 1)), "system")
    story.then(like(ev.GateDecided, forwarded=True, reason=None, print_owner="IL0160000"))
    story.so(
        "Before 5 August 2011 the authority was the agreement with the state",
        holds="agreement" in story.case.gate.authority,
    )


@pytest.mark.parametrize(
    ("reason", "card", "agency", "on"),
    [
        ("civil", {"tot": "FANC"}, registration(), date(2010, 7, 1)),
        ("civil", {"tot": "CNA"}, registration(), date(2010, 7, 1)),
        ("unknown-agency", {}, None, date(2010, 7, 1)),
        ("unknown-agency", {}, registration(registered_from=date(2010, 7, 2)), date(2010, 7, 1)),
        ("closed", {}, registration(registered_to=date(2010, 7, 1)), date(2010, 7, 1)),
        ("inactive", {}, registration(active_since=date(2010, 7, 2)), date(2010, 7, 1)),
        ("inactive", {}, registration(active_since=None), date(2010, 7, 1)),
        ("inactive", {}, registration(inactive_from=date(2010, 7, 1)), date(2010, 7, 1)),
        ("juvenile", {"age_at_arrest": 17}, registration(), date(2010, 7, 1)),
        (None, {"age_at_arrest": 18}, registration(), date(2010, 7, 1)),
        (None, {"age_at_arrest": 17, "treat_as_adult": True}, registration(), date(2010, 7, 1)),
        (None, {}, registration(active_since=date(2010, 7, 1)), date(2010, 7, 1)),
        (None, {}, registration(registered_to=date(2010, 7, 2)), date(2010, 7, 1)),
    ],
)
def test_gate_reasons(story: Story, reason: str | None, card: dict, agency: cmd.Registration | None, on: date) -> None:
    """Each card that stays has one recorded reason."""
    story.card(**card)
    story.when(cmd.DecideGate(agency=agency, on=on), "system")
    story.then(like(ev.GateDecided, reason=reason, forwarded=reason is None, on=on))


def test_unknown_age_is_missing_and_the_gate_opens_again(story: Story) -> None:
    """With an unknown date of birth nobody knows that the person is an adult: the prints stay until somebody states
    the age."""
    story.card(age_at_arrest=None)
    gate = cmd.DecideGate(agency=registration(), on=date(2010, 7, 1))
    story.when(gate, "system").then(like(ev.GateDecided, reason="juvenile", missing=("age_at_arrest",)))
    story.happened(
        cmd.StateFact(name="age", value=25, source="birth certificate", document="certificate 88", second="bureau-1"),
        "booking",
    )
    story.when(gate, "system").then(like(ev.GateDecided, forwarded=True, missing=()))


def test_no_search_behind_a_closed_gate(story: Story) -> None:
    """Prints that stay are not searched in the immigration system."""
    story.card(age_at_arrest=16)
    story.happened(cmd.DecideGate(agency=registration(), on=date(2010, 7, 1)), "system")
    story.when(cmd.RecordImmigrationSearch(result=immigration(hit=True)), "system").refused("juvenile")


def test_no_match_sends_no_query(story: Story) -> None:
    """No match says only that no digitized record was found; the center is not asked."""
    story.card()
    story.happened(cmd.DecideGate(agency=registration(), on=date(2010, 7, 1)), "system")
    story.happened(cmd.RecordImmigrationSearch(result=immigration(hit=False)), "system")
    story.when(cmd.SendQuery(origin="BIOMETRIC"), "system").refused("follows from a match")


def test_typed_query_needs_a_reason_and_a_person(story: Story) -> None:
    """A query that no match caused is kept apart, needs its reason in words, and is never the machinery's."""
    story.card()
    story.when(cmd.SendQuery(origin="BIOGRAPHIC"), "jail").refused("reason in words")
    story.when(cmd.SendQuery(origin="BIOGRAPHIC", basis="says born abroad"), "system").refused("only after a match")
    story.when(cmd.SendQuery(origin="CAP_INTERVIEW", basis="interview in jail"), "office").then(
        like(ev.QuerySent, origin="CAP_INTERVIEW", identity=None)
    )


def test_two_answers_neither_overwrites_the_other(story: Story) -> None:
    """The criminal answer is out before the immigration branch starts; the second answer stands beside it."""
    story.card()

    def sent(kind: str, relayed: bool = True) -> cmd.RecordResponse:
        return cmd.RecordResponse(
            response=ev.ResponseSent(response=kind, tcn=f"R-{kind}", tcr="T1", body="0" * 64, relayed=relayed)
        )

    story.when(sent("SRE"), "system").then(like(ev.ResponseSent, response="SRE"))
    story.when(sent("IDR", relayed=False), "system").then(like(ev.ResponseSent, response="IDR", relayed=False))
    story.when(sent("SRE"), "system").then()
    story.so("Both answers are kept", holds=[r.response for r in story.case.responses] == ["SRE", "IDR"])


def test_criminal_answer_is_recorded_once(story: Story) -> None:
    """A repeated search after a crash changes nothing."""
    story.card()
    story.when(cmd.RecordCriminalSearch(result=criminal(hit=True)), "system").then()
