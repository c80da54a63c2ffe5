"""Figures in the shapes that people use: CSV, Parquet, chart, map, panel, and what changed since a story."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from tests.facts.histories import TRAVIS, YAVAPAI, History, write
from typer.testing import CliRunner

from tenprint.cli.app import app
from tenprint.cli.common import Refused


def run(*line: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(part) for part in line], env={"COLUMNS": "200"})
    if isinstance(done.exception, Refused):
        assert done.exception.code == code
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eleven cards: Travis is active from 16 June 2009, Yavapai from 16 January 2009 (the published table)."""
    made = History()
    days = ["2009-04-02", "2009-06-20", "2009-06-25", "2009-09-01", "2010-01-05", "2010-01-20", "2010-02-01"]
    cards = [(day, TRAVIS, f"T{n}", f"P{n}") for n, day in enumerate(days)]
    days = ["2009-12-01", "2010-01-20", "2010-03-05", "2010-03-06"]
    cards += [(day, YAVAPAI, f"Y{n}", f"Q{n}" if n else None) for n, day in enumerate(days)]
    for day, county, tcn, person in sorted(cards, key=lambda card: card[0]):
        made.card(tcn, day, county, matched=person)
    folder = tmp_path_factory.mktemp("shapes") / "facts"
    write(made, folder)
    return folder


