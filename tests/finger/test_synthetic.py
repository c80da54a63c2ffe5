"""People made by number: the same everywhere, like themselves, unlike everybody else."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenprint import finger
from tenprint.finger import synthetic
from tenprint.finger.synthetic import masters, people

TOOL = Path(__file__).parents[2] / "tools" / "synthetic_masters.py"


def digest(pixels: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()[:16]


def test_the_same_number_is_the_same_person_on_every_machine():
    person = synthetic.person(1)

    assert digest(person.finger(2).ridges) == "41d1cad3472d0f8e"
    assert digest(person.impression(2, 0)) == "148afbc82cf43c05"
    assert digest(person.impression(2, 0, synthetic.HARD)) == "db67ec99d15798bb"


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**63), position=st.integers(1, 12), encounter=st.integers(0, 2**31))
def test_an_impression_is_a_picture_at_500_ppi_and_comes_back_the_same(seed, position, encounter):
    first = synthetic.person(seed).impression(position, encounter)

    assert first.shape == masters.SHAPE
    assert first.dtype == np.uint8
    assert first.min() < 120 < 200 < first.max()
    assert np.array_equal(first, synthetic.person(seed).impression(position, encounter))


def test_no_two_pictures_are_the_same():
    person, other = synthetic.person(5), synthetic.person(6)
    pictures = [person.impression(p, e) for p in (1, 2, 11) for e in (0, 1)] + [other.impression(1, 0)]

    assert len({digest(picture) for picture in pictures}) == len(pictures)


def test_two_meetings_of_one_finger_match_and_two_people_with_the_same_master_do_not():
    anna, berta = people.SyntheticPerson(21, masters=range(10)), people.SyntheticPerson(22, masters=range(10))
    assert anna.patterns == berta.patterns
    least = finger.threshold(1)
    for position in (3, 8):
        first, second = (finger.extract(anna.impression(position, encounter)) for encounter in (0, 1))
        stranger = finger.extract(berta.impression(position, 0))

        assert finger.compare(first, second) > least
        assert finger.compare(first, stranger) < least


def test_plain_thumbs_show_the_thumbs_and_less_of_them():
    person = synthetic.person(9)
    rolled, plain = person.impression(6, 0), person.impression(12, 0)

    assert (plain < 150).sum() < (rolled < 150).sum()
    assert finger.compare(finger.extract(rolled), finger.extract(plain)) > finger.threshold(1)


@pytest.mark.parametrize(("position", "fingers"), [(13, 4), (14, 4), (15, 2)])
def test_slaps_show_fingers_side_by_side(position, fingers):
    slap = synthetic.person(9).impression(position, 0)
    inked = (slap < 130).any(axis=0)
    runs = np.flatnonzero(np.diff(np.r_[0, inked.astype(int), 0]) == 1)

    assert slap.shape[1] > 2.5 * masters.SHAPE[1] * fingers / 4
    assert len(runs) >= fingers


def test_a_hard_day_is_harder():
    person = synthetic.person(33)

    def score(condition: synthetic.Condition) -> float:
        pairs = [[finger.extract(person.impression(p, e, condition)) for e in (0, 1)] for p in (1, 2, 3)]
        return float(np.mean([finger.compare(*pair) for pair in pairs]))

    clean, usual, hard = score(synthetic.CLEAN), score(synthetic.ROLLED), score(synthetic.HARD)
    assert clean > usual > hard


def test_ten_different_masters_with_the_usual_shares_of_patterns():
    assert len(masters.patterns()) == 60
    shares = {name: masters.patterns().count(name) for name in set(masters.patterns())}
    assert shares == {"arch": 3, "tented arch": 3, "loop": 36, "whorl": 10, "central pocket": 4, "double loop": 4}
    for seed in range(20):
        assert len(set(synthetic.person(seed).masters)) == 10


def test_loops_open_to_the_little_finger_as_most_real_ones_do():
    rng = np.random.default_rng(0)
    turned = {p: np.mean([people.is_mirrored("loop", p, rng) for _ in range(400)]) for p in (3, 8)}

    assert turned[3] > 0.9  # the masters open to the left; on the right hand the little finger is to the right
    assert turned[8] < 0.1


def test_the_sheets_are_what_the_tool_makes():
    spec = importlib.util.spec_from_file_location("synthetic_masters", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    names = [name for name, count in tool.PATTERNS.items() for _ in range(count)]

    assert names == list(masters.patterns())
    ridges, flow = tool.master(44, names[44])
    assert np.array_equal(ridges, masters.master(44).ridges)
    assert np.array_equal(flow, tool.sheet([flow])), "one cell is its own sheet"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: synthetic.person(-1), "0 or more"),
        (lambda: synthetic.person(1).impression(0, 0), "1 to 15"),
        (lambda: synthetic.person(1).impression(16, 0), "1 to 15"),
        (lambda: synthetic.person(1).impression(1, -1), "0 or more"),
    ],
)
def test_wrong_numbers_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
