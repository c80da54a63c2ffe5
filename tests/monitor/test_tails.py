from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenprint.monitor import tails
from tenprint.monitor.tails import Laws, cautious, logit_normal_tail, most_extreme, quantiles, two_sided

UNIT = st.tuples(
    st.integers(1, 400), st.floats(0.001, 0.999), st.sampled_from([0.0, 1e-4, 0.003, 0.05, 0.4]), st.floats(0, 1)
)


def arrays(units: list[tuple[int, float, float, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    cases, mean, spread = (np.array([u[i] for u in units]) for i in range(3))
    return np.array([int(u[0] * u[3]) for u in units]), cases, mean, spread


def reference(cases: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> list[object]:
    made = []
    for n, m, s in zip(cases, mean, spread, strict=True):
        w = 1 / s - 1 if s else 0
        made.append(stats.betabinom(n, m * w, (1 - m) * w) if s else stats.binom(n, m))
    return made


@given(st.lists(UNIT, min_size=1, max_size=8))
def test_tails_are_those_of_the_beta_binomial(units: list[tuple[int, float, float, float]]) -> None:
    found, cases, mean, spread = arrays(units)
    both = tails.tails(found, cases, mean, spread)
    for i, law in enumerate(reference(cases, mean, spread)):
        assert both.low[i] == pytest.approx(law.cdf(found[i]), rel=1e-6, abs=1e-13)
        assert both.high[i] == pytest.approx(law.sf(found[i] - 1), rel=1e-6, abs=1e-10)


@given(st.lists(UNIT, min_size=1, max_size=8))
def test_no_more_than_stated_lies_outside_of_limits_and_one_step_in_would_be_too_much(
    units: list[tuple[int, float, float, float]],
) -> None:
    _, cases, mean, spread = arrays(units)
    outside = np.full(len(cases), 0.025)
    low, high = quantiles(cases, mean, spread, outside, outside)
    for i, law in enumerate(reference(cases, mean, spread)):
        assert law.cdf(low[i] - 1) <= 0.025 + 1e-9
        assert law.sf(high[i]) <= 0.025 + 1e-9
        assert law.cdf(low[i]) > 0.025 - 1e-9
        assert law.sf(high[i] - 1) > 0.025 - 1e-9


def test_a_pass_may_end_between_any_two_units(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    cases = rng.integers(1, 50, 40)
    found, mean, spread = rng.binomial(cases, 0.3), np.full(40, 0.3), np.full(40, 0.02)
    whole = tails.tails(found, cases, mean, spread)
    monkeypatch.setattr(tails, "PASS", 60)
    assert np.allclose(whole.high, tails.tails(found, cases, mean, spread).high, rtol=1e-9)


def test_the_logit_normal_tail_is_what_drawing_gives() -> None:
    rng = np.random.default_rng(2)
    one = Laws(np.array([0.1]), np.array([0.02]), np.array([-2.2]), np.array([0.5]))
    drawn = rng.binomial(80, 1 / (1 + np.exp(-(-2.2 + 0.5 * rng.normal(size=400_000)))))
    cases = np.array([80])
    for found in (14, 20, 26):
        tail = logit_normal_tail(np.array([found]), cases, one, np.array([True]))[0]
        assert tail == pytest.approx(np.mean(drawn >= found), rel=0.05)
    low = logit_normal_tail(np.array([2]), cases, one, np.array([False]))[0]
    assert low == pytest.approx(np.mean(drawn <= 2), rel=0.05)


def test_of_two_shapes_the_more_cautious_counts() -> None:
    cases, found = np.array([500, 500]), np.array([60, 60])
    mean, spread = np.full(2, 0.03), np.full(2, 0.01)
    narrow = Laws(mean, spread, np.log(mean / (1 - mean)), np.full(2, 0.05))
    heavy = narrow._replace(deviation=np.full(2, 0.8))
    plain = 2 * tails.tails(found, cases, mean, spread).high
    assert two_sided(found, cases, narrow) == pytest.approx(plain)
    assert np.all(two_sided(found, cases, heavy) > 2 * plain)


def test_the_most_extreme_count_has_the_smallest_tail() -> None:
    cases, mean, spread = np.array([5, 30, 200]), np.array([0.5, 0.1, 0.9]), np.array([0.01, 0.02, 0.005])
    none, all_ = tails.tails(0 * cases, cases, mean, spread).low, tails.tails(cases, cases, mean, spread).high
    assert most_extreme(cases, mean, spread) == pytest.approx(np.minimum(none, all_), rel=1e-6)


@given(st.lists(UNIT, min_size=1, max_size=6), st.floats(0.02, 1.0), st.sampled_from([0.025, 0.001]))
def test_cautious_limits_hold_under_both_shapes_and_are_no_wider_than_one_asks_for(
    units: list[tuple[int, float, float, float]], deviation: float, beyond: float
) -> None:
    _, cases, mean, spread = arrays(units)
    laws = Laws(mean, spread, np.log(mean / (1 - mean)), np.full(len(cases), deviation))
    outside = np.full(len(cases), beyond)
    low, high = cautious(cases, laws, outside)
    plain_low, plain_high = quantiles(cases, mean, spread, outside, outside)
    assert np.all((low <= plain_low) & (plain_high <= high))
    drawn = spread > 0
    for limit, one_in, up in ((high + 1, high, True), (low - 1, low, False)):
        exists = drawn & (limit >= 0) & (limit <= cases)
        tail = logit_normal_tail(np.clip(limit, 0, cases), cases, laws, np.full(len(cases), up))
        assert np.all(tail[exists] <= beyond * 1.01)
        moved = drawn & (one_in != (plain_high if up else plain_low))
        inner = logit_normal_tail(one_in, cases, laws, np.full(len(cases), up))
        assert np.all(inner[moved] > beyond * 0.99)
