"""Holds what lies beside the ledger against its events: cards, answers, prints, enrolments, traces of matches, files.

Every row is either a copy of something that an event names by hash, or follows from events. Whatever differs is named;
what events of earlier releases did not bind is counted, so that nobody takes silence for a proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, MetaData, Table, inspect, select

from tenprint.exchange import criminal, immigration
from tenprint.exchange.close_calls import CloseCalls
from tenprint.exchange.directory import Directory
from tenprint.exchange.docket import Docket
from tenprint.exchange.findings.register import Register as FindingRegister
from tenprint.exchange.lookup import Words, key_of
from tenprint.exchange.people import People
from tenprint.exchange.presence import ENDED, REGISTERED
from tenprint.exchange.prints import templates_hash
from tenprint.exchange.reads import Reads
from tenprint.exchange.rights.register import FILE, Register
from tenprint.exchange.roles import table as acts
from tenprint.exchange.schema import ANSWER, CARD, ENCOUNTER, METADATA, PROBE
from tenprint.ledger import Entry, Ledger, Problem, Projection
from tenprint.ledger.tables import metadata as ledger_tables

STANDING = "detainer.declined"
"""Kind of the answer that a standing decline gives in the name of whoever stated it, whatever became of their role."""

OF_ABOVE = frozenset({"accounts_credential", "accounts_session", "accounts_failure", "doors_lease"})
"""Tables of the rooms above: accounts check theirs themselves, a lease is worth seconds."""

PRINTS: Mapping[str, tuple[Table, Table]] = {
    "criminal": (criminal.PRINT, criminal.ENROLMENT),
    "immigration": (immigration.PRINT, immigration.ENROLMENT),
}


def projections(ledger: Ledger) -> list[Projection]:
    """Everything that an exchange derives from its events."""
    words = Words(key_of(ledger))
    return [Directory(), Docket(), People(), CloseCalls(), Register(), FindingRegister(), Reads(), words]


class _Enrolled:
    """What events say of one enrolment."""

    def __init__(self, entry: Entry) -> None:
        self.system, self.identity = str(entry.data["system"]), str(entry.data["identity"])
        self.encounter, self.card = int(entry.data["encounter"]), str(entry.data["card"])
        self.fingers = [int(f) for f in entry.data["fingers"]]
        self.bound: str | None = entry.data.get("templates")
        self.expunged = False


class _Said:
    """What the events say, read once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.enrolled: dict[int, _Enrolled] = {}
        self.cards: set[str] = set()
        self.kept: dict[str, str] = {}
        self.answers: dict[str, tuple[str, str, str, str]] = {}
        self.traces: dict[tuple[str, str, str], str] = {}
        self.strangers: list[str] = []
        self._roles: dict[str, set[str]] = {}
        self._submitted: dict[str, Mapping[str, object]] = {}
        self._gate: dict[str, str] = {}
        for entry in entries:
            self._who(entry)
            self._read(entry)

    def _who(self, entry: Entry) -> None:
        """Every act of a person in a role that an earlier event gave them; the first registration founds the rest."""
        data, founded = entry.data, bool(self._roles)
        if founded and entry.role in acts().roles and entry.role not in self._roles.get(entry.actor, ()):
            what = f"{entry.actor} acted as {entry.role} ({entry.kind}): no event gave them that role"
            if entry.kind != STANDING:
                self.strangers.append(f"entry {entry.seq}: {what}")
        if entry.kind == REGISTERED:
            self._roles.setdefault(str(data["name"]), set()).add(str(data["role"]))
        elif entry.kind == ENDED:
            self._roles.get(str(data["name"]), set()).discard(str(data["role"]))

    def _read(self, entry: Entry) -> None:
        data, stream = entry.data, entry.stream
        if entry.kind == "identity.enrolled":
            self.enrolled[entry.seq] = _Enrolled(entry)
        elif entry.kind in {"submission.accepted", "submission.rejected"}:
            self.cards.add(str(data["card"]))
            self._submitted[stream] = data
            if data.get("retain"):
                self.kept[str(data["card"])] = stream
        elif entry.kind == "gate.decided":
            self._gate[stream] = str(data["on"])
        elif entry.kind == "immigration.searched":
            self._trace(stream, data)
        elif entry.kind == "response.sent":
            self.answers[str(data["body"])] = (stream, str(data["response"]), str(data["tcn"]), str(data["tcr"]))
        elif entry.kind == "card.expunged":
            self._card_gone(str(data["subject"]), str(data["card"]))
        elif entry.kind == "identity.expunged":
            self._identity_gone(str(data["system"]), str(data["identity"]))

    def _trace(self, stream: str, data: Mapping[str, object]) -> None:
        taken = self._submitted.get(stream, {})
        if data["hit"] and taken.get("retain"):
            key = (str(data["identity"]), str(taken["controlling_ori"]), str(taken["tcn"]))
            self.traces.setdefault(key, self._gate.get(stream, ""))

    def _card_gone(self, stream: str, card: str) -> None:
        self.kept.pop(card, None)
        self.answers = {body: told for body, told in self.answers.items() if told[0] != stream}
        taken = self._submitted.get(stream, {})
        gone = (taken.get("controlling_ori"), taken.get("tcn"))
        self.traces = {key: on for key, on in self.traces.items() if key[1:] != gone}
        for enrolled in self.enrolled.values():
            enrolled.expunged |= enrolled.system == "criminal" and enrolled.card == card

    def _identity_gone(self, system: str, identity: str) -> None:
        for enrolled in self.enrolled.values():
            enrolled.expunged |= (enrolled.system, enrolled.identity) == (system, identity)
        if system == "immigration":
            self.traces = {key: on for key, on in self.traces.items() if key[0] != identity}


