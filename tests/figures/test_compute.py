from __future__ import annotations

from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from tests.facts.histories import History, write

from tenprint.facts import Folder
from tenprint.figures import FiguresError, compute
from tenprint.figures.compute import result_bytes
from tenprint.figures.definitions import find, parse
from tenprint.figures.known import known_facts
from tenprint.figures.vintage import moment_of

NAMES = st.sampled_from(["state", "county", "value", "numerator", "as_of"])
VALUES = (
    st.none()
    | st.booleans()
    | st.text()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)


@given(st.lists(st.dictionaries(NAMES, VALUES)))
def test_results_are_written_as_rfc_8785_says(rows: list[dict[str, object]]) -> None:
    assert result_bytes(rows) == rfc8785.dumps(rows)


def facts(tmp_path: Path) -> Path:
    made = History()
    card = made.card("T1", "2010-01-05", matched="P1")
    made.removed(card, "2010-03-01")
    made.convicted(card, "a", "2005-01-01", "2010-06-20")
    write(made, tmp_path / "facts")
    return tmp_path / "facts"


def test_the_two_clocks_are_apart(tmp_path: Path) -> None:
    name, folder = "noncriminal-removal-share", facts(tmp_path)
    known_late = compute(name, folder, "2010-12-31")
    assert known_late.rows[0]["value"] == 0
    assert compute(name, folder, "2010-04-30").rows[0]["value"] == 100
    assert compute(name, folder, "2010-12-31", valid="2010-02-01").rows == (), "it had not happened yet"
    assert compute(name, folder, "2010-02-01", valid="2010-12-31").rows == (), "nobody knew yet"


def test_a_bare_date_is_its_last_microsecond_in_utc() -> None:
    assert moment_of("2010-04-30").isoformat() == "2010-04-30T23:59:59.999999+00:00"
    assert moment_of("2010-04-30T12:00-05:00") == moment_of("2010-04-30T17:00Z")
    with pytest.raises(FiguresError, match="expected a date such as"):
        moment_of("last spring")


def test_a_receipt_says_what_was_computed_from_what(tmp_path: Path) -> None:
    folder = facts(tmp_path)
    figure = compute("noncriminal-removal-share", folder, "2010-04-30")
    receipt = figure.receipt["receipt"]
    assert receipt["definition_hash"] == find("noncriminal-removal-share").hash
    assert figure.definition == f"noncriminal-removal-share@{receipt['definition_hash'][7:23]}"
    definition = find("noncriminal-removal-share")
    known = known_facts(definition, Folder.open(folder), "simulated-ledger", figure.as_of)
    assert receipt["facts_hash"] == known.hash
    assert receipt["simulated"] is True
    assert compute("noncriminal-removal-share", folder, "2010-04-30").receipt == figure.receipt


def test_a_definition_is_found_by_name_hash_or_file(tmp_path: Path) -> None:
    found = find("removals")
    assert find(found.id) == found
    with pytest.raises(FiguresError, match="this program has removals@"):
        find("removals@0000")
    with pytest.raises(FiguresError, match="figures list"):
        find("tea-leaves")
    mine = tmp_path / "mine.sql"
    mine.write_bytes(found.content)
    assert find(str(mine)).hash == found.hash


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"select 1", "front matter in a leading comment"),
        (b"/*\ntitle = 1\n*/\nselect 1", "front matter"),
        (
            b'/*\ntitle="x"\nkind="count"\nunit="x"\ncells=[]\npopulation=""\nsource=""\ncounted=["tea"]\n*/\nselect 1',
            "no table tea",
        ),
    ],
)
def test_a_damaged_definition_is_told(content: bytes, message: str) -> None:
    with pytest.raises(FiguresError, match=message):
        parse("x", content)


def test_sql_that_does_not_run_is_told(tmp_path: Path) -> None:
    head = (
        '/*\ntitle="x"\nkind="count"\nunit="x"\ncells=["state"]\npopulation=""\nsource=""\ncounted=["submission"]\n*/\n'
    )
    for sql, message in (
        ("selec 1", "syntax error"),
        ("select 1 as numerator from submission", "expected columns state"),
    ):
        (tmp_path / "mine.sql").write_text(head + sql)
        with pytest.raises(FiguresError, match=message):
            compute(str(tmp_path / "mine.sql"), facts(tmp_path / sql[-3:].strip()), "2010-12-31")


def test_facts_without_rows_for_a_figure_are_told(tmp_path: Path) -> None:
    from tenprint.facts import Folder

    Folder.create(tmp_path / "empty").write("ledger", {}, {"origin": "ledger"})
    with pytest.raises(FiguresError, match="has no facts for this figure"):
        compute("removals", tmp_path / "empty", "2010-12-31")
