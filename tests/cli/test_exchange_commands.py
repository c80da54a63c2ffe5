"""The commands of an exchange as somebody types them: words, JSON, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exchange.people import card, extract

from tenprint import finger, itl
from tenprint.cli import app

TCN = "NEW-0000001"
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in this process and gives its output; an unexpected exit code fails the test."""
    monkeypatch.setattr(finger, "extract", extract)
    monkeypatch.setenv("TENPRINT_DB", str(tmp_path / "x.db"))
    monkeypatch.setenv("TENPRINT_AS", "ada")

    def call(*words: object, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["tenprint", *map(str, words)])
        capsys.readouterr()
        ended = 0
        try:
            app.main()
        except SystemExit as stop:
            ended = int(stop.code or 0)
        told = capsys.readouterr()
        assert ended == code, f"exit code {ended}: {told.out}{told.err}"
        call.err = told.err
        return told.out

    return call


@pytest.fixture
def county(run: Run, tmp_path: Path) -> Run:
    """A simulated exchange with people, an old encounter, and card files beside it."""
    run("init", "--simulated-from", "2012-01-01")
    for name, role in {"ben": "booking", "lea": "center", "oscar": "office", "sue": "supervisor", "jane": "jail",
                       "rita": "rights"}.items():  # fmt: skip
        run("principal", "add", "--name", name, "--role", role, "--agency", "TXSYN4530")
    (tmp_path / "old.an2").write_bytes(card(1, "OLD-0000001", fingers=(11, 12)))
    (tmp_path / "known.eft").write_bytes(card(1, TCN))
    (tmp_path / "stranger.eft").write_bytes(card(2, "NEW-0000002"))
    (tmp_path / "bad.eft").write_bytes(card(3, "NEW-0000003", NAM=None))
    (tmp_path / "junk.eft").write_bytes(b"this is not a card")
    run("enrol", "--system", "immigration", tmp_path / "old.an2", "--at", "2012-01-02")
    return run


def test_submit_tells_each_card_its_fate_and_writes_the_answers(county: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("known.eft", "stranger.eft")]
    told = json.loads(
        county("submit", *files, "--as", "ben", "--at", "2012-11-05T10:00", "--answers", tmp_path / "answers", "--json")
    )
    assert [row["file"] for row in told] == [str(f) for f in files]
    known, stranger = told
    assert (known["tcn"], known["accepted"]) == (TCN, True)
    assert (known["criminal"]["hit"], known["criminal"]["identity"]) == (False, None)
    assert known["immigration"]["searched"]
    assert known["immigration"]["hit"]
    assert known["immigration"]["identity"] == "N00000001"
    assert known["immigration"]["score"] > 0
    assert known["immigration"]["reason"] is None
    assert (stranger["immigration"]["hit"], stranger["immigration"]["identity"]) == (False, None)
    names = sorted(p.name for p in (tmp_path / "answers").iterdir())
    assert names == sorted(f"{t}.{k}.eft" for t in (TCN, "NEW-0000002") for k in ("SRE", "IDR"))
    assert itl.read(tmp_path / "answers" / f"{TCN}.SRE.eft").get("1.010") == TCN


def test_a_rejected_card_makes_exit_code_1_and_an_unreadable_file_2_and_the_others_go_on(
    county: Run, tmp_path: Path
) -> None:
    at = ("--as", "ben", "--at", "2012-11-05T10:00", "--answers", tmp_path / "answers")
    told = county("submit", tmp_path / "bad.eft", tmp_path / "known.eft", *at, code=1)
    assert "rejected (ERRT)" in told
    assert "2.018" in told
    assert f"{TCN}" in told
    assert itl.read(tmp_path / "answers/NEW-0000003.ERRT.eft").tot == "ERRT"
    county("submit", tmp_path / "junk.eft", tmp_path / "stranger.eft", *at, code=2)
    assert "junk.eft: not a readable ANSI/NIST transaction" in county.err
    county("status", "NEW-0000002")
    assert "rejected" in county("status", "NEW-0000003")


