from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.facts.released import rows
from tests.facts.workbook import write_workbook

from tenprint.facts import FactsError, Folder
from tenprint.facts.importers import Report, import_files
from tenprint.facts.importers.grid import sheets
from tenprint.facts.importers.records import Registry, norm
from tenprint.figures import TwoOriginsError, compute, difference

Rows = list[list[Any]]


def cells(folder: Path, table: str, query: str) -> list[tuple[Any, ...]]:
    files = [str(folder / p.file) for p in Folder.open(folder).parts(table)]
    with duckdb.connect() as db:
        return db.execute(query.replace("facts", f"read_parquet({files})")).fetchall()


def told(report: Report, what: str) -> list[str]:
    return [f"{f.where}: {f.detail}" for f in report.findings if f.what == what]


# -- published cells ---------------------------------------------------------------------------------------------------


def test_all_34_numbers_of_2010_come_back_with_their_origin(data: Path, tmp_path: Path) -> None:
    source = data / "program" / "seed_noncriminal_removals_2010.csv"
    import_files("seed-removals", [source], tmp_path / "facts")
    expected = list(csv.DictReader(source.open()))
    checked = 0
    for day, column in (
        ("2010-04-30", "pct_noncriminal_as_of_2010_04"),
        ("2010-07-31", "pct_noncriminal_as_of_2010_07"),
    ):
        figure = compute("noncriminal-removal-share", tmp_path / "facts", day)
        assert figure.origin == "published:seed-removals"
        assert {(r["state"], r["county"]): r["value"] for r in figure.rows} == {
            (r["state"], r["county"]): int(r[column]) for r in expected
        }
        assert all(len(r["jurisdiction"]) == 5 for r in figure.rows)
        checked += len(figure.rows)
    assert checked == 34


def test_travis_county_is_one_part_that_nobody_can_tell(data: Path, tmp_path: Path) -> None:
    import_files("seed-removals", [data / "program" / "seed_noncriminal_removals_2010.csv"], tmp_path / "facts")
    found = difference("noncriminal-removal-share", tmp_path / "facts", "2010-04-30", "2010-07-31")
    travis = next(r for r in found.rows if r.names["county"] == "Travis")
    assert (travis.before, travis.after, travis.parts) == (82, 31, {"cannot-be-told": -51})
    assert found.total is None


def test_before_the_first_vintage_nothing_was_published(data: Path, tmp_path: Path) -> None:
    import_files("seed-removals", [data / "program" / "seed_noncriminal_removals_2010.csv"], tmp_path / "facts")
    assert compute("noncriminal-removal-share", tmp_path / "facts", "2010-03-31").rows == ()


def test_activations_are_reference_and_complete(data: Path, tmp_path: Path) -> None:
    report = import_files("activations", [data / "program" / "county_activation.csv"], tmp_path / "facts")
    assert report.rows == {"activation": 3143}
    assert cells(
        tmp_path / "facts", "activation", "SELECT count(*) FROM facts WHERE active_on <= DATE '2010-08-10'"
    ) == [(546,)]


@pytest.fixture(scope="module")
def workbooks(data: Path) -> list[Path]:
    return sorted((data / "vintages").glob("*.xlsx"))


BOOK_OUTS = "ICE Final Book Outs by Release Reason, Month and Criminality"


def by_hand(path: Path) -> dict[tuple[str, str, str], float]:
    """The table of final book-outs, read in the plainest way: rows below the title until an empty one."""
    grid = next(g for name, g in sheets(path).items() if name.startswith("Detention"))
    start = next(i for i, r in enumerate(grid) if str(r[0]).startswith(BOOK_OUTS))
    months = grid[start + 1][2:14]
    found, reason = {}, ""
    for row in grid[start + 2 :]:
        if not (row[0] or row[1]):
            break
        reason = row[0] or reason
        for month, value in zip(months, row[2:14], strict=True):
            if value != "":
                found[reason, row[1] or "Total", month] = value
    return found


