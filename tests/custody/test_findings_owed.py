"""What is owed afterwards, and the jail's own act, as the field found it."""

from __future__ import annotations

import pytest
from tests.custody.county import County


def seq(county: County, tcn: str, words: str) -> int:
    """Position on the ledger of the newest event of a case that these words tell of."""
    return int([r for r in county.read(f"case show {tcn}", 0) if words in r["what"]][-1]["seq"])


def test_c22_the_removal_of_a_citizen_owes_an_incident(county: County) -> None:
    county.person(1, "CITIZEN001", "2013-02-01")
    county.detainer("CITIZEN001", "2013-02-01")
    county.run("jail custody CITIZEN001 --as jane --at 2013-02-16T09:00")
    county.run("case outcome CITIZEN001 REMOVED --on 2013-02-25 --basis 'final order' --as oscar --at 2013-02-25T20:00")
    county.answer("CITIZEN001", "CITIZEN", "2013-03-01T12:00")
    county.run("watch --at 2013-03-05T00:00", code=1)
    assert county.incidents("CITIZEN001") == ["citizen-in-custody"]
    owed = [r for r in county.read("owed --role supervisor") if r["about"] == "incident 1"]
    assert "bring them back" in owed[0]["what"]
    assert county.total("incidents") == 1


def test_c22_a_claim_upheld_after_the_removal_owes_one_too(county: County) -> None:
    county.person(1, "CITIZEN002", "2013-02-01")
    county.detainer("CITIZEN002", "2013-02-01")
    county.run("jail custody CITIZEN002 --as jane --at 2013-02-16T09:00")
    county.run("case outcome CITIZEN002 REMOVED --on 2013-02-25 --basis order --as oscar --at 2013-02-25T20:00")
    county.run("claim CITIZEN002 --kind WRONG_PERSON --channel counsel --as rita --at 2013-03-02T09:00")
    county.run("claim CITIZEN002 --resolve 1 --upheld --reason 'other fingers' --as sue --at 2013-03-03T09:00")
    assert "citizen-in-custody" in county.incidents("CITIZEN002")


def test_c23_a_release_of_the_wrong_person_is_taken_back_by_two(county: County) -> None:
    county.person(1, "WRONGREL01", "2013-02-01")
    county.detainer("WRONGREL01", "2013-02-01")
    county.bond("WRONGREL01", "2013-02-15T15:00")
    county.run("jail release WRONGREL01 --as jane --at 2013-02-16T09:00")
    county.refused("jail release WRONGREL01 --as jane --at 2013-02-20T09:00", "tenprint correct")
    act = seq(county, "WRONGREL01", "Left local custody")
    line = f"correct WRONGREL01 --act {act} --reason 'other control number' --as jane --at 2013-02-22T09:00"
    county.refused(line, "it takes a second person")
    county.refused(f"{line} --second jane", "cannot be the second person")
    county.run(f"{line} --second jim")
    (row,) = county.read("holds")
    assert (row["tcn"], row["overdue"]) == ("WRONGREL01", True)
    county.run("jail release WRONGREL01 --as jane --at 2013-02-22T10:00")
    assert county.total("detained-without-authority", cause="past-deadline") == 43
    assert county.incidents("WRONGREL01") == ["held-past-deadline"]
    known = "figures compute detained-without-authority --facts county.db --as-of 2013-02-21"
    assert sum(r["value"] for r in county.read(known, 0)["rows"]) == 0, "what was known before the correction stays"


def test_c24_a_moment_before_an_open_incident_is_a_correction_by_two(county: County) -> None:
    county.person(1, "HIDDEN0001", "2013-02-01")
    county.detainer("HIDDEN0001", "2013-02-01")
    county.bond("HIDDEN0001", "2013-02-15T15:00")
    county.run("watch --at 2013-02-22T21:30", code=1)
    line = "jail release HIDDEN0001 --as jane --at 2013-02-23T09:00 --moment 2013-02-19T10:00"
    county.refused(line, "it needs the paper")
    county.refused(f"{line} --document log", "it takes a second person")
    county.refused(f"{line} --document log --second jim", "not registered as supervisor")
    county.run("jail release HIDDEN0001 --as jane --at 2013-02-23T09:00")
    close = "case close-incident HIDDEN0001 1 --at 2013-02-23T09:30 --reason"
    county.refused(f"{close} . --as jim", "a reason that says what was found")
    county.refused(f"{close} 'clerk was instructed' --as jane", "nobody closes an incident they caused")
    county.run(f"{close} 'clerk was instructed' --as sue")
    assert county.total("detained-without-authority") == 66


