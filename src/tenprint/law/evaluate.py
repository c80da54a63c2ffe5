"""Answering a question of the law on a day: what was permitted, what a statute required, what is missing, and why.

An evaluation lists; it does not act and does not choose. Every rule that was looked at stands in the trace with its
inputs, its source and how well that is verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from tenprint.law.facts import read_facts
from tenprint.law.load import load
from tenprint.law.regimes import NEEDS_MORE_FACTS, STANDINGS, Law, Question, Regime, Rule, Standing
from tenprint.law.truth import Scope, Truth, conjunction, disjunction, inputs, truth, unknowns

UNKNOWN_CLASS = "UNK"


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the law of one day."""

    question: str
    on: date
    known_on: date | None
    regime: str
    regime_hash: str
    """SHA-256 of the regime's file: changing a word changes it."""
    overlays: tuple[str, ...]
    controls: tuple[str, ...] = ()
    """Rules of this program that were added; they are no law."""
    permitted: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    result: str | None = None
    """Level or priority; `UNK` when the facts do not decide it; None when the question had no rule."""
    results: tuple[str, ...] = ()
    """Every class of the winning rank that holds; classes of one rank are equal."""
    missing: tuple[str, ...] = ()
    """Facts without which an act or a class cannot be decided."""
    not_asked: tuple[str, ...] = ()
    """Facts that nobody stated and that a rule, for its own stated reason, takes as not met."""
    flags: tuple[str, ...] = ()
    needs_reason: tuple[str, ...] = ()
    """Codes of rules that need a written reason when relied on."""
    needs_reviewer: bool = False
    reviewed: tuple[str, ...] = ()
    """Codes of rules that need a supervisor's sign-off when relied on, whether they hold or not."""
    doubts: tuple[str, ...] = ()
    """What is contested or cannot be told on this day, each with its regime."""
    bases: Mapping[str, tuple[str, ...]] = {}
    """For each permitted act, the rules that permit it."""
    standing: Standing = "unverified"
    """The weakest standing of what the answer rests on."""
    sources: tuple[str, ...] = ()
    says: str = ""
    trace: tuple[dict[str, Any], ...] = ()


class Weighed(msgspec.Struct, frozen=True):
    """A rule with its truth for these facts."""

    regime: Regime
    rule: Rule
    value: Truth
    """Whether the condition holds, the regime's standard included."""
    stands: Truth
    """The value after `unless` and `if_unknown`: whether what follows from the rule follows."""
    missing: frozenset[str]

    @property
    def code(self) -> str:
        """The rule's code; an overlay's with the overlay's name."""
        return self.rule.code if self.regime.kind == "base" else f"{self.regime.id}:{self.rule.code}"


def evaluate(
    question: str,
    facts: Mapping[str, object],
    *,
    on: date,
    known_on: date | None = None,
    law: Law | None = None,
    controls: bool | None = None,
) -> Evaluation:
    """Answer a question on a day.

    Args:
        question: `detainer`, `level`, `priority` or `opt_out`.
        facts: facts of the vocabulary by name; what is left out or None is unknown.
        on: the day of the decision.
        known_on: use only law that could be known on this day.
        law: default: the shipped tables.
        controls: whether the program's own controls are added, see `Law.in_force`.

    Raises:
        FactsError: for facts that cannot be used.
        LawError: for an unknown question or a day before the first regime.
    """
    law = law or load()
    base, overlays = law.in_force(question, on, known_on, controls=controls)
    scope = read_facts(facts, law.vocabulary)
    weighed = [weigh(regime, rule, scope) for regime in (base, *overlays) for rule in regime.rules]
    found = _decide(law.questions[question], base, weighed)
    unasked = {name for w in weighed if w.value is None and w.rule.if_unknown != "ask" for name in w.missing}
    return Evaluation(
        question=question,
        on=on,
        known_on=known_on,
        regime=base.id,
        regime_hash=base.digest,
        overlays=tuple(o.id for o in overlays if o.kind == "overlay"),
        controls=tuple(o.id for o in overlays if o.kind == "control"),
        reviewed=tuple(w.code for w in weighed if w.rule.reviewer),
        doubts=_doubts((base, *overlays), on, scope),
        says=base.says,
        permitted=found.permitted,
        duties=found.duties,
        result=found.result,
        results=found.results,
        missing=tuple(sorted(found.missing)),
        not_asked=tuple(sorted(unasked)),
        bases=found.bases,
        flags=tuple(dict.fromkeys(w.rule.flag for w in weighed if w.rule.flag and w.value)),
        trace=tuple(_line(w, scope) for w in weighed) or (_no_rule(base),),
        **_conditions(base, weighed, found),
    )


