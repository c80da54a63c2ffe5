"""Odd files: strict reading refuses what lenient reading lists, nothing takes quadratic time, nothing crashes."""

from __future__ import annotations

import contextlib
import json
import random
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenprint import itl
from tenprint.cli.app import app
from tenprint.cli.common import Refused
from tenprint.itl import charset, check, several
from tenprint.itl.redact import redact


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("odd") / "card.eft"
    run("card", "make", "--seed", "7", "--out", file, "--field", "TCN=ODD-0000001")
    return file.read_bytes()


def run(*line: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(part) for part in line])
    if isinstance(done.exception, Refused):
        assert done.exception.code == code
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.stdout


def with_fields(base: bytes, fields: bytes) -> bytes:
    """The card with more fields at the end of its Type-2 record."""
    card = itl.read(base)
    second = bytes(card.records[1].view())
    body = second.partition(b"\x1d")[2][:-1] + b"\x1d" + fields + b"\x1c"
    for digits in range(3, 9):
        length = len(body) + len("2.001:") + digits + 1
        if len(str(length)) == digits:
            break
    new = b"2.001:" + str(length).encode() + b"\x1d" + body
    return base.replace(second, new, 1)


def strict_and_lenient_agree(content: bytes) -> None:
    """Strict refuses exactly what lenient lists as error."""
    errors = {d.code for d in itl.read(content, strict=False).deviations if d.level == "error"}
    try:
        itl.read(content)
        refused = None
    except itl.ItlError as fault:
        refused = fault.code
    assert refused in errors if errors else refused is None, f"strict says {refused}, lenient {errors}"


@pytest.mark.parametrize("notes", [0, 999, 1_000, 1_001, 5_000])
def test_i40_notes_hide_no_error(base: bytes, notes: int) -> None:
    fields = b"\x1d".join(b"2.0%d:x" % (3000 + n) for n in range(notes))
    content = (with_fields(base, fields) if notes else base) + b"junk that begins nothing"
    strict_and_lenient_agree(content)
    assert any(d.code.name == "TRAILING" for d in itl.read(content, strict=False).deviations)
    assert "trailing" in {f.rule.removeprefix("structure-") for f in check.findings(itl.read(content, strict=False))}


