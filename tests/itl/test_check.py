"""What a profile finds: nothing on a composed card, exactly the field that is missing, and sense on real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.itl import cards

from tenprint import itl
from tenprint.itl import ItlError, build
from tenprint.itl.check import Finding, findings
from tenprint.itl.profile import NAMES, TRANSACTIONS, profile

CUSTODY = {"SSD": "20240104", "SLE": "COUNTY JAIL", "OCA": "2024-000123"}


def rules_of(found: list[Finding]) -> list[tuple[str, str | None]]:
    return [(item.rule, item.field) for item in found]


def lenient(transaction: itl.Transaction) -> itl.Transaction:
    return itl.read(transaction.to_bytes(), strict=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["type-4", "type-14"])
def test_a_composed_card_has_no_findings(name: str, form: str):
    assert findings(cards.card(form), name) == []


@pytest.mark.parametrize("name", NAMES)
def test_answers_have_no_findings(name: str):
    request = cards.card("type-4", (1,))
    for answer in (
        build.results(request, identified=True, fields={"2.014": "123456AB7"}),
        build.results(request, identified=False),
        build.error(request, ["2.022 DOB: expected a date"]),
    ):
        assert findings(answer, name) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tot", ["CAR", "CNA", "CPDR", "CPNU", "FANC"])
def test_each_submission_type_can_be_composed(name: str, tot: str):
    fields = dict(cards.FIELDS)
    if tot == "FANC":
        del fields["DOA"], fields["ASL"]
        fields |= {"RFP": "FEDERAL EMPLOYMENT", "DPR": "20240104"}
    if tot == "CPDR":
        fields["TSR"] = "C"
    images = [cards.finger(position) for position in range(1, 15)]
    assert findings(build.criminal(fields, images, tot=tot, when=cards.WHEN), name) == []


def mandatory(name: str, kind: int, tot: str = "CAR") -> list[str]:
    rows = profile(name).fields(tot, kind)
    return [row.tag for row in rows if row.presence[tot].requirement == "M" and row.number != 1]


@pytest.mark.parametrize("name", NAMES)
def test_each_mandatory_field_removed_gives_exactly_that_finding(name: str):
    tags = mandatory(name, 1) + mandatory(name, 2)
    assert {"1.003", "1.004", "2.002", "2.018", "2.073"} <= set(tags)
    for tag in tags:
        found = findings(itl.read(without(cards.raw("type-4"), tag), strict=False), name)
        assert [item.field for item in found] == [tag], (name, tag, found)
        assert found[0].severity == "error", (name, tag)


@pytest.mark.parametrize("name", NAMES)
def test_each_mandatory_image_field_removed_gives_exactly_that_finding(name: str):
    for tag in mandatory(name, 14):
        found = findings(itl.read(without(cards.raw("type-14"), tag), strict=False), name)
        assert [item.field for item in found] == [tag], (name, tag, found)


def without(raw: bytes, tag: str) -> bytes:
    """The transaction without a field of the first record that has it, whatever that does to it."""
    kind, _, number = tag.partition(".")
    record = itl.read(raw).first(int(kind))
    assert isinstance(record, itl.TaggedRecord)
    kept = [entry for entry in record.fields if entry.number != int(number)]
    pieces = [
        (bytes(record.source()[entry.start : entry.value]), bytes(record.source()[entry.value : entry.end]))
        for entry in kept
    ]
    fresh = itl.fields.assemble(pieces)
    return raw[: record.offset] + fresh + raw[record.offset + len(record) :]


def test_each_mandatory_field_of_answers_removed_gives_exactly_that_finding():
    request = cards.card("type-4", (1,))
    answers = {"SRE": build.results(request, identified=False), "ERRT": build.error(request, ["refused"])}
    for tot, answer in answers.items():
        for tag in [*mandatory("ebts-9.1", 2, tot), "1.010"]:
            found = findings(itl.read(without(answer.to_bytes(), tag), strict=False))
            assert [item.field for item in found] == [tag], (tot, tag, found)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("2.024", "Q", "code"),
        ("2.018", "AB", "length"),
        ("2.018", "SAMPLE,PAT 2", "characters"),
        ("2.022", "19801332", "form"),
        ("2.022", "00000000", None),
        ("2.027", "512", "form"),
        ("2.027", "511", None),
        ("2.029", "049", "form"),
        ("2.045", "2024010", "length"),
        ("2.047", [["20240104", "A"]] * 41, "occurrences"),
        ("2.047", [["20240104", ""]], "mandatory"),
        ("2.047", [["", "LITTERING"]], None),
        ("2.024", [["X"], ["M"]], "occurrences"),
        ("2.014", "", "empty"),
        ("2.009", " 123", "form"),
        ("2.059", "I", "not-used"),
        ("2.999", "an agency's own field", None),
        ("2.2085", "an agency's own field", None),
        ("2.010", "AB", "length"),
    ],
)
def test_values(field: str, value: object, rule: str | None):
    transaction = cards.card("type-4")
    kind = 1 if field == "2.010" else 2
    field = "1.010" if field == "2.010" else field
    transaction.first(kind).set(field, value)
    found = [item.rule for item in findings(lenient(transaction)) if item.rule != "reference"]
    assert found == ([] if rule is None else [rule])


def test_a_finding_says_what_was_expected_and_what_came():
    transaction = cards.card("type-4")
    transaction.records[1].set("SEX", "Q")
    (finding,) = findings(lenient(transaction))
    assert (finding.record, finding.field, finding.severity, finding.version, finding.confidence) == (
        1,
        "2.024",
        "error",
        "9.1",
        "high",
    )
    assert (finding.expected, finding.got) == ("one of F G M N Y Z X", "'Q'")
    assert "SEX" in finding.message


def test_the_custody_block_is_all_or_nothing():
    for missing in CUSTODY:
        transaction = cards.card("type-4")
        for name, value in CUSTODY.items():
            if name != missing:
                transaction.records[1].set(name, value)
        found = rules_of(findings(lenient(transaction)))
        tag = {"SSD": "2.054", "SLE": "2.055", "OCA": "2.009"}[missing]
        assert found == [("custody-block", tag)]
    transaction = cards.card("type-4")
    transaction.records[1].set("OCA", "2024-000123")
    assert findings(lenient(transaction)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"DOB": "20240105"}, [("date-order", "2.022")]),
        ({"DOA": "20240108"}, [("date-order", "2.045")]),
        ({"DOB": "20080115"}, [("treat-as-adult", "2.087")]),
        ({"DOB": "20080115", "TAA": "Y"}, []),
        ({"ASL": [["20240301", "LATER"]]}, [("date-order", "2.047")]),
    ],
)
def test_dates_and_ages(changes: dict[str, object], expected: list[tuple[str, str]]):
    transaction = cards.card("type-4")
    for name, value in changes.items():
        transaction.records[1].set(name, value)
    assert rules_of(findings(lenient(transaction))) == expected


def test_missing_fingers_need_a_reason():
    transaction = cards.card("type-4", (1, 2, 3, 4, 5, 6, 7, 8, 9))
    assert rules_of(findings(transaction)) == [("missing-fingers", "2.084")]
    transaction.records[1].set("AMP", [["10", "UP"]])
    assert findings(lenient(transaction)) == []
    transaction.records[1].set("AMP", [["10", "UP"], ["03", "XX"]])
    assert rules_of(findings(lenient(transaction))) == [("amputated-supplied", "2.084")]


def test_a_slap_shows_its_fingers():
    assert findings(cards.card("type-4", (13, 14, 11, 12))) == []


def test_positions_are_not_repeated_and_slaps_are_plain():
    transaction = cards.card("type-4")
    transaction.records[3].set("FGP", 1)
    assert ("position-repeated", "4.004") in rules_of(findings(lenient(transaction)))
    transaction = cards.card("type-4")
    transaction.records[-1].set("IMP", 1)
    assert rules_of(findings(lenient(transaction))) == [("impression", "4.003")]


def test_headers_agree_with_images():
    transaction = cards.card("type-4")
    transaction.records[2].set("HLL", 800)
    assert rules_of(findings(lenient(transaction))) == [("image-size", "4.009")]
    transaction = cards.card("type-4")
    transaction.records[2].set("GCA", 2)
    assert rules_of(findings(lenient(transaction))) == [("image-format", "4.009")]


def test_answers_name_their_request_and_submissions_do_not():
    transaction = cards.card("type-4")
    transaction.header.set("TCR", "OTHER-0000001")
    assert rules_of(findings(lenient(transaction))) == [("reference", "1.010")]


def test_record_counts_and_types():
    transaction = cards.card("type-4")
    while len(transaction.records) > 2:
        transaction.remove(transaction.records[-1])
    assert rules_of(findings(lenient(transaction))) == [("record-count", "1.003")]


def test_text_beyond_ascii_needs_a_character_set():
    raw = cards.raw("type-4").replace(b"LITTERING", b"LITTERI\xc3\xa9", 1)
    found = rules_of(findings(itl.read(raw, strict=False)))
    assert ("character-set", "2.047") in found


def test_structure_is_part_of_the_findings():
    raw = cards.raw("type-4") + b"more"
    assert rules_of(findings(itl.read(raw, strict=False))) == [("structure-trailing", None)]


def test_the_relayed_answers_are_outside_the_profiles():
    answer = build.immigration_response(cards.card("type-4", (1,)), kind="IDR", text=["no digitized record found"])
    assert rules_of(findings(answer)) == [("unknown-transaction", "1.004")]


def test_real_files(files: list[Path]):
    found = {path.name: findings(itl.read(path, strict=False)) for path in files}
    assert found["synthetic_car_t4.eft"] == []
    assert {item.rule for item in found["NISTFile.ebts"]} == {"structure-tag-style", "missing-fingers"}
    assert [item.record for item in found["valid1.8.an2"] if item.rule == "image-size"] == [2, 3, 4]
    assert "structure-repeated-data" in {item.rule for item in found["valid1.7.an2"]}
    errors = {name for name, items in found.items() if any(item.severity == "error" for item in items)}
    assert "type-4-tpcard.an2" not in errors
    assert {"type-3.an2", "type-5.an2", "type-6.an2"} <= errors


def test_there_is_no_other_profile():
    with pytest.raises(ItlError):
        findings(cards.card("type-4", (1,)), "ebts-3.0")


def test_tables_are_complete_and_sourced():
    for name in NAMES:
        rules = profile(name)
        assert set(rules.cardinality) == set(TRANSACTIONS)
        for row in rules.rows:
            assert row.source, row.tag
            assert row.confidence in {"high", "medium", "low"}, row.tag
            assert row.presence, row.tag
            assert row.shortest <= row.longest, row.tag
        for tot in ("CAR", "CNA", "CPNU"):
            assert [row.number for row in rules.fields(tot, 2) if row.presence[tot].requirement == "M"] == [
                1,
                2,
                5,
                18,
                20,
                22,
                24,
                25,
                27,
                29,
                31,
                32,
                45,
                47,
                73,
            ]


def test_every_rule_is_documented():
    import csv
    import re
    from importlib import resources

    folder = resources.files("tenprint.itl")
    documented = {row["rule"] for row in csv.DictReader(folder.joinpath("tables/rules.csv").read_text().splitlines())}
    files = ("crossing.py", "shared.py", "kinds.py", "pixels.py")
    source = "".join(folder.joinpath(name).read_text() for name in files)
    words = "compression|impression|reference|version|resolution|items|identified|bits|segment|quality"
    named = set(re.findall(rf'"([a-z]+(?:-[a-z]+)+|{words})"', source))
    assert len(named) >= 10
    named |= {
        "mandatory",
        "empty",
        "occurrences",
        "length",
        "characters",
        "code",
        "form",
        "not-used",
        "unknown-transaction",
    }
    assert named == documented - {"structure-*"}
