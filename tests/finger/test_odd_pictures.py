"""Pictures that are not one upright finger in 8-bit gray at its stated resolution: corrected, or named."""

from __future__ import annotations

import io
import json

import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tenprint import finger, itl
from tenprint.cli.common import Refused
from tenprint.cli.finger import app
from tenprint.finger import ridges, segmentation, xyt
from tenprint.finger.matching import LEAST_MINUTIAE


@pytest.fixture(scope="module")
def sensor(more_fingers):
    return more_fingers / "neurotechnology-crossmatch"


@pytest.fixture(scope="module")
def mate(sensor):
    return finger.extract(*finger.read_image(sensor / "1307_1.png"))


@pytest.fixture(scope="module")
def gray(sensor):
    return finger.read_image(sensor / "1307_2.png")[0]


def resized(gray, ppi):
    return cv2.resize(gray, None, fx=ppi / 500, fy=ppi / 500, interpolation=cv2.INTER_AREA)


def stored(picture, kind="PNG", **more):
    store = io.BytesIO()
    picture.save(store, kind, **more)
    return store.getvalue()


@pytest.mark.parametrize("ppi", [300, 1000])
def test_f7_a_resolution_that_cannot_be_true_is_corrected_and_named(mate, gray, ppi):
    wrong = resized(gray, ppi)
    assert finger.compare(mate, finger.extract(wrong, 500.0)) > finger.threshold(1)
    (note,) = finger.look(wrong, 500.0)
    seen = ridges.ridges(wrong)
    apart = seen.period if ppi < 500 else seen.white
    assert f"500 ppi cannot be: ridges would be {apart:.1f} pixels apart" in note
    assert f"taken as {ppi} ppi" in note
    assert finger.look(wrong, float(ppi)) == ()


def test_f7_no_print_of_real_people_at_its_own_resolution_is_doubted(sensor, more_fingers, fvc):
    every = [*sensor.glob("*_[12].png"), *more_fingers.glob("*uareu/*_3.png"), *fvc.rglob("*_[35].png")]
    assert len(every) > 150
    notes = {path.name: finger.look(*finger.read_image(path)) for path in every}
    assert not [name for name, said in notes.items() if any("cannot be" in note or "beside" in note for note in said)]
    assert sum(map(len, notes.values())) <= 1  # one print of a dry finger has no window that is sure of ridges


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("factor", [257, 64, 16, 4, 1])
def test_f8_deep_pictures_are_scaled_by_the_bits_they_use(mate, gray, kind, factor):
    pixels, _ = finger.read_image(stored(Image.fromarray(gray.astype(np.uint16) * factor), kind))
    assert finger.compare(mate, finger.extract(pixels)) > finger.threshold(1)
    assert abs(int(np.median(pixels)) - int(np.median(gray))) <= 4


def test_f8_ink_on_a_transparent_ground_and_one_bit(mate, gray):
    clear = np.zeros((*gray.shape, 4), np.uint8)
    clear[..., 3] = 255 - gray
    pixels, _ = finger.read_image(stored(Image.fromarray(clear)))
    assert np.abs(pixels.astype(int) - gray).max() <= 1
    for one in (Image.fromarray(gray).convert("1"), Image.fromarray(gray > 140).convert("1")):
        bits, _ = finger.read_image(stored(one))
        assert finger.compare(mate, finger.extract(bits)) > finger.threshold(1)


def test_f9_two_fingers_in_one_picture_are_no_template(gray, sensor, mate):
    other, _ = finger.read_image(sensor / "1204_1.png")
    both = np.hstack([gray, other])
    assert finger.look(both, 500.0) == ("2 fingers beside each other where one is expected",)
    with pytest.raises(finger.FingerError, match="shows 2 beside each other; cut it with `tenprint finger segment`"):
        finger.extract(both)
    cut = [both[top:bottom, left:right] for left, top, right, bottom in segmentation.fingers(both)]
    scores = [finger.compare(mate, finger.extract(np.ascontiguousarray(one))) for one in cut]
    assert scores[0] > finger.threshold(1) > scores[1]


def test_f9_one_finger_in_two_pieces_stays_one(gray):
    creased = gray.copy()
    creased[230:250] = 255
    assert segmentation.several(creased, 500.0) == 1
    scarred = gray.copy()
    scarred[:, 250:262] = 255
    assert segmentation.several(scarred, 500.0) == 1


