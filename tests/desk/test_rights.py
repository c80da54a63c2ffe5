"""The rights office over a real ledger: intake, sealed identity, proof, watch, hotline."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.people import NOON, card

from tenprint.cases import Refusal
from tenprint.cases.card import commands as case
from tenprint.cases.card import events
from tenprint.cases.complaint import Targets
from tenprint.cases.complaint import commands as cmd
from tenprint.exchange import Exchange, ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.rights import Filing, OfficeKey, Rights, clean, receipts
from tenprint.proof import verify

TCN = "NEW-0000001"
VERIFY = Path(verify.__file__)
NAME, PHONE, TEXT = "Wilhelmina Zanzibarova", "+1 512 555 0147", "A deputy held me after my xylophone bond was paid."


def filing(**more: Any) -> Filing:
    return Filing(**({"language": "en", "text": TEXT, "against": "jail", "topics": ("unlawful_hold",)} | more))


def test_anybody_files_and_comes_back_with_words(rights: Rights) -> None:
    words = receipts.draw("en")
    filed = rights.file(filing(), words)
    assert filed.number == "2012-00001"
    assert rights.number_of(words.upper()) == filed.number
    assert rights.number_of(receipts.draw("en")) is None
    assert rights.number_of("") is None
    seen, clocks, _ = rights.conversation(filed.number)
    assert seen.received is not None
    assert seen.received.text == TEXT
    assert {c.step for c in clocks} == {"acknowledge", "triage"}


def test_the_same_words_file_once(rights: Rights) -> None:
    words = receipts.draw("en")
    first, again = rights.file(filing(), words), rights.file(filing(), words)
    assert (first.number, first.is_new, again.is_new) == (again.number, True, False)
    assert len(rights.register()) == 1


def test_messages_and_files_go_both_ways(rights: Rights) -> None:
    number = rights.file(filing(uploads=(clean("a", b"what the guard said"),)), "w").number
    rights.reply(number, "When will you answer?", [clean("b", b"another note")])
    rights.do(number, cmd.Write(writer="office", text="Next week."), "rita")
    seen, _, written = rights.conversation(number)
    assert [m.writer for m in seen.messages] == ["complainant", "office"]
    assert len(written) == 2
    assert rights.attachment(number, 2, "rita", "to read it").content == b"another note"
    with pytest.raises(Refusal, match="there is no such file"):
        rights.attachment(number, 3, "rita", "to read it")


# -- sealed ------------------------------------------------------------------------------------------------------------


def test_identity_opens_for_the_office_alone_and_every_look_is_an_event(rights: Rights, key: OfficeKey) -> None:
    number = rights.file(filing(name=NAME, contact=PHONE), "w").number
    assert rights.identity(number, "rita", "to call back", key) == {"name": NAME, "contact": PHONE}
    rights.read(number, "rita", "triage")
    looks = [e for e in rights.ledger.stream(f"complaint/{number}") if e.kind == "complaint.accessed"]
    assert [(e.actor, e.data["what"], e.data["purpose"]) for e in looks] == [
        ("rita", "identity", "to call back"), ("rita", "complaint", "triage"),
    ]  # fmt: skip
    with pytest.raises(ExchangeError, match="closed for another key"):
        rights.identity(number, "rita", "to call back", OfficeKey.generate())
    assert [line.what for line in rights.facts(number)][-1] == "Somebody looked at the identity: to call back."


@pytest.mark.parametrize("name", ["lea", "oscar", "sue", "jane", "ben", "audrey", "ada"])
def test_nobody_else_opens_anything(rights: Rights, key: OfficeKey, name: str) -> None:
    number = rights.file(filing(name=NAME, uploads=(clean("a", b"note"),)), "w").number
    with pytest.raises(NotAllowedError):
        rights.read(number, name, "curiosity")
    with pytest.raises(NotAllowedError):
        rights.identity(number, name, "curiosity", key)
    with pytest.raises(NotAllowedError):
        rights.attachment(number, 1, name, "curiosity")
    facts = " ".join(line.what for line in rights.facts(number))
    assert number in facts
    assert not {NAME, TEXT, "xylophone"} & {facts, *facts.split()}


def test_the_bytes_of_database_ledger_logs_and_extracts_name_nobody(
    rights: Rights, key: OfficeKey, exchange: Exchange, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from tenprint.facts.extract import extract

    caplog.set_level(logging.DEBUG)
    words = receipts.draw("en")
    picture = clean("Wilhelmina.txt", b"I am Wilhelmina Zanzibarova")
    number = rights.file(filing(name=NAME, contact=PHONE, place="Zanzibarstreet", uploads=(picture,)), words).number
    rights.reply(number, f"I am {NAME} again.")
    rights.identity(number, "rita", "to call back", key)
    rights.do(number, cmd.Triage(route="RETAINED", reason=f"{NAME} is credible"), "rita")
    extract(exchange.ledger, tmp_path / "facts")
    exchange.ledger.backup(tmp_path / "copy.db")
    ledger = "\n".join(json.dumps(e.data) for e in exchange.ledger.read()).encode()
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert len(files) > 5
    haystack = [ledger, caplog.text.encode(), *(p.read_bytes() for p in files)]
    secrets = [NAME, "Wilhelmina", "Zanzibar", PHONE, "555 0147", "xylophone", words, " ".join(words.split()[:3])]
    forms = [s.encode(code) for s in secrets for code in ("utf-8", "utf-16-le")]
    assert not [form for form in forms for hay in haystack if form in hay]
    assert any(number.encode() in hay for hay in haystack), "the search looks at the right bytes"


def test_without_the_office_key_even_every_key_in_the_database_does_not_name_the_filer(rights: Rights) -> None:
    number = rights.file(filing(name=NAME), "w").number
    opened = [e.sealed for e in rights.ledger.stream(f"complaint/{number}")]
    assert opened[1] is not None
    assert set(opened[1]) == {"box"}
    assert NAME not in json.dumps(opened)


def test_identity_can_be_destroyed_and_the_proof_stands(rights: Rights, key: OfficeKey) -> None:
    number = rights.file(filing(name=NAME), "w").number
    rights.expunge_identity(number, "rita")
    with pytest.raises(ExchangeError, match="expunged"):
        rights.identity(number, "rita", "to call back", key)
    assert rights.ledger.verify() == []
    assert verify.check_proof(rights.proof(number), [rights.ledger.verifier])


def test_no_key_no_names(exchange: Exchange) -> None:
    office = Rights(exchange, cost={"n": 16, "r": 1})
    with pytest.raises(ExchangeError, match="has no key yet"):
        office.file(filing(name=NAME), "w")
    assert office.file(filing(), "w").is_new


# -- proof -------------------------------------------------------------------------------------------------------------


def run_verify(document: object, key: str, folder: Path) -> int:
    file = folder / "receipt.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    ran = subprocess.run([sys.executable, "-I", str(VERIFY), str(file), "--key", key], capture_output=True, check=False)
    return ran.returncode


def test_the_receipt_verifies_offline_and_fails_when_anything_changes(rights: Rights, tmp_path: Path) -> None:
    number = rights.file(filing(), "w").number
    for other in range(5):
        rights.file(filing(text=f"another {other}"), f"w{other}")
    key, document = str(rights.ledger.verifier), rights.proof(number)
    assert TEXT in document["sealed"]["text"]
    assert run_verify(document, key, tmp_path) == 0

    word = json.loads(json.dumps(document))
    word["sealed"]["text"] = word["sealed"]["text"].replace("deputy", "officer")
    note = json.loads(json.dumps(document))
    lines = note["checkpoint"].split("\n")
    note["checkpoint"] = "\n".join([lines[0], str(int(lines[1]) + 1), *lines[2:]])
    path = json.loads(json.dumps(document))
    path["path"] = [*path["path"][1:], path["path"][0]]
    salt = json.loads(json.dumps(document))
    salt["sealed"]["salt"] = "00" * 32
    for changed in (word, note, path, salt):
        assert run_verify(changed, key, tmp_path) == 1
    other_key = str(rights.ledger.signer.generate("someone.else").verifier)
    assert run_verify(document, other_key, tmp_path) == 1


def test_the_proof_of_one_complaint_shows_no_other(rights: Rights) -> None:
    rights.file(filing(text="the other secret"), "w1")
    number = rights.file(filing(), "w2").number
    assert "the other secret" not in json.dumps(rights.proof(number))


# -- paper, hotline, watch ---------------------------------------------------------------------------------------------


def test_a_paper_form_brings_its_own_receipt(rights: Rights) -> None:
    code, words = rights.print_form("es")
    filed = rights.file(filing(language="es", channel="paper", paper=code), name="rita")
    assert rights.number_of(words) == filed.number
    with pytest.raises(ExchangeError, match=f"entered already, as complaint {filed.number}"):
        rights.file(filing(channel="paper", paper=code), name="rita")
    with pytest.raises(UnknownError, match="Read it again"):
        rights.file(filing(channel="paper", paper="0000-0000-1"), name="rita")
    with pytest.raises(NotAllowedError):
        rights.file(filing(channel="paper"), name="jane")


def held(exchange: Exchange, tcn: str = TCN) -> None:
    """A card, a match, an answer, a request to hold, and the moment at which the person would have left."""
    exchange.enrol("immigration", card(1, "OLD-0000001"), exchange.act("ada", "enrol"))
    exchange.submit(card(1, tcn), exchange.act("ben", case.AcceptSubmission, NOON))
    source = events.Source(name="central index", reliability="high")
    answer = case.DetermineStatus(status="REMOVABLE_FINAL_ORDER", confidence="high", sources=(source,))
    exchange.do(tcn, answer, exchange.act("lea", case.DetermineStatus, NOON))


def detain() -> case.Decide:
    form = case.IssueDetainer(form="I-247 (12/11)", zone="America/Chicago")
    return case.Decide(choice="DETAINER", reason="final order", factors=("final order",), detainer=form)


def test_the_hotline_acts_at_once(rights: Rights, exchange: Exchange) -> None:
    held(exchange)
    exchange.do(TCN, detain(), exchange.act("oscar", case.Decide, NOON))
    assert exchange.case(TCN).detainer is not None
    rights.hotline(TCN, "CITIZEN", "I was born in Laredo", "rita", NOON)
    assert exchange.case(TCN).detainer is None
    claim = exchange.case(TCN).open_claims[0].made
    assert (claim.channel, claim.owner) == ("hotline", "field office supervisor")


def test_a_complaint_by_the_subject_calls_for_a_supervisor(rights: Rights, exchange: Exchange) -> None:
    held(exchange)
    number = rights.file(filing(), "w", at=NOON).number
    rights.do(number, cmd.LinkCase(tcn=TCN, ori="", is_subject=True), "rita", NOON)
    with pytest.raises(Refusal, match="approval of a supervisor"):
        exchange.do(TCN, detain(), exchange.act("oscar", case.Decide, NOON))
    stated = exchange.case(TCN).facts["retaliation_watch"]
    assert stated.source == f"complaint {number}"
    look = case.Review(
        what="decision", choice="DETAINER", approved=True, reason=f"saw complaint {number}; not reprisal"
    )
    exchange.do(TCN, look, exchange.act("sue", case.Review, NOON))
    made = exchange.do(TCN, detain(), exchange.act("oscar", case.Decide, NOON))
    decision = next(e for e in made if isinstance(e, events.DecisionRecorded))
    assert decision.reviewer == "sue"
    assert "retaliation_watch" in decision.flags


def test_a_new_card_of_the_same_person_is_watched_too(rights: Rights, exchange: Exchange) -> None:
    held(exchange)
    number = rights.file(filing(), "w", at=NOON).number
    assert rights.follow("rita", NOON) == []
    rights.do(number, cmd.LinkCase(tcn=TCN, ori="", is_subject=True), "rita", NOON)
    exchange.submit(card(1, "NEW-0000002"), exchange.act("ben", case.AcceptSubmission, NOON + timedelta(days=3)))
    exchange.submit(card(2, "NEW-0000003"), exchange.act("ben", case.AcceptSubmission, NOON + timedelta(days=3)))
    watched = exchange.case("NEW-0000002")
    assert watched.facts["retaliation_watch"].value is True, "from the moment it arrived, before anybody could decide"
    assert "retaliation_watch" not in exchange.case("NEW-0000003").facts
    linked = [e for e in rights.ledger.stream(f"complaint/{number}") if e.kind == "complaint.linked"]
    assert [(e.data["tcn"], e.role) for e in linked] == [(TCN, "rights"), ("NEW-0000002", "system")]
    assert rights.follow("rita", NOON + timedelta(days=4)) == []


def test_a_card_that_came_before_the_complaint_is_found_by_looking(rights: Rights, exchange: Exchange) -> None:
    held(exchange)
    exchange.submit(card(1, "NEW-0000002"), exchange.act("ben", case.AcceptSubmission, NOON + timedelta(days=3)))
    number = rights.file(filing(), "w", at=NOON).number
    rights.do(number, cmd.LinkCase(tcn=TCN, ori="", is_subject=True), "rita", NOON + timedelta(days=4))
    later = NOON + timedelta(days=5)
    assert rights.follow("rita", later) == [(number, "NEW-0000002")]
    assert rights.follow("rita", later) == []
    assert exchange.case("NEW-0000002").facts["retaliation_watch"].value is True


def test_the_watch_ends_with_the_last_complaint(rights: Rights, exchange: Exchange) -> None:
    held(exchange)
    numbers = [rights.file(filing(against="other"), f"w{n}", at=NOON).number for n in range(2)]
    for number in numbers:
        rights.do(number, cmd.LinkCase(tcn=TCN, ori="", is_subject=True), "rita", NOON)
        rights.do(number, cmd.Triage(route="OUT_OF_SCOPE", reason="a bank", to="Attorney General"), "rita", NOON)
    for number, watched in zip(numbers, (True, False), strict=True):
        rights.do(
            number, cmd.Close(reason="sent on", summary="Not about the program."), "rita", NOON + timedelta(days=1)
        )
        assert exchange.case(TCN).facts["retaliation_watch"].value is watched
    assert exchange.do(TCN, detain(), exchange.act("oscar", case.Decide, NOON + timedelta(days=2)))


def test_targets_change_what_comes_after(rights: Rights) -> None:
    before = rights.file(filing(), "w1").number
    rights.set_targets(Targets(triage=3), "rita")
    after = rights.file(filing(), "w2").number
    days = {n: next(c for c in rights.clocks(n) if c.step == "triage") for n in (before, after)}
    assert (days[before].due - days[before].since).days == 15
    assert (days[after].due - days[after].since).days == 3


def test_the_times_that_steps_really_take(rights: Rights) -> None:
    days = [NOON + timedelta(days=n) for n in range(40)]
    first, second = (rights.file(filing(against="other"), f"w{n}", at=days[0]).number for n in range(2))
    rights.do(first, cmd.Acknowledge(), "rita", days[2])
    rights.do(first, cmd.Triage(route="OUT_OF_SCOPE", reason="a bank", to="Attorney General"), "rita", days[4])
    rights.do(first, cmd.Close(reason="sent on", summary="Not about the program."), "rita", days[20])
    steps = {s.step: s for s in rights.times()}
    read = steps["acknowledge"]
    assert (read.done, read.waiting, read.late, read.median_days, read.longest_days) == (1, 1, 1, 2.0, 20.0)
    assert (steps["triage"].done, steps["triage"].late) == (1, 1)
    assert (steps["referral"].waived, steps["referral"].median_days) == (1, None)
    assert second


def test_the_register_follows_from_the_ledger(rights: Rights) -> None:
    number = rights.file(filing(), "w").number
    rights.print_form("en")
    rights.do(number, cmd.Triage(route="RETAINED", reason="within scope", county="48453"), "rita")
    assert rights.register()[0]["county"] == "48453"
    assert rights.ledger.verify() == []
    with pytest.raises(UnknownError, match="no complaint '2012-00009'"):
        rights.facts("2012-00009")
