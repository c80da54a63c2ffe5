from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tenprint.finger import Template, TemplateUnusable

ROWS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(0, 60), st.just(4)),
    elements=st.floats(-10, 9000, allow_nan=False, width=32),
)


@given(rows=ROWS, width=st.integers(1, 8191), height=st.integers(1, 8191), quality=st.floats(0, 1))
def test_what_was_stored_comes_back_equal(rows, width, height, quality):
    made = Template.make(rows, width=width, height=height, quality=quality)
    back = Template.from_bytes(made.to_bytes())
    assert back == made
    assert back.to_bytes() == made.to_bytes()
    assert np.array_equal(back.minutiae, made.minutiae)
    assert (back.width, back.height, back.quality) == (made.width, made.height, made.quality)


@given(data=st.data())
def test_any_damage_is_seen(data):
    made = Template.make(np.array([[10, 20, 1, 0.9], [30, 40, 2, 0.8]]), width=100, height=100)
    raw = bytearray(made.to_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(TemplateUnusable):
        Template.from_bytes(bytes(raw))


@given(st.binary(max_size=80))
def test_other_bytes_are_refused(raw):
    with pytest.raises(TemplateUnusable):
        Template.from_bytes(raw)


def test_truncation_is_refused_at_every_length():
    raw = Template.make(np.array([[10, 20, 1, 0.9]]), width=100, height=100).to_bytes()
    for length in range(len(raw)):
        with pytest.raises(TemplateUnusable):
            Template.from_bytes(raw[:length])


def test_the_best_minutiae_come_first_and_at_most_255_are_kept():
    generator = np.random.default_rng(1)
    rows = np.column_stack([generator.uniform(0, 500, (300, 2)), np.zeros(300), generator.random(300)])
    made = Template.make(rows, width=500, height=500)
    assert len(made) == 255
    assert (np.diff(made.minutiae[:, 3]) <= 0).all()
    assert made.minutiae[0, 3] == pytest.approx(rows[:, 3].max(), abs=0.01)


@pytest.mark.parametrize(
    ("rows", "kinds", "width"),
    [
        (np.zeros((2, 3)), None, 10),
        (np.full((1, 4), np.nan), None, 10),
        (np.zeros((1, 4)), np.array([7]), 10),
        (np.zeros((1, 4)), None, 0),
    ],
)
def test_nonsense_is_refused(rows, kinds, width):
    with pytest.raises(TemplateUnusable):
        Template.make(rows, kinds, width=width, height=10)


def test_minutiae_cannot_be_changed_afterwards():
    made = Template.make(np.array([[10, 20, 1, 0.9]]), width=100, height=100)
    with pytest.raises(ValueError, match="read-only"):
        made.minutiae[0, 0] = 5
