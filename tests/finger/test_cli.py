from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tenprint.cli.common import Refused
from tenprint.cli.finger import app


@pytest.fixture(scope="module")
def small_set(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    generator = np.random.default_rng(1)
    y, x = np.mgrid[:160, :160]
    for number in (101, 102):
        for impression in (1, 2):
            bend = 12 * np.sin(x / 30 + number)
            ridges = 127 + 100 * np.sin((y + bend) * 2 * np.pi / 9 + number * 3)
            pixels = np.clip(ridges + generator.normal(0, 8, ridges.shape), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"{number}_{impression}.png", dpi=(500, 500))
    return folder


def run(*arguments: object):
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=True)


def test_evaluate_gives_the_keys_that_checks_read(small_set, tmp_path):
    done = run("evaluate", small_set, "--json", "--det", tmp_path / "det.png", "--templates", tmp_path / "kept")
    report = json.loads(done.stdout)
    assert set(report) >= {"folders", "mean_eer"}
    row = report["folders"][small_set.name]
    assert set(row) >= {
        "eer",
        "fmr100",
        "fmr1000",
        "zero_fmr",
        "genuine",
        "impostor",
        "failures",
        "extract_ms",
        "match_us",
    }
    assert (row["genuine"], row["impostor"]) == (2, 4)
    assert done.exit_code == (1 if row["failures"] else 0)
    assert Image.open(tmp_path / "det.png").size == (900, 900)
    assert len(list((tmp_path / "kept").glob("*.tpft"))) == 4


def test_evaluate_says_what_quality_leaves_out(small_set, tmp_path):
    done = run("evaluate", small_set, "--json", "--reject", tmp_path / "reject.png")
    known = json.loads(done.stdout)["error_against_reject"]
    assert known["fmr"] == 0.1
    assert [point["left_out"] for point in known["points"]] == [0, 0.05, 0.1, 0.2, 0.3]
    assert [point["genuine"] for point in known["points"]] == [2, 2, 2, 2, 1]
    assert Image.open(tmp_path / "reject.png").size == (900, 600)
    assert "without the lowest quality" in run("evaluate", small_set).stdout


def test_evaluate_reports_every_descriptor_with_intervals(small_set, tmp_path):
    done = run("evaluate", small_set, "--json", "--descriptor", "edges")
    report = json.loads(done.stdout)
    assert list(report["descriptors"]) == ["fused", "edges", "cylinders"]
    assert report["peers"] == {}
    for one in report["descriptors"].values():
        low, high = one["mean_eer_interval"]
        assert low <= one["mean_eer"] <= high or one["mean_eer"] == pytest.approx(low)
    assert report["folders"] == report["descriptors"]["edges"]["folders"]
    said = run("evaluate", small_set, "--templates", tmp_path / "kept").stdout
    assert "side by side" in said
    assert "extraction" in said
    again = run("evaluate", small_set, "--templates", tmp_path / "kept").stdout
    assert "templates were kept" in again
    assert "nan" not in again


def test_minutiae_draws_and_writes_a_record(small_set, tmp_path):
    from tenprint.finger import interchange

    done = run(
        "minutiae", small_set / "101_1.png", "--json", "--overlay", tmp_path / "o.png", "--record", tmp_path / "r.fmr"
    )
    report = json.loads(done.stdout)
    assert done.exit_code == 0
    assert Image.open(tmp_path / "o.png").size == (320, 320)
    assert len(interchange.read((tmp_path / "r.fmr").read_bytes())[0].template) == len(report["minutiae"])


def test_compare_says_what_the_score_means(small_set, tmp_path):
    done = run("compare", small_set / "101_1.png", small_set / "102_1.png", "--json", "--picture", tmp_path / "p.png")
    report = json.loads(done.stdout)
    assert set(report) >= {"score", "threshold", "match", "verdict", "meaning", "calibration"}
    assert report["match"] is (report["score"] >= report["threshold"])
    assert set(report["by_descriptor"]) == {"fused", "edges", "cylinders"}
    assert Image.open(tmp_path / "p.png").size[0] == 2 * 320 + 24


@pytest.mark.parametrize(
    "arguments",
    [
        ("minutiae", "absent.png"),
        ("compare", "absent.png", "absent.png"),
        ("evaluate", "absent"),
        ("identify", "absent"),
        ("minutiae", __file__),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_message(arguments):
    done = run(*arguments)
    assert isinstance(done.exception, Refused)
    assert done.exception.code == 2
    assert arguments[1] in str(done.exception)


def test_a_folder_without_pictures_is_refused(tmp_path):
    done = run("evaluate", tmp_path)
    assert isinstance(done.exception, Refused)
    assert "<finger>_<impression>" in str(done.exception)
