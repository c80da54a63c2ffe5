"""Minutiae in Type-9 records, against the minutiae that extraction finds in the image of the same transaction."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.people import AGENCY, BUREAU, FIELDS, NOON

from tenprint import finger, itl
from tenprint.exchange import minutiae
from tenprint.finger.interchange import View
from tenprint.itl.names import number


def transaction(*records: tuple[int, int, bytes]) -> itl.Transaction:
    second = {number(2, name): value for name, value in {**FIELDS, "CRI": AGENCY}.items()}
    return itl.build.compose({4: "CAR", 7: BUREAU, 8: BUREAU, 9: "NINE-1"}, second, list(records), when=NOON)


def turned(a, b):
    """Smallest angle between directions, in degrees, with its sign."""
    return np.degrees(np.angle(np.exp(1j * (np.asarray(a, float) - b))))


def reference(data, name):
    return itl.read(data / "itl" / "nist_ref" / name, strict=False)


def nearest(found, stated):
    """Rows of the nearest found minutia for each stated one, and which are within 8 pixels."""
    apart = np.hypot(*(found[None, :, k] - stated[:, None, k] for k in (0, 1)))
    return apart.argmin(axis=1), apart.min(axis=1) < 8


@pytest.mark.parametrize(("name", "kind"), [("type-9-14-std.an2", 14), ("type-9-4-iafis.an2", 4)])
def test_minutiae_of_others_lie_and_point_where_extraction_finds_them(data, name, kind):
    file = reference(data, name)
    (view,) = minutiae.views(file)
    image = file.first(kind).image()
    found = finger.extract(image.pixels(), image.ppi)
    rows, near = nearest(found.minutiae, view.template.minutiae)
    assert view.position == 8
    assert len(view.template) == 48
    assert near.sum() >= 46
    off = turned(found.minutiae[rows[near], 2], view.template.minutiae[near, 2])
    assert abs(np.median(off)) < 3
    assert np.mean(np.abs(off) < 15) > 0.9
    assert finger.compare(found, view.template) > finger.threshold(1)


def test_both_forms_of_the_same_finger_are_the_same(data):
    (standard,), (iafis,) = (
        minutiae.views(reference(data, name)) for name in ("type-9-14-std.an2", "type-9-4-iafis.an2")
    )
    rows, _ = nearest(iafis.template.minutiae, standard.template.minutiae)
    a, b = standard.template.minutiae, iafis.template.minutiae[rows]
    assert len(set(rows.tolist())) == 48
    assert np.abs(a[:, :2] - b[:, :2]).max() < 1
    assert np.abs(turned(a[:, 2], b[:, 2])).max() < 1.1


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(
        st.tuples(st.floats(0, 799), st.floats(0, 749), st.floats(0, 6.28), st.floats(0, 1)), min_size=1, max_size=80
    ),
    position=st.integers(0, 10),
)
def test_what_is_written_is_read_again(rows, position):
    kinds = np.arange(len(rows)) % 3
    template = finger.Template.make(np.array(rows), kinds, width=800, height=750)
    raw = minutiae.write(View(position, template), 1, 3)
    record = transaction((9, 1, raw)).first(9)
    again = minutiae.read(record, (800, 750))
    assert again.position == position
    assert record.get("9.010") == str(len(rows))
    by_place = {
        i: min(range(len(rows)), key=lambda j: distance(template, i, again.template, j)) for i in range(len(rows))
    }
    for i, j in by_place.items():
        assert distance(template, i, again.template, j) < 0.3
    assert sorted(template.kinds) == sorted(again.template.kinds)


def distance(a, i, b, j):
    """Pixels apart, with angle, quality and kind made comparable: a wrong one is far away."""
    apart = float(np.abs(a.minutiae[i, :2] - b.minutiae[j, :2]).max())
    wrong = abs(turned(a.minutiae[i, 2], b.minutiae[j, 2])) > 0.6 or a.kinds[i] != b.kinds[j]
    return apart + 100 * (wrong or abs(a.minutiae[i, 3] - b.minutiae[j, 3]) > 0.02)


def test_without_an_image_the_distances_stay():
    template = finger.Template.make(np.array([[100, 200, 1, 1], [140, 230, 2, 0.9]]), width=500, height=600)
    read = minutiae.read(transaction((9, 1, minutiae.write(View(3, template), 1, 0))).first(9)).template
    steps = [[b - a for a, b in pairwise(t.minutiae[:, :2])] for t in (template, read)]
    assert np.allclose(steps[0], steps[1], atol=0.3)


def test_an_empty_template_is_a_record_without_minutiae():
    empty = finger.Template.make(np.zeros((0, 4)), width=10, height=10)
    record = transaction((9, 1, minutiae.write(View(1, empty), 1, 0))).first(9)
    assert record.get("9.010") == "0"
    assert len(minutiae.read(record).template) == 0


def test_a_picture_too_large_for_four_digits_is_refused():
    large = finger.Template.make(np.array([[2000, 20, 1, 1]]), width=2100, height=400)
    with pytest.raises(finger.TemplateUnusable, match=r"99\.99 mm"):
        minutiae.write(View(1, large), 1, 0)


@pytest.mark.parametrize(
    ("subfield", "said"),
    [
        (["001", "1234", "02", "A"], "XXXXYYYYTTT"),
        (["001", "00100010360", "02", "A"], "at most 359"),
        (["001", "00100010359", "64", "A"], "quality 00 to 63"),
        (["001", "99999999000", "02", "A"], "another image"),
        (["001"], "XXXXYYYYTTT"),
    ],
)
def test_values_outside_of_the_standard_are_refused(subfield, said):
    record = transaction((9, 1, itl.build.tagged(9, {2: "01", 3: "0", 4: "S", 12: [subfield]}))).first(9)
    with pytest.raises(finger.TemplateUnusable, match=said):
        minutiae.read(record, (500, 500))


def test_a_record_of_another_format_is_refused():
    record = transaction((9, 1, itl.build.tagged(9, {2: "01", 3: "0", 4: "U"}))).first(9)
    with pytest.raises(finger.TemplateUnusable, match="found neither"):
        minutiae.read(record)
