"""What the law of a place says about holding somebody on a request: rows with a place, a level and days.

One row is one text: a statute, an order, a decision, a policy. Its days are half-open; while it is enjoined it does not
bind. A row of the whole nation is shown and never makes a place looked at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from tenprint.law.conditions import Node, parse
from tenprint.law.errors import ConditionError, LawError, TablesError
from tenprint.law.regimes import Standing
from tenprint.law.vocabulary import TABLES, Vocabulary, faults_of, vocabulary

Holding = Literal["MAY_NOT_HOLD", "MAY_HOLD", "MAY_HOLD_IF", "MUST_HONOR"]
Notice = Literal["MAY_NOT_NOTIFY", "MAY_NOTIFY", "MUST_NOTIFY"]
Kind = Literal["nation", "circuit", "area", "district", "state", "county", "agency"]

LEVELS: tuple[str, ...] = (
    "constitution as a court of this place reads it",
    "federal court order",
    "federal statute or regulation",
    "state constitution or court",
    "state statute",
    "state executive",
    "county ordinance",
    "sheriff's policy",
)
"""From highest to lowest."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A facility's place: everything that can contain it."""

    state: str
    """Postal code."""
    county: str = ""
    """FIPS code, five digits."""
    ori: str = ""
    circuit: str = ""
    area: str = ""
    """Field office whose area of responsibility it lies in; empty when the table does not say."""


class Interval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days on which a row was enjoined."""

    starts: date
    ends: date | None = None
    says: str


class HoldRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text about holding on a request, or about notice of a release."""

    id: str
    kind: Kind
    codes: tuple[str, ...]
    """Of its kind: postal codes, FIPS codes, ORIs, numbers of circuits, names of areas; `US` for the nation. A district
    is named by its counties, or by its state when it is all of it."""
    level: str
    title: str
    in_force_from: date
    source: str
    pinpoint: str
    standing: Standing
    says: str
    hold: Holding | None = None
    conditions: tuple[str, ...] = ()
    """In words: what the text makes a condition of holding."""
    when: str | None = None
    """The same as an expression over facts."""
    notify: Notice | None = None
    notify_conditions: tuple[str, ...] = ()
    signed: date | None = None
    in_force_to: date | None = None
    enjoined: tuple[Interval, ...] = ()
    known_on: date | None = None
    doubt: str = ""
    read: date | None = None
    """The day on which the text or the report was read; None: not read here."""
    condition: Node | None = None
    ours: bool = True
    """Whether it comes with the program; a county's own row does not."""

    @property
    def rank(self) -> int:
        """0 for the highest level."""
        return LEVELS.index(self.level)

    def covers(self, place: Place) -> bool:
        """Whether the row's place contains the facility."""
        if self.kind == "district":
            return bool({place.county, place.state} & set(self.codes))
        mine = {
            "nation": "US", "circuit": place.circuit, "area": place.area,
            "state": place.state, "county": place.county, "agency": place.ori,
        }[self.kind]  # fmt: skip
        return bool(mine) and mine in self.codes

    def stopped(self, on: date) -> Interval | None:
        """The interval in which it is enjoined on a day, if any."""
        return next((i for i in self.enjoined if i.starts <= on and (i.ends is None or on < i.ends)), None)

    def binds(self, on: date, known_on: date | None = None) -> bool:
        """Whether it is in force on a day, enjoined or not."""
        known = self.known_on or self.signed or self.in_force_from
        if known_on is not None and known > known_on:
            return False
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)


class Geography(msgspec.Struct, frozen=True, kw_only=True):
    """States by FIPS code, circuits and areas by state."""

    states: Mapping[str, str]
    circuits: Mapping[str, str]
    areas: Mapping[str, str]


