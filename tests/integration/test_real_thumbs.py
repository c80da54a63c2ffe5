"""A real card from the command line: its rolled fingers find the plain thumbs of an old encounter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tenprint import itl
from tenprint.finger import threshold
from tenprint.itl import build

TENPRINT = Path(sys.executable).parent / "tenprint"
TCN = "WVTEST000-20240105-000001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("thumbs")


@pytest.fixture(scope="module")
def run(folder: Path):
    def call(*words: str | Path, code: int = 0) -> str:
        environment = {**os.environ, "TENPRINT_DB": str(folder / "x.db"), "TENPRINT_AS": "ada", "COLUMNS": "200"}
        done = subprocess.run(
            [TENPRINT, *map(str, words)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return call


def test_rolled_fingers_find_an_old_encounter_of_two_plain_thumbs(data: Path, folder: Path, run, capsys) -> None:
    card = data / "itl/synthetic/synthetic_car_t4.eft"
    real = itl.read(card)
    thumbs = [
        build.FingerImage(position=i.position, impression=0, wsq=bytes(i.data))
        for i in (r.image() for r in real.of_type(4))
        if i is not None and i.position in {11, 12}
    ]
    old = build.criminal({"NAM": "OLD,ENCOUNTER"}, thumbs, originator="WVTEST000", destination="WVIAFIS0Z")
    (folder / "old.an2").write_bytes(old.to_bytes())

    run("init", "--simulated-from", "2012-01-01")
    run("agency", "add", "--ori", "WVTEST000", "--county", "54039", "--zone", "America/New_York")
    (enrolled,) = json.loads(
        run("enrol", "--system", "immigration", folder / "old.an2", "--at", "2012-01-02", "--json")
    )
    assert enrolled["fingers"] == [1, 6]

    answers = folder / "answers"
    (found,) = json.loads(run("submit", card, "--at", "2012-11-05T10:00", "--answers", answers, "--json"))
    assert found["tcn"] == TCN
    assert found["accepted"] is True
    assert found["criminal"]["hit"] is False
    assert found["immigration"]["searched"] is True
    assert found["immigration"]["hit"] is True
    assert found["immigration"]["identity"] == enrolled["identity"]
    assert found["immigration"]["fingers"] == 2
    assert sorted(p.name for p in answers.iterdir()) == [f"{TCN}.IDR.eft", f"{TCN}.SRE.eft"]
    for answer in answers.iterdir():
        assert itl.read(answer).get("1.010") == TCN

    status = run("status", TCN)
    assert "earlier encounter was found. This says nothing about status" in status
    assert "has been asked and has not answered" in status
    with capsys.disabled():
        score = found["immigration"]["score"]
        print(
            f"\nreal card, plain against rolled thumbs: score {score:.3f}, threshold of two fingers {threshold(2):.3f}"
        )


def test_the_same_real_card_again_changes_nothing(data: Path, run) -> None:
    card = data / "itl/synthetic/synthetic_car_t4.eft"
    (again,) = json.loads(run("submit", card, "--at", "2012-11-06T10:00", "--json"))
    assert again["resubmitted"] is True
    assert "verify" in run("ledger", "verify")
