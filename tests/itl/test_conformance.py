"""The published vectors, run as another implementation would run them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tenprint import itl
from tenprint.itl.check import findings
from tenprint.itl.profile import VERSIONS
from tenprint.itl.report import report

FOLDER = Path(__file__).resolve().parents[2] / "conformance" / "itl"
VECTORS = sorted(FOLDER.glob("*.json"))


def test_there_are_vectors_of_both_kinds():
    kinds = ["error" in json.loads(path.read_text()) for path in VECTORS]
    assert sum(kinds) >= 8
    assert len(kinds) - sum(kinds) >= 8


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path):
    vector = json.loads(path.read_text())
    raw = base64.b64decode(vector["bytes"])
    if "error" in vector:
        with pytest.raises(itl.ItlError) as caught:
            itl.read(raw)
        fault, wanted = caught.value, vector["error"]
        assert (fault.code.value, fault.record, fault.field, fault.offset) == (
            wanted["code"],
            wanted["record"],
            wanted["field"],
            wanted["offset"],
        )
        return
    transaction, wanted = itl.read(raw), vector["expected"]
    card = report(transaction)
    assert (card.tot, card.version) == (wanted["tot"], wanted["version"])
    assert [item.code for item in card.deviations] == wanted["deviations"]
    assert transaction.to_bytes() == raw
    for record, entry, expected in zip(transaction.records, card.records, wanted["records"], strict=True):
        assert (entry.type, entry.idc, entry.fields) == (expected["type"], expected["idc"], expected["fields"])
        if expected["image"] is None:
            assert entry.image is None
            continue
        image = record.image()
        shown = {name: getattr(image, name) for name in ("format", "width", "height", "position", "ppi")}
        assert shown | {"bytes": base64.b64encode(image.data).decode()} == expected["image"]
        assert image.pixels().tobytes() == image.data
    for version in VERSIONS:
        found = [[item.record, item.field, item.rule] for item in findings(transaction, f"ebts-{version}")]
        assert found == wanted["findings"][f"ebts-{version}"]
