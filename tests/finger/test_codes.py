from __future__ import annotations

import numpy as np

from tenprint.finger import codes


def test_bits_follow_the_edges_and_not_the_place_of_the_finger(scattered, again):
    one = scattered(1)
    moved = again(one, 1, turn=0.7, shift=40.0, lost=0.0)
    other = codes.described(scattered(2)).bits

    def nearest(bits: np.ndarray, others: np.ndarray) -> float:
        differ = np.bitwise_count(bits[:, None] ^ others[None]).sum(2)
        return float(np.median(differ.min(1)))

    own = codes.described(one).bits
    assert nearest(own, own) == 0
    assert nearest(own, codes.described(moved).bits) < 0.75 * nearest(own, other)


def test_every_edge_sets_the_two_nearest_bins_of_each_kind():
    points = np.array([[100, 100, 0.0], [121, 100, 0.0], [100, 131, 1.0], [142, 100, 2.0], [100, 156, 3.0]], np.float32)
    bits, valid = codes.codes(points)
    assert (valid != 0).all()
    # edges of 21, 31, 42 and 56 pixels lie on the middle of one length each: four bins in one word
    assert np.bitwise_count(bits[0]).tolist() == [0, 4, 4, 4, 4, 0]


def test_with_too_few_edges_there_are_no_bits():
    bits, valid = codes.codes(np.array([[100, 100, 0], [120, 100, 0]], np.float32))
    assert not bits.any()
    assert not valid.any()
    assert codes.codes(np.zeros((0, 3), np.float32))[0].shape == (0, 6)
