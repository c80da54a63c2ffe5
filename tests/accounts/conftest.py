"""Commands as somebody types them, on an exchange of the test's own, with a home of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exchange.people import extract

from tenprint import finger
from tenprint.cli import app


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the exchange is kept."""
    return tmp_path / "x.db"


@pytest.fixture
def run(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs one command and gives its output; an unexpected exit code fails the test."""
    monkeypatch.setattr(finger, "extract", extract)
    monkeypatch.setenv("TENPRINT_DB", str(db))
    monkeypatch.setenv("TENPRINT_AS", "ada")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

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
