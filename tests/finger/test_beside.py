from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tenprint.cli.common import Refused
from tenprint.cli.finger import app
from tenprint.finger import FingerError, beside, evaluation

STAND_IN = """
class NbisExtractorSettings:
    def __init__(self, **settings): pass
class Found:
    def __init__(self, data):
        import io
        from PIL import Image
        self.level = Image.open(io.BytesIO(data)).convert("L").getpixel((0, 0))
    def get(self): return [None] * (2 if self.level == 0 else 30)
    def compare(self, other):
        return 4000 if {self.level, other.level} == {50, 52} else 100 - abs(self.level - other.level)
class Extractor:
    def extract_minutiae(self, data): return Found(data)
def new_nbis_extractor(settings): return Extractor()
"""


@pytest.fixture
def levels(tmp_path) -> Path:
    """Pictures whose gray level says which finger it is: fingers 10 apart, impressions one or two."""
    folder = tmp_path / "levels"
    folder.mkdir()
    for finger in (1, 5, 9):
        for impression in (0, 2):
            Image.new("L", (40, 40), 10 * finger + impression).save(folder / f"{finger}_{impression + 1}.png")
    return folder


@pytest.fixture
def python(tmp_path) -> str:
    """A Python with a stand-in for nbis-py: no other program is needed to test how it is asked."""
    place = tmp_path / "site"
    (place / "nbis").mkdir(parents=True)
    (place / "nbis" / "__init__.py").write_text(STAND_IN)
    (place / "nbis_py-9.8.dist-info").mkdir()
    (place / "nbis_py-9.8.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: nbis-py\nVersion: 9.8\n")
    made = tmp_path / "python"
    made.write_text(f'#!/bin/sh\nPYTHONPATH="{place}" exec "{sys.executable}" "$@"\n')
    made.chmod(0o755)
    return str(made)


@pytest.fixture
def without(monkeypatch, tmp_path) -> str:
    """A Python without nbis-py, and none here either."""

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(beside, "version", absent)
    bare = tmp_path / "bare"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    bare.chmod(0o755)
    return str(bare)


def test_scores_of_the_other_program_come_back_pair_by_pair(levels, python):
    (each,) = evaluation.find_sets(levels).values()
    done: list[int] = []
    named, found = beside.run(each, python, advance=done.append)
    assert named == "nbis-py 9.8 (MINDTCT, BOZORTH3)"
    # 98 for two impressions of a finger, but BOZORTH3's overflow is no score
    assert sorted(found.trial.genuine.tolist()) == [0, 98, 98]
    assert sorted(np.unique(found.trial.impostor).tolist()) == [18, 20, 22, 58, 60, 62]
    assert found.failures == ()
    assert sum(done) == len(each)


def test_a_picture_without_minutiae_is_a_failure_of_the_other_program(levels, python):
    Image.new("L", (40, 40), 0).save(levels / "5_2.png")
    (each,) = evaluation.find_sets(levels).values()
    assert beside.run(each, python)[1].failures == ("5_2.png",)


def test_evaluate_puts_the_other_program_beside_ours(levels, python):
    done = CliRunner().invoke(app, ["evaluate", str(levels), "--json", "--beside", python])
    report = json.loads(done.stdout)
    (row,) = report["peers"]["nbis-py 9.8 (MINDTCT, BOZORTH3)"]["folders"].values()
    ours = report["folders"][levels.name]
    assert (row["genuine"], row["impostor"]) == (ours["genuine"], ours["impostor"]) == (3, 12)
    assert row["eer"] > 0
    assert "error_against_reject" not in row


@pytest.mark.usefixtures("without")
def test_bench_times_the_other_program_or_says_that_it_is_missing(levels, python):
    named = "nbis-py (MINDTCT, BOZORTH3)"
    there = CliRunner().invoke(app, ["bench", str(levels), "--count", "4", "--json", "--beside", python])
    row = json.loads(there.stdout)["systems"][named]
    assert row["version"] == "9.8"
    assert row["match_us_ratio"] > 0
    missing = CliRunner().invoke(app, ["bench", str(levels), "--count", "4", "--json"])
    assert "not installed" in json.loads(missing.stdout)["systems"][named]["missing"]
    refused = CliRunner().invoke(app, ["bench", str(levels), "--count", "4", "--beside", "absent/python"])
    assert isinstance(refused.exception, Refused)


@pytest.mark.parametrize("given", ["absent/python", "nbis-py", "bare"])
def test_where_the_other_program_is_missing_it_is_said_how_to_get_it(levels, without, given):
    given = without if given == "bare" else given
    done = CliRunner().invoke(app, ["evaluate", str(levels), "--beside", given])
    assert isinstance(done.exception, Refused)
    assert "pip install nbis-py" in str(done.exception)
    assert given in str(done.exception)


def test_a_program_that_is_no_python_is_said_so(levels, tmp_path):
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho no JSON\n")
    other.chmod(0o755)
    (each,) = evaluation.find_sets(levels).values()
    with pytest.raises(FingerError, match="cannot be run"):
        beside.run(each, str(other))