@pytest.mark.parametrize("kind", ["closed", "open", "bare", "nested"])
def test_i41_text_with_switches_is_read_in_linear_time_and_as_before(kind: str) -> None:
    kinds = {"closed": b"a\x02003=b\xc3\xa9\x03", "open": b"\x02003=", "bare": b"\x02", "nested": b"\x02003=\x02004="}
    piece = kinds[kind]
    took = {}
    for size in (100_000, 1_000_000):
        raw = piece * (size // len(piece)) + b"\xff"
        start = time.perf_counter()
        text = charset.ASCII.decode(raw)
        took[size] = time.perf_counter() - start
        assert len(text) > size / 20
    assert took[1_000_000] < 60 * max(took[100_000], 0.001), "ten times the bytes take no hundred times as long"
    assert charset.ASCII.decode(b"a\x02003=\xc3\xa9\x03b\x02001=\xe9\x03") == "a\xe9b\xe9"
    assert charset.ASCII.decode(b"\x02003=x") == "\x02003=x"


def test_i42_a_field_thousands_of_times_is_checked_in_linear_time_and_is_an_error(base: bytes) -> None:
    took = {}
    for times in (2_000, 20_000):
        card = itl.read(with_fields(base, b"\x1d".join([b"2.018:NAME,X"] * times)), strict=False)
        start = time.perf_counter()
        found = check.findings(card)
        took[times] = time.perf_counter() - start
        assert ("2.018", "structure-repeated-field", "error") in {(f.field, f.rule, f.severity) for f in found}
    assert took[20_000] < 60 * took[2_000]


@pytest.mark.parametrize("digits", [13, 400, 4_301, 5_000, 50_000])
def test_i43_a_number_of_thousands_of_digits_is_a_fault_of_the_file(base: bytes, digits: int, tmp_path: Path) -> None:
    card = itl.read(base)
    second = bytes(card.records[1].view())
    head, _, rest = second.partition(b"\x1d2.002:")
    body = b"\x1d2.002:" + b"9" * digits + b"\x1d" + rest.partition(b"\x1d")[2]
    length = len(second) - len(head) - len(b"\x1d2.002:" + rest) + len(body)
    new = b"2.001:" + str(len(body) + 6 + len(str(length + 10))).encode() + body
    new = b"2.001:" + str(len(new)).encode() + body
    file = tmp_path / "digits.eft"
    file.write_bytes(base.replace(second, new, 1))
    strict_and_lenient_agree(file.read_bytes())
    for command in ("show", "check", "roundtrip"):
        done = CliRunner().invoke(app, ["card", command, str(file)])
        assert done.exit_code in {0, 1, 2} or isinstance(done.exception, Refused), done.output
    redact(itl.read(file, strict=False), drop_images=True)


@pytest.mark.parametrize("idc", [b"\xe9\xe9", b"\xff", "Ж".encode(), b"A\xa0"])
def test_i44_an_idc_that_is_not_ascii_can_be_written_again(base: bytes, idc: bytes) -> None:
    extra = b"\x1d9.002:" + idc + b"\x1d9.003:4\x1c"
    record = b"9.001:" + str(len(extra) + 8).encode() + extra
    record = b"9.001:" + str(len(record)).encode() + extra
    card = itl.read(base + record, strict=False)
    redact(card, drop_images=True)
    assert itl.read(card.to_bytes(), strict=False).tcn == "ODD-0000001"


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\x00\x00"])
@pytest.mark.parametrize("number", [2, 3])
def test_i45_several_transactions_are_named_parted_and_put_together(
    base: bytes, tmp_path: Path, number: int, between: bytes
) -> None:
    others = [base.replace(b"ODD-0000001", b"ODD-000000%d" % n) for n in range(1, number + 1)]
    both = tmp_path / "both.eft"
    both.write_bytes(between.join(others))
    with pytest.raises(itl.ItlError, match="a second transaction begins here" if not between else "follow|begins"):
        itl.read(both)
    strict_and_lenient_agree(both.read_bytes())
    assert [r.type for r in itl.read(both, strict=False).records].count(1) == 1
    run("card", "split", both, "--out", tmp_path / "parts")
    parts = sorted((tmp_path / "parts").iterdir())
    assert [itl.read(p, strict=False).tcn for p in parts] == [f"ODD-000000{n}" for n in range(1, number + 1)]
    run("card", "join", *parts, "--out", tmp_path / "again.eft")
    assert (tmp_path / "again.eft").read_bytes() == both.read_bytes()
    both.write_bytes(base + b"\x01\x02 something else")
    assert "follow that begin no transaction" in run("card", "split", both, "--out", tmp_path / "no", code=2)


def test_i46_a_byte_order_mark_is_called_so_and_read_past_when_asked(base: bytes, tmp_path: Path) -> None:
    file = tmp_path / "mark.eft"
    file.write_bytes(b"\xef\xbb\xbf" + base)
    assert "a byte-order mark (EF BB BF) stands before the transaction" in run("card", "show", file, code=2)
    assert "ODD-0000001" in run("card", "show", "--lenient", file)
    strict_and_lenient_agree(file.read_bytes())


def test_strict_refuses_what_lenient_lists_on_damaged_cards(base: bytes) -> None:
    dice = random.Random(40)
    for _ in range(150):
        content = bytearray(base)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(min(len(content), 2_000))
            what = dice.random()
            if what < 0.4:
                content[at] = dice.randrange(256)
            elif what < 0.7:
                del content[at : at + dice.randint(1, 40)]
            else:
                content[at:at] = bytes(dice.choices(b"\x1c\x1d\x1e\x1f\x02\x030123456789.:A", k=dice.randint(1, 9)))
        try:
            itl.read(bytes(content), strict=False)
        except itl.ItlError:
            with pytest.raises(itl.ItlError):
                itl.read(bytes(content))
            continue
        strict_and_lenient_agree(bytes(content))
        with contextlib.suppress(itl.ItlError):
            assert b"".join(several.split(bytes(content))) == content


def test_i58_fields_are_set_from_the_command_line_and_nothing_else_changes(base: bytes, tmp_path: Path) -> None:
    file, out = tmp_path / "card.eft", tmp_path / "set.eft"
    file.write_bytes(base)
    run("card", "set", file, "2.018=OTHER,NAME", "1.009=ODD-0000009", "--out", out)
    before, after = itl.read(file), itl.read(out)
    assert (after.get("2.018"), after.tcn) == ("OTHER,NAME", "ODD-0000009")
    assert [bytes(r.view()) for r in after.records[2:]] == [bytes(r.view()) for r in before.records[2:]]
    told = json.loads(run("card", "set", out, "2.018=", "4.004@02=3", "--json"))
    assert [(t["field"], t["after"]) for t in told] == [("2.018", ""), ("4.004", "3")]
    assert itl.read(out).get("2.018") is None, "without --out the file itself is changed"
    for wrong, words in (
        ("2.018", "expected TAG=VALUE"),
        ("10.003=x", "there is no Type-10 record"),
        ("4.004@77=3", "there is no Type-4 record with IDC 77"),
        ("1.003=x", "follows from the records"),
    ):
        kept = out.read_bytes()
        assert words in run("card", "set", out, wrong, code=2)
        assert out.read_bytes() == kept


@pytest.mark.parametrize("tag", ["2.003", "2.311", "2.902", "2.9999"])
def test_i49_what_nobody_knows_to_be_harmless_goes_unless_it_is_kept(base: bytes, tmp_path: Path, tag: str) -> None:
    file, out = tmp_path / "own.eft", tmp_path / "out.eft"
    file.write_bytes(with_fields(base, tag.encode() + b":SAMPLE SECRET NAME"))
    told = json.loads(run("card", "redact", file, "--out", out, "--json"))
    assert {"field": tag, "why": "not known here to be harmless"}.items() <= next(
        r for r in told["redacted"] if r["field"] == tag
    ).items()
    assert b"SECRET" not in out.read_bytes()
    run("card", "redact", file, "--out", out, "--keep", tag)
    assert b"SECRET" in out.read_bytes()


def test_i50_i52_what_stays_is_said_and_no_template_is_kept_without_images(data: Path, tmp_path: Path) -> None:
    file, out = data / "itl" / "biomeval" / "type9-efs.an2k", tmp_path / "out.an2k"
    told = json.loads(run("card", "redact", file, "--out", out, "--json"))
    whys = {item["why"] for item in told["stays"]}
    assert {"minutiae identify a person", "a control number is needed for every answer, and may name somebody"} <= whys
    run("card", "redact", file, "--out", out, "--drop-images")
    assert {r.type for r in itl.read(out, strict=False).records} <= {1, 2}


@pytest.mark.parametrize("kind", ["WSQ", "JPEG", "PNG"])
def test_i51_text_inside_an_image_goes_and_the_picture_stays(kind: str) -> None:
    import io

    import numpy as np
    from PIL import Image, PngImagePlugin
    from tests.itl.cards import ridges

    from tenprint.itl.inside import without_text

    pixels = (np.add.outer(np.arange(64), np.arange(64)) * 2 % 256).astype(np.uint8)
    if kind == "WSQ":
        plain = itl.FingerImage(position=1, pixels=ridges(1)).compressed()
        comment = b"NAME=SAMPLE SECRET"
        image = plain[:2] + b"\xff\xa8" + (len(comment) + 2).to_bytes(2, "big") + comment + plain[2:]
        made, gone = without_text(image)
        assert made == plain, "the comment of NIST's programs, sizes and rates alone, is no text about anybody"
    else:
        held = io.BytesIO()
        info = PngImagePlugin.PngInfo()
        info.add_text("Name", "SAMPLE SECRET")
        exif = Image.Exif()
        exif[0x010E] = "SAMPLE SECRET"
        more = {"pnginfo": info, "exif": exif} if kind == "PNG" else {"comment": b"SAMPLE SECRET", "exif": exif}
        Image.fromarray(pixels).save(held, kind, **more)
        image = held.getvalue()
        made, gone = without_text(image)
        assert (np.asarray(Image.open(io.BytesIO(made))) == np.asarray(Image.open(io.BytesIO(image)))).all()
    assert b"SECRET" in image
    assert b"SECRET" not in made
    assert gone == len(image) - len(made) > 0
    assert without_text(made) == (made, 0)
    for cut in range(0, len(image), 7):
        without_text(image[:cut])


def test_t14_files_that_name_or_show_somebody_are_their_owners_alone(base: bytes, tmp_path: Path) -> None:
    import os

    before = os.umask(0o022)
    try:
        card, out = tmp_path / "card.eft", tmp_path / "out"
        card.write_bytes(base)
        run("card", "images", card, "--out", out)
        run("card", "set", card, "2.018=OTHER,NAME", "--out", out / "set.eft")
        run("card", "redact", card, "--out", out / "redacted.eft")
        assert {f.stat().st_mode & 0o777 for f in out.iterdir()} == {0o600}
    finally:
        os.umask(before)
