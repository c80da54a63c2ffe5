"""Time in a cell, as the field found it: what comes of the same lines now, from a command to a figure or a refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.custody.county import County, founded


def test_c01_an_overstay_is_counted_to_the_leaving(county: County) -> None:
    county.person(1, "ELDER00001", "2013-02-01")
    county.detainer("ELDER00001", "2013-02-01")
    county.bond("ELDER00001", "2013-02-15T15:00")
    county.run("jail release ELDER00001 --as jane --at 2013-02-23T09:00")
    (share,) = county.figure("holds-past-deadline")
    assert (share["numerator"], share["denominator"]) == (1, 1)
    assert county.total("hold-hours") == 186
    assert county.total("detained-without-authority", cause="past-deadline") == 66


def test_c01_a_person_who_is_still_there_is_an_overstay_too(county: County) -> None:
    county.person(1, "STILL00001", "2013-02-01")
    county.detainer("STILL00001", "2013-02-01")
    county.bond("STILL00001", "2013-02-15T15:00")
    county.run("watch --at 2013-03-15T15:00", code=1)
    (share,) = county.figure("holds-past-deadline")
    assert (share["numerator"], share["denominator"]) == (1, 1)
    assert county.incidents("STILL00001") == ["held-past-deadline"]


def test_c02_a_real_ledger_takes_no_act_of_the_future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    county = founded(tmp_path, monkeypatch, first="")
    county.run(f"submit {county.card(1, 'REAL000001', '2026-01-05')} --as ben")
    later = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    line = "jail release-eligible REAL000001 --reason bond_posted --document 'bond paid today' --as jane --at "
    county.refused(line + later, "record it when it has happened")
    county.refused(f"jail release REAL000001 --as jane --at {later}", "record it when it has happened")
    assert county.read("custody show REAL000001", 0)["presence"][-1]["to"] is None


def test_c03_three_weeks_without_a_request_are_an_incident_and_counted(county: County) -> None:
    county.person(1, "NOREQ00001", "2013-02-01")
    county.bond("NOREQ00001", "2013-02-04T10:00")
    county.run("watch --at 2013-02-25T16:00", code=1)
    assert county.incidents("NOREQ00001") == ["held-without-request"]
    assert {r["cause"] for r in county.figure("detained-without-authority")} == {"no-request"}
    county.run("jail release NOREQ00001 --as jane --at 2013-02-25T10:00")
    assert county.total("detained-without-authority", cause="no-request") == 21 * 24


def test_c04_federal_custody_on_nothing_is_an_incident(county: County) -> None:
    county.run(f"submit {county.card(2, 'NOTHING002', '2015-09-01')} --as ben --at 2015-09-01T10:00")
    county.run("jail custody NOTHING002 --as jane --at 2015-09-02T10:00")
    county.run("watch --at 2015-09-02T16:00", code=1)
    assert county.incidents("NOTHING002") == ["custody-without-authority"]
    assert sum(r["value"] for r in county.figure("incidents")) == 1


def test_c04_a_request_is_used_up_by_federal_custody_and_allows_nothing_after_it(county: County) -> None:
    """Taken over in the same building, then moved by the jail to another one: the old request holds nobody there."""
    county.person(1, "USEDUP0001", "2013-02-01")
    county.detainer("USEDUP0001", "2013-02-01")
    county.bond("USEDUP0001", "2013-02-04T10:00")
    taken = "--warrant I-205 --warrant-number 7 --warrant-issuer oscar --stays"
    county.run(f"jail custody USEDUP0001 {taken} --as jane --at 2013-02-04T12:00")
    moved = "jail release USEDUP0001 --how TRANSFERRED --document 'order 5' --to CASYN0730 --as jane"
    county.run(f"{moved} --at 2013-02-04T15:00")
    county.run("jail receive USEDUP0001 --document 'order 5' --as cal --at 2013-02-04T18:00")
    county.run("watch --at 2013-02-04T20:00", code=1)
    shown = county.read("custody show USEDUP0001 --at 2013-02-04T20:00", 0)["without_authority"]
    assert [(g["minutes"], g["facility"], g["cause"]) for g in shown] == [
        (180, "TXSYN4530", "no-federal-authority"),
        (120, "CASYN0730", "no-federal-authority"),
    ], "on the way the sender answers"
    county.run("jail release USEDUP0001 --as cal --at 2013-02-04T22:00")
    assert county.total("detained-without-authority") == 7


def test_c05_charges_gone_and_a_release_is_owed(county: County) -> None:
    county.person(1, "DROPPED001", "2013-02-01")
    county.detainer("DROPPED001", "2013-02-01", honored=False)
    county.run("case dispose DROPPED001 1 dismissed --on 2013-02-05 --as ben --at 2013-02-05T12:00")
    owed = county.read("owed --role jail --at 2013-02-05T13:00")
    assert [r["since"][:16] for r in owed if r["about"] == "release"] == ["2013-02-05T12:00"]
    county.run("watch --at 2013-02-14T00:00", code=1)
    assert county.incidents("DROPPED001") == ["held-without-request"]
    line = "jail release-eligible DROPPED001 --reason charges_dropped --document order --as jane --at 2013-02-15T15:00"
    county.refused(line, "2013-02-05T12:00", "a clock never restarts")
    county.run("jail release DROPPED001 --as jane --at 2013-02-15T12:00")
    assert county.total("detained-without-authority") == 240


def test_c06_a_new_criminal_hold_resumes_what_was_left(county: County) -> None:
    county.person(1, "CHAIN00001", "2013-02-01")
    county.detainer("CHAIN00001", "2013-02-01")
    county.bond("CHAIN00001", "2013-02-15T15:00")
    line = "jail release CHAIN00001 --how NEW_CRIMINAL_HOLD --document verbal --as jane --at 2013-02-16T15:00"
    county.refused(line, "it does not say the charge")
    matter = "jail matter CHAIN00001 --charge theft --agency 'court 3' --document 'warrant 13-99' --as jane"
    county.refused(f"{matter} --at 2013-02-16T15:00", "it takes a second person")
    county.run(f"{matter} --second jim --at 2013-02-16T15:00")
    county.bond("CHAIN00001", "2013-02-20T15:00", code=2)
    ended = "jail release-eligible CHAIN00001 --matter 2 --reason bond_posted --document r2 --as jane"
    county.run(f"{ended} --at 2013-02-20T15:00")
    county.run("jail release CHAIN00001 --as jane --at 2013-02-23T15:00")
    gone = county.without("CHAIN00001")
    assert gone["past-deadline"] >= 24 * 60, "no fresh limit after the further matter"
    assert county.total("held-again") >= 1


def test_c07_a_second_card_of_the_same_fingers_gives_no_second_clock(county: County) -> None:
    county.person(1, "TWICE00001", "2013-02-01")
    county.detainer("TWICE00001", "2013-02-01")
    county.bond("TWICE00001", "2013-02-15T15:00")
    county.person(1, "TWICE00002", "2013-02-19", NAM="OTHER,NAME")
    county.decide("TWICE00002", "2013-02-19T14:00", "olga")
    county.bond("TWICE00002", "2013-02-20T15:05", code=2)
    shown = county.read("custody show TWICE00002", 0)
    assert shown["cards"] == ["TWICE00001", "TWICE00002"]
    county.run("jail release TWICE00001 --as jane --at 2013-02-22T15:00")
    late = county.total("detained-without-authority")
    limit = {a["limit"] for a in shown["authority"] if a["ground"] == "hold"}
    assert limit == {"2013-02-20T15:00:00-06:00"}
    assert late == 48


def test_c08_hours_before_a_late_request_stay_without_authority(county: County) -> None:
    county.person(1, "GAPP000001", "2013-05-01")
    county.bond("GAPP000001", "2013-05-01T15:00")
    county.detainer("GAPP000001", "2013-05-02")
    county.run("jail release GAPP000001 --as jane --at 2013-05-02T22:00")
    assert county.without("GAPP000001") == {"no-request": 21 * 60, "not-honored": 80}
    assert county.total("detained-without-authority") == pytest.approx(22 + 1 / 3, abs=0.1)
    assert set(county.incidents("GAPP000001")) == {"held-without-request"}


def test_c09_a_service_told_late_makes_no_past_hour_lawful(county: County) -> None:
    day = "2018-09-03"
    county.person(1, "SERVED0001", day)
    county.run(f"case charge SERVED0001 1 --literal X --grade misdemeanor --source docket --as ben --at {day}T11:10")
    county.run(
        "office decide SERVED0001 --choice DETAINER --reason r --form I-247A --probable-cause final_order "
        f"--warrant I-205 --as oscar --at {day}T11:30"
    )
    county.run(f"jail honor SERVED0001 --under 'order 12' --as jane --at {day}T12:00")
    county.bond("SERVED0001", "2018-09-04T10:00")
    line = "jail serve SERVED0001 --language Spanish --as oscar --at 2018-09-05T09:30 --moment 2018-09-03T11:31"
    county.refused(line, "it needs the signed copy")
    county.refused(f"{line} --document 'signed copy 7'", "it takes a second person")
    county.run(f"{line} --document 'signed copy 7' --second jim")
    county.run("jail release SERVED0001 --as jane --at 2018-09-05T12:00")
    assert county.without("SERVED0001") == {"not-served": 23 * 60 + 30}
    assert county.total("detained-without-authority") == pytest.approx(23.5, abs=0.1)