def test_c25_outcomes_fit_the_case(county: County) -> None:
    file = county.card(9, "OUTCOME001", "2011-03-02", CRI="ALSYN0030")
    county.run(f"submit {file} --as ben --at 2011-03-02T10:00")
    line = "case outcome OUTCOME001 REMOVED --basis x --as oscar --at 2011-03-03T10:00 --on"
    county.refused(f"{line} 2010-01-20", "arrested on 2011-03-02, after it")
    county.refused(f"{line} 2011-03-03", "no federal custody of the person is recorded")
    assert county.total("removals") == 0


def test_c25_two_outcomes_that_cannot_both_be_true(county: County) -> None:
    county.person(1, "OUTCOME002", "2013-02-01")
    county.run("jail custody OUTCOME002 --as jane --at 2013-02-16T09:00")
    county.run("case outcome OUTCOME002 REMOVED --on 2013-02-25 --basis order --as oscar --at 2013-02-25T20:00")
    for how in ("TERMINATED", "RELEASED", "RELIEF"):
        line = f"case outcome OUTCOME002 {how} --on 2013-02-25 --basis order --as oscar --at 2013-02-25T20:00"
        county.refused(line, "both cannot be true")
    county.person(2, "OUTCOME003", "2013-02-01")
    county.run("jail release OUTCOME003 --how DIED --document 'record 3' --as jane --at 2013-02-05T09:00")
    line = "case outcome OUTCOME003 REMOVED --on 2013-02-25 --basis order --as oscar --at 2013-02-25T20:00"
    county.refused(line, "the person died")
    assert county.total("removals") == 1


def test_c25_a_later_outcome_of_another_kind_follows_and_none_of_the_same_day(county: County) -> None:
    county.person(1, "OUTCOME004", "2013-02-01")
    line = "case outcome OUTCOME004 {} --basis order --as oscar --at 2013-03-20T10:00 --on {}"
    county.run(line.format("RELEASED", "2013-03-10"))
    county.refused(line.format("TERMINATED", "2013-03-10"), "both cannot be true")
    county.refused(line.format("TERMINATED", "2013-03-09"), "both cannot be true")
    county.run(line.format("TERMINATED", "2013-03-11"))
    county.run(line.format("TERMINATED", "2013-03-11"))


@pytest.mark.parametrize(
    ("how", "kind"),
    [("DIED", "died-in-custody"), ("ESCAPED", "escaped"), ("RELEASED_IN_ERROR", "released-in-error")],
)
def test_c26_a_death_an_escape_and_a_release_in_error_have_paper_incident_and_owner(
    county: County, how: str, kind: str
) -> None:
    county.person(1, "GONE000001", "2013-02-01")
    line = f"jail release GONE000001 --how {how} --as jane --at 2013-02-05T09:00"
    if how != "ESCAPED":
        county.refused(line, "it needs the paper")
    county.run(f"{line} --document 'report 3'")
    assert county.incidents("GONE000001") == [kind]
    assert [r["owner"] for r in county.read("owed") if r["about"] == "incident 1"] == ["supervisor"]
    assert [r["value"] for r in county.figure("incidents") if r["value"]] == [1]
    if how != "DIED":
        county.run("jail return GONE000001 --document 'log 8' --as jane --at 2013-02-06T09:00")
        assert county.read("custody show GONE000001")["presence"][-1]["to"] is None


def test_c27_presence_goes_on_at_the_receiving_facility(county: County) -> None:
    county.person(1, "MOVED00001", "2013-02-01")
    county.detainer("MOVED00001", "2013-02-01")
    county.run(
        "jail release MOVED00001 --how TRANSFERRED --document writ --to CASYN0730 --as jane --at 2013-02-05T09:00"
    )
    county.run("jail receive MOVED00001 --facility CASYN0730 --document writ --as cal --at 2013-02-05T19:00")
    county.run("jail release-eligible MOVED00001 --reason bond_posted --document r1 --as cal --at 2013-02-07T10:00")
    county.refused("jail release MOVED00001 --as jane --at 2013-02-07T12:00", "CASYN0730")
    county.run("jail release MOVED00001 --as cal --at 2013-02-13T10:00")
    shown = county.read("custody show MOVED00001", 0)
    assert [p["facility"] for p in shown["presence"]] == ["TXSYN4530", "CASYN0730"]
    assert {g["facility"] for g in shown["without_authority"]} == {"CASYN0730"}
    assert county.total("detained-without-authority", state="CA", cause="past-deadline") == 48


