from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from tenprint import finger
from tenprint.cli.common import Refused
from tenprint.cli.finger import app
from tenprint.finger import FingerError, mindtct, synthetic
from tenprint.finger.template import Extractor, Kind


@pytest.fixture(autouse=True)
def _each_time_anew():
    mindtct._program.cache_clear()
    yield
    mindtct._program.cache_clear()


def minutia(x: int, y: int, angle: float, reliability: float, kind: int) -> SimpleNamespace:
    values = {"x": x, "y": y, "angle": angle, "reliability": reliability, "kind": SimpleNamespace(value=kind)}
    return SimpleNamespace(**{name: lambda value=value: value for name, value in values.items()})


@pytest.fixture
def stand_in(monkeypatch):
    """A stand-in for nbis-py that finds what it is told, and remembers what it was asked."""
    asked: dict[str, object] = {}
    found: list[SimpleNamespace] = []

    def extract_minutiae(data: bytes) -> SimpleNamespace:
        asked["data"] = data
        return SimpleNamespace(get=lambda: found)

    def settings(**given: object) -> None:
        asked.update(given)

    program = SimpleNamespace(extract_minutiae=extract_minutiae)
    module = SimpleNamespace(NbisExtractorSettings=settings, new_nbis_extractor=lambda _: program)
    monkeypatch.setitem(sys.modules, "nbis", module)
    return found, asked


def test_minutiae_come_in_our_convention_and_are_marked_as_another_source(stand_in):
    found, asked = stand_in
    found += [minutia(10, 20, 90.0, 0.25, 2), minutia(30, 40, 270.0, 0.75, 1)]
    made = mindtct.extract(np.full((100, 120), 200, np.uint8), 1000)
    assert (made.width, made.height) == (60, 50)
    assert asked["ppi"] == 500
    assert finger.read_image(asked["data"])[0].shape == (50, 60)
    assert made.minutiae[:, :2].tolist() == [[30, 40], [10, 20]]
    assert made.minutiae[:, 2] == pytest.approx([1.5 * np.pi, 0.5 * np.pi], abs=1e-3)
    assert made.kinds.tolist() == [Kind.ENDING, Kind.BIFURCATION]
    assert made.extractor is Extractor.IMPORTED
    found.clear()
    assert len(mindtct.extract(np.full((100, 120), 200, np.uint8))) == 0


def test_where_the_program_is_missing_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "nbis", None)
    with pytest.raises(FingerError, match="pip install nbis-py"):
        mindtct.extract(np.full((100, 120), 200, np.uint8))
    from PIL import Image

    Image.new("L", (100, 100), 200).save(tmp_path / "1_1.png")
    done = CliRunner().invoke(app, ["minutiae", str(tmp_path / "1_1.png"), "--extractor", "mindtct"])
    assert isinstance(done.exception, Refused)
    assert "pip install nbis-py" in str(done.exception)


def test_the_real_program_sees_what_the_network_sees():
    pytest.importorskip("nbis", exc_type=ImportError)
    person = synthetic.person(7)
    network, classical = (each(person.impression(2, 0)) for each in (finger.extract, mindtct.extract))
    assert finger.compare(network, classical) > finger.threshold(1)
    assert finger.compare(mindtct.extract(synthetic.person(8).impression(2, 0)), classical) < finger.examine_from(1)
