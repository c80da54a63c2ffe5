"""What stands beside flags: unknown is not none, two origins are never added up, a user's table says what it has."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.facts.histories import TRAVIS, YAVAPAI, History, at, write

from tenprint.facts import Folder
from tenprint.monitor import beside
from tenprint.monitor.review import Beside
from tenprint.monitor.tables import TableError

END = datetime(2011, 9, 30, tzinfo=UTC)
DUE = "2011-12-01T00:00:00+00:00"


def values(found: tuple[Beside, ...], county: str) -> dict[str, int | None]:
    return {b.what: b.value for b in found if b.jurisdiction == county}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A quarter with one complaint in Travis, one of unknown county, one of another quarter, and a claim."""
    made = History()
    card = made.card("T1", "2011-04-03")
    made.add(card, "claim.made", "2011-04-04", number=1, claim="VICTIM", channel="hotline", due=DUE)
    for number, (day, county) in enumerate([("2011-04-05", TRAVIS), ("2011-05-05", ""), ("2011-07-05", TRAVIS)]):
        stream = f"complaint/2011-0000{number}"
        made.add(stream, "complaint.received", day, channel="web", against="jail", topics=["profiling"],
                 received_at=at(day).isoformat(), triage_due=DUE)  # fmt: skip
        if county:
            made.add(stream, "complaint.triaged", day, route="RETAINED", county=county, finding_due=DUE)
    write(made, tmp_path / "facts")
    return tmp_path / "facts"


def test_complaints_and_claims_of_the_quarter_and_the_county(office: Path) -> None:
    found = beside.office(office, "2011Q2", [TRAVIS, YAVAPAI], END, "simulated-ledger")
    mine = values(found, TRAVIS)
    assert (mine["complaints received"], mine["claims by victims"], mine["claims by witnesses"]) == (1, 1, 0)
    assert values(found, YAVAPAI)["complaints received"] == 0
    said = next(b.source for b in found if b.what == "complaints received")
    assert said.startswith("complaints@")
    assert said.endswith("1 more have no known county")


def test_what_the_facts_do_not_have_is_not_known_rather_than_none(tmp_path: Path) -> None:
    made = History()
    made.card("T1", "2011-04-05")
    folder = write(made, tmp_path / "facts", origin="synthetic-nation")
    found = values(beside.office(folder.path, "2011Q2", [TRAVIS], END, "synthetic-nation"), TRAVIS)
    assert set(found.values()) == {None}
    assert "complaints received" in found


def test_a_ledger_without_complaints_had_none(tmp_path: Path) -> None:
    """Everything that is filed at an exchange is on its ledger: there none is none."""
    made = History()
    made.card("T1", "2011-04-05")
    folder = write(made, tmp_path / "facts")
    source: dict[str, Any] = dict(folder.source("ledger") or {})
    folder.write("ledger", {}, source | {"ledger": "county.test"}, keep=[p.table for p in folder.manifest.parts])
    found = values(beside.office(Folder.open(folder.path).path, "2011Q2", [TRAVIS], END, "simulated-ledger"), TRAVIS)
    assert set(found.values()) == {0}


def test_another_origin_is_not_added_up(office: Path) -> None:
    found = values(beside.office(office, "2011Q2", [TRAVIS], END, "synthetic-nation"), TRAVIS)
    assert set(found.values()) == {None}


def test_calls_are_what_the_users_table_says_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(
        "jurisdiction,quarter,what,value,source\n"
        f"{TRAVIS},2011Q2,911 calls by victims,412,county dispatch\n{YAVAPAI},2011Q1,911 calls by victims,7,dispatch\n"
    )
    found = beside.calls(file, "2011Q2", [TRAVIS, YAVAPAI])
    assert [(b.jurisdiction, b.value) for b in found] == [(TRAVIS, 412), (YAVAPAI, None)]
    assert found[1].source == "calls.csv does not have it for 2011Q2"
    empty = beside.calls(file, "2010Q1", [TRAVIS])
    assert [(b.what, b.value) for b in empty] == [("calls for help", None)]


def test_populations_are_those_of_the_counties_in_the_year_or_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "acs.csv"
    file.write_text(f'"","year","fips","noncit_pop","moe"\n"1",2009,"{TRAVIS}",900,90\n"2",2010,"{TRAVIS}",1000,95\n'
                    f'"3",2010,"{YAVAPAI}",50,60\n')  # fmt: skip
    (found,) = beside.populations(file, "2011Q2", {TRAVIS})
    assert (found.year, found.estimate, found.margin) == (2010, 1000, 95)
    other = tmp_path / "residents.csv"
    other.write_text("STATE,COUNTY,POPESTIMATE2010,POPESTIMATE2011\n48,453,10,11\n48,000,99,99\n")
    (found,) = beside.populations(other, "2011Q2", {TRAVIS})
    assert (found.year, found.estimate, found.margin) == (2011, 11, None)
    other.write_text("something,else\n1,2\n")
    with pytest.raises(TableError, match="no column"):
        beside.populations(other, "2011Q2", {TRAVIS})
