"""The script of the demonstration, read from `people.toml`: who there is, and what they do when."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib import resources
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.card import commands
from tenprint.cases.card.events import System
from tenprint.cases.kernel.value import Command

Kind = Literal["enrol", "book", "do"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who acts, in one role."""

    name: str
    role: str
    agency: str


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field office, and the states or counties that it covers."""

    code: str
    covers: tuple[str, ...]


class FigureOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published figure that moves between two as-of dates."""

    name: str
    county: str
    before: date
    after: date


class SameFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The person whose case is decided twice, under two laws."""

    person: str


class Step(msgspec.Struct, frozen=True):
    """Something that happens."""

    person: str
    at: datetime
    by: str
    kind: Kind
    what: str
    """The system, the agency, or the command."""
    fingers: tuple[int, ...] = ()
    charge: str = ""
    fields: Mapping[str, Any] = {}

    @property
    def system(self) -> System:
        """The identification system of an enrolment."""
        return "criminal" if self.what == "criminal" else "immigration"

    def command(self, zone: str) -> Command:
        """The command of a step of kind ``do``; a moment that it asks for and that is not given is the step's own."""
        kind: type[Command] = getattr(commands, self.what)
        given = dict(self.fields)
        asked = {f.name for f in msgspec.structs.fields(kind)}
        given |= {name: self.at for name in ("at", "served_at") if name in asked and name not in given}
        if "detainer" in given:
            given["detainer"] = {"zone": zone, **given["detainer"]}
        return msgspec.convert(given, kind)


class Person(msgspec.Struct, frozen=True):
    """A person with fingers of their own."""

    name: str
    seed: int
    born: date
    point: str
    steps: tuple[Step, ...]


class Script(msgspec.Struct, frozen=True):
    """The whole of it."""

    title: str
    begins: datetime
    ends: datetime
    zone: str
    bureau: str
    administrator: str
    watch: tuple[datetime, ...]
    figure: FigureOn
    same_facts: SameFacts
    offices: tuple[Office, ...]
    desks: tuple[Desk, ...]
    people: tuple[Person, ...]

    def steps(self) -> list[Step]:
        """Every step in the order of time."""
        return sorted((s for p in self.people for s in p.steps), key=lambda s: s.at)

    def person(self, name: str) -> Person:
        """The person of that name."""
        return next(p for p in self.people if p.name == name)


def load() -> Script:
    """The script as it is shipped.

    Raises:
        msgspec.ValidationError: when a step is not understood; a test holds that none is.
    """
    text = resources.files(__package__).joinpath("people.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    zone = ZoneInfo(raw["zone"])
    fingers = {name: tuple(positions) for name, positions in raw["fingers"].items()}
    return Script(
        title=raw["title"],
        begins=raw["begins"].replace(tzinfo=zone),
        ends=raw["ends"].replace(tzinfo=zone),
        zone=raw["zone"],
        bureau=raw["bureau"],
        administrator=raw["administrator"],
        watch=tuple(moment.replace(tzinfo=zone) for moment in raw["watch"]),
        figure=msgspec.convert(raw["figure"], FigureOn),
        same_facts=msgspec.convert(raw["same_facts"], SameFacts),
        offices=tuple(msgspec.convert(office, Office) for office in raw["office"]),
        desks=tuple(msgspec.convert(desk, Desk) for desk in raw["desk"]),
        people=tuple(
            Person(p["name"], p["seed"], p["born"], p["point"], tuple(_steps(p, zone, fingers))) for p in raw["person"]
        ),
    )


def _steps(person: Mapping[str, Any], zone: ZoneInfo, fingers: Mapping[str, tuple[int, ...]]) -> Iterator[Step]:
    for raw in person["step"]:
        rest = dict(raw)
        kind = next((k for k in KINDS if k in rest), None)
        if kind is None:
            raise msgspec.ValidationError(f"{person['name']}, {raw.get('at')}: expected one of {', '.join(KINDS)}")
        yield Step(
            person=person["name"],
            at=rest.pop("at").replace(tzinfo=zone),
            by=rest.pop("by"),
            kind=kind,
            what=rest.pop(kind),
            fingers=fingers[rest.pop("fingers")] if kind in {"enrol", "book"} else (),
            charge=rest.pop("charge") if kind == "book" else "",
            fields=rest,
        )
