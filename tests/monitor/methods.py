"""The commands of the methods, run as a user would, and small tables for them."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tenprint.cli import monitor_methods
from tenprint.cli.common import Refused

LABELS = "self-reported at booking, Example County jail"


def run(*words: object) -> str:
    """What the command printed; a refusal is raised as the user would see it."""
    ended = CliRunner().invoke(monitor_methods.app, [str(word) for word in words])
    if isinstance(ended.exception, Refused):
        raise ended.exception
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def written(path: Path, *lines: str) -> Path:
    """A file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
