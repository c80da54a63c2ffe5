from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from tenprint.monitor.discovery import discoveries


@given(st.lists(st.floats(0, 1) | st.floats(0, 0.01), min_size=1, max_size=60), st.sampled_from([0.004, 0.05, 0.1]))
def test_flags_are_those_of_benjamini_and_hochberg(p: list[float], level: float) -> None:
    found = discoveries(np.array(p), level)
    rejected, adjusted, *_ = multipletests(p, alpha=level, method="fdr_bh")
    assert np.allclose(found.q, adjusted)
    assert found.flagged.tolist() == (adjusted <= level).tolist()
    assert found.flagged.sum() >= rejected.sum()


def test_what_was_not_tested_costs_nothing_and_is_never_flagged() -> None:
    found = discoveries(np.array([0.001, np.nan, 0.5, np.nan]), 0.01)
    assert found.tests == 2
    assert found.flagged.tolist() == [True, False, False, False]
    assert np.isnan(found.q[[1, 3]]).all()
    assert found.q[0] == 0.002


def test_the_cut_is_the_largest_p_that_is_flagged_or_what_the_first_would_have_needed() -> None:
    assert discoveries(np.array([0.001, 0.002, 0.9, 0.9]), 0.01).cut == 0.01 * 2 / 4
    assert discoveries(np.array([0.5, 0.6]), 0.01).cut == 0.005
    assert discoveries(np.empty(0), 0.01).tests == 0


def test_over_quarters_of_pure_chance_few_ever_flag_anything() -> None:
    rng = np.random.default_rng(4)
    spread_over = [
        any(discoveries(rng.uniform(size=200), 0.1 / 12).flagged.any() for _ in range(12)) for _ in range(600)
    ]
    assert np.mean(spread_over) < 0.1 + 0.03, "the sum of the quarters' levels bounds the chance of any false flag"
    each_at_the_whole = [
        any(discoveries(rng.uniform(size=200), 0.1).flagged.any() for _ in range(12)) for _ in range(100)
    ]
    assert np.mean(each_at_the_whole) > 0.5, "without the sequence it would not hold"
