"""What the law room refuses, in words that a lawyer understands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class LawError(ValueError):
    """Something about the law tables, the facts or the clock cannot be used."""


class ConditionError(LawError):
    """A condition cannot be read or speaks of facts that do not exist."""


class FactsError(LawError):
    """The facts of a person cannot be used: an unknown name, a wrong type, a contradiction."""


class TablesError(LawError):
    """The tables of the law have faults; every fault is listed.

    Attributes:
        faults: one sentence for each fault, naming file, rule and what to do.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"the law tables have {count}:\n" + "\n".join(f"- {fault}" for fault in faults))


LEAST_WORD, MOST_NAMES = 5, 5
"""Letters of a word that may point to a name, and names that are told."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, else with those that share a word with it, or nothing."""
    names = list(known)
    if near := get_close_matches(name, names, n=1):
        return f" (did you mean {near[0]!r}?)"
    words = [word for word in re.split(r"[^a-z]+", name.lower()) if len(word) >= LEAST_WORD]
    alike = [each for each in names if any(word in each.lower() for word in words)]
    return f" (did you mean one of {', '.join(map(repr, alike[:MOST_NAMES]))}?)" if alike else ""
