"""The public pages as a browser without scripts sees them."""

from __future__ import annotations

import io
import json
import logging
import re

import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.desk.filer import STORY, Filer

from tenprint.cases.complaint import commands as cmd
from tenprint.desk import Settings, catalogue, forms, public_app
from tenprint.desk.limits import WINDOW, Gate, Limits
from tenprint.exchange.rights import OfficeKey, Rights, UnusableFileError, clean
from tenprint.proof.verify import check_proof

LANGUAGES = catalogue.LANGUAGES


@pytest.fixture
def client(rights: Rights) -> TestClient:
    generous = Limits(filings=1000, guesses=1000, everybody=10_000)
    return TestClient(public_app(rights, Settings(limits=generous)))


@pytest.fixture
def filer(client: TestClient) -> Filer:
    return Filer(client)


def test_file_keep_leave_come_back_read_reply(filer: Filer, rights: Rights) -> None:
    words = filer.file(against="jail", topics=["unlawful_hold", "not_told"], place="Travis County jail")
    assert "2012-00001" in filer.page
    wrong = filer.send("kept", words="apple arrow")
    assert wrong.status_code == 422
    assert "These are not the same words" in filer.page
    assert words.split()[0] in filer.page
    assert filer.send("kept", words=words.upper()).status_code == 200
    assert "Your receipt is right" in filer.page

    rights.do("2012-00001", cmd.Triage(route="RETAINED", reason="within scope"), "rita")
    rights.do("2012-00001", cmd.Write(writer="office", text="We have asked the jail <for its log>."), "rita")
    again = Filer(filer.client)
    again.get("open")
    assert again.send("open", words=words).status_code == 200
    assert "We have asked the jail <for its log>." in again.page
    assert "The office has decided who handles it." in again.page
    assert "Department of Justice, Civil Rights Division" in again.page
    assert again.send("reply", text="Thank you. The log is on paper.").status_code == 200
    assert "Your reply has arrived." in again.page
    assert rights.conversation("2012-00001")[0].messages[-1].text == "Thank you. The log is on paper."


def test_the_proof_from_the_page_verifies(filer: Filer, rights: Rights) -> None:
    words = filer.file()
    filer.send("kept", words=words)
    answer = filer.send("proof")
    assert answer.headers["content-disposition"] == 'attachment; filename="complaint-2012-00001.proof.json"'
    document = json.loads(answer.text)
    assert check_proof(document, [rights.ledger.verifier])
    assert STORY in document["sealed"]["text"]
    assert str(rights.ledger.verifier) == filer.client.get("/key").text.strip()
    assert "def check_proof" in filer.client.get("/verify.py").text


def test_sent_twice_is_filed_once_and_changed_is_filed_anew(filer: Filer, rights: Rights) -> None:
    filer.get("file")
    token = filer.token
    pages = [filer.send("file", text=STORY, token=token).text for _ in range(2)]
    assert [p.count("2012-00001") for p in pages] == [1, 1]
    filer.send("file", text="Something else happened.", token=token)
    assert "2012-00002" in filer.page
    assert len(rights.register()) == 2


def test_an_old_page_still_files(filer: Filer, rights: Rights) -> None:
    assert filer.send("file", text=STORY, token="not ours").status_code == 200
    assert len(rights.register()) == 1


def test_a_form_that_needs_something_keeps_what_was_written(filer: Filer, rights: Rights) -> None:
    filer.get("file")
    answer = filer.send("file", text="  ", place="Laredo", against="jail", topics=["conditions"], name="Pat")
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text
    assert 'value="Laredo"' in answer.text
    assert re.search(r'value="jail" checked', answer.text)
    assert re.search(r'value="conditions" checked', answer.text)
    assert filer.send("file", text="x" * 20_001).status_code == 422
    assert "This is too long" in filer.page
    assert rights.register() == []


def test_a_choice_that_no_form_offers_is_refused(filer: Filer, rights: Rights) -> None:
    filer.get("file")
    assert filer.send("file", text=STORY, against="nobody").status_code == 400
    assert filer.send("file", text=STORY, topics=["weather"]).status_code == 400
    typed = filer.client.post("/en/file", data={"text": STORY, "files": "typed, not sent as a file"})
    assert typed.status_code == 400
    assert rights.register() == []


