"""I13: what somebody tries who wants the desks to fail: each attack by its name, and nothing comes of it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.exchange.people import AGENCY, card, extract
from tests.service.conftest import ORI, TCN, Reader

from tenprint.accounts import Accounts, codes, passwords
from tenprint.accounts import accounts as room
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.desk.service import service_app
from tenprint.exchange import Exchange, NotAllowedError

WORDS = "three gray herons walk"


class County:
    """An exchange that believes no name: ada administers, jane, jim and eve have accounts, ben has none."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.secrets = exchange, {}
        self.act = exchange.act("ada", "register")
        self.accounts = Accounts(exchange)
        for name, role in {"jane": "jail", "jim": "jail", "eve": "examiner", "ada": "administrator"}.items():
            if name != "ada":
                exchange.add_principal(name, role, AGENCY, self.act)
            self.secrets[name] = self.accounts.accept(name, self.accounts.invite(name, self.act), WORDS).secret
        exchange.add_principal("ben", "booking", AGENCY, self.act)
        exchange.submit(card(1, TCN), exchange.act("ada", AcceptSubmission))
        self.app = service_app(exchange)

    def code(self, name: str) -> str:
        return codes.code(self.secrets[name], int(time.time()) // codes.STEP)

    def sign_in(self, name: str) -> Reader:
        return Reader(self.app, name, password=WORDS, code=self.code(name))


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with Exchange.create(tmp_path / "x.db", "ada", extract=extract) as made:
        made.present = lambda name: True
        yield County(made)


def test_session_fixation_a_cookie_from_outside_never_becomes_a_session(county: County) -> None:
    client = TestClient(county.app, follow_redirects=False)
    client.cookies.set("tenprint-desk", "chosen-by-the-attacker")
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"name": "jane", "password": WORDS, "code": county.code("jane")})
    assert "chosen-by-the-attacker" not in answer.headers["set-cookie"]
    attacker = Reader(county.app)
    attacker.client.cookies.set("tenprint-desk", "chosen-by-the-attacker")
    assert attacker.client.get("/jail").headers["location"] == "/sign-in"


def test_session_fixation_signing_in_anew_is_a_new_session(county: County) -> None:
    first = county.sign_in("jane").client.cookies["tenprint-desk"]
    data = {"name": "jim", "password": WORDS, "code": county.code("jim")}
    client = TestClient(county.app, follow_redirects=False, cookies={"tenprint-desk": first})
    assert first not in client.post("/sign-in", data=data).headers["set-cookie"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
        {"Origin": "https://testserver.evil.example"}, {"Origin": "http://evil.example?testserver"},
    ],
)  # fmt: skip
def test_cross_site_requests_change_nothing_even_with_the_cookie_and_the_token(
    county: County, headers: dict[str, str]
) -> None:
    jane = county.sign_in("jane")
    size, token = county.exchange.ledger.size(), jane.token()
    size = county.exchange.ledger.size()
    for path in (f"/jail/{ORI}/{TCN}/release", "/jail/glass", "/sign-out", "/sign-in"):
        data = {"token": token, "how": "RELEASED", "tcn": TCN, "reason": "unconscious, allergy unknown"}
        assert jane.client.post(path, data=data, headers=headers).status_code == 403, path
    assert county.exchange.ledger.size() == size
    assert jane.client.get("/jail").status_code == 200


def test_cross_site_requests_without_the_token_of_this_session_change_nothing(county: County) -> None:
    jane, other = county.sign_in("jane"), county.sign_in("jim")
    for token in ("", "0" * 40, other.token(), "é" * 10):
        for path in (f"/jail/{ORI}/{TCN}/acknowledge", "/jail/find", "/jail/explain"):
            assert jane.client.post(path, data={"token": token}).status_code == 403
    assert county.exchange.case(TCN).detainer is None


def test_acts_are_not_done_by_following_a_link(county: County) -> None:
    jane = county.sign_in("jane")
    for path in (f"/jail/{ORI}/{TCN}/release", "/jail/find", "/jail/glass", "/sign-out"):
        assert jane.client.get(path, params={"token": jane.token()}).status_code in {403, 404, 405}
    assert jane.client.get("/jail").status_code == 200


def test_clickjacking_no_page_lets_itself_be_framed_or_runs_a_script(county: County) -> None:
    jane = county.sign_in("jane")
    pages = ("/sign-in", "/jail", f"/jail/{ORI}/{TCN}", "/office", "/nothing/at/all", "/style.css", "/")
    for path in pages:
        answer = jane.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert "<script" not in answer.text.lower()
        assert not re.search(r'\son\w+="', answer.text)


