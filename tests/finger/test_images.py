"""Pictures from files: what a damaged one may end, and what not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tenprint import finger
from tenprint.finger import FingerError
from tenprint.wsq import process


def wsq_of(pixels: np.ndarray) -> bytes:
    import wsq  # noqa: F401 - registers WSQ with Pillow

    store = io.BytesIO()
    Image.fromarray(pixels).save(store, "WSQ")
    return store.getvalue()


def test_a_wsq_picture_is_read_and_a_cut_one_refused():
    pixels = np.random.default_rng(1).integers(60, 200, (160, 160), dtype=np.uint8)
    pixels = np.asarray(Image.fromarray(pixels).resize((480, 480)).crop((0, 0, 160, 160)))
    whole = wsq_of(pixels)
    read, ppi = finger.read_image(whole)
    assert (read.shape, ppi) == ((160, 160), 500)
    assert np.abs(read.astype(int) - pixels).mean() < 12
    with pytest.raises(FingerError, match="not a picture that can be read"):
        finger.read_image(whole[:40])


def test_a_picture_that_crashes_the_wsq_library_ends_no_process_but_the_librarys(tmp_path, monkeypatch):
    dies = tmp_path / "worker.py"
    dies.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(process, "_SCRIPT", dies)
    monkeypatch.setattr(process, "_idle", [])
    with pytest.raises(FingerError, match="crashed or hung on this image"):
        finger.read_image(wsq_of(np.full((160, 160), 90, np.uint8)))
