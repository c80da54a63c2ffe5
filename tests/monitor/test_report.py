"""The quarterly report: what its first page says, that every county has its row, and that nobody is ranked."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from tests.monitor.handmade import review, small

from tenprint.monitor import report
from tenprint.monitor.review import Flag, Review, Unit
from tenprint.monitor.wording import told

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Seen(HTMLParser):
    """Text outside of pictures, the order of headings, the rows of tables, and whether tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.levels: list[int] = []
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"svg", "style"} & set(self.open):
            self.words.append(data)
            if self.open and {"th", "td"} & set(self.open):
                self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(made: Review) -> Seen:
    return Seen(report.page(told(made)))


@pytest.fixture(scope="module")
def seen() -> Seen:
    return page(review())


def test_the_beginning_says_what_was_looked_at_and_what_a_flag_is_and_is_not(seen: Seen) -> None:
    start = seen.text[: seen.text.index("Contents")]
    made = review()
    for words in (
        "Quarterly review, 2012Q4", "3 metrics of 40 counties", f"{made.tests:,}",
        f"{len(made.flags)} flags in 1 county",
        "31 March 2013, 23:59 UTC", "quarterly-review@0123456789abcdef", "1 September 2008", "What a flag is not",
        "Not a finding that anybody did wrong", "Not a ranking", "Its absence is not a clean bill",
    ):  # fmt: skip
        assert words in start


def test_every_county_has_its_row_with_what_could_have_been_seen(seen: Seen) -> None:
    rows = {(r[0], r[1], r[-1]) for r in seen.rows if r}
    for metric in review().metrics:
        for reading in metric.readings:
            least = f"A rise of less than +{100 * (reading.smallest_effect or 0):.1f} points is easily missed."
            said = f"FLAGGED. {least}" if reading.flagged else least
            said = f"Not tested: {reading.why_not}." if reading.why_not else said
            assert (f"{reading.unit.county}, SY", f"{reading.numerator:,} of {reading.denominator:,}", said) in rows


def test_places_stand_in_alphabetical_order_and_never_the_worst_first(seen: Seen) -> None:
    flags = [
        Flag(id=f"2012Q4/m/funnel/{code}", quarter="2012Q4", metric="m", test="funnel", unit=Unit(code, "SY", county),
             direction="high", observed=0.5 + 0.1 * n, expected=0.3, q=0.001 / (n + 1), statement="Seen.")
        for n, (code, county) in enumerate([("99003", "Birch County"), ("99001", "Willow County"),
                                            ("99002", "Alder County")])
    ]  # fmt: skip
    assert [place.name for place in told(small(flags=tuple(flags))).flags] == [
        "Alder County, SY", "Birch County, SY", "Willow County, SY",
    ]  # fmt: skip
    for table in (t for m in told(small()).metrics for t in m.tables):
        places = [row.cells[0][0] for row in table.rows]
        assert places == sorted(places)


def test_a_rule_that_was_not_registered_is_said_loudly_and_first() -> None:
    without = page(small(registered_at=None))
    words = "Nothing shows that the rule of this review was registered before it was run."
    assert 0 < without.text.index(words) < without.text.index("What was looked at")
    assert without.text.count(words) == 2
    assert words not in page(small()).text


def test_a_rule_registered_after_the_records_were_known_is_said_loudly_too() -> None:
    late = page(small(registered_at=datetime(2013, 4, 1, tzinfo=UTC)))
    assert "was registered after these records were known" in late.text[: late.text.index("What was looked at")]


def test_what_is_synthetic_says_so_and_nothing_else_does() -> None:
    for origin, so in (("synthetic-nation", True), ("simulated-ledger", True), ("ledger", False)):
        assert ("SYNTHETIC" in page(small(origin=origin)).text) == so


def test_complaints_and_margins_stand_beside_and_not_known_is_not_none(seen: Seen) -> None:
    rows = [r for r in seen.rows if r]
    assert [r[2] for r in rows if r[1] == "911 calls"] == ["not known"]
    assert [r[2] for r in rows if r[1] == "complaints received"] == ["2"]
    margins = [r[4] for r in rows if "non-citizens" in r[1]]
    assert margins.count("not stated") == 1
    assert margins.count("± 210") == len(margins) - 1 == 5
    assert "Beside it:" in seen.text


def test_definition_receipt_rule_and_notes_are_in_it(seen: Seen) -> None:
    for words in (
        "low-level-bookings-share@0123456789abcdef",
        "sha256:00ff",
        'name = "quarterly-review"',
        "was never found",
    ):
        assert words in seen.text


def test_it_asks_for_nothing_and_runs_nothing(seen: Seen) -> None:
    text = report.page(told(small()))
    assert not {tag for tag, _ in seen.tags} & {"script", "link", "iframe", "object", "img"}
    assert not [a for _, attrs in seen.tags for a in attrs if a.startswith("on")]
    addresses = set(re.findall(r'(?:href|src|xlink:href)="([^"]*)"', text))
    assert all(a.startswith("#") for a in addresses)
    assert not re.search(r"url\((?!#)|@import", text)


def test_headings_tables_and_pictures_are_built_for_screen_readers(seen: Seen) -> None:
    assert seen.open == []
    assert seen.levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(seen.levels, seen.levels[1:], strict=False))
    captions, tables = (sum(tag == name for tag, _ in seen.tags) for name in ("caption", "table"))
    assert captions == tables > 5
    assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in seen.tags if tag == "th")
    pictures = [attrs for tag, attrs in seen.tags if tag == "svg"]
    assert len(pictures) > 5
    assert all(attrs.get("aria-hidden") == "true" for attrs in pictures)
    names = [attrs["id"] for _, attrs in seen.tags if attrs.get("id")]
    assert len(set(names)) == len(names)


def test_the_names_of_places_cannot_break_out() -> None:
    made = small()
    one = made.metrics[0].readings[0]
    unit = msgspec.structs.replace(one.unit, county="<script>alert(1)</script>")
    metric = msgspec.structs.replace(made.metrics[0], readings=(msgspec.structs.replace(one, unit=unit, flagged=True),))
    assert "<script" not in report.page(told(review(metrics=(metric,))))


def test_the_same_review_gives_the_same_three_files(tmp_path: Path) -> None:
    made = small()
    first, second = report.write(made, tmp_path / "a"), report.write(made, tmp_path / "b")
    assert [p.name for p in first] == ["report.html", "report.pdf", "review.json"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["report.html", "report.pdf", "review.json"]
    other = report.write(small(as_of=datetime(2013, 4, 1, tzinfo=UTC)), tmp_path / "c")
    assert [p.read_bytes() for p in other] != [p.read_bytes() for p in first]


def test_the_data_are_the_review(tmp_path: Path) -> None:
    made = small()
    assert msgspec.json.decode(report.data(made), type=Review) == made
    assert json.loads(report.data(made))["quarter"] == "2012Q4"


def test_a_quarter_without_flags_and_without_counties_is_told_too() -> None:
    quiet = page(small(flags=()))
    assert "Nothing was flagged in this quarter" in quiet.text
    metric = msgspec.structs.replace(review().metrics[0], readings=(), agencies=(), changes=(), share=None)
    assert "Low-level bookings" in page(review(metrics=(metric,), flags=(), populations=(), beside=())).text
