"""The interface as it describes itself, tried with generated requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient
from tests.desk.conftest import QUICK
from tests.exchange.people import extract

from tenprint.desk import Settings, public_app
from tenprint.desk.interface import describe
from tenprint.desk.limits import Limits
from tenprint.exchange import Exchange
from tenprint.exchange.rights import OfficeKey, Rights

GENEROUS = Settings(limits=Limits(filings=10**6, guesses=10**6, everybody=10**7))


@pytest.fixture(scope="module")
def interface(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The public pages, loaded from their own description."""
    folder: Path = tmp_path_factory.mktemp("interface")
    start = datetime(2012, 11, 5, 8, tzinfo=UTC)
    with Exchange.create(folder / "x.db", "ada", simulated_from=start, extract=extract) as made:
        made.add_principal("rita", "rights", "CRCL", made.act("ada", "register"))
        rights = Rights(made, cost=QUICK)
        rights.publish_key(OfficeKey.generate(), "rita")
        yield schemathesis.openapi.from_asgi("/openapi.json", public_app(rights, GENEROUS))
        assert made.ledger.verify() == []


OPERATIONS = [(path, method) for path, methods in describe()["paths"].items() for method in methods]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda m: m.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda v: v)
def test_generated_requests_get_only_described_answers(interface: Any, path: str, method: str, mode: Any) -> None:
    """No crash, no status, media type or header that the description does not name; what breaks it is refused."""
    operation, answered = interface[path][method], []

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        # A schema cannot say that bytes are a photo, and the parts of a multipart form have no types: what is refused
        # there is tested by name in test_pages.
        beyond = [positive_data_acceptance, negative_data_rejection] if path.endswith(("file", "reply")) else []
        answered.append(case.call_and_validate(excluded_checks=beyond).status_code)

    try:
        attempt()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing in a page without a form can be wrong"
    assert all(status < 500 for status in answered)


def test_every_route_is_described(rights: Rights) -> None:
    app = public_app(rights)
    described = TestClient(app).get("/openapi.json").json()["paths"]
    routes = {(route.path, method) for route in app.routes for method in route.methods - {"HEAD"}}
    assert routes == {(path, method.upper()) for path, methods in described.items() for method in methods}
