"""Two clocks: when it happened is stated, when it was recorded is the ledger's; neither record clock runs backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from tenprint.ledger import Act, Ledger, LedgerError, NewEvent

START = datetime(2010, 1, 1, tzinfo=UTC)


def _act(when: datetime) -> Act:
    return Act("a", "r", "p", "x", when)


def test_a_real_ledger_records_by_the_machine_whatever_is_stated(ledger):
    before = datetime.now(UTC)
    entry = ledger.append("s", [NewEvent("k", {})], _act(START), expected_version=0)[0]
    assert entry.occurred_at == START
    assert before <= entry.recorded_at <= datetime.now(UTC)
    assert not ledger.simulated


def test_a_machine_clock_that_jumps_back_does_not_take_the_ledger_along(ledger, act):
    first = ledger.append("s", [NewEvent("k", {})], act, expected_version=0)[0]
    with mock.patch("tenprint.ledger.ledger.datetime") as broken:
        broken.now.return_value = datetime(1999, 1, 1, tzinfo=UTC)
        second = ledger.append("s", [NewEvent("k", {})], act, expected_version=1)[0]
        assert ledger.now() == first.recorded_at
    assert second.recorded_at == first.recorded_at
    assert ledger.verify() == []


def test_a_simulated_clock_follows_the_stated_times_and_never_runs_backwards(db):
    with Ledger.create(db, origin="x.example", simulated_from=START) as ledger:
        assert ledger.now() == START
        stated = [START + timedelta(days=d) for d in (3, 1, 5, -400)]
        recorded = [
            ledger.append("s", [NewEvent("k", {})], _act(when), expected_version=v)[0].recorded_at
            for v, when in enumerate(stated)
        ]
        assert [e.occurred_at for e in ledger.stream("s")] == stated
        assert recorded == [START + timedelta(days=d) for d in (3, 3, 5, 5)]
        assert ledger.now() == START + timedelta(days=5)
    with Ledger.open(db) as again:
        assert again.now() == START + timedelta(days=5)


def test_a_simulated_ledger_says_so_everywhere(db):
    with Ledger.create(db, origin="x.example", simulated_from=START) as ledger:
        assert ledger.simulated
        first = next(ledger.read())
        assert first.data["simulated"] is True
        assert first.data["simulated_from"] == "2010-01-01T00:00:00.000000Z"
        assert ledger.checkpoint().startswith("x.example/simulated\n")
        assert ledger.prove(1)["checkpoint"].startswith("x.example/simulated\n")


def test_the_start_of_a_simulation_needs_a_zone(tmp_path):
    with pytest.raises(LedgerError, match="time zone"):
        Ledger.create(tmp_path / "x.db", origin="x.example", simulated_from=datetime(2010, 1, 1))  # noqa: DTZ001


def test_m10_a_record_clock_that_ran_backwards_is_named(db):
    with Ledger.create(db, origin="x.example", simulated_from=START) as ledger:
        ledger.append("s", [NewEvent("k", {})], _act(START + timedelta(days=3)), expected_version=0)
        with mock.patch.object(Ledger, "clock", return_value=START + timedelta(days=1)):
            ledger.append("s", [NewEvent("k", {})], _act(START + timedelta(days=1)), expected_version=1)
        (problem,) = ledger.verify()
    assert problem.seq == 3
    assert "that clock never runs backwards" in str(problem)


@pytest.mark.parametrize(("ahead", "stopped"), [(timedelta(hours=72), False), (timedelta(hours=72, seconds=1), True)])
def test_c2_a_machine_clock_may_run_72_hours_ahead_of_the_last_entry_and_no_more(ledger, ahead, stopped):
    first = ledger.append("s", [NewEvent("k", {})], _act(START), expected_version=0)[0]
    with mock.patch("tenprint.ledger.ledger.datetime") as later:
        later.now.return_value = first.recorded_at + ahead
        if stopped:
            with pytest.raises(LedgerError, match="Nothing is written until an administrator"):
                ledger.append("s", [NewEvent("k", {})], _act(START), expected_version=1)
        else:
            assert ledger.append("s", [NewEvent("k", {})], _act(START), expected_version=1)


@pytest.mark.parametrize(("behind", "told"), [(timedelta(minutes=5), 0), (timedelta(minutes=5, seconds=1), 1)])
def test_c2_a_last_entry_more_than_five_minutes_after_the_machines_clock_is_told(ledger, behind, told):
    entry = ledger.append("s", [NewEvent("k", {})], _act(START), expected_version=0)[0]
    with mock.patch("tenprint.ledger.ledger.datetime") as earlier:
        earlier.now.return_value = entry.recorded_at - behind
        assert len(ledger.verify()) == told
