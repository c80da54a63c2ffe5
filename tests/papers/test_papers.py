"""Papers that somebody is handed, from the command to the page and back by the scanned code (finding L29)."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.custody.county import County

from tenprint.papers import KINDS, LANGUAGES
from tenprint.papers.printing import square

DAY = "2013-01-17"


@pytest.fixture
def served(county: County) -> County:
    """A request on form I-247 (12/12), not served yet, in a county whose jail is asked."""
    county.person(1, "PAPER00001", DAY)
    county.decide("PAPER00001", f"{DAY}T12:00")
    return county


def made(county: County, kind: str, language: str = "en", name: str = "p.pdf") -> dict[str, object]:
    line = f"paper make PAPER00001 --kind '{kind}' --language '{language}' --out {name} --as jane --at {DAY}T12:30"
    told = county.read(line, 0)
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_l29_the_notice_exists_in_every_language_and_is_accessible(served: County, language: str) -> None:
    told = made(served, "notice", language)
    content = Path("p.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == told["sha256"]
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid" in content
    assert re.search(rb"/Lang ?\(" + language.encode(), content)


def test_l29_a_scanned_code_finds_its_service_record(served: County) -> None:
    told = made(served, "notice", "Spanish")
    scans = str(told["scans_as"])
    assert scanned(scans) == scans
    assert served.read(f"paper find '{scans}'", 0)["served_at"] is None
    served.run(f"jail serve PAPER00001 --language Spanish --paper '{scans}' --as jane --at {DAY}T13:10")
    record = served.read(f"paper find '{scans}'", 0)
    assert record["handed_by"] == "jane"
    assert record["served_at"].startswith("2013-01-17T19:10") or "13:10" in record["served_at"]
    assert record["request"] == 1


def scanned(line: str) -> str:
    """What a reader of square codes sees on the picture that is put on the paper."""
    size = int(re.search(r"viewBox=\"0 0 (\d+)", square(line)).group(1))  # type: ignore[union-attr]
    picture = np.full((size, size), 255, np.uint8)
    for x, y in re.findall(r"M(\d+) (\d+)h1", square(line)):
        picture[int(y), int(x)] = 0
    big = cv2.resize(picture, None, fx=10, fy=10, interpolation=cv2.INTER_NEAREST)
    return str(cv2.QRCodeDetector().detectAndDecode(big)[0])


def test_l29_copies_are_counted_and_their_words_are_one(served: County) -> None:
    first, second = made(served, "i-247", name="a.pdf"), made(served, "I-247 (12/12)", name="b.pdf")
    assert (first["copy"], second["copy"]) == (1, 2)
    assert first["content_sha256"] == second["content_sha256"]
    assert first["sha256"] != second["sha256"]
    assert len(served.read("paper list PAPER00001", 0)) == 2


def test_l29_what_has_not_happened_is_on_no_paper(served: County) -> None:
    for kind, why in (
        ("release-notice", "no release moment"), ("decline", "was declined"), ("honor", "honored no request"),
        ("i-200", "no warrant on Form I-200"), ("notice-to-appear", "no notice to appear"),
        ("I-247A", "no request of case PAPER00001 is on form I-247A"), ("passport", "there is no paper of kind"),
    ):  # fmt: skip
        served.refused(f"paper make PAPER00001 --kind '{kind}' --out x.pdf --as jane --at {DAY}T12:30", why)
        assert not Path("x.pdf").exists()
    line = f"paper make PAPER00001 --kind notice --language xx --out x.pdf --as jane --at {DAY}T12:30"
    served.refused(line, "languages are")
    assert served.read("paper list PAPER00001", 0) == []


def test_l29_letters_of_the_jail_and_messages_of_the_center(served: County) -> None:
    made(served, "iaq")
    made(served, "iar")
    served.run(f"jail honor PAPER00001 --under 'county order 12' --as jane --at {DAY}T12:20")
    made(served, "honor")
    served.bond("PAPER00001", f"{DAY}T12:25")
    made(served, "release-notice")
    served.run(f"jail decline PAPER00001 --reason 'county ordinance' --as jane --at {DAY}T12:28")
    made(served, "decline")
    served.run(f"case step PAPER00001 notice_to_appear --on {DAY} --as oscar --at {DAY}T12:29")
    made(served, "notice-to-appear")
    kinds = {row["kind"] for row in served.read("paper list PAPER00001", 0)}
    assert kinds == set(KINDS) - {"i-247", "notice", "i-200", "i-205"}


def test_l29_a_code_of_another_paper_serves_nothing(served: County) -> None:
    served.refused(
        f"jail serve PAPER00001 --language Spanish --paper 9.9.es.0123 --as jane --at {DAY}T13:10",
        "no paper of this case has the code",
    )
    told = made(served, "iar")
    served.refused(
        f"jail serve PAPER00001 --language English --paper {told['code']} --as jane --at {DAY}T13:10",
        "is not about request 1",
    )


def test_l29_a_bundle_verifies_offline_and_holds_the_papers_as_printed(served: County) -> None:
    told = made(served, "notice", "ar")
    served.run(f"jail serve PAPER00001 --language Arabic --paper {told['code']} --as jane --at {DAY}T13:10")
    served.run("case bundle PAPER00001 --out bundle")
    folder = Path("bundle")
    record = json.loads((folder / "papers/papers.json").read_text())
    assert [(r["same_bytes_as_printed"], r["handed_by"]) for r in record] == [(True, "jane")]
    assert (folder / record[0]["file"]).read_bytes() == Path("p.pdf").read_bytes()
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        sum_of, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sum_of
    proofs = sorted((folder / "proofs").iterdir())
    assert len(proofs) >= len(json.loads((folder / "history.json").read_text())) > 5
    assert offline(folder, proofs).returncode == 0
    proofs[2].write_text(proofs[2].read_text().replace('"actor": "', '"actor": "x', 1))
    assert offline(folder, proofs).returncode == 1
    law = json.loads((folder / "law.json").read_text())
    assert law[0]["may_hold"]["answer"] == "NOBODY_LOOKED"
    served.refused("case bundle PAPER00001 --out bundle", "there is something already")


def offline(folder: Path, proofs: list[Path]) -> subprocess.CompletedProcess[bytes]:
    """The program in the folder, with an empty search path for modules of this project."""
    line = [sys.executable, "-I", str(folder / "verify.py"), "--key", str(folder / "ledger.key"), *map(str, proofs)]
    return subprocess.run(line, check=False, capture_output=True, timeout=60)


def test_l29_served_before_anything_about_the_request_was_printed_is_an_incident(served: County) -> None:
    made(served, "iar")
    served.run(f"jail serve PAPER00001 --language Spanish --as jane --at {DAY}T13:10")
    assert served.incidents("PAPER00001") == ["served-without-paper"]


def test_l29_served_after_its_paper_was_printed_is_none(served: County) -> None:
    made(served, "i-247")
    served.run(f"jail serve PAPER00001 --language Spanish --as jane --at {DAY}T13:10")
    assert served.incidents("PAPER00001") == []


def test_l29_the_same_words_are_the_same_bytes(served: County) -> None:
    made(served, "notice", "vi")
    served.run("case bundle PAPER00001 --out one")
    served.run("case bundle PAPER00001 --out two")
    papers = [next(Path(d, "papers").glob("*.pdf")).read_bytes() for d in ("one", "two")]
    assert papers[0] == papers[1] == Path("p.pdf").read_bytes()
