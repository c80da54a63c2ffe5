"""The road of one card: taken in, searched, answered, let through the gate or not, searched again, queried.

Every step looks at the case first and does nothing when its result is there: a card may be sent down the road as
often as one likes, and after a crash the next start sends every card that has not arrived. Being taken in is durable
before anything is answered; the criminal answer never waits for the immigration branch (program.md 1.3).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from tenprint import finger
from tenprint.cases import Case
from tenprint.cases.card import commands as ask
from tenprint.cases.card.events import CriminalSearched, ImmigrationSearched, ResponseSent, SubmissionRejected
from tenprint.cases.kernel.value import Command
from tenprint.exchange import (
    answers,
    archive,
    bureau,
    custodies,
    directory,
    docket,
    enrolment,
    immigration,
    outbox,
    people,
    places,
    sequence,
)
from tenprint.exchange.cards import Card, Probe, accepted, probe, read_card
from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError
from tenprint.exchange.examiner import waits
from tenprint.exchange.histories import history
from tenprint.exchange.prints import Found
from tenprint.exchange.rights import Rights, register
from tenprint.ledger import Act, LedgerError

S = TypeVar("S", CriminalSearched, ImmigrationSearched)

BRANCH_FAILURES = (finger.FingerError, SQLAlchemyError, LedgerError, ExchangeError, OSError)
"""What may go wrong in the immigration branch without touching the criminal answer."""

USED_BEFORE = (
    "1.009 TCN: this control number was used before by the same agency for another card; send it under a new one"
)


def submit(exchange: Core, content: bytes, act: Act, answers: Path | None = None) -> str:
    """Take a card in and send it down the road.

    Args:
        exchange: Where.
        content: Bytes of the card.
        act: Who hands it in, and when.
        answers: Folder that its answers go to; they leave by the outbox.

    Returns:
        The stream of its case.

    Raises:
        UnreadableCardError: when the bytes are no transaction that an answer could be sent to. Nothing is recorded.
    """
    stream = take_in(exchange, read_card(content), act, answers)
    travel(exchange, stream, act.occurred_at)
    outbox.deliver(exchange, stream)
    return stream


def take_in(exchange: Core, card: Card, act: Act, answers: Path | None = None) -> str:
    """Make the card durable: its bytes, the event that an answer is owed, and where it goes, in one transaction.

    The same card again changes nothing. Another card under a used control number is refused on a stream of its own.
    """
    stream = f"case/{card.submitting_ori}/{card.tcn}"
    faults = bureau.faults(card)
    known = exchange.load(stream).case
    earlier = known.submission or known.rejection
    if earlier is not None and earlier.card != card.digest:
        stream, faults = f"{stream}/{card.digest[:16]}", (USED_BEFORE,)
    elif earlier is not None:
        return _again(exchange, stream, answers)
    if exchange.ledger.version(stream):  # refused before: its bytes are not stored again
        return _again(exchange, stream, answers)
    if faults:
        refusal = SubmissionRejected(
            tcn=card.tcn,
            submitting_ori=card.submitting_ori,
            controlling_ori=card.controlling_ori,
            tot=card.tot,
            card=card.digest,
            messages=faults,
        )
        command: Command = ask.RejectSubmission(rejection=refusal)
    else:
        command = ask.AcceptSubmission(submission=accepted(card))

    def also(connection: Connection) -> None:
        archive.keep_card(connection, card)
        if answers is not None:
            outbox.address(connection, stream, answers)

    exchange.change(stream, lambda _: [command], act, also=also)
    return stream


def _again(exchange: Core, stream: str, answers: Path | None) -> str:
    """A card that was taken in before: its answers go to this folder too, when they have not arrived there."""
    if answers is not None:
        with exchange.ledger.transaction() as tx:
            outbox.address(tx.connection, stream, answers)
    return stream


def travel(exchange: Core, stream: str, at: datetime | None = None) -> Case:
    """Send a card down the road, from wherever it stands to as far as it can go.

    Args:
        exchange: Where.
        stream: Of its case.
        at: Moment that the steps state; the ledger's clock when not given.
    """
    trip = _Trip(exchange, stream, at)
    if trip.has_arrived:
        return trip.case
    if trip.case.rejection is not None:
        trip.refuse(trip.case.rejection.messages)
        return trip.close("rejected")
    if not trip.probe.templates:
        trip.refuse(trip.probe.unusable or ("no usable image of a finger",))
        return trip.close("no usable image of a finger")
    trip.search_criminal()
    trip.answer_criminal()
    trip.keep_booking()
    trip.join_custody()
    try:
        trip.look_after_complainant()
        trip.decide_gate()
        if not trip.forwarded:
            return trip.close(f"not forwarded: {trip.case.gate.reason if trip.case.gate else ''}")
        trip.search_immigration()
        trip.answer_immigration()
        trip.join_custody()
        trip.look_after_complainant()
        trip.query()
    except BRANCH_FAILURES as failure:
        exchange.troubles.append(
            f"{trip.tcn}: the immigration branch did not finish and will be tried again: {failure}"
        )
        return trip.case
    return trip.close("query sent" if trip.case.queries else "no digitized record found")


def resume(exchange: Core, answers: Path | None = None) -> list[str]:
    """Finish the road of every card that was taken in and has not arrived: run after a crash, or at any time.

    Answers that have not arrived leave too, each to the folder that was named with its card.

    Args:
        exchange: Where.
        answers: Folder for answers of the cards that are finished now.

    Returns:
        The streams in which something was left to do and is done now.
    """
    with exchange.reading() as connection:
        waiting = docket.unfinished(connection)
    finished = []
    for stream in waiting:
        before = exchange.ledger.version(stream)
        case = travel(exchange, stream)
        if case.closed is not None and exchange.ledger.version(stream) > before:
            finished.append(stream)
            _again(exchange, stream, answers)
    outbox.deliver(exchange)
    return finished


class _Trip:
    """One card on its way: the case as it is now, and the steps."""

    def __init__(self, exchange: Core, stream: str, at: datetime | None) -> None:
        self.exchange = exchange
        self.stream = stream
        self.at = at or exchange.ledger.now()
        self.case = exchange.load(stream).case
        taken = self.case.submission or self.case.rejection
        if taken is None:
            raise ExchangeError(f"{stream}: no card was taken in under this name")
        self.tcn, self.digest, self.controlling_ori = taken.tcn, taken.card, taken.controlling_ori
        self._card: Card | None = None
        self._probe: Probe | None = None

    @property
    def card(self) -> Card:
        """The card, read again from the bytes that were kept."""
        if self._card is None:
            with self.exchange.reading() as connection:
                self._card = read_card(archive.card_content(connection, self.digest))
        return self._card

    @property
    def probe(self) -> Probe:
        """Templates of its fingers: from the images, and once the criminal system was asked those that were kept."""
        if self._probe is None:
            with self.exchange.reading() as connection:
                kept = archive.kept_templates(connection, self.digest)
            asked = bool(kept) and self.case.criminal is not None
            self._probe = Probe(kept, order=sequence.within(kept)) if asked else probe(self.card, self.exchange.extract)
            fresh = self._probe
            if not kept and fresh.templates:
                with self.exchange.ledger.transaction() as tx:
                    archive.keep_templates(tx.connection, self.digest, fresh.templates)
        return self._probe

    @property
    def has_arrived(self) -> bool:
        """Whether nothing is left to do: the road is closed, and no fact stated since opens the gate."""
        case = self.case
        if case.closed is not None and self._is_gone():
            return True
        if case.closed is None or self._gate_asks_again():
            return False
        if not self.forwarded or case.immigration is None:
            return not self.forwarded
        return self._answered("IDR") and (bool(case.queries) or not case.immigration.hit)

    def _is_gone(self) -> bool:
        """Whether the card was expunged or dropped after its last answer: nothing is left to search with."""
        with self.exchange.reading() as connection:
            return not archive.has_card(connection, self.digest)

    def _gate_asks_again(self) -> bool:
        """Whether the gate was decided without knowing the age, and somebody has stated it since."""
        return self.case.gate is not None and bool(self.case.gate.missing) and "age" in self.case.facts

    @property
    def forwarded(self) -> bool:
        """Whether the gate let it through."""
        return self.case.gate is not None and self.case.gate.forwarded

    # -- steps ---------------------------------------------------------------------------------------------------------

    def search_criminal(self) -> None:
        """Look for an earlier criminal record."""
        if self.case.criminal is None:
            with self.exchange.reading() as connection:
                found = self.exchange.criminal.search(connection, self.probe)
            told = (*self.probe.unusable, *self.probe.corrected)
            result = msgspec.structs.replace(_event(CriminalSearched, found), images=told)
            self._do(ask.RecordCriminalSearch(result=result))

    def answer_criminal(self) -> None:
        """Send the SRE: identified or not, and the history that the criminal system has."""
        if self.case.criminal is not None and not self._answered("SRE"):
            with self.exchange.reading() as connection:
                known = people.cards(connection, [f"criminal/{self.case.criminal.identity}"])
            earlier = [self.exchange.load(s).case for s in known if s != self.stream]
            self._respond(answers.results(self.card, self.case.criminal, self.at, history(earlier)))

    def keep_booking(self) -> None:
        """The criminal system keeps a booking whose card says so (RET=Y); a close call waits for its examiner first.

        A card whose fingers are not in their boxes is not kept: it would make people unknown for ever.
        """
        found, taken = self.case.criminal, self.case.submission
        if found is None or taken is None or not taken.retain or found.close_call or found.sequence:
            return
        with self.exchange.reading() as connection:
            kept = self.exchange.criminal.existing(connection, self.digest) is not None
        if not kept:
            enrolment.keep_booking(
                self.exchange, self.stream, self.card, self.probe, identity=found.identity, at=self.at
            )

    def join_custody(self) -> None:
        """A further card of somebody in custody, or booked again on the same offense, joins that custody."""
        found = custodies.earlier_custody(self.exchange.ledger, self.exchange.reading, self.stream)
        if found is not None:
            self._do(found)

    def look_after_complainant(self) -> None:
        """A new card of somebody whose complaint is open is a further act: it is watched before anybody decides."""
        with self.exchange.reading() as connection:
            someone_is_watched = bool(register.watches(connection))
        if someone_is_watched and Rights(self.exchange).follow(None, self.at, card=self.stream):
            self.case = self.exchange.load(self.stream).case

    def decide_gate(self) -> None:
        """Say whether the prints go to the immigration system, with the reason."""
        if self.case.gate is None or self._gate_asks_again():
            with self.exchange.reading() as connection:
                agency = directory.find_agency(connection, self.controlling_ori)
            on = self.at.astimezone(ZoneInfo(agency.zone if agency else "UTC")).date()
            self._do(ask.DecideGate(agency=places.registration(self.exchange, agency, on) if agency else None, on=on))

    def search_immigration(self) -> None:
        """Look for an earlier encounter. Only a match of a card with RET=Y leaves a trace there."""
        if self.case.immigration is not None or self.case.gate is None or self.case.submission is None:
            return
        with self.exchange.reading() as connection:
            found = self.exchange.immigration.search(connection, self.probe)
        submission, on = self.case.submission, self.case.gate.on
        self._do(
            ask.RecordImmigrationSearch(result=_event(ImmigrationSearched, found)),
            also=lambda c: immigration.leave_encounter(c, found, submission, on),
        )

    def answer_immigration(self) -> None:
        """Send the IDR: an earlier encounter was found, or no digitized record was."""
        found = self.case.immigration
        if found is not None and not self._answered("IDR"):
            known = enrolment.encounters(self.exchange, "immigration", found.identity) if found.identity else ()
            self._respond(answers.data_response(self.card, found, self.at, known))

    def query(self) -> None:
        """After a match, and only then, ask the support center (IAQ)."""
        found = self.case.immigration
        if found is not None and found.hit and not self.case.queries:
            self._do(ask.SendQuery(origin="BIOMETRIC", identity=found.identity))

    def refuse(self, messages: tuple[str, ...]) -> None:
        """Send the ERRT."""
        if not self._answered("ERRT"):
            self._respond(answers.error(self.card, messages, self.at))

    def close(self, why: str) -> Case:
        """Nothing more is owed on the road; templates of a card with RET=N go, and its bytes if no answer is owed."""
        taken = self.case.submission
        retain = taken.retain if taken is not None else self.card.retain
        gate = self.case.gate
        owed = bool(self.case.queries) or (gate is not None and bool(gate.missing)) or waits(self.case)

        def forget(connection: Connection) -> None:
            if taken is None or not retain:
                archive.drop_templates(connection, self.digest)
            if not retain and not owed:
                archive.drop_card(connection, self.digest)

        self._do(ask.CloseSubmission(why=why), also=forget)
        return self.case

    def _answered(self, kind: str) -> bool:
        return any(r.response == kind for r in self.case.responses)

    def _respond(self, answer: answers.Answer) -> None:
        """Keep an answer and record that it was offered; the bureau relays the second one only where it can."""
        relayed, note = True, ""
        if answer.kind in answers.SECOND:
            with self.exchange.reading() as connection:
                relayed, note = directory.relay(connection, self.controlling_ori)
        sent = ResponseSent(
            response=answer.kind, tcn=answer.tcn, tcr=answer.tcr, body=answer.digest, relayed=relayed, note=note
        )
        self._do(ask.RecordResponse(response=sent), also=lambda c: archive.keep_answer(c, answer))

    def _do(self, command: Command, also: Callable[[Connection], object] | None = None) -> None:
        act = self.exchange.machine(type(command), self.at)
        self.exchange.change(self.stream, lambda _: [command], act, also)
        self.case = self.exchange.load(self.stream).case


def _event(kind: type[S], found: Found) -> S:
    return kind(
        hit=found.hit,
        identity=found.identity,
        score=found.score,
        threshold=found.threshold,
        fingers=found.fingers,
        gallery=found.gallery,
        calibration=finger.CALIBRATION,
        close_call=found.close_call,
        candidate=found.candidate,
        meaning=found.meaning,
        compared=found.compared,
        sequence=found.sequence,
    )
