"""The watch when things go wrong: it did not run, its clock jumps, its process ends around the commit of a notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.exchange.people import NOON, address, card, extract

from tenprint.cases.card import commands as ask
from tenprint.cases.card.events import Source
from tenprint.exchange import Exchange, center, watch

TCN = "NEW-0000001"
DEADLINE = datetime(2012, 11, 14, 21, tzinfo=UTC)  # Wednesday 15:00 in Texas; the weekend and Veterans Day are left out
BEFORE = datetime(2012, 11, 14, 20, 59, tzinfo=UTC)
AFTER = datetime(2012, 11, 14, 21, 1, tzinfo=UTC)
WEEKS_LATER = datetime(2012, 12, 3, 12, tzinfo=UTC)


class CrashError(BaseException):
    """The process ends here."""


@pytest.fixture
def held(exchange: Exchange) -> Exchange:
    """Somebody in Travis County would have walked out on Friday 9 November 2012 at 15:00 and is held on a request."""
    exchange.enrol("immigration", card(1, "OLD-0000001"), exchange.act("ada", "enrol"))
    exchange.submit(card(1, TCN), exchange.act("ben", ask.AcceptSubmission, NOON))
    sources = (Source(name="court file", reliability="high"),)
    answer = ask.DetermineStatus(status="REMOVABLE_FINAL_ORDER", confidence="high", sources=sources)
    center.answer(exchange, TCN, answer, exchange.act("lea", ask.DetermineStatus, NOON))
    form = ask.IssueDetainer(form="I-247 (12/11)", zone="America/Chicago")
    choice = ask.Decide(choice="DETAINER", reason="final order", factors=("length of presence",), detainer=form)
    exchange.do(TCN, choice, exchange.act("oscar", ask.Decide, NOON))
    honored = exchange.act("jane", ask.HonorRequest, NOON)
    exchange.do(TCN, ask.HonorRequest(under="county policy 4"), honored)
    out = datetime(2012, 11, 9, 21, tzinfo=UTC)
    eligible = ask.RecordReleaseEligible(at=out, reason="bond_posted", document="receipt 4711")
    exchange.do(TCN, eligible, exchange.act("jane", ask.RecordReleaseEligible, out))
    return exchange


def told(exchange: Exchange) -> tuple[list[datetime], int]:
    """Limits whose passing somebody was told, and how many incidents say that somebody is held past one."""
    entries = exchange.ledger.stream(exchange.stream_of(TCN))
    warned = [e.data for e in entries if e.kind == "due.warned" and e.data["hours"] == 0]
    notices = [datetime.fromisoformat(data["moment"]) for data in warned]
    held = [e for e in entries if e.kind == "incident.opened" and e.data["what"] == "held-past-deadline"]
    return notices, len(held)


def test_a_watch_that_did_not_run_for_weeks_tells_the_deadline_of_then(held: Exchange) -> None:
    seen = watch.look(held, WEEKS_LATER)
    assert (seen.notices, seen.silent) == (3, ())
    assert told(held) == ([DEADLINE], 1)


def test_a_clock_that_jumps_ahead_and_back_undoes_nothing_and_repeats_nothing(held: Exchange) -> None:
    for moment in (AFTER, BEFORE, WEEKS_LATER, BEFORE, AFTER):
        assert watch.look(held, moment).silent == ()
    assert told(held) == ([DEADLINE], 1)
    assert held.ledger.verify() == []


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
def test_a_notice_is_recorded_with_its_incident_or_not_at_all(
    held: Exchange, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """Notice and incident are one transaction: a crash leaves both or neither, and the next round completes it."""
    real = held.ledger.transaction

    @contextmanager
    def crashing() -> Iterator[Any]:
        with real() as tx:
            yield tx
            if not committed:
                raise CrashError
        raise CrashError

    monkeypatch.setattr(held.ledger, "transaction", crashing)
    with pytest.raises(CrashError):
        watch.look(held, AFTER)
    with Exchange.open(address(held), extract=extract) as again:
        assert told(again) == (([DEADLINE], 1) if committed else ([], 0))
        assert watch.look(again, AFTER).silent == ()
        assert told(again) == ([DEADLINE], 1)
