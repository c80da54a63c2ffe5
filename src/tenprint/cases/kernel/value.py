"""Value objects, events and commands: frozen, compared by content, closed against unknown fields."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value object: compared by content, never changed."""


class Event(Value, frozen=True, tag_field="kind"):
    """Something that happened in one case."""

    SEALED: ClassVar[tuple[str, ...]] = ()


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="act"):
    """Something asked of one case."""
