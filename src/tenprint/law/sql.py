"""The same rules as DuckDB SQL: the typed tree that Python evaluates, compiled for millions of rows.

DuckDB's boolean logic is Kleene's, as in `tenprint.law.truth`; a column that a table does not have is a fact nobody
knows. A statement is built in layers of common table expressions: facts, derived facts by depth, rules, answers.
Tested equal to Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tenprint.law.conditions import And, AtLeast, Compare, Constant, Else, Includes, Is, Node, Not, Or
from tenprint.law.evaluate import NEEDS_MORE_FACTS, UNKNOWN_CLASS
from tenprint.law.load import load
from tenprint.law.regimes import Law, Regime, Rule
from tenprint.law.vocabulary import Fact, Vocabulary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Columns = Mapping[str, tuple[str, ...] | None]
"""Columns of a table that are facts; for records the fields of their structs."""

_TYPES = {
    "boolean": "BOOLEAN",
    "number": "BIGINT",
    "date": "DATE",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "set": "VARCHAR[]",
}


def columns_of(connection: DuckDBPyConnection, table: str, law: Law | None = None) -> Columns:
    """The columns of a table that bear the names of facts.

    Args:
        connection: where the table is.
        table: a table, a view, or anything that can stand after FROM.
        law: default: the shipped tables.
    """
    words = (law or load()).vocabulary
    relation = connection.sql(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - the caller's own table
    kinds: dict[str, Any] = dict(zip(relation.columns, relation.types, strict=True))
    found: dict[str, tuple[str, ...] | None] = {}
    for name, kind in kinds.items():
        if name in words.facts:
            is_list = words.facts[name].type == "records"
            found[name] = tuple(key for key, _ in dict(kind.children)["child"].children) if is_list else None
    return found


def select(
    question: str,
    table: str,
    columns: Columns,
    *,
    on: date,
    known_on: date | None = None,
    keep: Sequence[str] = (),
    law: Law | None = None,
) -> str:
    """A SELECT that answers a question for every row, under the law of one day.

    Columns of the answer: those of `keep`, then `regime`, and for acts `permitted` and `duties` (lists in the order
    of the question), for classes `result`.

    Args:
        question: `detainer`, `level`, `priority` or `opt_out`.
        table: what stands after FROM.
        columns: which of its columns are facts, see `columns_of`.
        on: the day of the decision.
        known_on: use only law that could be known on this day.
        keep: columns to carry along.
        law: default: the shipped tables.
    """
    law = law or load()
    base, overlays = law.in_force(question, on, known_on)
    return _Statement(law, question, base, overlays, columns).text(table, keep)


def select_by_day(
    question: str,
    table: str,
    columns: Columns,
    *,
    day: str = "on_day",
    keep: Sequence[str] = (),
    law: Law | None = None,
) -> str:
    """A SELECT that answers a question for every row under the law of the row's own day (column `day`)."""
    law = law or load()
    parts = []
    for start, end, base, overlays in law.spans(question):
        limit = f"{day} >= DATE '{start}'" + (f" AND {day} < DATE '{end}'" if end else "")
        source = f"(SELECT * FROM {table} WHERE {limit})"  # noqa: S608
        parts.append(f"({_Statement(law, question, base, overlays, columns).text(source, keep)})")
    return "\nUNION ALL\n".join(parts)


