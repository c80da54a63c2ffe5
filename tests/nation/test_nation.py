"""The synthetic country: the same from the same seed, what was planted is there, and facts count what arrays hold."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest

from tenprint.facts import TABLES
from tenprint.figures import compute
from tenprint.nation import METRICS, Effect, Kind, Nation, NationError, Plan, draw, groups, write, write_groups

DEFINITIONS = {
    "low-level-bookings": "low-level-booking-share",
    "released-without-charge": "released-without-charge-share",
    "matches-without-charge": "matches-without-charge-share",
    "detainers-given-match": "detainers-given-match-share",
    "incomplete-records": "incomplete-records-share",
}
AFTERWARDS = datetime(2012, 1, 1, tzinfo=UTC)


def country(**changed: object) -> Plan:
    effects = (Effect(kind="pretext", sizes=(0.25,), share=0.2, begins=3),)
    return msgspec.structs.replace(Plan(seed=5, counties=15, quarters=6, effects=effects), **changed)


@pytest.fixture(scope="module")
def nation() -> Nation:
    return draw(country())


@pytest.fixture(scope="module")
def facts(nation: Nation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation") / "facts"
    write(nation, folder)
    return folder


@pytest.mark.parametrize("metric", METRICS)
def test_definitions_count_from_the_facts_what_the_arrays_hold(nation: Nation, facts: Path, metric: str) -> None:
    counted = {
        (r["quarter"], r["jurisdiction"], r["ori"], r["stratum"]): (r["numerator"], r["denominator"])
        for r in compute(DEFINITIONS[metric], facts, AFTERWARDS).rows
    }
    numerator, denominator, strata = nation.counts(metric)
    held = {
        (quarter, agency.jurisdiction, agency.ori, stratum): (int(numerator[q, a, s]), int(denominator[q, a, s]))
        for q, quarter in enumerate(nation.plan.names)
        for a, agency in enumerate(nation.agencies)
        for s, stratum in enumerate(strata)
        if denominator[q, a, s]
    }
    assert len(held) > 50
    assert counted == held


def test_facts_are_of_one_synthetic_origin_and_know_no_group(facts: Path) -> None:
    tables = {f.name.split(".")[0]: pq.read_table(f) for f in facts.glob("*.parquet")}
    assert set(tables) == {
        "jurisdiction", "agency", "activation", "booking", "submission", "charge", "conviction", "match", "decision",
        "detainer",
    }  # fmt: skip
    for name, table in tables.items():
        assert table.schema.names == TABLES[name].schema.names
        assert set(table["origin"].to_pylist()) == {"synthetic-nation"}
        assert not [c for c in table.schema.names if "group" in c or "race" in c]
        assert table["key"].null_count == table["valid_from"].null_count == table["recorded_at"].null_count == 0


def test_matches_happen_only_where_a_county_is_active_on_that_day(nation: Nation, facts: Path) -> None:
    found = {r["case_id"] for r in pq.read_table(facts / "match.nation.parquet").to_pylist()}
    active = {a.jurisdiction: day for a in nation.agencies for day in [nation.active_on[int(a.jurisdiction) - 99001]]}
    cards = pq.read_table(facts / "submission.nation.parquet").to_pylist()
    searched = {
        c["case_id"]
        for c in cards
        if active[c["jurisdiction"]] is not None and c["valid_from"].date() >= active[c["jurisdiction"]]
    }
    assert 0 < len(found) < len(cards)
    assert found == searched


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others(
    nation: Nation, facts: Path, tmp_path: Path
) -> None:
    again, other = write(draw(country()), tmp_path / "again"), write(draw(country(seed=6)), tmp_path / "other")
    first = {p.file: p.sha256 for p in again.manifest.parts}
    assert first == {f.name: p.sha256 for p in again.manifest.parts for f in facts.glob(p.file)}
    assert np.array_equal(draw(country()).people, nation.people)
    assert first != {p.file: p.sha256 for p in other.manifest.parts}


def share(nation: Nation, metric: str, agencies: np.ndarray, quarters: slice) -> float:
    numerator, denominator, _ = nation.counts(metric)
    return float(numerator[quarters][:, agencies].sum() / denominator[quarters][:, agencies].sum())


@pytest.mark.parametrize(
    ("kind", "metric", "rise"),
    [
        ("pretext", "low-level-bookings", 0.2), ("pretext", "released-without-charge", 0.1),
        ("victims", "released-without-charge", 0.2), ("agency", "low-level-bookings", 0.2),
        ("change", "low-level-bookings", 0.2),
    ],
)  # fmt: skip
def test_what_is_planted_is_there_and_only_from_its_beginning_on(kind: Kind, metric: str, rise: float) -> None:
    plan = Plan(seed=2, counties=40, quarters=12, effects=(Effect(kind=kind, sizes=(0.2,), share=0.3, begins=6),))
    nation = draw(plan)
    wrong = nation.wrong(metric)
    done = np.flatnonzero(wrong[-1])
    assert len(done)
    before = ~wrong[:, done].any(axis=1) if kind == "change" else np.arange(12) < 6
    assert not wrong[:4].any()
    assert share(nation, metric, done, slice(-1, None)) - share(nation, metric, done, slice(0, 4)) > 0.8 * rise
    assert before.any()
    good = np.flatnonzero(~wrong.any(axis=0))
    assert abs(share(nation, metric, good, slice(-1, None)) - share(nation, metric, good, slice(0, 4))) < 0.05


def test_a_change_begins_the_quarter_after_activation() -> None:
    nation = draw(Plan(seed=4, counties=30, quarters=10, effects=(Effect(kind="change", share=0.5),)))
    seen = 0
    for a, county in enumerate(nation.county):
        day, raised = nation.active_on[county], np.flatnonzero(nation.raised_low[:, a])
        if len(raised):
            seen += 1
            assert day is not None
            assert nation.plan.first_day(int(raised[0])) > day >= nation.plan.first_day(int(raised[0]) - 1)
    assert seen > 5


def test_a_bad_agency_stands_in_a_good_county() -> None:
    nation = draw(Plan(seed=4, counties=40, effects=(Effect(kind="agency", share=0.1),)))
    bad = nation.wrong("low-level-bookings")[-1]
    for number, planted in enumerate(nation.effect):
        own = bad[nation.county == number]
        assert own.sum() == (1 if planted else 0)
        assert not planted or len(own) > 1


def test_with_nothing_planted_nothing_is_wrong() -> None:
    nation = draw(Plan(seed=1, counties=20, quarters=4))
    assert not any(nation.wrong(metric).any() for metric in METRICS)
    assert nation.effect == (None,) * 20


def test_sizes_are_heavy_tailed_and_activation_is_staggered() -> None:
    nation = draw(Plan(seed=1, counties=300, quarters=12))
    assert nation.size.max() > 10 * np.median(nation.size)
    quarters = {(d.year, (d.month - 1) // 3) for d in nation.active_on if d}
    assert len(quarters) == 9
    assert None in nation.active_on
    assert len({a.county for a in nation.agencies}) == 300


def test_groups_stand_in_a_table_of_their_own_whose_bars_are_known(nation: Nation, tmp_path: Path) -> None:
    rows = groups(nation, bars=(0.15, 0.08))
    assert groups(nation, bars=(0.15, 0.08)) == rows
    hit = {
        g: sum(r.confirmed for r in rows if r.group == g) / sum(r.acted_on for r in rows if r.group == g) for g in "AB"
    }
    assert hit["B"] < hit["A"]
    assert sum(r.cases for r in rows) == nation.people.sum()
    with write_groups(tmp_path / "groups.csv", rows).open() as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == ["unit", "group", "cases", "acted_on", "confirmed"]
    assert len(read) == 2 * nation.plan.counties


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": "2009"}, "calendar quarter"),
        ({"counties": 0}, "counties"),
        ({"effects": (Effect(kind="victims", share=2),)}, "planted"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(NationError, match=words):
        Plan(**({"seed": 1} | changed))
