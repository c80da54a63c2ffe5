"""The facts of a case in the words of the law (law/tables/vocabulary.toml).

What nobody knows is left out: missing, never "no". A statement of a named person wins over what follows from the case,
except that an open claim always counts. A match is never a status, and the absence of a record is never evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from tenprint import law as rules
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Charge, ClaimKind, Conviction, ImmigrationStatus, StatusDetermined
from tenprint.law.facts import read_facts
from tenprint.law.truth import Scope, truth

REMOVABLE: tuple[ImmigrationStatus, ...] = (
    "REMOVABLE_SUSPECTED",
    "REMOVABLE_FINAL_ORDER",
    "REMOVABLE_IN_PROCEEDINGS",
)
CITIZENS: tuple[ImmigrationStatus, ...] = ("CITIZEN", "NATURALIZED")
UNKNOWN: tuple[ImmigrationStatus, ...] = ("NO_RECORD", "UNDETERMINED")

CLAIMED_FACT: dict[ClaimKind, str] = {"CITIZEN": "citizenship_indicator", "VICTIM": "victim", "WITNESS": "witness"}


def facts_of(case: Case, on: date, others: Sequence[Case] = ()) -> dict[str, object]:
    """The facts on a day, in plain JSON values: dates as ISO 8601 text, sets and records as lists.

    Args:
        case: What is known now.
        on: The day of the question; what lies after it, such as a release, is no fact of that day.
        others: Further cards of the same person: their convictions and upheld claims count, each naming its card.
    """
    facts: dict[str, object] = {}
    facts |= _booking(case, on, others)
    if case.determination is not None:
        facts |= _status(case, case.determination)
    facts |= _form(case, facts)
    for known in (*others, case):
        facts |= _claims(known, open_only=False)
    stated = {name: s.value for name, s in case.facts.items()}
    facts |= {name: list(v) if isinstance(v, tuple) else v for name, v in stated.items()}
    facts |= _upheld(case)
    for known in (*others, case):
        facts |= _claims(known, open_only=True)
    return _records_win({name: value for name, value in facts.items() if value is not None})


def _records_win(facts: dict[str, object]) -> dict[str, object]:
    """Without statements that the records decide otherwise: a late conviction waits for no other correction."""
    known = rules.vocabulary()
    derived = {name: rule for name in facts if (rule := known.facts[name].rule) is not None}
    values = dict(read_facts({name: value for name, value in facts.items() if name not in derived}, known).values)
    kept = {name: facts[name] for name in derived}
    while True:
        scope = Scope(known, values | kept)
        wrong = [name for name in kept if truth(derived[name], scope) not in {None, kept[name]}]
        if not wrong:
            return {name: value for name, value in facts.items() if name not in derived or name in kept}
        kept = {name: value for name, value in kept.items() if name not in wrong}


def is_only_absence(determination: StatusDetermined) -> bool:
    """Whether an answer rests on nothing but records that were not found."""
    return all(source.absence for source in determination.sources)


def _booking(case: Case, on: date, others: Sequence[Case]) -> dict[str, object]:
    card = case.submission
    if card is None:
        return {}
    facts: dict[str, object] = {
        "in_custody": case.left_at is None or case.left_at.date() > on,
        "treat_as_adult": card.treat_as_adult,
        "charges": [_charge(c) for c in case.charges],
    }
    if card.date_of_arrest is not None:
        facts["arrested_by_lea"] = True
    if card.age_at_arrest is not None:
        facts["age"] = card.age_at_arrest
    if case.criminal is not None or case.conviction_statements or case.strikes:  # somebody looked
        facts["convictions"] = [_conviction(c) for c in _convictions(case, others)]
    if case.eligible is not None and case.eligible.at.date() <= on:
        facts["released_from_custody_on"] = case.eligible.at.date().isoformat()
    return facts


def _convictions(case: Case, others: Sequence[Case]) -> list[Conviction]:
    """Convictions of the person: of this card, and of the others with the card that they are known from."""
    struck = {s.id for s in case.strikes}
    known = {c.id: c for c in case.convictions}
    for other in others:
        tcn = other.submission.tcn if other.submission else ""
        for c in other.convictions:
            if c.id not in known and c.id not in struck:
                source = f"{c.source} (card {tcn})" if c.source else f"card {tcn}"
                known[c.id] = msgspec.structs.replace(c, source=source, charge=None)
    return sorted(known.values(), key=lambda c: (c.convicted_on, c.id))


def _upheld(case: Case) -> dict[str, object]:
    """What an upheld claim says, unless the office that upheld it corrected it with a second person."""
    facts: dict[str, object] = {}
    for claim in case.claims:
        name = CLAIMED_FACT.get(claim.made.claim)
        if name is None or claim.resolved is None or not claim.resolved.upheld:
            continue
        said = case.facts.get(name)
        if said is None or not (said.corrects and said.second):
            facts[name] = True
    return facts


def _status(case: Case, determination: StatusDetermined) -> dict[str, object]:
    """What follows from the center's answer. The statuses exclude each other, so a known one rules the others out."""
    status = determination.status
    facts: dict[str, object] = {
        "citizenship_indicator": determination.citizenship_indicator and not is_cleared(case, determination.version)
    }
    if status in CITIZENS:
        return facts | {"citizenship_indicator": True, "reason_to_believe": False, "probable_cause_bases": []}
    if status in UNKNOWN or is_only_absence(determination):
        return facts
    facts |= {
        "final_order": status == "REMOVABLE_FINAL_ORDER",
        "in_proceedings": status == "REMOVABLE_IN_PROCEEDINGS",
    }
    if status == "LAWFULLY_PRESENT":
        facts["reason_to_believe"] = False
    if status in REMOVABLE:
        facts["reason_to_believe"] = True
        facts["probable_cause_bases"] = _bases(case, determination)
    return facts