@cache
def geography() -> Geography:
    """The shipped table of states, circuits and areas of responsibility."""
    raw = tomllib.loads((TABLES / "places" / "geography.toml").read_text(encoding="utf-8"))
    circuits = {state: number for number, states in raw["circuit"].items() for state in states}
    areas = {state: name for name, states in raw["area"].items() for state in states}
    return Geography(states=raw["state"], circuits=circuits, areas=areas)


def place_of(county: str = "", *, state: str = "", ori: str = "") -> Place:
    """The place of a county or a state.

    Args:
        county: FIPS code, five digits; may be empty when the state is given.
        state: Postal code.
        ori: Of the facility, when known.

    Raises:
        LawError: for a code that no state has.
    """
    known = geography()
    if county:
        if len(county) != 5 or not county.isdigit():
            raise LawError(f"expected a county's FIPS code of five digits such as 06073, got {county!r}")
        found = known.states.get(county[:2])
        if found is None:
            raise LawError(f"no state has the code {county[:2]!r} of county {county!r}")
        state = found
    if state not in known.states.values():
        raise LawError(f"expected the postal code of a state such as CA, got {state!r}")
    return Place(
        state=state,
        county=county,
        ori=ori,
        circuit=known.circuits.get(state, ""),
        area=known.areas.get(state, ""),
    )


@cache
def place_rows() -> tuple[HoldRow, ...]:
    """Every shipped row, checked."""
    return read_rows(TABLES / "places", vocabulary())


def read_rows(folder: Path, words: Vocabulary) -> tuple[HoldRow, ...]:
    """Read and check the rows of a folder: one `[[row]]` a text, in any file but `geography.toml`.

    Raises:
        TablesError: listing every fault.
    """
    faults: list[str] = []
    rows: list[HoldRow] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == "geography.toml":
            continue
        rows += _rows(path.read_text(encoding="utf-8"), path.name, words, faults)
    return _checked(rows, faults)


def rows_of(text: str) -> tuple[HoldRow, ...]:
    """Read and check the rows of one text, as somebody adds them.

    Raises:
        TablesError: listing every fault.
    """
    faults: list[str] = []
    rows = _rows(text, "the file", vocabulary(), faults)
    return _checked(rows, faults)


def _rows(text: str, name: str, words: Vocabulary, faults: list[str]) -> list[HoldRow]:
    try:
        read = msgspec.convert(tomllib.loads(text).get("row", []), list[HoldRow])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        faults.append(f"{name}: {wrong}")
        return []
    faults += [] if read else [f"{name}: expected one [[row]] a text of law, and it has none"]
    return [_parsed(row, words, faults) for row in read]


def _checked(rows: list[HoldRow], faults: list[str]) -> tuple[HoldRow, ...]:
    seen: set[str] = set()
    for row in rows:
        faults += [f"two rows are called {row.id}"] if row.id in seen else []
        seen.add(row.id)
    if faults:
        raise TablesError(faults)
    return tuple(sorted(rows, key=lambda r: (r.in_force_from, r.id)))


def _parsed(row: HoldRow, words: Vocabulary, faults: list[str]) -> HoldRow:
    if row.level not in LEVELS:
        faults.append(f"{row.id}: there is no level {row.level!r}; levels are {', '.join(LEVELS)}")
    if row.hold is None and row.notify is None:
        faults.append(f"{row.id}: it says nothing of holding or notice")
    if row.hold == "MAY_HOLD_IF" and not row.conditions:
        faults.append(f"{row.id}: MAY_HOLD_IF without a condition")
    if row.read is None and row.standing != "unverified":
        faults.append(f"{row.id}: what was not read here is unverified")
    if row.in_force_to is not None and row.in_force_to <= row.in_force_from:
        faults.append(f"{row.id}: it ends before it begins")
    if row.when is None:
        return row
    try:
        condition = parse(row.when)
    except ConditionError as wrong:
        faults.append(f"{row.id}: {wrong}")
        return row
    faults += [f"{row.id}: {fault}" for fault in faults_of(condition, words)]
    return msgspec.structs.replace(row, condition=condition)
