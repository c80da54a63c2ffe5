"""Differences, redaction, the report and its schema, the contact sheet."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from tests.itl import cards

from tenprint import itl
from tenprint.itl import ItlError
from tenprint.itl.check import findings
from tenprint.itl.contact import contact_sheet
from tenprint.itl.difference import differences
from tenprint.itl.redact import personal, redact
from tenprint.itl.report import CardReport, report, schema

ROOT = Path(__file__).resolve().parents[2]


def test_equal_transactions_do_not_differ():
    assert differences(cards.card("type-14", (1, 2)), cards.card("type-14", (1, 2))) == []


def test_differences_name_field_image_and_record():
    after = cards.card("type-14", (1, 2, 3))
    after.records[1].set("NAM", "OTHER,NAME")
    after.records[1].set("OCP", "CLERK")
    after.records[2].set(999, cards.finger(5).wsq)
    after.remove(after.records[4])
    found = [
        (item.kind, item.field) for item in differences(cards.card("type-14", (1, 2, 3)), itl.read(after.to_bytes()))
    ]
    assert ("field", "2.018") in found
    assert ("field", "2.040") in found
    assert ("image", "14.999") in found
    assert ("record", None) in found
    assert ("field", "1.003") in found


def test_another_way_of_writing_is_a_difference_of_style():
    raw = cards.raw("type-4", (1,))
    short = raw.replace(b"2.005:", b"2.05:", 1)
    size = len(itl.read(raw).records[1])
    short = short.replace(b"2.001:%d" % size, b"2.001:%d" % (size - 1), 1)
    found = differences(itl.read(raw), itl.read(short))
    assert {item.field for item in found} <= {"2.001", None}
    assert found


def test_redaction_takes_out_what_the_table_names_and_nothing_else():
    transaction = cards.card("type-4")
    transaction.records[1].set("SOC", "123456789")
    transaction.records[1].set("RES", "1 SAMPLE STREET")
    done = redact(transaction)
    again = itl.read(transaction.to_bytes())
    assert {item.field for item in done} == {"2.016", "2.018", "2.020", "2.022", "2.041"}
    assert (again.get("SOC"), again.get("RES"), again.get("NAM")) == (None, None, "REDACTED,REDACTED")
    assert [record.to_bytes() for record in again.records[2:]] == [
        record.to_bytes() for record in cards.card("type-4").records[2:]
    ]
    assert findings(again) == []
    assert b"123456789" not in again.to_bytes()
    assert not any("SAMPLE" in str(item) for item in done)


def test_redaction_follows_what_is_asked():
    transaction = cards.card("type-4", (1, 2))
    done = redact(
        transaction, drop=["2.031"], replace={"2.032": "XXX", "2.018": "NOBODY,NO"}, keep=["2.022"], drop_images=True
    )
    again = itl.read(transaction.to_bytes())
    assert [record.type for record in again.records] == [1, 2]
    assert (again.get("EYE"), again.get("HAI"), again.get("NAM"), again.get("DOB")) == (
        None,
        "XXX",
        "NOBODY,NO",
        "19800115",
    )
    assert sum(item.field is None for item in done) == 2
    for tag in ("EYE", "2.x", "2"):
        with pytest.raises(ItlError):
            redact(cards.card("type-4", (1,)), drop=[tag])


def test_every_personal_field_is_of_a_kind_with_a_reason():
    for entry in personal():
        assert entry.action in {"drop", "replace"}
        assert bool(entry.replacement) == (entry.action == "replace")
        assert entry.why


def test_the_report_follows_its_published_schema():
    text = msgspec.json.encode(report(cards.card("type-14", (1,)), "card.eft"))
    again = msgspec.json.decode(text, type=CardReport)
    assert (again.tot, again.version, len(again.records)) == ("CAR", "0500", 3)
    image = again.records[2].image
    assert (image.format, image.width, image.height, image.position, image.position_name, image.ppi) == (
        "WSQ",
        120,
        150,
        1,
        "right thumb",
        500.0,
    )
    assert again.records[2].fields["14.999"] == f"({len(cards.finger(1).wsq)} bytes)"
    published = json.loads((ROOT / "docs/reference/itl-card.schema.json").read_text())
    assert published == json.loads(json.dumps(schema()))


def test_the_report_of_every_real_file(files: list[Path]):
    for path in files:
        card = report(itl.read(path, strict=False), str(path))
        assert len(card.records) >= 2 or card.tot
        assert all(record.fields for record in card.records), path
        msgspec.json.encode(card)


def test_a_contact_sheet_shows_every_image():
    full = contact_sheet(cards.card("type-4"))
    assert full.mode == "L"
    assert full.width > full.height > 600
    one = contact_sheet(cards.card("type-4", (13,)))
    assert one.height < full.height
    grey = sum(pixel < 200 for pixel in full.resize((200, 160)).tobytes())
    assert grey > 5000  # prints, not only frames


def test_a_contact_sheet_says_what_cannot_be_decoded():
    transaction = cards.card("type-4", (1,))
    transaction.records[2].set(9, b"\xff\xa0damaged")
    assert contact_sheet(transaction).size == contact_sheet(cards.card("type-4", (1,))).size
