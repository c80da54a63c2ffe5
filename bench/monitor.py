"""The planted-bias study: what the quarterly review sees, what it misses, how often it is wrong.

Synthetic countries without and with known wrongs, reviewed by the rule that is shipped; on the same countries two rules
as they are in use elsewhere: a funnel of fixed two sigma limits, and the interquartile rule of box plots.

Run: python -m bench.monitor [--runs N] [--workers N] [--write]
With --write, tables and pictures go into docs/explanation and docs/pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from tenprint.monitor.counts import Counts, from_arrays
from tenprint.monitor.review import Flag, Unit
from tenprint.monitor.reviewed import reviewed
from tenprint.monitor.rule import Rule, find_rule
from tenprint.nation import METRICS, Effect, Nation, Plan, draw

ROOT = Path(__file__).resolve().parent.parent
SIZES = (0.05, 0.10, 0.20, 0.30)
"""By how many points (as fractions of one) planted counties are raised."""
VOLUMES = ((0, 75), (75, 250), (250, 1000), (1000, 10**9))
"""Bookings of a county in a quarter, from and below."""
BEGINS, HORIZON = 14, 4
"""The quarter in which wrongs begin, and the quarters after which a county that was not flagged counts as missed."""
SCENARIOS = ("nothing", "pretext", "victims", "agency", "change")
RULES = ("registered rule", "two sigma", "interquartile")
METHODS = ("funnel", "agency funnel", "change")
Scenario = Literal["nothing", "pretext", "victims", "agency", "change"]


class Said(msgspec.Struct, frozen=True):
    """One flag of one rule, and whether it is right."""

    rule: str
    method: str
    metric: str
    quarter: int
    county: int
    right: bool


class Planted(msgspec.Struct, frozen=True):
    """One county in which something is wrong, and the quarter in which each method first said so (-1: never)."""

    size: float
    bookings: float
    since: int
    first: dict[str, int]


class Run(msgspec.Struct, frozen=True):
    """One country, reviewed."""

    scenario: str
    quarters: int
    tests: int
    said: tuple[Said, ...]
    planted: tuple[Planted, ...]


def plan_of(scenario: Scenario, seed: int, counties: int = 100) -> Plan:
    """A country of a scenario: two years before the first reviewed quarter, then the rule's 25 quarters."""
    common = {"seed": seed, "counties": counties, "first": "2006Q4", "median": 150.0}
    if scenario == "nothing":
        return Plan(**common, quarters=33)
    effect = Effect(kind=scenario, sizes=SIZES, share=0.16 if scenario == "change" else 0.08, begins=BEGINS)
    return Plan(**common, quarters=BEGINS + HORIZON + 1, rollout=(12, 24), effects=(effect,))


def reviewed_quarters(plan: Plan) -> range:
    """All of the sequence where nothing is wrong, else from the beginning of what is wrong."""
    return range(8 if not plan.effects else BEGINS, plan.quarters)


def counts_of(nation: Nation) -> list[Counts]:
    units = [Unit(a.jurisdiction, a.state, a.county, a.ori) for a in nation.agencies]
    made = []
    for metric in METRICS:
        numerator, denominator, strata = nation.counts(metric)
        made.append(from_arrays(metric, nation.plan.names, units, numerator, denominator, strata=strata))
    return made


def study(scenario: Scenario, seed: int, counties: int = 100, quarters: int | None = None) -> Run:
    """One country under all rules.

    Args:
        scenario: What is wrong.
        seed: Of the country.
        counties: How many.
        quarters: Review only so many (the first of them).
    """
    rule = find_rule()
    nation = draw(plan_of(scenario, seed, counties))
    counts = counts_of(nation)
    activations = {
        a.jurisdiction: day for a, c in zip(nation.agencies, nation.county, strict=True) if (day := nation.active_on[c])
    }
    said: list[Said] = []
    tests, span = 0, reviewed_quarters(nation.plan)[:quarters]
    for q in span:
        found = reviewed(counts, nation.plan.names[q], rule, activations, detail=False)
        tests += found.tests
        said += [_judged(nation, rule, flag, q) for flag in found.flags]
        said += _naive(nation, rule, q)
    return Run(scenario, len(span), tests, tuple(said), tuple(_planted(nation, said, span)))