def test_every_cell_of_both_workbooks_is_the_sheets_own(workbooks: list[Path], tmp_path: Path) -> None:
    report = import_files("ice-detention-statistics", workbooks, tmp_path / "facts")
    assert len(report.files) == 2
    assert report.checks == 304
    assert told(report, "sum") == []
    names = {"10": "Oct", "11": "Nov", "12": "Dec", "01": "Jan", "02": "Feb"}
    compared = 0
    for book in workbooks:
        expected = by_hand(book)
        query = f"""SELECT labels['release_reason'], labels['criminality'], labels['month'], value FROM facts
                    WHERE series = 'final-book-outs' AND release = '{book.name}' AND labels['month'] <> 'Total'"""
        for reason, criminality, month, value in cells(tmp_path / "facts", "published_cell", query):
            assert float(value) == expected[reason, criminality, names[month[5:]]], (
                book.name,
                reason,
                criminality,
                month,
            )
            compared += 1
    assert compared >= 2 * 147


def test_the_two_vintages_differ_in_57_closed_cells_as_the_sheets_do(workbooks: list[Path], tmp_path: Path) -> None:
    import_files("ice-detention-statistics", workbooks, tmp_path / "facts")
    one, two = map(by_hand, workbooks)
    expected = {k: two[k] - one[k] for k in one if k[2] in {"Oct", "Nov", "Dec"} and one[k] != two[k]}
    assert len(expected) == 57
    query = """SELECT count(*) FROM facts a JOIN facts b USING (key)
               WHERE a.series = 'final-book-outs' AND a.superseded_at IS NOT NULL AND b.superseded_at IS NULL
                 AND a.closed AND a.value <> b.value"""
    assert cells(tmp_path / "facts", "published_cell", query) == [(57,)]
    found = difference("final-book-outs", tmp_path / "facts", "2026-01-31", "2026-02-28")
    assert found.closed is not None
    assert (found.closed.before, found.closed.after) == (112_724, 112_731)
    leaves = {k: v for k, v in expected.items() if "Total" not in k and not k[0].startswith("Bond Set by")}
    assert found.closed.changed == len(leaves)
    by_label = Counter()
    for (_, criminality, _), change in leaves.items():
        by_label[criminality] += change
    assert found.closed.moved["criminality"] == {k: v for k, v in by_label.items() if v}


def test_a_workbook_imported_again_changes_nothing(workbooks: list[Path], tmp_path: Path) -> None:
    import_files("ice-detention-statistics", workbooks, tmp_path / "facts")
    before = Folder.open(tmp_path / "facts").hash()
    import_files("ice-detention-statistics", workbooks[:1], tmp_path / "facts")
    assert Folder.open(tmp_path / "facts").hash() == before


def test_dates_and_definitions_are_columns(workbooks: list[Path], tmp_path: Path) -> None:
    import_files("ice-detention-statistics", workbooks, tmp_path / "facts")
    query = (
        "SELECT DISTINCT data_as_of::varchar, run_on::varchar FROM facts WHERE series = 'final-book-outs' ORDER BY 1"
    )
    assert cells(tmp_path / "facts", "published_cell", query) == [
        ("2026-01-25", "2026-01-26"),
        ("2026-02-07", "2026-02-08"),
    ]
    query = "SELECT DISTINCT series, contains(definition, 'at the time of ICE custody') FROM facts WHERE definition <> '' ORDER BY 1"  # noqa: E501
    assert cells(tmp_path / "facts", "published_cell", query) == [
        ("average-daily-population", True), ("average-length-of-stay", False), ("currently-detained", False),
        ("final-book-outs", False), ("initial-book-ins-by-criminality", False),
    ]  # fmt: skip


