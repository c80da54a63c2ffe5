"""Damaged input: one typed error or a clean parse, never anything else. The long run is ``make fuzz``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faults.fuzz_itl import examine, mutate
from tests.itl import cards

from tenprint import itl
from tenprint.itl import Code, ItlError

FORMS = ("type-4", "type-14")


@pytest.mark.parametrize("form", FORMS)
def test_every_truncation_is_refused(form: str):
    raw = cards.small(form)
    for length in range(len(raw)):
        with pytest.raises(ItlError) as caught:
            itl.read(raw[:length])
        assert caught.value.code in {Code.EMPTY, Code.NOT_ITL, Code.TRUNCATED, Code.BAD_LENGTH, Code.CNT_RECORDS}, (
            length
        )
        examine(raw[:length])


@pytest.mark.parametrize("form", FORMS)
def test_every_other_tagged_length_is_refused(form: str):
    raw = cards.small(form)
    transaction = itl.read(raw)
    for record in transaction.records:
        if record.type == 4:
            continue
        tag = f"{record.type}.001:".encode()
        at = record.offset + len(tag)
        written = str(len(record)).encode()
        assert raw[at : at + len(written)] == written
        lengths = [*range(1200), len(raw), 10**9, 10**12, 10**30]
        texts = [b"%d" % length for length in lengths if length != len(record)] + [
            b"",
            b"-5",
            b"x",
            b"9" * 5000,
            b"1e3",
            b"+99",
        ]
        for text in texts:
            changed = raw[:at] + text + raw[at + len(written) :]
            with pytest.raises(ItlError):
                itl.read(changed)
            if len(text) < 3:
                examine(changed)


def test_every_other_binary_length_is_refused():
    raw = cards.small("type-4")
    record = itl.read(raw).records[2]
    for length in [*range(0, 2000, 3), 31, 2**31 - 1, 2**31, 2**32 - 1]:
        if length == len(record):
            continue
        changed = raw[: record.offset] + length.to_bytes(4, "big") + raw[record.offset + 4 :]
        with pytest.raises(ItlError):
            itl.read(changed)
        examine(changed)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"1\x1f03\x1e2\x1f00\x1e14\x1f01", Code.CNT_COUNT),
        (b"1\x1f99\x1e2\x1f00\x1e14\x1f01", Code.CNT_COUNT),
        (b"1\x1f02\x1e2\x1f00\x1e14\x1f02", Code.CNT_IDC),
        (b"1\x1f02\x1e2\x1f01\x1e14\x1f01", Code.CNT_IDC),
        (b"1\x1f02\x1e2\x1f00\x1e13\x1f01", Code.CNT_TYPE),
        (b"1\x1f02\x1e2\x1f00\x1e4\x1f01", Code.CNT_TYPE),
        (b"1\x1f02\x1e14\x1f01\x1e2\x1f00", Code.CNT_TYPE),
        (b"1\x1f02\x1e2\x1f00\x1e23\x1f01", Code.UNKNOWN_TYPE),
        (b"1\x1f02\x1e2\x1f00\x1e1\x1f01", Code.UNKNOWN_TYPE),
        (b"1\x1f01\x1e2\x1f00", Code.TRAILING),
        (b"1\x1f03\x1e2\x1f00\x1e14\x1f01\x1e14\x1f02", Code.CNT_RECORDS),
        (b"1\x1f00", Code.TRAILING),
        (b"2\x1f02\x1e2\x1f00\x1e14\x1f01", Code.CNT_MALFORMED),
        (b"1\x1f02\x1e2\x1e14\x1f01", Code.CNT_MALFORMED),
        (b"1\x1f02\x1e2\x1f00\x1e14\x1fx", Code.CNT_MALFORMED),
        (b"1\x1f02\x1e2\x1f00\x1e14\x1f-1", Code.CNT_MALFORMED),
        (b"", Code.CNT_MALFORMED),
        (b"\x1e" * 20_000, Code.LIMIT),
    ],
)
def test_a_content_field_that_is_wrong_is_refused(content: bytes, code: Code):
    raw = with_content(cards.small(), content)
    with pytest.raises(ItlError) as caught:
        itl.read(raw)
    assert caught.value.code == code
    examine(raw)


def with_content(raw: bytes, content: bytes) -> bytes:
    """The transaction with another CNT value and the right LEN."""
    first = itl.read(raw).records[0]
    pieces = first.to_bytes()[:-1].split(b"\x1d")
    rest = [pieces[1], b"1.003:" + content, *pieces[3:]]
    body = b"\x1d" + b"\x1d".join(rest) + b"\x1c"
    length = len(body) + 6
    length += len(str(length + len(str(length))))
    return b"1.001:%d" % length + body + raw[len(first) :]


def test_a_content_field_without_a_record_is_repaired_in_lenient_reading():
    raw = with_content(cards.raw("type-4", (1, 2)), b"1\x1f02\x1e2\x1f00\x1e4\x1f01")
    with pytest.raises(ItlError):
        itl.read(raw)
    transaction = itl.read(raw, strict=False)
    assert [record.type for record in transaction.records] == [1, 2, 4, 4]
    assert {Code.CNT_RECORDS, Code.GUESSED_TYPE} <= {item.code for item in transaction.deviations}
    assert transaction.to_bytes() == raw


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\x00" * 40,
        b"<?xml version='1.0'?>",
        b"FMR\x00 20",
        b"\xff\xa0\xff\xa4",
        b"1.001",
        b"1.001:",
        b"2.001:9\x1c",
    ],
)
def test_what_is_no_transaction_is_refused(source: bytes):
    with pytest.raises(ItlError) as caught:
        itl.read(source)
    assert caught.value.code in {Code.EMPTY, Code.NOT_ITL, Code.BAD_LENGTH}
    examine(source)


def test_stray_separators_in_the_content_field_leave_it_readable():
    raw = with_content(cards.small("type-4"), b"1\x1f02\x1e2\x1f00\x1e4\x1f01\x1e")
    with pytest.raises(ItlError) as caught:
        itl.read(raw)
    assert caught.value.code == Code.CNT_MALFORMED
    lenient = itl.read(raw, strict=False)
    assert [(record.type, record.idc) for record in lenient.records] == [(1, None), (2, 0), (4, 1)]
    assert lenient.to_bytes() == raw


def test_old_and_odd_ways_of_writing_are_read_strictly_and_noted():
    first = b"1.01:%07d\x1d1.02:0201\x1d1.03:1\x1f3\x1e2\x1f0\x1e2\x1f01\x1e10\x1f2"
    first += b"\x1d1.04:NISTDAAT\x1d1.08:ORI\x1d1.09:TCN\x1c"
    second = b"2.001:%02d\x1d2.002:0\x1d2.005:Y\x1d2.005:N\x1d2.300:x\x1c"
    third = b"2.01:%02d\x1d2.02:01\x1d\x1c"
    fourth = b"10.001:%02d\x1d10.002:2\x1d10.999:\x1c"
    odd = first % (len(first) + 3)
    odd += b"".join(record % (len(record) - 2) for record in (second, third, fourth))
    transaction = itl.read(odd)
    assert [record.idc_text for record in transaction.records] == ["", "0", "01", "2"]
    codes = {item.code for item in transaction.deviations}
    assert codes == {Code.TAG_STYLE, Code.LENGTH_STYLE, Code.IDC_STYLE, Code.REPEATED_FIELD, Code.EMPTY_FIELD}
    assert transaction.records[3].image() is None
    assert transaction.to_bytes() == odd
    transaction.records[1].set("2.300", "other")
    assert itl.read(transaction.to_bytes()).get("2.300") == "other"
    transaction.header.set("TCN", "NEW")
    assert transaction.to_bytes().startswith(b"1.01:%07d\x1d1.02:0201" % len(transaction.header))


def test_bytes_after_the_last_record():
    raw = cards.small()
    padded = itl.read(raw + b"\r\n\x00")
    assert [item.code for item in padded.deviations] == [Code.PADDING]
    assert padded.to_bytes() == raw + b"\r\n\x00"
    with pytest.raises(ItlError) as caught:
        itl.read(raw + b"more")
    assert (caught.value.code, caught.value.offset) == (Code.TRAILING, len(raw))


def test_a_repeated_image_field_is_refused_strictly_and_the_last_one_offered_leniently():
    raw = cards.small()
    record = itl.read(raw).records[2]
    values = record.to_bytes()
    doubled = values.replace(b"\x1d14.999:", b"\x1d14.999:38423\x1d14.999:", 1)
    length = len(values)
    doubled = doubled.replace(b"14.001:%d" % length, b"14.001:%d" % (length + 13), 1)
    transaction = raw[: record.offset] + doubled
    with pytest.raises(ItlError) as caught:
        itl.read(transaction)
    assert caught.value.code == Code.REPEATED_DATA
    lenient = itl.read(transaction, strict=False)
    assert lenient.records[2].image().data == itl.read(raw).records[2].image().data
    assert lenient.to_bytes() == transaction


def test_errors_say_where():
    raw = cards.small()
    with pytest.raises(ItlError) as caught:
        itl.read(raw.replace(b"2.001:", b"2.001:9", 1))
    fault = caught.value
    assert (fault.record, fault.field, fault.code) == (1, "2.001", Code.TRUNCATED)
    assert fault.offset == len(itl.read(raw).records[0])
    assert "LEN says" in str(fault)


def test_limits_hold():
    flood = b"2.001:%07d\x1d2.002:00" + b"\x1d2.9:" * 250_001 + b"\x1c"
    flood = flood.replace(b"%07d", b"%07d" % (len(flood) + 3), 1)
    first = itl.read(cards.small()).records[0].to_bytes()
    with pytest.raises(ItlError) as caught:
        itl.read(first + flood)
    assert caught.value.code == Code.LIMIT


def test_small_mutations_of_composed_cards():
    source = random.Random(20240105)
    seeds = [cards.small("type-4"), cards.small("type-14"), cards.raw("type-14", (1,))]
    for _ in range(600):
        examine(mutate(source.choice(seeds), source))


def test_small_mutations_of_real_files(files: list[Path]):
    source = random.Random(7)
    seeds = [path.read_bytes() for path in files if path.stat().st_size < 60_000]
    for _ in range(200):
        examine(mutate(source.choice(seeds), source))


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes):
    examine(raw)
    examine(b"1.001:" + raw)


@given(st.data())
def test_any_change_of_one_place(data: st.DataObject):
    raw = cards.small(data.draw(st.sampled_from(FORMS)))
    at = data.draw(st.integers(0, len(raw) - 1))
    piece = data.draw(st.binary(max_size=6))
    cut = data.draw(st.integers(0, 6))
    examine(raw[:at] + piece + raw[at + cut :])
