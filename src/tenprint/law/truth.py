"""Three-valued evaluation of conditions in Python: the reference, with what is missing and why a result came out.

Kleene's strong logic: True, False or None for unknown. The SQL of `tenprint.law.sql` is tested equal to this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tenprint.law.conditions import And, AtLeast, Compare, Constant, Else, Includes, Is, Node, Not, Or
from tenprint.law.vocabulary import Fact, Vocabulary

Truth = bool | None

_OPERATORS: dict[str, Any] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class Scope:
    """The facts that a condition sees: those of a case, or those of one record within it."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        values: Mapping[str, Any],
        *,
        records: str | None = None,
        case: Scope | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.values = values
        self.records = records
        self.case = case
        self.names: Mapping[str, Fact] = (
            vocabulary.facts if records is None else vocabulary.records[vocabulary.facts[records].of].fields
        )
        self._derived: dict[str, Truth] = {}
        self._children: dict[str, list[Scope] | None] = {}

    def holder(self, name: str) -> Scope:
        """The scope that knows the name."""
        return self if name in self.names or self.case is None else self.case

    def value(self, name: str) -> Any:
        """The stated value, else the derived one, else the default; None when unknown."""
        holder = self.holder(name)
        stated = holder.values.get(name)
        if stated is not None:
            return stated
        fact = holder.names[name]
        if fact.rule is None:
            return fact.default
        if name not in holder._derived:  # noqa: SLF001 - a scope of the same class
            holder._derived[name] = truth(fact.rule, holder)  # noqa: SLF001
        return holder._derived[name]  # noqa: SLF001

    def children(self, records: str) -> list[Scope] | None:
        """One scope for each record; None when nobody knows the records."""
        if records not in self._children:
            rows: Sequence[Mapping[str, Any]] | None = self.value(records)
            self._children[records] = (
                None if rows is None else [Scope(self.vocabulary, row, records=records, case=self) for row in rows]
            )
        return self._children[records]

    def label(self, name: str) -> str:
        """The name as users see it: `convictions.grade` for a field of a record."""
        return f"{self.records}.{name}" if self.records is not None and name in self.names else name


def truth(node: Node, scope: Scope) -> Truth:  # noqa: PLR0911 - one case a line
    """Whether a condition holds: True, False, or None when the facts do not decide it."""
    match node:
        case Is(name):
            value = scope.value(name)
            return None if value is None else bool(value)
        case Compare(name, op, wanted):
            value = scope.value(name)
            return None if value is None else bool(_OPERATORS[op](value, wanted))
        case Includes(name, values):
            value = scope.value(name)
            return None if value is None else any(item in value for item in values)
        case Not(part):
            value = truth(part, scope)
            return None if value is None else not value
        case And(parts):
            return conjunction([truth(part, scope) for part in parts])
        case Or(parts):
            return disjunction([truth(part, scope) for part in parts])
        case Else(first, second):
            value = truth(first, scope)
            return truth(second, scope) if value is None else value
        case AtLeast():
            return _at_least(node, scope)
        case Constant(value):
            return value
    raise AssertionError(node)


def conjunction(values: Sequence[Truth]) -> Truth:
    """All hold: false if any is false, else unknown if any is unknown."""
    if False in values:
        return False
    return None if None in values else True


def disjunction(values: Sequence[Truth]) -> Truth:
    """At least one holds: true if any is true, else unknown if any is unknown."""
    if True in values:
        return True
    return None if None in values else False


def _at_least(node: AtLeast, scope: Scope) -> Truth:
    rows = scope.children(node.records)
    if rows is None:
        return None
    surely, perhaps = _tally(node, rows)
    if surely >= node.count:
        return True
    return False if perhaps < node.count else None


def _tally(node: AtLeast, rows: Sequence[Scope]) -> tuple[int, int]:
    """How many records (or incidents) meet the condition surely, and how many could."""
    truths = [truth(node.where, row) for row in rows]
    yes = [row for row, value in zip(rows, truths, strict=True) if value]
    maybe = [row for row, value in zip(rows, truths, strict=True) if value is not False]
    if not node.separate:
        return len(yes), len(maybe)
    sure = {row.value("incident") for row in yes}
    surely = len(sure - {None}) or len(sure)
    possible = [row.value("incident") for row in maybe]
    return surely, len({incident for incident in possible if incident is not None}) + possible.count(None)


def unknowns(node: Node, scope: Scope) -> set[str]:  # noqa: PLR0911 - one case a line
    """Names of the facts that keep a condition from being decided; empty when it is decided."""
    if truth(node, scope) is not None:
        return set()
    match node:
        case Is(name) | Compare(name, _, _) | Includes(name, _):
            holder = scope.holder(name)
            rule = holder.names[name].rule
            return {holder.label(name)} if rule is None else unknowns(rule, holder)
        case Not(part):
            return unknowns(part, scope)
        case And(parts) | Or(parts):
            return set().union(*(unknowns(part, scope) for part in parts))
        case Else(first, second):
            return unknowns(first, scope) | unknowns(second, scope)
        case AtLeast(_, records, where, separate):
            rows = scope.children(records)
            if rows is None:
                return {records}
            found: set[str] = set().union(*(unknowns(where, row) for row in rows))
            if separate and any(row.value("incident") is None and truth(where, row) is not False for row in rows):
                found.add(f"{records}.incident")
            return found
    raise AssertionError(node)


def shown(value: Any) -> Any:
    """A value as it stands in a trace: dates in ISO 8601, unknown in a word."""
    if value is None:
        return "unknown"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return sorted(str(item) for item in value)
    return value


def inputs(node: Node, scope: Scope) -> dict[str, Any]:  # noqa: PLR0911 - one case a line
    """Every fact that a condition looked at, with its value; a derived fact with what it came from."""
    match node:
        case Is(name) | Compare(name, _, _) | Includes(name, _):
            holder = scope.holder(name)
            value, rule = shown(holder.value(name)), holder.names[name].rule
            if rule is None or holder.values.get(name) is not None:
                return {name: value}
            return {name: {"value": value, "from": inputs(rule, holder)}}
        case Not(part):
            return inputs(part, scope)
        case And(parts) | Or(parts):
            return {key: value for part in parts for key, value in inputs(part, scope).items()}
        case Else(first, second):
            return {**inputs(first, scope), **inputs(second, scope)}
        case AtLeast(_, records, _, separate):
            rows = scope.children(records)
            if rows is None:
                return {records: "unknown"}
            surely, perhaps = _tally(node, rows)
            unit = "incidents" if separate else "records"
            seen = f"{surely} of {len(rows)} {unit} meet the condition"
            if perhaps > surely:
                seen += f", {perhaps - surely} cannot be told"
            return {records: seen}
    return {}
