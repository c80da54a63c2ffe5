"""One entry of the ledger at a time: the case it belongs to, and the row versions that it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tenprint.facts.entries import Data, Entry
from tenprint.facts.keys import Keys
from tenprint.facts.places import Place, Places
from tenprint.facts.versions import Versions


class Case:
    """What has to be remembered of one stream while reading it."""

    __slots__ = ("identified", "key", "numbers", "place")

    def __init__(self, key: str) -> None:
        self.key = key
        self.place = Place()
        self.identified = False
        self.numbers: dict[str, int] = {}

    def next(self, what: str) -> str:
        """The key of one more record of a kind."""
        self.numbers[what] = self.numbers.get(what, 0) + 1
        return self.last(what)

    def last(self, what: str) -> str:
        """The key of the latest record of a kind."""
        return f"{self.key}/{what}/{self.numbers.get(what, 0)}"


class Reader:
    """Turns entries, in ledger order, into row versions.

    Args:
        versions: Where rows go.
        keys: Turns streams and identities into the keys of this publication.
        places: What is known of booking agencies.
        handlers: What to do with an entry, by its kind.
        after: What to do after every entry of a card.
    """

    def __init__(
        self, versions: Versions, keys: Keys, places: Places, handlers: Mapping[str, Handler], after: After
    ) -> None:
        self.versions = versions
        self._handlers = handlers
        self._after = after
        self.places = places
        self._keys = keys
        self.cases: dict[str, Case] = {}
        self.person_of: dict[str, str] = {}
        self.cases_of: dict[str, list[str]] = {}

    def read(self, entry: Entry) -> None:
        """Add what this entry says; entries of unknown kinds say nothing here."""
        handler = self._handlers.get(entry.kind)
        if handler is None and not self.followed(entry):
            return
        case = self.cases.get(entry.stream)
        if case is None:
            case = self.cases[entry.stream] = Case(self._keys.key("case", entry.stream))
        step = Step(self, case, entry)
        if handler is not None:
            handler(self, step, entry.data)
        self._after(self, step)

    def followed(self, entry: Entry) -> bool:
        """Whether an entry belongs to a card, whose custody is followed whatever its kind."""
        return entry.stream.startswith("case/")

    def key(self, space: str, name: str) -> str:
        """The key of a name in this publication."""
        return self._keys.key(space, name)

    def identified(self, step: Step, identity: str) -> None:
        """The person of a case has an identity; two records that turn out to be one person are merged."""
        person = self.key("person", identity)
        mine = self._person(step.case.key)
        theirs = self._person(person)
        if mine == theirs:
            return
        # Before the first identity a case stands for its own person; that is not a duplicate but not yet known.
        known = step.case.identified
        step.case.identified = True
        larger = len(self.cases_of.get(mine, ())) > len(self.cases_of.get(theirs, ()))
        keep, gone = (mine, theirs) if known and larger else (theirs, mine)
        moved = self.cases_of.pop(gone, [])
        self.person_of[gone] = keep
        self.cases_of.setdefault(keep, []).extend(moved)
        for case_key in moved:
            own = case_key == step.case.key and not known
            step.revise("submission", case_key, change="late" if own else "deduplication", person_id=keep)

    def opened(self, step: Step) -> str:
        """A case begins; until an identity is found its person is its own."""
        person = self._person(step.case.key)
        self.cases_of.setdefault(person, []).append(step.case.key)
        return person

    def _person(self, key: str) -> str:
        while key in self.person_of:
            key = self.person_of[key]
        return key


class Step:
    """One entry being read: fills what is common to all its rows."""

    __slots__ = ("case", "entry", "reader", "source")

    def __init__(self, reader: Reader, case: Case, entry: Entry) -> None:
        self.reader = reader
        self.case = case
        self.entry = entry
        self.source = f"ledger {entry.seq}"

    def put(
        self, table: str, key: str, *, at: datetime | None = None, until: datetime | None = None, change: str = "late",
        **values: Any,
    ) -> None:  # fmt: skip
        """Record a version of a record; it holds since the entry's own moment unless said otherwise."""
        self.reader.versions.put(
            table, key, values, valid_from=at or self.entry.occurred_at, valid_to=until,
            recorded_at=self.entry.recorded_at, source=self.source, change=change,
        )  # fmt: skip

    def revise(
        self, table: str, key: str, *, at: datetime | None = None, until: datetime | None = None, reopen: bool = False,
        change: str = "late", **values: Any,
    ) -> bool:  # fmt: skip
        """Record a version that differs from the living one only in ``values``; false when none lives."""
        return self.reader.versions.revise(
            table, key, values, recorded_at=self.entry.recorded_at, source=self.source, valid_from=at, valid_to=until,
            reopen=reopen, change=change,
        )  # fmt: skip

    def end(self, table: str, key: str, change: str) -> bool:
        """End the living version of a record; false when none lives."""
        return self.reader.versions.end(table, key, recorded_at=self.entry.recorded_at, change=change)


Handler = Callable[[Reader, Step, Data], None]
"""What one kind of entry adds."""
After = Callable[[Reader, Step], None]
"""What follows from the whole of a case after an entry."""
