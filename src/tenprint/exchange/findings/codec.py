"""Events of a flag's case as entries of the ledger and back. Nothing is sealed: nothing is about a person."""

from __future__ import annotations

import functools
from typing import Any, Union

import msgspec

from tenprint.cases.finding.events import FindingEvent, event_types
from tenprint.ledger import Entry, NewEvent


@functools.cache
def _union() -> Any:
    return Union[event_types()]  # noqa: UP007 - built at run time


@functools.cache
def kinds() -> frozenset[str]:
    """Kinds of events of a flag."""
    return frozenset(str(t.__struct_config__.tag) for t in event_types())


def to_ledger(event: FindingEvent) -> NewEvent:
    """An event as the ledger stores it."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    return NewEvent(kind=data.pop("kind"), data=data)


def from_ledger(entry: Entry) -> FindingEvent:
    """The event of an entry."""
    event: FindingEvent = msgspec.convert({**entry.data, "kind": entry.kind}, _union())
    return event