class _Statement:
    def __init__(self, law: Law, question: str, base: Regime, overlays: Iterable[Regime], columns: Columns) -> None:
        self.law = law
        self.words: Vocabulary = law.vocabulary
        self.question = law.questions[question]
        self.base = base
        self.columns = columns
        self.rules = [(regime, rule) for regime in (base, *overlays) for rule in regime.rules]

    def text(self, table: str, keep: Sequence[str]) -> str:
        """The whole statement."""
        layers = self._layers()
        layers.append(
            ", ".join(
                ["*", *(f"{self._stands(regime, rule)} AS rule_{i}" for i, (regime, rule) in enumerate(self.rules))]
            )
        )
        chosen = ", ".join([*keep, f"'{self.base.id}' AS regime"])
        if self.question.classes:
            final = f"{chosen}, {self._result()} AS result"
        else:
            layers.append(", ".join(["*", *self._acts()]))
            final = f"{chosen}, {self._listed('may')} AS permitted, {self._listed('duty')} AS duties"
        steps = [f"layer_0 AS (SELECT {layers[0]} FROM {table})"]  # noqa: S608 - names of facts and the caller\'s table
        steps += [f"layer_{i} AS (SELECT {layer} FROM layer_{i - 1})" for i, layer in enumerate(layers[1:], 1)]  # noqa: S608
        return f"WITH {', '.join(steps)} SELECT {final} FROM layer_{len(layers) - 1}"  # noqa: S608

    # -- facts ---------------------------------------------------------------------------------------------------------

    def _layers(self) -> list[str]:
        """Stated facts first, then derived facts, each layer using only those before it."""
        needed: dict[str, int] = {}
        for regime, rule in self.rules:
            for node in (regime.presupposed, rule.condition, rule.exception):
                if node is not None:
                    self._need(node, None, needed)
        depth = max(needed.values(), default=0)
        layers = []
        for level in range(depth + 1):
            here = [name for name, at in needed.items() if at == level]
            layers.append(", ".join(["*", *(f"{self._fact(name)} AS fact_{name}" for name in sorted(here))]))
        return layers

    def _need(self, node: Node, records: str | None, needed: dict[str, int]) -> int:  # noqa: PLR0911 - one case a line
        """Depth of a condition: 0 for stated facts, one more than what it is derived from for derived ones."""
        match node:
            case Is(name) | Compare(name, _, _) | Includes(name, _):
                fact, inside = self._lookup(name, records)
                if inside:
                    return 0 if fact.rule is None else self._need(fact.rule, records, needed)
                if name not in needed:
                    needed[name] = 0 if fact.rule is None else 1 + self._need(fact.rule, None, needed)
                return needed[name]
            case Not(part):
                return self._need(part, records, needed)
            case And(parts) | Or(parts):
                return max(self._need(part, records, needed) for part in parts)
            case Else(first, second):
                return max(self._need(first, records, needed), self._need(second, records, needed))
            case AtLeast(_, name, where, _):
                needed.setdefault(name, 0)
                return self._need(where, name, needed)
        return 0

    def _lookup(self, name: str, records: str | None) -> tuple[Fact, bool]:
        """The fact or field of that name, and whether it is a field of the record."""
        if records is not None:
            fields = self.words.records[self.words.facts[records].of].fields
            if name in fields:
                return fields[name], True
        return self.words.facts[name], False

    def _fact(self, name: str) -> str:
        fact = self.words.facts[name]
        if fact.type == "records":
            return name if name in self.columns else "CAST(NULL AS BOOLEAN[])"
        other = _constant(fact.default, fact) if fact.rule is None else f"({self._condition(fact.rule, None)})"
        if name not in self.columns:
            return other
        return f"COALESCE({name}, {other})"

    def _field(self, name: str, records: str) -> str:
        fact, inside = self._lookup(name, records)
        if not inside:
            return f"fact_{name}"
        other = _constant(fact.default, fact) if fact.rule is None else f"({self._condition(fact.rule, records)})"
        if name not in (self.columns.get(records) or ()):
            return other
        stated = f"r['{name}']"
        return stated if fact.rule is None and fact.default is None else f"COALESCE({stated}, {other})"

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _condition(self, node: Node, records: str | None) -> str:  # noqa: PLR0911 - one case a line
        def name_of(name: str) -> str:
            return f"fact_{name}" if records is None else self._field(name, records)

        match node:
            case Constant(value):
                return "TRUE" if value else "FALSE"
            case Is(name):
                return name_of(name)
            case Compare(name, op, value):
                return f"{name_of(name)} {'<>' if op == '!=' else op} {_literal(value)}"
            case Includes(name, values):
                return f"LIST_HAS_ANY({name_of(name)}, [{', '.join(_literal(value) for value in values)}])"
            case Not(part):
                return f"NOT ({self._condition(part, records)})"
            case And(parts):
                return " AND ".join(f"({self._condition(part, records)})" for part in parts)
            case Or(parts):
                return " OR ".join(f"({self._condition(part, records)})" for part in parts)
            case Else(first, second):
                return f"COALESCE({self._condition(first, records)}, {self._condition(second, records)})"
            case AtLeast():
                return self._at_least(node)
        raise AssertionError(node)

    def _at_least(self, node: AtLeast) -> str:
        if node.records not in self.columns:
            return "CAST(NULL AS BOOLEAN)"
        rows, where = f"fact_{node.records}", self._condition(node.where, node.records)
        yes = f"LIST_FILTER({rows}, LAMBDA r: {where})"
        maybe = f"LIST_FILTER({rows}, LAMBDA r: COALESCE({where}, TRUE))"
        surely, perhaps = f"LEN({yes})", f"LEN({maybe})"
        if node.separate:
            incident = self._field("incident", node.records)
            sure = f"LIST_TRANSFORM({yes}, LAMBDA r: {incident})"
            possible = f"LIST_TRANSFORM({maybe}, LAMBDA r: {incident})"
            surely = f"GREATEST(LIST_UNIQUE({sure}), LEAST(LEN({sure}), 1))"
            perhaps = f"(LIST_UNIQUE({possible}) + LEN({possible}) - LIST_COUNT({possible}))"
        return f"CASE WHEN {surely} >= {node.count} THEN TRUE WHEN {perhaps} < {node.count} THEN FALSE END"

    # -- rules and answers ---------------------------------------------------------------------------------------------

    def _stands(self, regime: Regime, rule: Rule) -> str:
        parts = [rule.condition]
        if regime.presupposed is not None and rule.presupposes:
            parts.append(regime.presupposed)
        conditions = [f"({self._condition(part, None)})" for part in parts if part is not None]
        if rule.exception is not None:
            conditions.append(f"NOT ({self._condition(rule.exception, None)})")
        whole = " AND ".join(conditions)
        return f"COALESCE({whole}, FALSE)" if rule.if_unknown == "does not apply" else f"({whole})"

    def _any(self, chosen: Sequence[int]) -> str:
        return f"({' OR '.join(f'rule_{i}' for i in chosen)})" if chosen else "FALSE"

    def _acts(self) -> list[str]:
        columns = []
        for act in self.question.acts:
            allowing = [i for i, (_, rule) in enumerate(self.rules) if act in rule.permits]
            requiring = [i for i, (_, rule) in enumerate(self.rules) if act in rule.requires]
            withholding = [i for i, (_, rule) in enumerate(self.rules) if act in rule.withholds]
            lifting = [i for i in withholding if self.rules[i][1].even_duties]
            duty = f"({self._any(requiring)} AND NOT {self._any(lifting)})"
            columns.append(f"{duty} AS duty_{act}")
            columns.append(f"(({self._any(allowing)} AND NOT {self._any(withholding)}) OR {duty}) AS may_{act}")
        return columns

    def _listed(self, what: str) -> str:
        """The acts that stand, as a list in the order of the question."""
        acts = self.question.acts
        duties = " OR ".join(f"COALESCE(duty_{act}, FALSE)" for act in acts)
        undecided = " OR ".join(f"may_{act} IS NULL OR duty_{act} IS NULL" for act in acts)
        cells = []
        for act in acts:
            stands = f"{what}_{act}"
            if what == "may" and act == NEEDS_MORE_FACTS:
                stands = f"({stands} OR {undecided})"
            elif what == "may" and act in self.base.always:
                stands = f"(COALESCE({stands}, FALSE) OR NOT ({duties}))"
            cells.append(f"CASE WHEN {stands} THEN '{act}' END")
        return f"LIST_FILTER([{', '.join(cells)}], LAMBDA act: act IS NOT NULL)"

    def _result(self) -> str:
        if self.base.no_rule:
            return "CAST(NULL AS VARCHAR)"
        cases = []
        for rank in self.base.ranks:
            giving = {name: [i for i, (_, rule) in enumerate(self.rules) if rule.gives == name] for name in rank}
            cases += [f"WHEN {self._any(chosen)} THEN '{name}'" for name, chosen in giving.items()]
            everything = self._any([i for chosen in giving.values() for i in chosen])
            cases.append(f"WHEN {everything} IS NULL THEN '{UNKNOWN_CLASS}'")
        return f"CASE {' '.join(cases)} ELSE '{self.base.otherwise or UNKNOWN_CLASS}' END"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def _constant(value: Any, fact: Fact) -> str:
    """A default, or a typed NULL."""
    if value is None:
        return f"CAST(NULL AS {_TYPES[fact.type]})"
    if isinstance(value, list | tuple | set | frozenset):
        return f"CAST([{', '.join(_literal(item) for item in value)}] AS VARCHAR[])"
    return _literal(value)
