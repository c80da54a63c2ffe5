"""A review made by hand, for pages and pictures: its numbers are of the right kind, no test made them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np

from tenprint.monitor.pictures import limits
from tenprint.monitor.review import (
    Beside,
    Change,
    Flag,
    Interval,
    Metric,
    Population,
    Reading,
    Review,
    Test,
    Unit,
)
from tenprint.nation import Effect, Nation, Plan, draw

TITLES = {
    "low-level-bookings": ("Low-level bookings", "Bookings whose charges are all traffic or public order."),
    "released-without-charge": ("Released without charge", "Bookings that ended without any charge filed."),
    "matches-without-charge": ("Matches without charge or conviction", "Immigration matches of people never charged."),
}


def review(counties: int = 40, *, seed: int = 3, **changed: Any) -> Review:
    """A review of the last quarter of a small synthetic country."""
    nation = draw(Plan(seed=seed, counties=counties, effects=(Effect(kind="pretext", sizes=(0.2,), share=0.05),)))
    metrics = tuple(_metric(nation, name) for name in TITLES)
    flags = tuple(f for m in metrics for f in _flags(m))
    places = [r.unit.jurisdiction for r in metrics[0].readings]
    made = Review(
        quarter="2012Q4",
        as_of=datetime(2013, 3, 31, 23, 59, 59, 999999, tzinfo=UTC),
        origin="synthetic-nation",
        rule="quarterly-review@0123456789abcdef",
        rule_text='name = "quarterly-review"\nlevel = 0.10\n',
        registered_at=datetime(2008, 9, 1, 12, tzinfo=UTC),
        false_discovery_rate=0.1,
        power=0.8,
        tests=sum(r.p is not None for m in metrics for r in (*m.readings, *m.agencies)),
        expected_false=0.004 * len(flags),
        metrics=metrics,
        flags=flags,
        populations=tuple(
            Population(
                jurisdiction=p,
                what="non-citizens (American Community Survey, 5 years)",
                year=2012,
                estimate=1000 + 37 * i,
                margin=None if i == 1 else 210,
            )
            for i, p in enumerate(places[:6])
        ),
        beside=tuple(
            Beside(jurisdiction=p, what=w, value=v, source="facts, table complaint")
            for p in sorted({f.unit.jurisdiction for f in flags})[:2]
            for w, v in (("complaints received", 2), ("911 calls", None))
        ),
        notes=("The historical method of the statistical review was never found; this is not a reconstruction of it.",),
    )
    return msgspec.structs.replace(made, **changed)


def small(**changed: Any) -> Review:
    """The same with one metric of a dozen counties."""
    made = review(counties=12)
    return msgspec.structs.replace(made, metrics=made.metrics[:1], **changed)


def _metric(nation: Nation, name: str) -> Metric:
    found, cases, _ = nation.counts(name)
    found, cases = found[-1].sum(axis=-1), cases[-1].sum(axis=-1)
    share = float(found.sum() / cases.sum())
    counties = [Unit(a.jurisdiction, a.state, a.county) for a in {x.jurisdiction: x for x in nation.agencies}.values()]
    whole = [
        _reading(u, int(found[nation.county == i].sum()), int(cases[nation.county == i].sum()), share)
        for i, u in enumerate(counties)
    ]
    single = [
        _reading(Unit(a.jurisdiction, a.state, a.county, a.ori), int(f), int(c), share)
        for a, f, c in zip(nation.agencies, found, cases, strict=True)
    ]
    return Metric(
        name=name,
        definition=f"{name}-share@0123456789abcdef",
        title=TITLES[name][0],
        population=TITLES[name][1],
        share=share,
        overdispersion=2.4,
        between=0.2,
        readings=tuple(whole),
        agencies=tuple(single),
        changes=tuple(_change(r) for r in whole) if name == "low-level-bookings" else (),
        receipt={
            "definition": f"{name}-share@0123456789abcdef",
            "as_of": "2013-03-31T23:59:59Z",
            "facts": "sha256:00ff",
        },
    )


def _reading(unit: Unit, found: int, cases: int, share: float) -> Reading:
    tested = cases >= 20
    ratio = found / (cases * share) if cases else None
    both = {
        wide: [limits(cases, share, wide, t) if cases else (0.0, 1.0) for t in (0.025, 0.001)] for wide in (0.0, 0.2)
    }
    (low, high), (lowest, highest) = both[0.2]
    adjusted = None if ratio is None else ratio * share
    spread = float(np.sqrt(share * (1 - share) / (cases + 25)))
    middle = share + (0.0 if adjusted is None else (adjusted - share) * cases / (cases + 25))
    outside = adjusted is not None and not lowest <= adjusted <= highest
    return Reading(
        unit=unit,
        numerator=found,
        denominator=cases,
        expected=cases * share,
        ratio=ratio,
        adjusted=adjusted,
        limits_95=Interval(*both[0.0][0]),
        limits_998=Interval(*both[0.0][1]),
        wide_95=Interval(low, high),
        wide_998=Interval(lowest, highest),
        shrunken=middle if tested else None,
        shrunken_90=Interval(max(middle - 1.6 * spread, 0), middle + 1.6 * spread) if tested else None,
        rank_90=(max(1, 14 - int(50 * (middle - share))), max(4, 26 - int(50 * (middle - share)))) if tested else None,
        p=(0.0001 if outside else 0.4) if tested else None,
        q=(0.003 if outside else 0.8) if tested else None,
        smallest_effect=highest - share + spread if tested else None,
        flagged=tested and outside,
        why_not="" if tested else f"{cases} cases, the rule asks for 20",
    )


def _change(reading: Reading) -> Change:
    tested = reading.denominator >= 50
    before = (int(reading.denominator * 2.4), reading.denominator * 8)
    after = (reading.numerator * 3, reading.denominator * 3)
    difference = after[0] / after[1] - before[0] / before[1] if tested else None
    wide = 1.6 * (0.2 / max(after[1], 1)) ** 0.5
    return Change(
        unit=reading.unit,
        active_on="2011-03-14",
        before=before,
        after=after,
        peers_before=(9000, 30000),
        peers_after=(4550, 15000),
        difference=difference,
        difference_90=None if difference is None else Interval(difference - wide, difference + wide),
        p=(0.0001 if reading.flagged else 0.3) if tested else None,
        q=(0.003 if reading.flagged else 0.7) if tested else None,
        smallest_effect=3 * wide if tested else None,
        flagged=reading.flagged and tested,
        why_not="" if tested else "fewer than 50 cases on a side",
    )


def _flags(metric: Metric) -> list[Flag]:
    tests: list[tuple[Test, Any]] = [("funnel", r) for r in (*metric.readings, *metric.agencies)]
    tests += [("change", c) for c in metric.changes]
    return [_flag(metric, test, r) for test, r in tests if r.flagged]


def _flag(metric: Metric, test: Test, seen: Any) -> Flag:
    unit: Unit = seen.unit
    observed = seen.adjusted if test == "funnel" else seen.after[0] / seen.after[1]
    expected = metric.share or 0.0
    place = "/".join(p for p in (unit.jurisdiction, unit.ori) if p)
    return Flag(
        id=f"2012Q4/{metric.name}/{test}/{place}",
        quarter="2012Q4",
        metric=metric.name,
        test=test,
        unit=unit,
        direction="high" if observed > expected else "low",
        observed=observed,
        expected=expected,
        q=0.003,
        statement=f"{metric.title} stood at {100 * observed:.1f}% where {100 * expected:.1f}% were expected.",
    )
