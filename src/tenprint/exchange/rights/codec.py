"""Events of a complaint as entries of the ledger and back: texts under the complaint's key, the filer under another."""

from __future__ import annotations

import functools
from typing import Any, Union

import msgspec

from tenprint.cases.complaint.events import ComplaintEvent, event_types
from tenprint.ledger import Entry, NewEvent


@functools.cache
def _union() -> Any:
    return Union[event_types()]  # noqa: UP007 - built at run time


@functools.cache
def kinds() -> frozenset[str]:
    """Kinds of events of a complaint."""
    return frozenset(str(t.__struct_config__.tag) for t in event_types())


def to_ledger(event: ComplaintEvent, number: str) -> NewEvent:
    """An event as the ledger stores it."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    kind = data.pop("kind")
    sealed = {name: value for name in event.SEALED if (value := data.pop(name, None))}
    return NewEvent(kind=kind, data=data, sealed=sealed, subject=f"{event.OF}/{number}" if sealed else None)


def from_ledger(entry: Entry, *, opened: bool) -> ComplaintEvent:
    """The event of an entry.

    Args:
        entry: Of a complaint's stream.
        opened: With what is sealed; otherwise those fields are empty, as they are when their key is gone.
    """
    sealed = (entry.sealed or {}) if opened else {}
    event: ComplaintEvent = msgspec.convert({**entry.data, **sealed, "kind": entry.kind}, _union())
    return event
