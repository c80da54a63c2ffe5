"""The closed vocabulary of facts: name, type, meaning, source, derivation (`tables/vocabulary.toml`).

A rule can ask only for what stands here; a fact that nobody knows is missing, never "no".
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from tenprint.law.conditions import And, AtLeast, Compare, Constant, Else, Includes, Is, Node, Not, Or, parse
from tenprint.law.errors import ConditionError, TablesError, did_you_mean

TABLES = Path(__file__).parent / "tables"

Type = Literal["boolean", "number", "date", "text", "choice", "set", "records"]


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact, or one field of a record."""

    name: str
    type: Type
    means: str
    source: str = ""
    values: tuple[str, ...] = ()
    of: str = ""
    """For records: which kind."""
    default: Any = None
    """What leaving out means; None: missing."""
    rule: Node | None = None
    """The derivation, parsed; None for a fact that must be stated."""
    derive: str = ""


class RecordType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of record, such as a conviction."""

    name: str
    means: str
    fields: Mapping[str, Fact]


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All facts and records."""

    facts: Mapping[str, Fact]
    records: Mapping[str, RecordType]

    def scope(self, records: str | None) -> Mapping[str, Fact]:
        """Names that a condition may use: inside `where`, the record's fields hide the facts of the case."""
        if records is None:
            return self.facts
        return {**self.facts, **self.records[self.facts[records].of].fields}


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the program.

    Raises:
        TablesError: when the table has faults.
    """
    return read_vocabulary(TABLES / "vocabulary.toml")


def read_vocabulary(path: Path) -> Vocabulary:
    """Read and check a vocabulary.

    Raises:
        TablesError: listing every fault.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = {name: tuple(row["values"]) for name, row in raw.get("set", {}).items()}
    faults: list[str] = []

    def fact(name: str, row: dict[str, Any]) -> Fact:
        values = row.get("values", ())
        values = sets.get(values, ()) if isinstance(values, str) else tuple(values)
        rule = None
        try:
            rule = parse(row["derive"]) if "derive" in row else None
        except ConditionError as wrong:
            faults.append(f"{path.name}: the derivation of {name!r}: {wrong}")
        plain = msgspec.convert({**row, "name": name, "values": values}, Fact)
        return msgspec.structs.replace(plain, rule=rule)

    facts = {name: fact(name, row) for name, row in raw["fact"].items()}
    records = {
        name: RecordType(
            name=name, means=row["means"], fields={key: fact(key, field) for key, field in row["field"].items()}
        )
        for name, row in raw["record"].items()
    }
    made = Vocabulary(facts=facts, records=records)
    faults += [
        f"{path.name}: the derivation of {item.name!r}: {fault}"
        for item in facts.values()
        if item.rule is not None
        for fault in faults_of(item.rule, made)
    ]
    for kind in records.values():
        holder = next((item.name for item in facts.values() if item.of == kind.name), None)
        faults += [
            f"{path.name}: the derivation of {item.name!r} of a {kind.name}: {fault}"
            for item in kind.fields.values()
            if item.rule is not None
            for fault in faults_of(item.rule, made, holder)
        ]
    if faults:
        raise TablesError(faults)
    return made


def faults_of(node: Node, vocabulary: Vocabulary, records: str | None = None) -> list[str]:  # noqa: PLR0911 - one case a line
    """What is wrong with a condition: unknown facts, comparisons that the type does not allow, unknown values."""
    scope = vocabulary.scope(records)
    match node:
        case Constant():
            return []
        case Not(part):
            return faults_of(part, vocabulary, records)
        case And(parts) | Or(parts):
            return [fault for part in parts for fault in faults_of(part, vocabulary, records)]
        case Else(first, second):
            return faults_of(first, vocabulary, records) + faults_of(second, vocabulary, records)
        case AtLeast(_, name, where, _):
            if records is not None:
                return [f"records within records are not possible ({name!r})"]
            if name not in vocabulary.facts or vocabulary.facts[name].type != "records":
                return [f"there are no records called {name!r}; there are {', '.join(_record_names(vocabulary))}"]
            return faults_of(where, vocabulary, name)
        case Is(name) | Compare(name, _, _) | Includes(name, _):
            if name not in scope:
                return [
                    f"nobody knows a fact called {name!r}{did_you_mean(name, scope)}; facts stand in vocabulary.toml"
                ]
            return _misuse(node, scope[name])
    raise AssertionError(node)


def _record_names(vocabulary: Vocabulary) -> list[str]:
    return [fact.name for fact in vocabulary.facts.values() if fact.type == "records"]


def _misuse(node: Node, fact: Fact) -> list[str]:  # noqa: PLR0911 - one case a line
    if isinstance(node, Is) and fact.type != "boolean":
        return [f"{fact.name!r} is a {fact.type}, so it needs a comparison such as '{fact.name} is ...'"]
    if isinstance(node, Includes):
        if fact.type != "set":
            return [f"{fact.name!r} is a {fact.type}, not a set: it cannot include anything"]
        return [
            f"{value!r} is no value of {fact.name!r}{did_you_mean(value, fact.values)}"
            for value in node.values
            if value not in fact.values
        ]
    if isinstance(node, Compare):
        expected = {"boolean": "bool", "number": "int", "date": "date", "text": "str", "choice": "str"}.get(fact.type)
        if expected is None or type(node.value).__name__ != expected:
            return [f"{fact.name!r} is a {fact.type} and cannot be compared with {node.value!r}"]
        if fact.type in {"boolean", "text", "choice"} and node.op not in {"=", "!="}:
            return [f"{fact.name!r} is a {fact.type}: it can only be compared with 'is' and 'is not'"]
        if fact.type == "choice" and node.value not in fact.values:
            return [f"{node.value!r} is no value of {fact.name!r}; there are {', '.join(fact.values)}"]
    return []
