"""One person's facts through every regime from 2008 on, with trace and standing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from tenprint.law.evaluate import Evaluation, evaluate
from tenprint.law.load import load
from tenprint.law.regimes import Law, Regime


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One regime applied to one person's facts, on the regime's first day."""

    regime: str
    question: str
    kind: str
    title: str
    on: date
    until: date | None
    authority: str
    regime_standing: str
    evaluation: Evaluation


def history(facts: Mapping[str, object], *, law: Law | None = None) -> tuple[Row, ...]:
    """Evaluate the same facts under every regime about a person: one row a regime, by question and date.

    The program's own controls are no law and have no row.

    An overlay's row is the law of its first day, with the base that it lies over; where it started before its
    question's tables, or before all of its bases, the first day of those.

    Raises:
        FactsError: for facts that cannot be used.
    """
    law = law or load()
    asked = [r for r in law.regimes if r.question != "opt_out" and r.kind != "control"]
    return tuple(
        _row(regime, facts, law)
        for regime in sorted(asked, key=lambda r: (list(law.questions).index(r.question), r.in_force_from, r.id))
    )


def _row(regime: Regime, facts: Mapping[str, object], law: Law) -> Row:
    return Row(
        regime=regime.id,
        question=regime.question,
        kind=regime.kind,
        title=regime.title,
        on=regime.in_force_from,
        until=regime.in_force_to,
        authority=regime.authority,
        regime_standing=regime.standing,
        evaluation=evaluate(regime.question, facts, on=regime.in_force_from, law=law, controls=False),
    )