def later_workbook(source: Path, target: Path) -> Path:
    """A further workbook of the family: rows moved down, a new release reason, later dates, another order of sheets."""
    book = {name: [list(r) for r in grid] for name, grid in sheets(source).items()}
    name = next(n for n in book if n.startswith("Detention"))
    grid = [["" for _ in row] for row in book[name][:3]] + book[name]
    start = next(i for i, r in enumerate(grid) if str(r[0]).startswith(BOOK_OUTS))
    header, total = grid[start + 1], grid[start + 2]
    block = []
    for label, count in (
        ("Total", 90.0),
        ("Convicted Criminal", 40.0),
        ("Pending Criminal Charges", 30.0),
        ("Other Immigration Violator", 20.0),
    ):
        row = ["Court Ordered" if label == "Total" else "", label, *[""] * (len(header) - 2)]
        for column in (2, 3, 4, 5, 6):
            row[column] = count
        row[14] = 5 * count
        block.append(row)
    for column in (2, 3, 4, 5, 6):
        total[column] += 90.0
    total[14] += 450.0
    grid[start + 7 : start + 7] = []
    end = next(i for i in range(start + 2, len(grid)) if not any(grid[i]))
    grid[end:end] = block
    notes = [
        [str(c).replace("02/07/2026", "04/04/2026").replace("02/08/2026", "04/06/2026") for c in r]
        for r in book["Footnotes"]
    ]
    return write_workbook(target, {"Footnotes": notes, "Detention FY26 ": grid, "Header": book["Header"]})


def test_a_further_workbook_of_the_family_imports_unchanged(workbooks: list[Path], tmp_path: Path) -> None:
    later = later_workbook(workbooks[-1], tmp_path / "FY26_detentionStats_04092026.xlsx")
    report = import_files("ice-detention-statistics", [*workbooks, later], tmp_path / "facts")
    assert len(report.files) == 3
    assert told(report, "sum") == []
    assert told(report, "table-missing") == []
    query = """SELECT sum(value) FROM facts WHERE series = 'final-book-outs' AND superseded_at IS NULL
               AND labels['release_reason'] = 'Court Ordered' AND NOT total AND labels['month'] <= '2025-12'"""
    assert cells(tmp_path / "facts", "published_cell", query) == [(270,)]


def test_a_sum_that_does_not_hold_is_told(workbooks: list[Path], tmp_path: Path) -> None:
    book = {n: [list(r) for r in g] for n, g in sheets(workbooks[0]).items()}
    grid = book["Detention FY26"]
    start = next(i for i, r in enumerate(grid) if str(r[0]).startswith(BOOK_OUTS))
    grid[start + 4][2] += 7
    write_workbook(tmp_path / "wrong.xlsx", book)
    report = import_files("ice-detention-statistics", [tmp_path / "wrong.xlsx"], tmp_path / "facts")
    assert any("stated 1086.000000, its parts over criminality add up to 1093.000000" in t for t in told(report, "sum"))


def test_a_workbook_of_something_else_is_refused_and_told(tmp_path: Path) -> None:
    write_workbook(tmp_path / "budget.xlsx", {"Budget": [["Item", "Amount"], ["Beds", 3]]})
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    report = import_files(
        "ice-detention-statistics", [tmp_path / "budget.xlsx", tmp_path / "broken.xlsx"], tmp_path / "facts"
    )
    assert report.refused
    assert [f.what for f in report.findings if f.level == "refused"] == ["unknown-release", "not-a-workbook"]


def test_two_origins_are_never_added_up(data: Path, tmp_path: Path) -> None:
    from tests.facts.histories import History, write

    history = History()
    history.removed(history.card("T1", "2010-01-05", matched="P1"), "2010-03-01")
    write(history, tmp_path / "facts")
    import_files("seed-removals", [data / "program" / "seed_noncriminal_removals_2010.csv"], tmp_path / "facts")
    with pytest.raises(TwoOriginsError, match="never added up"):
        compute("noncriminal-removal-share", tmp_path / "facts", "2010-07-31")
    one = compute("noncriminal-removal-share", tmp_path / "facts", "2010-07-31", origin="simulated-ledger")
    two = compute("noncriminal-removal-share", tmp_path / "facts", "2010-07-31", origin="published:seed-removals")
    assert (len(one.rows), len(two.rows)) == (1, 17)