def test_what_cannot_be_used_gets_a_message_and_exit_code_2(run: Run, county: Run, tmp_path: Path) -> None:
    for words, message in {
        ("status", "NONE-000001"): "no submission with the control number",
        ("submit", tmp_path / "missing.eft", "--as", "ben"): "missing.eft",
        ("submit", tmp_path / "known.eft", "--as", "nobody"): "'nobody' is not registered",
        ("submit", tmp_path / "known.eft", "--as", "lea"): "is for booking or bureau or administrator",
        ("enrol", "--system", "criminal", tmp_path / "known.eft", "--as", "ben"): "enrol is for administrator",
        ("agency", "add", "--ori", "TX1234567", "--county", "1"): "five-digit county code",
        ("agency", "add", "--ori", "TX1234567", "--county", "48453", "--zone", "Texas"): "time zone such as",
        ("principal", "add", "--name", "x", "--role", "king"): "expected one of the roles",
        ("init",): "already exists",
        ("status", TCN, "--db", tmp_path / "other.db"): "no such file",
        ("submit", tmp_path / "known.eft", "--as", "ben", "--at", "yesterday"): "expected a date such as",
    }.items():
        run(*words, code=2)
        assert message in " ".join(county.err.split()), words


def test_an_agency_is_shown_with_its_county_on_a_day(county: Run, tmp_path: Path) -> None:
    county("agency", "add", "--ori", "WVTEST000", "--county", "54039", "--no-second-response")
    shown = json.loads(county("agency", "show", "WVTEST000", "--on", "2010-10-25", "--json"))
    assert (shown["active_since"], shown["active"]) == ("2010-10-26", False)
    assert shown["agency"]["zone"] == "America/New_York"
    assert shown["agency"]["second_response"] is False
    assert "active" in county("agency", "show", "WVTEST000", "--on", "2010-10-26")
    (tmp_path / "more.csv").write_text("ori,county,zone,second_response\nTXJAIL001,48453,,no\nTXJAIL002,48141,,\n")
    rows = json.loads(county("agency", "import", tmp_path / "more.csv", "--json"))
    assert [(r["ori"], r["zone"], r["second_response"]) for r in rows] == [
        ("TXJAIL001", "America/Chicago", False),
        ("TXJAIL002", "America/Denver", True),
    ]


