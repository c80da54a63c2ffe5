"""What happened to each person, read from the exchange and said in few words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.card import events as ev
from tenprint.cli.demonstration.play import Card, Play
from tenprint.exchange.codec import CASES
from tenprint.law import hold_deadline
from tenprint.ledger import Entry


class Booking(msgspec.Struct, frozen=True):
    """One booking, told in three columns."""

    person: str
    point: str
    day: str
    place: str
    fingers: int
    prints: tuple[str, ...]
    """What the two systems said."""
    decided: tuple[str, ...]
    """Who decided what."""
    ended: tuple[str, ...]
    """How it ended."""


class Clock(msgspec.Struct, frozen=True):
    """One hold that ended by itself, hour by hour."""

    person: str
    form: str
    released: datetime
    deadline: datetime
    excluded: tuple[str, ...]
    minutes_without: int
    """Minutes in the jail without authority."""
    left: datetime | None
    incident: str


class Decided(msgspec.Struct, frozen=True):
    """One decision, with the law of its day."""

    on: datetime
    regime: str
    permitted: tuple[str, ...]
    choice: str
    met: tuple[str, ...]
    """Conditions of the base regime that are met, in its own words."""
    asked: int
    """Conditions that were asked."""
    facts: dict[str, object]


class Account(msgspec.Struct, frozen=True):
    """Everything that is told."""

    bookings: tuple[Booking, ...]
    clock: Clock
    twice: tuple[Decided, ...]


def take(played: Play) -> Account:
    """Read the account of what was played."""
    points = {p.name: p.point for p in played.script.people}
    order = {p.name: n for n, p in enumerate(played.script.people)}
    cards = sorted(played.bookings, key=lambda c: (order[c.person], c.step.at))
    twice = [c for c in cards if c.person == played.script.same_facts.person]
    return Account(
        bookings=tuple(_booking(played, card, points[card.person]) for card in cards),
        clock=next(found for card in cards if (found := _clock(played, card)) is not None),
        twice=tuple(_decided(played, card) for card in twice),
    )


def _happened(played: Play, card: Card) -> Iterator[tuple[Entry, ev.Event]]:
    """Entries of a case with their events, in order."""
    for entry in played.exchange.ledger.stream(played.exchange.stream_of(card.tcn)):
        if entry.kind in CASES.kinds:
            yield entry, CASES.from_ledger(entry)


def _booking(played: Play, card: Card, point: str) -> Booking:
    agency = played.exchange.agency(card.step.what)
    columns: dict[str, list[str]] = {"prints": [], "decided": [], "ended": []}
    for entry, event in _happened(played, card):
        if (phrase := PHRASES.get(type(event))) is not None:
            column, words = phrase
            said = words(event, entry.actor, _in(agency.zone))
            columns[column] += [said] if said else []
    columns["ended"] += _kept(played, card)
    return Booking(
        person=card.person,
        point=point,
        day=f"{card.step.at:%Y-%m-%d}",
        place=agency.name.partition(" County")[0],
        fingers=len(card.step.fingers),
        prints=tuple(columns["prints"]),
        decided=tuple(columns["decided"]),
        ended=tuple(columns["ended"]),
    )


def _clock(played: Play, card: Card) -> Clock | None:
    exchange = played.exchange
    case, whole = exchange.case(card.tcn), exchange.custody(exchange.stream_of(card.tcn))
    hold = next((h for h in whole.holds if h.end is not None and h.end > h.deadline), None)
    if hold is None or hold.end is None:
        return None
    zone = ZoneInfo(hold.zone)
    computed = hold_deadline(hold.form, hold.released_at, hold.zone)
    return Clock(
        person=card.person,
        form=hold.form,
        released=hold.released_at.astimezone(zone),
        deadline=hold.deadline.astimezone(zone),
        excluded=computed.excluded,
        minutes_without=whole.minutes_without(exchange.ledger.now()),
        left=hold.end.astimezone(zone),
        incident=case.incidents[0].opened.what if case.incidents else "",
    )


def _decided(played: Play, card: Card) -> Decided:
    decision = played.exchange.case(card.tcn).decisions[0]
    base = [row for row in decision.trace if row.get("regime") == decision.regime]
    return Decided(
        on=card.step.at if decision.decided_at is None else decision.decided_at,
        regime=decision.regime,
        permitted=decision.permitted,
        choice=decision.choice,
        met=tuple(str(row["says"]) for row in base if row["follows"]),
        asked=len(base),
        facts=decision.facts,
    )


Moment = Callable[[datetime], datetime]
Words = Callable[[Any, str, Moment], str]


def _in(zone: str) -> Moment:
    return lambda moment: moment.astimezone(ZoneInfo(zone))


def low(code: str) -> str:
    """A code in plain words."""
    return code.replace("_", " ").lower()


def _gate(event: ev.GateDecided, _who: str, _in: Moment) -> str:
    if event.forwarded:
        return ""
    why = f"active from {event.active_since}" if event.reason == "inactive" else WHY_NOT[event.reason or ""]
    return f"immigration: not asked, {why}"


WHY_NOT = {
    "juvenile": "a minor",
    "civil": "not a booking",
    "unknown-agency": "agency unknown",
    "closed": "agency closed",
    "": "",
}


def _kept(played: Play, card: Card) -> list[str]:
    """How long somebody was kept after the release moment, with authority and without."""
    exchange = played.exchange
    whole = exchange.custody(exchange.stream_of(card.tcn))
    said = [f"held {_length(h.end - h.start)} on {h.form}" for h in whole.holds if h.end is not None]
    without = whole.minutes_without(exchange.ledger.now())
    return said + ([f"{_length(timedelta(minutes=without))} WITHOUT AUTHORITY"] if without else [])


def _length(time: timedelta) -> str:
    minutes = time // timedelta(minutes=1)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} hours"


STATUS: dict[str, str] = {
    "LAWFUL_PERMANENT_RESIDENT": "permanent resident",
    "REMOVABLE_FINAL_ORDER": "final order",
}

PHRASES: dict[type[ev.Event], tuple[str, Words]] = {
    ev.CriminalSearched: ("prints", lambda e, _w, _t: f"criminal: {'match' if e.hit else 'no record'}"),
    ev.GateDecided: ("prints", _gate),
    ev.ImmigrationSearched: (
        "prints",
        lambda e, _w, _t: f"immigration: {'match' if e.hit else 'no digitized record found'}",
    ),
    ev.StatusDetermined: ("decided", lambda e, w, _t: f"{w}: {STATUS.get(e.status, low(e.status))}"),
    ev.DecisionRecorded: ("decided", lambda e, w, _t: f"{w}: {low(e.choice)} ({e.regime})"),
    ev.DetainerDeclined: ("decided", lambda _e, w, _t: f"{w}: request declined"),
    ev.DetainerCancelled: ("decided", lambda _e, w, _t: f"{w}: request cancelled"),
    ev.ClaimMade: ("decided", lambda e, w, _t: f"{w}: claim, {low(e.claim)}"),
    ev.DetainerWithdrawn: ("decided", lambda _e, _w, _t: "request withdrawn at once"),
    ev.ClaimResolved: ("decided", lambda e, w, _t: f"{w}: claim {'upheld' if e.upheld else 'not upheld'}"),
    ev.IncidentClosed: ("decided", lambda _e, w, _t: f"{w}: incident closed"),
    ev.RequestHonored: ("decided", lambda _e, w, _t: f"{w}: request honored"),
    ev.IncidentOpened: ("ended", lambda _e, _w, _t: "incident opened"),
    ev.CustodyAssumed: ("ended", lambda e, _w, t: f"custody {t(e.at):%Y-%m-%d}"),
    ev.CustodyReleased: ("ended", lambda e, _w, t: f"free {t(e.at):%Y-%m-%d %H:%M}"),
    ev.OutcomeRecorded: ("ended", lambda e, _w, _t: f"{low(e.outcome)} {e.on}"),
    ev.ConvictionRecorded: (
        "ended",
        lambda e, _w, t: f"conviction known {t(e.stated_at):%Y-%m-%d}" if e.stated_at else "conviction known",
    ),
}
