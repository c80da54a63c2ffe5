"""The law of the door reaches the act of honoring: recorded, an incident where it forbids, no authority (L1)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.custody.county import County

MULTNOMAH, TEXAS, CALIFORNIA = "ORSYN0510", "TXSYN4530", "CASYN0730"


def honored(county: County, tcn: str, ori: str, day: str) -> str:
    """A request that a jail of that county serves and honors; what the jail is told."""
    who = {MULTNOMAH: ("bea", "joan"), TEXAS: ("ben", "jane"), CALIFORNIA: ("caz", "cal")}
    booking, jail = who[ori]
    if ori == MULTNOMAH:
        county.run(f"principal add --name bea --role booking --agency {ori}")
        county.run(f"principal add --name joan --role jail --agency {ori}")
    file = county.card(1, tcn, day, CRI=ori)
    county.run(f"submit {file} --as {booking} --at {day}T10:00")
    county.answer(tcn, "REMOVABLE_FINAL_ORDER", f"{day}T11:00")
    county.decide(tcn, f"{day}T12:00")
    county.run(f"jail serve {tcn} --language Spanish --as {jail} --at {day}T13:10")
    said = county.run(f"jail honor {tcn} --under 'county order 12' --as {jail} --at {day}T13:20")
    county.run(f"jail release-eligible {tcn} --reason bond_posted --document r1 --as {jail} --at {day}T14:00")
    county.run(f"jail release {tcn} --as {jail} --at {day}T22:00")
    return said


def answer(county: County, tcn: str) -> Any:
    said = county.read(f"case show {tcn}", 0)
    return next(
        r["what"].rpartition("the law of the place says ")[2].rstrip(". ")
        for r in said
        if "honors request" in r["what"]
    )


def test_l01_an_honor_that_the_law_forbids_is_an_incident_and_no_authority(county: County) -> None:
    honored(county, "DOOR000001", MULTNOMAH, "2014-05-01")
    assert answer(county, "DOOR000001").startswith("MAY_NOT_HOLD")
    assert county.incidents("DOOR000001")[0] == "honored-against-law"
    assert county.without("DOOR000001") == {"barred-by-law": 480}
    assert county.total("detained-without-authority", cause="barred-by-law") == 8
    assert county.total("hold-hours") == 0


@pytest.mark.parametrize(
    ("ori", "day", "says"),
    [
        (TEXAS, "2014-05-01", "NOBODY_LOOKED"),
        (MULTNOMAH, "2014-04-09", "NOBODY_LOOKED"),
        (CALIFORNIA, "2013-05-01", "MAY_HOLD"),
        (CALIFORNIA, "2014-05-01", "MAY_HOLD_IF"),
    ],
)
def test_l01_other_answers_are_recorded_and_stop_nothing(county: County, ori: str, day: str, says: str) -> None:
    honored(county, "DOOR000002", ori, day)
    assert answer(county, "DOOR000002").split()[0] == says
    assert "honored-against-law" not in county.incidents("DOOR000002")
    assert county.without("DOOR000002") == {}
    assert county.total("hold-hours") == 8


def test_l27_a_person_of_the_exchange_under_any_days_law(county: County) -> None:
    """The same person: a detainer on 2012's list only with a ground, under the regulation of 2009 without one."""
    file = county.card(3, "REPLAY0001", "2013-02-01")
    county.run(f"submit {file} --as ben --at 2013-02-01T10:00")
    county.answer("REPLAY0001", "REMOVABLE_SUSPECTED", "2013-02-01T11:00")
    county.run("jail release REPLAY0001 --as jane --at 2013-02-01T22:00")
    then = county.read("law evaluate REPLAY0001 --on 2009-03-01", 0)
    later = county.read("law evaluate REPLAY0001 --on 2013-02-01", 0)
    assert ("DETAINER" in then["permitted"], "DETAINER" in later["permitted"]) == (True, False)
    rows = {row["regime"]: row for row in county.read("law history REPLAY0001", 0)}
    assert "DETAINER" in rows["DET-2010"]["permitted"]
    assert "DETAINER" not in rows["DET-2012"]["permitted"]
    assert "CITIZEN" not in rows
    county.refused("law evaluate NOBODY0001 --on 2013-02-01", "no submission with the control number")
