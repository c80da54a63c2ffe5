from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tenprint.finger import rejection
from tenprint.finger.metrics import threshold_at

IMPOSTOR = np.linspace(0, 1, 2000)


def test_a_quality_that_knows_every_error_leaves_none():
    genuine = np.array([0.5] * 5 + [2.0] * 95)
    known = rejection.curve(genuine, genuine, IMPOSTOR)
    assert [point.errors for point in known.points] == [5, 0, 0, 0, 0]
    assert [point.fnmr for point in known.points] == [point.best_possible for point in known.points]


def test_a_quality_that_is_the_wrong_way_round_makes_it_worse():
    genuine = np.array([0.5] * 5 + [2.0] * 95)
    known = rejection.curve(genuine, -genuine, IMPOSTOR)
    assert [point.errors for point in known.points] == [5] * 5
    assert known.points[-1].fnmr == 100 * 5 / 70


def test_the_threshold_is_set_on_all_comparisons():
    least = threshold_at(IMPOSTOR, 0.001)
    assert np.count_nonzero(least <= IMPOSTOR) == 2
    assert np.count_nonzero(np.nextafter(least, -1) <= IMPOSTOR) == 3


@given(st.integers(1, 300), st.data())
def test_errors_are_never_more_than_before_nor_less_than_the_best_possible(count, data):
    draw = arrays(np.float64, count, elements=st.floats(0, 2))
    known = rejection.curve(data.draw(draw), data.draw(draw), IMPOSTOR)
    errors = [point.errors for point in known.points]
    assert errors == sorted(errors, reverse=True)
    assert all(point.fnmr >= point.best_possible for point in known.points)
    assert known.points[0].fnmr == known.points[0].best_possible
