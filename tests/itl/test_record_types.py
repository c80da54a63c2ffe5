"""I7 to I13, I18, I19, I23 to I25: rules of record types, compressions, sizes, versions; images are looked at."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.itl import cards
from typer.testing import CliRunner

from tenprint import itl
from tenprint.cli.app import app
from tenprint.itl.check import in_images
from tenprint.itl.decode import encode_wsq
from tenprint.itl.kinds import record_types


def checked(transaction: itl.Transaction, folder: Path) -> tuple[int, dict[str, str]]:
    """Exit code of ``card check`` and the worst severity by field."""
    file = folder / "card.eft"
    file.write_bytes(transaction.to_bytes())
    result = CliRunner().invoke(app, ["card", "check", str(file), "--json"])
    found = json.loads(result.output)["findings"]
    told: dict[str, str] = {}
    for item in sorted(found, key=lambda f: f["severity"], reverse=True):
        told[item["field"]] = item["severity"]
    return result.exit_code, told


def with_record(kind: int, values: dict[int, str], data: bytes = b"") -> itl.Transaction:
    base = cards.card("type-14", (1,))

    record = itl.build.tagged(kind, values | {2: "77"}, data)
    first, second = base.records[0], base.records[1]
    return itl.build.compose(
        {n: first.get(n) for n in (4, 7, 8, 9)}, {5: "Y", 18: second.get(18) or ""}, [(kind, 77, record)],
        when=cards.WHEN,
    )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(kind for kind, rules in record_types().items() if rules.needed))
def test_i7_every_record_type_says_which_of_its_fields_are_missing(kind: int, tmp_path: Path) -> None:
    status, told = checked(with_record(kind, {30: "X"}), tmp_path)
    assert status == 1
    for number in record_types()[kind].needed:
        assert told.get(f"{kind}.{number:03d}") == "error", (number, told)


@pytest.mark.parametrize("kind", [10, 17])
def test_i7_wsq_is_for_prints_only(kind: int, tmp_path: Path) -> None:
    wsq = cards.finger(1).compressed()
    transaction = with_record(kind, {6: "120", 7: "150", 11: "WSQ20"}, wsq)
    _, told = checked(transaction, tmp_path)
    assert told[f"{kind}.011"] == "error"


def changed(form: str, changes: dict[int, object]) -> itl.Transaction:
    transaction = cards.card(form)
    record = transaction.first(4 if form == "type-4" else 14)
    assert record is not None
    for number, value in changes.items():
        record.set(number, value)  # type: ignore[arg-type]
    return transaction


def test_i8_fields_of_2007_need_a_version_that_has_them(tmp_path: Path) -> None:
    transaction = changed("type-14", {21: "1\x1f0\x1f90\x1f0\x1f90"})
    assert checked(transaction, tmp_path) == (0, {})
    transaction.records[0].set("VER", "0300")
    status, told = checked(transaction, tmp_path)
    assert (status, told) == (1, {"1.002": "error", "14.021": "error"})


@pytest.mark.parametrize("number", [200, 555, 900, 995, 996, 998])
def test_i9_fields_that_ebts_does_not_have_are_a_warning(number: int, tmp_path: Path) -> None:
    assert checked(changed("type-14", {number: "X"}), tmp_path) == (0, {f"14.{number}": "warning"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [({9: "72", 10: "72"}, "14.009"), ({10: "1000"}, "14.010"), ({9: "1000", 10: "1000"}, "14.011")],
)
def test_i10_resolution(changes: dict[int, object], field: str, tmp_path: Path) -> None:
    status, told = checked(changed("type-14", changes), tmp_path)
    assert (status, told[field]) == (1, "error")


@pytest.mark.parametrize("form", ["type-4", "type-14"])
def test_i11_a_lossy_jpeg_is_no_print(form: str, tmp_path: Path) -> None:
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(cards.ridges(1)).save(stream, "JPEG")
    code = {8: 2, 9: stream.getvalue()} if form == "type-4" else {11: "JPEGB", 999: stream.getvalue()}
    status, told = checked(changed(form, code), tmp_path)
    assert (status, told["4.008" if form == "type-4" else "14.011"]) == (1, "error")


@pytest.mark.parametrize(("height", "width", "warned"), [(60, 60, True), (900, 900, True), (752, 804, False)])
def test_i12_sizes_of_a_rolled_print(height: int, width: int, warned: bool, tmp_path: Path) -> None:
    image = encode_wsq(cards.ridges(1, height, width))
    status, told = checked(changed("type-4", {6: width, 7: height, 9: image}), tmp_path)
    assert (status, told) == (0, {"4.009": "warning"} if warned else {})


@pytest.mark.parametrize("form", ["type-4", "type-14"])
def test_i13_one_idc_twice(form: str, tmp_path: Path) -> None:
    raw = cards.raw(form)
    first, second = (itl.read(raw).of_type(4, 14)[n] for n in (0, 1))
    doubled = bytearray(raw)
    if form == "type-4":
        doubled[second.offset + 4] = first.idc or 0
    else:
        at = raw.index(b"14.002:", second.offset) + 7
        doubled[at : at + 2] = b"%02d" % (first.idc or 0)
    cnt = raw.index(b"\x1e%d\x1f%02d" % (second.type, second.idc or 0))
    doubled[cnt : cnt + len(b"\x1e%d\x1f00" % second.type)] = b"\x1e%d\x1f%02d" % (second.type, first.idc or 0)
    status, told = checked(itl.read(bytes(doubled), strict=False), tmp_path)
    assert status == 1
    assert {"1.003": "error", f"{second.type}.002": "error"} == told


def test_i18_position_19_says_where_it_was_taken(tmp_path: Path) -> None:
    _, told = checked(changed("type-14", {13: "19"}), tmp_path)
    assert (told["14.014"], told["14.015"]) == ("error", "error")


def test_i19_fingers_of_mobile_devices_are_there_and_a_warning(tmp_path: Path) -> None:
    transaction = cards.card("type-14", (1, 6, 5, 10, 2, 7))
    for record, position in zip(transaction.of_type(14), (1, 6, 42, 45, 40, 43), strict=True):
        record.set(13, str(position))
        record.set(3, "0")
    assert checked(transaction, tmp_path) == (0, {"14.013": "warning"})


def test_i19_wsq_without_its_20_and_a_character_set_with_a_blank(tmp_path: Path) -> None:
    transaction = changed("type-14", {11: "WSQ"})
    transaction.records[0].set("DCS", "001\x1fISO 8859-1")
    assert checked(transaction, tmp_path) == (0, {"14.011": "warning"})


@pytest.mark.parametrize("form", ["type-4", "type-14"])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_i24_an_image_that_ends_too_early_is_damage(form: str, share: float, tmp_path: Path) -> None:
    whole = cards.finger(1).compressed()
    start = whole.index(b"\xff\xa3")
    cut = whole[: start + int((len(whole) - start) * share)].rstrip(b"\xff") + b"\xff\xa1"
    number = 9 if form == "type-4" else 999
    transaction = changed(form, {number: cut})
    tag = "4.009" if form == "type-4" else "14.999"
    status, told = checked(transaction, tmp_path)
    assert (status, told[tag]) == (1, "error")
    image = transaction.of_type(4, 14)[0].image()
    assert image is not None
    with pytest.raises(itl.ItlError, match="blocks"):
        image.pixels()


def test_i25_blank_and_inverted_pictures_are_named(tmp_path: Path) -> None:
    grey = np.clip(np.full((150, 120), 250) + np.random.default_rng(1).integers(-2, 3, (150, 120)), 0, 255)
    blank = encode_wsq(grey.astype(np.uint8))
    assert checked(changed("type-4", {9: blank}), tmp_path) == (0, {"4.009": "warning"})
    dark = encode_wsq((cards.ridges(1) // 3).astype(np.uint8))
    found = in_images(changed("type-4", {9: dark}))
    assert [f.rule for f in found] == ["image-inverted"]


def test_i23_images_of_real_files_are_whole(files: list[Path]) -> None:
    damaged = {
        path.name: [f for f in in_images(itl.read(path, strict=False)) if f.rule in {"image-data", "image-blank"}]
        for path in files
    }  # fmt: skip
    assert {name for name, found in damaged.items() if found} == {"valid1.2.an2"}, (
        damaged
    )  # its Type-6 header says 800 x 800, its pixels are 512 x 512


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--fail-on", "warning"], 1)])
def test_i21_a_warning_fails_where_asked(options: list[str], status: int, tmp_path: Path) -> None:
    file = tmp_path / "card.eft"
    file.write_bytes(changed("type-14", {200: "X"}).to_bytes())
    assert CliRunner().invoke(app, ["card", "check", str(file), *options]).exit_code == status


def test_i21_fail_on_takes_error_or_warning(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["card", "check", str(tmp_path / "card.eft"), "--fail-on", "x"])
    assert result.exit_code != 0
    assert "--fail-on: expected error or warning" in str(result.exception)


@pytest.mark.parametrize(("bits", "order"), [*((n, ">u2") for n in range(9, 17)), *((n, "<u2") for n in range(9, 16))])
def test_i29_nine_to_sixteen_bits_lie_in_two_bytes(bits: int, order: str) -> None:
    grey = cards.ridges(1)
    wide = (grey.astype(np.uint32) << (bits - 8)).astype(order).tobytes()
    image = changed("type-14", {11: "NONE", 12: str(bits), 999: wide}).of_type(14)[0].image()
    assert image is not None
    assert image.fits
    assert np.array_equal(image.pixels(), grey)
