"""Detention workbooks of five years, and others of their kind: every number is a cell of the facts, or counted."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.facts.workbook import write_workbook
from typer.testing import CliRunner

from tenprint.cli.app import app
from tenprint.cli.common import Refused
from tenprint.facts.importers.grid import sheets
from tenprint.figures import all_definitions

KIND = "ice-detention-statistics"
ICE = {"arresting_agency": "ICE"}
CELL = re.compile(r"(?P<file>.+\.xlsx) (?P<sheet>.+)!(?P<column>[A-Z]+)(?P<row>\d+)")
Numbers = dict[tuple[str, str, int, int], float]


def run(*line: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(part) for part in line])
    if isinstance(done.exception, Refused):
        assert done.exception.code == code
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.output


def imported(out: Path, *files: Path, code: int = 0, more: tuple[str | Path, ...] = ()) -> list[dict[str, Any]]:
    """Findings of an import by command."""
    said = run("facts", "import", KIND, *files, "--out", out, "--json", *more, code=code)
    found: list[dict[str, Any]] = json.loads(said)["findings"]
    return found


def cells(folder: Path, what: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT {what} FROM read_parquet('{folder}/published_cell*.parquet')").fetchall()


def numbers_of(files: list[Path]) -> Numbers:
    """Every number of every sheet by file, sheet, row and column."""
    return {
        (f.name, name.strip(), r, c): v
        for f in files
        for name, grid in sheets(f).items()
        for r, row in enumerate(grid)
        for c, v in enumerate(row)
        if isinstance(v, int | float) and not isinstance(v, bool)
    }


def placed(source: str) -> tuple[str, str, int, int]:
    found = CELL.fullmatch(source)
    assert found is not None, source
    column = 0
    for letter in found["column"]:
        column = 26 * column + ord(letter) - 64
    return found["file"], found["sheet"], int(found["row"]) - 1, column - 1


def told(findings: list[dict[str, Any]], what: str) -> Iterator[dict[str, Any]]:
    return (f for f in findings if f["what"] == what)


@pytest.fixture(scope="module")
def books(data: Path) -> list[Path]:
    folder = data / "vintages"
    return [*sorted((folder / "earlier-years").glob("*.xlsx")), *sorted(folder.glob("*.xlsx"))]


@pytest.fixture(scope="module")
def five(books: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    out = tmp_path_factory.mktemp("five") / "facts"
    return out, imported(out, *books)


def test_g08_every_workbook_comes_in_and_no_number_is_lost(
    books: list[Path], five: tuple[Path, list[dict[str, Any]]]
) -> None:
    folder, findings = five
    true = numbers_of(books)
    rows = cells(folder, "source, value, labels")
    for source, value, _ in rows:
        assert abs(float(value) - true[placed(source)]) < 1e-6, source
    assert len({source for source, *_ in rows}) == len(rows), "no number twice"
    assert (len(rows), len(true)) == (26_384, 27_602), "as docs/how-to/import-released-files.md says"
    assert {f["level"] for f in findings} == {"note"}, "nothing drifts, nothing is refused, all sums hold"
    per_sheet = Counter((file, sheet) for file, sheet, _, _ in true)
    for (file, sheet), number in per_sheet.items():
        counted = [f for f in findings if f["where"] == f"{file} {sheet}"]
        assert sum(f["count"] for f in counted) == number, (file, sheet)
        assert all(f"of {number} numbers" in f["detail"] for f in counted)
    unread = Counter(re.sub(r"^\d+ | \(.*?\)", "", part) for f in told(findings, "cells-unread")
                     for part in f["detail"].split(": ", 1)[1].split("; "))  # fmt: skip
    assert set(unread) == {"derived from other columns", "header", "identifier", "of a month that had not begun"}


def test_g09_series_of_other_years_have_their_tables_under_other_titles(five: tuple[Path, Any]) -> None:
    folder, findings = five
    known = cells(folder, "DISTINCT release, series")
    series = {d.published_series for d in all_definitions().values() if d.counted == ("published_cell",)} - {
        "noncriminal-removal-share"
    }
    missing = {(b, s) for b in {k[0] for k in known} for s in series if (b, s) not in set(known)}
    assert missing == {("FY19-detentionstats.xlsx", "average-length-of-stay-adult")}
    assert [f["where"] for f in told(findings, "table-missing")] == ["FY19-detentionstats.xlsx"]


@pytest.mark.parametrize(
    ("figure", "year", "cell", "value"),
    [  # read from the sheets by hand
        ("currently-detained", 2019, {"criminality": "Convicted Criminal", "arresting_agency": "ICE"}, 12543),
        ("removals-as-published", 2019, {}, 267258),
        ("final-book-outs", 2019, {"release_reason": "Paroled", "criminality": "Convicted Criminal"}, 420),
        ("initial-book-ins", 2019, {"month": "2018-10", "arresting_agency": "CBP"}, 28659),
        ("initial-book-ins-by-criminality", 2024, {"criminality": "Convicted Criminal"}, 70279),
        ("final-book-outs-by-facility-type", 2024, {"facility_type": "Adult"}, 268480),
        ("currently-detained-by-disposition", 2024, {"processing_disposition": "Other"}, 16286),
        ("average-daily-population", 2024, {"month": "2023-11", **ICE, "criminality": "Convicted Criminal"}, 7268.5),
        ("average-daily-population-by-facility-type", 2019, {"month": "2019-04", "facility_type": "FRC"}, 909.56667),
        ("average-length-of-stay", 2019, {"month": "2019-01", **ICE, "criminality": "Convicted Criminal"}, 57.19664),
        ("average-length-of-stay-by-facility-type", 2019, {"month": "2018-11", "facility_type": "FRC"}, 7.54519),
        ("average-length-of-stay-adult", 2024, {"month": "2024-03", **ICE}, 42.242672),
        ("facility-population", 2019, {"facility": "STEWART DETENTION CENTER", "criminality": "Criminal"}, 883.109589),
        ("alternatives-to-detention", 2019, {"area": "Atlanta", "technology": "GPS"}, 5749),
    ],
)  # fmt: skip
def test_g11_what_is_read_has_a_figure(
    five: tuple[Path, Any], figure: str, year: int, cell: dict[str, str], value: float
) -> None:
    said = run("figures", "compute", figure, "--facts", five[0], "--as-of", f"{year}-10-31", "--json")
    fiscal = f"FY{year}"
    rows = [r for r in json.loads(said)["rows"] if cell.items() <= r.items() and r.get("fiscal_year", fiscal) == fiscal]
    assert len(rows) == 1, (cell, rows)
    assert abs(rows[0]["value"] - value) < 1e-5


def changed(book: Path, target: Path, *, run_date: str = "IIDS v2.0 run as of") -> Path:
    """A workbook of another year: other words, other places, and what releases have had wrong with them."""
    made: dict[str, list[list[Any]]] = {}
    for name, grid in sheets(book).items():
        rows = [list(row) for row in grid]
        for row in rows:
            for c, v in enumerate(row):
                if isinstance(v, str):
                    text = re.sub(r"(EO)?FY\s?(20)?24", "FY2023", v).replace("Final Book Outs", "Final Releases")
                    row[c] = re.sub(r"IIDS Run Date", run_date, text).replace("Book-Ins", "Book Ins")
        if name.startswith("Detention"):
            rows = [[""] * 3, *rows]
        if name.startswith("Facilities"):
            for row in rows:  # a column less than in the year before, and a list of empty rows
                row[5:6] = []
            rows += [[""] for _ in range(1883)]
        made[f" {name.replace('FY23', 'FY22').replace('FY24', 'FY23')}  "] = rows
    return write_workbook(target, made)


def test_g09_a_workbook_with_other_words_and_other_places(books: list[Path], tmp_path: Path) -> None:
    book = next(b for b in books if b.name.startswith("FY24"))
    other = changed(book, tmp_path / "FY23_detentionStats.xlsx")
    findings = imported(tmp_path / "facts", other)
    assert [f for f in findings if f["level"] != "note"] == []
    assert list(told(findings, "table-missing")) == []
    read = sum(f["count"] for f in told(findings, "cells-read"))
    assert read + sum(f["count"] for f in told(findings, "cells-unread")) == len(numbers_of([other]))
    years = {year for (year,) in cells(tmp_path / "facts", "DISTINCT labels['fiscal_year']")}
    assert {"FY2022", "FY2023"} <= years


def test_g08_a_workbook_without_dates_asks_for_one_and_says_so(books: list[Path], tmp_path: Path) -> None:
    book = next(b for b in books if b.name.startswith("FY24"))
    undated = changed(book, tmp_path / "undated.xlsx", run_date="drawn")
    pages = {n: [[re.sub(r"EID as of", "EID", str(c)) if isinstance(c, str) else c for c in r] for r in g]
             for n, g in sheets(undated).items()}  # fmt: skip
    write_workbook(undated, pages)
    said = run("facts", "import", KIND, undated, "--out", tmp_path / "no", code=2)
    assert said.strip().splitlines()[-1].startswith("refused: no-date: undated.xlsx: no footnote says on which day")
    findings = imported(tmp_path / "yes", undated, more=("--as-of", "2023-10-03"))
    assert [f["what"] for f in findings if f["level"] == "drift"][:1] == ["date-given"]
    assert cells(tmp_path / "yes", "DISTINCT run_on::varchar") == [("2023-10-03",)]
    said = run("facts", "import", KIND, undated, "--out", tmp_path / "no", "--as-of", "October", code=2)
    assert "expected a date such as 2024-10-03" in said


def test_g09_titles_of_ones_own(tmp_path: Path) -> None:
    """A file with synonyms is enough for a table that nobody knows."""
    notes = [
        ["ICE Detention", "x"],
        ["Beds in use", "Beds are counted (IIDS Run Date 10/04/2022; EID as of 10/03/2022)."],
    ]
    table = [["U.S. Immigration and Customs Enforcement"], ["Beds in use by kind: FY2022"], ["Kind", "Men", "Women"],
             ["Total", 9, 4], ["Hard", 5, 3], ["Soft", 4, 1]]  # fmt: skip
    book = write_workbook(tmp_path / "beds.xlsx", {"Beds": table, "Footnotes": notes})
    registry = tmp_path / "beds.toml"
    registry.write_text(
        '[[table]]\nseries = "beds"\ntitle = "Beds in use by kind"\nunit = "beds"\nrows = [["kind", "Kind"]]\n'
        'columns = "sex"\nadditive = true\nfootnote = "Beds in use"\n'
    )
    imported(tmp_path / "facts", book, more=("--registry", registry))
    assert cells(tmp_path / "facts", "DISTINCT series, unit, count(*) OVER ()") == [("beds", "beds", 6)]
    registry.write_text("[[table]]\nseries = 1\n")
    said = run("facts", "import", KIND, book, "--out", tmp_path / "f2", "--registry", registry, code=2)
    assert "expected tables as in registry/detention.toml" in said


def test_g09_a_damaged_table_is_counted_and_not_guessed(tmp_path: Path) -> None:
    """Numbers with nothing above or beside them are no cells of anything, and their places are told."""
    rows = [["U.S. Immigration and Customs Enforcement"], [""], [7, 8], [""], ["Kind", "Men"], ["Hard", 5], ["", 6]]
    notes = [["Beds", "Beds (IIDS Run Date 10/04/2022; EID as of 10/03/2022)."]]
    book = write_workbook(tmp_path / "FY22.xlsx", {"Beds FY22": rows, "Footnotes": notes})
    findings = imported(tmp_path / "facts", book)
    assert [f["count"] for f in told(findings, "cells-read")] == [2]
    (unread,) = told(findings, "cells-unread")
    assert unread["count"] == 2
    assert "2 no header above (A3, B3)" in unread["detail"]


def test_g19_an_unknown_workbook_is_described_and_its_registry_imports_it(books: list[Path], tmp_path: Path) -> None:
    book = next(b for b in books if b.name.startswith("FY24"))
    told = json.loads(run("facts", "describe", book, "--json"))
    assert told["outside"] == 0
    assert sum(t["numbers"] for t in told["tables"]) > 4_900
    known = {t["known"] for t in told["tables"]}
    assert {"final-book-outs", "removals", "currently-detained", "average-daily-population"} <= known
    registry = tmp_path / "own.toml"
    registry.write_text(run("facts", "describe", book, "--toml"))
    entries = tomllib.loads(registry.read_text())["table"]
    assert len(entries) == sum(not t["known"] for t in told["tables"])
    own = [e for e in entries if e["series"] == "parents-of-usc-arrests"]
    registry.write_text(f"[[table]]\n{chr(10).join(f'{k} = {json.dumps(v)}' for k, v in own[0].items())}\n")
    imported(tmp_path / "facts", book, more=("--registry", registry))
    assert cells(tmp_path / "facts", "count(*), min(series) FILTER (series = 'parents-of-usc-arrests')")[0][1]
    assert "expected a workbook" in run("facts", "describe", registry, code=2)


def test_g19_a_folder_that_is_watched_says_what_a_new_release_changed(books: list[Path], tmp_path: Path) -> None:
    releases, out = tmp_path / "releases", tmp_path / "facts"
    releases.mkdir()
    first, second = [b for b in books if b.name.startswith("FY26")]
    shutil.copy(first, releases)
    assert "0 files were known already" in run("facts", "watch", releases, "--out", out)
    shutil.copy(second, releases)
    said = run("facts", "watch", releases, "--out", out)
    assert f"imported: {second.name}" in said
    assert "by month: 2025-10 +2, 2025-11 +4, 2025-12 +1" in said
    assert said.count("In all") == said.count("what changed") - sum(
        unit in line for line in said.splitlines() for unit in ("daily average)", "(days)") if "what changed" in line
    ), "averages are not added up"
    assert json.loads(run("facts", "watch", releases, "--out", out, "--json"))["imported"] is None
    (releases / "broken.xlsx").write_bytes(b"PK no workbook")
    assert "not-a-workbook" in run("facts", "watch", releases, "--out", out, code=1)
