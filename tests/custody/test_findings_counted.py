"""Counted; one person, many cards; and smaller things, as the field found them."""

from __future__ import annotations

import pytest
from tests.custody.county import County

from tenprint import itl


def test_c32_costs_are_of_the_timelines_whatever_somebody_types(county: County) -> None:
    county.person(1, "COST000001", "2013-02-01")
    county.detainer("COST000001", "2013-02-01")
    county.bond("COST000001", "2013-02-11T15:00")
    county.run("jail release COST000001 --as jane --at 2013-02-13T15:00")
    for hours in (3000, 1):
        county.run(f"jail cost COST000001 --bed-hours {hours} --payer county --as jane --at 2013-02-13T16:00")
    assert county.total("jail-costs") == 48
    assert county.total("bed-hours-past-release") == 48


def test_c32_a_hold_that_nobody_typed_a_cost_for_has_its_row(county: County) -> None:
    county.person(2, "COST000002", "2013-02-01")
    county.bond("COST000002", "2013-02-11T15:00")
    county.run("jail release COST000002 --as jane --at 2013-02-12T15:00")
    assert county.total("jail-costs") == 24


def test_c33_what_is_recorded_has_a_figure(county: County) -> None:
    county.person(1, "ORIGIN0001", "2013-02-01")
    file = county.card(11, "ORIGIN0002", "2013-02-01")
    county.run(f"submit {file} --as ben --at 2013-02-01T10:00")
    county.run(
        "office query ORIGIN0002 --origin CAP_INTERVIEW --basis 'said so in the interview' --as oscar "
        "--at 2013-02-01T11:00"
    )
    assert {r["origin"]: r["value"] for r in county.figure("referrals-by-origin") if r["value"]} == {
        "BIOMETRIC": 1, "CAP_INTERVIEW": 1,
    }  # fmt: skip
    county.run("jail custody ORIGIN0001 --as jane --at 2013-02-02T10:00")
    county.run("case dispose ORIGIN0001 1 dismissed_for_departure --on 2013-02-03 --as ben --at 2013-02-03T12:00")
    assert county.total("charges-dropped-for-departure") == 1


def test_c34_vetting_of_an_active_place_is_a_due_decision(county: County) -> None:
    found = "DOJ|patterns of stops|2012-06-01|open|docket 7"
    county.run(
        f"jurisdiction vet 48453 --on 2012-11-01 --source docket --found '{found}' --as rita --at 2012-11-01T12:00"
    )
    owed = [r for r in county.read("owed --role rights --at 2012-11-02T12:00") if r["about"] == "investigation"]
    assert [r["tcn"] for r in owed] == ["48453"]
    county.person(1, "VETTED0001", "2012-11-05")
    assert "patterns of stops" in county.run("case show VETTED0001 --json")
    county.run("jurisdiction accept-investigations 48453 --reason 'monitor in place' --as rita --at 2012-11-06T12:00")
    left = [r for r in county.read("owed --role rights --at 2012-11-07T12:00") if r["about"] == "investigation"]
    assert left == []


def test_c34_places_that_nobody_vetted_are_counted(county: County) -> None:
    county.person(1, "VETTED0001", "2012-11-05")
    rows = county.figure("vetted-share")
    assert rows
    assert {r["numerator"] for r in rows} == {0}


def test_c35_the_criminal_answer_has_a_history(county: County) -> None:
    county.run(f"submit {county.card(8, 'HIST000001', '2011-03-02')} --as ben --at 2011-03-02T10:00")
    county.run(
        "case conviction HIST000001 --id K1 --on 2011-06-05 --grade felony --source repository --as ben "
        "--at 2011-06-06T10:00"
    )
    file = county.card(8, "HIST000002", "2012-03-02", NAM="OTHER,NAME")
    county.run(f"submit {file} --as ben --at 2012-03-02T10:00 --answers answers")
    (answer,) = (county.folder / "answers").glob("HIST000002.SRE*")
    told = itl.read(answer.read_bytes()).to_bytes().decode("latin-1")
    for words in (
        "NAMES USED: SAMPLE,PAT",
        "ARREST 2011-03-02",
        "LITTERING",
        "no disposition",
        "CONVICTION 2011-06-05",
    ):
        assert words in told


