from __future__ import annotations

import itertools

import numpy as np
import pytest

from tenprint import finger
from tenprint.finger import Template


def test_another_impression_scores_far_above_another_finger(scattered, again):
    one, two = scattered(1), scattered(2)
    genuine = finger.compare(one, again(one, 5))
    assert genuine > finger.threshold(1)
    assert finger.compare(one, two) < finger.threshold(10)


def test_order_does_not_matter(scattered, again):
    one, two = scattered(1), again(scattered(1), 7)
    assert finger.compare(one, two) == pytest.approx(finger.compare(two, one), rel=0.02)


def test_moving_a_finger_does_not_change_the_score(scattered):
    one = scattered(3)
    moved = Template.make(one.minutiae + np.array([64, 32, 0, 0]), one.kinds, width=400, height=400)
    assert finger.compare(one, moved) == pytest.approx(finger.compare(one, one), abs=0.02)


def test_turning_a_finger_changes_it_little(scattered, again):
    one = scattered(3)
    assert finger.compare(one, again(one, 3, turn=0.5, shift=0, lost=0)) > 0.5 * finger.compare(one, one)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_finger_without_minutiae_matches_nothing(count, scattered):
    full = scattered(1)
    poor = Template.make(full.minutiae[:count], width=320, height=320)
    assert finger.compare(poor, full) == 0
    assert finger.compare(full, poor) == 0
    assert finger.compare(poor, poor) == 0


def test_minutiae_on_one_place_are_harmless(scattered):
    same = Template.make(np.tile([[50, 50, 1, 0.9]], (30, 1)), width=320, height=320)
    line = Template.make(
        np.column_stack([np.arange(30) * 9, np.full(30, 50), np.ones(30), np.ones(30)]), width=320, height=320
    )
    for a in (same, line):
        for b in (same, line, scattered(1)):
            assert np.isfinite(finger.compare(a, b))


def test_thresholds_fall_with_the_number_of_fingers():
    values = [finger.threshold(n) for n in range(1, 11)]
    assert all(a >= b for a, b in itertools.pairwise(values))
    for wrong in (0, 11, -1):
        with pytest.raises(finger.FingerError):
            finger.threshold(wrong)
