"""Regimes: dated sets of rules, one TOML file each.

For every question and day there is one base regime; overlays declare over which bases they lie. Days are half-open: a
regime holds from `in_force_from` up to, not including, `in_force_to`. `known_on` is the day from which it could be
known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Literal

import msgspec

from tenprint.law.conditions import Node
from tenprint.law.errors import LawError
from tenprint.law.vocabulary import Vocabulary

Standing = Literal["primary", "secondary", "unverified"]
STANDINGS: tuple[Standing, ...] = ("primary", "secondary", "unverified")
"""From best to weakest: the text itself was seen; others report it; general knowledge only."""


NEEDS_MORE_FACTS = "NEEDS_MORE_FACTS"
"""The answer of a question about acts that some unknown fact keeps open."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence of a regime: a condition and what follows from it."""

    code: str
    says: str
    when: str
    unless: str | None = None
    """For `withholds`: a condition that lifts it."""
    permits: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Acts that a statute makes a duty; still a person's act."""
    withholds: tuple[str, ...] = ()
    even_duties: bool = False
    """For `withholds`: it reaches duties too. A policy memo does not lift a statute; the limits of the statute itself
    do."""
    gives: str | None = None
    """For levels and priorities: the class."""
    flag: str | None = None
    reason: bool = False
    """A written reason is needed when this rule is relied on."""
    reviewer: bool = False
    """A supervisor's sign-off is needed when this rule is relied on; without acts, whenever it holds."""
    if_unknown: Literal["ask", "does not apply"] = "ask"
    because: str = ""
    """Why an undecided condition counts as not met."""
    source: tuple[str, ...] = ()
    pinpoint: str = ""
    """Where in its source the rule stands."""
    standing: Standing | None = None
    signed_by_control: str = ""
    """The control that asks for the reason or the sign-off, where the rule's own text does not."""
    condition: Node | None = None
    exception: Node | None = None

    @property
    def presupposes(self) -> bool:
        """Whether the regime's standard is part of the condition: for rules that permit or classify."""
        return bool(self.permits or self.gives)


class Doubt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is contested or cannot be told on certain days; shown with every answer of those days that it touches."""

    starts: date
    ends: date | None = None
    """The first day on which it no longer holds; None: open."""
    says: str
    source: tuple[str, ...] = ()
    when: str | None = None
    """Shown only where this condition is not false."""
    condition: Node | None = None


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a control adds to a rule of law: a written reason, a supervisor's sign-off."""

    rule: str
    """`REGIME:code`."""
    says: str
    reason: bool = False
    reviewer: bool = False