# -- released records --------------------------------------------------------------------------------------------------

GENERATIONS = [(k, r.id) for k in ("detainers", "arrests") for r in Registry.load(k).release]
TABLE = {"detainers": "detainer", "arrests": "custody"}


def generation(kind: str, id_: str) -> Any:
    return next(r for r in Registry.load(kind).release if r.id == id_)


def released(
    tmp_path: Path, kind: str, id_: str, *, count: int = 60, data: Path | None = None, above: int = 6,
    change: Callable[[Rows], None] = lambda rows: None,
) -> Report:  # fmt: skip
    """Import one generated workbook: a cover sheet, and the rows under six lines of title."""
    made = rows(kind, generation(kind, id_), count, data)
    change(made)
    title = [["U.S. Immigration and Customs Enforcement"], *[[""]] * (above - 1)]
    half = len(made) // 2
    book = {
        "Cover": [["Request 2025-0001"]],
        "Part 1": [*title, *made[:half]],
        "Part 2": [*title, made[0], *made[half:]],
    }
    path = write_workbook(tmp_path / f"{kind}.xlsx", book)
    return import_files(kind, [path], tmp_path / "facts")


@pytest.mark.parametrize(("kind", "id_"), GENERATIONS)
def test_5000_rows_of_each_generation_import(kind: str, id_: str, data: Path, tmp_path: Path) -> None:
    report = released(tmp_path, kind, id_, count=5000, data=data)
    assert [f"{f.what}: {f.detail}" for f in report.findings if f.level == "drift"] == []
    assert next(f.detail for f in report.findings if f.what == "release").startswith(f"read as {id_} ")
    assert report.rows == {TABLE[kind]: 5000}
    query = """SELECT count(DISTINCT source), count(*) FILTER (duplicate_likely) > 0,
                      bool_and(regexp_matches(source, '\\.xlsx#Part [12]![0-9]+$')) FROM facts"""
    assert cells(tmp_path / "facts", TABLE[kind], query) == [(5000, True, True)]


@pytest.mark.parametrize("kind", ["detainers", "arrests"])
def test_a_renamed_column_is_named(kind: str, tmp_path: Path) -> None:
    def rename(made: Rows) -> None:
        made[0][made[0].index("Citizenship Country")] = "Country of Citizenship"

    report = released(tmp_path, kind, "2026-03", change=rename)
    assert any(
        "expected 'Citizenship Country', found 'Country of Citizenship'" in t for t in told(report, "column-renamed")
    )


def test_a_header_moved_by_two_rows_is_found_and_named(tmp_path: Path) -> None:
    report = released(tmp_path, "detainers", "2026-03", above=8)
    assert told(report, "header-moved")[0].endswith("expected the header in row 7, found it in row 9")
    assert report.rows == {"detainer": 60}


def test_a_new_spelling_of_a_redaction_is_named_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    def respell(made: Rows) -> None:
        column = made[0].index("Birth Date")
        for row in made[1:]:
            row[column] = "(b)(6);(b)(7)(C)"

    report = released(tmp_path, "detainers", "2026-03", change=respell)
    assert "'(b)(6);(b)(7)(C)' is read as a redaction" in told(report, "redaction-new")[0]
    query = "SELECT count(*) FROM facts WHERE list_contains(map_values(other), '(b)(6);(b)(7)(C)')"
    assert cells(tmp_path / "facts", "detainer", query) == [(0,)]


def test_a_date_as_text_is_read_and_named(tmp_path: Path) -> None:
    def as_text(made: Rows) -> None:
        column = made[0].index("Detainer Prepare Date")
        for row in made[1:]:
            row[column] = row[column].strftime("%m/%d/%Y")
        made[5][column] = "spring of 2024"

    report = released(tmp_path, "detainers", "2026-03", change=as_text)
    assert "'Detainer Prepare Date': dates written as %m/%d/%Y" in told(report, "date-as-text")[0]
    assert "'spring of 2024'" in told(report, "date-unreadable")[0]
    assert report.rows == {"detainer": 59}
    assert len(told(report, "row-without-date")) == 1