def test_from_the_match_to_the_end_of_the_hold(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    assert TCN in county("center", "queue")
    answers = tmp_path / "answers"
    county(
        "center", "answer", TCN, "--status", "REMOVABLE_FINAL_ORDER", "--confidence", "high", "--source",
        "court file:high", "--answers", answers, "--as", "lea", "--at", "2012-11-05T12:00",
    )  # fmt: skip
    (iar,) = answers.iterdir()
    assert itl.read(iar).tot == "IAR"
    shown = county("office", "decide", TCN, "--at", "2012-11-05T13:00")
    assert "DET-2010" in shown
    assert "DETAINER" in shown
    choose = ("office", "decide", TCN, "--choice", "DETAINER", "--reason", "final order", "--as", "oscar",
              "--at", "2012-11-05T14:00", "--factor", "length of presence")  # fmt: skip
    county(*choose, code=2)
    assert "I-247 (12/11)" in county.err
    assert "a request, not an order" in county(*choose, "--form", "I-247 (12/11)")
    county("jail", "acknowledge", TCN, "--as", "jane", "--at", "2012-11-05T15:00")
    county("jail", "serve", TCN, "--as", "jane", "--language", "Spanish", "--at", "2012-11-05T15:10")
    honor = ("jail", "honor", TCN, "--under", "county policy 4", "--as", "jane", "--at", "2012-11-05T15:20")
    assert "county policy 4" in county(*honor)
    started = county(
        "jail", "release-eligible", TCN, "--reason", "bond_posted", "--document", "receipt 4711", "--as", "jane",
        "--at", "2012-11-09T15:00",
    )  # fmt: skip
    assert "Wed 2012-11-14 15:00 CST" in started
    (hold,) = json.loads(county("holds", "--json"))
    assert (hold["tcn"], hold["deadline"]) == (TCN, "2012-11-14T15:00:00-06:00")
    county("watch", "--at", "2012-11-14T20:59")
    assert "held-past-deadline" in county("watch", "--at", "2012-11-14T21:01", code=1)
    late = county("holds", code=1)
    assert "PAST DUE" in late
    assert "2012-11-14 21:00 UTC" in late
    for told in (late, county("status", TCN)):
        assert f"tenprint jail release {TCN}" in told
        assert f"tenprint case close-incident {TCN} 1 --reason" in told
    county("jail", "release", TCN, "--as", "jane", "--at", "2012-11-14T16:00")
    county(
        "case", "close-incident", TCN, "1", "--reason", "clerk instructed", "--as", "sue", "--at", "2012-11-14T16:05"
    )
    assert "0 incidents open" in county("watch", "--at", "2012-11-15T12:00")
    assert "Nobody is in a facility past a release moment" in county("holds")
    assert "jane (jail)" in county("case", "show", TCN)


def test_nobody_is_held_without_a_request_and_the_jail_is_told_so(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    told = county(
        "jail", "release-eligible", TCN, "--reason", "bond_posted", "--document", "receipt 4711", "--as", "jane",
        "--at", "2012-11-09T15:00",
    )  # fmt: skip
    assert "No request to hold stands: the person is free to leave now" in told


def test_an_act_before_the_newest_event_is_marked_as_recorded_late(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    fact = ("case", "fact", TCN, "victim", "yes", "--source", "report", "--as", "ben")
    assert "later than it happened" not in county(*fact, "--at", "2012-11-06T10:00")
    told = county(*fact[:3], "witness", *fact[4:], "--at", "2012-11-05T18:00")
    assert "Recorded later than it happened: the newest event of this case is of Tue 2012-11-06 10:00 CST" in told
    lines = county("case", "show", TCN).splitlines()
    assert [("recorded later" in line) for line in lines] == [False] * (len(lines) - 1) + [True]


def test_the_watch_says_every_time_on_both_clocks_and_every_incident_once(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    assert "asked Mon 2012-11-05 10:00 CST" in county("center", "queue")
    told = county("watch", "--at", "2012-11-05T21:00")
    assert "2012-11-05 21:00 UTC (read as UTC) = Mon 2012-11-05 15:00 CST at the facilities" in told
    assert "read as UTC" not in county("watch", "--at", "2012-11-05T21:00+00:00")
    county("claim", TCN, "--kind", "CITIZEN", "--channel", "hotline", "--as", "rita", "--at", "2012-11-05T17:00")
    told = county("watch", "--at", "2012-12-05T17:00", code=1)
    assert told.count("claim-overdue") == 1
    assert "UTC, " in told
    assert county("watch", "--at", "2012-12-05T17:00", code=1).count("claim-overdue") == 1


def test_a_role_of_an_agency_needs_one(county: Run) -> None:
    for role in ("jail", "booking"):
        county("principal", "add", "--name", "x", "--role", role, code=2)
        assert "name it with --agency ORI" in " ".join(county.err.split())
    county("principal", "add", "--name", "x", "--role", "jail", "--agency", "NOSUCH000", code=2)
    assert "is in no registry" in " ".join(county.err.split())


def test_a_simulated_exchange_says_where_its_clock_starts(run: Run, tmp_path: Path) -> None:
    run("init", "--simulated-from", "soon", code=2)
    assert "--simulated-from: expected a date" in run.err
    told = run("init", "--simulated-from", "2013-01-01")
    assert told.startswith(f"Simulated exchange at {tmp_path / 'x.db'}; its clock starts 2013-01-01 00:00 UTC")


def test_nothing_is_drawn_on_what_is_no_terminal(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    assert county.err == ""


def test_a_claim_is_taken_in_and_answered(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    at = ("--at", "2012-11-05T17:00")
    told = county("claim", TCN, "--kind", "CITIZEN", "--channel", "hotline", "--as", "rita", *at)
    assert "owes an answer by" in told
    county("claim", TCN, "--as", "rita", *at, code=2)
    county("claim", TCN, "--resolve", "1", "--reason", "birth certificate seen", "--as", "sue", *at, code=2)
    told = county("claim", TCN, "--resolve", "1", "--upheld", "--reason", "birth certificate seen", "--as", "sue", *at)
    assert "upheld" in told


def test_late_facts_and_a_batch_of_corrections(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", tmp_path / "stranger.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    at = ("--as", "sue", "--at", "2013-03-01")
    county("case", "fact", TCN, "victim", "yes", "--source", "police report", *at)
    county("case", "charge", TCN, "1", "--literal", "LITTERING", "--grade", "misdemeanor", "--source", "docket", *at)
    county("case", "dispose", TCN, "1", "dismissed", "--on", "2012-12-01", *at)
    county(
        "case", "conviction", TCN, "--id", "09-CR-17", "--on", "2009-05-04", "--grade", "felony", "--source", "x", *at
    )
    county("case", "outcome", TCN, "RELIEF", "--on", "2013-02-01", "--basis", "U visa", *at)
    batch = tmp_path / "batch.csv"
    batch.write_text(
        "tcn,strike,conviction,on,grade,fact,value,reason\n"
        f"{TCN},09-CR-17,,,,,,other person of that name\n"
        "NEW-0000002,,11-CR-5,2011-01-31,misdemeanor,,,found in the audit\n"
        "NEW-0000002,,,,,witness,yes,statement of 3 May\n"
        "NEW-0000009,X,,,,,,no such case\n"
    )
    county("correct", "--file", batch, *at, code=2)
    told = county("correct", "--file", batch, "--batch", "AUDIT-1", "--reviewer", "ada", *at, "--json", code=1)
    assert json.loads(told)["applied"] == 3
    assert [row["tcn"] for row in json.loads(told)["refused"]] == ["NEW-0000009"]
    history = json.loads(county("case", "show", TCN, "--json"))
    assert [line["kind"] for line in history][-1] == "conviction.struck"
    county("correct", TCN, "--fact", "victim=no", "--reason", "mistaken", *at, code=2)
    by_two = ("--document", "report 12a", "--second", "sue", "--as", "rita", "--at", "2013-03-01")
    assert county("correct", TCN, "--fact", "victim=no", "--reason", "mistaken", *by_two)


def test_a_bare_date_is_the_end_of_that_day_on_the_clock_of_the_cards_agency(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--at", "2012-11-05")
    told = json.loads(county("status", TCN, "--json"))
    assert told["taken_in"] == "2012-11-05T23:59:59-06:00"


def test_the_watch_as_a_service_stops_after_its_rounds(county: Run) -> None:
    told = county("watch", "--every", "0.01", "--rounds", "3")
    assert told.count("Nobody is present without authority and without an open incident") == 3


def test_every_command_of_the_exchange_has_an_example(run: Run) -> None:
    groups = {"agency": 3, "principal": 2, "center": 2, "office": 8, "jail": 7, "case": 8, "jurisdiction": 12}
    for group, least in groups.items():
        module = __import__(f"tenprint.cli.{group}", fromlist=["app"])
        commands = [c for c in module.app.registered_commands if c.callback]
        assert len(commands) >= least
        for command in commands:
            assert f"Example: tenprint {group} " in (command.callback.__doc__ or ""), command.callback
    for name in ("init", "enrol", "submit", "status", "expunge", "resume", "claim", "correct", "holds", "watch"):
        assert "Example: tenprint" in run(name, "--help")


def test_categories_that_nobody_named_are_unknown_and_not_none_of_them(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    stated = ("--source", "docket", "--as", "sue", "--at", "2013-03-01", "--json")
    told = json.loads(county("case", "charge", TCN, "1", "--literal", "LITTERING", *stated))
    assert told["events"][0]["charge"]["categories"] is None
    told = json.loads(county("case", "charge", TCN, "2", "--literal", "DUI", "--category", "dui", *stated))
    assert told["events"][0]["charge"]["categories"] == ["dui"]
    told = json.loads(county("case", "conviction", TCN, "--id", "9", "--on", "2009-05-04", *stated))
    assert told["events"][0]["conviction"]["categories"] is None


def test_a_county_on_its_way_into_the_program(run: Run) -> None:
    run("init", "--simulated-from", "2009-01-01")
    for name, role in {"rita": "rights", "sue": "supervisor", "ben": "booking"}.items():
        run("principal", "add", "--name", name, "--role", role, "--agency", "ALSYN0030")
    do = ("jurisdiction",)
    run(*do, "agreement", "AL", "--on", "2009-11-02", "--document", "agreement", "--at", "2009-11-03")
    run(*do, "plan", "01003", "--for", "2010-06-01", "--document", "plan 2", "--at", "2010-03-01")
    run(*do, "step", "01003", "survey", "--on", "2010-03-15", "--document", "70-004", "--at", "2010-03-16")
    run(*do, "step", "01003", "briefing", "--on", "2010-04-01", "--topic", "program", "--people", "14",
        "--at", "2010-04-02")  # fmt: skip
    training = (*do, "step", "01003", "training", "--on", "2010-04-20", "--topic", "civil rights", "--people", "31")
    run(*training, "--at", "2010-04-21", "--as", "rita", code=2)
    assert "needs --of" in run.err
    run(*training, "--of", "40", "--at", "2010-04-21", "--as", "rita")
    run(*do, "schedule", "01003", "--for", "2010-06-01", "--at", "2010-05-04")
    activate = (*do, "activate", "01003", "--at", "2010-06-01")
    run(*activate, code=2)
    assert "nobody looked for open civil-rights investigations" in " ".join(run.err.split())
    suit = "DOJ|traffic stops|2009-03-01|open|public letter"
    vet = (*do, "vet", "01003", "--on", "2010-05-03", "--source", "docket", "--at", "2010-06-01T08:00")
    run(*vet, "--found", suit, "--as", "ada", code=2)
    assert "Vet is for rights" in " ".join(run.err.split())
    run(*vet, "--found", suit, "--as", "rita")
    run(*activate, code=2)
    assert "traffic stops" in run.err
    run(*do, "accept-investigations", "01003", "--reason", "monitor", "--as", "rita", "--at", "2010-06-01T09:00")
    assert "despite DOJ: traffic stops, accepted by rita" in " ".join(run(*activate).split())
    shown = json.loads(run(*do, "show", "01003", "--on", "2010-06-01", "--json"))
    assert (shown["active"], shown["agreement"]["signed"]) == (True, "2009-11-02")
    assert shown["activation"].startswith("activation.done")
    told = " ".join(run("agency", "show", "ALSYN0030", "--on", "2010-09-01").split())
    for words in ("active since 2010-06-01", "OPT-2010 (source: SEED2, FHS; primary)", "OPEN INVESTIGATION",
                  "it can decline any single request"):  # fmt: skip
        assert words in told
    run(*do, "deactivate", "01003", "--reason", "court order", "--document", "order 5", "--at", "2010-10-01")
    assert "not active (switched off on 2010-10-01)" in run(*do, "show", "01003")
    run(*do, "request-not-to-activate", "01003", "--by", "board", "--document", "letter", "--at", "2010-10-02", "--as",
        "ben")  # fmt: skip
    assert "meeting on request 1" in run(*do, "show", "01003")
    run(*do, "meeting", "01003", "--request", "1", "--present", "county", "--at", "2010-10-09")
    answer = (*do, "answer", "01003", "REMOVED_FROM_PLAN", "--request", "1", "--reason", "resolution", "--as", "sue")
    assert "removed from plan" in run(*answer, "--at", "2010-10-10")


def test_a_card_and_an_identity_are_expunged_on_an_order(county: Run, tmp_path: Path) -> None:
    county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    alone = ("--reason", "order 2013-CV-17", "--at", "2013-02-01")
    county("expunge", TCN, *alone, code=2)
    assert "--second" in county.err
    order = (*alone, "--second", "sue")
    county("expunge", TCN, *order, "--as", "oscar", code=2)
    assert "administrator or bureau" in " ".join(county.err.split())
    county("expunge", TCN, "--reason", " ", "--second", "sue", code=2)
    assert "expected the court order or the rule, by its number; got ' '" in " ".join(county.err.split())
    assert "8 templates, 2 answers" in " ".join(county("expunge", TCN, *order).split())
    assert "EXPUNGED on 2013-02-01" in county("status", TCN)
    told = json.loads(county("expunge", "--system", "immigration", "N00000001", *order, "--json"))
    assert (told["what"], told["templates"]) == ("N00000001", 2)
    county("expunge", "--system", "immigration", "N00000001", *order, code=2)
    assert "nobody is enrolled" in county.err
    assert county("ledger", "verify")


def test_an_examiner_works_through_the_close_calls(
    county: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = finger.Gallery.search

    def search(gallery: finger.Gallery, *args: object) -> list[finger.Candidate]:
        found = real(gallery, *args)
        return [finger.Candidate(c.person, 0.9 * finger.threshold(len(c.fingers)), c.fingers) for c in found]

    assert "No close call waits" in county("examine", "list")
    monkeypatch.setattr(finger.Gallery, "search", search)
    for name in ("eve", "max"):
        county("principal", "add", "--name", name, "--role", "examiner", "--agency", "LAB")
    told = county("submit", tmp_path / "known.eft", "--as", "ben", "--at", "2012-11-05T10:00")
    assert "no digitized record found (score" in told
    assert "a close call, for an examiner (tenprint examine list)" in told
    assert "fewer than one in" in told
    assert "match" not in told
    listed = county("examine", "list")
    assert "immigration  compare with N00000001" in listed
    assert "best of 1 people compared" in listed
    (row,) = json.loads(county("examine", "list", "--json"))
    assert (row["tcn"], row["candidate"]) == (TCN, "N00000001")
    words = ("examine", "conclude", TCN, "--system", "immigration", "--conclusion", "IDENTIFICATION")
    why = ("--reason", "core and delta agree")
    county(*words, *why, "--as", "lea", code=2)
    assert "Examine is for examiner" in county.err
    county(*words, "--reason", " ", "--as", "eve", code=2)
    assert "needs its reason in writing" in county.err
    assert "a second has to verify" in county(*words, *why, "--as", "eve", "--at", "2012-11-05T15:00")
    assert county("examine", "list") == listed, "the second examiner is blind to the first"
    assert json.loads(county("examine", "list", "--json")) == [row]
    county(*words, *why, "--as", "eve", code=2)
    assert "ask another examiner" in county.err
    done = json.loads(county(*words, *why, "--as", "max", "--at", "2012-11-05T16:00", "--json"))
    assert done["events"][0]["standing"] == "IDENTIFICATION"
    assert "No close call waits" in county("examine", "list")
    said = county("status", TCN)
    assert "two examiners identified; no match follows from it" in said
    assert "The support center has been asked" not in said
