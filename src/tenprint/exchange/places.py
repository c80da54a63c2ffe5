"""Jurisdictions: a county's and a state's own case, kept on the ledger, and what each can do on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases import jurisdiction
from tenprint.cases.card.commands import Registration
from tenprint.cases.card.gate import AGREEMENTS_ENDED, Period, authority_of_forward, period_of_forward
from tenprint.cases.jurisdiction.dues import undecided
from tenprint.cases.jurisdiction.events import Activated, JurisdictionEvent, event_types
from tenprint.cases.jurisdiction.place import Agreement, Place
from tenprint.cases.jurisdiction.words import say
from tenprint.cases.kernel.value import Command
from tenprint.exchange import activation, directory
from tenprint.exchange.activation import STREAM, Activation
from tenprint.exchange.codec import Codec
from tenprint.exchange.core import Core
from tenprint.exchange.errors import UnknownError
from tenprint.exchange.registry import Agency, County, county, county_by_fips
from tenprint.ledger import Act, Entry

PLACES: Codec[JurisdictionEvent] = Codec(event_types)
"""Events of a jurisdiction."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a jurisdiction, in words."""

    seq: int
    when: datetime
    actor: str
    role: str
    kind: str
    what: str


class PlaceOn(msgspec.Struct, frozen=True, kw_only=True):
    """A county on a day: where it stands and what it can do."""

    fips: str
    name: str
    state: str
    on: date
    active: bool
    active_since: date | None
    inactive_from: date | None
    activation: str
    """Where that is known from: the reference table or an act on this ledger."""
    agreement: Agreement | None
    """Of its state, as this ledger has it."""
    place: Place
    steps_missing: tuple[str, ...]
    options: jurisdiction.Options
    forward: Period
    """Under which authority prints move on this day, with source."""
    history: tuple[Step, ...]


def check_name(name: str) -> None:
    """Refuse what is neither a county (FIPS) nor a state of the reference table.

    Raises:
        UnknownError: then.
    """
    if name not in {c.state for c in county_by_fips().values()}:
        county(name)


def zone(name: str) -> str:
    """The clock of a county; of a state, that of most of its counties."""
    if name in county_by_fips():
        return county(name).zone
    zones = [c.zone for c in county_by_fips().values() if c.state == name]
    return max(sorted(set(zones)), key=zones.count)


def find(text: str) -> County:
    """The county of a FIPS code, or a message that tells a state from a county.

    Raises:
        UnknownError: when there is none.
    """
    if text in {c.state for c in county_by_fips().values()}:
        raise UnknownError(f"{text} is a state: expected a five-digit county code (FIPS) such as 48453")
    return county(text)


def load(exchange: Core, name: str, on: date | None = None) -> tuple[Place, int]:
    """The case of a county or a state with the version of its stream.

    A county whose published activation day has come, and that has no activation of its own on this ledger, counts as
    activated on that day.
    """
    entries = _entries(exchange, name)
    place = jurisdiction.fold(PLACES.from_ledger(e) for e in entries)
    return (place if on is None else _with_table(exchange, name, place, on)), len(entries)


def _entries(exchange: Core, name: str, until: date | None = None) -> list[Entry]:
    """Events of a place; only those that had happened by the end of a day on its clock, when one is given."""
    clock = ZoneInfo(zone(name))
    entries = (e for e in exchange.ledger.stream(STREAM + name) if e.kind in PLACES.kinds)
    return [e for e in entries if until is None or e.occurred_at.astimezone(clock).date() <= until]


def _with_table(exchange: Core, name: str, place: Place, on: date) -> Place:
    if name not in county_by_fips() or place.activated is not None:
        return place
    with exchange.reading() as connection:
        since = activation.on_day(connection, name, on).active_since
    if since is None or since > on:
        return place
    return msgspec.structs.replace(place, activated=Activated(on=since, authority=authority_of_forward(since)))


def agreement(exchange: Core, state: str) -> Agreement | None:
    """The agreement of a state as its own stream has it."""
    return load(exchange, state)[0].agreement


def registration(exchange: Core, agency: Agency, on: date) -> Registration:
    """What the gate needs to know of an agency on a day; until 4 August 2011 with the agreement of its state."""
    found = agreement(exchange, county(agency.county).state) if on < AGREEMENTS_ENDED else None
    words = f"agreement of {found.state}, signed {found.signed}" if found is not None and found.covers(on) else ""
    with exchange.reading() as connection:
        return directory.registration(connection, agency, on, words, undecided(load(exchange, agency.county, on)[0]))


def touched(exchange: Core) -> list[tuple[str, Place]]:
    """Counties that have a case of their own on this ledger, each as it stands."""
    today = exchange.ledger.now().date()
    names = [s.removeprefix(STREAM) for s in exchange.ledger.streams(STREAM)]
    return [(name, load(exchange, name, today)[0]) for name in names if name in county_by_fips()]


def do(exchange: Core, name: str, build: Callable[[Agreement | None], Command], act: Act) -> list[str]:
    """One act upon a jurisdiction: what its decider says is appended.

    Args:
        exchange: Where.
        name: FIPS code of a county, or the two letters of a state.
        build: The act, given the agreement of the county's state.
        act: Who, in which role, when.

    Returns:
        What happened, in words.

    Raises:
        Refusal: when it may not happen; says why.
        UnknownError: when there is no such place.
        VersionConflict: when somebody else changed it at the same moment.
    """
    exchange.vouch(act)
    check_name(name)
    clock = zone(name)
    place, version = load(exchange, name, act.occurred_at.astimezone(ZoneInfo(clock)).date())
    known = county_by_fips().get(name)
    command = build(agreement(exchange, known.state) if known else None)
    said = jurisdiction.decide(place, command, actor=act.actor, role=act.role, now=act.occurred_at, zone=clock)
    if said:
        exchange.ledger.append(STREAM + name, [PLACES.to_ledger(e) for e in said], act, expected_version=version)
    return [say(event) for event in said]


def on_day(exchange: Core, fips: str, on: date) -> PlaceOn:
    """Where a county stands on a day and what it can do.

    Raises:
        UnknownError: when there is no such county.
    """
    known = find(fips)
    entries = _entries(exchange, fips, on)
    place = _with_table(exchange, fips, jurisdiction.fold(PLACES.from_ledger(e) for e in entries), on)
    with exchange.reading() as connection:
        state: Activation = activation.on_day(connection, fips, on)
    agreed = jurisdiction.fold(PLACES.from_ledger(e) for e in _entries(exchange, known.state, on)).agreement
    clock = ZoneInfo(known.zone)
    return PlaceOn(
        fips=fips,
        name=known.name,
        state=known.state,
        on=on,
        active=state.is_active(on),
        active_since=state.active_since,
        inactive_from=state.inactive_from,
        activation=state.source,
        agreement=agreed,
        place=place,
        steps_missing=place.steps_missing + (() if place.vetted else ("vetting",)),
        options=jurisdiction.options(place, on, agreement=agreed),
        forward=period_of_forward(on),
        history=tuple(
            Step(
                seq=e.seq,
                when=e.occurred_at.astimezone(clock),
                actor=e.actor,
                role=e.role,
                kind=e.kind,
                what=say(PLACES.from_ledger(e)),
            )
            for e in entries
        ),
    )
