"""``tenprint card`` as a stranger would use it: exit codes, JSON keys, messages."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image as Picture
from tests.itl import cards

from tenprint import itl
from tenprint.cli import app as command_line


def run(*words: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["tenprint", "card", *map(str, words)]):
        try:
            command_line.main()
        except SystemExit as end:
            code = end.code or 0
    assert isinstance(code, int)
    return code, out.getvalue(), err.getvalue()


def quick(*words: object) -> tuple[int, str]:
    """Exit code and standard output."""
    code, out, _ = run(*words)
    return code, out


def test_the_installed_command_ends_with_the_exit_code(tmp_path: Path):
    path = tmp_path / "no.eft"
    path.write_bytes(b"<?xml version='1.0'?>")
    script = "import sys; from tenprint.cli.app import main; main()"
    words = [sys.executable, "-c", script, "card", "show", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, "ITL0102" in done.stderr, done.stdout) == (2, True, "")


@pytest.fixture(scope="module")
def files(data: Path) -> list[Path]:
    """The reference transactions, read in place."""
    return cards.real_files(data)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.eft"
    path.write_bytes(cards.raw("type-4"))
    return path


def test_show_has_the_agreed_keys(card: Path):
    code, text = quick("show", card, "--json")
    sheet = json.loads(text)
    assert code == 0
    assert (sheet["tot"], sheet["version"], len(sheet["records"])) == ("CAR", "0500", 16)
    record = sheet["records"][2]
    assert (record["type"], record["idc"], record["fields"]["4.004"]) == (4, 1, "1")
    wanted = {"format": "WSQ", "width": 120, "height": 150, "position": 1, "ppi": 500.0}
    assert {name: record["image"][name] for name in wanted} == wanted
    assert sheet["records"][1]["fields"]["2.018"] == "SAMPLE,PAT"
    assert sheet["records"][1]["image"] is None


def test_show_is_readable_and_draws_a_contact_sheet(card: Path, tmp_path: Path):
    sheet = tmp_path / "prints.png"
    code, text = quick("show", card, "--contact-sheet", sheet)
    assert code == 0
    assert "right thumb, 120 x 150 at 500 ppi, WSQ, live-scan rolled" in text
    assert "2.018    NAM    SAMPLE,PAT" in text
    with Picture.open(sheet) as picture:
        assert picture.width > 1000


def test_check(card: Path, tmp_path: Path):
    code, text = quick("check", card, "--json")
    assert (code, json.loads(text)["findings"], json.loads(text)["profile"]) == (0, [], "ebts-11.2")
    transaction = cards.card("type-4")
    transaction.records[1].remove("2.018")
    bad = tmp_path / "bad.eft"
    transaction.write(bad)
    code, text = quick("check", bad, "--json")
    (finding,) = json.loads(text)["findings"]
    assert code == 1
    assert (finding["record"], finding["field"], finding["rule"], finding["severity"]) == (
        1,
        "2.018",
        "mandatory",
        "error",
    )
    assert "NAM" in finding["message"]
    code, text = quick("check", bad, "--profile", "ebts-11.2")
    assert code == 1, "what is mandatory in every version is an error in every version"
    assert "error: record 1 2.018 mandatory" in text


def test_i3_the_profile_is_the_one_that_the_card_names(card: Path, tmp_path: Path):
    said = json.loads(quick("check", card, "--json")[1])
    assert said["profile"] == "ebts-11.2"
    transaction = itl.read(card)
    transaction.first(1).remove("1.013")
    transaction.write(unnamed := tmp_path / "unnamed.eft")
    assert json.loads(quick("check", unnamed, "--json")[1])["profile"] == "ebts-9.1"
    assert json.loads(quick("check", card, "--profile", "ebts-10.0", "--json")[1])["profile"] == "ebts-10.0"


def test_images_are_saved_as_they_stand_and_decoded(card: Path, tmp_path: Path):
    folder = tmp_path / "new" / "prints"
    code, text = quick("images", card, "--out", folder, "--json")
    saved = json.loads(text)
    assert (code, len(saved)) == (0, 14)
    assert (folder / "02-type4-idc01-fgp01.wsq").read_bytes() == cards.finger(1).wsq
    with Picture.open(saved[0]["png"]) as picture:
        assert picture.size == (120, 150)
        assert round(picture.info["dpi"][0]) == 500


def test_an_image_that_cannot_be_decoded_is_a_finding(tmp_path: Path):
    transaction = cards.card("type-4", (1,))
    transaction.records[2].set(9, b"\xff\xa0damaged")
    path = tmp_path / "damaged.eft"
    transaction.write(path)
    code, text = quick("images", path, "--out", tmp_path / "out", "--json")
    assert code == 1
    assert "ITL0504" in json.loads(text)[0]["trouble"]
    assert Path(json.loads(text)[0]["file"]).read_bytes() == b"\xff\xa0damaged"


def test_roundtrip(card: Path, tmp_path: Path):
    assert quick("roundtrip", card)[0] == 0
    assert quick("roundtrip", "--reencode", card)[0] == 0
    short = tmp_path / "short.eft"
    raw = cards.raw("type-4", (1,))
    size = len(itl.read(raw).records[1])
    short.write_bytes(raw.replace(b"2.005:", b"2.05:", 1).replace(b"2.001:%d" % size, b"2.001:%d" % (size - 1), 1))
    assert quick("roundtrip", short)[0] == 0
    code, text = quick("roundtrip", "--reencode", card, short, "--json")
    first, second = json.loads(text)
    assert (code, first["identical"], second["identical"]) == (1, True, False)
    assert "written '2.05', regularly '2.005'" in second["differences"][0]


def test_roundtrip_of_every_real_file(files: list[Path]):
    code, out, err = run("roundtrip", *files)
    assert code == 0, out + err
    assert f"{len(files)} of {len(files)} identical" in out


def test_real_files_can_be_shown_and_checked(files: list[Path]):
    for path in files:
        code, text = quick("show", path, "--json")
        assert code == 0, path
        assert json.loads(text[text.index("{") :])["records"], path
        assert quick("check", path)[0] in {0, 1}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"<?xml version='1.0'?>", "ITL0102"),
        (b"FMR\x00 20\x00", "ITL0102"),
        (b"\xff\xa0\xff\xa4", "ITL0102"),
        (b"", "ITL0101"),
        (cards.raw("type-4", (1,))[:-1], "ITL0103"),
    ],
)
def test_unusable_files_are_refused_with_a_message(content: bytes, word: str, tmp_path: Path):
    path = tmp_path / "file.bin"
    path.write_bytes(content)
    for words in (
        ["show", path],
        ["show", path, "--json"],
        ["roundtrip", path],
        ["images", path, "--out", tmp_path / "o"],
    ):
        code, _, err = run(*words)
        assert code == 2, words
        assert word in err
        assert "Traceback" not in err


def test_bytes_after_the_last_record_are_a_warning(card: Path):
    card.write_bytes(card.read_bytes() + b"more")
    for words in (["show", card], ["roundtrip", card]):
        code, _, err = run(*words)
        assert code == 0
        assert "ITL0106" in err


def test_a_wrong_length_is_refused_but_written_back(card: Path):
    raw = card.read_bytes()
    size = len(itl.read(raw).records[1])
    card.write_bytes(raw.replace(b"2.001:%d" % size, b"2.001:%d" % (size - 1), 1))
    assert run("show", card)[0] == 2
    assert run("show", "--lenient", card)[0] == 0
    assert run("roundtrip", card)[0] == 0


def test_a_damaged_file_can_be_shown_leniently(tmp_path: Path):
    path = tmp_path / "cut.eft"
    path.write_bytes(cards.raw("type-4", (1, 2))[:-50])
    code, out, err = run("show", "--lenient", path, "--json")
    assert code == 0
    assert "warning" in err
    assert json.loads(out)["deviations"][0]["name"] == "TRUNCATED"


def test_a_missing_file_and_wrong_arguments(card: Path, tmp_path: Path):
    for words in (
        ["show", tmp_path / "no"],
        ["show", tmp_path],
        ["check", card, "--profile", "x"],
        ["make", "--out", tmp_path / "m", "--type", "5", "--images", tmp_path],
    ):
        code, _, err = run(*words)
        assert code == 2, words
        assert "Traceback" not in err
        assert "tenprint:" in err or "Usage" in err


def test_make_from_a_folder_and_back(card: Path, tmp_path: Path):
    quick("images", card, "--out", tmp_path / "prints")
    for form in ("4", "14"):
        made = tmp_path / f"made{form}.eft"
        code, text = quick(
            "make",
            "--out",
            made,
            "--images",
            tmp_path / "prints",
            "--type",
            form,
            "--field",
            "NAM=OTHER,NAME",
            "--json",
        )
        assert (code, json.loads(text)["images"]) == (0, 14)
        assert quick("check", made)[0] == 0
        transaction = itl.read(made)
        assert transaction.get("NAM") == "OTHER,NAME"
        assert [record.image().data for record in transaction.records[2:]] == [
            cards.finger(position).wsq for position in range(1, 15)
        ]


def test_make_refuses_what_it_cannot_use(tmp_path: Path):
    (tmp_path / "01.png").write_bytes(b"not a picture")
    for words in (
        ["--images", tmp_path],
        ["--images", tmp_path / "no"],
        ["--images", tmp_path, "--seed", "1"],
        ["--images", tmp_path, "--field", "NAM"],
    ):
        code, _, err = run("make", "--out", tmp_path / "m.eft", *words)
        assert code == 2, words
        assert "Traceback" not in err
    assert not (tmp_path / "m.eft").exists()


def test_make_a_synthetic_person(tmp_path: Path):
    code, out, err = run("make", "--out", tmp_path / "s.eft", "--seed", 7, "--at", "2024-01-05T12:00")
    assert code == 0, out + err
    transaction = itl.read(tmp_path / "s.eft")
    assert [record.image().position for record in transaction.of_type(4)] == list(range(1, 11))
    for profile in ("ebts-9.1", "ebts-10.0", "ebts-11.2"):
        assert itl.check.findings(transaction, profile) == []


def test_diff(card: Path, tmp_path: Path):
    assert quick("diff", card, card)[0] == 0
    transaction = cards.card("type-4")
    transaction.records[1].set("NAM", "OTHER,NAME")
    other = tmp_path / "other.eft"
    transaction.write(other)
    code, text = quick("diff", card, other, "--json")
    differences = json.loads(text)["differences"]
    assert code == 1
    assert ("field", 1, "2.018", "SAMPLE,PAT", "OTHER,NAME") in [tuple(item.values()) for item in differences]


def test_redact(card: Path, tmp_path: Path):
    target = tmp_path / "anonymous.eft"
    code, out, err = run("redact", card, "--out", target, "--json")
    done = json.loads(out)
    assert code == 0, err
    assert {item["field"] for item in done["redacted"]} == {"2.018", "2.020", "2.022"}
    assert done["image_records_kept"] == 14
    assert itl.read(target).get("NAM") == "REDACTED,REDACTED"
    code, _, err = run("redact", card, "--out", target, "--drop", "2.001")
    assert code == 2
    assert "ITL0602" in err
