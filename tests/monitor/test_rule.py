from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tenprint.figures import find
from tenprint.monitor import MonitorError, find_rule, quarters, rule_for
from tenprint.monitor.rule import parse, shipped

RULE = find_rule()


def changed(old: str, new: str) -> bytes:
    assert old in RULE.text
    return RULE.text.replace(old, new).encode()


def test_the_id_of_a_rule_is_the_hash_of_its_bytes() -> None:
    assert RULE.id == f"quarterly-review@{hashlib.sha256(RULE.content).hexdigest()[:16]}"
    other = parse("quarterly-review", changed("level = 0.10", "level = 0.1"))
    assert other.level == RULE.level
    assert other.id != RULE.id, "another file is another rule, even when it says the same"


@pytest.mark.parametrize("name", shipped())
def test_every_rule_that_comes_with_the_program_names_definitions_that_come_with_it(name: str) -> None:
    rule = find_rule(name)
    assert rule.name == name
    for metric in rule.metric:
        assert find(metric.definition).id == metric.definition, "a definition was edited: the rule is a new version"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("power = 0.8", "", "power"),
        ("power = 0.8", "power = 1.8", "power"),
        ("level = 0.10", "level = 0.0", "level"),
        ("wait = 1", "wait = 1\nlucky = 7", "lucky"),
        ('tests = ["funnel", "change"]', 'tests = ["tea leaves"]', "tests"),
        ('name = "released-without-charge"', 'name = "low-level-bookings"', "each once"),
        ('first = "2008Q4"', 'first = "last year"', "calendar quarter"),
        ("[funnel]", "[funnel", "Expected"),
    ],
)
def test_a_rule_with_a_fault_is_refused_and_the_fault_named(old: str, new: str, said: str) -> None:
    with pytest.raises(MonitorError, match=said):
        parse("mine", changed(old, new))


def test_a_quarter_is_reviewed_under_the_rule_of_its_time() -> None:
    names = {quarter: rule_for(quarter).name for quarter in ("2008Q4", "2014Q4", "2017Q1", "2021Q1", "2015Q3")}
    assert names == {
        "2008Q4": "quarterly-review",
        "2014Q4": "quarterly-review",
        "2017Q1": "quarterly-review-2017",
        "2021Q1": "quarterly-review-2017",
        "2015Q3": "quarterly-review",  # of neither: the rule says for which quarters it has something left
    }
    assert {m.definition for m in RULE.metric} == {m.definition for m in find_rule("quarterly-review-2017").metric}


def test_the_level_is_spread_over_the_sequence_and_nothing_is_left_outside() -> None:
    first = quarters.number(RULE.sequence.first)
    levels = [RULE.level_of(first + i) for i in range(RULE.sequence.quarters)]
    assert sum(levels) <= RULE.level * (1 + 1e-12)
    for outside in (first - 1, first + RULE.sequence.quarters):
        with pytest.raises(MonitorError, match="Register a new version"):
            RULE.level_of(outside)


def test_a_rule_is_found_by_name_hash_or_file(tmp_path: Path) -> None:
    assert find_rule(RULE.id) == RULE
    file = tmp_path / "mine.toml"
    file.write_bytes(RULE.content)
    assert find_rule(str(file)).id == RULE.id
    for name, said in (
        ("quarterly-review@0000", "this program has"),
        ("tea", "there are"),
        ("no.toml", "no such file"),
    ):
        with pytest.raises(MonitorError, match=said):
            find_rule(name)


def test_quarters_are_counted_and_written() -> None:
    assert quarters.written(quarters.number("2011Q4") + 1) == "2012Q1"
    assert quarters.first_day(quarters.number("2011Q2")).isoformat() == "2011-04-01"
    with pytest.raises(MonitorError, match="2011Q2"):
        quarters.number("2011-Q2")
