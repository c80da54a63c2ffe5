"""The vocabulary is closed: whatever can be asked can be decided, whatever can happen can be told and kept."""

from __future__ import annotations

import importlib
import typing
from datetime import UTC, date, datetime

import msgspec
import pytest

from tenprint.cases import Case, Refusal, decide, evolve
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev
from tenprint.cases.card import roles, words
from tenprint.cases.jurisdiction import commands as place_cmd
from tenprint.cases.jurisdiction import events as place_ev
from tenprint.cases.jurisdiction import roles as place_roles
from tenprint.cases.jurisdiction import words as place_words
from tenprint.cases.kernel.value import Command

COMMANDS = [v for v in vars(cmd).values() if isinstance(v, type) and issubclass(v, Command) and v is not Command]
PLACE_COMMANDS = [
    v for v in vars(place_cmd).values() if isinstance(v, type) and issubclass(v, Command) and v is not Command
]
AT = datetime(2013, 1, 17, 16, tzinfo=UTC)


def sample(kind: object) -> object:
    """A value of a type, the first that comes to mind."""
    origin, given = typing.get_origin(kind), typing.get_args(kind)
    plain = {str: "x", int: 1, float: 1.0, bool: True, datetime: AT, date: AT.date(), object: "x", type(None): None}
    if kind in plain:
        return plain[kind]
    if origin is typing.Literal:
        return given[0]
    if origin is tuple:
        return (sample(given[0]),)
    if origin is dict:
        return {"x": sample(given[1])}
    if origin is None and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return kind(**{f.name: sample(hints[f.name]) for f in msgspec.structs.fields(kind)})
    return sample(given[0])


@pytest.mark.parametrize("kind", ev.event_types(), ids=lambda k: k.__name__)
def test_every_event_is_kept_told_and_folded(kind: type[ev.Event]) -> None:
    event = sample(kind)
    stored = msgspec.json.encode(event)
    assert msgspec.json.decode(stored, type=typing.Union[ev.event_types()]) == event  # noqa: UP007 - made from a tuple
    assert words.say(event).endswith(".")
    assert isinstance(evolve(Case(), event), Case)
    assert all(hasattr(event, name) for name in kind.SEALED)


@pytest.mark.parametrize("kind", place_ev.event_types(), ids=lambda k: k.__name__)
def test_every_event_of_a_jurisdiction_is_kept_told_and_folded(kind: type[place_ev.JurisdictionEvent]) -> None:
    from tenprint.cases import jurisdiction

    event = sample(kind)
    stored = msgspec.json.encode(event)
    assert msgspec.json.decode(stored, type=typing.Union[place_ev.event_types()]) == event  # noqa: UP007
    assert place_words.say(event).endswith(".")
    assert isinstance(jurisdiction.evolve(jurisdiction.Place(), event), jurisdiction.Place)


def test_every_command_has_a_decider_a_role_and_words() -> None:
    deciders = importlib.import_module("tenprint.cases.card.decide").DECIDERS
    assert set(COMMANDS) == set(deciders) == set(roles.PERMITTED) == set(words.ACTS)
    deciders = importlib.import_module("tenprint.cases.jurisdiction.decide").DECIDERS
    assert set(PLACE_COMMANDS) == set(deciders) == set(place_roles.PERMITTED) == set(place_words.ACTS)


def test_every_role_of_the_table_exists() -> None:
    named = {role for may in (*roles.PERMITTED.values(), *place_roles.PERMITTED.values()) for role in may}
    assert named <= set(roles.ROLES)


@pytest.mark.parametrize(
    "act", [cmd.Decide, cmd.DetermineStatus, cmd.IssueDetainer, cmd.Review, cmd.Reinstate, cmd.Cancel]
)
def test_administrator_and_machinery_never_decide(act: type[Command]) -> None:
    assert not {"administrator", "system", "auditor", "examiner"} & set(roles.PERMITTED[act])


def test_no_event_and_no_command_knows_race_or_ethnicity() -> None:
    kinds = [*ev.event_types(), ev.Personal, ev.Charge, ev.Conviction, *COMMANDS, cmd.Registration]
    names = {f.name.lower() for kind in kinds for f in msgspec.structs.fields(kind)}
    assert not {n for n in names - {"trace"} if "race" in n or "ethnic" in n or "skin" in n}


def test_a_moment_without_offset_is_refused() -> None:
    with pytest.raises(Refusal, match="no offset"):
        decide(Case(), cmd.Tick(), actor="w", role="system", now=AT.replace(tzinfo=None))


def test_an_act_upon_nothing_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refusal, match="submit the card first") as refusal:
        decide(Case(), cmd.Decide(choice="NO_ACTION", reason="r"), actor="o", role="office", now=AT)
    assert refusal.value.permitted == ("submit the card first",)
    assert refusal.value.asked == "decide NO_ACTION"