def test_c28_evidence_is_destroyed_by_nobody_alone(county: County) -> None:
    county.person(1, "EXPUNGE001", "2013-02-01")
    county.detainer("EXPUNGE001", "2013-02-01")
    county.bond("EXPUNGE001", "2013-02-15T15:00")
    county.run("jail release EXPUNGE001 --as jane --at 2013-02-23T09:00")
    county.refused("expunge EXPUNGE001 --reason because --as ada", "by its number")
    county.refused("expunge EXPUNGE001 --reason 'order 13-CV-88' --as ada")
    said = county.run("expunge EXPUNGE001 --reason 'order 13-CV-88' --second rita --as ada", code=2)
    assert "incident" in said
    assert county.total("detained-without-authority") == 66


def test_c29_a_request_holds_nobody_before_the_jail_honors_it(county: County) -> None:
    county.person(1, "HONOR00001", "2013-02-01")
    county.decide("HONOR00001", "2013-02-01T12:00")
    county.run("jail decline HONOR00001 --reason ordinance --as jane --at 2013-02-01T13:00")
    county.refused(f"{county.decision('HONOR00001')} --as oscar --at 2013-02-01T14:00", "the jail declined request 1")
    county.run(
        "office review HONOR00001 --of decision --choice DETAINER --approve --reason 'asked again' --as sue "
        "--at 2013-02-01T14:10"
    )
    county.decide("HONOR00001", "2013-02-01T14:20")
    assert "free to leave now" in county.bond("HONOR00001", "2013-02-04T10:00")
    county.run("jail release HONOR00001 --as jane --at 2013-02-04T16:00")
    assert (county.total("hold-hours"), county.total("detained-without-authority", cause="not-honored")) == (0, 6)


def test_c29_a_standing_decline_answers_at_once(county: County) -> None:
    county.run(
        "jail standing-decline TXSYN4530 --reason 'no hold without a judge' --document 'ordinance 9' "
        "--since 2013-01-01 --as jane --at 2013-01-02T09:00"
    )
    county.person(1, "HONOR00002", "2013-02-01")
    county.decide("HONOR00002", "2013-02-01T12:00")
    assert "ordinance 9" in county.run("case show HONOR00002")
    county.refused("jail honor HONOR00002 --under x --as jane --at 2013-02-01T13:00", "no request stands")


def test_c30_no_act_precedes_what_it_rests_on(county: County) -> None:
    county.run(f"submit {county.card(1, 'EARLY00001', '2013-02-01')} --as ben --at 2013-02-01T10:00")
    answer = "center answer EARLY00001 --status REMOVABLE_SUSPECTED --confidence high --source 'index:high' --as lea"
    county.refused(f"{answer} --at 2012-12-01T12:00", "before what it rests on")
    county.run(f"{answer} --at 2013-02-01T11:00")
    for line in (
        "jail release-eligible EARLY00001 --reason bond_posted --document r1 --as jane --at 2013-01-15T10:00",
        "jail custody EARLY00001 --as jane --at 2013-01-10T10:00",
        "office decide EARLY00001 --choice NO_ACTION --reason r --as oscar --at 2012-12-02T13:00",
        "case outcome EARLY00001 RELEASED --on 2012-12-02 --basis b --as oscar --at 2013-02-02T13:00",
    ):
        county.refused(line)
    county.person(2, "EARLY00002", "2013-02-01")
    county.decide("EARLY00002", "2013-02-01T12:00")
    for line in (
        "office cancel EARLY00002 --reason r --as oscar", "jail decline EARLY00002 --reason r --as jane",
        "jail honor EARLY00002 --under x --as jane", "jail serve EARLY00002 --language English --as jane",
    ):  # fmt: skip
        county.refused(f"{line} --at 2013-02-01T11:30", "before")


def test_c31_the_language_of_a_copy_is_said_and_known(county: County) -> None:
    county.person(1, "COPY000001", "2013-02-01")
    county.decide("COPY000001", "2013-02-01T12:00")
    for wrong in ("Klingon", "english", "''"):
        county.refused(f"jail serve COPY000001 --language {wrong} --as jane --at 2013-02-01T13:00", "no language")
    assert "not stated" in county.run("jail serve COPY000001 --as jane --at 2013-02-01T13:00")
    assert "English" not in county.run("status COPY000001")
