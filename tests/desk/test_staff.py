"""The office's own pages: register, sealed texts after a purpose, paper in batches, calls that act at once."""

from __future__ import annotations

import html

import pytest
from starlette.testclient import TestClient
from tests.desk.test_rights import NOON, TCN, case, detain, filing, held

from tenprint.desk import staff_app
from tenprint.exchange import Exchange, NotAllowedError
from tenprint.exchange.rights import OfficeKey, Rights


@pytest.fixture
def desk(rights: Rights) -> TestClient:
    app, path = staff_app(rights, "rita")
    return TestClient(app, base_url=f"http://testserver/{path}/")


def test_only_the_rights_office_starts_them(rights: Rights) -> None:
    for name in ("oscar", "jane", "lea", "audrey"):
        with pytest.raises(NotAllowedError):
            staff_app(rights, name)


def test_nothing_answers_without_the_secret_path(rights: Rights) -> None:
    app, path = staff_app(rights, "rita")
    client = TestClient(app)
    rights.file(filing(), "w")
    assert len(path) >= 20
    for guess in ("/", "/register", "/complaint/2012-00001", f"/{path[:-1]}x/"):
        assert client.get(guess).status_code == 404
    assert "2012-00001" in client.get(f"/{path}/").text


def test_sealed_texts_open_after_a_purpose_and_leave_a_mark(desk: TestClient, rights: Rights) -> None:
    number = rights.file(filing(), "w").number
    assert "xylophone" not in desk.get(f"complaint/{number}").text
    refused = desk.post(f"complaint/{number}", data={"purpose": " "})
    assert refused.status_code == 422
    assert "xylophone" not in refused.text
    assert "xylophone" in desk.post(f"complaint/{number}", data={"purpose": "triage"}).text
    assert rights.facts(number)[-1].what == "Somebody looked at the complaint: triage."
    answered = desk.post(f"complaint/{number}/reply", data={"text": "We are looking."})
    assert answered.status_code == 200
    assert rights.conversation(number)[0].messages[-1].text == "We are looking."
    assert desk.post(f"complaint/{number}/reply", data={"text": " "}).status_code == 422
    assert desk.get("complaint/2012-99999").status_code == 404


def test_a_batch_of_paper_forms(desk: TestClient, rights: Rights, key: OfficeKey) -> None:
    forms = [rights.print_form("es") for _ in range(2)]
    for n, (code, _words) in enumerate(forms, start=1):
        sent = {
            "code": code.lower(),
            "language": "es",
            "against": "jail",
            "topics": ["conditions"],
            "text": f"hoja {n}",
        }
        saved = desk.post("paper", data=sent | {"name": "Wilhelmina"}, files={})
        assert f"Saved as complaint 2012-0000{n}" in saved.text
        assert 'id="code" name="code"' in saved.text
    assert rights.number_of(forms[1][1]) == "2012-00002"
    assert rights.identity("2012-00001", "rita", "to answer", key)["name"] == "Wilhelmina"
    again = desk.post("paper", data={"code": forms[0][0], "text": "x"})
    assert again.status_code == 422
    assert "entered already" in again.text
    assert desk.post("paper", data={"code": "0000-0000-1", "text": "x"}).status_code == 422
    assert desk.post("paper", data={"code": "", "text": " "}).status_code == 422
    assert [r["channel"] for r in rights.register()] == ["paper", "paper"]


def test_a_call_acts_at_once_on_the_hold(desk: TestClient, exchange: Exchange) -> None:
    held(exchange)
    exchange.do(TCN, detain(), exchange.act("oscar", case.Decide, NOON))
    assert desk.post("hotline", data={"tcn": TCN, "text": "x"}).status_code == 422
    unknown = desk.post("hotline", data={"tcn": "NONE", "claim": "CITIZEN", "text": "born in Laredo"})
    assert unknown.status_code == 422
    assert exchange.case(TCN).detainer is not None
    done = desk.post("hotline", data={"tcn": TCN, "claim": "CITIZEN", "text": "born in Laredo"})
    assert done.status_code == 200
    assert "withdrawn" in html.unescape(done.text)
    assert exchange.case(TCN).detainer is None
