"""The commands of the how-to about the quarterly review, as printed, one after the other, on a synthetic country."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from string import Template

import pytest
from tests.cli.test_howto_exchange import lines_of

from tenprint.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "quarterly-review.md"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every command of the page said, by its line; the folder is under `folder`."""
    folder = tmp_path_factory.mktemp("review")
    said: dict[str, str] = {"folder": str(folder)}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        variables: dict[str, str] = {}
        for line, code in lines_of(PAGE.read_text("utf-8")):
            words = shlex.split(Template(line).safe_substitute(variables), comments=True)
            if words[0] == "export":
                variables |= dict(word.split("=", 1) for word in words[1:])
                for name, value in variables.items():
                    patch.setenv(name, value)
                continue
            said[line] = said.get(line, "") + _typed(patch, words, line, code)
    return said


def _typed(patch: pytest.MonkeyPatch, words: list[str], line: str, code: int) -> str:
    import contextlib
    import io

    patch.setattr(sys, "argv", words)
    out, ended = io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            app.main()
        except SystemExit as stop:
            ended = int(stop.code or 0)
    if ended != code:
        pytest.fail(f"{line}\nexit code {ended}\n{out.getvalue()}")
    return out.getvalue()


def said(told: dict[str, str], start: str) -> str:
    return next(text for line, text in told.items() if line.startswith(start))


def test_the_page_works_as_printed(told: dict[str, str]) -> None:
    assert len(told) >= 30
    assert "registered 2011-03-15 23:59 UTC" in said(told, "tenprint monitor register")
    run = said(told, "tenprint monitor run")
    assert "The rule was registered at 2011-03-15 23:59 UTC, in time." in run
    assert "2011Q2/low-level-bookings/funnel/99" in run
    assert "complaints received not known, claims by victims not known" in run
    opened = said(told, "tenprint monitor open")
    assert "Flag 2011Q2/low-level-bookings/funnel/99" in opened
    assert "2011Q2-001: nothing changed; this review opened it before." in opened
    assert "due 2012-01-01" in said(told, "tenprint monitor case list")


def test_the_case_tells_its_whole_story(told: dict[str, str]) -> None:
    shown = said(told, "tenprint monitor case show")
    for part in ("Hypothesis 1", "in-depth review", "Evidence 1", "practice found", "Department of Justice",
                 "letter of 2 December", "For the public", "Closed after 63 days"):  # fmt: skip
        assert part in shown
    assert "before somebody has written what was found" in said(told, "tenprint monitor close 2011Q2-002 --reason")


def test_the_watch_and_the_publication_are_loud(told: dict[str, str]) -> None:
    watched = said(told, "tenprint watch")
    assert "noted now: flag 2011Q2-004: past due: finding 1 was due by 2012-01-01" in watched
    assert "none is past due in silence" in watched
    assert "CLOSED WITHOUT A WRITTEN FINDING: 2011Q2-003" in said(told, "tenprint monitor publish")
    folder = Path(told["folder"]) / "dispositions"
    public = json.loads((folder / "flags.json").read_text("utf-8"))
    endings = {f["number"]: f["ending"] for f in public["flags"]}
    assert endings["2011Q2-001"] == "closed"
    assert endings["2011Q2-002"] == "open", "taken up again, with a deadline of its own"
    assert endings["2011Q2-003"] == "closed_without_finding"
    assert endings["2011Q2-004"] == "overdue"
    assert public["reviews"][0]["rule_registered_at"].startswith("2011-03-15")
    html = (folder / "flags.html").read_text("utf-8")
    assert html.index("What was not answered in time") < html.index("Endings")
    assert "closed: practice found" in said(told, "tenprint figures compute findings")
    for name in ("rita", "sue", "audrey"):
        assert name not in html
        assert name not in (folder / "flags.json").read_text("utf-8")


def test_the_report_is_there_for_people_and_programs(told: dict[str, str]) -> None:
    folder = Path(told["folder"]) / "review"
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Nothing shows that the rule" not in (folder / "report.html").read_text("utf-8")
    assert json.loads((folder / "review.json").read_text("utf-8"))["quarter"] == "2011Q2"
