"""What can be wrong with a body of law, found when it is loaded and said in plain words.

Gaps and undeclared overlaps in time, rules without source, facts nobody knows, acts and classes that do not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tenprint.law.errors import did_you_mean
from tenprint.law.regimes import NEEDS_MORE_FACTS, Law, Regime, Rule
from tenprint.law.vocabulary import faults_of


def faults_of_law(law: Law, *, complete: bool = True) -> list[str]:
    """Every fault, one sentence each.

    Args:
        law: all regimes that could be read.
        complete: False when some file could not be read; then gaps are not reported, because the file may fill them.
    """
    faults = [fault for regime in law.regimes for fault in _faults_of_regime(regime, law)]
    seen: set[str] = set()
    for regime in law.regimes:
        if regime.id in seen:
            faults.append(f"two files say that they are {regime.id}; a regime has one file")
        seen.add(regime.id)
    for question, asked in law.questions.items():
        if asked.acts and NEEDS_MORE_FACTS not in asked.acts:
            faults.append(f"the question {question!r} has acts but no way to ask for more: add {NEEDS_MORE_FACTS!r}")
        faults += _faults_in_time(law, question, complete=complete)
    return faults


def _faults_in_time(law: Law, question: str, *, complete: bool) -> Iterator[str]:
    bases = [r for r in law.regimes if r.question == question and r.kind == "base"]
    if not bases:
        yield from [f"the question {question!r} has no base regime"] if complete else []
        return
    starts = law.questions[question].starts
    if complete and bases[0].in_force_from > starts:
        yield (
            f"{question}: no rule from {starts} to {bases[0].in_force_from}, before {bases[0].id}; "
            "add a regime, or one with no_rule = true that says why there was none"
        )
    for earlier, later in pairwise(bases):
        end = earlier.in_force_to
        if end is None or end > later.in_force_from:
            yield (
                f"{question}: {earlier.id} and {later.id} are both in force from {later.in_force_from}"
                f"{f' to {end}' if end else ''}; end {earlier.id} with 'in_force_to = {later.in_force_from}', "
                f'or declare {later.id} an overlay with kind = "overlay" and over = ["{earlier.id}"]'
            )
        elif complete and end < later.in_force_from:
            yield (
                f"{question}: no rule from {end} to {later.in_force_from}, between {earlier.id} and {later.id}; "
                "add a regime, or one with no_rule = true that says why there was none"
            )
    if complete and bases[-1].in_force_to is not None:
        last = bases[-1]
        yield (
            f"{question}: no rule from {last.in_force_to} on, after {last.id}; "
            "leave its in_force_to out or add a regime"
        )


def _faults_of_regime(regime: Regime, law: Law) -> Iterator[str]:
    name = regime.id
    if regime.question not in law.questions:
        yield f"{name}: nobody asks {regime.question!r}; questions are {', '.join(law.questions)}"
        return
    if regime.in_force_to is not None and regime.in_force_to <= regime.in_force_from:
        yield f"{name}: it ends on {regime.in_force_to}, not after it starts on {regime.in_force_from}"
    yield from (f"{name}: {fault}" for fault in _faults_of_sources(regime.source, law))
    yield from _faults_of_overlay(regime, law)
    if regime.presupposed is not None:
        yield from (f"{name}, the standard: {fault}" for fault in faults_of(regime.presupposed, law.vocabulary))
    question = law.questions[regime.question]
    yield from _strange(name, "always", regime.always, question.acts)
    yield from _strange(name, "ranks", tuple(c for rank in regime.ranks for c in rank), question.classes)
    yield from _faults_beside_rules(regime, law)
    if not regime.rules and not regime.no_rule and not regime.signatures:
        yield f"{name}: it has no rule; add [[rule]], or no_rule = true if there was none"
    if regime.no_rule and regime.rules:
        yield f"{name}: it says no_rule and has rules; remove one of the two"
    if question.classes and not regime.no_rule and regime.otherwise not in question.classes:
        yield f"{name}: 'otherwise' must name the class when no rule holds, one of {', '.join(question.classes)}"
    codes = [rule.code for rule in regime.rules]
    yield from (f"{name}: two rules are called {code!r}" for code in sorted({c for c in codes if codes.count(c) > 1}))
    for rule in regime.rules:
        yield from (f"{name}, rule {rule.code!r}: {fault}" for fault in _faults_of_rule(rule, regime, law))


def _faults_beside_rules(regime: Regime, law: Law) -> Iterator[str]:
    for doubt in regime.doubts:
        yield from (f"{regime.id}, the doubt from {doubt.starts}: {f}" for f in _faults_of_sources(doubt.source, law))
        if doubt.condition is not None:
            yield from (
                f"{regime.id}, the doubt from {doubt.starts}: {f}" for f in faults_of(doubt.condition, law.vocabulary)
            )
    if regime.signatures and regime.kind != "control":
        yield f'{regime.id}: only a control adds signatures; say kind = "control" or put them into the rules'
    known = {f"{r.id}:{rule.code}" for r in law.regimes for rule in r.rules}
    yield from (
        f"{regime.id}: there is no rule {s.rule!r} to sign{did_you_mean(s.rule, known)}"
        for s in regime.signatures
        if s.rule not in known
    )


def _faults_of_overlay(regime: Regime, law: Law) -> Iterator[str]:
    name = regime.id
    if regime.kind == "base":
        if regime.over:
            yield f"{name}: a base regime lies over nothing; remove 'over' or say kind = \"overlay\""
        return
    if not regime.over:
        yield f'{name}: an overlay must declare what it lies over, such as over = ["DET-2010"] or over = ["*"]'
        return
    if "*" in regime.over:
        return
    bases = {r.id: r for r in law.regimes if r.kind == "base" and r.question == regime.question}
    strange = [base for base in regime.over if base not in bases]
    if strange:
        yield from (
            f"{name}: there is no base regime {base!r} to lie over{did_you_mean(base, bases)}" for base in strange
        )
        return
    under = [bases[base] for base in regime.over]
    first = min(base.in_force_from for base in under)
    last = None if any(base.in_force_to is None for base in under) else max(base.in_force_to or first for base in under)
    if regime.in_force_from < first or (last is not None and (regime.in_force_to is None or regime.in_force_to > last)):
        yield (
            f"{name}: an undeclared overlap: it is in force from {regime.in_force_from} to "
            f"{regime.in_force_to or 'open'}, but it declares to lie only over {', '.join(regime.over)} "
            f"({first} to {last or 'open'}); "
            "shorten it or extend 'over'"
        )


def _faults_of_sources(keys: tuple[str, ...], law: Law) -> list[str]:
    return [
        f"the source {key!r} is not in sources.toml{did_you_mean(key, law.sources)}"
        for key in keys
        if key not in law.sources
    ]


def _strange(name: str, what: str, found: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    return [
        f"{name}: {what}: {item!r} is not one of {', '.join(known) or 'none'}{did_you_mean(item, known)}"
        for item in found
        if item not in known
    ]


def _faults_of_rule(rule: Rule, regime: Regime, law: Law) -> Iterator[str]:
    question = law.questions[regime.question]
    for node in (rule.condition, rule.exception):
        if node is not None:
            yield from faults_of(node, law.vocabulary)
    yield from _faults_of_sources(rule.source, law)
    for what, acts in (("permits", rule.permits), ("requires", rule.requires), ("withholds", rule.withholds)):
        yield from (
            f"{what}: {act!r} is not one of {', '.join(question.acts) or 'none'}{did_you_mean(act, question.acts)}"
            for act in acts
            if act not in question.acts
        )
    if rule.gives is not None and not any(rule.gives in rank for rank in regime.ranks):
        yield f"it gives {rule.gives!r}, which has no place in 'ranks'; say there which class goes before which"
    if not (rule.permits or rule.requires or rule.withholds or rule.gives or rule.flag or rule.reviewer):
        yield "nothing follows from it; add permits, requires, withholds, gives, flag or reviewer"
    if rule.unless is not None and not rule.withholds:
        yield "'unless' belongs to a rule that withholds"
    if rule.if_unknown == "does not apply" and not rule.because:
        yield "it does not apply when its facts are unknown; say why with 'because = ...'"
