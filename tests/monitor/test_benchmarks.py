"""Denominators that are estimates, and what stands beside the flags."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.monitor.methods import written

from tenprint.monitor.benchmarks import (
    NON_CITIZENS,
    RESIDENTS,
    beside,
    in_year,
    is_usable,
    non_citizens,
    residents,
    share,
)
from tenprint.monitor.review import Beside, Population
from tenprint.monitor.tables import TableError


def people(estimate: int, margin: int | None, year: int = 2011) -> Population:
    return Population(jurisdiction="48453", what=NON_CITIZENS, year=year, estimate=estimate, margin=margin)


def test_margins_follow_the_bureaus_formulas() -> None:
    part = share(people(4_634, 989), people(6_440, 1_328))  # sqrt(989^2 - 0.7196^2 * 1328^2) / 6440
    assert part is not None
    assert (round(part.value, 4), round(part.margin, 4)) == (0.7196, 0.0396)
    wide = share(
        people(90, 20), people(100, 40)
    )  # the root would be of a negative number: sqrt(20^2 + 0.9^2 * 40^2) / 100
    assert wide is not None
    assert round(wide.margin, 4) == 0.4118
    count = share(100, people(1000, 200))
    assert count is not None
    assert (count.value, round(count.margin, 6)) == (0.1, 0.02)


def test_a_margin_larger_than_its_estimate_is_marked() -> None:
    assert not is_usable(people(50, 80))
    assert is_usable(people(80, 80))
    assert is_usable(people(50, None))
    found = share(10, people(50, 80))
    assert found is not None
    assert not found.is_usable
    assert share(10, people(0, 80)) is None


def test_the_year_is_the_nearest_and_is_said() -> None:
    found = in_year([people(1, 1, 2009), people(2, 1, 2013), people(3, 1, 2012)], 2011)
    assert found["48453", NON_CITIZENS].year == 2012
    assert in_year([people(1, 1, 2013), people(2, 1, 2009)], 2011)["48453", NON_CITIZENS].year == 2009


def test_census_files_are_read_as_they_come(data: Path) -> None:
    folder = data / "census"
    foreign = in_year(non_citizens(folder / "non_citizen_pop.csv"), 2009)
    assert foreign["45001", NON_CITIZENS] == Population(
        jurisdiction="45001", what=NON_CITIZENS, year=2009, estimate=248, margin=172
    )
    everybody = in_year(residents(folder / "co-est_2010_2019_slim.csv"), 2011)
    assert everybody["01001", RESIDENTS].estimate == 55227
    assert ("01000", RESIDENTS) not in everybody
    assert len(everybody) == 3142
    part = share(foreign["01001", NON_CITIZENS], everybody["01001", RESIDENTS])
    assert part is not None
    assert 0 < part.value < 0.1


def test_what_stands_beside_is_of_the_quarter_and_has_a_source(tmp_path: Path) -> None:
    head = "jurisdiction,quarter,what,value,source"
    file = written(
        tmp_path / "calls.csv",
        head,
        "48453,2011Q2,911 calls by victims,812,Travis County dispatch",
        "48453,2011Q1,911 calls by victims,900,Travis County dispatch",
        "4013,2011Q2,911 calls by witnesses,,Maricopa County dispatch",
    )
    assert beside(file, "2011Q2") == (
        Beside(jurisdiction="48453", what="911 calls by victims", value=812, source="Travis County dispatch"),
        Beside(jurisdiction="04013", what="911 calls by witnesses", value=None, source="Maricopa County dispatch"),
    )
    with pytest.raises(TableError, match="line 2, source: expected a value"):
        beside(written(tmp_path / "a.csv", head, "48453,2011Q2,calls,1,"), "2011Q2")
    with pytest.raises(TableError, match="line 3, what: expected each thing once for a county in 2011Q2"):
        beside(written(tmp_path / "b.csv", head, "48453,2011Q2,calls,1,x", "48453,2011Q2,calls,2,x"), "2011Q2")
    with pytest.raises(TableError, match="line 2, jurisdiction: expected a county code of five digits, got 'Travis'"):
        beside(written(tmp_path / "c.csv", head, "Travis,2011Q2,calls,1,x"), "2011Q2")
