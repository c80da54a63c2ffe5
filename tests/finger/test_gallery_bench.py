"""What the benchmark of galleries says of its searches."""

from __future__ import annotations

import numpy as np
import pytest
from bench import _crowd, gallery


def test_the_threshold_of_a_rate_is_an_order_statistic_with_binomial_ends():
    strangers = np.arange(1000) / 1000
    least, exceed, low, high = gallery.threshold_with_interval(strangers, 0.001)
    assert (strangers >= least).sum() == exceed == 1
    # one in a thousand of a thousand: 0 to 3 above it with 90 %
    assert (low, high) == (0.996, np.inf)
    least, exceed, low, high = gallery.threshold_with_interval(np.arange(10_000) / 10_000, 0.001)
    assert exceed == 10
    assert low < least < high < 1


def test_an_interval_is_at_least_as_wide_as_either_of_its_two():
    wrong = np.zeros(273, bool)
    assert gallery.interval(wrong) == pytest.approx((0, 0.00981), abs=1e-4)
    assert gallery.interval(wrong, np.arange(273) % 39) == gallery.interval(wrong)
    wrong[:7] = True
    alone, by_person = gallery.interval(wrong), gallery.interval(wrong, np.arange(273) // 7)
    assert by_person[1] > alone[1] > 7 / 273 > alone[0] > by_person[0]


def test_no_position_holds_a_real_finger_twice_and_no_card_has_one_twice(scattered):
    real = {f"f{n:02d}": [scattered(10 * n + session) for session in range(2)] for n in range(12)}
    cards = [_crowd.person(real, n, 10, 0) for n in range(len(real))]
    for position in range(1, 11):
        assert len({card[position].to_bytes() for card in cards}) == len(real)
    assert all(len({one.to_bytes() for one in card.values()}) == 10 for card in cards)


def test_strangers_are_as_many_as_asked_and_hold_nobody_of_the_gallery(scattered):
    real = {f"f{n}": [scattered(10 * n + session) for session in range(2)] for n in range(5)}
    enrolled = {one.to_bytes() for each in real.values() for one in each}
    for fingers in (1, 2):
        cards = _crowd.strangers(real, fingers, 30)
        assert len(cards) == 30
        assert not {one.to_bytes() for _, card in cards for one in card.values()} & enrolled
        assert all(len(card) == fingers for _, card in cards)
    assert [made for made, _ in _crowd.strangers(real, 1, 30)].count("mirrored") == 10


def test_a_mirrored_finger_mirrored_again_is_itself(scattered):
    one = scattered(3)
    twice = _crowd.mirrored(_crowd.mirrored(one))
    assert np.abs(twice.minutiae[:, :2] - one.minutiae[:, :2]).max() < 1e-3
    turned = np.angle(np.exp(1j * (twice.minutiae[:, 2] - one.minutiae[:, 2])))
    assert np.abs(turned).max() < 2e-4


def test_the_crowd_kept_in_a_file_is_the_crowd_made(tmp_path):
    made = _crowd.crowd(7, tmp_path)
    assert _crowd.crowd(7, tmp_path) == made
    assert len(set(made)) == 7
