"""An exchange with everybody in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.exchange.people import AGENCY, extract

from tenprint.exchange import Exchange

PEOPLE = {
    "ben": ("booking", AGENCY),
    "lea": ("center", "LESC"),
    "oscar": ("office", "ERO"),
    "sue": ("supervisor", "ERO"),
    "jane": ("jail", AGENCY),
    "rita": ("rights", "CRCL"),
    "audrey": ("auditor", ""),
}


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """A simulated exchange that starts in 2008, with one person in every role."""
    start = datetime(2008, 1, 1, tzinfo=UTC)
    with Exchange.create(tmp_path / "x.db", "ada", simulated_from=start, extract=extract) as made:
        for name, (role, agency) in PEOPLE.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
        yield made
