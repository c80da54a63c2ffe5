from __future__ import annotations

import sys

import numpy as np
import pytest

from tenprint.finger import FingerError, extract, runtime, synthetic


@pytest.fixture(autouse=True)
def _each_time_anew():
    runtime._loaded.cache_clear()
    yield
    runtime._loaded.cache_clear()


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return synthetic.person(7).impression(2, 0)


def test_a_runtime_that_does_not_exist_is_refused(monkeypatch, picture):
    monkeypatch.setenv("TENPRINT_RUNTIME", "abacus")
    with pytest.raises(FingerError, match="expected one of onnxruntime, openvino, openvino-bf16, got 'abacus'"):
        extract(picture)


def test_a_runtime_that_is_not_installed_is_said_so(monkeypatch, picture):
    monkeypatch.setenv("TENPRINT_RUNTIME", "openvino")
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(FingerError, match="pip install openvino"):
        extract(picture)


def test_openvino_finds_the_same_minutiae(monkeypatch, picture):
    pytest.importorskip("openvino")
    expected = extract(picture)
    monkeypatch.setenv("TENPRINT_RUNTIME", "openvino")
    found = extract(picture)
    assert len(expected) > 20
    assert found.kinds.tolist() == expected.kinds.tolist()
    assert np.abs(found.minutiae - expected.minutiae).max() < 0.01


def test_a_second_picture_does_not_change_the_maps_of_the_first(monkeypatch, picture):
    pytest.importorskip("openvino")
    monkeypatch.setenv("TENPRINT_RUNTIME", "openvino")
    image = picture[None, None, :320, :320].astype(np.float32)
    maps = runtime.network()(image)
    before = [one.copy() for one in maps]
    runtime.network()(255 - image)
    assert all((one == other).all() for one, other in zip(maps, before, strict=True))