@pytest.mark.parametrize("name", ["next", "return", "returnTo", "redirect", "url", "continue"])
def test_open_redirect_nobody_is_sent_elsewhere(county: County, name: str) -> None:
    evil = "https://evil.example/"
    jane = Reader(county.app, "")
    jane.client.get("/sign-in", params={name: evil})
    data = {"name": "jane", "password": WORDS, "code": county.code("jane"), name: evil}
    assert jane.client.post("/sign-in", params={name: evil}, data=data).headers["location"] == "/"
    for path in ("//evil.example", "//evil.example/%2f..", "/\\evil.example", "/%5cevil.example", "/jail/"):
        answer = jane.client.get(f"http://testserver{path}")
        assert "evil" not in answer.headers.get("location", "")
        assert answer.status_code in {303, 400, 403, 404}
    data = {"token": jane.token(), name: evil}
    assert jane.client.post("/sign-out", data=data).headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    "text", ["NEW\r\nSet-Cookie: x=1", "NEW%0d%0aSet-Cookie:%20x=1", "NEW\nX-Evil: 1", "\u010aX: 1"]
)
def test_header_injection_what_is_typed_never_becomes_a_header(county: County, text: str) -> None:
    jane = county.sign_in("jane")
    for path, data in {
        "/jail/find": {"by": "tcn", "text": text},
        "/jail/glass": {"tcn": text, "reason": "unconscious, allergy unknown"},
        f"/jail/{ORI}/{TCN}/decline": {"reason": text},
        "/sign-in": {"name": text, "password": text, "code": text},
    }.items():
        answer = jane.client.post(path, data={"token": jane.token(), **data})
        assert "x-evil" not in answer.headers
        assert "x=1" not in answer.headers.get("set-cookie", "")
    answer = jane.client.get(f"/jail/{ORI}/NEW%0d%0aX-Evil:%201")
    assert answer.status_code == 404
    assert "x-evil" not in answer.headers


def test_account_enumeration_every_wrong_sign_in_looks_the_same_and_costs_the_same(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = passwords.matches

    def counted(password: str, stored: str) -> bool:
        asked.append(stored[:9])
        return real(password, stored)

    monkeypatch.setattr(room.passwords, "matches", counted)
    client, seen = TestClient(county.app, follow_redirects=False), set()
    tries = {
        "known, password wrong": ("jane", "no", county.code("jane")), "known, code wrong": ("jim", WORDS, "000000"),
        "registered, no account": ("ben", WORDS, "000000"), "unknown": ("nobody", WORDS, "000000"),
    }  # fmt: skip
    for name, password, code in tries.values():
        answer = client.post("/sign-in", data={"name": name, "password": password, "code": code})
        kept = {k: v for k, v in answer.headers.items() if k != "date"}
        seen.add((answer.status_code, answer.text, tuple(sorted(kept.items()))))
    assert len(seen) == 1
    assert len(asked) == len(tries), "the slow hash is asked for unknown names too"
    assert len(set(asked)) == 1


def test_account_enumeration_too_many_tries_wait_alike_for_known_and_unknown_names(county: County) -> None:
    client = TestClient(county.app, follow_redirects=False)
    said = []
    for name in ("jane", "nobody"):
        for _ in range(6):
            answer = client.post("/sign-in", data={"name": name, "password": "no", "code": "000000"})
        said.append((answer.status_code, answer.text))
    assert said[0] == said[1]
    assert said[0][0] == 429


def test_a_stolen_cookie_is_worth_nothing_after_logout_suspension_and_the_end_of_a_role(county: County) -> None:
    def thief(cookie: str) -> TestClient:
        return TestClient(county.app, follow_redirects=False, cookies={"tenprint-desk": cookie})

    jane, jim, eve = (county.sign_in(name) for name in ("jane", "jim", "eve"))
    cookies = [r.client.cookies["tenprint-desk"] for r in (jane, jim, eve)]
    assert [thief(c).get(p).status_code for c, p in zip(cookies, ("/jail", "/jail", "/examiner"), strict=True)] == [
        200
    ] * 3
    jane.client.post("/sign-out", data={"token": jane.token()})
    county.exchange.present = lambda name: name == "ada"
    county.accounts.suspend("jim", "lost badge", county.act)
    county.exchange.end_role("eve", "examiner", "left", county.act)
    for cookie in cookies:
        answer = thief(cookie).get("/jail")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert thief(cookie).post(f"/jail/{ORI}/{TCN}/release", data={"how": "RELEASED"}).status_code == 401


def test_a_cookie_of_the_command_line_or_an_invitation_is_no_desk_session_of_somebody_else(county: County) -> None:
    county.exchange.present = lambda name: name == "ada"
    code = county.accounts.invite("ben", county.act)
    for cookie in (code, county.secrets["jane"], "jane", ""):
        client = TestClient(county.app, follow_redirects=False, cookies={"tenprint-desk": cookie})
        assert client.get("/jail").headers["location"] == "/sign-in"


def test_the_administrators_desk_invites_suspends_and_ends_roles_and_shows_no_case(county: County) -> None:
    ada = county.sign_in("ada")
    told = ada.act("/administrator/register", 200, name="zoe", role="jail", agency=AGENCY)
    assert "zoe is registered as jail" in told
    code = re.search(r"shown once: (\w+)", ada.act("/administrator/invite", 200, name="zoe"))[1]
    county.secrets["zoe"] = county.accounts.accept("zoe", code, WORDS).secret
    zoe = county.sign_in("zoe")
    zoe.get("/jail")
    assert "say why" in ada.act("/administrator/suspend", 422, name="zoe", reason="").lower()
    ada.act("/administrator/suspend", 200, name="zoe", reason="lost badge")
    assert zoe.client.get("/jail").headers["location"] == "/sign-in"
    ada.act("/administrator/end-role", 200, name="zoe", role="jail", reason="left")
    assert "only administrator" in ada.act("/administrator/end-role", 422, name="ada", role="administrator", reason="x")
    assert "one of the roles" in ada.act("/administrator/register", 422, name="x", role="king", agency="")
    assert ada.client.get(f"/jail/{ORI}/{TCN}").status_code == 403
    county.exchange.present = lambda name: False
    with pytest.raises(NotAllowedError):
        county.exchange.add_principal("q", "jail", AGENCY, county.act)
