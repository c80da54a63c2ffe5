from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from tenprint import finger
from tenprint.finger.calibration import CURRENT
from tenprint.finger.metrics import Trial, rates


def test_f4_thresholds_lie_above_every_impostor_and_every_known_rate():
    assert finger.threshold(1) > CURRENT.highest_impostor == max(one.highest for one in CURRENT.sensors)
    for n in range(1, 11):
        assert finger.threshold(n) > 1.2 * CURRENT.rarity[n][-1][0]
        assert finger.examine_from(n) < finger.threshold(n)


def test_f4_thresholds_grow_with_the_people_that_are_compared():
    for n in range(1, 11):
        least = [finger.threshold(n, people) for people in (1, 2, 10, 100, 1000, 10**7)]
        assert least == sorted(least)
        assert least[0] == finger.threshold(n) < least[2]
        assert least[-1] <= 6.0
    assert finger.threshold(1, 100) >= finger.threshold(1) + 1.9
    with pytest.raises(finger.FingerError, match="at least 1 person"):
        finger.threshold(1, 0)


def test_f3_the_more_people_were_compared_the_rarer_a_score_an_examiner_is_asked_about():
    for n in range(1, 11):
        asked = [finger.examine_from(n, people) for people in (1, 2, 10, 100, 1000, 10**5)]
        assert asked == sorted(asked)
        assert asked[0] == finger.examine_from(n) < asked[2] < asked[-1] <= finger.threshold(n, 10**5)
        assert finger.meaning(finger.examine_from(n), n).one_in == 1000
    with pytest.raises(finger.FingerError, match="at least 1 person"):
        finger.examine_from(4, 0)


def test_higher_scores_are_rarer_and_the_answer_ends_where_knowledge_ends():
    for n in (1, 2, 10):
        answers = [finger.meaning(score, n) for score in np.linspace(0, 6, 200).tolist()]
        assert all(a.one_in <= b.one_in for a, b in pairwise(answers))
        assert answers[0].one_in == 1
        assert answers[-1].beyond_data
        assert not answers[0].beyond_data
        assert "fewer than one in" in answers[-1].text
        assert "how much fewer is not known" in answers[-1].text
        assert all(one.low <= one.one_in <= one.high for one in answers[1:] if one.one_in > 1)
    assert finger.meaning(99).one_in <= CURRENT.impostor_comparisons / 3
    with pytest.raises(finger.FingerError):
        finger.meaning(1.0, 0)


def test_f3_ten_fingers_of_a_hand_do_not_count_as_ten():
    alone, ten = (next(score for score, one_in, _, _ in CURRENT.rarity[n] if one_in == 1000) for n in (1, 10))
    assert ten > alone / 4


@pytest.fixture(scope="module")
def right_index(more_fingers):
    """Templates of a sensor of 28 people, one print in two: their impostor scores."""
    paths = sorted((more_fingers / "veridicom-right-index").glob("*_[12].png"))
    return {path.stem: finger.extract(*finger.read_image(path)) for path in paths}


def test_f2_stated_rarity_is_not_stronger_than_measured(right_index):
    scores = [
        finger.compare(right_index[a], right_index[b])
        for a, b in combinations(right_index, 2)
        if a.split("_")[0] != b.split("_")[0]
    ]
    stated = [finger.meaning(score).one_in for score in scores]
    for one_in in (20, 50, 100, 200):
        reached = sum(each >= one_in for each in stated)
        assert reached <= len(scores) / one_in + 2 * (len(scores) / one_in) ** 0.5, (one_in, reached, len(scores))
    assert sum(each >= 10 for each in stated) > 0


def test_f12_a_score_is_the_same_whichever_print_is_named_first(right_index):
    pairs = list(combinations(list(right_index)[:24], 2))
    for a, b in pairs:
        assert finger.compare(right_index[a], right_index[b]) == finger.compare(right_index[b], right_index[a])
    genuine = [finger.compare(right_index[f"{n}_1"], right_index[f"{n}_2"]) for n in range(1, 20)]
    assert sum(score >= finger.threshold(1) for score in genuine) >= 18


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
