"""The report on paper: the same words, SYNTHETIC on every page, the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.monitor.handmade import small

from tenprint.monitor import paper
from tenprint.monitor.review import Review
from tenprint.monitor.wording import told


def pages(made: Review, folder: Path) -> list[str]:
    """The text of each page, as poppler reads it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine: install poppler-utils to read the paper back")
    file = folder / "report.pdf"
    file.write_bytes(paper.pdf(told(made)))
    read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in read.split("\f") if page.strip()]


def test_synthetic_stands_on_every_page_and_the_first_says_what_a_flag_is_not(tmp_path: Path) -> None:
    found = pages(small(), tmp_path)
    assert len(found) > 5
    assert all("SYNTHETIC" in page for page in found)
    for words in ("What was looked at", "Tests made", "Expected to be false", "What a flag is not", "Not a ranking"):
        assert words in found[0]


def test_real_records_are_not_called_synthetic(tmp_path: Path) -> None:
    assert not any("SYNTHETIC" in page for page in pages(small(origin="ledger/county"), tmp_path))


def test_a_rule_that_was_not_registered_is_said_on_the_first_page(tmp_path: Path) -> None:
    assert "Nothing shows that the rule" in pages(small(registered_at=None), tmp_path)[0]


def test_every_county_and_the_rule_are_on_paper(tmp_path: Path) -> None:
    made = small()
    text = " ".join(pages(made, tmp_path))
    for reading in made.metrics[0].readings:
        assert f"{reading.numerator:,} of {reading.denominator:,}" in text
    for words in ('name = "quarterly-review"', "was never found", "is easily missed", "Receipt"):
        assert words in text


def test_the_same_review_gives_the_same_bytes_dated_by_its_as_of() -> None:
    first, second = (paper.pdf(told(small())) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF-")
    assert b"D:20130331235959" in first
    assert b"D:20130331235959" not in paper.pdf(told(small(as_of=datetime(2013, 5, 1, tzinfo=UTC))))


def test_it_is_tagged_for_screen_readers_and_has_a_title() -> None:
    made = paper.pdf(told(small()))
    assert re.search(rb"/Marked true", made)
    assert b"pdfuaid" in made
    assert b"Quarterly review, 2012Q4" in made
