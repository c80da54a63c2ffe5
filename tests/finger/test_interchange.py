from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenprint.finger import TemplateUnusable, compare, interchange
from tenprint.finger.interchange import Format, View


@pytest.mark.parametrize(
    ("name", "kind", "counts"),
    [
        ("fmr.iso2005", Format.ISO_2005, [(7, 27), (2, 22)]),
        ("fmr.ansi2004", Format.ANSI_2004, [(7, 27), (2, 22), (3, 28)]),
        ("fmr.ansi2007", Format.ANSI_2009, [(7, 27), (2, 22)]),
    ],
)
def test_samples_of_others_are_read(data, name, kind, counts):
    raw = (data / "itl" / "biomeval" / name).read_bytes()
    views = interchange.read(raw)
    assert interchange.detect(raw) is kind
    assert [(view.position, len(view.template)) for view in views] == counts


def test_the_same_finger_in_three_formats_is_the_same(data):
    iso, old, new = (
        interchange.read((data / "itl" / "biomeval" / name).read_bytes())[0].template
        for name in ("fmr.iso2005", "fmr.ansi2004", "fmr.ansi2007")
    )
    for other in (old, new):
        assert np.allclose(iso.minutiae[:, :2], other.minutiae[:, :2])
        assert np.abs(np.angle(np.exp(1j * (iso.minutiae[:, 2] - other.minutiae[:, 2])))).max() < 0.06


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("count", [1, 3])
def test_what_is_written_comes_back(scattered, kind, count):
    views = [View(k + 1, scattered(k + 1)) for k in range(count)]
    raw = interchange.write(views, kind)
    assert interchange.detect(raw) is kind
    back = interchange.read(raw)
    for one, two in zip(views, back, strict=True):
        assert two.position == one.position
        assert (two.template.width, two.template.height) == (320, 320)
        assert np.abs(one.template.minutiae[:, :2] - two.template.minutiae[:, :2]).max() <= 0.5
        turn = one.template.minutiae[:, 2] - two.template.minutiae[:, 2]
        assert np.abs(np.angle(np.exp(1j * turn))).max() < 0.02
        assert (one.template.kinds == two.template.kinds).all()
        assert compare(one.template, two.template) > 0.8 * compare(one.template, one.template)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), kind=st.sampled_from(list(Format)))
def test_damaged_records_are_refused_or_read_never_a_crash(scattered, data, kind):
    raw = bytearray(interchange.write([View(1, scattered(1))], kind))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    for damaged in (bytes(raw), cut):
        with suppress(TemplateUnusable):
            assert all(0 <= len(view.template) <= 255 for view in interchange.read(damaged))


@pytest.mark.parametrize("raw", [b"", b"FMR", b"FMR\0", b"FMR\0 20\0", b"FMR\0030\0", b"FIR\0 20\0" + bytes(40)])
def test_stumps_are_refused(raw):
    with pytest.raises(TemplateUnusable):
        interchange.read(raw)