def _doubts(regimes: Iterable[Regime], on: date, scope: Scope) -> tuple[str, ...]:
    return tuple(
        f"{regime.id}: {doubt.says} [{', '.join(doubt.source) or 'no source'}]"
        for regime in regimes
        for doubt in regime.doubts
        if doubt.starts <= on
        and (doubt.ends is None or on < doubt.ends)
        and (doubt.condition is None or truth(doubt.condition, scope) is not False)
    )


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from the rules, without the reasons."""

    permitted: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    result: str | None = None
    results: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    bases: Mapping[str, tuple[str, ...]] = {}


def answer(question: Question, base: Regime, overlays: Sequence[Regime], scope: Scope) -> Answer:
    """What a base regime with its overlays answers for facts that were read; the reference for other engines."""
    return _decide(
        question, base, [weigh(regime, rule, scope) for regime in (base, *overlays) for rule in regime.rules]
    )


def _decide(question: Question, base: Regime, weighed: Sequence[Weighed]) -> Answer:
    return _classified(base, weighed) if question.classes else _acts(question.acts, base, weighed)


def weigh(regime: Regime, rule: Rule, scope: Scope) -> Weighed:
    """A rule against the facts."""
    conditions = [
        node for node in (regime.presupposed if rule.presupposes else None, rule.condition) if node is not None
    ]
    value = conjunction([truth(node, scope) for node in conditions])
    stands = value
    if rule.exception is not None:
        lifted = truth(rule.exception, scope)
        stands = conjunction([value, None if lifted is None else not lifted])
    missing: set[str] = set()
    if stands is None:
        parts = [*conditions, *([] if rule.exception is None else [rule.exception])]
        missing = set().union(*(unknowns(node, scope) for node in parts))
        if rule.if_unknown == "does not apply":
            stands = False
    return Weighed(regime, rule, value, stands, frozenset(missing))


def _any(rules: Iterable[Weighed]) -> Truth:
    return disjunction([w.stands for w in rules])


def _acts(acts: Sequence[str], base: Regime, weighed: Sequence[Weighed]) -> Answer:
    permitted, duties, undecided, bases = [], [], set[str](), {}
    unsure = False
    for act in acts:
        allowing = [w for w in weighed if act in w.rule.permits]
        requiring = [w for w in weighed if act in w.rule.requires]
        withholding = [w for w in weighed if act in w.rule.withholds]
        lifting = [w for w in withholding if w.rule.even_duties]
        duty = conjunction([_any(requiring), _contrary(_any(lifting))])
        choice = conjunction([_any(allowing), _contrary(_any(withholding))])
        may = disjunction([choice, duty])
        if duty:
            duties.append(act)
        if may:
            permitted.append(act)
            bases[act] = tuple(w.code for w in (*allowing, *requiring) if w.stands)
        if may is None or duty is None:
            unsure = True
            relevant = [*([*allowing, *withholding] if choice is None and may is None else []), *requiring, *lifting]
            undecided |= {name for w in relevant if w.stands is None for name in w.missing}
    if unsure:
        permitted.append(NEEDS_MORE_FACTS)
    permitted += [act for act in base.always if act not in permitted and not duties]
    return Answer(
        permitted=tuple(act for act in acts if act in permitted),
        duties=tuple(duties),
        missing=frozenset(undecided),
        bases=bases,
    )


def _contrary(value: Truth) -> Truth:
    return None if value is None else not value


def _classified(base: Regime, weighed: Sequence[Weighed]) -> Answer:
    if base.no_rule:
        return Answer()
    for rank in base.ranks:
        giving = {name: [w for w in weighed if w.rule.gives == name] for name in rank}
        values = {name: _any(rules) for name, rules in giving.items()}
        holding = tuple(name for name, value in values.items() if value)
        if holding:
            bases = {name: tuple(w.code for w in giving[name] if w.stands) for name in holding}
            return Answer(result=holding[0], results=holding, bases=bases)
        if None in values.values():
            open_rules = [w for rules in giving.values() for w in rules if w.stands is None]
            missing = frozenset(name for w in open_rules for name in w.missing)
            return Answer(result=UNKNOWN_CLASS, results=(UNKNOWN_CLASS,), missing=missing)
    result = base.otherwise or UNKNOWN_CLASS
    return Answer(result=result, results=(result,))


def _conditions(base: Regime, weighed: Sequence[Weighed], found: Answer) -> dict[str, Any]:
    """What relying on the answer asks for, and how well it is founded."""
    holding = [w for w in weighed if w.stands]
    resting = [w for w in weighed if w.stands is not False]  # an undecided rule is part of the answer too
    reviewed = {w.code for w in holding if w.rule.reviewer}
    alone = any(w.rule.reviewer and not (w.rule.permits or w.rule.requires or w.rule.gives) for w in holding)
    standings = [base.standing, *(w.rule.standing or w.regime.standing for w in resting)]
    sources = [*base.source, *(key for w in resting for key in (*w.regime.source, *w.rule.source))]
    return {
        "needs_reason": tuple(w.code for w in holding if w.rule.reason),
        "needs_reviewer": alone or any(codes and reviewed.issuperset(codes) for codes in found.bases.values()),
        "standing": max(standings, key=STANDINGS.index),
        "sources": tuple(dict.fromkeys(sources)),
    }


def _line(weighed: Weighed, scope: Scope) -> dict[str, Any]:
    """One rule in the trace."""
    rule, regime = weighed.rule, weighed.regime
    nodes = [
        node
        for node in (regime.presupposed if rule.presupposes else None, rule.condition, rule.exception)
        if node is not None
    ]
    line: dict[str, Any] = {
        "regime": regime.id,
        "rule": rule.code,
        "says": rule.says,
        "condition": rule.when
        if regime.standard is None or not rule.presupposes
        else f"({regime.standard}) and ({rule.when})",
        "holds": "unknown" if weighed.value is None else weighed.value,
        "follows": "unknown" if weighed.stands is None else weighed.stands,
        "effect": effect(rule),
        "facts": {name: value for node in nodes for name, value in inputs(node, scope).items()},
        "source": list(rule.source or regime.source),
        "pinpoint": rule.pinpoint,
        "standing": rule.standing or regime.standing,
    }
    if regime.kind == "control" or rule.signed_by_control:
        line["control"] = rule.signed_by_control or regime.id
    if rule.unless:
        line["unless"] = rule.unless
    if weighed.missing:
        line["missing"] = sorted(weighed.missing)
    if weighed.value is None and rule.because:
        line["because"] = rule.because
    return line


def _no_rule(base: Regime) -> dict[str, Any]:
    return {"regime": base.id, "rule": None, "says": base.says, "source": list(base.source), "standing": base.standing}


def effect(rule: Rule) -> str:
    """What follows from a rule, in words."""
    parts = [
        f"{verb} {', '.join(acts)}"
        for verb, acts in (("permits", rule.permits), ("requires", rule.requires), ("withholds", rule.withholds))
        if acts
    ]
    parts += [f"gives {rule.gives}"] if rule.gives else []
    parts += [f"flags {rule.flag}"] if rule.flag else []
    by = f" (control of this program, {rule.signed_by_control})" if rule.signed_by_control else ""
    parts += [f"asks for a written reason{by}"] if rule.reason else []
    parts += [f"asks for a supervisor's sign-off{by}"] if rule.reviewer else []
    return "; ".join(parts)
