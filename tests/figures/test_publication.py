"""A publication answers for itself: whatever digit is changed, somebody offline finds it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.facts.histories import TRAVIS, YAVAPAI, History, write

from tenprint.figures import FiguresError, TwoOriginsError
from tenprint.figures.checking import check
from tenprint.figures.publish import publish
from tenprint.figures.publisher import Publisher
from tenprint.proof import verify

DATES = ("2010-04-30", "2010-07-31")


def history(people: int = 60) -> History:
    made = History()
    dice = random.Random(4)
    cards = [made.card(f"T{i}", "2010-01-05", dice.choice([TRAVIS, YAVAPAI]), matched=f"P{i}") for i in range(people)]
    for card in cards:
        made.removed(card, "2010-03-01")
    for i, card in enumerate(cards[::3]):
        made.convicted(
            card, "a", "2005-01-01", "2010-05-20" if i % 2 else "2010-06-20", batch="audit" if i % 2 else None
        )
    return made


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts") / "facts"
    write(history(), folder)
    return folder


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    return Publisher.open_or_create(tmp_path_factory.mktemp("publisher") / "key.json")


@pytest.fixture(scope="module")
def package(facts: Path, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("publication") / "open"
    publish(facts, out, DATES, names=["noncriminal-removal-share", "removals"], publisher=publisher)
    return out


@pytest.fixture(scope="module")
def guarded(facts: Path, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("publication") / "guarded"
    publish(facts, out, DATES, names=["noncriminal-removal-share", "removals"], profile="guarded", publisher=publisher)
    return out


def test_an_open_publication_holds_and_is_computed_again(package: Path, publisher: Publisher) -> None:
    found = check(package, [str(publisher.signer.verifier)])
    assert found.wrong == []
    assert found.not_checked == []
    assert sum("computed again" in line for line in found.holds) == 4


def changed_digit(file: Path) -> bytes:
    data = bytearray(file.read_bytes())
    digits = [i for i, b in enumerate(data) if 48 <= b <= 57]
    if digits:
        at = digits[len(digits) // 2]
        data[at] = 48 + (data[at] - 47) % 10
    else:
        data[len(data) // 2] ^= 1
    return bytes(data)


def test_one_changed_digit_in_any_file_is_found_by_both(package: Path, publisher: Publisher, tmp_path: Path) -> None:
    key = str(publisher.signer.verifier)
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    files = [f for f in sorted(copy.rglob("*")) if f.is_file()]
    assert len(files) > 20
    for file in files:
        kept = file.read_bytes()
        file.write_bytes(changed_digit(file))
        assert check(copy, [key]).wrong, file.name
        assert verify.main([str(copy / "checksums.note"), "--key", key]) in {1, 2}, file.name
        file.write_bytes(kept)
    assert check(copy, [key]).wrong == []


def test_a_digit_and_its_hash_changed_together_are_found_by_the_receipt(package: Path, tmp_path: Path) -> None:
    """Somebody who also makes the list of files anew, under a key of their own, still meets the receipt."""
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    result = next((copy / "data").glob("removals*.json"))
    result.write_bytes(changed_digit(result))
    wrong = check(copy).wrong
    assert any("the receipt says" in w for w in wrong)


def test_the_standalone_verifier_checks_definition_result_and_facts(package: Path, publisher: Publisher) -> None:
    receipt = sorted((package / "receipts").glob("removals*.json"))[0]
    command = [
        sys.executable, str(Path(verify.__file__)), str(receipt), "--key", str(publisher.signer.verifier),
        "--definition", str(package / "definitions" / "removals.sql"), "--result", str(package / "data" / receipt.name),
        "--facts", str(package / "facts" / "manifest.json"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "the result file is the one the receipt names" in done.stdout
    assert "NOT CHECKED: the facts hash covers the rows known at the as-of date" in done.stdout


def test_a_file_too_many_and_a_file_too_few_are_found(package: Path, publisher: Publisher, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    (copy / "data" / "more.csv").write_text("x\n")
    assert "more.csv: not on the signed list" in check(copy).wrong[0]
    (copy / "data" / "more.csv").unlink()
    (copy / "LICENSE.txt").unlink()
    assert "LICENSE.txt: expected sha256" in check(copy).wrong[0]


def test_the_description_is_a_frictionless_data_package(package: Path) -> None:
    described = json.loads((package / "datapackage.json").read_text())
    assert described["licenses"][0]["name"] == "CC0-1.0"
    for resource in described["resources"]:
        file = package / resource["path"]
        assert file.stat().st_size == resource["bytes"]
        assert resource["schema"]["fields"]
        assert resource["name"] == resource["name"].lower()


def test_keys_in_the_package_are_not_those_of_the_facts(package: Path, facts: Path) -> None:
    import duckdb

    def keys(folder: Path) -> set[str]:
        with duckdb.connect() as db:
            return {k for (k,) in db.sql(f"SELECT case_id FROM '{folder}/submission.ledger.parquet'").fetchall()}

    assert len(keys(facts)) == len(keys(package / "facts"))
    assert keys(facts).isdisjoint(keys(package / "facts"))


def test_a_guarded_publication_has_no_facts_and_commits_to_them(
    guarded: Path, facts: Path, publisher: Publisher
) -> None:
    assert not (guarded / "facts").exists()
    outside = check(guarded, [str(publisher.signer.verifier)])
    assert outside.wrong == []
    assert sum("not computed again" in line for line in outside.not_checked) == 4
    inspector = check(guarded, [str(publisher.signer.verifier)], facts=facts, publisher=publisher)
    assert inspector.wrong == []
    assert sum("computed again" in line for line in inspector.holds) == 4
    receipt = json.loads(next((guarded / "receipts").glob("*.json")).read_text())["receipt"]
    assert receipt["profile"] == "guarded"
    assert "numerator" not in next((guarded / "data").glob("*.csv")).read_text()


def test_other_facts_are_not_those_of_the_commitment(guarded: Path, publisher: Publisher, tmp_path: Path) -> None:
    write(history(59), tmp_path / "other")
    wrong = check(guarded, facts=tmp_path / "other", publisher=publisher).wrong
    assert any("not those that the receipt commits to" in w for w in wrong)


def test_a_publication_is_written_once(facts: Path, publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(FiguresError, match="written once"):
        publish(facts, tmp_path / "there", publisher=publisher)


def test_two_origins_are_not_published_together(data: Path, publisher: Publisher, tmp_path: Path) -> None:
    from tenprint.facts.importers import import_files

    write(history(5), tmp_path / "facts")
    import_files("seed-removals", [data / "program" / "seed_noncriminal_removals_2010.csv"], tmp_path / "facts")
    with pytest.raises(TwoOriginsError):
        publish(tmp_path / "facts", tmp_path / "out", DATES, publisher=publisher)
