"""Reads the SQL of a definition as data: exactly one SELECT over tables of facts, made of what is allowed here.

Everything that is not named below is refused: other statements, other tables, table functions, functions that read or
write files, settings or the machine, and functions that can make much out of little. This is the first of two doors;
the second is that a definition runs in a database without files, extensions or settings (``figures.vintage``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

DEEPEST = 200
"""Levels of an expression: beyond, parsers spend their stack."""

SYNTAX = frozenset(
    [
        "Add",
        "Alias",
        "Between",
        "Boolean",
        "Bracket",
        "CTE",
        "Column",
        "DPipe",
        "DataType",
        "DataTypeParam",
        "Distinct",
        "Div",
        "EQ",
        "Escape",
        "Except",
        "Filter",
        "From",
        "GT",
        "GTE",
        "Group",
        "Having",
        "ILike",
        "Identifier",
        "IgnoreNulls",
        "In",
        "IntDiv",
        "Intersect",
        "Interval",
        "Is",
        "Join",
        "LT",
        "LTE",
        "Like",
        "Limit",
        "Literal",
        "Mod",
        "Mul",
        "NEQ",
        "Neg",
        "Not",
        "Null",
        "NullSafeEQ",
        "NullSafeNEQ",
        "Offset",
        "Order",
        "Ordered",
        "Paren",
        "ParameterizedAgg",
        "Qualify",
        "Select",
        "Slice",
        "Star",
        "Sub",
        "Subquery",
        "Table",
        "TableAlias",
        "Tuple",
        "Union",
        "Var",
        "Where",
        "Window",
        "WindowSpec",
        "With",
        "WithinGroup",
    ]
)
"""Parts of speech of a SELECT, by sqlglot's names."""

FUNCTIONS = frozenset(
    [
        "Abs",
        "And",
        "AnyValue",
        "ArgMax",
        "ArgMin",
        "Array",
        "ArrayContains",
        "ArrayContainsAll",
        "ArrayOverlaps",
        "ArraySize",
        "Avg",
        "Case",
        "Cast",
        "Ceil",
        "Coalesce",
        "Count",
        "CountIf",
        "CurrentDate",
        "Date",
        "DateAdd",
        "DateDiff",
        "DateSub",
        "DateTrunc",
        "Day",
        "DayOfMonth",
        "DayOfWeek",
        "DayOfYear",
        "DenseRank",
        "Exists",
        "Extract",
        "First",
        "FirstValue",
        "Floor",
        "Greatest",
        "Hour",
        "If",
        "Lag",
        "Last",
        "LastValue",
        "Lead",
        "Least",
        "Left",
        "Length",
        "LogicalAnd",
        "LogicalOr",
        "Lower",
        "Max",
        "Median",
        "Min",
        "Minute",
        "Month",
        "Nullif",
        "Or",
        "Quarter",
        "Rank",
        "Right",
        "Round",
        "RowNumber",
        "Second",
        "Sign",
        "StartsWith",
        "StrPosition",
        "Substring",
        "Sum",
        "TimeToStr",
        "TimeToUnix",
        "TimestampTrunc",
        "Trim",
        "TryCast",
        "Unnest",
        "Upper",
        "Week",
        "Year",
    ]
)
"""Functions that sqlglot knows and a definition may use."""

NAMED = frozenset({"getvariable", "row_number", "rank", "dense_rank", "isodow", "list_has_any", "list_contains"})
"""Functions that sqlglot knows by their name only."""

VARIABLES = frozenset({"as_of", "valid"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


def check_statement(sql: str, tables: Iterable[str]) -> None:
    """Refuse everything but one SELECT over these tables.

    Args:
        sql: The text after the front matter.
        tables: Tables of facts that the front matter names.

    Raises:
        ValueError: what is not allowed, and what was expected.
    """
    _one_select(sql)
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as wrong:
        raise ValueError(f"expected one SELECT: {str(wrong).splitlines()[0]}") from None
    except RecursionError:
        raise ValueError("expected one SELECT, got one that is nested too deeply") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise ValueError(f"expected exactly one SELECT, got {', '.join(t.key.upper() for t in trees) or 'nothing'}")
    tree = trees[0]
    wrong_depth = any(node.depth > DEEPEST for node in tree.walk())
    if wrong_depth:
        raise ValueError(f"expected at most {DEEPEST} levels of expressions")
    known = {name.lower() for name in tables} | {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    for refused in _refused(tree, known):
        raise ValueError(f"not allowed in a definition: {refused}")


def _one_select(sql: str) -> None:
    """Ask the database's own parser too, without running anything."""
    with duckdb.connect() as db:
        try:
            found = db.extract_statements(sql)
        except (duckdb.Error, ValueError, RecursionError) as wrong:
            raise ValueError(f"expected one SELECT: {str(wrong).splitlines()[0]}") from None
    kinds = [statement.type for statement in found]
    if kinds != [duckdb.StatementType.SELECT]:
        told = ", ".join(kind.name for kind in kinds) or "nothing"
        raise ValueError(f"expected exactly one SELECT, got {told}")


def _refused(tree: exp.Expression, tables: set[str]) -> Iterator[str]:
    for node in tree.walk():
        kind = type(node).__name__
        if isinstance(node, exp.Table):
            yield from _table(node, tables)
        elif isinstance(node, exp.CTE) and not _NAME.fullmatch(node.alias_or_name):
            yield f"the name {node.alias_or_name!r}"
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            yield "WITH RECURSIVE"
        elif isinstance(node, exp.Anonymous):
            yield from _named(node)
        elif isinstance(node, exp.Replace | exp.GenerateSeries):
            if not _bounded(node):
                yield f"{node.sql(dialect='duckdb')[:60]}"
        elif kind not in FUNCTIONS and kind not in SYNTAX:
            yield f"{kind.upper()}: {node.sql(dialect='duckdb')[:60]}"


def _table(node: exp.Table, tables: set[str]) -> Iterator[str]:
    plain = isinstance(node.this, exp.Identifier) and not node.args.get("db") and not node.args.get("catalog")
    if not plain or node.name.lower() not in tables:
        told = node.sql(dialect="duckdb")[:60]
        yield f"the table {told}; its front matter names {', '.join(sorted(tables)) or 'none'}"


def _named(node: exp.Anonymous) -> Iterator[str]:
    name, given = node.name.lower(), node.expressions
    if name not in NAMED:
        yield f"the function {name}"
    elif name == "getvariable":
        literal = len(given) == 1 and isinstance(given[0], exp.Literal) and given[0].is_string
        if not literal or given[0].name not in VARIABLES:
            yield f"{node.sql(dialect='duckdb')[:60]}; expected getvariable('as_of') or getvariable('valid')"


def _bounded(node: exp.Expression) -> bool:
    """Replacing a text by a longer one, or a series without end, makes much out of little."""
    if isinstance(node, exp.Replace):
        return all(not isinstance(e, exp.Literal) or len(e.name) <= 1 for e in [node.args.get("replacement")] if e)
    if isinstance(node.args.get("step"), exp.Interval):
        return True  # days or months between two days: bounded by the calendar
    ends = (node.args.get("start"), node.args.get("end"))
    return all(isinstance(e, exp.Literal) and e.is_int and int(e.name) <= 10_000 for e in ends if e is not None)
