"""Images: what they are, what their header says, their pixels, their resolution."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture
from tests.itl import cards

from tenprint import itl
from tenprint.itl import Code, ItlError, build
from tenprint.itl.decode import encode_wsq
from tenprint.itl.image import Image

# 8 x 6 pixels whose value is 4 * row + column, coded as lossless JPEG (process 14, SOF3).
LOSSLESS = Path(__file__).with_name("lossless.jpg.b64")


def tagged(kind: int, data: bytes, **values: str) -> Image:
    numbers = {
        "3": "1",
        "4": "WVTEST000",
        "5": "20240105",
        "6": "120",
        "7": "150",
        "8": "1",
        "9": "500",
        "10": "500",
        "11": "WSQ20",
        "12": "8",
        "13": "2",
    }
    numbers |= {name.removeprefix("f"): value for name, value in values.items()}
    record = build.tagged(kind, {2: "01", **{int(number): value for number, value in numbers.items() if value}}, data)
    first = {4: "CAR", 7: "WVIAFIS0Z", 8: "WVTEST000"}
    transaction = build.compose(first, {}, [(kind, 1, record)], when=cards.WHEN, resolution="19.69")
    found = transaction.records[2].image()
    assert found is not None
    return found


def saved(form: str, pixels: np.ndarray, **options: object) -> bytes:
    target = io.BytesIO()
    Picture.fromarray(pixels).save(target, form, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("code", "form", "name", "options"),
    [
        ("PNG", "PNG", "PNG", {}),
        ("JP2L", "JPEG2000", "JP2", {"irreversible": False}),
        ("JPEGB", "JPEG", "JPEG", {"quality": 95}),
    ],
)
def test_formats_pillow_reads(code: str, form: str, name: str, options: dict[str, object]):
    pixels = cards.ridges(3)
    image = tagged(14, saved(form, pixels, **options), f11=code)
    assert (image.format, image.claimed, image.width, image.height) == (name, name, 120, 150)
    worst = np.abs(image.pixels().astype(int) - pixels).max()
    assert worst == 0 if name != "JPEG" else worst < 40


def test_lossless_jpeg():
    data = base64.b64decode(LOSSLESS.read_text())
    image = tagged(14, data, f6="8", f7="6", f11="JPEGL")
    assert (image.format, image.header_agrees) == ("JPEGL", True)
    assert (image.pixels() == np.arange(6)[:, None] * 4 + np.arange(8)).all()


def test_wsq_keeps_the_print_and_states_its_rate():
    pixels = cards.ridges(5, 400, 400)
    data = encode_wsq(pixels)
    assert 0.3 < len(data) * 8 / pixels.size < 1.2
    image = tagged(14, data, f6="400", f7="400")
    assert np.abs(image.pixels().astype(int) - pixels).mean() < 10


def test_wsq_of_a_pure_wave_is_not_rubbish():
    y, x = np.mgrid[0:300, 0:260]
    pixels = (127 + 100 * np.sin(x / 8 + y / 9)).astype(np.uint8)
    image = tagged(14, encode_wsq(pixels), f6="260", f7="300")
    assert np.abs(image.pixels().astype(int) - pixels).mean() < 10


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((3, 3, 3), np.uint8),
        np.zeros((90, 90), np.uint16),
        np.zeros((0, 9), np.uint8),
        np.zeros((4, 4), np.uint8),
    ],
)
def test_what_wsq_cannot_code_is_refused(pixels: np.ndarray):
    with pytest.raises(ItlError):
        encode_wsq(pixels)


def test_the_certification_references_decode_close_to_their_originals(data: Path):
    import json

    folder = data / "itl" / "wsq_ref"
    sizes = json.loads((folder / "raw-image-dimensions.json").read_text())
    found = sorted(folder.glob("*.075.wsq"))
    assert found
    for path in found:
        raw = path.with_name(path.name.replace(".075.wsq", ".raw")).read_bytes()
        image = tagged(14, path.read_bytes())
        assert image.width * image.height == len(raw)
        assert str(image.width) in json.dumps(sizes)
        original = np.frombuffer(raw, np.uint8).reshape(image.height, image.width).astype(int)
        assert np.sqrt(((image.pixels() - original) ** 2).mean()) < 16


def test_raw_pixels_need_exactly_their_bytes():
    pixels = cards.ridges(1)
    assert (tagged(13, pixels.tobytes(), f11="NONE").pixels() == pixels).all()
    for data in (pixels.tobytes()[:-1], pixels.tobytes() + b"x"):
        image = tagged(13, data, f11="NONE")
        assert not image.fits
        with pytest.raises(ItlError) as caught:
            image.pixels()
        assert caught.value.code == Code.IMAGE_SIZE


def test_raw_colour_and_sixteen_bits():
    color = np.zeros((150, 120, 3), np.uint8)
    color[..., 1] = 200
    assert (tagged(13, color.tobytes(), f11="NONE", f12="24").pixels() == 117).all()
    deep = np.full((150, 120), 0x8001, ">u2")
    assert (tagged(13, deep.tobytes(), f11="NONE", f12="16").pixels() == 0x80).all()


def test_a_header_that_disagrees_is_told_and_the_image_is_its_own_size():
    image = tagged(14, cards.finger(2).wsq, f6="800", f7="750")
    assert (image.width, image.height, image.header_width, image.header_agrees) == (120, 150, 800, False)
    assert image.pixels().shape == (150, 120)


def test_a_claim_that_disagrees_is_told():
    image = tagged(14, saved("PNG", cards.ridges(1)), f11="WSQ20")
    assert (image.claimed, image.format) == ("WSQ", "PNG")
    assert image.pixels().shape == (150, 120)


def test_damaged_and_unknown_images_are_refused():
    wsq = cards.finger(1).wsq
    for data in (wsq[:100], wsq[: len(wsq) // 3], b"\xff\xa0" + bytes(50), saved("PNG", cards.ridges(1))[:400]):
        with pytest.raises(ItlError):
            tagged(14, data).pixels()
    unknown = tagged(14, b"neither this nor that")
    assert unknown.format == "UNKNOWN"
    with pytest.raises(ItlError) as caught:
        unknown.pixels()
    assert caught.value.code == Code.NO_DECODER
    assert (caught.value.record, caught.value.field) == (2, "14.999")


def test_an_image_that_claims_too_many_pixels_is_refused():
    bomb = cards.finger(1).wsq
    at = bomb.index(b"\xff\xa2")
    bomb = bomb[: at + 6] + b"\xff\xff\xff\xff" + bomb[at + 10 :]
    with pytest.raises(ItlError) as caught:
        tagged(14, bomb).pixels()
    assert caught.value.code == Code.LIMIT


@pytest.mark.parametrize(
    ("unit", "scale", "ppi", "source"),
    [
        ("1", "500", 500.0, "record"),
        ("2", "197", 500.38, "record"),
        ("1", "1000", 1000.0, "record"),
        ("0", "1", 500.0, "image"),
        ("2", "394", 1000.76, "record"),
    ],
)
def test_resolution_of_a_tagged_image(unit: str, scale: str, ppi: float, source: str):
    image = tagged(14, cards.finger(1).wsq, f8=unit, f9=scale, f10=scale)
    assert (image.ppi, image.ppi_source) == (ppi, source)


def test_resolution_of_a_binary_image_and_of_none():
    transaction = cards.card("type-4", (1,))
    assert transaction.records[2].image().ppi == 500.0
    transaction.records[2].set("ISR", 1)
    image = itl.read(transaction.to_bytes()).records[2].image()
    assert (image.ppi, image.ppi_source) == (500.13, "transaction")
    plain = tagged(13, cards.ridges(1).tobytes(), f8="0", f9="1", f10="1", f11="NONE")
    assert (plain.ppi, plain.ppi_source) == (500.0, "default")


def binary(kind: int, header: bytes, data: bytes) -> Image:
    record = (4 + len(header) + len(data)).to_bytes(4, "big") + header + data
    first = {4: "CAR", 7: "WVIAFIS0Z", 8: "WVTEST000"}
    image = build.compose(first, {}, [(kind, 1, record)], when=cards.WHEN).records[2].image()
    assert image is not None
    return image


def test_bilevel_images():
    bits = (np.add.outer(np.arange(20), np.arange(35)) % 3 == 0).astype(np.uint8)
    for kind, ppi in ((5, 250.0), (6, 500.0)):
        header = bytes([1, 1, 2, 255, 255, 255, 255, 255, 0, 0, 35, 0, 20, 0])
        image = binary(kind, header, np.packbits(bits, axis=1).tobytes())
        assert (image.format, image.position, image.ppi) == ("BILEVEL", 2, ppi)
        assert (image.pixels() == (1 - bits) * 255).all()


def test_facsimile_images():
    bits = np.add.outer(np.arange(40), np.arange(48)) % 16 < 8
    page = Picture.fromarray(np.where(bits, 0, 255).astype(np.uint8)).convert("1")
    target = io.BytesIO()
    page.save(target, "TIFF", compression="group4")
    tags = Picture.open(io.BytesIO(target.getvalue())).tag_v2
    strip = target.getvalue()[tags[273][0] : tags[273][0] + tags[279][0]]
    image = binary(6, bytes([1, 1, 2, 255, 255, 255, 255, 255, 0, 0, 48, 0, 40, 1]), strip)
    assert image.format == "FAX"
    black = image.pixels() == 0
    assert (black == bits).all() or (black == ~bits).all()  # the writer's photometric tag is not in the strip
    signature = binary(8, bytes([1, 0, 1, 0, 0, 48, 0, 40]), target.getvalue())
    assert (signature.format, signature.pixels().shape) == ("TIFF", (40, 48))


def test_vector_signatures_have_no_decoder_and_say_so():
    image = binary(8, bytes([1, 0, 2, 1, 0, 0, 0, 0]), bytes(20))
    assert image.format == "VECTOR"
    with pytest.raises(ItlError) as caught:
        image.pixels()
    assert caught.value.code == Code.NO_DECODER


def test_user_defined_images_are_read_like_type_4_only_when_they_are():
    like = bytes([1, 0, 9, 255, 255, 255, 255, 255, 0, 0, 4, 0, 3, 0])
    assert binary(7, like, bytes(12)).pixels().shape == (3, 4)
    assert binary(7, like, bytes(13)).format == "UNKNOWN"


def test_real_images_decode_or_say_why(files: list[Path]):
    refused = {}
    for path in files:
        for record in itl.read(path, strict=False).records:
            image = record.image()
            if image is None:
                continue
            try:
                assert image.pixels().shape == (image.height, image.width)
            except ItlError as fault:
                refused[path.name] = fault.code
    assert refused == {"valid1.2.an2": Code.IMAGE_SIZE}  # says one bit a pixel and holds 512 x 512 grey ones
