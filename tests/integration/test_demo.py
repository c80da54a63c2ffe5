"""The demonstration, played once: every person against the exchange, and what is shown against the screen."""

from __future__ import annotations

import io
import json
import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tenprint import figures, itl
from tenprint.cases.card import events as ev
from tenprint.cli import common, demo
from tenprint.cli.demonstration import account, cards, checks, play, script, show, tour
from tenprint.exchange.codec import CASES
from tenprint.itl import check

TEXAS = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    with play.play(script.load(), tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture(scope="module")
def told(played):
    return account.take(played)


@pytest.fixture(scope="module")
def checked(played):
    return checks.check(played)


def cases(played, person: str):
    return [played.exchange.case(card.tcn) for card in played.bookings if card.person == person]


def custody(played, person: str):
    (card,) = [c for c in played.bookings if c.person == person]
    return played.exchange.custody(played.exchange.stream_of(card.tcn))


def happened(played, person: str, kind: type[ev.Event]):
    streams = [played.exchange.stream_of(card.tcn) for card in played.bookings if card.person == person]
    entries = [e for s in streams for e in played.exchange.ledger.stream(s) if e.kind in CASES.kinds]
    return [(e, event) for e in entries if isinstance(event := CASES.from_ledger(e), kind)]


# -- the script --------------------------------------------------------------------------------------------------------


def test_every_step_of_the_script_is_understood_and_people_have_earlier_encounters():
    county = script.load()
    assert len({p.seed for p in county.people}) == len(county.people) >= 10
    desks = {d.name for d in county.desks}
    for step in county.steps():
        assert step.by in desks
        if step.kind == "do":
            step.command(county.zone)
    met = {p.name: sum(s.kind in {"enrol", "book"} for s in p.steps) for p in county.people}
    assert all(2 <= times <= 3 for times in met.values()), met


def test_cards_are_sound_transactions_of_synthetic_people(played):
    for card in played.cards:
        transaction = itl.read(card.file)
        assert transaction.get("2.018").endswith(",SYNTHETIC")
        assert [f for f in check.findings(transaction) if f.severity == "error"] == []
        assert sum(r.image() is not None for r in transaction.of_type(4)) == len(card.step.fingers)
        assert played.exchange.ledger.simulated


def test_an_enrolled_two_finger_card_has_plain_index_fingers(played):
    old = next(c for c in played.cards if c.person == "Cedar")
    images = [r.image() for r in itl.read(old.file).of_type(4)]
    assert [(i.position, i.impression) for i in images] == [(2, cards.PLAIN), (7, cards.PLAIN)]


# -- the people --------------------------------------------------------------------------------------------------------


def test_everybody_met_before_is_found_and_nobody_else(checked):
    assert checked.recognition.wrong == ()
    assert checked.recognition.right == 24
    assert checked.recognition.lowest_mate > max(checked.recognition.thresholds)
    assert checked.recognition.highest_stranger < min(checked.recognition.thresholds)


def test_alder_is_in_no_record_and_stays_in_none(played):
    first, second = cases(played, "Alder")
    assert not first.criminal.hit
    assert not first.immigration.hit
    assert second.criminal.hit  # because the card asks for it (RET=Y); a search never does
    assert not second.immigration.hit
    assert not first.queries
    assert not second.queries
    idr = next(r for r in first.responses if r.response == "IDR")
    assert "NO DIGITIZED RECORD FOUND" in itl.read(played.exchange.answer(idr.body)).get("2.060")


def test_birch_is_searched_only_once_the_county_is_active(played):
    before, after = cases(played, "Birch")
    assert (before.gate.reason, before.gate.active_since) == ("inactive", date(2010, 6, 22))
    assert before.immigration is None
    assert after.immigration.hit
    assert after.decision.choice == "NO_ACTION"


def test_cedar_is_a_citizen_and_the_request_is_withdrawn_at_once(played):
    (case,) = cases(played, "Cedar")
    ((claimed, _),) = happened(played, "Cedar", ev.ClaimMade)
    ((withdrawn, _),) = happened(played, "Cedar", ev.DetainerWithdrawn)
    assert claimed.occurred_at == withdrawn.occurred_at == datetime(2011, 9, 18, 21, 5, tzinfo=TEXAS)
    assert case.detainers[0].state == "WITHDRAWN"
    (hold,) = custody(played, "Cedar").holds
    assert (hold.how, hold.end) == ("WITHDRAWN", claimed.occurred_at)
    assert (
        custody(played, "Cedar").minutes_without(played.exchange.ledger.now()) == 15
    )  # until the jail opened the door
    assert case.claims[0].resolved.upheld
    assert case.outcome.outcome == "CITIZEN"
    assert not any(isinstance(c, ev.CustodyAssumed) for c in case.whereabouts)


def test_elders_authority_ends_by_itself_and_the_40_minutes_after_it_are_an_incident_and_in_the_figure(played):
    (case,) = cases(played, "Elder")
    limit = datetime(2012, 11, 14, 15, 0, tzinfo=TEXAS)  # the worked case of Veterans Day 2012
    (hold,) = custody(played, "Elder").holds
    assert (hold.how, hold.deadline, hold.end) == ("RELEASED", limit, limit + timedelta(minutes=40))
    warned = [event for _, event in happened(played, "Elder", ev.DueWarned)]
    assert [(w.owner, w.hours, w.moment) for w in warned] == [
        ("jail", 6, limit), ("jail", 1, limit), ("supervisor", 0, limit),
    ]  # fmt: skip
    ((_, incident),) = happened(played, "Elder", ev.IncidentOpened)
    assert (incident.what, incident.since) == ("held-past-deadline", limit)
    assert not case.open_incidents


def test_the_minutes_without_authority_of_the_county_are_elders_and_cedars(played, checked):
    found = figures.compute("detained-without-authority", played.folder / checks.FACTS, date(2013, 3, 1))
    minutes = {(row["month"], row["cause"]): round(60 * row["value"]) for row in found.rows if row["value"]}
    assert minutes == {("2011-09", "not-passed-on"): 15, ("2012-11", "past-deadline"): 40}


def test_three_are_removed_and_two_convictions_become_known_later(played):
    for person, how in (("Fir", "REMOVED"), ("Hazel", "REMOVED"), ("Ivy", "RETURNED")):
        (case,) = cases(played, person)
        assert case.outcome.outcome == how
        assert [h.how for h in custody(played, person).holds] == ["CUSTODY_ASSUMED"]
        assert not case.incidents
    ((entry, late),) = happened(played, "Fir", ev.ConvictionRecorded)
    assert late.conviction.convicted_on < date(2010, 4, 6) < entry.occurred_at.date()
    ((_, found),) = happened(played, "Ivy", ev.ConvictionRecorded)
    assert found.batch == "audit-2010-07"
    assert not happened(played, "Hazel", ev.ConvictionRecorded)


def test_juniper_stays_free_because_the_jail_declines(played):
    (case,) = cases(played, "Juniper")
    assert case.detainers[0].state == "DECLINED"
    assert not custody(played, "Juniper").holds


def test_laurels_facts_are_the_same_and_the_law_is_not(played, told):
    first, second = told.twice
    assert (first.on.date(), second.on.date()) == (date(2010, 7, 1), date(2013, 2, 1))
    assert {k for k in first.facts if first.facts[k] != second.facts.get(k)} == {"age"}
    assert first.facts.keys() == second.facts.keys()
    assert (first.regime, first.permitted) == ("DET-2008", ("NO_ACTION", "DETAINER"))
    assert (second.regime, second.permitted, second.met) == ("DET-2012", ("NO_ACTION",), ())
    assert cases(played, "Laurel")[0].detainers[0].state == "CANCELLED"
    assert not cases(played, "Laurel")[1].detainers


def test_rowan_is_a_minor_and_is_not_searched(played):
    (case,) = cases(played, "Rowan")
    assert case.gate.reason == "juvenile"
    assert case.immigration is None


# -- the end -----------------------------------------------------------------------------------------------------------


def test_the_figure_moves_and_both_answers_are_right(checked):
    moved = checked.moved
    before, after = (moved.cell(figure) for figure in (moved.before, moved.after))
    assert (before["numerator"], before["denominator"], before["value"]) == (3, 3, 100)
    assert (after["numerator"], after["denominator"]) == (1, 3)
    assert sum(moved.parts.values()) == pytest.approx(after["value"] - before["value"])
    assert set(moved.parts) == {"late-arrival", "correction"}
    assert moved.again
    assert {moved.before.origin, moved.after.origin} == {"simulated-ledger"}


def test_the_ledger_is_sound_and_no_hold_was_overdue_in_silence(checked):
    assert checked.problems == ()
    assert checked.silent == ()
    assert checked.rounds == len(script.load().watch)
    assert checked.good


def test_the_account_fits_into_100_columns_without_colors(played, told, checked):
    console = Console(width=100, no_color=True, record=True, file=(null := io.StringIO()), highlight=False)
    show.show(console, played.script, told, checked)
    shown = null.getvalue()

    assert max(len(line) for line in shown.splitlines()) <= 100
    assert "\x1b" not in shown
    assert "…" not in shown, "something was cut off"
    for person in played.script.people:
        assert re.search(rf"^ {person.name} ", shown, re.MULTILINE)
    for words in (
        "no digitized",
        "active from 2010-06-22",
        "withdrawn",
        "40 minutes without authority",
        "declined",
        "100.0 %",
        "33.3 %",
    ):
        assert words in shown


def test_commands_to_try_next_name_files_that_are_there(played, checked, monkeypatch):
    monkeypatch.setattr(show.shutil, "which", lambda _: None)
    monkeypatch.setattr(show.sys, "argv", [".venv/bin/tenprint"])
    console = Console(width=100, file=(text := io.StringIO()), highlight=False)
    show.closing(console, played.folder, "TCN", checked, 61)
    commands = [line.strip() for line in text.getvalue().splitlines() if line.startswith("  .venv/bin/tenprint ")]

    assert len(commands) == 3
    for path in re.findall(r"(?:--db|--facts|images) (\S+)", "\n".join(commands)):
        assert Path(path).exists()


def test_a_terminal_that_has_no_bars_gets_question_marks(played, told, checked, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(show.sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    show.show(show.console_for(), played.script, told, checked)
    show.sys.stdout.flush()

    assert b"33.3 %  ?????" in raw.getvalue()


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_gives_everything_as_data(played, monkeypatch, tmp_path):
    @contextmanager
    def played_already(county, folder, tell):
        tell("2010-01-01  a step")
        yield played

    monkeypatch.setattr(play, "play", played_already)
    result = CliRunner().invoke(demo.app, ["--dir", str(tmp_path / "new"), "--json"])
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert len(found["bookings"]) == 13
    assert found["figure"]["before"]["value"] == 100
    assert found["checks"]["searches_wrong"] == []
    assert "2010-01-01" in result.stderr


def test_a_folder_in_use_is_left_alone(tmp_path):
    assert demo.free_folder(tmp_path / "new") == tmp_path / "new"
    assert demo.free_folder(tmp_path) == tmp_path
    (tmp_path / "mine.txt").write_text("mine")
    assert demo.free_folder(tmp_path) == tmp_path / "run-2"
    (tmp_path / "run-2").mkdir()
    assert demo.free_folder(tmp_path) == tmp_path / "run-3"


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(common.Refused, match=r"expected a folder, and it is a file"):
        demo.free_folder(tmp_path / "file")


def test_the_tour_of_the_desks_is_done_as_it_is_told(played, tmp_path):
    """Each stop by the person whom the tour names, on a copy of the played county."""
    from tests.service.conftest import Reader

    from tenprint.desk.service import service_app
    from tenprint.exchange import Exchange

    copy = played.exchange.ledger.backup(tmp_path / "copy.db")
    file = tour.compose(played.script, tmp_path, played.exchange.ledger.now())
    told = {stop.page: stop for stop in tour.stops(played.script, file)}
    assert str(file) in told["booking"].what
    with Exchange.open(copy) as exchange:
        app = service_app(exchange)
        people = {page: Reader(app, stop.who) for page, stop in told.items()}
        said = people["booking"].act("/booking/submit", 200, files={"card": ("c", file.read_bytes())})
        assert "taken in" in said
        tcn = itl.read(file).get("1.009")
        there = f"{played.script.bureau}/{tcn}"
        assert tcn in people["center"].get("/center")
        answer = {"status": "REMOVABLE_SUSPECTED", "confidence": "low", "source": "file", "reliability": "low"}
        people["center"].act(f"/center/{there}/answer", **answer)
        assert tcn in people["office"].get("/office")
        people["office"].act(f"/office/{there}/decide", choice="NO_ACTION", reason="no ground")
        left = {"why": "bond_posted", "document": "receipt 9"}
        people["jail"].act(f"/jail/{there}/release-eligible", **left)
        assert tcn in people["jail"].get("/jail").split("Held, until")[0]
        people["jail"].act(f"/jail/{there}/release", how="RELEASED")
        people["supervisor"].get("/supervisor")
        assert tcn in people["bureau"].get("/bureau")
        trail = people["audit"].get(f"/audit/{there}").split("Who looked at this person")[1]
        for stop in told.values():
            assert f"{stop.who} ({stop.role})" in trail or stop.page in {"supervisor", "bureau", "audit", "booking"}
