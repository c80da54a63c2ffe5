"""What nobody touched is written back byte for byte; what is rebuilt from fields differs only where it is explained."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.itl import cards

from tenprint import itl
from tenprint.itl import regular

TEXT = st.text(
    st.characters(exclude_characters="\x1c\x1d\x1e\x1f\x02\x03", exclude_categories=["Cs"]), min_size=1, max_size=40
)
ITEMS = st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=3)
PAYLOAD = st.binary(min_size=1, max_size=300)


def test_real_files_are_written_back_byte_for_byte(files: list[Path]):
    for path in files:
        raw = path.read_bytes()
        for source in (path, raw):
            transaction = itl.read(source, strict=False)
            assert transaction.to_bytes() == raw, path
            assert b"".join(transaction.parts()) == raw, path
            assert regular.same_as_file(transaction, path), path


def test_most_real_files_can_be_rebuilt_from_their_fields_and_the_others_are_explained(files: list[Path]):
    identical = 0
    for path in files:
        transaction = itl.read(path, strict=False)
        same = transaction.reencode() == path.read_bytes()
        reasons = regular.irregularities(transaction)
        assert same == (not reasons), path
        assert not any("unexplained" in item.message for item in reasons), path
        identical += same
    assert identical / len(files) >= 0.6


def test_a_rebuilt_file_is_regular(files: list[Path]):
    for path in files:
        again = itl.read(itl.read(path, strict=False).reencode(), strict=True)
        assert again.deviations == [] or all(item.level == "note" for item in again.deviations), path


@given(st.dictionaries(st.integers(3, 998), ITEMS, min_size=1, max_size=8), PAYLOAD)
def test_what_is_built_is_read(fields: dict[int, list[list[str]]], payload: bytes):
    values = {2: "01", **fields}
    raw = itl.build.compose(
        {4: "CAR", 7: "WVIAFIS0Z", 8: "WVTEST000", 15: [["003", "UTF-8", ""]]},
        {},
        [(13, 1, itl.build.tagged(13, values, payload))],
        when=datetime(2024, 1, 1, tzinfo=UTC),
    ).to_bytes()
    transaction = itl.read(raw, strict=True)
    record = transaction.records[2]
    for number, items in fields.items():
        assert record.items(number) == items
    data = record.raw(999)
    assert data is not None
    assert bytes(data) == payload
    assert transaction.to_bytes() == raw
    assert transaction.reencode() == raw


@pytest.mark.parametrize("form", ["type-4", "type-14"])
def test_a_text_field_with_999_before_an_image_leaves_the_image_intact(form: str):
    transaction = cards.card(form, (1, 2))
    before = [record.image().data for record in transaction.records[2:]]
    transaction.records[1].set("2.056", "case 999: see file 14.999:x, 2.999:y")
    if form == "type-14":
        for record in transaction.records[2:]:
            record.set("14.020", "case 999: see file; 14.999: is not here")
    again = itl.read(transaction.to_bytes())
    assert [record.image().data for record in again.records[2:]] == before
    assert again.get("2.056") == "case 999: see file 14.999:x, 2.999:y"
    assert again.deviations == []


def test_field_999_is_text_in_records_that_carry_no_image():
    transaction = cards.card("type-4", (1,))
    transaction.records[1].set("2.999", "text")
    transaction.records[1].set("2.1000", "after")
    again = itl.read(transaction.to_bytes())
    assert (again.get("2.999"), again.get("2.1000")) == ("text", "after")


def test_image_bytes_may_hold_every_separator():
    for form in ("type-4", "type-14"):
        image = itl.read(cards.small(form)).records[2].image()
        assert image.data == bytes([0x1C, 0x1D, 0x1E, 0x1F, *b"14.999:x"])
        assert image.pixels().tobytes() == image.data


def test_a_large_file_is_mapped_and_equal(tmp_path: Path):
    transaction = cards.card("type-14", (1,))
    transaction.records[2].set(999, b"\xff\xa0" + bytes(9 << 20))
    path = tmp_path / "large.an2"
    transaction.write(path)
    mapped = itl.read(path)
    assert regular.same_as_file(mapped, path)
    assert mapped.records[2].image().size == (9 << 20) + 2
    mapped.records[1].set("NAM", "OTHER,NAME")
    other = tmp_path / "other.an2"
    mapped.write(other)
    assert itl.read(other).get("NAM") == "OTHER,NAME"
    assert not list(tmp_path.glob(".*.part"))
