"""An edit changes its record, that record's LEN, and CNT when the list of records changes: nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.itl import cards

from tenprint import itl
from tenprint.itl import Code, ItlError

VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=0, max_size=400)


def others(transaction: itl.Transaction, changed: set[int]) -> list[bytes]:
    return [record.to_bytes() for record in transaction.records if record.position not in changed]


def test_one_field_of_every_real_file(files: list[Path]):
    for path in files:
        before = itl.read(path, strict=False)
        after = itl.read(path, strict=False)
        record = after.first(2) or after.records[-1]
        field = next(tag for tag in record.tags() if not tag.endswith((".001", ".002")))
        old = record.get(field)
        new = old + "X" if isinstance(record, itl.TaggedRecord) else str(int(old) ^ 1)
        record.set(field, new)
        again = itl.read(after.to_bytes(), strict=False)
        place = record.position
        assert others(again, {place}) == others(before, {place}), path
        assert again.records[place].get(field) == new, path
        if not isinstance(record, itl.TaggedRecord):
            pairs = zip(before.records[place].to_bytes(), again.records[place].to_bytes(), strict=True)
            assert sum(one != two for one, two in pairs) == 1, path
            continue
        was = before.records[place].to_bytes().split(b"\x1d")
        now = again.records[place].to_bytes().split(b"\x1d")
        differing = [one for one, two in zip(was, now, strict=True) if one != two]
        assert len(differing) <= 2, path
        assert [item.code for item in again.deviations if item.level == "error"] == [
            item.code for item in before.deviations if item.level == "error"
        ], path


def test_a_record_of_every_real_file_taken_out_changes_only_the_content_field(files: list[Path]):
    for path in files:
        before = itl.read(path, strict=False)
        after = itl.read(path, strict=False)
        if len(after.records) < 3:
            continue
        gone = after.records[-1]
        after.remove(gone)
        again = itl.read(after.to_bytes(), strict=False)
        assert others(again, {0}) == others(before, {0, len(before.records) - 1}), path
        assert {tag for tag in again.header.tags() if again.header.get(tag) != before.header.get(tag)} <= {
            "1.001",
            "1.003",
        }


@given(st.sampled_from(["NAM", "2.2999", "2.003", "2.020"]), VALUES)
def test_setting_and_reading_agree(field: str, value: str):
    transaction = cards.card("type-4", (1, 2))
    transaction.records[1].set(field, value)
    again = itl.read(transaction.to_bytes())
    assert again.records[1].get(field) == value
    assert others(again, {1}) == others(cards.card("type-4", (1, 2)), {1})


def test_setting_a_value_again_gives_the_original_bytes():
    transaction = cards.card("type-14", (1,))
    name = transaction.get("NAM")
    transaction.records[1].set("NAM", "A MUCH LONGER NAME,THAN BEFORE" * 40)
    transaction.records[1].set("NAM", name)
    assert transaction.to_bytes() == cards.raw("type-14", (1,))


def test_a_new_field_stands_in_order_and_can_be_removed():
    transaction = cards.card("type-14", (1,))
    transaction.records[2].set("14.020", "comment")
    assert transaction.records[2].tags()[-2:] == ["14.020", "14.999"]
    transaction.records[2].remove("14.020")
    assert transaction.to_bytes() == cards.raw("type-14", (1,))


def test_records_can_be_added_and_taken_out():
    transaction = cards.card("type-14", (1, 2, 3))
    gone = transaction.records[3]
    transaction.remove(gone)
    assert [part[1] for part in transaction.header.items(3)] == ["03", "00", "01", "03"] or transaction.to_bytes()
    again = itl.read(transaction.to_bytes())
    assert again.header.items(3) == [["1", "03"], ["2", "00"], ["14", "01"], ["14", "03"]]
    transaction.add(gone, at=3)
    assert transaction.to_bytes() == cards.raw("type-14", (1, 2, 3))


def test_another_idc_is_written_to_the_content_field():
    transaction = cards.card("type-4", (1, 2))
    transaction.records[2].set("IDC", 9)
    again = itl.read(transaction.to_bytes())
    assert again.header.items(3) == [["1", "03"], ["2", "00"], ["4", "09"], ["4", "02"]]
    assert again.records[2].image().data == cards.finger(1).wsq


def test_binary_headers_can_be_changed():
    transaction = cards.card("type-4", (1,))
    record = transaction.records[2]
    record.set("FGP", [["2"], ["3"]])
    record.set("IMP", 0)
    again = itl.read(transaction.to_bytes()).records[2]
    assert (again.items("FGP"), again.get("IMP"), again.image().position) == ([["2"], ["3"]], "0", 2)
    assert again.image().data == cards.finger(1).wsq
    for field, value in (("IMP", 256), ("FGP", "x"), ("HLL", 70_000), ("FGP", ["1"] * 7)):
        with pytest.raises(ItlError) as caught:
            record.set(field, value)
        assert caught.value.code == Code.BAD_VALUE


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("2.001", "5", Code.DERIVED_FIELD),
        ("2.018", "a\x1db", Code.BAD_VALUE),
        ("2.018", "a\x1cb", Code.BAD_VALUE),
        ("2.047", [["a\x1fb"]], Code.BAD_VALUE),
        ("2.018", "ZOË", Code.UNDECLARED_TEXT),
        ("2.018", b"bytes", Code.BAD_VALUE),
        ("NOSUCH", "x", Code.NO_FIELD),
        ("14.003", "x", Code.NO_FIELD),
    ],
)
def test_what_cannot_be_written_is_refused(field: str, value: object, code: Code):
    transaction = cards.card("type-4", (1,))
    with pytest.raises(ItlError) as caught:
        transaction.records[1].set(field, value)
    assert caught.value.code == code
    assert transaction.to_bytes() == cards.raw("type-4", (1,))


def test_what_a_record_cannot_be_without_is_not_removed():
    transaction = cards.card("type-4", (1,))
    for record, field in ((0, "1.001"), (0, "1.003"), (1, "2.001"), (1, "2.002"), (2, "4.003")):
        with pytest.raises(ItlError):
            transaction.records[record].remove(field)
    with pytest.raises(ItlError):
        transaction.remove(transaction.records[0])
    with pytest.raises(ItlError) as caught:
        transaction.header.set("1.003", "1")
    assert caught.value.code == Code.DERIVED_FIELD


def test_text_follows_the_declared_character_set():
    transaction = cards.card("type-4", (1,))
    transaction.header.set(15, [["003", "UTF-8", ""]])
    again = itl.read(transaction.to_bytes())
    again.records[1].set("NAM", "ZOË,中文")
    assert itl.read(again.to_bytes()).get("NAM") == "ZOË,中文"
    latin = cards.card("type-4", (1,))
    latin.header.set(15, [["001", "LATIN", ""]])
    latin = itl.read(latin.to_bytes())
    latin.records[1].set("NAM", "ZOË")
    assert b"ZO\xcb" in latin.to_bytes()
    with pytest.raises(ItlError):
        latin.records[1].set("NAM", "中文")


def test_an_item_may_switch_its_character_set():
    transaction = cards.card("type-4", (1,))
    raw = transaction.to_bytes().replace(b"SAMPLE,PAT", b"\x02003=\xc3\x8b\x03,PAT", 1)
    size = len(transaction.records[1])
    raw = raw.replace(b"2.001:%d" % size, b"2.001:%d" % (size + 2), 1)
    assert itl.read(raw).get("NAM") == "Ë,PAT"
