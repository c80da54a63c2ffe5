from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.exchange.people import address

from tenprint.exchange import Exchange, UnknownError
from tenprint.exchange.registry import county, county_by_fips, reference_agency

# Zones known by hand: states that lie in two zones, on both sides of the line, and the odd ones.
KNOWN = {
    "48141": "America/Denver",  # El Paso, TX
    "48229": "America/Denver",  # Hudspeth, TX
    "48453": "America/Chicago",  # Travis, TX
    "12033": "America/Chicago",  # Escambia, FL
    "12005": "America/Chicago",  # Bay, FL
    "12073": "America/New_York",  # Leon, FL
    "12045": "America/New_York",  # Gulf, FL: Port St. Joe
    "47037": "America/Chicago",  # Davidson, TN
    "47157": "America/Chicago",  # Shelby, TN
    "47093": "America/New_York",  # Knox, TN
    "47065": "America/New_York",  # Hamilton, TN
    "21111": "America/Kentucky/Louisville",  # Jefferson, KY
    "21067": "America/New_York",  # Fayette, KY
    "21145": "America/Chicago",  # McCracken, KY
    "21227": "America/Chicago",  # Warren, KY
    "18089": "America/Chicago",  # Lake, IN
    "18163": "America/Chicago",  # Vanderburgh, IN
    "18097": "America/Indiana/Indianapolis",  # Marion, IN
    "38017": "America/Chicago",  # Cass, ND
    "38089": "America/Denver",  # Stark, ND
    "38053": "America/Chicago",  # McKenzie, ND: Watford City
    "46099": "America/Chicago",  # Minnehaha, SD
    "46103": "America/Denver",  # Pennington, SD
    "31055": "America/Chicago",  # Douglas, NE
    "31157": "America/Denver",  # Scotts Bluff, NE
    "31031": "America/Chicago",  # Cherry, NE: Valentine
    "20173": "America/Chicago",  # Sedgwick, KS
    "20181": "America/Denver",  # Sherman, KS
    "16001": "America/Boise",  # Ada, ID
    "16055": "America/Los_Angeles",  # Kootenai, ID
    "16049": "America/Los_Angeles",  # Idaho, ID: Grangeville
    "41051": "America/Los_Angeles",  # Multnomah, OR
    "41045": "America/Boise",  # Malheur, OR
    "26163": "America/Detroit",  # Wayne, MI
    "26043": "America/Menominee",  # Dickinson, MI
    "04013": "America/Phoenix",  # Maricopa, AZ
    "04001": "America/Phoenix",  # Apache, AZ: St. Johns
    "02020": "America/Anchorage",  # Anchorage, AK
    "02110": "America/Juneau",  # Juneau, AK
    "02016": "America/Nome",  # Aleutians West, AK: Unalaska
    "15003": "Pacific/Honolulu",
    "11001": "America/New_York",
}


@pytest.mark.parametrize(("fips", "zone"), KNOWN.items())
def test_zones_known_by_hand(fips: str, zone: str) -> None:
    assert county(fips).zone == zone


def test_every_county_has_one_agency_and_a_zone_that_exists() -> None:
    counties = county_by_fips()
    assert len(counties) == 3143
    assert len({c.ori for c in counties.values()}) == 3143
    assert all(len(c.ori) == 9 and c.ori[2:5] == "SYN" for c in counties.values())
    for zone in {c.zone for c in counties.values()}:
        assert ZoneInfo(zone).key == zone


def test_dates_of_the_real_table(data: Path) -> None:
    with (data / "program/county_activation.csv").open(newline="") as source:
        real = {row["fips"]: row["activation_date"] for row in csv.DictReader(source)}
    assert {c.fips: c.activation_date.isoformat() for c in county_by_fips().values()} == real


def test_a_reference_agency_books_for_its_county() -> None:
    travis = reference_agency("TXSYN4530")
    assert travis is not None
    assert (travis.county, travis.active_since, travis.zone) == ("48453", date(2009, 6, 16), "America/Chicago")
    assert reference_agency("TXDPD0000") is None


def test_an_unknown_county_says_what_a_code_looks_like() -> None:
    with pytest.raises(UnknownError, match=r"five-digit county code.*'484'"):
        county("484")


def test_the_ledger_says_which_table_agencies_are_looked_up_in(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    (adopted,) = exchange.ledger.stream("exchange/reference")
    assert adopted.seq == 2  # right after the ledger's own first event
    assert adopted.data["counties"] == 3143
    file = address(exchange)
    Exchange.open(file).close()
    assert len(exchange.ledger.stream("exchange/reference")) == 1
    monkeypatch.setattr("tenprint.exchange.core.reference_digest", lambda: "0" * 64)
    Exchange.open(file).close()
    assert [e.data["sha256"] for e in exchange.ledger.stream("exchange/reference")] == [
        adopted.data["sha256"],
        "0" * 64,
    ]
