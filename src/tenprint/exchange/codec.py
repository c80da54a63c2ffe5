"""Events of a case as entries of the ledger and back. Personal fields go to the ledger's sealed half."""

from __future__ import annotations

import functools
from typing import Any, Union

import msgspec

from tenprint.cases.events import Event, event_types
from tenprint.ledger import Entry, NewEvent


@functools.cache
def _union() -> Any:
    return Union[event_types()]  # noqa: UP007 - built at run time


@functools.cache
def kinds() -> frozenset[str]:
    """Kinds of events that belong to a case; the ledger holds others too."""
    return frozenset(str(t.__struct_config__.tag) for t in event_types())


def to_ledger(event: Event, subject: str) -> NewEvent:
    """An event as the ledger stores it: kind, open data, sealed data under the subject's key."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    kind = data.pop("kind")
    sealed = {name: value for name in event.SEALED if (value := data.pop(name, None))}
    return NewEvent(kind=kind, data=data, sealed=sealed, subject=subject if sealed else None)


def from_ledger(entry: Entry) -> Event:
    """The event of an entry; sealed fields are empty when their key is gone."""
    event: Event = msgspec.convert({**entry.data, **(entry.sealed or {}), "kind": entry.kind}, _union())
    return event
