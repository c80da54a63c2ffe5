"""Simulated counties for tests of the monitor: shares that differ between counties, with a fixed seed."""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy import special

from tenprint.monitor import Counts, Rule, Unit, find_rule, from_arrays
from tenprint.monitor import quarters as q
from tenprint.monitor.counts import Window

RULE: Rule = find_rule()
QUARTERS = [q.written(q.number("2009Q1") + i) for i in range(12)]
LAST = QUARTERS[-1]


def counties(number: int) -> tuple[Unit, ...]:
    return tuple(Unit(f"{i:05d}", "SY", f"County {i}") for i in range(number))


def sizes(rng: np.random.Generator, number: int, middle: float = 200) -> np.ndarray:
    """Volumes as unequal as those of counties."""
    return np.maximum(rng.lognormal(np.log(middle), 1.2, number).astype(int), 1)


def shares(rng: np.random.Generator, number: int, share: float, between: float) -> np.ndarray:
    """Shares whose logits differ between counties."""
    return special.expit(special.logit(share) + between * rng.normal(size=number))


def window(found: np.ndarray, cases: np.ndarray) -> Window:
    """One quarter of counties, without strata or with them as columns."""
    return Window(
        units=counties(len(found)),
        numerator=np.asarray(found, np.int64).reshape(len(found), -1),
        denominator=np.asarray(cases, np.int64).reshape(len(found), -1),
    )


def history(
    rng: np.random.Generator, number: int, share: float = 0.2, between: float = 0.3, middle: float = 200,
    raised: dict[int, tuple[int, float]] | None = None, metric: str = "low-level-bookings",
) -> Counts:  # fmt: skip
    """Twelve quarters; ``raised``: county -> (first quarter, by how much its share is raised)."""
    cases = np.tile(sizes(rng, number, middle), (12, 1))
    truth = np.tile(shares(rng, number, share, between), (12, 1))
    for county, (first, by) in (raised or {}).items():
        cases[:, county] = 400
        truth[:, county] = share
        truth[first:, county] += by
    return from_arrays(metric, QUARTERS, counties(number), rng.binomial(cases, truth), cases)


def staggered(number: int) -> dict[str, date]:
    """The first half of the counties is activated, a third of it in each of three quarters."""
    days = (date(2010, 10, 5), date(2011, 1, 11), date(2011, 4, 1))
    return {f"{i:05d}": days[i % 3] for i in range(number // 2)}
