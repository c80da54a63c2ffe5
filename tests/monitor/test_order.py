"""The order of deployment examined: known orders are found, and the real calendar is described."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.monitor.methods import run, written

from tenprint.cli.common import Refused
from tenprint.monitor.order import Model, Term, order_of_deployment, read_activations, read_covariates
from tenprint.monitor.tables import TableError

Calendar = dict[str, tuple[str, date]]


def drawn(
    days_per_deviation: float, *, noise: float = 0.0, seed: int = 1
) -> tuple[Calendar, dict[str, dict[str, float]]]:
    """Forty states of thirty counties: one covariate moves dates within states, another only differs between states."""
    rng = np.random.default_rng(seed)
    calendar, rows = {}, {}
    for state in range(40):
        level = rng.normal()
        for county in range(30):
            real = rng.normal()
            days = 800 + 100 * level + days_per_deviation * real + rng.normal(0, 50)
            code = f"{state + 1:02d}{county:03d}"
            calendar[code] = (f"S{state}", date(2008, 10, 27) + timedelta(days=round(max(0.0, days))))
            seen = 10 + real + rng.normal(0, noise) if noise else 10 + real
            rows[code] = {"crime": seen, "crime_moe": noise * 1.644854, "region": level + rng.normal(0, 0.5)}
    return calendar, rows


def model(models: tuple[Model, ...], name: str) -> Model:
    return next(m for m in models if m.name == name)


def test_an_order_within_states_is_found_and_one_between_states_is_not_taken_for_it() -> None:
    found = order_of_deployment(*drawn(-60.0), ["crime", "region"])
    crime, region = model(found.models, "within").coefficients
    assert crime.interval_95.low <= -60 <= crime.interval_95.high
    assert crime.without_noise == crime.per_deviation or crime.without_noise is None
    assert region.interval_95.low <= 0 <= region.interval_95.high
    assert model(found.models, "national").coefficients[1].p < 0.001
    hazard = model(found.models, "hazard").coefficients[0]
    assert hazard.per_deviation > 0.5
    assert hazard.interval_95.low > 0


def test_a_margin_hides_part_of_an_effect_and_the_simulation_gives_most_of_it_back() -> None:
    found = order_of_deployment(*drawn(-60.0, noise=0.6), ["crime"], rounds=50)
    crime = model(found.models, "within").coefficients[0]
    real = -60 * found.deviations["crime"]  # one deviation of what was seen, in days of what is real
    assert crime.without_noise is not None
    assert abs(crime.without_noise - real) < 0.4 * abs(crime.per_deviation - real)


def test_no_order_is_no_finding() -> None:
    ps = [
        model(order_of_deployment(*drawn(0.0, seed=seed), ["crime"]).models, "within").coefficients[0].p
        for seed in range(20)
    ]
    assert np.mean(np.array(ps) < 0.05) <= 0.2


def test_states_with_one_day_for_all_say_nothing_about_order_within() -> None:
    calendar, rows = drawn(-60.0)
    one_day = {c: (s, date(2013, 1, 22) if s in {"S0", "S1"} else d) for c, (s, d) in calendar.items()}
    found = order_of_deployment(one_day, rows, ["crime"])
    assert found.single_day_states == 2
    assert (model(found.models, "national").states, model(found.models, "within").states) == (40, 38)
    assert model(found.models, "within").counties == 38 * 30


def test_counties_without_a_date_are_counted_and_told(tmp_path: Path) -> None:
    calendar, numbers = drawn(-60.0)
    some = {c: v for c, v in calendar.items() if int(c[2:]) < 3}
    lines = [f"{c},{s},{d if n % 3 else ''}" for n, (c, (s, d)) in enumerate(some.items())]
    days = written(tmp_path / "days.csv", "fips,state,activation_date", *lines)
    crime = written(tmp_path / "c.csv", "fips,crime", *(f"{c},{numbers[c]['crime']}" for c in list(some)[2:]))
    words = ["order", "--activations", days, "--covariates", crime, "--term", "crime"]
    told = json.loads(run(*words, "--json"))
    assert (told["counties"], told["without_date"], told["left_out"]) == (79, 40, 1)
    assert told["warnings"][0].startswith("40 counties have no date and are left out")
    text = run(*words)
    assert "40 left out for want of a date, 1 for want of a covariate" in text
    assert "Warning: 40 counties have no date and are left out: when they came, or whether they did, is unknown" in text


def test_few_states_are_warned_of_and_two_are_refused() -> None:
    calendar, rows = drawn(-60.0)
    assert order_of_deployment(calendar, rows, ["crime"]).warnings == ()

    def of(states: int) -> Calendar:
        return {c: v for c, v in calendar.items() if int(c[:2]) <= states}

    (warning,) = order_of_deployment(of(9), rows, ["crime"]).warnings
    assert warning.startswith("errors rest on 9 states only, fewer than 10")
    with pytest.raises(TableError, match=r"expected 3 states or more .* got 2: bring dates and covariates"):
        order_of_deployment(of(2), rows, ["crime"])
    some = {c: (s, date(2013, 1, 22) if int(c[:2]) > 2 else d) for c, (s, d) in of(12).items()}
    found = order_of_deployment(some, rows, ["crime"])
    assert [m.name for m in found.models] == ["national"]
    assert found.warnings[0].startswith("2 states have counties with different days: 3 or more are needed")
    some = {c: (s, date(2013, 1, 22) if int(c[:2]) > 5 else d) for c, (s, d) in of(12).items()}
    assert order_of_deployment(some, rows, ["crime"]).warnings[0].startswith("within states, errors rest on 5 states")


def test_terms_are_names_logarithms_and_shares() -> None:
    assert Term.of("log( people )") == Term("log( people )", "people", is_log=True)
    assert Term.of("a/b") == Term("a/b", "a", "b")
    for text in ("a+b", "exp(a)", "", "a/b/c"):
        with pytest.raises(TableError, match=r"expected NAME, log\(NAME\) or NAME/NAME"):
            Term.of(text)


def test_what_cannot_be_regressed_is_refused() -> None:
    calendar, rows = drawn(0.0)
    with pytest.raises(TableError, match=r"no column income of numbers in the covariates\. They have: crime"):
        order_of_deployment(calendar, rows, ["income"])
    with pytest.raises(TableError, match="the same for all counties"):
        order_of_deployment(calendar, {c: r | {"one": 1.0} for c, r in rows.items()}, ["one"])
    with pytest.raises(TableError, match="say the same thing twice"):
        order_of_deployment(calendar, {c: r | {"again": r["crime"]} for c, r in rows.items()}, ["crime", "again"])
    with pytest.raises(TableError, match="0 counties have a date and every covariate: expected 20 or more"):
        order_of_deployment(calendar, {"99999": {"crime": 1.0}}, ["crime"])


def test_files_are_keyed_by_county_and_year(tmp_path: Path) -> None:
    first = written(tmp_path / "a.csv", "fips,year,foreign", "1001,2009,5", "1001,2010,6", "1003,2009,NA")
    second = written(tmp_path / "b.csv", "STATE,COUNTY,people", "01,001,100", "1,3,200")
    assert read_covariates([first, second], 2009) == {
        "01001": {"foreign": 5.0, "people": 100.0},
        "01003": {"people": 200.0},
    }
    with pytest.raises(TableError, match=r"each county once: say which year \(--year\)"):
        read_covariates([first])
    with pytest.raises(TableError, match="column people stands in"):
        read_covariates([second, written(tmp_path / "c.csv", "fips,people", "01001,1")])
    assert read_activations(written(tmp_path / "d.csv", "jurisdiction,state,active_on", "01001,AL,2011-04-26")) == {
        "01001": ("AL", date(2011, 4, 26))
    }
    assert read_activations(written(tmp_path / "f.csv", "fips,state,activation_date", "1001,AL,", "1003,,")) == {
        "01001": ("AL", None),
        "01003": ("", None),
    }
    with pytest.raises(TableError, match="line 2, active_on: expected a date such as 2011-04-26, got 'soon'"):
        read_activations(written(tmp_path / "e.csv", "fips,state,activation_date", "01001,AL,soon"))


def test_the_real_calendar_with_the_census_tables(data: Path) -> None:
    words = [
        "order", "--activations", data / "program" / "county_activation.csv", "--year", 2009,
        "--covariates", data / "census" / "non_citizen_pop.csv",
        "--covariates", data / "census" / "co-est_2010_2019_slim.csv",
        "--term", "log(CENSUS2010POP)", "--term", "noncit_pop/CENSUS2010POP", "--margin", "noncit_pop=moe",
    ]  # fmt: skip
    told = json.loads(run(*words, "--json"))
    assert (told["first"], told["last"]) == ("2008-10-27", "2013-01-22")
    assert (told["counties"], told["left_out"], told["single_day_states"]) == (3135, 8, 12)
    within = next(m for m in told["models"] if m["name"] == "within")
    size, foreign = within["coefficients"]
    assert (within["counties"], within["states"]) == (2775, 39)
    assert size["interval_95"]["high"] < 0
    assert foreign["without_noise"] < foreign["per_deviation"] < 0
    text = run(*words)
    assert "it does not say why" in text
    assert "noncit_pop/CENSUS2010POP " in text
    assert "12 states came on one day" in text
    assert told["without_date"] == 0
    assert told["warnings"] == []
    with pytest.raises(Refused, match="expected OURS=THEIRS"):
        run(*words, "--margin", "moe")
