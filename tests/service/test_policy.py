"""T5: role by page by act by place: every cell tried over HTTP, and exactly what the table says is served."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import AGENCY, card, extract
from tests.service.conftest import ELSEWHERE, ORI, TCN, WORN, WORN_TCN, Reader
from tests.service.conftest import HERE as NEAR

from tenprint.accounts import Accounts, codes
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.desk.service import service_app
from tenprint.desk.service.acts import FORMS
from tenprint.desk.service.app import ServiceSettings
from tenprint.desk.service.pages import TITLES
from tenprint.desk.service.policy import table
from tenprint.exchange import Exchange
from tenprint.exchange.reads import LOOKED

PAGES = ("booking", "jail", "center", "office", "supervisor", "bureau", "examiner", "rights", "audit", "administrator")
READ = {"open", "person", "find"}
GLASS = {"glass", "explain"}
JAIL = READ | GLASS | {"book", "acknowledge", "serve", "honor", "decline", "release-eligible", "release", "claim"}
OFFICE = READ | GLASS | {"decide", "cancel"}
SHOULD = {
    ("booking", "booking"): READ | {"submit"},
    ("jail", "jail"): JAIL,
    ("bureau", "bureau"): READ,
    ("examiner", "examiner"): {"open", "person", "conclude"},
    ("center", "center"): READ | {"answer"},
    ("office", "office"): OFFICE,
    ("supervisor", "office"): OFFICE,
    ("supervisor", "supervisor"): READ | {"review", "close-incident"},
    ("rights", "rights"): READ | {"claim", "resolve-claim"},
    **{("auditor", page): READ for page in ("audit", "jail", "office", "center", "supervisor")},
    ("administrator", "administrator"): {"open", "register", "end-role", "invite", "suspend"},
}
"""Written here once more, by hand: the test asks it, not the program."""
OF_PAGE = ("find", "glass", "explain", "register", "end-role", "invite", "suspend")
"""Acts upon no card."""
ANYWHERE = {"center", "rights", "auditor", "examiner"}
SENSIBLE = {"release", "release-eligible", "book", "answer", "decide", "review", "claim", "conclude"}
"""Acts that there is something for: nobody has sent a request, and no incident is open."""
HERE = {**{name: role for name, (role, _) in {**PEOPLE, **NEAR}.items()}, "ada": "administrator"}
AWAY = {name: role for name, (role, _) in ELSEWHERE.items()}


@pytest.fixture
def county(exchange: Exchange) -> Exchange:
    """A county with a card for which an answer is owed."""
    at = datetime(2012, 11, 5, 16, tzinfo=UTC)
    exchange.submit(card(1, TCN), exchange.act("ben", AcceptSubmission, at))
    worn = card(2, WORN_TCN, fingers=(2,), grays={2: WORN})
    exchange.submit(worn, exchange.act("ben", AcceptSubmission, at))
    assert exchange.case(WORN_TCN).immigration.close_call
    return exchange


def acts_of(exchange: Exchange) -> int:
    """Entries that are no record of a look."""
    return sum(entry.kind != LOOKED for entry in exchange.ledger.read(after=0))


def test_the_table_as_shipped_is_the_one_written_here() -> None:
    assert {(r.role, r.page): set(r.acts) for r in table().rows} == SHOULD


def test_t5_every_cell_of_role_page_act_and_place(county: Exchange) -> None:
    app, size, tried = service_app(county), acts_of(county), 0
    assert tuple(sorted(TITLES)) == tuple(sorted(PAGES))
    for name, role in {**HERE, **AWAY}.items():
        reader = Reader(app, name)
        token, near = reader.token(), name in HERE or role in ANYWHERE
        for page in PAGES:
            may, tcn = SHOULD.get((role, page), set()), WORN_TCN if page == "examiner" else TCN
            seen = reader.client.get(f"/{page}")
            assert (seen.status_code == 200) == ("open" in may), (name, page)
            assert seen.status_code in {200, 403}
            person = reader.client.get(f"/{page}/{ORI}/{tcn}")
            assert (person.status_code == 200) == ("person" in may and near), (name, page)
            assert "SAMPLE,PAT" not in person.text or (person.status_code == 200 and page != "examiner")
            for act in FORMS:
                done = reader.client.post(f"/{page}/{ORI}/{tcn}/{act}", data={"token": token, "when": "not a time"})
                served = done.status_code == 422  # it came to the act, which refuses the time
                assert served == (act in may and near), (name, page, act, done.status_code)
                assert served or done.status_code in {403, 404}
                offered = f'action="/{page}/{ORI}/{tcn}/{act}"' in person.text
                assert offered == (act in may and near and act in SENSIBLE), (name, page, act)
            for act in OF_PAGE:
                done = reader.client.post(f"/{page}/{act}", data={"token": token})
                served = done.status_code in {404, 422} and done.status_code != 403
                assert served == (act in may), (name, page, act, done.status_code)
                assert (f'action="/{page}/{act}"' in seen.text) == (act in may and act != "explain"), (page, act)
            handed = reader.client.post("/booking/submit", data={"token": token}, files={"card": ("c", b"junk")})
            assert (handed.status_code == 422) == (role == "booking"), name
            tried += 3 + len(FORMS) + len(OF_PAGE)
    assert acts_of(county) == size
    assert tried == len(PAGES) * len({**HERE, **AWAY}) * (3 + len(FORMS) + len(OF_PAGE))


def test_t5_random_requests_of_wrong_persons_change_nothing(county: Exchange) -> None:
    app, size, draw = service_app(county), acts_of(county), random.Random(13)
    readers = [Reader(app, name) for name in ("ben", "audrey", "cal", "bea", "opal", "bob")] + [Reader(app)]
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
    assert acts_of(county) == size


def test_t5_forms_of_other_sites_old_cookies_and_foreign_hosts_are_refused(county: Exchange) -> None:
    app, size = service_app(county), acts_of(county)
    jane = Reader(app, "jane")
    path, token = f"/jail/{ORI}/{TCN}/acknowledge", jane.token()
    post = jane.client.post
    assert post(path, data={"note": "x"}).status_code == 403
    assert post(path, data={"token": Reader(app, "audrey").token()}).status_code == 403
    assert post(path, data={"token": token}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert post(path, data={"token": token}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert jane.client.get("/jail", headers={"Host": "evil.example"}).status_code == 400
    assert acts_of(county) == size
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
