"""Events folded into a state, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

import msgspec

S = TypeVar("S")
E = TypeVar("E")


def fold_with(evolve: Callable[[S, E], S], events: Iterable[E], state: S) -> S:
    """The state after these events."""
    for event in events:
        state = evolve(state, event)
    return state


def unknown(event: object, where: str) -> NoReturn:
    """Say that a kind of event has no rule.

    Raises:
        TypeError: always.
    """
    raise TypeError(f"no rule says how {type(event).__name__} changes the state; {where} must have one")


def with_changes(state: S, **changes: Any) -> S:
    """The state with some fields changed."""
    return msgspec.structs.replace(state, **changes)  # type: ignore[type-var]