def _bases(case: Case, determination: StatusDetermined) -> list[str]:
    bases = []
    if determination.status == "REMOVABLE_FINAL_ORDER":
        bases.append("final_order")
    if determination.status == "REMOVABLE_IN_PROCEEDINGS":
        bases.append("pending_proceedings")
    found = [s for s in determination.sources if not s.absence and s.reliability in {"high", "medium"}]
    if case.immigration is not None and case.immigration.hit and found:
        bases.append("biometric_and_records")
    return bases


def _form(case: Case, facts: dict[str, object]) -> dict[str, object]:
    """What the last form that went out says: its warrant and its boxes of probable cause."""
    if not case.detainers:
        return {}
    issued = case.detainers[-1].issued
    known = facts.get("probable_cause_bases", [])
    bases = [*known, *issued.probable_cause] if isinstance(known, list) else list(issued.probable_cause)
    said: dict[str, object] = {"probable_cause_bases": sorted(set(bases))} if bases else {}
    return said | ({"immigration_warrant": issued.warrant} if issued.warrant else {})


def is_cleared(case: Case, version: int) -> bool:
    """Whether a supervisor looked at the citizenship indicator of that answer and cleared it, as the last word."""
    looks = [r for r in case.reviews if r.what == "citizenship" and r.determination == version]
    return bool(looks) and looks[-1].approved


def _claims(case: Case, *, open_only: bool) -> dict[str, object]:
    facts: dict[str, object] = {}
    for claim in case.claims:
        name = CLAIMED_FACT.get(claim.made.claim)
        counts = claim.is_open or (not open_only and claim.resolved is not None and claim.resolved.upheld)
        if name is not None and counts:
            facts[name] = True
    return facts


def _charge(charge: Charge) -> dict[str, object]:
    return _record(msgspec.to_builtins(charge))


def _conviction(conviction: Conviction) -> dict[str, object]:
    return _record(msgspec.to_builtins(conviction))


def _record(fields: dict[str, object]) -> dict[str, object]:
    plain = {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}
    return {k: v for k, v in plain.items() if v is not None and v != ""}
