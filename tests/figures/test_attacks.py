"""Two verifiers give one answer about publications that are made to deceive them, and neither touches anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.test_figures_commands import run
from tests.figures.attacks import STATEMENTS, attacks, relist, resign, statement
from tests.figures.test_publication import facts, history, publisher

from tenprint.figures.checking import check
from tenprint.figures.compute import compute
from tenprint.figures.publish import plain, publish, to_csv
from tenprint.figures.publisher import Publisher
from tenprint.proof import verify
from tenprint.proof.notes import Signer

__all__ = ["facts", "history", "publisher"]
SECRET = "nobody may read this"
FRONT = """/*
title = "t"
kind = "count"
unit = "u"
cells = ["state"]
population = "p"
source = "s"
counted = ["outcome"]
*/
"""


@pytest.fixture(scope="module")
def package(facts: Path, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("honest") / "package"
    publish(facts, out, ["2010-07-31"], names=["removals"], publisher=publisher)
    return out


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "secret").write_text(SECRET)
    (folder / "secret.csv").write_text(f"a\n{SECRET}\n")
    return folder


def test_t01_t02_t23_two_verifiers_one_answer_on_every_attack(
    package: Path, publisher: Publisher, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(publisher.signer.verifier)
    kinds = attacks(publisher.signer, out)
    assert len(kinds) >= 100
    passed, touched = [], []
    for number, (kind, act) in enumerate(kinds):
        copy = tmp_path / f"attack-{number}"
        shutil.copytree(package, copy)
        act(copy)
        before = {f.name for f in out.iterdir()}
        found = check(copy, [key])
        code = verify.main([str(copy), "--key", key])
        told = capsys.readouterr()
        if not found.wrong or code != 1:
            passed.append((kind, found.wrong, code))
        everything = "\n".join((*found.wrong, *found.holds, *found.not_checked, told.out, told.err))
        if SECRET in everything or {f.name for f in out.iterdir()} != before:
            touched.append(kind)
        # without a key: nothing is run or read either, and nobody is called known
        found = check(copy)
        verify.main([str(copy)])
        told = capsys.readouterr()
        everything = "\n".join((*found.wrong, *found.holds, *found.not_checked, told.out, told.err))
        if SECRET in everything or {f.name for f in out.iterdir()} != before or "signed by" in "".join(found.holds):
            touched.append(f"{kind}, without a key")
        if not found.wrong and "signer unknown" not in "".join(found.not_checked):
            passed.append((kind, found.not_checked, 0))
    assert passed == []
    assert touched == []


def test_t01_a_forged_publication_fails_and_the_sentence_names_both_keys(
    package: Path, publisher: Publisher, tmp_path: Path
) -> None:
    forged, forger = tmp_path / "forged", Signer.generate(publisher.name)
    shutil.copytree(package, forged)
    (forged / "ledger-2.verifier.txt").write_text(f"{forger.verifier}\n")
    resign(forged, forger)
    (tmp_path / "real.key").write_text(f"{publisher.signer.verifier}\n")
    done = run("figures", "verify", str(forged), "--key", str(tmp_path / "real.key"))
    assert done.returncode == 1
    assert publisher.signer.verifier.label in done.stdout
    assert forger.verifier.label in done.stdout
    assert "computed again" not in done.stdout
    honest = run("figures", "verify", str(package), "--key", str(tmp_path / "real.key"))
    assert honest.returncode == 0
    assert f"signed by {publisher.signer.verifier.label}" in honest.stdout
    assert "computed again" in honest.stdout


def test_t01_without_a_key_the_signer_is_unknown_and_a_whole_package_is_exit_0(package: Path) -> None:
    done = run("figures", "verify", str(package))
    assert done.returncode == 0
    assert "signer unknown" in done.stdout
    assert "proves nothing" in done.stdout
    assert "holds: checksums.note: signed" not in done.stdout


def test_t02_a_definition_of_ones_own_runs_only_when_asked_and_is_named(
    package: Path, publisher: Publisher, out: Path, tmp_path: Path
) -> None:
    key, own = str(publisher.signer.verifier), tmp_path / "own"
    shutil.copytree(package, own)
    statement(own, "GOOD -- mine", out)
    file = own / "definitions" / "removals.sql"
    file.write_text(file.read_text() + "\n")
    resign(own, publisher.signer)
    plain_check = run("figures", "verify", str(own), "--key", key)
    assert plain_check.returncode == 0, plain_check.stdout
    assert "does not come with this program" in plain_check.stdout
    assert ", computed again" not in plain_check.stdout
    asked = run("figures", "verify", str(own), "--key", key, "--own-definition")
    assert "computed again by a definition of its own" in asked.stdout


def test_t02_no_statement_acts_even_when_the_publisher_signed_it_and_the_reader_asked(
    package: Path, publisher: Publisher, out: Path, tmp_path: Path
) -> None:
    before = {f.name for f in out.iterdir()}
    for kind, sql in STATEMENTS.items():
        copy = tmp_path / kind
        shutil.copytree(package, copy)
        statement(copy, sql, out)
        resign(copy, publisher.signer)
        for own in (False, True):
            found = check(copy, [str(publisher.signer.verifier)], own_definitions=own)
            assert any("removals" in w and "definition" in w for w in found.wrong), kind
            assert SECRET not in str(found)
            assert {f.name for f in out.iterdir()} == before, kind


def test_t02_the_database_of_a_definition_has_no_doors(facts: Path, out: Path) -> None:
    """The second door, tried without the first: the database itself reads no file but the facts."""
    import duckdb

    from tenprint.facts import Folder
    from tenprint.figures.vintage import Vintage

    with Vintage(Folder.open(facts), "simulated-ledger", ["outcome"]) as vintage:
        assert vintage.connection.execute("select count(*) from all_outcome").fetchall()[0][0] > 0
        for sql in (f"select * from read_text('{out}/secret')", f"copy (select 1) to '{out}/w.csv'",
                    f"attach '{out}/w.db'",
                    f"select * from '{out}/secret.csv'", f"select * from glob('{out}/*')", "set memory_limit = '99GB'",
                    "set enable_external_access = true", "reset lock_configuration", "install httpfs"):  # fmt: skip
            with pytest.raises(duckdb.Error):
                vintage.connection.execute(sql).fetchall()
    assert {f.name for f in out.iterdir()} == {"secret", "secret.csv"}


@pytest.mark.parametrize(
    "sql", ["select content as state, 1 as numerator from read_text('{}')", "GOOD; copy (select 1) to '{}'"]
)
def test_t02_compute_refuses_a_file_that_does_more_than_count(facts: Path, out: Path, tmp_path: Path, sql: str) -> None:
    mine = tmp_path / "mine.sql"
    front = FRONT
    good = "select state, case_id, 1 as numerator from outcome"
    mine.write_text(front + sql.replace("GOOD", good).format(out / "secret"))
    done = run("figures", "compute", str(mine), "--facts", str(facts), "--own-definition")
    assert done.returncode == 2
    assert SECRET not in done.stdout + done.stderr
    assert (out / "secret").read_text() == SECRET
    mine.write_text(front + good.replace("state", "'x' as state"))
    refused = run("figures", "compute", str(mine), "--facts", str(facts), "--as-of", "2010-07-31")
    assert refused.returncode == 2
    assert "--own-definition" in refused.stderr
    taken = run("figures", "compute", str(mine), "--facts", str(facts), "--as-of", "2010-07-31", "--own-definition")
    assert taken.returncode == 0, taken.stderr
    assert "does not come with this program" in taken.stdout


def test_t02_what_takes_too_long_or_too_much_is_ended(facts: Path) -> None:
    from tenprint.figures import FiguresError
    from tenprint.figures.definitions import parse
    from tenprint.figures.locked import Limits

    front = FRONT.encode()
    tables = ", ".join(f"outcome o{i}" for i in range(9))
    slow = parse("slow", front + f"select 'x' as state, 1 as numerator from {tables}".encode())
    with pytest.raises(FiguresError):
        compute(slow, facts, "2010-12-31", limits=Limits(seconds=1.0))


def test_t22_a_cell_that_begins_a_formula_does_not_run_and_can_be_had_back() -> None:
    import csv
    import io

    texts = ['=HYPERLINK("x")', "@SUM(1)", "+1", "-1", "\t=1", "\r=1", "\n=1", " =1", "'", "''=1", "'=1", "\uff1d1",
             "\ufeff=1", "|x", "%x", "Travis", "O'Brien", "x=1", "", " Travis"]  # fmt: skip
    written = to_csv(["county", "value"], [{"county": t, "value": i} for i, t in enumerate(texts)]).decode()
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    for text, row in zip(texts, rows, strict=True):
        assert row["county"].strip()[:1] not in set("=+-@|%\uff1d"), text
        assert plain(row["county"]) == text


def test_t23_what_is_missing_or_broken_is_exit_1_and_named(package: Path, publisher: Publisher, tmp_path: Path) -> None:
    key = str(publisher.signer.verifier)
    for name, act in (
        ("checksums.note", lambda f: f.unlink()),
        ("verifier.txt", lambda f: f.write_text("x")),
        ("ledger-1.verifier.txt", lambda f: f.write_text("x")),
    ):
        copy = tmp_path / name
        shutil.copytree(package, copy)
        act(copy / name)
        if name != "checksums.note":
            relist(copy, publisher.signer)
        done = run("figures", "verify", str(copy), "--key", key)
        assert done.returncode == 1, name
        assert name in done.stdout
        assert verify.main([str(copy), "--key", key]) == 1
