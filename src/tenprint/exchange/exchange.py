"""The exchange: one database, the people who may act in it, the cases of all cards, and the road of a card."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from tenprint import finger
from tenprint.cases.card.commands import AcceptSubmission, StateFact
from tenprint.cases.card.events import DetainerIssued, Event, System
from tenprint.cases.kernel.value import Command
from tenprint.exchange import enrolment, jail, lookup, road
from tenprint.exchange.cards import Extract, content_of
from tenprint.exchange.close_calls import CloseCalls
from tenprint.exchange.core import Core
from tenprint.exchange.enrolment import Encounter, Enrolment
from tenprint.exchange.findings.register import Register as FindingRegister
from tenprint.exchange.lookup import Words
from tenprint.exchange.reads import Reads
from tenprint.exchange.results import SubmissionResult, result_of
from tenprint.exchange.rights.register import Register
from tenprint.ledger import Act, Ledger, NewEvent


class Exchange(Core):
    """An open exchange. Make one with `create`, come back to it with `open`, leave it with `close`."""

    def __init__(self, ledger: Ledger, extract: Extract | None = None) -> None:
        words = Words(lookup.key_of(ledger))
        super().__init__(
            ledger, extract or finger.extract, (CloseCalls(), Register(), FindingRegister(), Reads(), words)
        )

    @classmethod
    def create(
        cls,
        url: str | Path,
        administrator: str,
        *,
        origin: str = "tenprint.example",
        simulated_from: datetime | None = None,
        names_unchecked: bool = False,
        extract: Extract | None = None,
    ) -> Self:
        """A new exchange whose first administrator is the one named.

        Args:
            url: A file or a SQLAlchemy URL where nothing is yet.
            administrator: Name of the first administrator.
            origin: Name of the ledger, first line of every checkpoint.
            simulated_from: Makes the ledger a simulated one, whose clock follows the stated times from here on.
            names_unchecked: Makes it a trial on the machine's clock that believes every name, and says so for ever.
            extract: Instead of `finger.extract`.

        Raises:
            LedgerError: when something is already there or the address cannot be used.
        """
        made = Ledger.create(url, origin=origin, simulated_from=simulated_from, names_unchecked=names_unchecked)
        exchange = cls(made, extract)
        when = simulated_from or datetime.now(UTC)
        act = Act(administrator, "administrator", "operation of the exchange", "founding of the exchange", when)
        data = {"name": administrator, "role": "administrator", "agency": ""}
        exchange.add_reference(act)
        exchange.ledger.append(
            f"principal/{administrator}", [NewEvent("principal.registered", data)], act, expected_version=0
        )
        return exchange

    @classmethod
    def open(cls, url: str | Path, *, extract: Extract | None = None) -> Self:
        """An exchange that was made earlier.

        Raises:
            NotALedger: when there is none at that address.
        """
        exchange = cls(Ledger.open(url), extract)
        exchange.add_reference(exchange.machine(AcceptSubmission))
        return exchange

    def do(self, tcn: str, command: Command, act: Act, *, ori: str | None = None) -> tuple[Event, ...]:
        """One act upon a case, and what the exchange does by itself after it.

        An age that is stated sends the card down the road again; a standing decline answers a request at once.
        """
        happened = super().do(tcn, command, act, ori=ori)
        stream = self.stream_of(tcn, ori)
        if isinstance(command, StateFact) and command.name == "age":
            road.travel(self, stream, act.occurred_at)
        if any(isinstance(event, DetainerIssued) for event in happened):
            jail.answer_with_standing_decline(self, stream, act.occurred_at)
        return happened

    # -- cards ---------------------------------------------------------------------------------------------------------

    def submit(self, source: str | Path | bytes, act: Act, answers: Path | None = None) -> SubmissionResult:
        """Take a card in and send it down the road; the same card again changes nothing.

        Args:
            source: A file or its bytes.
            act: Who hands it in, and when.
            answers: Folder that its answers go to.

        Raises:
            UnreadableCardError: when an answer could not be addressed. Nothing is recorded.
            NotAllowedError: when the actor may not submit.
        """
        self.vouch(act)
        content, file = content_of(source)
        before = self.ledger.size()
        stream = road.submit(self, content, act, answers)
        return result_of(self.load(stream).case, file, stream=stream, resubmitted=self.ledger.size() == before)

    def enrol(
        self, system: System, source: str | Path | bytes, act: Act, encounter: Encounter | None = None
    ) -> Enrolment:
        """Put the prints of an earlier encounter into one identification system.

        Raises:
            UnreadableCardError: when the file is no transaction or holds no usable finger.
            NotAllowedError: when the actor may not enrol.
        """
        self.vouch(act)
        return enrolment.enrol(self, system, content_of(source)[0], act, encounter)

    def resume(self, answers: Path | None = None) -> list[str]:
        """Finish every card that was taken in and has not arrived, and deliver what is due.

        Args:
            answers: Folder for answers of the cards that are finished now.

        Returns:
            The streams that were finished.
        """
        return road.resume(self, answers)
