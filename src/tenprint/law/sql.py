"""The same rules as DuckDB SQL: the typed tree that Python evaluates, compiled for millions of rows.

DuckDB's boolean logic is Kleene's, as in `tenprint.law.truth`; a column that a table does not have is a fact nobody
knows. Tested equal to Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import compress, product
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from tenprint.law.conditions import And, AtLeast, Compare, Constant, Else, Includes, Is, Node, Not, Or
from tenprint.law.evaluate import UNKNOWN_CLASS
from tenprint.law.load import load
from tenprint.law.plan import FALSE, TRUE, Leaf, Plan, Unknown, plan, simplified
from tenprint.law.regimes import NEEDS_MORE_FACTS, Law, Question, Regime
from tenprint.law.vocabulary import Fact, Vocabulary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Columns = Mapping[str, tuple[str, ...] | None]
"""Columns of a table that are facts; for records the fields of their structs."""

_OPERATORS: dict[str, Any] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_MANY = 65536
"""More records than any person has: the weight of an undecided record in a sum of decided ones."""


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
    controls: bool | None = None,
) -> str:
    """A SELECT that answers a question for every row, under the law of one day.

    Columns of the answer: those of `keep`, then `regime`, and for acts `permitted` and `duties` (lists in the order of
    the question), for classes `result`.

    Args:
        question: `detainer`, `level`, `priority` or `opt_out`.
        table: what stands after FROM.
        columns: which of its columns are facts, see `columns_of`.
        on: the day of the decision.
        known_on: use only law that could be known on this day.
        keep: columns to carry along.
        law: default: the shipped tables.
        controls: whether the program's own controls are added, see `Law.in_force`.
    """
    law = law or load()
    base, overlays = law.in_force(question, on, known_on, controls=controls)
    return _statement(law, question, base, overlays, columns=columns, table=table, keep=keep)


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
        parts.append(f"({_statement(law, question, base, overlays, columns=columns, table=source, keep=keep)})")
    return "\nUNION ALL\n".join(parts)


def _statement(
    law: Law,
    question: str,
    base: Regime,
    overlays: Sequence[Regime],
    *,
    columns: Columns,
    table: str,
    keep: Sequence[str],
) -> str:
    asked = law.questions[question]
    resolver = _Resolver(law.vocabulary, columns)
    made = plan(asked, base, overlays, lambda node: resolver.node(node, None))
    chosen = ", ".join([*keep, f"'{base.id}' AS regime"])
    if asked.classes:
        return f"SELECT {chosen}, {_result(base, made)} AS result FROM {table}"  # noqa: S608
    conditions = {f"may_{act}": node for act, node in made.may.items()}
    conditions |= {f"duty_{act}": node for act, node in made.duty.items()}
    open_ones = {name: node for name, node in conditions.items() if not isinstance(node, Constant | Unknown)}
    judged = ", ".join(["*", *(f"{_sql(node)} AS {name}" for name, node in open_ones.items())])
    given = {name: Leaf(name) if name in open_ones else node for name, node in conditions.items()}
    return (
        f"SELECT {chosen}, {_permitted(asked, base, given)} AS permitted, {_duties(asked, given)} AS duties "  # noqa: S608
        f"FROM (SELECT {judged} FROM {table})"
    )


class _Resolver:
    """Puts columns in the place of facts, and derivations in the place of derived facts that are no columns."""

    def __init__(self, words: Vocabulary, columns: Columns) -> None:
        self.words = words
        self.columns = columns

    def node(self, node: Node, records: str | None) -> Node:  # noqa: PLR0911 - one case a line
        """The condition with every name resolved.

        Args:
            node: a condition in names of facts.
            records: inside `where`, the records it is about.
        """
        match node:
            case Is(name) | Compare(name, _, _) | Includes(name, _):
                return self._named(node, name, records)
            case Not(part):
                return Not(self.node(part, records))
            case And(parts):
                return And(tuple(self.node(part, records) for part in parts))
            case Or(parts):
                return Or(tuple(self.node(part, records) for part in parts))
            case Else(first, second):
                return Else(self.node(first, records), self.node(second, records))
            case AtLeast(count, name, where, separate):
                return self._counted(count, name, where, separate=separate)
        return node

    def _counted(self, count: int, name: str, where: Node, *, separate: bool) -> Node:
        if name not in self.columns:
            return Unknown()
        unnamed = separate and "incident" not in (self.columns[name] or ())
        separate_as = f"{name}:unknown" if unnamed else name
        return AtLeast(count, separate_as, self.node(where, name), separate)

    def _named(self, node: Node, name: str, records: str | None) -> Node:
        fields: Mapping[str, Fact] = {} if records is None else self.words.records[self.words.facts[records].of].fields
        inside = name in fields
        fact = fields[name] if inside else self.words.facts[name]
        scope = records if inside else None
        known = name in ((self.columns.get(records or "") or ()) if inside else self.columns)
        column = f"r['{name}']" if inside else f'"{name}"'
        other = self._otherwise(node, fact, scope)
        return Else(_asked(node, column), other) if known else other

    def _otherwise(self, node: Node, fact: Fact, scope: str | None) -> Node:
        """What the condition is where the fact is not stated."""
        if fact.rule is not None:
            derived = self.node(fact.rule, scope)
            if isinstance(node, Compare):
                wanted = derived if node.value else Not(derived)
                return wanted if node.op == "=" else Not(wanted)
            return derived
        if fact.default is None:
            return Unknown()
        match node:
            case Compare(_, op, value):
                return Constant(bool(_OPERATORS[op](fact.default, value)))
            case Includes(_, values):
                return Constant(any(value in fact.default for value in values))
        return Constant(bool(fact.default))


def _asked(node: Node, column: str) -> Leaf:
    """A condition on a column; NULL where the column is."""
    match node:
        case Compare(_, op, value):
            return Leaf(f"{column} {'<>' if op == '!=' else op} {_literal(value)}")
        case Includes(_, values):
            return Leaf(f"LIST_HAS_ANY({column}, [{', '.join(_literal(value) for value in values)}])")
    return Leaf(column)


# -- SQL of a resolved condition -------------------------------------------------------------------------------------


def _sql(node: Node) -> str:  # noqa: PLR0911 - one case a line
    match node:
        case Leaf(text):
            return text
        case Constant(value):
            return "TRUE" if value else "FALSE"
        case Unknown():
            return "CAST(NULL AS BOOLEAN)"
        case Not(part):
            return f"NOT ({_sql(part)})"
        case And(parts):
            return " AND ".join(f"({_sql(part)})" for part in parts)
        case Or(parts):
            return " OR ".join(f"({_sql(part)})" for part in parts)
        case Else(first, second):
            return f"COALESCE({_sql(first)}, {_sql(second)})"
        case AtLeast():
            return _counted(node)
    raise AssertionError(node)


def _counted(node: AtLeast) -> str:
    """One pass over the records: what is decided and what is not are told apart in a single number."""
    rows, where = f'"{node.records.removesuffix(":unknown")}"', _sql(node.where)
    if node.separate:
        return _incidents(node, rows, where)
    if node.count == 1:
        most = f"LIST_MAX(LIST_TRANSFORM({rows}, LAMBDA r: COALESCE(2 * CAST({where} AS TINYINT), 1)))"
        return f"CASE WHEN {rows} IS NOT NULL THEN NULLIF(COALESCE({most}, 0), 1) > 1 END"
    total = f"COALESCE(LIST_SUM(LIST_TRANSFORM({rows}, LAMBDA r: COALESCE(CAST({where} AS INTEGER), {_MANY}))), 0)"
    surely = f"{total} % {_MANY}"
    return (
        f"CASE WHEN {rows} IS NULL THEN NULL WHEN {surely} >= {node.count} THEN TRUE "
        f"WHEN {surely} + {total} // {_MANY} < {node.count} THEN FALSE END"
    )


def _incidents(node: AtLeast, rows: str, where: str) -> str:
    """Records counted by incident; one without a named incident may belong to any."""
    incident = "CAST(NULL AS VARCHAR)" if node.records.endswith(":unknown") else "r['incident']"
    sure = f"LIST_TRANSFORM(LIST_FILTER({rows}, LAMBDA r: {where}), LAMBDA r: {incident})"
    possible = f"LIST_TRANSFORM(LIST_FILTER({rows}, LAMBDA r: COALESCE({where}, TRUE)), LAMBDA r: {incident})"
    surely = f"GREATEST(LIST_UNIQUE({sure}), LEAST(LEN({sure}), 1))"
    perhaps = f"(LIST_UNIQUE({possible}) + LEN({possible}) - LIST_COUNT({possible}))"
    return (
        f"CASE WHEN {rows} IS NULL THEN NULL WHEN {surely} >= {node.count} THEN TRUE "
        f"WHEN {perhaps} < {node.count} THEN FALSE END"
    )


# -- answers ---------------------------------------------------------------------------------------------------------


def _permitted(question: Question, base: Regime, given: Mapping[str, Node]) -> str:
    required = Or(tuple(Else(given[f"duty_{act}"], FALSE) for act in question.acts))
    undecided = Or(tuple(_is_null(node) for node in given.values()))
    cells = {}
    for act in question.acts:
        stands = given[f"may_{act}"]
        if act == NEEDS_MORE_FACTS:
            stands = Or((stands, undecided))
        elif act in base.always:
            stands = Or((Else(stands, FALSE), Not(required)))
        cells[act] = simplified(stands)
    return _listed(cells)


def _duties(question: Question, given: Mapping[str, Node]) -> str:
    return _listed({act: given[f"duty_{act}"] for act in question.acts})


def _is_null(node: Node) -> Node:
    if isinstance(node, Constant):
        return FALSE
    return TRUE if isinstance(node, Unknown) else Leaf(f"({_sql(node)}) IS NULL")


def _listed(cells: Mapping[str, Node]) -> str:
    """The acts that stand, in order: a choice among ready lists, which costs less than building one a row."""
    open_acts = [act for act, stands in cells.items() if not isinstance(stands, Constant | Unknown)]
    lists = []
    for chosen in product((False, True), repeat=len(open_acts)):
        standing = {act for act, stands in cells.items() if stands == TRUE} | set(compress(open_acts, chosen))
        lists.append(f"CAST([{', '.join(_literal(act) for act in cells if act in standing)}] AS VARCHAR[])")
    if not open_acts:
        return lists[0]
    weights = [2**i for i in reversed(range(len(open_acts)))]
    terms = (f"CASE WHEN {_sql(cells[act])} THEN {w} ELSE 0 END" for act, w in zip(open_acts, weights, strict=True))
    cases = " ".join(f"WHEN {i} THEN {ready}" for i, ready in enumerate(lists))
    return f"CASE {' + '.join(terms)} {cases} END"


def _result(base: Regime, made: Plan) -> str:
    if base.no_rule:
        return "CAST(NULL AS VARCHAR)"
    cases = []
    for rank in made.ranks:
        cases += [f"WHEN {_sql(node)} THEN '{name}'" for name, node in rank.items()]
        cases.append(f"WHEN {_undecided(rank.values())} THEN '{UNKNOWN_CLASS}'")
    return f"CASE {' '.join(cases)} ELSE '{base.otherwise or UNKNOWN_CLASS}' END"


def _undecided(nodes: Iterable[Node]) -> str:
    """No class of this rank holds, and at least one is undecided."""
    return _sql(_is_null(simplified(Or(tuple(nodes)))))


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"
