"""The rights office over an open exchange: intake, conversation, looks that leave a mark, receipts that prove.

Authority: 6 U.S.C. 345; 42 U.S.C. 2000ee-1. Whoever holds a receipt acts as ``complainant`` and has no name here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from tenprint.cases import Case
from tenprint.cases import complaint as complaints
from tenprint.cases.card.commands import MakeClaim, StateFact
from tenprint.cases.card.events import ClaimKind, Event
from tenprint.cases.card.record import RETALIATION_WATCH
from tenprint.cases.complaint import Clock, Complaint, Targets, clocks
from tenprint.cases.complaint import commands as cmd
from tenprint.cases.complaint import events as ev
from tenprint.cases.complaint.roles import COMPLAINANT, PERMITTED
from tenprint.cases.kernel.value import Command
from tenprint.exchange import directory
from tenprint.exchange.codec import Codec
from tenprint.exchange.core import Core
from tenprint.exchange.errors import TRIES, ExchangeError, NotAllowedError, UnknownError
from tenprint.exchange.rights import codes, receipts, register, uploads, vault
from tenprint.exchange.rights.receipts import Receipts
from tenprint.exchange.rights.times import StepTimes, summarize
from tenprint.exchange.rights.uploads import Upload
from tenprint.exchange.rights.vault import OfficeKey
from tenprint.ledger import Act, Entry, NewEvent, VersionConflict

PURPOSE, AUTHORITY = "civil-rights complaint", "6 U.S.C. 345; 42 U.S.C. 2000ee-1"
COMPLAINTS: Codec[ev.ComplaintEvent] = Codec(ev.event_types)
"""Events of a complaint: texts under the complaint's key, the filer under another."""
OFFICE = "rights/office"
"""Stream of the office itself: how receipts are hashed, its public keys, its targets."""


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """What a filer hands in."""

    language: str
    text: str
    channel: ev.Channel = "web"
    against: ev.Against = "unknown"
    topics: tuple[ev.Topic, ...] = ()
    place: str = ""
    name: str = ""
    contact: str = ""
    """Name and contact are optional; together they are the identity."""
    uploads: tuple[Upload, ...] = ()
    paper: str = ""
    """Code of the paper form it was written on."""


class Filed(msgspec.Struct, frozen=True):
    """What became of it."""

    number: str
    seq: int
    is_new: bool
    """False: this very filing had come in already."""


class Line(msgspec.Struct, frozen=True):
    """One event in plain words."""

    seq: int
    when: datetime
    who: str
    role: str
    what: str


