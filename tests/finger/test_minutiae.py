from __future__ import annotations

import numpy as np
import pytest

from tenprint import finger
from tenprint.finger import ImageUnusable, images, minutiae


def test_impressions_of_a_real_finger_match_and_others_do_not(fvc):
    def template(name: str) -> finger.Template:
        return finger.extract(*finger.read_image(fvc / "fvc2002" / "DB3_B" / name))

    a, b, c = template("101_1.png"), template("101_2.png"), template("105_1.png")
    assert finger.compare(a, b) > finger.threshold(1) > finger.compare(a, c)


def test_resolution_comes_from_the_picture(fvc):
    assert finger.read_image(fvc / "fvc2004" / "DB3_B" / "101_1.png")[1] == 512
    assert finger.read_image(fvc / "fvc2004" / "DB1_B" / "101_1.png")[1] == 500


def test_empty_space_around_a_finger_is_cropped_and_changes_next_to_nothing(fvc):
    pixels, _ = finger.read_image(fvc / "fvc2004" / "DB1_B" / "102_3.png")
    large = np.full((992, 1280), pixels[0, 0], np.uint8)
    large[256:736, 320:960] = pixels
    whole, _ = minutiae.locate(large)
    cropped, _ = minutiae.locate(large, images.foreground(large))
    assert minutiae.window(large.shape, (0, 0), images.foreground(large)) != (slice(0, 992), slice(0, 1280))
    places = {(x, y) for x, y, *_ in whole.tolist()} ^ {(x, y) for x, y, *_ in cropped.tolist()}
    assert len(places) <= 3


def test_a_picture_that_is_mostly_finger_is_not_cropped(fvc):
    pixels, _ = finger.read_image(fvc / "fvc2004" / "DB1_B" / "102_3.png")
    assert minutiae.window(pixels.shape, (0, 0), images.foreground(pixels)) == (slice(0, 480), slice(0, 640))


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((300, 300), np.uint8), np.zeros((5, 5), np.uint8), np.full((1, 3000), 255, np.uint8)],
)  # fmt: skip
def test_nothing_to_see_gives_an_empty_template(pixels):
    assert len(finger.extract(pixels)) == 0


@pytest.mark.parametrize(
    ("pixels", "ppi"),
    [
        (np.zeros((10, 10, 3), np.uint8), 500),
        (np.zeros((10, 10)), 500),
        ("picture", 500),
        (np.zeros((10, 10), np.uint8), 1),
        (np.zeros((10, 10), np.uint8), float("nan")),
        (np.zeros((0, 10), np.uint8), 500),
    ],
)
def test_what_is_no_picture_is_refused(pixels, ppi):
    with pytest.raises(ImageUnusable, match="expected"):
        finger.extract(pixels, ppi)


def test_a_picture_of_several_fingers_is_refused():
    noise = np.random.default_rng(1).integers(0, 255, (1000, 1700), dtype=np.uint8)
    with pytest.raises(ImageUnusable, match="one finger"):
        finger.extract(noise)


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(ImageUnusable, match=r"a\.png"):
        finger.read_image(tmp_path / "a.png")
    with pytest.raises(ImageUnusable):
        finger.read_image(tmp_path / "absent.png")
