"""The exchange: one database, the people who may act in it, and the cases of all cards. A thin shell around `cases`.

Every act is: load the case, ask its decider, append what it says. Nothing else changes a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, inspect

from tenprint import finger
from tenprint.cases import Case, fold
from tenprint.cases.card.commands import AcceptSubmission, StateFact
from tenprint.cases.card.decide import decide
from tenprint.cases.card.events import Event, System
from tenprint.cases.kernel.value import Command
from tenprint.exchange import archive, criminal, directory, docket, enrolment, immigration, jail, road
from tenprint.exchange.cards import Extract, read_card
from tenprint.exchange.codec import CASES
from tenprint.exchange.enrolment import Enrolment
from tenprint.exchange.errors import TRIES, NotAllowedError, UnknownError
from tenprint.exchange.examiner import CloseCalls
from tenprint.exchange.findings.register import Register as FindingRegister
from tenprint.exchange.registry import Agency, county_by_fips, reference_digest
from tenprint.exchange.results import SubmissionResult, result_of
from tenprint.exchange.rights.register import Register
from tenprint.exchange.roles import check_role, role_for, rule_of, table
from tenprint.exchange.schema import METADATA
from tenprint.ledger import Act, Ledger, NewEvent, VersionConflict

REFERENCE = "exchange/reference"
"""Stream that says which reference tables were in use from when on."""


class Loaded:
    """A case with the version of its stream that it reflects."""

    def __init__(self, stream: str, case: Case, version: int) -> None:
        self.stream = stream
        self.case = case
        self.version = version


class Exchange:
    """An open exchange. Make one with `create`, come back to it with `open`, leave it with `close`.

    Attributes:
        ledger: Where every act is an event.
        criminal: Prints of the criminal system.
        immigration: Prints of the immigration system.
        extract: Pixels to template.
        troubles: Branches that failed and will be tried again, one line each.
    """

    def __init__(self, ledger: Ledger, extract: Extract | None = None) -> None:
        self.ledger = ledger
        self.extract: Extract = extract or finger.extract
        self.criminal = criminal.open_prints()
        self.immigration = immigration.open_prints()
        self.troubles: list[str] = []
        _make_tables(ledger)
        ledger.register(directory.Directory())
        ledger.register(docket.Docket())
        ledger.register(CloseCalls())
        ledger.register(Register())
        ledger.register(FindingRegister())

    @classmethod
    def create(
        cls,
        url: str | Path,
        administrator: str,
        *,
        origin: str = "tenprint.example",
        simulated_from: datetime | None = None,
        extract: Extract | None = None,
    ) -> Self:
        """A new exchange whose first administrator is the one named.

        Args:
            url: A file or a SQLAlchemy URL where nothing is yet.
            administrator: Name of the first administrator.
            origin: Name of the ledger, first line of every checkpoint.
            simulated_from: Makes the ledger a simulated one, whose clock follows the stated times from here on.
            extract: Instead of `finger.extract`.

        Raises:
            LedgerError: when something is already there or the address cannot be used.
        """
        exchange = cls(Ledger.create(url, origin=origin, simulated_from=simulated_from), extract)
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

    def close(self) -> None:
        """Close every connection."""
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of what is committed, for reading alone."""
        with self.ledger.engine.connect() as connection:
            yield connection

    # -- who acts ------------------------------------------------------------------------------------------------------

    def act(self, name: str, what: str | type[Command], at: datetime | None = None) -> Act:
        """The circumstances of an act by a registered principal.

        Args:
            name: Who acts.
            what: A command of a case, or an act upon the exchange: register, enrol, expunge.
            at: When it happened; the ledger's clock when not given.

        Raises:
            NotAllowedError: when nobody of that name is registered, or none of their roles may do this.
        """
        with self.reading() as connection:
            who = directory.principal(connection, name)
        role = role_for(what, who.roles, name)
        rule = table().acts[what] if isinstance(what, str) else rule_of(what)
        return Act(name, role, rule.purpose, rule.authority, at or self.ledger.now())

    def machine(self, command: type[Command], at: datetime | None = None) -> Act:
        """The circumstances of a step that no person takes: a search, a relay, the watch."""
        rule = rule_of(command)
        return Act(directory.SYSTEM, "system", rule.purpose, rule.authority, at or self.ledger.now())

    def vouch(self, act: Act) -> None:
        """Refuse an act by somebody who is not registered in the role it names.

        Raises:
            NotAllowedError: then.
        """
        if act.actor == directory.SYSTEM and act.role == "system":
            return
        with self.reading() as connection:
            who = directory.principal(connection, act.actor)
        if act.role not in who.roles:
            raise NotAllowedError(f"{act.actor} is registered as {', '.join(who.roles)}, not as {act.role}")

    # -- cases ---------------------------------------------------------------------------------------------------------

    def stream_of(self, tcn: str, ori: str | None = None) -> str:
        """The stream of the submission with this control number.

        Args:
            tcn: Transaction control number (1.009).
            ori: The submitting agency, needed only when two of them use the same number.

        Raises:
            UnknownError: when there is no such submission, or more than one.
        """
        with self.reading() as connection:
            rows = [r for r in docket.by_tcn(connection, tcn) if ori in {None, r.submitting_ori}]
        whole = [r for r in rows if r.stream == f"case/{r.submitting_ori}/{tcn}"]
        if not whole:
            raise UnknownError(f"no submission with the control number (TCN) {tcn!r} is known here")
        if len(whole) > 1:
            oris = ", ".join(r.submitting_ori for r in whole)
            raise UnknownError(f"{tcn!r} was used by {oris}: say which with --ori")
        return str(whole[0].stream)

    def load(self, stream: str) -> Loaded:
        """A case with its version; an empty case when nothing has happened on that stream."""
        entries = self.ledger.stream(stream)
        events = [CASES.from_ledger(e) for e in entries if e.kind in CASES.kinds]
        return Loaded(stream, fold(events), len(entries))

    def case(self, tcn: str, ori: str | None = None) -> Case:
        """The case of a submission.

        Raises:
            UnknownError: when there is no such submission.
        """
        return self.load(self.stream_of(tcn, ori)).case

    def zone(self, case: Case) -> str | None:
        """Time zone of the booking agency of a case; nothing when its agency is in no registry."""
        card = case.submission or case.rejection
        with self.reading() as connection:
            found = directory.find_agency(connection, card.controlling_ori) if card else None
        return found.zone if found else None

    def do(self, tcn: str, command: Command, act: Act, *, ori: str | None = None) -> tuple[Event, ...]:
        """One act upon a case: what its decider says is appended.

        Returns:
            What happened.

        Raises:
            Refusal: when the case refuses; it says what would be permitted.
            NotAllowedError: when the actor is not registered in that role.
            UnknownError: when there is no such submission.
        """
        self.vouch(act)
        stream = self.stream_of(tcn, ori)
        jail.check_place(self, self.load(stream).case, act)
        happened = self.change(stream, lambda _: [command], act)
        if isinstance(command, StateFact) and command.name == "age":
            road.travel(self, stream, act.occurred_at)
        return happened

    def change(
        self,
        stream: str,
        commands: Callable[[Case], Iterable[Command]],
        act: Act,
        also: Callable[[Connection], object] | None = None,
    ) -> tuple[Event, ...]:
        """Several commands upon a case in one transaction, together with other writes.

        Args:
            stream: Of the case.
            commands: What to ask, given the case as it is now; asked again when somebody else was quicker.
            act: The circumstances.
            also: Writes to tables of the exchange that must happen together with the events.

        Returns:
            What happened; nothing when the case already stood so.

        Raises:
            Refusal: when the case refuses.
        """
        for attempt in range(TRIES):
            loaded = self.load(stream)
            events = self._decided(loaded.case, commands(loaded.case), act)
            try:
                with self.ledger.transaction() as tx:
                    if also:
                        also(tx.connection)
                    if events:
                        new = [CASES.to_ledger(e, stream) for e in events]
                        tx.append(stream, new, act, expected_version=loaded.version)
                return tuple(events)
            except VersionConflict:
                if attempt + 1 == TRIES:
                    raise
        raise AssertionError("unreachable")

    def _decided(self, case: Case, commands: Iterable[Command], act: Act) -> Sequence[Event]:
        zone = self.zone(case)
        events: list[Event] = []
        for command in commands:
            said = decide(case, command, actor=act.actor, role=act.role, now=act.occurred_at, zone=zone)
            case = fold(said, case)
            events.extend(said)
        return events

    def zone_of(self, name: str) -> str | None:
        """Time zone of a principal's agency; nothing when they or it are in no registry."""
        with self.reading() as connection:
            people = [p for p in directory.principals(connection) if p.name == name]
            found = directory.find_agency(connection, people[0].agency) if people else None
        return found.zone if found else None

    def zone_of_card(self, source: str | Path | bytes) -> str | None:
        """Time zone of the agency that a card names as its booking agency; nothing when it is in no registry.

        Raises:
            UnreadableCardError: when it is no card.
        """
        ori = read_card(_content(source)[0]).controlling_ori
        with self.reading() as connection:
            found = directory.find_agency(connection, ori)
        return found.zone if found else None

    # -- cards ---------------------------------------------------------------------------------------------------------

    def submit(self, source: str | Path | bytes, act: Act) -> SubmissionResult:
        """Take a card in and send it down the road; the same card again changes nothing.

        Args:
            source: A file or its bytes.
            act: Who hands it in, and when.

        Raises:
            UnreadableCardError: when an answer could not be addressed. Nothing is recorded.
            NotAllowedError: when the actor may not submit.
        """
        self.vouch(act)
        content, file = _content(source)
        before = self.ledger.size()
        stream = road.submit(self, content, act)
        return result_of(self.load(stream).case, file, resubmitted=self.ledger.size() == before)

    def enrol(self, system: System, source: str | Path | bytes, act: Act) -> Enrolment:
        """Put the prints of an earlier encounter into one identification system.

        Raises:
            UnreadableCardError: when the file is no transaction or holds no usable finger.
            NotAllowedError: when the actor may not enrol.
        """
        self.vouch(act)
        return enrolment.enrol(self, system, _content(source)[0], act)

    def resume(self) -> list[str]:
        """Finish every card that was taken in and has not arrived; returns the streams that were finished."""
        return road.resume(self)

    def answer(self, digest: str) -> bytes:
        """The bytes of an answer, by their hash.

        Raises:
            UnknownError: when no such answer is kept here.
        """
        with self.reading() as connection:
            return archive.answer_content(connection, digest)

    # -- who takes part ------------------------------------------------------------------------------------------------

    def add_agency(self, agency: Agency, act: Act) -> None:
        """Register an agency, or state it anew.

        Raises:
            UnknownError: when its county is not in the reference table.
            ExchangeError: when its ORI or zone cannot be used.
        """
        self.vouch(act)
        directory.check_agency(agency)
        self._append(f"agency/{agency.ori}", NewEvent("agency.registered", directory.agency_data(agency)), act)

    def add_principal(self, name: str, role: str, agency: str, act: Act) -> None:
        """Register somebody in a role; a person may have several.

        Raises:
            NotAllowedError: when there is no such role.
        """
        self.vouch(act)
        check_role(role)
        with self.reading() as connection:
            if any(p.name == name and role in p.roles for p in directory.principals(connection)):
                return
        data = {"name": name, "role": role, "agency": agency}
        self._append(f"principal/{name}", NewEvent("principal.registered", data), act)

    def add_reference(self, act: Act) -> None:
        """Record which table of counties agencies are looked up in, when it is another than at the last start."""
        table = reference_digest()
        last = self.ledger.stream(REFERENCE)
        if last and last[-1].data["sha256"] == table:
            return
        data = {"table": "exchange/registry/counties.csv", "sha256": table, "counties": len(county_by_fips())}
        self._append(REFERENCE, NewEvent("reference.adopted", data), act)

    def agency(self, ori: str) -> Agency:
        """The agency of an ORI.

        Raises:
            UnknownError: when it is in no registry.
        """
        with self.reading() as connection:
            return directory.agency(connection, ori)

    def _append(self, stream: str, event: NewEvent, act: Act) -> None:
        with self.ledger.transaction() as tx:
            tx.append(stream, [event], act, expected_version=tx.version(stream))


def _content(source: str | Path | bytes) -> tuple[bytes, str]:
    return (source, "") if isinstance(source, bytes) else (Path(source).read_bytes(), str(source))


def _make_tables(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        known = set(inspect(connection).get_table_names())
    if not known.issuperset(METADATA.tables):
        with ledger.transaction() as tx:
            METADATA.create_all(tx.connection, checkfirst=True)
