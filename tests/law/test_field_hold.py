"""May I hold, and is the form in force: questions asked at the command (findings L1, L2, L3, L25, L28)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tenprint import law
from tenprint.cli.common import Refused
from tenprint.cli.law import app
from tenprint.law.places import HoldRow, place_rows


def run(*arguments: str) -> str:
    told = CliRunner().invoke(app, list(arguments))
    if isinstance(told.exception, Refused):
        raise told.exception
    assert told.exit_code == 0, told.output
    return told.output


def ask(county: str, on: str, form: str = "I-247A", *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("may-hold", "--county", county, "--form", form, "--on", on, *more, "--json"))
    return found


SAN_DIEGO, BOSTON, AUSTIN, COOK, LARAMIE = "06073", "25025", "48453", "17031", "56021"

PLACES = [
    (SAN_DIEGO, "2012-12-03", "I-247 (12/11)", "NOBODY_LOOKED"),
    (SAN_DIEGO, "2012-12-05", "I-247 (12/11)", "MAY_HOLD"),
    (SAN_DIEGO, "2013-12-31", "I-247 (12/12)", "MAY_HOLD"),
    (SAN_DIEGO, "2014-01-01", "I-247 (12/12)", "MAY_HOLD_IF"),
    (SAN_DIEGO, "2017-12-31", "I-247A", "MAY_HOLD_IF"),
    (SAN_DIEGO, "2018-01-01", "I-247A", "MAY_NOT_HOLD"),
    (BOSTON, "2015-07-16", "I-247D", "NOBODY_LOOKED"),
    (BOSTON, "2015-07-17", "I-247D", "MAY_HOLD_IF"),
    (BOSTON, "2017-07-23", "I-247A", "MAY_HOLD_IF"),
    (BOSTON, "2017-07-24", "I-247A", "MAY_NOT_HOLD"),
    (AUSTIN, "2017-05-08", "I-247A", "MAY_HOLD_IF"),
    (AUSTIN, "2017-08-29", "I-247A", "MAY_HOLD_IF"),
    (AUSTIN, "2017-09-01", "I-247A", "MAY_HOLD_IF"),
    (AUSTIN, "2017-09-24", "I-247A", "MAY_HOLD_IF"),
    (AUSTIN, "2017-09-25", "I-247A", "MUST_HONOR"),
    (AUSTIN, "2018-03-01", "I-247A", "MUST_HONOR"),
    ("48201", "2017-09-01", "I-247A", "NOBODY_LOOKED"),
    ("48201", "2017-08-31", "I-247A", "NOBODY_LOOKED"),
    (COOK, "2011-09-06", "I-247 (6/11)", "NOBODY_LOOKED"),
    (COOK, "2011-09-07", "I-247 (6/11)", "MAY_HOLD_IF"),
    (COOK, "2017-08-28", "I-247A", "MAY_NOT_HOLD"),
    ("17097", "2016-10-15", "I-247D", "MAY_HOLD_IF"),
    ("41051", "2014-04-10", "I-247 (12/12)", "NOBODY_LOOKED"),
    ("41039", "2014-04-11", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("41051", "2014-04-17", "I-247 (12/12)", "MAY_NOT_HOLD"),
    ("41039", "2021-07-19", "I-247A", "MAY_NOT_HOLD"),
    ("42077", "2014-03-03", "I-247 (12/12)", "NOBODY_LOOKED"),
    ("42003", "2014-03-04", "I-247 (12/12)", "MAY_HOLD"),
    ("36103", "2016-12-01", "I-247D", "MAY_NOT_HOLD"),
    ("36103", "2017-12-01", "I-247A", "MUST_HONOR"),
    ("36103", "2018-11-14", "I-247A", "MAY_NOT_HOLD"),
    ("36061", "2015-01-05", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("34017", "2019-03-14", "I-247A", "MAY_HOLD"),
    ("34017", "2019-03-15", "I-247A", "MAY_HOLD_IF"),
    ("53033", "2019-05-21", "I-247A", "MAY_NOT_HOLD"),
    ("09001", "2014-01-01", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("09001", "2019-10-01", "I-247A", "MAY_HOLD_IF"),
    ("12057", "2019-06-30", "I-247A", "NOBODY_LOOKED"),
    ("12057", "2019-07-01", "I-247A", "MUST_HONOR"),
    ("37119", "2024-11-30", "I-247A", "NOBODY_LOOKED"),
    ("37119", "2024-12-01", "I-247A", "MUST_HONOR"),
    ("08031", "2019-05-28", "I-247A", "MAY_NOT_HOLD"),
    ("19153", "2018-07-01", "I-247A", "MUST_HONOR"),
    ("33011", "2025-12-31", "I-247A", "MAY_HOLD_IF"),
    ("33011", "2026-01-01", "I-247A", "MAY_HOLD_IF"),
    ("27123", "2025-02-06", "I-247A", "MAY_NOT_HOLD"),
    ("40109", "2021-10-31", "I-247A", "NOBODY_LOOKED"),
    ("40109", "2021-11-01", "I-247A", "MUST_HONOR"),
    ("42101", "2014-04-15", "I-247 (12/12)", "MAY_HOLD"),
    ("42101", "2014-04-16", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("12086", "2017-01-25", "I-247D", "MAY_HOLD_IF"),
    ("12086", "2017-01-26", "I-247D", "MUST_HONOR"),
    ("06075", "2014-05-29", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("22033", "2024-05-27", "I-247A", "NOBODY_LOOKED"),
    ("22033", "2024-05-28", "I-247A", "MUST_HONOR"),
    ("24033", "2014-09-30", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("44007", "2014-08-14", "I-247 (12/12)", "MAY_HOLD_IF"),
    ("32003", "2019-10-23", "I-247A", "MAY_NOT_HOLD"),
    ("05119", "2020-01-01", "I-247A", "MAY_HOLD"),
    (LARAMIE, "2018-03-01", "I-247A", "NOBODY_LOOKED"),
    (LARAMIE, "2026-01-01", "I-247A", "NOBODY_LOOKED"),
]  # fmt: skip


@pytest.mark.parametrize(("county", "on", "form", "answer"), PLACES)
def test_l01_the_law_of_a_door(county: str, on: str, form: str, answer: str) -> None:
    found = ask(county, on, form)
    assert found["answer"] == answer
    assert bool(found["rests_on"]) is (answer != "NOBODY_LOOKED")
    if answer == "MAY_HOLD_IF":
        assert found["conditions"]


@pytest.mark.parametrize("form", ["I-247N", "I-247X", "I-247G"])
@pytest.mark.parametrize("county", [AUSTIN, BOSTON, LARAMIE])
def test_l01_a_form_that_asks_for_no_hold(county: str, form: str) -> None:
    assert ask(county, "2019-03-01", form)["answer"] == "MAY_NOT_HOLD"


@pytest.mark.parametrize(
    ("county", "on", "notify"),
    [
        (SAN_DIEGO, "2018-01-01", "MAY_NOTIFY"),
        (COOK, "2012-01-01", "MAY_NOT_NOTIFY"),
        (AUSTIN, "2018-03-01", "MUST_NOTIFY"),
        ("41051", "2021-07-19", "MAY_NOT_NOTIFY"),
        (BOSTON, "2018-03-01", "NOBODY_LOOKED"),
        (LARAMIE, "2025-04-01", "NOBODY_LOOKED"),
    ],
)
def test_l01_notice_stands_apart(county: str, on: str, notify: str) -> None:
    assert ask(county, on)["notify"] == notify


def test_l01_a_national_row_makes_no_place_looked_at() -> None:
    found = ask(LARAMIE, "2025-04-01")
    assert (found["answer"], found["rows"]) == ("NOBODY_LOOKED", [])
    assert {row["id"] for row in found["national"]} == {"DETAINER-REGULATION", "GONZALEZ-2025"}


def test_l01_a_statute_does_not_command_over_a_constitution() -> None:
    found = ask("33011", "2026-01-01")
    assert (found["answer"], found["rests_on"]) == ("MAY_HOLD_IF", ["MORALES"])
    assert any("NH-511 (state statute) says MUST_HONOR; MORALES" in conflict for conflict in found["conflicts"])


def test_l01_a_higher_level_commands_and_the_conflict_is_shown() -> None:
    command = _row("STATE", "state", ("TX",), "state statute", "MUST_HONOR")
    for level, answer in (
        ("county ordinance", "MUST_HONOR"),
        ("state constitution or court", "MAY_NOT_HOLD"),
        ("state statute", "MAY_NOT_HOLD"),
    ):
        limit = _row("LIMIT", "county", (AUSTIN,), level, "MAY_NOT_HOLD")
        found = law.may_hold(law.place_of(AUSTIN), "I-247A", on=date(2018, 1, 1), rows=(command, limit))
        assert found.answer == answer
        assert found.conflicts == (f"STATE (state statute) says MUST_HONOR; LIMIT ({level}) says MAY_NOT_HOLD",)


def _row(name: str, kind: Any, codes: tuple[str, ...], level: str, hold: Any) -> HoldRow:
    return HoldRow(
        id=name, kind=kind, codes=codes, level=level, title=name, in_force_from=date(2017, 1, 1), source="for a test",
        pinpoint="all", standing="unverified", says="for a test", hold=hold,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("county", "on", "facts", "answer"),
    [
        (COOK, "2012-01-01", {"cost_agreement": True}, "MAY_HOLD"),
        (COOK, "2012-01-01", {"cost_agreement": False}, "MAY_NOT_HOLD"),
        ("36061", "2015-01-05", {"judicial_warrant": True}, "MAY_HOLD_IF"),
        ("36061", "2015-01-05", {"judicial_warrant": False}, "MAY_NOT_HOLD"),
        (AUSTIN, "2018-03-01", {"proof_of_lawful_status": True}, "MAY_HOLD"),
        ("17097", "2016-10-15", {"immigration_warrant": "none"}, "MAY_NOT_HOLD"),
        ("17097", "2016-10-15", {"immigration_warrant": "I-200"}, "MAY_HOLD"),
        (BOSTON, "2018-03-01", {"judicial_warrant": True}, "MAY_NOT_HOLD"),
    ],
)
def test_l01_facts_settle_conditions(tmp_path: Path, county: str, on: str, facts: dict[str, Any], answer: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts))
    assert ask(county, on, "I-247A", "--facts", str(path))["answer"] == answer


def test_l01_a_facility_of_the_registry_has_its_county() -> None:
    found = json.loads(run("may-hold", "--facility", "ALSYN0010", "--form", "I-247A", "--on", "2018-03-01", "--json"))
    assert (found["place"]["county"], found["place"]["state"], found["answer"]) == ("01001", "AL", "NOBODY_LOOKED")
    text = run("may-hold", "--county", AUSTIN, "--form", "I-247A", "--on", "2017-09-10")
    assert "does not bind on this day: Enjoined by the Western District of Texas" in text
    assert "MAY_HOLD_IF" in text


def test_l01_what_could_be_known() -> None:
    assert ask(BOSTON, "2017-07-24", "I-247A", "--known-on", "2017-07-01")["answer"] == "MAY_HOLD_IF"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--form", "I-247A", "--on", "2018-01-01"], "say where"),
        (["--county", "6073", "--form", "I-247A", "--on", "2018-01-01"], "five digits"),
        (["--county", "99073", "--form", "I-247A", "--on", "2018-01-01"], "no state has the code"),
        (["--state", "California", "--form", "I-247A", "--on", "2018-01-01"], "postal code"),
        (["--facility", "NOWHERE00", "--form", "I-247A", "--on", "2018-01-01"], "no agency has the ORI"),
        (["--county", "06073", "--form", "I-247Z", "--on", "2018-01-01"], "there is no form"),
        (["--county", "06073", "--form", "I-247A", "--on", "yesterday"], "expected a date"),
    ],
)
def test_l01_refusals(arguments: list[str], message: str) -> None:
    with pytest.raises(Refused, match=message):
        run("may-hold", *arguments)


def test_l01_every_row_says_where_it_is_from() -> None:
    for row in place_rows():
        assert row.source
        assert row.pinpoint
        assert row.says
        assert (row.read is None) is (row.standing == "unverified"), row.id
        assert row.standing != "unverified" or row.doubt, row.id


def test_l02_the_settlement_of_2025_has_its_forms_and_days(tmp_path: Path) -> None:
    assert not {"I-247G", "I-247B"} & set(law.forms(date(2025, 3, 3)))
    assert {"I-247G", "I-247A"} <= set(law.forms(date(2025, 3, 4)))
    path = tmp_path / "facts.json"
    known = {
        "in_custody": True, "arrested_by_lea": True, "probable_cause": True, "immigration_warrant": "I-200",
        "charges": [{"grade": "misdemeanor"}], "convictions": [], "inadmissible": False,
    }  # fmt: skip
    for facts, on, permitted in (
        ({**known, "settlement_office": True}, "2025-03-03", True),
        ({**known, "settlement_office": True}, "2025-03-04", False),
        ({**known, "settlement_office": True, "neutral_review": True}, "2025-03-04", True),
        (known, "2025-03-04", True),
    ):
        path.write_text(json.dumps(facts))
        answer = json.loads(run("evaluate", str(path), "--on", on, "--json"))
        assert ("DETAINER" in answer["permitted"]) is permitted
        asked = any("Gonzalez" in doubt for doubt in answer["doubts"])
        assert asked is ("settlement_office" not in facts and on == "2025-03-04")


@pytest.mark.parametrize(
    ("row", "county", "first", "last"),
    [
        ("GALARZA", "42077", "2014-03-04", None),
        ("MIRANDA", "41005", "2014-04-11", None),
        ("MORALES", "44007", "2015-07-17", None),
        ("MORENO", COOK, "2016-09-30", None),
        ("GONZALEZ-2020", "06037", "2020-02-05", "2020-09-11"),
    ],
)
def test_l03_courts_have_place_and_days(row: str, county: str, first: str, last: str | None) -> None:
    from datetime import timedelta

    def seen(day: date) -> bool:
        return row in {said["id"] for said in ask(county, day.isoformat())["rows"]}

    start = date.fromisoformat(first)
    assert (seen(start - timedelta(days=1)), seen(start)) == (False, True)
    if last is not None:
        end = date.fromisoformat(last)
        assert (seen(end - timedelta(days=1)), seen(end)) == (True, False)
    assert row not in {said["id"] for said in ask(LARAMIE, first)["rows"]}


def test_l03_a_court_shows_with_the_federal_answer(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"in_custody": True, "reason_to_believe": True, "charges": [], "convictions": []}))
    after = json.loads(run("evaluate", str(path), "--on", "2016-10-15", "--json"))
    before = json.loads(run("evaluate", str(path), "--on", "2016-09-29", "--json"))
    assert any("Jimenez Moreno" in doubt for doubt in after["doubts"])
    assert not any("Jimenez Moreno" in doubt for doubt in before["doubts"])


DEADLINE = ["deadline", "--form", "I-247A", "--released", "2025-02-14T17:00", "--zone", "America/Chicago"]


@pytest.mark.parametrize(
    ("more", "answer", "why"),
    [
        ([], "unknown", "takes effect only then"),
        (["--served", "2025-02-13T09:00"], "unknown", "--warrant"),
        (["--served", "2025-02-13T09:00", "--warrant", "I-200"], "yes", "It was served"),
        (["--served", "no"], "no", "was not served"),
        (["--served", "2025-02-16T17:00", "--warrant", "I-200"], "no", "after the limit"),
        (["--served", "2025-02-13T09:00", "--warrant", "none"], "no", "o warrant on Form"),
    ],
)
def test_l25_in_force_comes_before_until_when(more: list[str], answer: str, why: str) -> None:
    found = json.loads(run(*DEADLINE, *more, "--json"))
    assert (found["in_force"], found["deadline"]) == (answer, "2025-02-16T17:00:00-06:00")
    assert why in found["why"]
    assert "It is a request" in found["why"]
    text = run(*DEADLINE, *more)
    assert text.index(f"in force: {answer}") < text.index("deadline:")


def test_l25_a_form_that_asks_for_no_hold_is_not_in_force_for_one() -> None:
    found = json.loads(run("deadline", "--form", "I-247N", "--released", "2016-02-14T17:00", "--zone", "UTC", "--json"))
    assert (found["in_force"], found["deadline"]) == ("no", None)


def test_l28_the_page_explains_a_deadline_that_falls() -> None:
    def end(released: str) -> str:
        asked = ["deadline", "--form", "I-247A", "--zone", "America/New_York", "--released", released]
        found: str = json.loads(run(*asked, "--json"))["deadline"]
        return found

    assert end("2013-03-08T01:45") > end("2013-03-08T02:00")
    page = (Path(__file__).parents[2] / "docs/explanation/law.md").read_text(encoding="utf-8")
    assert "2013-03-08T01:45" in page
    assert "2013-03-08T02:00" in page
