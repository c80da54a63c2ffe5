"""Laws of disclosure control, and the attacks it must survive."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.facts.histories import TRAVIS, YAVAPAI, History, write

from tenprint.facts import Folder
from tenprint.figures import compute
from tenprint.figures.definitions import find
from tenprint.figures.disclosure import BASE, KEYS, THRESHOLD, noise, rounded
from tenprint.figures.guarded import guarded_difference, guarded_rows
from tenprint.figures.publisher import Publisher
from tenprint.figures.vintage import moment_of

NAME = "matches-per-submission"


def test_noise_has_no_bias_and_leaves_empty_cells_empty() -> None:
    shifts = Counter(noise(30, k) for k in range(KEYS))
    assert sum(shift * n for shift, n in shifts.items()) == 0
    assert set(shifts) == {-2, -1, 0, 1, 2}
    assert all(noise(0, k) == 0 for k in range(KEYS))


@given(st.integers(0, 10_000))
def test_rounding_moves_by_at_most_half_the_base(value: int) -> None:
    assert rounded(value) % BASE == 0
    assert abs(rounded(value) - value) <= BASE // 2


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    return Publisher.open_or_create(tmp_path_factory.mktemp("publisher") / "key.json")


def folder(tmp_path: Path, cards: list[tuple[str, str, str]], name: str = "facts") -> Path:
    """Removed people: county, day on which it was recorded, name."""
    made = History()
    for county, recorded, who in sorted(cards, key=lambda c: c[1]):
        made.removed(made.card(who, recorded, county, matched=f"P{who}"), "2010-01-01", recorded)
    write(made, tmp_path / name)
    return tmp_path / name


def protected(
    facts: Path, as_of: str, publisher: Publisher, name: str = "removals"
) -> dict[tuple[Any, ...], dict[str, Any]]:
    definition = find(name)
    rows, _ = guarded_rows(Folder.open(facts), definition, "simulated-ledger", moment_of(as_of), publisher)
    return {tuple(r[c] for c in definition.cells): r for r in rows}


def people(county: str, count: int, day: str = "2010-01-05", prefix: str = "T") -> list[tuple[str, str, str]]:
    return [(county, day, f"{prefix}{county}{i}") for i in range(count)]


def test_a_small_cell_is_suppressed_with_a_reason_and_no_total_gives_it_away(
    tmp_path: Path, publisher: Publisher
) -> None:
    cards = [*people(TRAVIS, 40), *people("48029", 35), *people(YAVAPAI, 60)]
    facts = folder(tmp_path, [*cards, *people("48113", 3)])
    found = protected(facts, "2010-12-31", publisher)
    counties = {k[2]: r["suppressed"] for k, r in found.items() if k[1] == "TX" and k[4] == "NC"}
    assert counties == {"Travis County": "", "Bexar County": "complementary", "Dallas County": "small"}
    for row in found.values():
        assert (row["value"] is None) == bool(row["suppressed"])
    assert_no_single_hidden_part(found, len(find("removals").cells))


def assert_no_single_hidden_part(found: dict[tuple[Any, ...], dict[str, Any]], width: int) -> None:
    """Under a published total, either nothing is hidden or at least two parts are."""

    def level(key: tuple[Any, ...]) -> int:
        return next((i for i, n in enumerate(key) if n == "(all)"), width)

    for key, row in found.items():
        depth = level(key)
        if depth == width or row["value"] is None:
            continue
        parts = [r for k, r in found.items() if level(k) == depth + 1 and k[:depth] == key[:depth]]
        assert sum(r["value"] is None for r in parts) != 1, key


@pytest.mark.parametrize("seed", range(12))
def test_no_table_of_any_shape_hides_just_one_part(tmp_path: Path, publisher: Publisher, seed: int) -> None:
    dice = random.Random(seed)
    counties = [TRAVIS, YAVAPAI]
    cards = [
        c
        for n, county in enumerate(counties * 3)
        for c in people(county, dice.choice([1, 4, 9, 10, 11, 30]), prefix=f"S{n}")
    ]
    facts = folder(tmp_path, cards)
    for name in ("removals", "matches-per-submission", "people-matched"):
        found = protected(facts, "2010-12-31", publisher, name)
        assert_no_single_hidden_part(found, len(find(name).cells))


def test_the_same_records_carry_the_same_noise_in_every_vintage_and_table(tmp_path: Path, publisher: Publisher) -> None:
    cards = [*people(TRAVIS, 47), *people(YAVAPAI, 58, "2010-06-01")]
    facts = folder(tmp_path, cards)
    key = ("FY2010", "TX", "Travis County", "REMOVED", "NC")
    values = {
        protected(facts, day, publisher)[key]["value"]
        for day in ("2010-02-01", "2010-05-01", "2010-07-01", "2010-12-31")
    }
    assert len(values) == 1
    again = {protected(facts, "2010-12-31", publisher)[key]["value"] for _ in range(3)}
    assert again == values


def test_differencing_all_vintages_does_not_find_the_one_person(tmp_path: Path, publisher: Publisher) -> None:
    """One person joins a county between two vintages. Without protection the difference says so every time; with it, an
    attacker who knows the method and guesses the likeliest change from every published pair is mostly wrong."""
    dice = random.Random(11)
    trials, plain_hits, guesses = 12, 0, []
    for trial in range(trials):
        size = dice.randrange(30, 60)
        cards = [*people(TRAVIS, size, prefix=f"A{trial}x"), *people(YAVAPAI, 40, prefix=f"B{trial}x")]
        joins = dice.random() < 0.5
        if joins:
            cards.append((TRAVIS, "2010-06-01", f"X{trial}"))
        facts = folder(tmp_path, cards, f"facts{trial}")
        exact = [
            sum(r["value"] for r in compute("removals", facts, d).rows if r["state"] == "TX")
            for d in ("2010-05-01", "2010-07-01")
        ]
        plain_hits += (exact[1] - exact[0] == 1) == joins
        key = ("FY2010", "TX", "Travis County", "REMOVED", "NC")
        seen = [protected(facts, d, publisher)[key]["value"] for d in ("2010-05-01", "2010-07-01")]
        totals = [protected(facts, d, publisher)[("(all)",) * 5]["value"] for d in ("2010-05-01", "2010-07-01")]
        guesses.append((joins, seen[1] - seen[0], totals[1] - totals[0]))
    assert plain_hits == trials
    joined = [g for g in guesses if g[0]]
    exactly_one = sum(change == 1 or total == 1 for _, change, total in joined)
    assert exactly_one == 0, "a published difference equals the true one"
    silent = sum(change == 0 for _, change, _ in joined)
    assert silent >= len(joined) / 3, "in a good share of cases the cell does not move at all"
    assert any(change < 0 for _, change, _ in joined) or silent < len(joined), "and where it moves, not always upwards"


def test_a_guarded_difference_is_taken_from_protected_values_and_has_no_parts(
    tmp_path: Path, publisher: Publisher
) -> None:
    facts = folder(tmp_path, [*people(TRAVIS, 40), *people(YAVAPAI, 4), *people(TRAVIS, 2, "2010-06-01", "L")])
    found = guarded_difference("removals", facts, "2010-05-01", "2010-07-01", publisher)
    assert found["parts"] == {}
    for row in found["rows"]:
        assert row["parts"] == {}
        if row["suppressed"]:
            assert row["change"] is None
        else:
            assert row["change"] % BASE == 0


def test_what_protection_costs_is_told(tmp_path: Path, publisher: Publisher) -> None:
    facts = folder(tmp_path, [*people(TRAVIS, 40), *people(YAVAPAI, 4)])
    _, cost = guarded_rows(Folder.open(facts), find("removals"), "simulated-ledger", moment_of("2010-12-31"), publisher)
    assert cost.cells == 2
    assert cost.suppressed >= 1
    assert cost.records == 44
    assert cost.records_suppressed >= 4
    assert cost.mean_absolute_error is None or cost.mean_absolute_error <= 2 + BASE / 2
    assert THRESHOLD > 4
