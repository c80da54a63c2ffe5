"""An exchange with a rights office whose receipts are hashed quickly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import extract

from tenprint.exchange import Exchange
from tenprint.exchange.rights import OfficeKey, Rights

START = datetime(2012, 11, 5, 8, tzinfo=UTC)
QUICK = {"n": 2**4, "r": 1}
"""A cost that no real office would choose."""


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """A simulated exchange with one person in every role."""
    with Exchange.create(tmp_path / "x.db", "ada", simulated_from=START, extract=extract) as made:
        for name, (role, agency) in PEOPLE.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
        yield made


@pytest.fixture
def key() -> OfficeKey:
    """The office's private key."""
    return OfficeKey.generate()


@pytest.fixture
def rights(exchange: Exchange, key: OfficeKey) -> Rights:
    """The office, with a key."""
    office = Rights(exchange, cost=QUICK)
    office.publish_key(key, "rita")
    return office
