"""Every definition on hand-made people; the same stories stand on its page in docs/reference/figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.facts.histories import write
from tests.spec.figures.pages import page
from tests.spec.figures.story import history, read

from tenprint.figures import all_definitions, compute, series
from tenprint.figures.definitions import versions

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs" / "reference" / "figures"
PUBLISHED_ONLY = {d.name for d in all_definitions().values() if set(d.counted) == {"published_cell"}}
"""Numbers that others published have no people; tests/facts/test_releases.py holds them to the sheets."""


@pytest.mark.parametrize("name", sorted(all_definitions().keys() - PUBLISHED_ONLY))
def test_the_figure_says_what_its_people_say(name: str, tmp_path: Path) -> None:
    story = read(HERE / "people" / f"{name}.txt")
    write(history(story), tmp_path / "facts")
    assert story.expected
    for expected in story.expected:
        figure = compute(name, tmp_path / "facts", expected.as_of)
        found = [[str(row[c]) for c in expected.columns] for row in figure.rows]
        assert found == expected.rows, f"as of {expected.as_of}"


@pytest.mark.parametrize("name", sorted(d.name for d in all_definitions().values() if d.supersedes))
def test_both_series_of_a_definition_that_changed_say_what_its_people_say(name: str, tmp_path: Path) -> None:
    story = read(HERE / "series" / f"{name}.txt")
    write(history(story), tmp_path / "facts")
    old, new = versions(all_definitions()[name])
    for expected in story.expected:
        both = series(name, tmp_path / "facts", expected.as_of)
        plain = [row | {side: row[side]["value"] for side in ("forward", "restated")} for row in both.rows]
        assert [[str(row[c]) for c in expected.columns] for row in plain] == expected.rows
        for row in both.rows:
            assert row["restated"]["definition"] == new.id
            assert row["forward"]["definition"] == (old if row["in_force"] == str(old.in_force) else new).id
        restated = sum(row["restated"]["value"] for row in both.rows)
        assert restated == sum(r["value"] for r in compute(name, tmp_path / "facts", expected.as_of).rows)
        assert sum(row["forward"]["value"] for row in both.rows) == restated, "a new level moves people, it loses none"


@pytest.mark.parametrize("name", sorted(all_definitions()))
def test_the_page_of_a_definition_is_what_its_file_and_its_people_say(name: str) -> None:
    people = HERE / "people" / f"{name}.txt"
    changed = HERE / "series" / f"{name}.txt"
    definition = all_definitions()[name]
    written = page(definition, *(read(f) if f.exists() else None for f in (people, changed)))
    file = DOCS / f"{name}.md"
    if os.environ.get("TENPRINT_WRITE_DOCS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == written, "run with TENPRINT_WRITE_DOCS=1 to write the page anew"


def test_every_story_belongs_to_a_definition_and_every_page_too() -> None:
    assert {f.stem for f in (HERE / "people").glob("*.txt")} == set(all_definitions()) - PUBLISHED_ONLY
    assert {f.stem for f in DOCS.glob("*.md")} - {"README"} == set(all_definitions())
