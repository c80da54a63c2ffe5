"""What the answer to "may I hold" rests on: the facts that its rows still want, and the highest level that commands."""

from __future__ import annotations

from datetime import date

from tenprint.law.hold import may_hold
from tenprint.law.places import HoldRow, place_of

SANTA_CLARA = place_of(county="06085")
DAY = date(2012, 3, 1)


def test_facts_that_would_settle_the_answer_are_named_until_they_are_known() -> None:
    open_answer = may_hold(SANTA_CLARA, "I-247 (12/11)", on=DAY)
    assert open_answer.answer == "MAY_HOLD_IF"
    assert open_answer.missing == ("cost_agreement", "listed_offense")
    known = {"cost_agreement": True}
    assert may_hold(SANTA_CLARA, "I-247 (12/11)", on=DAY, facts=known).missing == ("listed_offense",)
    settled = may_hold(SANTA_CLARA, "I-247 (12/11)", on=DAY, facts={**known, "listed_offense": False})
    assert (settled.answer, settled.missing) == ("MAY_NOT_HOLD", ())


def test_of_several_commands_the_highest_level_counts() -> None:
    rows = tuple(
        HoldRow(
            id=name, kind=kind, codes=codes, level=level, title=name, in_force_from=date(2010, 1, 1), source="a test",
            pinpoint="all", standing="unverified", says="a test", hold=hold,
        )
        for name, kind, codes, level, hold in (
            ("STATE", "state", ("CA",), "state statute", "MUST_HONOR"),
            ("COUNTY", "county", ("06085",), "county ordinance", "MUST_HONOR"),
            ("LIMIT", "state", ("CA",), "state executive", "MAY_NOT_HOLD"),
        )
    )  # fmt: skip
    found = may_hold(SANTA_CLARA, "I-247A", on=date(2018, 1, 1), rows=rows)
    assert (found.answer, found.rests_on) == ("MUST_HONOR", ("STATE",))
