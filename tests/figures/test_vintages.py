"""Guarded figures of one ledger, extracted at different times into different folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.facts.histories import TRAVIS, YAVAPAI, History
from tests.facts.test_continuing import Kept

from tenprint.facts import Folder, extract
from tenprint.facts.keys import salt_of
from tenprint.figures.definitions import find
from tenprint.figures.guarded import guarded_rows
from tenprint.figures.publisher import Publisher
from tenprint.figures.vintage import moment_of

FIRST, SECOND = "2010-03-31", "2010-06-30"


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    return Publisher.open_or_create(tmp_path_factory.mktemp("publisher") / "key.json")


def ledgers() -> tuple[Kept, Kept]:
    """A ledger in March, and the same one in June."""
    made = History()
    for n in range(270):  # 22 or 23 a cell: a multiple of the rounding base would hide any noise
        county = (TRAVIS, YAVAPAI, "48029", "48113")[n % 4]
        made.card(f"T{n}", f"2010-0{1 + n // 90}-05", county, matched=f"P{n}")
    march = list(made.entries)
    for n in range(270, 350):
        made.card(f"T{n}", "2010-05-05", TRAVIS, matched=f"P{n}")
    return Kept(march), Kept(made.entries)


def protected(folder: Folder, name: str, as_of: str, publisher: Publisher) -> list[dict[str, Any]]:
    return guarded_rows(folder, find(name), "simulated-ledger", moment_of(as_of), publisher)[0]


@pytest.mark.parametrize("name", ["submissions", "people-matched"])
def test_one_salt_file_gives_two_folders_and_two_vintages_the_same_noise(
    tmp_path: Path, publisher: Publisher, name: str
) -> None:
    march, june = ledgers()
    salt = tmp_path / "county.salt"
    one = extract(march, tmp_path / "one", salt=salt_of(salt, tmp_path / "one"))
    two = extract(june, tmp_path / "two", salt=salt_of(salt, tmp_path / "two"))
    before = protected(one, name, FIRST, publisher)
    assert [r for r in before if r["value"]], "something is published at all"
    assert protected(two, name, FIRST, publisher) == before, (
        "asking the second folder for the first vintage adds nothing"
    )
    for folder in (one, two):
        later = {tuple(v for k, v in r.items() if k not in {"value", "suppressed"}): r for r in before}
        # Counties other than Travis got no new records: the later vintage repeats their cells to the digit.
        for row in protected(folder, name, SECOND, publisher):
            key = tuple(v for k, v in row.items() if k not in {"value", "suppressed"})
            if row.get("county", "(all)") not in {"Travis County", "(all)"} and key in later:
                assert row["value"] == later[key]["value"]
    assert salt.read_text().strip() not in (one.path / "manifest.json").read_text()


def test_fresh_keys_would_give_other_noise(tmp_path: Path, publisher: Publisher) -> None:
    march, _ = ledgers()
    seen = {
        str(protected(extract(march, tmp_path / str(n), salt=bytes([n + 1]) * 32), "submissions", FIRST, publisher))
        for n in range(3)
    }
    assert len(seen) > 1
