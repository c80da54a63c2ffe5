"""From rules to one condition for each answer: the step between the tables and SQL.

A plan is made of the same typed tree that Python evaluates, with derived facts put in place, constants taken out, and
counts over the same records merged. Every rewriting is an equality of Kleene's logic, which is a distributive lattice
with an involution: (s and a) or (s and b) is s and (a or b); any A or any B is any (A or B).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from tenprint.law.conditions import And, AtLeast, Constant, Else, Node, Not, Or
from tenprint.law.regimes import Question, Regime, Rule

TRUE, FALSE = Constant(value=True), Constant(value=False)


class Unknown(Node, frozen=True):
    """A condition that no row can decide."""


class Leaf(Node, frozen=True):
    """A condition in the words of the other engine."""

    text: str


class Plan(msgspec.Struct, frozen=True):
    """Conditions for acts, or for classes by rank."""

    may: Mapping[str, Node]
    duty: Mapping[str, Node]
    ranks: tuple[Mapping[str, Node], ...]


def plan(question: Question, base: Regime, overlays: Sequence[Regime], resolve: Callable[[Node], Node]) -> Plan:
    """The conditions under which each act is permitted, each is a duty, and each class holds.

    Args:
        question: what is asked.
        base: the base regime of the day.
        overlays: those that lie over it.
        resolve: puts columns in the place of facts, see `tenprint.law.sql`.
    """
    rules = [(regime, rule) for regime in (base, *overlays) for rule in regime.rules]

    def any_of(wanted: Callable[[Rule], bool]) -> Node:
        groups = [
            _group(regime, [rule for r, rule in rules if r is regime and wanted(rule)]) for regime in (base, *overlays)
        ]
        return simplified(resolve(Or(tuple(groups))))

    may, duty = {}, {}
    for act in question.acts:
        allowing = any_of(lambda rule, act=act: act in rule.permits)  # type: ignore[misc]
        requiring = any_of(lambda rule, act=act: act in rule.requires)  # type: ignore[misc]
        withholding = any_of(lambda rule, act=act: act in rule.withholds)  # type: ignore[misc]
        lifting = any_of(lambda rule, act=act: act in rule.withholds and rule.even_duties)  # type: ignore[misc]
        duty[act] = simplified(And((requiring, Not(lifting))))
        may[act] = simplified(Or((And((allowing, Not(withholding))), duty[act])))
    ranks = tuple({name: any_of(lambda rule, name=name: rule.gives == name) for name in rank} for rank in base.ranks)  # type: ignore[misc]
    return Plan(may, duty, ranks)


def _group(regime: Regime, rules: Sequence[Rule]) -> Node:
    """At least one of these rules of one regime, with the regime's standard taken out in front where it is the same."""
    plain = [rule for rule in rules if rule.presupposes and rule.if_unknown == "ask" and rule.exception is None]
    rest = [rule for rule in rules if rule not in plain]
    shared = Or(tuple(rule.condition or FALSE for rule in plain))
    return Or((And((_standard(regime), shared)), *(_stands(regime, rule) for rule in rest)))


def _standard(regime: Regime) -> Node:
    return regime.presupposed or TRUE


def _stands(regime: Regime, rule: Rule) -> Node:
    exception = FALSE if rule.exception is None else rule.exception
    whole = And((_standard(regime) if rule.presupposes else TRUE, rule.condition or FALSE, Not(exception)))
    return Else(whole, FALSE) if rule.if_unknown == "does not apply" else whole


def simplified(node: Node) -> Node:  # noqa: PLR0911 - one case a line
    """The same condition with constants taken out, nested parts flattened and counts over the same records merged."""
    match node:
        case Not(part):
            inner = simplified(part)
            if isinstance(inner, Constant):
                return FALSE if inner.value else TRUE
            if isinstance(inner, Unknown):
                return inner
            return inner.part if isinstance(inner, Not) else Not(inner)
        case And(parts):
            return _joined(And, parts, neutral=TRUE, deciding=FALSE)
        case Or(parts):
            return _joined(Or, parts, neutral=FALSE, deciding=TRUE)
        case Else(first, second):
            one, other = simplified(first), simplified(second)
            if isinstance(one, Constant) or isinstance(other, Unknown):
                return one
            return other if isinstance(one, Unknown) else Else(one, other)
        case AtLeast(count, records, where, separate):
            inside = simplified(where)
            return FALSE if inside == FALSE and count > 0 else AtLeast(count, records, inside, separate)
    return node


def _joined(kind: type[And | Or], parts: Iterable[Node], *, neutral: Node, deciding: Node) -> Node:
    flat: list[Node] = []
    for part in map(simplified, parts):
        flat += part.parts if isinstance(part, kind) else [part]
    kept = _merged(kind, [part for part in dict.fromkeys(flat) if part != neutral])
    if deciding in kept:
        return deciding
    return neutral if not kept else kept[0] if len(kept) == 1 else kind(tuple(kept))


def _merged(kind: type[And | Or], parts: Sequence[Node]) -> list[Node]:
    """Any A or any B becomes any (A or B); no A and no B becomes no (A or B)."""
    wheres: dict[str, list[Node]] = {}
    kept: list[Node] = []
    for part in parts:
        some = part if kind is Or else part.part if isinstance(part, Not) else None
        if isinstance(some, AtLeast) and some.count == 1:
            wheres.setdefault(some.records, []).append(some.where)
        else:
            kept.append(part)
    for records, where in wheres.items():
        some = AtLeast(1, records, simplified(Or(tuple(where))) if len(where) > 1 else where[0])
        kept.append(some if kind is Or else Not(some))
    return kept
