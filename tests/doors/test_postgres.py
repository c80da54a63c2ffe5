"""I13: the same on a real PostgreSQL: looks, searches, glasses, machines, leases of two servers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.exchange.conftest import PEOPLE, new_database, postgres
from tests.exchange.people import AGENCY, card, extract
from tests.service.conftest import ORI, TCN, Reader

from tenprint.accounts import machines
from tenprint.desk.service import service_app
from tenprint.doors.api import door_app
from tenprint.doors.keeper import Keeper
from tenprint.doors.leases import Leases
from tenprint.doors.running import Running
from tenprint.exchange import Exchange, audit, reads

__all__ = ["postgres"]


@pytest.fixture
def county(request: pytest.FixtureRequest) -> Iterator[Exchange]:
    address = new_database(request.getfixturevalue("postgres"))
    start = datetime(2012, 11, 5, 18, tzinfo=UTC)
    with Exchange.create(address, "ada", simulated_from=start, extract=extract) as made:
        for name, (role, agency) in {**PEOPLE, "scan": ("booking", AGENCY), "cal": ("jail", "CASYN0730")}.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
        yield made


def test_looks_searches_glasses_machines_and_leases_on_postgresql(county: Exchange) -> None:
    key = machines.issue(county, "scan", county.act("ada", "register"))
    app: Any = Running(county, Keeper(county), {"/api/": door_app(county), "/": service_app(county)})
    machine = TestClient(app, headers={"Authorization": f"Bearer {key}"})
    assert machine.post("/api/v1/cards", content=card(1, TCN)).status_code == 201
    assert machine.post("/api/v1/cards", content=card(1, TCN)).status_code == 200
    jane, cal, audrey = (Reader(app, name) for name in ("jane", "cal", "audrey"))
    jane.act(f"/jail/{ORI}/{TCN}/book", when="2012-11-05T14:30", booking="12-0471")
    for by, text in (("name", "sample"), ("birth", "1980-01-15"), ("booking", "12-0471"), ("tcn", TCN)):
        assert "SAMPLE,PAT" in jane.act("/jail/find", by=by, text=text, reason="a lawyer asks at the desk")
    jane.act("/jail/find", 404, by="booking", text="%", reason="a lawyer asks at the desk")
    assert "SAMPLE,PAT" in cal.act("/jail/glass", tcn=TCN, reason="unconscious, allergy unknown")
    assert "unconscious, allergy unknown" in audrey.get("/audit")
    assert {r.reader for r in reads.trail(county, f"case/{ORI}/{TCN}")} == {"jane", "cal"}
    assert sum(c.looks for c in reads.counts(county)) >= 6
    one, two = Leases(county.ledger), Leases(county.ledger)
    assert (one.take("x", 60), two.take("x", 60), one.take("x", 60)) == (True, False, True)
    assert TestClient(app).get("/health").status_code == 200
    assert 'tenprint_cards_total{accepted="true"} 1' in TestClient(app).get("/metrics").text
    assert not county.ledger.verify(projections=audit.projections(county.ledger))
    assert not audit.audit(county.ledger)[0]
