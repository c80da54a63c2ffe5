"""Looks at a desk: each is recorded before it is shown; searches; a glass broken in an emergency, and explained."""

from __future__ import annotations

import msgspec

from tenprint.desk.service.acts import Given
from tenprint.desk.service.policy import Row, act_of, sees
from tenprint.exchange import ExchangeError, lookup, reads
from tenprint.exchange.core import Core
from tenprint.exchange.directory import Principal
from tenprint.exchange.reads import Look, What

MOST = 50
"""Cards that a search shows: who finds more asks more exactly."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A card that a search found where the reader may look."""

    tcn: str
    ori: str
    facility: str

    @property
    def stream(self) -> str:
        """Of its case."""
        return f"case/{self.ori}/{self.tcn}"


class Looking:
    """Looks of a reader in an open exchange."""

    def __init__(self, exchange: Core) -> None:
        self._exchange = exchange

    def saw(self, who: Principal, row: Row, what: What, streams: tuple[str, ...], glass: int | None = None) -> None:
        """Record a look. What cannot be recorded is not shown.

        Raises:
            LedgerError: when nothing can be recorded now.
        """
        look = Look(page=row.page, what=what, streams=streams, glass=glass)
        reads.record(self._exchange, look, act_of(self._exchange, who, row))

    def find(self, who: Principal, row: Row, given: Given) -> list[Found]:
        """Search, and record which kind of words for which reason, and what was found; never the words.

        Raises:
            ExchangeError: when it is not said what, by what or why, or too much would be shown.
        """
        by, reason = given.one("by"), given.one("reason")
        if by != "tcn" and len(reason) < 5:
            raise ExchangeError("say why you search: it is recorded with what was found")
        reaches, found = sees(self._exchange, who, row), []
        for stream in lookup.find(self._exchange, by, given.one("text")):
            _, ori, tcn = stream.split("/", 2)
            facility = self._exchange.surroundings(stream).facility
            if reaches(facility, ori):
                found.append(Found(tcn=tcn, ori=ori, facility=facility))
        if len(found) > MOST:
            raise ExchangeError(f"{len(found)} cards are of that: ask more exactly, for fewer than {MOST}")
        look = Look(page=row.page, what="search", streams=tuple(f.stream for f in found), by=by, reason=reason)
        reads.record(self._exchange, look, act_of(self._exchange, who, row))
        return found

    def break_glass(self, who: Principal, row: Row, given: Given) -> Found:
        """Let the reader look at one person beyond their place, for an hour.

        Raises:
            UnknownError: when there is no such card.
            ExchangeError: without a reason, or while an explanation is late.
        """
        tcn = given.one("tcn")
        stream = self._exchange.stream_of(tcn, given.one("ori") or None)
        reads.break_glass(self._exchange, stream, given.one("reason"), act_of(self._exchange, who, row))
        return Found(tcn=tcn, ori=stream.split("/")[1], facility="")

    def explain(self, who: Principal, row: Row, given: Given) -> None:
        """Say what a broken glass was for.

        Raises:
            ExchangeError: when it is not the reader's, was explained, or nothing is said.
        """
        number = given.one("glass")
        act = act_of(self._exchange, who, row)
        reads.explain(self._exchange, int(number) if number.isdigit() else -1, given.one("explanation"), act)
