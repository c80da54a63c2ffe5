"""When the ground is gone, as the field found it: no hold outlives what it rests on."""

from __future__ import annotations

import pytest
from tests.custody.county import County


@pytest.mark.parametrize("status", ["LAWFULLY_PRESENT", "NO_RECORD", "UNDETERMINED"])
def test_c17_a_hold_ends_with_the_answer_it_rests_on(county: County, status: str) -> None:
    county.person(1, "GROUND0001", "2013-02-01")
    county.detainer("GROUND0001", "2013-02-01")
    county.bond("GROUND0001", "2013-02-15T15:00")
    assert "withdrawn at once" in county.answer("GROUND0001", status, "2013-02-16T10:00")
    (row,) = county.read("holds")
    assert (row["tcn"], row["overdue"], row["cause"]) == ("GROUND0001", True, "not-passed-on")
    county.run("jail acknowledge GROUND0001 --as jane --at 2013-02-16T12:00")
    county.run("jail release GROUND0001 --as jane --at 2013-02-16T13:00")
    assert county.without("GROUND0001") == {"not-passed-on": 120, "withdrawn": 60}
    assert county.total("detained-without-authority") == 3


@pytest.mark.parametrize("choice", ["NO_ACTION", "MONITOR"])
def test_c18_a_decision_not_to_act_ends_the_request(county: County, choice: str) -> None:
    county.person(2, "GROUND0002", "2013-02-01")
    county.detainer("GROUND0002", "2013-02-01")
    county.bond("GROUND0002", "2013-02-15T15:00")
    said = county.run(
        f"office decide GROUND0002 --choice {choice} --reason 'not a priority' --factor x --as oscar "
        "--at 2013-02-15T17:00"
    )
    assert "withdrawn at once" in said
    county.run("jail release GROUND0002 --as jane --at 2013-02-15T19:00")
    assert county.total("detained-without-authority", cause="not-passed-on") == 2


def on_a_charge(county: County, tcn: str, day: str, form: str = "I-247 (12/12)") -> None:
    """A request that rests on a felony charge alone."""
    county.person(3, tcn, day, "REMOVABLE_SUSPECTED")
    county.run(f"case charge {tcn} 1 --literal X --grade felony --source docket --as ben --at {day}T11:10")
    county.run(
        f"office decide {tcn} --choice DETAINER --reason charge --form '{form}' --factor x --as oscar --at {day}T12:00"
    )
    county.run(f"jail serve {tcn} --language English --as jane --at {day}T13:00")
    county.run(f"jail honor {tcn} --under 'order 12' --as jane --at {day}T13:10")


def test_c19_the_only_charge_is_dismissed_and_no_hold_begins(county: County) -> None:
    on_a_charge(county, "CHARGE0001", "2013-02-01")
    said = county.run("case dispose CHARGE0001 1 dismissed --on 2013-02-05 --as ben --at 2013-02-05T12:00")
    assert "withdrawn at once" in said
    assert county.read("holds")[0]["deadline"] is None
    county.run("jail release CHARGE0001 --as jane --at 2013-02-05T18:00")
    assert county.total("detained-without-authority") == 6
    assert county.total("hold-hours") == 0


def test_c19_a_final_order_survives_the_dismissal_of_a_charge(county: County) -> None:
    county.person(1, "ORDER00001", "2013-02-01")
    county.detainer("ORDER00001", "2013-02-01")
    said = county.run("case dispose ORDER00001 1 dismissed --on 2013-02-05 --as ben --at 2013-02-05T12:00")
    assert "withdrawn" not in said
    county.run("jail release ORDER00001 --as jane --at 2013-02-06T12:00")
    assert (county.total("hold-hours"), county.total("detained-without-authority")) == (24, 0)


def test_c20_a_form_that_asks_no_hold_ends_the_one_before(county: County) -> None:
    day = "2015-09-01"
    county.person(1, "SUPER00001", day)
    county.run(f"case charge SUPER00001 1 --literal X --grade felony --source docket --as ben --at {day}T11:05")
    county.run(
        "case conviction SUPER00001 --id K1 --on 2014-05-04 --grade felony --aggravated-felony --source repository "
        f"--as ben --at {day}T11:10"
    )
    county.run(f"case fact SUPER00001 special_circumstances yes --source 'file 4' --as olga --at {day}T11:20")
    county.run(
        "office decide SUPER00001 --choice DETAINER --reason r --form I-247D --probable-cause final_order "
        f"--factor x --as oscar --at {day}T12:00"
    )
    county.run(f"jail serve SUPER00001 --language English --as jane --at {day}T13:00")
    county.run(f"jail honor SUPER00001 --under 'order 12' --as jane --at {day}T13:10")
    county.bond("SUPER00001", "2015-09-02T10:00")
    county.run(
        "office decide SUPER00001 --choice NOTIFY_REQUEST --reason 'no probable cause after all' --form I-247N "
        "--supersedes 1 --factor x --as oscar --at 2015-09-02T12:00"
    )
    county.run("jail release SUPER00001 --as jane --at 2015-09-04T10:00")
    assert county.without("SUPER00001") == {"no-hold-form": 46 * 60}
    assert county.total("hold-hours") == 2
    assert county.total("detained-without-authority") == 46


def test_c21_the_law_of_the_day_is_asked_when_a_hold_begins(county: County) -> None:
    on_a_charge(county, "LAWGONE001", "2014-11-10")
    said = county.bond("LAWGONE001", "2016-03-01T10:00")
    assert "withdrawn at once" in said
    assert "free to leave now" in said
    county.run("jail release LAWGONE001 --as jane --at 2016-03-01T11:00")
    assert county.total("hold-hours") == 0
