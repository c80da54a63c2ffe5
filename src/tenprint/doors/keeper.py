"""Background work of a server: what a crash left over is finished, the watch looks, answers leave, each by a lease."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from tenprint.cases import Refusal
from tenprint.doors.leases import Leases
from tenprint.exchange import ExchangeError, outbox, watch
from tenprint.exchange.exchange import Exchange
from tenprint.finger import FingerError
from tenprint.ledger import LedgerError

FAILURES = (LedgerError, ExchangeError, Refusal, FingerError, SQLAlchemyError, OSError)
LATE = 3
"""Rounds without a success after which a piece of work is called late."""


class Work(msgspec.Struct, frozen=True):
    """A piece of background work."""

    name: str
    every: float
    """Seconds between two rounds."""
    do: Callable[[Exchange], object]


class Standing(msgspec.Struct):
    """How a piece of work stands, as this server saw it; times in seconds since 1970."""

    name: str
    every: float
    started: float
    tried: float = 0.0
    succeeded: float = 0.0
    elsewhere: float = 0.0
    """When another server was last seen to do it."""
    failures: int = 0
    trouble: str = ""
    """Kind of the last failure; never its words, which may name somebody."""

    def is_late(self, now: float) -> bool:
        """Whether neither this server nor another one has done it for too long."""
        return now - max(self.started, self.succeeded, self.elsewhere) > LATE * self.every


WORK = (
    Work("outbox", 15.0, outbox.deliver),
    Work("watch", 60.0, watch.look),
    Work("resume", 300.0, Exchange.resume),
)


class Keeper:
    """The background work of one server.

    Args:
        exchange: Where.
        work: What is done.
        clock: Seconds since 1970.
    """

    def __init__(
        self, exchange: Exchange, work: tuple[Work, ...] = WORK, clock: Callable[[], float] = time.time
    ) -> None:
        self._exchange, self._work, self._clock = exchange, work, clock
        self._leases, self._ends = Leases(exchange.ledger, clock), threading.Event()
        self.standing = {w.name: Standing(w.name, w.every, clock()) for w in work}
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join(timeout=30)

    def round(self) -> None:
        """Do what is due now and is this server's to do."""
        for work in self._work:
            stands, now = self.standing[work.name], self._clock()
            if now - stands.tried < work.every:
                continue
            stands.tried = now
            try:
                if not self._leases.take(work.name, 2 * work.every):
                    stands.elsewhere = now
                    continue
                work.do(self._exchange)
            except FAILURES as wrong:
                stands.failures, stands.trouble = stands.failures + 1, type(wrong).__name__
            else:
                stands.succeeded, stands.trouble = self._clock(), ""

    def late(self) -> list[str]:
        """Names of the work that nobody has done for too long."""
        return [s.name for s in self.standing.values() if s.is_late(self._clock())]

    def _run(self) -> None:
        while not self._ends.is_set():
            self.round()
            self._ends.wait(1.0)
        try:
            self._leases.give_back()
        except FAILURES:
            return
