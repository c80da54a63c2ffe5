"""Pictures of a review: what is in them, in which order, and what their words say."""

from __future__ import annotations

import re

import msgspec
import numpy as np
import pytest
from scipy import stats
from tests.monitor.handmade import review

from tenprint.monitor import pictures
from tenprint.monitor.review import Metric


@pytest.fixture(scope="module")
def metric() -> Metric:
    return review(counties=60, seed=9).metrics[1]


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_funnel_names_the_flagged_and_nobody_else(metric: Metric) -> None:
    made = pictures.funnel(metric, metric.readings)
    assert made is not None
    flagged = {pictures.name_of(r.unit) for r in metric.readings if r.flagged}
    assert 0 < len(flagged) < 10
    assert {t for t in texts(made.svg) if "County" in t} == flagged
    assert all(name in made.about for name in flagged)
    assert pictures.percent(metric.share) in made.about


def test_a_funnel_of_nobody_is_no_picture(metric: Metric) -> None:
    assert pictures.funnel(metric, ()) is None
    assert pictures.intervals(msgspec.structs.replace(metric, readings=())) is None
    assert pictures.before_and_after(msgspec.structs.replace(metric, changes=())) is None


def test_intervals_stand_in_alphabetical_order(metric: Metric) -> None:
    made = pictures.intervals(metric)
    assert made is not None
    names = [t for t in texts(made.svg) if "County" in t]
    shown = [pictures.name_of(r.unit) for r in pictures.shown(metric.readings)]
    assert len(names) >= pictures.LARGEST
    assert names == shown == sorted(shown)


def test_before_and_after_has_every_flagged_county(metric: Metric) -> None:
    metric = review(counties=60).metrics[0]
    flagged = msgspec.structs.replace(metric.changes[3], flagged=True)
    made = pictures.before_and_after(msgspec.structs.replace(metric, changes=(*metric.changes[:3], flagged)))
    assert made is not None
    assert pictures.name_of(flagged.unit) in texts(made.svg)


def test_a_picture_is_the_same_each_time_and_two_stand_in_one_page(metric: Metric) -> None:
    first, second = pictures.funnel(metric, metric.readings), pictures.funnel(metric, metric.readings)
    assert first is not None
    assert first == second
    both = pictures.distinct([first.svg, first.svg])
    names = [re.findall(r'\bid="([^"]+)"', svg) for svg in both]
    assert names[0]
    assert not set(names[0]) & set(names[1])
    for svg, own in zip(both, names, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(own)


@pytest.mark.parametrize(("cases", "share"), [(40, 0.3), (400, 0.1), (3000, 0.5)])
def test_limits_hold_what_they_say_and_are_wider_where_places_differ(cases: int, share: float) -> None:
    low, high = pictures.limits(cases, share, 0.0, 0.025)
    exact = stats.binom(cases, share)
    assert exact.ppf(0.025) - 1 <= low * cases <= exact.ppf(0.025)
    assert exact.ppf(0.975) - 1 <= high * cases <= exact.ppf(0.975)
    between = 0.3
    wide_low, wide_high = pictures.limits(cases, share, between, 0.025)
    weight = 1 / (between**2 * share / (1 - share)) - 1
    wide = stats.betabinom(cases, share * weight, (1 - share) * weight)
    assert wide.ppf(0.025) - 1 <= wide_low * cases <= wide.ppf(0.025)
    assert wide.ppf(0.975) - 1 <= wide_high * cases <= wide.ppf(0.975)
    assert wide_low < low < share < high < wide_high


def test_limits_narrow_with_volume() -> None:
    widths = [np.diff(pictures.limits(n, 0.2, 0.0, 0.001))[0] for n in (20, 80, 320, 1280)]
    assert widths == sorted(widths, reverse=True)