class Rights:
    """The office over an open exchange."""

    def __init__(self, exchange: Core, *, cost: dict[str, int] | None = None) -> None:
        self.exchange = exchange
        self.ledger = exchange.ledger
        with self.ledger.transaction() as tx:
            register.FILES.create_all(tx.connection, checkfirst=True)
        self.receipts = self._founded(cost or {})

    def _founded(self, cost: dict[str, int]) -> Receipts:
        """How receipts are hashed: decided once, by the first who opens the office."""
        found = [e for e in self.ledger.stream(OFFICE) if e.kind == "rights.founded"]
        if not found:
            made = Receipts.make(**cost)
            self._office(NewEvent("rights.founded", msgspec.to_builtins(made)), self._machine(None))
            return made
        return msgspec.convert(found[0].data, Receipts)

    def _office(self, event: NewEvent, act: Act) -> None:
        with self.ledger.transaction() as tx:
            tx.append(OFFICE, [event], act, expected_version=tx.version(OFFICE))

    # -- who acts ------------------------------------------------------------------------------------------------------

    def _machine(self, at: datetime | None) -> Act:
        return Act(directory.SYSTEM, "system", PURPOSE, AUTHORITY, at or self.ledger.now())

    def _filer(self, at: datetime | None) -> Act:
        return Act(COMPLAINANT, COMPLAINANT, PURPOSE, AUTHORITY, at or self.ledger.now())

    def act(self, name: str | None, what: type[Command], at: datetime | None = None) -> Act:
        """The circumstances of an act upon a complaint, of a registered principal or (no name) of the road itself.

        Raises:
            NotAllowedError: when nobody of that name is registered, or none of their roles may do this.
        """
        if name is None:
            return self._machine(at)
        who = self.exchange.person(name)
        may = PERMITTED[what]
        for role in who.roles:
            if role in may:
                return Act(name, role, PURPOSE, AUTHORITY, at or self.ledger.now())
        people = " or ".join(role for role in may if role != COMPLAINANT)
        raise NotAllowedError(f"{name} is registered as {', '.join(who.roles)}; {what.__name__} is for {people}")

    # -- the office's own settings -------------------------------------------------------------------------------------

    @property
    def public_key(self) -> bytes | None:
        """The newest public key for identities; nothing until the office has made one: then no names are taken."""
        keys = [e.data["public"] for e in self.ledger.stream(OFFICE) if e.kind == "rights.key_published"]
        return bytes.fromhex(keys[-1]) if keys else None

    def publish_key(self, key: OfficeKey, name: str, at: datetime | None = None) -> str:
        """Make a new key the one that names are closed for; returns its short name."""
        event = NewEvent("rights.key_published", {"key": vault.key_id(key.public), "public": key.public.hex()})
        self._office(event, self.act(name, cmd.Triage, at))
        return vault.key_id(key.public)

    @property
    def targets(self) -> Targets:
        """How long each step may take."""
        set_ = [e.data for e in self.ledger.stream(OFFICE) if e.kind == "rights.targets_set"]
        return msgspec.convert(set_[-1], Targets) if set_ else Targets()

    def set_targets(self, targets: Targets, name: str, at: datetime | None = None) -> None:
        """Change how long steps may take from now on."""
        self._office(NewEvent("rights.targets_set", msgspec.to_builtins(targets)), self.act(name, cmd.Triage, at))

    # -- intake --------------------------------------------------------------------------------------------------------

    def file(self, filing: Filing, words: str = "", *, name: str = "", at: datetime | None = None) -> Filed:
        """Take a complaint in. The same words again return what they filed.

        Args:
            filing: What is handed in; its uploads are cleaned already.
            words: The receipt the filer keeps; empty when it stands on a paper form or none is taken.
            name: Who of the office takes it in (paper, hotline); empty: the filer.
            at: When.

        Raises:
            Refusal: when the text is empty or too long.
            ExchangeError: when a name is given and the office has no key, or the paper form is unknown or used.
        """
        receipt = self.receipts.handle(words) if words else ""
        paper = codes.tidy(filing.paper) if filing.paper else ""
        identity = self._identity(filing)
        stored = [uploads.encrypt(upload) for upload in filing.uploads]
        act = self.act(name, cmd.FileComplaint, at) if name else self._filer(at)
        with self.ledger.transaction() as tx:
            if paper:
                receipt = _unused_form(tx.connection, paper)
            known = register.by_receipt(tx.connection, receipt)
            if known is not None:
                return Filed(known, tx.stream(f"complaint/{known}")[0].seq, is_new=False)
            number = register.next_number(tx.connection, act.occurred_at.year)
            command = cmd.FileComplaint(
                number=number,
                channel=filing.channel,
                language=filing.language,
                text=filing.text,
                against=filing.against,
                topics=filing.topics,
                place=filing.place,
                receipt=receipt,
                paper=paper,
                identity=identity,
                files=tuple(file for file, _ in stored),
            )
            made = complaints.decide(
                Complaint(), command, actor=act.actor, role=act.role, now=act.occurred_at, targets=self.targets
            )
            _store(tx.connection, stored)
            new = [COMPLAINTS.to_ledger(e, f"{e.OF}/{number}") for e in made]
            entries = tx.append(f"complaint/{number}", new, act, expected_version=0)
        return Filed(number, entries[0].seq, is_new=True)

    def _identity(self, filing: Filing) -> cmd.Identity | None:
        who = {"name": filing.name.strip(), "contact": filing.contact.strip()}
        if not any(who.values()):
            return None
        public = self.public_key
        if public is None:
            raise ExchangeError(
                "the rights office has no key yet, so names cannot be closed for it. File without a name, or let the "
                "office make one: tenprint complaint key --out rights.key --as NAME"
            )
        text = json.dumps(who, ensure_ascii=False)
        return cmd.Identity(key=vault.key_id(public), box=vault.close(public, text))

    def print_form(self, language: str, at: datetime | None = None) -> tuple[str, str]:
        """A paper form: its code, which may be seen by anybody, and the words of its stub, which are kept nowhere."""
        code, words = codes.draw(), receipts.draw(language)
        data = {"code": code, "receipt": self.receipts.handle(words), "language": language}
        event = NewEvent("complaint.form_printed", data)
        self.ledger.append(f"form/{code}", [event], self._machine(at), expected_version=0)
        return code, words

    # -- with the receipt ----------------------------------------------------------------------------------------------

    def number_of(self, words: str) -> str | None:
        """The complaint that these words open; nothing when there is none."""
        return self.number_for(self.receipts.handle(words))

    def number_for(self, handle: str) -> str | None:
        """The complaint with this hash of its words."""
        with self.exchange.reading() as connection:
            return register.by_receipt(connection, handle)

    def conversation(self, number: str) -> tuple[Complaint, tuple[Clock, ...], tuple[datetime, ...]]:
        """What the filer sees: the complaint, its clocks, and when each message was written."""
        entries = self._entries(number)
        events = [COMPLAINTS.from_ledger(e) for e in entries]
        history = [(e.occurred_at, event) for e, event in zip(entries, events, strict=True)]
        written = tuple(when for when, event in history if isinstance(event, ev.Written))
        return complaints.fold(events), clocks(history), written

    def reply(self, number: str, text: str, files: Sequence[Upload] = (), *, at: datetime | None = None) -> None:
        """A message of the filer.

        Raises:
            Refusal: when it is empty or too long.
        """
        stored = [uploads.encrypt(upload) for upload in files]
        command = cmd.Write(writer="complainant", text=text, files=tuple(file for file, _ in stored))
        self._change(number, command, self._filer(at), lambda connection: _store(connection, stored))

    def proof(self, number: str) -> dict[str, Any]:
        """The receipt as a proof: the complaint's text and salt, its place in a signed checkpoint. Holds the text."""
        document = self.ledger.prove(self._entries(number)[0].seq, disclose=True)
        return document | {"verifier": str(self.ledger.verifier)}

    # -- in the office -------------------------------------------------------------------------------------------------

    def do(
        self, number: str, command: Command, name: str | None, at: datetime | None = None
    ) -> tuple[ev.ComplaintEvent, ...]:
        """One act of the office upon a complaint; without a name, of the road itself.

        Raises:
            Refusal: when it may not happen.
            NotAllowedError: when this principal may not.
            UnknownError: when there is no such complaint.
        """
        act = self.act(name, type(command), at)
        if isinstance(command, cmd.LinkCase):
            command = self._case_of(command)
        made = self._change(number, command, act)
        for event in made:
            if isinstance(event, ev.WatchSet | ev.WatchEnded):
                self._watch(event, number, name, act.occurred_at)
        return made

    def follow(self, name: str | None, at: datetime | None = None, *, card: str | None = None) -> list[tuple[str, str]]:
        """Link every other card of the people who are watched over: a new booking is a further act.

        Args:
            name: Who acts; nobody: the road itself, for a card that arrives.
            at: When.
            card: Look at this card alone, by the stream of its case.

        Returns:
            Complaint and control number of each card that is now watched too.
        """
        with self.exchange.reading() as connection:
            watches = register.watches(connection)
            streams = register.cards(connection) if card is None else [card]
        watched = {(tcn, ori) for _, tcn, ori in watches}
        people = {key: _identities(self.exchange.load(f"case/{key[1]}/{key[0]}").case) for key in watched}
        found = []
        for stream in streams if watches else ():
            _, ori, tcn = stream.split("/", 2)
            who = _identities(self.exchange.load(stream).case) if (tcn, ori) not in watched else frozenset()
            for number, of, by in watches:
                if who & people[of, by]:
                    self.do(number, cmd.LinkCase(tcn=tcn, ori=ori, is_subject=True), name, at)
                    found.append((number, tcn))
        return list(dict.fromkeys(found))

    def read(self, number: str, name: str, purpose: str, at: datetime | None = None) -> Complaint:
        """The complaint with what is sealed; the look is an event."""
        self._change(number, cmd.Look(what="complaint", purpose=purpose), self.act(name, cmd.Look, at))
        return self.conversation(number)[0]

    def identity(
        self, number: str, name: str, purpose: str, key: OfficeKey, at: datetime | None = None
    ) -> dict[str, str]:
        """Who the filer is; the look is an event, also when the key does not open it.

        Raises:
            ExchangeError: when the key is another one, or the identity was expunged.
        """
        self._change(number, cmd.Look(what="identity", purpose=purpose), self.act(name, cmd.Look, at))
        named = self.conversation(number)[0].named
        if named is None or not named.box:
            raise ExchangeError(f"complaint {number}: the identity was expunged")
        who: dict[str, str] = json.loads(key.open(named.box))
        return who

    def attachment(self, number: str, file: int, name: str, purpose: str, at: datetime | None = None) -> Upload:
        """One file; the look is an event."""
        look = cmd.Look(what="attachment", purpose=purpose, attachment=file)
        self._change(number, look, self.act(name, cmd.Look, at))
        attached = next(f for f in self.conversation(number)[0].files if f.number == file)
        with self.exchange.reading() as connection:
            body = connection.execute(
                select(register.FILE.c.content).where(register.FILE.c.digest == attached.digest)
            ).scalar_one()
        return Upload(attached.name, attached.media, uploads.decrypt(attached.secret, body))

    def expunge_identity(self, number: str, name: str, at: datetime | None = None) -> None:
        """Destroy the key of the filer's identity for good."""
        self._entries(number)
        self.ledger.expunge(f"complainant/{number}", self.act(name, cmd.Close, at))

    # -- open facts, for everybody -------------------------------------------------------------------------------------

    def register(self, *, only_open: bool = False) -> list[dict[str, str]]:
        """Every complaint with its open facts, oldest first."""
        with self.exchange.reading() as connection:
            found = register.rows(connection, only_open=only_open)
        return [{k: v for k, v in row._mapping.items() if k != "receipt"} for row in found]  # noqa: SLF001

    def facts(self, number: str) -> list[Line]:
        """What everybody may know of a complaint: what happened, without a word of what is sealed."""
        return [
            Line(e.seq, e.occurred_at, e.actor, e.role, complaints.words.say(COMPLAINTS.from_ledger(e, opened=False)))
            for e in self._entries(number)
        ]

    def clocks(self, number: str) -> tuple[Clock, ...]:
        """Its clocks."""
        return clocks([(e.occurred_at, COMPLAINTS.from_ledger(e, opened=False)) for e in self._entries(number)])

    def times(self) -> list[StepTimes]:
        """How long each step really takes, over all complaints."""
        every = [clock for row in self.register() for clock in self.clocks(row["number"])]
        return summarize(every, self.ledger.now())

    # -- claims that act at once ---------------------------------------------------------------------------------------

    def hotline(
        self,
        tcn: str,
        claim: ClaimKind,
        statement: str,
        name: str,
        at: datetime | None = None,
        *,
        ori: str | None = None,
    ) -> tuple[Event, ...]:
        """A call: the request to hold is withdrawn in the same moment, and somebody owes an answer."""
        act = self.exchange.act(name, MakeClaim, at)
        command = MakeClaim(claim=claim, channel="hotline", statement=statement)
        return self.exchange.do(tcn, command, act, ori=ori)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _entries(self, number: str) -> list[Entry]:
        entries = [e for e in self.ledger.stream(f"complaint/{number}") if e.kind in COMPLAINTS.kinds]
        if not entries:
            raise UnknownError(f"no complaint {number!r} is known here; `tenprint complaint list` shows their numbers")
        return entries

    def _change(
        self, number: str, command: Command, act: Act, also: Callable[[Connection], object] | None = None
    ) -> tuple[ev.ComplaintEvent, ...]:
        for attempt in range(TRIES):
            entries = self._entries(number)
            state = complaints.fold(COMPLAINTS.from_ledger(e) for e in entries)
            made = complaints.decide(
                state, command, actor=act.actor, role=act.role, now=act.occurred_at, targets=self.targets
            )
            if not made:
                return ()
            try:
                with self.ledger.transaction() as tx:
                    if also:
                        also(tx.connection)
                    new = [COMPLAINTS.to_ledger(e, f"{e.OF}/{number}") for e in made]
                    tx.append(f"complaint/{number}", new, act, expected_version=entries[-1].version)
            except VersionConflict:
                if attempt + 1 == TRIES:
                    raise
            else:
                return tuple(made)
        raise AssertionError("unreachable")

    def _case_of(self, command: cmd.LinkCase) -> cmd.LinkCase:
        """The case by its full name: control number and submitting agency."""
        stream = self.exchange.stream_of(command.tcn, command.ori or None)
        return msgspec.structs.replace(command, ori=stream.split("/")[1])

    def _watch(self, event: ev.WatchSet | ev.WatchEnded, number: str, name: str | None, at: datetime) -> None:
        """State in the case that it is watched, or no longer, unless another complaint still asks for it."""
        on = isinstance(event, ev.WatchSet)
        with self.exchange.reading() as connection:
            others = [n for n in register.watching(connection, event.tcn, event.ori) if n != number]
        if others:
            return
        fact = StateFact(name=RETALIATION_WATCH, value=on, source=f"complaint {number}")
        act = self.exchange.act(name, StateFact, at) if name and on else self.exchange.machine(StateFact, at)
        self.exchange.do(event.tcn, fact, act, ori=event.ori)


def _identities(case: Case) -> frozenset[str]:
    """The identities that the two identification systems found for a card."""
    found = [f"{name} {s.identity}" for name, s in (("c", case.criminal), ("i", case.immigration)) if s and s.hit]
    return frozenset(found)


def _unused_form(connection: Connection, code: str) -> str:
    form = register.form(connection, code)
    if form is None:
        raise UnknownError(f"no form with the code {code!r} was printed here; read it again from the form's corner")
    if form.used:
        raise ExchangeError(f"the form {form.code} was entered already, as complaint {form.used}")
    return str(form.receipt)


def _store(connection: Connection, stored: Sequence[tuple[cmd.File, bytes]]) -> None:
    for file, body in stored:
        connection.execute(insert(register.FILE).values(digest=file.digest, content=body))