def audit(ledger: Ledger) -> tuple[list[Problem], list[str]]:
    """Everything beside the ledger that does not follow from it, and what nothing binds.

    Returns:
        Problems, and sentences about what could not be checked.
    """
    problems: list[Problem] = []
    with ledger.reading() as (connection, entries):
        here = set(inspect(connection).get_table_names())
        problems += [_problem("schema", line) for line in _schema(ledger, connection, here)]
        if CARD.name not in here:
            return problems, []
        said = _Said(entries)
        for check in (_cards, _answers, _prints, _traces, _roads):
            problems += [_problem("store", line) for line in check(connection, said)]
        problems += [_problem("actor", line) for line in said.strangers]
        if FILE.name in here:
            problems += [_problem("store", line) for line in _bytes(connection, FILE, "digest")]
        unbound = sum(e.bound is None and not e.expunged for e in said.enrolled.values())
    told = [f"{unbound} enrolments of an earlier release bind no prints: their fingers were counted, not compared"]
    return problems, told if unbound else []


def _problem(what: str, message: str) -> Problem:
    return Problem(None, what, message)


def _schema(ledger: Ledger, connection: Connection, here: set[str]) -> Iterator[str]:
    """Tables, views and triggers that no release makes: what runs beside the program changes what it stores."""
    own: set[str] = set()
    collections: tuple[MetaData, ...] = (ledger_tables, METADATA)
    for collection in collections:
        own |= set(collection.tables)
    own |= {FILE.name} | OF_ABOVE | {table.name for projection in projections(ledger) for table in projection.tables}
    if connection.dialect.name != "sqlite":
        query = (
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
            " UNION SELECT tablename, rulename FROM pg_rules WHERE schemaname = current_schema()"
        )
        for table, name in connection.exec_driver_sql(query):
            if table in own:
                yield f"trigger or rule {name!r} on table {table}: no release makes one"
        return
    yield from (f"table {name!r}: no release makes it" for name in sorted(here - own) if not name.startswith("sqlite_"))
    query = "SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name"
    for kind, name, table in connection.exec_driver_sql(query):
        yield f"{kind} {name!r} on {table}: no release makes one"


def _bytes(connection: Connection, table: Table, named: str) -> Iterator[str]:
    """Rows whose bytes are not those of their own name."""
    for digest, content in connection.execute(select(table.c[named], table.c.content)):
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
            yield f"{table.name} {digest}: its bytes were changed, they have another hash"