def test_c36_convictions_and_claims_travel_with_the_person(county: County) -> None:
    county.person(1, "FIRST00001", "2012-02-01", "REMOVABLE_SUSPECTED")
    county.run(
        "case conviction FIRST00001 --id K1 --on 2011-06-05 --grade felony --source repository --as ben "
        "--at 2012-02-02T10:00"
    )
    county.run("claim FIRST00001 --kind CITIZEN --channel counsel --as rita --at 2012-02-02T11:00")
    county.run("claim FIRST00001 --resolve 1 --upheld --reason 'birth certificate' --as sue --at 2012-02-03T09:00")
    county.run("jail release FIRST00001 --as jane --at 2012-02-03T10:00")
    county.person(1, "LATER00001", "2013-02-01")
    shown = county.read("office decide LATER00001 --at 2013-02-01T12:00", 0)
    assert "FIRST00001" in str(shown["finding"]["facts"]["convictions"])
    county.refused(
        f"{county.decision('LATER00001')} --as oscar --at 2013-02-01T12:00", "claim 1 (CITIZEN)", "FIRST00001"
    )


@pytest.mark.parametrize("kind", ["VICTIM", "WITNESS"])
def test_c36_a_protection_travels_with_the_person(county: County, kind: str) -> None:
    county.person(1, "FIRST00002", "2012-02-01")
    county.run(f"claim FIRST00002 --kind {kind} --channel counsel --as rita --at 2012-02-02T11:00")
    county.run("claim FIRST00002 --resolve 1 --upheld --reason 'police report' --as sue --at 2012-02-03T09:00")
    county.run("jail release FIRST00002 --as jane --at 2012-02-03T10:00")
    county.person(1, "LATER00002", "2013-02-01")
    county.refused(f"{county.decision('LATER00002')} --as oscar --at 2013-02-01T12:00", "victim, witness or plaintiff")


def test_c37_people_are_found_by_number_and_every_role_has_a_docket(county: County) -> None:
    county.person(1, "FOUND00001", "2013-02-01")
    county.run("jail book FOUND00001 --number 13-00471 --as jane --at 2013-02-01T11:30")
    for number in ("13-00471", "N00000001", "C00000001"):
        assert [r["tcn"] for r in county.read(f"custody find {number}", 0)] == ["FOUND00001"], number
    assert [r["about"] for r in county.read("owed --role office --at 2013-02-01T11:40")] == ["answer 1"]
    county.decide("FOUND00001", "2013-02-01T12:00")
    abouts = {r["about"] for r in county.read("owed --role jail --at 2013-02-01T12:30")}
    assert abouts == {"acknowledgment of request 1", "copy of request 1", "answer to request 1"}
    file = county.card(2, "FOUND00002", "2013-02-01")
    county.run(f"submit {file} --as ben --at 2013-02-01T10:00")
    assert [r["tcn"] for r in county.read("owed --role center --at 2013-02-01T12:30")] == ["FOUND00002"]


def test_c38_the_zone_is_that_of_the_facility(county: County) -> None:
    county.person(1, "ZONE000001", "2013-02-01")
    county.detainer("ZONE000001", "2013-02-01")
    county.bond("ZONE000001", "2013-02-15T15:00")
    (row,) = county.read("holds")
    assert (row["zone"], row["deadline"]) == ("America/Chicago", "2013-02-20T15:00:00-06:00")


def test_c39_unknown_stays_unknown_and_one_thing_has_one_name(county: County) -> None:
    county.person(1, "WORDS00001", "2012-05-01", "REMOVABLE_SUSPECTED")
    county.run(
        "case charge WORDS00001 1 --literal X --grade misdemeanor --source docket --as ben --at 2012-05-01T11:10"
    )
    shown = county.read("office decide WORDS00001 --at 2012-05-01T12:00", 0)
    assert "charges.categories" in shown["finding"]["missing"]
    line = "case fact WORDS00001 age_at_arrest 30 --source paper --document d1 --second jane --as ben"
    county.run(f"{line} --at 2012-05-01T12:00")
    line = "case fact WORDS00001 probable_cause_bases {} --source s --as lea --at 2012-05-01T12:00"
    assert county.refused(line.format("final_order")) == county.refused(line.format("final_order,"))


def test_c39_no_agreement_is_signed_or_stands_after_all_ended(county: County) -> None:
    line = "jurisdiction agreement TX --document moa --as ada"
    county.refused(f"{line} --on 2011-09-02 --at 2011-09-03T10:00", "2011-08-05")
    county.run(f"{line} --on 2009-05-01 --at 2011-09-03T11:00")
    assert "signed 2009-05-01, ended 2011-08-05" in county.run("jurisdiction show 48453 --on 2011-09-10")
