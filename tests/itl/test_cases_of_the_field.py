"""I1 to I18: a check that can fail. Valid cards are clean in all profiles, 150 of 155 invalid ones are errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.itl import cards

from tenprint import itl
from tenprint.itl.check import findings
from tenprint.itl.profile import NAMES


def table(data: Path) -> Iterator[tuple[dict[str, str], bytes]]:
    """Rows of the table with their transactions, built by the recipe that lies beside it."""
    folder = data.parent / "field" / "itl"
    if not folder.is_dir():
        pytest.skip("the table of valid and invalid transactions does not lie beside the data")
    recipe = max(re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text("utf-8"), re.DOTALL), key=len)
    made: dict[str, Any] = {}
    exec(recipe, made)
    return made["table"](folder)  # type: ignore[no-any-return]


def test_i1_the_table_of_valid_and_invalid_transactions(data: Path) -> None:
    missed: dict[str, list[str]] = {name: [] for name in NAMES}
    invalid = 0
    for row, content in table(data):
        transaction = itl.read(content, strict=False)
        invalid += row["valid"] == "invalid"
        for name in NAMES:
            found = findings(transaction, name)
            if row["valid"] == "valid":
                assert found == [] or name.removeprefix("ebts-") not in row["profiles"].split(), (
                    row["id"],
                    name,
                    found,
                )
                continue
            errors = {".".join((f.field or "").split(".")[:2]) for f in found if f.severity == "error"}
            if not errors & set(row["field"].split("|")):
                missed[name].append(row["id"])
    assert invalid == 155
    for name, rows in missed.items():
        assert len(rows) <= 5, f"{name} misses {rows}"


CHANGES = [
    (2, "NAM", "SAMPLE PAT", "2.018"), (2, "NAM", "sample,pat", "2.018"), (2, "AKA", "NOCOMMA", "2.019"),
    (2, "CRI", "TX", "2.073"), (2, "POB", "tx", "2.020"), (1, "VER", "0999", "1.002"), (1, "PRY", "0", "1.006"),
    (1, "DAT", "20990101", "1.005"), (1, "NSR", "09.00", "1.011"), (1, "NTR", "11.81", "1.012"),
    (2, "DOB", "18500101", "2.022"), (2, "IMA", "MAKE\x1fMODEL", "2.067"),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("kind", "field", "value", "tag"), CHANGES)
def test_i15_i16_forms_and_days_are_the_same_in_every_version(
    name: str, kind: int, field: str, value: str, tag: str
) -> None:
    transaction = cards.card("type-4")
    record = transaction.first(kind)
    assert record is not None
    record.set(field, value)
    found = findings(itl.read(transaction.to_bytes(), strict=False), name)
    assert tag in {f.field for f in found if f.severity == "error"}, found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("number", "value"),
    [
        (3, "12"), (5, "20990101"), (9, "100"), (10, "1000"), (12, "1"), (18, "1\x1fSR"),
        (21, "99\x1f5000\x1f10\x1f9\x1f7"), (21, "11\x1f1\x1f9\x1f1\x1f9"), (22, "77\x1f250"),
        (24, "2\x1f120\x1f0001\x1f1"),
    ],
)  # fmt: skip
def test_i6_nonsense_in_a_type_14_record_is_an_error_at_its_field(name: str, number: int, value: str) -> None:
    transaction = cards.card("type-14")
    record = transaction.first(14)
    assert record is not None
    record.set(number, value)
    found = findings(itl.read(transaction.to_bytes(), strict=False), name)
    assert f"14.{number:03d}" in {f.field for f in found if f.severity == "error"}, found
