"""The commands ``facts`` and ``figures`` as a stranger types them: output, exit codes, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.facts.histories import History, write

SEED = "program/seed_noncriminal_removals_2010.csv"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    code = "from tenprint.cli.app import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False,
        env=os.environ | {"COLUMNS": "80"},
    )  # fmt: skip


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    made = History()
    card = made.card("T1", "2010-01-05", matched="P1")
    made.removed(card, "2010-03-01")
    made.convicted(card, "a", "2005-01-01", "2010-06-20")
    write(made, tmp_path / "facts")
    return tmp_path / "facts"


def test_compute_and_diff_have_the_keys_of_the_contract(facts: Path) -> None:
    done = run("figures", "compute", "noncriminal-removal-share", "--facts", facts, "--as-of", "2010-04-30", "--json")
    figure = json.loads(done.stdout)
    assert {"definition", "as_of", "origin", "rows", "receipt"} <= figure.keys()
    assert figure["rows"][0]["value"] == 100
    done = run(
        "figures",
        "diff",
        "noncriminal-removal-share",
        "--facts",
        facts,
        "--from",
        "2010-04-30",
        "--to",
        "2010-07-31",
        "--json",
    )
    difference = json.loads(done.stdout)
    assert difference["rows"][0]["parts"] == {"late-arrival": -100}
    assert (difference["rows"][0]["from"], difference["rows"][0]["to"]) == (100, 0)
    assert difference["parts"] == {"late-arrival": -100}


def test_without_an_as_of_date_a_figure_is_computed_as_of_now(facts: Path) -> None:
    before = datetime.now(UTC)
    done = run("figures", "compute", "noncriminal-removal-share", "--facts", facts, "--json")
    figure = json.loads(done.stdout)
    assert before <= datetime.fromisoformat(figure["as_of"]) <= datetime.now(UTC)
    assert figure["as_of"] == figure["valid"] == figure["receipt"]["receipt"]["as_of"]
    assert figure["rows"][0]["value"] == 0


@pytest.mark.parametrize("name", ["noncriminal-removal-share", "removals"])
def test_no_heading_is_cut_at_80_columns(facts: Path, name: str) -> None:
    done = run("figures", "compute", name, "--facts", facts)
    heading = next(line for line in done.stdout.splitlines() if "county" in line)
    given = json.loads(run("figures", "compute", name, "--facts", facts, "--json").stdout)["rows"][0]
    assert set(given) == set(heading.replace("┃", " ").split())
    assert max(map(len, done.stdout.split("origin")[0].splitlines())) <= 80


def test_a_ledger_database_may_stand_for_its_facts(tmp_path: Path) -> None:
    from tests.facts.histories import at
    from tests.facts.test_extract import append

    from tenprint.ledger import Ledger

    made = History()
    made.removed(made.card("T1", "2010-01-05", matched="P1"), "2010-03-01")
    with Ledger.create(tmp_path / "x.db", origin="county.test", simulated_from=at("2010-01-01")) as ledger:
        append(ledger, made)
    done = run("figures", "compute", "removals", "--facts", tmp_path / "x.db", "--as-of", "2010-12-31", "--json")
    assert json.loads(done.stdout)["rows"][0]["value"] == 1, done.stderr


def test_an_import_prints_its_report_and_a_refused_file_is_exit_2(data: Path, tmp_path: Path) -> None:
    done = run("facts", "import", "seed-removals", data / SEED, "--out", tmp_path / "facts")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"published_cell: 34 rows in {tmp_path / 'facts'}")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    done = run("facts", "import", "seed-removals", tmp_path / "other.csv", "--out", tmp_path / "facts")
    assert done.returncode == 2
    assert "refused: columns: other.csv: expected columns state, county" in done.stdout
    done = run("facts", "import", "seed-removals", data / SEED, tmp_path / "other.csv", "--out", tmp_path / "facts")
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("figures", "compute", "tea", "--facts", "F", "--as-of", "2010-01-01"), "no definition 'tea'"),
        (("figures", "compute", "removals", "--facts", "nowhere", "--as-of", "2010-01-01"), "no such file or folder"),
        (("figures", "compute", "removals", "--facts", "F", "--as-of", "soon"), "expected a date such as"),
        (
            ("figures", "compute", "removals", "--facts", "F", "--as-of", "2010-01-01", "--origin", "x"),
            "expected facts of origin 'x'",
        ),
        (
            ("figures", "diff", "removals", "--facts", "F", "--from", "2011-01-01", "--to", "2010-01-01"),
            "not after the second",
        ),
        (("figures", "publish", "--facts", "F", "--out", "F"), "exists"),
        (("figures", "publish", "--facts", "F", "--out", "new", "--profile", "secret"), "expected open or guarded"),
        (("figures", "verify", "F", "--key", "x"), "--key x: verifier key: expected name+keyid+base64"),
        (("facts", "show", "nowhere"), "no such file or folder"),
        (("facts", "import", "tea", "F/manifest.json", "--out", "F"), "no import kind 'tea'"),
    ],
)
def test_what_cannot_be_done_is_said_and_is_exit_2(facts: Path, arguments: tuple[str, ...], message: str) -> None:
    given = [a.replace("F/", f"{facts}/") if a.startswith("F/") else str(facts) if a == "F" else a for a in arguments]
    given = [str(facts.parent / "new") if a == "new" else a for a in given]
    done = run(*given)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_publication_with_a_changed_digit_is_exit_1(facts: Path, tmp_path: Path) -> None:
    assert (
        run("figures", "publish", "--facts", facts, "--out", tmp_path / "out", "--as-of", "2010-07-31").returncode == 0
    )
    assert run("figures", "verify", tmp_path / "out").returncode == 0
    file = next((tmp_path / "out" / "data").glob("removals.2010*.csv"))
    file.write_bytes(file.read_bytes().replace(b"1\r\n", b"2\r\n"))
    done = run("figures", "verify", tmp_path / "out")
    assert done.returncode == 1
    assert f"data/{file.name}" in done.stdout


def test_a_damaged_part_of_facts_is_found(facts: Path) -> None:
    assert run("facts", "check", facts).returncode == 0
    part = facts / "outcome.ledger.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    done = run("facts", "check", facts)
    assert done.returncode == 1
    assert "damaged: outcome.ledger.parquet" in done.stdout
    done = run("figures", "compute", "removals", "--facts", facts, "--as-of", "2010-12-31")
    assert done.returncode == 2, done.stderr
    assert "facts check" in done.stderr


def test_a_definition_that_changed_shows_both_series(facts: Path) -> None:
    done = run("figures", "series", "removals", "--facts", facts, "--as-of", "2010-12-31", "--json")
    row = json.loads(done.stdout)["rows"][0]
    assert (row["in_force"], row["fiscal_year"]) == ("2008-10-01", "FY2010")
    old, new = row["forward"]["definition"], row["restated"]["definition"]
    assert old != new
    done = run("figures", "series", "removals", "--facts", facts, "--as-of", "2010-12-31")
    assert f"b {new} in force since 2010-06-30, supersedes {old}" in done.stdout
    assert max(map(len, done.stdout.split("a removals@")[0].splitlines())) <= 80
    done = run("figures", "series", "matches", "--facts", facts)
    assert (done.returncode, "has one version" in done.stderr) == (2, True)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    from tests.facts.histories import at
    from tests.facts.test_extract import append

    from tenprint.ledger import Ledger

    made = History()
    for n in range(30):
        made.removed(made.card(f"T{n}", "2010-01-05", matched=f"P{n}"), "2010-03-01")
    with Ledger.create(tmp_path / "x.db", origin="county.test", simulated_from=at("2010-01-01")) as ledger:
        append(ledger, made)
    return tmp_path / "x.db"


def test_guarded_figures_of_a_database_ask_for_keys_that_stay(database: Path, tmp_path: Path) -> None:
    asked = ("figures", "publish", "--facts", database, "--definition", "removals", "--profile", "guarded",
             "--publisher", tmp_path / "key.json")  # fmt: skip
    refused = run(*asked, "--out", tmp_path / "one")
    assert (refused.returncode, "give --salt-file" in refused.stderr) == (2, True)
    inside = run(*asked, "--out", tmp_path / "one", "--salt-file", tmp_path / "one" / "salt")
    assert (inside.returncode, "a secret does not belong" in inside.stderr) == (2, True)
    assert not (tmp_path / "one").exists()
    for name in ("one", "two"):
        done = run(*asked, "--out", tmp_path / name, "--salt-file", tmp_path / "salt")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "salt").stat().st_mode & 0o777 == 0o600
    one, two = (sorted((tmp_path / name / "data").glob("*.json"))[0].read_bytes() for name in ("one", "two"))
    assert one == two
    given = (tmp_path / "salt").read_bytes().strip()
    assert not [f for f in (tmp_path / "one").rglob("*") if f.is_file() and given in f.read_bytes()]


def test_extraction_with_a_salt_file_goes_on_and_refuses_a_secret_among_the_facts(
    database: Path, tmp_path: Path
) -> None:
    asked = ("facts", "extract", "--db", database, "--out", tmp_path / "out", "--json", "--salt-file")
    refused = run(*asked, tmp_path / "out" / "salt")
    assert (refused.returncode, "a secret does not belong" in refused.stderr) == (2, True)
    first, second = (json.loads(run(*asked, tmp_path / "salt").stdout) for _ in range(2))
    assert first == second