def test_photos_lose_their_metadata(filer: Filer, rights: Rights) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif)
    filer.get("file")
    answer = filer.send("file", text=STORY, files=[("files", ("me.jpg", out.getvalue(), "image/jpeg"))])
    assert answer.status_code == 200
    stored = rights.attachment("2012-00001", 1, "rita", "to look")
    assert b"SECRET PLACE" not in stored.content
    assert stored.media == "image/jpeg"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([b"%PDF-1.7"], "not a JPEG or PNG"),
        ([b"\xff\xd8\xff broken"], "not a JPEG or PNG"),
        ([bytes(4_000_001)], "A file is too large"),
        ([b"text"] * 4, "too many files"),
    ],
)
def test_hostile_files_are_refused_with_a_way_out(filer: Filer, rights: Rights, files: list[bytes], said: str) -> None:
    filer.get("file")
    sent = [("files", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(files)]
    assert filer.send("file", text=STORY, files=sent).status_code == 422
    assert said in filer.page
    assert STORY in filer.page
    assert rights.register() == []


def test_too_much_is_not_read(filer: Filer, rights: Rights) -> None:
    answer = filer.client.post("/es/file", content=b"x" * 13_000_001, headers={"content-type": "text/plain"})
    assert answer.status_code == 413
    assert "13 MB" in answer.text
    assert 'lang="es"' in answer.text

    def endless():
        for _ in range(20):
            yield b"x" * 1_000_000

    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert filer.client.post("/en/file", content=endless(), headers=kind).status_code in {400, 413}
    assert rights.register() == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"%ff%fe=%00", "application/x-www-form-urlencoded"),
        (b"\x00" * 100, "application/x-www-form-urlencoded"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
    ],
)
def test_malformed_forms_get_a_page(filer: Filer, content: bytes, kind: str) -> None:
    for path in ("file", "open", "kept", "reply", "proof"):
        answer = filer.client.post(f"/en/{path}", content=content, headers={"content-type": kind})
        assert answer.status_code in {400, 403, 422}
        assert "<h1>" in answer.text


def test_words_that_nobody_has_open_nothing(filer: Filer) -> None:
    filer.file()
    for words in ("", "apple", "apple " * 8, "' OR 1=1 --", "x" * 500):
        assert filer.send("open", words=words).status_code == 403
        assert "No complaint has these words" in filer.page


def test_a_token_opens_only_its_own_kind_of_page(filer: Filer) -> None:
    filer.file()
    receipt = filer.token
    for path in ("reply", "proof"):
        assert filer.send(path, token=receipt, text="x").status_code == 403
    assert "Type your receipt again" in filer.page


def test_unknown_pages_languages_and_methods(client: TestClient) -> None:
    assert client.get("/xx/").status_code == 404
    assert client.get("/en/nothing").status_code == 404
    wrong = client.get("/ar/kept")
    assert wrong.status_code == 405
    assert 'dir="rtl"' in wrong.text
    assert client.get("/..%2f..%2fetc/passwd").status_code == 404


@pytest.mark.parametrize("path", ["/", "/en/", "/ar/file", "/zh/open", "/so/paper", "/style.css", "/key", "/nothing"])
def test_headers_are_strict_and_nothing_comes_from_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<script|<iframe|javascript:|\son\w+=", answer.text)
    outside = re.findall(r'(?:href|src|action)="(https?:)?//', answer.text)
    assert not outside
    if path != "/style.css":
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_files_and_says_whether_it_was_reviewed(client: TestClient, code: str) -> None:
    filer, words = Filer(client, code), catalogue.load(code)
    answer = filer.get("")
    assert f'<html lang="{words.tag}" dir="{"rtl" if code == "ar" else "ltr"}">' in answer.text
    assert (words.say("unreviewed") in filer.page) is (code != "en")
    receipt = filer.file(text="العربية Русский 中文 Tiếng Việt")
    assert len(receipt.split()) == 8
    assert filer.send("kept", words=receipt).status_code == 200
    assert filer.send("open", words=receipt).status_code == 200
    assert "العربية Русский 中文 Tiếng Việt" in filer.page


def test_catalogues_translate_everything() -> None:
    source = catalogue.load("en")
    for code in LANGUAGES[1:]:
        other = catalogue.load(code)
        same = [k for k, text in source.words.items() if other.words[k] == text]
        assert len(same) <= 2, f"{code}: {same}"
        assert not other.reviewed


def test_markup_in_a_complaint_is_shown_as_text(filer: Filer) -> None:
    words = filer.file(text="<script>alert(1)</script> {{ 7*7 }}")
    answer = filer.send("open", words=words)
    assert "<script>" not in answer.text
    assert "<script>alert(1)</script> {{ 7*7 }}" in filer.page


def test_paper_forms_carry_code_and_words(filer: Filer, rights: Rights) -> None:
    filer.get("paper")
    answer = filer.send("paper")
    code = re.search(r"([0-9A-Z]{4}-[0-9A-Z]{4}-.)</strong>", answer.text)
    assert code
    words = " ".join(re.findall(r"<li>(.*?)</li>", filer.page.split('class="receipt"')[1].split("</ol>")[0]))
    from tenprint.exchange.rights import Filing

    filing = Filing(language="en", text="on paper", channel="paper", paper=code.group(1))
    assert rights.number_of(words) is None
    number = rights.file(filing, name="rita").number
    assert rights.number_of(words) == number


