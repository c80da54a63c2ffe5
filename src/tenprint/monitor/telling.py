"""Tests put into the words and numbers of a review: readings, changes, flags with a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tenprint.monitor.change import Changed, interval
from tenprint.monitor.funnel import Tested, limits
from tenprint.monitor.looked import Looked
from tenprint.monitor.power import smallest_effect
from tenprint.monitor.review import Change, Flag, Interval, Metric, Reading, Test, Unit
from tenprint.monitor.shrinkage import shrunken

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
NOTHING = 1e-8
"""Expected shares up to this stand for none: nobody else has cases."""
WHOLE = Interval(0.0, 1.0)


class Telling:
    """One metric of one quarter, told.

    Args:
        looked: Its tests.
        quarter: Such as ``2011Q2``.
        level: Share of the level of this quarter.
        cut: Largest p-value that is flagged.
        power: For the smallest effect.
    """

    def __init__(self, looked: Looked, quarter: str, level: float, cut: float, power: float) -> None:
        self.looked, self.quarter, self.level, self.cut, self.power = looked, quarter, level, cut, power
        self.q: list[Real] = []

    def take(self, q: Sequence[Real]) -> None:
        """Adjusted p-values, in the order of ``Looked.p_values``."""
        given = list(q)
        none = np.full(len(self.looked.counties.units), np.nan)
        self.q_counties = given.pop(0) if "funnel" in self.looked.rule.tests else none
        agencies = self.looked.agencies
        self.q_agencies = given.pop(0) if "funnel" in self.looked.rule.tests and agencies is not None else np.empty(0)
        if agencies is not None and not len(self.q_agencies):
            self.q_agencies = np.full(len(agencies.units), np.nan)
        self.q_changes = given

    # -- flags ---------------------------------------------------------------------------------------------------------

    def flags(self, activations: Mapping[str, date]) -> list[Flag]:
        """Everything at or below the level, counties first."""
        found = list(self._funnel_flags(self.looked.counties, self.q_counties))
        if self.looked.agencies is not None:
            found += self._funnel_flags(self.looked.agencies, self.q_agencies)
        for group, q in zip(self.looked.changes, self.q_changes, strict=True):
            for i, one in zip(group.at.tolist(), q.tolist(), strict=True):
                if one <= self.level:
                    found.append(self._flag(group.result, i, one, "change", activations))
        return found

    def _funnel_flags(self, result: Tested, q: Real) -> Iterator[Flag]:
        for i in np.flatnonzero(q <= self.level).tolist():
            yield self._flag(result, i, float(q[i]), "funnel", {})

    def _flag(self, result: Tested, i: int, q: float, test: Test, activations: Mapping[str, date]) -> Flag:
        unit, found, cases = result.units[i], int(result.found[i]), int(result.cases[i])
        observed, expected = found / cases, float(result.laws.mean[i])
        name = "/".join(
            [self.quarter, self.looked.rule.name, test, unit.jurisdiction, *([unit.ori] if unit.ori else [])]
        )
        against = (
            "its own share before that day, moved as counties not yet active moved, foretold"
            if test == "change"
            else "the same kinds of cases elsewhere give"
        )
        title = self.looked.counts.title or self.looked.rule.name
        when = f"{activations[unit.jurisdiction]} to {self.quarter}" if test == "change" else self.period
        return Flag(
            id=name, quarter=self.quarter, metric=self.looked.rule.name, test=test, unit=unit,
            direction="high" if observed > expected else "low", observed=observed, expected=expected, q=q,
            statement=f"{place(unit)}, {when}: {title}, {found:,} of {cases:,} ({observed:.1%}); {against} "
            f"{expected:.1%}. Differences between places are allowed for; of all that is flagged in a quarter, on "
            f"average at most {self.level:.1%} is chance. This is a question to answer, not a finding: it does not "
            "say why.",
        )  # fmt: skip

    @property
    def period(self) -> str:
        """The quarter, and how many before it were added."""
        more = self.looked.rule.quarters
        return self.quarter if more == 1 else f"the {more} quarters to {self.quarter}"

    # -- readings ------------------------------------------------------------------------------------------------------

    def metric(self, activations: Mapping[str, date]) -> Metric:
        """The whole metric."""
        counts, counties, agencies = self.looked.counts, self.looked.counties, self.looked.agencies
        cases = int(counties.cases.sum())
        share = float(counties.found.sum() / cases) if cases else None
        spread = counties.dispersion.spread
        return Metric(
            name=self.looked.rule.name, definition=counts.definition, title=counts.title, population=counts.population,
            share=share, overdispersion=counties.dispersion.factor,
            between=float(np.sqrt(spread * (1 - share) / share)) if share else 0.0,
            readings=self._readings(counties, self.q_counties, share),
            agencies=() if agencies is None else self._readings(agencies, self.q_agencies, share),
            changes=tuple(
                c for group, q in zip(self.looked.changes, self.q_changes, strict=True)
                for c in self._changes(group, q, activations)
            ),
            receipt=counts.receipt, quarters=self.looked.rule.quarters,
        )  # fmt: skip

    def _readings(self, result: Tested, q: Real, share: float | None) -> tuple[Reading, ...]:
        """Units with cases, one reading each."""
        at = np.flatnonzero(result.cases > 0)
        if share is None or not len(at):
            return ()
        mean = np.where(result.laws.mean > NOTHING, result.laws.mean, 0.0)
        known = mean > 0
        ratio = np.where(known, result.found / np.maximum(result.cases * mean, 1e-300), np.nan)
        adjusted = np.minimum(ratio * share, 1.0)
        bounds = [self._bounds(result, share, inside, wide=w) for w in (False, True) for inside in (0.95, 0.998)]
        effect = self._effect(result, np.flatnonzero([not why for why in result.why_not]))
        effect = effect * np.where(known, share / np.maximum(mean, 1e-300), np.nan)
        usable = at[known[at]]
        post = shrunken(adjusted[usable], result.cases[usable], share, result.dispersion.spread)
        rank = {int(i): j for j, i in enumerate(usable.tolist())}
        made = []
        for i in at.tolist():
            j, was = rank.get(i), not result.why_not[i]
            limits_95, limits_998, wide_95, wide_998 = (b[i] if known[i] else WHOLE for b in bounds)
            made.append(Reading(
                unit=result.units[i], numerator=int(result.found[i]), denominator=int(result.cases[i]),
                expected=float(result.cases[i] * mean[i]), ratio=number(ratio[i]), adjusted=number(adjusted[i]),
                limits_95=limits_95, limits_998=limits_998, wide_95=wide_95, wide_998=wide_998,
                shrunken=None if j is None else float(post.rate[j]),
                shrunken_90=None if j is None else Interval(float(post.low[j]), float(post.high[j])),
                rank_90=None if j is None else (int(post.rank_low[j]), int(post.rank_high[j])),
                p=number(result.p[i]), q=number(q[i]), smallest_effect=number(effect[i]) if was else None,
                flagged=bool(q[i] <= self.level), why_not=result.why_not[i],
            ))  # fmt: skip
        return tuple(made)

    def _effect(self, result: Tested, at: Whole) -> Real:
        """(units,) smallest upward difference that would have been flagged, of some units."""
        effect = np.full(len(result.units), np.nan)
        effect[at] = smallest_effect(result.cases[at], result.laws.of(at), result.free[at], self.cut, self.power)
        return effect

    def _bounds(self, result: Tested, share: float, inside: float, *, wide: bool) -> list[Interval]:
        low, high = limits(result, inside, wide=wide)
        scale = share / np.maximum(result.cases * result.laws.mean, 1e-300)
        return [
            Interval(min(1.0, float(a)), min(1.0, float(b))) for a, b in zip(low * scale, high * scale, strict=True)
        ]

    def _changes(self, group: Changed, q: Real, activations: Mapping[str, date]) -> Iterator[Change]:
        result, at = group.result, group.at
        effect = self._effect(result, at)
        low, high = interval(group)
        peers = [
            (int(w.found[group.peers].sum()), int(w.cases[group.peers].sum())) for w in (group.before, group.after)
        ]
        for j, i in enumerate(at.tolist()):
            unit, difference = result.units[i], number(group.difference[i])
            yield Change(
                unit=unit, active_on=activations[unit.jurisdiction].isoformat(),
                before=(int(group.before.found[i]), int(group.before.cases[i])),
                after=(int(group.after.found[i]), int(group.after.cases[i])),
                peers_before=peers[0], peers_after=peers[1], difference=difference,
                difference_90=None if difference is None else Interval(float(low[i]), float(high[i])),
                p=number(result.p[i]), q=number(q[j]), smallest_effect=None if result.why_not[i] else number(effect[i]),
                flagged=bool(q[j] <= self.level), why_not=result.why_not[i],
            )  # fmt: skip


def place(unit: Unit) -> str:
    """A unit in words: county and state, or the agency in it."""
    where = ", ".join(x for x in (unit.county or unit.jurisdiction, unit.state) if x)
    return f"Booking agency {unit.ori} ({where})" if unit.ori else where


def number(value: float) -> float | None:
    """A number, or nothing where it is none."""
    return None if np.isnan(value) else float(value)