def test_a_value_outside_its_list_is_kept_and_named(tmp_path: Path) -> None:
    def new_value(made: Rows) -> None:
        made[3][made[0].index("Gender")] = "X"

    report = released(tmp_path, "detainers", "2026-03", change=new_value)
    assert "'X' is not in the list of values" in told(report, "value-new")[0]
    assert cells(tmp_path / "facts", "detainer", "SELECT count(*) FROM facts WHERE other['Gender'] = 'X'") == [(1,)]


def test_race_and_ethnicity_are_never_imported(tmp_path: Path) -> None:
    def race(made: Rows) -> None:
        for i, row in enumerate(made):
            row.extend(["Race", "Ethnicity"] if i == 0 else ["W", "H"])

    report = released(tmp_path, "detainers", "2025-icfo-18038", change=race)
    assert "Race, Ethnicity" in told(report, "column-never-imported")[0]
    query = "SELECT count(*) FROM facts WHERE len(list_filter(map_keys(other), lambda k: lower(k) IN ('race', 'ethnicity'))) > 0"  # noqa: E501
    assert cells(tmp_path / "facts", "detainer", query) == [(0,)]


def test_too_many_rows_without_an_identifier_stop_the_import(tmp_path: Path) -> None:
    def strip(made: Rows) -> None:
        column = made[0].index("Anonymized Identifier")
        for row in made[1::3]:
            row[column] = None

    report = released(tmp_path, "detainers", "2026-03", change=strip)
    assert report.refused
    assert "at most 20% can be" in told(report, "identifier-missing")[0]


def test_an_unknown_release_ends_in_what_differs(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("Name,Colour,Size\nx,red,3\n")
    report = import_files("detainers", [tmp_path / "other.csv"], tmp_path / "facts")
    assert report.refused
    assert "closest is" in told(report, "unknown-release")[0]


def test_csv_and_parquet_of_the_same_rows_give_the_same_facts(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = rows("arrests", generation("arrests", "2026-03"), 50)
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(made)
    columns = {h: pa.array([r[i] for r in made[1:]]) for i, h in enumerate(made[0])}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    found = []
    for suffix in ("csv", "parquet"):
        report = import_files("arrests", [tmp_path / f"a.{suffix}"], tmp_path / suffix)
        assert [f for f in report.findings if f.level == "drift"] == []
        query = "SELECT valid_from::varchar, state, county, method, program, criminality, duplicate_likely FROM facts ORDER BY key"  # noqa: E501
        found.append(cells(tmp_path / suffix, "custody", query))
    assert found[0] == found[1]
    assert len(found[0]) == 50


def test_people_get_new_keys_in_every_import(tmp_path: Path) -> None:
    made = rows("detainers", generation("detainers", "2026-03"), 40)
    with (tmp_path / "d.csv").open("w", newline="") as file:
        csv.writer(file).writerows(made)
    keys = []
    for name in ("one", "two"):
        import_files("detainers", [tmp_path / "d.csv"], tmp_path / name)
        keys.append({k for (k,) in cells(tmp_path / name, "detainer", "SELECT DISTINCT person_id FROM facts") if k})
    assert keys[0].isdisjoint(keys[1])
    released_ids = {r[made[0].index("Anonymized Identifier")] for r in made[1:]}
    assert not (keys[0] & released_ids)


def test_an_unknown_kind_or_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="no import kind 'tea-leaves'"):
        import_files("tea-leaves", [], tmp_path / "facts")
    with pytest.raises(FactsError, match="no such file"):
        import_files("detainers", [tmp_path / "none.csv"], tmp_path / "facts")


def test_headers_are_compared_without_case_and_underscores() -> None:
    assert norm("Detainer_Prepared_Criminality ") == norm("detainer  prepared criminality")
