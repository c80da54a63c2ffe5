"""The desk over an open exchange: reviews recorded, flags opened as cases, acts upon them, and their clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tenprint.cases import finding as findings
from tenprint.cases.finding import Clock, OutlierReview, Targets, clocks
from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding.events import FindingEvent, Flag, event_types
from tenprint.cases.finding.roles import PERMITTED
from tenprint.cases.kernel.value import Command
from tenprint.exchange import directory
from tenprint.exchange.codec import Codec
from tenprint.exchange.core import Core
from tenprint.exchange.errors import TRIES, ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.findings import register
from tenprint.exchange.findings.rules import AUTHORITY, PURPOSE
from tenprint.ledger import Act, Entry, NewEvent, Transaction, VersionConflict

FLAGS: Codec[FindingEvent] = Codec(event_types)
"""Events of a flag's case. Nothing is sealed: nothing is about a person."""
DESK = "finding/desk"
"""Stream of the desk itself: its targets."""
OWNERS = ("rights", "supervisor")


class ReviewRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a review, flags or none: without it nobody could tell a quiet quarter from no review."""

    review: str
    """``sha256:`` of its file."""
    quarter: str
    as_of: datetime
    origin: str
    rule: str
    rule_registered_at: datetime | None
    tests: int
    flags: int
    expected_false: float
    false_discovery_rate: float


class Happened(msgspec.Struct, frozen=True):
    """One case with what an act did to it."""

    number: str
    events: tuple[FindingEvent, ...]


class Line(msgspec.Struct, frozen=True):
    """One event in plain words."""

    seq: int
    when: datetime
    who: str
    role: str
    what: str


class Findings:
    """The desk over an open exchange."""

    def __init__(self, exchange: Core) -> None:
        self.exchange = exchange
        self.ledger = exchange.ledger

    # -- who acts ------------------------------------------------------------------------------------------------------

    def act(self, name: str | None, what: type[Command], at: datetime | None = None) -> Act:
        """The circumstances of an act, of a registered principal or (no name) of the watch.

        Raises:
            NotAllowedError: when nobody of that name is registered, or none of their roles may do this.
        """
        when = at or self.ledger.now()
        if name is None:
            return Act(directory.SYSTEM, "system", PURPOSE, AUTHORITY, when)
        held = self.exchange.person(name).roles
        may = PERMITTED[what]
        role = next((r for r in held if r in may), None)
        if role is None:
            raise NotAllowedError(
                f"{name} is registered as {', '.join(held)}; {what.__name__} is for {' or '.join(may)}"
            )
        return Act(name, role, PURPOSE, AUTHORITY, when)

    def _check_own_cause(self, name: str, flag: Flag) -> None:
        """Refuse an act by somebody of an agency in the county that was flagged."""
        with self.exchange.reading() as connection:
            of = directory.principal(connection, name).agency
            agency = directory.find_agency(connection, of) if of else None
        if agency is not None and agency.county == flag.jurisdiction:
            raise NotAllowedError(
                f"{name} belongs to {agency.ori} in the county that was flagged ({flag.jurisdiction}): "
                "nobody judges their own numbers. Let somebody of another agency act"
            )

    def _check_owner(self, name: str) -> None:
        held = self.exchange.person(name).roles
        if not set(held) & set(OWNERS):
            raise ExchangeError(
                f"{name} is registered as {', '.join(held)}; a case is owned by {' or '.join(OWNERS)}: "
                "name somebody who may answer"
            )

    # -- targets -------------------------------------------------------------------------------------------------------

    @property
    def targets(self) -> Targets:
        """How long each step may take."""
        chosen = [e.data for e in self.ledger.stream(DESK) if e.kind == "finding.targets_set"]
        return msgspec.convert(chosen[-1], Targets) if chosen else Targets()

    def set_targets(self, targets: Targets, name: str, at: datetime | None = None) -> None:
        """Change how long steps may take from now on."""
        event = NewEvent("finding.targets_set", msgspec.to_builtins(targets))
        with self.ledger.transaction() as tx:
            tx.append(DESK, [event], self.act(name, cmd.WriteFinding, at), expected_version=tx.version(DESK))

    # -- from a review to cases ----------------------------------------------------------------------------------------

    def open(
        self, record: ReviewRecord, flags: Sequence[Flag], owner: str, name: str, at: datetime | None = None
    ) -> list[Happened]:
        """Record a review and make each of its flags a case: all of them or none. The same review again does nothing.

        Args:
            record: The review.
            flags: All of its flags.
            owner: Who owes the written findings: a principal of the rights office, or a supervisor.
            name: Who opens.
            at: When.

        Raises:
            ExchangeError: when flags are missing or of another review, or the owner may not answer.
            NotAllowedError: when this principal may not open, or a flag is about their own county.
        """
        act = self.act(name, cmd.Open, at)
        self._check_owner(owner)
        if len({f.id for f in flags}) != record.flags or any(f.review != record.review for f in flags):
            raise ExchangeError(
                f"review {record.review[:23]}: expected all its {record.flags} flags, each once, got {len(flags)}: "
                "a flag that is left out would be lost in silence"
            )
        for flag in flags:
            self._check_own_cause(name, flag)
            self._check_own_cause(owner, flag)
        with self.ledger.transaction() as tx:
            stream = f"review/{record.review}"
            if not tx.version(stream):
                event = NewEvent("quarter.reviewed", msgspec.to_builtins(record))
                tx.append(stream, [event], act, expected_version=0)
            return [self._open(tx, flag, owner, act) for flag in flags]

    def _open(self, tx: Transaction, flag: Flag, owner: str, act: Act) -> Happened:
        number = register.of_flag(tx.connection, flag.id) or register.next_number(tx.connection, flag.quarter)
        known = tx.stream(f"finding/{number}")
        state = findings.fold(FLAGS.from_ledger(e) for e in known)
        command = cmd.Open(number=number, flag=flag, owner=owner)
        made = findings.decide(
            state, command, actor=act.actor, role=act.role, now=act.occurred_at, targets=self.targets
        )
        if made:
            tx.append(f"finding/{number}", [FLAGS.to_ledger(e) for e in made], act, expected_version=len(known))
        return Happened(number, tuple(made))

    # -- acts upon a case ----------------------------------------------------------------------------------------------

    def do(
        self, number: str, command: Command, name: str | None, at: datetime | None = None
    ) -> tuple[FindingEvent, ...]:
        """One act upon a case; without a name, of the watch.

        What has passed by the ledger's own clock is noted first: a time that is stated too early hides nothing.

        Raises:
            Refusal: when it may not happen.
            NotAllowedError: when this principal may not, or the flag is about their own county.
            UnknownError: when there is no such case.
        """
        act = self.act(name, type(command), at)
        if name is not None:
            opened = self.load(number).opened
            if opened is not None:
                self._check_own_cause(name, opened.flag)
        if isinstance(command, cmd.Assign):
            self._check_owner(command.owner)
        noted = self._change(number, cmd.LookAtClock(), self.act(None, cmd.LookAtClock))
        return (*noted, *self._change(number, command, act))

    def _change(self, number: str, command: Command, act: Act) -> tuple[FindingEvent, ...]:
        for attempt in range(TRIES):
            entries = self.entries(number)
            state = findings.fold(FLAGS.from_ledger(e) for e in entries)
            made = findings.decide(
                state, command, actor=act.actor, role=act.role, now=act.occurred_at, targets=self.targets
            )
            if not made:
                return ()
            try:
                new = [FLAGS.to_ledger(e) for e in made]
                self.ledger.append(f"finding/{number}", new, act, expected_version=entries[-1].version)
            except VersionConflict:
                if attempt + 1 == TRIES:
                    raise
            else:
                return tuple(made)
        raise AssertionError("unreachable")

    # -- for everybody to read -----------------------------------------------------------------------------------------

    def entries(self, number: str) -> list[Entry]:
        """Entries of a case.

        Raises:
            UnknownError: when there is no such case.
        """
        entries = [e for e in self.ledger.stream(f"finding/{number}") if e.kind in FLAGS.kinds]
        if not entries:
            raise UnknownError(f"no case {number!r} is known here; `tenprint monitor case list` shows their numbers")
        return entries

    def load(self, number: str) -> OutlierReview:
        """A case as it stands."""
        return findings.fold(FLAGS.from_ledger(e) for e in self.entries(number))

    def clocks(self, number: str) -> tuple[Clock, ...]:
        """Its clocks."""
        return clocks([(e.occurred_at, FLAGS.from_ledger(e)) for e in self.entries(number)])

    def lines(self, number: str) -> list[Line]:
        """What happened to it, in words."""
        return [
            Line(e.seq, e.occurred_at, e.actor, e.role, findings.words.say(FLAGS.from_ledger(e)))
            for e in self.entries(number)
        ]

    def numbers(self, *, only_open: bool = False) -> list[str]:
        """Numbers of all cases, or of those in which something is owed."""
        with self.exchange.reading() as connection:
            return [row.number for row in register.rows(connection, only_open=only_open)]

    def reviews(self) -> list[ReviewRecord]:
        """Every review recorded, oldest first."""
        with self.exchange.reading() as connection:
            streams = register.reviews(connection)
        return [msgspec.convert(self.ledger.stream(stream)[0].data, ReviewRecord) for stream in streams]