def test_names_are_asked_only_when_they_can_be_sealed(rights: Rights, filer: Filer, key: OfficeKey) -> None:
    assert 'name="contact"' in filer.get("file").text
    filer.file(name="Wilhelmina", contact="555")
    assert rights.identity("2012-00001", "rita", "to call", key) == {"name": "Wilhelmina", "contact": "555"}


def test_without_a_key_the_page_asks_for_no_name(exchange) -> None:
    office = Rights(exchange, cost={"n": 16, "r": 1})
    filer = Filer(TestClient(public_app(office)))
    assert 'name="contact"' not in filer.get("file").text
    filer.file(name="Wilhelmina")
    assert office.conversation("2012-00001")[0].named is None


# -- limits ------------------------------------------------------------------------------------------------------------


def test_t18_many_requests_are_slowed_without_knowing_anybody_and_the_time_is_true(
    rights: Rights, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    limits = Limits(guesses=3, filings=2, everybody=4)
    filer = Filer(TestClient(public_app(rights, Settings(limits=limits))))
    statuses = [filer.send("open", words="a b").status_code for _ in range(5)]
    assert statuses == [403, 403, 403, 429, 429]
    assert "wait a few minutes" in filer.page
    filer.file()
    filer.file("Another.")
    filer.get("file")
    refused = filer.send("file", text="A third.")
    assert refused.status_code == 429
    assert 500 < int(refused.headers["retry-after"]) <= WINDOW == 600
    assert "xylophone" not in caplog.text


def test_t16_t17_the_gate_keeps_no_address_forgets_and_lets_a_first_filer_in() -> None:
    now = 0.0
    gate = Gate(Limits(guesses=2, filings=3, everybody=20), clock=lambda: now)

    def tries(kind: str, place: str) -> bool:
        if gate.wait(kind, place):
            return False
        gate.count(kind, place)
        return True

    assert [tries("guesses", "203.0.113.9") for _ in range(3)] == [True, True, False]
    assert tries("guesses", "203.0.113.10")
    assert "203.0.113" not in repr(vars(gate))
    assert all(tries("filings", "198.51.100.1") for _ in range(9)), "people behind one address, while little comes"
    assert tries("filings", "198.51.100.2")
    assert not tries("filings", "198.51.100.1"), "under pressure a place has its share"
    for place in range(9):
        tries("filings", f"198.51.100.{place + 3}")
    for place in range(15):
        assert tries("filings", f"192.0.2.{place}"), "a first filer gets in although it is full"
        assert not tries("filings", f"192.0.2.{place}")
    assert gate.wait("guesses", "203.0.113.9") == WINDOW
    now = WINDOW + 1
    assert tries("guesses", "203.0.113.9")


def test_t16_an_address_of_a_64_bit_network_is_no_place_of_its_own() -> None:
    gate = Gate(Limits(guesses=2, everybody=20))
    for host in ("2001:db8::1", "2001:db8::2"):
        gate.count("guesses", host)
    assert gate.wait("guesses", "2001:db8::ffff:3") > 0
    assert gate.wait("guesses", "2001:db8:0:1::3") == 0


def test_t16_posts_without_words_cost_nobody_anything(rights: Rights) -> None:
    filer = Filer(TestClient(public_app(rights, Settings(limits=Limits(guesses=3, everybody=4)))))
    assert {filer.send("open", words=" ").status_code for _ in range(40)} == {403}
    assert filer.send("open", words="a b").status_code == 403


def test_t20_other_names_and_other_sites_are_refused(rights: Rights) -> None:
    client = TestClient(public_app(rights), follow_redirects=False)
    assert client.get("/en/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/en", headers={"Host": "localhost"}).headers["location"] == "/en/"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/en/file", data={"text": "x"}, headers=headers).status_code == 403
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/en/file", data={"text": "x"}, headers=own).status_code == 200


def test_t15_files_are_looked_at_only_where_they_are_asked_for(rights: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    async def looked(content: bytes) -> str:
        seen.append(content)
        return "not-a-picture"

    monkeypatch.setattr(forms, "cleaned", looked)
    client = TestClient(public_app(rights))
    for path in ("open", "kept", "proof"):
        client.post(f"/en/{path}", data={"words": "a"}, files={"files": ("a.png", b"\x89PNG\r\n\x1a\n0")})
    assert seen == []
    client.post("/en/file", data={"text": "a"}, files={"files": ("a.png", b"\x89PNG\r\n\x1a\n0")})
    assert len(seen) == 1


@pytest.mark.parametrize(
    "content",
    [
        b" %PDF-1.4 x", b"\xef\xbb\xbf%PDF-1.4", b"<svg xmlns='x'/>", b"\n<!DOCTYPE html><html>", b"{\\rtf1 x}",
        b"%!PS-Adobe", b"#!/bin/sh\necho", b"MIME-Version: 1.0\n",
    ],
)  # fmt: skip
def test_t24_a_file_is_what_its_content_says(content: bytes) -> None:
    with pytest.raises(UnusableFileError, match="expected a JPEG or PNG picture or plain text"):
        clean("note.txt", content)
