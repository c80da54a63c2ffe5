from __future__ import annotations

import numpy as np
import pytest

from tenprint.finger.matching import DEFAULT
from tenprint.finger.shelf import BEST, LEVELS, MOST_PROBE, WIDEST, Shelf


def plainly(probe, stored) -> float:
    """The first stage as its description says it, pair by pair."""
    turn = 256 / (2 * np.pi)
    angles = [np.floor(one.points[:, 2] * turn + 0.5).astype(int) & 255 for one in (probe, stored)]
    used = np.flatnonzero(probe.valid)[:MOST_PROBE]
    levels = []
    for k in range(len(stored)):
        best = 0.0
        for i in used:
            apart = abs((int(angles[0][i]) - int(angles[1][k]) + 128) % 256 - 128)
            if apart < WIDEST:
                differ = np.bitwise_count(probe.bits[i] ^ stored.bits[k]).sum()
                lengths = np.sqrt([np.bitwise_count(one).sum() for one in (probe.bits[i], stored.bits[k])]).sum()
                best = max(best, 1 - np.sqrt(differ) / lengths)
        levels.append(int(best * (LEVELS - 0.01)))
    return sum(sorted(levels)[::-1][:BEST]) / ((LEVELS - 1) * BEST)


def test_the_first_stage_is_what_its_description_says(scattered, again):
    fingers = [DEFAULT.describe(scattered(seed, 12 + 6 * seed)) for seed in range(6)]
    shelf = Shelf()
    for owner, one in enumerate(fingers):
        shelf.add(owner, one)
    for seed, turned in ((3, 0.3), (4, -0.9), (5, 3.1)):
        probe = DEFAULT.describe(again(scattered(seed, 12 + 6 * seed), 1, turn=turned))
        expected = [plainly(probe, one) for one in fingers]
        # a value on the border of two levels may fall on either side
        assert shelf.coarse(probe) == pytest.approx(expected, abs=2 / ((LEVELS - 1) * BEST))
        assert max(expected) > 0
        if abs(turned) < 1:
            assert int(np.argmax(shelf.coarse(probe))) == seed


def test_a_probe_without_cylinders_scores_nothing(scattered):
    shelf = Shelf()
    shelf.add(0, DEFAULT.describe(scattered(1)))
    assert shelf.coarse(DEFAULT.describe(scattered(2, 2))).tolist() == [0.0]