def _cards(connection: Connection, said: _Said) -> Iterator[str]:
    yield from _bytes(connection, CARD, "card")
    stored = set(connection.scalars(select(CARD.c.card)))
    yield from (f"card {c} of {said.kept[c]}: its bytes are missing" for c in sorted(said.kept.keys() - stored))
    yield from (f"card {c}: no event names it" for c in sorted(stored - said.cards))


def _answers(connection: Connection, said: _Said) -> Iterator[str]:
    yield from _bytes(connection, ANSWER, "answer")
    columns = (ANSWER.c.answer, ANSWER.c.kind, ANSWER.c.tcn, ANSWER.c.tcr)
    stored = {row.answer: (row.kind, row.tcn, row.tcr) for row in connection.execute(select(*columns))}
    for body, (stream, *named) in sorted(said.answers.items()):
        if body not in stored:
            yield f"answer {body} of {stream}: its bytes are missing"
        elif stored[body] != tuple(named):
            yield f"answer {body} of {stream}: stored as {' '.join(stored[body])}, its event says {' '.join(named)}"
    yield from (f"answer {body}: no event names it" for body in sorted(stored.keys() - said.answers.keys()))


def _prints(connection: Connection, said: _Said) -> Iterator[str]:
    for system, (table, enrolments) in PRINTS.items():
        expected = {seq: e for seq, e in said.enrolled.items() if e.system == system}
        yield from _enrolments(connection, enrolments, expected)
        found: dict[tuple[int, str, int], dict[int, bytes]] = {}
        for row in connection.execute(select(table)):
            found.setdefault((row.seq, row.identity, row.encounter), {})[row.position] = row.template
        for seq, enrolled in expected.items():
            templates = found.pop((seq, enrolled.identity, enrolled.encounter), {})
            wrong = _print_fault(enrolled, templates)
            if wrong:
                yield f"prints of {system}/{enrolled.identity}, encounter {enrolled.encounter} (entry {seq}): {wrong}"
        for (seq, identity, encounter), templates in sorted(found.items()):
            told = f"{len(templates)} prints of {system}/{identity}, encounter {encounter}"
            yield f"{told}: entry {seq} enrolled no such person"


def _print_fault(enrolled: _Enrolled, templates: Mapping[int, bytes]) -> str:
    if enrolled.expunged:
        return "are here although they were expunged" if templates else ""
    if sorted(templates) != sorted(enrolled.fingers):
        return f"expected fingers {sorted(enrolled.fingers)}, there are {sorted(templates)}"
    if enrolled.bound is not None and templates_hash(templates) != enrolled.bound:
        return "are not those that were enrolled: they have another hash"
    return ""


def _enrolments(connection: Connection, table: Table, expected: Mapping[int, _Enrolled]) -> Iterator[str]:
    live = {(r.seq, r.identity, r.encounter, r.card) for r in connection.execute(select(table))}
    should = {
        (seq, e.identity, e.encounter, f"expunged/{seq}" if e.expunged else e.card) for seq, e in expected.items()
    }
    yield from (f"{table.name} {row}: is missing" for row in sorted(should - live, key=str))
    yield from (f"{table.name} {row}: no event says so" for row in sorted(live - should, key=str))


def _traces(connection: Connection, said: _Said) -> Iterator[str]:
    live = {(r.identity, r.agency, r.tcn): str(r.on) for r in connection.execute(select(ENCOUNTER))}
    for key in sorted(said.traces.keys() - live.keys()):
        yield f"{ENCOUNTER.name} {key}: is missing"
    for key, on in sorted(live.items()):
        if key not in said.traces:
            yield f"{ENCOUNTER.name} {key}: no search left it"
        elif said.traces[key] not in {on, ""}:
            yield f"{ENCOUNTER.name} {key}: says {on}, the events say {said.traces[key]}"


def _roads(connection: Connection, said: _Said) -> Iterator[str]:
    """Templates of cards: bound by no event, so that only those of cards that nobody handed in are told."""
    stored = set(connection.scalars(select(PROBE.c.card)))
    yield from (f"{PROBE.name} {card}: no event names this card" for card in sorted(stored - said.cards))
