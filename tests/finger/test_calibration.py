from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tenprint import finger
from tenprint.finger.calibration import CURRENT
from tenprint.finger.metrics import Trial, rates


def test_thresholds_lie_above_every_impostor_and_every_known_rate():
    assert finger.threshold(1) > 1.5 * CURRENT.highest_impostor
    for n in range(1, 11):
        assert finger.threshold(n) > 1.5 * CURRENT.rarity[n][-1][0]
        assert finger.examine_from(n) < finger.threshold(n)


def test_the_more_people_were_compared_the_rarer_a_score_an_examiner_is_asked_about():
    for n in range(1, 11):
        asked = [finger.examine_from(n, people) for people in (1, 2, 10, 100, 1000, 10**7)]
        assert asked == sorted(asked)
        assert asked[0] == finger.examine_from(n) < asked[2]
        assert asked[-1] == CURRENT.rarity[n][-1][0] < finger.threshold(n)
    assert finger.meaning(finger.examine_from(4, 100), 4).one_in >= 100_000
    with pytest.raises(finger.FingerError, match="at least 1 person"):
        finger.examine_from(4, 0)


def test_higher_scores_are_rarer_and_the_answer_ends_where_knowledge_ends():
    for n in (1, 2, 10):
        answers = [finger.meaning(score, n) for score in np.linspace(0, 6, 200).tolist()]
        assert all(a.one_in <= b.one_in for a, b in pairwise(answers))
        assert answers[0].one_in == 1
        assert answers[-1].beyond
        assert "fewer than one in" in answers[-1].text
        assert all(one.low <= one.high for one in answers)
    assert finger.meaning(99).one_in <= CURRENT.impostor_comparisons / 3
    with pytest.raises(finger.FingerError):
        finger.meaning(1.0, 0)


def test_error_rates_by_hand():
    # nine of ten genuine above all impostors, one among them
    genuine = np.array([9, 9, 9, 9, 9, 9, 9, 9, 9, 2.5])
    impostor = np.array([0, 1, 2, 3, 0, 1, 2, 0, 1, 0.5])
    found = rates(genuine, impostor)
    assert found.zero_fmr == pytest.approx(10)
    assert found.eer == pytest.approx(10)
    assert rates(genuine + 10, impostor).eer == pytest.approx(0, abs=1e-9)
    assert rates(impostor, impostor).eer == pytest.approx(50, abs=10)


def test_a_bootstrap_over_one_finger_that_is_perfect_stays_perfect():
    trial = Trial(np.ones(4), np.array([0, 0, 1, 1]), np.zeros(4), np.array([[0, 1]] * 4), 2)
    assert trial.rates().eer == 0
    generator = np.random.default_rng(1)
    assert {trial.resampled(generator).eer for _ in range(20)} == {0}
