"""The handbook says what the tests say, and names a test for every failure mode or says honestly that there is none."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "handbook" / "failure-modes.md"
ROW = re.compile(r"^\| (F\d+) \|(.*)\|$", re.MULTILINE)


def test_pages_are_what_the_spec_tests_say() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "handbook_cases.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_failure_mode_has_a_row() -> None:
    rows = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))
    assert list(rows) == [f"F{n}" for n in range(1, 29)]


def test_every_row_names_a_test_that_exists_or_says_what_is_missing() -> None:
    for mode, row in ROW.findall(PAGE.read_text(encoding="utf-8")):
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert named or "Not yet" in row, f"{mode} names neither a test nor what is missing"
        for path, name in named:
            text = (ROOT / path).read_text(encoding="utf-8")
            assert re.search(rf"^(def|class) {name}\b|^{name} =", text, re.MULTILINE), f"{mode}: {path} has no {name}"


def test_words_about_prevention_are_one_of_three() -> None:
    for mode, row in ROW.findall(PAGE.read_text(encoding="utf-8")):
        cells = [c.strip() for c in row.split("|")]
        assert cells[1] in {"prevented", "revealed", "prevented and revealed", "not yet"}, mode
