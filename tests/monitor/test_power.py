from __future__ import annotations

import numpy as np
import pytest

from tenprint.monitor.dispersion import widened
from tenprint.monitor.power import critical_count, smallest_effect
from tenprint.monitor.tails import Laws, two_sided


def laws(number: int, mean: float, spread: float, deviation: float) -> Laws:
    full = np.full(number, mean)
    return Laws(full, np.full(number, spread), np.log(full / (1 - full)), np.full(number, deviation))


def test_the_smallest_effect_falls_as_cases_grow() -> None:
    cases = np.array([30, 60, 120, 250, 500, 1000, 4000, 20_000])
    for drawn in (laws(8, 0.2, 0.0, 0.0), laws(8, 0.2, 0.003, 0.14)):
        effect = smallest_effect(cases, drawn, np.full(8, 1e7), 1e-4, 0.8)
        assert np.all(np.diff(effect) < 0)
    assert effect[-1] > 0.1, "differences between places are a floor that no volume goes below"


def test_the_stated_power_is_what_drawing_gives() -> None:
    rng = np.random.default_rng(10)
    for cases, mean, spread in ((40, 0.2, 0.0), (200, 0.1, 0.004), (1500, 0.3, 0.004), (300, 0.02, 0.001)):
        drawn = laws(1, mean, spread, np.sqrt(spread / (mean * (1 - mean))))
        n, free = np.array([cases]), np.array([200.0])
        effect = smallest_effect(n, drawn, free, 1e-4, 0.8)[0]
        weight = 1 / spread - 1 if spread else 1e9
        true = rng.beta((mean + effect) * weight, (1 - mean - effect) * weight, 4000)
        found = rng.binomial(cases, true)
        many = Laws(*(np.full(4000, column[0]) for column in drawn))
        p = widened(two_sided(found, np.full(4000, cases), many), np.full(4000, 200.0))
        assert np.mean(p <= 1e-4) == pytest.approx(0.8, abs=0.04)


def test_the_critical_count_is_the_first_that_is_flagged() -> None:
    drawn, free = laws(3, 0.15, 0.004, 0.2), np.full(3, 60.0)
    cases = np.array([50, 300, 2000])
    critical = critical_count(cases, drawn, free, 1e-3)
    assert np.all(widened(two_sided(critical, cases, drawn), free) <= 1e-3 * 1.02)
    assert np.all(widened(two_sided(critical - 1, cases, drawn), free) > 1e-3 * 0.98)


def test_where_nothing_could_have_been_seen_there_is_no_smallest_effect() -> None:
    assert np.isnan(smallest_effect(np.array([5]), laws(1, 0.5, 0.0, 0.0), np.array([1e7]), 1e-6, 0.8)[0])
