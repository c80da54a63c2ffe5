"""T5: role by page by act by place: every cell tried over HTTP, and exactly what the table says is served."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import AGENCY, card, extract
from tests.service.conftest import ELSEWHERE, ORI, TCN, Reader

from tenprint.accounts import Accounts, codes
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.desk.service import service_app
from tenprint.desk.service.acts import FORMS
from tenprint.desk.service.app import ServiceSettings
from tenprint.desk.service.pages import TITLES
from tenprint.exchange import Exchange

PAGES = ("booking", "jail", "center", "office", "supervisor")
JAIL = {"open", "person", "book", "acknowledge", "serve", "honor", "decline", "release-eligible", "release"}
OFFICE = {"open", "person", "decide", "cancel"}
SHOULD = {
    ("booking", "booking"): {"open", "person", "submit"},
    ("jail", "jail"): JAIL,
    ("center", "center"): {"open", "person", "answer"},
    ("office", "office"): OFFICE,
    ("supervisor", "office"): OFFICE,
    ("supervisor", "supervisor"): {"open", "person", "review", "close-incident"},
    **{("auditor", page): {"open", "person"} for page in ("jail", "office", "center", "supervisor")},
}
"""Written here once more, by hand: the test asks it, not the program."""
SENSIBLE = {"release", "release-eligible", "book", "answer", "decide", "review"}
"""Acts that there is something for: nobody has sent a request, and no incident is open."""
HERE = {**{name: role for name, (role, _) in PEOPLE.items()}, "ada": "administrator"}
AWAY = {name: role for name, (role, _) in ELSEWHERE.items()}


@pytest.fixture
def county(exchange: Exchange) -> Exchange:
    """A county with a card for which an answer is owed."""
    at = datetime(2012, 11, 5, 16, tzinfo=UTC)
    exchange.submit(card(1, TCN), exchange.act("ben", AcceptSubmission, at))
    return exchange


def test_t5_every_cell_of_role_page_act_and_place(county: Exchange) -> None:
    app, size = service_app(county), county.ledger.size()
    assert tuple(sorted(TITLES)) == tuple(sorted(PAGES))
    for name, role in {**HERE, **AWAY}.items():
        reader = Reader(app, name)
        token = reader.token() if any(key[0] == role for key in SHOULD) else "none"
        near = name in HERE or role == "center"
        for page in PAGES:
            may = SHOULD.get((role, page), set())
            seen = reader.client.get(f"/{page}")
            assert (seen.status_code == 200) == ("open" in may), (name, page)
            assert seen.status_code in {200, 403}
            person = reader.client.get(f"/{page}/{ORI}/{TCN}")
            assert (person.status_code == 200) == ("person" in may and near), (name, page)
            assert "SAMPLE,PAT" not in person.text or person.status_code == 200
            for act in FORMS:
                done = reader.client.post(f"/{page}/{ORI}/{TCN}/{act}", data={"token": token, "when": "not a time"})
                served = done.status_code == 422  # it came to the act, which refuses the time
                assert served == (act in may and near), (name, page, act, done.status_code)
                assert served or done.status_code in {403, 404}
                offered = f'action="/{page}/{ORI}/{TCN}/{act}"' in person.text
                assert offered == (act in may and near and act in SENSIBLE), (name, page, act)
            handed = reader.client.post("/booking/submit", data={"token": token}, files={"card": ("c", b"junk")})
            assert (handed.status_code == 422) == (role == "booking"), name
    assert county.ledger.size() == size


def test_t5_random_requests_of_wrong_persons_change_nothing(county: Exchange) -> None:
    app, size, draw = service_app(county), county.ledger.size(), random.Random(13)
    readers = [Reader(app, name) for name in ("ada", "rita", "audrey", "cal", "bea", "opal")] + [Reader(app)]
    paths = [f"/{p}/{o}/{t}/{a}" for p in (*PAGES, "x", "..") for o in (ORI, "X") for t in (TCN, "%00", "' or 1=1")
             for a in (*FORMS, "open", "person", "submit")]  # fmt: skip
    own = {reader: reader.client.cookies.get("tenprint-desk", "") for reader in readers}
    for _ in range(500):
        reader = draw.choice(readers)
        token = draw.choice(["", "0" * 40, own[reader]])
        path, data = draw.choice(paths), {"token": token, "reason": "x", "under": "x", "how": "RELEASED"}
        answer = reader.client.get(path) if draw.random() < 0.3 else reader.client.post(path, data=data)
        assert answer.status_code in {303, 401, 403, 404, 405}, path
        assert "SAMPLE" not in answer.text
    assert county.ledger.size() == size


def test_t5_forms_of_other_sites_old_cookies_and_foreign_hosts_are_refused(county: Exchange) -> None:
    app, size = service_app(county), county.ledger.size()
    jane = Reader(app, "jane")
    path, token = f"/jail/{ORI}/{TCN}/acknowledge", jane.token()
    post = jane.client.post
    assert post(path, data={"note": "x"}).status_code == 403
    assert post(path, data={"token": Reader(app, "audrey").token()}).status_code == 403
    assert post(path, data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert post(path, data={"token": token}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert jane.client.get("/jail", headers={"Host": "evil.example"}).status_code == 400
    assert county.ledger.size() == size
    copy = jane.client.cookies["tenprint-desk"]
    assert post("/sign-out", data={"token": token}).headers["location"] == "/sign-in"
    thief = Reader(app)
    thief.client.cookies.set("tenprint-desk", copy)
    assert thief.client.get("/jail").headers["location"] == "/sign-in"
    assert thief.client.post(path, data={"token": token}).status_code == 401


def test_t5_a_session_is_new_at_every_sign_in_and_out_of_reach(county: Exchange) -> None:
    app = service_app(county, ServiceSettings(secure=True))
    client = Reader(app).client
    client.cookies.set("tenprint-desk", "fixed-by-somebody-else")
    cookie = client.post("/sign-in", data={"name": "jane", "next": "https://evil.example"}).headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert part in cookie
    assert "fixed-by-somebody-else" not in cookie
    again = client.post("/sign-in", data={"name": "jane\r\nSet-Cookie: x=1"})
    assert again.status_code in {303, 401}
    assert "x=1" not in str(again.headers)
    page = Reader(app, "jane").client.get("/sign-in")
    assert page.headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


def test_t5_every_page_says_that_names_are_believed_and_none_asks_race(county: Exchange) -> None:
    app = service_app(county)
    pages = [Reader(app).client.get("/sign-in").text]
    for name in ("ben", "lea", "oscar", "sue", "jane", "audrey"):
        reader = Reader(app, name)
        for page in PAGES:
            pages += [reader.client.get(f"/{page}").text, reader.client.get(f"/{page}/{ORI}/{TCN}").text]
    for page in filter(None, pages):
        assert "Simulated: nothing here happened to anybody. Names are believed." in page
        assert "race" not in page.casefold().replace("trace", "")
        assert "ethnic" not in page.casefold()
        assert "<script" not in page


def test_t5_the_desks_of_a_ledger_that_believes_no_name(tmp_path: Any) -> None:
    with Exchange.create(tmp_path / "real.db", "ada", extract=extract) as made:
        accounts = Accounts(made)
        made.present = lambda name: name == "ada"
        act = made.act("ada", "register")
        secrets = {}
        for name in ("jane", "jim"):
            made.add_principal(name, "jail", AGENCY, act)
            secrets[name] = accounts.accept(name, accounts.invite(name, act), "seven gray herons walk").secret
        made.add_principal("ben", "booking", AGENCY, act)
        app = service_app(made)

        def code(name: str) -> str:
            return codes.code(secrets[name], int(time.time()) // codes.STEP)

        client = Reader(app).client
        assert "believes" not in client.get("/sign-in").text
        said = {
            client.post("/sign-in", data={"name": n, "password": p, "code": c}).text
            for n, p, c in (("jane", "wrong", code("jane")), ("ben", "wrong", "000000"), ("who", "wrong", "000000"))
        }
        assert len(said) == 1
        assert client.get("/jail").headers["location"] == "/sign-in"
        jane = Reader(app, "jane", password="seven gray herons walk", code=code("jane"))
        assert "Free to go now" in jane.get("/jail")
        made.present = lambda name: False
        assert accounts.session(jane.client.cookies["tenprint-desk"]).name == "jane"
        for _ in range(5):
            last = client.post("/sign-in", data={"name": "jim", "password": "wrong", "code": "000000"})
        last = client.post("/sign-in", data={"name": "jim", "password": "seven gray herons walk", "code": code("jim")})
        assert last.status_code == 429
        assert int(last.headers["retry-after"]) > 60
        made.present = lambda name: name == "ada"
        accounts.suspend("jane", "lost badge", act)
        assert jane.client.get("/jail").headers["location"] == "/sign-in"
