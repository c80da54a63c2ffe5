"""I13: reading is an act: who looked at whom, why and when; nothing unrecorded is shown; a glass and its duty."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.exchange.people import AGENCY, address, card
from tests.service.conftest import ORI, TCN, Reader

from tenprint.cases.card.commands import AcceptSubmission
from tenprint.cli import app as commands
from tenprint.desk.service import service_app
from tenprint.exchange import Exchange, audit, expunge, lookup, reads

NOON = datetime(2012, 11, 5, 18, tzinfo=UTC)
THERE = f"case/{ORI}/{TCN}"


@pytest.fixture
def county(exchange: Exchange) -> Exchange:
    """A county with two cards."""
    for person, name in ((1, "SAMPLE,PAT"), (2, "O'Neil-Roe,Kim")):
        content = card(person, f"NEW-000000{person}", NAM=name.upper(), DOB=f"198{person}0115")
        exchange.submit(content, exchange.act("ben", AcceptSubmission, NOON))
    return exchange


@pytest.fixture
def app(county: Exchange) -> Any:
    return service_app(county)


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """A command as somebody types it: its exit code and what it says."""
    sys.argv = ["tenprint", *words]
    try:
        commands.main()
    except SystemExit as stop:
        return int(stop.code or 0), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_i13_a_look_is_on_the_ledger_with_role_purpose_and_time_and_the_auditor_sees_it(
    app: Any, county: Exchange
) -> None:
    lea = Reader(app, "lea")
    lea.get(f"/center/{ORI}/{TCN}")
    (entry,) = [e for e in county.ledger.stream("reads/lea") if e.data["what"] == "person"]
    assert (entry.kind, entry.actor, entry.role, entry.purpose) == (
        "record.looked", "lea", "center", "status determination",
    )  # fmt: skip
    assert entry.data["streams"] == [THERE]
    assert "SAMPLE" not in json.dumps(entry.data)
    assert entry.recorded_at >= NOON
    lea.get(f"/center/{ORI}/{TCN}")
    assert len([e for e in county.ledger.stream("reads/lea") if e.data["what"] == "person"]) == 1, "one look"
    audrey = Reader(app, "audrey")
    shown = audrey.get("/audit")
    assert f"lea (center) {ORI}/{TCN} status determination person at center" in shown
    shown = audrey.get(f"/audit/{ORI}/{TCN}")
    trail = shown.split("Who looked at this person")[1]
    assert "lea (center) status determination" in trail
    audrey.get(f"/audit/{ORI}/{TCN}")
    assert [r.reader for r in reads.trail(county, THERE)][:2] == ["audrey", "lea"], "the auditor's own look too"


def test_i13_the_release_board_names_people_and_each_of_them_was_looked_at(app: Any, county: Exchange) -> None:
    jane = Reader(app, "jane")
    eligible = {"when": "2012-11-06T15:00", "why": "bond_posted", "document": "r 1"}
    jane.act(f"/jail/{ORI}/{TCN}/release-eligible", **eligible)
    jane.get("/jail")
    (board,) = [r for r in reads.trail(county, THERE) if r.what == "list"]
    assert (board.reader, board.page) == ("jane", "jail")
    assert not [r for r in reads.trail(county, f"case/{ORI}/NEW-0000002") if r.reader == "jane"]


@pytest.mark.parametrize("what", ["FAIL, 'the disk is full'", "ABORT, 'no more'"])
def test_i13_what_cannot_be_recorded_is_not_shown(app: Any, county: Exchange, what: str) -> None:
    lea = Reader(app, "lea")
    with county.ledger.engine.begin() as connection:
        made = "CREATE TRIGGER full BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE({}); END"
        connection.exec_driver_sql(made.format(what))
    for path in ("/center", f"/center/{ORI}/{TCN}"):
        said = lea.get(path, 503)
        assert "nothing is shown" in said
        assert "SAMPLE" not in said
        assert TCN not in said


def test_i13_a_refused_reader_leaves_no_look_and_learns_nothing(app: Any, county: Exchange) -> None:
    cal = Reader(app, "cal")
    known, unknown = cal.get(f"/jail/{ORI}/{TCN}", 404), cal.get(f"/jail/{ORI}/NEW-7777777", 404)
    assert known == unknown
    assert not reads.trail(county, THERE)


def test_i13_a_glass_lets_one_look_and_not_act_and_is_explained_in_a_day(
    app: Any, county: Exchange, capsys: pytest.CaptureFixture[str]
) -> None:
    cal, audrey = Reader(app, "cal"), Reader(app, "audrey")
    cal.act("/jail/glass", 422, tcn=TCN, reason="x")
    cal.act("/jail/glass", 404, tcn="NEW-7777777", reason="unconscious, allergy unknown")
    shown = cal.act("/jail/glass", tcn=TCN, reason="unconscious, allergy unknown")
    assert "SAMPLE,PAT" in shown
    assert "You look through a broken glass" in shown
    assert "Your acts" not in shown
    cal.act(f"/jail/{ORI}/{TCN}/release", 404, how="RELEASED", when="2012-11-05T15:00")
    cal.get(f"/jail/{ORI}/NEW-0000002", 404)
    (glass,) = reads.glasses(county)
    looks = [r for r in reads.trail(county, THERE) if r.reader == "cal"]
    assert [r.glass for r in looks] == [glass.seq]
    assert (glass.reader, glass.stream, glass.due) == ("cal", THERE, glass.broken + timedelta(hours=24))
    assert "unconscious, allergy unknown" in audrey.get("/audit")
    db = address(county)
    assert command(capsys, "reads", "--glass", "--db", db)[0] == 0

    later = glass.broken + timedelta(hours=25)
    county.add_principal("zoe", "jail", AGENCY, county.act("ada", "register", later))
    cal.get(f"/jail/{ORI}/{TCN}", 404)
    assert "OVERDUE: no explanation" in audrey.get("/audit")
    code, said = command(capsys, "reads", "--glass", "--db", db)
    assert (code, "LATE" in said) == (1, True)
    told = cal.act("/jail/glass", 422, tcn="NEW-0000002", reason="another emergency now")
    assert "is late: explain it first" in told
    assert "You owe an explanation" in cal.get("/jail")
    jane = Reader(app, "jane")
    jane.act("/jail/explain", 422, glass=str(glass.seq), explanation="I say it for her instead")
    cal.act("/jail/explain", 422, glass=str(glass.seq), explanation="")
    cal.act("/jail/explain", 200, glass=str(glass.seq), explanation="gave the name to the hospital's doctor")
    cal.act("/jail/explain", 422, glass=str(glass.seq), explanation="no, it was something else")
    assert "gave the name to the hospital" in audrey.get("/audit")
    assert command(capsys, "reads", "--glass", "--db", db)[0] == 0
    cal.act("/jail/glass", tcn="NEW-0000002", reason="another emergency now")


@pytest.mark.parametrize(("name", "code"), [("ben", 403), ("lea", 403), ("audrey", 403), ("ada", 403)])
def test_i13_who_has_no_emergencies_breaks_no_glass(app: Any, county: Exchange, name: str, code: int) -> None:
    reader = Reader(app, name)
    for page in ("jail", "office", "audit", "booking", "administrator"):
        data = {"token": reader.token(), "tcn": TCN, "reason": "unconscious, allergy unknown"}
        assert reader.client.post(f"/{page}/glass", data=data).status_code == code
    assert not reads.glasses(county)


@pytest.mark.parametrize(
    ("by", "text", "tcns"),
    [
        ("name", "sample", [TCN]), ("name", "Sample, Pat", [TCN]), ("name", "SAMPLE,KIM", []), ("name", "PAT", []),
        ("name", "oneil roe", ["NEW-0000002"]), ("name", "O'NEIL-ROE,KIM", ["NEW-0000002"]),
        ("birth", "1982-01-15", ["NEW-0000002"]), ("birth", "19810115", [TCN]), ("birth", "1990-01-01", []),
        ("tcn", TCN, [TCN]), ("booking", "12-0471", [TCN]), ("booking", "%", []), ("fin", "N00000001", [TCN]),
        ("ucn", "C00000001", [TCN]), ("ucn", "nobody", []),
    ],
)  # fmt: skip
def test_i13_a_search_finds_and_its_words_are_kept_nowhere(
    app: Any, county: Exchange, by: str, text: str, tcns: list[str]
) -> None:
    jane = Reader(app, "jane")
    jane.act(f"/jail/{ORI}/{TCN}/book", when="2012-11-05T14:30", booking="12-0471")
    data = {"token": jane.token(), "by": by, "text": text, "reason": "a lawyer asks at the desk"}
    answer = jane.client.post("/jail/find", data=data)
    if len(tcns) == 1:
        assert answer.headers["location"] == f"/jail/{ORI}/{tcns[0]}"
    else:
        assert answer.status_code == 404
    last = [e for e in county.ledger.stream("reads/jane") if e.data["what"] == "search"][-1]
    assert last.data["by"] == by
    assert last.data["reason"] == "a lawyer asks at the desk"
    assert last.data["streams"] == [f"case/{ORI}/{t}" for t in tcns]
    assert by == "tcn" or text not in json.dumps(last.data)


def test_i13_a_search_says_why_and_shows_only_what_is_the_readers_own(app: Any, county: Exchange) -> None:
    jane, cal, ada = Reader(app, "jane"), Reader(app, "cal"), Reader(app, "ada")
    assert "Say why you search" in jane.act("/jail/find", 422, by="name", text="SAMPLE")
    assert (
        "expected a birth date"
        in jane.act("/jail/find", 422, by="birth", text="May", reason="asked by a lawyer").lower()
    )
    jane.act("/jail/find", 422, by="race", text="W", reason="asked by a lawyer")
    told = cal.act("/jail/find", 404, by="name", text="SAMPLE", reason="asked by a lawyer")
    assert told == cal.act("/jail/find", 404, by="name", text="NOBODY", reason="asked by a lawyer")
    assert ada.client.post("/administrator/find", data={"token": ada.token()}).status_code == 403


def test_i13_names_are_found_by_hashes_that_tell_no_name_and_go_with_the_person(
    county: Exchange, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lookup.find(county, "name", "SAMPLE") == (THERE,)
    with county.reading() as connection:
        rows = connection.exec_driver_sql("select token from exchange_word").all()
    assert len(rows) == 6
    assert not [r for r in rows if "SAMPLE" in r[0] or len(r[0]) != 64]
    problems = county.ledger.verify(projections=audit.projections(county.ledger))
    assert not problems
    act = county.act("ada", "expunge", county.ledger.now())
    expunge.expunge_card(county, TCN, "order 12-CV-4711", act, second="rita")
    assert lookup.find(county, "name", "SAMPLE") == ()
    assert lookup.find(county, "birth", "1981-01-15") == ()
    assert not county.ledger.verify(projections=audit.projections(county.ledger))


def test_i13_looks_are_counted(app: Any, county: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    lea = Reader(app, "lea")
    for n in (1, 2):
        lea.get(f"/center/{ORI}/NEW-000000{n}")
    db = address(county)
    _, said = command(capsys, "reads", "--count", "--db", db)
    assert "lea (center) for status determination at center: 2 looks at 2 cards" in said
    (row,) = json.loads(command(capsys, "reads", "--count", "--db", db, "--json")[1])
    assert (row["looks"], row["people"], row["glass"]) == (2, 2, 0)
    assert json.loads(command(capsys, "reads", "--count", "--until", "2012-01-01", "--db", db, "--json")[1]) == []
    _, said = command(capsys, "reads", TCN, "--db", db)
    assert "lea (center)" in said
    assert "for status determination" in said
    assert command(capsys, "reads", TCN, "--count", "--db", db)[0] == 2
