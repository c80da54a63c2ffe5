"""Each rule can be cited by itself, and an answer is no better than the weakest it rests on (findings L22, L23)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenprint import law
from tenprint.cli.law import app
from tenprint.law.forms import all_forms
from tenprint.law.holidays import federal_holidays
from tenprint.law.regimes import STANDINGS, Rule

LAW = law.load()
RULES = [(regime, rule) for regime in LAW.regimes for rule in regime.rules]


@pytest.mark.parametrize(("regime", "rule"), RULES, ids=[f"{r.id}:{rule.code}" for r, rule in RULES])
def test_l22_each_rule_names_its_own_source_and_place(regime: law.Regime, rule: Rule) -> None:
    assert rule.source
    assert rule.pinpoint
    assert set(rule.source) <= set(LAW.sources)


def test_l22_no_source_stands_in_the_list_unused() -> None:
    used = {key for regime in LAW.regimes for key in regime.source}
    used |= {key for _, rule in RULES for key in rule.source}
    used |= {key for regime in LAW.regimes for doubt in regime.doubts for key in doubt.source}
    used |= {key for form in all_forms() for key in form.source}
    assert federal_holidays(2012)
    assert set(LAW.sources) - used == {"USC6103"}  # the table of holidays


@pytest.mark.parametrize("on", ["2009-03-01", "2013-02-01", "2016-02-01", "2018-02-01", "2022-02-01", "2025-02-05"])
def test_l23_an_answer_says_the_weakest_it_rests_on(tmp_path: Path, on: str) -> None:
    path = tmp_path / "facts.json"
    facts = {"in_custody": True, "arrested_by_lea": True, "probable_cause": True, "charges": [{"grade": "felony"}]}
    path.write_text(json.dumps(facts))
    answer = json.loads(CliRunner().invoke(app, ["evaluate", str(path), "--on", on, "--json"]).output)
    resting = [line["standing"] for line in answer["trace"] if line["follows"] is not False]
    assert STANDINGS.index(answer["standing"]) >= max(STANDINGS.index(s) for s in resting)
    for line in answer["trace"]:
        assert line["source"]
        assert line["pinpoint"]
    text = CliRunner().invoke(app, ["evaluate", str(path), "--on", on]).output
    first = next(line for line in answer["trace"] if line["holds"] is True)
    assert f"{first['pinpoint']}; {first['standing']}" in " ".join(text.split())
