"""The desks of a county: an exchange with somebody in every role, and browsers without a window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import card
from tests.exchange.test_close_calls import WORN, extract

from tenprint.desk.service import service_app
from tenprint.exchange import Exchange

TCN, ORI = "NEW-0000001", "TXSIB0000"
WORN_TCN = "NEW-0000009"
"""A card whose one worn print is a close call."""
__all__ = ["WORN"]
HERE = {"bill": ("bureau", ORI), "eve": ("examiner", ""), "emil": ("examiner", "")}
"""People of this county whom the other tests do not need."""
ELSEWHERE = {
    "cal": ("jail", "CASYN0730"),
    "bea": ("booking", "CASYN0730"),
    "opal": ("office", "SND"),
    "bob": ("bureau", "CASIB0000"),
}
"""People of another county, and of a field office whose area is another state."""


class Reader:
    """Somebody in front of a browser."""

    def __init__(self, app: Any, name: str = "", **words: str) -> None:
        self.client = TestClient(app, follow_redirects=False)
        self.last: Any = None
        if name:
            assert self.client.post("/sign-in", data={"name": name, **words}).status_code == 303

    def get(self, path: str, code: int = 200) -> str:
        self.last = self.client.get(path)
        assert self.last.status_code == code, f"{path}: {self.last.status_code}: {words(self.last.text)}"
        return words(self.last.text)

    def token(self) -> str:
        found = re.search(r'name="token" value="(\w+)"', self.client.get("/").text)
        if found is None:
            found = re.search(
                r'name="token" value="(\w+)"', self.client.get(self.client.get("/").headers["location"]).text
            )
        assert found
        return found[1]

    def act(self, path: str, code: int = 303, **values: Any) -> str:
        files = values.pop("files", None)
        self.last = self.client.post(path, data={"token": self.token(), **values}, files=files)
        assert self.last.status_code == code, f"{path}: {self.last.status_code}: {words(self.last.text)}"
        return self.get(self.last.headers["location"]) if self.last.status_code == 303 else words(self.last.text)


def words(page: str) -> str:
    """What a page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """A simulated exchange with one person in every role, people of elsewhere, and an earlier encounter."""
    start = datetime(2012, 1, 1, tzinfo=UTC)
    with Exchange.create(tmp_path / "x.db", "ada", simulated_from=start, extract=extract) as made:
        act = made.act("ada", "register")
        for name, (role, agency) in {**PEOPLE, **HERE, **ELSEWHERE}.items():
            made.add_principal(name, role, agency, act)
        made.add_office("SND", ("CA",), act)
        made.enrol("immigration", card(1, "OLD-0000001", fingers=(11, 12)), made.act("ada", "enrol"))
        made.enrol("immigration", card(1, "OLD-0000002", fingers=(2,)), made.act("ada", "enrol"))
        yield made


@pytest.fixture
def app(exchange: Exchange) -> Any:
    """Its desks."""
    return service_app(exchange)
