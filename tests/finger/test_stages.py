"""The stages of a comparison: most different fingers end early, and no stage forgets what another one knows."""

from __future__ import annotations

import numpy as np
import pytest

from tenprint.finger import Template, edges, matching
from tenprint.finger.consolidation import best_pairs
from tenprint.finger.kernels import lowest
from tenprint.finger.matching import HOPELESS, Use, examined


@pytest.fixture(scope="module")
def fingers(scattered):
    return [matching.described(scattered(seed)) for seed in range(12)]


@pytest.mark.parametrize(("use", "most"), [(Use.EDGES, 0.6), (Use.CYLINDERS, 0.95), (Use.BOTH, 0.6)])
def test_different_fingers_end_before_the_last_stage(fingers, use, most):
    late = [examined(a, b, use)[1][7:].any() for a in fingers for b in fingers if a is not b]
    assert np.mean(late) < most


@pytest.mark.parametrize("use", list(Use))
def test_another_impression_goes_through_every_stage_and_scores_as_without_giving_up(scattered, again, use):
    one, two = (matching.described(each) for each in (scattered(1), again(scattered(1), 5)))
    odds, found, mate = examined(one, two, use)
    assert odds == examined(one, two, use, hopeless=-np.inf)[0]
    assert found[7:].all()
    assert (mate >= 0).sum() > 20


@pytest.mark.parametrize("use", list(Use))
def test_what_was_given_up_scores_below_what_was_not_hopeless(fingers, use):
    for a in fingers:
        for b in fingers:
            odds, found, mate = examined(a, b, use)
            if not found[7:].any():
                assert odds < HOPELESS[use]
                assert (mate < 0).all()


def test_edges_alone_never_read_cylinder_codes(scattered, again):
    one, two = (matching.described(each) for each in (scattered(2), again(scattered(2), 6)))
    blank = [
        matching.joined(
            edges.between_minutiae(f.points, f.quality), matching.cylinders.Cylinders(f.bits * 0, f.valid * 0)
        )
        for f in (one, two)
    ]
    assert examined(*blank, Use.EDGES)[0] == examined(one, two, Use.EDGES)[0]
    assert examined(*blank, Use.BOTH)[0] != examined(one, two, Use.BOTH)[0]


def test_edges_are_most_alike_to_themselves_in_every_direction(scattered):
    for turn in np.linspace(0, 2 * np.pi, 9):
        one = scattered(4)
        rows = one.minutiae.astype(float).copy()
        rows[:, 2] = (rows[:, 2] + turn) % (2 * np.pi)
        each = edges.describe(Template.make(rows, width=320, height=320))
        near = edges.similarities(each.codes, each.points, each.codes, each.begin)
        assert (near.argmax(1) == np.arange(len(near))).all()
        assert near.diagonal().min() > 0.85
        directions = np.floor(each.points[:, 2] * 128 / np.pi + 0.5).astype(int)
        apart = np.abs((directions[:, None] - directions + 128) % 256 - 128)
        assert (near[apart >= edges.WIDEST_TURN] == 0).all()
        assert (near[apart < edges.WIDEST_TURN] > 0).mean() > 0.5


def test_no_edge_is_like_an_edge_that_is_not_there():
    two = Template.make(np.array([[50, 50, 1, 0.9], [53, 50, 1, 0.9]]), width=320, height=320)
    far = Template.make(np.array([[50, 50, 1, 0.9], [300, 50, 1, 0.9]]), width=320, height=320)
    one, other = edges.describe(two), edges.describe(far)
    assert (edges.similarities(one.codes, one.points, other.codes, other.begin) == 0).all()


def test_the_lowest_come_first_and_equal_ones_in_their_order():
    values = np.array([3, 1, 2, 1, 5, 0], np.float32)
    assert lowest(values, 4).tolist() == [5, 1, 3, 2]
    assert lowest(values, 9).tolist() == np.argsort(values, kind="stable").tolist()
    assert len(lowest(values[:0], 3)) == 0


def test_best_pairs_are_one_to_one_and_best_first():
    generator = np.random.default_rng(3)
    similarity = generator.random((30, 20)).astype(np.float32) ** 2
    pairs = best_pairs(similarity)
    assert len(set(pairs[:, 0].tolist())) == len(set(pairs[:, 1].tolist())) == len(pairs) > 10
    values = similarity[pairs[:, 0], pairs[:, 1]]
    assert (np.diff(values) < 1 / 255).all()
    assert values[0] == similarity.max()
