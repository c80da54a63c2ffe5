from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from tests.facts.histories import TRAVIS, YAVAPAI, History, write
from tests.monitor.simulated import RULE

from tenprint import monitor
from tenprint.facts import Folder
from tenprint.figures import FiguresError, TwoOriginsError
from tenprint.monitor import Beside, MonitorError, Population, Review
from tenprint.monitor.run import activations
from tenprint.nation import Effect, Plan, draw
from tenprint.nation import write as write_nation


def few(path: Path) -> Path:
    """Three cards in Travis, one in Yavapai; one match, a detainer, a charge that was never filed."""
    made = History()
    card = made.card("T1", "2010-04-05", matched="P1")
    made.add(
        card, "detainer.issued", "2010-04-06", form="I-247 (4/97)", recipient_ori="TX0000000",
        zone="America/Chicago", probable_cause=["final_order"],
    )  # fmt: skip
    made.add(card, "charge.disposed", "2010-04-20", number=1, disposition="not_filed", on="2010-04-20")
    made.card("T2", "2010-04-06")
    made.card("T3", "2010-06-30")
    made.card("Y1", "2010-05-01", county=YAVAPAI)
    made.card("Z1", "2010-07-01")
    write(made, path / "facts")
    return path / "facts"


def test_readings_are_the_counts_of_the_facts(tmp_path: Path) -> None:
    review = monitor.run(few(tmp_path), "2010Q2")
    assert review.as_of == datetime(2010, 9, 30, 23, 59, 59, 999999, tzinfo=UTC), (
        "a quarter later: the rule waits for one"
    )
    counted = {m.name: {r.unit.jurisdiction: (r.numerator, r.denominator) for r in m.readings} for m in review.metrics}
    assert counted == {
        "low-level-bookings": {TRAVIS: (3, 3), YAVAPAI: (1, 1)},
        "released-without-charge": {TRAVIS: (1, 1)},
        "matches-without-charge": {TRAVIS: (1, 1)},
        "detainers-given-match": {TRAVIS: (1, 1)},
        "incomplete-records": {TRAVIS: (0, 4), YAVAPAI: (0, 1)},
    }
    assert review.flags == ()
    assert review.tests == 0
    assert all(r.why_not for m in review.metrics for r in m.readings)


def test_a_review_carries_receipts_the_rule_and_what_it_cannot_say(tmp_path: Path) -> None:
    seen = (Population(jurisdiction=TRAVIS, what="adults", year=2010, estimate=800_000, margin=None),)
    calls = (Beside(jurisdiction=TRAVIS, what="911 calls", value=None, source="nobody supplied them"),)
    registered = datetime(2008, 9, 1, tzinfo=UTC)
    review = monitor.run(few(tmp_path), "2010Q2", populations=seen, beside=calls, registered_at=registered)
    assert (review.populations, review.beside, review.registered_at) == (seen, calls, registered)
    assert review.rule == RULE.id
    assert review.rule_text == RULE.content.decode()
    assert review.level == pytest.approx(review.false_discovery_rate / RULE.sequence.quarters)
    for metric, named in zip(review.metrics, RULE.metric, strict=True):
        assert metric.definition == named.definition
        assert metric.receipt["receipt"]["definition_hash"][7:23] == named.definition.partition("@")[2]
        assert metric.receipt["receipt"]["as_of"].startswith("2010-09-30")
        assert metric.title
        assert metric.population
    notes = " ".join(review.notes)
    for said in ("was never found", "a question to somebody, not a finding", "never population", "race or ethnicity"):
        assert said in notes
    written = msgspec.json.encode(review)
    assert msgspec.json.encode(msgspec.json.decode(written, type=Review)) == written


def test_what_became_known_later_is_not_in_an_earlier_review(tmp_path: Path) -> None:
    folder = few(tmp_path)
    early = monitor.run(folder, "2010Q2", as_of="2010-06-30")
    by_name = {m.name: m for m in early.metrics}
    assert by_name["released-without-charge"].readings == (), "nobody is old enough"
    assert by_name["low-level-bookings"].readings[0].denominator in {1, 3}


def test_a_quarter_that_cannot_be_reviewed_is_refused(tmp_path: Path) -> None:
    folder = few(tmp_path)
    for quarter, more, said in (
        ("2010Q2", {"as_of": "2010-06-29"}, "had not ended"),
        ("2015Q3", {}, "nothing is left for 2015Q3"),
        ("Q2 2010", {}, "expected a calendar quarter"),
    ):
        with pytest.raises(MonitorError, match=said):
            monitor.run(folder, quarter, **more)
    with pytest.raises(FiguresError, match="expected facts of origin"):
        monitor.run(folder, "2010Q2", origin="detainers")
    other = History()
    other.card("N1", "2010-04-05")
    with_two = Folder.open(folder)
    from tenprint.facts import entries_to_tables
    from tenprint.facts.keys import Keys
    from tenprint.facts.places import Places, reference

    places = Places({TRAVIS: reference()[TRAVIS]})
    tables, _ = entries_to_tables(other.entries, origin="synthetic-nation", keys=Keys(b"x"), places=places)
    with_two.write("nation", tables, {"origin": "synthetic-nation"})
    with pytest.raises(TwoOriginsError):
        monitor.run(folder, "2010Q2")
    assert monitor.run(folder, "2010Q2", origin="synthetic-nation").origin == "synthetic-nation"


def test_a_definition_that_is_another_one_than_the_rule_names_is_refused(tmp_path: Path) -> None:
    metrics = (msgspec.structs.replace(RULE.metric[0], definition="low-level-booking-share@0123456789abcdef"),)
    with pytest.raises(FiguresError, match="expected the file with hash"):
        monitor.run(few(tmp_path), "2010Q2", rule=msgspec.structs.replace(RULE, metric=metrics))


def test_a_wrong_planted_in_a_synthetic_country_is_flagged_from_its_facts(tmp_path: Path) -> None:
    effect = Effect(kind="pretext", sizes=(0.6,), share=0.04, begins=8)
    nation = draw(Plan(seed=5, counties=50, quarters=11, effects=(effect,)))
    folder = tmp_path / "facts"
    write_nation(nation, folder)
    review = monitor.run(folder, nation.plan.names[9])
    planted = {a.jurisdiction for a, c in zip(nation.agencies, nation.county, strict=True) if nation.effect[c]}
    flagged = {f.unit.jurisdiction for f in review.flags if f.metric == "low-level-bookings"}
    assert flagged
    assert flagged <= planted
    known = activations(Folder.open(folder), review.origin, review.as_of)
    assert known
    assert all(isinstance(day, date) and day <= review.as_of.date() for day in known.values())
    assert {c.unit.jurisdiction for m in review.metrics for c in m.changes} <= set(known)


def test_a_quarter_that_the_facts_do_not_reach_is_no_quiet_quarter(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="no case of 2013Q4: nothing to review, which is not a quiet quarter"):
        monitor.run(few(tmp_path), "2013Q4")
