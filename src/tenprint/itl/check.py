"""Findings of a transaction under a profile: structure, fields, records, images, and rules across them.

A breach of a row that is known well (``high`` confidence) is an error, of any other a warning. Fields that a profile
does not know are kept and not judged: agencies define their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from tenprint.itl import crossing, pixels, shared
from tenprint.itl.errors import Code
from tenprint.itl.forms import wrong_characters, wrong_form
from tenprint.itl.profile import Profile, Row, profile
from tenprint.itl.record import TaggedRecord
from tenprint.itl.transaction import Transaction

DEFAULT_PROFILE = "ebts-9.1"
Severity = Literal["error", "warning"]


class Finding(msgspec.Struct, frozen=True):
    """One thing a profile does not allow.

    Attributes:
        record: position of the record, 0 is the Type-1 record; ``None`` for the transaction.
        field: tag, or ``None``.
        rule: short name of the rule, see ``docs/reference/ebts-rules.md``.
        severity: ``error``, or ``warning`` where the rule itself is not certain.
        message: what was expected and what came.
        version: version of the profile, or ``ITL`` for the encoding itself.
        confidence: how well the rule is known: high, medium, low.
        expected: what the rule wants.
        got: what the transaction has.
    """

    record: int | None
    field: str | None
    rule: str
    severity: Severity
    message: str
    version: str
    confidence: str
    expected: str = ""
    got: str = ""


KNOWN_IN_ALL = frozenset({"form", "characters", "code", "mandatory"})
"""Rules of the version known best that hold in the others too where their tables are silent."""
CERTAIN = frozenset({"missing-fingers", "amputated-supplied", "reference", "date-order", "structure-repeated-field"})
"""Rules across fields that no version doubts."""


MOBILE = frozenset(str(code) for code in range(40, 51))
"""Positions of two and three fingers that mobile devices take at once (ANSI/NIST-ITL 1-2011 table 8)."""


def named(transaction: Transaction) -> str:
    """The profile that a transaction names in 1.013 DOM (``EBTS 11.2``); EBTS 9.1 when it names none of those here."""
    record = transaction.first(1)
    domain = " ".join(item for items in (record.items("1.013") if record else ()) for item in items)
    version = re.search(r"EBTS\s*(9\.1|10\.0|11\.2)", domain)
    return f"ebts-{version[1]}" if version else DEFAULT_PROFILE


def findings(transaction: Transaction, profile_name: str = DEFAULT_PROFILE) -> list[Finding]:
    """Everything a profile does not allow, in the order of the records.

    What is the same in all versions is an error in all: rules that no version changed (``shared``), and what a table
    only doubts where the version known best is certain of the same.

    Args:
        transaction: read leniently, so that what the encoding does not allow is found too.
        profile_name: ``ebts-9.1``, ``ebts-10.0`` or ``ebts-11.2``.

    Raises:
        ItlError: when there is no such profile.
    """
    own = alone(transaction, profile_name)
    rules = profile(profile_name)
    if transaction.tot not in rules.cardinality:
        own = [msgspec.structs.replace(f, severity="error") if f.rule == "mandatory" else f for f in own]
        return sorted([*own, *_shape(transaction, rules)], key=_place)
    best = [f for f in alone(transaction, DEFAULT_PROFILE) if f.severity == "error"]
    certain = {(f.record, f.field, f.rule) for f in best}
    found = [
        msgspec.structs.replace(f, severity="error", confidence="high")
        if (f.record, f.field, f.rule) in certain or f.rule in CERTAIN
        else f
        for f in own
    ]
    told = {(f.record, f.field) for f in found if f.severity == "error"}
    tags = {row.tag for row in rules.rows}
    silent = {row.tag for row in rules.rows if not row.form and not row.values}
    silent |= {row.tag for row in profile(DEFAULT_PROFILE).rows if row.item is not None} - tags
    found += [
        f for f in best
        if f.rule in KNOWN_IN_ALL and (f.record, f.field) not in told and (f.field in silent or f.rule == "characters")
    ]  # fmt: skip
    told |= {(f.record, f.field) for f in found if f.severity == "error"}
    common = [b for b in shared.breaches(transaction) if (b.record, b.field) not in told]
    replaced = {(b.record, b.field, b.rule) for b in common}
    found = [f for f in found if f.severity == "error" or (f.record, f.field, f.rule) not in replaced]
    return sorted([*(_softened(f) for f in found), *(_told(b, rules) for b in common)], key=_place)


def _softened(item: Finding) -> Finding:
    """What the standard allows and EBTS does not list is a warning: fingers of mobile devices, WSQ without its 20."""
    old = item.field == "14.011" and item.got == "'WSQ'"
    mobile = item.field == "14.013" and item.got.strip("'") in MOBILE
    return msgspec.structs.replace(item, severity="warning") if item.rule == "code" and (old or mobile) else item


def _place(item: Finding) -> tuple[int, str]:
    return (item.record if item.record is not None else -1, item.field or "")


def in_images(transaction: Transaction, profile_name: str = DEFAULT_PROFILE) -> list[Finding]:
    """What only decoding its images tells of a transaction, of any type: damage, early ends, blank and inverted ones.

    Raises:
        ItlError: when there is no such profile.
    """
    rules = profile(profile_name)
    return [_told(breach, rules) for breach in pixels.breaches(transaction)]


def _told(breach: crossing.Breach, rules: Profile) -> Finding:
    return Finding(
        breach.record, breach.field, breach.rule, _severity(breach.confidence), breach.message, rules.version,
        breach.confidence, breach.expected, breach.got,
    )  # fmt: skip


def _shape(transaction: Transaction, rules: Profile) -> Iterator[Finding]:
    """An unknown type of transaction that is not even written as one."""
    tot = transaction.tot
    if tot and not (tot.isascii() and tot.isalpha() and tot == tot.upper() and 3 <= len(tot) <= 5):
        text = f"TOT: expected three to five capital letters, got {tot[:40]!r}"
        yield Finding(0, "1.004", "form", "error", text, rules.version, "high", "capital letters", tot[:40])


def alone(transaction: Transaction, profile_name: str = DEFAULT_PROFILE) -> list[Finding]:
    """What the tables of one version say by themselves, in the order of the records: what an exchange rejects for.

    Raises:
        ItlError: when there is no such profile.
    """
    rules = profile(profile_name)
    structure = list(_structure(transaction))
    covered = {(item.record, item.field) for item in structure}
    found = structure + [item for item in _fields(transaction, rules) if (item.record, item.field) not in covered]
    found += [_told(breach, rules) for breach in crossing.breaches(transaction, rules)]
    return sorted(found, key=_place)


def _severity(confidence: str) -> Severity:
    return "error" if confidence == "high" else "warning"


def _structure(transaction: Transaction) -> Iterator[Finding]:
    """Deviations of the encoding, one finding for each kind and record."""
    seen: set[tuple[Code, int | None]] = set()
    without_content = any(item.code is Code.CNT_MISSING for item in transaction.deviations)
    for item in transaction.deviations:
        if item.code is Code.GUESSED_TYPE and without_content:
            continue  # follows from the missing field
        if item.level == "note" and (item.code, item.record) in seen:
            continue
        seen.add((item.code, item.record))
        severity: Severity = "error" if item.level == "error" else "warning"
        yield Finding(
            item.record,
            item.field,
            f"structure-{item.code.name.lower().replace('_', '-')}",
            severity,
            item.detail,
            "ITL",
            "high",
        )


def _fields(transaction: Transaction, rules: Profile) -> Iterator[Finding]:
    tot = transaction.tot
    if not tot:
        yield _finding(transaction.header.position, _type_row(rules), rules, "mandatory", "a value", "no field")
        return
    if tot not in rules.cardinality:
        text = f"the profile has no table for transactions of type {tot}; structure and images were checked"
        yield Finding(
            0, "1.004", "unknown-transaction", "warning", text, rules.version, "high", ", ".join(rules.cardinality), tot
        )
        return
    for record in transaction.records:
        if isinstance(record, TaggedRecord):
            for row in rules.fields(tot, record.type):
                yield from _field(record, row, tot, rules)
            yield from _not_used(record, tot, rules)


def _type_row(rules: Profile) -> Row:
    return next(row for row in rules.rows if row.tag == "1.004")


def _field(record: TaggedRecord, row: Row, tot: str, rules: Profile) -> Iterator[Finding]:
    presence = row.presence[tot]
    values = record.raw_all(row.number)
    if not any(len(value) for value in values):
        if presence.requirement == "M":
            yield _finding(
                record.position, row, rules, "mandatory", "a value", "an empty field" if values else "no field"
            )
        elif values:
            yield _finding(record.position, row, rules, "empty", "a value or no field", "an empty field")
        return
    if row.number == record.data_number or row.tag == "1.003":
        return
    parts = [part for value in values for part in _parts(record, bytes(value))]
    if not presence.least <= len(parts) <= presence.most and not (presence.requirement != "M" and not parts):
        expected = f"{presence.least} to {presence.most} occurrences"
        yield _finding(record.position, row, rules, "occurrences", expected, str(len(parts)))
    for part in parts[:100]:
        yield from _value(record, row, "".join(part), rules)
        for item in rules.items(tot, row):
            place = (item.item or 1) - 1
            text = part[place] if place < len(part) else ""
            if text:
                yield from _value(record, item, text, rules)
            elif item.presence[tot].requirement == "M":
                yield _finding(record.position, item, rules, "mandatory", "a value", "an empty item")


def _parts(record: TaggedRecord, raw: bytes) -> list[list[str]]:
    return [[record.charset.decode(item) for item in part.split(b"\x1f")] for part in raw.split(b"\x1e")[:1000]]


def _value(record: TaggedRecord, row: Row, text: str, rules: Profile) -> Iterator[Finding]:
    """Length, characters, form and code of one value; the first breach only, for the others follow from it."""
    if not row.shortest <= len(text) <= row.longest:
        limits = (
            f"{row.shortest} characters"
            if row.shortest == row.longest
            else f"{row.shortest} to {row.longest} characters"
        )
        yield _finding(record.position, row, rules, "length", limits, f"{len(text)}: {_shown(text)}")
    elif (expected := wrong_characters(row, text)) is not None:
        yield _finding(record.position, row, rules, "characters", expected, _shown(text))
    elif row.values and text not in row.values and text.lstrip("0") not in row.values:
        yield _finding(record.position, row, rules, "code", "one of " + " ".join(row.values), _shown(text))
    elif (expected := wrong_form(row, text)) is not None:
        yield _finding(record.position, row, rules, "form", expected, _shown(text))


def _not_used(record: TaggedRecord, tot: str, rules: Profile) -> Iterator[Finding]:
    known = rules.known(record.type)
    for number in dict.fromkeys(entry.number for entry in record.fields):
        row = known.get(number)
        if row is not None and tot not in row.presence:
            tots = " ".join(row.presence)
            yield _finding(
                record.position, row, rules, "not-used", f"this field in {tots} only", f"it is in a {tot}", "medium"
            )


def _finding(  # noqa: PLR0917 - a finding says much
    record: int, row: Row, rules: Profile, rule: str, expected: str, got: str, confidence: str | None = None
) -> Finding:
    sure = confidence or row.confidence
    message = f"{row.mnemonic} ({row.name}): expected {expected}, got {got}"
    return Finding(record, row.tag, rule, _severity(sure), message, rules.version, sure, expected, got)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
