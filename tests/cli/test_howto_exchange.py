"""The commands of the how-to about desks, as printed, one after the other, on real synthetic fingers."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from string import Template

import pytest

from tenprint.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "exchange-desks.md"


def lines_of(page: str) -> list[tuple[str, int]]:
    """Every line of every ``sh`` block, with the exit code that its comment announces."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", page, re.S) for line in block.splitlines() if line]
    return [(line, int(m.group(1)) if (m := re.search(r"# exit code (\d)", line)) else 0) for line in lines]


def test_the_page_works_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENPRINT_THREADS", "1")
    variables: dict[str, str] = {}
    told: dict[str, str] = {}
    steps = lines_of(PAGE.read_text("utf-8"))
    for line, code in steps:
        words = shlex.split(Template(line).substitute(variables), comments=True)
        if words[0] == "export":
            variables |= dict(word.split("=", 1) for word in words[1:])
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            continue
        monkeypatch.setattr(sys, "argv", words)
        ended = 0
        try:
            app.main()
        except SystemExit as stop:
            ended = int(stop.code or 0)
        said = capsys.readouterr()
        assert ended == code, f"{line}\nexit code {ended}\n{said.out}{said.err}"
        assert said.err == "", f"{line}\n{said.err}"
        told[line.split(" $TCN")[0]] = said.out
    assert len(told) >= 20
    assert variables["TCN"] in told[next(line for line in told if line.startswith("tenprint submit"))]
    assert "match, N00000001" in told[next(line for line in told if line.startswith("tenprint submit"))]
    assert "Wed 2013-02-20 15:00 CST" in told["tenprint jail release-eligible"]
    assert "held-past-deadline" in told["tenprint watch --at 2013-02-20T21:01  # exit code 1"]
    assert "0 incidents open" in told["tenprint watch --at 2013-02-20T22:00"]
    assert told["tenprint holds"] == "Nobody is in a facility past a release moment.\n"
