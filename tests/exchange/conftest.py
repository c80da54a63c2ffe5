"""An exchange with everybody in it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.exchange.people import AGENCY, extract
from tests.ledger.conftest import postgres

from tenprint.exchange import Exchange

__all__ = ["postgres"]

_numbers = itertools.count(1)

PEOPLE = {
    "ben": ("booking", AGENCY),
    "lea": ("center", "LESC"),
    "oscar": ("office", "ERO"),
    "sue": ("supervisor", "ERO"),
    "jane": ("jail", AGENCY),
    "rita": ("rights", "CRCL"),
    "audrey": ("auditor", ""),
}


def new_database(prefix: Callable[[str], str]) -> str:
    """The address of an empty database on the server of the tests."""
    import psycopg

    name = f"exchange{next(_numbers)}"
    with psycopg.connect(prefix("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return prefix(name)


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the exchange is kept: a SQLite file; with TENPRINT_TEST_DATABASE=postgresql a database of a real server."""
    if os.environ.get("TENPRINT_TEST_DATABASE", "sqlite") == "sqlite":
        return str(tmp_path / "x.db")
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def exchange(where: str) -> Iterator[Exchange]:
    """A simulated exchange that starts in 2008, with one person in every role."""
    start = datetime(2008, 1, 1, tzinfo=UTC)
    with Exchange.create(where, "ada", simulated_from=start, extract=extract) as made:
        for name, (role, agency) in PEOPLE.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
        yield made
