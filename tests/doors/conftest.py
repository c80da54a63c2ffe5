"""A county that machines hand cards to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import AGENCY, extract

from tenprint.accounts import machines
from tenprint.exchange import Exchange

MACHINES = {
    "scan": ("booking", AGENCY), "bureau-tx": ("bureau", "TXSIB0000"), "scan-ca": ("booking", "CASYN0730"),
    "bureau-ca": ("bureau", "CASIB0000"),
}  # fmt: skip


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """A simulated exchange with people and machines."""
    start = datetime(2012, 11, 5, 18, tzinfo=UTC)
    with Exchange.create(tmp_path / "x.db", "ada", simulated_from=start, extract=extract) as made:
        for name, (role, agency) in {**PEOPLE, **MACHINES}.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
        yield made


@pytest.fixture
def keys(exchange: Exchange) -> dict[str, str]:
    """A key a machine."""
    return {name: machines.issue(exchange, name, exchange.act("ada", "register")) for name in MACHINES}
