"""I13: the first ten minutes: the Tab key completes, and a word that is no command is told with what was meant."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tenprint.cli.app import COMMANDS, GROUPS, app, meant_by
from tenprint.cli.completion import SCRIPTS, candidates


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ([""], [*COMMANDS, *GROUPS]), (["su"], ["submit"]), (["jail", "rel"], ["release-eligible", "release"]),
        (["jail", "release", "--sec"], ["--second"]), (["submit", "--jo"], ["--jobs"]), (["jail", "zz"], []),
        (["--ver"], ["--version"]), (["status", "X", "--d"], ["--db"]), (["no", "such", "word"], []),
    ],
)  # fmt: skip
def test_the_tab_key_completes_what_is_begun(typed: list[str], expected: list[str]) -> None:
    assert sorted(candidates(typed)) == sorted(expected)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
def test_bash_completes_by_the_script_as_printed() -> None:
    script = CliRunner().invoke(app, ["completion", "bash"]).stdout
    main = f"tenprint() {{ {sys.executable} -c 'from tenprint.cli.app import main; main()' \"$@\"; }}"
    asked = "COMP_WORDS=(tenprint jail rel); COMP_CWORD=2; _tenprint tenprint; echo ${COMPREPLY[@]}"
    ran = subprocess.run(["bash", "-c", f"{main}\n{script}\n{asked}"], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) == {"release-eligible", "release"}


def test_every_shell_has_its_script() -> None:
    for shell in SCRIPTS:
        told = CliRunner().invoke(app, ["completion", shell])
        assert told.exit_code == 0
        assert "tenprint" in told.stdout
        assert "--words" in told.stdout
    assert CliRunner().invoke(app, ["completion", "cmd.exe"]).exit_code == 2


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("sumbit", "tenprint submit"), ("wacth", "tenprint watch"), ("Jail", "tenprint jail"),
        ("honor", "tenprint jail honor"), ("deadline", "tenprint law deadline"), ("panel", "tenprint figures panel"),
        ("roundtrp", "tenprint card roundtrip"),
    ],
)  # fmt: skip
def test_a_word_that_is_no_command_is_told_with_what_was_meant(word: str, meant: str) -> None:
    told = CliRunner().invoke(app, [word])
    assert told.exit_code == 2
    assert f"Did you mean: {meant}" in told.stderr


def test_a_word_like_nothing_is_told_where_all_are() -> None:
    told = CliRunner().invoke(app, ["xyzzy"])
    assert told.exit_code == 2
    assert "Did you mean" not in told.stderr
    assert "tenprint --help" in told.stderr
    assert meant_by("xyzzy") == []
