"""Generated persons: facts known, denied or unknown, charges and convictions of every kind, the same in every run."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pyarrow as pa

from tenprint.law import Vocabulary
from tenprint.law.vocabulary import Fact

KINDS = {
    "boolean": pa.bool_(),
    "number": pa.int64(),
    "date": pa.date32(),
    "text": pa.string(),
    "choice": pa.string(),
    "set": pa.list_(pa.string()),
}
NUMBERS = {
    "age": (None, 12, 15, 16, 17, 18, 40),
    "max_sentence_days": (None, 30, 364, 365, 366, 730),
    "sentence_days": (None, 0, 89, 90, 365, 366),
}
TURNS = ("2013-12-31", "2014-01-01", "2014-01-02", "2020-10-31", "2020-11-01", "2021-01-19", "2021-01-20")
DATES = tuple(date.fromisoformat(day) for day in TURNS)
LIKELY = {"in_custody", "arrested_by_lea", "reason_to_believe"}
NCIC = (None, "0399", "2303", "1313", "5404")


class People:
    """Random facts of a vocabulary.

    Args:
        words: the vocabulary.
        seed: same seed, same people.
        stated: how often a derived fact is stated outright; 0 for facts that cannot contradict themselves.
    """

    def __init__(self, words: Vocabulary, seed: int, *, stated: float = 0.0) -> None:
        self.words = words
        self.random = random.Random(seed)
        self.stated = stated

    def person(self) -> dict[str, Any]:
        known = self.random.choice((0.35, 0.8, 1.0))
        return {name: self._value(fact, known) for name, fact in self.words.facts.items()}

    def _value(self, fact: Fact, known: float) -> Any:
        if self.random.random() > (self.stated if fact.rule is not None else known):
            return None
        match fact.type:
            case "boolean":
                return self.random.random() < (
                    0.75 if fact.name in {"in_custody", "arrested_by_lea", "reason_to_believe"} else 0.3
                )
            case "number":
                return self.random.choice(NUMBERS.get(fact.name, (None, 1, 2)))
            case "date":
                return self.random.choice(DATES)
            case "choice":
                return self.random.choice(fact.values)
            case "set" if fact.name == "categories" and self.random.random() < 0.3:
                return ["minor_traffic"]
            case "set":
                return self.random.sample(fact.values, self.random.randint(0, min(2, len(fact.values))))
            case "records":
                fields = self.words.records[fact.of].fields
                return [self._record(fields, known) for _ in range(self.random.choice((0, 1, 1, 2, 3, 4, 7)))]
        if fact.name == "ncic":
            return self.random.choice(NCIC)
        return self.random.choice((None, "A", "B", "C"))

    def _record(self, fields: dict[str, Fact], known: float) -> dict[str, Any]:
        return {name: self._value(field, known) for name, field in fields.items() if field.rule is None}


def table_of(people: list[dict[str, Any]], words: Vocabulary) -> pa.Table:
    """The people as an Arrow table with one column a fact, and their number in `n`."""
    columns = {name: pa.array([p[name] for p in people], type=_kind(fact, words)) for name, fact in words.facts.items()}
    return pa.table({"n": pa.array(range(len(people)), type=pa.int64()), **columns})


def _kind(fact: Fact, words: Vocabulary) -> pa.DataType:
    if fact.type != "records":
        return KINDS[fact.type]
    fields = words.records[fact.of].fields
    return pa.list_(pa.struct([(name, KINDS[field.type]) for name, field in fields.items() if field.rule is None]))
