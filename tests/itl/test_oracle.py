"""The same fields as another reader sees: nistitl, on the reference files it can read."""

from __future__ import annotations

from pathlib import Path

import nistitl
from tests.itl import cards

from tenprint import itl

UNREADABLE = nistitl.NistException


def theirs(raw: bytes) -> list[dict[int, bytes]] | None:
    message = nistitl.Message()
    try:
        message.parse(raw)
    except UNREADABLE:
        return None
    return [{field.tag: bytes(field.NIST) for field in getattr(record, "_fields", [])} for record in message]


def test_the_same_records_and_field_values(files: list[Path]):
    compared = 0
    for path in files:
        peers = theirs(path.read_bytes())
        if peers is None:
            continue
        records = itl.read(path, strict=False).records
        assert len(records) == len(peers), path
        for record, peer in zip(records, peers, strict=True):
            if not isinstance(record, itl.TaggedRecord):
                continue
            assert (
                sorted(entry.number for entry in record.fields if entry.number >= 0) == sorted(peer)
                or path.stem == "valid1.7"
            )
            for number, raw in record.raw_texts():
                if number > 2:
                    assert peer[number].split(b":", 1)[1] == raw, (path, record, number)
                    compared += 1
    assert compared > 300


def test_it_corrupts_what_we_keep():
    transaction = cards.card("type-14", (1,))
    transaction.records[2].set("14.020", "case 999: see file")
    raw = transaction.to_bytes()
    message = nistitl.Message()
    message.parse(raw)
    assert bytes(list(message)[2].DATA) != cards.finger(1).wsq
    assert itl.read(raw).records[2].image().data == cards.finger(1).wsq
