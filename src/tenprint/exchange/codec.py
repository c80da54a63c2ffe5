"""Events as entries of the ledger and back. Fields that an event names in ``SEALED`` go to the ledger's sealed half."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Generic, TypeVar, Union

import msgspec

from tenprint.cases.card.events import Event, event_types
from tenprint.ledger import Entry, NewEvent

E = TypeVar("E", bound=msgspec.Struct)


class Codec(Generic[E]):
    """The events of one vocabulary.

    Args:
        types: Gives every kind of event; asked once, at first use.
    """

    def __init__(self, types: Callable[[], tuple[type[E], ...]]) -> None:
        self._types = types

    @functools.cached_property
    def _union(self) -> Any:
        return Union[self._types()]  # noqa: UP007 - built at run time

    @functools.cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of events that belong here; the ledger holds others too."""
        return frozenset(str(t.__struct_config__.tag) for t in self._types())

    def to_ledger(self, event: E, subject: str | None = None) -> NewEvent:
        """An event as the ledger stores it: kind, open data, sealed data under the subject's key."""
        data: dict[str, Any] = msgspec.to_builtins(event)
        kind = data.pop("kind")
        sealed = {name: value for name in getattr(event, "SEALED", ()) if (value := data.pop(name, None))}
        return NewEvent(kind=kind, data=data, sealed=sealed, subject=subject if sealed else None)

    def from_ledger(self, entry: Entry, *, opened: bool = True) -> E:
        """The event of an entry.

        Args:
            entry: Of a stream of this vocabulary.
            opened: With what is sealed; otherwise those fields are empty, as they are when their key is gone.
        """
        sealed = (entry.sealed or {}) if opened else {}
        event: E = msgspec.convert({**entry.data, **sealed, "kind": entry.kind}, self._union)
        return event


CASES: Codec[Event] = Codec(event_types)
"""Events of a card's case."""