def test_f10_upside_down_is_found_and_mirrored_is_named_and_no_match(mate, gray, sensor, tmp_path):
    upside = finger.extract(np.ascontiguousarray(gray[::-1, ::-1]))
    assert finger.compare(mate, upside) > finger.threshold(1)
    assert finger.compare(mate, upside) == finger.compare(upside, mate)
    for name, pixels in {"up": gray[::-1, ::-1], "mirror": gray[:, ::-1]}.items():
        Image.fromarray(np.ascontiguousarray(pixels)).save(tmp_path / f"{name}.png", dpi=(500, 500))
    said = {name: compared(sensor / "1307_1.png", tmp_path / f"{name}.png") for name in ("up", "mirror")}
    assert said["up"]["match"]
    assert "upside down" in said["up"]["notes"][0]
    assert not said["mirror"]["match"]
    assert "mirrored" in said["mirror"]["notes"][0]


def compared(*files, code=0):
    done = CliRunner().invoke(app, ["compare", *map(str, files), "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("what", ["white", "black", "noise", "lines"])
def test_f13_what_is_no_finger_is_said_to_be_none(tmp_path, what):
    pixels = {
        "white": np.full((400, 380), 255, np.uint8),
        "black": np.zeros((400, 380), np.uint8),
        "noise": np.random.default_rng(1).integers(0, 255, (400, 380), dtype=np.uint8),
        "lines": np.tile(np.where(np.arange(400) % 40 < 3, 0, 255).astype(np.uint8)[:, None], (1, 380)),
    }[what]
    assert finger.look(pixels, 500.0) == ("no finger is seen: nowhere are there ridges",)
    assert len(finger.extract(pixels)) < LEAST_MINUTIAE
    Image.fromarray(pixels).save(tmp_path / "odd.png", dpi=(500, 500))
    assert compared(tmp_path / "odd.png", tmp_path / "odd.png", code=1)["verdict"] == "no finger seen"


def test_f4_a_handful_of_minutiae_is_no_match_by_itself(mate):
    few = finger.Template.make(mate.minutiae[:9], mate.kinds[:9], width=mate.width, height=mate.height)
    assert finger.compare(few, mate) < finger.threshold(1)
    assert finger.compare(few, few) < finger.threshold(1)


def test_f11_slaps_are_cut_into_fingers_that_match_those_of_another_taking(more_fingers):
    takings = {}
    for path in sorted((more_fingers / "slaps").glob("*.png")):
        pixels, ppi = finger.read_image(path)
        found = segmentation.segment(pixels, ppi)
        assert [one.position for one in found] == [2, 3, 4, 5]
        left = np.ascontiguousarray(pixels[:, ::-1])
        assert [one.position for one in segmentation.segment(left, ppi)] == [10, 9, 8, 7]
        cut = {o.position: pixels[o.box[1] : o.box[3], o.box[0] : o.box[2]] for o in found}
        takings[path.stem] = {p: finger.extract(np.ascontiguousarray(one), ppi) for p, one in cut.items()}
    first, second, *others = takings.values()
    for p, template in first.items():
        assert finger.compare(template, second[p]) > finger.threshold(1, 100)
        assert all(finger.compare(template, other[p]) < finger.examine_from(1) for other in others)


def test_f11_a_finger_that_is_missing_leaves_no_wrong_position(more_fingers):
    pixels, ppi = finger.read_image(more_fingers / "slaps" / "Image_00_1_1.png")
    ring = next(one.box for one in segmentation.segment(pixels, ppi, 13) if one.position == 4)
    pixels = pixels.copy()
    pixels[:, ring[0] - 20 : ring[2] + 20] = 255
    assert {one.position for one in segmentation.segment(pixels, ppi, 13)} == {None}
    assert [one.position for one in segmentation.segment(pixels, ppi, 13, missing={4})] == [2, 3, 5]


def test_f11_slaps_of_paper_with_letters_handwriting_and_a_punched_hole(data):
    card = itl.read(data / "itl" / "nist_ref" / "type-4-slaps.an2", strict=False)
    images = {record.image().position: record.image() for record in card.of_type(4)}
    for slap, positions in {13: [2, 3, 4, 5], 14: [10, 9, 8, 7]}.items():
        pixels = images[slap].pixels()
        found = segmentation.segment(pixels, 500.0, slap)
        assert [one.position for one in found] == positions
        assert all(100 < b[2] - b[0] < 400 and 200 < b[3] - b[1] < 520 for b in (one.box for one in found))
        unstated = segmentation.segment(pixels, 500.0)
        assert [one.box for one in unstated] == [one.box for one in found]
        assert [one.position for one in unstated] in (positions, [None] * 4)  # askew, the hand cannot be told


def test_f11_the_command_writes_one_png_a_finger(more_fingers, tmp_path):
    slap = more_fingers / "slaps" / "Image_00_2_1.png"
    done = CliRunner().invoke(app, ["segment", str(slap), "--out", str(tmp_path / "cut"), "--json"])
    rows = json.loads(done.stdout)
    assert [row["position"] for row in rows] == [2, 3, 4, 5]
    assert sorted(path.name for path in (tmp_path / "cut").iterdir()) == ["02.png", "03.png", "04.png", "05.png"]
    for row in rows:
        left, top, right, bottom = row["box"]
        file = tmp_path / "cut" / f"{row['position']:02d}.png"
        assert Image.open(file).size == (right - left, bottom - top)
        assert file.stat().st_mode & 0o077 == 0, "a finger is its owner's alone (T14)"


@pytest.mark.parametrize("end", ["fmr", "xyt", "ansi"])
def test_f22_records_out_are_read_back_and_say_where_they_come_from(sensor, tmp_path, end):
    picture, record = sensor / "1307_1.png", tmp_path / f"m.{end}"
    done = CliRunner().invoke(app, ["minutiae", str(picture), "--record", str(record)])
    assert done.exit_code == 0
    found = compared(record, sensor / "1307_2.png")
    assert found["match"]
    assert "scores are calibrated for those that this program finds" in found["notes"][0]


@pytest.mark.parametrize(
    "text", [b"", b"1 2\n", b"a b c d\n", b"1 2 400 50\n", b"1 -2 40 50\n", b"1 2 3 4 5\n", b"\xff\xfe"]
)
def test_f22_a_damaged_xyt_file_is_refused_with_a_sentence(text, tmp_path):
    with pytest.raises(finger.TemplateUnusable, match="xyt"):
        xyt.read(text)
    (tmp_path / "m.xyt").write_bytes(text)
    done = CliRunner().invoke(app, ["compare", str(tmp_path / "m.xyt"), str(tmp_path / "m.xyt")])
    assert isinstance(done.exception, Refused)
    assert "object at 0x" not in str(done.exception)


def test_f23_one_print_is_searched_in_a_folder(sensor, tmp_path):
    for name in ("1307_2", "1204_1", "1305_1"):
        (tmp_path / f"{name}.png").write_bytes((sensor / f"{name}.png").read_bytes())
    (tmp_path / "damaged.png").write_bytes(b"no picture")
    done = CliRunner().invoke(app, ["search", str(sensor / "1307_1.png"), "--gallery", str(tmp_path), "--json"])
    found = json.loads(done.stdout)
    assert found["searched"] == 3
    assert found["threshold"] == finger.threshold(1, 3)
    best, *rest = found["candidates"]
    assert (best["name"], best["verdict"]) == (str(tmp_path / "1307_2.png"), "match")
    assert {row["verdict"] for row in rest} == {"no match"}
    assert "damaged.png" in found["left_out"][0]


def test_f24_a_no_match_says_so_and_draws_no_match(sensor, tmp_path):
    arguments = ["compare", str(sensor / "1307_1.png"), str(sensor / "1204_1.png")]
    done = CliRunner().invoke(app, [*arguments, "--picture", str(tmp_path / "no.png")])
    assert done.stdout.startswith("NO MATCH: score")
    assert "by chance in any two fingers" in done.stdout
    drawn = cv2.imread(str(tmp_path / "no.png"))
    green = (drawn[..., 1].astype(int) - drawn[..., 2] > 80) & (drawn[..., 1].astype(int) - drawn[..., 0] > 80)
    assert not green.any()
    arguments[2] = str(sensor / "1307_2.png")
    CliRunner().invoke(app, [*arguments, "--picture", str(tmp_path / "yes.png")])
    drawn = cv2.imread(str(tmp_path / "yes.png"))
    green = (drawn[..., 1].astype(int) - drawn[..., 2] > 80) & (drawn[..., 1].astype(int) - drawn[..., 0] > 80)
    assert green.any()


def test_f25_one_finger_under_two_names_is_pointed_out(sensor, tmp_path):
    for wanted, name in {"1307_1": "1_1", "1307_2": "1_2", "1307_3": "2_1", "1204_1": "3_1"}.items():
        (tmp_path / f"{name}.png").write_bytes((sensor / f"{wanted}.png").read_bytes())
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path)])
    assert "one finger under two names? 1_1.png and 2_1.png" in done.stdout
    assert "3_1.png" not in done.stdout
