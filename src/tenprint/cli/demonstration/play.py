"""Plays the script upon a new exchange, in the order of time. Every act goes the way that everybody's acts go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from tenprint.cases.card import commands
from tenprint.cli.demonstration import cards
from tenprint.cli.demonstration.script import Person, Script, Step
from tenprint.exchange import Exchange, center, outbox
from tenprint.exchange.watch import WatchReport, look

DATABASE = "exchange.db"
CARDS = "cards"
ANSWERS = "answers"

Told = Callable[[str], None]
"""Called with a few words before each step, for the progress on the screen."""


class Card(msgspec.Struct, frozen=True):
    """A card that was composed, and where it went."""

    person: str
    tcn: str
    step: Step
    file: Path
    enrolled: tuple[tuple[str, str], ...] = ()
    """Systems that the person was enrolled in before this card came, each with the identity there."""


class Play(msgspec.Struct):
    """What was played: the exchange and the cards."""

    exchange: Exchange
    script: Script
    folder: Path
    cards: list[Card] = []
    enrolments: int = 0
    fingers: int = 0
    watches: list[WatchReport] = []

    @property
    def bookings(self) -> list[Card]:
        """Cards that went down the road, in the order of time."""
        return [card for card in self.cards if card.step.kind == "book"]

    def of(self, person: Person) -> list[Card]:
        """Bookings of one person."""
        return [card for card in self.bookings if card.person == person.name]


@contextmanager
def play(script: Script, folder: Path, tell: Told = lambda _: None) -> Iterator[Play]:
    """Play the script into a new folder.

    Args:
        script: What happens.
        folder: Gets the database, the cards and the answers.
        tell: Is told what comes next.
    """
    for name in (CARDS, ANSWERS):
        (folder / name).mkdir(parents=True)
    url = folder / DATABASE
    origin = "county.example"
    with Exchange.create(url, script.administrator, origin=origin, simulated_from=script.begins) as exchange:
        played = Play(exchange, script, folder)
        register = exchange.act(script.administrator, "register", script.begins)
        for desk in script.desks:
            exchange.add_principal(desk.name, desk.role, desk.agency, register)
        for office in script.offices:
            exchange.add_office(office.code, office.covers, register)
        _Stage(played, tell).run()
        yield played


class _Stage:
    """Where the steps are taken."""

    def __init__(self, played: Play, tell: Told) -> None:
        self.played = played
        self.exchange = played.exchange
        self.script = played.script
        self.tell = tell
        self.encounters: Counter[str] = Counter()
        self.identities: dict[str, dict[str, str]] = {p.name: {} for p in played.script.people}

    def run(self) -> None:
        """Everything in the order of time."""
        watches = list(self.script.watch)
        for step in self.script.steps():
            while watches and watches[0] < step.at:
                self.watch(watches.pop(0))
            self.take(step)
        for moment in watches:
            self.watch(moment)

    def watch(self, at: datetime) -> None:
        """One round of the watch."""
        self.tell(f"{at:%Y-%m-%d}  the watch looks at all cases")
        self.played.watches.append(look(self.exchange, at))

    def take(self, step: Step) -> None:
        """One step."""
        self.tell(f"{step.at:%Y-%m-%d}  {step.person}: {WORDS.get(step.what, WORDS.get(step.kind, step.what))}")
        {"enrol": self.enrol, "book": self.book, "do": self.do}[step.kind](step)

    def enrol(self, step: Step) -> None:
        """Prints of an earlier encounter go into a system."""
        card = self.compose(step)
        done = self.exchange.enrol(step.system, card.file, self.exchange.act(step.by, "enrol", step.at))
        self.identities[step.person][step.system] = done.identity
        self.played.enrolments += 1

    def book(self, step: Step) -> None:
        """A card goes down the road; its answers are written beside it."""
        card = self.compose(step)
        act = self.exchange.act(step.by, commands.AcceptSubmission, step.at)
        result = self.exchange.submit(card.file, act)
        for answer in result.answers:
            self.write(card.tcn, answer.kind, answer.tcn, self.exchange.answer(answer.digest))
        taken = self.exchange.case(card.tcn).submission
        with self.exchange.reading() as connection:
            kept = self.exchange.criminal.existing(connection, taken.card) if taken else None
        if kept is not None:
            self.identities[step.person].setdefault("criminal", kept.identity)

    def do(self, step: Step) -> None:
        """Somebody acts upon the last booking of a person."""
        tcn = self.last(step.person).tcn
        command = step.command(self.script.zone)
        act = self.exchange.act(step.by, type(command), step.at)
        if isinstance(command, commands.DetermineStatus):
            _, answer = center.answer(self.exchange, tcn, command, act)
            self.write(tcn, answer.kind, answer.tcn, answer.content)
        else:
            self.exchange.do(tcn, command, act)

    def compose(self, step: Step) -> Card:
        """A new card with new impressions, written into the folder."""
        person = self.script.person(step.person)
        self.encounters[person.name] += 1
        content = cards.compose(step, person, self.encounters[person.name], self.script)
        tcn = cards.control_number(step, self.script)
        word = "booked" if step.kind == "book" else step.what
        file = self.played.folder / CARDS / f"{person.name.lower()}-{step.at:%Y-%m-%d}-{word}.eft"
        file.write_bytes(content)
        card = Card(person.name, tcn, step, file, tuple(self.identities[person.name].items()))
        self.played.cards.append(card)
        self.played.fingers += len(step.fingers)
        return card

    def last(self, person: str) -> Card:
        """The last booking of a person."""
        return next(card for card in reversed(self.played.bookings) if card.person == person)

    def write(self, tcn: str, kind: str, own: str, content: bytes) -> None:
        """Keep an answer as a file."""
        (self.played.folder / ANSWERS / outbox.file_name(tcn, kind, own)).write_bytes(content)


WORDS = {
    "enrol": "an earlier encounter",
    "book": "booked",
    "DetermineStatus": "the center answers",
    "Decide": "the office decides",
    "Acknowledge": "the jail has the form",
    "Serve": "the form is served",
    "HonorRequest": "the jail honors the request",
    "Decline": "the jail declines",
    "Cancel": "the office cancels",
    "RecordReleaseEligible": "would be released",
    "AssumeCustody": "federal custody",
    "ReleasePerson": "released",
    "MakeClaim": "a claim",
    "ResolveClaim": "the claim is answered",
    "RecordStep": "proceedings",
    "RecordOutcome": "the outcome",
    "RecordConviction": "a conviction becomes known",
    "DisposeCharge": "a charge is disposed of",
    "StateCharge": "the charge is stated",
    "RecordCost": "the cost",
    "CloseIncident": "an incident is closed",
}
"""What a step is called on the screen."""