def _judged(nation: Nation, rule: Rule, flag: Flag, quarter: int) -> Said:
    """Whether what was flagged is raised by what was planted, in the direction that was flagged."""
    county = int(flag.unit.jurisdiction) - 99001
    wrong = nation.wrong(flag.metric)
    own = np.array([a.ori == flag.unit.ori if flag.unit.ori else c == county
                    for a, c in zip(nation.agencies, nation.county, strict=True)])  # fmt: skip
    if flag.test == "change":
        day = nation.active_on[county]
        since = next(q for q in range(nation.plan.quarters) if day and nation.plan.first_day(q + 1) > day)
        before, after = wrong[max(0, since - rule.change.before) : since, own], wrong[since : quarter + 1, own]
        right = bool(after.any()) and after.mean() > (before.mean() if before.size else 0.0)
    else:
        window = next(m.quarters for m in rule.metric if m.name == flag.metric)
        right = bool(wrong[max(0, quarter - window + 1) : quarter + 1, own].any())
    method = "agency funnel" if flag.unit.ori else flag.test
    return Said("registered rule", method, flag.metric, quarter, county, right and flag.direction == "high")


def _naive(nation: Nation, rule: Rule, quarter: int) -> Iterable[Said]:
    """The same counties and metrics by the two usual rules, with no thought of how many tests are made."""
    for metric in rule.metric:
        numerator, denominator, _ = nation.counts(metric.name)
        since = max(0, quarter - metric.quarters + 1)
        found, cases = (
            np.bincount(nation.county, x[since : quarter + 1].sum(axis=(0, 2)), nation.plan.counties)
            for x in (numerator, denominator)
        )
        wrong = nation.wrong(metric.name)[since : quarter + 1].any(axis=0)
        bad = np.bincount(nation.county, wrong, nation.plan.counties) > 0
        asked = cases >= rule.funnel.minimum
        if asked.sum() < rule.funnel.peers:
            continue
        share, overall = found / np.maximum(cases, 1), found.sum() / cases.sum()
        sigma = np.sqrt(overall * (1 - overall) / np.maximum(cases, 1))
        low, high = np.quantile(share[asked], (0.25, 0.75))
        reach = 1.5 * (high - low)
        for name, below, above in (
            ("two sigma", share < overall - 2 * sigma, share > overall + 2 * sigma),
            ("interquartile", share < low - reach, share > high + reach),
        ):
            for county in np.flatnonzero(asked & (below | above)).tolist():
                yield Said(name, "funnel", metric.name, quarter, county, bool(bad[county] and above[county]))


def _planted(nation: Nation, said: Sequence[Said], span: range) -> Iterable[Planted]:
    wrong = nation.raised_low + nation.raised_freed > 0
    for county, effect in enumerate(nation.effect):
        since = np.flatnonzero(wrong[:, nation.county == county].any(axis=1))
        if effect is None or not len(since) or not span or since[0] < span[0] or since[0] + HORIZON - 1 > span[-1]:
            continue
        first: dict[str, int] = {}
        for one in said:
            delay = one.quarter - int(since[0])
            if one.right and one.county == county and 0 <= delay < HORIZON:
                for key in (one.rule, f"{one.rule}: {one.method}"):
                    first[key] = min(first.get(key, HORIZON), delay)
        yield Planted(effect[1], float(nation.size[county]), int(since[0]), first)


def _one(task: tuple[Scenario, int]) -> Run:
    return study(*task)


def all_runs(runs: int, workers: int, scenarios: Sequence[Any] = SCENARIOS) -> list[Run]:
    """Every scenario so many times, in the order of scenarios and seeds."""
    tasks = [(s, 1000 * (1 + SCENARIOS.index(s)) + n) for s in scenarios for n in range(runs)]
    if workers == 1:
        return [_one(t) for t in tasks]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_one, tasks, chunksize=2))


def main() -> int:
    """Run the study and print it; with --write, put it into the docs."""
    from bench import _monitor_tables as tables

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="file for the raw runs; read instead of running when it is there")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    started = time.perf_counter()
    if asked.keep and asked.keep.exists():
        runs = msgspec.json.decode(asked.keep.read_bytes(), type=list[Run])
    else:
        runs = all_runs(asked.runs, asked.workers)
        if asked.keep:
            asked.keep.write_bytes(msgspec.json.encode(runs))
    rule = find_rule()
    print(f"{len(runs)} countries of 100 counties, rule {rule.id}, {time.perf_counter() - started:.0f} s")
    print(tables.text(runs, rule))
    print(json.dumps(tables.headline(runs, rule)))
    if asked.write:
        for path in tables.write(runs, rule, ROOT):
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
