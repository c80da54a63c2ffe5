"""The vectors that other implementations run hold here too."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tenprint.figures import compute
from tenprint.figures.checking import check
from tenprint.proof import verify

HERE = Path(__file__).parents[2] / "conformance" / "receipts"


@pytest.fixture(scope="module")
def vectors() -> dict[str, object]:
    found: dict[str, object] = json.loads((HERE / "vectors.json").read_text())
    return found


def test_the_package_holds(vectors: dict[str, object]) -> None:
    found = check(HERE / "package", [str(vectors["key"])])
    assert found.wrong == []
    assert found.not_checked == []
    assert verify.main([str(HERE / "package" / "checksums.note"), "--key", str(vectors["key"])]) == 0


def test_a_recomputation_gives_the_rows(vectors: dict[str, object]) -> None:
    rows = vectors["rows"]
    assert isinstance(rows, dict)
    for name, expected in rows.items():
        as_of = name.split(".")[1][:10]
        assert list(compute("noncriminal-removal-share", HERE / "package" / "facts", as_of).rows) == expected


def test_every_damage_is_found_by_both_checkers(vectors: dict[str, object], tmp_path: Path) -> None:
    damage = vectors["damage"]
    assert isinstance(damage, list)
    copy, key = tmp_path / "package", str(vectors["key"])
    shutil.copytree(HERE / "package", copy)
    for hit in damage:
        file = copy / hit["file"]
        kept = file.read_bytes()
        changed = bytearray(kept)
        changed[hit["offset"]] = hit["byte"]
        file.write_bytes(changed)
        assert check(copy, [key]).wrong, hit
        assert verify.main([str(copy / "checksums.note"), "--key", key]) != 0, hit
        file.write_bytes(kept)
