"""The commands of the quarterly review as somebody types them: warnings, refusals, JSON, exit codes."""

from __future__ import annotations

import contextlib
import json
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.monitor.handmade import review as handmade

from tenprint.cli import app
from tenprint.cli.monitor import _standing
from tenprint.exchange.findings import RegisteredRule
from tenprint.monitor import Review, find_rule
from tenprint.monitor.report import data

Run = Callable[..., str]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small synthetic country."""
    folder = tmp_path_factory.mktemp("nation") / "facts"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["tenprint", "monitor", "example", "--out", str(folder), "--counties", "12"])
        with contextlib.suppress(SystemExit):
            app.main()
    assert (folder / "manifest.json").is_file()
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in this process and gives its output; an unexpected exit code fails the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TENPRINT_DB", raising=False)
    monkeypatch.setenv("TENPRINT_AS", "rita")

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
        return told.out + told.err

    return call


@pytest.fixture
def exchange(run: Run) -> Run:
    """A simulated exchange whose quarter has ended, with people who may answer."""
    run("init", "--db", "x.db", "--as", "ada", "--simulated-from", "2013-01-02")
    for name, role in {"rita": "rights", "sue": "supervisor", "oscar": "office"}.items():
        run("principal", "add", "--name", name, "--role", role, "--agency", "CRCL", "--db", "x.db", "--as", "ada")
    return run


def reviewed(folder: Path, **changed: Any) -> Path:
    """A review as a file, with flags that its tables mark."""
    found = handmade(20)
    marked = {(f.metric, f.test, f.unit) for f in found.flags}
    metrics = tuple(
        msgspec.structs.replace(
            m,
            readings=tuple(_marked(line, (m.name, "funnel", line.unit) in marked) for line in m.readings),
            agencies=tuple(_marked(line, (m.name, "funnel", line.unit) in marked) for line in m.agencies),
            changes=tuple(_marked(line, (m.name, "change", line.unit) in marked) for line in m.changes),
        )
        for m in found.metrics
    )
    file = folder / "review.json"
    file.write_bytes(data(msgspec.structs.replace(found, metrics=metrics, **changed)))
    return file


def _marked(line: Any, flagged: bool) -> Any:
    return msgspec.structs.replace(line, flagged=flagged)


# -- run ---------------------------------------------------------------------------------------------------------------


def test_run_works_alone_and_says_that_its_rule_was_not_registered(run: Run, facts: Path, tmp_path: Path) -> None:
    Path("elsewhere.csv").write_text("fips,year,noncit_pop,moe\n48453,2011,10,1\n")
    told = run("monitor", "run", "--facts", facts, "--quarter", "2011Q2", "--out", tmp_path / "out",
               "--census", "elsewhere.csv")  # fmt: skip
    assert "WARNING: Nothing shows that the rule quarterly-review@" in told
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"review.json", "report.html", "report.pdf"}
    found = msgspec.json.decode((tmp_path / "out" / "review.json").read_bytes(), type=Review)
    assert (found.quarter, found.registered_at) == ("2011Q2", None)
    assert "elsewhere.csv names none of the counties reviewed." in found.notes
    assert "Nothing shows that the rule" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_rule_that_was_registered_late_is_said_so_in_the_report(run: Run, facts: Path, tmp_path: Path) -> None:
    run("init", "--db", "x.db", "--as", "ada", "--simulated-from", "2011-08-01")
    run("principal", "add", "--name", "rita", "--role", "rights", "--agency", "C", "--db", "x.db", "--as", "ada")
    registered = json.loads(run("monitor", "register", "--db", "x.db", "--json"))
    again = json.loads(run("monitor", "register", "--db", "x.db", "--json"))
    assert (registered["new"], again["new"]) == (True, False)
    assert json.loads(run("monitor", "rule", "--json"))["rule"] == registered["rule"]
    told = json.loads(run("monitor", "run", "--facts", facts, "--quarter", "2011Q2", "--out", tmp_path / "out",
                          "--db", "x.db", "--json"))  # fmt: skip
    assert "after the quarter had ended" in told["warning"]
    assert told["registered_at"].startswith("2011-08-01")
    found = msgspec.json.decode((tmp_path / "out" / "review.json").read_bytes(), type=Review)
    assert found.notes[0] == told["warning"]


def test_when_a_rule_counts_as_registered_in_time() -> None:
    found = msgspec.structs.replace(handmade(12), quarter="2011Q2", as_of=datetime(2011, 9, 30, tzinfo=UTC))

    def standing(moment: datetime) -> str:
        rule = RegisteredRule(rule=found.rule, sha256="", text="", registered_at=moment, by="rita", seq=1)
        return _standing(rule, found)

    assert standing(datetime(2011, 6, 30, 23, 59, tzinfo=UTC)) == ""
    assert "after the quarter had ended" in standing(datetime(2011, 7, 1, tzinfo=UTC))
    assert "after the moment as of which" in standing(found.as_of + timedelta(seconds=1))
    assert "Nothing shows" in _standing(None, found)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--quarter", "2011-2"), "expected a calendar quarter such as 2011Q2"),
        (("--quarter", "2011Q2", "--rule", "nothing"), "no rule 'nothing'"),
        (("--quarter", "2011Q2", "--as-of", "2011-05-01"), "had not ended"),
        (("--quarter", "2011Q2", "--origin", "ledger"), "ledger"),
        (("--quarter", "2011Q2", "--census", "absent.csv"), "absent.csv: no such file"),
        (("--quarter", "2011Q2", "--db", "absent.db"), "absent.db"),
    ],
)
def test_what_cannot_be_reviewed_is_said(run: Run, facts: Path, options: tuple[str, ...], said: str) -> None:
    assert said in run("monitor", "run", "--facts", facts, "--out", "out", *options, code=2)
    assert not Path("out").exists()


def test_a_missing_extra_says_what_to_install(run: Run, facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tenprint import monitor

    for module in ("report", "paper"):
        monkeypatch.delitem(sys.modules, f"tenprint.monitor.{module}")
        monkeypatch.delattr(monitor, module)
    monkeypatch.setitem(sys.modules, "typst", None)
    told = run("monitor", "run", "--facts", facts, "--quarter", "2011Q2", "--out", "out", code=2)
    assert "typst is missing" in told
    assert "pip install 'tenprint[statistics,pictures,paper,web]'" in told


# -- open --------------------------------------------------------------------------------------------------------------


def test_every_flag_is_opened_once(exchange: Run, tmp_path: Path) -> None:
    file = reviewed(tmp_path)
    flags = len(json.loads(file.read_bytes())["flags"])
    assert flags >= 2
    done = json.loads(exchange("monitor", "open", file, "--owner", "rita", "--db", "x.db", "--json"))
    assert [d["events"][0]["kind"] for d in done] == ["finding.opened"] * flags
    again = json.loads(exchange("monitor", "open", file, "--owner", "rita", "--db", "x.db", "--json"))
    assert [(d["number"], d["events"]) for d in again] == [(d["number"], []) for d in done]
    rows = json.loads(exchange("monitor", "case", "list", "--db", "x.db", "--json"))
    assert [r["number"] for r in rows] == [d["number"] for d in done]
    assert {r["owner"] for r in rows} == {"rita"}


def test_a_review_from_which_a_flag_was_taken_is_refused(exchange: Run, tmp_path: Path) -> None:
    file = reviewed(tmp_path)
    changed = json.loads(file.read_bytes())
    del changed["flags"][0]
    file.write_text(json.dumps(changed))
    assert "it was changed" in exchange("monitor", "open", file, "--owner", "rita", "--db", "x.db", code=2)
    assert exchange("monitor", "case", "list", "--db", "x.db") == "No flags.\n"


def test_what_is_no_review_is_refused(exchange: Run, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"quarter": "2011Q2"}')
    told = exchange("monitor", "open", "other.json", "--owner", "rita", "--db", "x.db", code=2)
    assert "expected the review.json of `tenprint monitor run`" in told
    assert "no such file" in exchange("monitor", "open", "none.json", "--owner", "rita", "--db", "x.db", code=2)


def test_a_quiet_quarter_is_recorded(exchange: Run, tmp_path: Path) -> None:
    found = msgspec.json.decode(reviewed(tmp_path).read_bytes(), type=Review)
    quiet = msgspec.structs.replace(found, flags=(), metrics=())
    (tmp_path / "quiet.json").write_bytes(data(quiet))
    told = exchange("monitor", "open", "quiet.json", "--owner", "rita", "--db", "x.db")
    assert "recorded; the review raised no flag" in told
    exchange("monitor", "publish", "--out", "public", "--db", "x.db")
    public = json.loads((tmp_path / "public" / "flags.json").read_text("utf-8"))
    assert [(r["quarter"], r["flags"]) for r in public["reviews"]] == [(quiet.quarter, 0)]
    assert "none was closed without a written finding" in (tmp_path / "public" / "flags.html").read_text("utf-8")


def test_who_may_not_is_told_who_may(exchange: Run, tmp_path: Path) -> None:
    file = reviewed(tmp_path)
    told = exchange("monitor", "open", file, "--owner", "rita", "--db", "x.db", "--as", "oscar", code=2)
    assert "Open is for rights or auditor" in told
    exchange("monitor", "open", file, "--owner", "rita", "--db", "x.db")
    number = "2012Q4-001"
    refused = exchange("monitor", "close", number, "--reason", "r", "--without-finding", "--db", "x.db", code=2)
    assert "CloseWithoutFinding is for supervisor" in refused
    assert "expected one of finding, closing, referral" in exchange(
        "monitor", "targets", "--set", "hearing=3", "--db", "x.db", code=2
    )


def test_the_page_shows_markup_as_text(exchange: Run, tmp_path: Path) -> None:
    exchange("monitor", "open", reviewed(tmp_path), "--owner", "rita", "--db", "x.db")
    reason = "<script>alert(1)</script>"
    exchange("monitor", "close", "2012Q4-001", "--without-finding", "--reason", reason, "--db", "x.db", "--as", "sue")
    exchange("monitor", "publish", "--out", "public", "--db", "x.db")
    page = (tmp_path / "public" / "flags.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "http" not in page


# -- rule --------------------------------------------------------------------------------------------------------------


def test_a_rule_as_printed_is_a_file_that_can_be_read(run: Run) -> None:
    shipped = find_rule()
    told = run("monitor", "rule")
    assert told == f"# {shipped.id}\n\n{shipped.text}"
    assert tomllib.loads(told) == tomllib.loads(shipped.text)


def test_a_rule_is_written_byte_by_byte_and_over_nothing(run: Run, tmp_path: Path) -> None:
    run("monitor", "rule", "--out", "mine.toml")
    assert (tmp_path / "mine.toml").read_bytes() == find_rule().content
    assert "expected a new file" in run("monitor", "rule", "--out", "mine.toml", "--name", "ours", code=2)
    assert (tmp_path / "mine.toml").read_bytes() == find_rule().content
    assert "ends in .toml" in run("monitor", "rule", "--out", "mine.txt", code=2)


def test_a_copy_under_another_name_differs_in_its_name_alone(run: Run, exchange: Run, tmp_path: Path) -> None:
    told = run("monitor", "rule", "--out", "ours.toml", "--name", "our-review")
    copy = find_rule(str(tmp_path / "ours.toml"))
    assert told == f"ours.toml: {copy.id}\n"
    assert copy.id.startswith("our-review@")
    assert copy.text.replace('name = "our-review"', 'name = "quarterly-review"', 1) == find_rule().text
    assert json.loads(exchange("monitor", "register", "ours.toml", "--db", "x.db", "--json"))["rule"] == copy.id
    for name in ("Our Review", 'a"b', "-x"):
        assert "expected small letters" in run("monitor", "rule", f"--name={name}", code=2)
