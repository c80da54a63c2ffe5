"""I13: the operator's manual: its commands as printed, one after the other; its units as systemd reads them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tenprint.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "operate.md").read_text("utf-8")


def test_the_commands_of_the_manual_work_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told: dict[str, str] = {}
    lines = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines() if line]
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[0] == "mkdir":
            for name in words[1:]:
                Path(name).mkdir()
        elif words[0] == "rm":
            for name in tmp_path.glob(f"{words[1]}*"):
                name.unlink()
        else:
            monkeypatch.setattr(sys, "argv", words)
            ended = 0
            try:
                app.main()
            except SystemExit as stop:
                ended = int(stop.code or 0)
            said = capsys.readouterr()
            assert ended == 0, f"{line}\nexit code {ended}\n{said.out}{said.err}"
            told.setdefault(" ".join(words[1:3]), said.out)
    assert "Key of scan-1, once: scan-1." in told["door key"]
    assert "scan-1: has a key" in told["door list"], "before the fire"
    assert "verif" in told["ledger restore"].lower()
    assert len(told) >= 8


def test_every_metric_that_the_manual_names_is_made() -> None:
    code = (ROOT / "src" / "tenprint" / "doors" / "running.py").read_text("utf-8")
    named = set(re.findall(r"`tenprint_(\w+)`", PAGE)) | set(re.findall(r", `tenprint_(\w+)`", PAGE))
    assert len(named) >= 6
    assert not [name for name in named if f'"{name}"' not in code]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("unit", sorted(p.name for p in (ROOT / "deploy").glob("tenprint*")))
def test_systemd_reads_the_units(unit: str, tmp_path: Path) -> None:
    for file in (ROOT / "deploy").glob("tenprint*"):
        text = file.read_text("utf-8").replace("/opt/tenprint/bin/tenprint", "/bin/true")
        (tmp_path / file.name).write_text(re.sub(r"^(User|Group)=.*\n", "", text, flags=re.MULTILINE))
    words = ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    about = [line for line in ran.stderr.splitlines() if "tenprint" in line]
    assert not about, "\n".join(about)


def test_what_could_not_be_started_says_so() -> None:
    for name in ("Containerfile", "compose.yaml", "Caddyfile"):
        assert (ROOT / "deploy" / name).read_text("utf-8").startswith("# UNTESTED")
        assert f"`deploy/{name}`" in PAGE.split("**Untested**")[1].split("## First day")[0]
