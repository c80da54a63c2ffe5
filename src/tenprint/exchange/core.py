"""The core of the exchange: load a case, ask its decider, append what it says. It knows no desk and no road.

Everything else of the exchange stands on it: the road of a card, the systems, the desks of people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, inspect

from tenprint.cases import Case, fold
from tenprint.cases.card.commands import CorrectAct
from tenprint.cases.card.decide import decide
from tenprint.cases.card.events import Event
from tenprint.cases.custody.view import Custody
from tenprint.cases.kernel.value import Command
from tenprint.exchange import archive, criminal, directory, docket, door, immigration, presence, standing
from tenprint.exchange.cards import Extract, content_of, read_card
from tenprint.exchange.codec import CASES
from tenprint.exchange.custodies import Surroundings, case_of
from tenprint.exchange.errors import TRIES, ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.people import People
from tenprint.exchange.registry import Agency, county_by_fips, reference_digest
from tenprint.exchange.roles import check_role, role_for, rule_of, table
from tenprint.exchange.schema import METADATA
from tenprint.ledger import Act, Ledger, NewEvent, NotALedger, Projection, VersionConflict

FOLLOWS = frozenset({"detainer.withdrawn", "detainer.issued"})
"""Kinds that an act brings with it and that are taken back with it."""
REFERENCE = "exchange/reference"
"""Stream that says which reference tables were in use from when on."""


class Loaded:
    """A case with the version of its stream that it reflects."""

    def __init__(self, stream: str, case: Case, version: int) -> None:
        self.stream = stream
        self.case = case
        self.version = version


class Core:
    """An open exchange without its desks.

    Attributes:
        ledger: Where every act is an event.
        criminal: Prints of the criminal system.
        immigration: Prints of the immigration system.
        extract: Pixels to template.
        troubles: Branches that failed and will be tried again, one line each.
        present: Who is signed in, where names are checked; nobody, until whoever opened the exchange says so.
    """

    def __init__(self, ledger: Ledger, extract: Extract, projections: Sequence[Projection] = ()) -> None:
        self.ledger = ledger
        self.extract = extract
        self.criminal = criminal.open_prints()
        self.immigration = immigration.open_prints()
        self.troubles: list[str] = []
        self.present: presence.Presence = presence.nobody
        _make_tables(ledger)
        own: tuple[Projection, ...] = (directory.Directory(), docket.Docket(), People())
        for projection in (*own, *projections):
            ledger.register(projection)

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
        who = self.person(name)
        role = role_for(what, who.roles, name)
        rule = table().acts[what] if isinstance(what, str) else rule_of(what)
        return Act(name, role, rule.purpose, rule.authority, at or self.ledger.now())

    def person(self, name: str) -> directory.Principal:
        """Somebody who acts, or stands beside an act: registered by events and, where names are checked, signed in.

        Raises:
            NotAllowedError: when they are not.
        """
        return presence.person(self.ledger, name, self.present)

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
        who = self.person(act.actor)
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
        return Loaded(stream, case_of(entries), len(entries))

    def surroundings(self, stream: str) -> Surroundings:
        """A case with the other cards of its custody and person."""
        with self.reading() as connection:
            return Surroundings(self.ledger, connection, stream)

    def custody(self, stream: str) -> Custody:
        """The custody that a card belongs to, over all its cards."""
        with self.reading() as connection:
            return Surroundings(self.ledger, connection, stream).whole

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
        if second := getattr(command, "second", ""):
            presence.check_present(self.ledger, second, self.present)
        stream = self.stream_of(tcn, ori)
        with self.reading() as connection:
            known = Surroundings(self.ledger, connection, stream)
            standing.check_place(connection, known.facility, act)
            command = door.answered(connection, known, command, act)
        return self.change(stream, lambda _: [command], act)

    def correct(
        self,
        tcn: str,
        seq: int,
        reason: str,
        *,
        second: str,
        name: str,
        at: datetime | None = None,
        ori: str | None = None,
    ) -> tuple[Event, ...]:
        """Take back an act upon a case, by the ledger position of one of its events; both stay on the ledger.

        Args:
            tcn: The case.
            seq: Position on the ledger, as ``case show`` prints it.
            reason: What was wrong.
            second: The second person.
            name: Who corrects.
            at: When; the ledger's clock when not given.
            ori: Submitting agency, when two used the same control number.

        Raises:
            UnknownError: when no event of the case has that position.
            Refusal: when it cannot be taken back, or not by them.
        """
        stream = self.stream_of(tcn, ori)
        entries = self.ledger.stream(stream)
        found = next((e for e in entries if e.seq == seq), None)
        if found is None:
            raise UnknownError(f"entry {seq} is no event of {tcn}: `tenprint case show {tcn}` prints their positions")
        together = [e for e in entries if e.recorded_at == found.recorded_at and e.actor == found.actor]
        command = CorrectAct(
            acts=tuple(e.version for e in together if e.kind == found.kind or e.kind in FOLLOWS),
            kind=found.kind, made_by=found.actor, made_as=found.role, reason=reason, second=second,
        )  # fmt: skip
        return self.do(tcn, command, self.act(name, CorrectAct, at), ori=ori)

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
            with self.reading() as connection:
                around = Surroundings(self.ledger, connection, stream)
                events = self._decided(around, commands(around.case), act)
            try:
                with self.ledger.transaction() as tx:
                    if also:
                        also(tx.connection)
                    if events:
                        new = [CASES.to_ledger(e, stream) for e in events]
                        tx.append(stream, new, act, expected_version=around.version)
                return tuple(events)
            except VersionConflict:
                if attempt + 1 == TRIES:
                    raise
        raise AssertionError("unreachable")

    def _decided(self, known: Surroundings, commands: Iterable[Command], act: Act) -> Sequence[Event]:
        case = known.case
        events: list[Event] = []
        for command in commands:
            said = decide(
                case, command, actor=act.actor, role=act.role, now=act.occurred_at, zone=known.zone, around=known.around
            )  # fmt: skip
            case = fold(said, case)
            events.extend(said)
        return events

    def zone_of(self, name: str) -> str | None:
        """Time zone of a principal's agency; nothing when they or it are in no registry."""
        with self.reading() as connection:
            people = [p for p in directory.principals(connection) if p.name == name]
            found = directory.find_agency(connection, people[0].agency) if people else None
        return found.zone if found else None

    def agency_of(self, name: str) -> str:
        """The agency of a principal.

        Raises:
            NotAllowedError: when nobody of that name is registered.
        """
        with self.reading() as connection:
            return directory.principal(connection, name).agency

    def zone_of_card(self, source: str | Path | bytes) -> str | None:
        """Time zone of the agency that a card names as its booking agency; nothing when it is in no registry.

        Raises:
            UnreadableCardError: when it is no card.
        """
        ori = read_card(content_of(source)[0]).controlling_ori
        with self.reading() as connection:
            found = directory.find_agency(connection, ori)
        return found.zone if found else None

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

    def add_bed_rate(self, ori: str, cents_per_day: int, source: str, since: date, act: Act) -> None:
        """Register what a facility publishes as the cost of a bed-day.

        Raises:
            UnknownError: when the facility is in no registry.
            ExchangeError: without a source, or for less than nothing.
        """
        self.vouch(act)
        self.agency(ori)
        if cents_per_day < 0 or not source.strip():
            raise ExchangeError("a rate is cents, zero or more, with the source that publishes it")
        data = {"ori": ori, "cents_per_day": cents_per_day, "source": source, "since": since.isoformat()}
        self._append(f"agency/{ori}", NewEvent("agency.bed_rate", data), act)

    def add_office(self, code: str, covers: tuple[str, ...], act: Act) -> None:
        """Register which states and counties a field office covers; stated anew it replaces what was.

        Raises:
            UnknownError: when a place is neither a state nor a county of the reference table.
        """
        self.vouch(act)
        states = {c.state for c in county_by_fips().values()}
        for place in covers:
            if place not in states and place not in county_by_fips():
                raise UnknownError(f"expected a state such as TX or a county such as 48453; got {place!r}")
        self._append(f"office/{code}", NewEvent(directory.OFFICE, {"office": code, "covers": list(covers)}), act)

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

    def end_role(self, name: str, role: str, reason: str, act: Act) -> None:
        """End a role of somebody; what they did in it stays.

        Raises:
            NotAllowedError: when they do not hold it.
            ExchangeError: without a reason, or when nobody would be left to administer.
        """
        self.vouch(act)
        with self.reading() as connection:
            who = directory.principal(connection, name)
            others = [p for p in directory.principals(connection) if p.name != name and role in p.roles]
        if role not in who.roles:
            raise NotAllowedError(f"{name} is registered as {', '.join(who.roles)}, not as {role}")
        if not reason.strip():
            raise ExchangeError("say why the role ends: --reason")
        if role == "administrator" and not others:
            raise ExchangeError(f"{name} is the only administrator: register another one first")
        data = {"name": name, "role": role, "reason": reason}
        self._append(f"principal/{name}", NewEvent(presence.ENDED, data), act)

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


def _make_tables(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        known = set(inspect(connection).get_table_names())
    if known.issuperset(METADATA.tables):
        return
    try:
        with ledger.transaction() as tx:
            METADATA.create_all(tx.connection, checkfirst=True)
    except NotALedger:
        if not known & METADATA.tables.keys():
            raise
        # a file of an earlier release that may only be read lacks what only writing needs
