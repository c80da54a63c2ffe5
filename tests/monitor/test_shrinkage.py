from __future__ import annotations

import numpy as np

from tenprint.monitor.shrinkage import shrunken


def test_small_places_move_to_the_overall_share_and_large_ones_stay() -> None:
    found = shrunken(np.array([0.8, 0.8, 0.0]), np.array([10, 100_000, 3]), 0.2, 0.01)
    assert 0.2 < found.rate[0] < 0.3
    assert found.rate[1] > 0.799
    assert 0.19 < found.rate[2] < 0.2
    assert np.all((found.low < found.rate) & (found.rate < found.high))


def test_ranks_of_equal_places_are_open_and_the_same_twice() -> None:
    equal = np.full(20, 0.2), np.full(20, 50)
    found = shrunken(*equal, 0.2, 0.0)
    assert found.rank_low.min() <= 2
    assert found.rank_high.max() >= 19
    assert np.all(found.rank_high - found.rank_low > 12)
    assert np.array_equal(found.rank_low, shrunken(*equal, 0.2, 0.0).rank_low)


def test_a_place_far_above_the_others_is_first() -> None:
    rate = np.array([0.2] * 30 + [0.6])
    found = shrunken(rate, np.full(31, 2000), 0.2, 0.01)
    assert (found.rank_low[-1], found.rank_high[-1]) == (1, 1)
    assert found.rank_low[:-1].min() > 1


def test_intervals_hold_the_truth_nine_times_in_ten() -> None:
    rng = np.random.default_rng(11)
    truth = rng.beta(20, 80, 4000)
    cases = rng.integers(5, 500, 4000)
    found = shrunken(rng.binomial(cases, truth) / cases, cases, 0.2, 1 / 101)
    inside = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.88 < inside < 0.92