class Regime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dated set of rules for one question."""

    id: str
    question: str
    kind: Literal["base", "overlay", "control"]
    """A control is a rule of this program and no law: it begins with the program and stays out of replays."""
    title: str
    in_force_from: date
    authority: str
    source: tuple[str, ...]
    standing: Standing
    says: str
    signed: date | None = None
    in_force_to: date | None = None
    operational_from: date | None = None
    operational_to: date | None = None
    known_on: date | None = None
    """Default: the day it was signed, else the day it came into force."""
    ended_known_on: date | None = None
    """For an overlay: the day from which its end could be known. Default: the day of the end."""
    over: tuple[str, ...] = ()
    """For an overlay: base regimes that it lies over; `*` for all."""
    doubt: str = ""
    standard: str | None = None
    """A condition that every permitting rule of this regime presupposes."""
    always: tuple[str, ...] = ()
    """Acts that are permitted whatever the facts are, unless a duty takes their place."""
    ranks: tuple[tuple[str, ...], ...] = ()
    """Classes from highest to lowest; classes of one rank are equal."""
    otherwise: str | None = None
    """The class when no rule holds."""
    no_rule: bool = False
    """In this time the question had no rule; `says` tells why."""
    rules: tuple[Rule, ...] = ()
    signatures: tuple[Signature, ...] = ()
    """For a control: what it adds to rules of law."""
    doubts: tuple[Doubt, ...] = ()
    presupposed: Node | None = None
    digest: str = ""
    """SHA-256 of the file, hex: changing a word changes it."""

    @property
    def known(self) -> date:
        """The day from which the regime could be known."""
        return self.known_on or self.signed or self.in_force_from


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be asked, from which day on, and the closed list of answers."""

    title: str
    starts: date
    acts: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """All regimes, checked."""

    vocabulary: Vocabulary
    questions: Mapping[str, Question]
    sources: Mapping[str, str]
    regimes: tuple[Regime, ...]

    def regime(self, regime_id: str) -> Regime:
        """The regime of that id.

        Raises:
            LawError: when there is none.
        """
        for regime in self.regimes:
            if regime.id == regime_id:
                return regime
        raise LawError(f"there is no regime {regime_id!r}; regimes are {', '.join(r.id for r in self.regimes)}")

    def in_force(
        self, question: str, on: date, known_on: date | None = None, *, controls: bool | None = None
    ) -> tuple[Regime, tuple[Regime, ...]]:
        """The base regime of a day and the overlays on it.

        Args:
            question: `detainer`, `level`, `priority` or `opt_out`.
            on: the day of the decision.
            known_on: leave out what could be known only after this day; default: everything known today.
            controls: whether the program's own controls are added: always, as for acts in the program, never, or
                (default) only on days on which the program was there.

        Raises:
            LawError: for an unknown question, or a day before its first regime.
        """
        if question not in self.questions:
            raise LawError(f"expected a question of {', '.join(self.questions)}, got {question!r}")
        known = [r for r in self.regimes if r.question == question and (known_on is None or r.known <= known_on)]
        bases = [r for r in known if r.kind == "base" and r.in_force_from <= on]
        if not bases:
            starts = self.questions[question].starts
            raise LawError(f"no regime for {question!r} on {on}; the tables start on {starts}")
        base = max(bases, key=lambda r: r.in_force_from)
        overlays = [r for r in known if r.kind == "overlay" and _covers(r, base, on, known_on)]
        house = [
            r
            for r in self.regimes
            if r.question == question
            and r.kind == "control"
            and (controls or (controls is None and r in known and _covers(r, base, on, known_on)))
        ]
        return _signed(base, house), tuple(
            _signed(r, house) for r in sorted([*overlays, *house], key=lambda r: (r.in_force_from, r.id))
        )

    def spans(self, question: str) -> Iterator[tuple[date, date | None, Regime, tuple[Regime, ...]]]:
        """Every stretch of days with the same law: first day, first day after (None: open), base, overlays."""
        regimes = [r for r in self.regimes if r.question == question]
        days = {day for r in regimes for day in (r.in_force_from, r.in_force_to) if day is not None}
        turns = sorted(day for day in days if day >= self.questions[question].starts)
        for start, end in zip_longest(turns, turns[1:]):
            yield (start, end, *self.in_force(question, start))


def _covers(overlay: Regime, base: Regime, on: date, known_on: date | None) -> bool:
    over = base.id in overlay.over or "*" in overlay.over
    return over and overlay.in_force_from <= on and not _ended(overlay, on, known_on)


def _signed(regime: Regime, controls: Sequence[Regime]) -> Regime:
    """The regime with what controls add to its rules."""
    added = {s.rule: (control.id, s) for control in controls for s in control.signatures}
    if not any(f"{regime.id}:{rule.code}" in added for rule in regime.rules):
        return regime
    rules = []
    for rule in regime.rules:
        name, extra = added.get(f"{regime.id}:{rule.code}", ("", None))
        rules.append(
            rule
            if extra is None
            else msgspec.structs.replace(
                rule,
                reason=rule.reason or extra.reason,
                reviewer=rule.reviewer or extra.reviewer,
                signed_by_control=name,
            )
        )
    return msgspec.structs.replace(regime, rules=tuple(rules))


def _ended(overlay: Regime, on: date, known_on: date | None) -> bool:
    if overlay.in_force_to is None or on < overlay.in_force_to:
        return False
    return known_on is None or (overlay.ended_known_on or overlay.in_force_to) <= known_on
