from __future__ import annotations

import runpy
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "bench" / "finger_fuzz.py"


def test_a_few_hundred_damaged_inputs_crash_nothing(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "400"])
    code = runpy.run_path(str(SCRIPT))["main"]()
    said = capsys.readouterr()
    assert code == 0, said.err
    assert " 0 crashes" in said.out
