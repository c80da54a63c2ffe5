"""Reading the facts of a person: names and types checked against the vocabulary, contradictions refused.

A value of None is the same as leaving the fact out: it is missing, never "no".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from tenprint.law.errors import FactsError, did_you_mean
from tenprint.law.truth import Scope, truth
from tenprint.law.vocabulary import Fact, Vocabulary


def read_facts(facts: Mapping[str, object], vocabulary: Vocabulary) -> Scope:
    """The facts as a scope for conditions.

    Args:
        facts: name to value; dates as `date` or ISO 8601 text, sets as any list, records as mappings or structs.
        vocabulary: the facts that exist.

    Raises:
        FactsError: for unknown names, wrong types or values, and for a stated fact that contradicts the records.
    """
    values = _read(facts, vocabulary.facts, vocabulary, "")
    scope = Scope(vocabulary, values)
    for name, stated in values.items():
        rule = vocabulary.facts[name].rule
        derived = None if rule is None else truth(rule, scope)
        if derived is not None and derived is not stated:
            raise FactsError(
                f"{name!r} is stated as {_word(stated)}, but the other facts say {_word(derived)}; "
                "correct the records or leave the statement out"
            )
    return scope


def _word(value: object) -> str:
    return str(value).lower()


def _read(facts: Mapping[str, object], names: Mapping[str, Fact], vocabulary: Vocabulary, where: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in facts.items():
        fact = names.get(name)
        if fact is None:
            raise FactsError(
                f"nobody knows a fact called {where + name!r}{did_you_mean(name, names)}; "
                "`tenprint law facts` lists all"
            )
        if value is not None:
            values[name] = _value(value, fact, vocabulary, where + name)
    return values


def _value(value: Any, fact: Fact, vocabulary: Vocabulary, where: str) -> Any:  # noqa: PLR0911 - one type a line
    match fact.type:
        case "boolean" if isinstance(value, bool):
            return value
        case "number" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "text" if isinstance(value, str):
            return value
        case "date":
            return _date(value, where)
        case "choice" if value in fact.values:
            return value
        case "set" if isinstance(value, list | tuple | set | frozenset):
            return _set(value, fact, where)
        case "records" if isinstance(value, list | tuple):
            fields = vocabulary.records[fact.of].fields
            return [
                _read(_mapping(row, f"{where}[{i}]"), fields, vocabulary, f"{where}[{i}].")
                for i, row in enumerate(value)
            ]
    expected = f"one of {', '.join(fact.values)}" if fact.type == "choice" else _EXPECTED[fact.type]
    raise FactsError(f"{where!r}: expected {expected}, got {value!r}")


_EXPECTED = {
    "boolean": "true or false (leave it out when unknown)",
    "number": "a whole number",
    "text": "text",
    "set": "a list of values",
    "records": "a list of records",
}


def _date(value: Any, where: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FactsError(f"{where!r}: expected a date such as 2012-12-21, got {value!r}") from None


def _set(value: Any, fact: Fact, where: str) -> frozenset[str]:
    for item in value:
        if item not in fact.values:
            raise FactsError(
                f"{where!r}: {item!r} is no value of it{did_you_mean(str(item), fact.values)}; "
                f"there are {', '.join(fact.values)}"
            )
    return frozenset(value)


def _mapping(row: Any, where: str) -> Mapping[str, object]:
    if isinstance(row, msgspec.Struct):
        return msgspec.structs.asdict(row)
    if isinstance(row, Mapping):
        return row
    raise FactsError(f"{where!r}: expected a record, got {row!r}")
