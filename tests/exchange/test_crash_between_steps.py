"""A process that ends after any one of its transactions: the next start finishes the card, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.exchange.people import BUREAU, NOON, address, card, extract

from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Exchange

TCN = "NEW-0000001"
STREAM = f"case/{BUREAU}/{TCN}"
WHOLE = [
    "submission.accepted", "criminal.searched", "response.sent", "gate.decided", "immigration.searched",
    "response.sent", "query.sent", "submission.closed",
]  # fmt: skip
REFUSED = ["submission.rejected", "response.sent", "submission.closed"]


class CrashError(BaseException):
    """The process ends here."""


def crash_after(exchange: Exchange, commits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends the process right after so many committed transactions."""
    left = commits
    real = exchange.ledger.transaction

    @contextmanager
    def counted() -> Iterator[Any]:
        nonlocal left
        with real() as tx:
            yield tx
        left -= 1
        if left == 0:
            raise CrashError

    monkeypatch.setattr(exchange.ledger, "transaction", counted)


@pytest.mark.parametrize("commits", range(1, 10))
@pytest.mark.parametrize(("changes", "kinds"), [({}, WHOLE), ({"NAM": None}, REFUSED)], ids=["accepted", "rejected"])
def test_the_next_start_finishes_what_was_taken_in(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], kinds: list[str], commits: int
) -> None:
    exchange.enrol("immigration", card(1, "OLD-0000001"), exchange.act("ada", "enrol"))
    crash_after(exchange, commits, monkeypatch)
    act = exchange.act("ben", AcceptSubmission, NOON)
    try:
        exchange.submit(card(1, TCN, **changes), act)
    except CrashError:
        pass
    else:
        assert commits > len(kinds), "every step of the road is a transaction of its own"
    with Exchange.open(address(exchange), extract=extract) as again:
        assert again.resume() in ([STREAM], [])
        assert [e.kind for e in again.ledger.stream(STREAM)] == kinds
        assert again.resume() == []
        result = again.submit(card(1, TCN, **changes), act)
        assert result.resubmitted
        assert [e.kind for e in again.ledger.stream(STREAM)] == kinds
        assert again.ledger.verify() == []
        for told in result.answers:
            assert again.answer(told.digest)