@pytest.fixture(scope="module")
def released(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released") / "facts"
    run("facts", "import", "ice-detention-statistics", *sorted((data / "vintages").glob("*.xlsx")), "--out", folder)
    return folder


def figure(facts: Path, name: str, *more: str | Path, as_of: str = "2010-12-31") -> dict[str, Any]:
    said: dict[str, Any] = json.loads(
        run("figures", "compute", name, "--facts", facts, "--as-of", as_of, "--json", *more)
    )
    return said


def test_g15_csv_and_parquet_have_the_cells_of_the_json_and_say_where_they_come_from(
    facts: Path, tmp_path: Path
) -> None:
    table, columns = tmp_path / "m.csv", tmp_path / "m.parquet"
    said = figure(facts, "matches", "--csv", table, "--parquet", columns)
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert len(rows) == len(said["rows"]) > 1
    for row, true in zip(rows, said["rows"], strict=True):
        assert {k: row[k] for k in true} == {k: "" if v is None else str(v) for k, v in true.items()}
        assert (row["definition"], row["receipt"]) == (said["definition"], said["receipt"]["hash"])
        assert row["as_of"] == "2010-12-31T23:59:59Z"
    kept = pq.read_table(columns)
    assert kept["value"].to_pylist() == [r["value"] for r in said["rows"]]
    assert kept.schema.metadata[b"tenprint.receipt"].decode() == said["receipt"]["hash"]
    assert set(kept.column_names) == set(rows[0])


def test_g15_no_text_of_somebody_else_becomes_a_formula(facts: Path, tmp_path: Path) -> None:
    own = tmp_path / "evil.sql"
    own.write_text(
        '/*\ntitle = "x"\nkind = "count"\nunit = "x"\ncells = ["place"]\npopulation = "x"\nsource = "x"\n'
        "counted = [\"submission\"]\n*/\nselect '=1+1' as place, case_id, 1 as numerator from submission"
    )
    figure(facts, str(own), "--own-definition", "--csv", tmp_path / "e.csv")
    assert "'=1+1,11" in (tmp_path / "e.csv").read_text("utf-8")


def words_of(svg: Path) -> str:
    drawn = ET.fromstring(svg.read_text("utf-8"))
    return " ".join("".join(t.itertext()) for t in drawn.iter() if t.tag.endswith("text"))


def test_g15_a_chart_begins_at_zero_says_n_and_shows_a_gap_as_a_gap(released: Path, tmp_path: Path) -> None:
    chart = tmp_path / "c.svg"
    said = figure(released, "average-daily-population", "--chart", chart, "--by", "criminality", as_of="2026-02-28")
    words = words_of(chart)
    assert f"n = {len(said['rows'])} cells" in words
    assert said["definition"] in words
    assert said["receipt"]["hash"][:23] in words
    assert "source FY26_detentionStats_02122026.xlsx" in words
    assert re.search(r"\b0\b", words), "the axis begins at zero"
    bars = tmp_path / "b.svg"
    figure(released, "facility-population", "--chart", bars, "--by", "facility", as_of="2026-02-28")
    assert re.search(r"; the 30 largest are drawn, \d+ are not", words_of(bars))
    assert "no cell 'color'" in run(
        "figures", "compute", "removals-as-published", "--facts", released, "--chart", bars, "--by", "color", code=2
    )


def test_g15_a_map_of_counties_and_of_states(facts: Path, released: Path, data: Path, tmp_path: Path) -> None:
    outlines = data / "geometry"
    figure(facts, "matches", "--map", tmp_path / "county.svg", "--outlines", outlines)
    assert "month 2010-03, the latest; n = 1 counties with a row; white: no row, which is not zero" in words_of(
        tmp_path / "county.svg"
    )
    figure(released, "facility-population", "--map", tmp_path / "state.svg", "--outlines", outlines, as_of="2026-02-28")
    assert re.search(r"n = \d\d states with a row", words_of(tmp_path / "state.svg"))
    line = ("figures", "compute", "removals-as-published", "--facts", released, "--map", tmp_path / "x.svg")
    assert "no row of this figure says in which county or state" in run(*line, "--outlines", outlines, code=2)
    line = ("figures", "compute", "matches", "--facts", facts, "--map", tmp_path / "x.svg", "--outlines", tmp_path)
    assert "expected outlines as us-atlas has them" in run(*line, code=2)


def test_g16_a_panel_has_zeros_where_zero_is_known_and_nothing_where_it_is_not(facts: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f'jurisdiction,population\n{TRAVIS},"1,024,266"\n')
    table = tmp_path / "panel.csv"
    line = ("figures", "panel", "matches", "--facts", facts, "--as-of", "2010-03-31", "--population", people)
    run(*line, "--csv", table, "--parquet", tmp_path / "panel.parquet")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert list(rows[0])[:8] == [
        "jurisdiction", "state", "county", "month", "active_on", "event_time", "population", "value"
    ]  # fmt: skip
    of = {(r["jurisdiction"], r["month"]): r for r in rows}
    months = [f"{y}-{m:02}" for y in (2009, 2010) for m in range(1, 13)][3:15]
    assert [r["month"] for r in rows if r["jurisdiction"] == TRAVIS] == months
    travis = {m: of[TRAVIS, m] for m in months}
    assert {m: r["value"] for m, r in travis.items()} == {
        "2009-04": "1", "2009-05": "", "2009-06": "2", "2009-07": "0", "2009-08": "0", "2009-09": "1", "2009-10": "0",
        "2009-11": "0", "2009-12": "0", "2010-01": "2", "2010-02": "1", "2010-03": "0",
    }  # fmt: skip
    assert (travis["2009-06"]["event_time"], travis["2010-03"]["event_time"]) == ("0", "9")
    assert (travis["2009-04"]["event_time"], travis["2009-04"]["active_on"]) == ("-2", "2009-06-16")
    assert travis["2009-04"]["population"] == "1024266"
    assert of[YAVAPAI, "2009-12"]["value"] == "0"
    assert sum(int(r["value"] or 0) for r in rows) == sum(
        r["value"] for r in figure(facts, "matches", as_of="2010-03-31")["rows"]
    ), "the months of a count add up to the figure"
    never = [r for r in rows if not r["active_on"]]
    assert all(r["event_time"] == "" and r["value"] != "0" for r in never)
    kept = pq.read_table(tmp_path / "panel.parquet").to_pylist()
    assert [None if r["value"] == "" else float(r["value"]) for r in rows] == [r["value"] for r in kept]


def test_g16_a_panel_of_several_figures_and_of_quarters(facts: Path) -> None:
    line = ("figures", "panel", "matches", "submissions", "matches-per-submission", "--facts", facts)
    found = json.loads(run(*line, "--as-of", "2010-03-31", "--period", "quarter", "--json"))
    assert found["columns"][3:] == ["quarter", "active_on", "event_time", "population", *line[2:5]]
    row = next(r for r in found["rows"] if (r["jurisdiction"], r["quarter"]) == (YAVAPAI, "2010Q1"))
    assert (row["matches"], row["submissions"], row["matches-per-submission"], row["event_time"]) == (3, 3, 100, 4)
    assert "month or quarter" in run(*line, "--period", "week", code=2)
    assert "months of their own tables" in run("figures", "panel", "final-book-outs", "--facts", facts, code=2)


def test_g17_what_changed_since_a_story_comes_first_and_in_order(released: Path) -> None:
    line = ("figures", "diff", "final-book-outs", "--facts", released, "--since", "2026-01-31", "--to", "2026-02-28")
    lines = run(*line).splitlines()
    assert lines[0].endswith("(book-outs): what changed from 2026-01-31 to 2026-02-28")
    assert lines[1].startswith("In all 142324 to 160225 (+17,901, +12.6 %)")
    assert lines[3].startswith("Periods that were over by 2026-01-31: 33 of 90 cells changed, 112724 to 112731 (+7")
    assert lines[4] == "  by month: 2025-10 +2, 2025-11 +4, 2025-12 +1"
    assert lines[6] == (
        "  by criminality: Convicted Criminal +36, Other Immigration Violator -25, Pending Criminal Charges -4"
    )
    line = ("figures", "compute", "final-book-outs", "--facts", released, "--as-of", "2026-02-28")
    assert run(*line, "--since", "2026-01-31").splitlines()[:7] == lines[:7]
    assert json.loads(run(*line, "--since", "2026-01-31", "--json"))["since"]["closed"]["changed"] == 33


def test_g17_an_axis_that_is_cut_says_so_and_is_drawn_so(released: Path, tmp_path: Path) -> None:
    line = ("figures", "diff", "final-book-outs", "--facts", released, "--from", "2026-01-31", "--to", "2026-02-28")
    run(*line, "--svg", tmp_path / "d.svg")
    drawn = (tmp_path / "d.svg").read_text("utf-8")
    assert "not at zero: the bars of both ends are broken off" in drawn
    assert drawn.count("<polygon") == 2


def test_g18_a_table_says_n(facts: Path, released: Path) -> None:
    said = run("figures", "compute", "matches", "--facts", facts, "--as-of", "2010-12-31")
    assert re.search(r"n = 10 matches in \d cells", said)
    said = run("figures", "compute", "matches-per-submission", "--facts", facts, "--as-of", "2010-12-31")
    assert re.search(r"n = 11 in \d cells: the column denominator says how many stand behind a value", said)


def test_g11_a_folder_says_which_figures_it_can_answer(facts: Path, released: Path) -> None:
    mine = {d["name"] for d in json.loads(run("figures", "list", "--facts", facts, "--json"))}
    theirs = {d["name"] for d in json.loads(run("figures", "list", "--facts", released, "--json"))}
    assert {"matches", "submissions"} <= mine
    assert "facility-population" not in mine
    assert {"facility-population", "currently-detained", "final-book-outs"} <= theirs
    assert "matches" not in theirs
    for name in sorted(theirs):
        assert figure(released, name, as_of="2026-02-28")["rows"], name
