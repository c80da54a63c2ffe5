"""Builders: what they make is valid, says what it was told, and refuses what cannot be written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image as Picture
from tests.itl import cards

from tenprint import itl
from tenprint.itl import Code, FingerImage, ItlError, build, folder
from tenprint.itl.check import findings

CARD = cards.card("type-4", (1, 2))


def test_a_criminal_tenprint_says_what_it_was_told():
    for form, kind in (("type-4", 4), ("type-14", 14)):
        transaction = cards.card(form, (1, 13))
        assert (transaction.tot, transaction.version, transaction.tcn) == ("CAR", "0500", "WVTEST000-20240105-000001")
        assert transaction.get("DOM") == "NORAM\x1fEBTS 11.2"
        assert transaction.get("GMT") == "20240105120000Z"
        assert transaction.get("NSR") == ("19.69" if kind == 4 else "00.00")
        images = [record.image() for record in transaction.of_type(kind)]
        assert [(image.position, image.impression, image.ppi) for image in images] == [(1, 1, 500.0), (13, 0, 500.0)]
        assert [image.data for image in images] == [cards.finger(1).wsq, cards.finger(13).wsq]
        assert transaction.deviations == []


def test_results_carry_the_request():
    answer = build.results(CARD, identified=True, when=cards.WHEN, fields={"SID": "WV1234567"})
    assert (answer.tot, answer.get("SRF"), answer.get("TCR"), answer.get("SID")) == ("SRE", "I", CARD.tcn, "WV1234567")
    assert (answer.get("DAI"), answer.get("ORI")) == (CARD.get("ORI"), CARD.get("DAI"))
    assert (answer.get("NAM"), answer.get("CRI")) == (CARD.get("NAM"), CARD.get("CRI"))
    assert build.results(CARD, identified=False).get("SRF") == "N"


def test_errors_carry_their_messages():
    messages = ["x" * 500, "second", *(f"message {number}" for number in range(20))]
    answer = build.error(CARD, messages, when=cards.WHEN)
    found = [part[0] for part in answer.records[1].items("MSG")]
    assert (len(found), found[0], found[1], found[-1]) == (11, "x" * 300, "second", "and 12 more")
    assert (answer.tot, answer.get("TCR")) == ("ERRT", CARD.tcn)
    with pytest.raises(ItlError):
        build.error(CARD, ["  "])


def test_an_error_answers_a_card_that_was_read_leniently():
    raw = CARD.to_bytes().replace(b"2.018:SAMPLE,PAT\x1d", b"", 1)
    broken = itl.read(raw, strict=False)
    assert broken.deviations
    assert build.error(broken, ["2.018 NAM: expected a value"]).get("TCR") == CARD.tcn


def test_the_relayed_answers():
    for kind in ("IDR", "IAR"):
        answer = build.immigration_response(CARD, kind=kind, text=["no digitized record found"], when=cards.WHEN)
        assert (answer.tot, answer.get("TCR"), answer.get("MSG")) == (kind, CARD.tcn, "no digitized record found")
        assert [record.type for record in answer.records] == [1, 2]


def test_two_answers_of_different_moments_have_different_control_numbers():
    first = build.results(CARD, identified=True, when=datetime(2024, 1, 5, tzinfo=UTC))
    second = build.results(CARD, identified=True, when=datetime(2024, 1, 5, 0, 0, 1, tzinfo=UTC))
    assert first.tcn != second.tcn
    assert 10 <= len(first.tcn) <= 40


def test_text_beyond_ascii_declares_its_character_set():
    answer = build.error(CARD, ["ungültig"])
    assert answer.get("DCS") == "003\x1fUTF-8\x1f"
    assert answer.get("MSG") == "ungültig"
    assert findings(answer) == []


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (FingerImage(position=1), Code.BAD_VALUE),
        (FingerImage(position=1, wsq=b"not wsq"), Code.IMAGE_FORMAT),
        (FingerImage(position=1, wsq=cards.finger(1).wsq, ppi=1000), Code.BAD_VALUE),
    ],
)
def test_images_that_cannot_be_written_are_refused(image: FingerImage, code: Code):
    with pytest.raises(ItlError) as caught:
        build.criminal(cards.FIELDS, [image])
    assert caught.value.code == code


def test_another_resolution_is_written_in_type_14():
    image = FingerImage(position=2, wsq=cards.finger(2).wsq, ppi=1000)
    found = build.criminal(cards.FIELDS, [image], form="type-14").records[2].image()
    assert found.ppi == 1000.0


def test_an_agency_is_needed():
    fields = {name: value for name, value in cards.FIELDS.items() if name != "ORI"}
    with pytest.raises(ItlError) as caught:
        build.criminal(fields, [])
    assert caught.value.field == "1.008"


def test_unknown_mnemonics_and_separators_are_refused():
    for fields in ({"NOSUCH": "x"}, {"NAM": "A\x1dB"}, {"2.018": "A\x1cB"}, {"14.003": "1"}):
        with pytest.raises(ItlError):
            build.criminal(cards.FIELDS | fields, [])


def test_a_sample_declares_the_fingers_it_does_not_show():
    transaction = build.sample(
        {"NAM": "OTHER,NAME", "ORI": "XX0000000"}, [cards.finger(13), cards.finger(1)], when=cards.WHEN
    )
    assert [part[0] for part in transaction.records[1].items("AMP")] == ["06", "07", "08", "09", "10"]
    assert (transaction.get("NAM"), transaction.get("1.008")) == ("OTHER,NAME", "XX0000000")
    assert findings(transaction) == []


def test_a_folder_of_images(tmp_path: Path):
    Picture.fromarray(cards.ridges(1)).save(tmp_path / "01.png", dpi=(500, 500))
    Picture.fromarray(cards.ridges(7)).save(tmp_path / "left-index.png", dpi=(1000, 1000))
    Picture.fromarray(cards.ridges(2)).save(tmp_path / "scan-fgp02.png")
    (tmp_path / "scan-fgp02.wsq").write_bytes(cards.finger(2).wsq)
    Picture.fromarray(cards.ridges(13)).save(tmp_path / "13 slap.tif", dpi=(96, 96))
    (tmp_path / "readme.txt").write_text("no image")
    found = folder.images(tmp_path)
    assert [(image.position, image.impression, image.ppi) for image in found] == [
        (1, 1, 500),
        (2, 1, 500),
        (7, 1, 1000),
        (13, 0, 500),
    ]
    assert found[1].wsq == cards.finger(2).wsq
    Picture.fromarray(cards.ridges(1)).save(tmp_path / "1_again.png")
    with pytest.raises(ItlError) as caught:
        folder.images(tmp_path)
    assert "both show position 1" in str(caught.value)


def test_a_folder_without_fingers_and_a_file_that_is_no_picture(tmp_path: Path):
    with pytest.raises(ItlError):
        folder.images(tmp_path)
    (tmp_path / "03.png").write_bytes(b"not a picture")
    with pytest.raises(ItlError) as caught:
        folder.images(tmp_path)
    assert caught.value.code == Code.IMAGE_DATA
